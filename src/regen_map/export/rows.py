"""Rows of text as CSV and GeoJSON: what every other writer of these formats is made of."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from regen_map.catalogue.text import neutral


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """
    Write text as CSV.

    Parameters
    ----------
    headings
        The first row.
    rows
        Text of the cells; columns that no table knows are welcome.

    Returns
    -------
    bytes
        UTF-8 without mark, commas, line feeds, quotes only where needed; no cell is
        run as a formula, see `regen_map.catalogue.text.neutral`. Halves of
        characters, which no encoding has, become question marks.
    """
    return delimited(headings, rows, delimiter=",", line_end="\n").encode("utf-8", "replace")


def delimited(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str, line_end: str
) -> str:
    """Write rows of text, none of which a spreadsheet runs as a formula."""
    lines = []
    for cells in (headings, *rows):
        line = io.StringIO()
        # The module quotes only the line breaks that it writes itself, and readers
        # take both kinds for the end of a row.
        csv.writer(line, delimiter=delimiter, lineterminator="\r\n").writerow(map(neutral, cells))
        lines.append(line.getvalue().removesuffix("\r\n") + line_end)
    return "".join(lines)


def write_geojson(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    shapes: Iterable[BaseGeometry | None],
    numeric: Collection[str] = (),
) -> bytes:
    """
    Write text and shapes as GeoJSON (RFC 7946), one feature on each line.

    Parameters
    ----------
    headings
        The names of the properties.
    rows
        Their text, of which an empty one becomes null, or any value of JSON.
    shapes
        One per row, longitude before latitude, WGS84; None where the position
        is not known.
    numeric
        The headings whose text is a number.

    Returns
    -------
    bytes
        UTF-8, outer rings counterclockwise.
    """
    features = []
    for row, shape in zip(rows, shapes, strict=True):
        properties = {
            heading: json.loads(str(cell)) if cell and heading in numeric else _value(cell)
            for heading, cell in zip(headings, row, strict=True)
        }
        features.append(feature(properties, shape))
    return collection(features)


def _value(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    return neutral(cell) or None


def feature(properties: Mapping[str, Any], shape: BaseGeometry | None) -> dict[str, Any]:
    """Make a feature; its ``id`` is that of its properties, if they have one."""
    named = {"id": properties["id"]} if properties.get("id") else {}
    drawn = None if shape is None else mapping(shapely.orient_polygons(shape))
    return {"type": "Feature", **named, "geometry": drawn, "properties": dict(properties)}


def collection(
    features: Iterable[Mapping[str, Any]], about: Mapping[str, Any] | None = None
) -> bytes:
    """
    Put features into a collection, one on each line.

    Parameters
    ----------
    features
        As of `feature`.
    about
        What is to be said of all of them: the foreign member ``about`` (RFC 7946,
        section 6.1), which other programs pass over; None for nothing.

    Returns
    -------
    bytes
        UTF-8.
    """
    lines = ",\n".join(map(_json, features))
    member = "" if about is None else f'"about": {_json(about)}, '
    opening = f'{{"type": "FeatureCollection", {member}"features": ['
    return (f"{opening}\n{lines}\n]}}\n" if lines else f"{opening}]}}\n").encode("utf-8", "replace")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
