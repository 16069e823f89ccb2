"""From opening times to sentences: whether a place is open now, and its week in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Protocol

from babel import Locale, dates

from regen_map.messages.translator import Translator, translator

_OPEN, _CLOSED, _UNKNOWN = "open", "closed", "unknown"
_DAY, _MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
_NIGHT = dt.timedelta(hours=12)
"""An end so near needs no day: nobody takes tonight's two o'clock for tomorrow's."""

_SOON = 6 * _DAY
"""For so many days a weekday alone can mean only the coming one."""

# 24 hours and day before month, in every language of the product.
_CLOCK, _END_OF_DAY = "H:mm", "k:mm"
_WEEKDAY, _DATE, _DATE_OF_YEAR = "EEEE", "EEEE d MMMM", "EEEE d MMMM y"


class Opening(Protocol):
    """A place at a moment, as `regen_map.query.Opening` is one."""

    @property
    def state(self) -> str:
        """Whether it is ``open``, ``closed`` or ``unknown``."""

    @property
    def at(self) -> dt.datetime:
        """The moment, in the place's own time."""

    @property
    def change(self) -> dt.datetime | None:
        """When it becomes another state."""

    @property
    def becomes(self) -> str | None:
        """What it becomes then."""

    @property
    def comment(self) -> str:
        """What the hours add in words."""

    @property
    def stated(self) -> bool:
        """Whether there are hours that can be understood."""


class Span(Protocol):
    """A time without a change, as `regen_map.query.Span` is one."""

    @property
    def start(self) -> dt.datetime:
        """Its beginning, in the place's own time."""

    @property
    def end(self) -> dt.datetime:
        """Its end, which may lie on the next day."""

    @property
    def state(self) -> str:
        """``open``, or ``unknown`` where it only may be."""

    @property
    def comment(self) -> str:
        """What the hours add in words."""


class Day(Protocol):
    """The hours of one day, as `regen_map.query.Day` has them."""

    @property
    def date(self) -> dt.date:
        """Which day."""

    @property
    def state(self) -> str:
        """Whether it is ``open`` at any time, ``closed`` or ``unknown``."""

    @property
    def spans(self) -> Sequence[Span]:
        """When it is open or may be."""

    @property
    def holiday(self) -> bool:
        """Whether it is a public holiday."""


def now_in_words(opening: Opening, language: str) -> str:
    """
    Say whether a place is open and until when, or when it opens.

    Parameters
    ----------
    opening
        The place now.
    language
        One of `regen_map.messages.LANGUAGES`.

    Returns
    -------
    str
        A sentence of plain text without a full stop: «Chiuso, apre domani alle 9:00».
    """
    words = translator(language)
    said = _sentence(opening, words)
    if not opening.comment:
        return said
    return words.text("opening.with_comment", what=said, comment=opening.comment)


def _sentence(opening: Opening, words: Translator) -> str:
    change = opening.change
    if opening.state == _UNKNOWN:
        return words.text("opening.unsure" if opening.stated else "opening.unknown")
    if opening.state == _OPEN:
        if change is None:
            return words.text("opening.always")
        until = _until(opening.at, change, words, _CLOCK)
        sure = opening.becomes == _CLOSED
        return words.text("opening.open" if sure else "opening.open_at_least", until=until)
    if change is None or opening.becomes == _UNKNOWN:
        return words.text("opening.closed_now" if change else "opening.closed_today")
    return words.text("opening.closed", when=_when(opening.at, change, words, _CLOCK))


def now_in_short(opening: Opening, language: str) -> str:
    """
    Say the same in a few words, for a list: «Aperto fino alle 18», «Apre alle 15».

    Parameters
    ----------
    opening, language
        As of `now_in_words`.

    Returns
    -------
    str
        Empty where nothing is known.
    """
    words = translator(language)
    at, change = opening.at, opening.change
    if opening.state == _UNKNOWN:
        return ""
    clock = words.text("opening.hour_pattern")
    if opening.state == _OPEN:
        if change is None or opening.becomes == _UNKNOWN or not _tonight(at, change):
            return words.text("opening.open_now")
        return words.text("opening.short_open", until=_until(at, change, words, clock))
    if change is None or opening.becomes == _UNKNOWN or not _soon(at, change):
        return words.text("opening.closed_now")
    when = _when(at, change, words, clock, in_short=True)
    return words.text("opening.short_opens", when=when)


def week_in_words(
    days: Sequence[Day], language: str, *, holidays: Day | None = None
) -> tuple[tuple[str, str], ...]:
    """
    Write the hours of a week, Monday first, days with equal hours together.

    Parameters
    ----------
    days
        Seven days, whichever is the first.
    language
        One of `regen_map.messages.LANGUAGES`.
    holidays
        A day that stands for all public holidays, if one does.

    Returns
    -------
    tuple of (str, str)
        Days and hours: «da lunedì a venerdì», «9:00-13:00, 15:00-18:00». A public
        holiday among the days stands by itself, with its date.
    """
    words = translator(language)
    plain = sorted((day for day in days if not day.holiday), key=lambda day: day.date.weekday())
    rows = [
        (_weekdays([day.date for day in group], words), hours_in_words(group[0], language))
        for group in _equal_neighbours(plain, language)
    ]
    for day in days:
        if day.holiday:
            date = words.text("opening.holiday", day=_local_date(day.date, _DATE, words))
            rows.append((date, hours_in_words(day, language)))
    if holidays is not None:
        rows.append((words.text("opening.holidays"), hours_in_words(holidays, language)))
    return tuple(rows)


def hours_in_words(day: Day, language: str) -> str:
    """Write the hours of one day: «9:00-13:00, 15:00-18:00», «chiuso», «non si sa»."""
    words = translator(language)
    if not day.spans:
        return words.text("opening.day_closed" if day.state == _CLOSED else "opening.day_unknown")
    return ", ".join(_span(span, words) for span in day.spans)


def _span(span: Span, words: Translator) -> str:
    whole = span.end - span.start >= _DAY
    if whole and span.state == _UNKNOWN:
        hours = words.text("opening.day_unknown")
    elif whole:
        hours = words.text("opening.all_day")
    else:
        hours = f"{_clock(span.start, words, _CLOCK)}–{_end(span.end, words)}"
    comment = span.comment
    if span.state == _UNKNOWN and not whole:
        comment = ": ".join(filter(None, (words.text("opening.to_confirm"), comment)))
    return words.text("opening.with_comment", what=hours, comment=comment) if comment else hours


def _equal_neighbours(days: Sequence[Day], language: str) -> Iterator[list[Day]]:
    """Group the days that follow each other in the week and have equal hours."""
    breaks = [
        (before.date.weekday() + 1, hours_in_words(before, language))
        != (after.date.weekday(), hours_in_words(after, language))
        for before, after in pairwise(days)
    ]
    numbers = [0]
    for each in breaks:
        numbers.append(numbers[-1] + each)
    numbered = zip(numbers, days, strict=False)
    for _, group in groupby(numbered, key=lambda pair: pair[0]):
        yield [day for _, day in group]


def _weekdays(days: Sequence[dt.date], words: Translator) -> str:
    names = [_local_date(day, _WEEKDAY, words) for day in days]
    if len(names) == 7:  # noqa: PLR2004 -- a week
        return words.text("opening.every_day")
    if len(names) > 2:  # noqa: PLR2004 -- «lunedì e martedì»
        return words.text("opening.from_to", first=names[0], last=names[-1])
    return words.listing(names)


def _tonight(at: dt.datetime, change: dt.datetime) -> bool:
    return (change - _MINUTE).date() == at.date() or change - at < _NIGHT


def _soon(at: dt.datetime, change: dt.datetime) -> bool:
    return change.date() - at.date() <= _SOON


def _until(at: dt.datetime, change: dt.datetime, words: Translator, clock: str) -> str:
    today = at.date()
    if change.time() == dt.time():
        last = change.date() - _DAY
        if last == today:
            return words.text("opening.until_midnight")
        return words.text("opening.until_day", day=_day(today, last, words))
    time = _clock(change, words, clock)
    if _tonight(at, change):
        return words.count("opening.until", change.hour, time=time)
    day = _day(today, change.date(), words)
    return words.count("opening.until_then", change.hour, day=day, time=time)


def _when(
    at: dt.datetime, change: dt.datetime, words: Translator, clock: str, *, in_short: bool = False
) -> str:
    today, time = at.date(), _clock(change, words, clock)
    if change.date() == today:
        return words.count("opening.at", change.hour, time=time)
    day = _day(today, change.date(), words, in_short=in_short)
    if change.time() == dt.time():
        return day
    return words.count("opening.then", change.hour, day=day, time=time)


def _day(today: dt.date, day: dt.date, words: Translator, *, in_short: bool = False) -> str:
    if day == today + _DAY:
        return words.text("opening.tomorrow")
    if in_short:
        return _local_date(day, _WEEKDAY, words)
    return _local_date(day, _DATE if day.year == today.year else _DATE_OF_YEAR, words)


def _clock(moment: dt.datetime, words: Translator, pattern: str) -> str:
    whole = moment.minute == 0
    return str(
        dates.format_time(moment.time(), pattern if whole else _CLOCK, locale=_locale(words))
    )


def _end(moment: dt.datetime, words: Translator) -> str:
    return _clock(moment, words, _END_OF_DAY if moment.time() == dt.time() else _CLOCK)


def _local_date(day: dt.date, pattern: str, words: Translator) -> str:
    return str(dates.format_date(day, pattern, locale=_locale(words)))


def _locale(words: Translator) -> Locale:
    return Locale.parse(words.language)
