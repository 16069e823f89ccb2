"""One row of a delimited text file changed, and no other byte of it."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from regen_map.catalogue.text import neutral
from regen_map.editing.encoded import Encoded, decoded
from regen_map.editing.faults import UnwritableError
from regen_map.intake.formats.delimited import DELIMITERS
from regen_map.intake.issues import FileError

_ENDINGS = ("\r\n", "\n", "\r")


class _Record(NamedTuple):
    """A record of the text: the index of its first line and of the one after its last."""

    start: int
    end: int
    cells: Sequence[str]


class DelimitedFile:
    """
    A delimited text file whose rows can be changed one by one.

    Parameters
    ----------
    content
        Its bytes.
    file
        Its name.
    headings
        Its headings as the intake has read them: without blanks around, and without
        blank ones at the end.

    Raises
    ------
    UnwritableError
        If its header is not found.
    """

    def __init__(self, content: bytes, file: str, headings: Sequence[str]) -> None:
        csv.field_size_limit(sys.maxsize)
        self._file = file
        try:
            self._encoded: Encoded = decoded(content, file)
        except FileError:
            raise UnwritableError(file) from None
        # As text files are read, without making all line ends alike.
        self._lines = list(io.StringIO(self._encoded.text, newline=""))
        self._headings = list(headings)
        self._delimiter, self._header = self._found_header()

    def changed(self, line: int, cells: Mapping[str, str]) -> bytes:
        """
        Write other texts into some cells of a row.

        Parameters
        ----------
        line
            On which the row starts, from 1.
        cells
            The texts by heading. A heading that the file lacks becomes its last one.

        Returns
        -------
        bytes
            The whole file; cells that are not named stay as they are written, but for
            those beyond the last heading, which go.
        """
        record = self._record(line - 1)
        if record is None:
            ending = _ending(self._lines[line - 1])
            end = line
            pieces: list[str] = []
        else:
            ending = _ending(self._lines[record.end - 1])
            end = record.end
            pieces = self._pieces(record)
        headings = self._headings_with(cells)
        written = self._row(pieces, headings, cells)
        return self._written(line - 1, end, written + ending, headings)

    def added(self, cells: Mapping[str, str]) -> bytes:
        """Write a new row below the last line; as of `changed`."""
        headings = self._headings_with(cells)
        ending = _ending(self._lines[self._header.end - 1]) or "\n"
        # Spreadsheets start the next row wherever the last one has ended, or has not.
        closed = not self._lines or bool(_ending(self._lines[-1]))
        row = self._row([], headings, cells)
        end = len(self._lines)
        return self._written(end, end, row + ending if closed else ending + row, headings)

    def removed(self, line: int) -> bytes:
        """Take the row away that starts on a line, from 1."""
        record = self._record(line - 1)
        end = line if record is None else record.end
        return self._written(line - 1, end, "", self._headings)

    def _written(self, start: int, end: int, row: str, headings: Sequence[str]) -> bytes:
        lines = [*self._lines[:start], row, *self._lines[end:]]
        if len(headings) > len(self._headings):
            first, last = self._header.start, self._header.end
            lines[first:last] = [self._header_line(headings)] + [""] * (last - first - 1)
        return self._encoded.written("".join(lines))

    def _headings_with(self, cells: Mapping[str, str]) -> list[str]:
        """Add those that the file lacks, unless there is nothing to write below them."""
        lacking = [name for name, text in cells.items() if text and name not in self._headings]
        return [*self._headings, *lacking]

    def _header_line(self, headings: Sequence[str]) -> str:
        pieces = self._pieces(self._header)[: len(self._headings)]
        added = [self._piece(each, quoted=False) for each in headings[len(self._headings) :]]
        ending = _ending(self._lines[self._header.end - 1])
        return self._delimiter.join([*pieces, *added]) + ending

    def _row(self, pieces: Sequence[str], headings: Sequence[str], cells: Mapping[str, str]) -> str:
        """Write a row, of which only some cells are others than before."""
        filled = [each for each in pieces if each]
        all_quoted = bool(filled) and all(each.startswith('"') for each in filled)
        row = [*pieces[: len(headings)]]
        # A heading that is repeated is read where it stands last.
        places = {heading: place for place, heading in enumerate(headings)}
        for heading, text in cells.items():
            if (place := places.get(heading)) is None:
                continue
            row += [""] * (place + 1 - len(row))
            before = row[place]
            superfluous = before.startswith('"') and not self._needs_quotes(before[1:-1])
            quoted = superfluous or all_quoted
            row[place] = self._piece(neutral(text), quoted=quoted)
        row += [""] * (len(self._headings) - len(row))
        return self._delimiter.join(row)

    def _piece(self, text: str, *, quoted: bool) -> str:
        """Write a cell; in quotes where it must be, or where quotes are the custom."""
        if self._needs_quotes(text) or (quoted and text):
            return '"' + text.replace('"', '""') + '"'
        return text

    def _needs_quotes(self, text: str) -> bool:
        return text != text.strip() or any(
            each in text for each in (self._delimiter, '"', "\r", "\n")
        )

    def _pieces(self, record: _Record) -> list[str]:
        """Split a record into its cells as they are written, quotes included."""
        text = "".join(self._lines[record.start : record.end])
        text = text.removesuffix(_ending(text))
        pieces = []
        at = 0
        while True:
            end = self._end_of_piece(text, at)
            pieces.append(text[at:end])
            if end >= len(text):
                break
            at = end + 1
        if len(pieces) != len(record.cells):
            raise UnwritableError(self._file)
        return pieces

    def _end_of_piece(self, text: str, at: int) -> int:
        if text.startswith('"', at):
            at += 1
            while (at := text.find('"', at)) >= 0 and text.startswith('""', at):
                at += 2
        end = text.find(self._delimiter, max(at, 0))
        return len(text) if end < 0 or at < 0 else end

    def _record(self, start: int) -> _Record | None:
        """Read the record that starts on a line; None where its quotes do not match."""
        return next(self._records(start, self._delimiter), None)

    def _found_header(self) -> tuple[str, _Record]:
        for delimiter in DELIMITERS:
            for start in range(min(len(self._lines), _TRIED_LINES)):
                record = next(self._records(start, delimiter), None)
                if record is not None and _trimmed(record.cells) == self._headings:
                    return delimiter, record
        raise UnwritableError(self._file)

    def _records(self, start: int, delimiter: str) -> Iterator[_Record]:
        reader = csv.reader(iter(self._lines[start:]), delimiter=delimiter, strict=True)
        before = 0
        try:
            for cells in reader:
                yield _Record(start + before, start + reader.line_num, cells)
                before = reader.line_num
        except csv.Error:
            return


_TRIED_LINES = 1_000
"""How far down a header is looked for: titles may be many lines long."""


def _trimmed(cells: Sequence[str]) -> list[str]:
    trimmed = [each.strip() for each in cells]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def _ending(line: str) -> str:
    return next((each for each in _ENDINGS if line.endswith(each)), "")
