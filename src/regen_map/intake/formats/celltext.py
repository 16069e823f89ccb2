"""The text that a typed value would have in a CSV file, the same for every format."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from decimal import Decimal

_EXACT = 2**53
"""Up to here a float holds every whole number."""
_HALF_SECOND = dt.timedelta(seconds=0.5)


def typed_text(value: object) -> str:
    """
    Write a value as the text of a cell.

    Parameters
    ----------
    value
        What a typed format holds: text, number, truth value, date, time or
        duration; None where it holds nothing.

    Returns
    -------
    str
        Text as it is; numbers as `number_text`; ``"yes"`` and ``"no"``; dates as
        ``"2025-09-30"``, with a time other than midnight as
        ``"2025-09-30T15:00"``; times and durations as ``"15:00"``; empty for None
        and for what no cell can hold, such as bytes.

    Examples
    --------
    >>> typed_text(54033.0), typed_text(True), typed_text(dt.time(15, 0))
    ('54033', 'yes', '15:00')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number_text(value)
    return moment_text(value)


def number_text(value: float) -> str:
    """
    Write a number without exponent and without the noise of binary fractions.

    Parameters
    ----------
    value
        The number.

    Returns
    -------
    str
        Whole numbers without a point; others with 15 significant digits, which
        is what spreadsheets show and every float keeps. ``"nan"``, ``"inf"`` and
        ``"-inf"``, which no column takes, for what is no number.

    Examples
    --------
    >>> number_text(0.1 + 0.2), number_text(1e-7), number_text(-0.0)
    ('0.3', '0.0000001', '0')
    """
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return str(value)
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def moment_text(value: object) -> str:
    """
    Write a date, a time or a duration; anything else becomes an empty text.

    Times are rounded to the second, and seconds written where there are any:
    spreadsheets keep times as fractions of a day, which miss by microseconds.
    """
    if isinstance(value, dt.datetime):
        with contextlib.suppress(OverflowError):  # the last day of all
            value += _HALF_SECOND
        if (value.hour, value.minute) == (0, 0):
            return value.date().isoformat()
        return value.replace(tzinfo=None).isoformat(
            timespec="seconds" if value.second else "minutes"
        )
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        midnight = dt.timedelta(hours=value.hour, minutes=value.minute)
        value = midnight + dt.timedelta(seconds=value.second, microseconds=value.microsecond)
    if isinstance(value, dt.timedelta):
        seconds = math.floor((abs(value) + _HALF_SECOND).total_seconds())
        sign = "-" if value < dt.timedelta() and seconds else ""
        written = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}"
        return f"{written}:{seconds % 60:02}" if seconds % 60 else written
    return ""
