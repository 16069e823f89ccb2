"""The page of the desk, from top to bottom."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable, Mapping

import streamlit as st

from regen_map.intake import Options
from regen_map.store import limits, open_store
from regen_map.ui.staff.bring import show_bringing
from regen_map.ui.staff.desk import Desk, Step, go_to, open_step, say
from regen_map.ui.staff.editing import Bench, held_files, leave_editing, n_typed, show_editing
from regen_map.ui.staff.focus import land, show_landing
from regen_map.ui.staff.history import show_history
from regen_map.ui.staff.publication import show_publication
from regen_map.ui.staff.state import show_state
from regen_map.ui.staff.summary import show_clash, show_work, show_zip
from regen_map.ui.staff.visitor import visitor
from regen_map.ui.staff.work import Work
from regen_map.ui.town import Town, present
from regen_map.ui.view import to_params

_STYLE = (importlib.resources.files("regen_map.ui") / "assets" / "staff.css").read_text("utf-8")


def show_desk(town: Town) -> None:
    """
    Draw the data desk.

    Parameters
    ----------
    town
        What this run started from; a preview of the session's work is not what is public.
    """
    store, words = open_store(), town.words
    desk = Desk(
        store=store,
        visitor=visitor(town.now),
        work=Work(store),
        words=words,
        city=store.load().catalogue.city,
        now=town.now,
        params=to_params(town.view),
    )
    st.html(f"<style>{_STYLE}</style>")
    with st.container(key="staff"):
        st.header(words.text("staff.title"), anchor=False)
        show_state(desk)
        above = st.container()
        try:
            if desk.visitor.may_prepare:
                _show_steps(desk)
            else:
                _show_left_work(desk)
        except OSError as error:
            desk.troubles.append(error)
        if desk.troubles:
            with above:
                _show_trouble(desk, desk.troubles[0])
    show_landing()


def _show_trouble(desk: Desk, error: OSError) -> None:
    """Say that the data cannot be read now; what the session holds stays as it is."""
    words, visitor = desk.words, desk.visitor
    say(desk.unreachable(error), trouble=True)
    own = desk.work.own_files if visitor.may_prepare else {}
    if own or n_typed():
        say(words.text("desk.still_here"))
    with st.container(key="staff-trouble-acts", horizontal=True, gap="small"):
        st.button(words.text("desk.again"), key="staff-again", type="primary", on_click=land)
        if own:
            show_zip(words.text("staff.take_mine"), own, key="staff-trouble-mine")


def _show_left_work(desk: Desk) -> None:
    """Let somebody whose sign-in has ended take away what they were preparing."""
    own = desk.work.own_files
    if own:
        say(desk.words.text("staff.left_work"), trouble=True)
        show_zip(desk.words.text("staff.take_mine"), own, key="staff-left")


def _show_steps(desk: Desk) -> None:
    words = desk.words
    with st.container():
        for sentence in desk.work.told():
            say(sentence)
    n_waiting = len(desk.asked(desk.store.proposals) or ()) if desk.visitor.may_publish else 0
    waiting = {Step.PUBLISH: f" ({words.number(n_waiting)})"} if n_waiting else {}
    key = "staff-steps"
    st.session_state[key] = open_step()
    st.segmented_control(
        words.text("staff.steps"),
        list(Step),
        key=key,
        format_func=lambda step: words.text(f"staff.step.{step}") + waiting.get(step, ""),
        required=True,
        label_visibility="collapsed",
        on_change=lambda: go_to(Step(st.session_state[key])),
    )
    step = open_step()
    if step is not Step.EDIT and (held := held_files()) is not None:
        leave_editing(_bench(desk, held, lambda _: False))
    if step is Step.BRING:
        show_bringing(desk)
    elif step is Step.EDIT:
        _show_editing(desk)
    elif step is Step.PUBLISH:
        show_publication(desk)
    else:
        show_history(desk)


def _show_editing(desk: Desk) -> None:
    work = desk.work
    show_work(desk)
    show_clash(desk)
    # What is being prepared lies in the session, whatever has become of the store.
    draft = work.draft
    files = draft.contents if draft is not None else desk.asked(work.current_files)
    files = files or held_files()
    if files is None:
        return

    def keep(changed: Mapping[str, bytes | None]) -> bool:
        try:
            kept = work.keep(changed, dict.fromkeys(changed, files))
        except OSError as error:
            # Nothing of the form is forgotten before it is kept.
            say(desk.unreachable(error), trouble=True)
            return False
        if not kept:
            # The form is a fragment; what does not go together is told above it.
            st.rerun()
        work.tell(desk.words.text("staff.kept"))
        return kept

    show_editing(_bench(desk, files, keep))


def _bench(
    desk: Desk, files: Mapping[str, bytes], keep: Callable[[Mapping[str, bytes | None]], object]
) -> Bench:
    return Bench(
        words=desk.words,
        files=files,
        keep=keep,
        today=desk.today,
        options=Options(limits=limits(), images=desk.store.pictures),
        attend=_attend,
    )


def _attend() -> None:
    """Count what is done in a form as use of the session."""
    visitor(present())
    if open_step() is not Step.EDIT:
        # Who types and presses another step at once has both told to the form alone.
        st.rerun()
