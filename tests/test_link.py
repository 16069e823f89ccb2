from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.query import Criteria, criteria_from_params, criteria_to_params

Make = Callable[..., Catalogue]


@pytest.fixture(scope="module")
def street(make_catalogue: Make) -> Catalogue:
    """One workshop that says when it is open."""
    row = {"id": "a", "kind": "gallery", "quarter": "centro", "opening_hours": "Sa 09:00-12:00"}
    return make_catalogue(workshops=[row])


def test_open_now_stays_so_in_a_link(street: Catalogue) -> None:
    asked = Criteria(chosen={"open": ("now",)})
    assert criteria_to_params(asked) == {"open": "now"}
    assert criteria_from_params({"open": "now"}, street) == asked


def test_another_moment_stands_in_a_link_as_the_clocks_show_it(street: Catalogue) -> None:
    asked = criteria_from_params({"open": "2026-11-28T10:00", "quarter": "centro"}, street)
    assert asked.open_at == dt.datetime(2026, 11, 28, 10, 0)  # noqa: DTZ001 -- of the city
    assert asked.chosen == {"quarter": ("centro",)}
    assert criteria_to_params(asked) == {"open": "2026-11-28T10:00", "quarter": "centro"}


@given(moment=st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 12, 31, 23, 59)))  # noqa: DTZ001
def test_every_moment_survives_the_way_through_a_link(
    moment: dt.datetime, street: Catalogue
) -> None:
    asked = Criteria(open_at=moment.replace(second=0, microsecond=0, fold=0))
    assert criteria_from_params(criteria_to_params(asked), street) == asked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "later",
        "NOW",
        "2026-11-28",
        "2026-11-28T10",
        "2026-11-28 10:00",
        "2026-11-28T10:00:00",
        "2026-11-28T10:00Z",
        "2026-11-28T10:00+01:00",
        "2026-02-30T10:00",
        "2026-13-01T10:00",
        "2026-11-28T24:00",
        "2026-11-28T10:60",
        "1999-12-31T23:59",
        "2101-01-01T00:00",
        "0000-00-00T00:00",
        "+2026-11-28T10:00",
        "2026-11-28T10:00\n",
        "\uff12\uff10\uff12\uff16-11-28T10:00",
        "2026-11-28T10:00,2026-11-29T10:00",
        "<script>",
    ],
    ids=repr,
)
def test_moment_that_is_none_is_ignored(text: str, street: Catalogue) -> None:
    assert criteria_from_params({"open": text}, street) == Criteria()


def test_now_beside_a_moment_is_now(street: Catalogue) -> None:
    asked = criteria_from_params({"open": "2026-11-28T10:00,now"}, street)
    assert (dict(asked.chosen), asked.open_at) == ({"open": ("now",)}, None)


@given(text=st.text(max_size=30))
def test_whatever_a_link_says_of_hours_can_be_asked_for(text: str, street: Catalogue) -> None:
    asked = criteria_from_params({"open": text}, street)
    assert query.select(street, asked).n_total == 1
    assert criteria_from_params(criteria_to_params(asked), street) == asked


@pytest.mark.parametrize("text", ["now", "2026-11-28T10:00"])
def test_town_that_knows_no_hours_is_not_asked_for_them(text: str, town: Catalogue) -> None:
    assert criteria_from_params({"open": text}, town) == Criteria()
