"""What of a catalogue is filled in, old, unlocated or at odds with itself."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import TABLES, Catalogue, Funding, PartialDate
from regen_map.query import Why
from tests.large_town import DATA, large_town, shipped_town

Make = Callable[..., Catalogue]
Row = Mapping[str, str]

DAY = dt.date(2026, 11, 22)
SOURCE = "https://source.example/page"


def fill(catalogue: Catalogue, table: str, column: str) -> tuple[int, int]:
    (found,) = [
        each
        for each in query.completeness(catalogue)
        if (each.table, each.column) == (table, column)
    ]
    return found.n_filled, found.n_rows


def odds(catalogue: Catalogue, day: dt.date = DAY) -> list[tuple[str, Why, str]]:
    return [(each.row.id, each.why, each.column) for each in query.contradictions(catalogue, day)]


def id_of(aged: query.Aged) -> str:
    assert not isinstance(aged.row, Funding)
    return aged.row.id


# ---------------------------------------------------------------- completeness


def test_column_that_cannot_apply_is_not_missing(make_catalogue: Make) -> None:
    phases = ["planning", "design", "tender", "works", "testing", "completed", "dropped", ""]
    catalogue = make_catalogue(projects=[{"id": f"p{n}", "phase": p} for n, p in enumerate(phases)])
    assert fill(catalogue, "projects", "phase") == (7, 8)
    assert fill(catalogue, "projects", "end") == (0, 1)
    assert fill(catalogue, "projects", "start") == (0, 3)
    assert fill(catalogue, "projects", "stalled") == (0, 5)
    assert fill(catalogue, "projects", "declared_end") == (0, 4)
    told = {each.column for each in query.completeness(catalogue) if each.table == "projects"}
    assert told.isdisjoint({"id", "name_it", "note_it", "website", "place_id", "cup", "quarter"})


def test_either_declared_end_stands_for_the_other(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[
            {"id": "a", "phase": "works", "first_declared_end": "2025"},
            {"id": "b", "phase": "works", "declared_end": "2025"},
            {"id": "c", "phase": "works"},
        ]
    )
    assert fill(catalogue, "projects", "declared_end") == (2, 3)


def test_no_as_known_and_unknown_as_not(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[{"id": "a", "phase": "works", "stalled": "no"}],
        workshops=[
            {"id": "x", "kind": "gallery", "status": "unknown"},
            {"id": "y", "kind": "gallery", "status": "closed"},
        ],
    )
    assert fill(catalogue, "projects", "stalled") == (1, 1)
    assert fill(catalogue, "workshops", "status") == (1, 2)


def test_zero_euro_and_zero_metres_are_known(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[{"id": "a"}],
        programmes=[{"id": "pnrr", "level": "eu"}],
        funding=[
            {"project_id": "a", "programme_id": "pnrr", "nature": "spent", "counted": "yes"}
            | {"amount_eur": amount}
            for amount in ("0", "")
        ],
        workshops=[
            {"id": "x", "kind": "gallery", "lat": "44.08", "lon": "10.09"}
            | {"position_accuracy_m": "0"}
        ],
    )
    assert fill(catalogue, "funding", "amount_eur") == (1, 2)
    assert fill(catalogue, "workshops", "position_accuracy_m") == (1, 1)


def test_hours_are_expected_where_one_can_walk_in(make_catalogue: Make) -> None:
    gallery = {"kind": "gallery"}
    catalogue = make_catalogue(
        workshops=[
            {"id": "open", **gallery, "visit": "yes", "opening_hours": "Mo-Fr 09:00-12:00"},
            {"id": "silent", **gallery},
            {"id": "arranged", **gallery, "visit": "by_appointment"},
            {"id": "shut", **gallery, "visit": "no"},
            {"id": "gone", **gallery, "status": "closed"},
        ],
        public_spaces=[{"id": "piazza", "kind": "square"}],
        attractions=[
            {"id": "museo", "kind": "museum"},
            {"id": "facciata", "kind": "museum", "admission": "exterior_only"},
        ],
    )
    assert fill(catalogue, "workshops", "opening_hours") == (1, 2)
    assert fill(catalogue, "workshops", "contact_it") == (0, 1)
    assert fill(catalogue, "workshops", "wheelchair") == (0, 4)
    assert fill(catalogue, "attractions", "opening_hours") == (0, 1)
    columns = {each.column for each in query.completeness(catalogue)}
    spaces = {e.column for e in query.completeness(catalogue) if e.table == "public_spaces"}
    assert "opening_hours" in columns - spaces


@pytest.mark.parametrize(
    ("project", "level", "counted", "expected"),
    [
        ({}, "state", "yes", True),
        ({}, "eu", "yes", True),
        ({}, "private", "yes", False),
        ({}, "foundation", "yes", False),
        ({}, "mixed", "yes", False),
        ({}, "state", "no", False),
        ({"phase": "dropped"}, "state", "yes", False),
        ({"phase": "completed", "end": "2002-12"}, "state", "yes", False),
        ({"phase": "completed", "end": "2003"}, "state", "yes", True),
    ],
)
def test_cup_is_expected_of_public_money_alone(
    project: Row, level: str, counted: str, *, expected: bool, make_catalogue: Make
) -> None:
    line = {"project_id": "a", "programme_id": "f", "nature": "allocated", "counted": counted}
    catalogue = make_catalogue(
        projects=[{"id": "a", **project}], programmes=[{"id": "f", "level": level}], funding=[line]
    )
    columns = [each.column for each in query.completeness(catalogue) if each.table == "projects"]
    assert ("cup" in columns) is expected
    asked = [each.why for each in query.to_do(catalogue, DAY)]
    assert (Why.CUP_MISSING in asked) is expected


def test_shares_open_into_the_rows_that_lack_something(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[{"id": "a", "phase": "works"}, {"id": "b"}, {"id": "c"}],
    )
    (found,) = [
        each
        for each in query.completeness(catalogue)
        if (each.table, each.column) == ("projects", "phase")
    ]
    assert found.missing == (catalogue.project("b"), catalogue.project("c"))


def test_table_adds_up_its_columns(town: Catalogue) -> None:
    for table in query.completeness_by_table(town):
        assert table.n_filled == sum(each.n_filled for each in table.columns)
        assert table.n_cells == sum(each.n_rows for each in table.columns)
        for each in table.columns:
            assert each.n_filled + len(each.missing) == each.n_rows
            assert not TABLES[table.table].column(each.column).required


def test_town_without_rows_has_nothing_to_fill_in(make_catalogue: Make) -> None:
    catalogue = make_catalogue(projects=[])
    assert query.completeness(catalogue) == ()
    assert query.to_do(catalogue, DAY) == ()
    assert query.stale(catalogue, DAY) == ()
    assert query.contradictions(catalogue, DAY) == ()


# ---------------------------------------------------------------- counted again, from the files


def shipped_rows(table: str) -> list[Row]:
    """Read a table with nothing but what Python brings."""
    if table == "public_spaces":
        read = json.loads((DATA / "public_spaces.geojson").read_text("utf-8"))
        return [
            {key: "" if value is None else str(value) for key, value in each["properties"].items()}
            | ({"lat": "1", "lon": "1"} if each["geometry"] else {"lat": "", "lon": ""})
            for each in read["features"]
        ]
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def recounted(
    rows: Iterable[Row], column: str, applies: Callable[[Row], bool] = lambda _: True
) -> tuple[int, int]:
    wanted = [row for row in rows if applies(row)]
    return sum(bool(row.get(column, "").strip(" |")) for row in wanted), len(wanted)


PLACES = ("public_spaces", "workshops", "attractions")
IN_THE_OPEN = {"square", "street", "park", "waterfront", "street_art", "monument", "viewpoint"}


@pytest.mark.parametrize("table", PLACES)
@pytest.mark.parametrize(
    "column", ["quarter", "address", "lat", "summary_it", "summary_en", "as_of", "sources"]
)
def test_shipped_places_count_the_same_from_the_files(table: str, column: str) -> None:
    assert fill(shipped_town(), table, column) == recounted(shipped_rows(table), column)


@pytest.mark.parametrize("table", PLACES)
def test_what_depends_on_other_columns_counts_the_same_from_the_files(table: str) -> None:
    rows, town = shipped_rows(table), shipped_town()
    not_closed = [row for row in rows if row["status"] != "closed"]
    known = [row for row in rows if row["status"] not in {"", "unknown"}]
    assert fill(town, table, "status") == (len(known), len(rows))
    assert fill(town, table, "wheelchair") == recounted(not_closed, "wheelchair")
    located = [row for row in rows if row["lat"]]
    found = fill(town, table, "position_accuracy_m")
    assert found == recounted(located, "position_accuracy_m")
    dated = fill(town, table, "source_dates")
    assert dated == recounted((row for row in rows if row["sources"]), "source_dates")


def test_shipped_hours_count_the_same_from_the_files() -> None:
    def expected(row: Row) -> bool:
        outside = row["kind"] in IN_THE_OPEN or row.get("admission") == "exterior_only"
        arranged = row.get("visit", "") in {"by_appointment", "events_only", "no"}
        seen = outside and not row["opening_hours"]
        return row["status"] != "closed" and not arranged and not seen

    for table in ("workshops", "attractions"):
        found = fill(shipped_town(), table, "opening_hours")
        assert found == recounted(shipped_rows(table), "opening_hours", expected)


def test_shipped_projects_count_the_same_from_the_files() -> None:
    rows, town = shipped_rows("projects"), shipped_town()
    for column in ("kind", "former_use_it", "new_use_en", "phase", "owner", "promoter", "as_of"):
        assert fill(town, "projects", column) == recounted(rows, column)
    for column, phases in {
        "end": {"completed"},
        "start": {"works", "testing", "completed"},
        "stalled": {"planning", "design", "tender", "works", "testing"},
    }.items():
        among = [row for row in rows if row["phase"] in phases]
        assert fill(town, "projects", column) == recounted(among, column)
    promised = [row for row in rows if row["phase"] in {"design", "tender", "works", "testing"}]
    known = [row for row in promised if row["declared_end"] or row["first_declared_end"]]
    assert fill(town, "projects", "declared_end") == (len(known), len(promised))
    levels = {row["id"]: row["level"] for row in shipped_rows("programmes")}
    public = {
        row["project_id"]
        for row in shipped_rows("funding")
        if row["counted"] == "yes"
        and levels[row["programme_id"]] in {"eu", "state", "region", "municipality"}
    }
    among = [row for row in rows if row["id"] in public and not "" < row["end"] < "2003"]
    assert fill(town, "projects", "cup") == recounted(among, "cup")


def test_shipped_money_events_and_gazetteer_count_the_same_from_the_files() -> None:
    for table, columns in {
        "funding": ("amount_eur", "as_of"),
        "programmes": ("summary_it", "as_of", "sources"),
        "events": ("start", "summary_en", "as_of"),
        "itineraries": ("summary_it",),
        "stops": ("text_it", "text_en"),
        "streets": ("accuracy_m",),
        "creative_cities": ("lat", "sources"),
    }.items():
        for column in columns:
            assert fill(shipped_town(), table, column) == recounted(shipped_rows(table), column)


# ---------------------------------------------------------------- stale, oldest, unlocated


def test_row_is_stale_after_two_years_to_the_day(make_catalogue: Make) -> None:
    dates = ["2024-11-22", "2024-11-23", "2024-11", "2024-10", "2024", "2023", ""]
    catalogue = make_catalogue(
        projects=[
            {"id": f"p{n}", "phase": "works", "as_of": date, "sources": ""}
            for n, date in enumerate(dates)
        ]
    )
    found = query.stale(catalogue, DAY)
    assert [(id_of(each), each.months) for each in found] == [
        ("p5", 34),
        ("p3", 24),
        ("p0", 24),
    ]


def test_what_has_ended_does_not_grow_stale(make_catalogue: Make) -> None:
    old = {"as_of": "2012"}
    catalogue = make_catalogue(
        projects=[
            {"id": phase, "phase": phase, **old} for phase in ("completed", "dropped", "works")
        ]
        + [{"id": "unheard", **old}],
        workshops=[
            {"id": "gone", "kind": "gallery", "status": "closed", **old},
            {"id": "rossi", "kind": "gallery", **old},
        ],
        events=[{"id": "fiera", **old}, {"id": "festa", "repeats": "ended", **old}],
    )
    stale = {id_of(each) for each in query.stale(catalogue, DAY)}
    assert stale == {"works", "unheard", "rossi", "fiera"}


def test_newest_source_stands_for_a_day_of_checking(make_catalogue: Make) -> None:
    sources = {"sources": f"{SOURCE} | {SOURCE}/2 | {SOURCE}/3"}
    catalogue = make_catalogue(
        projects=[
            {"id": "a", **sources, "source_dates": "2012 | 2019-05 | "},
            {"id": "b", **sources, "source_dates": "2012 | 2019-05 | ", "as_of": "2010"},
            {"id": "c", **sources},
        ]
    )
    known = [query.known_of(each) for each in catalogue.projects]
    assert known == [PartialDate("2019-05"), PartialDate("2010"), None]
    oldest = query.oldest(catalogue)
    assert [id_of(each) for each in oldest.dated] == ["b", "a"]
    assert [id_of(each) for each in oldest.undated] == ["c"]


def test_oldest_are_cut_and_those_without_a_date_are_not(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[{"id": f"p{n}", "as_of": str(2025 - n)} for n in range(5)]
        + [{"id": f"q{n}"} for n in range(5)]
    )
    oldest = query.oldest(catalogue, n=2)
    assert [id_of(each) for each in oldest.dated] == ["p4", "p3"]
    assert len(oldest.undated) == 5


def test_unlocated_are_places_and_projects(town: Catalogue) -> None:
    found = query.unlocated(town)
    assert [each.id for each in found.places] == ["cinema", "nicoli", "caffe"]
    assert [each.id for each in found.projects] == ["sala", "rete"]
    some = query.unlocated(town, [each for each in town.projects if each.id != "rete"])
    assert [each.id for each in some.places] == ["cinema"]
    assert [each.id for each in some.projects] == ["sala"]


def test_shipped_unlocated_are_those_that_totals_count() -> None:
    town = shipped_town()
    n_unlocated = query.totals_of(town, town.projects).n_unlocated
    assert len(query.unlocated(town).projects) == n_unlocated
    without = [row for table in PLACES for row in shipped_rows(table) if not row["lat"]]
    assert len(query.unlocated(town).places) == len(without)


# ---------------------------------------------------------------- contradictions


def test_other_figures_contradict_as_totals_say() -> None:
    town = shipped_town()
    found = [
        each.row.id for each in query.contradictions(town, DAY) if each.why == "figures_differ"
    ]
    assert tuple(found) == query.totals_of(town, town.projects).contradicted


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        ({"phase": "works", "end": "2025"}, (Why.ENDED_IN_PROGRESS, "phase")),
        ({"phase": "works", "end": "2026-11-22"}, None),
        ({"phase": "works", "end": "2026"}, None),
        ({"phase": "completed", "end": "2027"}, (Why.COMPLETED_TOO_EARLY, "end")),
        ({"phase": "completed", "end": "2026"}, None),
        ({"phase": "completed", "stalled": "yes"}, (Why.COMPLETED_STALLED, "stalled")),
        ({"phase": "works", "stalled": "yes"}, None),
        ({"start": "2026", "declared_end": "2025"}, (Why.DATES_REVERSED, "start")),
        ({"start": "2025-06", "declared_end": "2025"}, None),
        ({"start": "2026", "first_declared_end": "2025", "declared_end": "2027"}, None),
        ({"quarter": "marina", "place_id": "piazza"}, (Why.QUARTERS_DIFFER, "quarter")),
        ({"quarter": "marina", "place_id": "cinema"}, None),
        ({"place_id": "piazza"}, None),
    ],
)
def test_row_contradicts_itself(
    project: Row, expected: tuple[Why, str] | None, make_catalogue: Make
) -> None:
    catalogue = make_catalogue(
        projects=[{"id": "a", **project}],
        public_spaces=[
            {"id": "piazza", "kind": "square", "quarter": "centro"},
            {"id": "cinema", "kind": "square"},
        ],
    )
    assert odds(catalogue) == ([("a", *expected)] if expected else [])


@pytest.mark.parametrize(
    ("project", "steps", "behind"),
    [
        ({"phase": "design", "as_of": "2023"}, [("2024", "works")], True),
        ({"phase": "design", "as_of": "2024"}, [("2024-05", "works")], False),
        ({"phase": "works", "as_of": "2023"}, [("2024", "design")], True),
        ({"phase": "works"}, [("2024", "design")], False),
        ({"phase": "design"}, [("2024", "works")], True),
        ({"phase": "works", "as_of": "2023"}, [("2024", "works")], False),
        ({"phase": "works", "as_of": "2023"}, [("2024", "works"), ("2024", "testing")], False),
        ({"phase": "design", "as_of": "2023"}, [("2024", "works"), ("2025", "design")], False),
        ({"phase": "design", "as_of": "2023"}, [("2027", "works")], False),
        ({"phase": "design", "as_of": "2023"}, [("2024", "")], False),
        ({"as_of": "2023"}, [("2024", "works")], False),
    ],
)
def test_newer_step_tells_another_phase(
    project: Row, steps: Sequence[tuple[str, str]], *, behind: bool, make_catalogue: Make
) -> None:
    catalogue = make_catalogue(
        projects=[{"id": "a", "sources": "", **project}],
        milestones=[
            {"project_id": "a", "date": date, "phase": phase, "text_it": "x", "text_en": "x"}
            for date, phase in steps
        ],
    )
    assert odds(catalogue) == ([("a", Why.PHASE_BEHIND, "phase")] if behind else [])


def test_event_in_another_quarter_than_its_place_is_told_for_the_whole_town(
    make_catalogue: Make,
) -> None:
    catalogue = make_catalogue(
        public_spaces=[{"id": "piazza", "kind": "square", "quarter": "centro"}],
        events=[{"id": "fiera", "place_id": "piazza", "quarter": "marina"}],
        projects=[{"id": "a"}],
    )
    assert odds(catalogue) == [("fiera", Why.QUARTERS_DIFFER, "quarter")]
    assert query.contradictions(catalogue, DAY, catalogue.projects) == ()


# ---------------------------------------------------------------- whatever the rows


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 3),
    day=st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)),
    take=st.sets(st.integers(0, 59), max_size=60),
)
def test_part_of_the_projects_is_part_of_every_list(
    seed: int, day: dt.date, take: set[int]
) -> None:
    town = large_town(places=40, projects=60, lines=90, seed=seed)
    some = [each for index, each in enumerate(town.projects) if index in take]
    assert set(query.contradictions(town, day, some)) <= set(query.contradictions(town, day))
    assert {each.row for each in query.stale(town, day, projects=some)} <= {
        each.row for each in query.stale(town, day)
    }
    assert set(query.to_do(town, day, some)) <= set(query.to_do(town, day))
    for each in query.stale(town, day):
        assert each.months is not None
        assert each.months >= 24
