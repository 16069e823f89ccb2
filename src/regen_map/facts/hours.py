"""When a place is open, in words and for machines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from regen_map import query
from regen_map.catalogue import City, Place
from regen_map.messages.opening import week_in_words

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = "|".join(_DAYS)
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_RULE = re.compile(
    rf"((?:{_DAY})(?:-(?:{_DAY}))?(?:,(?:{_DAY})(?:-(?:{_DAY}))?)*) "
    rf"({_TIME}-{_TIME}(?:,{_TIME}-{_TIME})*)"
)


def week_of(place: Place, city: City, day: dt.date, language: str) -> Sequence[tuple[str, str]]:
    """
    Tell when a place is open in the week to come.

    Parameters
    ----------
    place
        Its opening hours are in the form of OpenStreetMap.
    city
        Its holidays.
    day
        The first of the seven days.
    language
        Of the reader.

    Returns
    -------
    sequence of (str, str)
        Days and hours, as of `regen_map.messages.opening.week_in_words`. Empty where
        nobody knows, and where the place is closed for good.
    """
    ahead = query.week_ahead(place, day, city)
    if ahead is None:
        return ()
    days, holidays = ahead
    return week_in_words(days, language, holidays=holidays)


def hours_for_machines(text: str | None) -> list[str]:
    """
    Convert opening hours to those of schema.org, which know days and times only.

    Returns
    -------
    list of str
        Empty where nothing is known, and where months, holidays or exceptions
        would be lost.

    Examples
    --------
    >>> hours_for_machines("Mo-Fr 09:00-12:30,15:00-19:00; Sa 09:00-12:30")
    ['Mo-Fr 09:00-12:30', 'Mo-Fr 15:00-19:00', 'Sa 09:00-12:30']
    >>> hours_for_machines("Mo-Su 09:00-19:00; PH off"), hours_for_machines(None)
    ([], [])
    """
    rules = [_RULE.fullmatch(part.strip()) for part in (text or "").split(";")]
    found: list[str] = []
    taken: set[str] = set()
    for rule in rules:
        # A later rule replaces an earlier one for its days; schema.org would add them up.
        if rule is None or taken & (days := _days(rule[1])):
            return []
        taken |= days
        found += [f"{rule[1]} {span}" for span in rule[2].split(",")]
    return found


def _days(text: str) -> set[str]:
    found: set[str] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        start = _DAYS.index(first)
        n_days = (_DAYS.index(last or first) - start) % len(_DAYS) + 1
        found |= {_DAYS[(start + each) % len(_DAYS)] for each in range(n_days)}
    return found
