"""The form of one row: its fields, what is wrong with them, and the way to save them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import streamlit as st

from regen_map.catalogue import Cell, Column
from regen_map.editing import (
    Check,
    Edited,
    Row,
    RowGoneError,
    UnwritableError,
    becomes_unicode,
    checked,
    converts_to,
    proposed_id,
    removed,
)
from regen_map.intake import Issue
from regen_map.ui.staff.editing.bench import Bench
from regen_map.ui.staff.editing.fields import show_field
from regen_map.ui.staff.editing.marks import (
    short,
    show_heading,
    show_issues,
    show_note,
    show_text,
)
from regen_map.ui.staff.editing.names import column_name, place_name, stem_of, table_name
from regen_map.ui.staff.editing.position import is_of_position, show_position
from regen_map.ui.staff.editing.related import show_related, told
from regen_map.ui.staff.editing.session import NewRow, OpenRow, session
from regen_map.ui.staff.editing.sources import show_sources
from regen_map.ui.staff.editing.typed import Form

_MOST_OTHERS = 10
_MOST_LACKING = 5
_LONG = frozenset({Cell.TEXT, Cell.LINES, Cell.URLS, Cell.DATES, Cell.HOURS})
_BESIDE = 2
_AFTER_POSITION = ("summary_it", "sources")


def show_form(bench: Bench, view: OpenRow | NewRow) -> None:
    """Draw the form of a row, with what belongs to it."""
    form = _opened(bench, view)
    words = bench.words
    st.button(words.text("editing.back"), key="editing-back", on_click=session().back)
    if form is None:
        show_note(words.text("editing.gone"), "error")
        return
    _show_head(form)
    form.prepare()
    if form.row is None:
        _propose_id(form)
    changes = form.changes()
    # A new row is looked at once there is anything in it.
    check = form.check_alone(changes) if changes or form.row is not None else None
    _show_fields(form, check)
    _show_others(form)
    _show_row_issues(form, check)
    form.remember(changes)
    _show_save(form, changes, check)
    if form.row is not None:
        show_related(bench, form.row)
        _show_removal(form, form.row)


def remember(bench: Bench, view: OpenRow | NewRow) -> None:
    """Keep what is typed into a form that is not drawn any more."""
    form = _opened(bench, view)
    if form is not None and form.is_drawn:
        form.remember(form.changes())


def _opened(bench: Bench, view: OpenRow | NewRow) -> Form | None:
    if isinstance(view, NewRow):
        return Form(bench=bench, view=view, row=None)
    try:
        return Form(bench=bench, view=view, row=bench.read.row(view.ref))
    except RowGoneError:
        return None


def _show_head(form: Form) -> None:
    words, row = form.bench.words, form.row
    table = table_name(words, form.table.name)
    if row is None:
        show_heading(words.text("editing.new", table=table))
    else:
        place = place_name(words, row)
        where = words.text("editing.where", table=table, file=row.file, place=place)
        show_heading(told(form.bench, row), about=where)
    if form.overtaken:
        show_note(words.text("editing.overtaken"), "warning")
    if lost := form.bench.read.unreadable(form.table.name):
        show_note(words.text("editing.unwritable", file=lost), "error")
    becomes = converts_to(form.bench.read, form.table.name)
    if becomes:
        file = form.bench.read.file_of(form.table.name) or ""
        show_note(words.text("editing.converts", file=file, becomes=becomes), "warning")
    if row is not None and row.raw:
        show_note(words.text("editing.raw"), "warning")
        show_text(short(row.raw, form.longest))


def _propose_id(form: Form) -> None:
    """Keep the id in step with the name, until somebody types another one."""
    own = f"editing-own-id-{form.view.token}"
    if "id" in form.table.names and not st.session_state.get(own):
        form.type("id", proposed_id(form.bench.read, form.table.name, form.cell("name_it")))


# ------------------------------------------------------------------ fields


def _show_fields(form: Form, check: Check | None) -> None:
    columns = [each for each in form.table.columns if not is_of_position(form.table, each.name)]
    positioned = len(columns) < len(form.table.columns)
    for row in _rows(_groups(columns)):
        if positioned and row[0].name in _AFTER_POSITION:
            show_position(form, check, partial(_show_issues, form, check))
            positioned = False
        if form.is_dated(row[0].name):
            show_sources(form, partial(_show_issues, form, check))
            continue
        # What is wrong comes and goes inside, so that the map below stays where it is.
        with st.container():
            sides = st.columns(len(row)) if len(row) > 1 else [st.container()]
        for column, side in zip(row, sides, strict=True):
            with side:
                _show_one(form, column, check)
    if positioned:
        show_position(form, check, partial(_show_issues, form, check))


def _rows(groups: Sequence[Sequence[Column]]) -> Iterator[Sequence[Column]]:
    """Put short fields that follow each other two beside each other."""
    waiting: list[Column] = []
    for group in groups:
        if len(group) == 1 and group[0].cell not in _LONG and group[0].name != "id":
            waiting += group
            if len(waiting) == _BESIDE:
                yield waiting
                waiting = []
            continue
        if waiting:
            yield waiting
            waiting = []
        yield group
    if waiting:
        yield waiting


def _groups(columns: Iterable[Column]) -> list[list[Column]]:
    """Put languages beside each other, and sources beside their dates."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        stem, language = stem_of(column.name)
        together = {"source_dates": "sources"}.get(column.name, stem if language else column.name)
        groups.setdefault(together, []).append(column)
    return list(groups.values())


def _show_one(form: Form, column: Column, check: Check | None) -> None:
    before = form.before[column.name]
    fixed = column.name == "id" and form.row is not None and _id_is_sound(form.row)
    show_field(
        form.bench.words,
        form.bench.read,
        form.table,
        column,
        form.key(column.name),
        disabled=fixed,
        tall="\n" in before or "\r" in before,
        on_change=partial(_own_id, form.view.token) if column.name == "id" else None,
    )
    if len(before) > form.longest:
        show_note(form.bench.words.text("editing.too_long", n=len(before)), "warning")
    _show_issues(form, check, column.name)


def _id_is_sound(row: Row) -> bool:
    return not any(each.is_error and "id" in map(str.casefold, each.columns) for each in row.issues)


def _own_id(token: str) -> None:
    st.session_state[f"editing-own-id-{token}"] = True


def _show_issues(form: Form, check: Check | None, column: str) -> None:
    if check is not None and _is_due(form, column):
        show_issues(check.by_column.get(column, ()), form.bench.words.language)


def _is_due(form: Form, column: str) -> bool:
    """Tell whether faults are to be shown: what a new row lacks, only when it is to be saved."""
    return form.row is not None or session().tried == form.view.token or bool(form.cell(column))


def _show_others(form: Form) -> None:
    if form.row is None or not form.row.others:
        return
    show_note(form.bench.words.text("editing.others"))
    for heading, text in list(form.row.others.items())[:_MOST_OTHERS]:
        show_text(f"{short(heading)}: {short(text)}")


def _show_row_issues(form: Form, check: Check | None) -> None:
    if check is None:
        return
    language = form.bench.words.language
    show_issues(check.by_column.get("", ()), language)
    drawn = set(form.table.names) | {""}
    for name in check.by_column:
        if name not in drawn:
            show_issues(check.by_column[name], language, placed=True)
    if not check.new_errors:
        _show_consequences(form, check.others)


def _show_consequences(form: Form, others: Sequence[Issue]) -> None:
    if not others:
        return
    words = form.bench.words
    show_note(words.count("editing.consequences", len(others)), "warning")
    show_issues(others[:_MOST_OTHERS], words.language, placed=True)
    if len(others) > _MOST_OTHERS:
        show_text(words.count("editing.more", len(others) - _MOST_OTHERS))


# ------------------------------------------------------------------ saving


def _show_save(form: Form, changes: dict[str, str], check: Check | None) -> None:
    words, today = form.bench.words, form.bench.today.isoformat()
    with st.container(key="editing-save"):
        if "as_of" in form.table.names and form.cell("as_of") != today:
            verified = st.checkbox(
                words.text("editing.verified", date=words.date(today)),
                key=form.key("verified"),
            )
            if verified and "as_of" not in changes:
                changes = {**changes, "as_of": today}
        unsaved = form.view.token in session().typed
        if changes:
            _show_encoding(form, changes.values())
        if unsaved and form.row is not None:
            names = [f"«{column_name(words, form.table.column(each))}»" for each in changes]
            show_text(words.text("editing.changed", columns=words.listing(names)))
        with st.container(horizontal=True):
            wanted = st.button(
                words.text("editing.save"),
                key="editing-do-save",
                type="primary",
                disabled=not changes,
                on_click=partial(_try, form),
            )
            if unsaved:
                st.button(
                    words.text("editing.discard"),
                    key="editing-discard",
                    on_click=form.discard,
                )
        if session().saved == form.view.token and not unsaved:
            show_note(words.text("form.kept"), "done")
        if wanted:
            _save(form, changes, check)


def _show_encoding(form: Form, texts: Iterable[str]) -> None:
    """Say that saving writes the whole file in another encoding."""
    becomes = becomes_unicode(form.bench.read, form.table.name, texts)
    words = form.bench.words
    if becomes is None:
        return
    if becomes.mixed:
        show_note(words.text("editing.encoding.mixed", file=becomes.file), "warning")
    else:
        told = words.listing(f"«{each}»" for each in becomes.lacking[:_MOST_LACKING])
        sentence = words.text("editing.encoding.lacking", file=becomes.file, characters=told)
        show_note(sentence, "warning")


def _try(form: Form) -> None:
    session().tried = form.view.token


def _save(form: Form, changes: Mapping[str, str], check: Check | None) -> None:
    """Put the row into the work as it should be written; or say what is against it."""
    if check is not None and check.new_errors:
        show_not_saved(form, check)
        return
    settled = settle(form, changes, check)
    if settled is not None:
        keep(form, settled)


def settle(form: Form, changes: Mapping[str, str], check: Check | None) -> Edited | None:
    """
    Write what was typed, and check the whole city with it, as nothing did before.

    Parameters
    ----------
    form
        The row.
    changes
        What is typed; it is written in canonical form, unless the file would read that
        otherwise.
    check
        What was told of the row alone; None for nothing.

    Returns
    -------
    Edited or None
        None where something is against it, which is drawn.
    """
    words = form.bench.words
    canonical = check.canonical if check is not None else {}
    cells = {name: canonical.get(name, cell) for name, cell in changes.items()}
    try:
        edited = form.edited(cells)
        whole = form.check(edited)
        if whole.new_errors and cells != changes:
            edited = form.edited(changes)
            whole = form.check(edited)
    except RowGoneError:
        show_note(words.text("editing.gone"), "error")
        return None
    except UnwritableError as error:
        show_note(words.text("editing.unwritable", file=error.file), "error")
        return None
    if whole.new_errors:
        show_not_saved(form, whole)
        show_issues(whole.new_errors, words.language, placed=True)
        return None
    return edited


def show_not_saved(form: Form, check: Check) -> None:
    """Say that a row with errors is not saved."""
    n_errors = len(check.new_errors)
    show_note(form.bench.words.count("editing.not_saved", n_errors), "error")


def keep(form: Form, edited: Edited) -> None:
    """Put what was edited into the work, and run the page again."""
    before, session().files = session().files, edited.files
    if form.bench.keep(edited.changed) is False:
        session().files = before
        return
    form.discard()
    state, row = session(), edited.row
    if row is not None and state.view == form.view:
        state.replace(OpenRow(row.ref))
        state.saved = OpenRow(row.ref).token
        state.arrive("editing-save")
    else:
        state.arrive()
    st.rerun()


# ------------------------------------------------------------------ taking away


def _show_removal(form: Form, row: Row) -> None:
    words = form.bench.words
    if not st.checkbox(words.text("editing.remove"), key=form.key("sure")):
        return
    try:
        edited = removed(form.bench.read, row.ref)
    except UnwritableError as error:
        show_note(words.text("editing.unwritable", file=error.file), "error")
        return
    show_text(words.text("editing.remove.what"))
    _show_encoding(form, ())
    _show_consequences(form, checked(form.bench.read, edited).others)
    if st.button(words.text("editing.remove.do"), key="editing-remove"):
        if form.bench.keep(edited.changed) is False:
            return
        form.discard()
        session().back()
        st.rerun()
