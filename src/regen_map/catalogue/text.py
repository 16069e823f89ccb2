"""The one text of every value, and texts that no spreadsheet runs as formulas."""

from __future__ import annotations

import re
from decimal import Decimal

LIST_SEPARATOR = " | "

SPREADSHEET_ERROR = re.compile(
    r"#(?:REF!|RIF!|N/[AD]|VALUE!|VALORE!|DIV/0!|NAME\?|NOME\?|NUM!|NULL!|NULLO!|FORMULA!)",
    re.IGNORECASE,
)
"""What a cell of Excel says, in English or Italian, instead of a result."""
_FORMULA = re.compile(rf"'*(?:[=+\-@\t\r]|{SPREADSHEET_ERROR.pattern}\Z)", re.IGNORECASE)
_NUMBER_OR_PHONE = re.compile(r"[+-][0-9][0-9 .,()]*")
"""Nothing in it can be computed or call anything: one sign, and no letter or operator."""


def cell_text(value: object) -> str:
    """
    Give the canonical text of a value of a record.

    Parameters
    ----------
    value
        Text, a date, a number in the unit of its column, an amount, a yes or no, a
        tuple of these, or None for what is not known.

    Returns
    -------
    str
        What a canonical file holds: empty for None, ``yes`` or ``no``, plain digits
        without exponent that give the very same number back, the pieces of a tuple
        split by ``" | "``, a missing piece being empty. A tuple of one missing date
        is therefore empty too, which the intake takes to mean just that.

    Examples
    --------
    >>> cell_text(44.0755), cell_text(200.0), cell_text(True), cell_text(("2025", None))
    ('44.0755', '200', 'yes', '2025 | ')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return LIST_SEPARATOR.join(map(cell_text, value))
    if isinstance(value, float):
        return format(Decimal(repr(float(value))), "f").removesuffix(".0")
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def neutral(text: str) -> str:
    """
    Write a text so that no spreadsheet runs it as a formula.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        With an apostrophe in front where it is what Excel says instead of a result
        (``#N/A``), and where it begins with ``=``, ``+``, ``-``, ``@``, a
        tab or a carriage return, after apostrophes or none; as it is where it does
        not, and where it is a mere number or telephone number. `plain` gives the
        text back.

    Examples
    --------
    >>> neutral("=1+1"), neutral("'=1+1"), neutral("+39 0585 123456"), neutral("-12.5")
    ("'=1+1", "''=1+1", '+39 0585 123456', '-12.5')
    """
    if _FORMULA.match(text) and not _NUMBER_OR_PHONE.fullmatch(text):
        return f"'{text}"
    return text


def plain(text: str) -> str:
    """
    Undo `neutral`: take one apostrophe away from before the sign of a formula.

    Parameters
    ----------
    text
        What stands in a file.

    Returns
    -------
    str
        ``plain(neutral(text)) == text`` for every text.

    Examples
    --------
    >>> plain("'=1+1"), plain("''=1+1"), plain("'800, an age"), plain("-12.5")
    ('=1+1', "'=1+1", "'800, an age", '-12.5')
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
