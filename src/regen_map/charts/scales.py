"""From values to places on paper: scales, round values for an axis, labels that do not meet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_ROUND = (1, 2, 5, 10)
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_UNITS = ((10**9, 10**9, "milliard"), (10**6, 10**6, "million"), (10**4, 10**3, "thousand"))
"""From where on a number is written in a unit, how large that is, and its name."""


@dataclass(frozen=True, slots=True)
class Scale:
    """
    A straight line from values to units of a drawing.

    Attributes
    ----------
    low, high
        The values at both ends; where they are equal, every value stands at the start.
    start, end
        Where the ends are drawn.
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Give where a value is drawn: never outside the ends."""
        if self.high <= self.low:
            return self.start
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def holds(self, value: float) -> bool:
        """Tell whether a value lies between the ends, both included."""
        return self.low <= value <= self.high


class Box(NamedTuple):
    """A rectangle in units of the drawing, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether they share more than an edge."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.top < other.bottom and other.top < self.bottom


def nice_ticks(high: float, most: int, least_step: float = 0.0) -> Sequence[float]:
    """
    Choose round values from zero up to a highest value.

    Parameters
    ----------
    high
        The highest value that is drawn; zero or more.
    most
        How many ticks there may be besides zero, 1 or more.
    least_step
        Ticks are not nearer to each other: 1 for what is counted.

    Returns
    -------
    sequence of float
        Multiples of 1, 2 or 5 times a power of ten, zero first, none above `high`.

    Examples
    --------
    >>> nice_ticks(27_300_000, 4), nice_ticks(3, 5, 1)
    ([0.0, 10000000.0, 20000000.0], [0.0, 1.0, 2.0, 3.0])
    """
    if high <= 0:
        return [0.0]
    wanted = max(high / most, least_step)
    power = 10.0 ** math.floor(math.log10(wanted))
    # A hundredth of a millionth forgives what floats cannot say exactly.
    step = next(each * power for each in _ROUND if each * power >= wanted * (1 - 1e-8))
    return [step * number for number in range(math.floor(high / step * (1 + 1e-9)) + 1)]


def year_ticks(first: int, last: int, most: int) -> Sequence[int]:
    """
    Choose the years at which an axis of time is marked.

    Parameters
    ----------
    first, last
        The years between which they lie, both included.
    most
        How many there may be, 1 or more.

    Returns
    -------
    sequence of int
        Multiples of 1, 2, 5, 10 … years; empty where no such year lies between.

    Examples
    --------
    >>> year_ticks(2007, 2028, 6), year_ticks(2024, 2026, 6)
    ([2010, 2015, 2020, 2025], [2024, 2025, 2026])
    """
    for step in _YEARS:
        years = range(-(-first // step) * step, last + 1, step)
        if len(years) <= most:
            return list(years)
    return []


def in_short(value: float) -> tuple[float, str]:
    """
    Split a large number to write it in short.

    Returns
    -------
    tuple of float and str
        How many, and of what: ``milliard``, ``million``, ``thousand`` or ``one``.

    Examples
    --------
    >>> in_short(2_500_000), in_short(500)
    ((2.5, 'million'), (500, 'one'))
    """
    for least, unit, name in _UNITS:
        if value >= least:
            return value / unit, name
    return value, "one"


def apart(choices: Sequence[Sequence[Box]], taken: Sequence[Box] = ()) -> Mapping[int, Box]:
    """
    Place labels so that they cover neither each other nor anything else.

    Parameters
    ----------
    choices
        Where each label may stand, the best place first; the most important label first.
    taken
        What none may cover.

    Returns
    -------
    mapping of int to Box
        Positions in `choices` and the place of each label for which there is room;
        earlier ones win.
    """
    placed: dict[int, Box] = {}
    for number, boxes in enumerate(choices):
        others = (*taken, *placed.values())
        free = (box for box in boxes if not any(map(box.meets, others)))
        if box := next(free, None):
            placed[number] = box
    return placed
