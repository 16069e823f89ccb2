"""A row that is typed is told by itself what the whole city would be told of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map.catalogue import TABLES
from regen_map.editing import (
    Check,
    Files,
    Row,
    UnwritableError,
    added,
    changed,
    checked,
    checked_alone,
)
from regen_map.intake import Issue, Limits, Rule
from tests.conftest import CITY, TOWN, write

OFFICES = Path(__file__).parent / "files" / "offices"
KEYS = frozenset({Rule.REPEATED})

NASTY = (
    "",
    " ",
    "rossi",
    "piazza",
    "museo",
    "cinema",
    "Rossi & C.",
    "selciato",
    "nowhere",
    "44,0811",
    "44.0811",
    "10.1",
    "999",
    "4880000",
    "1590000",
    "yes",
    "sì",
    "n.d.",
    "-",
    "30/09/2025",
    "2025-13",
    "2024",
    "=1+1",
    "'=1+1",
    "#REF!",
    "a\u202eb",
    "due\nrighe",
    "x" * 20_001,
    "€ 1.234,50",
    "1.5 mln",
    "https://a.example/1 | https://a.example/2",
    "javascript:alert(1)",
    "gallery",
    "totale",
    "1",
    "2",
    "3",
    "\ud800",
)


def town() -> Files:
    """Put together a town with rows of every kind, some of them at fault."""
    contents = {"city.toml": CITY} | {f"{name}.csv": write(name, TOWN[name]) for name in TOWN}
    stops = [{"itinerary_id": "giro", "order": str(n), "place_id": "rossi"} for n in (1, 2, 3)]
    contents["itineraries.csv"] = write("itineraries", [{"id": "giro", "theme": "marble"}])
    contents["stops.csv"] = write("stops", stops)
    workshops = [*TOWN["workshops"], {"id": "rossi", "kind": "gallery"}, {"id": "X Y"}]
    contents["workshops.csv"] = write("workshops", workshops)
    return Files(contents)


def drawn() -> Files:
    """Put together a town whose squares are features: points, areas and one that is broken."""
    area = [[[10.1, 44.08], [10.11, 44.08], [10.11, 44.09], [10.1, 44.08]]]
    shapes = [
        {"type": "Point", "coordinates": [10.1, 44.08]},
        {"type": "Polygon", "coordinates": area},
        None,
        {"type": "Point", "coordinates": ["x"]},
        {"type": "Point", "coordinates": [10.9, 44.9]},
    ]
    features = [
        {
            "type": "Feature",
            "geometry": shape,
            "properties": {
                "id": f"s-{n}",
                "name_it": "Largo",
                "name_en": "Wide",
                "kind": "square",
                "sources": "https://a.example/1",
            },
        }
        for n, shape in enumerate(shapes)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    contents = dict(town().contents)
    del contents["public_spaces.csv"]
    return Files(contents | {"public_spaces.geojson": text.encode()})


TOWNS = {"rows": town(), "features": drawn()}
PLACES = [
    (which, name, at)
    for which, files in TOWNS.items()
    for name in (TABLES if which == "rows" else ["public_spaces"])
    for at in (*range(len(list(files.rows(name)))), None)
]


def told(issues: tuple[Issue, ...], *, lines: bool) -> list[Issue]:
    return [each if lines else dataclasses.replace(each, line=None, row=None) for each in issues]


def the_same(alone: Check | None, whole: Check, *, new: bool) -> None:
    """Compare all that is told of the row itself, and of those that have its key."""
    assert alone is not None
    assert told(alone.issues, lines=not new) == told(whole.issues, lines=not new)
    assert list(alone.by_column) == list(whole.by_column)
    assert told(alone.new_errors, lines=not new) == told(whole.new_errors, lines=not new)
    assert alone.canonical == whole.canonical
    assert alone.position == whole.position
    assert set(alone.others) <= set(whole.others)
    keys = {each for each in whole.others if each.rule in KEYS}
    assert keys == {each for each in alone.others if each.rule in KEYS}


@settings(max_examples=60, deadline=None)
@given(
    where=st.sampled_from(PLACES),
    data=st.data(),
)
def test_a_row_alone_is_told_what_the_city_would_be_told(
    where: tuple[str, str, int | None], data: st.DataObject
) -> None:
    which, name, at = where
    files = TOWNS[which]
    columns = st.sampled_from(TABLES[name].names)
    cells: Mapping[str, str] = data.draw(
        st.dictionaries(columns, st.sampled_from(NASTY) | st.text(max_size=8), max_size=4)
    )
    row: Row | None = files.row_at(name, at) if at is not None else None
    cells = {column: text for column, text in cells.items() if row or text}
    alone = checked_alone(files, name, cells, row)
    try:
        edited = changed(files, row.ref, cells) if row else added(files, name, cells)
    except UnwritableError:
        return
    the_same(alone, checked(files, edited, row), new=row is None)


def test_a_row_with_an_id_that_is_taken_is_told_so_wherever_it_is_taken() -> None:
    files = town()
    alone = checked_alone(files, "attractions", {"id": "piazza"})
    assert alone is not None
    (issue,) = (each for each in alone.new_errors if each.rule is Rule.REPEATED)
    assert issue.expected == "public_spaces.csv:2"


def test_a_place_that_takes_the_id_of_a_later_one_loses_that_one() -> None:
    alone = checked_alone(town(), "public_spaces", {"id": "museo", "name_it": "Largo"})
    assert alone is not None
    assert [(each.file, each.rule) for each in alone.others] == [("attractions.csv", Rule.REPEATED)]


def test_what_was_read_before_is_left_as_it_was() -> None:
    files = town()
    before = [(each.sound, dict(each.values)) for each in files.reading.drafts["stops"].entries]
    for order in ("1", "7", "x"):
        assert checked_alone(files, "stops", {"order": order}, files.row_at("stops", 1))
    after = [(each.sound, dict(each.values)) for each in files.reading.drafts["stops"].entries]
    assert after == before
    assert files.reading.issues == Files(files.contents).reading.issues


def test_a_row_of_a_spreadsheet_is_told_without_another_format() -> None:
    contents = dict(town().contents)
    del contents["projects.csv"]
    contents["projects.ods"] = (OFFICES / "projects-foglio.ods").read_bytes()
    files = Files(contents)
    row = files.row_at("projects", 0)
    alone = checked_alone(files, "projects", {"phase": "boh"}, row)
    assert alone is not None
    assert [each.rule for each in alone.by_column["phase"]] == [Rule.TERM]


def test_one_column_more_than_a_file_may_have_is_told_by_the_whole_check_alone() -> None:
    contents = town().contents
    n_columns = len(TABLES["programmes"].names)
    content = b"id,name_it,name_en,level" + b",x" * (n_columns - 4) + b"\npnrr,A,B,eu\n"
    files = Files({**contents, "programmes.csv": content}, Limits(columns=n_columns))
    row = files.row_at("programmes", 0)
    assert checked_alone(files, "programmes", {"name_en": "Recovery"}, row) is not None
    assert checked_alone(files, "programmes", {TABLES["programmes"].names[-1]: "x"}, row) is None


def test_a_table_that_cannot_be_read_has_no_rows_beside_a_new_one() -> None:
    files = Files({**town().contents, "workshops.csv": b"id,Telefono,Tel.\nrossi,1,2\n"})
    assert files.draft("workshops") is None
    alone = checked_alone(files, "workshops", {"id": "rossi", "email": "x"})
    assert alone is not None
    assert [each.rule for each in alone.by_column["email"]] == [Rule.EMAIL]


@pytest.mark.parametrize("name", TABLES)
def test_a_new_row_lacks_what_is_required(name: str) -> None:
    alone = checked_alone(town(), name, {})
    assert alone is not None
    required = {column.name for column in TABLES[name].columns if column.required}
    assert required <= {column for each in alone.new_errors for column in each.columns}


# ---------------------------------------------------------------- what every row has to have


ONE_OF_EACH: Mapping[str, Mapping[str, str]] = {
    **{name: TOWN[name][0] for name in TABLES if name in TOWN},
    "milestones": {**TOWN["milestones"][0], "project_id": "selciato"},
    "itineraries": {"id": "giro", "name_it": "Giro", "name_en": "Round", "theme": "marble"},
    "stops": {"itinerary_id": "giro", "order": "1", "place_id": "piazza"},
    "addresses": {"street": "Via Verdi", "number": "3", "lat": "44.08", "lon": "10.1"},
    "creative_cities": {
        "id": "fabriano",
        "name_it": "Fabriano",
        "name_en": "Fabriano",
        "field": "crafts_folk_art",
        "year": "2013",
    },
}
ANOTHER = {"id": "another", "order": "2", "name": "Via Nuova", "number": "4"}
THEME = b"theme,marble,,Marmo,Marble\n"


@pytest.fixture(scope="module")
def one_of_each() -> Files:
    """Put together a town with one sound row in every table."""
    contents = {f"{name}.csv": write(name, [row]) for name, row in ONE_OF_EACH.items()}
    terms = write("vocabularies", TOWN["vocabularies"]) + THEME
    files = Files(contents | {"city.toml": CITY, "vocabularies.csv": terms})
    assert [row for name in TABLES for row in files.rows(name) if not row.is_sound] == []
    return files


def refused(files: Files, table: str, cells: Mapping[str, str], row: Row | None) -> list[str]:
    """Name the columns that are refused, with the whole city and without alike."""
    alone = checked_alone(files, table, cells, row)
    assert alone is not None
    edited = changed(files, row.ref, cells) if row else added(files, table, cells)
    the_same(alone, checked(files, edited, row), new=row is None)
    assert all(each in alone.by_column[each.columns[0]] for each in alone.new_errors)
    return [name for each in alone.new_errors for name in each.columns]


REQUIRED = [
    (table.name, column.name)
    for table in TABLES.values()
    for column in table.columns
    if column.required
]


@pytest.mark.parametrize(("table", "column"), REQUIRED)
@pytest.mark.parametrize("nothing", ["", "\u202a"])
def test_no_required_cell_is_emptied(
    table: str, column: str, nothing: str, one_of_each: Files
) -> None:
    row = one_of_each.row_at(table, 0)
    assert column in refused(one_of_each, table, {column: nothing}, row)


@pytest.mark.parametrize(("table", "column"), REQUIRED)
def test_no_row_is_added_without_a_required_cell(
    table: str, column: str, one_of_each: Files
) -> None:
    row = one_of_each.row_at(table, 0)
    cells = {**row.cells, **ANOTHER, column: ""}
    known = {name: text for name, text in cells.items() if text and name in TABLES[table].names}
    assert (
        refused(one_of_each, table, {**known, column: ANOTHER.get(column, row.cells[column])}, None)
        == []
    )
    assert column in refused(one_of_each, table, known, None)


def test_what_lacked_a_language_before_may_go_on_lacking_it() -> None:
    contents = dict(town().contents)
    contents["workshops.csv"] = write("workshops", [{**ONE_OF_EACH["workshops"], "name_en": ""}])
    files = Files(contents)
    row = files.row_at("workshops", 0)
    assert refused(files, "workshops", {"visit": "no"}, row) == []
    assert refused(files, "workshops", {"name_it": ""}, row) == ["name_it", "name_en"]


def test_a_column_that_a_file_lacks_is_asked_for_in_a_new_row() -> None:
    contents = dict(town().contents)
    contents["programmes.csv"] = b"id,name_it,level\npnrr,PNRR,eu\n"
    files = Files(contents)
    cells = {"id": "another", "name_it": "Altro", "level": "eu"}
    assert refused(files, "programmes", cells, None) == ["name_en"]
    assert refused(files, "programmes", {"level": "region"}, files.row_at("programmes", 0)) == []
