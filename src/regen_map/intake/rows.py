"""From rows of text to records: headings, cells, and what one row alone can tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from regen_map.catalogue import Cell, Column, Place, Table, Vocabularies
from regen_map.intake.cells import CellError, Parser, parser
from regen_map.intake.drafts import Draft, Entry
from regen_map.intake.issues import FileError, Issue, Rule, Severity
from regen_map.intake.nearest import nearest
from regen_map.intake.sheets import Sheet

_LONGEST = 20_000
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, overrides of the direction of writing, halves of characters."""
_QUOTED = 200
"""How much of a long text an issue keeps."""
_TRANSLATED = {"_it": "_en", "_en": "_it"}


class _Bound(NamedTuple):
    """A column of the table bound to its place in the file."""

    place: int
    column: Column
    parse: Parser


def read_rows(sheet: Sheet, table: Table, file: str, vocabularies: Vocabularies) -> Draft:
    """
    Turn the rows of a file into records.

    Parameters
    ----------
    sheet
        Headings and text.
    table
        What the rows should be.
    file
        Its name, for the issues.
    vocabularies
        Where the terms come from.

    Returns
    -------
    Draft
        All rows, each with its record or without one if a cell is unsound.

    Raises
    ------
    FileError
        If a heading is missing or repeated, so that no row can be told.
    """
    headings = _match(sheet.headings, table)
    draft = Draft(table, file, headings, issues=list(sheet.issues))
    _note_headings(draft, sheet)
    parent = table.record.family if issubclass(table.record, Place) else ""
    positions = {heading: index for index, heading in enumerate(sheet.headings)}
    bound = [
        _Bound(
            positions[headings[column.name]],
            column,
            parser(column, vocabularies, parent if column.vocabulary == "kind" else ""),
        )
        for column in table.columns
        if column.name in headings
    ]
    required = [column.name for column in table.columns if column.required]
    dated = {"sources", "source_dates"} <= set(table.names)
    for row in sheet.rows:
        entry = Entry(row, {}, None, row.geometry)
        draft.entries.append(entry)
        if len(row.cells) > len(sheet.headings):
            draft.report(
                entry,
                Rule.ROW_TOO_LONG,
                found=str(len(row.cells)),
                expected=str(len(sheet.headings)),
            )
            continue
        _parse(draft, entry, bound)
        if _complete(draft, entry, required) and row.sound and not entry.refused:
            if dated:
                _date_sources(entry.values)
            entry.record = table.record(**entry.values)
    return draft


def _match(found: Sequence[str], table: Table) -> dict[str, str]:
    """Tell which heading stands for which column."""
    repeated = [each for each, times in Counter(found).items() if times > 1 and each]
    if repeated:
        raise FileError(Rule.HEADING_REPEATED, columns=tuple(repeated))
    headings = {name: name for name in found if name in set(table.names)}
    missing = [
        column.name
        for column in table.columns
        if column.required and column.name not in headings and _other(column.name) not in headings
    ]
    if missing:
        others = [each for each in found if each and each not in headings]
        guesses = [f"{near} → {name}" for name in missing if (near := nearest(name, others))]
        raise FileError(
            Rule.HEADING_MISSING,
            found=", ".join(each for each in found if each),
            expected=", ".join(missing),
            suggestion=", ".join(guesses),
        )
    return headings


def _other(name: str) -> str:
    """Name the column that says the same in the other language."""
    return name[:-3] + _TRANSLATED.get(name[-3:], name[-3:])


def _note_headings(draft: Draft, sheet: Sheet) -> None:
    known = draft.table.names
    for index, heading in enumerate(sheet.headings):
        if heading in draft.headings:
            continue
        if not heading and not any(row.cells[index].strip() for row in sheet.rows):
            continue
        free = [name for name in known if name not in draft.headings]
        draft.issues.append(
            Issue(
                file=draft.file,
                rule=Rule.HEADING_UNKNOWN,
                severity=Severity.WARNING,
                found=heading,
                suggestion=nearest(heading, free),
            )
        )
    absent = [
        column.name
        for column in draft.table.columns
        if column.required and column.name not in draft.headings
    ]
    if absent:
        draft.issues.append(
            Issue(
                file=draft.file,
                rule=Rule.ONE_LANGUAGE,
                severity=Severity.WARNING,
                expected=", ".join(absent),
            )
        )


def _date_sources(values: dict[str, Any]) -> None:
    """Let no dates at all mean that the date of each source is unknown."""
    if values.get("sources") and "source_dates" not in values:
        values["source_dates"] = (None,) * len(values["sources"])


def _parse(draft: Draft, entry: Entry, bound: Sequence[_Bound]) -> None:
    """Fill the values of a row, noting the cells that are unsound."""
    cells = entry.row.cells
    for place, column, parse in bound:
        cell = cells[place]
        if not cell:
            continue
        try:
            if _UNSAFE.search(cell):
                cell = _clean(draft, entry, column, cell)
            text = cell.strip()
            if not text:
                continue
            if len(text) > _LONGEST:
                raise CellError(Rule.CELL_TOO_LONG, expected=str(_LONGEST))  # noqa: TRY301
            entry.values[column.name] = parse(text)
        except CellError as error:
            draft.report(
                entry,
                error.rule,
                column.name,
                severity=error.severity,
                found=(error.found or cell.strip())[:_QUOTED],
                expected=error.expected,
                suggestion=error.suggestion[:_QUOTED],
            )
            if error.severity is Severity.ERROR:
                entry.refused += (column.name,)
            else:
                entry.values[column.name] = error.kept


def _clean(draft: Draft, entry: Entry, column: Column, cell: str) -> str:
    """Take control characters out of a text; an id that has any is refused."""
    if column.cell is Cell.SLUG:
        raise CellError(Rule.CONTROL_CHARACTERS)
    draft.report(
        entry,
        Rule.CONTROL_CHARACTERS,
        column.name,
        severity=Severity.WARNING,
        found=cell[:_QUOTED],
    )
    return _UNSAFE.sub("", cell)


def _complete(draft: Draft, entry: Entry, required: Sequence[str]) -> bool:
    """Tell whether nothing required is missing; one language can stand for the other."""
    complete = True
    for name in required:
        if name in entry.values or name in entry.refused:
            continue
        if (other := _other(name)) != name and other in entry.values:
            entry.values[name] = entry.values[other]
            if name in draft.headings:
                draft.report(
                    entry,
                    Rule.ONE_LANGUAGE,
                    other,
                    severity=Severity.WARNING,
                    expected=draft.headings[name],
                )
        else:
            draft.report(entry, Rule.REQUIRED, name)
            complete = False
    return complete
