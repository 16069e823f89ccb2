"""What differs between two catalogues of a city, cell by cell, and what that means."""

from __future__ import annotations

import enum
import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from regen_map.catalogue import CRS, PLACE_TABLES, TABLES, Catalogue, PartialDate, Phase, Table
from regen_map.query.delays import whole_months


class Change(enum.StrEnum):
    """What became of something, the most telling first."""

    NEW = "new"
    """A row that was not there; of the milestones it is a `STEP`."""
    REMOVED = "removed"
    DROPPED = "dropped"
    """A project that will not go on."""
    SET_BACK = "set_back"
    """A project in an earlier phase than it was."""
    ADVANCED = "advanced"
    STALLED = "stalled"
    RESUMED = "resumed"
    """A project that had stalled or been dropped, and goes on."""
    DELAYED = "delayed"
    """The end that is declared is surely later than the one that was."""
    BROUGHT_FORWARD = "brought_forward"
    MONEY_UP = "money_up"
    MONEY_DOWN = "money_down"
    MONEY_KNOWN = "money_known"
    """The sum of a nature is larger, or there is one, because an amount became known."""
    MONEY_WITHDRAWN = "money_withdrawn"
    """The sum of a nature is smaller, or there is none, because an amount is not told any more."""
    STEP = "step"
    MOVED = "moved"
    """A place that lies elsewhere."""
    KNOWN = "known"
    """A cell that was empty."""
    MENDED = "mended"
    """A cell that held something else."""
    WITHDRAWN = "withdrawn"
    """A cell that is empty now."""
    CHECKED = "checked"
    """Another date of the last check of a row."""


_RANK = {kind: rank for rank, kind in enumerate(Change)}
_PHASES = {phase.value: rank for rank, phase in enumerate(Phase)}

_SECTIONS: tuple[tuple[str, ...], ...] = (
    ("projects", "funding", "milestones"),
    tuple(table.name for table in PLACE_TABLES),
    ("events",),
    ("itineraries", "stops"),
    *((name,) for name in ("programmes", "streets", "addresses", "creative_cities")),
)
"""The tables that tell of the same subjects, in the order in which they are told."""
_SECTION = {name: rank for rank, names in enumerate(_SECTIONS) for name in names}

_PARTS = ("funding", "milestones", "stops")
"""The tables whose rows are parts of a subject of another."""

_SUBJECT = {
    "funding": ("project_id",),
    "milestones": ("project_id",),
    "stops": ("itinerary_id",),
    "streets": ("name",),
    "addresses": ("street", "number"),
}
"""The columns that name what a row is about, where that is not its ``id``."""

_LINE = ("project_id", "programme_id", "nature")
_KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "funding": ((*_LINE, "source", "as_of"), (*_LINE, "source"), _LINE),
    "milestones": (
        ("project_id", "date", "source"),
        ("project_id", "date"),
        ("project_id", "text_it"),
    ),
    "stops": (("itinerary_id", "place_id"), ("itinerary_id", "order")),
}
"""
By what rows are taken for the same where the key of the table does not tell: one after the
other, each among the rows for which the one before found none.
"""

POSITION, SHAPE = "position", "shape"
"""The columns that stand for ``lat`` and ``lon`` together, and for what is drawn on the map."""

_EMPTY = (None, ())
_ENDS = ("declared_end", "first_declared_end")

_Cells: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    One thing that two catalogues tell differently.

    Attributes
    ----------
    table
        In which table.
    subject
        Id of what it is about: of the project for its money and its milestones, of the
        walk for its stops; the name of a street, street and number of a door.
    kind
        What became of it.
    column
        Which cell; `POSITION`, `SHAPE`, or empty for a whole row.
    before, after
        What it held and holds, None for what is not known; the sums of a `nature` in
        euro; latitude and longitude in degrees WGS84 of a `POSITION`; a shape in EPSG:4326.
        Of a declared end the latest that was declared, or the first where there is no other.
    old, new
        The row as it was and as it is, of the table's type; None where there is none, and
        for sums, which are of several rows.
    nature
        Of what money a sum is; empty for all else.
    metres
        How far apart the two positions lie, in the metric CRS of the city.
    months
        By at least and at most how many whole months a declared end has moved, as far as
        its dates tell.
    """

    table: str
    subject: str
    kind: Change
    column: str = ""
    before: Any = None
    after: Any = None
    old: Any = None
    new: Any = None
    nature: str = ""
    metres: float | None = None
    months: tuple[int, int] | None = None


@lru_cache(maxsize=4)
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
    what order rows stand is no difference.

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
    found: list[Difference] = []
    for name in tables:
        if before.frames[name] is not after.frames[name]:
            found += _of_table(TABLES[name], before.frames[name], after.frames[name])
    if "funding" in tables:
        touched = {each.subject for each in found if each.table == "funding"}
        found += _of_sums(before.frames["funding"], after.frames["funding"], touched)
    return _in_order(_measured(found, after.city.metric_crs))


def by_subject(differences: Iterable[Difference]) -> tuple[tuple[Difference, ...], ...]:
    """Put the differences that `changes_between` gave of one subject together, order kept."""
    return tuple(tuple(group) for _, group in groupby(differences, key=_about))


def _of_table(table: Table, before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Difference]:
    for old, new in _pairs(table, _rows(table, before), _rows(table, after)):
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
            yield from _of_row(table, row, old, new)


def _rows(table: Table, frame: pd.DataFrame) -> list[_Cells]:
    """Give the rows of a table as tuples of its columns and of the shape, if it is no point."""
    columns = [_cells(frame[name]) for name in table.names]
    return list(zip(*columns, _shapes(frame), strict=True))


def _cells(column: pd.Series[Any]) -> list[Any]:
    # No two missing numbers are equal, and each is another.
    return column.astype(object).where(column.notna(), None).tolist()


def _shapes(frame: pd.DataFrame) -> list[bytes | None]:
    """Give the shapes that latitude and longitude do not tell, as WKB."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return [None] * len(frame)
    shapes = frame.geometry.to_numpy()
    drawn = np.isin(shapely.get_type_id(shapes), (-1, shapely.GeometryType.POINT), invert=True)
    found = np.full(len(frame), None, dtype=object)
    found[drawn] = shapely.to_wkb(shapes[drawn], output_dimension=2, byte_order=1)
    return list(found)


def _pairs(
    table: Table, before: list[_Cells], after: list[_Cells]
) -> Iterator[tuple[_Cells | None, _Cells | None]]:
    """Match the rows that differ: the later order, and then those that are gone."""
    old, new = _without(before, after), _without(after, before)
    matched: dict[int, int] = {}
    left = list(range(len(old)))
    for key in _KEYS.get(table.name, (table.key,)):
        places = [table.names.index(name) for name in key]
        waiting: defaultdict[_Cells, deque[int]] = defaultdict(deque)
        for at in left:
            waiting[tuple(old[at][place] for place in places)].append(at)
        for at, row in enumerate(new):
            alike = (
                waiting.get(tuple(row[place] for place in places)) if at not in matched else None
            )
            if alike:
                matched[at] = alike.popleft()
        left = sorted(at for each in waiting.values() for at in each)
    for at, row in enumerate(new):
        yield (old[matched[at]] if at in matched else None), row
    for at in left:
        yield old[at], None


def _without(rows: Sequence[_Cells], others: Iterable[_Cells]) -> list[_Cells]:
    """Leave out each row as often as it is among others."""
    alike = Counter(others)
    left = []
    for row in rows:
        if alike[row]:
            alike[row] -= 1
        else:
            left.append(row)
    return left


def _record(table: Table, row: _Cells | None) -> Any:
    # What follows the columns is the shape.
    return None if row is None else table.record(**dict(zip(table.names, row, strict=False)))


def _subject(table: Table, row: _Cells | None) -> str:
    cells = dict(zip(table.names, row or (), strict=False))
    return " ".join(str(cells[name]) for name in _SUBJECT.get(table.name, ("id",)))


def _of_row(table: Table, row: Difference, old: _Cells, new: _Cells) -> Iterator[Difference]:
    """Tell what differs between two states of a row."""
    changed = {
        name: (left, right)
        for name, left, right in zip(table.names, old, new, strict=False)
        if left != right
    }
    if "lat" in changed or "lon" in changed:
        changed.pop("lat", None)
        changed.pop("lon", None)
        changed[POSITION] = (_position(row.old), _position(row.new))
    if old[-1] != new[-1]:
        changed[SHAPE] = (_shape(old[-1]), _shape(new[-1]))
    if table.name == "projects":
        yield from _of_declared_end(row, changed)
    for name, (left, right) in changed.items():
        kind = _kind(table.name, name, left, right)
        yield replace(row, kind=kind, column=name, before=_known(left), after=_known(right))


def _known(cell: Any) -> Any:
    """Give what a cell holds; None for an empty list too."""
    return None if cell in _EMPTY else cell


def _kind(table: str, column: str, before: Any, after: Any) -> Change:  # noqa: PLR0911
    if column == "as_of" and table != "funding":
        return Change.CHECKED
    if table == "projects" and column == "stalled" and after is not None:
        if after:
            return Change.STALLED
        return Change.KNOWN if before is None else Change.RESUMED
    if before in _EMPTY:
        return Change.KNOWN
    if after in _EMPTY:
        return Change.WITHDRAWN
    if table == "projects" and column == "phase":
        return _kind_of_phase(before, after)
    return Change.MOVED if column == POSITION else Change.MENDED


def _kind_of_phase(before: str, after: str) -> Change:
    if after == Phase.DROPPED:
        return Change.DROPPED
    if before == Phase.DROPPED:
        return Change.RESUMED
    if before not in _PHASES or after not in _PHASES:
        return Change.MENDED
    return Change.ADVANCED if _PHASES[after] > _PHASES[before] else Change.SET_BACK


def _of_declared_end(row: Difference, changed: dict[str, tuple[Any, Any]]) -> Iterator[Difference]:
    """Tell whether the end that is declared has moved, and take it out of the changes if so."""
    old, new = _declared_end(row.old), _declared_end(row.new)
    withdrawn = row.old.declared_end is not None and row.new.declared_end is None
    if old is None or new is None or withdrawn:
        return
    column = "first_declared_end" if row.new.declared_end is None else "declared_end"
    if new.surely_after(old):
        kind = Change.DELAYED
    elif old.surely_after(new):
        kind = Change.BROUGHT_FORWARD
    else:
        return
    months = (
        whole_months(old.last_day, new.first_day),
        whole_months(old.first_day, new.last_day),
    )
    changed.pop(column, None)
    yield replace(row, kind=kind, column=column, before=old, after=new, months=months)


def _declared_end(project: Any) -> PartialDate | None:
    dates = (getattr(project, name) for name in _ENDS)
    return next((date for date in dates if date is not None), None)


def _position(record: Any) -> tuple[float, float] | None:
    return None if record.lat is None or record.lon is None else (record.lat, record.lon)


def _shape(wkb: bytes | None) -> Any:
    return None if wkb is None else shapely.from_wkb(wkb)


class _Sum(NamedTuple):
    """Counted lines of one nature: their sum where any amount is known, and how many are not."""

    amount_eur: Decimal | None = None
    n_unknown: int = 0


_NO_SUM = _Sum()


def _of_sums(before: pd.DataFrame, after: pd.DataFrame, projects: set[str]) -> Iterator[Difference]:
    old, new = _sums(before, projects), _sums(after, projects)
    for project, nature in dict.fromkeys((*new, *old)):
        left, right = old.get((project, nature), _NO_SUM), new.get((project, nature), _NO_SUM)
        if left.amount_eur != right.amount_eur:
            yield Difference(
                table="funding",
                subject=project,
                kind=_kind_of_sums(left, right),
                column="amount_eur",
                before=left.amount_eur,
                after=right.amount_eur,
                nature=nature,
            )


def _sums(frame: pd.DataFrame, projects: set[str]) -> dict[tuple[str, str], _Sum]:
    lines = frame[frame["project_id"].isin(projects) & frame["counted"].astype(bool)]
    sums: dict[tuple[str, str], _Sum] = {}
    columns = (lines[name] for name in ("project_id", "nature", "amount_eur"))
    for project, nature, amount in zip(*columns, strict=True):
        found = sums.get((project, nature), _NO_SUM)
        sums[project, nature] = (
            found._replace(n_unknown=found.n_unknown + 1)
            if amount is None
            else found._replace(amount_eur=(found.amount_eur or Decimal(0)) + amount)
        )
    return sums


def _kind_of_sums(before: _Sum, after: _Sum) -> Change:
    if before.amount_eur is None:
        return Change.MONEY_KNOWN
    if after.amount_eur is None:
        return Change.MONEY_WITHDRAWN
    # A line of which only the amount was missing is no more money than there was.
    if after.amount_eur > before.amount_eur:
        return Change.MONEY_KNOWN if after.n_unknown < before.n_unknown else Change.MONEY_UP
    return Change.MONEY_WITHDRAWN if after.n_unknown > before.n_unknown else Change.MONEY_DOWN


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
    whole_row = difference.kind in (Change.NEW, Change.REMOVED)
    kind = Change.STEP if whole_row and difference.table in _PARTS else difference.kind
    return _RANK[kind]
