"""What tables, columns and rows are called on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from regen_map.catalogue import Column, Table
from regen_map.catalogue.schema import TABLES
from regen_map.editing import Row
from regen_map.export.dictionary import describe_column
from regen_map.messages import LANGUAGES, Translator

_TOLD: Mapping[str, tuple[str, ...]] = {
    "funding": ("project_id", "programme_id", "amount_eur"),
    "milestones": ("project_id", "date", "text"),
    "stops": ("itinerary_id", "order", "place_id"),
    "addresses": ("street", "number"),
    "streets": ("name",),
}
"""What tells a row of a table whose rows have no name."""


class Standing(Protocol):
    """A row of a file; those of the intake and of editing are such."""

    @property
    def line(self) -> int | None:
        """Its line, from 1; None where that tells nothing."""

    @property
    def number(self) -> int | None:
        """The number of the feature, from 1; None where there are no features."""


def place_name(words: Translator, row: Standing) -> str:
    """Say where a row stands in its file: the line, the number of the feature, or both."""
    parts = []
    if row.line is not None:
        parts.append(words.text("issue.line", line=str(row.line)))
    if row.number is not None:
        parts.append(words.text("issue.row", row=str(row.number)))
    return ", ".join(parts)


def stem_of(column: str) -> tuple[str, str]:
    """Split a column into what it is about and its language; empty for none."""
    stem, _, language = column.rpartition("_")
    return (stem, language) if stem and language in LANGUAGES else (column, "")


def column_name(words: Translator, column: Column) -> str:
    """Name a column in a few words, with its language."""
    stem, language = stem_of(column.name)
    own = f"editing.column.{stem}"
    name = words.text(own if words.has(own) else f"changes.column.{stem}")
    if language:
        key = f"editing.language.{language}"
        told = words.text(key) if words.has(key) else language
        name = words.text("editing.in_language", column=name, language=told)
    return name


def field_name(words: Translator, column: Column) -> str:
    """Name the field of a column: as the column, and whether it may stay empty."""
    name = column_name(words, column)
    return words.text("editing.required", column=name) if column.required else name


def column_help(words: Translator, table: Table, column: Column) -> str:
    """Say what a column means."""
    return describe_column(table, column, words.language)


def table_name(words: Translator, table: str) -> str:
    """Name a table."""
    return words.text(f"editing.table.{table}")


def row_name(words: Translator, row: Row) -> str:
    """Tell a row by its name, or else by what tells it from others."""
    cells = row.cells
    columns = _TOLD.get(row.ref.table, ("name",))
    parts = [_said(words, cells, each) for each in columns]
    told = " · ".join(filter(None, parts)) or cells.get("id", "") or row.raw.strip()
    if told:
        return told
    return words.text("editing.nameless", file=row.file, place=place_name(words, row))


def _said(words: Translator, cells: Mapping[str, str], column: str) -> str:
    languages = dict.fromkeys((words.language, *LANGUAGES))
    texts = (cells.get(f"{column}_{each}", "") for each in languages)
    return cells.get(column, "") or next(filter(None, texts), "")


def all_tables() -> tuple[str, ...]:
    """Name the tables in the order of the files."""
    return tuple(TABLES)
