"""Changes that editors have handed over, and what becomes of them."""

from __future__ import annotations

import streamlit as st

from regen_map.access import Person, entrance, secrets_file
from regen_map.messages.issues import visible
from regen_map.staff import NotAllowedError, Staff
from regen_map.store import NoHistoryError, Proposal, ProposalError
from regen_map.ui.rendering import written
from regen_map.ui.staff.desk import LONGEST_MESSAGE, LONGEST_NAME, Desk, say
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
        for each in desk.store.proposals()
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
        if st.button(words.text("staff.open"), key=f"staff-open-{proposal.id}"):
            _open(desk, proposal)
        st.download_button(
            words.text("staff.take_proposal"),
            data=lambda: zipped(
                {
                    name: each
                    for name, each in desk.store.proposed_files(proposal).items()
                    if each is not None
                }
            ),
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
    if desk.work.proposal == proposal:
        desk.work.discard()
    desk.work.tell(desk.words.text("staff.dropped_proposal"))
    st.rerun()
