"""From the bytes of a workbook to rows of text with their numbers in the sheet."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from xml.etree import ElementTree as ET
from xml.parsers import expat

from regen_map.intake.formats import archives
from regen_map.intake.formats.celltext import typed_text
from regen_map.intake.issues import FileError, Issue, Rule, Severity
from regen_map.intake.limits import LIMITS, Limits
from regen_map.intake.sheets import Grid, Row

EXPECTED = ".xlsx, .ods, .xls"

_Errors: TypeAlias = Mapping[tuple[int, int], str]
"""The text of cells such as ``#REF!`` by row and column, from 0."""

_PROGRAM = Path(__file__).with_name("workbook_process.py")
_MEMORY = 2 * 2**30
_MEMORY_XLS = 2**30
"""Less for .xls, which is never large, and states sizes that nobody can check beforehand."""
_SECONDS = 120

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How .xls files begin, and encrypted .xlsx ones."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PASSWORD = "password"  # noqa: S105 -- what is found, not a secret
_WINDOW = 2**20
_DTD = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")
"""In UTF-16 as well, in either order of bytes."""
_XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)??r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*(?<!/)>')
"""A cell that holds something: one without content closes itself."""
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s([^<>]*\bt="e"[^<>]*)>'
    rb"(?:<(?:\w+:)?f\b[^<>]*>(?:[^<]*</(?:\w+:)?f>)?)?"
    rb"<(?:\w+:)?v>(#[^<]{1,20})</"
)
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*)>"
    rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v(?:/>|></(?:\w+:)?v>))?</(?:\w+:)?c>"
)
"""A formula whose result was never worked out."""
_ITALIAN = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|-?[0-9]+,[0-9]+")
"""A number typed as text, with a decimal comma or points between thousands."""
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_LONGEST_ERROR = 20
_LETTERS = 26
_TAGGED: Mapping[str, Callable[[str], object]] = {
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda seconds: dt.timedelta(seconds=float(seconds)),
}
_LOOKED_AT = 2_000
"""How many bytes tell what a file is that is no workbook."""


class _Chosen(NamedTuple):
    """What the program of its own says about the sheet that it read."""

    sheet: str
    others: tuple[str, ...]
    first: tuple[int, int]
    height: int
    width: int


def read_workbook(content: bytes, file: str, names: Sequence[str], limits: Limits = LIMITS) -> Grid:
    """
    Read one sheet of a workbook: Excel's .xlsx and .xls, LibreOffice's .ods.

    Parameters
    ----------
    content
        The bytes of the file; they tell its format, the ending of its name does not.
    file
        Its name, for the issues.
    names
        The sheet of such a name is read, whatever its case, accents and blanks; else
        the first visible one that holds something.
    limits
        What the file may unpack to, how many columns there may be, and how large
        a rectangle the cells may span.

    Returns
    -------
    Grid
        From the first row that holds something, blank ones in between included;
        blank columns on the left are cut off. `Row.line` is the number that the
        program which wrote the file shows beside the row. Numbers, dates and times
        are written as `celltext.typed_text` does; ``#REF!`` and the like are kept
        (the format .xls does not tell them from empty cells). Other sheets that
        hold something are named in a notice.

    Raises
    ------
    FileError
        `Rule.NOT_WORKBOOK` (found is the format it seems to have, or
        ``"password"``), `Rule.UNPACKED_TOO_LARGE`, `Rule.XML_ENTITIES`,
        `Rule.GRID_TOO_LARGE` or `Rule.TOO_MANY_COLUMNS`.
    """
    errors: Mapping[str, _Errors] = {}
    if content.startswith(archives.MAGIC):
        errors = _look_through(content, limits)
    elif not content.startswith(_COMPOUND):
        raise _refused(_seems(content))
    elif _ENCRYPTED in content:
        raise _refused(_PASSWORD)
    lines = iter(_run(content, names))
    chosen = _chosen(next(lines, b""), limits)
    grid = _grid(lines, chosen, errors.get(chosen.sheet, {}))
    if chosen.others:
        grid.issues.append(
            Issue(
                file=file,
                rule=Rule.SHEETS_IGNORED,
                severity=Severity.NOTICE,
                found=", ".join(chosen.others),
                expected=chosen.sheet,
            )
        )
    return grid


def _refused(found: str = "") -> FileError:
    return FileError(Rule.NOT_WORKBOOK, found=found, expected=EXPECTED)


def _seems(content: bytes) -> str:
    """Tell what a file is that only has the name of a workbook; empty if nobody knows."""
    start = content[:_LOOKED_AT].replace(b"\0", b"").lower()
    if re.search(rb"<(?:!doctype html|html|table|meta)\b", start):
        return "HTML"
    if b"<?xml" in start:
        return "XML"
    if start.startswith(b"%pdf"):
        return "PDF"
    # Beyond line breaks and tabs no text has control characters.
    if start.strip() and not re.search(rb"[\x01-\x08\x0e-\x1f\x7f]", start):
        return "CSV"
    return ""


# ------------------------------------------------------------ the program of its own


def _run(content: bytes, names: Sequence[str]) -> list[bytes]:
    """Let the program of its own read the file; its end, however violent, is a refusal."""
    memory = _MEMORY_XLS if content.startswith(_COMPOUND) else _MEMORY
    command = [sys.executable, "-P", str(_PROGRAM), str(memory), *names]
    try:
        done = subprocess.run(  # noqa: S603 -- a program of ours; the file is its input
            command,
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env=os.environ | {"RUST_BACKTRACE": "0"},
        )
    except subprocess.TimeoutExpired:
        raise _refused() from None
    if done.returncode != 0:
        raise _refused()
    return done.stdout.splitlines()


def _chosen(line: bytes, limits: Limits) -> _Chosen:
    found = json.loads(line or b'{"fault": ""}')
    if "fault" in found:
        raise _refused(found["fault"])
    chosen = _Chosen(
        sheet=found["sheet"],
        others=tuple(found["others"]),
        first=tuple(found["first"]),
        height=found["height"],
        width=found["width"],
    )
    _check_span(chosen.height, chosen.width, limits)
    if chosen.width > limits.columns:
        raise FileError(
            Rule.TOO_MANY_COLUMNS, found=str(chosen.width), expected=str(limits.columns)
        )
    return chosen


def _grid(lines: Iterator[bytes], chosen: _Chosen, errors: _Errors) -> Grid:
    """Turn the lines of the program into rows; numbers typed as text tell their notation."""
    first_row, first_column = chosen.first
    rows: list[Row] = []
    italian = False
    faulty: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in errors.items():
        faulty.setdefault(row, []).append((column - first_column, text))
    for row, line in enumerate(lines, start=first_row):
        values = json.loads(line)
        italian = italian or any(
            isinstance(value, str) and _ITALIAN.fullmatch(value) for value in values
        )
        cells = [_text(value) for value in values]
        for place, text in faulty.get(row, ()):
            if 0 <= place < len(cells):
                cells[place] = text
        rows.append(Row(tuple(cells), row + 1))
    return Grid(rows=rows, italian=italian)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        kind, written = value
        return typed_text(_TAGGED[kind](written) if kind in _TAGGED else None)
    return typed_text(value)


# ------------------------------------------------------------ before anybody reads it


def _look_through(content: bytes, limits: Limits) -> dict[str, _Errors]:
    """Refuse an archive that would cost too much; give the error cells of each sheet."""
    errors: dict[str, _Errors] = {}
    tables: Mapping[str, _Errors] = {}
    kept: dict[str, bytes] = {}
    names = set()
    for name, member in archives.members(
        content, limits, refusal=Rule.NOT_WORKBOOK, expected=EXPECTED
    ):
        names.add(name.lower())
        if not _XML.match(member):
            continue
        if _DTD.search(member):
            raise FileError(Rule.XML_ENTITIES, found=name)
        if b"sheetData" in member:
            _check_sheet(member, limits)
            errors[name] = _error_cells(member)
        if name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "META-INF/manifest.xml"):
            kept[name] = member
        if name == "content.xml":
            tables = _check_tables(member, limits)
    if b"encryption-data" in kept.get("META-INF/manifest.xml", b""):
        raise _refused(_PASSWORD)
    if names.isdisjoint({"xl/workbook.xml", "content.xml"}):
        raise _refused(".xlsb" if "xl/workbook.bin" in names else "")
    paths = _sheet_paths(kept)
    return {**tables, **{name: errors[path] for name, path in paths.items() if path in errors}}


def _check_span(height: int, width: int, limits: Limits) -> None:
    if height * width > limits.grid_cells:
        raise FileError(
            Rule.GRID_TOO_LARGE, found=f"{height} × {width}", expected=str(limits.grid_cells)
        )


def _check_sheet(member: bytes, limits: Limits) -> None:
    """Measure the rectangle that the cells of a sheet of Excel span."""
    rows: set[int] = set()
    columns: set[bytes] = set()
    for start, end in _windows(member):
        found = _CELL.findall(member, start, end)
        columns.update({column for column, _ in found})
        rows.update(map(int, {row for _, row in found}))
    if rows:
        places = [_column(each) for each in columns]
        _check_span(max(rows) - min(rows) + 1, max(places) - min(places) + 1, limits)


def _windows(member: bytes) -> Iterator[tuple[int, int]]:
    """Cut a long text into pieces, never inside a tag, so that few matches live at once."""
    start = 0
    while start < len(member):
        end = len(member)
        if start + _WINDOW < end:
            end = max(member.rfind(b"<", start, start + _WINDOW), start + 1)
        yield start, end
        start = end


def _column(letters: bytes) -> int:
    """Turn the letters of a column into its number from 0."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number - 1


def _error_cells(member: bytes) -> dict[tuple[int, int], str]:
    errors = {}
    unknown = ((attributes, b"#FORMULA!") for attributes in _NO_RESULT.findall(member))
    for attributes, text in (*unknown, *_ERROR.findall(member)):
        if place := _REFERENCE.search(attributes):
            column, row = place.groups()
            errors[int(row) - 1, _column(column)] = text.decode("ascii", "replace")
    return errors


def _sheet_paths(kept: Mapping[str, bytes]) -> dict[str, str]:
    """Tell in which member of a workbook of Excel each sheet lies."""
    try:
        # Without a document type there are no entities to expand.
        book = ET.fromstring(kept.get("xl/workbook.xml", b"<none/>"))  # noqa: S314
        links = ET.fromstring(  # noqa: S314
            kept.get("xl/_rels/workbook.xml.rels", b"<none/>")
        )
    except (ET.ParseError, LookupError, ValueError):
        return {}
    targets = {each.get("Id"): each.get("Target", "") for each in links}
    paths = {}
    for sheet in book.iterfind(".//{*}sheet"):
        link = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        target = targets.get(link, "")
        name = sheet.get("name", "")
        paths[name] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return paths


def _check_tables(member: bytes, limits: Limits) -> Mapping[str, _Errors]:
    """Measure what the tables of LibreOffice span; give the error cells of each."""
    tables = _Tables(limits)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = tables.start
    parser.EndElementHandler = tables.end
    parser.CharacterDataHandler = tables.text
    try:
        parser.Parse(member, True)  # noqa: FBT003 -- expat takes no name for it
    except (expat.ExpatError, LookupError, ValueError):
        raise _refused() from None
    return tables.errors


class _Tables:
    """
    Counts rows and columns of each table up to the last cell that holds something.

    The attribute `errors` has the text of error cells, by table and place from 0.

    What repeats without holding anything counts only where something follows: files
    of LibreOffice end with a million such rows.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.row = self.width = self.column = self.row_width = 0
        self.row_repeat = self.repeat = 1
        self.holds = False
        self.first: int | None = None
        self.name = ""
        self.error: str | None = None
        self.errors: dict[str, dict[tuple[int, int], str]] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if name == "table:table":
            self.row = self.width = 0
            self.first = None
            self.name = attributes.get("table:name", "")
        elif name == "table:table-row":
            self.row_repeat = int(attributes.get("table:number-rows-repeated", 1))
            self.column = self.row_width = 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.repeat = int(attributes.get("table:number-columns-repeated", 1))
            self.holds = "office:value-type" in attributes or "table:formula" in attributes
            self.error = "" if attributes.get("calcext:value-type") == "error" else None

    def text(self, text: str) -> None:
        """Take text; that of an error cell is all that says which error it is."""
        if self.error is not None:
            self.error += text[:_LONGEST_ERROR]

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name in ("table:table-cell", "table:covered-table-cell"):
            if self.error:
                self.errors.setdefault(self.name, {})[self.row, self.column] = self.error
            self.error = None
            self.column += self.repeat
            if self.holds:
                self.row_width = self.column
        elif name == "table:table-row":
            if self.row_width:
                self.first = self.row if self.first is None else self.first
                self.width = max(self.width, self.row_width)
                height = self.row + self.row_repeat - self.first
                _check_span(height, self.width, self.limits)
            self.row += self.row_repeat
