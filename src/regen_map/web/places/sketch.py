"""Where a place lies, as a small drawing made of the catalogue alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from regen_map.catalogue import CRS, Catalogue, Place
from regen_map.web.places.addresses import shortened
from regen_map.webmap.symbols import EXACT_WITHIN_M, STYLES

WIDTH, HEIGHT = 360, 270
"""Of the drawing, in its own units; about a pixel each on a phone."""

_X, _Y = WIDTH / 2, HEIGHT / 2
_CENTRE = np.array([_X, _Y])
_LEAST_RADIUS_M = 150.0
_MARGIN = 1.15
_LETTER = 6.0
"""A generous mean width of a letter at the size of the labels."""
_LINE = 15.0
_LONGEST_LABEL = 28
_ASIDE = (0.0, -24.0, 24.0, -40.0)
"""Where a name may stand above or below its point, which is that of a whole street."""
_TOGETHER = 19.0
"""Numbers nearer to each other than this share one mark."""
_SCALE_LENGTHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
_LONGEST_SCALE = 100.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle around a centre, in units of the drawing, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """Its left edge."""
        return round(self.x - self.width / 2, 1)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return round(self.y - self.height / 2, 1)

    @property
    def inside(self) -> bool:
        """Whether all of it is in the drawing."""
        half_width, half_height = self.width / 2, self.height / 2
        across = half_width <= self.x <= WIDTH - half_width
        return across and half_height <= self.y <= HEIGHT - half_height

    def meets(self, other: Box) -> bool:
        """Tell whether they overlap."""
        near = abs(self.x - other.x) * 2 < self.width + other.width
        return near and abs(self.y - other.y) * 2 < self.height + other.height


@dataclass(frozen=True, slots=True)
class Label:
    """A text in its box."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """
    What is drawn: north is up, the place in the middle.

    Attributes
    ----------
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

    shape: str
    exact: bool
    accuracy: float
    marks: Sequence[Label]
    streets: Sequence[Label]
    scale: float
    scale_m: int


def draw(catalogue: Catalogue, place: Place, neighbours: Sequence[Place]) -> Sketch | None:
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
    Sketch or None
        None for a place without a position.
    """
    if place.lat is None or place.lon is None:
        return None
    around = [(each.lon, each.lat) for each in neighbours]
    metres = _metric(catalogue, np.array([(place.lon, place.lat), *around], dtype=np.float64))
    here, there = metres[0], metres[1:]
    accuracy = place.position_accuracy_m
    distances = np.hypot(*(there - here).T)
    radius = max(_LEAST_RADIUS_M, accuracy or 0.0, float(distances.max(initial=0.0)))
    scale = HEIGHT / 2 / (radius * _MARGIN)
    north_up = np.array([scale, -scale])

    def drawn(points: NDArray[np.float64]) -> NDArray[np.float64]:
        shown: NDArray[np.float64] = _CENTRE + (points - here) * north_up
        return shown

    exact = accuracy is not None and accuracy <= EXACT_WITHIN_M
    lengths = (each for each in _SCALE_LENGTHS if each * scale <= _LONGEST_SCALE)
    scale_m = max(lengths, default=_SCALE_LENGTHS[0])
    marks = _marks(drawn(there))
    names, points = _streets(catalogue)
    taken = [Box(_X, _Y, 26, 26), _corner(scale_m * scale), *(each.box for each in marks)]
    return Sketch(
        shape=STYLES[place.family].shape,
        exact=exact,
        accuracy=0.0 if exact else round((accuracy or 0.0) * scale, 1),
        marks=marks,
        streets=list(_labels(names, drawn(points), taken)),
        scale=round(scale_m * scale, 1),
        scale_m=scale_m,
    )


def _marks(points: NDArray[np.float64]) -> Sequence[Label]:
    """Put numbers beside each other where their places are too near to be told apart."""
    groups: list[tuple[NDArray[np.float64], list[str]]] = []
    for number, point in enumerate(map(_beside_the_middle, points), 1):
        for where, numbers in groups:
            if np.hypot(*(where - point)) < _TOGETHER:
                numbers.append(str(number))
                break
        else:
            groups.append((point, [str(number)]))
    return [_mark(where, ", ".join(numbers)) for where, numbers in groups]


def _mark(point: NDArray[np.float64], text: str) -> Label:
    x, y = point.tolist()
    width = max(18.0, 7 + _LETTER * len(text))
    return Label(text, Box(round(x, 1), round(y, 1), round(width, 1), 18.0))


def _beside_the_middle(point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move a number that would cover the place itself."""
    covers = np.hypot(*(point - _CENTRE)) < _TOGETHER
    return _CENTRE + np.array([0.0, _TOGETHER + 3]) if covers else point


def _corner(scale: float) -> Box:
    width, height = scale + 60, 34.0
    return Box(width / 2, HEIGHT - height / 2, width, height)


def _labels(names: Sequence[str], points: NDArray[np.float64], taken: list[Box]) -> Iterator[Label]:
    """Give the names for which there is room, those near the middle first."""
    taken = list(taken)
    order = np.argsort(np.hypot(*(points - _CENTRE).T), kind="stable")
    for each in order:
        text = shortened(names[each], _LONGEST_LABEL)
        x, y = np.round(points[each], 1).tolist()
        boxes = (Box(x, y + aside, _LETTER * len(text) + 4, _LINE) for aside in _ASIDE)
        free = (box for box in boxes if box.inside and not any(map(box.meets, taken)))
        if box := next(free, None):
            taken.append(box)
            yield Label(text, box)


@lru_cache(maxsize=4)
def _streets(catalogue: Catalogue) -> tuple[Sequence[str], NDArray[np.float64]]:
    streets = catalogue.table("streets")
    labelled = streets[streets["kind"] != "address"]
    degrees = labelled[["lon", "lat"]].to_numpy(dtype=np.float64).reshape(-1, 2)
    return tuple(labelled["name"]), _metric(catalogue, degrees)


def _metric(catalogue: Catalogue, lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = _transformer(catalogue.city.metric_crs).transform(*lon_lat.T)
    return np.column_stack([x, y])


@lru_cache(maxsize=4)
def _transformer(metric_crs: str) -> Transformer:
    return Transformer.from_crs(CRS, metric_crs, always_xy=True)
