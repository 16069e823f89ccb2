"""The shapes that a row may have, whatever format they come from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

from regen_map.intake.issues import FileError, Issue, Rule, Severity

TYPES = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
"""As GeoJSON names them; metres or degrees, x before y."""


class Layer(NamedTuple):
    """
    A layer of a file of shapes, before anybody judges the shapes.

    Attributes
    ----------
    headings
        Names of the attributes.
    cells
        The text of each feature, as many as there are headings.
    shapes
        The well-known binary of each feature; None without.
    crs
        As `crs.named` gives it.
    issues
        What is worth knowing about how it was read.
    """

    headings: tuple[str, ...]
    cells: list[tuple[str, ...]]
    shapes: list[bytes | None]
    crs: str
    issues: list[Issue]


def usable(drawn: BaseGeometry) -> BaseGeometry | None:
    """
    Bring a shape to one of the types of a row.

    Parameters
    ----------
    drawn
        In two dimensions.

    Returns
    -------
    BaseGeometry or None
        What has one part as that part; a collection of parts of one type as the
        multiple of that type; None for an empty shape.

    Raises
    ------
    FileError
        `Rule.GEOMETRY_TYPE` or `Rule.GEOMETRY_INVALID`, with the column
        ``geometry``.
    """
    if drawn.is_empty:
        return None
    drawn = _joined(drawn)
    if drawn.geom_type not in TYPES:
        raise wrong_type(drawn.geom_type)
    with np.errstate(all="ignore"):  # coordinates that overflow are no reason to warn
        reason = "" if drawn.is_valid else shapely.is_valid_reason(drawn)
    if reason:
        raise FileError(Rule.GEOMETRY_INVALID, columns=("geometry",), found=reason)
    return drawn


def wrong_type(found: str) -> FileError:
    """Say that a shape is of a type that no row can have."""
    return FileError(
        Rule.GEOMETRY_TYPE, columns=("geometry",), found=found[:100], expected=", ".join(TYPES)
    )


def height_dropped(file: str, n_rows: int) -> list[Issue]:
    """Say, once for a file, that shapes had a third coordinate; nothing if none had."""
    if not n_rows:
        return []
    return [Issue(file=file, rule=Rule.HEIGHT_DROPPED, severity=Severity.NOTICE, n_rows=n_rows)]


def _joined(drawn: BaseGeometry) -> BaseGeometry:
    """Take the only part of a multiple; make a multiple of parts of one type."""
    if not isinstance(drawn, BaseMultipartGeometry):
        return drawn
    parts = [_joined(part) for part in drawn.geoms if not part.is_empty]
    if len(parts) == 1:
        return parts[0]
    if drawn.geom_type != "GeometryCollection":
        return drawn
    polygons = [part for part in parts if isinstance(part, shapely.Polygon)]
    if len(polygons) == len(parts):
        return shapely.MultiPolygon(polygons)
    lines = [part for part in parts if isinstance(part, shapely.LineString)]
    if len(lines) == len(parts):
        return shapely.MultiLineString(lines)
    return drawn
