"""Streamlit's built-in map: dots, drawn by WebGL, without names or clicks."""

import pandas as pd
import streamlit as st

from benchmarks.peers.page import HEIGHT, ZOOM, filtered_page
from benchmarks.peers.peer import Peer

PEER = Peer(name="st_map", title="st.map (dots only: no names, no clicks)", kind="deck")


def draw(places: pd.DataFrame) -> None:
    """Draw the places as dots."""
    st.map(places[["lat", "lon"]], zoom=ZOOM - 1, height=HEIGHT)


if __name__ == "__main__":
    filtered_page(draw)
