from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import pytest

from regen_map.catalogue import Catalogue
from regen_map.facts import Wording
from regen_map.facts.walks import WalkFacts, themed_walks
from regen_map.messages import LANGUAGES, translator
from regen_map.query.route import Doors
from regen_map.query.visit_link import MINE, Plan
from tests.conftest import TOWN

# A Saturday, an hour later in the city.
NOW = dt.datetime(2026, 11, 28, 9, 0, 50, tzinfo=dt.UTC)

THEME = {"vocabulary": "theme", "term": "marble", "label_it": "Marmo", "label_en": "Marble"}
PLACES: Sequence[Mapping[str, str]] = [
    {"id": "open", "lat": "44.08", "lon": "10.10", "opening_hours": "Mo-Su 09:00-18:00"},
    {"id": "shut", "lat": "44.082", "lon": "10.10", "opening_hours": "Su 09:00-18:00"},
    {"id": "ceased", "lat": "44.0821", "lon": "10.10", "status": "closed"},
    {"id": "asked", "lat": "44.084", "lon": "10.10", "visit": "by_appointment"},
    {"id": "silent", "lat": "44.086", "lon": "10.10", "summary_it": "Qui si tace."},
    {"id": "nowhere"},
    {"id": "vague", "lat": "44.0861", "lon": "10.10", "position_accuracy_m": "200"},
]


@pytest.fixture(scope="module")
def city(make_catalogue: Callable[..., Catalogue]) -> Catalogue:
    """Read a town whose places are open, or not, in every way."""
    return make_catalogue(
        vocabularies=[*TOWN["vocabularies"], THEME],
        workshops=[{"kind": "gallery", "position_accuracy_m": "5", **place} for place in PLACES],
        itineraries=[
            {
                "id": "round",
                "theme": "marble",
                "name_it": "Giro",
                "name_en": "Round",
                "summary_it": "Tutto.",
            },
            {"id": "short", "theme": "marble"},
        ],
        stops=[
            {
                "itinerary_id": "round",
                "order": str(order),
                "place_id": place["id"],
                "text_it": "Prima di tutto." if order == 1 else "",
                "text_en": "First of all." if order == 1 else "",
            }
            for order, place in enumerate(PLACES, 1)
        ]
        + [{"itinerary_id": "short", "order": "1", "place_id": "open"}],
    )


def walk(city: Catalogue, language: str = "en", **plan: object) -> WalkFacts:
    wording = Wording(city, translator(language), NOW.date())
    return WalkFacts(wording, Plan(**{"walk": "round", **plan}), NOW)  # type: ignore[arg-type]


def test_walk_is_told_in_short_and_in_all(city: Catalogue) -> None:
    facts = walk(city)
    assert facts.in_short == "7 stops · about 880 m on foot, 13 min"
    assert facts.start == "Starting on Saturday 28 November 2026 at 10:00"
    assert facts.in_all == "About 1 h 23 min in all with 10 minutes at each stop; likely end: 11:23"


def test_doors_count_every_stop_once(city: Catalogue) -> None:
    assert walk(city).doors == (
        "When you get there: 1 open, 2 closed, 1 that you cannot simply walk into "
        "and 3 whose hours are not known."
    )


def test_stop_says_whether_it_is_open_on_arrival(city: Catalogue) -> None:
    told = {stop.place.id: (stop.opening, stop.state) for stop in walk(city).stops}
    assert told == {
        "open": ("Open at that time", "open"),
        "shut": ("Closed at that time", "closed"),
        "ceased": ("Closed", "closed"),
        "asked": ("By appointment", "arranged"),
        "silent": ("Hours not known", "unknown"),
        "nowhere": ("Hours not known", "unknown"),
        "vague": ("Hours not known", "unknown"),
    }


def test_start_decides_what_is_open(city: Catalogue) -> None:
    sunday = dt.datetime(2026, 11, 29, 17, 55)  # noqa: DTZ001 -- the city's time
    opening = {stop.place.id: stop.state for stop in walk(city, start=sunday).stops}
    assert (opening["open"], opening["shut"]) == ("open", "closed")
    opening = {stop.place.id: stop.state for stop in walk(city, start=sunday, pause_min=0).stops}
    assert (opening["open"], opening["shut"]) == ("open", "open")


def test_leg_says_how_far_or_that_nobody_knows(city: Catalogue) -> None:
    assert [stop.leg for stop in walk(city).stops] == [
        "",
        "290 m, about 4 min",
        "10 m, about 1 min",
        "270 m, about 4 min",
        "290 m, about 4 min",
        "distance not known: a position is missing",
        "a few minutes (approximate positions)",
    ]


def test_arrivals_are_the_citys_time_for_people_and_machines(city: Catalogue) -> None:
    first, second, *_ = walk(city).stops
    assert (first.arrival, first.machine_arrival) == ("10:00", "2026-11-28T10:00+01:00")
    assert second.arrival == "10:14"


def test_stop_has_the_words_of_the_walk_or_those_of_the_place(city: Catalogue) -> None:
    said = {stop.place.id: stop.said for stop in walk(city).stops}
    assert said["open"].text == "First of all."
    assert (said["silent"].text, said["silent"].language) == ("Qui si tace.", "it")
    assert said["shut"].text == ""
    assert walk(city, "it").stops[0].said.text == "Prima di tutto."


def test_what_must_be_known_of_the_figures_is_said(city: Catalogue) -> None:
    estimate, unlocated = walk(city).notes
    assert "times 1.3, at 4.2 km an hour" in estimate
    assert unlocated.startswith("The position of 1 stop is not known")
    assert len(list(walk(city, walk="short").notes)) == 1


@pytest.mark.parametrize(
    ("doors", "budget", "reasons"),
    [
        (Doors.ALL, None, {}),
        (Doors.NOT_CLOSED, None, {"shut": "closed on arrival", "ceased": "closed for good"}),
        (
            Doors.OPEN,
            None,
            {
                "shut": "closed on arrival",
                "ceased": "closed for good",
                "asked": "not known whether it is open on arrival",
                "silent": "not known whether it is open on arrival",
                "nowhere": "not known whether it is open on arrival",
                "vague": "not known whether it is open on arrival",
            },
        ),
    ],
)
def test_stop_that_is_left_out_says_why(
    doors: Doors, budget: int | None, reasons: dict[str, str], city: Catalogue
) -> None:
    facts = walk(city, doors=doors, budget_min=budget)
    assert {each.place.id: each.reason for each in facts.left_out} == reasons
    assert len(facts.stops) + len(reasons) == len(PLACES)


def test_time_that_is_not_enough_leaves_stops_out(city: Catalogue) -> None:
    facts = walk(city, budget_min=30)
    assert {each.reason for each in facts.left_out} == {"no time left"}
    assert 0 < len(facts.stops) < len(PLACES)
    assert facts.route.total_min <= 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_walk_without_stops_tells_nothing_that_is_not_so(language: str, city: Catalogue) -> None:
    facts = walk(city, language, walk=MINE)
    assert facts.in_short[:1] == "0"
    assert (facts.in_all, facts.start, facts.doors) == ("", "", "")
    assert facts.itinerary is None
    assert facts.name
    assert facts.summary.text


def test_link_outside_the_app_names_what_the_walks_name_does_not_tell(city: Catalogue) -> None:
    start = dt.datetime(2026, 12, 1, 9, 30)  # noqa: DTZ001 -- the city's time
    assert walk(city, mine=("open",)).params == ""
    assert walk(city, start=start, budget_min=60).params == "start=2026-12-01T09%3A30&budget=60"
    assert walk(city, walk=MINE, mine=("open", "shut")).params == "stops=open%2Cshut"


def test_all_walks_are_told_whole_whatever_was_asked_of_one(city: Catalogue) -> None:
    wording = Wording(city, translator("it"), NOW.date())
    plan = Plan(walk=MINE, mine=("shut",), budget_min=30, doors=Doors.OPEN, pause_min=0)
    told = themed_walks(wording, plan, NOW)
    assert [(each.name, len(each.stops)) for each in told] == [("Giro", 7), ("Short", 1)]
    assert {each.plan.pause_min for each in told} == {0}
