"""The versions: who, when and why; two of them compared, one brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import streamlit as st

from regen_map.facts.differences import Differences
from regen_map.messages import Translator
from regen_map.messages.issues import visible
from regen_map.store import (
    ContentsError,
    NoHistoryError,
    Store,
    StoreError,
    Version,
    versions_to_keep,
)
from regen_map.ui.rendering import written
from regen_map.ui.staff.bringing import name_to_take
from regen_map.ui.staff.changes import show_changes
from regen_map.ui.staff.desk import LONGEST_NAME, Desk, Step, go_to, say
from regen_map.ui.staff.focus import land
from regen_map.ui.staff.instead import may_replace
from regen_map.ui.staff.summary import zipped

_STEP = 20
_ROWS, _COMPARED = "staff-versions", "staff-compared"
_MOST_FLAWS = 50


def show_history(desk: Desk) -> None:
    """Draw the versions, the newest first, and what can be done with them."""
    words, versions = desk.words, (desk.asked(desk.store.versions) or ())
    dropped = {each.number for each in (desk.asked(desk.store.dropped) or ())}
    if not desk.store.keeps_history:
        say(words.text("history.off"))
        return
    if desk.troubles:
        return
    if versions:
        _show_versions(desk, versions, dropped)
        _show_comparing(desk, versions)
        _show_one(desk, versions, dropped)
    else:
        say(words.text("history.empty"))
    _show_verifying(desk, versions, dropped)


def _show_versions(desk: Desk, versions: Sequence[Version], dropped: set[int]) -> None:
    words = desk.words
    n_rows = st.session_state.setdefault(_ROWS, _STEP)
    newest_first = versions[::-1][:n_rows]
    before: Mapping[int, Version] = {version.number: older for older, version in pairwise(versions)}
    st.subheader(words.text("staff.history_title"), anchor=False)
    st.html(
        written(
            "staff_versions.html",
            words=words,
            versions=[
                {
                    "number": each.number,
                    "moment": desk.moment(each.at),
                    "author": desk.author(each),
                    "message": desk.message(each),
                    "origin": words.text(f"history.{each.origin}"),
                    "changes": _changes(desk, before.get(each.number), each),
                    "dropped": each.number in dropped,
                    "hash": each.hash,
                }
                for each in newest_first
            ],
        )
    )
    left = len(versions) - len(newest_first)
    if left and st.button(words.count("staff.more_versions", min(left, _STEP)), key="staff-more"):
        st.session_state[_ROWS] = n_rows + _STEP
        st.rerun()


def _changes(desk: Desk, before: Version | None, version: Version) -> list[str]:
    old = before.files if before is not None else {}
    return list(Differences(None, None, old, version.files).files(desk.words))


# ---------------------------------------------------------------- two versions


def _show_comparing(desk: Desk, versions: Sequence[Version]) -> None:
    if len(versions) < 2:  # noqa: PLR2004 - two versions
        return
    words = desk.words
    st.subheader(words.text("staff.compare_title"), anchor=False)
    numbers = [each.number for each in versions[::-1]]
    with st.container(
        key="staff-compare", horizontal=True, gap="small", vertical_alignment="bottom"
    ):
        old = _choice(desk, "staff.from", versions, numbers[1], "staff-from")
        new = _choice(desk, "staff.to", versions, numbers[0], "staff-to")
        if st.button(words.text("staff.compare"), key="staff-compare-now"):
            st.session_state[_COMPARED] = (old.number, new.number)
    if st.session_state.get(_COMPARED) == (old.number, new.number):
        _show_difference(desk, old, new)


def _choice(desk: Desk, label: str, versions: Sequence[Version], first: int, key: str) -> Version:
    by_number = {each.number: each for each in versions[::-1]}
    number = st.selectbox(
        desk.words.text(label),
        list(by_number),
        index=list(by_number).index(first),
        key=key,
        format_func=lambda each: f"v{each} · {desk.moment(by_number[each].at)}",
    )
    return by_number[number]


def _show_difference(desk: Desk, old: Version, new: Version) -> None:
    words = desk.words
    states = []
    with st.spinner(words.text("publish.comparing")):
        for version in (old, new):
            try:
                files = desk.store.version_contents(version)
                states.append((desk.store.catalogue_of(version), files))
            except (StoreError, ContentsError):
                say(words.text("publish.version_gone", number=version.number), trouble=True)
                return
            except OSError as error:
                say(desk.unreachable(error), trouble=True)
                return
    between = words.text("publish.between", before=f"v{old.number}", after=f"v{new.number}")
    st.html(written("staff_between.html", between=between))
    (before, old_files), (after, new_files) = states
    found = Differences(before, after, old_files, new_files)
    show_changes(desk, found, key="versions")


# ---------------------------------------------------------------- one version


def _show_one(desk: Desk, versions: Sequence[Version], dropped: set[int]) -> None:
    words = desk.words
    st.subheader(words.text("staff.restore_title"), anchor=False)
    st.html(written("staff_restore.html", words=words))
    first = versions[-2 if len(versions) > 1 else -1].number
    with st.container(key="staff-one", horizontal=True, vertical_alignment="bottom"):
        version = _choice(desk, "staff.which_version", versions, first, "staff-version")
        gone = version.number in dropped
        restoring = st.button(words.text("staff.restore"), key="staff-restore", disabled=gone)
        st.download_button(
            words.text("staff.take_version"),
            data=lambda: _archive(desk.store, version),
            file_name=name_to_take("regen-map.zip", ".zip", version.number),
            mime="application/zip",
            key="staff-take-version",
            on_click="ignore",
            disabled=gone,
        )
    if gone:
        say(words.text("history.dropped"))
    if may_replace(desk, f"version {version.number}", pressed=restoring):
        _restore(desk, version)


def _archive(store: Store, version: Version) -> bytes:
    return zipped(store.version_contents(version))


def _restore(desk: Desk, version: Version) -> None:
    try:
        with st.spinner(desk.words.text("publish.reading")):
            desk.work.open_version(version)
    except (StoreError, ContentsError, NoHistoryError):
        say(desk.words.text("publish.version_gone", number=version.number), trouble=True)
        return
    except OSError as error:
        say(desk.unreachable(error), trouble=True)
        return
    draft = desk.work.draft
    if draft is not None and not draft.changed and not draft.gone:
        desk.work.discard()
        say(desk.words.text("staff.same_already"))
        return
    go_to(Step.PUBLISH)
    land()
    st.rerun()


# ---------------------------------------------------------------- all versions


def _show_verifying(desk: Desk, versions: Sequence[Version], dropped: set[int]) -> None:
    words = desk.words
    st.subheader(words.text("staff.verify_title"), anchor=False)
    n_dropped, keeping = len(dropped), _keeping(words)
    st.html(written("staff_retention.html", words=words, n_dropped=n_dropped, keeping=keeping))
    if not st.button(words.text("staff.verify"), key="staff-verify"):
        return
    with st.spinner(words.text("staff.verifying")):
        try:
            flaws = desk.store.verify()
        except OSError as error:
            say(desk.unreachable(error), trouble=True)
            return
    if not flaws:
        say(words.count("history.sound", len(versions)))
    for flaw in flaws[:_MOST_FLAWS]:
        file = visible(flaw.file, LONGEST_NAME)
        told = words.text(f"history.flaw.{flaw.fault}", number=flaw.number, file=file)
        say(told, trouble=True)
    if len(flaws) > _MOST_FLAWS:
        say(words.count("staff.more_flaws", len(flaws) - _MOST_FLAWS), trouble=True)


def _keeping(words: Translator) -> str:
    """Say how many versions the server keeps, and who decides about it."""
    try:
        n_versions = versions_to_keep()
    except ValueError:
        return words.text("staff.keep_unclear")
    if n_versions is None:
        return words.text("staff.keep_note")
    return words.count("staff.keep_newest", n_versions)
