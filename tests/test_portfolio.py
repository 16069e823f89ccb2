from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.query import (
    Around,
    Polygon,
    ProjectCriteria,
    ProjectSelection,
    project_criteria_from_params,
    project_criteria_to_params,
    project_options,
    select_projects,
)
from tests.large_town import DATA, large_town, shipped_town

Make = Callable[..., Catalogue]
Row = dict[str, str]

DAY = dt.date(2026, 11, 22)
NOTHING = dict.fromkeys(query.PROJECT_FILTERS, 0)
CENTRE = Polygon(((10.09, 44.07), (10.11, 44.07), (10.11, 44.09), (10.09, 44.09)))

PROJECTS: list[Row] = [
    {
        "id": "rosso",
        "name_it": "Palazzo Rosso",
        "name_en": "Red palace",
        "place_id": "palazzo",
        "quarter": "centro",
        "kind": "reuse",
        "former_use_it": "Caserma dei pompieri",
        "new_use_it": "Biblioteca civica",
        "new_use_en": "Public library",
        "phase": "works",
        "stalled": "yes",
        "start": "2023-05",
        "first_declared_end": "2025-11-22",
        "declared_end": "2027-05-22",
        "owner": "Comune di Prova | Ente Marmo, srl",
        "promoter": "Comune di Prova",
        "designer": "Studio Bianchi",
        "cup": "B65I18000100001",
        "as_of": "2026-03",
    },
    {
        "id": "bagni",
        "place_id": "lido",
        "new_use_it": "Scuola di musica",
        "phase": "completed",
        "stalled": "no",
        "start": "2015",
        "first_declared_end": "2018-06-30",
        "end": "2018-06-30",
        "owner": "Comune di Prova",
        "as_of": "2025-01",
    },
    {"id": "vago", "place_id": "bottega", "phase": "works", "first_declared_end": "2025"},
    {"id": "nascosto", "place_id": "ignoto", "kind": "reuse", "as_of": "2019"},
    {"id": "rete", "name_it": "Rete", "name_en": "Network", "quarter": "marina"},
]
PLACES: list[Row] = [
    {"id": "palazzo", "lat": "44.08", "lon": "10.1", "position_accuracy_m": "5"},
    {"id": "lido", "quarter": "marina", "lat": "44.03", "lon": "10.04"},
    {"id": "bottega", "lat": "44.08", "lon": "10.0901", "position_accuracy_m": "100"},
    {"id": "ignoto", "quarter": "centro"},
]


def line(project: str, amount: str, nature: str = "allocated", **more: str) -> Row:
    told = {"project_id": project, "programme_id": "pnrr", "amount_eur": amount, "nature": nature}
    return {**told, "counted": "yes", **more}


FUNDING: list[Row] = [
    line("rosso", "600000.10"),
    line("rosso", "400000", programme_id="bando"),
    line("rosso", "300000", "spent"),
    line("rosso", "9000000", counted="no"),
    line("bagni", "50000", "spent"),
    line("bagni", "", "private"),
    line("vago", "", programme_id="bando"),
    line("nascosto", "2000000", counted="no"),
]


@pytest.fixture(scope="module")
def portfolio(make_catalogue: Make) -> Catalogue:
    """Five projects, each with something that nobody knows."""
    terms = ["quarter,centro,", "quarter,marina,", "project_kind,reuse,", "kind,gallery,workshop"]
    columns = ("vocabulary", "term", "parent", "label_it", "label_en")
    return make_catalogue(
        vocabularies=[
            dict(zip(columns, [*each.split(","), "Parola", "Word"], strict=True)) for each in terms
        ],
        workshops=[{"kind": "gallery", **row} for row in PLACES],
        programmes=[
            {"id": "pnrr", "name_it": "Piano di ripresa", "level": "eu"},
            {"id": "bando", "name_en": "Suburbs call", "level": "state"},
        ],
        projects=[dict(row) for row in PROJECTS],
        funding=FUNDING,
    )


Select = Callable[..., ProjectSelection]


@pytest.fixture
def select(portfolio: Catalogue) -> Select:
    def ask(**criteria: Any) -> ProjectSelection:
        return select_projects(portfolio, ProjectCriteria(**criteria), DAY)

    return ask


def ids(selection: ProjectSelection) -> list[str]:
    return [project.id for project in selection.projects]


EVERY = [row["id"] for row in PROJECTS]


def test_nothing_asked_selects_every_project_in_file_order(select: Select) -> None:
    everything = select()
    assert ids(everything) == EVERY
    assert (everything.n_total, everything.n_unlocated, everything.n_unsure) == (5, 2, 0)
    assert everything.n_by_unknown == NOTHING


@pytest.mark.parametrize(
    ("facet", "option", "expected"),
    [
        ("phase", "works", ["rosso", "vago"]),
        ("phase", "unknown", ["nascosto", "rete"]),
        ("stalled", "yes", ["rosso"]),
        ("stalled", "no", ["bagni"]),
        ("stalled", "unknown", ["vago", "nascosto", "rete"]),
        ("programme", "bando", ["rosso", "vago"]),
        ("programme", "unknown", ["rete"]),
        ("level", "eu", ["rosso", "bagni", "nascosto"]),
        ("owner", "Ente Marmo, srl", ["rosso"]),
        ("owner", "unknown", ["vago", "nascosto", "rete"]),
        ("promoter", "Comune di Prova", ["rosso"]),
        ("quarter", "marina", ["bagni", "rete"]),
        ("quarter", "centro", ["rosso", "nascosto"]),
        ("quarter", "unknown", ["vago"]),
        ("kind", "reuse", ["rosso", "nascosto"]),
        ("kind", "unknown", ["bagni", "vago", "rete"]),
        ("cup", "yes", ["rosso"]),
        ("cup", "no", ["bagni", "vago", "nascosto", "rete"]),
        ("located", "yes", ["rosso", "bagni", "vago"]),
        ("located", "no", ["nascosto", "rete"]),
        ("amount", "known", ["rosso", "bagni"]),
        ("amount", "unknown", ["vago", "nascosto", "rete"]),
        ("freshness", "year", ["rosso"]),
        ("freshness", "three_years", ["bagni"]),
        ("freshness", "older", ["nascosto"]),
        ("freshness", "unknown", ["vago", "rete"]),
    ],
)
def test_one_option_selects_the_projects_that_have_it(
    facet: str, option: str, expected: list[str], select: Select
) -> None:
    selection = select(chosen={facet: (option,)})
    assert ids(selection) == expected
    assert select().counts[facet][option] == len(expected)


def test_options_are_those_that_some_project_has_in_order(portfolio: Catalogue) -> None:
    offered = project_options(portfolio, DAY)
    assert tuple(offered) == query.PROJECT_FACETS
    assert offered["phase"] == ("works", "completed", "unknown")
    assert offered["programme"] == ("pnrr", "bando", "unknown")
    assert offered["owner"] == ("Comune di Prova", "Ente Marmo, srl", "unknown")
    assert offered["freshness"] == ("year", "three_years", "older", "unknown")


@pytest.mark.parametrize(
    ("as_of", "day", "expected"),
    [
        ("2025-11-22", DAY, "year"),
        ("2025-11-21", DAY, "three_years"),
        ("2025-12", DAY, "year"),
        ("2025", DAY, "three_years"),
        ("2023-11-22", DAY, "three_years"),
        ("2023-11-21", DAY, "older"),
        ("2030", DAY, "year"),
        ("2024-02-29", dt.date(2025, 2, 28), "year"),
        ("2024-02-29", dt.date(2025, 3, 1), "three_years"),
    ],
)
def test_row_is_as_fresh_as_is_sure(
    as_of: str, day: dt.date, expected: str, make_catalogue: Make
) -> None:
    catalogue = make_catalogue(projects=[{"id": "a", "as_of": as_of}])
    assert project_options(catalogue, day)["freshness"] == (expected,)


def test_options_of_one_facet_add_up_and_facets_narrow(select: Select) -> None:
    assert ids(select(chosen={"phase": ("works", "completed")})) == ["rosso", "bagni", "vago"]
    both = select(chosen={"phase": ("works", "completed"), "amount": ("known",)})
    assert ids(both) == ["rosso", "bagni"]
    assert ids(select(chosen={"phase": ("none-such",)})) == []
    assert ids(select(chosen={"phase": (), "colour": ("red",)})) == EVERY


# ------------------------------------------------------------------ amounts


@pytest.mark.parametrize(
    ("least", "most", "expected", "n_unknown"),
    [
        ("1000000.10", None, ["rosso"], 4),
        ("1000000.11", None, [], 4),
        (None, "50000", ["bagni"], 3),
        (None, "49999.99", [], 4),
        ("300000", "300000", ["rosso"], 4),
        ("0", "1", [], 4),
        ("9000000", None, [], 4),
    ],
)
def test_amount_is_the_sum_of_what_counts_of_one_nature(
    least: str | None, most: str | None, expected: list[str], n_unknown: int, select: Select
) -> None:
    low, high = (None if each is None else Decimal(each) for each in (least, most))
    selection = select(amount_eur=(low, high))
    assert ids(selection) == expected
    assert selection.n_by_unknown == {**NOTHING, "amount": n_unknown}


def test_known_sum_that_is_too_much_already_is_not_unknown(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[{"id": "a"}],
        programmes=[{"id": "pnrr", "level": "eu"}],
        funding=[line("a", "500"), line("a", "")],
    )

    def unknown(least: str, most: str) -> int:
        asked = ProjectCriteria(amount_eur=(Decimal(least), Decimal(most)))
        return select_projects(catalogue, asked, DAY).n_by_unknown["amount"]

    assert unknown("0", "100") == 0
    assert unknown("600", "700") == 1


# -------------------------------------------------------------------- dates


def test_years_select_what_began_and_what_ended_or_is_to_end(select: Select) -> None:
    began = select(start_years=(2015, 2020))
    assert (ids(began), began.n_by_unknown["start_years"]) == (["bagni"], 3)
    ended = select(end_years=(2018, 2025))
    assert (ids(ended), ended.n_by_unknown["end_years"]) == (["bagni", "vago"], 2)
    assert ids(select(end_years=(2027, 2027))) == ["rosso"]


@pytest.mark.parametrize(
    ("months", "expected", "n_unknown"),
    [
        (1, ["rosso", "vago"], 2),
        (10, ["rosso", "vago"], 2),
        (11, ["rosso"], 3),
        (18, ["rosso"], 3),
        (22, [], 3),
        (23, [], 2),
    ],
)
def test_late_is_what_surely_is_by_so_many_months(
    months: int, expected: list[str], n_unknown: int, select: Select
) -> None:
    selection = select(late_months=months)
    assert ids(selection) == expected
    assert selection.n_by_unknown == {**NOTHING, "late": n_unknown}


def test_what_will_not_be_done_is_neither_late_nor_unknown(make_catalogue: Make) -> None:
    row = {"id": "a", "phase": "dropped", "first_declared_end": "2020"}
    asked = ProjectCriteria(late_months=1)
    selection = select_projects(make_catalogue(projects=[row]), asked, DAY)
    assert (ids(selection), selection.n_by_unknown) == ([], NOTHING)


# -------------------------------------------------------------------- areas


def test_area_selects_what_may_be_inside_and_counts_what_is_unsure(select: Select) -> None:
    selection = select(area=CENTRE)
    assert ids(selection) == ["rosso", "vago"]
    assert (selection.n_unsure, selection.n_unlocated) == (1, 0)
    assert selection.n_by_unknown == {**NOTHING, "area": 2}


def test_around_a_place_nobody_can_locate_only_its_own_projects_are_near(select: Select) -> None:
    selection = select(area=Around(place_id="ignoto", metres=300))
    assert ids(selection) == ["nascosto"]
    assert (selection.n_unsure, selection.n_unlocated) == (0, 1)
    assert selection.n_by_unknown["area"] == 4


# ------------------------------------------------------- what is not known


def test_project_that_two_filters_leave_out_unknown_is_counted_in_both(select: Select) -> None:
    selection = select(start_years=(2000, 2030), late_months=1)
    assert ids(selection) == ["rosso"]
    # Two of them know neither, one is late and began nobody knows when.
    assert selection.n_by_unknown == {**NOTHING, "start_years": 3, "late": 2}


def test_what_another_filter_leaves_out_for_sure_is_not_unknown(select: Select) -> None:
    selection = select(late_months=1, chosen={"located": ("yes",)})
    assert selection.n_by_unknown["late"] == 0
    assert select(start_years=(2000, 2001), late_months=30).n_by_unknown["late"] == 2


# ------------------------------------------------------------------- search


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("palazzo rosso", "rosso"),
        ("RED PALACE", "rosso"),
        ("bibloteca", "rosso"),
        ("pompieri", "rosso"),
        ("ente marmo", "rosso"),
        ("studio bianchi", "rosso"),
        ("B65I18000100001", "rosso"),
        ("suburbs call", "rosso"),
        ("piano di ripresa", "rosso"),
        ("music", "bagni"),
        ("lido", "bagni"),
        ("netwrok", "rete"),
    ],
)
def test_words_are_found_in_names_uses_actors_cup_and_programmes(
    text: str, best: str, select: Select
) -> None:
    assert ids(select(text=text))[0] == best


def test_words_that_nobody_has_select_nothing(select: Select) -> None:
    assert ids(select(text="xyzzy")) == []
    assert ids(select(text="\u4e2d\u6587")) == []
    assert ids(select(text="${alert(1)} <b>`")) == []
    assert ids(select(text="   ")) == EVERY


def test_uses_are_searched_by_themselves(select: Select) -> None:
    assert ids(select(uses="biblioteca")) == ["rosso"]
    assert ids(select(uses="caserma")) == ["rosso"]
    assert ids(select(uses="palazzo")) == []
    assert ids(select(uses="musica", text="bagni")) == ["bagni"]
    assert ids(select(uses="musica", text="palazzo")) == []


def test_best_match_comes_first(select: Select) -> None:
    assert ids(select(text="comune prova"))[0] == "rosso"
    assert set(ids(select(text="comune prova"))) == {"rosso", "bagni"}


def test_town_without_projects_has_none(make_catalogue: Make) -> None:
    empty = make_catalogue()
    asked = ProjectCriteria(
        text="palazzo",
        chosen={"phase": ("works",)},
        amount_eur=(Decimal(1), None),
        start_years=(2000, 2030),
        late_months=1,
        area=CENTRE,
    )
    selection = select_projects(empty, asked, DAY)
    assert (selection.projects, selection.n_total) == ((), 0)
    assert selection.n_by_unknown == NOTHING
    assert all(counts == {} for counts in selection.counts.values())


# ------------------------------------------------- reckoned again from files


def rows(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SHIPPED, LINES = rows("projects"), rows("funding")
LEVELS = {row["id"]: row["level"] for row in rows("programmes")}


def named(text: str) -> set[str]:
    return set(filter(None, (each.strip() for each in text.split("|")))) or {"unknown"}


def facts_of(row: Row) -> dict[str, set[str]]:
    lines = [each for each in LINES if each["project_id"] == row["id"]]
    known = any(each["counted"] == "yes" and each["amount_eur"] for each in lines)
    return {
        "phase": {row["phase"] or "unknown"},
        "stalled": {row["stalled"] or "unknown"},
        "programme": {each["programme_id"] for each in lines} or {"unknown"},
        "level": {LEVELS[each["programme_id"]] for each in lines} or {"unknown"},
        "owner": named(row["owner"]),
        "promoter": named(row["promoter"]),
        "kind": {row["kind"] or "unknown"},
        "cup": {"yes" if row["cup"] else "no"},
        "amount": {"known" if known else "unknown"},
    }


FACTS = {row["id"]: facts_of(row) for row in SHIPPED}
TERMS = {
    facet: sorted({term for facts in FACTS.values() for term in facts[facet]})
    for facet in FACTS[SHIPPED[0]["id"]]
}


def sums_of(project: str) -> list[Decimal]:
    sums: dict[str, Decimal] = {}
    for each in LINES:
        if each["project_id"] == project and each["counted"] == "yes" and each["amount_eur"]:
            amount = sums.get(each["nature"], Decimal(0))
            sums[each["nature"]] = amount + Decimal(each["amount_eur"])
    return list(sums.values())


def fits(row: Row, asked: ProjectCriteria, chosen: Mapping[str, Sequence[str]]) -> bool:
    low, high = asked.amount_eur
    within = [
        (low is None or each >= low) and (high is None or each <= high)
        for each in sums_of(row["id"])
    ]
    if (low is not None or high is not None) and not any(within):
        return False
    ended = row["end"] or row["declared_end"] or row["first_declared_end"]
    for years, date in ((asked.start_years, row["start"]), (asked.end_years, ended)):
        if years and not (date and years[0] <= int(date[:4]) <= years[1]):
            return False
    facts = FACTS[row["id"]]
    return all(facts[facet] & set(terms) for facet, terms in chosen.items() if terms)


YEARS = st.none() | st.tuples(st.integers(2000, 2027), st.integers(2000, 2027))
AMOUNT = st.none() | st.integers(0, 5_000_000).map(Decimal)
ASKED = st.builds(
    ProjectCriteria,
    chosen=st.fixed_dictionaries(
        {},
        optional={
            facet: st.lists(st.sampled_from(terms), max_size=3).map(tuple)
            for facet, terms in TERMS.items()
        },
    ),
    amount_eur=st.tuples(AMOUNT, AMOUNT),
    start_years=YEARS,
    end_years=YEARS,
)


@given(asked=ASKED)
@settings(max_examples=100, deadline=None)
def test_selection_and_counts_equal_a_recount_from_the_shipped_files(
    asked: ProjectCriteria,
) -> None:
    selection = select_projects(shipped_town(), asked, DAY)
    assert ids(selection) == [row["id"] for row in SHIPPED if fits(row, asked, asked.chosen)]
    for facet, terms in TERMS.items():
        others = {name: each for name, each in asked.chosen.items() if name != facet}
        left = [FACTS[row["id"]] for row in SHIPPED if fits(row, asked, others)]
        assert selection.counts[facet] == {
            term: sum(term in facts[facet] for facts in left) for term in terms
        }


def test_count_of_an_option_foretells_what_choosing_it_selects() -> None:
    town = large_town(places=1_000, projects=10_000, lines=25_000)
    asked = ProjectCriteria(chosen={"phase": ("works", "unknown")}, late_months=6)
    counts = select_projects(town, asked, DAY).counts
    for facet, option in (("owner", "Ente 7"), ("level", "region"), ("freshness", "unknown")):
        narrowed = ProjectCriteria(chosen={**asked.chosen, facet: (option,)}, late_months=6)
        assert len(select_projects(town, narrowed, DAY).projects) == counts[facet][option] > 0


# -------------------------------------------------------------------- links


def from_link(portfolio: Catalogue, **params: str) -> ProjectCriteria:
    return project_criteria_from_params(
        {f"p.{name}": text for name, text in params.items()}, portfolio
    )


def test_link_is_short_and_in_a_fixed_order() -> None:
    asked = ProjectCriteria(
        text="palazzo",
        chosen={"owner": ("Ente Marmo, srl",), "phase": ("works", "unknown")},
        amount_eur=(Decimal("100000.00"), Decimal("2500000.50")),
        start_years=(2015, 2024),
        end_years=(2018, 2027),
        late_months=6,
        uses="biblioteca",
        area=Polygon(((10.09, 44.07), (10.1, 44.07), (10.123456, -0.000001))),
    )
    assert list(project_criteria_to_params(asked).items()) == [
        ("p.q", "palazzo"),
        ("p.uses", "biblioteca"),
        ("p.phase", "works,unknown"),
        ("p.owner", "Ente Marmo%2C srl"),
        ("p.min", "100000"),
        ("p.max", "2500000.5"),
        ("p.start", "2015-2024"),
        ("p.end", "2018-2027"),
        ("p.late", "6"),
        ("p.area", "10.09,44.07;10.1,44.07;10.12346,0"),
    ]
    assert project_criteria_to_params(ProjectCriteria()) == {}


def test_signs_of_an_owner_are_not_taken_for_signs_of_the_link(make_catalogue: Make) -> None:
    names = ("Rossi, Neri e 50%2C50 srl", "Rossi", "Neri e 50,50 srl", "100 % marmo", "<b>&p.q=")
    catalogue = make_catalogue(projects=[{"id": "a", "owner": " | ".join(names)}])
    for name in names:
        params = project_criteria_to_params(ProjectCriteria(chosen={"owner": (name,)}))
        assert project_criteria_from_params(params, catalogue).chosen == {"owner": (name,)}


def test_surroundings_stand_in_a_link_by_name_and_metres(town: Catalogue) -> None:
    for area, name in (
        (Around(place_id="piazza", metres=300), "piazza"),
        (Around(street="via Carriona 1", metres=50), "via Carriona 1"),
    ):
        params = project_criteria_to_params(ProjectCriteria(area=area))
        assert params == {"p.near": name, "p.within": str(area.metres)}
        assert project_criteria_from_params(params, town).area == area


RING = st.lists(
    st.tuples(
        st.floats(-180, 180).map(lambda each: round(each, 5)),
        st.floats(-90, 90).map(lambda each: round(each, 5)),
    ),
    min_size=3,
    max_size=200,
    unique=True,
).map(lambda corners: Polygon(tuple(corners)))
ORDERED = st.tuples(st.integers(0, 9999), st.integers(0, 9999)).map(
    lambda years: (min(years), max(years))
)
EUROS = st.decimals(0, 10**15 - 1, places=2)
RANGE = st.one_of(
    st.tuples(st.none() | EUROS, st.none()),
    st.tuples(st.none(), EUROS),
    st.tuples(EUROS, EUROS).map(lambda pair: (min(pair), max(pair))),
)


@st.composite
def askable(draw: st.DrawFn, catalogue: Catalogue) -> ProjectCriteria:
    """Draw anything that can be asked of a catalogue, each list in the order it offers."""
    offered = project_options(catalogue, DAY)
    chosen = {
        facet: tuple(each for each in terms if draw(st.booleans()))
        for facet, terms in offered.items()
        if draw(st.booleans())
    }
    around = st.builds(
        Around, place_id=st.sampled_from(catalogue.place_ids), metres=st.integers(10, 5000)
    )
    words = st.text(max_size=30).map(str.strip)
    return ProjectCriteria(
        text=draw(words),
        chosen={facet: terms for facet, terms in chosen.items() if terms},
        amount_eur=draw(RANGE),
        start_years=draw(st.none() | ORDERED),
        end_years=draw(st.none() | ORDERED),
        late_months=draw(st.none() | st.integers(1, 600)),
        uses=draw(words),
        area=draw(st.none() | around | RING),
    )


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_can_be_asked_survives_the_way_through_a_link(
    data: st.DataObject, portfolio: Catalogue
) -> None:
    for catalogue in (portfolio, large_town(places=20, projects=40, lines=60)):
        asked = data.draw(askable(catalogue))
        params = project_criteria_to_params(asked)
        assert all(name.startswith("p.") and text for name, text in params.items())
        assert project_criteria_from_params(params, catalogue) == asked


@pytest.mark.parametrize(
    "params",
    [
        {"phase": "none-such", "owner": "<script>", "stalled": "YES", "freshness": "year,"[4:]},
        {"min": "-1", "max": "1e6"},
        {"min": "1.234", "max": "9" * 16},
        {"min": "5", "max": "4"},
        {"min": "NaN", "max": "Infinity"},
        {"min": "\u0661", "max": "\uff11"},
        {"start": "2020", "end": "2024-2020"},
        {"start": "20-2024", "end": "2020-2024-2025"},
        {"start": "\uff12\uff10\uff12\uff10-2024", "end": "2020-2024\n"},
        {"late": "0", "within": "300"},
        {"late": "-6"},
        {"late": "601"},
        {"late": "6.5"},
        {"area": "10.09,44.07;10.1,44.07"},
        {"area": "10.09,44.07;10.1,44.07;"},
        {"area": "10.09,44.07;10.1,44.07;10.1,91"},
        {"area": "10.09,44.07;10.1,44.07;181,44"},
        {"area": "nan,44.07;10.1,44.07;inf,44"},
        {"area": "10.09;44.07;10.1"},
        {"area": "\uff11,44.07;10.1,44.07;10.1,44.08"},
        {"area": ";".join(f"10.{each},44" for each in range(100, 301))},
        {"area": "10,44;" * 1_000_000},
        {"near": "palazzo"},
        {"near": "palazzo", "within": "9"},
        {"near": "palazzo", "within": "5001"},
        {"near": "palazzo", "within": "3 00"},
        {"near": "Via che non esiste 3", "within": "300"},
        {"near": "'; DROP TABLE", "within": "300"},
        {"colour": "red", "": "x", "p.phase": "works"},
    ],
    ids=lambda params: str(params)[:70],
)
def test_what_cannot_be_read_in_a_link_is_not_asked_for(
    params: dict[str, str], portfolio: Catalogue
) -> None:
    assert from_link(portfolio, **params) == ProjectCriteria()


def test_parameters_of_other_pages_are_left_alone(portfolio: Catalogue) -> None:
    others = {"q": "piazza", "phase": "works", "years": "2020-2021", "walk": "mine", "start": "x"}
    assert project_criteria_from_params(others, portfolio) == ProjectCriteria()
    mine = project_criteria_to_params(ProjectCriteria(text="a", late_months=1))
    assert query.criteria_from_params(mine, portfolio) == query.Criteria()


def test_long_texts_of_a_link_are_cut(portfolio: Catalogue) -> None:
    asked = from_link(portfolio, q=" a" * 5_000_000, uses="b" * 5_000_000)
    assert len(asked.text) < 200
    assert len(asked.uses) == 200


@given(params=st.dictionaries(st.sampled_from(["q", "min", "area", "near", "owner"]), st.text()))
@settings(max_examples=60, deadline=None)
def test_whatever_a_link_says_can_be_asked_for(
    params: dict[str, str], portfolio: Catalogue
) -> None:
    asked = from_link(portfolio, **params, within="100")
    assert select_projects(portfolio, asked, DAY).n_total == 5
    written = project_criteria_to_params(asked)
    assert project_criteria_from_params(written, portfolio) == asked
