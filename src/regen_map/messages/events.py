"""From the dates of events to sentences: what is known of them, and what is not."""

from __future__ import annotations

import datetime as dt
import re
from typing import Protocol

from babel import Locale, dates

from regen_map.messages.translator import Translator, translator

_WHOLE, _MONTH = len("2025-09-30"), len("2025-09")
_VOWEL_DAYS = (8, 11)
"""Days whose Italian names begin with a vowel."""
_VOWEL_MONTHS = (4, 8)
"""Months whose Italian names begin with the vowel of the preposition."""

# Day before month, in every language of the product.
_DAY, _DAY_OF_MONTH, _DATE = "d", "d MMMM", "d MMMM y"

_FIRST_OF_MONTH = {"it": "d'º'"}
"""How languages write the first day of a month, where it is an ordinal number."""

_SAME_DAY = "same_day"
_COMING = ("running", "upcoming")


class Event(Protocol):
    """An event, as `regen_map.catalogue.Event` is one."""

    @property
    def start_time(self) -> str | None:
        """``HH:MM``, local time."""

    @property
    def end_time(self) -> str | None:
        """``HH:MM``, local time."""

    @property
    def repeats(self) -> str | None:
        """Whether and how it returns: ``same_day``, ``yearly``, ``ended``."""


class Occasion(Protocol):
    """An event as it stands to a day, as `regen_map.query.Occasion` is one."""

    @property
    def event(self) -> Event:
        """The event."""

    @property
    def timing(self) -> str:
        """One of ``running``, ``upcoming``, ``expected``, ``undated``, ``past``, ``ended``."""

    @property
    def first(self) -> dt.date | None:
        """First day of the edition that is meant."""

    @property
    def last(self) -> dt.date | None:
        """Last day of it."""

    @property
    def month(self) -> int | None:
        """Month in which it usually begins."""

    @property
    def last_edition(self) -> tuple[str | None, str | None]:
        """Start and end of the last edition that is documented."""


def occasion_in_words(occasion: Occasion, language: str) -> str:
    """
    Say when an event is held, and what is not known of that.

    Parameters
    ----------
    occasion
        The event as it stands to a day.
    language
        One of `regen_map.messages.LANGUAGES`.

    Returns
    -------
    str
        A sentence of plain text without a full stop: «Dal 7 all’8 luglio 2027».
    """
    words = translator(language)
    edition = edition_in_words(*occasion.last_edition, language)
    if occasion.timing == "running":
        return _with_times(_running(occasion, words), occasion, words)
    if occasion.timing != "upcoming":
        return _without_dates(occasion, edition, words)
    if occasion.first is None:
        return words.text("events.planned", dates=edition)
    return _with_times(_coming(occasion.first, occasion.last, words), occasion, words)


def not_announced_in_words(occasion: Occasion, language: str) -> str:
    """
    Say of a day that only the return of an event tells that nobody has announced it.

    Parameters
    ----------
    occasion
        The event as it stands to a day.
    language
        One of `regen_map.messages.LANGUAGES`.

    Returns
    -------
    str
        A sentence of plain text without a full stop; empty where an edition of the year
        is documented, and where none is to come on the same day.
    """
    first, last = occasion.first, occasion.last
    documented, _ = occasion.last_edition
    returns = occasion.event.repeats == _SAME_DAY and occasion.timing in _COMING
    if not returns or first is None or documented is None:
        return ""
    # As text: a year has no thousands.
    year = f"{first.year:04}"
    if documented.startswith(year):
        return ""
    n_days = ((last or first) - first).days + 1
    return translator(language).count("events.not_announced", n_days, year=year)


def edition_in_words(start: str | None, end: str | None, language: str) -> str:
    """
    Write the dates of an edition, as exact as they are known.

    Parameters
    ----------
    start, end
        ``2025``, ``2025-09`` or ``2025-09-30``; None where not known.
    language
        One of `regen_map.messages.LANGUAGES`.

    Returns
    -------
    str
        «11–14 settembre 2025», «giugno–settembre 2025», «18 giugno 2015 (la fine non è
        nota)»; empty where nothing is known.
    """
    words = translator(language)
    if start is None or end is None:
        if start is not None:
            date = _date(start, words)
            # Of a year or a month nobody expects the last day.
            return words.text("events.end_unknown", date=date) if len(start) == _WHOLE else date
        return words.text("events.start_unknown", date=_date(end, words)) if end else ""
    if start == end:
        return _date(start, words)
    if len(start) != len(end):
        return words.text("events.span", first=_date(start, words), last=_date(end, words))
    return _interval(start, end, words)


def times_in_words(event: Event) -> str:
    """Write the times of an event: «17:00–22:00»; the start alone if the end is not known."""
    if event.start_time is None:
        return ""
    return "–".join(each for each in (event.start_time, event.end_time) if each)


def _without_dates(occasion: Occasion, edition: str, words: Translator) -> str:
    """Say of an event whose next dates nobody knows what is known."""
    if occasion.timing == "expected":
        return words.text("events.expected", when=_usually(occasion, words), dates=edition)
    if occasion.timing == "ended":
        return words.text("events.ended" if edition else "events.ended_undated", dates=edition)
    if not edition:
        return words.text("events.undated")
    past = occasion.timing == "past"
    return words.text("events.past" if past else "events.undated_since", dates=edition)


def _running(occasion: Occasion, words: Translator) -> str:
    first, last = occasion.first, occasion.last
    if last is None:
        return words.text("events.running")
    if first == last:
        return _on(last, words)
    day = _local_date(last, _DATE, words)
    vowel = last.day in _VOWEL_DAYS
    return words.text("events.running_to_vowel" if vowel else "events.running_to", day=day)


def _coming(first: dt.date, last: dt.date | None, words: Translator) -> str:
    if first == last:
        return _on(first, words)
    if last is None:
        date = words.text("events.end_unknown", date=_local_date(first, _DATE, words))
        return words.text(
            "events.from_vowel" if first.day in _VOWEL_DAYS else "events.from", day=date
        )
    pattern = _DATE
    if first.year == last.year:
        pattern = _DAY if first.month == last.month else _DAY_OF_MONTH
    begins = words.text(
        "events.from_vowel" if first.day in _VOWEL_DAYS else "events.from",
        day=_local_date(first, pattern, words),
    )
    ends = words.text(
        "events.to_vowel" if last.day in _VOWEL_DAYS else "events.to",
        day=_local_date(last, _DATE, words),
    )
    return words.text("events.from_to", first=begins, last=ends)


def _on(day: dt.date, words: Translator) -> str:
    vowel = day.day in _VOWEL_DAYS
    date = _local_date(day, _DATE, words)
    return words.text("events.on_vowel" if vowel else "events.on", day=date)


def _with_times(said: str, occasion: Occasion, words: Translator) -> str:
    times = times_in_words(occasion.event)
    if not times or occasion.first is None:
        return said
    daily = occasion.last not in (None, occasion.first)
    key = "events.at_times_daily" if daily else "events.at_times"
    return words.text(key, dates=said, times=times)


def _usually(occasion: Occasion, words: Translator) -> str:
    _, end = occasion.last_edition
    first = occasion.month or 1
    last = int(end[5:7]) if end is not None and len(end) >= _MONTH else first
    if first == last:
        vowel = first in _VOWEL_MONTHS
        month = _month(first, words)
        return words.text("events.in_month_vowel" if vowel else "events.in_month", month=month)
    return words.text("events.between_months", first=_month(first, words), last=_month(last, words))


def _interval(start: str, end: str, words: Translator) -> str:
    """Join two different dates that are equally exact the way the language does."""
    first, last = (dt.date.fromisoformat(f"{each}-01-01"[:_WHOLE]) for each in (start, end))
    formats = _locale(words).interval_formats
    skeleton = {_WHOLE: "yMMMd", _MONTH: "yMMMM"}.get(len(start), "y")
    differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    # There is none with names of months in full; days come as «07», blanks as thin ones.
    patterns = [
        re.sub("M+", "MMMM", each).replace("dd", "d").replace("\u2009", " ")
        for each in formats[skeleton][differs]
    ]
    said = (_local_date(*each, words) for each in zip((first, last), patterns, strict=True))
    return "".join(said)


def _month(month: int, words: Translator) -> str:
    return str(dates.get_month_names("wide", "stand-alone", locale=_locale(words))[month])


def _date(text: str, words: Translator) -> str:
    """Write a date that may stop at the year or the month."""
    if len(text) < _WHOLE:
        return words.date(text)
    pattern = _locale(words).date_formats["long"].pattern
    return _local_date(dt.date.fromisoformat(text), pattern, words)


def _local_date(day: dt.date, pattern: str, words: Translator) -> str:
    if day.day == 1:
        pattern = pattern.replace("d", _FIRST_OF_MONTH.get(words.language, "d"))
    return str(dates.format_date(day, pattern, locale=_locale(words)))


def _locale(words: Translator) -> Locale:
    return Locale.parse({"en": "en_GB"}.get(words.language, words.language))
