"""Dates that may stop at the year or at the month, as sources give them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Self

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class PartialDate(str):
    """
    A calendar date known to the year, the month or the day.

    It is the ISO 8601 text itself (``2025``, ``2025-09``, ``2025-09-30``), so
    it can be stored in a table or a file as it is, and never pretends to be
    more exact than its source.

    Raises
    ------
    ValueError
        If the text has another form or names a day that does not exist.

    Examples
    --------
    >>> PartialDate("2025-09").first_day, PartialDate("2025-09").last_day
    (datetime.date(2025, 9, 1), datetime.date(2025, 9, 30))
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the text and keep it."""
        match = _FORM.fullmatch(text)
        if match is None:
            message = f"A date is YYYY, YYYY-MM or YYYY-MM-DD, got {text!r}."
            raise ValueError(message)
        year, month, day = (int(part) if part else 1 for part in match.groups())
        dt.date(year, month, day)
        return super().__new__(cls, text)

    @property
    def year(self) -> int:
        """The year."""
        return int(self[:4])

    @property
    def first_day(self) -> dt.date:
        """The earliest day that the date may mean."""
        return dt.date(self.year, int(self[5:7] or 1), int(self[8:10] or 1))

    @property
    def last_day(self) -> dt.date:
        """The latest day that the date may mean."""
        month = int(self[5:7] or 12)
        day = int(self[8:10] or calendar.monthrange(self.year, month)[1])
        return dt.date(self.year, month, day)

    def surely_after(self, other: PartialDate) -> bool:
        """
        Tell whether every day it may mean comes after every day of `other`.

        Examples
        --------
        >>> PartialDate("2026").surely_after(PartialDate("2025-12"))
        True
        >>> PartialDate("2025").surely_after(PartialDate("2025-03"))
        False
        """
        return self.first_day > other.last_day
