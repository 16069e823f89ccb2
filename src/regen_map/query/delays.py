"""By how many months projects are late on what was first promised, and since when overdue."""

from __future__ import annotations

import calendar
import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regen_map.catalogue import Catalogue, PartialDate, Phase, Project, derived


class Kind(enum.StrEnum):
    """What a delay is measured by."""

    FINISHED = "finished"
    """The end that came, against the first that was declared."""
    DECLARED = "declared"
    """The end that is declared now, against the first that was."""
    OVERDUE = "overdue"
    """The day on which one asks, against the first that was declared: the last has passed."""
    NONE = "none"
    """Nothing can be measured: no end was declared, or how it went is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """
    How late a project is.

    Attributes
    ----------
    project
        Whose delay it is.
    kind
        What it is measured by.
    least_months, most_months
        Whole months between the two dates if the first was as late and the second as
        early as they may mean, and the other way round: equal for dates that are known
        to the day. Negative where the project is early; None where nothing is measured.
    against
        The first end that was declared, as far as it is known; None where nothing is
        measured.
    until
        What it is measured to; None where nothing is measured.
    unconfirmed
        Whether what is overdue may have ended since: nobody has looked after the end
        that was declared last.
    """

    project: Project
    kind: Kind
    least_months: int | None = None
    most_months: int | None = None
    against: PartialDate | None = None
    until: PartialDate | None = None
    unconfirmed: bool = False

    @property
    def months(self) -> int | None:
        """
        The whole months that are sure, negative where the project is early.

        The fewest that the two dates may mean; None where nothing is measured, and where
        the dates leave open whether it is late or early.
        """
        if self.least_months is None or self.most_months is None:
            return None
        if self.least_months < 0 < self.most_months:
            return None
        return max(self.least_months, 0) or min(self.most_months, 0)


def delay_of(project: Project, day: dt.date) -> Delay:
    """
    Measure how late a project is on what was first promised.

    Parameters
    ----------
    project
        With its first and its latest declared end, of which the one stands for the other
        where only one is known, and its end.
    day
        On which one asks. An end that lies after it has not come yet.

    Returns
    -------
    Delay
        Of what has ended, by its end; of what is under way although the latest end that
        was declared has surely passed, by `day`; else by how far the declared end has
        moved. Nothing is measured of what will not be done, of what has one declared end
        and ended nobody knows when, nor of what nobody knows whether it goes on.
    """
    first = project.first_declared_end or project.declared_end
    latest = project.declared_end or project.first_declared_end
    if first is None or latest is None:
        return Delay(project=project, kind=Kind.NONE)
    if project.end is not None and project.end.first_day <= day:
        return _measured(project, Kind.FINISHED, first, project.end)
    if project.phase == Phase.DROPPED:
        return Delay(project=project, kind=Kind.NONE)
    passed = latest.last_day < day
    if passed and project.phase not in (Phase.COMPLETED, None):
        looked = project.as_of is not None and project.as_of.surely_after(latest)
        until = PartialDate(day.isoformat())
        return _measured(project, Kind.OVERDUE, first, until, unconfirmed=not looked)
    to_come = not passed and project.phase != Phase.COMPLETED
    if first != latest or (to_come and project.first_declared_end is not None):
        return _measured(project, Kind.DECLARED, first, latest)
    return Delay(project=project, kind=Kind.NONE)


def delays(catalogue: Catalogue, projects: Iterable[Project], day: dt.date) -> tuple[Delay, ...]:
    """
    Measure how late some projects are.

    Returns
    -------
    tuple of Delay
        One per project: the longest that is sure first, those of equal length in the
        order given, and those of which nothing can be measured last.
    """
    known = delays_by_project(catalogue, day)
    measured = [known.get(project.id) or delay_of(project, day) for project in projects]
    return tuple(sorted(measured, key=_longest_first))


@derived(most=4)
def delays_by_project(catalogue: Catalogue, day: dt.date) -> Mapping[str, Delay]:
    """Give the delay of every project of a catalogue by its id, in file order."""
    return MappingProxyType({project.id: delay_of(project, day) for project in catalogue.projects})


def whole_months(start: dt.date, end: dt.date) -> int:
    """
    Count the whole months between two days.

    Returns
    -------
    int
        How many months can be added to the earlier day without passing the later, where
        a day that a month lacks is its last; negative where `end` is the earlier.

    Examples
    --------
    >>> whole_months(dt.date(2025, 12, 31), dt.date(2026, 6, 30))
    6
    >>> whole_months(dt.date(2026, 3, 15), dt.date(2026, 1, 16))
    -1
    """
    if end < start:
        return -whole_months(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    last = calendar.monthrange(end.year, end.month)[1]
    return months - (end.day < min(start.day, last))


def months_before(day: dt.date, months: int) -> dt.date:
    """Go back so many months; a day that the month lacks is its last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def _measured(
    project: Project,
    kind: Kind,
    against: PartialDate,
    until: PartialDate,
    *,
    unconfirmed: bool = False,
) -> Delay:
    # Two equal texts are one statement, whatever day of the year it means.
    same = against == until
    return Delay(
        project=project,
        kind=kind,
        least_months=0 if same else whole_months(against.last_day, until.first_day),
        most_months=0 if same else whole_months(against.first_day, until.last_day),
        against=against,
        until=until,
        unconfirmed=unconfirmed,
    )


def _longest_first(delay: Delay) -> tuple[bool, int, int]:
    least, most = delay.least_months, delay.most_months
    return least is None, -(least or 0), -(most or 0)
