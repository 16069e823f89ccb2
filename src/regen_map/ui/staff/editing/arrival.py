"""Where the focus goes when another row is opened, or one is closed: the page stays the same."""

from __future__ import annotations

import streamlit as st

from regen_map.ui.staff.editing.session import session


def show_arrival() -> None:
    """Tell the browser what is open now; after all else that editing draws."""
    state = session()
    component = st.components.v2.component("regen-map.arrival", js="arrival.js")
    component(key="editing-arrival", data={"turn": state.turn, "place": state.place or "editing"})
