"""When events are held: what their last known edition and their return tell of a day."""

from __future__ import annotations

import calendar
import datetime as dt
import enum
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from regen_map.catalogue import TABLES, Catalogue, Event, PartialDate, derived, records
from regen_map.query.projects import grouped

_SAME_DAY, _YEARLY, _ENDED = "same_day", "yearly", "ended"
_WHOLE, _MONTH = len("2025-09-30"), len("2025-09")
_MONTHS = 12
_LEAP = 8
"""So many years at most lie between two days of the 29th of February."""


class Timing(enum.StrEnum):
    """How an event stands to a day, in the order in which events are listed."""

    RUNNING = "running"
    UPCOMING = "upcoming"
    EXPECTED = "expected"
    """It returns every year; its usual months are known, its next dates are not."""
    UNDATED = "undated"
    PAST = "past"
    """Its last known edition is over, and whether there will be others is not known."""
    ENDED = "ended"
    """It is no longer held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """
    An event as it stands to a day.

    Attributes
    ----------
    event
        The event.
    timing
        How it stands to the day.
    first, last
        First and last day of the edition that is running or comes next, and, where a
        past time was asked for, of the edition of then; each None where it is not
        known to the day.
    month
        From 1 to 12: the month in which the last known edition of an expected event
        began; None for all others.
    last_edition
        Start and end of the last edition that is documented, which may be the next
        one, as exact as the source tells them.
    """

    event: Event
    timing: Timing
    first: dt.date | None = None
    last: dt.date | None = None
    month: int | None = None
    last_edition: tuple[PartialDate | None, PartialDate | None] = (None, None)


@derived()
def events(catalogue: Catalogue) -> Mapping[str, Event]:
    """Give the events by id, in file order."""
    return {event.id: event for event in records(catalogue.table("events"), TABLES["events"])}


@derived()
def _events_by_place(catalogue: Catalogue) -> Mapping[str, tuple[Event, ...]]:
    return grouped(events(catalogue).values(), lambda event: event.place_id or "")


def events_at(catalogue: Catalogue, place_id: str) -> tuple[Event, ...]:
    """Give the events held at a place, in file order."""
    return _events_by_place(catalogue).get(place_id, ()) if place_id else ()


def occasions(catalogue: Catalogue, day: dt.date) -> tuple[Occasion, ...]:
    """
    Tell of every event how it stands to a day.

    Parameters
    ----------
    catalogue
        Its events.
    day
        Today, in the city's calendar.

    Returns
    -------
    tuple of Occasion
        What is running, the first to end first; what comes, by date; what is
        expected, in the order of the months to come; what has no date; what is past
        and what is no longer held, the latest first.
    """
    found = [occasion_of(event, day) for event in events(catalogue).values()]
    return tuple(sorted(found, key=lambda occasion: _order(occasion, day)))


def occasions_at(catalogue: Catalogue, place_id: str, day: dt.date) -> tuple[Occasion, ...]:
    """Tell of the events of one place how they stand to a day, in the order of `occasions`."""
    found = [occasion_of(event, day) for event in events_at(catalogue, place_id)]
    return tuple(sorted(found, key=lambda occasion: _order(occasion, day)))


def occasions_between(
    catalogue: Catalogue, day: dt.date, first: dt.date, last: dt.date
) -> tuple[Occasion, ...]:
    """
    Give what is held, or may be, between two days.

    Parameters
    ----------
    catalogue
        Its events.
    day
        Today, in the city's calendar: it tells what is past.
    first, last
        The days between which a visitor is there, both included.

    Returns
    -------
    tuple of Occasion
        In the order of `occasions`, each event once: editions whose known days overlap
        the two, or, known to the month or year only, may do so; what returns on the
        same day; and what is expected in a month of then, from `day` on. Empty where
        `last` comes before `first`.
    """
    if last < first:
        return ()
    found = [occasion_between(event, day, first, last) for event in events(catalogue).values()]
    there = [occasion for occasion in found if occasion is not None]
    return tuple(sorted(there, key=lambda occasion: _order(occasion, day)))


def occasion_of(event: Event, day: dt.date) -> Occasion:
    """
    Tell how an event stands to a day.

    Parameters
    ----------
    event
        Its last documented edition, and whether it returns.
    day
        Today, in the city's calendar.

    Returns
    -------
    Occasion
        An edition that is not over counts whatever is said of later ones. An end that
        is not known is taken for the start: nothing tells that it goes on.
    """
    documented = _documented(event, day)
    if documented is not None and documented.timing is not Timing.PAST:
        return documented
    edition = (event.start, event.end)
    if event.repeats == _ENDED:
        return Occasion(event=event, timing=Timing.ENDED, last_edition=edition)
    if event.repeats == _SAME_DAY and (returned := next(_returns(event, day), None)):
        return _dated(event, day, *returned)
    if event.repeats in (_SAME_DAY, _YEARLY):
        months = usual_months(event)
        return Occasion(
            event=event,
            timing=Timing.EXPECTED if months else Timing.UNDATED,
            month=months[0] if months else None,
            last_edition=edition,
        )
    timing = Timing.PAST if documented else Timing.UNDATED
    return Occasion(event=event, timing=timing, last_edition=edition)


def occasion_between(event: Event, day: dt.date, first: dt.date, last: dt.date) -> Occasion | None:
    """
    Give the edition of an event that is, or may be, held between two days.

    Parameters
    ----------
    event
        Its last documented edition, and whether it returns.
    day
        Today, in the city's calendar.
    first, last
        Both included.

    Returns
    -------
    Occasion or None
        Rather one that is not over; None where there is none.
    """
    documented = _documented(event, day)
    bounds = _bounds(event)
    overlaps = bounds is not None and bounds[0] <= last and first <= bounds[1]
    if documented and overlaps and documented.timing is not Timing.PAST:
        return documented
    if event.repeats == _SAME_DAY:
        for since in (max(first, day), first):
            returned = next(_returns(event, since), None)
            if returned and returned[0] <= last:
                return _dated(event, day, *returned)
    occasion = occasion_of(event, day)
    if occasion.timing is Timing.EXPECTED:
        month = next(_months_to_come(event, max(first, day)))
        if max(first, day) <= last and month <= _in_row(last):
            return occasion
    if not overlaps or documented is None:
        return None
    return replace(documented, timing=Timing.ENDED) if event.repeats == _ENDED else documented


def usual_months(event: Event) -> tuple[int, ...]:
    """
    Tell in which months the last known edition of an event was.

    Returns
    -------
    tuple of int
        From 1 to 12, the first month first: ``(12, 1)`` from December to January; empty
        where the month of the start is not known.
    """
    start = event.start
    if start is None or len(start) < _MONTH:
        return ()
    first = start.first_day
    end = event.end if event.end is not None and len(event.end) >= _MONTH else start
    n_more = (end.year - first.year) * _MONTHS + end.first_day.month - first.month
    spanned = range(min(max(n_more, 0), _MONTHS - 1) + 1)
    return tuple((first.month - 1 + each) % _MONTHS + 1 for each in spanned)


def _bounds(event: Event) -> tuple[dt.date, dt.date] | None:
    """Give the first and the last day that the documented edition may have."""
    start, end = event.start or event.end, event.end or event.start
    return (start.first_day, end.last_day) if start and end else None


def _documented(event: Event, day: dt.date) -> Occasion | None:
    """Tell how the documented edition stands to a day; None where there is none."""
    bounds = _bounds(event)
    if bounds is None:
        return None
    if day > bounds[1]:
        timing = Timing.PAST
    else:
        # Between the latest start and the earliest end nothing is left open.
        start, end = event.start, event.end or event.start
        running = start and end and start.last_day <= day <= end.first_day
        timing = Timing.RUNNING if running else Timing.UPCOMING
    return Occasion(
        event=event,
        timing=timing,
        first=_known_day(event.start),
        last=_known_day(event.end),
        last_edition=(event.start, event.end),
    )


def _known_day(date: PartialDate | None) -> dt.date | None:
    return date.first_day if date is not None and len(date) == _WHOLE else None


def _returns(event: Event, day: dt.date) -> Iterator[tuple[dt.date, dt.date | None]]:
    """Give first and last day of the editions on the same day that are not over on a day."""
    start, end = _known_day(event.start), _known_day(event.end)
    if start is None:
        return
    length = end - start if end else dt.timedelta()
    for year in range(max(start.year, day.year - length.days // 365 - 1), day.year + _LEAP + 1):
        if year > dt.MAXYEAR or (start.day > calendar.monthrange(year, start.month)[1]):
            continue
        first = start.replace(year=year)
        if first > dt.date.max - length or first + length < day:
            continue
        yield first, first + length if end else None


def _dated(event: Event, day: dt.date, first: dt.date, last: dt.date | None) -> Occasion:
    """Tell how an edition whose days are known stands to a day."""
    if (last or first) < day:
        timing = Timing.PAST
    else:
        timing = Timing.RUNNING if first <= day else Timing.UPCOMING
    return Occasion(
        event=event,
        timing=timing,
        first=first,
        last=last,
        last_edition=(event.start, event.end),
    )


def _in_row(day: dt.date) -> int:
    """Give the number of a month, counted through the years."""
    return day.year * _MONTHS + day.month - 1


def _months_to_come(event: Event, day: dt.date) -> Iterator[int]:
    """Count the usual months from a day on, of later years than that of the last edition."""
    held = usual_months(event)
    since = (event.start.year + 1 if event.start else dt.MINYEAR) * _MONTHS
    for month in itertools.count(_in_row(day)):
        # An edition may go on into the next year: its beginning counts.
        name = month % _MONTHS + 1
        if name in held and month - held.index(name) >= since:
            yield month


def _order(occasion: Occasion, day: dt.date) -> tuple[int, int]:
    return list(Timing).index(occasion.timing), _order_within(occasion, day)


def _order_within(occasion: Occasion, day: dt.date) -> int:
    timing, bounds = occasion.timing, _bounds(occasion.event)
    if timing is Timing.EXPECTED:
        return next(_months_to_come(occasion.event, day))
    if timing is Timing.UNDATED or bounds is None:
        return 0
    if timing is Timing.RUNNING:
        return (occasion.last or occasion.first or bounds[1]).toordinal()
    if timing is Timing.UPCOMING:
        return (occasion.first or bounds[0]).toordinal()
    return -(occasion.last or bounds[1]).toordinal()
