from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES
from regen_map.query import Criteria, ProjectCriteria
from regen_map.query.desk_link import Colour, Desk, Tab
from regen_map.query.portfolio import OLDER, THREE_YEARS, YEAR
from regen_map.query.visit_link import Period, Plan
from regen_map.ui.view import View, from_params, to_params

SPAN = (2016, 2026)
OTHERS = ("lang", "q", "years", "place", "walk", "stops", "start", "pause", "from", "to")


def read(town: Catalogue, **params: str) -> View:
    return from_params(params, town, "it")


def draw_portfolio(data: st.DataObject, town: Catalogue) -> ProjectCriteria:
    """Any selection of projects: a freshness may be asked for that no project has."""
    offered = dict(query.project_options(town, dt.date(2026, 11, 22)))
    offered["freshness"] = (YEAR, THREE_YEARS, OLDER, query.UNKNOWN)
    chosen = {
        facet: tuple(term for term in terms if data.draw(st.booleans()))
        for facet, terms in offered.items()
        if data.draw(st.booleans())
    }
    return ProjectCriteria(
        chosen={facet: terms for facet, terms in chosen.items() if terms},
        late_months=data.draw(st.one_of(st.none(), st.integers(1, 600))),
    )


def draw_desk(data: st.DataObject, town: Catalogue) -> Desk:
    """Any way in which the planner's desk can lie."""
    days = st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31))
    versions = st.integers(1, 999_999_999).map(lambda number: f"v{number}")
    return Desk(
        tab=data.draw(st.sampled_from(Tab)),
        rows=data.draw(st.integers(50, 100_000)),
        project=data.draw(st.sampled_from(["", *(each.id for each in town.projects)])),
        as_of=data.draw(st.none() | days),
        since=data.draw(st.just("") | versions | days.map(dt.date.isoformat)),
        colour=data.draw(st.sampled_from(Colour)),
    )


def draw_view(data: st.DataObject, town: Catalogue) -> View:
    """Any view that a visitor can bring about: options in the order of the catalogue."""
    chosen = {
        facet: tuple(term for term in terms if data.draw(st.booleans()))
        for facet, terms in query.options(town).items()
        if data.draw(st.booleans())
    }
    first, last = sorted(data.draw(st.tuples(*[st.integers(*SPAN)] * 2)))
    return View(
        language=data.draw(st.sampled_from(LANGUAGES)),
        criteria=Criteria(
            text=data.draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=200)).strip(),
            chosen={facet: terms for facet, terms in chosen.items() if terms},
            years=None if (first, last) == SPAN else (first, last),
        ),
        portfolio=draw_portfolio(data, town),
        desk=draw_desk(data, town),
        place=data.draw(st.sampled_from(["", *(entry.key for entry in query.entries(town))])),
    )


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_view_survives_the_way_through_a_link(data: st.DataObject, town: Catalogue) -> None:
    view = draw_view(data, town)
    link = urlencode(to_params(view))
    assert from_params(dict(parse_qsl(link)), town, "it") == view


def test_plain_view_is_a_short_link() -> None:
    assert to_params(View(language="it")) == {"lang": "it"}


def test_link_is_written_in_a_fixed_order() -> None:
    view = View(
        language="en",
        criteria=Criteria(
            text="marmo",
            chosen={"status": ("active",), "family": ("workshop", "attraction")},
            years=(2018, 2020),
        ),
        place="museo",
        plan=Plan(walk="mine", mine=("rossi", "museo")),
        period=Period(first=dt.date(2026, 6, 1)),
        portfolio=ProjectCriteria(chosen={"phase": ("works",)}, late_months=6),
        desk=Desk(
            tab=Tab.DELAYS,
            rows=100,
            project="selciato",
            as_of=dt.date(2026, 3, 1),
            since="v12",
            colour=Colour.PHASE,
        ),
    )
    assert list(to_params(view).items()) == [
        ("lang", "en"),
        ("q", "marmo"),
        ("family", "workshop,attraction"),
        ("status", "active"),
        ("years", "2018-2020"),
        ("place", "museo"),
        ("walk", "mine"),
        ("stops", "rossi,museo"),
        ("from", "2026-06-01"),
        ("p.phase", "works"),
        ("p.late", "6"),
        ("desk", "delays"),
        ("project", "selciato"),
        ("p.rows", "100"),
        ("p.asof", "2026-03-01"),
        ("p.since", "v12"),
        ("p.colour", "phase"),
    ]


def test_order_of_options_in_a_link_does_not_matter(town: Catalogue) -> None:
    assert read(town, kind="museum,square") == read(town, kind="square,museum")


@pytest.mark.parametrize(
    "params",
    [
        {"family": "none-such"},
        {"family": ""},
        {"family": ",,,"},
        {"family": "WORKSHOP"},
        {"colour": "red"},
        {"p.colour": "red"},
        {"p.colour": "FAMILY"},
        {"desk": "none-such"},
        {"project": "none-such"},
        {"project": "museo"},
        {"p.asof": "2026-02-30"},
        {"p.asof": "2026-1-1"},
        {"p.asof": "²⁰²⁶-01-01"},
        {"p.since": "v0"},
        {"p.since": "v1234567890"},
        {"p.since": "v²"},
        {"p.since": "2026-13-01"},
        {"place": "none-such"},
        {"place": "project:selciato"},
        {"lang": "xx"},
        {"lang": "../it"},
        {"years": "2020"},
        {"years": "2020-"},
        {"years": "-2020"},
        {"years": "2022-2020"},
        {"years": "1200-1300"},
        {"years": "twenty-twentyone"},
        {"years": "2018-2020-2022"},
        {"years": "²⁰¹⁸-2020"},
        {"years": "0-9999"},
        {"years": "2016-2026"},
        {"walk": "none-such"},
        {"stops": "none-such,project:rete,,<script>"},
        {"from": "tomorrow", "to": "2026-13-01"},
        {"p.phase": "none-such", "p.freshness": "stale", "p.area": "1,2;3,4", "p.min": "-1"},
        {"desk": "none-such", "p.rows": "²"},
        {"desk": "list", "p.rows": "-100"},
    ],
    ids=str,
)
def test_junk_in_a_link_is_ignored(params: dict[str, str], town: Catalogue) -> None:
    assert from_params(params, town, "it") == View(language="it")


def test_known_options_survive_unknown_neighbours(town: Catalogue) -> None:
    assert read(town, kind="museum,none-such").criteria.chosen == {"kind": ("museum",)}


def test_years_are_cut_to_those_of_the_projects(town: Catalogue) -> None:
    assert read(town, years="1900-2020").criteria.years == (2016, 2020)
    assert read(town, years="20200000-20219999").criteria.years == (2020, 2021)


def test_long_search_is_cut(town: Catalogue) -> None:
    assert read(town, q="x" * 1000).criteria.text == "x" * 200


@given(params=st.dictionaries(st.sampled_from([*query.FACETS, *OTHERS]), st.text(max_size=30)))
@settings(max_examples=150, deadline=None)
def test_whatever_a_link_says_becomes_a_view_that_can_be_shown(
    params: dict[str, str], town: Catalogue
) -> None:
    view = from_params(params, town, "en")
    assert view.language in LANGUAGES
    assert query.select(town, view.criteria).n_total == len(query.entries(town))
    assert from_params(to_params(view), town, "en") == view
