"""One GeoJSON layer of circle markers on a canvas, on the map itself."""

from typing import Any

import folium
import pandas as pd
from streamlit_folium import st_folium

from benchmarks.peers.folium_map import new_map
from benchmarks.peers.page import HEIGHT, filtered_page
from benchmarks.peers.peer import Peer

PEER = Peer(name="geojson", title="folium.GeoJson on a canvas, keyed", kind="canvas")


def places_layer(places: pd.DataFrame) -> folium.GeoJson:
    """Return the places as one layer."""
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"name": name},
        }
        for lat, lon, name in zip(places["lat"], places["lon"], places["name"], strict=True)
    ]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=folium.CircleMarker(radius=5, fill=True),
        tooltip=folium.GeoJsonTooltip(["name"], labels=False),
        zoom_on_click=False,
    )


def draw(places: pd.DataFrame) -> None:
    """Draw the layer on the map."""
    town = new_map(prefer_canvas=True)
    places_layer(places).add_to(town)
    st_folium(town, key="map", returned_objects=[], use_container_width=True, height=HEIGHT)


if __name__ == "__main__":
    filtered_page(draw)
