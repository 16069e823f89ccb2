"""What to ask next and whom, and the same as a list to fill in."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from regen_map import query
from regen_map.catalogue import Catalogue, Funding, Project
from regen_map.export.extract import Extract
from regen_map.export.to_do import COLUMNS, to_do_csv, to_do_workbook
from regen_map.messages import LANGUAGES, translator
from regen_map.query import WEIGHTS, Party, Role, Task, Why
from tests.large_town import large_town, shipped_town
from tests.pages import HOSTILE

Make = Callable[..., Catalogue]
Row = Mapping[str, str]

DAY = dt.date(2026, 11, 22)
FORMULAS = ["=1+1", "+SUM(A1)", "-2+3", "@x", "\t=1", '=HYPERLINK("https://evil.example")']


def of_project(make: Make, project: Row, **tables: Any) -> list[tuple[Why, str]]:
    catalogue = make(projects=[{"id": "a", **project}], **tables)
    return [(each.why, each.column) for each in query.to_do(catalogue, DAY) if each.id == "a"]


def of_place(make: Make, family: str, place: Row) -> list[Why]:
    catalogue = make(**{family: [{"id": "x", **place}]})
    return [each.why for each in query.to_do(catalogue, DAY)]


def extract(catalogue: Catalogue, language: str = "en") -> Extract:
    return Extract(
        catalogue=catalogue,
        projects=catalogue.projects,
        language=language,
        filters=(("Filter", "=1+1"),),
        day=DAY,
    )


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def read_sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


# ---------------------------------------------------------------- why

HOW_IT_STANDS = {
    Why.PHASE_UNKNOWN,
    Why.PHASE_BEHIND,
    Why.ENDED_IN_PROGRESS,
    Why.COMPLETED_TOO_EARLY,
    Why.COMPLETED_STALLED,
    Why.END_PASSED,
    Why.END_OVERDUE,
    Why.STALE,
    Why.UNDATED,
}


@pytest.mark.parametrize(
    ("project", "why"),
    [
        ({"as_of": "2026"}, Why.PHASE_UNKNOWN),
        ({"phase": "works", "declared_end": "2025", "as_of": "2024"}, Why.END_PASSED),
        ({"phase": "works", "first_declared_end": "2025", "as_of": "2025"}, Why.END_PASSED),
        ({"phase": "works", "declared_end": "2025"}, Why.END_PASSED),
        ({"phase": "works", "declared_end": "2025", "as_of": "2026-01"}, Why.END_OVERDUE),
        ({"phase": "works", "declared_end": "2026", "as_of": "2026-01"}, None),
        ({"phase": "works", "declared_end": "2030", "as_of": "2020"}, Why.STALE),
        ({"phase": "works", "declared_end": "2030"}, Why.UNDATED),
        ({"phase": "completed", "end": "2010", "as_of": "2010"}, None),
        ({"phase": "completed", "end": "2010"}, Why.UNDATED),
        ({"phase": "dropped", "declared_end": "2010", "as_of": "2012"}, None),
        ({"phase": "works", "end": "2020", "declared_end": "2019"}, Why.ENDED_IN_PROGRESS),
    ],
)
def test_how_a_project_stands_is_asked_once(
    project: Row, why: Why | None, make_catalogue: Make
) -> None:
    found = [why for why, _ in of_project(make_catalogue, {"sources": "", **project})]
    assert [each for each in found if each in HOW_IT_STANDS] == ([why] if why else [])


@pytest.mark.parametrize(
    ("project", "why", "column"),
    [
        ({"phase": "tender"}, Why.END_UNDECLARED, "declared_end"),
        ({"phase": "completed"}, Why.COMPLETED_UNDATED, "end"),
        ({"phase": "works"}, Why.START_UNKNOWN, "start"),
        ({"sources": ""}, Why.NO_SOURCE, "sources"),
        ({}, Why.MONEY_UNKNOWN, "amount_eur"),
        ({}, Why.NOBODY_NAMED, "promoter"),
        ({}, Why.PLACE_UNKNOWN, "place_id"),
    ],
)
def test_gap_of_a_project_is_asked(
    project: Row, why: Why, column: str, make_catalogue: Make
) -> None:
    assert (why, column) in of_project(make_catalogue, project)


@pytest.mark.parametrize(
    ("project", "why"),
    [
        ({"phase": "planning"}, Why.END_UNDECLARED),
        ({"phase": "works", "first_declared_end": "2030"}, Why.END_UNDECLARED),
        ({"phase": "design"}, Why.START_UNKNOWN),
        ({"phase": "dropped"}, Why.MONEY_UNKNOWN),
        ({"phase": "dropped"}, Why.NOBODY_NAMED),
        ({"owner": "Comune"}, Why.NOBODY_NAMED),
    ],
)
def test_what_cannot_apply_is_not_asked(project: Row, why: Why, make_catalogue: Make) -> None:
    assert why not in [each for each, _ in of_project(make_catalogue, project)]


@pytest.mark.parametrize(
    ("family", "place", "asked"),
    [
        (
            "workshops",
            {"kind": "gallery", "as_of": "2026"},
            {
                Why.STATUS_UNKNOWN,
                Why.HOURS_UNKNOWN,
                Why.VISIT_UNKNOWN,
                Why.WHEELCHAIR_UNKNOWN,
                Why.POSITION_MISSING,
            },
        ),
        (
            "workshops",
            {
                "kind": "gallery",
                "status": "closed",
                "as_of": "2012",
                "lat": "44.08",
                "lon": "10.09",
            },
            {Why.ACCURACY_UNKNOWN},
        ),
        (
            "workshops",
            {"kind": "gallery", "status": "active", "as_of": "2012", "visit": "by_appointment"}
            | {"wheelchair": "no", "lat": "44.08", "lon": "10.09", "position_accuracy_m": "51"},
            {Why.STALE, Why.CONTACT_MISSING, Why.POSITION_APPROXIMATE},
        ),
        (
            "workshops",
            {"kind": "gallery", "status": "active", "as_of": "2026", "visit": "by_appointment"}
            | {"phone": "0585 123456", "wheelchair": "no", "lat": "44.08", "lon": "10.09"}
            | {"position_accuracy_m": "50"},
            set(),
        ),
        (
            "public_spaces",
            {"kind": "square", "status": "active", "as_of": "2012", "lat": "44.08", "lon": "10.09"}
            | {"position_accuracy_m": "0", "wheelchair": "yes", "sources": ""},
            {Why.NO_SOURCE},
        ),
    ],
)
def test_what_a_visitor_needs_is_asked(
    family: str, place: Row, asked: set[Why], make_catalogue: Make
) -> None:
    found = of_place(make_catalogue, family, place)
    assert set(found) == asked
    assert len(found) == len(asked)


def test_dates_of_an_event_that_returns_are_asked(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        events=[
            {"id": "past", "start": "2025-06-01", "repeats": "yearly"},
            {"id": "coming", "start": "2027-06-01", "repeats": "yearly"},
            {"id": "fixed", "start": "2025-06-12", "repeats": "same_day"},
            {"id": "over", "start": "2015", "repeats": "ended"},
        ]
    )
    found = [each.id for each in query.to_do(catalogue, DAY) if each.why == Why.EVENT_UNDATED]
    assert found == ["past"]


def test_every_unknown_amount_that_counts_is_asked(make_catalogue: Make) -> None:
    line = {"project_id": "a", "programme_id": "pnrr", "nature": "allocated"}
    catalogue = make_catalogue(
        projects=[{"id": "a", "promoter": "Comune"}],
        programmes=[{"id": "pnrr", "level": "eu"}],
        funding=[
            {**line, "counted": "yes"},
            {**line, "counted": "yes", "nature": "private"},
            {**line, "counted": "yes", "amount_eur": "0"},
            {**line, "counted": "no"},
        ],
    )
    found = [each for each in query.to_do(catalogue, DAY) if each.why == Why.AMOUNT_UNKNOWN]
    lines = [each.row for each in found if isinstance(each.row, Funding)]
    assert [each.nature for each in lines] == ["allocated", "private"]
    assert {each.table for each in found} == {"funding"}
    assert {each.id for each in found} == {"a"}
    assert found[0].whom == (Party(Role.PROMOTER, "Comune"), Party(Role.PROGRAMME, "pnrr"))


def test_since_is_the_end_that_has_passed_or_the_last_news(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[
            {"id": "a", "phase": "works", "declared_end": "2025-03", "as_of": "2024"},
            {"id": "b", "as_of": "2023-05"},
        ]
    )
    since = {each.why: each.since for each in query.to_do(catalogue, DAY)}
    assert since[Why.END_PASSED] == "2025-03"
    assert since[Why.PHASE_UNKNOWN] == "2023-05"


# ---------------------------------------------------------------- whom


def whom_of(catalogue: Catalogue, table: str) -> tuple[Party, ...]:
    (found,) = {each.whom for each in query.to_do(catalogue, DAY) if each.table == table}
    return found


def test_promoter_is_asked_before_the_owner_and_the_programme(make_catalogue: Make) -> None:
    line = {"project_id": "a", "nature": "allocated", "counted": "yes", "amount_eur": "5"}
    catalogue = make_catalogue(
        projects=[{"id": "a", "owner": "Fondazione | Comune", "promoter": "Comune"}],
        programmes=[{"id": "pnrr", "level": "eu"}, {"id": "other", "level": "eu"}],
        funding=[{**line, "programme_id": "pnrr"}, {**line, "programme_id": "pnrr"}],
    )
    assert whom_of(catalogue, "projects") == (
        Party(Role.PROMOTER, "Comune"),
        Party(Role.OWNER, "Fondazione"),
        Party(Role.PROGRAMME, "pnrr"),
    )


@pytest.mark.parametrize(
    ("sources", "dates", "host"),
    [
        ("https://www.a.example/1 | https://b.example/2", "2020 | 2021", "b.example"),
        ("https://www.a.example/1 | https://b.example/2", "2021-05 | 2021", "b.example"),
        ("https://www.a.example/1 | https://b.example/2", " | ", "a.example"),
        ("https://www.a.example/1 | https://b.example/2", " | 1990", "b.example"),
    ],
)
def test_host_of_the_newest_source_is_the_last_resort(
    sources: str, dates: str, host: str, make_catalogue: Make
) -> None:
    catalogue = make_catalogue(projects=[{"id": "a", "sources": sources, "source_dates": dates}])
    assert whom_of(catalogue, "projects") == (Party(Role.SOURCE, host),)


def test_nobody_is_named_where_nobody_is(make_catalogue: Make) -> None:
    catalogue = make_catalogue(projects=[{"id": "a", "sources": ""}])
    assert whom_of(catalogue, "projects") == ()
    assert list(query.by_party(query.to_do(catalogue, DAY))) == [None]


def test_business_is_asked_itself_and_a_square_is_not(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[{"id": "a", "place_id": "piazza", "promoter": "Comune"}],
        public_spaces=[{"id": "piazza", "kind": "square"}],
        workshops=[{"id": "rossi", "kind": "gallery"}],
        attractions=[{"id": "museo", "kind": "museum", "email": "info@museo.example"}],
    )
    assert whom_of(catalogue, "public_spaces") == (Party(Role.PROMOTER, "Comune"),)
    assert whom_of(catalogue, "workshops") == (Party(Role.PLACE, "rossi"),)
    assert whom_of(catalogue, "attractions") == (Party(Role.PLACE, "museo"),)


def test_business_that_has_closed_answers_nobody(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        workshops=[{"id": "rossi", "kind": "gallery", "status": "closed", "as_of": "2012"}]
    )
    assert whom_of(catalogue, "workshops") == (Party(Role.SOURCE, "source.example"),)


# ---------------------------------------------------------------- order


def test_every_reason_has_a_weight() -> None:
    assert set(WEIGHTS) == set(Why)
    assert set(WEIGHTS.values()) == {1, 2, 3, 4, 5}


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 3), day=st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)))
def test_heaviest_come_first_and_one_call_answers_several(seed: int, day: dt.date) -> None:
    tasks = query.to_do(large_town(places=40, projects=60, lines=90, seed=seed), day)
    weights = [each.weight for each in tasks]
    assert weights == sorted(weights, reverse=True)
    parties = [(each.weight, each.whom[:1]) for each in tasks]
    runs = [each for index, each in enumerate(parties) if not index or parties[index - 1] != each]
    assert len(runs) == len(set(runs))
    calls = query.by_party(tasks)
    assert sorted(map(id, tasks)) == sorted(id(task) for call in calls.values() for task in call)


def test_tasks_follow_the_selection_and_its_places(town: Catalogue) -> None:
    whole, some = query.to_do(town, DAY), query.to_do(town, DAY, town.projects[:1])
    assert {each.id for each in some} == {"selciato", "piazza"}
    assert set(some) == {each for each in whole if each.id in {"selciato", "piazza"}}
    assert {"rossi", "museo", "fiera"} <= {each.id for each in whole}
    assert query.to_do(town, DAY, []) == ()


def test_amounts_of_a_project_do_not_follow_a_place_of_the_same_id(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        public_spaces=[{"id": "a", "kind": "square"}], projects=[{"id": "a"}]
    )
    assert {each.table for each in query.to_do(catalogue, DAY, catalogue.projects)} == {"projects"}


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("language", LANGUAGES)
def test_csv_has_a_row_for_every_task_and_room_for_the_answer(language: str) -> None:
    town, words = shipped_town(), translator(language)
    tasks = query.to_do(town, DAY)
    headings, *rows = read_csv(to_do_csv(extract(town, language), tasks))
    assert headings[: len(COLUMNS)] == [words.text(f"quality.heading.{name}") for name in COLUMNS]
    assert len(set(headings)) == len(headings)
    told = [dict(zip((*COLUMNS, "day", "version"), row, strict=True)) for row in rows]
    assert [(each["table"], each["id"], each["column"]) for each in told] == [
        (task.table, task.id, task.column) for task in tasks
    ]
    assert {(each["day"], each["version"]) for each in told} == {("2026-11-22", town.version)}
    assert {(each["answer"], each["done"]) for each in told} == {("", "")}
    assert [int(each["priority"]) for each in told] == [6 - task.weight for task in tasks]
    assert all(each["question"] and each["whom"] and each["name"] for each in told)
    assert all(each["source"].startswith("http") for each in told)


def test_row_to_mend_is_found_by_file_and_id(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[{"id": "a", "promoter": "Comune", "place_id": "piazza"}],
        public_spaces=[{"id": "piazza", "kind": "square"}],
        programmes=[{"id": "pnrr", "level": "eu"}],
        funding=[
            {"project_id": "a", "programme_id": "pnrr", "nature": "spent", "counted": "yes"}
            | {"as_of": "2025-03"}
        ],
    )
    tasks = query.to_do(catalogue, DAY)
    rows = read_csv(to_do_csv(extract(catalogue), tasks))[1:]
    assert {row[COLUMNS.index("row")] for row in rows} == {
        "projects.csv: a",
        "public_spaces.geojson: piazza",
        "funding.csv: a, pnrr, spent, 2025-03",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_workbook_holds_the_same_and_says_where_it_is_from(language: str) -> None:
    town, words = shipped_town(), translator(language)
    tasks = query.to_do(town, DAY)
    sheets = read_sheets(to_do_workbook(extract(town, language), tasks))
    listed, about = sheets.values()
    rows = read_csv(to_do_csv(extract(town, language), tasks))
    as_text = [[str(int(row[0])), *row[1:]] for row in listed[1:]]
    assert as_text == [row[: len(COLUMNS)] for row in rows[1:]]
    assert listed[0] == rows[0][: len(COLUMNS)]
    told = dict(row[:2] for row in about)
    assert told[words.text("selection.version")] == town.version
    assert told[words.text("selection.taken_on")] == words.date("2026-11-22")
    assert told[words.text("quality.about.n")] == str(len(tasks))


def test_heading_of_the_workbook_stays_and_filters() -> None:
    content = to_do_workbook(extract(shipped_town()), query.to_do(shipped_town(), DAY))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'ySplit="1"' in sheet
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_equal_lists_are_equal_files() -> None:
    town = shipped_town()
    tasks = query.to_do(town, DAY)[:50]
    assert to_do_csv(extract(town), tasks) == to_do_csv(extract(town), tasks)
    assert to_do_workbook(extract(town), tasks) == to_do_workbook(extract(town), tasks)


@pytest.fixture(scope="module")
def hostile(make_catalogue: Make) -> Catalogue:
    texts = [*HOSTILE, *FORMULAS, "x" * 20_000]
    return make_catalogue(
        projects=[
            {"id": f"p{n}", "name_it": text, "name_en": text, "promoter": text.replace("|", "/")}
            for n, text in enumerate(texts)
        ],
        workshops=[
            {"id": f"w{n}", "name_it": text, "name_en": text, "kind": "gallery", "address": text}
            for n, text in enumerate(texts)
        ],
    )


def test_nothing_in_the_files_is_run(hostile: Catalogue) -> None:
    tasks = query.to_do(hostile, DAY)
    for row in read_csv(to_do_csv(extract(hostile), tasks)):
        assert not any(cell.startswith(("=", "+", "@", "\t", "-")) for cell in row)
        assert max(map(len, row)) < 2_000
    content = to_do_workbook(extract(hostile), tasks)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/" in name]
    assert all(b"<f>" not in sheet and b"<hyperlink" not in sheet for sheet in sheets)
    assert len(read_sheets(content)["To ask"]) == len(tasks) + 1


def test_empty_list_is_a_list_all_the_same(make_catalogue: Make) -> None:
    catalogue = make_catalogue(projects=[])
    assert len(read_csv(to_do_csv(extract(catalogue), ()))) == 1
    assert len(read_sheets(to_do_workbook(extract(catalogue), ()))["To ask"]) == 1


def test_task_names_the_row_that_it_asks_about() -> None:
    town = shipped_town()
    tasks: tuple[Task, ...] = query.to_do(town, DAY)
    for task in tasks:
        if isinstance(task.row, Project):
            assert town.project(task.id) == task.row
        elif isinstance(task.row, Funding):
            assert task.row.project_id == task.id
        else:
            assert task.row.id == task.id
