"""What belongs to a row: the money and the steps of a project, the projects of a place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import streamlit as st

from regen_map.catalogue import PLACE_TABLES
from regen_map.editing import Row
from regen_map.messages import LANGUAGES, Translator
from regen_map.ui.staff.editing.bench import Bench
from regen_map.ui.staff.editing.marks import escaped, short, show_heading, show_text
from regen_map.ui.staff.editing.names import row_name, table_name
from regen_map.ui.staff.editing.session import OpenRow, session

_MOST = 50
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")


class _Related(NamedTuple):
    """A table whose rows belong to a row of another, by a column that holds its id."""

    table: str
    column: str
    lent: tuple[str, ...] = ()
    """What a new row takes over."""


_OF_A_PLACE = (
    _Related("projects", "place_id", ("quarter",)),
    _Related("events", "place_id", ("quarter",)),
)
_RELATED: Mapping[str, Sequence[_Related]] = MappingProxyType(
    {
        **{table.name: _OF_A_PLACE for table in PLACE_TABLES},
        "projects": (_Related("funding", "project_id"), _Related("milestones", "project_id")),
        "itineraries": (_Related("stops", "itinerary_id"),),
        "programmes": (_Related("funding", "programme_id"),),
    }
)


def show_related(bench: Bench, row: Row) -> None:
    """Draw the rows that belong to a row, each with the way to it, and the way to add one."""
    row_id = row.cells.get("id", "")
    if not row_id:
        return
    for each in _RELATED.get(row.ref.table, ()):
        _show(bench, row, row_id, each)


def _show(bench: Bench, row: Row, row_id: str, related: _Related) -> None:
    words = bench.words
    rows = list(bench.read.where(related.table, related.column, row_id))
    with st.container(key=f"editing-related-{related.table}"):
        show_heading(table_name(words, related.table), level=3)
        if not rows:
            show_text(words.text("editing.related.none"))
        for place, each in enumerate(rows[:_MOST]):
            st.button(
                # What is foreign in it is shortened already: the spaces left are ours.
                escaped(told(bench, each)),
                key=f"editing-open-{related.table}-{place}",
                on_click=partial(session().open, OpenRow(each.ref)),
                type="tertiary",
            )
        if len(rows) > _MOST:
            show_text(words.count("editing.more", len(rows) - _MOST))
        given = {name: row.cells[name] for name in related.lent if row.cells.get(name)}
        st.button(
            words.text(f"editing.add.{related.table}"),
            key=f"editing-add-{related.table}",
            on_click=partial(session().add, related.table, {related.column: row_id, **given}),
        )


def told(bench: Bench, row: Row) -> str:
    """
    Tell a row in a line, by what those see who know its project, place or walk.

    Returns
    -------
    str
        In which nothing of the data is longer than `short` has it, or cannot be seen.
    """
    words, cells = bench.words, row.cells
    if row.ref.table == "funding":
        return " · ".join(filter(None, _money(bench, cells)))
    if row.ref.table == "milestones":
        texts = (cells.get(f"text_{each}", "") for each in (words.language, *LANGUAGES))
        parts = [_date(words, cells["date"]), short(next(filter(None, texts), ""))]
        return " · ".join(filter(None, parts)) or short(row_name(words, row))
    if row.ref.table == "stops":
        place = _name(bench, tuple(table.name for table in PLACE_TABLES), cells["place_id"])
        return " · ".join(filter(None, [short(cells["order"]), place]))
    return short(row_name(words, row))


def _money(bench: Bench, cells: Mapping[str, str]) -> Iterator[str]:
    words = bench.words
    if _AMOUNT.fullmatch(cells["amount_eur"]):
        yield words.money(Decimal(cells["amount_eur"]))
    else:
        yield short(cells["amount_eur"]) or words.text("editing.amount_unknown")
    vocabularies = bench.read.reading.vocabularies
    yield short(vocabularies.label("nature", cells["nature"], words.language))
    yield _name(bench, ("programmes",), cells["programme_id"])
    if cells["counted"] == "no":
        yield words.text("editing.not_counted")


def _name(bench: Bench, tables: tuple[str, ...], row_id: str) -> str:
    row = bench.read.with_id(tables, row_id)
    return short(row_name(bench.words, row) if row is not None else row_id)


def _date(words: Translator, text: str) -> str:
    try:
        return words.date(text) if _DATE.fullmatch(text) else short(text)
    except ValueError:
        return short(text)
