from __future__ import annotations

from collections.abc import Callable

import pytest

from regen_map import query
from regen_map.catalogue import Catalogue

Make = Callable[..., Catalogue]

METRES_NORTH = 1 / 111_100
"""Degrees of latitude, at 44 degrees north."""


def places(*north_m: float | None, accuracy: str = "") -> list[dict[str, str]]:
    return [
        {"id": f"p{number}", "kind": "gallery"}
        | (
            {}
            if metres is None
            else {
                "lat": f"{44.08 + metres * METRES_NORTH:.7f}",
                "lon": "10.1",
                "position_accuracy_m": accuracy,
            }
        )
        for number, metres in enumerate(north_m)
    ]


def near(catalogue: Catalogue, key: str = "p0") -> list[str]:
    return [each.key for each in query.neighbours(catalogue, key)]


def test_nearest_comes_first_and_the_place_itself_never(make_catalogue: Make) -> None:
    assert near(make_catalogue(workshops=places(0, 300, 100, -200))) == ["p2", "p3", "p1"]


def test_distance_is_measured_in_metres(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=places(0, 250))
    (neighbour,) = query.neighbours(catalogue, "p0")
    assert neighbour.distance_m == pytest.approx(250, abs=1)


def test_distance_is_the_same_both_ways(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=places(0, 250))
    (there,), (back,) = (query.neighbours(catalogue, key) for key in ("p0", "p1"))
    assert there.distance_m == back.distance_m


def test_places_beyond_the_limit_are_left_out(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=places(0, 490, 520))
    assert near(catalogue) == ["p1"]
    assert [each.key for each in query.neighbours(catalogue, "p0", within_m=600)] == ["p1", "p2"]


def test_no_more_than_asked_for_are_given(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=places(*range(0, 100, 10)))
    assert len(near(catalogue)) == 6
    assert [each.key for each in query.neighbours(catalogue, "p0", most=2)] == ["p1", "p2"]


def test_places_at_one_point_are_neighbours(make_catalogue: Make) -> None:
    assert near(make_catalogue(workshops=places(0, 0, 0))) == ["p1", "p2"]


def test_place_without_position_is_nobodys_neighbour_and_has_none(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=places(0, None, 50))
    assert near(catalogue) == ["p2"]
    assert near(catalogue, "p1") == []


@pytest.mark.parametrize("key", ["project:rete", "nothing", ""])
def test_entry_that_is_no_located_place_has_no_neighbours(key: str, town: Catalogue) -> None:
    assert query.neighbours(town, key) == ()


def test_uncertainties_of_both_positions_add_up(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=places(0, 100, 40, accuracy="30"))
    close, far = query.neighbours(catalogue, "p0")
    assert (close.key, close.uncertainty_m, close.told_apart) == ("p2", 60, False)
    assert (far.key, far.uncertainty_m, far.told_apart) == ("p1", 60, True)


def test_position_of_unstated_accuracy_adds_no_uncertainty(make_catalogue: Make) -> None:
    (neighbour,) = query.neighbours(make_catalogue(workshops=places(0, 50)), "p0")
    assert neighbour.uncertainty_m == 0


@pytest.mark.parametrize(("metres", "minutes"), [(0, 1), (20, 1), (350, 6), (1000, 19)])
def test_walk_takes_at_least_a_minute(metres: float, minutes: int) -> None:
    assert query.walking_minutes(metres) == minutes


def test_town_without_positions_has_no_neighbours(make_catalogue: Make) -> None:
    assert near(make_catalogue(workshops=places(None, None))) == []
