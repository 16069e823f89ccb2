"""What was known on a day, from milestones, figures and rows that carry a date."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import (
    TABLES,
    Catalogue,
    Milestone,
    PartialDate,
    Phase,
    Project,
    records,
    to_frame,
)
from regen_map.query import Past, days_of_change, known_on
from regen_map.query.projects import milestones_of
from tests.large_town import large_town, shipped_town

Make = Callable[..., Catalogue]
Row = Mapping[str, str]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def step(date: str, phase: str = "", project: str = "verdi") -> Row:
    return {"project_id": project, "date": date, "phase": phase, "text_it": "Passo", "text_en": "S"}


def line(amount: str, as_of: str, project: str = "verdi") -> Row:
    told = {"project_id": project, "programme_id": "pnrr", "nature": "allocated"}
    return {**told, "counted": "yes", "amount_eur": amount, "as_of": as_of}


@pytest.fixture
def known(make_catalogue: Make) -> Callable[..., Past]:
    """Tell what was known on a day of one project."""

    def tell(
        text: str, *, steps: Sequence[Row] = (), lines: Sequence[Row] = (), **row: str
    ) -> Past:
        catalogue = make_catalogue(
            programmes=[{"id": "pnrr", "level": "eu"}],
            projects=[{"id": "verdi", **row}],
            milestones=steps,
            funding=lines,
        )
        return known_on(catalogue, day(text))

    return tell


def only(past: Past) -> Project:
    (project,) = past.catalogue.projects
    return project


# ---------------------------------------------------------------- which projects


@pytest.mark.parametrize(
    "told",
    [
        {"steps": [step("2024-05-02")]},
        {"lines": [line("10", "2024-05-02")]},
        {"start": "2024-05-02"},
        {"end": "2024-05-02"},
        {"as_of": "2024-05-02"},
    ],
    ids=str,
)
def test_project_is_known_from_the_first_day_that_anything_of_it_is(
    told: dict[str, str], known: Callable[..., Past]
) -> None:
    assert known("2024-05-01", **told).catalogue.projects == ()
    assert [each.id for each in known("2024-05-02", **told).catalogue.projects] == ["verdi"]


def test_date_of_a_promise_does_not_tell_when_a_project_became_known(
    known: Callable[..., Past],
) -> None:
    past = known("2030-01-01", declared_end="2024", first_declared_end="2024")
    assert (past.catalogue.projects, past.n_undated) == ((), 1)


def test_date_that_stops_at_the_month_leaves_open_whether_it_was_known(
    known: Callable[..., Past],
) -> None:
    steps = [step("2024-05")]
    counts = {
        text: known(text, steps=steps).n_unsure
        for text in ("2024-04-30", "2024-05-01", "2024-05-30", "2024-05-31")
    }
    assert list(counts.values()) == [0, 1, 1, 0]
    sure = known("2024-05-10", steps=[*steps, step("2024-05-09")])
    assert (len(sure.catalogue.projects), sure.n_unsure) == (1, 0)


def test_what_nobody_dated_is_left_out_and_counted(known: Callable[..., Past]) -> None:
    past = known("2026-01-01", lines=[line("10", ""), line("20", "2024")])
    assert past.n_undated_lines == 1
    money = query.money_of(past.catalogue, "verdi")
    assert [str(each.amount_eur) for each in money.lines] == ["20"]


# ---------------------------------------------------------------- the row


def test_row_checked_by_then_holds_as_it_is(known: Callable[..., Past]) -> None:
    row = {
        "phase": "works",
        "stalled": "yes",
        "declared_end": "2027",
        "start": "2026-03",
        "as_of": "2024-05",
    }
    project = only(known("2024-06-01", steps=[step("2020", "planning")], **row))
    assert (project.phase, project.stalled) == ("works", True)
    assert (project.start, project.declared_end, project.as_of) == ("2026-03", "2027", "2024-05")


def test_phase_of_a_row_checked_later_is_that_of_the_last_step_with_one(
    known: Callable[..., Past],
) -> None:
    steps = [
        step("2019-01", "works"),
        step("2018", "planning"),
        step("2021-02"),
        step("2023-05", "completed"),
    ]
    row = {"phase": "completed", "stalled": "no", "as_of": "2024"}
    phases = {
        text: only(known(text, steps=steps, **row)).phase
        for text in ("2018-12-31", "2019-06-01", "2022-01-01", "2023-06-01")
    }
    assert list(phases.values()) == ["planning", "works", "works", "completed"]


def test_phase_is_not_known_before_any_step_tells_it(known: Callable[..., Past]) -> None:
    row = {"phase": "works", "stalled": "yes", "as_of": "2026"}
    project = only(known("2024-01-01", steps=[step("2020")], **row))
    assert (project.phase, project.stalled) == (None, None)


def test_start_and_end_are_told_once_they_have_come(known: Callable[..., Past]) -> None:
    row = {"start": "2020-03", "end": "2022-06-30", "phase": "completed", "as_of": "2025"}
    begun = only(known("2021-01-01", **row))
    assert (begun.start, begun.end, begun.as_of) == ("2020-03", None, "2020-03")
    ended = only(known("2022-06-30", **row))
    assert (ended.start, ended.end, ended.as_of) == ("2020-03", "2022-06-30", "2022-06-30")


def test_promise_is_told_once_its_day_has_passed(known: Callable[..., Past]) -> None:
    row = {"first_declared_end": "2022", "declared_end": "2024-06", "as_of": "2025"}
    before, between, after = (
        only(known(text, steps=[step("2020")], **row))
        for text in ("2022-12-30", "2022-12-31", "2024-06-30")
    )
    assert (before.first_declared_end, before.declared_end) == (None, None)
    assert (between.first_declared_end, between.declared_end) == ("2022", None)
    assert (after.first_declared_end, after.declared_end) == ("2022", "2024-06")


def test_row_is_as_old_as_the_last_fact_that_tells_how_it_stood(
    known: Callable[..., Past],
) -> None:
    steps = [step("2020-01", "works"), step("2023-01")]
    lines = [line("10", "2024-01")]
    row = {"phase": "completed", "as_of": "2026"}
    assert only(known("2025-01-01", steps=steps, lines=lines, **row)).as_of == "2020-01"
    assert only(known("2025-01-01", lines=lines, **row)).as_of == "2024-01"


def test_names_texts_and_places_stay_as_they_are_now(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        workshops=[{"id": "bottega", "kind": "gallery", "as_of": "2025"}],
        projects=[{"id": "verdi", "place_id": "bottega", "owner": "Comune", "summary_it": "Testo"}],
        milestones=[step("2020")],
    )
    past = known_on(catalogue, day("2020-01-01")).catalogue
    (project,) = past.projects
    assert (project.place_id, project.owner, project.summary_it) == (
        "bottega",
        ("Comune",),
        "Testo",
    )
    for name in catalogue.frames:
        if name not in ("projects", "funding", "milestones"):
            assert past.frames[name] is catalogue.frames[name]


def test_totals_of_a_day_hold_the_figures_known_by_then(known: Callable[..., Past]) -> None:
    lines = [line("10", "2020"), line("5", "2021-06-15")]
    sums = [
        known(text, lines=lines).catalogue for text in ("2019-12-31", "2021-06-14", "2021-06-15")
    ]
    totals = [query.totals_of(each, each.projects).by_nature for each in sums]
    amounts = [{name: str(each.amount_eur) for name, each in total.items()} for total in totals]
    assert amounts == [{}, {"allocated": "10"}, {"allocated": "15"}]


# ---------------------------------------------------------------- the catalogue


def test_town_of_a_day_by_which_all_is_known_is_the_town(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        programmes=[{"id": "pnrr", "level": "eu"}],
        projects=[{"id": "verdi", "phase": "works", "as_of": "2024"}],
        milestones=[step("2020", "planning")],
        funding=[line("10", "2023-05")],
    )
    assert known_on(catalogue, day("2024-01-01")).catalogue is catalogue


def test_version_is_that_of_the_content(make_catalogue: Make) -> None:
    def made() -> Catalogue:
        return make_catalogue(projects=[{"id": "verdi"}], milestones=[step("2020"), step("2022")])

    one, other = made(), made()
    assert one is not other
    versions = [known_on(each, day("2021-05-01")).catalogue.version for each in (one, other)]
    assert versions[0] == versions[1] != one.version
    later = known_on(one, day("2022-05-01")).catalogue.version
    assert later not in (versions[0], one.version)


def test_days_between_two_dates_share_one_catalogue() -> None:
    catalogue = shipped_town()
    days = [each for each in days_of_change(catalogue) if each.year >= 2020]
    first, second = next((a, b) for a, b in pairwise(days) if (b - a).days > 1)
    one = known_on(catalogue, first).catalogue
    assert known_on(catalogue, second - dt.timedelta(days=1)).catalogue is one


def test_days_of_change_are_distinct_and_sorted(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        programmes=[{"id": "pnrr", "level": "eu"}],
        projects=[
            {"id": "verdi", "start": "2021", "as_of": "2025-05", "declared_end": "2030"},
            {"id": "rete", "end": "2022-02-02"},
        ],
        milestones=[step("2021-01-01"), step("2019-03")],
        funding=[line("1", "2023"), line("2", "")],
    )
    assert [each.isoformat() for each in days_of_change(catalogue)] == [
        "2019-03-01",
        "2021-01-01",
        "2022-02-02",
        "2023-01-01",
        "2025-05-01",
    ]


def test_nothing_is_known_before_the_first_day(make_catalogue: Make) -> None:
    empty = make_catalogue()
    assert days_of_change(empty) == ()
    assert known_on(empty, day("2024-01-01")).catalogue is empty
    town = shipped_town()
    past = known_on(town, days_of_change(town)[0] - dt.timedelta(days=1)).catalogue
    assert (past.projects, len(past.table("funding")), len(past.table("milestones"))) == ((), 0, 0)
    chosen = query.select_projects(past, query.ProjectCriteria(), day("1800-01-01"))
    assert (chosen.projects, chosen.n_total) == ((), 0)
    assert past.place_ids == town.place_ids


DAYS = st.dates(dt.date(1995, 1, 1), dt.date(2032, 12, 31))


@settings(max_examples=30, deadline=None)
@given(day=DAYS)
def test_nothing_that_is_told_of_a_day_is_later_than_it(day: dt.date) -> None:
    town = large_town(places=20, projects=60, lines=80)
    past = known_on(town, day).catalogue
    ids = {each.id for each in past.projects}
    for project in past.projects:
        now = town.project(project.id)
        assert now is not None
        if project != now:
            dates = (project.start, project.end, project.declared_end, project.as_of)
            assert all(each is None or each.first_day <= day for each in dates)
    lines = past.table("funding")
    assert all(each.first_day <= day for each in lines["as_of"])
    assert set(lines["project_id"]) <= ids


@settings(max_examples=30, deadline=None)
@given(first=DAYS, second=DAYS)
def test_what_was_known_stays_known(first: dt.date, second: dt.date) -> None:
    town = shipped_town()
    first, second = sorted((first, second))
    earlier, later = known_on(town, first), known_on(town, second)
    assert {each.id for each in earlier.catalogue.projects} <= {
        each.id for each in later.catalogue.projects
    }
    for project in earlier.catalogue.projects:
        steps = milestones_of(later.catalogue, project.id)
        assert set(milestones_of(earlier.catalogue, project.id)) <= set(steps)
    assert earlier.n_undated == later.n_undated
    assert earlier.n_unsure <= len(earlier.catalogue.projects)


def test_every_project_is_told_or_counted_in_the_end() -> None:
    town = shipped_town()
    past = known_on(town, dt.date(2100, 1, 1))
    assert len(past.catalogue.projects) + past.n_undated == len(town.projects)
    assert len(past.catalogue.table("funding")) + past.n_undated_lines == len(town.table("funding"))
    checked = [each for each in town.projects if each.as_of is not None]
    assert all(past.catalogue.project(each.id) == each for each in checked)


def test_other_tables_make_another_catalogue_and_the_same_make_none() -> None:
    town = shipped_town()
    assert town.with_tables({"events": town.frames["events"]}) is town
    fewer = town.with_tables({"events": town.table("events").iloc[:1]})
    assert len(fewer.table("events")) == 1
    assert fewer.frames["projects"] is town.frames["projects"]
    assert fewer.version != town.version
    assert fewer.version == town.with_tables({"events": town.table("events").iloc[:1]}).version
    with pytest.raises(KeyError, match="none"):
        town.with_tables({"none": town.table("events")})


# ---------------------------------------------------------------- the same, reckoned plainly


def by_then(asked: dt.date, date: PartialDate | None) -> bool:
    return date is not None and date.first_day <= asked


def dates_of(town: Catalogue, project: Project) -> Iterator[PartialDate]:
    """Give the dates that tell when a project was known."""
    yield from (each.date for each in milestones_of(town, project.id))
    lines = query.money_of(town, project.id).lines
    row = (project.start, project.end, project.as_of)
    yield from (each for each in (*(line.as_of for line in lines), *row) if each is not None)


def plainly_told(town: Catalogue, project: Project, asked: dt.date) -> Project:
    """Tell a row that was checked later, one date after the other."""
    steps = [each for each in milestones_of(town, project.id) if each.phase is not None]
    reached = [each for each in steps if by_then(asked, each.date)]
    ends: dict[str, Any] = {}
    for name in ("start", "end"):
        date = getattr(project, name)
        ends[name] = date if by_then(asked, date) else None
    for name in ("first_declared_end", "declared_end"):
        date = getattr(project, name)
        ends[name] = date if date is not None and date.last_day <= asked else None
    facts = [each.date for each in reached[-1:]]
    facts += [each for each in (ends["start"], ends["end"]) if each]
    dates = [each for each in dates_of(town, project) if by_then(asked, each)]
    phase = reached[-1].phase if reached else None
    if project.as_of is None and len(reached) == len(steps) and phase != project.phase:
        phase = None
    return replace(
        project,
        phase=phase,
        stalled=None,
        as_of=max(facts or dates, key=lambda date: date.first_day),
        **ends,
    )


def plainly(town: Catalogue, asked: dt.date) -> Iterator[Project]:
    for project in town.projects:
        if by_then(asked, project.as_of):
            yield project
        elif any(by_then(asked, each) for each in dates_of(town, project)):
            yield plainly_told(town, project, asked)


def counted_plainly(town: Catalogue, asked: dt.date) -> tuple[int, int, int]:
    dates = [list(dates_of(town, each)) for each in town.projects]
    maybe = (
        any(by_then(asked, each) for each in known) and all(each.last_day > asked for each in known)
        for known in dates
    )
    undated_lines = town.table("funding")["as_of"].isna().sum()
    return sum(not each for each in dates), int(undated_lines), sum(maybe)


def random_town(seed: int) -> Catalogue:
    """Make a small town whose steps fall on few days, some of them together."""
    town = large_town(places=20, projects=40, lines=60, seed=seed)
    dice = random.Random(seed)  # noqa: S311 -- rows, no secrets
    steps = [
        Milestone(
            project_id=f"p{dice.randrange(40)}",
            date=PartialDate(
                f"20{dice.randint(18, 25)}-0{dice.randint(1, 2)}"[: dice.choice([4, 7])]
            ),
            phase=dice.choice([None, *(phase.value for phase in Phase)]),
            text_it=f"Passo {number}",
            text_en=f"Step {number}",
            source="https://source.example/steps",
        )
        for number in range(dice.choice([0, 10, 80]))
    ]
    return town.with_tables({"milestones": to_frame(steps, TABLES["milestones"])})


def rows(town: Catalogue, table: str) -> Sequence[object]:
    return list(records(town.table(table), TABLES[table]))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 20), asked=DAYS)
def test_town_of_a_day_is_what_one_date_after_the_other_tells(seed: int, asked: dt.date) -> None:
    town = random_town(seed)
    past = known_on(town, asked)
    then = past.catalogue
    assert list(then.projects) == list(plainly(town, asked))
    assert (past.n_undated, past.n_undated_lines, past.n_unsure) == counted_plainly(town, asked)
    for name, column in (("funding", "as_of"), ("milestones", "date")):
        kept = [each for each in rows(town, name) if by_then(asked, getattr(each, column))]
        assert rows(then, name) == kept


@pytest.mark.parametrize("asked", ["1990-01-01", "2005-07-07", "2024-02-29", "2040-01-01"])
def test_tables_of_a_day_hold_what_its_records_tell(asked: str) -> None:
    town = random_town(3)
    then = known_on(town, day(asked)).catalogue
    assert rows(then, "projects") == list(then.projects)
    assert list(then.table("projects").index) == [each.id for each in then.projects]
    assert [then.project(each.id) for each in then.projects] == list(then.projects)
    assert then.project("nobody") is None
    lines = [line for each in then.projects for line in query.money_of(then, each.id).lines]
    assert sorted(map(repr, lines)) == sorted(map(repr, rows(then, "funding")))
    steps = [step for each in then.projects for step in milestones_of(then, each.id)]
    assert sorted(map(repr, steps)) == sorted(map(repr, rows(then, "milestones")))
    assert then.place_ids == town.place_ids
    assert then.place("w0") is town.place("w0")
    assert list(then.places.index) == list(town.places.index)


def plain_counts(town: Catalogue, facet: str, terms: Callable[[Project], Iterable[str]]) -> None:
    told = [set(terms(each)) or {query.UNKNOWN} for each in town.projects]
    found = query.select_projects(town, query.ProjectCriteria(), day("2025-01-01")).counts[facet]
    assert dict(found) == {term: sum(term in each for each in told) for term in set().union(*told)}


@pytest.mark.parametrize("asked", ["2005-07-07", "2024-02-29"])
def test_facets_of_a_day_count_what_was_known_by_then(asked: str) -> None:
    town = known_on(random_town(5), day(asked)).catalogue
    plain_counts(town, "phase", lambda each: [each.phase] if each.phase else [])
    plain_counts(town, "owner", lambda each: each.owner)
    plain_counts(town, "programme", lambda each: [p.id for p in query.programmes_of(town, each.id)])
    plain_counts(town, "amount", lambda each: ["known"] * query.money_of(town, each.id).known)
