"""Where staff find a row, correct it, add one, or put places where they are."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from regen_map.ui.staff.editing.arrival import show_arrival
from regen_map.ui.staff.editing.bench import Bench
from regen_map.ui.staff.editing.finder import show_finder
from regen_map.ui.staff.editing.form import remember, show_form
from regen_map.ui.staff.editing.marks import show_style
from regen_map.ui.staff.editing.queue import show_queue
from regen_map.ui.staff.editing.session import NewRow, OpenQueue, OpenRow, session


@st.fragment
def show_editing(bench: Bench) -> None:
    """
    Draw the finder, or the form, or the queue of positions that the session has open.

    What is saved goes to `Bench.keep`, and the page runs again. Which row is open and what
    is typed but not saved lies in the session, under keys that start with ``editing``.
    """
    show_style()
    state = session()
    files = bench.read
    # Read before those that were held are let go of: they may be the same.
    _ = files.reading
    state.files = files
    with st.container(key="editing"):
        view = state.view
        if view is None:
            show_finder(bench)
        elif isinstance(view, OpenQueue):
            show_queue(bench)
        else:
            show_form(bench, view)
        show_arrival()
    # What is typed is kept by now.
    bench.attend()


def held_files() -> Mapping[str, bytes] | None:
    """Give the files that were read last, while editing goes on; None while it does not."""
    held = session().files
    return held.contents if held is not None else None


def n_typed() -> int:
    """Count the rows of which something is typed and not saved."""
    return len(session().typed)


def open_typed() -> None:
    """Open the row of which something is typed; of several, the list that has them."""
    state = session()
    views = [view for view, _ in state.typed.values()]
    if len(views) != 1:
        state.views.clear()
    elif state.view != views[0]:
        state.open(views[0])
    state.arrive()


def leave_editing(bench: Bench) -> None:
    """
    Let go of the files that were read: what is open and typed stays.

    Parameters
    ----------
    bench
        What was worked on last, with the files of `held_files`.
    """
    state = session()
    view = state.view
    if isinstance(view, OpenRow | NewRow):
        # Who types and goes on at once leaves no run in between to keep it.
        remember(bench, view)
    state.files = None
