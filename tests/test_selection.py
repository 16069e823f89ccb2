from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.query import Criteria, OpeningState

Make = Callable[..., Catalogue]
Chosen = Mapping[str, tuple[str, ...]]
Years = tuple[tuple[int, int], ...]

EVERYTHING = Criteria(chosen={})
MONDAY = dt.datetime(2026, 11, 23, 10, 0, 30, tzinfo=dt.UTC)
"""Eleven o'clock in Rome."""
OPEN_NOW = Criteria(chosen={"open": ("now",)})

# What each entry of the test town is, told by hand: the facets, and the years of its projects.
FACTS: dict[str, tuple[dict[str, set[str]], Years]] = {
    "piazza": (
        {
            "family": {"public_space"},
            "kind": {"square"},
            "quarter": {"centro"},
            "phase": {"works", "completed"},
            "stalled": {"yes"},
            "programme": {"pnrr", "bando"},
            "status": {"active"},
            "located": {"yes"},
        },
        ((2018, 2020), (2022, 2026)),
    ),
    "cinema": (
        {
            "family": {"public_space"},
            "kind": {"theatre"},
            "phase": {"planning"},
            "status": {"unknown"},
            "located": {"no"},
        },
        ((2024, 2024),),
    ),
    "lido": (
        {
            "family": {"public_space"},
            "kind": {"square"},
            "quarter": {"marina"},
            "phase": {"unknown"},
            "status": {"unknown"},
            "located": {"yes"},
        },
        (),
    ),
    "rossi": (
        {
            "family": {"workshop"},
            "kind": {"gallery"},
            "quarter": {"centro"},
            "visit": {"yes"},
            "status": {"active"},
            "located": {"yes"},
        },
        (),
    ),
    "nicoli": (
        {
            "family": {"workshop"},
            "kind": {"gallery"},
            "visit": {"by_appointment"},
            "status": {"closed"},
            "located": {"no"},
        },
        (),
    ),
    "caffe": (
        {
            "family": {"workshop"},
            "kind": {"gallery"},
            "visit": {"unknown"},
            "status": {"unknown"},
            "located": {"no"},
        },
        (),
    ),
    "museo": (
        {
            "family": {"attraction"},
            "kind": {"museum"},
            "quarter": {"marina"},
            "status": {"active"},
            "located": {"yes"},
        },
        (),
    ),
    "teatro": (
        {
            "family": {"attraction"},
            "kind": {"theatre"},
            "status": {"closed"},
            "located": {"yes"},
        },
        (),
    ),
    "project:rete": (
        {
            "family": {"project"},
            "quarter": {"marina"},
            "phase": {"unknown"},
            "programme": {"pnrr"},
            "located": {"no"},
        },
        ((2016, 2016),),
    ),
}


def fits(key: str, criteria: Criteria, found: set[str]) -> bool:
    """Tell by plain Python whether an entry is asked for; `found` are those with the words."""
    facets, under_way = FACTS[key]
    if criteria.years is not None:
        first, last = criteria.years
        if not any(start <= last and end >= first for start, end in under_way):
            return False
    return key in found and all(
        facets.get(facet, set()) & set(terms) for facet, terms in criteria.chosen.items() if terms
    )


def keys(catalogue: Catalogue, selection: query.Selection) -> list[str]:
    listed = query.entries(catalogue)
    return [entry.key for entry, shown in zip(listed, selection.mask, strict=True) if shown]


def chosen_keys(catalogue: Catalogue, **chosen: tuple[str, ...]) -> set[str]:
    return set(keys(catalogue, query.select(catalogue, Criteria(chosen=chosen))))


TERMS = {
    facet: sorted({term for facets, _ in FACTS.values() for term in facets.get(facet, ())})
    for facet in query.FACETS
}

criteria = st.builds(
    Criteria,
    text=st.sampled_from(["", " ", "piazza", "Museum", "caffe peru", "xyzzy", "di"]),
    chosen=st.fixed_dictionaries(
        {},
        optional={
            facet: st.lists(st.sampled_from([*terms, "none-such"]), max_size=3).map(tuple)
            for facet, terms in TERMS.items()
        },
    ),
    years=st.none() | st.tuples(st.integers(2010, 2030), st.integers(2010, 2030)),
)


def test_nothing_chosen_selects_everything(town: Catalogue) -> None:
    selection = query.select(town, EVERYTHING)
    assert selection.mask.all()
    assert selection.ranked is None
    assert (selection.n_shown, selection.n_total, selection.n_unlocated) == (9, 9, 4)


@pytest.mark.parametrize(
    ("facet", "option", "expected"),
    [
        ("family", "workshop", {"rossi", "nicoli", "caffe"}),
        ("family", query.TOWN_WIDE, {"project:rete"}),
        ("kind", "museum", {"museo"}),
        ("quarter", "marina", {"lido", "museo", "project:rete"}),
        ("phase", "works", {"piazza"}),
        ("phase", query.UNKNOWN, {"lido", "project:rete"}),
        ("stalled", "yes", {"piazza"}),
        ("programme", "pnrr", {"piazza", "project:rete"}),
        ("visit", "by_appointment", {"nicoli"}),
        ("visit", query.UNKNOWN, {"caffe"}),
        ("status", "closed", {"nicoli", "teatro"}),
        ("located", "no", {"cinema", "nicoli", "caffe", "project:rete"}),
    ],
)
def test_one_option_selects_the_entries_that_have_it(
    facet: str, option: str, expected: set[str], town: Catalogue
) -> None:
    assert chosen_keys(town, **{facet: (option,)}) == expected


def test_within_a_facet_any_option_may_hold(town: Catalogue) -> None:
    assert chosen_keys(town, kind=("museum", "square")) == {"museo", "piazza", "lido"}


def test_all_facets_must_hold(town: Catalogue) -> None:
    chosen = {"family": ("public_space", "attraction"), "quarter": ("marina",)}
    assert chosen_keys(town, **chosen) == {"lido", "museo"}
    assert chosen_keys(town, **chosen, visit=("yes",)) == set()


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ((2016, 2016), {"project:rete"}),
        ((2017, 2018), {"piazza"}),
        ((2021, 2021), set()),
        ((2024, 2024), {"piazza", "cinema"}),
        ((2027, 2030), set()),
        ((2030, 2010), set()),
    ],
)
def test_years_select_projects_under_way(
    years: tuple[int, int], expected: set[str], town: Catalogue
) -> None:
    selection = query.select(town, Criteria(chosen={}, years=years))
    assert set(keys(town, selection)) == expected


def test_option_that_nobody_has_selects_nothing(town: Catalogue) -> None:
    assert chosen_keys(town, kind=("none-such",)) == set()


def test_option_that_nobody_has_adds_nothing_to_another(town: Catalogue) -> None:
    assert chosen_keys(town, kind=("none-such", "museum")) == {"museo"}


def test_facet_without_options_or_of_unknown_name_is_ignored(town: Catalogue) -> None:
    assert chosen_keys(town, kind=(), colour=("red",)) == set(FACTS)


def test_options_are_offered_in_the_order_of_the_vocabulary(town: Catalogue) -> None:
    options = query.options(town)
    assert list(options) == list(query.FACETS)
    assert options["family"] == ("public_space", "workshop", "attraction", query.TOWN_WIDE)
    assert options["phase"] == ("planning", "works", "completed", query.UNKNOWN)
    assert {facet: sorted(terms) for facet, terms in options.items()} == TERMS


def test_years_of_a_town_span_all_its_projects(town: Catalogue, make_catalogue: Make) -> None:
    assert query.year_range(town) == (2016, 2026)
    assert query.year_range(make_catalogue(projects=[{"id": "a"}])) is None


def test_declared_end_counts_only_until_the_work_has_ended(make_catalogue: Make) -> None:
    dates = {"start": "2019", "declared_end": "2024-12", "end": "2021-03-01"}
    assert query.year_range(make_catalogue(projects=[{"id": "a", **dates}])) == (2019, 2021)


def test_count_of_an_option_foretells_what_choosing_it_shows(town: Catalogue) -> None:
    selection = query.select(town, Criteria(chosen={"family": ("workshop",)}))
    assert selection.counts["family"] == {
        "public_space": 3,
        "workshop": 3,
        "attraction": 2,
        "project": 1,
    }
    assert selection.counts["visit"] == {"yes": 1, "by_appointment": 1, "unknown": 1}
    assert selection.counts["stalled"] == {"yes": 0}


@given(asked=criteria)
@settings(max_examples=150, deadline=None)
def test_selection_and_counts_equal_a_recount_by_hand(asked: Criteria, town: Catalogue) -> None:
    listed = [entry.key for entry in query.entries(town)]
    found = {listed[each] for each in query.rank(town, asked.text)}
    found = found if asked.text.strip() else set(listed)
    selection = query.select(town, asked, MONDAY)
    expected = [key for key in listed if fits(key, asked, found)]
    assert keys(town, selection) == expected
    assert selection.n_shown == len(expected)
    assert selection.n_unlocated == sum("no" in FACTS[key][0]["located"] for key in expected)
    for facet, terms in TERMS.items():
        for term in terms:
            other = Criteria(
                text=asked.text, chosen={**asked.chosen, facet: (term,)}, years=asked.years
            )
            recount = sum(fits(key, other, found) for key in listed)
            assert selection.counts[facet][term] == recount


@given(asked=criteria)
@settings(max_examples=80, deadline=None)
def test_mask_and_ranking_name_the_same_entries(asked: Criteria, town: Catalogue) -> None:
    selection = query.select(town, asked)
    assert (selection.ranked is None) == (not asked.text.strip())
    if selection.ranked is not None:
        assert sorted(selection.ranked) == list(np.flatnonzero(selection.mask))
        order = [each for each in query.rank(town, asked.text) if selection.mask[each]]
        assert list(selection.ranked) == order


def test_selecting_twice_gives_the_same_and_changes_nothing(town: Catalogue) -> None:
    first = query.select(town, EVERYTHING)
    first.mask[:] = False
    second = query.select(town, EVERYTHING)
    assert second.mask.all()
    assert second.counts == first.counts


def test_catalogue_without_rows_selects_nothing(make_catalogue: Make) -> None:
    selection = query.select(make_catalogue(), Criteria(text="piazza", chosen={"kind": ("x",)}))
    assert (selection.n_shown, selection.n_total) == (0, 0)
    assert all(counts == {} for counts in selection.counts.values())


# ---------------------------------------------------------------- open or not

HOURS: list[dict[str, str]] = [
    {"id": "morning", "opening_hours": "Mo-Fr 09:00-13:00", "quarter": "centro"},
    {"id": "evening", "opening_hours": "Mo-Fr 18:00-23:00", "quarter": "centro"},
    {"id": "saturday", "opening_hours": "Sa 09:30-12:00", "quarter": "marina"},
    {"id": "always", "opening_hours": "24/7", "quarter": "marina", "visit": "yes"},
    {"id": "silent", "quarter": "centro"},
    {"id": "vague", "opening_hours": "Mo-Su 09:00+", "quarter": "marina"},
    {"id": "ceased", "opening_hours": "24/7", "status": "closed"},
    {"id": "asked", "opening_hours": "24/7", "visit": "by_appointment"},
    {"id": "asked-silent", "visit": "events_only"},
    {"id": "never", "visit": "no"},
]


@pytest.fixture(scope="module")
def street(make_catalogue: Make) -> Catalogue:
    """Workshops that are open, closed or silent, and a project that has no place."""
    return make_catalogue(
        workshops=[{"kind": "gallery", **row} for row in HOURS], projects=[{"id": "rete"}]
    )


def at(text: str) -> Criteria:
    return Criteria(open_at=dt.datetime.fromisoformat(text))


def test_open_now_keeps_what_is_known_to_be_open(street: Catalogue) -> None:
    selection = query.select(street, OPEN_NOW, MONDAY)
    assert keys(street, selection) == ["morning", "always"]
    assert selection.counts["open"] == {"now": 2}


def test_what_nobody_knows_is_counted_apart_from_what_is_closed(street: Catalogue) -> None:
    # Neither who is closed for good, nor who must be asked, nor who never receives.
    assert query.select(street, OPEN_NOW, MONDAY).n_hours_unknown == 2
    centre = Criteria(chosen={"open": ("now",), "quarter": ("centro",)})
    selection = query.select(street, centre, MONDAY)
    assert (selection.n_shown, selection.n_hours_unknown) == (1, 1)
    assert query.select(street, EVERYTHING, MONDAY).n_hours_unknown == 0


def test_open_now_follows_the_clock(street: Catalogue) -> None:
    shown = {
        hours: keys(street, query.select(street, OPEN_NOW, MONDAY + dt.timedelta(hours=hours)))
        for hours in (0, 2, 8, 24 * 5)
    }
    assert shown == {
        0: ["morning", "always"],
        2: ["always"],
        8: ["evening", "always"],
        120: ["saturday", "always"],
    }


def test_count_of_what_is_open_foretells_what_asking_for_it_shows(street: Catalogue) -> None:
    for chosen in ({}, {"quarter": ("centro",)}, {"quarter": ("marina",), "visit": ("yes",)}):
        counted = query.select(street, Criteria(chosen=chosen), MONDAY).counts["open"]["now"]
        asked = Criteria(chosen={**chosen, "open": ("now",)})
        assert query.select(street, asked, MONDAY).n_shown == counted
        later = Criteria(chosen=chosen, open_at=dt.datetime(2026, 11, 28, 10, 0))  # noqa: DTZ001
        assert query.select(street, later, MONDAY).counts["open"]["now"] == counted


def test_without_a_clock_nothing_is_said_of_what_is_open(street: Catalogue) -> None:
    selection = query.select(street, OPEN_NOW)
    assert selection.mask.all()
    assert "open" not in selection.counts


def test_another_moment_is_told_by_the_clocks_of_the_city(street: Catalogue) -> None:
    assert keys(street, query.select(street, at("2026-11-28T09:30"))) == ["saturday", "always"]
    assert keys(street, query.select(street, at("2026-11-28T12:00"))) == ["always"]
    assert keys(street, query.select(street, at("2026-07-04T09:29"))) == ["always"]
    assert keys(street, query.select(street, at("2026-07-04T09:30"))) == ["saturday", "always"]
    assert query.select(street, at("2026-11-28T09:30")).n_hours_unknown == 2


def test_another_moment_takes_the_place_of_now(street: Catalogue) -> None:
    both = Criteria(chosen=OPEN_NOW.chosen, open_at=at("2026-11-28T10:00").open_at)
    selection = query.select(street, both, MONDAY)
    assert keys(street, selection) == ["saturday", "always"]


@pytest.mark.parametrize("text", ["2026-03-29T02:30", "2026-10-25T02:30"])
def test_moment_in_the_night_when_the_clocks_change_can_be_asked_for(
    text: str, street: Catalogue
) -> None:
    assert keys(street, query.select(street, at(text))) == ["always"]


def test_both_hours_of_the_autumn_night_are_told_apart(make_catalogue: Make) -> None:
    rows = [{"id": "a", "kind": "gallery", "opening_hours": "Sa 22:00-02:15"}]
    catalogue = make_catalogue(workshops=rows)
    first = dt.datetime(2026, 10, 25, 0, 10, tzinfo=dt.UTC)
    shown = [
        query.select(catalogue, OPEN_NOW, first + dt.timedelta(minutes=later)).n_shown
        for later in (0, 10, 60, 0)
    ]
    assert shown[0] == shown[3] == 1
    assert shown[1] == 0


def test_clock_without_a_time_zone_is_refused(street: Catalogue) -> None:
    with pytest.raises(ValueError, match="must have a time zone"):
        query.select(street, EVERYTHING, MONDAY.replace(tzinfo=None))


def test_open_is_offered_only_where_hours_could_say_so(
    street: Catalogue, make_catalogue: Make
) -> None:
    assert query.options(street)["open"] == ("now",)
    for row in ({}, {"opening_hours": "24/7", "visit": "no"}):
        alone = make_catalogue(workshops=[{"id": "a", "kind": "gallery", **row}])
        assert query.options(alone)["open"] == ()
        assert query.select(alone, EVERYTHING, MONDAY).counts["open"] == {}


@given(minutes=st.integers(0, 60 * 24 * 8), quarter=st.sampled_from(["", "centro", "marina"]))
@settings(max_examples=60, deadline=None)
def test_every_place_is_open_closed_or_counted_as_unknown(
    minutes: int, quarter: str, street: Catalogue
) -> None:
    when = MONDAY + dt.timedelta(minutes=minutes)
    chosen = {"quarter": (quarter,)} if quarter else {}
    around = query.select(street, Criteria(chosen=chosen)).mask
    states = query.open_now(street, when)
    now = query.select(street, Criteria(chosen={**chosen, "open": ("now",)}), when)
    assert list(now.mask) == list(around & (states == OpeningState.OPEN))
    hold = [
        entry.place is not None and query.walk_in(entry.place) for entry in query.entries(street)
    ]
    assert now.n_hours_unknown == sum(around & (states == OpeningState.UNKNOWN) & hold)
