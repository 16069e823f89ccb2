"""Walks of a visitor's own: in which order, when where, and what does not fit."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.query import MOST_STOPS, Doors, OpeningState, Route, Wish
from regen_map.query.route_order import short_order

Make: TypeAlias = Callable[..., Catalogue]

ROME = ZoneInfo("Europe/Rome")
MONDAY = dt.datetime(2026, 9, 14, 10, 0, tzinfo=ROME)
METRES_NORTH = 1 / 111_100
"""Degrees of latitude, at 44 degrees north."""
MORNING, AFTERNOON = "Mo-Su 09:00-12:00", "Mo-Su 15:00-18:00"
MINUTE_M = 70 / 1.3
"""The straight line that is walked in a minute."""


def place(key: str, north_m: float | None = 0, **more: str) -> dict[str, str]:
    there = {} if north_m is None else {"lat": f"{44.05 + north_m * METRES_NORTH:.7f}"}
    lon = {} if north_m is None else {"lon": "10.1"}
    return {"id": key, "kind": "gallery", **there, **lon, **more}


def route(catalogue: Catalogue, *places: str, start: dt.datetime = MONDAY, **wish: object) -> Route:
    return query.route_of(catalogue, Wish(places=places, start=start, **wish))  # type: ignore[arg-type]


def kept(found: Route) -> list[str]:
    return [each.place.id for each in found.arrivals]


def left_out(found: Route) -> dict[str, str]:
    return {each.place.id: each.reason.value for each in found.left_out}


def test_what_is_seen_from_outside_needs_no_open_door(make_catalogue: Make) -> None:
    outside = {"kind": "museum", "admission": "exterior_only"}
    attractions = [
        place("seen") | outside,
        place("gone", status="closed") | outside,
        place("shut", opening_hours=AFTERNOON) | outside,
    ]
    catalogue = make_catalogue(attractions=attractions)
    found = route(catalogue, "seen", "gone", "shut", doors=Doors.OPEN)
    assert kept(found) == ["seen"]
    assert left_out(found) == {"gone": "ceased", "shut": "closed"}


def test_walk_tells_when_each_place_is_reached(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=[place("a"), place("b", 10 * MINUTE_M), place("c", 0)])
    found = route(catalogue, "a", "b", "c", pause_min=5)
    first, second, third = found.arrivals
    assert (first.number, first.arrival, first.leg_m, first.leg_min) == (1, MONDAY, None, None)
    assert second.leg_m == pytest.approx(700, abs=3)
    assert second.leg_min == pytest.approx(10, abs=0.1)
    assert second.arrival - MONDAY == dt.timedelta(minutes=15)
    assert third.arrival - MONDAY == dt.timedelta(minutes=30)
    assert found.walked_m == pytest.approx(1400, abs=6)
    assert found.walking_min == pytest.approx(20, abs=0.1)
    assert found.total_min == pytest.approx(found.walking_min + 15)
    assert (found.left_out, found.n_unlocated) == ((), 0)


def test_times_are_those_of_the_city(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=[place("a"), place("b")])
    # In this night clocks go from two to three.
    start = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)
    first, second = route(catalogue, "a", "b", start=start, pause_min=45).arrivals
    assert first.arrival.isoformat() == "2026-03-29T01:30:00+01:00"
    assert second.arrival.isoformat() == "2026-03-29T03:15:00+02:00"


def test_unknown_places_and_repeats_are_ignored(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=[place("a"), place("b", 90)])
    ids = ("b", "nothing", "a", "b", "project:rete", "")
    assert kept(route(catalogue, *ids)) == ["b", "a"]
    assert query.suggested_order(catalogue, ids) == ("b", "a")
    empty = route(catalogue, "nothing")
    assert (empty.arrivals, empty.walked_m, empty.total_min) == ((), 0, 0)


def test_no_more_than_the_most_stops_count(make_catalogue: Make) -> None:
    ids = [f"p{number}" for number in range(MOST_STOPS + 3)]
    catalogue = make_catalogue(workshops=[place(each, 10) for each in ids])
    assert kept(route(catalogue, *ids)) == ids[:MOST_STOPS]
    assert set(query.suggested_order(catalogue, ids)) == set(ids[:MOST_STOPS])


def test_place_without_position_takes_a_pause_and_no_walk(make_catalogue: Make) -> None:
    workshops = [place("a"), place("b", None), place("c", 5 * MINUTE_M)]
    found = route(make_catalogue(workshops=workshops), "b", "a", "c")
    assert [each.leg_m is None for each in found.arrivals] == [True, True, False]
    assert found.n_unlocated == 1
    between = route(make_catalogue(workshops=workshops), "a", "b", "c")
    assert [each.leg_m is None for each in between.arrivals] == [True, True, False]
    assert between.walked_m == pytest.approx(350, abs=2)
    assert between.total_min == pytest.approx(35, abs=0.1)


def test_uncertainties_of_both_ends_add_up(make_catalogue: Make) -> None:
    workshops = [
        place("a", position_accuracy_m="300"),
        place("b", 100, position_accuracy_m="20"),
        place("c", 200),
    ]
    found = route(make_catalogue(workshops=workshops), "a", "b", "c")
    assert [each.uncertainty_m for each in found.arrivals] == [0, 320, 20]


def test_arrival_tells_whether_the_place_is_open_then(make_catalogue: Make) -> None:
    workshops = [
        place("open", opening_hours=MORNING),
        place("late", opening_hours="Mo-Su 11:30-12:00"),
        place("silent"),
        place("asked", opening_hours=MORNING, visit="by_appointment"),
        place("gone", opening_hours=MORNING, status="closed"),
    ]
    found = route(make_catalogue(workshops=workshops), "open", "late", "silent", "asked", "gone")
    states = {each.place.id: each.opening.state.value for each in found.arrivals}
    assert states == {
        "open": "open",
        "late": "closed",
        "silent": "unknown",
        "asked": "unknown",
        "gone": "unknown",
    }


def test_doors_leave_out_what_is_known_to_be_closed(make_catalogue: Make) -> None:
    workshops = [
        place("open", opening_hours=MORNING),
        place("shut", opening_hours=AFTERNOON),
        place("silent"),
        place("gone", status="closed"),
    ]
    catalogue = make_catalogue(workshops=workshops)
    ids = ("open", "shut", "silent", "gone")
    found = route(catalogue, *ids, doors=Doors.NOT_CLOSED)
    assert kept(found) == ["open", "silent"]
    assert left_out(found) == {"shut": "closed", "gone": "ceased"}
    found = route(catalogue, *ids, doors=Doors.OPEN)
    assert kept(found) == ["open"]
    assert left_out(found) == {"shut": "closed", "silent": "hours_unknown", "gone": "ceased"}
    assert kept(route(catalogue, *ids)) == list(ids)


def test_as_many_places_as_possible_fit_into_the_time(make_catalogue: Make) -> None:
    workshops = [place("a"), place("far", 60 * MINUTE_M), place("b", 90), place("c", 180)]
    found = route(make_catalogue(workshops=workshops), "a", "far", "b", "c", budget_min=40)
    assert kept(found) == ["a", "b", "c"]
    assert left_out(found) == {"far": "time"}
    assert found.total_min <= 40


def test_place_that_would_close_others_is_left_out(make_catalogue: Make) -> None:
    # Whoever goes to the far one first finds the other two closed.
    workshops = [
        place("far", 50 * MINUTE_M),
        place("b", 0, opening_hours="Mo-Su 09:00-10:30"),
        place("c", 0, opening_hours="Mo-Su 09:00-10:30"),
    ]
    found = route(make_catalogue(workshops=workshops), "far", "b", "c", doors=Doors.OPEN)
    assert kept(found) == ["b", "c"]
    found = route(make_catalogue(workshops=workshops), "far", "b", "c", doors=Doors.NOT_CLOSED)
    assert kept(found) == ["b", "c"]
    assert left_out(found) == {"far": "time"}


def test_longer_way_is_taken_where_a_door_opens_later(make_catalogue: Make) -> None:
    workshops = [
        place("a"),
        place("b", 30 * MINUTE_M),
        place("c", 30 * MINUTE_M, opening_hours="Mo-Su 10:45-12:00"),
        place("d", 30 * MINUTE_M, opening_hours="Mo-Su 10:45-12:00"),
    ]
    catalogue = make_catalogue(workshops=workshops)
    assert kept(route(catalogue, "a", "b", "c", "d", doors=Doors.NOT_CLOSED)) == [*"abcd"]


def test_nothing_fits_into_no_time(make_catalogue: Make) -> None:
    found = route(make_catalogue(workshops=[place("a")]), "a", budget_min=9)
    assert (kept(found), left_out(found)) == ([], {"a": "time"})
    assert found.total_min == 0


@pytest.mark.parametrize(
    "wrong",
    [{"start": MONDAY.replace(tzinfo=None)}, {"pause_min": -1}, {"budget_min": -1}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_senseless_wish_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="got"):
        Wish(**({"places": (), "start": MONDAY} | wrong))  # type: ignore[arg-type]


# ---------------------------------------------------------------- properties of routes

_HOURS = [
    "",
    MORNING,
    AFTERNOON,
    "Mo-Su 10:20-10:50",
    "Tu-Su 09:00-18:00",
    "24/7",
    '09:00-12:00 "forse"',
]
_PLACE = st.tuples(
    st.none() | st.integers(0, 2000),
    st.sampled_from(_HOURS),
    st.sampled_from(["", "yes", "by_appointment"]),
    st.sampled_from(["", "active", "closed"]),
)


def fits(catalogue: Catalogue, wish: Wish, ids: Sequence[str]) -> bool:
    """Walk through all of the places, and tell whether nothing is against it."""
    plain = query.route_of(
        catalogue, Wish(places=tuple(ids), start=wish.start, pause_min=wish.pause_min)
    )
    assert kept(plain) == list(ids)
    if wish.budget_min is not None and plain.total_min > wish.budget_min:
        return False
    for each in plain.arrivals:
        known_closed = each.opening.state is OpeningState.CLOSED or each.place.status == "closed"
        if wish.doors is not Doors.ALL and known_closed:
            return False
        if wish.doors is Doors.OPEN and each.opening.state is not OpeningState.OPEN:
            return False
    return True


@settings(max_examples=60, deadline=None)
@given(
    st.lists(_PLACE, min_size=1, max_size=6),
    st.sampled_from(Doors),
    st.none() | st.integers(0, 200),
    st.integers(0, 45),
)
def test_route_keeps_what_is_asked_and_as_many_places_as_can_be(
    make_catalogue: Make,
    made: list[tuple[int | None, str, str, str]],
    doors: Doors,
    budget: int | None,
    pause: int,
) -> None:
    ids = [f"p{number}" for number in range(len(made))]
    workshops = [
        place(key, north, opening_hours=hours, visit=visit, status=status)
        for key, (north, hours, visit, status) in zip(ids, made, strict=True)
    ]
    catalogue = make_catalogue(workshops=workshops)
    wish = Wish(places=tuple(ids), start=MONDAY, pause_min=pause, budget_min=budget, doors=doors)
    found = query.route_of(catalogue, wish)
    chosen = kept(found)
    assert fits(catalogue, wish, chosen)
    assert sorted([*chosen, *left_out(found)]) == ids
    assert [each for each in ids if each in chosen] == chosen
    assert found == query.route_of(catalogue, wish)
    more = [
        several
        for n in range(len(chosen) + 1, len(ids) + 1)
        for several in combinations(ids, n)
        if fits(catalogue, wish, several)
    ]
    assert more == []


# ---------------------------------------------------------------- order


def length(metres: NDArray[np.float64], order: Sequence[int]) -> float:
    return sum(math.dist(metres[here], metres[there]) for here, there in pairwise(order))


def shortest(metres: NDArray[np.float64]) -> float:
    """Give the length of the shortest open path (Held and Karp)."""
    n = len(metres)
    apart = np.hypot(*(metres[:, None] - metres[None]).T)
    best = np.full((1 << n, n), np.inf)
    best[[1 << point for point in range(n)], range(n)] = 0
    for visited in range(1, 1 << n):
        for point in range(n):
            if visited >> point & 1 and visited != 1 << point:
                without = visited & ~(1 << point)
                best[visited, point] = (best[without] + apart[:, point]).min()
    return float(best[-1].min())


def nearest_neighbour(metres: NDArray[np.float64], start: int) -> list[int]:
    order, left = [start], set(range(len(metres))) - {start}
    while left:
        here = metres[order[-1]]
        order.append(min(left, key=lambda each: (math.dist(here, metres[each]), each)))
        left.remove(order[-1])
    return order


@pytest.mark.parametrize("seed", range(50))
def test_order_is_within_five_percent_of_the_shortest(seed: int) -> None:
    metres = np.random.default_rng(seed).uniform(0, 1000, (9, 2))
    assert length(metres, short_order(metres).tolist()) <= 1.05 * shortest(metres)


_POINTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=9).map(
    lambda points: np.array(points, dtype=np.float64)
)


@settings(deadline=None)
@given(metres=_POINTS, keep_first=st.booleans())
def test_order_is_never_longer_than_a_simpler_one(
    *, metres: NDArray[np.float64], keep_first: bool
) -> None:
    order = short_order(metres, keep_first=keep_first).tolist()
    assert sorted(order) == list(range(len(metres)))
    starts = [0] if keep_first else range(len(metres))
    simpler = [list(range(len(metres))), *(nearest_neighbour(metres, start) for start in starts)]
    assert length(metres, order) <= min(length(metres, each) for each in simpler) + 1e-6
    assert not keep_first or order[0] == 0
    assert order == short_order(metres, keep_first=keep_first).tolist()


def test_suggested_order_follows_the_positions(make_catalogue: Make) -> None:
    workshops = [place("a", 300), place("b", 0), place("c", 200), place("d", 100)]
    catalogue = make_catalogue(workshops=workshops)
    assert query.suggested_order(catalogue, "abcd") in (("b", "d", "c", "a"), ("a", "c", "d", "b"))
    assert query.suggested_order(catalogue, "cabd", keep_first=True) == ("c", "a", "d", "b")
    assert query.suggested_order(catalogue, ()) == ()


def test_good_order_is_left_as_it_is(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=[place("a", 300), place("b", 100), place("c", 0)])
    assert query.suggested_order(catalogue, "abc") == ("a", "b", "c")
    assert query.suggested_order(catalogue, "cba") == ("c", "b", "a")


def test_places_without_position_come_last_in_their_order(make_catalogue: Make) -> None:
    workshops = [place("y", None), place("a", 200), place("x", None), place("b", 0), place("c", 99)]
    catalogue = make_catalogue(workshops=workshops)
    assert query.suggested_order(catalogue, "yaxcb") == ("a", "c", "b", "y", "x")
    assert query.suggested_order(catalogue, "yaxcb", keep_first=True) == ("y", "a", "c", "b", "x")
    assert query.suggested_order(catalogue, "yx") == ("y", "x")


# ---------------------------------------------------------------- walks of the city


def test_stops_of_a_walk_come_in_their_order(make_catalogue: Make) -> None:
    stops = [
        {"itinerary_id": "giro", "order": "2", "place_id": "a"},
        {"itinerary_id": "giro", "order": "1", "place_id": "b"},
    ]
    catalogue = make_catalogue(
        workshops=[place("a"), place("b")],
        itineraries=[{"id": "giro", "theme": "marble"}, {"id": "vuoto", "theme": "marble"}],
        stops=stops,
        vocabularies=[
            {
                "vocabulary": "theme",
                "term": "marble",
                "parent": "",
                "label_it": "x",
                "label_en": "x",
            },
            {
                "vocabulary": "kind",
                "term": "gallery",
                "parent": "workshop",
                "label_it": "x",
                "label_en": "x",
            },
        ],
    )
    assert [each.id for each in query.itineraries(catalogue)] == ["giro", "vuoto"]
    assert [each.place_id for each in query.stops_of(catalogue, "giro")] == ["b", "a"]
    assert query.stops_of(catalogue, "vuoto") == query.stops_of(catalogue, "none") == ()
