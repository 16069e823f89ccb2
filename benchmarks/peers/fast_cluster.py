"""Folium's FastMarkerCluster: positions as one list, markers and clusters made in the browser."""

import pandas as pd
from folium.plugins import FastMarkerCluster
from streamlit_folium import st_folium

from benchmarks.peers.folium_map import LIBRARIES, new_map
from benchmarks.peers.page import HEIGHT, filtered_page
from benchmarks.peers.peer import Peer

PEER = Peer(name="fast_cluster", title="folium FastMarkerCluster", kind="cluster")

MARKER = "function callback(row) { return L.marker([row[0], row[1]]).bindTooltip(row[2]); }"


class LocalFastMarkerCluster(FastMarkerCluster):
    """FastMarkerCluster with its scripts from the page's own server."""

    default_js = [("cluster", f"{LIBRARIES}/leaflet.markercluster/dist/leaflet.markercluster.js")]
    default_css = [
        ("cluster_css", f"{LIBRARIES}/leaflet.markercluster/dist/MarkerCluster.css"),
        ("cluster_look", f"{LIBRARIES}/leaflet.markercluster/dist/MarkerCluster.Default.css"),
    ]


def draw(places: pd.DataFrame) -> None:
    """Draw the places in clusters."""
    town = new_map()
    rows = places[["lat", "lon", "name"]].to_numpy().tolist()
    LocalFastMarkerCluster(rows, callback=MARKER).add_to(town)
    st_folium(town, key="map", returned_objects=[], use_container_width=True, height=HEIGHT)


if __name__ == "__main__":
    filtered_page(draw)
