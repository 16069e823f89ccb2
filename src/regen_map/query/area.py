"""Which places lie within an area that somebody draws, or around a place or a street."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from regen_map.catalogue import CRS, Catalogue, derived
from regen_map.gazetteer import gazetteer_of

FEWEST_CORNERS, MOST_CORNERS = 3, 200
"""How many corners an area may have."""

LEAST_METRES, MOST_METRES = 10, 5000
"""How far around a place or a street one may ask."""

_MARGIN_DEGREES = 1.0
"""No position that may be wrong by 20 km reaches from the city's extent beyond this."""

_STEP_DEGREES = 0.02
"""An edge is brought to metres by points so near to each other that it stays where it is."""


@dataclass(frozen=True, slots=True)
class Polygon:
    """
    An area that somebody drew.

    Attributes
    ----------
    ring
        Its corners, each lon, lat in degrees WGS84, 3 to 200 of them, the first repeated
        at the end or not, in either direction. Edges are straight in degrees, as those of
        GeoJSON (RFC 7946, 3.1.1); of a ring that crosses itself each loop is inside.

    Raises
    ------
    ValueError
        If there are fewer or more corners, or one is nowhere on Earth.
    """

    ring: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Check the corners."""
        n_corners = len(self.ring) - (len(self.ring) > 1 and self.ring[0] == self.ring[-1])
        if not FEWEST_CORNERS <= n_corners <= MOST_CORNERS:
            message = f"An area has 3 to 200 corners, got {n_corners}."
            raise ValueError(message)
        for lon, lat in self.ring:
            if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 -- degrees
                message = f"A corner is a longitude and a latitude in degrees, got {lon}, {lat}."
                raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """
    What is near a place, or near a street or an address.

    Attributes
    ----------
    place_id
        The place; empty where a street is meant.
    street
        The street or address as people write it; empty where a place is meant.
    metres
        How far, 10 to 5000.

    Raises
    ------
    ValueError
        If not exactly one of the two is named, or the distance is out of bounds.
    """

    place_id: str = ""
    street: str = ""
    metres: int

    def __post_init__(self) -> None:
        """Check the names and the distance."""
        if bool(self.place_id) == bool(self.street):
            message = "An area is around either a place or a street."
            raise ValueError(message)
        if not LEAST_METRES <= self.metres <= MOST_METRES:
            message = f"An area reaches 10 to 5000 m around its middle, got {self.metres}."
            raise ValueError(message)


Area: TypeAlias = Polygon | Around


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """
    The places within an area, by id.

    Attributes
    ----------
    sure
        Areas that reach into it, and points that lie in it wherever they are within
        their accuracy.
    maybe
        Points that lie in it or not, depending on where they are within their accuracy;
        also those in it whose accuracy nobody states.
    located
        Whether it is known where the area itself is; if not, only the place around which
        one asked is within it for sure.
    """

    sure: frozenset[str]
    maybe: frozenset[str]
    located: bool = True


def places_in(catalogue: Catalogue, area: Area) -> Inside:
    """
    Find the places within an area.

    Distances are straight lines in the city's metric CRS. An area is around the position
    of a place, or around where the gazetteer finds a street or an address; by how many
    metres that middle may be wrong is added to the accuracy of each place.

    Returns
    -------
    Inside
        Places without a position are in neither set.
    """
    places = _placed(catalogue)
    if isinstance(area, Polygon):
        inward = _inward_of_polygon(_metric_polygon(catalogue, area), places)
        return _inside(places, inward, places.accuracy)
    middle = _middle(catalogue, area)
    itself = frozenset({area.place_id} if catalogue.place(area.place_id) else ())
    if middle is None:
        return Inside(sure=itself, maybe=frozenset(), located=False)
    shape, accuracy = middle
    inward = area.metres - shapely.distance(shape, places.shapes)
    found = _inside(places, inward, places.accuracy + accuracy)
    return Inside(sure=found.sure | itself, maybe=found.maybe - itself)


_Shapes: TypeAlias = NDArray[np.object_]
_Metres: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """
    The places that have a position.

    Attributes
    ----------
    ids, shapes
        One each, shapes in the city's metric CRS.
    points
        Shape ``(n, 2)``: easting, northing in metres; the middle of what is no point.
    is_point
        Whether a position is a point.
    accuracy
        By how many metres it may be wrong: 0 for areas, NaN where nobody states it.
    """

    ids: NDArray[np.object_]
    shapes: _Shapes
    points: _Metres
    is_point: NDArray[np.bool_]
    accuracy: _Metres


@derived()
def _placed(catalogue: Catalogue) -> _Placed:
    places = catalogue.places
    located = places[places.geometry.notna()]
    shapes = np.asarray(located.geometry.to_crs(catalogue.city.metric_crs), dtype=object)
    is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    stated = np.array(located["position_accuracy_m"].to_list(), dtype=np.float64)
    return _Placed(
        ids=np.array(located.index, dtype=object),
        shapes=shapes,
        points=shapely.get_coordinates(shapely.centroid(shapes)).reshape(-1, 2),
        is_point=is_point,
        accuracy=np.where(is_point, stated, 0.0),
    )


def _middle(catalogue: Catalogue, area: Around) -> tuple[Any, float] | None:
    """Give the shape in metres around which one asks, and by how many metres it may be wrong."""
    if area.place_id:
        places = _placed(catalogue)
        (at,) = np.nonzero(places.ids == area.place_id)
        return (places.shapes[at[0]], float(places.accuracy[at[0]])) if at.size else None
    found = gazetteer_of(catalogue).locate(area.street)
    if found is None:
        return None
    point = gpd.GeoSeries([shapely.Point(found.lon, found.lat)], crs=CRS)
    accuracy = math.nan if found.accuracy_m is None else found.accuracy_m
    return point.to_crs(catalogue.city.metric_crs).iloc[0], accuracy


def _metric_polygon(catalogue: Catalogue, area: Polygon) -> Any:
    left, bottom, right, top = catalogue.city.extent
    neighbourhood = shapely.box(
        left - _MARGIN_DEGREES,
        bottom - _MARGIN_DEGREES,
        right + _MARGIN_DEGREES,
        top + _MARGIN_DEGREES,
    )
    drawn = shapely.make_valid(shapely.Polygon(area.ring), method="structure", keep_collapsed=False)
    # Far away from the city its projection ends.
    near = shapely.segmentize(shapely.intersection(drawn, neighbourhood), _STEP_DEGREES)
    return gpd.GeoSeries([near], crs=CRS).to_crs(catalogue.city.metric_crs).iloc[0]


def _inward_of_polygon(polygon: Any, places: _Placed) -> _Metres:
    """Give by how many metres each place lies within a polygon; negative outside of it."""
    inward = np.full(places.ids.size, -np.inf)
    if polygon.is_empty:
        return inward
    shapely.prepare(polygon)
    minx, miny, maxx, maxy = polygon.bounds
    x, y = places.points.T
    reach = np.nan_to_num(places.accuracy)
    near = (x >= minx - reach) & (x <= maxx + reach) & (y >= miny - reach) & (y <= maxy + reach)
    near |= ~places.is_point
    shapes = places.shapes[near]
    depth = shapely.distance(polygon.boundary, shapes)
    # All of a point lies on one side of the boundary; an area may lie on both.
    side = np.where(shapely.intersects(polygon, shapes), places.is_point[near], -1.0)
    inward[near] = side * depth
    return inward


def _inside(places: _Placed, inward: _Metres, reach: _Metres) -> Inside:
    sure = inward >= reach
    maybe = ~sure & (inward >= -np.nan_to_num(reach))
    return Inside(sure=frozenset(places.ids[sure]), maybe=frozenset(places.ids[maybe]))
