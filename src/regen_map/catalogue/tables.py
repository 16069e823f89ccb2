"""From records to tables and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from regen_map.catalogue.schema import Place, Record, Table

CRS = "EPSG:4326"


def to_frame(
    records: Sequence[Record], table: Table, geometries: Sequence[BaseGeometry | None] | None = None
) -> pd.DataFrame:
    """
    Build the table that the rest of the package works on.

    Parameters
    ----------
    records
        Records of the table's type. May be empty.
    table
        It fixes the columns, also when there are no records.
    geometries
        One per record, in EPSG:4326, where the file gave more than a point;
        None makes points from ``lat`` and ``lon``.

    Returns
    -------
    pandas.DataFrame or geopandas.GeoDataFrame
        One row per record, order kept, one column per field in declaration
        order, indexed by ``id`` where the table has one and by position where
        not. A located table is a GeoDataFrame in EPSG:4326 whose ``geometry``
        (x = longitude, y = latitude) is missing (None, never an empty point)
        where the position is not known.
    """
    names = table.names
    columns = {name: [getattr(each, name) for each in records] for name in names}
    frame = pd.DataFrame(
        {name: pd.Series(values, dtype=_dtype(values)) for name, values in columns.items()},
        columns=list(names),
    )
    if "id" in names:
        frame = frame.set_index("id", drop=False).rename_axis(None)
    if not table.located:
        return frame
    if geometries is None:
        geometries = [
            _point(lat, lon) for lat, lon in zip(columns["lat"], columns["lon"], strict=True)
        ]
    shapes = np.array(geometries, dtype=object)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index, crs=CRS))


def records(frame: pd.DataFrame, table: Table) -> Iterator[Any]:
    """
    Go back from the rows of a table to its records.

    Parameters
    ----------
    frame
        Made by `to_frame`, or a selection of its rows.
    table
        The table it belongs to.

    Yields
    ------
    Record
        In the order of the rows, equal to the records the table was made of.
    """
    names = table.names
    for values in zip(*(frame[name] for name in names), strict=True):
        cells = {name: _plain(value) for name, value in zip(names, values, strict=True)}
        yield table.record(**cells)


def combine_places(frames: Sequence[tuple[Table, gpd.GeoDataFrame]]) -> gpd.GeoDataFrame:
    """
    Put the place tables under each other.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, indexed by ``id``: the columns all places share, ``family``
        and ``geometry``.
    """
    shared = [each.name for each in dataclasses.fields(Place)]
    parts = [
        frame[[*shared, "geometry"]].assign(family=table.record.family) for table, frame in frames
    ]
    filled = [part for part in parts if len(part)]
    joined = pd.concat(filled or parts[:1])
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=CRS)


def _point(lat: float | None, lon: float | None) -> Point | None:
    return None if lat is None or lon is None else Point(lon, lat)


def _dtype(values: Sequence[object]) -> str:
    numbers = all(isinstance(each, float) or each is None for each in values)
    return "float64" if numbers and any(each is not None for each in values) else "object"


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124
