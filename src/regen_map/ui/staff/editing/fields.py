"""One field for one column: what it offers, how a cell is shown in it and read from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from regen_map.catalogue import PLACE_TABLES, Cell, Column, Place, Table
from regen_map.catalogue.text import LIST_SEPARATOR
from regen_map.editing import Files
from regen_map.messages import Translator
from regen_map.ui.staff.editing.marks import escaped, short
from regen_map.ui.staff.editing.names import column_help, field_name

_LISTS = frozenset({Cell.LINES, Cell.URLS, Cell.DATES})
_MOST_CHOICES = 1_000
"""More rows than that are not listed: their id is typed."""
_YES_NO = ("yes", "no")
_LOW_PX, _HIGH_PX = 80, 130


def shown(column: Column, cell: str, longest: int) -> str:
    """Give what a field shows for a cell: the pieces of a list stand on lines of their own."""
    if len(cell) > longest:
        return ""
    if column.cell in _LISTS:
        return "\n".join(each.strip() for each in cell.split("|"))
    return cell


def cell_of(column: Column, text: str) -> str:
    """Give the cell for what a field shows; the other way of `shown`."""
    if column.cell in _LISTS:
        lines = [each.strip() for each in text.splitlines()]
        return LIST_SEPARATOR.join(lines) if any(lines) else ""
    return text


def choices_of(
    words: Translator, files: Files, table: Table, column: Column
) -> Mapping[str, str] | None:
    """
    Tell what a column offers.

    Returns
    -------
    Mapping of str to str or None
        What each text of a cell is called, the empty one first; None where anything can
        be typed.
    """
    # That nobody knows is no answer where there must be one.
    unknown = {"": words.text("form.choose" if column.required else "editing.not_known")}
    vocabularies = files.reading.vocabularies
    if column.cell is Cell.YES_NO:
        return unknown | {each: words.text(f"template.{each}") for each in _YES_NO}
    if column.cell is Cell.TERM:
        parent = _parent(table, column)
        terms = vocabularies.names(column.vocabulary, parent)
        return unknown | {
            each: short(vocabularies.label(column.vocabulary, each, words.language, parent))
            for each in terms
        }
    if column.refers_to:
        rows = _rows(words, files, column)
        return None if rows is None else unknown | rows
    return None


def show_field(  # noqa: PLR0913 - what a field is made of
    words: Translator,
    files: Files,
    table: Table,
    column: Column,
    key: str,
    *,
    disabled: bool = False,
    tall: bool = False,
    on_change: Callable[[], None] | None = None,
) -> None:
    """
    Draw the field of a column; what it shows lies in the session under its key.

    Parameters
    ----------
    words
        The messages of the reader's language.
    files
        Where vocabularies and other rows come from.
    table, column
        Which column.
    key
        Of the widget; the session holds its text already.
    disabled
        Whether it can only be read.
    tall
        Whether the cell has several lines, whatever its column.
    on_change
        Called when somebody has left it with another text.
    """
    name = field_name(words, column)
    explained = escaped(column_help(words, table, column))
    choices = choices_of(words, files, table, column)
    here: str = st.session_state[key]
    if choices is not None:
        values = list(choices) if here in choices else [*choices, here]
        st.selectbox(
            name,
            values,
            key=key,
            format_func=lambda value: choices.get(value, short(value)),
            help=explained,
            disabled=disabled,
            on_change=on_change,
        )
    elif tall or column.cell is Cell.TEXT or column.cell in _LISTS:
        is_list = column.cell in _LISTS
        st.text_area(
            name,
            key=key,
            help=explained,
            disabled=disabled,
            on_change=on_change,
            height=_LOW_PX if column.cell is Cell.LINES else _HIGH_PX,
            placeholder=words.text("editing.one_per_line") if is_list else None,
        )
    else:
        st.text_input(name, key=key, help=explained, disabled=disabled, on_change=on_change)


def _parent(table: Table, column: Column) -> str:
    is_kind = column.vocabulary == "kind" and issubclass(table.record, Place)
    return table.record.family if is_kind else ""


def _rows(words: Translator, files: Files, column: Column) -> dict[str, str] | None:
    tables = (
        [each.name for each in PLACE_TABLES] if column.refers_to == "places" else [column.refers_to]
    )
    drafts = [draft for each in tables if (draft := files.draft(each)) is not None]
    if sum(len(draft.entries) for draft in drafts) > _MOST_CHOICES:
        return None
    found: dict[str, str] = {}
    for entry in (entry for draft in drafts for entry in draft.sound):
        values = entry.values
        name = values.get(f"name_{words.language}") or values.get("name_it") or ""
        found[values["id"]] = f"{short(name)} ({short(values['id'])})"
    return found
