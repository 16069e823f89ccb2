"""Empty tables for the staff to fill in, with everything they must know beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from regen_map.catalogue import Cell, Column, Record, Table, Vocabularies
from regen_map.catalogue.city import Bounds
from regen_map.catalogue.text import cell_text
from regen_map.export.dictionary import describe_column
from regen_map.export.rows import write_csv
from regen_map.export.workbook import (
    Workbook,
    form,
    parent_of,
    terms_of,
    write_value,
)
from regen_map.messages import LANGUAGES, translator

_EXAMPLE_LENGTH = 160
_TERM_COLUMN = 1


class _Choice(NamedTuple):
    """A term that a column offers, and its labels in the order of the languages."""

    vocabulary: str
    term: str
    labels: tuple[str, ...]


def template_csv(table: Table, example_rows: Sequence[Record] = ()) -> bytes:
    """
    Write the headings of a table, and perhaps rows that show how it is filled in.

    Parameters
    ----------
    table
        The table.
    example_rows
        Records of it; none unless given, as they would be read as rows.

    Returns
    -------
    bytes
        The canonical CSV, see `regen_map.export.tables.write_csv`.
    """
    rows = (
        tuple(cell_text(getattr(record, name)) for name in table.names) for record in example_rows
    )
    return write_csv(table.names, rows)


def template_xlsx(
    table: Table,
    vocabularies: Vocabularies,
    example: Sequence[Record],
    language: str,
    extent: Bounds | None = None,
) -> bytes:
    """
    Write a workbook into which the staff type the rows of a table.

    Parameters
    ----------
    table
        The table.
    vocabularies
        What the drop-down lists offer.
    example
        Records of the table that show how it is filled in; may be empty.
    language
        Of the words in it, one of `regen_map.messages.LANGUAGES`.
    extent
        ``(minx, miny, maxx, maxy)`` in degrees WGS84: typed positions must lie in it;
        None for the whole Earth.

    Returns
    -------
    bytes
        Four sheets: the table, empty, its cells with drop-down lists and bounds down
        to row 1000; the examples; what each column holds; the terms with their
        labels in every language. Equal for equal parameters.
    """
    book = Workbook(language)
    sheet = book.add_table(table.name, table, ())
    book.add_table(book.words.text("template.sheet.example"), table, example)
    _explain(book, table, example, extent)
    book.limit(sheet, table, _list_terms(book, table, vocabularies), extent)
    return book.content()


def _explain(
    book: Workbook, table: Table, example: Sequence[Record], extent: Bounds | None
) -> None:
    words = book.words
    headings = [
        words.text(key)
        for key in (
            "dictionary.column",
            "dictionary.required",
            "dictionary.meaning",
            "template.form",
            "template.example",
        )
    ]
    name = words.text("template.sheet.explanations")
    sheet = book.add_sheet(name, headings, (26, 10, 60, 60, 40))
    style = book.styles.wrapped
    for line, column in enumerate(table.columns, start=1):
        needed = words.text("dictionary.required.yes") if column.required else ""
        meaning = describe_column(table, column, words.language)
        written = (column.name, needed, meaning, form(table, column, extent, words))
        for index, text in enumerate(written):
            write_value(sheet, line, index, text, style)
        write_value(sheet, line, len(written), _example(example, column), style)
    notes = (f"template.note.{each}" for each in ("unknown", "bold", "sheets"))
    for line, key in enumerate(notes, start=len(table.columns) + 2):
        sheet.merge_range(line, 0, line, len(headings) - 1, words.text(key), style)


def _example(records: Sequence[Record], column: Column) -> object:
    """Find the first value of a column: a number as it is, all else as short text."""
    for record in records:
        value = getattr(record, column.name)
        text = cell_text(value)
        if text and not isinstance(value, bool | str | tuple):
            return value
        if text:
            longer = len(text) > _EXAMPLE_LENGTH
            return f"{text[:_EXAMPLE_LENGTH].rstrip()}…" if longer else text
    return None


def _list_terms(book: Workbook, table: Table, vocabularies: Vocabularies) -> dict[str, str]:
    """Write the terms onto a sheet; tell where those of each column stand."""
    words = book.words
    name = words.text("template.sheet.terms")
    headings = [words.text("dictionary.vocabulary"), words.text("dictionary.term")]
    headings += [f"{words.text('dictionary.label')} ({each})" for each in LANGUAGES]
    sheet = book.add_sheet(name, headings, (20, 28, *(44 for _ in LANGUAGES)))
    places: dict[str, str] = {}
    known: dict[str, str] = {}
    line = 1
    for column in table.columns:
        choices = list(_choices(table, column, vocabularies))
        if not choices:
            continue
        vocabulary = choices[0].vocabulary
        if vocabulary not in known:
            for row, choice in enumerate(choices, start=line):
                for index, text in enumerate((vocabulary, choice.term, *choice.labels)):
                    write_value(sheet, row, index, text, book.styles.wrapped)
            last = line + len(choices) - 1
            cells = xl_range_abs(line, _TERM_COLUMN, last, _TERM_COLUMN)
            known[vocabulary] = f"={quote_sheetname(name)}!{cells}"
            line = last + 1
        places[column.name] = known[vocabulary]
    return places


def _choices(table: Table, column: Column, vocabularies: Vocabularies) -> Iterator[_Choice]:
    vocabulary = column.vocabulary or str(column.cell)
    parent = parent_of(table, column)
    for term in terms_of(table, column, vocabularies):
        if column.cell is Cell.YES_NO:
            labels = tuple(translator(each).text(f"template.{term}") for each in LANGUAGES)
        else:
            labels = tuple(vocabularies.label(vocabulary, term, each, parent) for each in LANGUAGES)
        yield _Choice(vocabulary, term, labels)
