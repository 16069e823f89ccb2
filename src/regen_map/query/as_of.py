"""What of a catalogue was known on a day, put together from all that carries a date."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from regen_map.catalogue import TABLES, Catalogue, Milestone, PartialDate, Project, to_frame
from regen_map.query.money import money_of
from regen_map.query.projects import milestones_of

_FACTS = ("start", "end")
"""The dates of a project on which something took place."""

_PROMISES = ("first_declared_end", "declared_end")
"""The dates of which nobody wrote down when they were given."""


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
    turns = _turns(catalogue)
    latest = bisect_right(turns, day)
    news = _first_news(catalogue).values()
    return Past(
        # Nothing changes between two dates, and what is equal is made once.
        catalogue=_known_since(catalogue, turns[latest - 1] if latest else dt.date.min),
        n_undated=len(catalogue.projects) - len(news),
        n_undated_lines=int(catalogue.frames["funding"]["as_of"].isna().sum()),
        n_unsure=sum(first <= day < sure for first, sure in news),
    )


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
    dates = _dates(catalogue).values()
    return tuple(sorted({date.first_day for project in dates for date in project}))


@lru_cache(maxsize=4)
def _dates(catalogue: Catalogue) -> Mapping[str, Sequence[PartialDate]]:
    """Give all dates that tell when a project was known, by its id."""
    return {project.id: list(_dates_of(catalogue, project)) for project in catalogue.projects}


def _dates_of(catalogue: Catalogue, project: Project) -> Iterator[PartialDate]:
    yield from (step.date for step in milestones_of(catalogue, project.id))
    lines = money_of(catalogue, project.id).lines
    yield from (line.as_of for line in lines if line.as_of is not None)
    row = (getattr(project, name) for name in (*_FACTS, "as_of"))
    yield from (date for date in row if date is not None)


@lru_cache(maxsize=4)
def _first_news(catalogue: Catalogue) -> Mapping[str, tuple[dt.date, dt.date]]:
    """Give the days since which each project may have been known, and surely was."""
    return {
        project: (min(each.first_day for each in dates), min(each.last_day for each in dates))
        for project, dates in _dates(catalogue).items()
        if dates
    }


@lru_cache(maxsize=4)
def _turns(catalogue: Catalogue) -> Sequence[dt.date]:
    """Give the days from which on something else is told, the earliest first."""
    promised = (getattr(each, name) for each in catalogue.projects for name in _PROMISES)
    return sorted({*days_of_change(catalogue), *(each.last_day for each in promised if each)})


@lru_cache(maxsize=8)
def _known_since(catalogue: Catalogue, day: dt.date) -> Catalogue:
    by_then = partial(_not_after, day)
    return catalogue.with_tables(
        {
            "projects": _projects(catalogue, by_then),
            "funding": _rows(catalogue.frames["funding"], "as_of", by_then),
            "milestones": _rows(catalogue.frames["milestones"], "date", by_then),
        }
    )


def _last_day(date: PartialDate | None) -> PartialDate | None:
    return PartialDate(date.last_day.isoformat()) if date is not None else None


def _not_after(day: dt.date, date: PartialDate | None) -> bool:
    return date is not None and date.first_day <= day


_ByThen: TypeAlias = Callable[[PartialDate | None], bool]


def _rows(frame: pd.DataFrame, column: str, by_then: _ByThen) -> pd.DataFrame:
    kept = np.fromiter((by_then(date) for date in frame[column]), dtype=bool, count=len(frame))
    return frame if kept.all() else frame[kept].reset_index(drop=True)


def _projects(catalogue: Catalogue, by_then: _ByThen) -> pd.DataFrame:
    dates = _dates(catalogue)
    told = [
        project
        if by_then(project.as_of)
        else _told_by_dates(
            project, milestones_of(catalogue, project.id), dates[project.id], by_then
        )
        for project in catalogue.projects
        if any(map(by_then, dates[project.id]))
    ]
    unchanged = len(told) == len(catalogue.projects) and all(
        each is project for each, project in zip(told, catalogue.projects, strict=True)
    )
    return catalogue.frames["projects"] if unchanged else to_frame(told, TABLES["projects"])


def _told_by_dates(
    project: Project, steps: Sequence[Milestone], dates: Iterable[PartialDate], by_then: _ByThen
) -> Project:
    reached = [step for step in steps if step.phase is not None and by_then(step.date)]
    kept: dict[str, Any] = {
        name: date if by_then(date := getattr(project, name)) else None for name in _FACTS
    }
    for name in _PROMISES:
        promised = getattr(project, name)
        # Until its last day a promise may not have been given yet.
        kept[name] = promised if by_then(_last_day(promised)) else None
    # What merely names the project tells of when it was known, but not how it stood.
    facts = [step.date for step in reached[-1:]] + [kept[name] for name in _FACTS if kept[name]]
    last = max(facts or filter(by_then, dates), key=lambda date: date.first_day)
    phase = reached[-1].phase if reached else None
    later = any(step.phase is not None and not by_then(step.date) for step in steps)
    if project.as_of is None and not later and phase != project.phase:
        # It has gone on since, and nobody says when.
        phase = None
    return replace(project, phase=phase, stalled=None, as_of=last, **kept)
