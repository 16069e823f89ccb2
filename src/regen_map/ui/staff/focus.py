"""Where the focus goes when a press changes the page so far that its button is gone."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

_PLACES = ("#rm-clash", ".rm-done", "#rm-work", ".rm-notice", ":is(h2, h3)")
_WANTED, _TURN = "staff-lands", "staff-landings"


def land() -> None:
    """Have the next run of the page put the focus on what it has come to."""
    st.session_state[_WANTED] = True


def show_landing() -> None:
    """Tell the browser where to land if a press asked for it; after all else that is drawn."""
    fresh = bool(st.session_state.pop(_WANTED, False))
    turn = st.session_state.get(_TURN, 0) + fresh
    st.session_state[_TURN] = turn
    focus("staff", turn, [f".st-key-staff {each}" for each in _PLACES])


def focus(where: str, turn: int, places: Sequence[str]) -> None:
    """
    Have the browser put the focus somewhere, once.

    Parameters
    ----------
    where
        The part of the page that asks.
    turn
        How often it has asked, from 1; nothing happens at 0 and when it is told again.
    places
        Selectors; of the first that finds anything, the first that is found.
    """
    component = st.components.v2.component("regen-map.landing", js="landing.js")
    data = {"where": where, "turn": turn, "places": list(places)}
    component(key=f"{where}-landing", data=data)
