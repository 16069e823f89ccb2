"""What every sketch is made of: boxes with texts, names of streets, a scale bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from regen_map.catalogue import CRS, Catalogue, derived
from regen_map.facts.links import shortened

Points = NDArray[np.float64]

TOGETHER = 19.0
"""Numbers nearer to each other than this share one mark."""

_LETTER = 6.0
"""A generous mean width of a letter at the size of the labels."""
_LINE = 15.0
_MARK = 18.0
_LONGEST_LABEL = 28
_ASIDE = (0.0, -24.0, 24.0, -40.0)
"""Where a name may stand above or below its point, which is that of a whole street."""
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

    def meets(self, other: Box) -> bool:
        """Tell whether they overlap."""
        near = abs(self.x - other.x) * 2 < self.width + other.width
        return near and abs(self.y - other.y) * 2 < self.height + other.height


@dataclass(frozen=True, slots=True)
class Label:
    """A text in its box."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Canvas:
    """
    A drawing of part of a town, north up.

    Attributes
    ----------
    width, height
        In its own units; about a pixel each on a phone.
    middle
        The point in its middle, x and y in the city's metric CRS.
    scale
        Units per metre.
    """

    width: float
    height: float
    middle: tuple[float, float]
    scale: float

    @property
    def centre(self) -> Points:
        """Its middle in its own units."""
        return np.array([self.width / 2, self.height / 2])

    def drawn(self, metres: Points) -> Points:
        """Give where points of the metric CRS are drawn, one in each row."""
        shown: Points = self.centre + (metres - self.middle) * [self.scale, -self.scale]
        return shown

    @property
    def scale_m(self) -> int:
        """How many metres the scale bar stands for."""
        fitting = (each for each in _SCALE_LENGTHS if each * self.scale <= _LONGEST_SCALE)
        return max(fitting, default=_SCALE_LENGTHS[0])

    @property
    def scale_length(self) -> float:
        """How long the scale bar is."""
        return round(self.scale_m * self.scale, 1)

    @property
    def scale_corner(self) -> Box:
        """The corner in which the scale bar stands."""
        width, height = self.scale_length + 60, 34.0
        return Box(width / 2, self.height - height / 2, width, height)

    def streets(self, catalogue: Catalogue, taken: Sequence[Box]) -> Iterator[Label]:
        """
        Give the names of streets and squares for which there is room.

        Parameters
        ----------
        catalogue
            Its gazetteer has them.
        taken
            What they must not cover.

        Yields
        ------
        Label
            Those near the middle first.
        """
        names, metres = _streets(catalogue)
        points, full = self.drawn(metres), [*taken, self.scale_corner]
        for each in np.argsort(np.hypot(*(points - self.centre).T), kind="stable"):
            text = shortened(names[each], _LONGEST_LABEL)
            x, y = np.round(points[each], 1).tolist()
            boxes = (Box(x, y + aside, _LETTER * len(text) + 4, _LINE) for aside in _ASIDE)
            free = (box for box in boxes if self._holds(box) and not any(map(box.meets, full)))
            if box := next(free, None):
                full.append(box)
                yield Label(text, box)

    def _holds(self, box: Box) -> bool:
        half_width, half_height = box.width / 2, box.height / 2
        across = half_width <= box.x <= self.width - half_width
        return across and half_height <= box.y <= self.height - half_height


def numbers(
    points: Points, texts: Sequence[str], moved: Callable[[Points], Points] = lambda point: point
) -> Sequence[Label]:
    """
    Put numbers on points, beside each other where they are too near to be told apart.

    Parameters
    ----------
    points
        Where, in units of the drawing, one in each row.
    texts
        The number of each point.
    moved
        Gives where the number of a point stands.
    """
    groups: list[tuple[Points, list[str]]] = []
    for text, point in zip(texts, map(moved, points), strict=True):
        for where, found in groups:
            if np.hypot(*(where - point)) < TOGETHER:
                found.append(text)
                break
        else:
            groups.append((point, [text]))
    return [_mark(where, ", ".join(found)) for where, found in groups]


def _mark(point: Points, text: str) -> Label:
    x, y = point.tolist()
    width = max(_MARK, 7 + _LETTER * len(text))
    return Label(text, Box(round(x, 1), round(y, 1), round(width, 1), _MARK))


def metric(catalogue: Catalogue, lon_lat: Sequence[tuple[float | None, float | None]]) -> Points:
    """
    Convert positions to the city's metric CRS.

    Parameters
    ----------
    catalogue
        Whose city.
    lon_lat
        Degrees WGS84, longitude first; none may be None.

    Returns
    -------
    numpy.ndarray
        Shape ``(n, 2)``: x and y in metres.
    """
    return _projected(catalogue.city.metric_crs, np.array(lon_lat, dtype=np.float64))


@derived()
def _streets(catalogue: Catalogue) -> tuple[Sequence[str], Points]:
    streets = catalogue.table("streets")
    labelled = streets[streets["kind"] != "address"]
    degrees = labelled[["lon", "lat"]].to_numpy(dtype=np.float64)
    return tuple(labelled["name"]), _projected(catalogue.city.metric_crs, degrees)


def _projected(metric_crs: str, lon_lat: Points) -> Points:
    x, y = _transformer(metric_crs).transform(*lon_lat.reshape(-1, 2).T)
    return np.column_stack([x, y])


@lru_cache(maxsize=4)
def _transformer(metric_crs: str) -> Transformer:
    return Transformer.from_crs(CRS, metric_crs, always_xy=True)
