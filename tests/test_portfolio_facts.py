"""What is told of a selection of projects in words: filters, totals, rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from regen_map import query
from regen_map.catalogue import Catalogue, PartialDate
from regen_map.facts import Wording
from regen_map.facts.portfolio import (
    TotalsFacts,
    applied_filters,
    delay_in_words,
    doubts_in_words,
    filters_of,
    option_name,
    rows_of,
    shown_in_words,
)
from regen_map.facts.projects import ProjectFacts
from regen_map.facts.record import ProjectRecord
from regen_map.facts.titles import LONGEST_TITLE, title_of
from regen_map.messages import LANGUAGES, translator
from regen_map.query import ProjectCriteria
from tests.conftest import TOWN
from tests.pages import HOSTILE

DAY = dt.date(2026, 11, 22)

EVERYTHING = ProjectCriteria(
    text="rete",
    chosen={"phase": ("works", "unknown"), "cup": ("yes",)},
    amount_eur=(Decimal(100000), None),
    start_years=(2018, 9999),
    end_years=(2020, 2020),
    late_months=1,
    uses="cinema",
    area=query.Around(place_id="piazza", metres=300),
)


def wording(catalogue: Catalogue, language: str = "en") -> Wording:
    return Wording(catalogue, translator(language), DAY)


@pytest.fixture(scope="module")
def funded(make_catalogue: Callable[..., Catalogue]) -> Catalogue:
    """Give two projects money that is known, unknown and contradicted."""
    line = {"project_id": "selciato", "programme_id": "pnrr", "nature": "allocated"}
    lines = [
        {**line, "amount_eur": "1000000", "counted": "yes", "as_of": "2025"},
        {**line, "amount_eur": "0.5", "counted": "yes"},
        {**line, "counted": "yes"},
        {**line, "amount_eur": "900000", "counted": "no"},
        {**line, "amount_eur": "70", "counted": "yes", "nature": "spent", "project_id": "rete"},
    ]
    tables = {name: TOWN[name] for name in ("public_spaces", "programmes", "projects")}
    return make_catalogue(**tables, funding=lines)


# ---------------------------------------------------------------- filters


def test_every_filter_is_told_with_its_value(town: Catalogue) -> None:
    assert applied_filters(wording(town), EVERYTHING) == [
        ("Search", "«rete»"),
        ("Phase", "Works under way / phase not known"),
        ("CUP code", "known"),
        ("Use", "«cinema»"),
        ("Amount", "from €100,000"),
        ("Start", "from 2018"),
        ("End", "2020"),
        ("Delay", "at least 1 month"),
        ("Area", "within 300 m of Alberica square"),
    ]


def test_no_filter_is_told_where_nothing_is_asked(town: Catalogue) -> None:
    assert applied_filters(wording(town), ProjectCriteria()) == []


def test_each_filter_alone_together_make_the_link_of_all(town: Catalogue) -> None:
    told = list(filters_of(wording(town), EVERYTHING))
    together: dict[str, list[str]] = {}
    for each in told:
        for name, value in each.params.items():
            together.setdefault(name, []).append(value)
    link = query.project_criteria_to_params(EVERYTHING)
    assert {name: ",".join(values) for name, values in together.items()} == link
    assert [each.is_option for each in told].count(True) == 3


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ((None, Decimal("10.5")), "up to €10.50"),
        ((Decimal(1), Decimal(2)), "€1 – €2"),
    ],
)
def test_range_of_amounts_says_which_end_is_open(
    amounts: tuple[Decimal | None, Decimal | None], said: str, town: Catalogue
) -> None:
    criteria = ProjectCriteria(amount_eur=amounts)
    assert applied_filters(wording(town), criteria) == [("Amount", said)]


def test_drawn_area_and_street_are_told(town: Catalogue) -> None:
    drawn = query.Polygon(((10.0, 44.0), (10.1, 44.0), (10.1, 44.1)))
    assert applied_filters(wording(town), ProjectCriteria(area=drawn)) == [
        ("Area", "area drawn on the map")
    ]
    street = query.Around(street="Via Carriona", metres=1000)
    assert applied_filters(wording(town), ProjectCriteria(area=street)) == [
        ("Area", "within 1 km of Via Carriona")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_of_every_facet_has_a_name(language: str, town: Catalogue) -> None:
    offered = query.project_options(town, DAY)
    assert set(offered) == set(query.PROJECT_FACETS)
    for facet, options in offered.items():
        names = [option_name(wording(town, language), facet, option) for option in options]
        assert all(names)
        assert len(set(names)) == len(names)


# ---------------------------------------------------------------- counts


def test_line_of_counts_says_what_is_not_on_the_map(town: Catalogue) -> None:
    found = query.select_projects(town, ProjectCriteria(), DAY)
    assert shown_in_words(wording(town), found) == (
        "Showing 5 projects of 5 · 2 without a position"
    )
    assert shown_in_words(wording(town, "it"), found) == (
        "Mostrati 5 progetti su 5 · 2 senza posizione"
    )


def test_what_is_left_out_unknowingly_is_counted(town: Catalogue) -> None:
    criteria = ProjectCriteria(start_years=(2018, 2018))
    found = query.select_projects(town, criteria, DAY)
    assert [each.id for each in found.projects] == ["luci"]
    assert doubts_in_words(wording(town), found) == [
        "3 projects are left out only because their start is not known."
    ]


# ---------------------------------------------------------------- totals


def test_totals_keep_natures_apart_and_count_what_is_unknown(funded: Catalogue) -> None:
    told = TotalsFacts(wording(funded), query.totals_of(funded, funded.projects))
    assert [(each.nature, each.amount, each.counted) for each in told.by_nature] == [
        ("Allocated", "€1,000,000.50", "2 items · 1 amount not known"),
        ("Spent", "€70", "1 item"),
    ]
    assert told.known == "2 of 5 with a known amount"
    assert told.contradicted.startswith("For 1 project the sources also give other figures")
    assert [each.amount for each in told.uncounted] == ["€900,000"]


def test_lines_of_a_sum_name_project_date_and_source_the_largest_first(funded: Catalogue) -> None:
    allocated, _ = TotalsFacts(wording(funded), query.totals_of(funded, funded.projects)).by_nature
    first, second = allocated.lines
    assert (first.project, first.amount) == ("New paving", "€1,000,000")
    assert first.about == "Recovery plan · Allocated · 2025"
    assert (first.source, first.source_name) == (
        "https://source.example/funding",
        "source.example",
    )
    assert second.amount == "€0.50"


def test_sum_that_is_cut_says_how_many_lines_are_missing(funded: Catalogue) -> None:
    totals = query.totals_of(funded, funded.projects)
    allocated, spent = TotalsFacts(wording(funded), totals, most_lines=1).by_nature
    assert ([len(allocated.lines), allocated.n_more], spent.n_more) == ([1, 1], 0)


def test_sum_of_nothing_known_is_no_zero(town: Catalogue) -> None:
    told = TotalsFacts(wording(town), query.totals_of(town, town.projects))
    (allocated,) = told.by_nature
    assert (allocated.amount, allocated.counted) == ("Amount not known", "3 amounts not known")
    assert told.known == "0 of 5 with a known amount"
    assert [name for name, *_ in told.by_programme] == ["Recovery plan", "Bando"]


def test_source_that_is_no_web_address_becomes_no_link(funded: Catalogue) -> None:
    frames = dict(funded.frames)
    frames["funding"] = frames["funding"].assign(source="javascript:alert(1)")
    bad = Catalogue(funded.city, funded.vocabularies, frames, "bad")
    told = TotalsFacts(wording(bad), query.totals_of(bad, bad.projects))
    assert {line.source for each in told.by_nature for line in each.lines} == {""}


# ---------------------------------------------------------------- rows


def test_row_tells_phase_place_money_and_delay(funded: Catalogue) -> None:
    rows = {row.project.id: row for row in rows_of(wording(funded), funded.projects)}
    paving, network = rows["selciato"], rows["rete"]
    assert (paving.name, paving.phase, paving.stalled) == ("New paving", "Works under way", True)
    assert (paving.key, paving.place, paving.quarter) == ("piazza", "piazza", "Centre")
    assert paving.money.startswith("Allocated: €1,000,000.50 · 1 amount not known")
    assert (network.key, network.place, network.quarter) == ("project:rete", "", "Seaside")
    assert network.phase == "phase not known"


def test_place_without_a_position_is_nowhere_on_the_map(town: Catalogue) -> None:
    rows = {row.project.id: row for row in rows_of(wording(town), town.projects)}
    assert (rows["sala"].key, rows["sala"].place) == ("cinema", "")


@pytest.mark.parametrize(
    ("first", "latest", "end", "said"),
    [
        ("2025-01-31", "2025-03-31", None, "21 months late (to this day"),
        ("2025-01-31", "2027-01-31", None, "24 months late (by the latest promise)"),
        ("2025-01-31", "2025-01-31", "2025-01-31", "No delay (at the end of the works)"),
        ("2025-03-31", None, "2025-01-31", "2 months early (at the end of the works)"),
        ("2025", None, "2026-03-31", "Between 3 and 14 months late (at the end of the works)"),
        ("2025", None, "2024-12-01", "Between 1 and 12 months early (at the end of the works)"),
        ("2025", None, "2025-06-30", "Between 6 months early and 5 late (at the end"),
        (None, None, None, "Delay cannot be measured: dates are missing"),
    ],
)
def test_delay_is_told_as_exactly_as_its_dates(
    first: str | None, latest: str | None, end: str | None, said: str, town: Catalogue
) -> None:
    dates = {"first_declared_end": first, "declared_end": latest, "end": end, "as_of": "2026-11"}
    known = {name: PartialDate(text) for name, text in dates.items() if text}
    plain = dict.fromkeys(dates)
    project = replace(town.projects[0], stalled=None, **plain | known)  # type: ignore[arg-type]
    told = delay_in_words(wording(town), query.delay_of(project, DAY))
    assert told.startswith(said)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_told_as_it_is(text: str, town: Catalogue) -> None:
    criteria = ProjectCriteria(text=text)
    assert applied_filters(wording(town), criteria) == [("Search", f"«{text}»")]


@pytest.mark.parametrize("name", ["parola " * 1500, "x" * 10_000, "a\nb " + "è" * 300])
def test_name_of_any_length_is_a_title_of_one_line(
    name: str, make_catalogue: Callable[..., Catalogue]
) -> None:
    named = {"name_it": name, "name_en": name}
    catalogue = make_catalogue(projects=[{"id": "verdi", **named}])
    (project,) = catalogue.projects
    (row,) = rows_of(wording(catalogue), catalogue.projects)
    titles = {row.name, ProjectRecord(ProjectFacts(wording(catalogue), project)).title}
    assert titles == {title_of(project.name_en)}
    (title,) = titles
    assert len(title) <= LONGEST_TITLE
    assert title.endswith("…")
    assert title[:-1] in " ".join(project.name_en.split())


def test_title_is_cut_between_words_and_a_short_name_is_left() -> None:
    assert title_of("Teatro degli Animosi") == "Teatro degli Animosi"
    cut = title_of("Riqualificazione " * 20).removesuffix("…")
    assert set(cut.split()) == {"Riqualificazione"}
