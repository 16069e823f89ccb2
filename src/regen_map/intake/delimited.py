"""From the bytes of a delimited text file to rows with line numbers."""

from __future__ import annotations

import codecs
import csv
import io
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from regen_map.intake.issues import FileError, Issue, Rule, Severity
from regen_map.intake.limits import LIMITS, Limits
from regen_map.intake.sheets import Grid, Row

Score: TypeAlias = Callable[[Sequence[str]], int]

DELIMITERS = ",;\t|"

_TRIED_LINES = 30
"""How many lines are looked at to tell the delimiter: titles may stand above the header."""
_MOST_BROKEN = 1_000
"""After so many faults of quotation the rest of a file is not tried any more."""
_CHUNK = 2**20
_MIXED = "mixed"
_HINT = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8_PAIR = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_LINES = re.compile(rb"(?<=\n)|(?<=\r)(?!\n)")


def read_delimited(content: bytes, file: str, score: Score, limits: Limits = LIMITS) -> Grid:
    """
    Read delimited text.

    UTF-8, UTF-16 with its mark, or else Windows-1252; commas, semicolons, tabs
    or bars, whichever splits one of the first lines into the best header.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its name, for the issues.
    score
        Tells how many cells of a row are headings of the table.
    limits
        How many columns there may be.

    Returns
    -------
    Grid
        Rows are numbered by the line on which they start, line breaks inside
        quotes included.

    Raises
    ------
    FileError
        If the bytes are no text, or there are too many columns.
    """
    issues: list[Issue] = []
    encoding = _encoding(content, file, issues)
    if encoding == _MIXED:
        content, encoding = _decode_lines(content, file, issues).encode(), "utf-8"
    delimiter, first = _delimiter(_text(content, encoding), score)
    rows = []
    for line, cells in _records(_text(content, encoding), first, delimiter, file, issues):
        if len(cells) > limits.columns and any(map(str.strip, cells[limits.columns :])):
            raise FileError(
                Rule.TOO_MANY_COLUMNS, found=str(len(cells)), expected=str(limits.columns)
            )
        rows.append(Row(cells, line))
    return Grid(rows=rows, italian=delimiter != ",", issues=issues)


def decode(content: bytes, file: str, issues: list[Issue]) -> str:
    """
    Turn the bytes of a text file into text: UTF-8, UTF-16 with its mark, Windows-1252.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its name, for the issues.
    issues
        Takes a notice where the file is not in Unicode, a warning where it is
        so in part; each line is then read by itself.

    Raises
    ------
    FileError
        With `Rule.ENCODING`: in none of them, or UTF-16 without its mark.
    """
    encoding = _encoding(content, file, issues)
    if encoding == _MIXED:
        return _decode_lines(content, file, issues)
    return content.decode(encoding)


def _encoding(content: bytes, file: str, issues: list[Issue]) -> str:
    """Name the encoding of a text, or tell that its lines differ."""
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    if _decodes(content, encoding):
        # Every other byte is nil where Latin text is in UTF-16 and nobody says so.
        if encoding == "utf-8" and content.count(0) * 3 > len(content):
            raise _no_text()
        return encoding
    if encoding == "utf-16":
        raise _no_text()
    if encoding == "utf-8-sig" or _UTF8_PAIR.search(content):
        return _MIXED
    if not _decodes(content, "cp1252"):
        raise _no_text()
    issues.append(
        Issue(
            file=file,
            rule=Rule.ENCODING_ASSUMED,
            severity=Severity.NOTICE,
            found="Windows-1252",
            expected="UTF-8",
        )
    )
    return "cp1252"


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(content[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _text(content: bytes, encoding: str) -> Iterator[str]:
    """Give line after line, each with its end as the file has it, without keeping them."""
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")


def _no_text() -> FileError:
    return FileError(Rule.ENCODING, expected="UTF-8, UTF-16, Windows-1252")


def _decode_lines(content: bytes, file: str, issues: list[Issue]) -> str:
    """Read lines that are not UTF-8 as Windows-1252, in a file that has both."""
    pieces = []
    others = []
    lines = _LINES.split(content.removeprefix(codecs.BOM_UTF8))
    for number, line in enumerate(lines, start=1):
        try:
            pieces.append(line.decode())
        except UnicodeDecodeError:
            try:
                pieces.append(line.decode("cp1252"))
            except UnicodeDecodeError:
                raise _no_text() from None
            others.append(number)
    issues.append(
        Issue(
            file=file,
            rule=Rule.ENCODING_MIXED,
            severity=Severity.WARNING,
            found=", ".join(map(str, others[:20])),
            expected="UTF-8",
        )
    )
    return "".join(pieces)


def _delimiter(lines: Iterator[str], score: Score) -> tuple[str, int]:
    """Tell the delimiter, and how many lines only speak of it."""
    tried = list(islice(filter(str.strip, lines), _TRIED_LINES))
    if tried and (hint := _HINT.fullmatch(tried[0])):
        return hint.group(1), 1

    def best(delimiter: str) -> tuple[int, int]:
        rows = [next(csv.reader([line], delimiter=delimiter), []) for line in tried]
        return max(map(score, rows), default=0), max(map(len, rows), default=0)

    return max(DELIMITERS, key=best), 0


class _Recorded:
    """Lines, of which those of the record being read can be read once more."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: list[str] = []
        self.record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        while True:
            line = self._again.pop() if self._again else next(self._lines, None)
            if line is None:
                return
            self.record.append(line)
            yield line

    def skip_one(self) -> None:
        """Go back to the second line of the record."""
        self._again += reversed(self.record[1:])
        self.record.clear()


def _records(
    lines: Iterator[str], first: int, delimiter: str, file: str, issues: list[Issue]
) -> Iterator[tuple[int, list[str]]]:
    """Read record after record; where quotes do not match, go on with the next line."""
    csv.field_size_limit(sys.maxsize)
    recorded = _Recorded(islice(lines, first, None))
    line = first + 1
    for _ in range(_MOST_BROKEN):
        try:
            for cells in csv.reader(recorded, delimiter=delimiter, strict=True):
                yield line, cells
                line += len(recorded.record)
                recorded.record.clear()
        except csv.Error:
            issues.append(Issue(file=file, rule=Rule.QUOTES, line=line))
            recorded.skip_one()
            line += 1
            continue
        return
