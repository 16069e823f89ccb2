from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map.catalogue import TABLES, City, Vocabularies
from regen_map.intake import Reading, Rule, Severity, file_names, read_catalogue, read_table
from regen_map.intake.formats.delimited import read_delimited
from regen_map.messages.issues import describe
from tests.conftest import SOUND

Rows = Callable[..., bytes]
Files = Callable[..., dict[str, bytes]]


def rules(reading: Reading) -> list[tuple[Rule, int | None]]:
    return [(issue.rule, issue.line) for issue in reading.issues]


def collection(*features: object, **members: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def feature(geometry: object, **properties: object) -> dict[str, object]:
    sound = {
        "id": "alberica",
        "name_it": "Piazza Alberica",
        "name_en": "Alberica square",
        "kind": "square",
        "sources": "https://a.example/",
    }
    return {"type": "Feature", "properties": {**sound, **properties}, "geometry": geometry}


def point(lon: object, lat: object) -> dict[str, object]:
    return {"type": "Point", "coordinates": [lon, lat]}


def test_sound_city_is_read_without_issues(files: Files, rows: Rows) -> None:
    names = [name for name in TABLES if name in SOUND]
    reading = read_catalogue(files(**{name: rows(name, {}) for name in names}))
    assert reading.issues == ()
    assert reading.catalogue is not None
    assert reading.catalogue.place_ids == ("rossi", "museo")
    assert reading.catalogue.table("funding")["amount_eur"].tolist() == [Decimal("1500000.50")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_told_from_the_header(delimiter: str, files: Files, rows: Rows) -> None:
    content = rows(
        "workshops", {"summary_it": "Uno, due; tre", "summary_en": "x"}, delimiter=delimiter
    )
    reading = read_catalogue(files(workshops=content))
    assert reading.catalogue is not None
    assert reading.catalogue.places["summary_it"].tolist() == ["Uno, due; tre"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_accents_survive_every_encoding(encoding: str, files: Files, rows: Rows) -> None:
    content = rows("workshops", {"name_it": "Caffè «Perù» €"}).decode().encode(encoding)
    reading = read_catalogue(files(workshops=content))
    assert reading.catalogue is not None
    assert reading.catalogue.places["name_it"].tolist() == ["Caffè «Perù» €"]
    assumed = [(Rule.ENCODING_ASSUMED, None)] if encoding == "cp1252" else []
    assert rules(reading) == assumed


def test_bytes_that_are_no_text_are_told(files: Files) -> None:
    assert (Rule.ENCODING, None) in rules(read_catalogue(files(workshops=b"id\x81,name\x8d")))


def test_line_number_survives_a_newline_inside_quotes(files: Files, rows: Rows) -> None:
    content = rows(
        "workshops",
        {"summary_it": "uno\ndue\r\ntre", "summary_en": "x"},
        {"id": "bianchi", "kind": "galery"},
    )
    assert rules(read_catalogue(files(workshops=content))) == [(Rule.TERM, 5)]


def test_empty_rows_and_columns_are_passed_over(files: Files) -> None:
    content = (
        b"id,name_it,name_en,kind,sources,,\n,,,,,,\na,A,A,gallery,https://a.example,,\n\n,,\n"
    )
    reading = read_catalogue(files(workshops=content))
    assert reading.issues == ()
    assert reading.catalogue is not None
    assert reading.catalogue.place_ids == ("a",)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'id,name_it,name_en,kind\na,"A,A,gallery\n', 2),
        (b'id,name_it,name_en,kind\nb,"B"x,B,gallery\n', 2),
    ],
    ids=["never closed", "text after the quote"],
)
def test_quotes_that_do_not_match_are_told(content: bytes, line: int, files: Files) -> None:
    assert rules(read_catalogue(files(workshops=content))) == [(Rule.QUOTES, line)]


def test_missing_heading_is_named_with_the_ones_found(files: Files) -> None:
    content = b"id,nome,name_en,kinds\na,A,A,gallery\n"
    reading = read_catalogue(files(workshops=content))
    (issue,) = reading.issues
    assert (issue.rule, issue.line) == (Rule.HEADING_MISSING, None)
    assert (issue.found, issue.expected) == ("id, nome, name_en, kinds", "kind")
    assert issue.suggestion == "kinds → kind"
    assert reading.catalogue is None


def test_unknown_heading_is_left_out_with_the_nearest_known_one(files: Files) -> None:
    content = b"id,name_it,name_en,kind,sources,adress\na,A,A,gallery,https://a.example,Via Verdi\n"
    (issue,) = read_catalogue(files(workshops=content)).issues
    assert (issue.rule, issue.severity) == (Rule.HEADING_UNKNOWN, Severity.WARNING)
    assert (issue.found, issue.suggestion) == ("adress", "address")


def test_repeated_heading_is_refused(files: Files) -> None:
    content = b"id,id,name_it,name_en,kind\na,b,A,A,gallery\n"
    (issue,) = read_catalogue(files(workshops=content)).issues
    assert (issue.rule, issue.columns) == (Rule.HEADING_REPEATED, ("id",))


def test_row_longer_than_the_header_is_left_out(files: Files) -> None:
    content = b"id,name_it,name_en,kind,sources\na,A,B,C,gallery,https://a.example\n"
    (issue,) = read_catalogue(files(workshops=content)).issues
    assert (issue.rule, issue.line, issue.found, issue.expected) == (Rule.ROW_TOO_LONG, 2, "6", "5")


def test_all_issues_of_a_file_are_reported_at_once_in_file_order(files: Files, rows: Rows) -> None:
    content = rows(
        "workshops",
        {"lon": "10.09", "lat": "", "kind": "galery"},
        {"id": "Bianchi", "website": "javascript:alert(1)", "sources": ""},
        {"id": "rossi", "lat": "10.09", "lon": "44.08"},
    )
    assert rules(read_catalogue(files(workshops=content))) == [
        (Rule.TERM, 2),
        (Rule.POSITION_HALF, 2),
        (Rule.SLUG, 3),
        (Rule.URL, 3),
        (Rule.NO_SOURCE, 3),
        (Rule.REPEATED, 4),
        (Rule.POSITION_SWAPPED, 4),
    ]


def test_sound_rows_survive_unsound_neighbours(files: Files, rows: Rows) -> None:
    content = rows("workshops", {"id": "a", "kind": "?"}, {"id": "b"}, {"id": "c", "lat": "x"})
    reading = read_catalogue(files(workshops=content))
    assert reading.catalogue is not None
    assert reading.catalogue.place_ids == ("b",)


def test_too_long_cell_is_refused(files: Files, rows: Rows) -> None:
    content = rows("workshops", {"summary_it": "x" * 20_001, "summary_en": "x"})
    (issue,) = read_catalogue(files(workshops=content)).issues
    assert issue.rule is Rule.CELL_TOO_LONG
    assert len(issue.found) == 200


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x85", "\u202e", "\u2066"])
def test_control_character_is_taken_out_of_a_text(character: str, files: Files, rows: Rows) -> None:
    reading = read_catalogue(files(workshops=rows("workshops", {"name_it": f"Ro{character}ssi"})))
    (issue,) = reading.issues
    assert (issue.rule, issue.severity) == (Rule.CONTROL_CHARACTERS, Severity.WARNING)
    assert reading.catalogue is not None
    assert reading.catalogue.places["name_it"].tolist() == ["Rossi"]


def test_control_character_in_an_id_is_refused(files: Files, rows: Rows) -> None:
    reading = read_catalogue(files(workshops=rows("workshops", {"id": "ros\u202esi"})))
    assert rules(reading) == [(Rule.CONTROL_CHARACTERS, 2)]
    assert reading.issues[0].is_error


def test_name_in_one_language_stands_for_the_other(files: Files, rows: Rows) -> None:
    reading = read_catalogue(files(workshops=rows("workshops", {"name_en": ""})))
    (issue,) = reading.issues
    assert (issue.rule, issue.columns, issue.expected) == (
        Rule.ONE_LANGUAGE,
        ("name_it",),
        "name_en",
    )
    assert reading.catalogue is not None
    assert reading.catalogue.places["name_en"].tolist() == ["Galleria Rossi"]


def test_sources_without_dates_have_unknown_dates(files: Files, rows: Rows) -> None:
    sources = {"sources": "https://a.example | https://b.example"}
    reading = read_catalogue(files(workshops=rows("workshops", sources)))
    assert reading.catalogue is not None
    place = reading.catalogue.place("rossi")
    assert place is not None
    assert place.source_dates == (None, None)


def test_city_that_cannot_be_read_gives_no_catalogue(files: Files) -> None:
    folder = files()
    assert read_catalogue({**folder, "city.toml": b"= ="}).catalogue is None
    del folder["city.toml"]
    reading = read_catalogue(folder)
    assert reading.catalogue is None
    assert rules(reading) == [(Rule.FILE_MISSING, None)]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        (b"extent = [10.0,", b"extent = [11.0,", "extent"),
        (b'"EPSG:7791"', b'"EPSG:4326"', "metric_crs"),
        (b'"EPSG:7791"', b'"nowhere"', "metric_crs"),
        (b'"Europe/Rome"', b'"Europe/Atlantis"', "time_zone"),
        (b'"IT"', b'"Italy"', "holiday_country"),
        (b'["it", "en"]', b'["fr"]', "name_fr"),
    ],
)
def test_unsound_setting_is_named(old: bytes, new: bytes, column: str, files: Files) -> None:
    folder = files()
    folder["city.toml"] = folder["city.toml"].replace(old, new)
    reading = read_catalogue(folder)
    assert [(issue.rule, issue.columns) for issue in reading.issues] == [
        (Rule.CITY_SETTING, (column,))
    ]


def test_unsound_background_is_left_out(files: Files) -> None:
    folder = files()
    folder["city.toml"] = folder["city.toml"].replace(b"{z}", b"")
    reading = read_catalogue(folder)
    assert reading.catalogue is not None
    assert reading.catalogue.city.tiles == ()
    assert [issue.severity for issue in reading.issues] == [Severity.WARNING]


def test_city_words_the_terms_of_the_product_but_adds_none(files: Files) -> None:
    folder = files()
    folder["vocabularies.csv"] += (
        b"phase,works,,Cantiere,Site\nphase,dreaming,,Sogno,Dream\nkind,hut,shed,Capanno,Hut\n"
    )
    reading = read_catalogue(folder)
    assert reading.catalogue is not None
    assert reading.catalogue.vocabularies.label("phase", "works", "it") == "Cantiere"
    assert "dreaming" not in reading.catalogue.vocabularies.names("phase")
    assert rules(reading) == [(Rule.TERM_CLOSED, 10), (Rule.TERM, 11)]


def test_file_of_no_table_is_noticed(files: Files) -> None:
    (issue,) = read_catalogue({**files(), "notes.txt": b"x"}).issues
    assert (issue.rule, issue.severity) == (Rule.FILE_UNKNOWN, Severity.NOTICE)


def test_table_given_twice_is_read_from_its_canonical_file(files: Files) -> None:
    folder = files() | {"workshops.geojson": collection()}
    reading = read_catalogue(folder)
    assert [(issue.file, issue.rule) for issue in reading.issues] == [
        ("workshops.geojson", Rule.TABLE_TWICE)
    ]
    assert reading.catalogue is not None
    assert reading.catalogue.place_ids == ("rossi",)


def test_point_of_a_feature_is_its_position(files: Files) -> None:
    content = collection(feature(point(10.1, 44.1)), feature(None, id="ignota"))
    reading = read_catalogue(files() | {"public_spaces.geojson": content})
    assert reading.issues == ()
    assert reading.catalogue is not None
    places = reading.catalogue.places
    assert [places.loc["alberica", name] for name in ("lat", "lon")] == [44.1, 10.1]
    assert places.geometry.isna().to_dict() == {"alberica": False, "ignota": True, "rossi": False}


def test_area_keeps_its_shape_and_gives_a_point_inside(files: Files) -> None:
    ring = [[10.0, 44.0], [10.1, 44.0], [10.1, 44.1], [10.0, 44.1], [10.0, 44.0]]
    area = {"type": "Polygon", "coordinates": [ring]}
    content = collection(feature(area), feature(area, id="given", lat=44.01, lon=10.02))
    reading = read_catalogue(files() | {"public_spaces.geojson": content})
    assert reading.issues == ()
    assert reading.catalogue is not None
    spaces = reading.catalogue.table("public_spaces")
    assert gpd.GeoDataFrame(spaces).geometry.geom_type.tolist() == ["Polygon", "Polygon"]
    assert spaces["lat"].tolist() == [44.05, 44.01]


@pytest.mark.parametrize(
    ("geometry", "rule"),
    [
        (point("10", 44.1), Rule.GEOMETRY),
        (point(float("nan"), 44.1), Rule.GEOMETRY),
        (point(10**400, 44.1), Rule.GEOMETRY),
        ({"type": "Polygon", "coordinates": [[[10, 44], [10.1, 44]]]}, Rule.GEOMETRY),
        ({"type": "Point", "coordinates": 5}, Rule.GEOMETRY),
        ({"type": "Circle", "coordinates": []}, Rule.GEOMETRY_TYPE),
        ("here", Rule.GEOMETRY_TYPE),
        (
            {
                "type": "Polygon",
                "coordinates": [[[10, 44], [10.1, 44.1], [10.1, 44], [10, 44.1], [10, 44]]],
            },
            Rule.GEOMETRY_INVALID,
        ),
        (point(12.0, 44.1), Rule.POSITION_OUTSIDE),
        (point(44.1, 10.1), Rule.POSITION_SWAPPED),
    ],
)
def test_unsound_shape_leaves_the_feature_out(geometry: object, rule: Rule, files: Files) -> None:
    content = collection(feature(geometry), feature(None, id="sound"))
    reading = read_catalogue(files() | {"public_spaces.geojson": content})
    assert [(issue.rule, issue.row, issue.line) for issue in reading.issues] == [(rule, 1, None)]
    assert reading.catalogue is not None
    assert reading.catalogue.place_ids == ("sound", "rossi")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"{", Rule.NOT_GEOJSON),
        (b"[]", Rule.NOT_GEOJSON),
        (b"[" * 100_000, Rule.TOO_DEEP),
        (b'{"features": {}}', Rule.NOT_GEOJSON),
        (collection(crs={"properties": {"name": "Gauss-Boaga"}}), Rule.CRS),
    ],
)
def test_file_that_is_no_feature_collection_is_told(
    content: bytes, rule: Rule, files: Files
) -> None:
    reading = read_catalogue(files() | {"public_spaces.geojson": content})
    assert [(issue.rule, issue.whole_file) for issue in reading.issues] == [(rule, True)]


def test_usual_crs_member_is_accepted(files: Files) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    content = collection(feature(None), crs=crs)
    assert read_catalogue(files() | {"public_spaces.geojson": content}).issues == ()


def test_version_depends_on_the_content_alone(files: Files, rows: Rows) -> None:
    plain = read_catalogue(files()).catalogue
    written = rows("workshops", {"lat": "44.080"}, delimiter=";").replace(b"\n", b"\r\n")
    same = read_catalogue(files(workshops=written, events=rows("events"))).catalogue
    other = read_catalogue(files(workshops=rows("workshops", {"lat": "44.081"}))).catalogue
    assert plain is not None
    assert same is not None
    assert other is not None
    assert plain.version == same.version != other.version
    assert len(plain.version) == 16


def test_single_table_is_read_without_its_references(
    rows: Rows, city: City, vocabularies: Vocabularies
) -> None:
    content = rows("projects", {"place_id": "nowhere"}, {"id": "b", "start": "2026", "end": "2025"})
    reading = read_table("projects.csv", content, city=city, vocabularies=vocabularies)
    assert [record.id for record in reading.records] == ["verdi"]
    rules = [issue.rule for issue in reading.issues]
    assert rules == [Rule.REFERENCES_UNCHECKED, Rule.DATES_REVERSED]
    with pytest.raises(ValueError, match=r"got 'x\.csv'"):
        read_table("x.csv", b"", city=city, vocabularies=vocabularies)


_TABLE_FILES = [name for name in file_names() if name != "city.toml"]
_WORDS = st.sampled_from(
    [
        *TABLES["workshops"].names,
        *TABLES["stops"].names,
        "a",
        '"',
        "44.08",
        "gallery",
        "\x00",
        "\ud800",
    ]
)
_TABLE_TEXT = st.lists(st.lists(_WORDS, max_size=6).map(",".join), max_size=6).map(
    lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "properties", "geometry", "coordinates", "id", "name_it"]),
            inner | st.sampled_from(["Feature", "Point", "Polygon"]),
            max_size=5,
        )
    ),
    max_leaves=12,
)
_FEATURES = st.lists(_JSON | _JSON.map(feature), max_size=3).map(lambda each: collection(*each))


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from([*_TABLE_FILES, "city.toml"]),
    content=st.binary(max_size=300) | _TABLE_TEXT | _FEATURES,
)
def test_any_bytes_give_issues_or_a_table(files: Files, name: str, content: bytes) -> None:
    reading = read_catalogue(files() | {name: content})
    assert reading.catalogue is not None or reading.issues
    assert all(describe(issue, "it").isprintable() for issue in reading.issues)


@settings(max_examples=150, deadline=None)
@given(content=_TABLE_TEXT | st.binary(max_size=200))
def test_any_bytes_are_read_row_by_row(content: bytes) -> None:
    content = b"id,name_it\n" + content
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return
    sheet = read_delimited(content, "x.csv", len)
    last = text.count("\n") + text.count("\r") + 1
    assert all(row.line is not None and 1 <= row.line <= last for row in sheet.rows)
