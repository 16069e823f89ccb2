"""Scripts, styles and images that the map loads, all from our own server."""

from regen_map.webmap.assets.packed import Packed, fingerprint, pack
from regen_map.webmap.assets.registry import ASSETS, Asset, asset_path, frame_link

__all__ = [
    "ASSETS",
    "Asset",
    "Packed",
    "asset_path",
    "fingerprint",
    "frame_link",
    "pack",
]
