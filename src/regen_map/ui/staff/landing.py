"""Where the focus goes when a press changes the page so far that its button is gone."""

from __future__ import annotations

import streamlit as st

_WANTED, _TURN = "staff-lands", "staff-landings"


def land() -> None:
    """Have the next run of the page put the focus on what it has come to."""
    st.session_state[_WANTED] = True


def show_landing() -> None:
    """Tell the browser; after all else that the page draws."""
    fresh = bool(st.session_state.pop(_WANTED, False))
    turn = st.session_state.get(_TURN, 0) + fresh
    st.session_state[_TURN] = turn
    component = st.components.v2.component("regen-map.landing", js="landing.js")
    component(key="staff-landing", data={"turn": turn, "fresh": fresh})
