"""From the bytes of a CSV file to rows with line numbers."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator

from regen_map.intake.issues import FileError, Issue, Rule, Severity
from regen_map.intake.sheets import Row, Sheet

DELIMITERS = ",;\t|"


def read_delimited(content: bytes, file: str, known: Collection[str]) -> Sheet:
    """
    Read delimited text.

    UTF-8, with or without its mark, or else Windows-1252; commas, semicolons,
    tabs or bars, whichever splits the first row into more of the known headings.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its name, for the issues.
    known
        The headings that it may have.

    Returns
    -------
    Sheet
        Rows are numbered by the line on which they start, line breaks inside
        quotes included. Rows shorter than the header are filled up.

    Raises
    ------
    FileError
        If the bytes are no text, or there is no first row.
    """
    text, encoding = _decode(content)
    issues = []
    if encoding == "cp1252":
        issues.append(
            Issue(
                file=file,
                rule=Rule.ENCODING_ASSUMED,
                severity=Severity.NOTICE,
                found="Windows-1252",
                expected="UTF-8",
            )
        )
    delimiter = _delimiter(text, known)
    rows: list[Row] = []
    headings: tuple[str, ...] = ()
    for line, cells in _lines(text, delimiter, file, issues):
        if not any(map(str.strip, cells)):
            continue
        if not headings:
            headings = tuple(map(str.strip, cells))
            continue
        rows.append(Row(_fit(cells, len(headings)), line))
    if not headings:
        raise FileError(Rule.NO_HEADER, expected=", ".join(known))
    return Sheet(headings=headings, rows=rows, issues=issues)


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith(codecs.BOM_UTF8):
        content = content.removeprefix(codecs.BOM_UTF8)
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise FileError(Rule.ENCODING, expected="UTF-8, Windows-1252")


def _delimiter(text: str, known: Collection[str]) -> str:
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")

    def score(delimiter: str) -> tuple[int, int]:
        cells = [cell.strip().strip('"') for cell in first.split(delimiter)]
        return len(set(cells).intersection(known)), len(cells)

    return max(DELIMITERS, key=score)


def _lines(
    text: str, delimiter: str, file: str, issues: list[Issue]
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            issues.append(Issue(file=file, rule=Rule.QUOTES, line=line))


def _fit(cells: list[str], width: int) -> list[str]:
    if len(cells) < width:
        return cells + [""] * (width - len(cells))
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells
