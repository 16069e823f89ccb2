"""The compared pages, one small file each.

A peer's file is both the page (run by Streamlit) and its description (read by the benchmark).
"""

from importlib import import_module

from benchmarks.peers.peer import Peer

NAMES = (
    "ours",
    "empty",
    "markers",
    "feature_group",
    "geojson",
    "geojson_in_group",
    "fast_cluster",
    "pydeck_chart",
    "st_map",
    "leaflet_plain",
)


def load(name: str) -> Peer:
    """Return the peer of that name."""
    return import_module(f"benchmarks.peers.{name}").PEER  # type: ignore[no-any-return]
