"""Coordinates in metres, as Italian offices give them, brought to degrees."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup
from shapely.geometry.base import BaseGeometry

from regen_map.catalogue import City
from regen_map.catalogue.city import Bounds

WGS84 = "EPSG:4326"

_ITALIAN = (
    ("EPSG:3003", "EPSG:3003"),
    ("EPSG:3004", "EPSG:3004"),
    ("EPSG:7791", "EPSG:25832/32632/6707/7791"),
    ("EPSG:7792", "EPSG:25833/32633/6708/7792"),
)
"""
Gauss-Boaga (Monte Mario) and UTM in ETRS89, WGS84 and RDN2008, zones 32 and 33.

The four UTM systems of a zone cannot be told apart by their numbers, and need
not be: they differ by less than a metre.
"""
_MARGIN_M = 30_000
"""How far from the city coordinates are still taken for metres of that system."""
_GEOD = pyproj.Geod(ellps="WGS84")
_DIGITS = 7
_KILOMETRE_M = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """
    A projected CRS and the way from it to longitude and latitude.

    Attributes
    ----------
    label
        Its code, or the codes that cannot be told apart.
    bounds
        ``(minx, miny, maxx, maxy)`` in metres, easting before northing: the
        city and its surroundings.
    accuracy_m
        How exact the way is, as PROJ states it; None where it does not.
    transformer
        From easting and northing to longitude and latitude.
    """

    label: str
    bounds: Bounds
    accuracy_m: float | None
    transformer: pyproj.Transformer

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in the city's surroundings."""
        minx, miny, maxx, maxy = self.bounds
        return minx <= x <= maxx and miny <= y <= maxy

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Turn easting and northing into longitude and latitude, rounded to a centimetre."""
        lon, lat = self.transformer.transform(x, y)
        return round(lon, _DIGITS), round(lat, _DIGITS)

    @property
    def told(self) -> str:
        """The codes and the accuracy, for an issue."""
        accuracy = "" if self.accuracy_m is None else f", ± {self.accuracy_m:g} m"
        return f"{self.label}{accuracy}"


def recognise(x: float, y: float, city: City) -> Projection | None:
    """
    Tell by their size in which system two metric coordinates are.

    Parameters
    ----------
    x, y
        Easting and northing in metres.
    city
        Around which they should lie.

    Returns
    -------
    Projection or None
        None where they are no coordinates of this city in any system.
    """
    return next((each for each in _projections(city.extent) if each.holds(x, y)), None)


@lru_cache(maxsize=4)
def _projections(extent: Bounds) -> tuple[Projection, ...]:
    return tuple(_projection(crs, label, extent) for crs, label in _ITALIAN)


def _projection(crs: str, label: str, extent: Bounds) -> Projection:
    transformer = to_degrees(crs, extent)
    minx, miny, maxx, maxy = transformer.transform_bounds(*extent, direction="INVERSE")
    return Projection(
        label=label,
        bounds=(minx - _MARGIN_M, miny - _MARGIN_M, maxx + _MARGIN_M, maxy + _MARGIN_M),
        accuracy_m=accuracy_m(transformer),
        transformer=transformer,
    )


@lru_cache(maxsize=16)
def to_degrees(crs: str, extent: Bounds) -> pyproj.Transformer:
    """
    Find the best way from a CRS to longitude and latitude WGS84 without a network.

    Parameters
    ----------
    crs
        As pyproj understands it.
    extent
        ``(minx, miny, maxx, maxy)`` in degrees: where it is going to be used.

    Returns
    -------
    pyproj.Transformer
        Takes x before y and gives longitude before latitude, whatever the order
        of the axes in the definition of the CRS (EPSG:6707 is north before east).

    Raises
    ------
    pyproj.exceptions.CRSError
        If there is no such CRS.
    """
    with warnings.catch_warnings():
        # A better way may need a grid that is not on this machine: the best that is, is used.
        warnings.simplefilter("ignore", UserWarning)
        area: Any = AreaOfInterest(*extent)
        group = TransformerGroup(crs, WGS84, always_xy=True, area_of_interest=area)
    if group.transformers:
        return group.transformers[0]
    return pyproj.Transformer.from_crs(crs, WGS84, always_xy=True)


def accuracy_m(transformer: pyproj.Transformer) -> float | None:
    """Tell how exact a way is, in metres; None where PROJ does not state it."""
    return transformer.accuracy if transformer.accuracy >= 0 else None


def reproject(shape: BaseGeometry, transformer: pyproj.Transformer) -> BaseGeometry:
    """Bring a shape to longitude and latitude, rounded to a centimetre."""

    def moved(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = transformer.transform(xy[:, 0], xy[:, 1])
        return np.column_stack([lon, lat]).round(_DIGITS)

    return shapely.transform(shape, moved)


def flip(shape: BaseGeometry) -> BaseGeometry:
    """Swap x and y of a shape."""
    return shapely.transform(shape, lambda xy: xy[:, ::-1])


def kilometres_outside(lat: float, lon: float, extent: Bounds) -> float:
    """
    Measure how far outside an extent a position lies.

    Parameters
    ----------
    lat, lon
        Degrees WGS84.
    extent
        ``(minx, miny, maxx, maxy)`` in degrees WGS84.

    Returns
    -------
    float
        Kilometres on the ellipsoid to the nearest point of the extent.
    """
    minx, miny, maxx, maxy = extent
    nearest_lon, nearest_lat = min(max(lon, minx), maxx), min(max(lat, miny), maxy)
    _, _, metres = _GEOD.inv(lon, lat, nearest_lon, nearest_lat)
    return float(metres) / _KILOMETRE_M
