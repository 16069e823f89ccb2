"""What a session of the desk is preparing: a draft that nobody else sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import streamlit as st

from regen_map.editing import MOST_ROWS, advice
from regen_map.facts.differences import Differences, changed_by_both
from regen_map.intake import Issue, Options
from regen_map.intake.aside import read_catalogue_aside
from regen_map.query.changes import Difference
from regen_map.store import (
    ContentsError,
    Draft,
    Overtaken,
    Proposal,
    Store,
    StoreError,
    draft_of_proposal,
    draft_to_restore,
    limits,
    rebase,
)
from regen_map.store.versions import Version
from regen_map.ui.staff.bringing import brought
from regen_map.ui.town import PREVIEW

_KEY = "staff-work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """
    Changes that do not go together with what others have published meanwhile.

    Attributes
    ----------
    files
        The names of the files that both have changed.
    newest
        The newest version now; None where there is none, and where the files were changed
        and not published.
    mine
        The files that were not taken, whole; None for one that was to go.
    rows
        What others have changed of the subjects that these change too, one difference of
        each; empty where the rows cannot be told.
    """

    files: tuple[str, ...]
    newest: Version | None
    mine: Mapping[str, bytes | None]
    rows: Sequence[Difference] = ()


@dataclass(slots=True)
class _Kept:
    draft: Draft | None = None
    proposal: Proposal | None = None
    notices: list[str] = field(default_factory=list)
    clash: Clash | None = None
    differences: Differences | None = None
    advice: tuple[Issue, ...] | None = None


class Work:
    """
    What a session is preparing; it lies in the session and nowhere else.

    Parameters
    ----------
    store
        Where the town lives.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: _Kept = st.session_state.setdefault(_KEY, _Kept())

    @property
    def draft(self) -> Draft | None:
        """What the town would become; None where nothing is being prepared."""
        return self._kept.draft

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that it was made from; None for none."""
        return self._kept.proposal

    @property
    def clash(self) -> Clash | None:
        """What could not be put together; None for nothing."""
        return self._kept.clash

    def current_files(self) -> Mapping[str, bytes]:
        """
        Give all files as they are now: those of the work over those of the store.

        Raises
        ------
        OSError
            If the store cannot give them.
        """
        draft = self._kept.draft
        return draft.contents if draft is not None else self._store.contents().files

    def keep(
        self,
        files: Mapping[str, bytes | None],
        bases: Mapping[str, Mapping[str, bytes]] = MappingProxyType({}),
    ) -> bool:
        """
        Add files to the work.

        Parameters
        ----------
        files
            Whole files by their names in the folder of a city; None for one that goes.
        bases
            By the name of a file, all files at the time that it was made from.

        Returns
        -------
        bool
            Whether they are in the work. Where others have changed the same rows they
            are not, and `clash` says so.

        Raises
        ------
        OSError
            If the store cannot be read.
        """
        before = self._kept.draft
        try:
            draft = brought(self._store, files, bases=bases, on=before)
        except Overtaken as error:
            base = next(iter(bases.values()), before.base if before is not None else None)
            self._kept.clash = self._clash(error, files, base)
            return False
        proposal = self._kept.proposal
        self._take(draft if draft.changed or draft.gone else None)
        self._kept.proposal = proposal
        return True

    def rebase(self) -> bool:
        """
        Put the work on what others have published meanwhile.

        Returns
        -------
        bool
            Whether that is possible; else `clash` says why not.

        Raises
        ------
        OSError
            If the store cannot be read.
        """
        draft = self._kept.draft
        if draft is None:
            return False
        proposal = self._kept.proposal
        try:
            self._take(rebase(self._store, draft))
        except Overtaken as error:
            mine = {name: draft.contents.get(name) for name in (*draft.changed, *draft.gone)}
            self._kept.clash = self._clash(error, mine, draft.base)
            return False
        self._kept.proposal = proposal
        return True

    def open_version(self, version: Version) -> None:
        """
        Prepare to bring an old version back; what was being prepared is gone.

        Raises
        ------
        VersionError, NoHistoryError, OSError
            As `draft_to_restore`.
        """
        self._take(draft_to_restore(self._store, version))

    def open_proposal(self, proposal: Proposal) -> bool:
        """
        Make what somebody proposes the work; what was being prepared is gone.

        Returns
        -------
        bool
            Whether it goes together with the town as it is now; else `clash` says why not.

        Raises
        ------
        ProposalError, OSError, ValueError
            As `draft_of_proposal`.
        """
        try:
            self._take(draft_of_proposal(self._store, proposal))
        except Overtaken as error:
            mine = self._store.proposed_files(proposal)
            base = {**self._store.contents().files, **_there(self._store.files_before(proposal))}
            self._kept.clash = self._clash(error, mine, base)
            return False
        self._kept.proposal = proposal
        return True

    def discard(self) -> None:
        """Forget what is being prepared, and the preview of it."""
        self._take(None)

    def forget_proposal(self) -> None:
        """Go on with what somebody proposed as with one's own work."""
        self._kept.proposal = None

    def forget_clash(self) -> None:
        """Take note of what does not go together, and leave it."""
        self._kept.clash = None

    @property
    def differences(self) -> Differences | None:
        """What the work changes; None where nothing is being prepared."""
        return self._kept.differences

    def advice(self, today: dt.date) -> tuple[Issue, ...] | None:
        """
        Tell what is no fault in the rows that the work touches, but should be looked at.

        Returns
        -------
        tuple of Issue or None
            None where nothing is being prepared, and of a city of too many rows.

        Raises
        ------
        OSError
            If the pictures of the store cannot be looked at.
        """
        kept = self._kept
        draft = kept.draft
        if draft is None or draft.catalogue is None:
            return None
        if sum(map(len, draft.catalogue.frames.values())) > MOST_ROWS:
            return None
        if kept.advice is None:
            options = Options(limits=limits(), today=today, images=self._store.pictures)
            told = draft.reading.issues
            kept.advice = advice(draft.base, draft.contents, options, told)
        return kept.advice

    @property
    def own_files(self) -> dict[str, bytes]:
        """The files that the work makes new or others, whole."""
        draft = self._kept.draft
        return {} if draft is None else {name: draft.contents[name] for name in draft.changed}

    def show_preview(self) -> None:
        """Have all pages of this session show what is being prepared."""
        if self._kept.draft is not None and self._kept.draft.catalogue is not None:
            st.session_state[PREVIEW] = self._kept.draft.catalogue

    def tell(self, sentence: str) -> None:
        """Have the page say something on its next run."""
        self._kept.notices.append(sentence)

    def told(self) -> list[str]:
        """Give what the page is to say, once."""
        notices, self._kept.notices = self._kept.notices, []
        return notices

    def _clash(
        self, error: Overtaken, mine: Mapping[str, bytes | None], base: Mapping[str, bytes] | None
    ) -> Clash:
        """Find out which rows both have changed, where that can be told."""
        rows: Sequence[Difference] = ()
        if base is not None:
            gone = {name for name, content in mine.items() if content is None}
            whole = {name: each for name, each in base.items() if name not in gone}
            options = Options(limits=limits())
            states = (base, whole | _there(mine), self._store.contents().files)
            old, new, now = (read_catalogue_aside(each, options).catalogue for each in states)
            if old is not None and new is not None and now is not None:
                rows = changed_by_both(old, new, now)
        draft = self._kept.draft
        published = draft is None or error.newest != draft.parent
        newest = error.newest if published else None
        return Clash(files=error.files, newest=newest, mine=mine, rows=rows)

    def _take(self, draft: Draft | None) -> None:
        self._kept.draft = draft
        self._kept.differences = (
            Differences(draft.before, draft.catalogue, draft.base, draft.contents)
            if draft is not None
            else None
        )
        self._kept.proposal = None
        self._kept.clash = None
        self._kept.advice = None
        # A preview of what was prepared before would be taken for this one.
        st.session_state.pop(PREVIEW, None)


def _there(files: Mapping[str, bytes | None]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if content is not None}


def files_of(store: Store, number: int) -> Mapping[str, bytes] | None:
    """
    Give the files of a version.

    Returns
    -------
    mapping or None
        None where there is no such version, or its contents are not kept any more.

    Raises
    ------
    OSError
        If the store cannot be reached.
    """
    version = next((each for each in store.versions() if each.number == number), None)
    if version is None:
        return None
    try:
        return store.version_contents(version)
    except (ContentsError, StoreError):
        return None
