"""What everybody needs of the place where a catalogue lives, whichever it is."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from regen_map.catalogue import Catalogue
from regen_map.intake import Picture
from regen_map.intake.aside import Prepare
from regen_map.store.draft import Draft
from regen_map.store.loaded import Contents, Loaded
from regen_map.store.pictures import StoredPicture
from regen_map.store.proposals import Proposal
from regen_map.store.versions import Flaw, Note, Version

PATIENCE_S = 10.0
"""A writer takes milliseconds; one that takes longer hangs, and then nobody should wait for it."""


class Writing(Protocol):
    """The step of a writer who has kept all others out."""

    def contents(self) -> Contents:
        """Give the files as they are, and the newest version."""

    def append(self, contents: Mapping[str, bytes], note: Note, catalogue: Catalogue) -> Version:
        """
        Make the files as they are the newest version, unless they are it already.

        Raises
        ------
        OSError, ValueError
            As `become`.
        """

    def become(self, contents: Mapping[str, bytes], note: Note, catalogue: Catalogue) -> Version:
        """
        Make the files others than they are, and these the newest version.

        Parameters
        ----------
        contents
            All files as they are to be, by name.
        note
            What is told of the version.
        catalogue
            What comes out of them.

        Returns
        -------
        Version
            The new one; the newest one where that has the very same contents.

        Raises
        ------
        OSError
            If something cannot be written; all is then as it was.
        ValueError
            If something is larger than it may be.
        """


class Store(Protocol):
    """
    A catalogue, its files and their history. Safe to share between threads.

    Attributes
    ----------
    watched
        Whether a `regen_map.store.Watcher` looks for changes, so that `load` need not.
    prepare
        Makes what visitors will ask of a catalogue where it is read, before it is shown;
        see `regen_map.intake.aside.read_catalogue_aside`.
    """

    watched: bool
    prepare: Prepare | None

    def __hash__(self) -> int:
        """Tell one from another: what was compared is kept for each."""

    @property
    def name(self) -> str:
        """What people call it: a folder, or the address of a database without its password."""

    @property
    def keeps_history(self) -> bool:
        """Whether versions are kept; without them nothing is published."""

    @property
    def pictures(self) -> Mapping[str, Picture]:
        """The pictures of the city, by name of the file."""

    # ------------------------------------------------------------ what is shown

    def load(self) -> Loaded:
        """
        Give the catalogue, reading it again only if something has changed.

        Returns
        -------
        Loaded
            The last good catalogue where none comes out of the files any more.

        Raises
        ------
        StoreError
            If no catalogue comes out of the files and none ever did.
        OSError
            If the store cannot be reached and never could.
        """

    def refresh(self, *, wait: bool = True) -> None:
        """
        Read the files if something has changed.

        Parameters
        ----------
        wait
            Whether to wait for somebody who is reading them; else they are left to them.

        Raises
        ------
        OSError
            If the store cannot be reached.
        """

    def changed(self) -> bool:
        """Tell whether there is anything to be read again; may raise `OSError`."""

    def pause(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until something may have changed, no longer than told; tell whether to stop."""

    def settle(self, seconds: float, stop: threading.Event) -> None:
        """Let whoever is writing a file come to its end, but not for ever."""

    # ------------------------------------------------------------ what is kept

    def contents(self) -> Contents:
        """
        Give the files as they are, never half of a publication.

        Raises
        ------
        OSError
            If that is not possible.
        """

    def versions(self) -> tuple[Version, ...]:
        """Give the versions whose records are sound, oldest first; none where none are kept."""

    def version_contents(self, version: Version) -> dict[str, bytes]:
        """
        Give the files of a version.

        Raises
        ------
        ContentsError
            If one of them was dropped, or is missing or altered.
        NoHistoryError
            If no history is kept.
        OSError
            If the store cannot be reached.
        """

    def catalogue_of(self, version: Version) -> Catalogue:
        """
        Read the catalogue of a version.

        Raises
        ------
        VersionError
            If its contents were dropped or damaged, or no catalogue comes out of them.
        """

    def known_by(self, day: dt.date) -> Version | None:
        """
        Give the newest version of a day, in the city's time zone, or before it.

        Returns
        -------
        Version or None
            None where the history begins later, or there is none.

        Raises
        ------
        StoreError
            As `load` does.
        """

    def damage(self) -> tuple[Flaw, ...]:
        """
        Tell what is wrong with the records of versions; no content is looked at.

        A version whose record is damaged is in none of `versions`, and the next one follows
        the last sound one: this, and the log, say that there is more to it.

        Returns
        -------
        tuple of Flaw
            Empty where each record is the one that was written and follows the one before.

        Raises
        ------
        OSError
            If the store cannot be reached.
        """

    def verify(self) -> tuple[Flaw, ...]:
        """Look at every byte that is kept; empty where all is as it was written."""

    def dropped(self) -> tuple[Version, ...]:
        """Give the versions of which `keep` has dropped contents, oldest first."""

    # ------------------------------------------------------------ what is written

    def writing(self, patience_s: float = PATIENCE_S) -> AbstractContextManager[Writing]:
        """
        Keep other writers out for as long as a step takes. It may be nested.

        Parameters
        ----------
        patience_s
            How many seconds to wait for another writer.

        Raises
        ------
        NoHistoryError
            If no history is kept.
        OSError
            If nothing can be written, or another writer does not come to its end.
        """

    def record(self, at: dt.datetime) -> Version | None:
        """
        Put what was changed from outside and read last into the history, if it is sound.

        Returns
        -------
        Version or None
            None where nothing was to be done.

        Raises
        ------
        OSError
            If the history cannot be written.
        """

    def confirm(self, at: dt.datetime) -> Version | None:
        """
        Say that the files are right as they are, whatever they have lost.

        Returns
        -------
        Version or None
            The newest version, which holds the files now; None where no history is kept.

        Raises
        ------
        StoreError
            If no catalogue comes out of the files.
        OSError
            If the history cannot be written.
        """

    def keep(self, n_versions: int) -> None:
        """
        Drop the contents that neither the newest versions nor proposals need.

        Records stay.

        Raises
        ------
        NoHistoryError
            If no history is kept.
        OSError
            If the history cannot be written.
        ValueError
            If none were to be kept.
        """

    # ------------------------------------------------------------ what is proposed

    def offer(self, draft: Draft, *, author: str, message: str, at: dt.datetime) -> Proposal:
        """
        Hand a draft over to those who publish; nothing else changes.

        Parameters
        ----------
        draft
            With all its contents: they are kept until the proposal is dropped.
        author, message
            Who proposes it, and why.
        at
            The moment, with a time zone.

        Raises
        ------
        ProposalsFullError
            If `regen_map.store.proposals.MOST_PROPOSALS` wait already.
        NoHistoryError
            If no history is kept.
        OSError
            If it cannot be written.
        ValueError
            If nothing is changed, `at` has no time zone, or something is larger than it
            may be.
        """

    def proposals(self) -> tuple[Proposal, ...]:
        """Give the proposals whose records are sound, oldest first."""

    def proposed_files(self, proposal: Proposal) -> dict[str, bytes | None]:
        """
        Give what a proposal changes: contents by name of the file; None for one taken away.

        Raises
        ------
        ProposalError
            If a content is missing or altered.
        """

    def files_before(self, proposal: Proposal) -> dict[str, bytes | None]:
        """Give what the same files held when it was made; raises as `proposed_files`."""

    def drop(self, proposal: Proposal) -> None:
        """
        Forget a proposal, and the contents that only it needs; one that is gone is no fault.

        Raises
        ------
        NoHistoryError
            If no history is kept.
        OSError
            If it cannot be written.
        """

    def image(self, name: str) -> StoredPicture | None:
        """Find a picture by the name of its file, which may come from anywhere."""
