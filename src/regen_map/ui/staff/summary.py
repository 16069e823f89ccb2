"""What is being prepared, in a few lines, and what of it does not go together."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import streamlit as st

from regen_map.messages.issues import visible
from regen_map.ui.rendering import written
from regen_map.ui.staff.desk import LONGEST_MESSAGE, LONGEST_NAME, Desk, Step, go_to, open_step

_MOST_ROWS = 50


def show_work(desk: Desk) -> None:
    """Draw what is being prepared, and what can be done with it; nothing where there is none."""
    draft, words = desk.work.draft, desk.words
    differences = desk.work.differences
    if draft is None or differences is None:
        return
    proposal, repairs = desk.work.proposal, desk.work.repairs
    summary = differences.summary(words, desk.today)
    if repairs and not differences.found and not differences.settings:
        summary = words.text("desk.repairs.same")
    st.html(
        written(
            "staff_work.html",
            words=words,
            files=list(differences.files(words)),
            repairs=words.listing(visible(each, LONGEST_NAME) for each in repairs),
            summary=summary,
            restores=draft.restores.number if draft.restores is not None else None,
            proposal=visible(proposal.author, LONGEST_NAME) if proposal is not None else "",
            message=visible(proposal.message, LONGEST_MESSAGE) if proposal is not None else "",
        )
    )
    with st.container(key="staff-work-acts", horizontal=True, gap="small"):
        if open_step() is not Step.PUBLISH:
            st.button(
                words.text("staff.step.publish"),
                key="staff-on",
                type="primary",
                on_click=lambda: go_to(Step.PUBLISH),
            )
        st.button(words.text("staff.discard"), key="staff-discard", on_click=desk.work.discard)


def show_clash(desk: Desk) -> None:
    """Draw what others have changed too, so that it is not taken."""
    clash, words = desk.work.clash, desk.words
    if clash is None:
        return
    newest = clash.newest
    st.html(
        written(
            "staff_clash.html",
            words=words,
            files=words.listing(visible(each, LONGEST_NAME) for each in clash.files),
            newest=None
            if newest is None
            else {
                "number": newest.number,
                "author": desk.author(newest),
                "moment": desk.moment(newest.at),
                "message": desk.message(newest),
            },
            rows=[
                (
                    words.text(f"staff.table.{each.table}"),
                    visible(each.names[words.language], LONGEST_NAME),
                    visible(each.subject, LONGEST_NAME),
                )
                for each in clash.rows[:_MOST_ROWS]
            ],
            n_more=max(len(clash.rows) - _MOST_ROWS, 0),
        )
    )
    with st.container(key="staff-clash-acts", horizontal=True, gap="small"):
        mine = {clash.names[name]: each for name, each in clash.mine.items() if each is not None}
        if mine:
            show_zip(words.text("staff.take_mine"), mine, key="staff-mine")
        st.button(words.text("staff.noted"), key="staff-noted", on_click=desk.work.forget_clash)


def show_zip(label: str, files: Mapping[str, bytes], *, key: str) -> None:
    """Offer files as one to take away."""
    st.download_button(
        label,
        data=lambda: zipped(files),
        file_name="regen-map.zip",
        mime="application/zip",
        key=key,
        on_click="ignore",
    )


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Put files into a ZIP archive; equal files give equal bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            # Without a moment of its own, as the first that the format knows.
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return content.getvalue()
