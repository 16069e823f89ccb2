"""What of a catalogue was known on a day, put together from all that carries a date."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regen_map.catalogue import Catalogue, PartialDate, Project, derived
from regen_map.query.then import Then, rows_of

_FACTS = ("start", "end")
"""The dates of a project on which something took place."""

_PROMISES = ("first_declared_end", "declared_end")
"""The dates of which nobody wrote down when they were given."""

_TOLD = ("phase", "stalled", *_FACTS, *_PROMISES, "as_of")
"""The columns that a row which was checked later tells otherwise."""

_LENGTH = 16
"""Digits of a version."""

_NEVER = np.iinfo(np.int64).max

_Days: TypeAlias = NDArray[np.int64]
"""Days counted as in `datetime.date.toordinal`; `_NEVER` where there is no date."""

_Indices: TypeAlias = NDArray[np.intp]
_Mask: TypeAlias = NDArray[np.bool_]
_Cells: TypeAlias = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """
    What was known on a day.

    Attributes
    ----------
    catalogue
        The projects, funding lines and milestones that were known; everything else as it
        is now.
    n_undated
        How many projects are left out because nothing of them carries a date that tells
        when they were known.
    n_undated_lines
        How many funding lines are left out because they carry no date.
    n_unsure
        How many of its projects are only perhaps in it: their dates stop at the year or
        the month and may lie after the day.
    """

    catalogue: Catalogue
    n_undated: int
    n_undated_lines: int
    n_unsure: int


def known_on(catalogue: Catalogue, day: dt.date) -> Past:
    """
    Put together what was known on a day.

    A project was known if it had begun or ended, or if a milestone, a funding line or its
    own ``as_of`` is not later than the day; a date that stops at the month or the year is
    taken for the first day that it may mean. A row that was checked by then holds as it
    is. Of any other the phase is that of the last milestone that has one; the start and
    the end are told once they have come; an end that was declared is told once it has
    passed, because it was promised before, and nobody knows when; whether it had stalled
    is not known; and ``as_of`` is the date of the last of these facts. Names, texts and
    places are told as they are now, for nobody knows how they were. A figure that is not
    counted now is not counted then either.

    Parameters
    ----------
    catalogue
        What is known now.
    day
        In the city's time zone.

    Returns
    -------
    Past
        On a day by which every date has come, with the same content as `catalogue` except
        for what carries no date: undated funding lines and projects of which nothing is
        dated are never in it, and a row that nobody says when it was checked is told from
        its milestones. Whoever wants to know what is known today takes `catalogue`.
    """
    dated, asked = _dated(catalogue), day.toordinal()
    turn = int(np.searchsorted(dated.turns, asked, side="right"))
    return Past(
        # Nothing changes between two dates, and what is equal is made once.
        catalogue=_known_since(catalogue, int(dated.turns[turn - 1]) if turn else 0),
        n_undated=int((dated.first == _NEVER).sum()),
        n_undated_lines=int((dated.lines == _NEVER).sum()),
        n_unsure=int(((dated.first <= asked) & (asked < dated.sure)).sum()),
    )


@derived()
def days_of_change(catalogue: Catalogue) -> tuple[dt.date, ...]:
    """
    Give the days on which something becomes known.

    Returns
    -------
    tuple of datetime.date
        The first day that the date of a milestone, of a funding line, of the start, the
        end or the last check of a project may mean: each once, the earliest first. Some
        may lie in the future.
    """
    days = np.unique(_dated(catalogue).dates.days)
    return tuple(map(dt.date.fromordinal, days.tolist()))


@dataclass(frozen=True, eq=False)
class _History:
    """
    What of the projects carries a date, project after project, the earliest first.

    Parameters
    ----------
    ends
        Where the part of each project ends, shape ``(n_projects + 1,)`` with a leading 0.
    days
        The first day that each date may mean.
    cells
        What carries the date.
    """

    ends: _Indices
    days: _Days
    cells: _Cells

    def reached(self, asked: int) -> _Indices:
        """Count for each project what lies on a day or before."""
        passed = np.concatenate([[0], np.cumsum(self.days <= asked)])
        count: _Indices = passed[self.ends[1:]] - passed[self.ends[:-1]]
        return count

    @property
    def size(self) -> _Indices:
        """How much there is of each project."""
        return np.diff(self.ends)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Dated:
    """
    The dates of a catalogue, read once for all days.

    Attributes
    ----------
    dates
        All that tell when a project was known. Of those of one day the last is the one
        that stands first: steps, figures, start, end, last check.
    steps
        The milestones that tell of a phase; of those of one day in the order of the file.
    first, sure
        Since when each project may have been known, and surely was.
    lines, milestones
        The first day that the date of each funding line and each milestone may mean.
    cells
        The columns of the projects that depend on the day.
    days, last_days
        The first and the last days that the dates among them may mean.
    turns
        The days from which on something else is told, each once, the earliest first.
    """

    dates: _History
    steps: _History
    first: _Days
    sure: _Days
    lines: _Days
    milestones: _Days
    cells: Mapping[str, _Cells]
    days: Mapping[str, _Days]
    last_days: Mapping[str, _Days]
    turns: _Days


@derived()
def _dated(catalogue: Catalogue) -> _Dated:
    projects = catalogue.projects
    at = {project.id: index for index, project in enumerate(projects)}
    milestones, lines = rows_of(catalogue, "milestones"), rows_of(catalogue, "funding")
    cells = {name: _cells(getattr(each, name) for each in projects) for name in _TOLD}
    carriers = [
        *((at.get(each.project_id), each.date) for each in milestones),
        *((at.get(each.project_id), each.as_of) for each in lines),
        *(each for name in (*_FACTS, "as_of") for each in enumerate(cells[name])),
    ]
    told = [(owner, date) for owner, date in carriers if owner is not None and date is not None]
    owners = np.array([owner for owner, _ in told], dtype=np.intp)
    texts = _cells(date for _, date in told)
    days, last_days = _first_days(texts), _last_days(texts)
    phased = [each for each in milestones if each.phase is not None and each.project_id in at]
    first, sure = (np.full(len(projects), _NEVER) for _ in range(2))
    np.minimum.at(first, owners, days)
    np.minimum.at(sure, owners, last_days)
    dates_of = {name: cells[name] for name in (*_FACTS, *_PROMISES, "as_of")}
    of_last_days = {name: _last_days(cells[name]) for name in _PROMISES}
    turns = np.unique(np.concatenate([days, *of_last_days.values()]))
    return _Dated(
        dates=_history(owners, days, texts, len(projects), last=False),
        steps=_history(
            np.array([at[each.project_id] for each in phased], dtype=np.intp),
            _first_days(each.date for each in phased),
            _cells(phased),
            len(projects),
            last=True,
        ),
        first=first,
        sure=sure,
        lines=_first_days(each.as_of for each in lines),
        milestones=_first_days(each.date for each in milestones),
        cells=cells,
        days={name: _first_days(each) for name, each in dates_of.items()},
        last_days=of_last_days,
        turns=turns[turns != _NEVER],
    )


def _cells(values: Iterable[Any]) -> _Cells:
    listed = list(values)
    cells = np.empty(len(listed), dtype=object)
    cells[:] = listed
    return cells


def _first_days(dates: Iterable[PartialDate | None]) -> _Days:
    days = (_NEVER if each is None else each.first_day.toordinal() for each in dates)
    return np.fromiter(days, dtype=np.int64)


def _last_days(dates: Iterable[PartialDate | None]) -> _Days:
    days = (_NEVER if each is None else each.last_day.toordinal() for each in dates)
    return np.fromiter(days, dtype=np.int64)


def _history(owners: _Indices, days: _Days, cells: _Cells, size: int, *, last: bool) -> _History:
    """Sort by project and day; what comes later among those of one day stands last, or first."""
    places = np.arange(owners.size)
    order = np.lexsort((places if last else -places, days, owners))
    ends = np.searchsorted(owners[order], np.arange(size + 1))
    return _History(ends, days[order], cells[order])


# Not kept in the catalogue: what is known of it holds it.
@lru_cache(maxsize=8)
def _known_since(catalogue: Catalogue, turn: int) -> Catalogue:
    dated = _dated(catalogue)
    known = dated.first <= turn
    whole = known & (dated.days["as_of"] <= turn)
    kept = {"funding": dated.lines <= turn, "milestones": dated.milestones <= turn}
    if whole.all() and all(each.all() for each in kept.values()):
        return catalogue
    told = _told_by_dates(dated, np.flatnonzero(known & ~whole), turn)
    frame, projects = _projects(catalogue, known, told)
    frames = {name: _rows(catalogue.frames[name], each) for name, each in kept.items()}
    rows = {name: tuple(_cells(rows_of(catalogue, name))[each]) for name, each in kept.items()}
    content = f"{catalogue.version} {dt.date.fromordinal(turn) if turn else None}"
    return Then(
        city=catalogue.city,
        vocabularies=catalogue.vocabularies,
        frames={**catalogue.frames, "projects": frame, **frames},
        version=hashlib.sha256(content.encode()).hexdigest()[:_LENGTH],
        now=catalogue,
        rows={"projects": projects, **rows},
    )


def _rows(frame: pd.DataFrame, kept: _Mask) -> pd.DataFrame:
    return frame if kept.all() else frame[kept].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class _Told:
    """What some projects are told to have been: which, and the cells of `_TOLD`."""

    at: _Indices
    cells: Mapping[str, _Cells]


def _projects(
    catalogue: Catalogue, known: _Mask, told: _Told
) -> tuple[pd.DataFrame, tuple[Project, ...]]:
    """Give the projects that were known as a table and as records."""
    frame, projects = catalogue.frames["projects"], _cells(catalogue.projects)
    columns = {}
    for name, cells in told.cells.items():
        column = frame[name].to_numpy(dtype=object, copy=True)
        column[told.at] = cells
        columns[name] = pd.Series(column, index=frame.index, dtype=object)
    rows = zip(*told.cells.values(), strict=True)
    projects[told.at] = [
        replace(project, **dict(zip(_TOLD, row, strict=True)))
        for project, row in zip(projects[told.at], rows, strict=True)
    ]
    return frame.assign(**columns)[known], tuple(projects[known])


def _told_by_dates(dated: _Dated, at: _Indices, turn: int) -> _Told:
    """Tell from what carries a date how some projects were that nobody had checked by then."""
    n_reached = dated.steps.reached(turn)[at]
    stepped, later = n_reached > 0, n_reached < dated.steps.size[at]
    last_step = (dated.steps.ends[:-1][at] + n_reached - 1)[stepped]
    steps = dated.steps.cells[last_step]
    phase = np.full(at.size, None, dtype=object)
    phase[stepped] = [step.phase for step in steps]
    # It has gone on since, and nobody says when.
    gone_on = _is_none(dated.cells["as_of"][at]) & ~later & (phase != dated.cells["phase"][at])
    phase[gone_on] = None

    came = {name: dated.days[name][at] <= turn for name in _FACTS}
    # Until its last day a promise may not have been given yet.
    came |= {name: dated.last_days[name][at] <= turn for name in _PROMISES}
    cells = {
        name: np.where(told, dated.cells[name][at], np.array(None, dtype=object))
        for name, told in came.items()
    }
    step_dates, step_days = np.full(at.size, None, dtype=object), np.full(at.size, 0)
    step_dates[stepped] = [step.date for step in steps]
    step_days[stepped] = dated.steps.days[last_step]
    # What merely names the project tells of when it was known, but not how it stood.
    named = dated.dates.ends[:-1][at] + dated.dates.reached(turn)[at] - 1
    as_of = dated.dates.cells[named]
    facts = [(step_days, step_dates)]
    facts += [(np.where(came[name], dated.days[name][at], 0), cells[name]) for name in _FACTS]
    days = np.stack([each for each, _ in facts])
    latest, found = days.argmax(axis=0), np.flatnonzero(days.any(axis=0))
    as_of[found] = np.stack([each for _, each in facts])[latest[found], found]
    stalled = np.full(at.size, None, dtype=object)
    return _Told(at, {"phase": phase, "stalled": stalled, **cells, "as_of": as_of})


def _is_none(cells: _Cells) -> _Mask:
    return np.fromiter((each is None for each in cells), dtype=bool, count=cells.size)
