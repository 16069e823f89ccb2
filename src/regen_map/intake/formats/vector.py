"""From the bytes of a GeoPackage or a zipped shapefile to rows with shapes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from regen_map.intake.formats import archives, geopackage, shapefile
from regen_map.intake.formats.shapes import Layer, height_dropped, usable, wrong_type
from regen_map.intake.headings import spelled
from regen_map.intake.issues import FileError, Issue, Rule, Severity
from regen_map.intake.limits import LIMITS, Limits
from regen_map.intake.sheets import Row, Sheet

_CURVE = "Curve"
EXPECTED = f"{geopackage.EXPECTED}, {shapefile.EXPECTED}"


def read_vector(content: bytes, file: str, names: Sequence[str], limits: Limits = LIMITS) -> Sheet:
    """
    Read one layer of a GeoPackage or of a zipped shapefile.

    Parameters
    ----------
    content
        The bytes of the file; they tell its format, the ending of its name does not.
    file
        Its name, for the issues.
    names
        The layer of such a name is read, whatever its case and accents; else the
        first one with features.
    limits
        What the file may unpack to, and how many columns and cells there may be.

    Returns
    -------
    Sheet
        `Row.number` is the place of the feature in the layer, from 1. Attributes are
        written as `celltext.typed_text` does. Shapes are as the file has them, x
        before y, in `Sheet.crs`, without heights; one without its CRS is taken for
        WGS84. What has one part is that part. A feature whose shape is faulty is not
        sound, and has an issue. Other layers are named in a notice.

    Raises
    ------
    FileError
        `Rule.NOT_VECTOR`, `Rule.CRS`, `Rule.UNPACKED_TOO_LARGE`,
        `Rule.TOO_MANY_COLUMNS` or `Rule.GRID_TOO_LARGE`.
    """
    if content.startswith(geopackage.MAGIC):
        with geopackage.opened(content, limits) as database:
            layers = geopackage.layer_names(database)
            if not layers:
                raise FileError(Rule.NOT_VECTOR, expected=geopackage.EXPECTED)
            chosen = _chosen(layers, names)
            layer = geopackage.read_layer(database, chosen, limits)
    elif content.startswith(archives.MAGIC):
        found = shapefile.shapefiles(content, limits)
        layers = list(found)
        chosen = _chosen(layers, names)
        layer = shapefile.read_shapefile(found[chosen], file, limits)
    else:
        raise FileError(Rule.NOT_VECTOR, expected=EXPECTED)
    return _sheet(layer, file, _others(file, layers, chosen))


def _chosen(layers: list[str], names: Sequence[str]) -> str:
    wanted = set(map(spelled, names))
    return next((layer for layer in layers if spelled(layer) in wanted), layers[0])


def _others(file: str, names: Iterable[str], chosen: str) -> list[Issue]:
    others = [name for name in names if name != chosen]
    if not others:
        return []
    return [
        Issue(
            file=file,
            rule=Rule.LAYERS_IGNORED,
            severity=Severity.NOTICE,
            found=", ".join(others),
            expected=chosen,
        )
    ]


def _sheet(layer: Layer, file: str, issues: list[Issue]) -> Sheet:
    issues = [*layer.issues, *issues]
    rows = []
    high = 0
    pairs = zip(layer.cells, layer.shapes, strict=True)
    for number, (cells, binary) in enumerate(pairs, start=1):
        try:
            geometry, has_height = _geometry(binary)
        except FileError as error:
            issues.append(dataclasses.replace(error.issue(file), row=number))
            rows.append(Row(cells, number=number, sound=False))
            continue
        high += has_height
        rows.append(Row(cells, number=number, geometry=geometry))
    headings = tuple(map(str.strip, layer.headings))
    issues += height_dropped(file, high)
    return Sheet(headings=headings, rows=rows, crs=layer.crs, issues=issues)


def _geometry(binary: bytes | None) -> tuple[BaseGeometry | None, bool]:
    """Draw a shape; tell also whether it had heights."""
    if binary is None:
        return None, False
    try:
        with np.errstate(all="ignore"):  # coordinates that are no numbers are told as faults
            drawn = shapely.from_wkb(binary)
            flat = shapely.force_2d(drawn)
    except NotImplementedError:
        raise wrong_type(_CURVE) from None
    except (shapely.errors.ShapelyError, ValueError):
        raise FileError(Rule.GEOMETRY, columns=("geometry",)) from None
    return usable(flat), bool(shapely.has_z(drawn))
