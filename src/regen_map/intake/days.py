"""Dates as people write them."""

from __future__ import annotations

import datetime as dt
import re

from regen_map.catalogue import PartialDate
from regen_map.intake.issues import CellError, Rule, Tolerated

_MONTHS = (
    ("gen", "jan"),
    ("feb",),
    ("mar",),
    ("apr",),
    ("mag", "may"),
    ("giu", "jun"),
    ("lug", "jul"),
    ("ago", "aug"),
    ("set", "sep"),
    ("ott", "oct"),
    ("nov",),
    ("dic", "dec"),
)
_BY_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_LONG = """gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre
dicembre january february march april may june july august september october november december
sett sept"""
_MONTH_WORDS = frozenset((*_BY_MONTH, *_LONG.split()))

_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z?", re.ASCII)
_CLOCK = re.compile(r"(.*\d{4})[ ,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?", re.ASCII)
_NUMERIC = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})", re.ASCII)
_EXCEL_MONTH = re.compile(r"([^\W\d_]{3})-(\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([/.-]?)(0[1-9]|1[0-2]|(?<=[/.-])[1-9])\2(\d{1,2})", re.ASCII)
_WORDS = re.compile(r"(?:(\d{1,2})[°º]?\s+)?([^\W\d]{3,9})\.?\s+(\d{4})", re.ASCII)
_SERIAL = re.compile(r"([2-7]\d{4})(?:[.,]\d{1,12})?", re.ASCII)
_EXCEL_EPOCH = dt.date(1899, 12, 30)
"""Excel counts from 1 January 1900 and takes that year for a leap year."""
_CENTURY = 1900
_PIVOT = 50
"""Below it a year of two digits is proposed as one of this century."""
_LONGEST = 60


def date(text: str) -> PartialDate:
    """
    Read a date that may stop at the year or the month.

    Parameters
    ----------
    text
        ``2025-09-30``, ``2025-09``, ``2025``; or ``30/09/2025``, ``09/2025``,
        ``30 settembre 2025``, ``20250930``, Excel's day number ``45930``. The day comes before
        the month.

    Raises
    ------
    Tolerated
        Carries the date, where it was not in ISO form.
    CellError
        With `Rule.DATE`, or `Rule.DATE_AMBIGUOUS` for a year of two digits.
    """
    try:
        return PartialDate(text)
    except ValueError:
        pass
    if len(text) > _LONGEST:
        raise CellError(Rule.DATE)
    if (time := _TIME.fullmatch(text)) is not None:
        found = _made(time.group(1), text)
        raise Tolerated(found, found, Rule.DATE_TIME)
    if (serial := _SERIAL.fullmatch(text)) is not None:
        counted = _EXCEL_EPOCH + dt.timedelta(days=int(serial.group(1)))
        found = PartialDate(counted.isoformat())
        raise Tolerated(found, found, Rule.DATE_SERIAL)
    if (clock := _CLOCK.fullmatch(text)) is not None:
        found = _understand(clock.group(1), text)
        raise Tolerated(found, found, Rule.DATE_ITALIAN, Rule.DATE_TIME)
    if (year_first := _YEAR_FIRST.fullmatch(text)) is not None:
        year, _, month, day = year_first.groups()
        found = _made(_iso(year, month, day), text)
        raise Tolerated(found, found, Rule.DATE_YEAR_FIRST)
    found = _understand(text, text)
    raise Tolerated(found, found, Rule.DATE_ITALIAN)


def _understand(text: str, whole: str) -> PartialDate:
    if (numeric := _NUMERIC.fullmatch(text)) is not None:
        day, month, year = numeric.groups()
        return _made(_iso(year, month, day), whole, other=_iso(year, day, month) if day else "")
    if (words := _WORDS.fullmatch(text)) is not None:
        day, word, year = words.groups()
        if word.casefold() in _MONTH_WORDS:
            return _made(_iso(year, str(_BY_MONTH[word[:3].casefold()]), day), whole)
    if (short := _SHORT_YEAR.fullmatch(text)) is not None:
        day, month, year = short.groups()
        raise CellError(
            Rule.DATE_AMBIGUOUS,
            found=whole,
            suggestion=_sound(_iso(_full_year(year), month, day)),
        )
    if (excel := _EXCEL_MONTH.fullmatch(text)) is not None and excel.group(
        1
    ).casefold() in _BY_MONTH:
        month = str(_BY_MONTH[excel.group(1).casefold()])
        suggestion = _sound(_iso(_full_year(excel.group(2)), month, None))
        raise CellError(Rule.DATE_AMBIGUOUS, found=whole, suggestion=suggestion)
    raise CellError(Rule.DATE, found=whole)


def _full_year(year: str) -> str:
    return str(_CENTURY + int(year) + (100 if int(year) < _PIVOT else 0))


def _iso(year: str, month: str, day: str | None) -> str:
    return f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")


def _made(iso: str, whole: str, other: str = "") -> PartialDate:
    try:
        return PartialDate(iso)
    except ValueError:
        raise CellError(Rule.DATE, found=whole, suggestion=_sound(other)) from None


def _sound(iso: str) -> str:
    """Give the date, or nothing if there is no such day."""
    try:
        return PartialDate(iso)
    except ValueError:
        return ""
