"""What differs between two states of one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import shapely

from regen_map.catalogue import PartialDate, Phase, Table
from regen_map.query.changes.difference import POSITION, SHAPE, Change, Difference
from regen_map.query.changes.matching import Cells
from regen_map.query.delays import whole_months

_PHASES = {phase.value: rank for rank, phase in enumerate(Phase)}

_EMPTY = (None, ())
_ENDS = ("declared_end", "first_declared_end")


def differences_of_row(
    table: Table, row: Difference, old: Cells, new: Cells
) -> Iterator[Difference]:
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
