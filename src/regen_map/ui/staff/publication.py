"""Looking at a change once more, and publishing it or handing it over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress

import streamlit as st

from regen_map.access import entrance, secrets_file
from regen_map.messages.issues import describe, visible
from regen_map.staff import NotAllowedError, Reason, Staff
from regen_map.store import (
    Draft,
    NoHistoryError,
    Overtaken,
    Proposal,
    ProposalError,
    ProposalsFullError,
    RefusedError,
    VersionError,
)
from regen_map.ui.pages import page_script
from regen_map.ui.rendering import written
from regen_map.ui.staff.changes import show_changes
from regen_map.ui.staff.desk import LONGEST_MESSAGE, Desk, Step, go_to, say
from regen_map.ui.staff.editing import n_typed, open_typed
from regen_map.ui.staff.focus import land
from regen_map.ui.staff.proposals import show_proposals
from regen_map.ui.staff.report import show_report
from regen_map.ui.staff.summary import show_clash, show_work
from regen_map.ui.staff.work import public_files
from regen_map.ui.town import present

_DONE = "staff-done"
_TURN = "staff-turn"
_WANTED = "staff-wants-publishing"
_MOST_FAULTS = 20


def show_publication(desk: Desk) -> None:
    """Draw what waits for a decision, and the work with all that is to be known of it."""
    # In a place of its own: what comes and goes there takes no focus from what stands below.
    with st.container():
        _show_unsaved(desk)
        _show_done(desk)
        show_proposals(desk)
        show_clash(desk)
    draft, differences, words = desk.work.draft, desk.work.differences, desk.words
    if draft is None or differences is None:
        say(words.text("staff.nothing_prepared"))
        return
    show_work(desk)
    show_report(desk, draft)
    st.subheader(words.text("staff.changes_title"), anchor=False)
    show_changes(desk, differences, key="work", summed_up=True)
    if draft.catalogue is not None:
        st.subheader(words.text("staff.preview_title"), anchor=False)
        st.html(written("staff_preview.html", words=words))
        if st.button(words.text("staff.preview"), key="staff-preview"):
            desk.work.show_preview()
            # For when they come back.
            land()
            st.switch_page(page_script("explore"), query_params=dict(desk.params))
    st.subheader(words.text("staff.publish_title"), anchor=False)
    obstacles = list(_obstacles(desk, draft))
    for each in obstacles:
        say(each, trouble=True)
    if not obstacles and desk.visitor.may_propose:
        _show_form(desk, draft, differences.map_wide)


def _show_unsaved(desk: Desk) -> None:
    """Tell of the rows that somebody has typed and not saved, and lead back to them."""
    n, words = n_typed(), desk.words
    if not n:
        return
    say(words.count("desk.unsaved", n), trouble=True)
    if st.button(words.count("desk.unsaved.open", n), key="staff-unsaved"):
        open_typed()
        go_to(Step.EDIT)
        st.rerun()


def _obstacles(desk: Desk, draft: Draft) -> Iterator[str]:
    """Say what no confirmation helps against."""
    words, visitor = desk.words, desk.visitor
    if not desk.store.keeps_history:
        yield words.text("publish.off")
    elif not visitor.desk_is_open:
        yield words.text("staff.closed")
    elif visitor.person is None:
        yield words.text("staff.not_allowed.anonymous")
    faults = draft.faults if draft.restores is None else ()
    if draft.catalogue is None:
        faults = tuple(issue for issue in draft.reading.issues if issue.is_error)
        yield words.text("publish.unusable")
    elif faults:
        yield words.text("publish.unusable")
    # What is wrong with a whole file is told alone: the rest mostly follows from it.
    whole = [issue for issue in faults if issue.whole_file]
    told = (whole or faults)[:_MOST_FAULTS]
    for each in told:
        yield describe(each, words.language)
    if more := len(faults) - len(told):
        yield words.count("desk.other_errors" if whole else "publish.more_issues", more)
    shown = sum(each.is_shown for each in draft.quarantined)
    if shown and draft.restores is None:
        yield words.count("staff.would_be_lost", shown)


def _show_form(desk: Desk, draft: Draft, map_wide: Collection[str]) -> None:
    words, turn = desk.words, st.session_state.setdefault(_TURN, 0)
    proposal = desk.work.proposal
    st.html(
        written(
            "staff_extents.html",
            words=words,
            extents=[(words.text(f"staff.table.{each.table}"), each) for each in draft.extents],
            map_wide=[words.text(f"settings.map_wide.{each}") for each in map_wide],
        )
    )
    key = _message_key(desk, turn)
    said = visible(proposal.message, LONGEST_MESSAGE) if proposal is not None else ""
    st.session_state.setdefault(key, said)
    with st.form(f"staff-form-{turn}"):
        message = st.text_area(
            words.text("staff.message"),
            max_chars=LONGEST_MESSAGE,
            key=key,
            help=words.text("staff.message_help"),
            # Else it is forgotten while another step is open.
            persist_state="session",
        )
        partial = confirmed = wide = False
        # Who publishes a proposal agrees to what it leaves out or takes away.
        decides = desk.visitor.may_publish
        if decides and draft.quarantined and draft.restores is None:
            label = words.count("staff.partial", len(draft.quarantined))
            partial = st.checkbox(label, key=f"staff-partial-{turn}")
        if decides and draft.extents:
            removed = sum(each.n_removed for each in draft.extents)
            changed = sum(each.n_changed for each in draft.extents)
            label = words.text("staff.confirm_rows", removed=removed, changed=changed)
            confirmed = st.checkbox(label, key=f"staff-confirmed-{turn}")
        if decides and map_wide:
            label = words.text("settings.confirm_map_wide")
            wide = st.checkbox(label, key=f"staff-map-wide-{turn}")
        with st.container(horizontal=True, gap="small"):
            publishing = desk.visitor.may_publish and st.form_submit_button(
                words.text("staff.publish"),
                type="primary",
                key=f"staff-publish-{turn}",
                on_click=_want_publishing,
            )
            offering = (
                (proposal is None or _is_theirs(desk, proposal))
                and draft.restores is None
                and st.form_submit_button(words.text("staff.offer"), key=f"staff-offer-{turn}")
            )
    wanted = st.session_state.pop(_WANTED, False)
    if wanted and not publishing:
        # Their role has been taken away since the button was drawn, and the button with it.
        say(words.text(f"staff.not_allowed.{Reason.ROLE}"), trouble=True)
    if not (publishing or offering):
        return
    complaint = _missing(
        desk, draft, message, partial=partial or offering, confirmed=confirmed or offering
    )
    if not complaint and publishing and map_wide and not wide:
        complaint = words.text("settings.map_wide_missing")
    if complaint:
        say(complaint, trouble=True)
    elif publishing:
        _publish(desk, draft, message.strip(), partial=partial, confirmed=confirmed)
    else:
        _offer(desk, draft, message.strip())


def _want_publishing() -> None:
    st.session_state[_WANTED] = True


def _is_theirs(desk: Desk, proposal: Proposal) -> bool:
    person = desk.visitor.person
    return person is not None and person.is_author(proposal.author)


def _missing(desk: Desk, draft: Draft, message: str, *, partial: bool, confirmed: bool) -> str:
    """Say what has to be told or agreed to first; empty for nothing."""
    if not message.strip():
        return desk.words.text("staff.message_missing")
    if draft.quarantined and draft.restores is None and not partial:
        return desk.words.text("staff.partial_missing")
    if draft.extents and not confirmed:
        return desk.words.text("staff.confirm_missing")
    return ""


def _publish(desk: Desk, draft: Draft, message: str, *, partial: bool, confirmed: bool) -> None:
    door = Staff(desk.store, entrance(secrets_file()), present)
    identity, proposal = desk.visitor.identity, desk.work.proposal

    def act() -> None:
        agreed = {"partial": partial, "confirmed": confirmed}
        if proposal is not None:
            version = door.accept(identity, proposal, draft, message, **agreed)
        else:
            version = door.publish(identity, draft, message, **agreed)
        desk.work.discard()
        st.session_state[_DONE] = version.number
        with suppress(OSError):
            # It is published; whoever watches the store shows it as soon as that is there again.
            desk.store.refresh()

    _try(desk, message, act)


def _offer(desk: Desk, draft: Draft, message: str) -> None:
    door = Staff(desk.store, entrance(secrets_file()), present)

    def act() -> None:
        identity, before = desk.visitor.identity, desk.work.proposal
        door.offer(identity, draft, message)
        if before is not None:
            # Offered anew, it takes the place of the one that it was made from.
            door.withdraw(identity, before)
        desk.work.discard()
        desk.work.tell(desk.words.text("staff.offered"))

    _try(desk, message, act)


def _try(desk: Desk, message: str, act: Callable[[], None]) -> None:
    """Do something that writes; say in a sentence why it was not done."""
    words, turn = desk.words, st.session_state[_TURN]
    try:
        # What is written into a folder that is not there hides it when it comes back.
        public_files(desk.store)
        with st.spinner(words.text("publish.writing")):
            act()
    except NotAllowedError as error:
        say(words.text(f"staff.not_allowed.{error.reason}"), trouble=True)
        return
    except Overtaken as error:
        _overtaken(desk, error)
        # Why it is done is still so; what was agreed to may not be.
        st.session_state[_message_key(desk, turn + 1)] = message
    except ProposalError:
        desk.work.forget_proposal()
        say(words.text("staff.proposal_gone"), trouble=True)
        return
    except ProposalsFullError:
        say(words.text("staff.proposals_full"), trouble=True)
        return
    except NoHistoryError:
        say(words.text("publish.off"), trouble=True)
        return
    except (RefusedError, ValueError):
        # Neither box nor message as they were when the page was drawn.
        say(words.text("staff.look_again"), trouble=True)
        return
    except OSError as error:
        say(desk.unreachable(error), trouble=True)
        return
    st.session_state[_TURN] = turn + 1
    land()
    st.rerun()


def _message_key(desk: Desk, turn: int) -> str:
    proposal = desk.work.proposal
    return f"staff-message-{turn}{f'-{proposal.id}' if proposal is not None else ''}"


def _overtaken(desk: Desk, error: Overtaken) -> None:
    """Put the work on what others have published meanwhile; it is looked at once more."""
    newest, before = error.newest, desk.work.draft
    # Where no version has come, somebody has changed the files themselves.
    published = newest if before is None or newest != before.parent else None
    try:
        together = desk.work.rebase()
    except OSError as unreachable:
        desk.work.tell(desk.unreachable(unreachable))
        return
    if together and published is not None:
        told = {"number": published.number, "author": desk.author(published)}
        desk.work.tell(desk.words.text("staff.rebased", **told))
    elif together:
        desk.work.tell(desk.words.text("publish.meanwhile"))


def _show_done(desk: Desk) -> None:
    """Tell what was published last, and how to take it back."""
    number, words = st.session_state.get(_DONE), desk.words
    if number is None or desk.work.draft is not None:
        return
    st.html(written("staff_done.html", words=words, number=number))
    before = [each for each in (desk.asked(desk.store.versions) or ()) if each.number < number]
    with st.container(key="staff-done-acts", horizontal=True, gap="small"):
        st.page_link(
            page_script("explore"),
            label=words.text("staff.to_map"),
            query_params=dict(desk.params),
            width="content",
        )
        if before and st.button(
            words.text("staff.undo", number=before[-1].number), key="staff-undo"
        ):
            try:
                desk.work.open_version(before[-1])
            except VersionError:
                say(words.text("publish.version_gone", number=before[-1].number), trouble=True)
                return
            except OSError as error:
                say(desk.unreachable(error), trouble=True)
                return
            go_to(Step.PUBLISH)
            land()
            st.rerun()
