"""Where staff find what they want to change: search, rows that need care, tables, new rows."""

from __future__ import annotations

from functools import partial
from itertools import islice

import streamlit as st

from regen_map import query
from regen_map.catalogue import PLACE_TABLES
from regen_map.editing import Ref, Row
from regen_map.messages.issues import describe
from regen_map.ui.staff.editing.bench import Bench
from regen_map.ui.staff.editing.marks import label, short, show_heading, show_note, show_text
from regen_map.ui.staff.editing.names import all_tables, place_name, row_name, table_name
from regen_map.ui.staff.editing.queue import to_verify
from regen_map.ui.staff.editing.session import NewRow, OpenQueue, OpenRow, session

_MOST_FOUND = 12
_MOST_FAULTY = 10
_MOST_LISTED = 300
_PLACES = tuple(table.name for table in PLACE_TABLES)
_OFTEN_ADDED = (*_PLACES, "projects")


def show_finder(bench: Bench) -> None:
    """Draw the ways to a row."""
    show_heading(bench.words.text("form.finder"))
    _show_unsaved(bench)
    _show_search(bench)
    _show_queue(bench)
    _show_faulty(bench)
    _show_adding(bench)
    _show_tables(bench)


def _show_search(bench: Bench) -> None:
    words, catalogue = bench.words, bench.read.catalogue
    text = st.text_input(
        words.text("editing.search"),
        key="editing-search",
        placeholder=words.text("editing.search.hint"),
    )
    if not text.strip() or catalogue is None:
        return
    entries = query.entries(catalogue)
    wanted: list[tuple[tuple[str, ...], str]] = []
    for index in query.rank(catalogue, text)[:_MOST_FOUND]:
        entry = entries[index]
        if entry.place is not None:
            wanted.append((_PLACES, entry.place.id))
        wanted += [(("projects",), each.id) for each in entry.projects]
    if not wanted:
        show_text(words.text("editing.search.nothing"))
    for place, (tables, row_id) in enumerate(wanted[:_MOST_FOUND]):
        row = bench.read.with_id(tables, row_id)
        if row is not None:
            _show_way(bench, row, f"editing-found-{place}")


def _show_way(bench: Bench, row: Row, key: str) -> None:
    words = bench.words
    table = table_name(words, row.ref.table)
    told = words.text("editing.found", name=short(row_name(words, row)), table=table)
    st.button(label(told), key=key, type="tertiary", on_click=partial(_open, row.ref))


def _open(ref: Ref) -> None:
    session().open(OpenRow(ref))


def _show_unsaved(bench: Bench) -> None:
    state, words = session(), bench.words
    if not state.typed:
        return
    show_note(words.count("editing.unsaved", len(state.typed)), "warning")
    for token, (view, cells) in islice(state.typed.items(), _MOST_FOUND):
        name = cells.get(f"name_{words.language}") or cells.get("name_it", "")
        if isinstance(view, OpenRow):
            row = next(iter(_rows(bench, view.ref)), None)
            name = row_name(words, row) if row is not None else name
        elif isinstance(view, NewRow):
            name = name or words.text("editing.new", table=table_name(words, view.table))
        st.button(
            label(words.text("editing.go_on", name=short(name))),
            key=f"editing-unsaved-{token}",
            on_click=partial(state.open, view),
        )


def _rows(bench: Bench, ref: Ref) -> list[Row]:
    return [each for each in bench.read.rows(ref.table) if each.ref.key == ref.key][:1]


def _show_queue(bench: Bench) -> None:
    n_places = len(to_verify(bench.read))
    if n_places:
        st.button(
            label(bench.words.count("editing.queue.open", n_places)),
            key="editing-queue",
            on_click=partial(session().open, OpenQueue()),
        )


def _show_faulty(bench: Bench) -> None:
    words = bench.words
    faulty = list(islice(bench.read.unsound(), 10 * _MOST_LISTED))
    if not faulty:
        return
    show_heading(words.text("editing.faulty"), level=3, about=words.text("editing.faulty.what"))
    for place, row in enumerate(faulty[:_MOST_FAULTY]):
        error = next((each for each in row.issues if each.is_error), None)
        if error is not None:
            show_note(describe(error, words.language), "fault")
        name, where = short(row_name(words, row)), place_name(words, row)
        told = words.text("editing.mend", name=name, file=row.file, place=where)
        st.button(label(told), key=f"editing-mend-{place}", on_click=partial(_open, row.ref))
    if len(faulty) > _MOST_FAULTY:
        show_text(words.count("editing.more", len(faulty) - _MOST_FAULTY))


def _show_adding(bench: Bench) -> None:
    words = bench.words
    show_heading(words.text("editing.add"), level=3)
    with st.container(horizontal=True):
        for table in _OFTEN_ADDED:
            st.button(
                words.text(f"editing.add.{table}"),
                key=f"editing-new-{table}",
                on_click=partial(session().add, table, {}),
            )


def _show_tables(bench: Bench) -> None:
    words = bench.words
    show_heading(words.text("editing.tables"), level=3)
    table = st.selectbox(
        words.text("editing.table"),
        all_tables(),
        key="editing-table",
        index=None,
        format_func=partial(table_name, words),
        placeholder=words.text("editing.table.choose"),
    )
    if table is None:
        return
    wanted = st.text_input(words.text("editing.filter"), key="editing-filter")
    n_rows, rows = bench.read.containing(table, wanted, _MOST_LISTED)
    show_text(words.count("editing.rows", n_rows))
    if n_rows > len(rows):
        show_text(words.text("editing.rows.first", n=len(rows)))
    listed = dict(enumerate(rows))
    st.selectbox(
        words.text("editing.row"),
        list(listed),
        key=f"editing-row-{table}",
        index=None,
        format_func=lambda at: short(row_name(words, listed[at])) if at in listed else "",
        placeholder=words.text("editing.row.choose"),
        on_change=partial(_choose, table, {at: row.ref for at, row in listed.items()}),
    )
    st.button(
        words.text(f"editing.add.{table}"),
        key="editing-new-row",
        on_click=partial(session().add, table, {}),
    )


def _choose(table: str, refs: dict[int, Ref]) -> None:
    chosen = st.session_state.get(f"editing-row-{table}")
    if chosen in refs:
        _open(refs[chosen])
