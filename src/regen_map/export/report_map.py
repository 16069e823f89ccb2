"""Where the projects of a report are: numbered points, names of streets, a scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from regen_map.catalogue import CRS, Catalogue, Place
from regen_map.catalogue.city import Bounds
from regen_map.facts.links import shortened

Points = NDArray[np.float64]

_EXACT_WITHIN_M = 50.0
"""As on the map: a position known to this many metres points at the right building."""
_MARGIN = 9.0
_LEAST_SIDE_M = 200.0
_DOT = 2.4
_TOGETHER = 1.5
"""Points nearer to each other than this are drawn as one."""
_LINE = 3.6
_PADDING = 1.6
_DISTANCES = (3.6, 5.5, 8.0, 11.0, 15.0, 20.0, 26.0)
_N_DIRECTIONS = 16
_MOST_NUMBERS = 8
"""A mark says no more of them; the others are told beside the map."""
_MOST_STREETS = 60
_LONGEST_STREET = 28
_ASIDE = (0.0, -4.5, 4.5, -8.0)
"""Where a name may stand above or below its point, which is that of a whole street."""
_SCALE_LENGTHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
_LONGEST_SCALE = 35.0


class Located(NamedTuple):
    """A project on the map: its number in the list, and its place, whose position is known."""

    number: int
    place: Place


class Box(NamedTuple):
    """A rectangle around a centre, in millimetres, y downwards."""

    x: float
    y: float
    width: float
    height: float


class Label(NamedTuple):
    """A text in its box."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Mark:
    """
    One or more projects at a point.

    Attributes
    ----------
    x, y
        Where, in millimetres from the upper left corner.
    numbers
        Of the projects; none where another map tells them.
    exact
        Whether the position points at the right building, for all of them.
    label
        The numbers beside the point; None where there is no room for them.
    """

    x: float
    y: float
    numbers: tuple[int, ...]
    exact: bool
    label: Label | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMap:
    """
    What is drawn: north is up, lengths are millimetres.

    Attributes
    ----------
    width, height
        Of the drawing.
    marks
        The projects.
    streets
        Names of streets and squares.
    scale, scale_m
        Length of the scale bar, and what it stands for in metres.
    """

    width: float
    height: float
    marks: Sequence[Mark]
    streets: Sequence[Label]
    scale: float
    scale_m: int

    @property
    def unlabelled(self) -> Sequence[int]:
        """The numbers of the projects whose points bear no number."""
        return sorted(
            number for mark in self.marks if mark.label is None for number in mark.numbers
        )


def central(located: Sequence[Located], home: Bounds) -> Sequence[Located]:
    """
    Choose what lies in or around the part of the town that the map shows at start.

    Parameters
    ----------
    located
        Projects.
    home
        ``(minx, miny, maxx, maxy)`` in degrees WGS84.
    """
    minx, miny, maxx, maxy = home
    aside, above = (maxx - minx) / 2, (maxy - miny) / 2
    return [
        each
        for each in located
        if minx - aside <= _lon_lat(each)[0] <= maxx + aside
        and miny - above <= _lon_lat(each)[1] <= maxy + above
    ]


def draw_map(
    catalogue: Catalogue,
    located: Sequence[Located],
    size: tuple[float, float],
    text_width: Callable[[str], float],
    *,
    told: Sequence[Located] = (),
) -> ReportMap:
    """
    Draw projects, as large as there is room for.

    Parameters
    ----------
    catalogue
        Its gazetteer gives the names around.
    located
        The projects; at least one.
    size
        Width and height of the drawing in millimetres.
    text_width
        Gives the width of a text in millimetres.
    told
        Those that another map tells by their numbers: here they are points without.

    Returns
    -------
    ReportMap
        Every point is where it is; its number stands beside it, where there is room.
    """
    width, height = size
    metres = _metric(catalogue.city.metric_crs, np.array([_lon_lat(each) for each in located]))
    low, high = metres.min(axis=0), metres.max(axis=0)
    across, up = np.maximum(high - low, _LEAST_SIDE_M).tolist()
    scale = min((width - 2 * _MARGIN) / across, (height - 2 * _MARGIN) / up)
    canvas = _Canvas(width, height, (low + high) / 2, scale)
    scale_m = max(
        (each for each in _SCALE_LENGTHS if each * scale <= _LONGEST_SCALE),
        default=_SCALE_LENGTHS[0],
    )
    corner = Box((scale_m * scale + 22) / 2, height - 4, scale_m * scale + 22, 8)
    taken = _Taken([corner, Box(width - 4, 6, 8, 12)])
    elsewhere = {each.number for each in told}
    marks = _marks(canvas, located, metres, taken, text_width, elsewhere)
    return ReportMap(
        width=width,
        height=height,
        marks=marks,
        streets=list(_streets(canvas, catalogue, taken, text_width)),
        scale=scale_m * scale,
        scale_m=scale_m,
    )


def ranges(numbers: Sequence[int]) -> str:
    """
    Write numbers in order, those that follow each other as ranges.

    Examples
    --------
    >>> ranges([6, 7, 8, 12, 13])
    '6–8, 12, 13'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run))  # noqa: PLR2004
        for run in runs
    ]
    return ", ".join(told)


@dataclass(frozen=True, slots=True)
class _Canvas:
    width: float
    height: float
    middle: Points
    scale: float

    def drawn(self, metres: Points) -> Points:
        centre = np.array([self.width / 2, self.height / 2])
        shown: Points = centre + (metres - self.middle) * [self.scale, -self.scale]
        return shown

    def holds(self, box: Box) -> bool:
        across = box.width / 2 + 1 <= box.x <= self.width - box.width / 2 - 1
        return across and box.height / 2 + 1 <= box.y <= self.height - box.height / 2 - 1


class _Taken:
    """The boxes that nothing else may cover."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes: Points = np.array(boxes, dtype=np.float64).reshape(-1, 4)

    def add(self, boxes: Sequence[Box]) -> None:
        self._boxes = np.vstack([self._boxes, np.array(boxes, dtype=np.float64).reshape(-1, 4)])

    def free(self, box: Box) -> bool:
        x, y, width, height = self._boxes.T
        near = np.abs(x - box.x) * 2 < width + box.width
        return not bool(np.any(near & (np.abs(y - box.y) * 2 < height + box.height)))


def _marks(  # noqa: PLR0913, PLR0917
    canvas: _Canvas,
    located: Sequence[Located],
    metres: Points,
    taken: _Taken,
    text_width: Callable[[str], float],
    elsewhere: Collection[int],
) -> Sequence[Mark]:
    groups: dict[tuple[int, int], list[tuple[Located, Points]]] = {}
    for each, point in zip(located, canvas.drawn(metres), strict=True):
        x, y = (point / _TOGETHER).round().astype(int).tolist()
        groups.setdefault((x, y), []).append((each, point))
    spots = [np.mean([point for _, point in group], axis=0).tolist() for group in groups.values()]
    taken.add([Box(x, y, _DOT, _DOT) for x, y in spots])
    marks = []
    for (x, y), group in zip(spots, groups.values(), strict=True):
        numbers = tuple(each.number for each, _ in group if each.number not in elsewhere)
        label = None
        if 0 < len(numbers) <= _MOST_NUMBERS:
            text = ranges(numbers)
            size = (text_width(text) + 2 * _PADDING, _LINE + 0.4)
            box = next((each for each in _around(x, y, size, canvas) if taken.free(each)), None)
            if box is not None:
                taken.add([box])
                label = Label(text, box)
        exact = all(_exact(each.place) for each, _ in group)
        marks.append(Mark(x, y, numbers, exact, label))
    return marks


def _around(x: float, y: float, size: tuple[float, float], canvas: _Canvas) -> Iterator[Box]:
    """Give boxes beside a point, near ones first."""
    width, height = size
    for distance in _DISTANCES:
        for step in range(_N_DIRECTIONS):
            angle = 2 * math.pi * step / _N_DIRECTIONS
            box = Box(
                x + math.cos(angle) * (distance + width / 2 - height / 2),
                y - math.sin(angle) * distance,
                width,
                height,
            )
            if canvas.holds(box):
                yield box


def _exact(place: Place) -> bool:
    accuracy = place.position_accuracy_m
    return accuracy is not None and accuracy <= _EXACT_WITHIN_M


def _streets(
    canvas: _Canvas, catalogue: Catalogue, taken: _Taken, text_width: Callable[[str], float]
) -> Iterator[Label]:
    """Name the streets and squares for which there is room, those near the middle first."""
    streets = catalogue.table("streets")
    labelled = streets[streets["kind"] != "address"]
    if labelled.empty:
        return
    degrees = labelled[["lon", "lat"]].to_numpy(dtype=np.float64)
    points = canvas.drawn(_metric(catalogue.city.metric_crs, degrees))
    names = labelled["name"].tolist()
    middle = np.array([canvas.width / 2, canvas.height / 2])
    n_named = 0
    for each in np.argsort(np.hypot(*(points - middle).T), kind="stable"):
        x, y = points[each].tolist()
        if not (0 < x < canvas.width and 0 < y < canvas.height):
            continue
        text = shortened(names[each], _LONGEST_STREET)
        width = text_width(text) + 1
        boxes = (Box(x, y + aside, width, _LINE) for aside in _ASIDE)
        box = next((box for box in boxes if canvas.holds(box) and taken.free(box)), None)
        if box is not None:
            taken.add([box])
            n_named += 1
            yield Label(text, box)
        if n_named == _MOST_STREETS:
            return


def _lon_lat(each: Located) -> tuple[float, float]:
    lon, lat = each.place.lon, each.place.lat
    if lon is None or lat is None:
        message = f"A project on the map has a position, got none for {each.place.id!r}."
        raise ValueError(message)
    return lon, lat


def _metric(metric_crs: str, lon_lat: Points) -> Points:
    transformer = Transformer.from_crs(CRS, metric_crs, always_xy=True)
    return np.column_stack(transformer.transform(*lon_lat.reshape(-1, 2).T))
