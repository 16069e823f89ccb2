"""Search, filters, list and details: one component that owns, in the browser, what is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from regen_map import query
from regen_map.query.visit_link import plan_from_params
from regen_map.ui.details import details_html
from regen_map.ui.town import Town, change, heard, with_news
from regen_map.webmap import answer, hours_not_stated, payload

_KEY = "explorer"


def show_explorer(town: Town) -> None:
    """
    Draw search, filters and the list of what is selected, or the place that is open.

    The browser holds the places and asks the data routes for a selection by
    itself, so that the map follows at once; what it asked is told here too, and
    the page, its address and its history follow.
    """
    component = st.components.v2.component(
        "regen-map.explorer", js="explorer.js", css="explorer.css", isolate_styles=False
    )
    component(
        key=_KEY,
        data=explorer_data(town),
        on_view_change=lambda: _follow(town),
    )


def explorer_data(town: Town) -> dict[str, Any]:
    """
    Give what the browser must know to show the view.

    Returns
    -------
    dict
        The `regen_map.webmap.answer` to the view's filters, and ``e`` what to say
        when the places cannot be fetched, ``u`` their key, ``l`` the language, ``s``
        the key of the open entry, ``d`` its details as HTML, ``m`` the stops of the
        visitor's own walk as a link has them, ``q`` the number of the browser's last
        request that the view contains, ``z`` the `regen_map.webmap.hours_not_stated`.
    """
    view = town.view
    minute = town.now.replace(second=0, microsecond=0)
    found = answer(town.catalogue, view.language, view.criteria, minute)
    return {
        **found,
        "n": with_news(town, found["n"]),
        "e": town.words.text("explore.unreachable"),
        "u": payload(town.catalogue, view.language).key,
        "l": view.language,
        "s": view.place,
        "d": details_html(town.catalogue, view.language, view.place, minute),
        "m": ",".join(view.plan.mine),
        "q": st.session_state.get("request", 0),
        "z": hours_not_stated(town.catalogue, view.language),
    }


def _follow(town: Town) -> None:
    """Take the filters and the place of the browser's last request, checked as a link is."""
    params = heard(_KEY)
    if params is None:
        return
    mine = plan_from_params(params, town.catalogue).mine
    change(
        criteria=query.criteria_from_params(params, town.catalogue),
        place=params.get("place", ""),
        plan=replace(town.view.plan, mine=mine),
    )
