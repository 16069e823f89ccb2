"""
GeoPackages and zipped shapefiles, sound and hostile.

The files under `tests/files/vector` were written by GDAL through pyogrio: `places.gpkg`
has the layers `workshops` (points with heights), `public_spaces` (areas) and `note` (no
shapes); `cp1252.zip` and `utf8.zip` have one shapefile of the same points, in a folder
or in capitals; `two.zip` has two, of which the first lacks its .prj and .cpg.
"""

from __future__ import annotations

import io
import sqlite3
import struct
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from regen_map.intake.formats.vector import read_vector
from regen_map.intake.issues import FileError, Rule
from regen_map.intake.limits import LIMITS, Limits
from regen_map.intake.sheets import Sheet

FILES = Path(__file__).parent / "files" / "vector"
NAMES = ("places.gpkg", "cp1252.zip", "utf8.zip", "two.zip")
WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
LOCAL = (
    'LOCAL_CS["Rilievo",UNIT["metre",1,AUTHORITY["EPSG","9001"]],'
    'AXIS["Easting",EAST],AXIS["Northing",NORTH]]'
)


def read(name: str, table_name: str = "workshops", limits: Limits = LIMITS) -> Sheet:
    return read_vector((FILES / name).read_bytes(), name, [table_name], limits)


def refusal(content: bytes, limits: Limits = LIMITS) -> FileError:
    with pytest.raises(FileError) as caught:
        read_vector(content, "x", ["workshops"], limits)
    return caught.value


def zipped(members: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def parts(name: str = "utf8.zip") -> dict[str, bytes]:
    """Give the files of the first shapefile of an archive by ending."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(FILES / name) as archive:
        for each in archive.namelist():
            found.setdefault(Path(each).suffix.lower(), archive.read(each))
    return found


def shapefile(**changes: bytes | None) -> bytes:
    """Pack the shapefile of `utf8.zip` with files replaced, or left out."""
    files = {**parts(), **{f".{ending}": content for ending, content in changes.items()}}
    return zipped({f"a{ending}": each for ending, each in files.items() if each is not None})


def package(*statements: str, name: str = "places.gpkg") -> bytes:
    """Give a GeoPackage after some statements of SQL."""
    database = sqlite3.connect(":memory:")
    database.deserialize((FILES / name).read_bytes())
    for each in ("IsEmpty", "MinX", "MaxX", "MinY", "MaxY"):  # what its triggers call
        database.create_function(f"ST_{each}", 1, lambda _: 1)
    for statement in statements:
        database.execute(statement)
    database.commit()
    content = database.serialize()
    database.close()
    return content


def wkts(sheet: Sheet) -> list[str | None]:
    return [None if row.geometry is None else row.geometry.wkt for row in sheet.rows]


def test_geopackage_is_read_as_it_stands() -> None:
    sheet = read("places.gpkg")
    assert sheet.crs == "EPSG:3003"
    assert sheet.headings == ("id", "name_it", "cap", "quota", "visita", "dal", "visto")
    assert [row.cells for row in sheet.rows] == [
        ("caffe", "Caffè", "54033", "0.3", "yes", "2025-09-30", "2025-09-30T15:00"),
        ("perche", "Perché no", "", "", "", "", ""),
        ("", "€ 5", "12", "0.0000001", "no", "1850-01-02", "1950-01-02"),
    ]
    assert [(row.number, row.line) for row in sheet.rows] == [(1, None), (2, None), (3, None)]
    assert wkts(sheet) == ["POINT (1586000 4880000)", "POINT (1586001 4880001)", None]
    ignored, height = sheet.issues
    assert (ignored.rule, ignored.found, ignored.expected) == (
        Rule.LAYERS_IGNORED,
        "public_spaces, note",
        "workshops",
    )
    assert (height.rule, height.n_rows) == (Rule.HEIGHT_DROPPED, 2)


def test_layer_named_as_the_table_is_read() -> None:
    sheet = read("places.gpkg", "publicspaces")
    kinds = [row.geometry and row.geometry.geom_type for row in sheet.rows]
    assert kinds == ["Polygon", "MultiPolygon", None]
    assert [(issue.rule, issue.row) for issue in sheet.issues[1:]] == [(Rule.GEOMETRY_INVALID, 3)]
    assert [row.sound for row in sheet.rows] == [True, True, False]


def test_layer_without_shapes_is_read() -> None:
    sheet = read("places.gpkg", "note")
    assert (sheet.headings, sheet.rows[0].cells, wkts(sheet)) == (("nota",), ("x",), [None])


@pytest.mark.parametrize("name", ["cp1252.zip", "utf8.zip"])
def test_shapefile_is_read_as_it_stands(name: str) -> None:
    sheet = read(name)
    assert sheet.crs == "EPSG:3003"
    assert sheet.headings == ("id", "name_it", "cap", "quota", "summary_it", "dal")
    assert [row.cells for row in sheet.rows] == [
        ("caffe", "Caffè", "54033", "0.3", "a", "2025-09-30"),
        ("perche", "Perché no", "0", "", "", ""),
        ("e", "€ 5", "12", "0.0000001", "c", "1850-01-02"),
    ]
    assert wkts(sheet)[0] == "POINT (1586000 4880000)"
    assert [(issue.rule, issue.n_rows) for issue in sheet.issues] == [(Rule.HEIGHT_DROPPED, 3)]


@pytest.mark.parametrize(
    ("table_name", "read_name", "other"),
    [
        ("public_spaces", "public_spaces", "laboratori"),
        ("workshops", "laboratori", "public_spaces"),
    ],
)
def test_shapefile_named_as_the_table_or_else_the_first_is_read(
    table_name: str, read_name: str, other: str
) -> None:
    sheet = read("two.zip", table_name)
    notice = sheet.issues[0]
    assert (notice.rule, notice.found, notice.expected) == (Rule.LAYERS_IGNORED, other, read_name)
    assert sheet.crs == ("EPSG:3003" if read_name == "public_spaces" else "")


@pytest.mark.parametrize(
    ("cpg", "driver", "name", "rules"),
    [
        (b"UTF-8", 0, "utf8.zip", []),
        (b"65001\r\n", 0x57, "utf8.zip", []),
        (b"1252", 0, "cp1252.zip", []),
        (b"ANSI 1252", 0, "cp1252.zip", []),
        (b"ISO-8859-1", 0, "cp1252.zip", []),
        (None, 0x03, "cp1252.zip", []),
        (None, 0x57, "cp1252.zip", []),
        (None, 0, "utf8.zip", []),
        (None, 0, "cp1252.zip", [Rule.ENCODING_ASSUMED]),
        (b"UTF-8", 0, "cp1252.zip", [Rule.ENCODING_ASSUMED]),
        (b"uu", 0, "cp1252.zip", [Rule.ENCODING_ASSUMED]),
        (b"nonsense\0", 0, "cp1252.zip", [Rule.ENCODING_ASSUMED]),
    ],
)
def test_accents_survive_every_encoding(
    cpg: bytes | None, driver: int, name: str, rules: list[Rule]
) -> None:
    table = bytearray(parts(name)[".dbf"])
    table[29] = driver
    sheet = read_vector(shapefile(dbf=bytes(table), cpg=cpg), "x", ["y"])
    assert [row.cells[1] for row in sheet.rows] == ["Caffè", "Perché no", "€ 5"]
    assert [issue.rule for issue in sheet.issues[:-1]] == rules


def test_character_cut_in_half_at_the_end_of_a_field_is_dropped() -> None:
    whole = "Caffè".encode().ljust(80)
    table = parts()[".dbf"]
    assert whole in table
    table = table.replace(whole, b"x" * 79 + b"\xc3")
    sheet = read_vector(shapefile(dbf=table, cpg=None), "x", ["y"])
    assert [row.cells[1] for row in sheet.rows] == ["x" * 79, "Perché no", "€ 5"]


@pytest.mark.parametrize(
    ("prj", "crs"), [(None, ""), (b" ", ""), (WGS84.encode(), ""), (LOCAL.encode(), LOCAL)]
)
def test_crs_is_told_in_one_spelling(prj: bytes | None, crs: str) -> None:
    assert read_vector(shapefile(prj=prj), "x", ["y"]).crs == crs


@pytest.mark.parametrize("prj", [b"Gauss-Boaga", b"EPSG:3003", b"/etc/passwd", b"\xff\xfe\0"])
def test_crs_that_nobody_knows_is_refused(prj: bytes) -> None:
    assert refusal(shapefile(prj=prj)).rule is Rule.CRS


@pytest.mark.parametrize("ending", ["shp", "shx", "dbf"])
def test_shapefile_lacking_a_file_is_refused_with_what_there_is(ending: str) -> None:
    error = refusal(shapefile(**{ending: None}))
    assert (error.rule, error.expected) == (Rule.NOT_VECTOR, ".zip (.shp, .shx, .dbf)")
    assert f".{ending}" not in error.found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id,name\n",
        b"PK\x03\x04",
        b"SQLite format 3\0",
        b"SQLite format 3\0" + bytes(4096),
        zipped({}),
        zipped({"a.txt": b"x"}),
        zipped({"a.vrt": b"<OGRVRTDataSource/>"}),
        shapefile(shp=b""),
        shapefile(shp=b"<OGRVRTDataSource/>", shx=b"", dbf=b""),
        shapefile(dbf=b""),
        shapefile(shx=b"x" * 100),
    ],
)
def test_what_holds_no_layer_is_refused(content: bytes) -> None:
    assert refusal(content).rule is Rule.NOT_VECTOR


def test_nothing_but_the_shapefile_reaches_gdal() -> None:
    source = "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc</SrcDataSource>"
    others = {"a.vrt": source.encode(), "a.shp.aux.xml": b"<", "a.sbn": b"x", "a.qix": b"x"}
    files = {f"a{ending}": content for ending, content in parts().items()}
    assert len(read_vector(zipped({**others, **files}), "x", ["y"]).rows) == 3


def test_archive_that_unpacks_to_too_much_is_refused() -> None:
    bomb = zipped({"a.shp": bytes(2_000_000)})
    assert refusal(bomb, Limits(unpacked_bytes=1_000_000)).rule is Rule.UNPACKED_TOO_LARGE


def test_index_that_names_one_shape_a_million_times_is_refused() -> None:
    index = parts()[".shx"]
    error = refusal(shapefile(shx=index[:100] + index[100:108] * 1_000_000))
    assert (error.rule, error.found) == (Rule.NOT_VECTOR, ".shx")


@pytest.mark.parametrize("name", ["places.gpkg", "utf8.zip"])
def test_size_is_measured(name: str) -> None:
    content = (FILES / name).read_bytes()
    assert refusal(content, Limits(columns=5)).rule is Rule.TOO_MANY_COLUMNS
    assert refusal(content, Limits(grid_cells=11)).rule is Rule.GRID_TOO_LARGE


def test_layer_that_computes_its_rows_is_passed_over() -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x FROM n"
    content = package(
        f"CREATE VIEW endless AS {endless}",
        "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('endless', 'features')",
    )
    sheet = read_vector(content, "x", ["endless"])
    assert sheet.headings[0] == "id"
    assert "endless" not in sheet.issues[0].found


def test_list_of_layers_that_computes_its_rows_is_refused() -> None:
    content = package(
        "ALTER TABLE gpkg_contents RENAME TO hidden",
        "CREATE VIEW gpkg_contents AS SELECT * FROM hidden",
    )
    assert refusal(content).rule is Rule.NOT_VECTOR


def test_virtual_table_is_passed_over() -> None:
    content = package(
        "INSERT INTO gpkg_contents (table_name, data_type)"
        " VALUES ('rtree_workshops_geom', 'features')"
    )
    assert "rtree" not in read_vector(content, "x", ["rtree_workshops_geom"]).issues[0].found


def test_computed_column_is_passed_over() -> None:
    content = package("ALTER TABLE workshops ADD COLUMN big AS (zeroblob(1000000000))")
    assert "big" not in read_vector(content, "x", ["workshops"]).headings


def test_what_comes_out_of_a_geopackage_is_measured() -> None:
    content = package("UPDATE workshops SET name_it = printf('%.*c', 400000, 'x')")
    assert refusal(content, Limits(unpacked_bytes=1_000_000)).rule is Rule.UNPACKED_TOO_LARGE


@pytest.mark.parametrize(
    ("organization", "code", "definition", "crs"),
    [
        ("EPSG", 4326, "", ""),
        ("NONE", 0, "undefined", ""),
        ("ESRI", 1, WGS84, ""),
        ("custom", 1, LOCAL, LOCAL),
    ],
)
def test_crs_of_a_geopackage_is_told_in_one_spelling(
    organization: str, code: int, definition: str, crs: str
) -> None:
    content = package(
        f"UPDATE gpkg_spatial_ref_sys SET organization = '{organization}',"  # noqa: S608
        f" organization_coordsys_id = {code}, definition = '{definition}' WHERE srs_id = 3003"
    )
    assert read_vector(content, "x", ["workshops"]).crs == crs


@pytest.mark.parametrize("organization", ["EPSG", "custom"])
def test_crs_of_a_geopackage_that_nobody_knows_is_refused(organization: str) -> None:
    content = package(
        f"UPDATE gpkg_spatial_ref_sys SET organization = '{organization}',"  # noqa: S608
        " organization_coordsys_id = 999999, definition = 'x' WHERE srs_id = 3003"
    )
    assert refusal(content).rule is Rule.CRS


def with_shape(binary: bytes) -> bytes:
    blob = b"GP\0\1" + struct.pack("<i", 3003) + binary
    return package(
        f"UPDATE workshops SET geom = x'{blob.hex()}' WHERE fid = 1",  # noqa: S608
    )


@pytest.mark.parametrize(
    ("binary", "rule"),
    [
        (b"", Rule.GEOMETRY),
        (b"nonsense", Rule.GEOMETRY),
        (shapely.to_wkb(shapely.from_wkt("POINT (1 2)"))[:-1], Rule.GEOMETRY),
        (shapely.to_wkb(shapely.from_wkt("MULTIPOINT (1 2, 3 4)")), Rule.GEOMETRY_TYPE),
        (struct.pack("<BIdd", 1, 1, 1.0, float("inf")), Rule.GEOMETRY_INVALID),
        (struct.pack("<BII6d", 1, 8, 3, 0, 0, 1, 1, 2, 0), Rule.GEOMETRY_TYPE),
    ],
)
def test_faulty_shape_leaves_the_row_unsound(binary: bytes, rule: Rule) -> None:
    sheet = read_vector(with_shape(binary), "x", ["workshops"])
    assert (rule, 1) in [(issue.rule, issue.row) for issue in sheet.issues]
    assert [row.sound for row in sheet.rows] == [False, True, True]


@pytest.mark.parametrize("kind", [4, 5, 6, 7, 1007, 0x80000007])
@pytest.mark.parametrize("depth", [100, 300_000])
def test_shape_nested_without_end_is_survived(kind: int, depth: int) -> None:
    nested = struct.pack("<BII", 1, kind, 1) * depth + struct.pack("<BIdd", 1, 1, 0.0, 0.0)
    sheet = read_vector(with_shape(nested), "x", ["workshops"])
    assert len(sheet.rows) == 3


def test_large_shapes_are_no_nested_ones() -> None:
    area = shapely.Point(0, 0).buffer(1, quad_segs=64)
    many = shapely.MultiPolygon([area, affinity.translate(area, 9)])
    sheet = read_vector(with_shape(shapely.to_wkb(many)), "x", ["workshops"])
    assert sheet.rows[0].geometry == many


def test_endless_work_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regen_map.intake.formats.geopackage._OPERATIONS", 10)
    monkeypatch.setattr("regen_map.intake.formats.geopackage._SECONDS", -1)
    started = time.monotonic()
    assert refusal((FILES / "places.gpkg").read_bytes()).rule is Rule.NOT_VECTOR
    assert time.monotonic() - started < 5


def some(content: bytes) -> Sheet | FileError:
    try:
        return read_vector(content, "x", ["workshops"], Limits(unpacked_bytes=2**22))
    except FileError as error:
        return error


@settings(max_examples=200, deadline=None)
@given(
    content=st.binary(max_size=200),
    start=st.sampled_from([b"", b"PK\x03\x04", b"SQLite format 3\0"]),
)
def test_any_bytes_are_read_or_refused(start: bytes, content: bytes) -> None:
    assert isinstance(some(start + content), Sheet | FileError)


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_any_damage_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray((FILES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(some(bytes(content)), Sheet | FileError)


@settings(max_examples=200, deadline=None)
@given(ending=st.sampled_from(["shp", "shx", "dbf", "prj", "cpg"]), data=st.data())
def test_any_damage_inside_the_archive_is_read_or_refused(ending: str, data: st.DataObject) -> None:
    content = bytearray(parts()[f".{ending}"])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    assert isinstance(some(shapefile(**{ending: bytes(content)})), Sheet | FileError)
