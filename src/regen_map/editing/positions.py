"""Where a place may be: what its address gives, and how far one position is from another."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from pyproj import Geod

from regen_map.gazetteer import Gazetteer, Located

Position: TypeAlias = tuple[float, float]
"""``(lat, lon)`` in degrees WGS84."""

VAGUE_M = 1_000.0
"""A position that may be wrong by more is not worth proposing."""

_EARTH = Geod(ellps="WGS84")
_STREETS = re.compile(r"[,;/()]|\s[-–]\s|\s(?:e|angolo)\s")
_DIGITS = 6
"""Of a degree: about a tenth of a metre."""
_ROUND_EARTH_M = 156_543.03
"""Metres of a pixel of Web Mercator at zoom 0 on the equator, tiles being 256 pixels wide."""
_STEADY_PX = 10
"""So exactly is a point put down with a finger or a mouse."""
_FINEST_M = 5.0


class Degrees(NamedTuple):
    """
    A position as the cells of a table hold it.

    Attributes
    ----------
    lat, lon
        Degrees WGS84 with six decimals.
    """

    lat: str
    lon: str


def as_cells(lat: float, lon: float) -> Degrees:
    """
    Write a position as the texts of two cells.

    Raises
    ------
    ValueError
        If it is not on the Earth.
    """
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004
        message = f"A position must be on the Earth, got {lat}, {lon}."
        raise ValueError(message)
    return Degrees(f"{lat:.{_DIGITS}f}", f"{lon:.{_DIGITS}f}")


def on_earth(lat: object, lon: object) -> Position | None:
    """Give a position where two values are one; None where they are none."""
    if not isinstance(lat, float) or not isinstance(lon, float):
        return None
    try:
        as_cells(lat, lon)
    except ValueError:
        return None
    return lat, lon


def metres_between(one: Position, other: Position) -> float:
    """Measure how far two positions are, in metres on the ellipsoid of WGS84."""
    _, _, metres = _EARTH.inv(one[1], one[0], other[1], other[0])
    return float(metres)


def accuracy_of_hand(lat: float, zoom: float) -> float:
    """
    Tell how exactly a point can be put down on a map.

    Parameters
    ----------
    lat
        Degrees north.
    zoom
        Of the map, as Leaflet counts it.

    Returns
    -------
    float
        Metres, a multiple of five: what ten pixels cover. Whoever puts the point down
        may know less exactly where the place is.
    """
    metres = _STEADY_PX * _ROUND_EARTH_M * math.cos(math.radians(lat)) / 2**zoom
    return max(_FINEST_M, math.ceil(metres / _FINEST_M) * _FINEST_M)


def proposals(gazetteer: Gazetteer, address: str, names: Iterable[str]) -> tuple[Located, ...]:
    """
    Propose positions for a place.

    Parameters
    ----------
    gazetteer
        The streets and doors of the town.
    address
        As the place has it, perhaps with several streets; may be empty.
    names
        Of the place, which may be those of a street or a square.

    Returns
    -------
    tuple of Located
        Each once, those of the address first; none that may be wrong by more than
        `VAGUE_M`.
    """
    asked = [address, *_STREETS.split(address), *names]
    found: dict[str, Located] = {}
    for text in filter(str.strip, asked):
        located = gazetteer.locate(text)
        if located is not None and (located.accuracy_m or 0.0) <= VAGUE_M:
            found.setdefault(located.name, located)
    return tuple(found.values())
