from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue, Phase
from tests.large_town import DATA, large_town, shipped_town

Make = Callable[..., Catalogue]
Row = dict[str, str]
Sums = dict[str, tuple[Fraction, int, int]]
"""By nature: euro, lines with an amount, and lines without."""

NATURES = ["allocated", "estimated", "spent", "fit_out", "private"]


def line(amount: str, nature: str = "allocated", counted: str = "yes", **more: str) -> Row:
    told = {"project_id": "a", "programme_id": "pnrr", "amount_eur": amount}
    return {**told, "nature": nature, "counted": counted, **more}


@pytest.fixture
def totals(make_catalogue: Make) -> Callable[..., query.Totals]:
    def add_up(*lines: Row) -> query.Totals:
        catalogue = make_catalogue(
            workshops=[{"id": "rossi", "kind": "gallery", "lat": "44.08", "lon": "10.09"}],
            projects=[{"id": "a", "place_id": "rossi"}, {"id": "b"}],
            programmes=[{"id": "pnrr", "level": "eu"}, {"id": "bando", "level": "region"}],
            funding=lines,
        )
        return query.totals_of(catalogue, catalogue.projects)

    return add_up


Add = Callable[..., query.Totals]


def test_natures_are_never_added_to_each_other(totals: Add) -> None:
    total = totals(*(line("5", nature) for nature in reversed(NATURES)), line("0.10", "spent"))
    assert {nature: each.amount_eur for nature, each in total.by_nature.items()} == {
        **dict.fromkeys(NATURES, Decimal(5)),
        "spent": Decimal("5.10"),
    }
    assert list(total.by_nature) == NATURES


def test_figure_that_does_not_count_is_listed_and_its_project_named(totals: Add) -> None:
    total = totals(line("100"), line("80", counted="no"), line("", counted="no", project_id="b"))
    assert total.by_nature["allocated"].amount_eur == Decimal(100)
    assert [each.amount_eur for each in total.uncounted] == [Decimal(80), None]
    assert total.contradicted == ("a", "b")


def test_sum_of_unknown_amounts_alone_is_not_known(totals: Add) -> None:
    total = totals(line("", "private"), line("", "private"), line("0", "spent"))
    assert not total.by_nature["private"].known
    assert total.by_nature["private"].n_unknown == 2
    assert total.by_nature["spent"].known
    assert total.n_known == 1


def test_nature_without_a_counted_line_has_no_sum(totals: Add) -> None:
    total = totals(line("7", counted="no"))
    assert total.by_nature == {}
    assert (total.by_programme, total.by_level, total.by_year) == ({}, {}, {})


def test_money_is_told_by_programme_level_and_year(totals: Add) -> None:
    total = totals(
        line("1", as_of="2024-05"),
        line("2", programme_id="bando", as_of="2023"),
        line("4", "spent", programme_id="bando", project_id="b"),
    )
    assert list(total.by_programme) == ["pnrr", "bando"]
    assert list(total.by_level) == ["eu", "region"]
    assert list(total.by_year) == [2023, 2024, None]
    assert total.by_programme["bando"]["allocated"].amount_eur == Decimal(2)
    assert total.by_level["region"]["spent"].amount_eur == Decimal(4)
    assert total.by_year[None]["spent"].amount_eur == Decimal(4)


def test_project_given_twice_counts_once(town: Catalogue) -> None:
    twice = query.totals_of(town, [*town.projects, *town.projects])
    assert twice == query.totals_of(town, town.projects)
    assert (twice.n_projects, twice.n_places, twice.n_unlocated) == (5, 3, 2)


def test_no_project_has_no_totals(town: Catalogue) -> None:
    total = query.totals_of(town, [])
    assert (total.n_projects, total.n_places, total.n_unlocated, total.n_known) == (0, 0, 0, 0)
    assert total.by_nature == {}


def test_projects_are_parted_by_phase_in_order_unknown_last(town: Catalogue) -> None:
    found = query.phases_of(town, [*town.projects, *town.projects])
    assert list(found) == [*(phase.value for phase in Phase), query.UNKNOWN]
    assert {phase: [each.id for each in group] for phase, group in found.items() if group} == {
        "planning": ["sala"],
        "works": ["selciato"],
        "completed": ["luci"],
        query.UNKNOWN: ["bagni", "rete"],
    }


# ------------------------------------------- reckoned again from the files


def rows(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def added(lines: Iterable[Row]) -> Sums:
    sums: Sums = {}
    for each in lines:
        euro, known, unknown = sums.get(each["nature"], (Fraction(0), 0, 0))
        amount = each["amount_eur"]
        if amount:
            sums[each["nature"]] = (euro + Fraction(Decimal(amount)), known + 1, unknown)
        else:
            sums[each["nature"]] = (euro, known, unknown + 1)
    return sums


def told(sums: Mapping[str, query.Sum]) -> Sums:
    return {
        nature: (Fraction(each.amount_eur), len(each.lines), each.n_unknown)
        for nature, each in sums.items()
    }


def by(lines: Iterable[Row], key: Callable[[Row], str]) -> dict[str, Sums]:
    groups: dict[str, list[Row]] = {}
    for each in lines:
        groups.setdefault(key(each), []).append(each)
    return {name: added(group) for name, group in groups.items()}


def located_ids() -> set[str]:
    spaces = json.loads((DATA / "public_spaces.geojson").read_text("utf-8"))["features"]
    found = {each["properties"]["id"] for each in spaces if each["geometry"]}
    for name in ("workshops", "attractions"):
        found |= {row["id"] for row in rows(name) if row["lat"] and row["lon"]}
    return found


def test_every_total_of_the_shipped_files_is_right_to_the_cent() -> None:
    shipped = shipped_town()
    projects, funding, located = rows("projects"), rows("funding"), located_ids()
    level = {row["id"]: row["level"] for row in rows("programmes")}
    dice = random.Random(11)  # noqa: S311 -- selections, no secrets
    for size in [len(projects), *(dice.randint(0, len(projects)) for _ in range(200))]:
        chosen = dice.sample(projects, size)
        ids = [row["id"] for row in chosen]
        lines = [row for row in funding if row["project_id"] in ids]
        counted = [row for row in lines if row["counted"] == "yes"]
        asked = [shipped.project(each) for each in ids]
        total = query.totals_of(shipped, [each for each in asked if each is not None])
        assert total.n_projects == size
        assert total.n_places == len({row["place_id"] for row in chosen} - {""})
        assert total.n_unlocated == sum(row["place_id"] not in located for row in chosen)
        assert told(total.by_nature) == added(counted)
        for found, expected in (
            (total.by_programme, by(counted, lambda row: row["programme_id"])),
            (total.by_level, by(counted, lambda row: level[row["programme_id"]])),
            (total.by_year, by(counted, lambda row: row["as_of"][:4])),
        ):
            assert {str(key or ""): told(sums) for key, sums in found.items()} == expected
        assert total.n_known == len({row["project_id"] for row in counted if row["amount_eur"]})
        uncounted = [row["project_id"] for row in lines if row["counted"] == "no"]
        assert set(total.contradicted) == set(uncounted)
        assert sorted(each.project_id for each in total.uncounted) == sorted(uncounted)
        parted = query.phases_of(shipped, [each for each in asked if each is not None])
        assert {phase: [each.id for each in group] for phase, group in parted.items() if group} == {
            phase: [row["id"] for row in chosen if (row["phase"] or "unknown") == phase]
            for phase in {row["phase"] or "unknown" for row in chosen}
        }


def test_every_way_to_part_the_money_adds_up_to_the_same() -> None:
    town = large_town(places=1_000, projects=10_000, lines=25_000)
    total = query.totals_of(town, town.projects)
    assert (total.n_projects, len(total.uncounted) > 0) == (10_000, True)
    for parts in (total.by_programme, total.by_level, total.by_year):
        for nature, whole in total.by_nature.items():
            sums = [each[nature] for each in parts.values() if nature in each]
            assert sum(each.amount_eur for each in sums) == whole.amount_eur
            assert sum(each.n_unknown for each in sums) == whole.n_unknown
            assert sum(len(each.lines) for each in sums) == len(whole.lines)


AMOUNTS = st.none() | st.decimals(0, 10**12, places=2)


@given(
    lines=st.lists(
        st.tuples(
            AMOUNTS,
            st.sampled_from(NATURES),
            st.booleans(),
            st.sampled_from(["pnrr", "bando"]),
            st.sampled_from(["a", "b"]),
        ),
        max_size=8,
    ),
    asked=st.sets(st.sampled_from(["a", "b"])),
)
@settings(max_examples=40, deadline=None)
def test_totals_equal_a_recount_by_hand(
    lines: list[tuple[Decimal | None, str, bool, str, str]],
    asked: set[str],
    make_catalogue: Make,
) -> None:
    funding = [
        line(
            "" if amount is None else f"{amount:.2f}",
            nature,
            "yes" if counted else "no",
            programme_id=programme,
            project_id=project,
        )
        for amount, nature, counted, programme, project in lines
    ]
    catalogue = make_catalogue(
        projects=[{"id": "a"}, {"id": "b"}],
        programmes=[{"id": "pnrr", "level": "eu"}, {"id": "bando", "level": "eu"}],
        funding=funding,
    )
    total = query.totals_of(catalogue, [each for each in catalogue.projects if each.id in asked])
    mine = [row for row in funding if row["project_id"] in asked]
    counted = [row for row in mine if row["counted"] == "yes"]
    assert told(total.by_nature) == added(counted)
    assert {key: told(sums) for key, sums in total.by_programme.items()} == by(
        counted, lambda row: row["programme_id"]
    )
    assert {key: told(sums) for key, sums in total.by_level.items()} == (
        {"eu": added(counted)} if counted else {}
    )
    assert len(total.uncounted) == len(mine) - len(counted)
