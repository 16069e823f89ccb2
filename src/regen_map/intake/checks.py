"""What only several cells, rows or tables together can tell."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from shapely.geometry import Point

from regen_map.catalogue import PLACE_TABLES, City
from regen_map.intake.drafts import Draft, Entry
from regen_map.intake.issues import Rule, Severity
from regen_map.intake.nearest import nearest

_PLACES = tuple(table.name for table in PLACE_TABLES)
_SAME_PLACE = 1e-6
"""Degrees, about a tenth of a metre."""
_GUESSES = 200
"""How many unknown references of a table get a suggestion: each costs a search."""
_DIGITS = 7


def check_rows(draft: Draft, city: City) -> None:
    """
    Check each row of a table by itself, leaving out the unsound ones.

    Parameters
    ----------
    draft
        The table; located rows get their position and shape.
    city
        It tells where positions may lie.
    """
    names = set(draft.table.names)
    pairs = _pairs(draft)
    for entry in draft.entries:
        if not entry.values:
            continue
        # A shape that cannot be drawn is no missing position: it has its own issue.
        if {"lat", "lon"} <= names and entry.row.sound:
            _position(draft, entry, city)
        if {"start", "end"} <= names:
            _period(draft, entry)
        if "sources" in names:
            _sources(draft, entry, needed=draft.table.name in (*_PLACES, "projects"))
        _languages(draft, entry, pairs)


def check_tables(drafts: Mapping[str, Draft]) -> None:
    """
    Check the tables against each other, leaving out the unsound rows.

    Parameters
    ----------
    drafts
        The tables by name, each after those that it refers to.
    """
    seen: dict[object, str] = {}
    for name, draft in drafts.items():
        _keys(draft, seen if name in _PLACES else {})
    for draft in drafts.values():
        for column in draft.table.columns:
            if column.refers_to:
                tables = _PLACES if column.refers_to == "places" else (column.refers_to,)
                _references(draft, column.name, [drafts[each] for each in tables if each in drafts])
    if "stops" in drafts:
        _stop_order(drafts["stops"])


def _position(draft: Draft, entry: Entry, city: City) -> None:
    values = entry.values
    if entry.geometry is not None:
        _take_geometry(draft, entry)
    lat, lon = values.get("lat"), values.get("lon")
    refused = "lat" in entry.refused or "lon" in entry.refused
    if (lat is None) != (lon is None):
        if not refused:
            draft.report(entry, Rule.POSITION_HALF, "lat" if lat is None else "lon")
        return
    if lat is None or lon is None:
        accuracy = values.get("position_accuracy_m")
        if accuracy is not None and not refused:
            draft.report(
                entry,
                Rule.ACCURACY_WITHOUT_POSITION,
                "position_accuracy_m",
                severity=Severity.WARNING,
                found=f"{accuracy:g}",
            )
        return
    if draft.table.located and not _inside(entry, lat, lon, city):
        _report_outside(draft, entry, lat, lon, city)


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
    values["lat"], values["lon"] = lat, lon
    if isinstance(shape, Point):
        entry.geometry = Point(lon, lat)
    if entry.record is not None:
        entry.record = dataclasses.replace(entry.record, lat=lat, lon=lon)


def _inside(entry: Entry, lat: float, lon: float, city: City) -> bool:
    minx, miny, maxx, maxy = city.extent
    inside = minx <= lon <= maxx and miny <= lat <= maxy
    if inside and entry.geometry is not None:
        left, bottom, right, top = entry.geometry.bounds
        return bool(minx <= left and right <= maxx and miny <= bottom and top <= maxy)
    return inside


def _report_outside(draft: Draft, entry: Entry, lat: float, lon: float, city: City) -> None:
    minx, miny, maxx, maxy = city.extent
    swapped = minx <= lat <= maxx and miny <= lon <= maxy
    draft.report(
        entry,
        Rule.POSITION_SWAPPED if swapped else Rule.POSITION_OUTSIDE,
        "lat",
        "lon",
        found=f"{lat}, {lon}",
        expected=f"{miny} … {maxy}, {minx} … {maxx}",
        suggestion=f"{lon}, {lat}" if swapped else "",
    )


def _period(draft: Draft, entry: Entry) -> None:
    start, end = entry.values.get("start"), entry.values.get("end")
    if start is not None and end is not None and start.surely_after(end):
        draft.report(entry, Rule.DATES_REVERSED, "start", "end", found=f"{start}, {end}")


def _sources(draft: Draft, entry: Entry, *, needed: bool) -> None:
    sources, dates = entry.values.get("sources", ()), entry.values.get("source_dates", ())
    told = {"sources", "source_dates"}.isdisjoint(entry.refused)
    if told and dates and len(dates) != len(sources):
        draft.report(
            entry,
            Rule.SOURCE_DATES,
            "source_dates",
            found=str(len(dates)),
            expected=str(len(sources)),
        )
    if needed and not sources and "sources" not in entry.refused:
        draft.report(entry, Rule.NO_SOURCE, "sources", severity=Severity.WARNING)


def _pairs(draft: Draft) -> list[tuple[str, str]]:
    """Name the columns of the file that say the same in two languages, both ways round."""
    italian = [name for name in draft.headings if name.endswith("_it")]
    pairs = [(name, f"{name.removesuffix('_it')}_en") for name in italian]
    pairs = [pair for pair in pairs if pair[1] in draft.headings]
    return pairs + [(other, name) for name, other in pairs]


def _languages(draft: Draft, entry: Entry, pairs: list[tuple[str, str]]) -> None:
    for name, other in pairs:
        if name in entry.values and other not in entry.values and other not in entry.refused:
            draft.report(
                entry,
                Rule.ONE_LANGUAGE,
                name,
                severity=Severity.WARNING,
                expected=draft.headings[other],
            )


def _keys(draft: Draft, seen: dict[object, str]) -> None:
    for entry in draft.entries:
        key = tuple(entry.values.get(name) for name in draft.table.key)
        if not key or None in key:
            continue
        if key in seen:
            draft.report(
                entry,
                Rule.REPEATED,
                *draft.table.key,
                found=", ".join(map(str, key)),
                expected=seen[key],
            )
        else:
            seen[key] = f"{draft.file}:{entry.row.line or entry.row.number}"


def _references(draft: Draft, column: str, targets: list[Draft]) -> None:
    known = {entry.record.id for target in targets for entry in target.sound}
    left_out = {entry.values.get("id") for target in targets for entry in target.entries} - known
    guesses = _GUESSES
    for entry in draft.entries:
        wanted = entry.values.get(column)
        if wanted is None or wanted in known:
            continue
        if wanted in left_out:
            draft.report(entry, Rule.REFERENCE_LEFT_OUT, column, found=wanted)
            continue
        guesses -= 1
        draft.report(
            entry,
            Rule.REFERENCE_UNKNOWN,
            column,
            found=wanted,
            expected=", ".join(target.file for target in targets),
            suggestion=nearest(wanted, known) if guesses >= 0 else "",
        )


def _stop_order(draft: Draft) -> None:
    for stops in _by_itinerary(draft):
        stops.sort(key=lambda entry: entry.values["order"])
        for expected, entry in enumerate(stops, start=1):
            order = entry.values["order"]
            if order != expected:
                draft.report(
                    entry,
                    Rule.STOP_ORDER,
                    "order",
                    severity=Severity.WARNING,
                    found=str(order),
                    expected=str(expected),
                )
                break


def _by_itinerary(draft: Draft) -> Iterator[list[Entry]]:
    groups: dict[Any, dict[int, Entry]] = defaultdict(dict)
    for entry in draft.entries:
        itinerary, order = entry.values.get("itinerary_id"), entry.values.get("order")
        if itinerary is not None and order is not None:
            groups[itinerary].setdefault(order, entry)
    return (list(group.values()) for group in groups.values())
