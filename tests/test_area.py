from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.query import Around, Inside, Polygon
from tests.large_town import large_town

Make = Callable[..., Catalogue]

METRES = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:7791", always_xy=True).transform
DEGREES = pyproj.Transformer.from_crs("EPSG:7791", "EPSG:4326", always_xy=True).transform
EAST, NORTH = METRES(10.1, 44.08)

# Metres east and north of one point, and by how many metres each may be wrong.
PLACES = {
    "middle": (0, 0, "5"),
    "near": (90, 0, "5"),
    "blurred": (95, 0, "30"),
    "beyond": (120, 0, "10"),
    "far": (400, 0, "10"),
    "silent": (10, 10, ""),
    "silent-far": (150, 0, ""),
}
SQUARE = tuple((x, y) for x, y in ((-100, -100), (100, -100), (100, 100), (-100, 100)))


def at(x: float, y: float) -> tuple[float, float]:
    """Give the lon, lat of a point so many metres from the middle."""
    lon, lat = DEGREES(EAST + x, NORTH + y)
    return lon, lat


def in_metres(shape: Any) -> Any:
    return shapely.transform(shape, lambda points: np.column_stack(METRES(*points.T)))


def polygon(*corners: tuple[float, float]) -> Polygon:
    return Polygon(tuple(at(*corner) for corner in corners))


def space(name: str, *corners: tuple[float, float]) -> dict[str, Any]:
    told = {"id": name, "name_it": name, "name_en": name, "kind": "square", "sources": "x"}
    ring = [list(at(*corner)) for corner in (*corners, corners[0])]
    told["sources"] = "https://source.example/square"
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": told, "geometry": geometry}


@pytest.fixture(scope="module")
def field(make_catalogue: Make) -> Catalogue:
    """Workshops around a point, two that nobody can place, two squares, a street."""
    rows: list[Mapping[str, str]] = [{"id": "nowhere", "kind": "gallery"}]
    for name, (x, y, accuracy) in PLACES.items():
        lon, lat = at(x, y)
        told = {"id": name, "kind": "gallery", "position_accuracy_m": accuracy}
        rows.append(told | {"lat": f"{lat:.7f}", "lon": f"{lon:.7f}"})
    squares = [
        space("reaching", (99, -20), (160, -20), (160, 20), (99, 20)),
        space("apart", (110, 50), (160, 50), (160, 90), (110, 90)),
    ]
    lon, lat = at(0, 0)
    street = {"name": "Via Carriona", "kind": "street", "lat": str(lat), "lon": str(lon)}
    other = {"name": "Via Verdi", "kind": "street", "lat": str(lat), "lon": str(lon)}
    return make_catalogue(
        workshops=rows,
        streets=[{**street, "accuracy_m": "40"}, other],
        public_spaces=json.dumps({"type": "FeatureCollection", "features": squares}).encode(),
    )


def test_place_is_inside_for_sure_only_with_the_whole_circle_of_its_accuracy(
    field: Catalogue,
) -> None:
    inside = query.places_in(field, polygon(*SQUARE))
    assert inside.sure == {"middle", "near", "reaching"}
    assert inside.maybe == {"blurred", "silent"}
    assert inside.located


def test_circle_that_reaches_into_an_area_from_outside_is_perhaps_inside(field: Catalogue) -> None:
    small = polygon((-112, -100), (112, -100), (112, 100), (-112, 100))
    assert query.places_in(field, small).maybe == {"blurred", "beyond", "silent"}


def test_area_that_is_closed_or_drawn_the_other_way_round_is_the_same(field: Catalogue) -> None:
    drawn = query.places_in(field, polygon(*SQUARE))
    assert query.places_in(field, polygon(*SQUARE, SQUARE[0])) == drawn
    assert query.places_in(field, polygon(*reversed(SQUARE))) == drawn


def test_both_loops_of_an_area_that_crosses_itself_are_inside(field: Catalogue) -> None:
    bow = polygon((-200, -300), (600, 300), (600, -300), (-200, 300))
    inside = query.places_in(field, bow)
    assert "middle" in inside.sure
    assert "far" in inside.sure


def test_area_without_extent_holds_nothing(field: Catalogue) -> None:
    nothing = Inside(sure=frozenset(), maybe=frozenset())
    line = Polygon(((10.09, 44.08), (10.1, 44.08), (10.11, 44.08)))
    assert query.places_in(field, line) == nothing
    there_and_back = Polygon(((10.09, 44.08), (10.1, 44.08), (10.1, 44.08), (10.095, 44.08)))
    assert query.places_in(field, there_and_back) == nothing


@pytest.mark.parametrize(
    "ring",
    [
        ((-180, -90), (180, -90), (180, 90), (-180, 90)),
        ((-180, -80), (180, -80), (20, 89)),
        ((9, 43), (12, 43), (12, 45), (9, 45)),
    ],
    ids=str,
)
def test_area_larger_than_the_projection_holds_every_place(
    ring: tuple[tuple[float, float], ...], field: Catalogue
) -> None:
    inside = query.places_in(field, Polygon(ring))
    silent = {"silent", "silent-far"}
    assert inside.sure == {*PLACES, "reaching", "apart"} - silent
    assert inside.maybe == silent


def test_area_elsewhere_holds_no_place(field: Catalogue) -> None:
    inside = query.places_in(field, Polygon(((-70, 40), (-71, 40), (-71, 41))))
    assert (inside.sure, inside.maybe) == (frozenset(), frozenset())


def test_around_a_place_both_accuracies_count(field: Catalogue) -> None:
    inside = query.places_in(field, Around(place_id="middle", metres=101))
    assert inside.sure == {"middle", "near"}
    assert inside.maybe == {"blurred", "silent", "reaching"}
    wider = query.places_in(field, Around(place_id="middle", metres=105))
    assert "reaching" in wider.sure


def test_around_a_square_distances_begin_at_its_edge(field: Catalogue) -> None:
    inside = query.places_in(field, Around(place_id="apart", metres=100))
    assert {"apart", "reaching", "near", "beyond"} <= inside.sure
    assert "middle" not in inside.sure | inside.maybe


def test_place_is_near_itself_however_vague(field: Catalogue) -> None:
    inside = query.places_in(field, Around(place_id="silent", metres=20))
    assert inside.sure == {"silent"}
    assert inside.maybe == {"middle"}


def test_around_a_street_its_own_accuracy_counts(field: Catalogue) -> None:
    inside = query.places_in(field, Around(street="via carriona", metres=120))
    assert inside.sure == {"middle"}
    assert inside.maybe == {"near", "blurred", "beyond", "silent", "reaching", "apart"}
    assert query.places_in(field, Around(street="Via Carriona", metres=500)).sure >= {"far"}


def test_around_a_street_of_which_nobody_states_the_accuracy_nothing_is_sure(
    field: Catalogue,
) -> None:
    inside = query.places_in(field, Around(street="Via Verdi", metres=100))
    assert inside.sure == frozenset()
    assert inside.maybe == {"middle", "near", "blurred", "silent", "reaching"}


@pytest.mark.parametrize(
    ("area", "sure"),
    [
        (Around(place_id="nowhere", metres=500), {"nowhere"}),
        (Around(place_id="none-such", metres=500), set()),
        (Around(street="Via che non esiste", metres=500), set()),
        (Around(street="<script>${1}`", metres=500), set()),
    ],
    ids=str,
)
def test_where_nobody_knows_the_middle_only_the_place_itself_is_near(
    area: Around, sure: set[str], field: Catalogue
) -> None:
    assert query.places_in(field, area) == Inside(
        sure=frozenset(sure), maybe=frozenset(), located=False
    )


def test_town_without_places_has_none_inside(make_catalogue: Make) -> None:
    inside = query.places_in(make_catalogue(), polygon(*SQUARE))
    assert (inside.sure, inside.maybe) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    "ring",
    [
        (),
        ((10, 44), (10.1, 44)),
        ((10, 44), (10.1, 44), (10, 44)),
        tuple((10 + each / 1000, 44 + each % 2) for each in range(201)),
        ((10, 44), (10.1, 44), (10.1, 91)),
        ((10, 44), (10.1, 44), (-181, 44)),
        ((10, 44), (10.1, 44), (math.nan, 44)),
        ((10, 44), (10.1, 44), (10, math.inf)),
    ],
    ids=["none", "two", "two-closed", "too-many", "north", "west", "no-number", "endless"],
)
def test_area_that_cannot_be_drawn_is_refused(ring: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="corner"):
        Polygon(ring)


def test_area_has_up_to_two_hundred_corners_closed_or_not(field: Catalogue) -> None:
    turn = [each * math.tau / 200 for each in range(200)]
    ring = [at(100 * math.cos(each), 100 * math.sin(each)) for each in turn]
    open_ring, closed = Polygon(tuple(ring)), Polygon((*ring, ring[0]))
    assert query.places_in(field, open_ring) == query.places_in(field, closed)
    assert query.places_in(field, open_ring).sure == {"middle", "near", "reaching"}


@pytest.mark.parametrize(
    "names",
    [
        {"metres": 100},
        {"place_id": "a", "street": "Via Verdi", "metres": 100},
        {"place_id": "a", "metres": 9},
        {"place_id": "a", "metres": 5001},
    ],
    ids=str,
)
def test_surroundings_of_nothing_or_out_of_bounds_are_refused(names: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="around"):
        Around(**names)


# ------------------------------------------------------ reckoned one by one


def looked_at(catalogue: Catalogue, shape: Any, margin: float = 0.0) -> tuple[set[str], set[str]]:
    """Tell one place after the other what lies in a shape in metres, and what perhaps."""
    sure, maybe = set(), set()
    for name, row in catalogue.places.iterrows():
        if row.geometry is None:
            continue
        there = in_metres(row.geometry)
        if there.geom_type != "Point":
            if shape.distance(there) <= margin:
                sure.add(str(name))
            continue
        accuracy = row.position_accuracy_m
        known = accuracy is not None and not math.isnan(accuracy)
        radius = accuracy if known else 0.0
        inside = shape.intersects(there) and shape.boundary.distance(there) >= radius
        if margin:
            inside = shape.distance(there) + radius <= margin
        if inside and known:
            sure.add(str(name))
        elif shape.distance(there) <= radius + margin:
            maybe.add(str(name))
    return sure, maybe


CORNERS = st.lists(
    st.tuples(st.floats(-1500, 1500), st.floats(-1500, 1500)), min_size=3, max_size=12, unique=True
)


@given(corners=CORNERS)
@settings(max_examples=15, deadline=None)
def test_places_inside_equal_those_found_one_by_one(corners: list[tuple[float, float]]) -> None:
    town = large_town(places=400, projects=1, lines=1)
    area = polygon(*corners)
    drawn = shapely.make_valid(shapely.Polygon(area.ring), method="structure", keep_collapsed=False)
    shape = in_metres(shapely.segmentize(drawn, 0.02))
    inside = query.places_in(town, area)
    assert (set(inside.sure), set(inside.maybe)) == looked_at(town, shape)


@given(x=st.floats(-2000, 2000), y=st.floats(-2000, 2000), metres=st.integers(10, 3000))
@settings(max_examples=10, deadline=None)
def test_circle_of_whole_accuracy_fits_into_what_is_surely_inside(
    x: float, y: float, metres: int
) -> None:
    town = large_town(places=400, projects=1, lines=1)
    corners = [(x, y), (x + metres, y), (x + metres, y + metres), (x, y + metres)]
    inside = query.places_in(town, polygon(*corners))
    square = in_metres(shapely.Polygon([at(*each) for each in corners]))
    for name in inside.sure | inside.maybe:
        place = town.place(name)
        assert place is not None
        if name.startswith("w") and place.position_accuracy_m is not None:
            there = shapely.Point(METRES(place.lon, place.lat))
            # Which of both holds for a circle that touches the border nobody can tell.
            if name in inside.sure:
                smaller = there.buffer(place.position_accuracy_m * 0.999 + 1e-6)
                assert smaller.within(square.buffer(0.01))
            else:
                larger = there.buffer(place.position_accuracy_m * 1.005 + 0.02)
                assert not larger.within(square)
            assert there.buffer(place.position_accuracy_m * 1.01 + 0.01).intersects(square)


@pytest.mark.parametrize("metres", [10, 300, 5000])
def test_places_around_a_place_equal_those_found_one_by_one(metres: int) -> None:
    town = large_town(places=400, projects=1, lines=1)
    for middle in ("s0", "s7"):
        shape = in_metres(town.places.geometry[middle])
        inside = query.places_in(town, Around(place_id=middle, metres=metres))
        assert (set(inside.sure), set(inside.maybe)) == looked_at(town, shape, metres)


def test_ten_thousand_places_are_told_apart_at_once() -> None:
    town = large_town(places=10_000, projects=10, lines=10)
    left, bottom, right, top = town.city.home
    middle = (left + right) / 2
    west = query.places_in(
        town, Polygon(((left, bottom), (middle, bottom), (middle, top), (left, top)))
    )
    east = query.places_in(
        town, Polygon(((middle, bottom), (right, bottom), (right, top), (middle, top)))
    )
    located = set(town.places[town.places.geometry.notna()].index)
    assert located <= west.sure | west.maybe | east.sure | east.maybe
    assert all(name.startswith("s") for name in west.sure & east.sure)
