"""How a walk goes: its stops by number, straight lines between them, streets around."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from regen_map.catalogue import Catalogue, Place
from regen_map.web.sketches.canvas import Box, Canvas, Label, Points, metric, numbers

_WIDTH, _HEIGHT = 360, 400
"""Shown about as large as it is drawn, so that its letters can be read on a phone."""
_MARGIN = 40
_LEAST_SIDE_M = 200.0
_STEP = 12.0
"""Names keep off the way: off a small box at each such step along it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSketch:
    """
    What is drawn: north is up.

    Attributes
    ----------
    width, height
        Of the drawing.
    line
        The way as pairs of ``x,y`` with a blank between them.
    n_points
        How many stops are drawn.
    marks
        Numbers of the stops.
    streets
        Names of streets and squares.
    scale, scale_m
        Length of the scale bar, and what it stands for in metres.
    """

    width: int = _WIDTH
    height: int = _HEIGHT
    line: str
    n_points: int
    marks: Sequence[Label]
    streets: Sequence[Label]
    scale: float
    scale_m: int


def draw_route(catalogue: Catalogue, stops: Sequence[tuple[int, Place]]) -> RouteSketch | None:
    """
    Draw a walk.

    Parameters
    ----------
    catalogue
        Its gazetteer gives the names around.
    stops
        Numbers and places, in order; those without a position are left out.

    Returns
    -------
    RouteSketch or None
        None where no stop has a position.
    """
    located = [(number, each) for number, each in stops if each.lat is not None]
    if not located:
        return None
    metres = metric(catalogue, [(each.lon, each.lat) for _, each in located])
    low, high = metres.min(axis=0), metres.max(axis=0)
    across, up = np.maximum(high - low, _LEAST_SIDE_M).tolist()
    scale = min((_WIDTH - 2 * _MARGIN) / across, (_HEIGHT - 2 * _MARGIN) / up)
    x, y = ((low + high) / 2).tolist()
    canvas = Canvas(_WIDTH, _HEIGHT, (x, y), scale)
    points = canvas.drawn(metres)
    marks = numbers(points, [str(number) for number, _ in located])
    return RouteSketch(
        line=" ".join(f"{x:.1f},{y:.1f}" for x, y in points.tolist()),
        n_points=len(points),
        marks=marks,
        streets=list(canvas.streets(catalogue, [*(each.box for each in marks), *_along(points)])),
        scale=canvas.scale_length,
        scale_m=canvas.scale_m,
    )


def _along(points: Points) -> Iterator[Box]:
    """Cover the way between points, one in each row."""
    for start, end in pairwise(points):
        n_steps = int(np.hypot(*(end - start)) // _STEP)
        for share in np.linspace(0, 1, n_steps + 2)[1:-1]:
            x, y = (start + share * (end - start)).tolist()
            yield Box(x, y, _STEP, _STEP)
