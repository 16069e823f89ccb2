"""List and details: one component that owns, in the browser, what is shown and selected."""

from __future__ import annotations

import base64

import numpy as np
import streamlit as st

from regen_map import query
from regen_map.ui.details import details_html
from regen_map.ui.town import Town, change
from regen_map.webmap import payload, visible_bits

_KEY = "explorer"
_MOST_RANKED = 200


def show_explorer(town: Town, selection: query.Selection) -> None:
    """
    Draw the list of what is selected, or the details of the place that is open.

    Only differences from the catalogue travel: one bit per entry, the order of
    the best matches, the details of one place.
    """
    component = st.components.v2.component(
        "regen-map.explorer", js="explorer.js", css="explorer.css", isolate_styles=False
    )
    places = payload(town.catalogue, town.view.language)
    component(
        key=_KEY,
        data={
            "u": f"data/places/{places.key}.json",
            "l": town.view.language,
            "b": visible_bits(selection.mask),
            "o": _ranked(selection),
            "s": town.view.place,
            "d": details_html(town.catalogue, town.view.language, town.view.place),
            "n": summary(town, selection),
        },
        on_select_change=_selected,
    )


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
