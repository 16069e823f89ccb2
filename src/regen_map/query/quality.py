"""What in a catalogue is old, unlocated or at odds with itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from regen_map.catalogue import (
    PLACE_TABLES,
    Catalogue,
    Event,
    Funding,
    Milestone,
    PartialDate,
    Phase,
    Place,
    Programme,
    Project,
)
from regen_map.query.delays import months_before, whole_months
from regen_map.query.expected import UNDER_WAY, rows_of_table
from regen_map.query.money import money_of
from regen_map.query.opening import hours_hold
from regen_map.query.projects import milestones_of
from regen_map.query.reasons import Why
from regen_map.query.totals import has_position

STALE_MONTHS = 24
"""After so many months somebody should look again."""

Dated: TypeAlias = Place | Project | Programme | Event | Funding
"""A row that may say when it was checked."""

_ENDED = "ended"
_ORDER = {phase.value: index for index, phase in enumerate(Phase)}
_FINISHED = frozenset({Phase.COMPLETED, Phase.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """
    A row, and until when it is known to hold.

    Attributes
    ----------
    table, row
        Which one.
    known_of
        See `known_of`.
    months
        How many whole months ago that surely is; None where it has no date.
    """

    table: str
    row: Dated
    known_of: PartialDate | None
    months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oldest:
    """
    Rows by their age.

    Attributes
    ----------
    dated
        The rows with the oldest dates, the oldest first.
    undated
        All rows without any date, in file order.
    """

    dated: tuple[Aged, ...]
    undated: tuple[Aged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocated:
    """
    What no map can show.

    Attributes
    ----------
    places
        Those without a position.
    projects
        Those at one of these places, and those without a place, which may concern the
        whole town.
    """

    places: tuple[Place, ...]
    projects: tuple[Project, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """
    What cannot all be right.

    Attributes
    ----------
    table, row
        Which row says so, or is contradicted.
    why
        What it is: `Why.FIGURES_DIFFER`, `Why.PHASE_BEHIND` …
    column
        Where it would be mended, as the files spell it.
    """

    table: str
    row: Project | Event
    why: Why
    column: str


def known_of(row: Dated) -> PartialDate | None:
    """
    Tell until when a row is known to hold.

    Returns
    -------
    PartialDate or None
        When it was checked; where it does not say so, the newest date of its sources,
        for nobody has told anything later; None where it has no date at all.
    """
    if row.as_of is not None or isinstance(row, Funding):
        return row.as_of
    dates = (date for date in row.source_dates if date is not None)
    return max(dates, key=lambda date: date.last_day, default=None)


def stale(
    catalogue: Catalogue,
    day: dt.date,
    months: int = STALE_MONTHS,
    projects: Sequence[Project] | None = None,
) -> tuple[Aged, ...]:
    """
    List what was surely checked that long ago, and may have changed since.

    Parameters
    ----------
    catalogue
        Whose rows.
    day
        The day from which ages are counted.
    months
        Whole months after which a row is stale.
    projects
        Only these projects and their places; None for the whole catalogue.

    Returns
    -------
    tuple of Aged
        Projects that are neither completed nor dropped, places that are not closed, and
        events that are still held, the oldest first. What has ended does not change any
        more; what has no date at all is told by `oldest`.
    """
    before = months_before(day, months)
    found = []
    for table, row in dated_rows(catalogue, projects):
        date = known_of(row)
        if _may_change(row) and date is not None and date.last_day <= before:
            age = whole_months(date.last_day, day)
            found.append(Aged(table=table, row=row, known_of=date, months=age))
    return tuple(sorted(found, key=_oldest_first))


def oldest(catalogue: Catalogue, n: int = 20, projects: Sequence[Project] | None = None) -> Oldest:
    """
    Give the rows with the oldest dates, whether they may have changed since or not.

    Parameters
    ----------
    catalogue
        Whose places, projects, funding lines, programmes and events.
    n
        How many of those that have a date.
    projects
        Only these projects, their funding lines and their places; None for all.
    """
    rows = [
        Aged(table=table, row=row, known_of=known_of(row))
        for table, row in dated_rows(catalogue, projects)
    ]
    dated = sorted((each for each in rows if each.known_of), key=_oldest_first)
    return Oldest(dated=tuple(dated[:n]), undated=tuple(each for each in rows if not each.known_of))


def unlocated(catalogue: Catalogue, projects: Sequence[Project] | None = None) -> Unlocated:
    """
    List the places and projects that have no position.

    Parameters
    ----------
    catalogue
        Whose they are.
    projects
        Only these projects and their places; None for the whole catalogue.
    """
    listed = catalogue.projects if projects is None else projects
    return Unlocated(
        places=tuple(
            place
            for _, place in places_of(catalogue, projects)
            if place.lat is None or place.lon is None
        ),
        projects=tuple(each for each in listed if not has_position(catalogue, each)),
    )


def contradictions(
    catalogue: Catalogue, day: dt.date, projects: Sequence[Project] | None = None
) -> tuple[Contradiction, ...]:
    """
    List what cannot all be right.

    Parameters
    ----------
    catalogue
        Whose projects and events.
    day
        On which an end has come or not.
    projects
        Only these projects, and no events; None for the whole catalogue.

    Returns
    -------
    tuple of Contradiction
        Projects in their order, then events. A project has other figures where it has a
        line that is not counted, as `regen_map.query.Money.contradicted` says; an older
        figure is told as well, for only who knows can say which holds.
    """
    found = [
        Contradiction(table="projects", row=project, why=why, column=column)
        for project in (catalogue.projects if projects is None else projects)
        for why, column in _odds(catalogue, project, day)
    ]
    if projects is None:
        found += [
            Contradiction(table="events", row=event, why=Why.QUARTERS_DIFFER, column="quarter")
            for event in rows_of_table(catalogue, "events")
            if _elsewhere(catalogue, event)
        ]
    return tuple(found)


def newer_phase(catalogue: Catalogue, project: Project, day: dt.date) -> Milestone | None:
    """
    Find a step that tells of another phase than a project's row, and is newer.

    Returns
    -------
    Milestone or None
        The last step with a phase, not after the day, where it surely came after the row
        is known to hold. Where the row has no date at all, only a later phase is told:
        an earlier one says nothing against it. None where nothing is newer, and where the
        row tells of no phase.
    """
    steps = [
        step
        for step in milestones_of(catalogue, project.id)
        if step.phase and step.date.first_day <= day
    ]
    if not steps or project.phase is None:
        return None
    last = max(step.date.last_day for step in steps)
    newest = [step for step in steps if step.date.last_day == last]
    step = max(newest, key=lambda each: _ORDER.get(each.phase or "", 0))
    if any(each.phase == project.phase for each in newest):
        return None
    known = known_of(project)
    later = _ORDER.get(step.phase or "", 0) > _ORDER.get(project.phase, 0)
    return step if (step.date.surely_after(known) if known else later) else None


def dated_rows(
    catalogue: Catalogue, projects: Sequence[Project] | None
) -> Iterator[tuple[str, Dated]]:
    """Give the rows that may have a date: of some projects, or None for all that there are."""
    yield from places_of(catalogue, projects)
    listed = catalogue.projects if projects is None else projects
    yield from (("projects", each) for each in listed)
    yield from (("funding", line) for each in listed for line in money_of(catalogue, each.id).lines)
    if projects is None:
        for table in ("programmes", "events"):
            yield from ((table, each) for each in rows_of_table(catalogue, table))


def places_of(
    catalogue: Catalogue, projects: Iterable[Project] | None
) -> Iterator[tuple[str, Place]]:
    """Give places with the name of their table, each once; None for all that there are."""
    if projects is None:
        for table in PLACE_TABLES:
            yield from ((table.name, each) for each in rows_of_table(catalogue, table.name))
        return
    ids = dict.fromkeys(each.place_id for each in projects if each.place_id)
    for place in map(catalogue.place, ids):
        if place is not None:
            yield table_of(place), place


def table_of(place: Place) -> str:
    """Name the table in which a place stands."""
    return next(table.name for table in PLACE_TABLES if isinstance(place, table.record))


def _odds(catalogue: Catalogue, project: Project, day: dt.date) -> Iterator[tuple[Why, str]]:
    """Give what is at odds in a project, and the column where it would be mended."""
    end, phase = project.end, project.phase
    if newer_phase(catalogue, project, day):
        yield Why.PHASE_BEHIND, "phase"
    if end is not None and end.last_day < day and phase in UNDER_WAY:
        yield Why.ENDED_IN_PROGRESS, "phase"
    if end is not None and end.first_day > day and phase == Phase.COMPLETED:
        yield Why.COMPLETED_TOO_EARLY, "end"
    if phase == Phase.COMPLETED and project.stalled:
        yield Why.COMPLETED_STALLED, "stalled"
    promised = project.declared_end or project.first_declared_end
    if project.start is not None and promised is not None and project.start.surely_after(promised):
        yield Why.DATES_REVERSED, "start"
    if money_of(catalogue, project.id).contradicted:
        yield Why.FIGURES_DIFFER, "amount_eur"
    if _elsewhere(catalogue, project):
        yield Why.QUARTERS_DIFFER, "quarter"


def _elsewhere(catalogue: Catalogue, row: Project | Event) -> bool:
    """Tell whether a row is in another quarter than its place, as far as both are known."""
    place = catalogue.place(row.place_id) if row.place_id else None
    quarters: tuple[Any, ...] = (row.quarter, place.quarter if place else None)
    return None not in quarters and quarters[0] != quarters[1]


def _may_change(row: Dated) -> bool:
    if isinstance(row, Project):
        return row.phase not in _FINISHED
    if isinstance(row, Place):
        return hours_hold(row)
    return isinstance(row, Event) and row.repeats != _ENDED


def _oldest_first(aged: Aged) -> dt.date:
    return aged.known_of.last_day if aged.known_of else dt.date.max
