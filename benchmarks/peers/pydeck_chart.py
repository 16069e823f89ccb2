"""Streamlit's pydeck chart: one scatterplot layer with selection, drawn by WebGL."""

import pandas as pd
import pydeck as pdk
import streamlit as st

from benchmarks.peers.page import CENTRE, HEIGHT, ZOOM, filtered_page
from benchmarks.peers.peer import Peer

PEER = Peer(name="pydeck_chart", title="st.pydeck_chart, scatterplot with selection", kind="deck")


def draw(places: pd.DataFrame) -> None:
    """Draw the places as a scatterplot."""
    layer = pdk.Layer(
        "ScatterplotLayer",
        places[["name", "lat", "lon"]],
        id="places",
        get_position="[lon, lat]",
        get_fill_color=[51, 136, 255],
        get_radius=5,
        radius_units="'pixels'",
        pickable=True,
    )
    deck = pdk.Deck(
        [layer],
        initial_view_state=pdk.ViewState(latitude=CENTRE[0], longitude=CENTRE[1], zoom=ZOOM - 1),
        map_provider=None,
        tooltip={"text": "{name}"},
    )
    st.pydeck_chart(deck, key="map", on_select="rerun", height=HEIGHT)


if __name__ == "__main__":
    filtered_page(draw)
