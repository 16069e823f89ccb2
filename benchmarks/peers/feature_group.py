"""Markers in streamlit-folium's ``feature_group_to_add``: the map stays, the markers are replaced."""

import folium
import pandas as pd
from streamlit_folium import st_folium

from benchmarks.peers.folium_map import new_map
from benchmarks.peers.page import HEIGHT, filtered_page
from benchmarks.peers.peer import Peer

PEER = Peer(
    name="feature_group",
    title="folium.Marker each, in feature_group_to_add",
    kind="markers",
    largest=1_000,
    reason="10,000 places take half a minute or more per change",
)


def draw(places: pd.DataFrame) -> None:
    """Draw one marker per place in a feature group."""
    group = folium.FeatureGroup(name="places")
    for place in places.itertuples():
        folium.Marker([place.lat, place.lon], popup=place.name, tooltip=place.name).add_to(group)
    st_folium(
        new_map(),
        key="map",
        feature_group_to_add=group,
        returned_objects=["last_object_clicked_tooltip"],
        use_container_width=True,
        height=HEIGHT,
    )


if __name__ == "__main__":
    filtered_page(draw)
