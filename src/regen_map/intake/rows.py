"""From rows of text to values: headings, cells, and what one row alone can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from regen_map.catalogue import Cell, Column, Place, Table, Vocabularies
from regen_map.catalogue.text import SPREADSHEET_ERROR, plain
from regen_map.intake.cells import Parser, parser
from regen_map.intake.drafts import QUOTED, Draft, Entry
from regen_map.intake.headings import Headings, likely_column, match, other_language
from regen_map.intake.issues import CellError, FileError, Issue, Rule, Severity, Tolerated
from regen_map.intake.limits import LIMITS, Limits
from regen_map.intake.sheets import Row, Sheet

_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\u200b\u200e\u200f\u2060\u061c\ud800-\udfff]"
)
"""Control characters, overrides of the direction of writing, halves of characters."""
_NOT_KNOWN = frozenset(
    {"n.d.", "n.d", "nd", "n/d", "n.a.", "n/a", "-", "--", "—", "?", "00/00/0000"}
    | {"ignoto", "sconosciuto", "non noto", "non conosciuto", "non disponibile", "unknown"}
)
_GUARDS = " '#"
"""What may stand before a text and not belong to it, or make an error of Excel of it."""
_KNOWN = 1_000
"""So many values of a column are kept, to be used again where the same text stands."""
_TOTALS = re.compile(
    r"(?:sub|gran\s+|grand\s+)?(?:total[ei]?|totale\s+(?:generale|complessivo)|tot\.|somma)\s*:?",
    re.IGNORECASE,
)
_TOTAL_STARTS = frozenset({"tot", "sub", "som", "gra"})
_TOTAL_LETTERS = "tTsSgG \t\n\xa0"
_FIRST_WORDS = 2
_FIRST = 6
"""How many cells are looked at for the word total."""
_STARTS_AS_TOTALS = re.compile(r"(?:sub)?total[ei]\b", re.IGNORECASE)


class _Bound(NamedTuple):
    """A column of the table bound to its place in the file."""

    place: int
    known: dict[str, Any]
    """Values of texts in canonical form that were read before."""
    name: str
    column: Column
    parse: Parser
    free: bool
    """Whether a text without odd blanks is its own value."""


def read_rows(
    sheet: Sheet, table: Table, file: str, vocabularies: Vocabularies, limits: Limits = LIMITS
) -> Draft:
    """
    Read the cells of a file.

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
    limits
        How long a cell may be.

    Returns
    -------
    Draft
        All rows; one with an unsound cell, or without a required one, is not
        sound.

    Raises
    ------
    FileError
        If a heading is missing or repeated, so that no row can be told, or if
        there are too many of them.
    """
    if len(sheet.headings) > limits.columns:
        raise FileError(
            Rule.TOO_MANY_COLUMNS, found=str(len(sheet.headings)), expected=str(limits.columns)
        )
    if not sheet.headings and not sheet.rows:
        # A file of features without any: nothing in it is wrong.
        return Draft(table=table, file=file, sheet=sheet, issues=list(sheet.issues))
    headings = match(sheet.headings, table)
    draft = Draft(
        table=table,
        file=file,
        sheet=sheet,
        headings=headings.columns,
        issues=[*sheet.issues, *_heading_issues(sheet, headings, table, file)],
    )
    bound = _bind(sheet, headings, table, vocabularies)
    required = [column.name for column in table.columns if column.required]
    unknown = [place for place, each in enumerate(sheet.headings) if each in headings.unknown]
    dated = {"sources", "source_dates"} <= set(table.names)
    reader = _CellReader(draft, bound, limits.cell_characters)
    for row in sheet.rows:
        entry = Entry(row, {}, row.geometry, row.sound)
        draft.entries.append(entry)
        if row.raw:
            continue
        if _is_total(row.cells) and not reader.complete(row.cells):
            draft.report(entry, Rule.TOTALS_ROW, found=_first_words(row.cells))
            continue
        if len(row.cells) > len(sheet.headings):
            draft.report(
                entry,
                Rule.ROW_TOO_LONG,
                found=str(len(row.cells)),
                expected=str(len(sheet.headings)),
            )
            continue
        reader.read(entry)
        for place in unknown:
            _look_at(draft, entry, place, limits)
        _complete(draft, entry, required)
        if dated and entry.values.get("sources") and "source_dates" not in entry.values:
            # No dates at all mean that the date of each source is unknown.
            entry.values["source_dates"] = (None,) * len(entry.values["sources"])
    return draft


def _bind(
    sheet: Sheet, headings: Headings, table: Table, vocabularies: Vocabularies
) -> list[_Bound]:
    parent = table.record.family if issubclass(table.record, Place) else ""
    places = {heading: index for index, heading in enumerate(sheet.headings)}
    return [
        _Bound(
            places[headings.columns[column.name]],
            {},
            column.name,
            column,
            parser(
                column,
                vocabularies,
                parent if column.vocabulary == "kind" else "",
                italian=sheet.italian,
            ),
            column.cell in (Cell.LINE, Cell.TEXT),
        )
        for column in table.columns
        if column.name in headings.columns
    ]


def _heading_issues(sheet: Sheet, headings: Headings, table: Table, file: str) -> list[Issue]:
    issues = []
    if headings.tolerated:
        issues.append(
            Issue(
                file=file,
                rule=Rule.HEADINGS_READ,
                severity=Severity.NOTICE,
                found=", ".join(headings.columns[name] for name in headings.tolerated),
                expected=", ".join(headings.tolerated),
            )
        )
    for heading, name in headings.doubled.items():
        issues.append(
            Issue(
                file=file,
                rule=Rule.HEADING_TWICE,
                severity=Severity.WARNING,
                columns=(heading,),
                found=f"{headings.columns[name]}, {heading}",
                expected=name,
            )
        )
    issues += _unknown_headings(sheet, headings, table, file)
    issues += _half_position(sheet, headings, table, file)
    absent = [
        column.name
        for column in table.columns
        if column.required and column.name not in headings.columns
    ]
    if absent:
        issues.append(
            Issue(
                file=file,
                rule=Rule.ONE_LANGUAGE,
                severity=Severity.WARNING,
                expected=", ".join(absent),
            )
        )
    return issues


def _unknown_headings(sheet: Sheet, headings: Headings, table: Table, file: str) -> Iterator[Issue]:
    unknown = set(headings.unknown)
    for place, heading in enumerate(sheet.headings):
        if heading and heading in unknown:
            yield Issue(
                file=file,
                rule=Rule.HEADING_UNKNOWN,
                severity=Severity.WARNING,
                columns=(heading,),
                found=heading[:QUOTED],
                suggestion=likely_column(heading, table, headings.columns),
            )
        elif not heading and any(row.cells[place].strip() for row in _whole(sheet)):
            yield Issue(
                file=file,
                rule=Rule.HEADING_BLANK,
                severity=Severity.WARNING,
                found=str(place + 1),
            )


def _whole(sheet: Sheet) -> Iterator[Row]:
    """Give the rows that have a cell for every heading."""
    return (row for row in sheet.rows if len(row.cells) >= len(sheet.headings))


def _half_position(sheet: Sheet, headings: Headings, table: Table, file: str) -> list[Issue]:
    """Tell once for the file, not in every row, that one coordinate has no column."""
    there = [name for name in ("lat", "lon") if name in headings.columns]
    if len(there) != 1 or any(row.geometry is not None for row in sheet.rows):
        return []
    missing = "lon" if there == ["lat"] else "lat"
    likely = [
        heading
        for heading in headings.unknown
        if likely_column(heading, table, headings.columns) == missing
    ]
    return [
        Issue(
            file=file,
            rule=Rule.HEADING_MISSING,
            found=", ".join(filter(None, sheet.headings))[:QUOTED],
            expected=missing,
            suggestion=f"{likely[0]} → {missing}" if likely else "",
        )
    ]


def _look_at(draft: Draft, entry: Entry, place: int, limits: Limits) -> None:
    """Look at a cell of an unknown column, which nobody reads but which is kept."""
    cell = entry.row.cells[place]
    if cell.isprintable() and len(cell) <= limits.cell_characters:
        return
    long = len(cell) > limits.cell_characters
    if not long and not _UNSAFE.search(cell):
        return
    draft.report(
        entry,
        Rule.CELL_TOO_LONG if long else Rule.CONTROL_CHARACTERS,
        draft.sheet.headings[place],
        severity=Severity.ERROR if long else Severity.WARNING,
        found=cell[:QUOTED],
        expected=str(limits.cell_characters) if long else "",
    )


def _is_total(cells: Sequence[str]) -> bool:
    """Tell a row of totals: one of its first words says so, or most of it is blank."""
    if not _may_be_total(cells):
        return False
    first = [text for cell in cells[:_FIRST] if (text := cell.strip())][:2]
    if any(_TOTALS.fullmatch(text) for text in first):
        return True
    if not first or not _STARTS_AS_TOTALS.match(first[0]):
        return False
    return sum(bool(cell.strip()) for cell in cells) * 3 <= max(len(cells), _FIRST)


def _may_be_total(cells: Sequence[str]) -> bool:
    """Look at the first two words only, as nearly every row is none."""
    n_words = 0
    for cell in cells:
        if cell and not cell.isspace():
            if cell[0] in _TOTAL_LETTERS and cell[:9].lstrip()[:3].casefold() in _TOTAL_STARTS:
                return True
            n_words += 1
            if n_words == _FIRST_WORDS:
                break
    return False


def _first_words(cells: Sequence[str]) -> str:
    return " ".join(text for cell in cells if (text := cell.strip()))[:QUOTED]


class _CellReader:
    """Fills the values of row after row, noting the cells that are unsound."""

    def __init__(self, draft: Draft, bound: Sequence[_Bound], longest: int) -> None:
        self._draft = draft
        self._bound = bound
        by_place = {each.place: each for each in bound}
        self._by_place = [by_place.get(place) for place in range(max(by_place) + 1)]
        self._longest = longest

    def read(self, entry: Entry) -> None:
        """Read the cells of one row."""
        cells, values = entry.row.cells, entry.values
        # The place where a hundred thousand rows spend their time: no lookups by name.
        for cell, bound in zip(cells, self._by_place, strict=False):
            if not cell or bound is None:
                continue
            if (value := bound[1].get(cell)) is not None:
                values[bound[2]] = value
            else:
                self._read_cell(entry, bound, cell)

    def complete(self, cells: Sequence[str]) -> bool:
        """Tell whether no required cell is blank."""
        places = (bound.place for bound in self._bound if bound.column.required)
        return all(place < len(cells) and cells[place].strip() for place in places)

    def _read_cell(self, entry: Entry, bound: _Bound, cell: str) -> None:
        # Nearly every text is bare already, and much of it is what people wrote freely.
        bare = cell.isprintable() and cell[0] not in _GUARDS and cell[-1] != " "
        if bare and bound.free and "  " not in cell and len(cell) <= self._longest:
            entry.values[bound.name] = cell
            return
        try:
            text = cell if bare else self._text(entry, bound.column, cell)
            if not text:
                return
            if len(text) > self._longest:
                raise CellError(Rule.CELL_TOO_LONG, expected=str(self._longest))  # noqa: TRY301
            value = entry.values[bound.name] = bound.parse(text)
        except Tolerated as tolerated:
            entry.values[bound.name] = tolerated.value
            for rule in tolerated.rules:
                self._draft.tolerate(
                    entry, rule, bound.name, found=cell.strip(), expected=tolerated.text
                )
        except CellError as error:
            self._refuse(entry, bound, cell.strip(), error)
        else:
            if text is cell and len(bound.known) < _KNOWN:
                bound.known[cell] = value

    def _text(self, entry: Entry, column: Column, cell: str) -> str:
        """Give the text of a cell without what only surrounds or guards it."""
        text = cell.strip()
        if not text.isprintable() and _UNSAFE.search(cell):
            text = self._clean(entry, column, cell).strip()
        if text and text[0] in _GUARDS:
            if SPREADSHEET_ERROR.fullmatch(text):
                raise CellError(Rule.EXCEL_ERROR)
            text = plain(text)
        return text

    def _refuse(self, entry: Entry, bound: _Bound, text: str, error: CellError) -> None:
        if error.severity is Severity.ERROR and _may_be_unknown(bound.column, text):
            self._draft.tolerate(entry, Rule.UNKNOWN_WORD, bound.name, found=text, expected="")
            return
        self._draft.report(
            entry,
            error.rule,
            bound.name,
            severity=error.severity,
            found=(error.found or text)[:QUOTED],
            expected=error.expected,
            suggestion=error.suggestion[:QUOTED],
        )
        if error.severity is Severity.ERROR:
            entry.refused += (bound.name,)
        else:
            entry.values[bound.name] = error.kept

    def _clean(self, entry: Entry, column: Column, cell: str) -> str:
        """Take control characters out of a text; an id that has any is refused."""
        if column.cell is Cell.SLUG:
            raise CellError(Rule.CONTROL_CHARACTERS)
        self._draft.report(
            entry,
            Rule.CONTROL_CHARACTERS,
            column.name,
            severity=Severity.WARNING,
            found=cell[:QUOTED],
        )
        entry.tolerated = True
        return _UNSAFE.sub("", cell)


def _may_be_unknown(column: Column, text: str) -> bool:
    """Tell whether people write such a word where nothing is known, and nothing need be."""
    return not column.required and text.casefold() in _NOT_KNOWN


def _complete(draft: Draft, entry: Entry, required: Sequence[str]) -> None:
    """Report what is required and missing; one language can stand for the other."""
    values: dict[str, Any] = entry.values
    for name in required:
        if name in values or name in entry.refused:
            continue
        if (other := other_language(name)) != name and other in values:
            values[name] = values[other]
            if name in draft.headings:
                draft.report(
                    entry,
                    Rule.ONE_LANGUAGE,
                    other,
                    severity=Severity.WARNING,
                    expected=draft.headings[name],
                )
        elif name in draft.headings or other not in draft.headings:
            draft.report(entry, Rule.REQUIRED, name)
