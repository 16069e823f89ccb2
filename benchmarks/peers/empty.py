"""Streamlit's own floor: a page with one line of text, and no map."""

import pandas as pd
import streamlit as st

from benchmarks.peers.page import filtered_page
from benchmarks.peers.peer import Peer

PEER = Peer(
    name="empty",
    title="Streamlit with one line of text (no map)",
    kind="text",
    largest=100,
    reason="there is no map: the number of places changes nothing",
)


def draw(places: pd.DataFrame) -> None:
    """Show how many places there are."""
    st.text(f"{len(places)} places")


if __name__ == "__main__":
    filtered_page(draw)
