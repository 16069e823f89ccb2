"""Where rows lie: shapes and coordinates brought to degrees and held against the city."""

from __future__ import annotations

import math
from typing import Any

import pyproj
from shapely.geometry import Point

from regen_map.catalogue import City
from regen_map.intake.drafts import Draft, Entry
from regen_map.intake.issues import FileError, Issue, Rule, Severity
from regen_map.intake.projection import (
    accuracy_m,
    flip,
    kilometres_outside,
    recognise,
    reproject,
    to_degrees,
)

_SAME_PLACE = 1e-6
"""Degrees, about a tenth of a metre."""
_DIGITS = 7
_FAR_KM = 10
_LIMITS = (("lat", 90.0), ("lon", 180.0))


def check_positions(draft: Draft, city: City, *, repair: bool = False) -> None:
    """
    Give each row its position in degrees, leaving out those that lie elsewhere.

    Parameters
    ----------
    draft
        A table whose rows may have ``lat`` and ``lon``.
    city
        It tells where positions may lie.
    repair
        Whether coordinates that are surely swapped are put right; else they are
        reported.

    Raises
    ------
    FileError
        With `Rule.CRS`: shapes in a system that nobody knows.
    """
    if not {"lat", "lon"} <= set(draft.table.names):
        return
    if draft.sheet.crs:
        _convert_shapes(draft, city)
    for entry in draft.entries:
        # A shape that cannot be drawn is no missing position: it has its own issue.
        if entry.row.sound and (entry.values or entry.geometry is not None):
            _position(draft, entry, city, repair=repair)


def _convert_shapes(draft: Draft, city: City) -> None:
    try:
        transformer = to_degrees(draft.sheet.crs, city.extent)
    except pyproj.exceptions.ProjError:
        raise FileError(
            Rule.CRS, found=draft.sheet.crs[:200], expected="WGS84 (EPSG:4326)"
        ) from None
    for entry in draft.entries:
        if entry.geometry is not None:
            _reproject(draft, entry, transformer, city)
            entry.tolerated = True
    accuracy = accuracy_m(transformer)
    draft.issues.append(
        Issue(
            file=draft.file,
            rule=Rule.CRS_CONVERTED,
            severity=Severity.NOTICE,
            found=draft.sheet.crs[:200],
            expected="?" if accuracy is None else f"{accuracy:g}",
        )
    )


def _reproject(draft: Draft, entry: Entry, transformer: pyproj.Transformer, city: City) -> None:
    """Bring a shape to degrees; one that no projection can place is left out."""
    shape = entry.geometry
    assert shape is not None  # noqa: S101
    moved = reproject(shape, transformer)
    if all(map(math.isfinite, moved.bounds)):
        entry.geometry = moved
        return
    entry.geometry = None
    x, y = shape.bounds[:2]
    draft.report(
        entry,
        Rule.POSITION_OUTSIDE,
        "geometry",
        found=f"{x:.12g}, {y:.12g}",
        expected=_extent(city),
    )


def _position(draft: Draft, entry: Entry, city: City, *, repair: bool) -> None:
    values = entry.values
    if entry.geometry is not None:
        _bring_to_degrees(draft, entry, city)
    if entry.geometry is not None:
        _take_geometry(draft, entry)
    lat, lon = values.get("lat"), values.get("lon")
    refused = "lat" in entry.refused or "lon" in entry.refused
    if (lat is None) != (lon is None):
        # A whole column that is missing was told with the headings.
        if not refused and {"lat", "lon"} <= draft.headings.keys():
            draft.report(entry, Rule.POSITION_HALF, "lat" if lat is None else "lon")
    elif lat is None or lon is None:
        _check_accuracy(draft, entry, refused=refused)
    elif abs(lat) > _LIMITS[0][1] or abs(lon) > _LIMITS[1][1]:
        _project(draft, entry, city, repair=repair)
    elif draft.table.located and not _inside(entry, city):
        _outside(draft, entry, city, repair=repair)


def _check_accuracy(draft: Draft, entry: Entry, *, refused: bool) -> None:
    accuracy = entry.values.get("position_accuracy_m")
    if accuracy is not None and not refused:
        draft.report(
            entry,
            Rule.ACCURACY_WITHOUT_POSITION,
            "position_accuracy_m",
            severity=Severity.WARNING,
            found=f"{accuracy:g}",
        )


def _bring_to_degrees(draft: Draft, entry: Entry, city: City) -> None:
    """Recognise a shape in metres in a file that does not tell its CRS."""
    shape = entry.geometry
    assert shape is not None  # noqa: S101
    minx, miny, maxx, maxy = shape.bounds
    if not draft.table.located or max(abs(minx), abs(maxx)) <= _LIMITS[1][1]:
        return
    projection = recognise((minx + maxx) / 2, (miny + maxy) / 2, city)
    if projection is not None:
        _reproject(draft, entry, projection.transformer, city)
        draft.tolerate(
            entry,
            Rule.POSITION_PROJECTED,
            "geometry",
            found=f"{minx:.0f}, {miny:.0f}",
            expected=projection.told,
        )


def _project(draft: Draft, entry: Entry, city: City, *, repair: bool) -> None:
    """Take ``lat`` for a northing and ``lon`` for an easting, if they can be."""
    lat, lon = entry.values["lat"], entry.values["lon"]
    projection = recognise(lon, lat, city) if draft.table.located else None
    wrong = [(name, limit) for name, limit in _LIMITS if abs(entry.values[name]) > limit]
    if projection is None and len(wrong) == len(_LIMITS) and draft.table.located:
        _no_metres(draft, entry, city, repair=repair)
        return
    if projection is None:
        for name, limit in wrong:
            draft.report(
                entry,
                Rule.OUT_OF_RANGE,
                name,
                found=f"{entry.values[name]:.12g}",
                expected=f"-{limit:g} … {limit:g}",
            )
        return
    x, y = projection.degrees(lon, lat)
    _set_position(entry, y, x)
    changed = ["lat", "lon"]
    stated, least = entry.values.get("position_accuracy_m"), projection.accuracy_m
    if stated is not None and least is not None and stated < least:
        entry.values["position_accuracy_m"] = least
        changed.append("position_accuracy_m")
    draft.tolerate(
        entry,
        Rule.POSITION_PROJECTED,
        *changed,
        found=f"{lat:.12g}, {lon:.12g}",
        expected=f"{y}, {x} ({projection.told})",
    )
    if not _inside(entry, city):
        _outside(draft, entry, city, repair=False)


def _no_metres(draft: Draft, entry: Entry, city: City, *, repair: bool) -> None:
    """Report two large numbers that are no metres, or are so the other way round."""
    lat, lon = entry.values["lat"], entry.values["lon"]
    found = f"{lat:.12g}, {lon:.12g}"
    if recognise(lat, lon, city) is None:
        meant = _without_points(lat, lon, city)
        draft.report(
            entry,
            Rule.POSITION_OUTSIDE,
            "lat",
            "lon",
            found=found,
            expected=_extent(city),
            suggestion=meant,
        )
    elif repair:
        _set_position(entry, lon, lat)
        expected = f"{lon:.12g}, {lat:.12g}"
        draft.tolerate(entry, Rule.POSITION_REPAIRED, "lat", "lon", found=found, expected=expected)
        _project(draft, entry, city, repair=False)
    else:
        draft.report(
            entry,
            Rule.POSITION_SWAPPED,
            "lat",
            "lon",
            found=found,
            expected=_extent(city),
            suggestion=f"{lon:.12g}, {lat:.12g}",
        )


def _without_points(lat: float, lon: float, city: City) -> str:
    """Put the decimal point back where Excel took ``44.079612`` for thousands."""
    minx, miny, maxx, maxy = city.extent
    pair = []
    for value, low, high in ((lat, miny, maxy), (lon, minx, maxx)):
        digits = f"{abs(value):.0f}"
        degrees = float(f"{digits[:2]}.{digits[2:]}")
        if not low <= degrees <= high:
            return ""
        pair.append(f"{degrees}")
    return ", ".join(pair)


def _set_position(entry: Entry, lat: float, lon: float) -> None:
    entry.values["lat"], entry.values["lon"] = lat, lon


def _take_geometry(draft: Draft, entry: Entry) -> None:
    """Let the shape of a feature tell its latitude and longitude."""
    shape, values = entry.geometry, entry.values
    assert shape is not None  # noqa: S101
    given = values.get("lat"), values.get("lon")
    if not isinstance(shape, Point) and None not in given:
        return
    point = shape if isinstance(shape, Point) else shape.representative_point()
    lat, lon = round(point.y, _DIGITS), round(point.x, _DIGITS)
    apart = [
        abs(cell - drawn) > _SAME_PLACE
        for cell, drawn in zip(given, (lat, lon), strict=True)
        if cell is not None
    ]
    if any(apart):
        draft.report(
            entry,
            Rule.POSITION_TWICE,
            "lat",
            "lon",
            severity=Severity.WARNING,
            found=", ".join("" if cell is None else f"{cell:g}" for cell in given),
            expected=f"{lat}, {lon}",
        )
        entry.tolerated = True
    _set_position(entry, lat, lon)
    if isinstance(shape, Point):
        entry.geometry = Point(lon, lat)


def _inside(entry: Entry, city: City) -> bool:
    lat, lon = entry.values["lat"], entry.values["lon"]
    minx, miny, maxx, maxy = city.extent
    inside: bool = minx <= lon <= maxx and miny <= lat <= maxy
    if inside and entry.geometry is not None:
        left, bottom, right, top = entry.geometry.bounds
        return bool(minx <= left and right <= maxx and miny <= bottom and top <= maxy)
    return inside


def _told(kilometres: float) -> str:
    """Write a distance in a way that reads the same in every language."""
    if kilometres < _FAR_KM:
        return f"{kilometres * 1000:.0f} m"
    return f"{kilometres:.0f} km"


def _extent(city: City) -> str:
    minx, miny, maxx, maxy = city.extent
    return f"{miny} … {maxy}, {minx} … {maxx}"


def _outside(draft: Draft, entry: Entry, city: City, *, repair: bool) -> None:
    lat, lon = entry.values["lat"], entry.values["lon"]
    minx, miny, maxx, maxy = city.extent
    parts: dict[str, Any] = {
        "found": f"{lat:.12g}, {lon:.12g}",
        "expected": _extent(city),
    }
    swapped = minx <= lat <= maxx and miny <= lon <= maxy
    if not swapped:
        distance = kilometres_outside(lat, lon, city.extent)
        parts["expected"] += f"; {_told(distance)}"
        draft.report(entry, Rule.POSITION_OUTSIDE, "lat", "lon", **parts)
    elif repair:
        # Nothing else can be meant: the pair lies in the city the other way round only.
        _set_position(entry, lon, lat)
        if entry.geometry is not None:
            entry.geometry = flip(entry.geometry)
        draft.tolerate(
            entry,
            Rule.POSITION_REPAIRED,
            "lat",
            "lon",
            found=parts["found"],
            expected=f"{lon:.12g}, {lat:.12g}",
        )
    else:
        draft.report(
            entry,
            Rule.POSITION_SWAPPED,
            "lat",
            "lon",
            suggestion=f"{lon:.12g}, {lat:.12g}",
            **parts,
        )
