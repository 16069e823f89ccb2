"""Tables as workbooks of Excel: formats, drop-down lists, bounds, never a formula."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

import pandas as pd
import xlsxwriter

from regen_map.catalogue import (
    PLACE_TABLES,
    Cell,
    Column,
    PartialDate,
    Record,
    Table,
    Vocabularies,
    records,
)
from regen_map.catalogue.city import Bounds
from regen_map.catalogue.text import cell_text, neutral
from regen_map.export.dictionary import describe_column
from regen_map.export.tables import NUMBERS
from regen_map.messages import Translator, translator

Sheet: TypeAlias = Any
"""A worksheet of XlsxWriter, which ships no types."""
Sources: TypeAlias = Mapping[str, str | list[str]]
"""What the drop-down list of a column offers: a range of cells, or the terms themselves."""

LAST_ROW = 1000
"""Down to this row of a workbook cells say what they take: there is room to go on."""

_LONGEST_TEXT = 32_767
_LONGEST_LIST = 255
_WHOLE_DATE = len("2025-09-30")
_MISCOUNTED_YEAR = 1900
_NARROWEST = 12
_WIDTHS: Mapping[Cell, int] = MappingProxyType(
    {
        Cell.SLUG: 28,
        Cell.LINE: 32,
        Cell.TEXT: 60,
        Cell.TERM: 20,
        Cell.LINES: 36,
        Cell.URL: 36,
        Cell.URLS: 48,
        Cell.DATES: 24,
        Cell.EMAIL: 28,
        Cell.PHONE: 20,
        Cell.CUP: 18,
        Cell.HOURS: 28,
        Cell.MONEY: 18,
    }
)
"""In characters; `_NARROWEST` where nothing is said, and never less than the heading."""


@dataclass(frozen=True, slots=True)
class Styles:
    """
    How the cells of a workbook look, as formats of XlsxWriter.

    Attributes
    ----------
    heading, required
        Headings; those of columns that must be filled in are bold over a thick line.
    text, number, money, day
        Cells; those of text keep what is typed as it is.
    wrapped
        Text in as many lines as it needs.
    """

    heading: Any
    required: Any
    text: Any
    number: Any
    money: Any
    day: Any
    wrapped: Any

    def of(self, column: Column) -> Any:
        """Give the format of the cells of a column."""
        if column.cell is Cell.MONEY:
            return self.money
        return self.number if column.cell in NUMBERS | {Cell.INTEGER} else self.text


class Workbook:
    """
    A workbook in memory whose bytes depend on nothing but what is put into it.

    Parameters
    ----------
    language
        Of the words in it, one of `regen_map.messages.LANGUAGES`.
    """

    def __init__(self, language: str) -> None:
        self.words: Translator = translator(language)
        self._content = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._content, {"in_memory": True})
        self._book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        heading = {"valign": "top", "bg_color": "#EEEEEA", "font_color": "#1A1A1A", "bottom": 1}
        self.styles = Styles(
            heading=self._book.add_format(heading),
            required=self._book.add_format({**heading, "bold": True, "bottom": 5}),
            text=self._book.add_format({"num_format": "@"}),
            number=self._book.add_format({"num_format": "General"}),
            money=self._book.add_format({"num_format": '#,##0.00\\ "€"'}),
            day=self._book.add_format({"num_format": "yyyy\\-mm\\-dd", "align": "left"}),
            wrapped=self._book.add_format({"text_wrap": True, "valign": "top"}),
        )

    def add_sheet(self, name: str, headings: Sequence[str], widths: Sequence[int]) -> Sheet:
        """Add a sheet whose first row stays in sight; widths in characters."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for index, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(index, index, width, self.styles.wrapped)
            sheet.write_string(0, index, heading, self.styles.required)
        return sheet

    def add_table(
        self, name: str, table: Table, rows: Iterable[Record], *, days: bool = False
    ) -> Sheet:
        """
        Add a sheet with the rows of a table under its canonical headings.

        Parameters
        ----------
        name
            Of the sheet.
        table, rows
            The table and its records; there may be none.
        days
            Whether whole dates become days, which can be computed with; months and
            years stay text. For a sheet that is read and sorted, not filled in.

        Raises
        ------
        ValueError
            If a text is longer than a cell can be (32,767 characters).
        """
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_comments_author("")
        for index, column in enumerate(table.columns):
            width = max(_WIDTHS.get(column.cell, _NARROWEST), len(column.name) + 4)
            sheet.set_column(index, index, width, self.styles.of(column))
            style = self.styles.required if column.required else self.styles.heading
            sheet.write_string(0, index, column.name, style)
            sheet.write_comment(
                0, index, self._comment(table, column), {"width": 280, "height": 110}
            )
        line = 0
        for line, record in enumerate(rows, start=1):
            for index, column in enumerate(table.columns):
                value = getattr(record, column.name)
                if days and (day := _day(value)):
                    sheet.write_datetime(line, index, day, self.styles.day)
                else:
                    write_value(sheet, line, index, value, self.styles.of(column))
        sheet.autofilter(0, 0, max(line, 1), len(table.columns) - 1)
        return sheet

    def limit(
        self,
        sheet: Sheet,
        table: Table,
        sources: Sources,
        extent: Bounds | None,
        last_row: int = LAST_ROW,
    ) -> None:
        """
        Let the cells of a table say what they take, filled in or not.

        Parameters
        ----------
        sheet, table
            As of `add_table`.
        sources
            The lists of the columns that have one, by name.
        extent
            ``(minx, miny, maxx, maxy)`` in degrees WGS84, in which positions lie; None
            for the whole Earth.
        last_row
            Down to which row, the headings being row 1.
        """
        for index, column in enumerate(table.columns):
            bounds = bounds_of(table, column, extent)
            rule: dict[str, object]
            if column.name in sources:
                rule = {"validate": "list", "source": sources[column.name]}
            elif bounds is not None:
                whole = column.cell is Cell.INTEGER
                rule = {
                    "validate": "integer" if whole else "decimal",
                    "criteria": "between",
                    "minimum": bounds[0],
                    "maximum": bounds[1],
                }
            else:
                continue
            rule["error_title"] = self.words.text("template.not_allowed")
            rule["error_message"] = form(table, column, extent, self.words)
            sheet.data_validation(1, index, last_row - 1, index, rule)

    def content(self) -> bytes:
        """Close the workbook and give its bytes."""
        self._book.close()
        return self._content.getvalue()

    def _comment(self, table: Table, column: Column) -> str:
        meaning = describe_column(table, column, self.words.language)
        needed = self.words.text("template.required") if column.required else ""
        return f"{meaning} {needed}".strip()


def _day(value: object) -> dt.date | None:
    """Give the day of a whole date that Excel knows: it miscounts those of 1900."""
    whole = isinstance(value, PartialDate) and len(value) == _WHOLE_DATE
    day = dt.date.fromisoformat(str(value)) if whole else None
    return day if day is not None and day.year > _MISCOUNTED_YEAR else None


def table_xlsx(
    frame: pd.DataFrame,
    table: Table,
    vocabularies: Vocabularies,
    language: str,
    extent: Bounds | None = None,
) -> bytes:
    """
    Write a table as a workbook of one sheet, named as the table.

    Parameters
    ----------
    frame, table
        As of `table_csv`.
    vocabularies
        What the drop-down lists offer, where they are short enough for Excel.
    language
        Of the comments on the headings, one of `regen_map.messages.LANGUAGES`.
    extent
        ``(minx, miny, maxx, maxy)`` in degrees WGS84: typed positions must lie in it;
        None for the whole Earth.

    Returns
    -------
    bytes
        Numbers and amounts are numbers; all else is text, never a formula or a link,
        and stays what is typed. So are dates, because Excel would make a day of a
        month or a year. Equal for equal parameters.

    Raises
    ------
    ValueError
        If a text is longer than a cell can be (32,767 characters).
    """
    book = Workbook(language)
    sheet = book.add_table(table.name, table, records(frame, table))
    offered = {column.name: terms_of(table, column, vocabularies) for column in table.columns}
    short = {
        name: [*each] for name, each in offered.items() if 0 < len(",".join(each)) <= _LONGEST_LIST
    }
    book.limit(sheet, table, short, extent, max(LAST_ROW, len(frame) + 1))
    return book.content()


def terms_of(table: Table, column: Column, vocabularies: Vocabularies) -> tuple[str, ...]:
    """List what a cell may hold: terms, of its family for a kind; empty where it is free."""
    if column.cell is Cell.YES_NO:
        return ("yes", "no")
    if column.cell is not Cell.TERM:
        return ()
    return vocabularies.names(column.vocabulary, parent_of(table, column))


def parent_of(table: Table, column: Column) -> str:
    """Name the family whose kinds a column takes; empty where terms have no parent."""
    return table.record.family if table in PLACE_TABLES and column.vocabulary == "kind" else ""


def bounds_of(
    table: Table, column: Column, extent: Bounds | None = None
) -> tuple[float, float] | None:
    """
    Give the least and the greatest number that a cell may hold.

    Parameters
    ----------
    table, column
        A column of the table.
    extent
        ``(minx, miny, maxx, maxy)`` in degrees WGS84, in which the positions of a
        located table lie; None for the whole Earth.

    Returns
    -------
    tuple of float, or None
        Both included; None where there is no number or no bound.
    """
    minx, miny, maxx, maxy = extent if extent and table.located else (-180, -90, 180, 90)
    if column.cell is Cell.LATITUDE:
        return miny, maxy
    if column.cell is Cell.LONGITUDE:
        return minx, maxx
    if column.low is None or column.high is None:
        return None
    return column.low, column.high


def form(table: Table, column: Column, extent: Bounds | None, words: Translator) -> str:
    """Say in a sentence or two what is written into a cell."""
    said = words.text(f"template.form.{column.cell}", vocabulary=column.vocabulary)
    bounds = bounds_of(table, column, extent)
    if bounds is None:
        return said
    low, high = (words.number(each, 0 if each == int(each) else 3) for each in bounds)
    return f"{said} {words.text('template.between', low=low, high=high)}"


def write_value(sheet: Sheet, row: int, index: int, value: object, style: Any) -> None:
    """
    Put a value of a record into a cell, so that reading the cell gives it back.

    Parameters
    ----------
    sheet
        The sheet.
    row, index
        Row and column, from 0.
    value
        A number becomes a number, unless it has more than the 15 digits that Excel
        keeps; all else becomes text, as in `write_csv`.
    style
        A format of `Styles`.

    Raises
    ------
    ValueError
        If a text is longer than a cell can be (32,767 characters).
    """
    text = cell_text(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = float(value)
        if Decimal(f"{number:.15g}") == Decimal(text):
            sheet.write_number(row, index, number, style)
            return
    text = neutral(text)
    if len(text) > _LONGEST_TEXT:
        message = f"A cell holds {_LONGEST_TEXT} characters at most, got {len(text)}."
        raise ValueError(message)
    if text:
        sheet.write_string(row, index, text, style)
