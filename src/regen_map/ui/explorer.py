"""Filters, list and details: one component that owns, in the browser, what is shown."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from regen_map import query
from regen_map.ui.details import details_html
from regen_map.ui.town import Town, change, current_view, put
from regen_map.ui.view import from_params
from regen_map.webmap import payload, visible_bits

_KEY = "explorer"
_MOST_RANKED = 200


def show_explorer(town: Town, selection: query.Selection) -> None:
    """
    Draw the filters and the list of what is selected, or the place that is open.

    Names, labels and positions come to the browser by HTTP and stay there; only
    differences travel here: one bit per entry, the order of the best matches, one
    number per option, the details of one place.
    """
    component = st.components.v2.component(
        "regen-map.explorer", js="explorer.js", css="explorer.css", isolate_styles=False
    )
    component(
        key=_KEY,
        data=explorer_data(town, selection),
        on_select_change=_selected,
        on_filter_change=lambda: _filtered(town),
    )


def explorer_data(town: Town, selection: query.Selection) -> dict[str, Any]:
    """
    Give what the browser must be told after a change.

    Returns
    -------
    dict
        ``u`` address of the places, ``l`` language, ``n`` what is shown in words,
        ``b`` visible entries as bits, ``o`` indices of the best matches, ``c``
        counts per facet and option in the order of the places' ``facets``, ``f``
        what is filtered, ``s`` key of the open entry, ``d`` its details as HTML.
    """
    view = town.view
    return {
        "u": f"data/places/{payload(town.catalogue, view.language).key}.json",
        "l": view.language,
        "n": summary(town, selection),
        "b": visible_bits(selection.mask),
        "o": _ranked(selection),
        "c": [list(counts.values()) for counts in selection.counts.values()],
        "f": {"text": view.text, "years": view.years, **view.chosen},
        "s": view.place,
        "d": details_html(town.catalogue, view.language, view.place),
    }


def summary(town: Town, selection: query.Selection) -> str:
    """Say how many of how many are shown, and how many of them the map cannot show."""
    words = town.words
    shown = words.count("explore.shown", selection.n_shown, total=selection.n_total)
    if not selection.n_unlocated:
        return shown
    return f"{shown} · {words.count('explore.unlocated', selection.n_unlocated)}"


def _ranked(selection: query.Selection) -> str:
    if selection.ranked is None:
        return ""
    best = selection.ranked[:_MOST_RANKED].astype(np.uint32)
    return base64.b64encode(best.tobytes()).decode()


def _selected() -> None:
    key = st.session_state[_KEY].get("select")
    if isinstance(key, str):
        change(place=key)


def _filtered(town: Town) -> None:
    """Take the filters that the browser asks for, checked as the words of a link are."""
    asked = st.session_state[_KEY].get("filter")
    if isinstance(asked, Mapping):
        view = current_view()
        params = {name: value for name, value in asked.items() if isinstance(value, str)}
        kept = {"lang": view.language, "place": view.place}
        put(from_params(params | kept, town.catalogue, view.language))
