"""The fields of a row's sources: an address and a date for each, side by side."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from regen_map.editing import MOST_SOURCES
from regen_map.ui.staff.editing.marks import show_heading, show_note
from regen_map.ui.staff.editing.names import column_name
from regen_map.ui.staff.editing.typed import Form


def show_sources(form: Form, show_issues: Callable[[str], None]) -> None:
    """
    Draw the fields of the sources, below their heading, and the way to one more.

    Parameters
    ----------
    form
        The row, prepared; its table has sources and their dates.
    show_issues
        Draws what is wrong with a column, given its name.
    """
    words, table = form.bench.words, form.table
    columns = [table.column(name) for name in ("sources", "source_dates")]
    heading = column_name(words, columns[0])
    show_heading(heading, level=3, about=words.text("form.sources.how"))
    # New fields come inside, so that what stands below keeps its place.
    with st.container(key="editing-sources"):
        for at in range(form.n_sources):
            sides = st.columns([3, 1])
            names = ("form.source", "form.source_date")
            for column, name, side in zip(columns, names, sides, strict=True):
                key = form.key(f"{column.name}_{at}")
                side.text_input(words.text(name, n=at + 1), key=key)
    for column in columns:
        n_characters = len(form.before[column.name])
        if n_characters > form.longest:
            show_note(words.text("editing.too_long", n=n_characters), "warning")
        show_issues(column.name)
    st.button(
        words.text("form.sources.add"),
        key="editing-add-source",
        on_click=form.add_source,
        disabled=form.n_sources >= MOST_SOURCES,
    )
