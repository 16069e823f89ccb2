"""Events as a calendar (iCalendar, RFC 5545) for the calendars of visitors."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar

from regen_map.catalogue import Catalogue, Event, PartialDate
from regen_map.messages import LANGUAGES, Translator, translator
from regen_map.messages.events import (
    edition_in_words,
    not_announced_in_words,
    occasion_in_words,
    times_in_words,
)
from regen_map.query import Occasion, Timing

_DAY = dt.timedelta(days=1)
_SECOND = dt.timedelta(seconds=1)
_WHOLE = len("2025-09-30")
_SAME_DAY = "same_day"
_COMING = (Timing.RUNNING, Timing.UPCOMING)
_OVER = (Timing.EXPECTED, Timing.PAST, Timing.ENDED)
"""All that is known of the days of these is an edition that is over."""

_UNIX = 1970
"""No clock time of an event is from an earlier year."""
_AHEAD = 12
"""For so many years calendars can tell when clocks change; so far ahead no law is known."""

_LINE_BREAK = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, marks of direction, halves of characters."""
_NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x20\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """
    A calendar.

    Attributes
    ----------
    content
        The file, UTF-8.
    n_undated
        How many of the events that are not over are missing in it, because their days
        are not known.
    """

    content: bytes
    n_undated: int


def calendar_of(  # noqa: PLR0913
    catalogue: Catalogue,
    occasions: Iterable[Occasion],
    language: str,
    *,
    site: str,
    now: dt.datetime,
    link: Callable[[str], str] = str,
    name: str = "",
    past: bool = False,
) -> CalendarFile:
    """
    Write events as a calendar.

    Parameters
    ----------
    catalogue
        Their places, sources and city.
    occasions
        The events as they stand to today, see `regen_map.query.occasions`.
    language
        One of `regen_map.messages.LANGUAGES`.
    site
        Address of the site, whose host makes the ids of events unique in the world;
        empty where it is not known.
    now
        When the file is written, in any time zone.
    link
        Gives the address of the page of a place, by its id; only addresses of the web
        are written.
    name
        Of the calendar; that of the events of the city where it is empty.
    past
        Whether editions that are over count: for the calendar of one event.

    Returns
    -------
    CalendarFile
        Whole days, or local times where they are known, with the rules of the time
        zone. What returns on the same day does so in the calendar too. Days and times
        are those that are documented: no edition is made up. Equal for equal parameters.

    Raises
    ------
    ValueError
        If `now` has no time zone.
    """
    if now.utcoffset() is None:
        message = f"The moment must have a time zone, got {now!r}."
        raise ValueError(message)
    words = translator(language)
    city = catalogue.city
    listed = [(occasion, _held(occasion, past=past)) for occasion in occasions]
    years = [held.first.year for _, held in listed if held]
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//regen-map//regen-map//{language.upper()}")
    calendar.add("version", "2.0")
    title = name or words.text("events.calendar", city=city.name(language))
    # The library escapes only the texts of properties that it knows.
    calendar.add("x-wr-calname", icalendar.vText(" ".join(_plain(title).split())))
    calendar.add("x-wr-timezone", city.time_zone)
    first_year = max(min([*years, now.year]), _UNIX)
    calendar.add_component(_time_zone(city.time_zone, first_year, now.year + _AHEAD))
    page = _Page(catalogue, words, site, link)
    for occasion, held in listed:
        if held is not None:
            calendar.add_component(page.entry(occasion, held, now))
    missing = [occasion for occasion, held in listed if held is None]
    return CalendarFile(
        content=calendar.to_ical(),
        n_undated=sum(each.timing not in (Timing.PAST, Timing.ENDED) for each in missing),
    )


class _Held(NamedTuple):
    """The days of an edition; the last is None where it is not known."""

    first: dt.date
    last: dt.date | None

    @property
    def n_days(self) -> int:
        return ((self.last or self.first) - self.first).days + 1


def _held(occasion: Occasion, *, past: bool) -> _Held | None:
    """Choose the edition that stands in the calendar; None where no day of it is known."""
    start, end = (_day(each) for each in occasion.last_edition)
    returns = occasion.event.repeats == _SAME_DAY
    if start and (returns or (past and occasion.timing in _OVER)):
        return _Held(start, end)
    if occasion.first and occasion.timing in _COMING:
        return _Held(occasion.first, occasion.last)
    return None


def _day(date: PartialDate | None) -> dt.date | None:
    return date.first_day if date is not None and len(date) == _WHOLE else None


@dataclass(frozen=True, slots=True)
class _Page:
    """What all entries of a calendar have in common."""

    catalogue: Catalogue
    words: Translator
    site: str
    link: Callable[[str], str]

    def entry(self, occasion: Occasion, held: _Held, now: dt.datetime) -> icalendar.Event:
        event = occasion.event
        entry = icalendar.Event()
        entry.add("uid", self._uid(event))
        entry.add("dtstamp", now.astimezone(dt.UTC))
        timed = self._add_times(entry, event, held)
        entry.add("summary", _plain(self._said(event, "name")))
        entry.add("description", "\n".join(map(_plain, self._lines(occasion, held, timed=timed))))
        if location := self._location(event):
            entry.add("location", _plain(location))
        place = self.catalogue.place(event.place_id or "")
        if place is not None and place.lat is not None and place.lon is not None:
            entry.add("geo", (place.lat, place.lon))
        if address := _address(event.website or "") or self._page_of_place(event):
            entry.add("url", address)
        entry.add("transp", "TRANSPARENT")
        return entry

    def _uid(self, event: Event) -> str:
        host = urlsplit(self.site).hostname if _address(self.site) else None
        if host:
            return f"{event.id}@{host}"
        city = self.catalogue.city.name(LANGUAGES[0])
        return uuid.uuid5(uuid.NAMESPACE_URL, f"regen-map:{city}:{event.id}").urn

    def _add_times(self, entry: icalendar.Event, event: Event, held: _Held) -> bool:
        """Say when it begins and ends; tell whether at which time is part of that."""
        n_times = _n_times(event, held)
        if event.start_time is None or (n_times > 1 and event.repeats == _SAME_DAY):
            entry.add("dtstart", held.first)
            if held.last is not None:
                entry.add("dtend", held.last + _DAY)
            if event.repeats == _SAME_DAY:
                entry.add("rrule", {"freq": "yearly"})
            return False
        zone = ZoneInfo(self.catalogue.city.time_zone)
        starts = dt.time.fromisoformat(event.start_time)
        entry.add("dtstart", dt.datetime.combine(held.first, starts, zone))
        if event.end_time is not None and event.end_time != event.start_time:
            ends = held.first + (_DAY if _at_night(event) else dt.timedelta())
            end_time = dt.time.fromisoformat(event.end_time)
            entry.add("dtend", dt.datetime.combine(ends, end_time, zone))
        if event.repeats == _SAME_DAY:
            entry.add("rrule", {"freq": "yearly"})
        elif n_times > 1:
            entry.add("rrule", {"freq": "daily", "count": n_times})
        return True

    def _lines(self, occasion: Occasion, held: _Held, *, timed: bool) -> Iterator[str]:
        event, words = occasion.event, self.words
        yield from filter(None, (self._said(event, each) for each in ("summary", "note")))
        if recurrence := self._said(event, "recurrence"):
            yield words.text("events.returns", recurrence=recurrence)
        if not_announced := not_announced_in_words(occasion, words.language):
            yield not_announced
        if occasion.timing not in _COMING:
            yield occasion_in_words(occasion, words.language)
        elif held.last is None:
            yield edition_in_words(*occasion.last_edition, words.language)
        if not timed and (times := times_in_words(event)):
            yield words.text("events.times", times=times)
        hosts = (urlsplit(each).netloc.removeprefix("www.") for each in event.sources)
        if sources := ", ".join(dict.fromkeys(filter(None, hosts))):
            if event.as_of:
                date = words.date(event.as_of)
                yield words.text("events.documented_on", date=date, sources=sources)
            else:
                yield words.text("events.documented", sources=sources)
        if address := self._page_of_place(event):
            yield words.text("events.place", link=address)

    def _location(self, event: Event) -> str:
        place = self.catalogue.place(event.place_id or "")
        if place is not None:
            name_and_address = (self._said(place, "name"), place.address or "")
            return ", ".join(filter(None, dict.fromkeys(name_and_address)))
        if event.quarter is None:
            return ""
        city, language = self.catalogue.city, self.words.language
        quarter = self.catalogue.vocabularies.label("quarter", event.quarter, language)
        return f"{quarter}, {city.name(language)}"

    def _page_of_place(self, event: Event) -> str:
        known = self.catalogue.place(event.place_id or "") is not None
        return _address(self.link(event.place_id or "")) if known else ""

    def _said(self, record: object, column: str) -> str:
        for language in (self.words.language, *LANGUAGES):
            if text := getattr(record, f"{column}_{language}", None):
                return str(text)
        return ""


def _at_night(event: Event) -> bool:
    """Tell whether it ends after midnight."""
    return bool(event.start_time and event.end_time and event.end_time < event.start_time)


def _n_times(event: Event, held: _Held) -> int:
    """Count the times it begins: the last night ends on the last day."""
    return max(1, held.n_days - _at_night(event))


@lru_cache(maxsize=16)
def _time_zone(name: str, first_year: int, end_year: int) -> icalendar.Timezone:
    """
    Write the rules of a time zone for some years, RFC 5545 section 3.6.5.

    Each change begins at the local time of the clocks before it, which the library's own
    ``Timezone.from_tzid`` has not: it tells the time after it.
    """
    zone = ZoneInfo(name)
    first = dt.datetime(first_year, 1, 1, tzinfo=zone)
    onsets: dict[tuple[_Clock, dt.timedelta], list[dt.datetime]] = {}
    clock = _clock(first)
    onsets[clock, clock.offset] = [first.replace(tzinfo=None)]
    for moment in _changes(zone, first, dt.datetime(end_year, 1, 1, tzinfo=zone)):
        before, clock = clock.offset, _clock(moment.astimezone(zone))
        local = (moment + before).replace(tzinfo=None)
        onsets.setdefault((clock, before), []).append(local)
    written = icalendar.Timezone()
    written.add("tzid", name)
    for (kind, before), (onset, *later) in onsets.items():
        part = icalendar.TimezoneDaylight() if kind.is_summer else icalendar.TimezoneStandard()
        part.add("dtstart", onset)
        if later:
            part.add("rdate", later)
        part.add("tzname", kind.name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", kind.offset)
        written.add_component(part)
    return written


class _Clock(NamedTuple):
    """How a time zone's clocks go between two changes."""

    name: str
    offset: dt.timedelta
    is_summer: bool


def _clock(moment: dt.datetime) -> _Clock:
    name, none = moment.tzname() or "", dt.timedelta()
    return _Clock(name, moment.utcoffset() or none, is_summer=bool(moment.dst()))


def _changes(zone: ZoneInfo, first: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """Find when clocks change, in UTC; never twice on a day."""
    day, last = first.astimezone(dt.UTC), end.astimezone(dt.UTC)
    while day < last:
        known = _clock(day.astimezone(zone))
        next_day = day + _DAY
        if _clock(next_day.astimezone(zone)) != known:
            n_seconds = bisect_left(
                range(_DAY // _SECOND),
                x=True,
                key=lambda n: _clock((day + n * _SECOND).astimezone(zone)) != known,
            )
            yield day + n_seconds * _SECOND
        day = next_day


def _address(text: str) -> str:
    """Give an address of the web, or nothing."""
    sound = text.startswith(("https://", "http://")) and not _NOT_IN_ADDRESS.search(text)
    return text if sound else ""


def _plain(text: str) -> str:
    """Keep the characters of a text that every reader of calendars takes for text."""
    return _UNSEEN.sub("", _LINE_BREAK.sub("\n", text)).strip()
