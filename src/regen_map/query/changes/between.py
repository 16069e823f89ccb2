"""What differs between two catalogues of a city, cell by cell, and what that means."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

import geopandas as gpd
import pandas as pd

from regen_map.catalogue import CRS, PLACE_TABLES, TABLES, Catalogue, Table, derived
from regen_map.query.changes.cells import differences_of_row
from regen_map.query.changes.difference import Change, Difference
from regen_map.query.changes.matching import Cells, pairs_of, rows_of_frame
from regen_map.query.changes.sums import differences_of_sums

_RANK = {kind: rank for rank, kind in enumerate(Change)}

_SECTIONS: tuple[tuple[str, ...], ...] = (
    ("projects", "funding", "milestones"),
    tuple(table.name for table in PLACE_TABLES),
    ("events",),
    ("itineraries", "stops"),
    *((name,) for name in ("programmes", "streets", "addresses", "creative_cities")),
)
"""The tables that tell of the same subjects, in the order in which they are told."""
_SECTION = {name: rank for rank, names in enumerate(_SECTIONS) for name in names}

_PARTS = {"funding": "projects", "milestones": "projects", "stops": "itineraries"}
"""The tables whose rows are parts of a subject of another, and that one."""

_SUBJECT = {
    "funding": ("project_id",),
    "milestones": ("project_id",),
    "stops": ("itinerary_id",),
    "streets": ("name",),
    "addresses": ("street", "number"),
}
"""The columns that name what a row is about, where that is not its ``id``."""


def changes_between(
    before: Catalogue, after: Catalogue, tables: tuple[str, ...] = tuple(TABLES)
) -> tuple[Difference, ...]:
    """
    Tell what differs between two catalogues of a city.

    Rows are the same that have the same key: the id, the name of a street, street and
    number of a door. A funding line is the one of the same project, programme and nature,
    first among those with the same source and date, then with the same source, then among
    all; a milestone the one of the same project and date, first with the same source, or
    of the same text; a stop the one of the same walk at the same place, or else with the
    same number. Rows that share all of these are matched in the order of the files. In
    what order rows stand is no difference. The sums of a project are told where its money
    differs, but not those of one that is new or removed: its lines tell them. A row that
    the later files have, but with a fault, is left out and not removed, and so is what is
    told of it in other tables.

    Parameters
    ----------
    before, after
        The catalogues; distances are measured in the city of the later.
    tables
        Which tables are compared. Settings of the city and vocabularies are not.

    Returns
    -------
    tuple of Difference
        By subject: projects with their money and milestones, places, events, walks with
        their stops, and all else; the subjects with the most telling difference first,
        and so are the differences of each. Empty where nothing differs.
    """
    known = _compared_with(after).setdefault(before, {})
    if tables not in known:
        known[tables] = _between(before, after, tables)
    return known[tables]


@derived()
def _compared_with(
    after: Catalogue,  # noqa: ARG001 -- it keeps them
) -> WeakKeyDictionary[Catalogue, dict[tuple[str, ...], tuple[Difference, ...]]]:
    """Keep what was found before; an earlier catalogue lives no longer for that."""
    return WeakKeyDictionary()


def _between(
    before: Catalogue, after: Catalogue, tables: tuple[str, ...]
) -> tuple[Difference, ...]:
    found: list[Difference] = []
    for name in tables:
        if before.frames[name] is not after.frames[name]:
            rows = _of_table(TABLES[name], before.frames[name], after.frames[name])
            left_out = _left_out(name, after)
            found += (_or_left_out(each, left_out) for each in rows)
    if "funding" in tables:
        touched = {each.subject for each in found if each.table == "funding"}
        # Of what came or went as a whole the lines alone tell the money.
        touched -= {each.subject for each in found if each.table == "projects" and _whole(each)}
        found += differences_of_sums(before.frames["funding"], after.frames["funding"], touched)
    return _in_order(_measured(found, after.city.metric_crs))


def _left_out(table: str, after: Catalogue) -> frozenset[str]:
    """Give the subjects of a table that the files have, but with a fault."""
    return after.left_out.get(_PARTS.get(table, table), frozenset())


def _or_left_out(difference: Difference, left_out: Collection[str]) -> Difference:
    if difference.kind is Change.REMOVED and difference.subject in left_out:
        return replace(difference, kind=Change.LEFT_OUT)
    return difference


def by_subject(differences: Iterable[Difference]) -> tuple[tuple[Difference, ...], ...]:
    """Put the differences that `changes_between` gave of one subject together, order kept."""
    return tuple(tuple(group) for _, group in groupby(differences, key=_about))


def _of_table(table: Table, before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Difference]:
    for old, new in pairs_of(table, rows_of_frame(table, before), rows_of_frame(table, after)):
        record_before, record_after = _record(table, old), _record(table, new)
        row = Difference(
            table=table.name,
            subject=_subject(table, old if new is None else new),
            kind=Change.NEW,
            old=record_before,
            new=record_after,
        )
        if old is None:
            yield replace(row, kind=Change.STEP) if table.name == "milestones" else row
        elif new is None:
            yield replace(row, kind=Change.REMOVED)
        else:
            yield from differences_of_row(table, row, old, new)


def _record(table: Table, row: Cells | None) -> Any:
    # What follows the columns is the shape.
    return None if row is None else table.record(**dict(zip(table.names, row, strict=False)))


def _subject(table: Table, row: Cells | None) -> str:
    cells = dict(zip(table.names, row or (), strict=False))
    return " ".join(str(cells[name]) for name in _SUBJECT.get(table.name, ("id",)))


def _measured(found: Sequence[Difference], metric_crs: str) -> Sequence[Difference]:
    """Add to what moved how far it did."""
    moved = [at for at, each in enumerate(found) if each.kind is Change.MOVED]
    if not moved:
        return found
    ends = [
        gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=CRS).to_crs(metric_crs)
        for lat, lon in (
            zip(*(getattr(found[at], side) for at in moved), strict=True)
            for side in ("before", "after")
        )
    ]
    metres = ends[0].distance(ends[1])
    measured = list(found)
    for at, distance in zip(moved, metres, strict=True):
        if math.isfinite(distance):
            measured[at] = replace(found[at], metres=float(distance))
    return measured


def _in_order(found: Iterable[Difference]) -> tuple[Difference, ...]:
    groups: defaultdict[tuple[int, str], list[Difference]] = defaultdict(list)
    for each in found:
        groups[_about(each)].append(each)
    ordered = {about: sorted(group, key=_rank) for about, group in groups.items()}
    keys = sorted(ordered, key=lambda about: (about[0], _rank(ordered[about][0])))
    return tuple(each for about in keys for each in ordered[about])


def _about(difference: Difference) -> tuple[int, str]:
    return _SECTION[difference.table], difference.subject


def _rank(difference: Difference) -> int:
    """Tell how telling a difference is: a line or a step more or less is not a project more."""
    kind = Change.STEP if _whole(difference) and difference.table in _PARTS else difference.kind
    return _RANK[kind]


def _whole(difference: Difference) -> bool:
    return difference.kind in (Change.NEW, Change.REMOVED, Change.LEFT_OUT)
