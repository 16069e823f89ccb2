"""GeoJSON as programs write it, and as nobody should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map.intake.formats.features import read_features
from regen_map.intake.issues import FileError, Issue, Rule, Severity
from regen_map.intake.limits import Limits
from regen_map.intake.sheets import Sheet

GAUSS_BOAGA = Path(__file__).parent / "files" / "geojson" / "gauss_boaga.geojson"
"""Written by hand in the style of QGIS, with heights and an old `crs` member."""
POINT = {"type": "Point", "coordinates": [10.1, 44.1]}
SQUARE = [[[10, 44], [10.1, 44], [10.1, 44.1], [10, 44.1], [10, 44]]]


def feature(geometry: object = None, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object, **others: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **others})


def read(text: str | bytes, limits: Limits | None = None) -> Sheet:
    content = text if isinstance(text, bytes) else text.encode()
    return read_features(content, "x.geojson", limits or Limits())


def refusal(text: str | bytes, limits: Limits | None = None) -> FileError:
    with pytest.raises(FileError) as caught:
        read(text, limits)
    return caught.value


def drawn(sheet: Sheet) -> list[str | None]:
    return [None if row.geometry is None else row.geometry.wkt for row in sheet.rows]


def test_file_of_a_desktop_program_is_read_as_it_stands() -> None:
    sheet = read(GAUSS_BOAGA.read_bytes())
    assert sheet.crs == "EPSG:3003"
    assert sheet.headings == ("id", "name_it", "cap", "visita", "quota")
    assert [tuple(row.cells) for row in sheet.rows] == [
        ("caffe", "Caffè «Perù»", "54033", "yes", ""),
        ("rossi", "Rossi", "", "", "0.3"),
        ("ignota", "", "", "", ""),
    ]
    assert [(row.line, row.number) for row in sheet.rows] == [(6, 1), (11, 2), (17, 3)]
    assert drawn(sheet) == ["POINT (1586000 4880000)", "POINT (1586001 4880001)", None]
    assert sheet.issues == [
        Issue(file="x.geojson", rule=Rule.HEIGHT_DROPPED, severity=Severity.NOTICE, n_rows=1)
    ]


@pytest.mark.parametrize(
    ("between", "places"),
    [
        ("", [(None, 1), (None, 2), (None, 3)]),
        ("\n", [(1, 1), (2, 2), (3, 3)]),
        ("\r\n\n", [(1, 1), (3, 2), (5, 3)]),
    ],
)
def test_line_is_told_where_each_feature_has_its_own(
    between: str, places: list[tuple[int | None, int]]
) -> None:
    features = f",{between}".join(json.dumps(feature(POINT, id=each)) for each in "abc")
    sheet = read(f'{{"type": "FeatureCollection", "features": [{features}]}}')
    assert [(row.line, row.number) for row in sheet.rows] == places


@pytest.mark.parametrize("first", ["crs", "features"])
def test_members_may_stand_in_any_order(first: str) -> None:
    members = {
        "features": [feature(POINT, id="a")],
        "crs": {"type": "name", "properties": {"name": "EPSG:3003"}},
        "type": "FeatureCollection",
    }
    text = json.dumps({first: members.pop(first), **members}, indent=1)
    sheet = read(text)
    assert (sheet.crs, len(sheet.rows)) == ("EPSG:3003", 1)
    assert [row.line for row in sheet.rows] == [
        1 + text[: text.index("{", text.index('"features"'))].count("\n")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_survive_every_encoding(encoding: str) -> None:
    text = json.dumps(feature(name="Caffè «Perù»"), ensure_ascii=False)
    sheet = read(text.encode(encoding))
    assert sheet.rows[0].cells == ["Caffè «Perù»"]
    assumed = [Rule.ENCODING_ASSUMED] if encoding == "cp1252" else []
    assert [issue.rule for issue in sheet.issues] == assumed


@pytest.mark.parametrize(
    ("text", "wkts"),
    [
        (json.dumps(feature(POINT, id="a")), ["POINT (10.1 44.1)"]),
        (json.dumps(POINT), ["POINT (10.1 44.1)"]),
        (
            json.dumps({"type": "GeometryCollection", "geometries": [POINT, POINT]}),
            ["POINT (10.1 44.1)"] * 2,
        ),
        ("\n".join(json.dumps(feature(POINT)) for _ in "ab"), ["POINT (10.1 44.1)"] * 2),
        ("".join(f"\x1e{json.dumps(feature(POINT))}\n" for _ in "ab"), ["POINT (10.1 44.1)"] * 2),
        (collection(), []),
    ],
    ids=["feature", "geometry", "geometries", "line by line", "RFC 8142", "none"],
)
def test_everything_that_holds_shapes_is_read(text: str, wkts: list[str]) -> None:
    assert drawn(read(text)) == wkts


def test_features_line_by_line_have_their_lines() -> None:
    text = f"{json.dumps(feature(id='a'))}\n\n{json.dumps(feature(id='b'))}\n"
    assert [(row.line, row.number) for row in read(text).rows] == [(1, 1), (3, 2)]


@pytest.mark.parametrize(
    ("geometry", "wkt"),
    [
        ({"type": "MultiPoint", "coordinates": [[10, 44, 3]]}, "POINT (10 44)"),
        (
            {"type": "MultiPolygon", "coordinates": [SQUARE]},
            "POLYGON ((10 44, 10.1 44, 10.1 44.1, 10 44.1, 10 44))",
        ),
        ({"type": "GeometryCollection", "geometries": [POINT]}, "POINT (10.1 44.1)"),
        ({"type": "GeometryCollection", "geometries": []}, None),
        (
            {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
                    {"type": "MultiLineString", "coordinates": [[[2, 2], [3, 3]]]},
                ],
            },
            "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
        ),
        ({"type": "Polygon", "coordinates": []}, None),
    ],
)
def test_shape_is_as_simple_as_it_can_be(geometry: object, wkt: str | None) -> None:
    sheet = read(collection(feature(geometry)))
    assert drawn(sheet) == [wkt]
    assert all(issue.rule is Rule.HEIGHT_DROPPED for issue in sheet.issues)


@pytest.mark.parametrize(
    ("geometry", "rule"),
    [
        ({"type": "MultiPoint", "coordinates": [[10, 44], [11, 44]]}, Rule.GEOMETRY_TYPE),
        (
            {
                "type": "GeometryCollection",
                "geometries": [POINT, {"type": "Polygon", "coordinates": SQUARE}],
            },
            Rule.GEOMETRY_TYPE,
        ),
        ({"type": "GeometryCollection", "geometries": 3}, Rule.GEOMETRY),
        ({"type": "GeometryCollection", "geometries": [{"type": "Circle"}]}, Rule.GEOMETRY_TYPE),
        ({"type": ["Point"], "coordinates": [1, 2]}, Rule.GEOMETRY_TYPE),
        ({"type": "Point", "coordinates": [True, 44]}, Rule.GEOMETRY),
        ({"type": "Point", "coordinates": [10]}, Rule.GEOMETRY),
    ],
)
def test_shape_of_no_use_leaves_the_row_unsound(geometry: object, rule: Rule) -> None:
    sheet = read(collection(feature(geometry, id="a"), feature(id="b")))
    assert [(issue.rule, issue.row, issue.line) for issue in sheet.issues] == [(rule, 1, None)]
    assert [row.sound for row in sheet.rows] == [False, True]


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", ""),
        ("urn:ogc:def:crs:OGC::CRS84", ""),
        ("OGC:CRS84", ""),
        ("EPSG:4326", ""),
        ("urn:ogc:def:crs:EPSG::4326", ""),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", ""),
        ("urn:ogc:def:crs:EPSG::3003", "EPSG:3003"),
        ("urn:ogc:def:crs:EPSG:9.9.1:7791", "EPSG:7791"),
        ("http://www.opengis.net/def/crs/EPSG/0/25832", "EPSG:25832"),
        ("epsg:6707", "EPSG:6707"),
    ],
)
def test_crs_is_told_in_one_spelling(name: str, crs: str) -> None:
    sheet = read(collection(crs={"type": "name", "properties": {"name": name}}))
    assert sheet.crs == crs


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "EPSG:999999"}},
        {"type": "name", "properties": {"name": "Gauss-Boaga"}},
        {"type": "name", "properties": {"name": "/etc/passwd"}},
        {"type": "name", "properties": {"name": "+proj=tmerc +nadgrids=/etc/passwd"}},
        {"type": "name", "properties": {"name": "\ud800"}},
        {"type": "link", "properties": {"href": "https://a.example/crs"}},
        3,
    ],
)
def test_crs_that_nobody_knows_is_refused(crs: object) -> None:
    error = refusal(collection(feature(POINT), crs=crs))
    assert error.rule is Rule.CRS
    error.found.encode()


def test_missing_crs_means_degrees() -> None:
    assert read(collection(feature(POINT), crs=None)).crs == ""


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"features":'])
@pytest.mark.parametrize("depth", [101, 100_000])
def test_depth_is_measured_before_it_hurts(opening: str, depth: int) -> None:
    error = refusal(f'{{"type": "Feature", "properties": {{"a": {opening * depth}')
    assert (error.rule, error.expected) == (Rule.TOO_DEEP, "100")


def test_brackets_inside_texts_are_no_depth() -> None:
    text = '[{"' * 200 + "\\"
    assert read(collection(feature(note=text))).rows[0].cells == [text]


def test_quotes_that_never_close_are_refused_at_once() -> None:
    assert refusal('{"' + '\\"' * 1_000_000).rule is Rule.NOT_GEOJSON


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        "{}",
        '{"type": "Topology"}',
        '{"type": ["Feature"]}',
        '{"features": {}}',
        '{"features": [], "features": []}',
        '{"type": "FeatureCollection", "features": [] "crs": null}',
        '{"type": "FeatureCollection", "features": [{},]}',
        '{"type": "FeatureCollection", "features": []} {}',
        '{"type": "Point", "coordinates": [1, 2]} 3',
        '{"type": "Feature"} x',
        "{3: 4}",
    ],
)
def test_what_holds_no_features_is_refused(text: str) -> None:
    assert refusal(text).rule is Rule.NOT_GEOJSON


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1e400", "inf"),
        ("-1e400", "-inf"),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("9" * 5000, "9" * 5000),
        ("12345678901234567890", "12345678901234567890"),
        ("1e3", "1000"),
        ("0.1", "0.1"),
    ],
)
def test_number_of_any_size_is_text(number: str, text: str) -> None:
    sheet = read(f'{{"type": "Feature", "properties": {{"n": {number}}}, "geometry": null}}')
    assert sheet.rows[0].cells == [text]
    place = f'{{"type": "Point", "coordinates": [{number}, 44]}}'
    sheet = read(f'{{"type": "Feature", "properties": {{"n": 1}}, "geometry": {place}}}')
    wrong = [] if len(text) < 5 and text.replace(".", "").isdigit() else [Rule.GEOMETRY]
    assert [issue.rule for issue in sheet.issues] == wrong


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "Feature", "properties": {"id": "a", "id": "b"}}',
        '{"type": "Feature", "id": 1, "id": 2, "properties": {"id": "a"}}',
        '{"type": "Feature", "geometry": {"id": 1, "id": 2, "type": "Point"}}',
    ],
)
def test_what_is_said_twice_is_told(text: str) -> None:
    sheet = read(f'{{"features": [{text}]}}')
    (issue,) = sheet.issues
    assert (issue.rule, issue.columns, issue.row) == (Rule.HEADING_REPEATED, ("id",), 1)
    assert [row.sound for row in sheet.rows] == [False]


def test_halves_of_characters_do_not_reach_a_heading() -> None:
    sheet = read('{"type": "Feature", "properties": {"\\ud800a": "b\\udfff"}}')
    assert sheet.headings == ("\ufffda",)
    assert sheet.rows[0].cells == ["b\udfff"]  # refused cell by cell


def test_what_is_no_feature_is_told_with_its_line() -> None:
    sheet = read('{"features": [\n3,\n{"type": "Feature", "properties": 4}\n]}')
    assert [(issue.rule, issue.row, issue.line) for issue in sheet.issues] == [
        (Rule.NOT_GEOJSON, 1, 2),
        (Rule.NOT_GEOJSON, 2, 3),
    ]


def test_lists_and_objects_become_text() -> None:
    cells = read(collection(feature(a=["x", 1.0], b={"c": None}))).rows[0].cells
    assert cells == ["x | 1", '{"c": null}']


def some(content: bytes) -> Sheet | FileError:
    try:
        return read(content)
    except FileError as error:
        return error


_ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "properties", "geometry", "geometries", "coordinates", "crs"]),
            inner | st.sampled_from(["Feature", "Point", "GeometryCollection", "MultiPolygon"]),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=200) | _ANY.map(lambda each: json.dumps(each).encode()))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert isinstance(some(content), Sheet | FileError)
    assert isinstance(some(b'{"features": [' + content + b"]}"), Sheet | FileError)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(GAUSS_BOAGA.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(some(bytes(content)), Sheet | FileError)
