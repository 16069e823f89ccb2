"""What lies within a walk of regenerated spaces, and what quarters lack."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import TABLES, Catalogue, Project, Record, Workshop, records, to_frame
from regen_map.query import QuarterGap, Reach, Surroundings, metres_within
from regen_map.query.context import AROUND, basis_of
from tests.large_town import large_town, shipped_town

Make = Callable[..., Catalogue]
Row = Mapping[str, str]

METRES = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:7791", always_xy=True).transform
DEGREES = pyproj.Transformer.from_crs("EPSG:7791", "EPSG:4326", always_xy=True).transform
EAST, NORTH = METRES(10.1, 44.08)
FIVE = metres_within(5)


def at(x: float, y: float = 0) -> dict[str, str]:
    """Put a row so many metres east and north of one point."""
    lon, lat = DEGREES(EAST + x, NORTH + y)
    return {"lat": f"{lat:.9f}", "lon": f"{lon:.9f}"}


def place(name: str, x: float | None = None, accuracy: str = "0", **cells: str) -> Row:
    position = {} if x is None else {**at(x), "position_accuracy_m": accuracy}
    return {"id": name, "kind": "gallery", "status": "active", **position, **cells}


def attraction(name: str, x: float | None = None, accuracy: str = "0", **cells: str) -> Row:
    return place(name, x, accuracy, kind="museum", **cells)


def project(name: str, place_id: str = "", **cells: str) -> Row:
    return {"id": name, "place_id": place_id, **cells}


def area(name: str, *corners: tuple[float, float], **properties: Any) -> dict[str, Any]:
    told = {
        "id": name,
        "name_it": name,
        "name_en": name,
        "kind": "square",
        "status": "active",
        "sources": "https://source.example/square",
    }
    ring = [list(DEGREES(EAST + x, NORTH + y)) for x, y in (*corners, corners[0])]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": told | properties, "geometry": geometry}


def collection(*features: Mapping[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def around(catalogue: Catalogue, minutes: Sequence[int] = (5, 10)) -> Surroundings:
    (found,) = query.surroundings(catalogue, catalogue.projects[:1], minutes)
    return found


def within_five(make: Make, *workshops: Row, accuracy: str = "0") -> Reach:
    """Tell what is around a space that is known so exactly."""
    spaces = [attraction("space", 0, accuracy)]
    catalogue = make(workshops=workshops, attractions=spaces, projects=[project("p", "space")])
    return around(catalogue).reaches[0]


# ---------------------------------------------------------------- reaches


def test_walk_allows_the_straight_line_from_which_minutes_are_told() -> None:
    assert metres_within(5) == pytest.approx(269.23, abs=0.01)
    assert query.walking_minutes(metres_within(5)) == 5
    assert query.walking_minutes(metres_within(10)) == 10


def test_place_within_the_limit_is_near_and_one_beyond_is_not(make_catalogue: Make) -> None:
    reach = within_five(make_catalogue, place("in", FIVE - 1), place("out", FIVE + 1))
    assert reach.sure["workshop"] == ("in",)
    assert reach.n_sure == {"workshop": 1, "attraction": 0, "public_space": 0, "projects": 0}
    assert set(reach.n_maybe.values()) == {0}


def test_longer_walk_holds_what_the_shorter_one_holds(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        workshops=[place("a", 100), place("b", 400), place("c", 600)],
        attractions=[attraction("space", 0)],
        projects=[project("p", "space")],
    )
    five, ten = around(catalogue).reaches
    assert (five.minutes, ten.minutes) == (5, 10)
    assert five.sure["workshop"] == ("a",)
    assert ten.sure["workshop"] == ("a", "b")


@pytest.mark.parametrize("own", ["0", "20"])
def test_uncertainties_of_both_positions_decide_what_is_sure(
    own: str, make_catalogue: Make
) -> None:
    slack = 30 + float(own)
    reach = within_five(
        make_catalogue,
        place("sure", FIVE - slack - 1, "30"),
        place("inside", FIVE - slack + 1, "30"),
        place("outside", FIVE + slack - 1, "30"),
        place("beyond", FIVE + slack + 1, "30"),
        accuracy=own,
    )
    assert reach.sure["workshop"] == ("sure",)
    assert reach.maybe["workshop"] == ("inside", "outside")


def test_position_of_unstated_accuracy_is_never_sure(make_catalogue: Make) -> None:
    workshops = place("at-hand", 1, ""), place("beyond", FIVE + 1, "")
    reach = within_five(make_catalogue, *workshops)
    assert reach.sure["workshop"] == ()
    assert reach.maybe["workshop"] == ("at-hand",)


def test_nothing_is_sure_around_a_space_of_unstated_accuracy(make_catalogue: Make) -> None:
    reach = within_five(make_catalogue, place("at-hand", 1), accuracy="")
    assert (reach.sure["workshop"], reach.maybe["workshop"]) == ((), ("at-hand",))


def test_stated_part_of_an_unknown_uncertainty_still_widens_what_is_possible(
    make_catalogue: Make,
) -> None:
    reach = within_five(make_catalogue, place("blurred", FIVE + 20, "30"), accuracy="")
    assert reach.maybe["workshop"] == ("blurred",)


def test_wildly_inaccurate_place_may_be_anywhere_and_changes_nothing_else(
    make_catalogue: Make,
) -> None:
    reach = within_five(
        make_catalogue, place("wild", 6000, "20000"), place("near", 50), place("far", 5000)
    )
    assert reach.sure["workshop"] == ("near",)
    assert reach.maybe["workshop"] == ("wild",)


def test_places_at_the_same_point_are_near_each_other(make_catalogue: Make) -> None:
    reach = within_five(make_catalogue, place("one", 0), place("two", 0))
    assert reach.sure["workshop"] == ("one", "two")


def test_space_is_not_around_itself(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=[place("own", 0)], projects=[project("p", "own")])
    found = around(catalogue)
    assert set(found.reaches[0].n_sure.values()) == {0}
    assert found.nearest_workshop is None


def test_nearest_comes_first_and_as_many_as_asked_for_are_listed(make_catalogue: Make) -> None:
    rows = [place("c", 90), place("a", 10), place("b", 20), place("z", 30, status="closed")]
    catalogue = make_catalogue(
        workshops=[*rows, place("y", 40, status="closed")],
        attractions=[attraction("space", 0)],
        projects=[project("p", "space")],
    )
    (all_of_it,) = query.surroundings(catalogue, catalogue.projects)
    assert all_of_it.reaches[0].sure["workshop"] == ("a", "b", "c")
    assert all_of_it.reaches[0].closed == ("z", "y")
    (some,) = query.surroundings(catalogue, catalogue.projects, most=1)
    assert some.reaches[0].sure["workshop"] == ("a",)
    assert some.reaches[0].n_sure == all_of_it.reaches[0].n_sure
    assert (some.reaches[0].closed, some.reaches[0].n_closed) == (("z",), 2)


def test_closed_places_are_told_apart_and_unknown_ones_are_counted(make_catalogue: Make) -> None:
    reach = within_five(
        make_catalogue,
        place("open", 10),
        place("ceased", 20, status="closed"),
        place("perhaps", 30, status="unknown"),
        place("silent", 40, status=""),
    )
    assert reach.sure["workshop"] == ("open", "perhaps", "silent")
    assert reach.n_perhaps_active == 2
    assert reach.closed == ("ceased",)


def test_area_is_near_from_its_edge(make_catalogue: Make) -> None:
    square = area("square", (200, -50), (900, -50), (900, 50), (200, 50))
    catalogue = make_catalogue(
        public_spaces=collection(square),
        attractions=[attraction("space", 0), attraction("other", 500)],
        projects=[project("p", "space"), project("q", "square")],
    )
    reach = around(catalogue).reaches[0]
    assert reach.sure["public_space"] == ("square",)
    assert reach.sure["projects"] == ("q",)
    (_, from_square) = query.surroundings(catalogue, catalogue.projects)
    assert from_square.reaches[0].sure["attraction"] == ("other", "space")


def test_area_without_accuracy_is_taken_as_drawn_and_stated_accuracy_counts(
    make_catalogue: Make,
) -> None:
    corners = (250, -50), (900, -50), (900, 50), (250, 50)
    blurred = area("blurred", *corners, position_accuracy_m=40)
    catalogue = make_catalogue(
        public_spaces=collection(area("drawn", *corners), blurred),
        attractions=[attraction("space", 0)],
        projects=[project("p", "space")],
    )
    reach = around(catalogue).reaches[0]
    assert reach.sure["public_space"] == ("drawn",)
    assert reach.maybe["public_space"] == ("blurred",)


def test_other_projects_are_those_nearby_and_those_not_asked_for_at_the_space(
    make_catalogue: Make,
) -> None:
    catalogue = make_catalogue(
        attractions=[attraction("space", 0, "100"), attraction("ceased", 10, status="closed")],
        projects=[
            project("asked", "space"),
            project("beside", "space"),
            project("near", "ceased"),
            project("nowhere"),
        ],
    )
    reach = around(catalogue).reaches[0]
    assert reach.sure["projects"] == ("beside", "near")
    (whole,) = query.surroundings(catalogue, catalogue.projects[:2])
    assert whole.projects == ("asked", "beside")
    assert whole.reaches[0].sure["projects"] == ("near",)


def test_project_without_position_is_placed_nowhere(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        attractions=[attraction("lost"), attraction("space", 0)],
        projects=[project("a", "lost"), project("b"), project("c", "space"), project("d", "space")],
    )
    found = query.surroundings(catalogue, (*catalogue.projects, catalogue.projects[2]))
    assert [(each.place_id, each.projects) for each in found] == [("space", ("c", "d"))]
    assert found[0].reaches[0].n_sure["projects"] == 0


def test_no_projects_have_no_surroundings(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=[place("a", 0)])
    assert query.surroundings(catalogue, ()) == ()
    assert query.surroundings(make_catalogue(workshops=[]), ()) == ()


# ---------------------------------------------------------------- nearest workshop


def nearest(make: Make, *workshops: Row, accuracy: str = "10") -> Surroundings:
    spaces = [attraction("space", 0, accuracy)]
    projects = [project("p", "space")]
    return around(make(workshops=workshops, attractions=spaces, projects=projects))


def test_nearest_workshop_is_active_and_its_uncertainty_is_that_of_both(
    make_catalogue: Make,
) -> None:
    found = nearest(
        make_catalogue,
        place("ceased", 5, status="closed"),
        place("perhaps", 40, "20", status="unknown"),
        place("open", 120, "20"),
        place("next", 200, "20"),
    )
    assert found.nearest_workshop is not None
    assert found.nearest_workshop.place_id == "open"
    assert found.nearest_workshop.distance_m == pytest.approx(120, abs=0.01)
    assert found.nearest_workshop.uncertainty_m == 30
    assert found.nearest_workshop.told_apart
    assert found.nearest_workshop.rivals == ()
    assert found.nearest_unknown is not None
    assert found.nearest_unknown.place_id == "perhaps"


def test_nearest_workshop_names_those_that_may_be_as_near(make_catalogue: Make) -> None:
    found = nearest(
        make_catalogue,
        place("open", 100, "20"),
        place("rival", 150, "20"),
        place("exact", 141, "0"),
        place("too-far", 161, "20"),
        place("wild", 3000, "2900"),
    )
    assert found.nearest_workshop is not None
    assert found.nearest_workshop.rivals == ("rival", "wild")


@pytest.mark.parametrize(("accuracy", "uncertainty"), [("300", 310), ("", None)])
def test_distance_smaller_than_its_uncertainty_is_not_told_apart(
    accuracy: str, uncertainty: float | None, make_catalogue: Make
) -> None:
    found = nearest(make_catalogue, place("blurred", 120, accuracy)).nearest_workshop
    assert found is not None
    assert found.uncertainty_m == uncertainty
    assert not found.told_apart


def test_workshop_at_the_same_point_is_the_nearest_the_more_exact_first(
    make_catalogue: Make,
) -> None:
    found = nearest(make_catalogue, place("a", 0, ""), place("b", 0, "50"), place("c", 0, "5"))
    assert found.nearest_workshop is not None
    assert (found.nearest_workshop.place_id, found.nearest_workshop.distance_m) == ("c", 0)


def test_nearest_workshop_is_found_however_far_it_is(make_catalogue: Make) -> None:
    found = nearest(make_catalogue, place("far", 6500, "10"))
    assert found.nearest_workshop is not None
    assert found.nearest_workshop.distance_m == pytest.approx(6500, abs=0.1)


@pytest.mark.parametrize("status", ["closed", "unknown", ""])
def test_where_no_workshop_is_known_to_be_active_none_is_the_nearest(
    status: str, make_catalogue: Make
) -> None:
    found = nearest(make_catalogue, place("one", 10, status=status), place("lost"))
    assert found.nearest_workshop is None
    assert (found.nearest_unknown is None) == (status == "closed")


# ---------------------------------------------------------------- quarters


def gaps(catalogue: Catalogue) -> dict[str | None, QuarterGap]:
    return {each.quarter: each for each in query.gaps_by_quarter(catalogue, catalogue.projects)}


@pytest.fixture(scope="module")
def quarters(make_catalogue: Make) -> Catalogue:
    """Make a centre with everything, a seaside with little, and some things in neither."""
    return make_catalogue(
        workshops=[
            place("open", 0, quarter="centro"),
            place("unplaced", quarter="centro"),
            place("perhaps", 10, status="unknown", quarter="centro"),
            place("ceased", 20, status="closed", quarter="centro"),
            place("somewhere", 5000),
        ],
        attractions=[
            attraction("near", 100, quarter="centro"),
            attraction("blurred", 260, "100", quarter="centro"),
            attraction("far", 900, quarter="marina"),
            attraction("lost", quarter="marina"),
            attraction("shut", 2000, status="closed", quarter="marina"),
            attraction("homeless", 2500),
        ],
        projects=[
            project("a", "near"),
            project("b", "blurred"),
            project("c", "far"),
            project("d", "lost"),
            project("e", quarter="marina"),
            project("f"),
            project("g", "homeless", quarter="marina"),
        ],
    )


def test_quarter_tells_what_is_in_it(quarters: Catalogue) -> None:
    centre = gaps(quarters)["centro"]
    assert centre.projects == ("a", "b")
    assert centre.spaces == ("near", "blurred")
    assert centre.workshops_active == ("open", "unplaced")
    assert centre.workshops_unknown == ("perhaps",)
    assert centre.attractions == ("near", "blurred")
    assert centre.closed == ("ceased",)
    assert centre.unlocated == ()


def test_space_without_an_active_workshop_for_sure_is_far(quarters: Catalogue) -> None:
    found = gaps(quarters)
    assert (found["centro"].far, found["centro"].far_as_known) == (("blurred",), ())
    assert found["marina"].far == ("far", "homeless")
    assert found["marina"].far_as_known == ("far", "homeless")


def test_project_without_position_is_counted_in_its_quarter(quarters: Catalogue) -> None:
    found = gaps(quarters)
    assert found["marina"].projects == ("c", "d", "e", "g")
    assert found["marina"].unlocated == ("d", "e")
    assert found[None].projects == found[None].unlocated == ("f",)


def test_workshop_in_no_known_quarter_is_told_last(quarters: Catalogue) -> None:
    found = query.gaps_by_quarter(quarters, quarters.projects)
    assert [each.quarter for each in found] == ["centro", "marina", None]
    assert found[-1].workshops_active == ("somewhere",)


def test_quarter_with_nothing_is_told_too(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=[place("open", 0, quarter="centro")])
    centre, seaside = query.gaps_by_quarter(catalogue, ())
    assert not centre.empty
    assert seaside.empty
    assert seaside.quarter == "marina"


def test_space_that_is_an_active_workshop_itself_is_not_far(make_catalogue: Make) -> None:
    rows = [place("own", 0, quarter="centro"), place("shut", 3000, status="closed")]
    catalogue = make_catalogue(
        workshops=rows, projects=[project("p", "own"), project("q", "shut", quarter="marina")]
    )
    found = gaps(catalogue)
    assert found["centro"].far == ()
    assert found["marina"].far == found["marina"].far_as_known == ("shut",)


def test_quarter_that_the_vocabulary_lacks_is_not_lost(quarters: Catalogue) -> None:
    frames = dict(quarters.frames)
    frames["projects"] = frames["projects"].assign(quarter="elsewhere")
    other = Catalogue(quarters.city, quarters.vocabularies, frames, "other")
    assert [each for each in gaps(other) if each] == ["centro", "marina", "elsewhere"]
    assert len(gaps(other)["elsewhere"].projects) == 7


# ---------------------------------------------------------------- the shipped town


def flat(catalogue: Catalogue) -> dict[str, tuple[float, float, float]]:
    """Give easting, northing and accuracy of every place, all of which are points."""
    assert catalogue.city.metric_crs == "EPSG:7791"
    found = {}
    for place_id in catalogue.place_ids:
        each = catalogue.place(place_id)
        assert each is not None
        if each.lat is not None:
            east, north = METRES(each.lon, each.lat)
            accuracy = each.position_accuracy_m
            found[place_id] = (east, north, math.nan if accuracy is None else accuracy)
    return found


def expected(
    catalogue: Catalogue, field: Mapping[str, tuple[float, float, float]], here: str, minutes: int
) -> dict[str, tuple[set[str], set[str]]]:
    """Tell by family what surely and what perhaps lies near, one place after the other."""
    found: dict[str, tuple[set[str], set[str]]] = {each: (set(), set()) for each in AROUND}
    x, y, own = field[here]
    for other, (east, north, accuracy) in field.items():
        each = catalogue.place(other)
        if other == here or each is None:
            continue
        distance, limit = math.hypot(x - east, y - north), minutes * 70 / 1.3
        known = sum(one for one in (own, accuracy) if not math.isnan(one))
        if distance - known > limit:
            continue
        part = 0 if distance + own + accuracy <= limit else 1
        if each.status != "closed":
            found[each.family][part].add(other)
        found["projects"][part].update(
            project.id for project in catalogue.projects if project.place_id == other
        )
    return found


def check(catalogue: Catalogue, projects: Sequence[Project]) -> None:
    """Compare with what is expected, minute by minute."""
    field = flat(catalogue)
    for space in query.surroundings(catalogue, projects):
        for reach in space.reaches:
            plain = expected(catalogue, field, space.place_id, reach.minutes)
            for each in AROUND:
                sure, maybe = plain[each]
                assert set(reach.sure[each]) == sure
                assert set(reach.maybe[each]) == maybe
                assert reach.n_sure[each] == len(reach.sure[each])
                assert reach.n_maybe[each] == len(reach.maybe[each])


def test_surroundings_in_the_shipped_town_are_those_of_plain_arithmetic() -> None:
    town = shipped_town()
    check(town, town.projects)
    spaces = query.surroundings(town, town.projects)
    located = {each.place_id for each in town.projects} & set(flat(town))
    assert {each.place_id for each in spaces} == located


def test_nearest_workshops_in_the_shipped_town_are_those_on_the_ellipsoid() -> None:
    town = shipped_town()
    geod = pyproj.Geod(ellps="GRS80")
    active = [
        each
        for each in records(town.table("workshops"), TABLES["workshops"])
        if each.status == "active" and each.lat is not None
    ]
    for space in query.surroundings(town, town.projects):
        here = town.place(space.place_id)
        assert here is not None
        distances = {
            each.id: geod.inv(here.lon, here.lat, each.lon, each.lat)[2]
            for each in active
            if each.id != here.id
        }
        found = space.nearest_workshop
        assert found is not None
        assert found.distance_m == pytest.approx(min(distances.values()), rel=1e-3, abs=0.1)
        assert found.distance_m == pytest.approx(distances[found.place_id], rel=1e-3, abs=0.1)


def test_quarters_of_the_shipped_town_hold_every_project_once() -> None:
    town = shipped_town()
    found = query.gaps_by_quarter(town, town.projects)
    listed = [each for gap in found for each in gap.projects]
    assert sorted(listed) == sorted(each.id for each in town.projects)
    unlocated = sum(len(gap.unlocated) for gap in found)
    assert unlocated == query.totals_of(town, town.projects).n_unlocated
    kept = ("workshops_active", "workshops_unknown", "attractions", "closed")
    told = [each for gap in found for part in kept for each in getattr(gap, part)]
    tables = ("workshops", "attractions")
    assert sorted(told) == sorted(each for name in tables for each in town.table(name)["id"])


def test_spaces_far_from_workshops_are_those_whose_surroundings_hold_none() -> None:
    town = shipped_town()
    found = query.gaps_by_quarter(town, town.projects)
    far = {each for gap in found for each in gap.far}
    far_as_known = {each for gap in found for each in gap.far_as_known}
    for space in query.surroundings(town, town.projects):
        itself = town.place(space.place_id)
        assert itself is not None
        is_one = itself.family == "workshop" and itself.status == "active"
        reach = space.reaches[0]

        def active(ids: Sequence[str]) -> bool:
            return any(getattr(town.place(each), "status", "") == "active" for each in ids)

        sure, maybe = active(reach.sure["workshop"]), active(reach.maybe["workshop"])
        assert (space.place_id in far) == (not is_one and not sure)
        assert (space.place_id in far_as_known) == (not is_one and not sure and not maybe)


def test_what_distances_rest_on_is_told() -> None:
    basis = basis_of(shipped_town())
    assert (basis.crs, basis.crs_code) == ("RDN2008 / UTM zone 32N", "EPSG:7791")
    town = shipped_town()
    places = [town.place(each) for each in town.place_ids]
    lost = [
        each.id
        for each in places
        if each and each.lat is None and each.family == "workshop" and each.status != "closed"
    ]
    assert list(basis.unplaced["workshop"]) == lost
    assert basis.unstated == ()


# ---------------------------------------------------------------- any town


positions = st.tuples(st.integers(-700, 700), st.integers(-700, 700))
accuracies = st.sampled_from([None, 0.0, 5.0, 63.0, 64.0, 200.0, 3000.0])
statuses = st.sampled_from([None, "active", "unknown", "closed"])


def made(town: Catalogue, rows: Sequence[tuple[Any, Any, Any]], n_projects: int) -> Catalogue:
    """Replace the places of a town, and put projects at the first of them."""
    workshops = []
    for number, ((x, y), accuracy, status) in enumerate(rows):
        lon, lat = DEGREES(EAST + x, NORTH + y)
        workshops.append(
            Workshop(
                id=f"w{number}",
                name_it="Bottega",
                name_en="Workshop",
                kind="gallery",
                lat=lat,
                lon=lon,
                position_accuracy_m=accuracy,
                status=status,
            )
        )
    projects = [
        Project(id=f"p{number}", name_it="P", name_en="P", place_id=f"w{number % len(rows)}")
        for number in range(n_projects)
    ]
    tables: dict[str, Sequence[Record]] = {"workshops": workshops, "projects": projects}
    tables |= {"attractions": [], "public_spaces": []}
    frames = {name: to_frame(each, TABLES[name]) for name, each in tables.items()}
    return Catalogue(town.city, town.vocabularies, {**town.frames, **frames}, "made")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(positions, accuracies, statuses), min_size=1, max_size=12))
def test_surroundings_of_any_places_are_those_of_plain_arithmetic(
    rows: list[tuple[tuple[int, int], float | None, str | None]],
) -> None:
    catalogue = made(shipped_town(), rows, n_projects=len(rows))
    check(catalogue, catalogue.projects)
    field = flat(catalogue)
    active = [each for each in field if getattr(catalogue.place(each), "status", "") == "active"]
    for space in query.surroundings(catalogue, catalogue.projects):
        x, y, _ = field[space.place_id]
        others = {
            each: math.hypot(field[each][0] - x, field[each][1] - y)
            for each in active
            if each != space.place_id
        }
        found = space.nearest_workshop
        assert (found is None) == (not others)
        if found is not None:
            assert found.distance_m == pytest.approx(min(others.values()), abs=1e-6)
            assert found.place_id not in found.rivals


def test_many_spaces_are_told_as_each_would_be_alone() -> None:
    town = large_town(places=1500, projects=900, lines=1)
    chosen = [each for each in town.projects if each.place_id]
    together = {
        each.place_id: each for each in query.surroundings(town, town.projects, (1,), most=3)
    }
    assert len(together) > 256
    for one in chosen[::150]:
        same = [each for each in chosen if each.place_id == one.place_id]
        for alone in query.surroundings(town, same, (1,), most=3):
            assert together[alone.place_id] == alone


def test_rows_that_are_asked_for_again_give_the_same() -> None:
    town = shipped_town()
    other = replace(town, version="again")
    assert query.surroundings(town, town.projects) == query.surroundings(other, other.projects)
