"""The page of the desk, from top to bottom."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping

import streamlit as st

from regen_map.intake import Options
from regen_map.store import limits, open_store
from regen_map.ui.staff.bring import show_bringing
from regen_map.ui.staff.desk import Desk, Step, go_to, open_step, say
from regen_map.ui.staff.editing import Bench, show_editing
from regen_map.ui.staff.history import show_history
from regen_map.ui.staff.publication import show_publication
from regen_map.ui.staff.state import show_state
from regen_map.ui.staff.summary import show_clash, show_work, show_zip
from regen_map.ui.staff.visitor import visitor
from regen_map.ui.staff.work import Work
from regen_map.ui.town import Town
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
        try:
            show_state(desk)
            if desk.visitor.may_prepare:
                _show_steps(desk)
            else:
                _show_left_work(desk)
        except OSError as error:
            say(desk.unreachable(error), trouble=True)


def _show_left_work(desk: Desk) -> None:
    """Let somebody whose sign-in has ended take away what they were preparing."""
    own = desk.work.own_files
    if own:
        say(desk.words.text("staff.left_work"), trouble=True)
        show_zip(desk.words.text("staff.take_mine"), own, key="staff-left")


def _show_steps(desk: Desk) -> None:
    words = desk.words
    for sentence in desk.work.told():
        say(sentence)
    n_waiting = len(desk.store.proposals()) if desk.visitor.may_publish else 0
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
    files = work.current_files()

    def keep(changed: Mapping[str, bytes | None]) -> bool:
        kept = work.keep(changed, dict.fromkeys(changed, files))
        if not kept:
            # The form is a fragment; what does not go together is told above it.
            st.rerun()
        work.tell(desk.words.text("staff.kept"))
        return kept

    show_editing(
        Bench(
            words=desk.words,
            files=files,
            keep=keep,
            today=desk.today,
            options=Options(limits=limits(), images=desk.store.pictures),
        )
    )
