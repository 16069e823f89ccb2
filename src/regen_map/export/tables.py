"""The tables in every format that the intake reads: what is written comes back as it was."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from regen_map.catalogue import CRS, Cell, Column, PartialDate, Table, records
from regen_map.catalogue.text import cell_text, neutral
from regen_map.export.rows import collection, delimited, feature, write_csv

_POSITION = ("lat", "lon")
_WHOLE_DATE = len("2025-09-30")
NUMBERS = {Cell.NUMBER, Cell.MONEY, Cell.LATITUDE, Cell.LONGITUDE}
_GPKG_TYPES: Mapping[Cell, str] = MappingProxyType(
    {Cell.INTEGER: "Int64"} | dict.fromkeys(NUMBERS, "float64")
)
"""How pandas hands over what is no text; a missing number becomes NULL."""


# ---------------------------------------------------------------- CSV


def table_csv(frame: pd.DataFrame, table: Table) -> bytes:
    """
    Write a table as its canonical CSV.

    Parameters
    ----------
    frame
        Made by `regen_map.catalogue.to_frame`; may be empty. Shapes other than
        points are left out: of them, only latitude and longitude are told.
    table
        The table it belongs to.

    Returns
    -------
    bytes
        As of `write_csv`; equal for equal tables.
    """
    return write_csv(table.names, _rows(frame, table, cell_text))


def table_excel_csv(frame: pd.DataFrame, table: Table) -> bytes:
    """
    Write a table as the CSV that an Italian Excel opens by a double click.

    Excel makes a day of a month and drops the zero of a telephone number when it
    opens any CSV: who wants to change rows is better served by `table_xlsx`.

    Parameters
    ----------
    frame, table
        As of `table_csv`.

    Returns
    -------
    bytes
        UTF-8 with mark, semicolons, carriage return and line feed, decimal commas;
        whole dates as ``30/09/2025``, others and lists of dates as they are.
    """
    text = delimited(table.names, _rows(frame, table, _italian), delimiter=";", line_end="\r\n")
    return text.encode("utf-8-sig")


def _rows(
    frame: pd.DataFrame, table: Table, write: Callable[[object], str]
) -> Iterator[tuple[str, ...]]:
    for record in records(frame, table):
        yield tuple(write(getattr(record, name)) for name in table.names)


def _italian(value: object) -> str:
    if isinstance(value, PartialDate) and len(value) == _WHOLE_DATE:
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    if isinstance(value, float | Decimal):
        return cell_text(value).replace(".", ",")
    return cell_text(value)


# ---------------------------------------------------------------- GeoJSON and GeoPackage


def table_geojson(frame: pd.DataFrame, table: Table) -> bytes:
    """
    Write a table as GeoJSON (RFC 7946), one feature on each line.

    Parameters
    ----------
    frame
        Made by `regen_map.catalogue.to_frame`; may be empty.
    table
        A located one.

    Returns
    -------
    bytes
        UTF-8. Longitude before latitude, WGS84, outer rings counterclockwise; null
        where the position is not known. Numbers are numbers, all else is the text of
        `table_csv`, as attributes too end up in spreadsheets. ``lat`` and ``lon`` are
        properties only where they do not follow from a point. Equal for equal tables.

    Raises
    ------
    ValueError
        If the rows of the table have no position on the map.
    """
    if not table.located:
        message = f"Only a located table has a geometry, got {table.name!r}."
        raise ValueError(message)
    pairs = zip(records(frame, table), _shapes(frame), strict=True)
    return collection(
        feature(properties_of(record, table, shape), shape) for record, shape in pairs
    )


def table_gpkg(frame: pd.DataFrame, table: Table) -> bytes:
    """
    Write a table as a GeoPackage.

    Parameters
    ----------
    frame, table
        As of `table_csv`; a table that is not located becomes one of attributes.

    Returns
    -------
    bytes
        One layer, named as the table, x = longitude, y = latitude, EPSG:4326; rows
        without position have no geometry. Numbers and amounts are numbers, all else
        is the text of `table_csv`. ``lat`` and ``lon`` as in `table_geojson`. The time of
        writing is part of it: equal tables do not give equal bytes.
    """
    shapes = _shapes(frame) if table.located else None
    layer = layer_of(list(records(frame, table)), table, shapes)
    content = io.BytesIO()
    pyogrio.write_dataframe(layer, content, layer=table.name, driver="GPKG")
    return content.getvalue()


def layer_of(
    rows: Sequence[Any], table: Table, shapes: Sequence[BaseGeometry | None] | None
) -> pd.DataFrame:
    """
    Make of records what becomes a layer of a GeoPackage.

    Parameters
    ----------
    rows
        Records of the table; may be empty.
    table
        The table they belong to.
    shapes
        One per record, x = longitude, y = latitude, WGS84, None where the position is
        not known; None instead of all for a layer of attributes.

    Returns
    -------
    pandas.DataFrame or geopandas.GeoDataFrame
        Numbers as numbers, all else as the text of `table_csv`; the shapes in EPSG:4326.
        ``lat`` and ``lon`` as in `table_geojson`.
    """
    each_shape = [None] * len(rows) if shapes is None else shapes
    pairs = zip(rows, each_shape, strict=True)
    cells = [_attributes(record, table, shape) for record, shape in pairs]
    superfluous = _told_by_points(table)
    layer = pd.DataFrame(
        {
            column.name: _series([row.get(column.name) for row in cells], column)
            for column in table.columns
            if column.name not in superfluous or any(column.name in row for row in cells)
        }
    )
    if shapes is None:
        return layer
    drawn = gpd.GeoSeries(np.array(shapes, dtype=object), index=layer.index, crs=CRS)
    return gpd.GeoDataFrame(layer, geometry=drawn)


def _shapes(frame: pd.DataFrame) -> list[BaseGeometry | None]:
    return list(gpd.GeoDataFrame(frame).geometry)


def _told_by_points(table: Table) -> tuple[str, ...]:
    """Name the columns that a point makes superfluous, unless no row may lack them."""
    return tuple(name for name in _POSITION if table.located and not table.column(name).required)


def _attributes(record: Any, table: Table, shape: BaseGeometry | None) -> dict[str, Any]:
    pointed = shape is None or isinstance(shape, Point)
    left_out = _told_by_points(table) if pointed else ()
    return {name: getattr(record, name) for name in table.names if name not in left_out}


def properties_of(record: Any, table: Table, shape: BaseGeometry | None) -> dict[str, object]:
    """Give the properties of a feature, as `table_geojson` writes them."""
    attributes = _attributes(record, table, shape)
    return {name: _property(value) for name, value in attributes.items()}


def _property(value: object) -> object:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return neutral(cell_text(value)) or None


def _series(values: Sequence[Any], column: Column) -> pd.Series[Any]:
    kind = _GPKG_TYPES.get(column.cell, "object")
    if kind == "object":
        return pd.Series([neutral(cell_text(each)) or None for each in values], dtype="object")
    numbers = [float(each) if isinstance(each, Decimal) else each for each in values]
    return pd.Series(numbers, dtype=kind)
