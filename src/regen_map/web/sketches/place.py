"""Where a place lies: the place in the middle, its neighbours, streets around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regen_map.catalogue import Catalogue, Place
from regen_map.web.sketches.canvas import TOGETHER, Box, Canvas, Label, Points, metric, numbers
from regen_map.webmap.symbols import EXACT_WITHIN_M, STYLES

_WIDTH, _HEIGHT = 360, 270
_CENTRE = np.array([_WIDTH / 2, _HEIGHT / 2])
_LEAST_RADIUS_M = 150.0
_MARGIN = 1.15
_SYMBOL = 26.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSketch:
    """
    What is drawn: north is up, the place in the middle.

    Attributes
    ----------
    width, height
        Of the drawing.
    shape
        Of the place: ``square``, ``circle`` or ``diamond``.
    exact
        Whether the position points at the right building.
    accuracy
        Radius of the circle in which the place lies; 0 where it is exact or unknown.
    marks
        Numbers of the neighbours, as the list of neighbours counts them.
    streets
        Names of streets and squares.
    scale, scale_m
        Length of the scale bar, and what it stands for in metres.
    """

    width: int = _WIDTH
    height: int = _HEIGHT
    shape: str
    exact: bool
    accuracy: float
    marks: Sequence[Label]
    streets: Sequence[Label]
    scale: float
    scale_m: int


def draw_place(
    catalogue: Catalogue, place: Place, neighbours: Sequence[Place]
) -> PlaceSketch | None:
    """
    Draw where a place lies.

    Parameters
    ----------
    catalogue
        Its gazetteer gives the names around.
    place, neighbours
        What is drawn; the neighbours have a position.

    Returns
    -------
    PlaceSketch or None
        None for a place without a position.
    """
    if place.lat is None or place.lon is None:
        return None
    metres = metric(catalogue, [(each.lon, each.lat) for each in (place, *neighbours)])
    accuracy = place.position_accuracy_m
    distances = np.hypot(*(metres - metres[0]).T)
    radius = max(_LEAST_RADIUS_M, accuracy or 0.0, float(distances.max()))
    x, y = metres[0].tolist()
    canvas = Canvas(_WIDTH, _HEIGHT, (x, y), _HEIGHT / 2 / (radius * _MARGIN))
    exact = accuracy is not None and accuracy <= EXACT_WITHIN_M
    counted = [str(number) for number in range(1, len(metres))]
    marks = numbers(canvas.drawn(metres[1:]), counted, _beside_the_middle)
    symbol = Box(_WIDTH / 2, _HEIGHT / 2, _SYMBOL, _SYMBOL)
    return PlaceSketch(
        shape=STYLES[place.family].shape,
        exact=exact,
        accuracy=0.0 if exact else round((accuracy or 0.0) * canvas.scale, 1),
        marks=marks,
        streets=list(canvas.streets(catalogue, [symbol, *(each.box for each in marks)])),
        scale=canvas.scale_length,
        scale_m=canvas.scale_m,
    )


def _beside_the_middle(point: Points) -> Points:
    """Move a number that would cover the place itself."""
    covers = np.hypot(*(point - _CENTRE)) < TOGETHER
    return _CENTRE + np.array([0.0, TOGETHER + 3]) if covers else point
