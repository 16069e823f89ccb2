from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map.catalogue import Catalogue
from regen_map.query.route import MOST_STOPS, Doors
from regen_map.query.visit_link import (
    BUDGETS_MIN,
    MINE,
    PAUSES_MIN,
    Period,
    Plan,
    period_from_params,
    period_to_params,
    plan_from_params,
    plan_to_params,
    wish_of,
)
from tests.conftest import TOWN

THEME = {"vocabulary": "theme", "term": "marble", "label_it": "Marmo", "label_en": "Marble"}
PLACES = [f"place-{number}" for number in range(MOST_STOPS + 5)]
NOW = dt.datetime(2026, 11, 28, 9, 30, 42, tzinfo=dt.UTC)

days = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))
minutes = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0)
)
plans = st.builds(
    Plan,
    walk=st.sampled_from(["", MINE, "round"]),
    mine=st.lists(st.sampled_from(PLACES), unique=True, max_size=MOST_STOPS).map(tuple),
    start=st.none() | minutes,
    pause_min=st.sampled_from(PAUSES_MIN),
    budget_min=st.none() | st.sampled_from(BUDGETS_MIN),
    doors=st.sampled_from(Doors),
)


@pytest.fixture(scope="module")
def walkers(make_catalogue: Callable[..., Catalogue]) -> Catalogue:
    """Read a town with one walk and more places than a walk may have stops."""
    return make_catalogue(
        vocabularies=[*TOWN["vocabularies"], THEME],
        workshops=[{"id": each, "kind": "gallery"} for each in PLACES],
        itineraries=[{"id": "round", "theme": "marble"}],
        stops=[
            {"itinerary_id": "round", "order": order, "place_id": place}
            for order, place in (("2", "place-2"), ("1", "place-9"))
        ],
    )


@given(plan=plans)
@settings(max_examples=150, deadline=None)
def test_plan_survives_the_way_through_a_link(plan: Plan, walkers: Catalogue) -> None:
    link = urlencode(plan_to_params(plan))
    assert plan_from_params(dict(parse_qsl(link)), walkers) == plan


@given(ends=st.tuples(st.none() | days, st.none() | days))
def test_days_survive_the_way_through_a_link(ends: tuple[dt.date | None, dt.date | None]) -> None:
    first, last = ends
    if first and last:
        first, last = sorted((first, last))
    period = Period(first=first, last=last)
    assert period_from_params(dict(parse_qsl(urlencode(period_to_params(period))))) == period


def test_usual_plan_is_an_empty_link() -> None:
    assert plan_to_params(Plan()) == {}
    assert period_to_params(Period()) == {}


@pytest.mark.parametrize(
    "params",
    [
        {"walk": "none-such"},
        {"walk": "<script>"},
        {"walk": "place-1"},
        {"stops": "none-such"},
        {"stops": ",,,"},
        {"stops": "project:x,../place-1"},
        {"start": "now"},
        {"start": "2026-11-28"},
        {"start": "2026-11-28T25:00"},
        {"start": "1999-12-31T23:59"},
        {"start": "2101-01-01T00:00"},
        {"start": "2026-02-30T10:00"},
        {"start": "2026-11-28T10:00+01:00"},
        {"pause": "7"},
        {"pause": "-5"},
        {"pause": "²0"},
        {"pause": "9" * 5000},
        {"budget": "0"},
        {"budget": "61"},
        {"budget": "1e2"},
        {"doors": "OPEN"},
        {"doors": "ajar"},
    ],
    ids=lambda params: str(params)[:40],
)
def test_junk_in_a_link_is_ignored(params: dict[str, str], walkers: Catalogue) -> None:
    assert plan_from_params(params, walkers) == Plan()


def test_stops_of_a_link_are_known_places_each_once_and_not_too_many(walkers: Catalogue) -> None:
    asked = {"stops": "place-3,none-such,place-1,place-3"}
    assert plan_from_params(asked, walkers).mine == ("place-3", "place-1")
    asked = {"stops": ",".join(PLACES)}
    assert plan_from_params(asked, walkers).mine == tuple(PLACES[:MOST_STOPS])


@pytest.mark.parametrize(
    ("params", "period"),
    [
        ({"from": "2026-06-01", "to": "2026-05-31"}, Period(first=dt.date(2026, 6, 1))),
        ({"from": "soon", "to": "2026-06-01"}, Period(last=dt.date(2026, 6, 1))),
        ({"from": "1999-06-01", "to": "20260601"}, Period()),
        ({"from": "2026-06-01T10:00"}, Period()),
    ],
    ids=str,
)
def test_days_that_cannot_be_are_left(params: dict[str, str], period: Period) -> None:
    assert period_from_params(params) == period


@given(
    params=st.dictionaries(
        st.sampled_from(["walk", "stops", "start", "pause", "budget", "doors", "from", "to"]),
        st.text(max_size=30),
    )
)
@settings(max_examples=200, deadline=None)
def test_whatever_a_link_says_becomes_a_plan_that_can_be_walked(
    params: dict[str, str], walkers: Catalogue
) -> None:
    plan = plan_from_params(params, walkers)
    assert plan_from_params(plan_to_params(plan), walkers) == plan
    assert wish_of(plan, walkers, NOW).start.utcoffset() is not None


def test_themed_walk_has_the_stops_of_the_catalogue_in_order(walkers: Catalogue) -> None:
    wish = wish_of(Plan(walk="round", mine=("place-5",)), walkers, NOW)
    assert wish.places == ("place-9", "place-2")


def test_own_walk_has_the_stops_of_the_link(walkers: Catalogue) -> None:
    assert wish_of(Plan(walk=MINE, mine=("place-5",)), walkers, NOW).places == ("place-5",)
    assert wish_of(Plan(mine=("place-5",)), walkers, NOW).places == ()


def test_walk_starts_at_a_whole_minute_of_the_citys_clock(walkers: Catalogue) -> None:
    asked = dt.datetime(2026, 7, 1, 10, 0)  # noqa: DTZ001 -- as the city's clocks show it
    start = wish_of(Plan(start=asked), walkers, NOW).start
    assert start == dt.datetime(2026, 7, 1, 10, 0, tzinfo=ZoneInfo("Europe/Rome"))
    assert wish_of(Plan(), walkers, NOW).start == NOW.replace(second=0)
