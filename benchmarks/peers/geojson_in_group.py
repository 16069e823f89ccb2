"""The same GeoJSON layer in ``feature_group_to_add``: the best that plain Folium calls can do."""

import folium
import pandas as pd
from streamlit_folium import st_folium

from benchmarks.peers.folium_map import new_map
from benchmarks.peers.geojson import places_layer
from benchmarks.peers.page import HEIGHT, filtered_page
from benchmarks.peers.peer import Peer

PEER = Peer(name="geojson_in_group", title="folium.GeoJson on a canvas, in feature_group_to_add", kind="canvas")


def draw(places: pd.DataFrame) -> None:
    """Draw the layer in a feature group."""
    group = folium.FeatureGroup(name="places")
    if len(places):
        places_layer(places).add_to(group)
    st_folium(
        new_map(prefer_canvas=True),
        key="map",
        feature_group_to_add=group,
        returned_objects=[],
        use_container_width=True,
        height=HEIGHT,
    )


if __name__ == "__main__":
    filtered_page(draw)
