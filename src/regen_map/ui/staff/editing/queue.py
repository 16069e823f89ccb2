"""The places whose position is to be verified, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from regen_map.catalogue import PLACE_TABLES, Catalogue, Place
from regen_map.catalogue.derived import derived
from regen_map.catalogue.tables import records
from regen_map.editing import Files, Row
from regen_map.messages import LANGUAGES, translator
from regen_map.query.reasons import EXACT_WITHIN_M
from regen_map.ui.staff.editing.bench import Bench
from regen_map.ui.staff.editing.form import keep, settle, show_not_saved
from regen_map.ui.staff.editing.marks import (
    short,
    show_heading,
    show_issues,
    show_note,
    show_text,
)
from regen_map.ui.staff.editing.names import row_name, table_name
from regen_map.ui.staff.editing.position import distance, show_position
from regen_map.ui.staff.editing.session import OpenRow, session
from regen_map.ui.staff.editing.typed import Form

_LIMITS_M = (20, 50, 100, 200, 500)
_PLACES = tuple(table.name for table in PLACE_TABLES)


def to_verify(files: Files, limit_m: float = EXACT_WITHIN_M) -> tuple[Place, ...]:
    """
    List the places whose position is to be verified.

    Parameters
    ----------
    files
        Where they are.
    limit_m
        So many metres a position may be wrong.

    Returns
    -------
    tuple of Place
        First those without a position, unless a source says that none could be found; then
        those of which nobody states the accuracy; then the others, the least exact first.
    """
    catalogue = files.catalogue
    return _to_verify(catalogue, limit_m) if catalogue is not None else ()


@derived(most=len(_LIMITS_M))
def _to_verify(catalogue: Catalogue, limit_m: float) -> tuple[Place, ...]:
    places: list[Place] = []
    for table in PLACE_TABLES:
        places += records(catalogue.frames[table.name], table)
    missing = [each for each in places if each.lat is None and not _looked_for(each)]
    located = [each for each in places if each.lat is not None]
    unstated = [each for each in located if each.position_accuracy_m is None]
    vague = [each for each in located if (each.position_accuracy_m or 0.0) > limit_m]
    vague.sort(key=lambda each: -(each.position_accuracy_m or 0.0))
    return (*missing, *unstated, *vague)


def _looked_for(place: Place) -> bool:
    return any(getattr(place, f"position_source_{each}", None) for each in LANGUAGES)


def show_queue(bench: Bench) -> None:
    """Draw the next place whose position is to be verified."""
    words, state = bench.words, session()
    st.button(words.text("editing.back"), key="editing-back", on_click=_leave)
    show_heading(words.text("editing.queue"), about=words.text("editing.queue.what"))
    limit_m = st.selectbox(
        words.text("editing.queue.limit"),
        _LIMITS_M,
        index=_LIMITS_M.index(int(EXACT_WITHIN_M)),
        key="editing-limit",
        format_func=lambda metres: distance(words, metres),
        on_change=_begin_again,
    )
    waiting = [each for each in to_verify(bench.read, limit_m) if each.id not in state.passed]
    state.n_queue = max(state.n_queue, len(waiting) + len(state.passed))
    done = state.n_queue - len(waiting)
    row = bench.read.with_id(_PLACES, waiting[0].id) if waiting else None
    if row is None:
        show_note(words.text("editing.queue.done"), "done")
        if state.passed:
            st.button(
                words.count("editing.queue.again", len(state.passed)),
                key="editing-again",
                on_click=_begin_again,
            )
        return
    st.progress(
        done / state.n_queue, words.text("editing.queue.progress", n=done + 1, of=state.n_queue)
    )
    _show_place(bench, row)


def _leave() -> None:
    _begin_again()
    session().back()


def _begin_again() -> None:
    session().passed.clear()
    session().n_queue = 0


def _show_place(bench: Bench, row: Row) -> None:
    words, cells = bench.words, row.cells
    form = Form(bench=bench, view=OpenRow(row.ref), row=row)
    about = " · ".join(filter(None, [table_name(words, row.ref.table), short(cells["address"])]))
    show_heading(short(row_name(words, row)), level=3, about=about or "")
    show_text(_state(bench, cells))
    form.prepare()
    changes = form.changes()
    check = form.check_alone(changes)
    by_column = check.by_column if check is not None else {}
    language = words.language
    show_position(form, check, lambda column: show_issues(by_column.get(column, ()), language))
    form.remember(changes)
    with st.container(horizontal=True, key="editing-save"):
        save = st.button(
            words.text("editing.queue.save"),
            key="editing-do-save",
            type="primary",
            disabled=not changes,
        )
        st.button(
            words.text("editing.queue.skip"), key="editing-skip", on_click=partial(_pass, row)
        )
        lost = not cells["lat"] and st.button(
            words.text("editing.queue.lost"),
            key="editing-lost",
            help=words.text("editing.queue.lost.what"),
        )
        st.button(
            words.text("editing.queue.form"),
            key="editing-form",
            on_click=partial(session().open, OpenRow(row.ref)),
        )
    if lost:
        _keep_lost(form)
    elif save and check is not None and check.new_errors:
        show_not_saved(form, check)
    elif save and (edited := settle(form, changes, check)) is not None:
        session().passed.add(cells["id"])
        keep(form, edited)
        # Nobody comes here but where it was not taken.
        session().passed.discard(cells["id"])


def _pass(row: Row) -> None:
    session().passed.add(row.cells["id"])
    session().arrive()


def _keep_lost(form: Form) -> None:
    """Write where a position would come from that somebody has looked for, and when."""
    date = form.bench.today.isoformat()
    cells = {
        f"position_source_{each}": translator(each).text(
            "editing.source.lost", date=translator(each).date(date)
        )
        for each in LANGUAGES
        if f"position_source_{each}" in form.table.names
    }
    session().passed.add(form.before["id"])
    keep(form, form.edited(cells))
    session().passed.discard(form.before["id"])


def _state(bench: Bench, cells: Mapping[str, str]) -> str:
    words = bench.words
    if not cells["lat"]:
        return words.text("editing.queue.missing")
    if not cells["position_accuracy_m"]:
        return words.text("editing.queue.unstated")
    source = cells.get(f"position_source_{words.language}") or cells["position_source_it"]
    metres = cells["position_accuracy_m"]
    return words.text("editing.queue.vague", metres=metres, source=short(source, 300))
