"""What the compared Streamlit pages have in common: the same places behind the same two controls."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from benchmarks.catalogue import BIG_QUARTER, SMALL_QUARTERS, read_json

CENTRE = (44.08, 10.095)
ZOOM = 12
HEIGHT = 600


@st.cache_resource
def read_places(path: str) -> pd.DataFrame:
    """Read the places once per server, as an app would."""
    return pd.DataFrame(read_json(Path(path)))


def filtered_page(draw: Callable[[pd.DataFrame], None]) -> None:
    """Show the controls in the sidebar and draw the selected places.

    Parameters
    ----------
    draw
        Shows the places it is given, with columns ``id``, ``name``, ``lat``, ``lon``.
    """
    st.set_page_config(layout="wide")
    places = read_places(os.environ["BENCHMARK_PLACES"])
    position = st.session_state.setdefault("position", -1)
    with st.sidebar:
        half = st.checkbox("Half of the places")
        st.button("Leave out another quarter", on_click=_next_quarter)
        left_out = SMALL_QUARTERS[position] if position >= 0 else None
        st.markdown(f"Left out: {left_out}")
    selected = places["quarter"] != left_out
    if half:
        selected &= places["quarter"] != BIG_QUARTER
    draw(places[selected])


def _next_quarter() -> None:
    st.session_state.position = (st.session_state.position + 1) % len(SMALL_QUARTERS)
