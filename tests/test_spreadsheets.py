"""
Workbooks, sound and hostile.

The files under `tests/files/spreadsheets` hold the same four rows from C4 on and other
sheets: `laboratori.xlsx` was written by XlsxWriter, `.xls` by xlwt, `.ods` by odfpy with
the repetitions and the mark of errors that LibreOffice writes; `password.xlsx` is the
first, encrypted by msoffcrypto-tool.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map.intake.formats.celltext import typed_text
from regen_map.intake.formats.spreadsheets import read_workbook
from regen_map.intake.issues import FileError, Rule, Severity
from regen_map.intake.limits import LIMITS, Limits
from regen_map.intake.sheets import Grid

FILES = Path(__file__).parent / "files" / "spreadsheets"
NAMES = ("laboratori.xlsx", "laboratori.xls", "laboratori.ods")
NONE = ("",) * 8
LINES: list[tuple[int, tuple[str, ...]]] = [
    (4, ("id", "Nome", "Numero", "Quota", "Data", "Ora", "Visita", "Errore")),
    (5, ("caffe", "  Caffè «Perù» €", "54033", "44.08", "2025-09-30", "15:00", "yes", "#REF!")),
    (6, NONE),
    (
        7,
        (
            "rossi",
            "riga uno\nriga due",
            "-12",
            "0.0000001",
            "2025-09-30T15:00",
            "09:30",
            "no",
            "#N/A",
        ),
    ),
]


def read(name: str, table_name: str = "workshops", limits: Limits = LIMITS) -> Grid:
    return read_workbook((FILES / name).read_bytes(), name, [table_name], limits)


def refusal(content: bytes, limits: Limits = LIMITS) -> FileError:
    with pytest.raises(FileError) as caught:
        read_workbook(content, "x.xlsx", ["workshops"], limits)
    return caught.value


def changed(name: str, changes: Mapping[str, bytes]) -> bytes:
    """Pack a file again with members replaced or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(FILES / name) as old, zipfile.ZipFile(packed, "w", 8) as new:
        members = {each: old.read(each) for each in old.namelist()}
        for member, content in {**members, **changes}.items():
            new.writestr(member, content)
    return packed.getvalue()


def with_cells(cells: str) -> bytes:
    """Write a workbook of Excel whose first sheet has these cells."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )
    return changed("laboratori.xlsx", {"xl/worksheets/sheet1.xml": sheet.encode()})


def with_rows(rows: str) -> bytes:
    """Write a document of LibreOffice with one table of these rows."""
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">'
        f'<office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return changed("laboratori.ods", {"content.xml": content.encode()})


moment = dt.datetime.fromisoformat


@pytest.mark.parametrize("name", NAMES)
def test_rows_have_their_text_and_the_number_that_the_sheet_shows(name: str) -> None:
    rows = [(row.line, row.cells) for row in read(name).rows[:4]]
    expected = LINES
    if name.endswith(".xls"):  # whose errors are empty
        expected = [
            (line, tuple("" if cell.startswith("#") else cell for cell in cells))
            for line, cells in LINES
        ]
    assert rows == expected


def test_duration_of_more_than_a_day_counts_its_hours() -> None:
    last = read("laboratori.xlsx").rows[-1]
    assert (last.line, last.cells[0]) == (8, "36:00")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  x ", "  x "),
        (True, "yes"),
        (54033.0, "54033"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1e22, "10000000000000000000000"),
        (2.0**53 - 1, "9007199254740991"),
        (float("inf"), "inf"),
        (dt.date(2025, 9, 30), "2025-09-30"),
        (moment("2025-09-30T14:59:59.9996"), "2025-09-30T15:00"),
        (moment("9999-12-31T23:59:59.999999"), "9999-12-31T23:59:59"),
        (dt.time(14, 59, 59, 999_600), "15:00"),
        (dt.timedelta(minutes=-90), "-01:30"),
        (b"x", ""),
    ],
)
def test_value_has_one_canonical_text(value: object, text: str) -> None:
    assert typed_text(value) == text


@pytest.mark.parametrize("table_name", ["spazi_pubblici", "SpaziPubblici"])
def test_sheet_named_as_the_table_is_read(table_name: str) -> None:
    grid = read("laboratori.xlsx", table_name)
    assert [row.cells for row in grid.rows] == [("id",), ("piazza",)]
    (notice,) = grid.issues
    assert (notice.rule, notice.severity) == (Rule.SHEETS_IGNORED, Severity.NOTICE)
    assert (notice.found, notice.expected) == ("Foglio1, Note", "Spazi Pubblicì")


def test_first_sheet_that_holds_something_is_read_and_the_others_are_named() -> None:
    (notice,) = read("laboratori.xlsx").issues
    assert (notice.found, notice.expected) == ("Note, Spazi Pubblicì", "Foglio1")


def test_workbook_without_any_cell_has_no_rows() -> None:
    empty = b'<worksheet xmlns="x"><sheetData/></worksheet>'
    sheets = {f"xl/worksheets/sheet{number}.xml": empty for number in range(1, 6)}
    assert read_workbook(changed("laboratori.xlsx", sheets), "x.xlsx", ["y"]).rows == []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", ""),
        (b"id,nome\n1,Caff\xe8\n", "CSV"),
        (b"\xff\xfei\0d\0;\0", "CSV"),
        (b"<html><body><table><tr><td>id", "HTML"),
        (b'<?xml version="1.0"?><Workbook>', "XML"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04 and no more", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), ""),
        (bytes(range(256)), ""),
        ((FILES / "password.xlsx").read_bytes(), "password"),
        ((FILES / "laboratori.xlsx").read_bytes()[:4000], ""),
        ((FILES / "laboratori.xls").read_bytes()[:2000], ""),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_it_seems(content: bytes, found: str) -> None:
    error = refusal(content)
    assert (error.rule, error.found) == (Rule.NOT_WORKBOOK, found)


def test_archive_of_another_kind_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.bin", b"")
    error = refusal(packed.getvalue())
    assert (error.rule, error.found) == (Rule.NOT_WORKBOOK, ".xlsb")


def test_document_with_a_password_is_refused() -> None:
    manifest = b'<m:manifest xmlns:m="m"><m:encryption-data/></m:manifest>'
    error = refusal(changed("laboratori.ods", {"META-INF/manifest.xml": manifest}))
    assert (error.rule, error.found) == (Rule.NOT_WORKBOOK, "password")


def test_archive_that_unpacks_to_too_much_is_refused() -> None:
    limits = Limits(unpacked_bytes=10_000_000)
    bomb = changed("laboratori.xlsx", {"xl/media/image1.png": bytes(11_000_000)})
    assert refusal(bomb, limits).rule is Rule.UNPACKED_TOO_LARGE


def test_archive_that_lies_about_its_size_is_refused() -> None:
    limits = Limits(unpacked_bytes=10_000_000)
    bomb = changed("laboratori.xlsx", {"xl/media/image1.png": bytes(11_000_000)})
    claimed, real = struct.pack("<I", 5), struct.pack("<I", 11_000_000)
    assert bomb.count(real) == 2
    assert refusal(bomb.replace(real, claimed), limits).rule is Rule.UNPACKED_TOO_LARGE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("text", ["<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a><!ENTITY b></a>"])
def test_document_type_is_refused_wherever_it_stands(encoding: str, text: str) -> None:
    xml = f'<?xml version="1.0"?>\n{text}'.encode(encoding)
    for name, member in (("laboratori.xlsx", "xl/styles.xml"), ("laboratori.ods", "meta.xml")):
        error = refusal(changed(name, {member: xml}))
        assert (error.rule, error.found) == (Rule.XML_ENTITIES, member)


FAR = '<row r="1048576"><c {} r="XFD1048576"><v>1</v></c></row>'
NEAR = '<row r="1"><c r="A1"><v>1</v></c></row>'
ONE = '<table:table-cell{} office:value-type="float" office:value="1"/>'
ROW = "<table:table-row{}>{}</table:table-row>"
MILLION = ' table:number-rows-repeated="1000000"'
WIDE = ' table:number-columns-repeated="16383"'


@pytest.mark.parametrize("cells", [NEAR + FAR.format(""), FAR.format('s="1"') + NEAR])
def test_far_cell_is_refused_before_anybody_makes_room_for_it(cells: str) -> None:
    error = refusal(with_cells(cells))
    assert (error.rule, error.found) == (Rule.GRID_TOO_LARGE, "1048576 × 16384")


def test_far_cell_that_hides_from_the_measure_harms_nobody() -> None:
    hidden = "<row><c r='XFD1048576'><v>1</v></c></row><row><c r='A1'><v>1</v></c></row>"
    assert refusal(with_cells(hidden)).rule is Rule.NOT_WORKBOOK


def test_far_cell_without_content_costs_nothing() -> None:
    grid = read_workbook(
        with_cells('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576" s="1"/></row>'), "x", ["y"]
    )
    assert [row.cells for row in grid.rows] == [("1",)]


def test_row_far_down_keeps_its_number() -> None:
    grid = read_workbook(
        with_cells('<row r="1048576"><c r="C1048576"><v>1</v></c></row>'), "x", ["y"]
    )
    assert [(row.line, row.cells) for row in grid.rows] == [(1_048_576, ("1",))]


@pytest.mark.parametrize(
    "rows",
    [
        ROW.format(MILLION, ONE.format(WIDE)),
        ROW.format("", ONE.format(""))
        + ROW.format(MILLION, "<table:table-cell/>")
        + ROW.format("", f"<table:table-cell{WIDE}/>" + ONE.format("")),
    ],
    ids=["repeated", "far away"],
)
def test_repeated_cells_are_counted(rows: str) -> None:
    assert refusal(with_rows(rows)).rule is Rule.GRID_TOO_LARGE


def test_text_of_endless_blanks_harms_nobody() -> None:
    rows = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>'
        '<text:s text:c="99999999999"/></text:p></table:table-cell></table:table-row>'
    )
    assert refusal(with_rows(rows)).rule is Rule.NOT_WORKBOOK


def test_grid_of_an_old_workbook_is_measured() -> None:
    error = refusal((FILES / "laboratori.xls").read_bytes(), Limits(grid_cells=31))
    assert (error.rule, error.found, error.expected) == (Rule.GRID_TOO_LARGE, "4 × 8", "31")


def test_dimensions_that_no_machine_has_are_survived() -> None:
    content = (FILES / "laboratori.xls").read_bytes()
    place = content.index(struct.pack("<HH", 0x200, 14)) + 4
    huge = struct.pack("<IIHH", 0, 0xFFFFFFFF, 0, 0xFFFF)
    hostile = content[:place] + huge + content[place + len(huge) :]
    assert refusal(hostile).rule is Rule.NOT_WORKBOOK


def test_too_many_columns_are_refused() -> None:
    error = refusal((FILES / "laboratori.ods").read_bytes(), Limits(columns=7))
    assert (error.rule, error.found, error.expected) == (Rule.TOO_MANY_COLUMNS, "8", "7")


def test_faulty_checksum_is_refused() -> None:
    content = bytearray(with_cells('<row r="1"><c r="A1"><v>1</v></c></row>'))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    content[start + 60] ^= 0xFF
    assert refusal(bytes(content)).rule is Rule.NOT_WORKBOOK


def test_member_of_an_unknown_compression_is_refused() -> None:
    content = changed("laboratori.ods", {})
    assert refusal(content.replace(b"\x08\x00", b"\x63\x00")).rule is Rule.NOT_WORKBOOK


def some(content: bytes) -> Grid | FileError:
    try:
        return read_workbook(content, "x.xlsx", ["workshops"], Limits(unpacked_bytes=2**22))
    except FileError as error:
        return error


@settings(max_examples=100, deadline=None)
@given(
    content=st.binary(max_size=200),
    start=st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<?xml "]),
)
def test_any_bytes_are_read_or_refused(start: bytes, content: bytes) -> None:
    assert isinstance(some(start + content), Grid | FileError)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_any_damage_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray((FILES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(some(bytes(content)), Grid | FileError)


@settings(max_examples=60, deadline=None)
@given(
    member=st.sampled_from(
        ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
    ),
    data=st.data(),
)
def test_any_damage_inside_the_archive_is_read_or_refused(member: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(FILES / "laboratori.xlsx") as archive:
        content = bytearray(archive.read(member))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(some(changed("laboratori.xlsx", {member: bytes(content)})), Grid | FileError)


def test_compression_of_the_bombs_is_real() -> None:
    assert len(zlib.compress(bytes(11_000_000))) < 20_000
