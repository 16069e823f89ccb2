"""Which backgrounds of tiles this server may offer."""

from __future__ import annotations

import os

from regen_map.catalogue import City, TileSource

VARIABLE = "REGEN_MAP_TILES"
"""Environment variable; ``none`` keeps the map away from every other server."""


def offered_tiles(city: City) -> tuple[TileSource, ...]:
    """Give the tile sources of a city, or none where the server's setting forbids them."""
    return () if os.environ.get(VARIABLE, "").strip().lower() == "none" else city.tiles
