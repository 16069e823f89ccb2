"""Time from left to right: which years are shown, where a day stands, what lies beyond them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from regen_map.catalogue import PartialDate
from regen_map.charts.scales import Box, Scale, apart, year_ticks
from regen_map.charts.sheet import Mark, Sheet, text_width

_YEARS_BEFORE, _YEARS_AFTER = 20, 15
"""An older date would press all others together: it is told at the edge."""
_RANGE = 5.0
_BEFORE, _AFTER = "◂", "▸"


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    An axis of time.

    Attributes
    ----------
    scale
        From days, as `datetime.date.toordinal` counts them, to the drawing.
    first, last
        The years that are shown, both whole.
    day
        On which it is read.
    """

    scale: Scale
    first: int
    last: int
    day: dt.date

    def x(self, date: dt.date) -> float:
        """Give where a day stands; at the edge where it lies beyond."""
        return self.scale(date.toordinal())

    def middle(self, date: PartialDate) -> float:
        """Give where the middle of the days that a date may mean stands."""
        return (self.x(date.first_day) + self.x(date.last_day)) / 2

    def shows(self, date: PartialDate) -> bool:
        """Tell whether any day that a date may mean is shown."""
        return self.first <= date.year <= self.last

    def grid(self, sheet: Sheet, top: float, bottom: float, today: str) -> None:
        """
        Draw the beginnings of years and the day itself, with their names on top.

        Parameters
        ----------
        sheet
            On what.
        top, bottom
            Between which lines; the names stand above the upper one.
        today
            What the day is called.
        """
        start, end = self.scale.start, self.scale.end
        now = self.x(self.day)
        years = year_ticks(self.first, self.last, max(2, int((end - start) / 46)))
        marks = [(now, today)] if self.first <= self.day.year <= self.last else []
        marks += [(self.x(dt.date(year, 1, 1)), str(year)) for year in years]
        boxes = []
        for x, said in marks:
            half = text_width(said, 12) / 2 + 2
            middle = min(max(x, start + half), sheet.right - half)
            boxes.append(Box(middle - half, 0, middle + half, 1))
            if said != today:
                sheet.line((x, top), (x, bottom))
        for each, box in apart([[box] for box in boxes]).items():
            said = marks[each][1]
            look = "ink small" if said == today else "quiet small"
            sheet.text((box.left + box.right) / 2, top - 4, said, look=look, anchor="middle")
        if marks and marks[0][1] == today:
            sheet.line((now, top - 1), (now, bottom), look="ink")

    def range(self, sheet: Sheet, date: PartialDate, y: float, look: str = "ink") -> None:
        """Draw all days that a date may mean, where they are more than a few."""
        start, end = self.x(date.first_day), self.x(date.last_day)
        if end - start > _RANGE:
            sheet.line((start, y), (end, y), look=look, thickness=1.5)

    def mark(self, sheet: Sheet, date: PartialDate, y: float, mark: Mark) -> None:
        """Draw a date as a mark, and as a range around it where it is not exact."""
        if self.shows(date):
            self.range(sheet, date, y)
            sheet.mark(self.middle(date), y, mark)

    def beyond(self, sheet: Sheet, dates: Sequence[PartialDate], y: float) -> None:
        """Tell at the edges that there are dates beyond them, and which if there are no others."""
        before = [each for each in dates if each.year < self.first]
        after = [each for each in dates if each.year > self.last]
        if before:
            sheet.text(self.scale.start - 3, y, _BEFORE, look="quiet small", anchor="end")
        if after:
            sheet.text(self.scale.end + 3, y, _AFTER, look="quiet small")
        if dates and len(before) + len(after) == len(dates):
            years = sorted({each.year for each in dates})
            said = "–".join(str(year) for year in dict.fromkeys((years[0], years[-1])))
            late = not before
            x = self.scale.end - 2 if late else self.scale.start + 2
            sheet.text(x, y, said, look="quiet small", anchor="end" if late else "start")


def calendar_of(dates: Iterable[PartialDate], day: dt.date, left: float, right: float) -> Calendar:
    """
    Choose the years to show.

    Parameters
    ----------
    dates
        What is to be drawn.
    day
        On which it is read.
    left, right
        Where the axis begins and ends.

    Returns
    -------
    Calendar
        Whole years, from the first to the last that holds a date or the day: at most
        20 years before it and 15 after, unless all dates lie farther away.
    """
    years = [date.year for date in dates]
    near = [each for each in years if -_YEARS_BEFORE <= each - day.year <= _YEARS_AFTER]
    shown = [*near, day.year] if near or not years else years
    first, last = min(shown), max(shown)
    ends = dt.date(first, 1, 1).toordinal(), dt.date(last, 12, 31).toordinal()
    return Calendar(Scale(*ends, left, right), first, last, day)
