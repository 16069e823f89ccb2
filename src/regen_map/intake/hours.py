"""Opening hours in the form of OpenStreetMap: where a text stops being one."""

from __future__ import annotations

import re

# Its stub forgets the exception.
from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

_STOPPED = re.compile(r"-->\s*([0-9]+):([0-9]+)")
_SHOWN = 60
"""How much of a long text is shown on either side of the mark."""
_TIME = re.compile(r"(?<![0-9:.])([0-9]{1,2})[.;,]([0-9]{2})(?![0-9:])")


def stopped_at(text: str) -> int | None:
    """
    Tell where the syntax of opening hours breaks.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    int or None
        How many characters were understood; None where all of it was, and
        where the parser itself fails, so that nothing can be said.
    """
    try:
        OpeningHours(text)
    except ParserError as error:
        return _place(text, str(error))
    except BaseException as error:
        # A panic of the native code is no Exception, and its type has no public name.
        if type(error).__name__ != "PanicException":
            raise
    return None


def explained(text: str, place: int) -> tuple[str, str]:
    """
    Say where a text breaks, and what it was probably meant to be.

    Parameters
    ----------
    text, place
        As of `marked`.

    Returns
    -------
    tuple of str
        The text with a mark; the same, followed by what would be understood if
        that can be told.

    Examples
    --------
    >>> explained("Mo 9.00-13.00", 4)[1]
    'Mo 9⟨^⟩.00-13.00 → Mo 9:00-13:00'
    """
    shown, meant = marked(text, place), respelled(text)
    return shown, f"{shown} → {meant}" if meant else shown


def marked(text: str, place: int) -> str:
    """
    Show in one line where a text breaks.

    Parameters
    ----------
    text
        What was read.
    place
        How many of its characters were understood.

    Returns
    -------
    str
        The text with a mark, shortened on both sides where it is long.

    Examples
    --------
    >>> marked("Mo-Fr 09:00-13;00", 12)
    'Mo-Fr 09:00-⟨^⟩13;00'
    """
    first, last = max(0, place - _SHOWN), place + _SHOWN
    before = ("…" if first else "") + text[first:place]
    return f"{before}⟨^⟩{text[place:last]}" + ("…" if last < len(text) else "")


def respelled(text: str) -> str:
    """
    Write as OpenStreetMap does what was written as Italians do.

    Returns
    -------
    str
        With colons in the times and no blanks around dashes; empty where that
        is not enough to make opening hours of it.

    Examples
    --------
    >>> respelled("Mo-Fr 9.00 - 13.00"), respelled("Mo-Fr nine")
    ('Mo-Fr 9:00-13:00', '')
    """
    spelled = "-".join(map(str.strip, _TIME.sub(r"\1:\2", text).split("-")))
    return spelled if spelled != text and stopped_at(spelled) is None else ""


def _place(text: str, message: str) -> int:
    found = _STOPPED.search(message)
    if found is None:
        return 0
    line, column = map(int, found.groups())
    start = sum(map(len, text.split("\n")[: line - 1])) + line - 1
    return min(start + column - 1, len(text))
