"""Putting something else in the place of what is being prepared, once that has been agreed to."""

from __future__ import annotations

import streamlit as st

from regen_map.ui.staff.desk import Desk, say
from regen_map.ui.staff.summary import show_zip

_WANTED = "staff-instead-of-work"


def may_replace(desk: Desk, wanted: str, *, pressed: bool) -> bool:
    """
    Tell whether something may take the place of what is being prepared; ask where it may not yet.

    Parameters
    ----------
    desk
        What the page works with.
    wanted
        Tells what is to be opened from anything else on the page.
    pressed
        Whether somebody has just asked for it.
    """
    words = desk.words
    if not desk.work.is_own:
        _forget(wanted)
        return pressed
    if pressed:
        st.session_state[_WANTED] = wanted
    if st.session_state.get(_WANTED) != wanted:
        return False
    say(words.text("desk.instead"), trouble=True)
    with st.container(key="staff-instead-acts", horizontal=True, gap="small"):
        show_zip(words.text("staff.take_mine"), desk.work.own_files, key="staff-instead-mine")
        agreed = st.button(words.text("desk.instead.do"), key="staff-instead-do")
        st.button(
            words.text("desk.instead.not"),
            key="staff-instead-not",
            on_click=_forget,
            args=(wanted,),
        )
    if agreed:
        _forget(wanted)
    return agreed


def _forget(wanted: str) -> None:
    if st.session_state.get(_WANTED) == wanted:
        del st.session_state[_WANTED]
