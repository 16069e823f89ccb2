"""What reading a file must keep, whatever the file: no value changed and no row lost without a word.

A cell is *kept* if its text and the canonical text of the value that was read are equal but for

- the apostrophe that guards the sign of a formula, runs of blanks, line breaks written in another way, and blanks around the whole text,
- in a list: blanks around the bars, and empty pieces, which only among dates have a meaning,
- in a number in plain digits: zeros at its ends, and digits that a double cannot hold.

Every other difference must be told: by an issue at the very row and column, or by a tolerance that names this
column, in a row that is marked as read with tolerance. A row that is left out must have an error of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from regen_map.catalogue import Cell, Column
from regen_map.catalogue.text import cell_text, plain
from regen_map.intake import Rule, Severity, TableReading
from regen_map.intake.drafts import Draft, Entry

_LISTS = (Cell.LINES, Cell.URLS)
_FLOATS = (Cell.NUMBER, Cell.LATITUDE, Cell.LONGITUDE)
_DIGITS = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_Told: TypeAlias = set[tuple[int | None, int | None, str | None]]
_SAME_PLACE = 1e-6
"""Degrees, about a tenth of a metre: positions are kept to seven decimals."""


def broken_promises(reading: TableReading) -> Iterator[str]:
    """Tell where reading a file changed a value or left out a row without a word.

    Yields
    ------
    str
        One sentence each; none if all is well.
    """
    draft = reading.draft
    if draft is None:
        if not any(issue.is_error for issue in reading.issues):
            yield "the file is not read, and no error says why"
        return
    told = _told(reading)
    for entry in draft.entries:
        place = (entry.row.line, entry.row.number)
        if not entry.sound:
            if (*place, None) not in told:
                yield f"row {place}: left out without an error"
            continue
        for column in draft.table.columns:
            if not _is_kept(draft, entry, column) and not _is_told(draft, entry, column, told):
                raw, value = _raw(draft, entry, column), _value(entry, column)
                yield f"row {place}, {column.name}: {raw!r} became {value!r}"
        if not _shape_is_kept(draft, entry):
            yield f"row {place}: {entry.row.geometry} became {entry.geometry}"


def _told(reading: TableReading) -> _Told:
    """Index the issues by row and heading; errors also by row alone, as heading None."""
    told: _Told = set()
    for issue in reading.issues:
        told |= {(issue.line, issue.row, heading) for heading in issue.columns}
        if issue.rule is Rule.ONE_LANGUAGE:
            # What it expects is the heading that was filled from the other language.
            told |= {(issue.line, issue.row, heading) for heading in issue.expected.split(", ")}
        if issue.severity is Severity.ERROR:
            told.add((issue.line, issue.row, None))
    return told


def _raw(draft: Draft, entry: Entry, column: Column) -> str:
    heading = draft.headings.get(column.name)
    if heading is None:
        return ""
    place = draft.sheet.headings.index(heading)
    return entry.row.cells[place] if place < len(entry.row.cells) else ""


def _value(entry: Entry, column: Column) -> Any:
    return entry.values.get(column.name)


def _is_kept(draft: Draft, entry: Entry, column: Column) -> bool:
    raw, value = plain(_raw(draft, entry, column).strip()), _value(entry, column)
    if not raw:
        return _may_be_filled(draft, entry, column)
    if value is not None and _DIGITS.fullmatch(raw):
        if column.cell in _FLOATS:
            return bool(float(raw) == value)
        if column.cell is Cell.INTEGER:
            return bool(int(float(raw)) == value)
    written = cell_text(value)
    if column.cell in _LISTS:
        return list(filter(None, _pieces(raw))) == _pieces(written)
    if column.cell is Cell.DATES:
        return _pieces(raw) == _pieces(written)
    return raw.split() == written.split()


def _may_be_filled(draft: Draft, entry: Entry, column: Column) -> bool:
    """Tell whether a value without a text is none, or comes from where it may."""
    if column.name in ("lat", "lon") and entry.geometry is not None:
        return True
    # The dates of sources may all be unknown: bars without anything between them.
    unknown = not cell_text(_value(entry, column)).strip(" |")
    return unknown or (column.name not in draft.headings and _from_other_language(draft, column))


def _from_other_language(draft: Draft, column: Column) -> bool:
    return any(column.name in issue.expected for issue in draft.issues if issue.whole_file)


def _pieces(text: str) -> list[list[str]]:
    return [piece.split() for piece in text.split("|")]


def _is_told(draft: Draft, entry: Entry, column: Column, told: _Told) -> bool:
    heading = draft.headings.get(column.name, column.name)
    if (entry.row.line, entry.row.number, heading) in told:
        return True
    return entry.tolerated and any(column.name in tally.columns for tally in draft.tallies.values())


def _shape_is_kept(draft: Draft, entry: Entry) -> bool:
    given, kept = entry.row.geometry, entry.geometry
    if given is None or kept is None:
        return given is kept
    if entry.tolerated and (
        draft.sheet.crs or any({"geometry", "lat"} & set(tally.columns) for tally in draft.tallies.values())
    ):
        return True
    return bool(given.equals_exact(kept, _SAME_PLACE))
