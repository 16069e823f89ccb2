"""Changes that editors have handed over, and what becomes of them."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from regen_map.access import Person, entrance, secrets_file
from regen_map.messages.issues import visible
from regen_map.staff import NotAllowedError, Staff
from regen_map.store import NoHistoryError, Proposal, ProposalError, Store
from regen_map.ui.rendering import written
from regen_map.ui.staff.bringing import name_to_take, origin
from regen_map.ui.staff.desk import LONGEST_MESSAGE, LONGEST_NAME, Desk, say
from regen_map.ui.staff.focus import land
from regen_map.ui.staff.instead import may_replace
from regen_map.ui.staff.summary import zipped
from regen_map.ui.town import present

_MOST = 20


def show_proposals(desk: Desk) -> None:
    """Draw the proposals that somebody may decide about: all, or their own."""
    person = desk.visitor.person
    if person is None:
        return
    found = [
        each
        for each in (desk.asked(desk.store.proposals) or ())
        if desk.visitor.may_publish or person.is_author(each.author)
    ]
    if not found:
        return
    words = desk.words
    st.subheader(words.count("staff.proposals", len(found)), anchor=False)
    for proposal in found[:_MOST]:
        _show(desk, person, proposal)
    if len(found) > _MOST:
        say(words.count("staff.more_proposals", len(found) - _MOST))


def _show(desk: Desk, person: Person, proposal: Proposal) -> None:
    words = desk.words
    st.html(
        written(
            "staff_proposal.html",
            words=words,
            author=visible(proposal.author, LONGEST_NAME),
            moment=desk.moment(proposal.at),
            message=visible(proposal.message, LONGEST_MESSAGE),
            files=words.listing(visible(each, LONGEST_NAME) for each in sorted(proposal.files)),
        )
    )
    with st.container(key=f"staff-proposal-{proposal.id}", horizontal=True, gap="small"):
        opening = st.button(words.text("staff.open"), key=f"staff-open-{proposal.id}")
        st.download_button(
            words.text("staff.take_proposal"),
            data=lambda: zipped(_files(desk.store, proposal)),
            file_name=f"regen-map-{proposal.id}.zip",
            mime="application/zip",
            key=f"staff-take-{proposal.id}",
            on_click="ignore",
        )
        own = person.is_author(proposal.author)
        verb = "staff.withdraw" if own else "staff.turn_down"
        with st.popover(words.text(verb), key=f"staff-drop-{proposal.id}"):
            st.html(written("staff_drop.html", words=words))
            if st.button(words.text("staff.drop"), key=f"staff-dropped-{proposal.id}"):
                _drop(desk, proposal)
    if may_replace(desk, f"proposal {proposal.id}", pressed=opening):
        _open(desk, proposal)


def _files(store: Store, proposal: Proposal) -> dict[str, bytes]:
    """Give what a proposal makes new or others, by the names to take it away with."""
    files: dict[str, bytes] = {}
    before = {name: held for name, held in proposal.before.items() if held is not None}
    versions = store.versions()[::-1]
    for name, content in store.proposed_files(proposal).items():
        if content is not None:
            number = origin(name, before, versions)
            files[name_to_take(name, PurePath(name).suffix, number)] = content
    return files


def _open(desk: Desk, proposal: Proposal) -> None:
    try:
        with st.spinner(desk.words.text("publish.reading")):
            desk.work.open_proposal(proposal)
    except (ProposalError, ValueError):
        say(desk.words.text("staff.proposal_gone"), trouble=True)
        return
    except OSError as error:
        say(desk.unreachable(error), trouble=True)
        return
    land()
    st.rerun()


def _drop(desk: Desk, proposal: Proposal) -> None:
    door = Staff(desk.store, entrance(secrets_file()), present)
    try:
        door.withdraw(desk.visitor.identity, proposal)
    except NotAllowedError as error:
        say(desk.words.text(f"staff.not_allowed.{error.reason}"), trouble=True)
        return
    except NoHistoryError:
        say(desk.words.text("publish.off"), trouble=True)
        return
    except OSError as error:
        say(desk.unreachable(error), trouble=True)
        return
    if desk.work.proposal == proposal and desk.work.is_own:
        # Somebody has added to it.
        desk.work.forget_proposal()
    elif desk.work.proposal == proposal:
        desk.work.discard()
    desk.work.tell(desk.words.text("staff.dropped_proposal"))
    st.rerun()
