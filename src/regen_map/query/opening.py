"""When places are open: opening hours of OpenStreetMap at a moment and through a week."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

# Its stub forgets the exceptions.
from opening_hours import (  # type: ignore[attr-defined]
    OpeningHours,
    ParserError,
    State,
    UnknownCountryError,
)

from regen_map.catalogue import Catalogue, City, Place, derived
from regen_map.query.entries import entries

_DAY = dt.timedelta(days=1)
_HORIZON = 366 * _DAY
"""How far ahead a change is looked for: hours of one season come again within a year."""

_WEEK = 7
_CEASED = "closed"
_FROM_OUTSIDE = "exterior_only"
_IN_THE_OPEN = frozenset(
    {"square", "street", "park", "waterfront", "street_art", "monument", "viewpoint"}
)
"""Kinds of places that have no door."""
_TO_ASK, _NOT_AT_ALL = ("by_appointment", "events_only"), "no"

_COMMENT = re.compile(r'"[^"]*"')
_ONLY_CLOSURES = re.compile(r"(?:[^:;]*\b(?:off|closed)\s*(?:;|$))+")
_DOUBTFUL = re.compile(r"\bSH\b|(?::[0-9]{2}|sunrise|sunset|dawn|dusk|\))\s*\+(?!\s*[0-9])")
"""School holidays, which nobody here knows, and an end that is left open, as in ``18:00+``."""

_PUBLIC_HOLIDAYS = "PH"


class OpeningState(enum.StrEnum):
    """Whether a visitor finds a place open; not knowing it is never the same as closed."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """
    A place at a moment.

    Attributes
    ----------
    state
        Whether it is open.
    at
        The moment, to the minute, in the city's time zone.
    change
        When the state becomes another, in the city's time zone; None where it does
        not within a year, or nobody knows.
    becomes
        What it becomes then.
    comment
        What the hours add in words, in whatever language; may be empty.
    stated
        Whether there are hours that can be understood, even if they leave it open.
    """

    state: OpeningState
    at: dt.datetime
    change: dt.datetime | None = None
    becomes: OpeningState | None = None
    comment: str = ""
    stated: bool = True

    @property
    def today(self) -> bool:
        """Whether it changes before the day is over, as the city counts its days."""
        return self.change is not None and self.change.date() == self.at.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """
    A time without a change.

    Attributes
    ----------
    start, end
        In the city's time zone; of a day, the end may lie on the next.
    state
        Open, closed, or not known for sure.
    comment
        What the hours add in words; may be empty.
    """

    start: dt.datetime
    end: dt.datetime
    state: OpeningState
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """
    The hours of one day.

    Attributes
    ----------
    date
        In the city's calendar.
    state
        Open if it is at any time of the day; unknown if it only may be.
    spans
        When it is open or may be, in order, each on the day on which it starts;
        empty on a closed day, and where no hours are known.
    holiday
        Whether it is a public holiday of the city's country.
    """

    date: dt.date
    state: OpeningState
    spans: tuple[Span, ...]
    holiday: bool


def hours_hold(place: Place) -> bool:
    """Tell whether the hours of a place hold: those of one that is closed for good do not."""
    return place.status != _CEASED


def by_arrangement(place: Place) -> bool:
    """Tell whether visitors must ask before they come."""
    return hours_hold(place) and getattr(place, "visit", None) in _TO_ASK


def walk_in(place: Place) -> bool:
    """Tell whether a visitor who comes during the hours of a place can enter."""
    return hours_hold(place) and getattr(place, "visit", None) not in (*_TO_ASK, _NOT_AT_ALL)


def without_doors(place: Place) -> bool:
    """
    Tell whether a place is seen without going in, at any hour.

    It is one in the open air, or one that is said to be seen from outside only; it
    states no hours, and is not closed for good.
    """
    outside = place.kind in _IN_THE_OPEN or getattr(place, "admission", None) == _FROM_OUTSIDE
    return outside and hours_hold(place) and not place.opening_hours


def day_of(when: dt.datetime, city: City) -> dt.date:
    """
    Tell which day it is in a city.

    Raises
    ------
    ValueError
        If the moment has no time zone.
    """
    return _local(when, city).date()


def opening_at(hours: str | None, when: dt.datetime, city: City) -> Opening:
    """
    Tell whether a place is open.

    Parameters
    ----------
    hours
        In the syntax of OpenStreetMap; None, and what cannot be understood, is unknown.
    when
        A moment, in any time zone.
    city
        Its time zone, public holidays and sun.

    Returns
    -------
    Opening

    Raises
    ------
    ValueError
        If the moment has no time zone.
    """
    at = _local(when, city)
    understood = _understood(hours, city)
    if understood is None or understood.doubtful:
        return Opening(state=OpeningState.UNKNOWN, at=at, stated=understood is not None)
    runs = _runs(understood, at, _shown(at + _HORIZON))
    now = next(runs, None)
    if now is None:
        return Opening(state=OpeningState.UNKNOWN, at=at)
    later = next((run for run in runs if run.state != now.state), None)
    return Opening(
        state=now.state,
        at=at,
        change=later.start if later else None,
        becomes=later.state if later else None,
        comment=now.comment,
    )


def week(hours: str | None, day: dt.date, city: City) -> tuple[Day, ...]:
    """
    Give the hours of the seven days from a day on.

    Parameters
    ----------
    hours, city
        As of `opening_at`.
    day
        The first of them, in the city's calendar.

    Returns
    -------
    tuple of Day
        Seven; all of them unknown where the hours are.
    """
    return _days(hours, day, _WEEK, city)


def week_ahead(place: Place, day: dt.date, city: City) -> tuple[tuple[Day, ...], Day | None] | None:
    """
    Give what a visitor can be told of the week to come.

    Parameters
    ----------
    place
        Its opening hours are in the form of OpenStreetMap.
    day
        The first of the seven days.
    city
        Its holidays.

    Returns
    -------
    tuple, or None
        As of `week` and `holiday_hours`; None where the hours do not hold, and
        where no day of the week is open at a known time.
    """
    hours = place.opening_hours
    if not hours or not hours_hold(place):
        return None
    days = week(hours, day, city)
    if not any(each.spans for each in days):
        return None
    return days, holiday_hours(hours, day, city)


def holiday_hours(hours: str | None, day: dt.date, city: City) -> Day | None:
    """
    Give the hours that hold on every public holiday of a year.

    Parameters
    ----------
    hours, day, city
        As of `week`; the year begins with the day.

    Returns
    -------
    Day or None
        The next holiday; None where the hours say nothing of holidays, or where
        they are not the same on all of them.
    """
    if not re.search(r"\bPH\b", _COMMENT.sub("", hours or "")):
        return None
    dates = _holidays(day, day + _HORIZON, city)
    found = [_days(hours, date, 1, city)[0] for date in sorted(dates)]
    same = len({(each.state, _clock_times(each)) for each in found}) == 1
    return found[0] if same else None


def open_now(catalogue: Catalogue, when: dt.datetime) -> NDArray[np.object_]:
    """
    Tell of all entries whether a visitor finds them open.

    Parameters
    ----------
    catalogue
        Its entries; each distinct text of hours is understood and evaluated once.
    when
        A moment, in any time zone.

    Returns
    -------
    numpy.ndarray
        One `OpeningState` per entry of `regen_map.query.entries`; unknown for those
        that have no hours, are closed for good or receive only by arrangement.

    Raises
    ------
    ValueError
        If the moment has no time zone.
    """
    city = catalogue.city
    at = _local(when, city)
    states = np.full(len(entries(catalogue)), OpeningState.UNKNOWN, dtype=np.object_)
    for hours, where in entries_by_hours(catalogue).items():
        states[where] = _state_at(hours, at, city)
    return states


def openings(catalogue: Catalogue, when: dt.datetime) -> Mapping[Opening, NDArray[np.intp]]:
    """
    Group the entries of which `open_now` knows more than nothing by what is to be said of them.

    Returns
    -------
    mapping
        From an opening to the positions of its entries.

    Raises
    ------
    ValueError
        If the moment has no time zone.
    """
    found: dict[Opening, list[NDArray[np.intp]]] = {}
    for hours, where in entries_by_hours(catalogue).items():
        opening = opening_at(hours, when, catalogue.city)
        if opening.state != OpeningState.UNKNOWN:
            found.setdefault(opening, []).append(where)
    return {opening: np.concatenate(where) for opening, where in found.items()}


@derived()
def entries_by_hours(catalogue: Catalogue) -> Mapping[str, NDArray[np.intp]]:
    """Give the places that a visitor may walk into, as indices of entries, by their hours."""
    found: dict[str, list[int]] = {}
    for position, entry in enumerate(entries(catalogue)):
        place = entry.place
        if place is not None and place.opening_hours and walk_in(place):
            found.setdefault(place.opening_hours, []).append(position)
    return MappingProxyType({hours: np.array(each, np.intp) for hours, each in found.items()})


@dataclass(frozen=True, slots=True)
class _Hours:
    """What was understood of a text, and whether what it leaves open must be asked for."""

    text: str
    rules: OpeningHours
    doubtful: bool


def _understood(hours: str | None, city: City) -> _Hours | None:
    west, south, east, north = city.home
    middle = ((south + north) / 2, (west + east) / 2)
    return _parsed(hours, city.time_zone, city.holiday_country, middle) if hours else None


# A city of ten thousand places, each with hours of its own, must fit.
@lru_cache(maxsize=2**14)
def _parsed(
    hours: str, time_zone: str, country: str | None, lat_lon: tuple[float, float]
) -> _Hours | None:
    bare = _COMMENT.sub("", hours)
    # Who says only when it is closed says nothing of all other days.
    spoken = f"unknown; {hours}" if _ONLY_CLOSURES.fullmatch(bare) else hours
    try:
        rules = OpeningHours(
            spoken,
            timezone=ZoneInfo(time_zone),
            country=country,
            coords=lat_lon,
            auto_country=False,
            max_interval_days=_HORIZON.days,
        )
    except ParserError:
        return None
    except UnknownCountryError:
        return _parsed(hours, time_zone, None, lat_lon)
    except BaseException as error:
        if not _is_panic(error):
            raise
        return None
    return _Hours(hours, rules, _DOUBTFUL.search(bare) is not None)


def _is_panic(error: BaseException) -> bool:
    # A panic of the native code is no Exception, and its type has no public name.
    return type(error).__name__ == "PanicException"


def _local(when: dt.datetime, city: City) -> dt.datetime:
    if when.utcoffset() is None:
        message = f"The moment must have a time zone, got {when!r}."
        raise ValueError(message)
    at = when.astimezone(dt.UTC).astimezone(ZoneInfo(city.time_zone))
    return at.replace(second=0, microsecond=0)


def _shown(moment: dt.datetime) -> dt.datetime:
    """Move a time that the clock leaves out in spring to one that it shows."""
    return moment.astimezone(dt.UTC).astimezone(moment.tzinfo)


def _midnight(day: dt.date, time_zone: str) -> dt.datetime:
    return _shown(dt.datetime.combine(day, dt.time(), ZoneInfo(time_zone)))


def _state_at(hours: str, at: dt.datetime, city: City) -> OpeningState:
    understood = _understood(hours, city)
    if understood is None or understood.doubtful:
        return OpeningState.UNKNOWN
    try:
        return _state(understood, *understood.rules.state(at))
    except BaseException as error:
        if not _is_panic(error):
            raise
        return OpeningState.UNKNOWN


def _state(understood: _Hours, state: State, comment: str) -> OpeningState:
    if state != State.OPEN:
        return OpeningState.CLOSED if state == State.CLOSED else OpeningState.UNKNOWN
    if understood.doubtful:
        return OpeningState.UNKNOWN
    # To OpenStreetMap, times with nothing but a comment are unknown: «by appointment».
    said = f'open\\s*"{re.escape(comment)}"'
    sure = not comment or re.search(said, understood.text)
    return OpeningState.OPEN if sure else OpeningState.UNKNOWN


def _runs(understood: _Hours, start: dt.datetime, end: dt.datetime) -> Iterator[Span]:
    try:
        for first, last, state, comment in understood.rules.intervals(start, end):
            known = _state(understood, state, comment)
            yield Span(start=first, end=last, state=known, comment=comment)
    except BaseException as error:
        if not _is_panic(error):
            raise


def _days(hours: str | None, first: dt.date, n_days: int, city: City) -> tuple[Day, ...]:
    dates = [first + each * _DAY for each in range(n_days)]
    holidays = _holidays(first, first + n_days * _DAY, city)
    understood = _understood(hours, city)
    spans = _spans(understood, first, n_days, city) if understood else {}
    return tuple(
        Day(
            date=date,
            state=_state_of(spans.get(date, ())) if understood else OpeningState.UNKNOWN,
            spans=spans.get(date, ()),
            holiday=date in holidays,
        )
        for date in dates
    )


def _state_of(spans: tuple[Span, ...]) -> OpeningState:
    states = {span.state for span in spans}
    if OpeningState.OPEN in states:
        return OpeningState.OPEN
    return OpeningState.UNKNOWN if states else OpeningState.CLOSED


def _spans(
    understood: _Hours, first: dt.date, n_days: int, city: City
) -> Mapping[dt.date, tuple[Span, ...]]:
    """Give the spans by the day on which they start; a night belongs to its evening."""
    start = _midnight(first - _DAY, city.time_zone)
    end = _midnight(first + (n_days + 1) * _DAY, city.time_zone)
    found: dict[dt.date, tuple[Span, ...]] = {}
    for run in _runs(understood, start, end):
        if run.state != OpeningState.CLOSED:
            for span in _split(run):
                date = span.start.date()
                found[date] = (*found.get(date, ()), span)
    return found


def _split(run: Span) -> Iterator[Span]:
    """Cut at the midnights a span that lasts for days, but not one that goes into a night."""
    start = run.start
    while start < run.end:
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
        evening = start.time() != dt.time() and run.end < midnight + _DAY
        end = run.end if evening else min(run.end, midnight)
        yield Span(start=start, end=end, state=run.state, comment=run.comment)
        start = end


def _holidays(first: dt.date, end: dt.date, city: City) -> frozenset[dt.date]:
    return _holidays_of(first, end, city.time_zone, city.holiday_country)


@lru_cache(maxsize=256)
def _holidays_of(first: dt.date, end: dt.date, time_zone: str, country: str) -> frozenset[dt.date]:
    understood = _parsed(_PUBLIC_HOLIDAYS, time_zone, country, (0.0, 0.0))
    if understood is None:
        return frozenset()
    return frozenset(
        span.start.date()
        for run in _runs(understood, _midnight(first, time_zone), _midnight(end, time_zone))
        if run.state == OpeningState.OPEN
        for span in _split(run)
    )


def _clock_times(day: Day) -> tuple[tuple[object, ...], ...]:
    return tuple(
        (each.start.time(), each.end.time(), each.state, each.comment) for each in day.spans
    )
