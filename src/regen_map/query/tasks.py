"""What to ask next, and whom: what a catalogue lacks, as questions, the most useful first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from regen_map.catalogue import (
    Catalogue,
    Event,
    Funding,
    PartialDate,
    Phase,
    Place,
    Project,
    Workshop,
    derived,
)
from regen_map.query.events import Timing, occasion_of
from regen_map.query.expected import (
    BEGUN,
    PROMISED,
    UNDER_WAY,
    expects_cup,
    expects_hours,
    is_filled,
    rows_of_table,
)
from regen_map.query.money import money_of
from regen_map.query.opening import by_arrangement, hours_hold, without_doors
from regen_map.query.parties import Party, Role, whom_of_event, whom_of_place, whom_of_project
from regen_map.query.quality import contradictions, known_of, places_of, stale
from regen_map.query.reasons import EXACT_WITHIN_M, WEIGHTS, Why

_HOW_IT_STANDS = (
    Why.PHASE_BEHIND,
    Why.ENDED_IN_PROGRESS,
    Why.COMPLETED_TOO_EARLY,
    Why.COMPLETED_STALLED,
)
_ADVANCE_NOTICE = frozenset({Timing.EXPECTED, Timing.UNDATED, Timing.PAST})

Asked: TypeAlias = Project | Funding | Place | Event
"""A row of which something is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """
    One thing to ask.

    Attributes
    ----------
    table, row
        Where the answer is to be written.
    id
        The id by which the row is found: for a funding line that of its project.
    column
        In which column, as the files spell it.
    why
        Why it is asked.
    whom
        Who may know, the likeliest first: promoters and owners of a project, then
        whoever runs the programmes that fund it; a business itself; of another place its
        own telephone, site or e-mail, then who promotes and owns the projects there; the
        host of the newest source where nobody else is named. Empty where nobody is.
    since
        Since when it has been open, as far as that is known: the end that has passed, or
        until when the row is known to hold.
    weight
        See `regen_map.query.WEIGHTS`.
    """

    table: str
    row: Asked
    id: str
    column: str
    why: Why
    whom: tuple[Party, ...]
    since: PartialDate | None
    weight: int


def to_do(
    catalogue: Catalogue, day: dt.date, projects: Sequence[Project] | None = None
) -> tuple[Task, ...]:
    """
    Tell what to ask next.

    Parameters
    ----------
    catalogue
        What is known.
    day
        On which ends have passed and rows have grown old.
    projects
        Only what is to be asked of these projects, their funding and their places; None
        for the whole catalogue with all its places and events.

    Returns
    -------
    tuple of Task
        The heaviest first; of equal weight those that one party can answer follow each
        other, the party that can answer most first, nobody last. How a project or a
        place stands today is asked once, whatever the reasons.
    """
    found = _all_tasks(catalogue, day)
    if projects is not None:
        ids = {each.id for each in projects}
        places = {each.place_id for each in projects}
        found = tuple(each for each in found if _is_of(each, ids, places))
    n_of = Counter(first_of(each) for each in found)
    place = {party: index for index, party in enumerate(n_of)}
    return tuple(
        sorted(
            found,
            key=lambda task: (
                -task.weight,
                first_of(task) is None,
                -n_of[first_of(task)],
                place[first_of(task)],
            ),
        )
    )


def first_of(task: Task) -> Party | None:
    """Give the party that is asked first; None where nobody is named."""
    return task.whom[0] if task.whom else None


def by_party(tasks: Iterable[Task]) -> Mapping[Party | None, tuple[Task, ...]]:
    """
    Group tasks so that one call answers several.

    Returns
    -------
    mapping of Party to tuple of Task
        By who is asked first, those with the heaviest tasks first and of these who can
        answer most, each group in the order given; None, last, where nobody is named.
    """
    groups: dict[Party | None, list[Task]] = {}
    for task in tasks:
        groups.setdefault(first_of(task), []).append(task)
    nobody = groups.pop(None, [])
    order = sorted(groups.items(), key=lambda item: _urgency(item[1]), reverse=True)
    named = {party: tuple(group) for party, group in order}
    return MappingProxyType({**named, **({None: tuple(nobody)} if nobody else {})})


def _urgency(tasks: Sequence[Task]) -> tuple[int, int]:
    return max(task.weight for task in tasks), len(tasks)


def _is_of(task: Task, projects: set[str], places: set[str | None]) -> bool:
    if isinstance(task.row, Place):
        return task.id in places
    return isinstance(task.row, Project | Funding) and task.id in projects


@derived(most=4)
def _all_tasks(catalogue: Catalogue, day: dt.date) -> tuple[Task, ...]:
    return (
        *_of_projects(catalogue, day),
        *_of_places(catalogue, day),
        *_of_events(catalogue, day),
    )


_Open: TypeAlias = tuple[Why, str]
"""Why something is asked, and the column where the answer belongs."""


class _Subject(NamedTuple):
    """A row of which something may be asked, as of `Task`."""

    table: str
    row: Asked
    id: str
    whom: tuple[Party, ...]
    since: PartialDate | None

    def task(self, why: Why, column: str) -> Task:
        """Ask something of it."""
        return Task(**self._asdict(), why=why, column=column, weight=WEIGHTS[why])


# ------------------------------------------------------------ projects and their money


def _of_projects(catalogue: Catalogue, day: dt.date) -> Iterator[Task]:
    odds: dict[str, list[_Open]] = {}
    for each in contradictions(catalogue, day, catalogue.projects):
        odds.setdefault(each.row.id, []).append((each.why, each.column))
    old = _stale_ids(catalogue, day, Project)
    for project in catalogue.projects:
        whom, at_odds = whom_of_project(catalogue, project), odds.get(project.id, [])
        subject = _Subject("projects", project, project.id, whom, known_of(project))
        promised = subject._replace(since=_promise(project))
        for why, column in (
            *_how_it_stands(project, day, at_odds, is_stale=project.id in old),
            *(each for each in at_odds if each[0] not in _HOW_IT_STANDS),
            *_gaps(catalogue, project),
        ):
            yield (promised if why in _OF_A_PROMISE else subject).task(why, column)
        yield from _of_funding(catalogue, subject)


def _stale_ids(catalogue: Catalogue, day: dt.date, of: type[Project | Place]) -> set[str]:
    return {each.row.id for each in stale(catalogue, day) if isinstance(each.row, of)}


_OF_A_PROMISE = frozenset({Why.END_PASSED, Why.END_OVERDUE})


def _promise(project: Project) -> PartialDate | None:
    return project.declared_end or project.first_declared_end


def _how_it_stands(
    project: Project, day: dt.date, at_odds: Sequence[_Open], *, is_stale: bool
) -> Iterator[_Open]:
    """Give the one reason, at most, for which it is asked how a project stands today."""
    for each in at_odds:
        if each[0] in _HOW_IT_STANDS:
            yield each
            return
    promise, phase = _promise(project), project.phase
    if phase is None:
        yield Why.PHASE_UNKNOWN, "phase"
    elif phase in UNDER_WAY and promise is not None and promise.last_day < day:
        known = known_of(project)
        looked = known is not None and known.surely_after(promise)
        yield (Why.END_OVERDUE, "declared_end") if looked else (Why.END_PASSED, "phase")
    elif is_stale:
        yield Why.STALE, "phase"
    elif known_of(project) is None:
        yield Why.UNDATED, "as_of"


def _gaps(catalogue: Catalogue, project: Project) -> Iterator[_Open]:
    """Give what is not known of a project, apart from how it stands."""
    phase = project.phase
    if phase in PROMISED and not is_filled(project, "declared_end") and project.end is None:
        yield Why.END_UNDECLARED, "declared_end"
    if phase == Phase.COMPLETED and project.end is None:
        yield Why.COMPLETED_UNDATED, "end"
    if phase in BEGUN and project.start is None:
        yield Why.START_UNKNOWN, "start"
    if not project.sources:
        yield Why.NO_SOURCE, "sources"
    if phase == Phase.DROPPED:
        return
    if not money_of(catalogue, project.id).lines:
        yield Why.MONEY_UNKNOWN, "amount_eur"
    if not project.cup and expects_cup(catalogue, project):
        yield Why.CUP_MISSING, "cup"
    if not project.owner and not project.promoter:
        yield Why.NOBODY_NAMED, "promoter"
    if project.place_id is None:
        yield Why.PLACE_UNKNOWN, "place_id"


def _of_funding(catalogue: Catalogue, subject: _Subject) -> Iterator[Task]:
    actors = [each for each in subject.whom if each.role in (Role.PROMOTER, Role.OWNER)]
    lines: tuple[Funding, ...] = money_of(catalogue, subject.id).lines
    for line in lines:
        if line.counted and line.amount_eur is None:
            whom = (*actors, Party(Role.PROGRAMME, line.programme_id))
            asked = _Subject("funding", line, subject.id, whom, line.as_of or subject.since)
            yield asked.task(Why.AMOUNT_UNKNOWN, "amount_eur")


# ------------------------------------------------------------ places and events


def _of_places(catalogue: Catalogue, day: dt.date) -> Iterator[Task]:
    old = _stale_ids(catalogue, day, Place)
    for table, place in places_of(catalogue, None):
        whom = whom_of_place(catalogue, place)
        subject = _Subject(table, place, place.id, whom, known_of(place))
        for why, column in (
            *_state_of_place(place, is_stale=place.id in old),
            *_visit(place),
            *_position(place),
        ):
            yield subject.task(why, column)
        if not place.sources:
            yield subject.task(Why.NO_SOURCE, "sources")


def _state_of_place(place: Place, *, is_stale: bool) -> Iterator[_Open]:
    if not is_filled(place, "status"):
        yield Why.STATUS_UNKNOWN, "status"
    elif is_stale and not without_doors(place):
        yield Why.STALE, "status"
    elif known_of(place) is None:
        yield Why.UNDATED, "as_of"


def _visit(place: Place) -> Iterator[_Open]:
    """Give what a visitor asks of a place that is not closed for good."""
    if not hours_hold(place):
        return
    reachable = place.phone or place.email or place.website or getattr(place, "contact_it", None)
    if by_arrangement(place) and not reachable:
        yield Why.CONTACT_MISSING, "phone"
    if not place.opening_hours and expects_hours(place):
        yield Why.HOURS_UNKNOWN, "opening_hours"
    if isinstance(place, Workshop) and place.visit is None:
        yield Why.VISIT_UNKNOWN, "visit"
    if place.wheelchair is None:
        yield Why.WHEELCHAIR_UNKNOWN, "wheelchair"


def _position(place: Place) -> Iterator[_Open]:
    if place.lat is None or place.lon is None:
        yield Why.POSITION_MISSING, "lat"
    elif place.position_accuracy_m is None:
        yield Why.ACCURACY_UNKNOWN, "position_accuracy_m"
    elif place.position_accuracy_m > EXACT_WITHIN_M:
        yield Why.POSITION_APPROXIMATE, "lat"


def _of_events(catalogue: Catalogue, day: dt.date) -> Iterator[Task]:
    at_odds = {
        each.row.id for each in contradictions(catalogue, day) if isinstance(each.row, Event)
    }
    for event in rows_of_table(catalogue, "events"):
        found: list[_Open] = []
        if occasion_of(event, day).timing in _ADVANCE_NOTICE:
            found.append((Why.EVENT_UNDATED, "start"))
        if event.id in at_odds:
            found.append((Why.QUARTERS_DIFFER, "quarter"))
        if not event.sources:
            found.append((Why.NO_SOURCE, "sources"))
        subject = _Subject("events", event, event.id, whom_of_event(event), known_of(event))
        yield from (subject.task(*each) for each in found)
