"""What is public now, what is wrong on the disk, and who has the page open."""

from __future__ import annotations

import logging

import streamlit as st
from streamlit.errors import StreamlitAuthError

from regen_map.messages.issues import describe, visible
from regen_map.ui.rendering import written
from regen_map.ui.staff.desk import LONGEST_NAME, Desk, Step, open_step, say
from regen_map.ui.staff.visitor import end_sign_in
from regen_map.ui.town import present

_LOG = logging.getLogger(__name__)
_FAILED = "staff-sign-in-failed"
_MOST_ISSUES = 20


def show_state(desk: Desk) -> None:
    """Draw the top of the desk."""
    visitor, words = desk.visitor, desk.words
    person = visitor.person
    st.html(
        written(
            "staff_state.html",
            words=words,
            about=open_step() is Step.BRING,
            version=_version(desk),
            files=_files(desk) if visitor.may_prepare else None,
            person=None if person is None else visible(person.author, LONGEST_NAME),
            role=None if person is None else words.text(f"staff.role.{person.role}"),
            with_password=visitor.with_password,
            leaves_by_form=person is not None and "@" not in person.key,
            open=visitor.desk_is_open,
            keeps_history=desk.store.keeps_history,
        )
    )
    if visitor.refusal is not None:
        say(words.text(f"organisation.{visitor.refusal}"), trouble=True)
    if person is None and visitor.with_organisation:
        st.button(words.text("staff.sign_in_organisation"), key="staff-in", on_click=_sign_in)
        if st.session_state.pop(_FAILED, False):
            say(words.text("staff.sign_in_broken"), trouble=True)
    if visitor.refusal is not None or (person is not None and "@" in person.key):
        st.button(words.text("staff.sign_out"), key="staff-out", on_click=_sign_out)


def _sign_in() -> None:
    """Ask the organisation; its settings may be wrong, which is for the log and the operator."""
    try:
        st.login()
    except StreamlitAuthError:
        _LOG.exception("Signing in with an organisation's account is not set up.")
        st.session_state[_FAILED] = True


def _sign_out() -> None:
    end_sign_in(present())
    st.logout()


def _version(desk: Desk) -> dict[str, str] | None:
    """Tell of the version that is public; None where there is none."""
    versions = desk.store.versions()
    if not versions:
        return None
    newest = versions[-1]
    return {
        "number": str(newest.number),
        "moment": desk.moment(newest.at),
        "author": desk.author(newest),
        "message": desk.message(newest),
        "origin": desk.words.text(f"history.{newest.origin}"),
    }


def _files(desk: Desk) -> dict[str, object]:
    """Tell what is wrong with the files as they are."""
    loaded = desk.store.load()
    # What is wrong with a whole file comes before what follows from it.
    errors = sorted(
        (issue for issue in loaded.issues if issue.is_error),
        key=lambda issue: not issue.whole_file,
    )
    told = [describe(each, desk.words.language) for each in errors[:_MOST_ISSUES]]
    return {"stale": loaded.stale, "errors": told, "n_more": len(errors) - len(told)}
