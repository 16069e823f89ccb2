"""From the bytes of a GeoJSON file (RFC 7946) to rows with shapes."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from regen_map.intake.issues import FileError, Issue, Rule
from regen_map.intake.sheets import Row, Sheet

_TYPES = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_WGS84 = re.compile(r".*(?:CRS84|EPSG:+4326)", re.IGNORECASE)
_LARGEST = 1e9
"""No degree and no metre of any map is larger."""


def read_features(content: bytes, file: str) -> Sheet:
    """
    Read the features of a GeoJSON file.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its name, for the issues.

    Returns
    -------
    Sheet
        The headings are all the properties that any feature has, in order of
        appearance; what is no text becomes the text that a CSV file would hold.
        A feature without geometry is a row without.

    Raises
    ------
    FileError
        If it is no feature collection, or not in longitude and latitude WGS84.
    """
    try:
        return _read(_parse(content), file)
    except RecursionError:
        raise FileError(Rule.NOT_GEOJSON, expected="FeatureCollection") from None


def _read(members: Sequence[Any], file: str) -> Sheet:
    properties = [_properties(member) for member in members]
    headings = dict.fromkeys(name for each in properties if each for name in each)
    rows: list[Row] = []
    issues: list[Issue] = []
    for number, (member, values) in enumerate(zip(members, properties, strict=True), start=1):
        if values is None:
            issues.append(Issue(file=file, rule=Rule.NOT_GEOJSON, row=number, expected="Feature"))
            continue
        cells = [_cell(values.get(name)) for name in headings]
        try:
            rows.append(Row(cells, number=number, geometry=_geometry(member.get("geometry"))))
        except FileError as error:
            issues.append(dataclasses.replace(error.issue(file), row=number))
            rows.append(Row(cells, number=number, sound=False))
    return Sheet(headings=tuple(map(str.strip, headings)), rows=rows, issues=issues)


def _parse(content: bytes) -> list[Any]:
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=str)
    except ValueError:
        raise FileError(Rule.NOT_GEOJSON, expected="FeatureCollection") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise FileError(Rule.NOT_GEOJSON, expected="FeatureCollection")
    crs = _crs_name(document.get("crs"))
    if crs and not _WGS84.fullmatch(crs):
        raise FileError(Rule.CRS, found=crs, expected="WGS84 (EPSG:4326)")
    return features


def _crs_name(crs: object) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else ""


def _properties(member: object) -> dict[str, Any] | None:
    if not isinstance(member, dict) or member.get("type") != "Feature":
        return None
    given = member.get("properties")
    if given is not None and not isinstance(given, dict):
        return None
    values = dict(given or {})
    if "id" not in values and member.get("id") is not None:
        values["id"] = member["id"]
    return values


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, list):
        return " | ".join(_cell(each) for each in value)
    return json.dumps(value, ensure_ascii=False)


def _geometry(value: object) -> BaseGeometry | None:
    if value is None:
        return None
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or kind not in _TYPES:
        raise FileError(
            Rule.GEOMETRY_TYPE,
            columns=("geometry",),
            found=str(kind)[:100],
            expected=", ".join(_TYPES),
        )
    coordinates = value.get("coordinates")
    if not coordinates:
        return None
    try:
        drawn = shape({"type": kind, "coordinates": _numbers(coordinates)})
    except (ValueError, TypeError, LookupError, AttributeError, shapely.errors.ShapelyError):
        raise FileError(Rule.GEOMETRY, columns=("geometry",), found=str(kind)) from None
    if drawn.is_empty:
        return None
    if not drawn.is_valid:
        reason = shapely.is_valid_reason(drawn)
        raise FileError(Rule.GEOMETRY_INVALID, columns=("geometry",), found=reason)
    return drawn


def _numbers(value: object) -> object:
    """Copy nested coordinates, heights left out, refusing all that is no finite number."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and isinstance(value[0], int | float):
            x, y = value[:2]
            if not all(_finite(each) for each in (x, y)):
                raise ValueError
            return (x, y)
        return [_numbers(each) for each in value]
    raise TypeError


def _finite(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) < _LARGEST  # false for NaN and infinity too
    )
