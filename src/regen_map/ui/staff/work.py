"""What a session of the desk is preparing: a draft that nobody else sees."""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from types import MappingProxyType
from typing import NamedTuple

import streamlit as st

from regen_map.catalogue import Catalogue
from regen_map.editing import MOST_ROWS, advice
from regen_map.facts.differences import Differences, changed_by_both, subject_name
from regen_map.intake import Issue, Options
from regen_map.intake.aside import read_catalogue_aside
from regen_map.messages import LANGUAGES
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
from regen_map.store.versions import Version, digests
from regen_map.ui.staff.bringing import brought, name_to_take, of_table, origin
from regen_map.ui.town import PREVIEW

_KEY = "staff-work"


class Shared(NamedTuple):
    """
    What two changes have both changed.

    Attributes
    ----------
    table, subject
        As of `regen_map.query.changes.Difference`.
    names
        What the subject is called, by language; not cut.
    """

    table: str
    subject: str
    names: Mapping[str, str]


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
    names
        What each of these is called when it is taken away, by its name in `mine`: brought
        again, it is put on what there is then.
    rows
        The subjects of these changes that others have changed too; empty where the rows
        cannot be told.
    """

    files: tuple[str, ...]
    newest: Version | None
    mine: Mapping[str, bytes | None]
    names: Mapping[str, str]
    rows: Sequence[Shared] = ()


@dataclass(slots=True)
class _Kept:
    draft: Draft | None = None
    proposal: Proposal | None = None
    notices: list[str] = field(default_factory=list)
    clash: Clash | None = None
    differences: Differences | None = None
    advice: tuple[Issue, ...] | None = None
    own: bool = False
    repairs: tuple[str, ...] = ()


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

    @property
    def repairs(self) -> tuple[str, ...]:
        """The files that cannot be used as they are now, and would become others."""
        return self._kept.repairs

    @property
    def is_own(self) -> bool:
        """Whether something is prepared that stands nowhere else, as proposals and versions do."""
        return self._kept.own

    def current_files(self) -> Mapping[str, bytes]:
        """
        Give all files as they are now: those of the work over those of the store.

        Raises
        ------
        OSError
            If the store cannot give them.
        """
        draft = self._kept.draft
        return draft.contents if draft is not None else public_files(self._store)

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
        public_files(self._store)
        try:
            draft = brought(self._store, files, bases=bases, on=before)
        except Overtaken as error:
            base = next(iter(bases.values()), before.base if before is not None else None)
            self._kept.clash = self._clash(error, files, base, _under(bases, before))
            return False
        proposal = self._kept.proposal
        self._take(draft if draft.changed or draft.gone else None)
        self._kept.proposal = proposal
        self._kept.own = self._kept.draft is not None
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
        proposal, own = self._kept.proposal, self._kept.own
        public_files(self._store)
        try:
            self._take(rebase(self._store, draft))
        except Overtaken as error:
            mine = {name: draft.contents.get(name) for name in (*draft.changed, *draft.gone)}
            made_from = dict.fromkeys(mine, draft.base)
            self._kept.clash = self._clash(error, mine, draft.base, made_from)
            return False
        self._kept.proposal, self._kept.own = proposal, own
        return True

    def open_version(self, version: Version) -> None:
        """
        Prepare to bring an old version back; what was being prepared is gone.

        Raises
        ------
        VersionError, NoHistoryError, OSError
            As `draft_to_restore`.
        """
        public_files(self._store)
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
        public_files(self._store)
        try:
            self._take(draft_of_proposal(self._store, proposal))
        except Overtaken as error:
            mine = self._store.proposed_files(proposal)
            before = _there(self._store.files_before(proposal))
            base = {**self._store.contents().files, **before}
            self._kept.clash = self._clash(error, mine, base, dict.fromkeys(mine, before))
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
        """
        The files that the work makes new or others, whole, by the name to take them away with.

        Brought again, they are put on what others have published meanwhile.
        """
        draft = self._kept.draft
        if draft is None:
            return {}
        made_from = dict.fromkeys(draft.changed, draft.base)
        names = _names(draft.changed, made_from, [draft.parent] if draft.parent else [])
        return {names[name]: draft.contents[name] for name in draft.changed}

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
        self,
        error: Overtaken,
        mine: Mapping[str, bytes | None],
        base: Mapping[str, bytes] | None,
        made_from: Mapping[str, Mapping[str, bytes]],
    ) -> Clash:
        """Find out which rows both have changed, where that can be told."""
        rows: Sequence[Shared] = ()
        if base is not None:
            gone = {name for name, content in mine.items() if content is None}
            whole = {name: each for name, each in base.items() if name not in gone}
            options = Options(limits=limits())
            states = (base, whole | _there(mine), self._store.contents().files)
            old, new, now = (read_catalogue_aside(each, options).catalogue for each in states)
            if old is not None and new is not None and now is not None:
                rows = [_shared(each, now) for each in changed_by_both(old, new, now)]
        draft = self._kept.draft
        published = draft is None or error.newest != draft.parent
        newest = error.newest if published else None
        names = _names(mine, made_from, self._store.versions()[::-1])
        return Clash(files=error.files, newest=newest, mine=mine, names=names, rows=rows)

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
        self._kept.own = False
        self._kept.repairs = _repaired(draft) if draft is not None else ()
        # A preview of what was prepared before would be taken for this one.
        st.session_state.pop(PREVIEW, None)


def _repaired(draft: Draft) -> tuple[str, ...]:
    """Name the files that are neither a version's nor sound, and become others."""
    if draft.outside or draft.parent is None:
        return ()
    now, last = digests(draft.base), draft.parent.files
    return tuple(name for name in (*draft.changed, *draft.gone) if now.get(name) != last.get(name))


def _shared(each: Difference, now: Catalogue) -> Shared:
    names = {language: subject_name(each, now, language) for language in LANGUAGES}
    return Shared(each.table, each.subject, names)


def _under(
    bases: Mapping[str, Mapping[str, bytes]], draft: Draft | None
) -> dict[str, Mapping[str, bytes]]:
    """Tell what files were made from: below what is being prepared lies what is public."""
    if draft is None:
        return dict(bases)
    return {name: draft.base if base == draft.contents else base for name, base in bases.items()}


def _names(
    files: Iterable[str],
    made_from: Mapping[str, Mapping[str, bytes]],
    versions: Sequence[Version],
) -> dict[str, str]:
    """Name files for whoever takes them away, with the version that they were made from."""
    known = {
        name: origin(name, digests(of_table(name, base)), versions)
        for name, base in made_from.items()
    }
    return {name: name_to_take(name, PurePath(name).suffix, known.get(name)) for name in files}


def _there(files: Mapping[str, bytes | None]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if content is not None}


def public_files(store: Store) -> Mapping[str, bytes]:
    """
    Give the files of a store as they are.

    Raises
    ------
    OSError
        If the store cannot be reached; a folder without any file is one that is not there.
    """
    files = store.contents().files
    if not files:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    return files


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
