from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from regen_map.catalogue import (
    PLACE_TABLES,
    TABLES,
    Catalogue,
    Cell,
    Column,
    PartialDate,
    Project,
    Table,
    Vocabularies,
    Workshop,
    closed_terms,
    records,
    to_frame,
)
from regen_map.intake import read_catalogue

Rows = Callable[..., bytes]
Files = Callable[..., dict[str, bytes]]


@pytest.fixture
def catalogue(files: Files, rows: Rows) -> Catalogue:
    found = read_catalogue(
        files(
            workshops=rows("workshops", {}, {"id": "ignoto", "lat": "", "lon": ""}),
            projects=rows("projects", {}),
        )
    ).catalogue
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-02-10", "2024-02-10", "2024-02-10"),
    ],
)
def test_partial_date_knows_its_first_and_last_day(text: str, first: str, last: str) -> None:
    date = PartialDate(text)
    assert (date.first_day.isoformat(), date.last_day.isoformat()) == (first, last)
    assert date.year == 2024


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2023-02-29", "2024-2", "0000", "٢٠٢٤"])
def test_other_text_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|month|day|year"):
        PartialDate(text)


def test_date_is_surely_after_only_what_ends_before_it() -> None:
    assert PartialDate("2026").surely_after(PartialDate("2025-12"))
    assert not PartialDate("2025").surely_after(PartialDate("2025-03"))
    assert not PartialDate("2025-03").surely_after(PartialDate("2025"))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_empty_table_has_the_same_columns(table: Table) -> None:
    frame = to_frame([], table)
    drawn = ["geometry"] if table.located else []
    assert frame.columns.tolist() == [*table.names, *drawn]
    if table.located:
        assert gpd.GeoDataFrame(frame).crs == "EPSG:4326"


def test_unknown_position_is_a_missing_geometry_not_an_empty_one(
    make_workshop: Callable[..., Workshop],
) -> None:
    rows = [make_workshop(lat=44.1, lon=10.1), make_workshop(id="ignoto")]
    frame = gpd.GeoDataFrame(to_frame(rows, TABLES["workshops"]))
    assert frame.geometry.isna().tolist() == [False, True]
    known, unknown = frame.geometry.tolist()
    assert known.equals(Point(10.1, 44.1))
    assert unknown is None


_LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20)
_DATE = st.dates().map(lambda day: PartialDate(day.isoformat())) | st.sampled_from(
    [PartialDate("2025"), PartialDate("1789-07")]
)
_CELLS: dict[Cell, st.SearchStrategy[object]] = {
    Cell.LINES: st.lists(_LINE, max_size=3).map(tuple),
    Cell.URLS: st.lists(_LINE, max_size=3).map(tuple),
    Cell.DATE: _DATE,
    Cell.DATES: st.lists(_DATE | st.none(), max_size=3).map(tuple),
    Cell.NUMBER: st.floats(0, 1e6),
    Cell.LATITUDE: st.floats(-90, 90),
    Cell.LONGITUDE: st.floats(-180, 180),
    Cell.INTEGER: st.integers(1, 999),
    Cell.MONEY: st.decimals(0, 10**9, places=2),
    Cell.YES_NO: st.booleans(),
}


def _value(column: Column) -> st.SearchStrategy[object]:
    value = _CELLS.get(column.cell, _LINE)
    several = column.cell in (Cell.LINES, Cell.URLS, Cell.DATES)
    return value if column.required or several else st.none() | value


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_records_survive_the_round_trip(table: Table, data: st.DataObject) -> None:
    record = st.builds(table.record, **{column.name: _value(column) for column in table.columns})
    unique = (lambda each: each.id) if "id" in table.names else None
    made = data.draw(st.lists(record, max_size=3, unique_by=unique))
    assert list(records(to_frame(made, table), table)) == made


def test_places_of_all_families_stand_in_one_table(catalogue: Catalogue) -> None:
    places = catalogue.places
    assert places.index.tolist() == list(catalogue.place_ids) == ["rossi", "ignoto"]
    assert places["family"].tolist() == ["workshop", "workshop"]
    assert places.columns[-1] == "family"
    assert places.crs == "EPSG:4326"


def test_place_and_project_are_found_by_id(catalogue: Catalogue) -> None:
    place, project = catalogue.place("rossi"), catalogue.project("verdi")
    assert isinstance(place, Workshop)
    assert isinstance(project, Project)
    assert (place.lat, place.sources) == (44.08, ("https://a.example/1",))
    assert catalogue.projects == (project,)
    assert catalogue.place("none") is None
    assert catalogue.project("none") is None


def test_what_a_caller_does_to_a_table_is_seen_by_nobody(catalogue: Catalogue) -> None:
    for mine in (catalogue.table("workshops"), catalogue.places):
        mine.loc["rossi", "name_it"] = "Altro"
    assert catalogue.table("workshops").loc["rossi", "name_it"] == "Galleria Rossi"
    assert catalogue.places.loc["rossi", "name_it"] == "Galleria Rossi"


def test_every_table_has_its_file_and_known_references() -> None:
    assert TABLES["public_spaces"].file_name == "public_spaces.geojson"
    assert [table.name for table in PLACE_TABLES] == ["public_spaces", "workshops", "attractions"]
    for table in TABLES.values():
        for column in table.columns:
            assert column.refers_to in {"", "places", *TABLES}
            assert (column.cell is Cell.TERM) == bool(column.vocabulary)
    with pytest.raises(KeyError, match="nothing"):
        TABLES["stops"].column("nothing")


def test_terms_have_labels_in_both_languages() -> None:
    terms = closed_terms()
    assert all(term.labels["it"] and term.labels["en"] for term in terms)
    vocabularies = Vocabularies(terms)
    assert vocabularies.label("phase", "works", "en") == "Works under way"
    assert vocabularies.label("phase", "unheard-of", "en") == "unheard-of"
    assert vocabularies.note("phase", "works", "it")
    assert vocabularies.note("phase", "unheard-of", "it") == ""
    assert list(vocabularies) == list(terms)


def test_money_stays_exact(files: Files, rows: Rows) -> None:
    folder = files(
        programmes=rows("programmes", {}),
        projects=rows("projects", {}),
        funding=rows("funding", {}),
    )
    found = read_catalogue(folder).catalogue
    assert found is not None
    (line,) = records(found.table("funding"), TABLES["funding"])
    assert line.amount_eur == Decimal("1500000.50")
