"""In which order to visit places so that the walk is short."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_LONGEST_SEGMENT = 3
_WORTH = 1e-6
"""A walk that is shorter by less than so many metres is the same walk."""

Order = NDArray[np.intp]


def short_order(metres: NDArray[np.float64], *, keep_first: bool = False) -> Order:
    """
    Order points so that the path through all of them is short; it does not return.

    Starts from the order as it is and from the nearest neighbour of every start, turns
    pieces of the path round (2-opt) and moves pieces of up to three points elsewhere
    (or-opt) as long as that makes it shorter, and takes the best.

    Parameters
    ----------
    metres
        Shape ``(n, 2)``: the points in the order as it is, without NaN; any n.
    keep_first
        Whether the first point stays the first.

    Returns
    -------
    numpy.ndarray
        Shape ``(n,)``: positions in `metres`. Never longer than the order as it is, nor
        than that of the nearest neighbour; the order as it is where none is shorter.
    """
    n = len(metres)
    given = np.arange(n)
    if n <= 2:  # noqa: PLR2004 -- one leg is as long from either end
        return given
    apart = np.hypot(*(metres[:, None] - metres[None]).T).T
    changes = _changes(n, keep_first)
    best = _improved(given, apart, changes)
    for start in range(1 if keep_first else n):
        found = _improved(_nearest_first(apart, start), apart, changes)
        if _length(found, apart) < _length(best, apart) - _WORTH:
            best = found
    return best


def _length(order: Order, apart: NDArray[np.float64]) -> float:
    return float(apart[order[:-1], order[1:]].sum())


def _nearest_first(apart: NDArray[np.float64], start: int) -> Order:
    order = [start]
    left = np.ones(len(apart), dtype=bool)
    left[start] = False
    while left.any():
        nearest = int(np.argmin(np.where(left, apart[order[-1]], np.inf)))
        order.append(nearest)
        left[nearest] = False
    return np.array(order)


def _improved(order: Order, apart: NDArray[np.float64], changes: NDArray[np.intp]) -> Order:
    """Make the change that shortens the path most, until none does."""
    while True:
        tried = order[changes]
        lengths = apart[tried[:, :-1], tried[:, 1:]].sum(axis=1)
        shortest = int(np.argmin(lengths))
        if lengths[shortest] >= _length(order, apart) - _WORTH:
            return order
        order = tried[shortest]


@lru_cache(maxsize=64)
def _changes(n: int, keep_first: bool) -> NDArray[np.intp]:  # noqa: FBT001
    """List what one change makes of the order of n points, one change in each row."""
    fixed = int(keep_first)
    return np.array([*_turned(n, fixed), *_moved(n, fixed)], dtype=np.intp)


def _turned(n: int, fixed: int) -> Iterator[list[int]]:
    order = list(range(n))
    for start in range(fixed, n - 1):
        for end in range(start + 2, n + 1):
            yield [*order[:start], *reversed(order[start:end]), *order[end:]]


def _moved(n: int, fixed: int) -> Iterator[list[int]]:
    order = list(range(n))
    for start in range(fixed, n):
        for end in range(start + 1, min(start + _LONGEST_SEGMENT, n) + 1):
            piece, others = order[start:end], order[:start] + order[end:]
            for place in range(fixed, len(others) + 1):
                if place != start:
                    yield [*others[:place], *piece, *others[place:]]
                    yield [*others[:place], *reversed(piece), *others[place:]]
