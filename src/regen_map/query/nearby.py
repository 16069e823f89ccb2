"""Which places are near, and how long the walk is."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from regen_map.catalogue import CRS, Catalogue, derived
from regen_map.query.entries import entries, entry_index

WALKING_DETOUR = 1.3
"""Walked length over straight line: a usual mean for dense street networks, not measured here."""

WALKING_M_PER_MINUTE = 70.0
"""4.2 km/h, an easy pace on a town's slopes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """
    A place near another.

    Attributes
    ----------
    key
        The entry's key.
    distance_m
        Straight line in metres, in the city's metric CRS.
    uncertainty_m
        Sum of the two position accuracies in metres; 0 where none is stated.
    """

    key: str
    distance_m: float
    uncertainty_m: float

    @property
    def told_apart(self) -> bool:
        """Whether the positions are known well enough to state the distance."""
        return self.distance_m > self.uncertainty_m


def walking_minutes(distance_m: float) -> int:
    """
    Estimate the minutes of a walk.

    Parameters
    ----------
    distance_m
        Straight line in metres.

    Returns
    -------
    int
        At least 1: straight line times `WALKING_DETOUR` at `WALKING_M_PER_MINUTE`.
    """
    return max(1, round(distance_m * WALKING_DETOUR / WALKING_M_PER_MINUTE))


def neighbours(
    catalogue: Catalogue, key: str, *, most: int | None = 6, within_m: float = 500
) -> tuple[Neighbour, ...]:
    """
    Find what lies around an entry.

    Parameters
    ----------
    catalogue, key
        The entry that is looked around from.
    most
        How many are wanted; None: all.
    within_m
        How far they may be, in metres as the crow flies.

    Returns
    -------
    tuple of Neighbour
        Nearest first; empty for an entry that is unknown or has no position.
    """
    here = entry_index(catalogue, key)
    metres, accuracy = metric_positions(catalogue)
    if here is None or np.isnan(metres[here, 0]):
        return ()
    distance = np.hypot(*(metres - metres[here]).T)
    distance[here] = np.nan
    order = np.argsort(distance, kind="stable")[:most]
    listed = entries(catalogue)
    return tuple(
        Neighbour(
            key=listed[each].key,
            distance_m=float(distance[each]),
            uncertainty_m=float(accuracy[each] + accuracy[here]),
        )
        for each in order
        if distance[each] <= within_m
    )


@derived()
def metric_positions(catalogue: Catalogue) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Give the position of every entry in metres.

    Returns
    -------
    tuple of numpy.ndarray
        Shape ``(n_entries, 2)``: easting, northing in the city's metric CRS, NaN where
        unknown; and shape ``(n_entries,)``: by how many metres each may be wrong, 0
        where that is not stated.
    """
    lat_lon = positions(catalogue)
    points = gpd.GeoSeries(gpd.points_from_xy(lat_lon[:, 1], lat_lon[:, 0], crs=CRS))
    metric = points.to_crs(catalogue.city.metric_crs)
    accuracy = [
        (entry.place.position_accuracy_m or 0.0) if entry.place else 0.0
        for entry in entries(catalogue)
    ]
    metres = np.column_stack([metric.x, metric.y])
    metres[~np.isfinite(metres)] = np.nan
    return metres, np.array(accuracy)


@derived()
def positions(catalogue: Catalogue) -> NDArray[np.float64]:
    """
    Give the position of every entry.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_entries, 2)``: lat, lon in degrees WGS84; NaN where unknown.
    """
    return np.array(
        [
            (entry.place.lat, entry.place.lon)
            if entry.place and entry.place.lat is not None and entry.place.lon is not None
            else (np.nan, np.nan)
            for entry in entries(catalogue)
        ],
        dtype=np.float64,
    ).reshape(-1, 2)
