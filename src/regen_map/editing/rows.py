"""The rows of a city's files as they stand there, sound or not."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from types import MappingProxyType
from typing import NamedTuple
from weakref import WeakKeyDictionary

from regen_map.catalogue import TABLES, Catalogue, Table
from regen_map.catalogue.text import cell_text, plain
from regen_map.editing.faults import RowGoneError
from regen_map.editing.positions import Position, on_earth
from regen_map.intake import Issue, Options, Reading, file_names, read_catalogue
from regen_map.intake.drafts import Draft, Entry
from regen_map.intake.limits import LIMITS, Limits

_POSITION = ("lat", "lon")


class Ref(NamedTuple):
    """
    How a row is found again after other rows have changed.

    Attributes
    ----------
    table
        The name of its table.
    at
        Its place among the rows of its file, from 0.
    key
        What tells it from others: the texts of its key, or of all its cells where its
        table has no key.
    """

    table: str
    at: int
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    A row as it stands in its file.

    Attributes
    ----------
    ref
        How it is found again.
    file, line, number
        Where it stands: the name of the file, the line and the number of the feature, from
        1, as `regen_map.intake.sheets.Row` has them.
    cells
        Its texts by name of the column, every column of the table among them, with
        ``lat`` and ``lon`` of what a feature draws. Empty where nothing is written.
    others
        What stands in columns that no table knows, and beyond the last one, by heading.
    raw
        The text of a row that could not be split into cells; empty elsewhere.
    issues
        What is wrong with it.
    position
        ``(lat, lon)`` in degrees WGS84 as it was understood, whatever the file has; None
        where there is none.
    """

    ref: Ref
    file: str
    line: int | None
    number: int | None
    cells: Mapping[str, str]
    others: Mapping[str, str]
    raw: str
    issues: tuple[Issue, ...]
    position: Position | None = None

    @property
    def is_sound(self) -> bool:
        """Whether the map shows it."""
        return not any(each.is_error for each in self.issues)


@dataclass(frozen=True, eq=False)
class Files:
    """
    The files of a city, read.

    Parameters
    ----------
    contents
        By name.
    limits
        What they may cost.
    """

    contents: Mapping[str, bytes]
    limits: Limits = LIMITS

    @cached_property
    def reading(self) -> Reading:
        """What they give, with all faults; taken from equal files that somebody still holds."""
        with _GUARD:
            alike = (each for each in _READ if self._is_like(each))
            found = next((_READ[each] for each in alike), None)
        if found is None:
            # Sorted, so that equal files give their faults in one order.
            found = read_catalogue(dict(sorted(self.contents.items())), Options(limits=self.limits))
        with _GUARD:
            _READ[self] = found
        return found

    def _is_like(self, other: Files) -> bool:
        return self.limits == other.limits and self.contents == other.contents

    @property
    def catalogue(self) -> Catalogue | None:
        """Their sound rows; None where nothing comes out of them."""
        return self.reading.catalogue

    def draft(self, table: str) -> Draft | None:
        """Give a table with its unsound rows; None where there is none, or it cannot be read."""
        return self.reading.drafts.get(table)

    def with_files(self, changed: Mapping[str, bytes | None]) -> Files:
        """Put other contents in the place of some; None takes a file away."""
        contents = {**self.contents, **changed}
        return Files(
            {name: each for name, each in contents.items() if each is not None}, self.limits
        )

    def file_of(self, table: str) -> str | None:
        """Name the file of a table, as the intake chooses it; None where there is none."""
        return next(
            (
                name
                for name in file_names()
                if name in self.contents and PurePath(name).stem == table
            ),
            None,
        )

    def unreadable(self, table: str) -> str:
        """Name the file of a table of which nothing can be read; empty where all is well."""
        name = self.file_of(table)
        lost = name is not None and self.draft(table) is None and self.contents[name].strip()
        return name if name is not None and lost else ""

    def row(self, ref: Ref) -> Row:
        """
        Give a row.

        Raises
        ------
        RowGoneError
            If no row, or more than one, is the one that is meant.
        """
        draft = self.draft(ref.table)
        entries = draft.entries if draft else []
        if draft is not None and ref.at < len(entries):
            row = self._row(draft, ref.at)
            if row.ref.key == ref.key:
                return row
        alike = [each for each in self.rows(ref.table) if each.ref.key == ref.key]
        if len(alike) != 1:
            raise RowGoneError(ref.table)
        return alike[0]

    def row_at(self, table: str, at: int) -> Row:
        """
        Give the row of a place among those of its file, from 0.

        Raises
        ------
        RowGoneError
            If there is none.
        """
        draft = self.draft(table)
        if draft is None or not 0 <= at < len(draft.entries):
            raise RowGoneError(table)
        return self._row(draft, at)

    def rows(self, table: str) -> Iterator[Row]:
        """Go through the rows of a table in file order."""
        draft = self.draft(table)
        for at in range(len(draft.entries) if draft else 0):
            yield self.row_at(table, at)

    def containing(self, table: str, text: str, most: int) -> tuple[int, list[Row]]:
        """
        Find the rows of a table that contain a text, whatever its case.

        Returns
        -------
        int, list of Row
            How many there are, and the first of them.
        """
        draft = self.draft(table)
        wanted = text.casefold()
        places = [
            at
            for at, entry in enumerate(draft.entries if draft else ())
            if any(wanted in cell.casefold() for cell in (*entry.row.cells, entry.row.raw))
        ]
        return len(places), [self.row_at(table, at) for at in places[:most]]

    def unsound(self) -> Iterator[Row]:
        """Go through the rows that are left out because of their faults, table by table."""
        for name, draft in self.reading.drafts.items():
            for at, entry in enumerate(draft.entries):
                if not entry.sound:
                    yield self.row_at(name, at)

    def with_id(self, tables: tuple[str, ...], row_id: str) -> Row | None:
        """Find the first row of some tables with that ``id``; None where there is none."""
        for name in tables:
            draft = self.draft(name)
            for at, entry in enumerate(draft.entries if draft else ()):
                if entry.values.get("id") == row_id:
                    return self.row_at(name, at)
        return None

    def where(self, table: str, column: str, value: str) -> Iterator[Row]:
        """Go through the rows of a table whose cell of a column has been read as a value."""
        draft = self.draft(table)
        for at, entry in enumerate(draft.entries if draft else ()):
            if entry.values.get(column) == value:
                yield self.row_at(table, at)

    def tells(self, issue: Issue) -> bool:
        """Tell whether the row that a fault is about has one like it."""
        there = self._issues.get((issue.file, issue.line, issue.row), ())
        like = issue.rule, issue.columns, issue.found
        return any((each.rule, each.columns, each.found) == like for each in there)

    @cached_property
    def _issues(self) -> Mapping[tuple[str, int | None, int | None], tuple[Issue, ...]]:
        found: dict[tuple[str, int | None, int | None], tuple[Issue, ...]] = {}
        for issue in self.reading.issues:
            if not issue.whole_file:
                place = (issue.file, issue.line, issue.row)
                found[place] = (*found.get(place, ()), issue)
        return MappingProxyType(found)

    def _row(self, draft: Draft, at: int) -> Row:
        entry = draft.entries[at]
        cells = cells_of(draft, entry)
        table = draft.table
        key = tuple(cells[name] for name in table.key or table.names)
        known = set(draft.headings.values())
        others = {
            heading: text
            for heading, text in zip(draft.sheet.headings, entry.row.cells, strict=False)
            if heading not in known and text.strip()
        }
        beyond = [each for each in entry.row.cells[len(draft.sheet.headings) :] if each.strip()]
        others |= {f"+{place}": text for place, text in enumerate(beyond, start=1)}
        issues = self._issues.get((draft.file, entry.row.line, entry.row.number), ())
        return Row(
            ref=Ref(table.name, at, (*key, entry.row.raw)),
            file=draft.file,
            line=entry.row.line,
            number=entry.row.number,
            cells=cells,
            others=others,
            raw=entry.row.raw,
            issues=issues,
            position=on_earth(entry.values.get("lat"), entry.values.get("lon")),
        )


def cells_of(draft: Draft, entry: Entry) -> dict[str, str]:
    """Give the texts of a row by name of the column; see `Row.cells`."""
    places = {heading: place for place, heading in enumerate(draft.sheet.headings)}
    row = entry.row.cells
    cells = {}
    for name in draft.table.names:
        place = places.get(draft.headings.get(name, ""), len(row))
        cells[name] = plain(row[place]) if place < len(row) else ""
    if entry.row.geometry is not None:
        for name in _POSITION:
            if name in cells and name in entry.values:
                cells[name] = cell_text(entry.values[name])
    return cells


def table_named(name: str) -> Table:
    """
    Give a table.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    return TABLES[name]


_GUARD = threading.Lock()
_READ: WeakKeyDictionary[Files, Reading] = WeakKeyDictionary()
"""What has been read, for as long as somebody holds the files: no old catalogue outlives them."""
