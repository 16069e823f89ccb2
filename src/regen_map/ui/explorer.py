"""Search, filters, list and details: one component that owns, in the browser, what is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import streamlit as st

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages.opening import now_in_short
from regen_map.query.visit_link import plan_from_params
from regen_map.ui.details import details_html
from regen_map.ui.town import Town, change
from regen_map.webmap import answer, payload

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
        request that the view contains, ``h`` what the list says of opening hours, each
        with the indices of which it is true.
    """
    view = town.view
    minute = town.now.replace(second=0, microsecond=0)
    return {
        **answer(town.catalogue, view.language, view.criteria, minute),
        "e": town.words.text("explore.unreachable"),
        "u": payload(town.catalogue, view.language).key,
        "l": view.language,
        "s": view.place,
        "d": details_html(town.catalogue, view.language, view.place, minute),
        "m": ",".join(view.plan.mine),
        "q": st.session_state.get("request", 0),
        "h": _openings(town.catalogue, view.language, minute),
    }


@lru_cache(maxsize=8)
def _openings(catalogue: Catalogue, language: str, minute: dt.datetime) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for opening, where in query.openings(catalogue, minute).items():
        found.setdefault(now_in_short(opening, language), []).extend(where.tolist())
    return found


def _follow(town: Town) -> None:
    """Take the filters and the place of the browser's last request, checked as a link is."""
    asked = st.session_state[_KEY].get("view")
    if not isinstance(asked, Mapping):
        return
    params = {name: value for name, value in asked.items() if isinstance(value, str)}
    mine = plan_from_params(params, town.catalogue).mine
    change(
        criteria=query.criteria_from_params(params, town.catalogue),
        place=params.get("place", ""),
        plan=replace(town.view.plan, mine=mine),
    )
    request = asked.get("request")
    if isinstance(request, int):
        st.session_state["request"] = request
