"""Times of day as people write them."""

from __future__ import annotations

import re
from decimal import Decimal

from regen_map.intake.issues import CellError, Rule, Tolerated

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_SPOKEN = re.compile(
    r"""(?:dalle\s+|alle\s+|at\s+|from\s+)?(?:(?:ore|h)\.?\s*)?
    ([0-9]{1,2})(?:\s?[:.,h]\s?([0-9]{2})(?:[:.]00(?:\.0{1,9})?)?)?
    \s?(h|ore)?\.?\s?([ap]\.?m\.?)?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_DAY_ZERO = re.compile(r"(?:1899-12-3[01]|1900-01-0[01]|1904-01-01)[T ]")
"""The day on which spreadsheets put a time that has none."""
_FRACTION = re.compile(r"0[.,](?:[0-9]{3,17}|[0-9]|[6-9][0-9])")
"""A part of a day, as Excel counts."""
_DOUBTFUL = re.compile(r"[0-9]{1,2}|0[.,][0-5][0-9]")
"""A mere number: of hours, or of days; a quarter of a day, or of an hour."""
_HOURS, _MINUTES = 24, 60
_NOON = 12
_LONGEST = 60


def time(text: str) -> str:
    """
    Read a time of day.

    Parameters
    ----------
    text
        ``09:30``; or ``9.30``, ``9,30``, ``ore 9:30``, ``alle 21``, ``21h``,
        ``9:30 pm``, ``09:30:00``, Excel's part of a day ``0.395833``.

    Returns
    -------
    str
        ``HH:MM`` of 24 hours, which can be sorted as it is.

    Raises
    ------
    Tolerated
        Carries the time, where it was not in that form.
    CellError
        With `Rule.TIME`; a mere number, and midnight as ``24:00``, which belongs to
        the next day, are only proposed.
    """
    if _TIME.fullmatch(text):
        return text
    if len(text) > _LONGEST:
        raise CellError(Rule.TIME)
    bare = _DAY_ZERO.sub("", text)
    if _FRACTION.fullmatch(bare):
        minutes = round(Decimal(bare.replace(",", ".")) * _HOURS * _MINUTES)
        found = _clock(minutes // _MINUTES, minutes % _MINUTES)
    else:
        found = _understand(bare)
    if not found or _DOUBTFUL.fullmatch(bare):
        raise CellError(Rule.TIME, suggestion=found or _midnight(bare))
    raise Tolerated(found, found, Rule.TIME_SPELLING)


def _understand(text: str) -> str:
    spoken = _SPOKEN.fullmatch(text)
    if spoken is None:
        return ""
    hour, minute, half = int(spoken.group(1)), int(spoken.group(2) or 0), spoken.group(4)
    if half is None:
        return _clock(hour, minute)
    if not 1 <= hour <= _NOON:
        return ""
    return _clock(hour % _NOON + (_NOON if half[0] in "pP" else 0), minute)


def _clock(hour: int, minute: int) -> str:
    """Write a time, or nothing if there is no such one."""
    return f"{hour:02}:{minute:02}" if hour < _HOURS and minute < _MINUTES else ""


def _midnight(text: str) -> str:
    return "00:00" if re.fullmatch(r"(?:ore )?24(?:[:.,h]00(?:[:.]00)?)?", text) else ""
