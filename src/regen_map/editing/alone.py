"""What is wrong with a row that somebody is typing, told without reading its file again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

import shapely

from regen_map.catalogue import PLACE_TABLES, TABLES, Table
from regen_map.catalogue.text import neutral
from regen_map.editing.checking import Check, check_of
from regen_map.editing.edits import encodable, shaped
from regen_map.editing.features import KEPT
from regen_map.editing.rows import Files, Row, cells_of, table_named
from regen_map.intake import sheets as intake_sheets
from regen_map.intake.checks import check_rows, check_tables
from regen_map.intake.drafts import Draft, Entry
from regen_map.intake.issues import FileError
from regen_map.intake.positions import check_positions
from regen_map.intake.rows import read_rows

_PLACES = tuple(table.name for table in PLACE_TABLES)
_DRAWING = (".geojson", ".json", ".gpkg", ".zip")


def checked_alone(
    files: Files, table: str, cells: Mapping[str, str], row: Row | None = None
) -> Check | None:
    """
    Check a row as the intake would read it, with the rows that its key and references meet.

    The file is neither written nor read: that is for `regen_map.editing.checked`, before
    anything is kept, which may find more.

    Parameters
    ----------
    files
        As they are, without what is typed.
    table
        The name of the row's table.
    cells
        What is typed, as of `regen_map.editing.changed`.
    row
        The row as it stands in its file; None for a new one.

    Returns
    -------
    Check or None
        Its `others` are the rows whose key is the same. None where the file would not be
        read any more with these columns.
    """
    whole = files.draft(table) or _without_rows(table_named(table))
    if row is not None and not cells:
        # It is read already.
        return check_of(whole, whole.entries[row.ref.at], row.cells, row.issues, row)
    cells = {name: encodable(text) for name, text in cells.items()}
    try:
        own = _read(files, whole, cells, row)
    except FileError:
        return None
    (entry,) = own.entries
    beside = _beside(files, own, entry, row)
    check_tables(beside, context=_others(files, beside))
    place = entry.row.line, entry.row.number
    mine = tuple(each for each in own.ordered_issues() if (each.line, each.row) == place)
    lost = tuple(
        each
        for draft in beside.values()
        for each in draft.issues
        if each.is_error
        and not each.whole_file
        and (draft is not own or (each.line, each.row) != place)
        and not files.tells(each)
    )
    return check_of(own, entry, cells_of(own, entry), mine, row, others=lost)


def _read(files: Files, whole: Draft, cells: Mapping[str, str], row: Row | None) -> Draft:
    """Read one row with what is typed; raises `FileError` as the intake does."""
    entry = whole.entries[row.ref.at] if row is not None else None
    sheet = _sheet(whole, entry, cells)
    reading = files.reading
    own = read_rows(sheet, whole.table, whole.file, reading.vocabularies, files.limits)
    if reading.city is not None:
        check_positions(own, reading.city)
        check_rows(own)
    return own


def _sheet(whole: Draft, entry: Entry | None, cells: Mapping[str, str]) -> intake_sheets.Sheet:
    """Put what is typed into the cells of a row, as an edit writes it into its file."""
    sheet, before = whole.sheet, entry.row if entry is not None else None
    named = {whole.headings.get(name, name): text for name, text in cells.items()}
    shape = before.geometry if before is not None else None
    moved = False
    drawing = whole.file.endswith(_DRAWING)
    if drawing:
        typed = cells if entry is not None else dict.fromkeys(whole.table.names, "") | {**cells}
        named, drawn = shaped(whole, entry, typed)
        moved = drawn is not KEPT
        if moved:
            shape = shapely.geometry.shape(drawn) if drawn is not None else None
    headings = [*sheet.headings]
    # A feature tells also what it lacks; a table gets no column for it.
    lacking = [each for each, text in named.items() if drawing or text]
    headings += [each for each in lacking if each not in headings]
    there = [] if before is None or before.raw else [*before.cells[: len(sheet.headings)]]
    texts = dict(zip(headings, there, strict=False))
    texts |= {heading: neutral(text) for heading, text in named.items()}
    line, number = (before.line, before.number) if before is not None else _next_place(whole)
    faulty = before is not None and not before.sound and not before.raw and not moved
    written = intake_sheets.Row(
        [texts.get(each, "") for each in headings],
        line=line,
        number=number,
        geometry=shape,
        sound=not faulty,
    )
    # What the reader of the format found wrong with the row is wrong still.
    kept = (each for each in sheet.issues if (each.line, each.row) == (line, number))
    return dataclasses.replace(
        sheet,
        headings=tuple(headings),
        rows=[written],
        crs="" if moved else sheet.crs,
        issues=list(kept) if faulty else [],
    )


def _next_place(whole: Draft) -> tuple[int | None, int | None]:
    """Tell where a new row would stand: below all others."""
    lines = [each.row.line for each in whole.entries if each.row.line is not None]
    numbers = [each.row.number for each in whole.entries if each.row.number is not None]
    if whole.file.endswith(_DRAWING):
        return (max(lines) + 1 if lines else None), max(numbers, default=0) + 1
    return max(lines, default=1) + 1, None


def _beside(files: Files, own: Draft, entry: Entry, row: Row | None) -> dict[str, Draft]:
    """Put the row between those whose key may be the same, table by table in their order."""
    at = row.ref.at if row is not None else None
    beside: dict[str, Draft] = {}
    for name in _PLACES if own.table.name in _PLACES else (own.table.name,):
        draft = files.draft(name)
        entries = list(enumerate(draft.entries if draft is not None else ()))
        if name != own.table.name:
            if draft is not None:
                same = _alike(own.table, entry, (each for _, each in entries))
                beside[name] = dataclasses.replace(draft, entries=same, issues=[], tallies={})
            continue
        end = len(entries) if at is None else at
        before = _alike(own.table, entry, (each for place, each in entries if place < end))
        after = _alike(own.table, entry, (each for place, each in entries if place > end))
        own.entries = [*before, entry, *after]
        beside[name] = own
    return beside


def _alike(table: Table, entry: Entry, entries: Iterable[Entry]) -> list[Entry]:
    """Copy the rows that have the first part of a row's key: what is noted is not theirs."""
    key = table.key[0] if table.key else ""
    wanted = entry.values.get(key)
    if wanted is None:
        return []
    return [dataclasses.replace(each) for each in entries if each.values.get(key) == wanted]


def _others(files: Files, beside: Mapping[str, Draft]) -> dict[str, Draft]:
    """Give all other tables: one that is not there has no rows."""
    return {
        name: files.draft(name) or _without_rows(table)
        for name, table in TABLES.items()
        if name not in beside
    }


def _without_rows(table: Table) -> Draft:
    sheet = intake_sheets.Sheet(headings=table.names, rows=[])
    headings = {each: each for each in table.names}
    return Draft(table=table, file=table.file_name, sheet=sheet, headings=headings)
