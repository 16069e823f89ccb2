"""The tutorial way: a marker with a pop-up and a tooltip for each place, on the map itself."""

import folium
import pandas as pd
from streamlit_folium import st_folium

from benchmarks.peers.folium_map import new_map
from benchmarks.peers.page import HEIGHT, filtered_page
from benchmarks.peers.peer import Peer

PEER = Peer(
    name="markers",
    title="folium.Marker each, st_folium defaults (tutorials)",
    kind="markers",
    largest=1_000,
    reason="10,000 places take about a minute per change",
)


def draw(places: pd.DataFrame) -> None:
    """Draw one marker per place."""
    town = new_map()
    for place in places.itertuples():
        folium.Marker([place.lat, place.lon], popup=place.name, tooltip=place.name).add_to(town)
    st_folium(town, use_container_width=True, height=HEIGHT)


if __name__ == "__main__":
    filtered_page(draw)
