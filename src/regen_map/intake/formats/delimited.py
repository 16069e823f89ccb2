"""From the bytes of a delimited text file to rows with line numbers."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from regen_map.intake.formats.encoding import encoding_of
from regen_map.intake.issues import FileError, Issue, Rule
from regen_map.intake.limits import LIMITS, Limits
from regen_map.intake.sheets import Grid, Row

Score: TypeAlias = Callable[[Sequence[str]], int]

DELIMITERS = ",;\t|"

_TRIED_LINES = 30
"""How many lines are looked at to tell the delimiter: titles may stand above the header."""
_MOST_BROKEN = 1_000
"""After so many faults of quotation the rest of a file is not tried any more."""
_HINT = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)


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
    content, encoding = encoding_of(content, file, issues)
    delimiter, first = _delimiter(_text(content, encoding), score)
    rows: list[Row] = []
    for line, cells in _records(_text(content, encoding), first, delimiter):
        if isinstance(cells, str):
            issues.append(Issue(file=file, rule=Rule.QUOTES, line=line))
            rows.append(Row((), line, sound=False, raw=cells))
            continue
        if len(cells) > limits.columns and any(map(str.strip, cells[limits.columns :])):
            raise FileError(
                Rule.TOO_MANY_COLUMNS, found=str(len(cells)), expected=str(limits.columns)
            )
        rows.append(Row(cells, line))
    return Grid(rows=rows, italian=delimiter != ",", issues=issues)


def _text(content: bytes, encoding: str) -> Iterator[str]:
    """Give line after line, each with its end as the file has it, without keeping them."""
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")


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

    def skip_one(self) -> str:
        """Give the first line of the record; go back to the second."""
        first, *others = self.record
        self._again += reversed(others)
        self.record.clear()
        return first.rstrip("\r\n")


def _records(
    lines: Iterator[str], first: int, delimiter: str
) -> Iterator[tuple[int, list[str] | str]]:
    """Read record after record; where quotes do not match, give the line and go on."""
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
            yield line, recorded.skip_one()
            line += 1
            continue
        return
