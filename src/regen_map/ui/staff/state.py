"""What is public now, what is wrong on the disk, and who has the page open."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import PurePath

import streamlit as st
from streamlit.errors import StreamlitAuthError

from regen_map.intake import Rule
from regen_map.messages.damage import damage_sentence
from regen_map.messages.issues import describe, visible
from regen_map.ui.rendering import written
from regen_map.ui.staff.desk import LONGEST_NAME, Desk, Step, open_step, say
from regen_map.ui.staff.visitor import end_sign_in
from regen_map.ui.staff.work import public_files
from regen_map.ui.town import present

_LOG = logging.getLogger(__name__)
_FAILED = "staff-sign-in-failed"
_MOST_ISSUES = 20
_MISSED = frozenset({Rule.FILE_MISSING, Rule.ROWS_LOST})
"""What is said of a table whose file is gone."""


def show_state(desk: Desk) -> None:
    """Draw the top of the desk."""
    visitor, words = desk.visitor, desk.words
    person = visitor.person
    version = desk.asked(lambda: _version(desk))
    st.html(
        written(
            "staff_state.html",
            words=words,
            about=open_step() is Step.BRING,
            version=version,
            unknown=bool(desk.troubles),
            # Where nothing can be read, each file seems to be missing.
            files=_files(desk) if visitor.may_prepare and not desk.troubles else None,
            expired=person is None and visitor.refusal is None and not visitor.identity.empty,
            person=None if person is None else visible(person.author, LONGEST_NAME),
            role=None if person is None else words.text(f"staff.role.{person.role}"),
            with_password=visitor.with_password,
            leaves_by_form=person is not None and "@" not in person.key,
            open=visitor.desk_is_open,
            keeps_history=desk.store.keeps_history,
        )
    )
    flaws = desk.asked(desk.store.damage) or ()
    if person is not None and (damage := damage_sentence(flaws, words)):
        say(damage, trouble=True)
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
        # A folder that is not there has no versions either, and is no town without any.
        public_files(desk.store)
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
    loaded, words = desk.store.load(), desk.words
    errors = [issue for issue in loaded.issues if issue.is_error]
    missing = _missing(desk) if loaded.stale else ()
    wanted = [issue for issue in errors if not (missing and issue.rule in _MISSED)]
    # What is wrong with a whole file is told alone: the rest mostly follows from it.
    whole = [issue for issue in wanted if issue.whole_file]
    shown = (whole if whole or missing else wanted)[:_MOST_ISSUES]
    told = [words.text("desk.file_missing", file=each) for each in missing]
    told += [describe(each, words.language) for each in shown]
    n_more = len(wanted) - len(shown)
    grave = bool(whole or missing)
    return {"stale": loaded.stale, "errors": told, "n_more": n_more, "grave": grave}


def _missing(desk: Desk) -> Sequence[str]:
    """Name the files of the newest version of whose table there is none now."""
    versions = desk.asked(desk.store.versions)
    now = desk.asked(lambda: public_files(desk.store))
    if not versions or now is None:
        return ()
    tables = {PurePath(name).stem for name in now}
    return [name for name in sorted(versions[-1].files) if PurePath(name).stem not in tables]
