"""What is written in any format and read again is what it was."""

from __future__ import annotations

import csv
import io
import json
import operator
import re
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook
from shapely import Polygon
from shapely.geometry import Point, shape

from regen_map.catalogue import (
    TABLES,
    Catalogue,
    Cell,
    City,
    Column,
    Funding,
    PartialDate,
    Place,
    Street,
    Table,
    Vocabularies,
    Workshop,
    records,
    to_frame,
)
from regen_map.catalogue.text import plain
from regen_map.export.rows import write_csv
from regen_map.export.tables import table_csv, table_excel_csv, table_geojson, table_gpkg
from regen_map.export.workbook import table_xlsx
from regen_map.intake import read_catalogue, read_table
from regen_map.store import FolderStore, shipped_folder

Write = Callable[[pd.DataFrame, Table, Vocabularies], bytes]
Make = Callable[..., Workshop]
Files = Callable[..., dict[str, bytes]]

WRITERS: Mapping[str, tuple[str, Write]] = {
    "csv": ("csv", lambda frame, table, _: table_csv(frame, table)),
    "excel csv": ("csv", lambda frame, table, _: table_excel_csv(frame, table)),
    "geojson": ("geojson", lambda frame, table, _: table_geojson(frame, table)),
    "gpkg": ("gpkg", lambda frame, table, _: table_gpkg(frame, table)),
    "xlsx": ("xlsx", lambda frame, table, terms: table_xlsx(frame, table, terms, "it")),
}
TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


def formats(table: Table) -> list[str]:
    return [name for name in WRITERS if table.located or name != "geojson"]


def come_back(
    format_: str, frame: pd.DataFrame, table: Table, city: City, vocabularies: Vocabularies
) -> list[Any]:
    """Write a table, read it again without errors, and give its records."""
    ending, write = WRITERS[format_]
    content = write(frame, table, vocabularies)
    reading = read_table(f"{table.name}.{ending}", content, city=city, vocabularies=vocabularies)
    assert (format_, [issue for issue in reading.issues if issue.is_error]) == (format_, [])
    return list(reading.records)


# ---------------------------------------------------------------- any sound record

_NO_TEXT = "\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff"
"""Characters that the intake takes out, and two that no workbook can hold."""
_HOSTILE = st.sampled_from(
    [
        "=1+1",
        "'=1+1",
        "''@SUM(A1)",
        "-2+3",
        "-12.5",
        "+39 0585 123456",
        "'",
        "a,b;c",
        'the "best"',
        '"',
        "_x0041_ _x000D_",
        "<b>&amp;</b>",
        "https://a.example",
        "2025",
        "3-4",
        "TRUE",
        "null",
        "1e5",
        "#N/A",
    ]
)
_CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters=_NO_TEXT)


def _line(text: str) -> str:
    return " ".join(text.split())


_LINE = (_HOSTILE | st.text(_CHARACTERS, max_size=30).map(_line)).filter(bool)
_TEXT = (
    _HOSTILE
    | st.text(_CHARACTERS | st.sampled_from("\n\t"), max_size=40).map(str.strip)
    | st.just("one\n\n  two\tthree")
).filter(bool)
_PIECE = _LINE.filter(lambda text: "|" not in text)
_DATE = (st.dates().filter(lambda day: day.year >= 1000)).map(
    lambda day: PartialDate(day.isoformat())
) | st.sampled_from([PartialDate("2025"), PartialDate("1789-07"), PartialDate("2025-09")])
_URL = st.text(st.sampled_from("ab-_.~/?=&%2C+é:@!,"), max_size=20).map(
    lambda path: f"https://source.example/{path}"
)
_STRATEGIES: Mapping[Cell, st.SearchStrategy[object]] = {
    Cell.SLUG: st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,3}", fullmatch=True),
    Cell.LINE: _LINE,
    Cell.TEXT: _TEXT,
    Cell.LINES: st.lists(_PIECE, max_size=3).map(tuple),
    Cell.URL: _URL,
    Cell.DATE: _DATE,
    Cell.YES_NO: st.booleans(),
    Cell.EMAIL: st.from_regex(r"[a-z0-9]{1,8}@[a-z0-9]{1,8}\.[a-z]{2,3}", fullmatch=True),
    Cell.PHONE: st.from_regex(r"\+?[0-9]([ ./-]?[0-9]){4,14}", fullmatch=True),
    Cell.CUP: st.from_regex(r"[A-Z][0-9]{2}[A-Z][0-9]{11}", fullmatch=True),
    Cell.HOURS: st.sampled_from(["Mo-Fr 09:00-13:00; Sa off", '24/7 "=1+1"', "Tu off"]),
    Cell.TIME: st.times().map(lambda time: f"{time:%H:%M}"),
    Cell.WIKIDATA: st.from_regex(r"Q[1-9][0-9]{0,8}", fullmatch=True),
}


def _value(table: Table, column: Column, vocabularies: Vocabularies) -> st.SearchStrategy[object]:
    if column.cell is Cell.TERM:
        parent = table.record.family if issubclass(table.record, Place) else ""
        names = vocabularies.names(column.vocabulary, parent if column.vocabulary == "kind" else "")
        return st.sampled_from(names)
    if column.low is None or column.high is None:
        return _STRATEGIES[column.cell]
    if column.cell is Cell.INTEGER:
        return st.integers(int(column.low), int(column.high))
    if column.cell is Cell.MONEY:
        return st.decimals(int(column.low), int(column.high), places=2)
    return st.floats(column.low, column.high).map(lambda number: round(number, 6))


@st.composite
def _record(draw: st.DrawFn, table: Table, city: City, vocabularies: Vocabularies) -> Any:
    together = {"lat", "lon", "sources", "source_dates"}
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.name not in together:
            value = _value(table, column, vocabularies)
            free = not column.required and column.cell is not Cell.LINES
            values[column.name] = draw(st.none() | value if free else value)
    if "lat" in table.names:
        minx, miny, maxx, maxy = city.extent
        place = st.tuples(
            st.floats(miny, maxy).map(lambda degrees: round(degrees, 7)),
            st.floats(minx, maxx).map(lambda degrees: round(degrees, 7)),
        )
        free = not table.column("lat").required
        values["lat"], values["lon"] = draw(st.just((None, None)) | place if free else place)
    if "sources" in table.names:
        sources = draw(st.lists(st.tuples(_URL, st.none() | _DATE), max_size=3))
        values["sources"] = tuple(url for url, _ in sources)
        values["source_dates"] = tuple(date for _, date in sources)
    start, end = values.get("start"), values.get("end")
    if start and end and start.surely_after(end):
        values["start"], values["end"] = end, start
    opens, closes = values.get("start_time"), values.get("end_time")
    if opens and closes and opens > closes:
        values["start_time"], values["end_time"] = closes, opens
    return table.record(**values)


@TABLE
@settings(
    max_examples=10,
    deadline=None,
    # Shrinking rows of so many columns takes minutes, and the issue names the cell.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_sound_record_comes_back(
    table: Table, city: City, vocabularies: Vocabularies, data: st.DataObject
) -> None:
    record = _record(table, city, vocabularies)
    unique = operator.attrgetter(*table.key) if table.key else None
    made = data.draw(st.lists(record, min_size=1, max_size=2, unique_by=unique))
    frame = to_frame(made, table)
    for format_ in formats(table):
        assert (format_, come_back(format_, frame, table, city, vocabularies)) == (format_, made)


# ---------------------------------------------------------------- the shipped catalogue


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return FolderStore(shipped_folder()).load().catalogue


@TABLE
def test_shipped_table_comes_back(table: Table, shipped: Catalogue) -> None:
    frame = shipped.table(table.name)
    made = list(records(frame, table))
    for format_ in formats(table):
        # Without features there are no headings, and layers without rows are passed over.
        if made or format_ not in {"geojson", "gpkg"}:
            found = come_back(format_, frame, table, shipped.city, shipped.vocabularies)
            assert (format_, found) == (format_, made)


def _same(one: str, other: str) -> bool:
    """Tell whether two cells differ in blanks and in zeros at the end alone."""
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", one):
        return float(one) == float(other)
    return [piece.strip() for piece in one.split("|")] == [
        piece.strip() for piece in other.split("|")
    ]


SHIPPED = [name for name in TABLES if (shipped_folder() / f"{name}.csv").is_file()]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_cells_are_written_as_they_are(name: str, shipped: Catalogue) -> None:
    path = shipped_folder() / f"{name}.csv"
    before = list(csv.reader(path.read_text("utf-8").splitlines()))
    after = list(csv.reader(table_csv(shipped.table(name), TABLES[name]).decode().splitlines()))
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        assert all(map(_same, old, new)), (old, new)


@pytest.mark.parametrize("name", ["attractions", "funding", "milestones", "creative_cities"])
def test_shipped_file_is_written_byte_for_byte(name: str, shipped: Catalogue) -> None:
    table = TABLES[name]
    written = table_csv(shipped.table(name), table)
    assert written == (shipped_folder() / table.file_name).read_bytes()


def test_shipped_features_are_written_as_they_are(shipped: Catalogue) -> None:
    table = TABLES["public_spaces"]
    before = json.loads((shipped_folder() / table.file_name).read_bytes())
    after = json.loads(table_geojson(shipped.table(table.name), table))
    for feature in (*before["features"], *after["features"]):
        dates = feature["properties"]["source_dates"] or ""
        feature["properties"]["source_dates"] = [piece.strip() for piece in dates.split("|")]
    assert after == before
    assert [list(each) for each in after["features"]] == [list(each) for each in before["features"]]
    assert [list(each["properties"]) for each in after["features"]] == [
        list(each["properties"]) for each in before["features"]
    ]


# ---------------------------------------------------------------- CSV

NASTY = ["=1+1", "'=1+1", "a,b", 'say "a"', "one\ntwo", "one\rtwo", "", "-12.5"]


def test_text_of_any_column_is_written_and_kept() -> None:
    content = write_csv(["id", "who knows"], [[text, "x"] for text in NASTY])
    found = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert found[0] == ["id", "who knows"]
    assert [plain(row[0]) for row in found[1:]] == NASTY
    assert [row[0] for row in found[1:3]] == ["'=1+1", "''=1+1"]
    assert b"\r\n" not in content
    assert content.endswith(b"-12.5,x\n")


@TABLE
def test_table_without_rows_is_its_headings(table: Table) -> None:
    frame = to_frame([], table)
    assert table_csv(frame, table).decode() == ",".join(table.names) + "\n"
    assert table_excel_csv(frame, table) == ("\ufeff" + ";".join(table.names) + "\r\n").encode()


def test_half_of_a_character_becomes_a_question_mark() -> None:
    assert write_csv(["a"], [["\ud800"]]) == b"a\n?\n"


def test_italian_excel_gets_its_own_forms(make_workshop: Make) -> None:
    workshop = make_workshop(
        lat=44.0796,
        lon=10.1,
        name_it="a;b",
        as_of=PartialDate("2025-09-30"),
        founded=PartialDate("1970-03"),
        sources=("https://a.example", "https://b.example"),
        source_dates=(PartialDate("2025-09-30"), None),
    )
    table = TABLES["workshops"]
    content = table_excel_csv(to_frame([workshop], table), table)
    assert content.startswith(b"\xef\xbb\xbfid;name_it;")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    assert (row["lat"], row["lon"], row["name_it"]) == ("44,0796", "10,1", "a;b")
    assert (row["as_of"], row["founded"]) == ("30/09/2025", "1970-03")
    assert row["source_dates"] == "2025-09-30 | "


def test_italian_excel_gets_amounts_with_a_comma(make_funding: Callable[..., Funding]) -> None:
    table = TABLES["funding"]
    content = table_excel_csv(to_frame([make_funding()], table), table)
    assert b";1500000,50;" in content
    assert b",1500000.50," in table_csv(to_frame([make_funding()], table), table)


@pytest.fixture
def make_funding() -> Callable[..., Funding]:
    def make(**changes: Any) -> Funding:
        sound = {"project_id": "verdi", "programme_id": "pnrr", "source": "https://a.example"}
        amount = {"amount_eur": Decimal("1500000.50"), "nature": "allocated", "counted": True}
        return Funding(**{**sound, **amount, **changes})

    return make


# ---------------------------------------------------------------- shapes


@pytest.fixture
def drawn(make_workshop: Make) -> gpd.GeoDataFrame:
    """A yard drawn clockwise, a point, and a place that nobody knows."""
    yard = Polygon([(10.1, 44.1), (10.1, 44.11), (10.11, 44.1)])
    rows = [
        make_workshop(id="yard", lat=44.1001, lon=10.1001),
        make_workshop(id="point", lat=44.0796, lon=10.0999999, position_accuracy_m=12.5),
        make_workshop(id="unknown"),
    ]
    frame = to_frame(rows, TABLES["workshops"], [yard, Point(10.0999999, 44.0796), None])
    return gpd.GeoDataFrame(frame)


def test_each_feature_stands_on_a_line_of_its_own(drawn: gpd.GeoDataFrame) -> None:
    content = table_geojson(drawn, TABLES["workshops"]).decode()
    first, *features, last = content.splitlines()
    assert json.loads(f"{first}{last}") == {"type": "FeatureCollection", "features": []}
    found = [json.loads(line.removesuffix(",")) for line in features]
    assert [each["id"] for each in found] == ["yard", "point", "unknown"]
    assert found[1]["geometry"] == {"type": "Point", "coordinates": [10.0999999, 44.0796]}
    assert found[2]["geometry"] is None
    assert found[1]["properties"]["position_accuracy_m"] == 12.5
    assert found[1]["properties"]["phone"] is None


def test_position_is_told_once_unless_an_area_does_not_tell_it(drawn: gpd.GeoDataFrame) -> None:
    content = json.loads(table_geojson(drawn, TABLES["workshops"]))
    yard, point, unknown = (each["properties"] for each in content["features"])
    assert (yard["lat"], yard["lon"]) == (44.1001, 10.1001)
    assert {"lat", "lon"}.isdisjoint({*point, *unknown})
    street = Street(name="Via Rossi", kind="street", lat=44.1, lon=10.1, source="map")
    content = json.loads(table_geojson(to_frame([street], TABLES["streets"]), TABLES["streets"]))
    (feature,) = content["features"]
    assert (feature["properties"]["lat"], feature["properties"]["lon"]) == (44.1, 10.1)
    assert "id" not in feature


def test_outer_rings_run_counterclockwise(drawn: gpd.GeoDataFrame) -> None:
    yard, *_ = json.loads(table_geojson(drawn, TABLES["workshops"]))["features"]
    assert not shapely.is_ccw(shapely.get_exterior_ring(drawn.geometry["yard"]))
    assert shapely.is_ccw(shapely.get_exterior_ring(shape(yard["geometry"])))


@pytest.mark.parametrize(("format_", "ending"), [("geojson", "geojson"), ("gpkg", "gpkg")])
def test_areas_come_back(
    format_: str, ending: str, drawn: gpd.GeoDataFrame, files: Files, vocabularies: Vocabularies
) -> None:
    table = TABLES["workshops"]
    folder = files()
    del folder["workshops.csv"]
    folder[f"workshops.{ending}"] = WRITERS[format_][1](drawn, table, vocabularies)
    reading = read_catalogue(folder)
    assert reading.catalogue is not None
    found = gpd.GeoDataFrame(reading.catalogue.table("workshops"))
    assert list(records(found, table)) == list(records(drawn, table))
    assert found.geometry["yard"].equals(drawn.geometry["yard"])
    assert found.geometry["unknown"] is None


def test_table_without_positions_is_no_geojson() -> None:
    with pytest.raises(ValueError, match="got 'projects'"):
        table_geojson(to_frame([], TABLES["projects"]), TABLES["projects"])


@TABLE
def test_geojson_without_rows_has_no_features(table: Table) -> None:
    if table.located:
        content = json.loads(table_geojson(to_frame([], table), table))
        assert content == {"type": "FeatureCollection", "features": []}


def opened(content: bytes, folder: Path) -> gpd.GeoDataFrame:
    path = folder / "table.gpkg"
    path.write_bytes(content)
    ((layer, _),) = pyogrio.list_layers(path).tolist()
    return gpd.GeoDataFrame(pyogrio.read_dataframe(path, layer=layer)).rename_axis(layer)


def test_geopackage_opens_in_other_programs(drawn: gpd.GeoDataFrame, tmp_path: Path) -> None:
    found = opened(table_gpkg(drawn, TABLES["workshops"]), tmp_path)
    assert found.index.name == "workshops"
    assert found.crs == "EPSG:4326"
    assert found["id"].tolist() == ["yard", "point", "unknown"]
    assert found["lat"].isna().tolist() == [False, True, True]
    assert found["position_accuracy_m"].fillna(-1).tolist() == [-1, 12.5, -1]
    assert found["phone"].isna().all()
    assert found.geometry[1].equals(Point(10.0999999, 44.0796))
    assert found.geometry[2] is None


@TABLE
def test_geopackage_without_rows_has_its_columns(table: Table, tmp_path: Path) -> None:
    found = opened(table_gpkg(to_frame([], table), table), tmp_path)
    assert (found.index.name, len(found)) == (table.name, 0)
    told = {"lat", "lon"} if table.located and not table.column("lat").required else set()
    assert [name for name in found.columns if name != "geometry"] == [
        name for name in table.names if name not in told
    ]


# ---------------------------------------------------------------- Excel


def cells(content: bytes, sheet: int = 0) -> list[list[Any]]:
    return load_workbook(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_workbook_holds_text_as_text_and_numbers_as_numbers(
    make_workshop: Make, vocabularies: Vocabularies
) -> None:
    workshop = make_workshop(
        name_it="=1+1",
        name_en="https://a.example",
        summary_it="one\ntwo",
        phone="0585123456",
        lat=44.0796,
        lon=10.1,
        as_of=PartialDate("2025-09-30"),
        founded=PartialDate("1970"),
    )
    table = TABLES["workshops"]
    content = table_xlsx(to_frame([workshop], table), table, vocabularies, "en")
    headings, row = cells(content)
    found = dict(zip(headings, row, strict=True))
    assert tuple(headings) == table.names
    assert (found["name_it"], found["name_en"]) == ("'=1+1", "https://a.example")
    assert (found["summary_it"], found["phone"]) == ("one\ntwo", "0585123456")
    assert (found["lat"], found["lon"]) == (44.0796, 10.1)
    assert (found["as_of"], found["founded"]) == ("2025-09-30", "1970")
    assert found["email"] == ""
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_workbook_shows_amounts_in_euro(
    make_funding: Callable[..., Funding], vocabularies: Vocabularies
) -> None:
    table = TABLES["funding"]
    content = table_xlsx(to_frame([make_funding()], table), table, vocabularies, "it")
    assert cells(content)[1][table.names.index("amount_eur")] == 1500000.5
    assert "€" in parts(content)["xl/styles.xml"]


def test_number_that_excel_would_round_is_kept_as_text(
    make_workshop: Make, vocabularies: Vocabularies
) -> None:
    table = TABLES["workshops"]
    frame = to_frame([make_workshop(position_accuracy_m=0.1 + 0.2)], table)
    row = cells(table_xlsx(frame, table, vocabularies, "it"))[1]
    assert row[table.names.index("position_accuracy_m")] == "0.30000000000000004"


def test_text_longer_than_a_cell_is_refused(
    make_workshop: Make, vocabularies: Vocabularies
) -> None:
    table = TABLES["workshops"]
    frame = to_frame([make_workshop(summary_it="a" * 32_768)], table)
    with pytest.raises(ValueError, match="got 32768"):
        table_xlsx(frame, table, vocabularies, "it")


@TABLE
def test_workbook_without_rows_is_ready_to_be_filled_in(
    table: Table, vocabularies: Vocabularies
) -> None:
    content = table_xlsx(to_frame([], table), table, vocabularies, "it")
    assert load_workbook(io.BytesIO(content)).sheet_names == [table.name]
    assert cells(content) == [list(table.names)]
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_workbook_offers_terms_and_bounds(city: City, vocabularies: Vocabularies) -> None:
    table = TABLES["workshops"]
    content = table_xlsx(to_frame([], table), table, vocabularies, "it", city.extent)
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    assert '<formula1>"yes,by_appointment,events_only,no"</formula1>' in sheet
    assert "<formula1>44.0</formula1><formula2>44.2</formula2>" in sheet


@pytest.mark.parametrize("format_", ["csv", "excel csv", "geojson", "xlsx"])
def test_equal_tables_give_equal_bytes(
    format_: str, drawn: gpd.GeoDataFrame, vocabularies: Vocabularies
) -> None:
    write = WRITERS[format_][1]
    first, second = (write(drawn, TABLES["workshops"], vocabularies) for _ in range(2))
    assert first == second
