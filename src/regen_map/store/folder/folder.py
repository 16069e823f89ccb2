"""A catalogue kept as a folder of files, read again when one of them changes."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from regen_map.catalogue import Catalogue
from regen_map.intake import Issue, Options, Picture, Reading, file_names, read_catalogue
from regen_map.intake.aside import Prepare, read_catalogue_aside
from regen_map.store.draft import Draft
from regen_map.store.files import folder_contents, history_folder, limits
from regen_map.store.folder.carrying_out import recover, whole_contents
from regen_map.store.folder.history import FolderHistory
from regen_map.store.folder.journal import Journal
from regen_map.store.folder.writing import FolderWriting
from regen_map.store.loaded import Contents, Loaded, NoHistoryError, StoreError, VersionError
from regen_map.store.pictures import FOLDER, FolderPictures, StoredPicture, find_picture
from regen_map.store.proposals import Proposal, proposal_of
from regen_map.store.rereading import Rereading, newest_by
from regen_map.store.soundness import broken_files, joined_issues, losses
from regen_map.store.store import PATIENCE_S
from regen_map.store.verifying import Alarm
from regen_map.store.versions import Flaw, Note, Origin, Version, digests

Fingerprint: TypeAlias = tuple[tuple[str, int, int, int], ...]
"""Name, size and time of each file of a folder."""

_SETTLINGS = 3


class FolderStore:
    """
    A catalogue kept as files in a folder, and its history beside them.

    Safe to share between threads; `folder_store` gives the one of a folder.

    Parameters
    ----------
    path
        The folder.

    Attributes
    ----------
    watched
        Whether a `regen_map.store.Watcher` looks for changes, so that `load` need not.
    prepare
        What is done with a catalogue before it is shown; nothing unless set.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).resolve()
        self.watched = False
        self.prepare: Prepare | None = None
        self._reading = threading.Lock()
        self._fingerprint: Fingerprint | None = None
        self._loaded: Loaded | None = None
        self._issues: tuple[Issue, ...] = ()
        self._broken: frozenset[str] = frozenset()
        self._digests: Mapping[str, str] = {}
        self._recorded: Mapping[str, str] | None = None
        self._old = Rereading(self.name, self.version_contents)
        self._alarm = Alarm(self.name)

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.path)

    @property
    def keeps_history(self) -> bool:
        """Whether versions are kept."""
        return self.history is not None

    @property
    def pictures(self) -> Mapping[str, Picture]:
        """The pictures of the folder, by name of the file."""
        return FolderPictures(self.path, limits())

    @cached_property
    def history(self) -> FolderHistory | None:
        """The versions of the folder, kept where `history_folder` says; None where none are."""
        folder = history_folder(self.path)
        return FolderHistory(folder, limits()) if folder is not None else None

    def load(self) -> Loaded:
        """
        Give the catalogue, reading the files only if one of them has changed.

        Nothing is written but the end of a publication that died, and nobody waits for
        files that somebody else is reading already, unless there is nothing to show before.

        Returns
        -------
        Loaded
            The last good catalogue where the files have become unusable: no
            catalogue comes out of them, one that could be read cannot any more,
            or a table has lost more than half of its rows. After a start that is
            the newest of the history. Files that are the newest version of the
            history are always good: somebody has said so.

        Raises
        ------
        StoreError
            If no catalogue comes out of the files and none ever did.
        """
        if not self.watched or self._loaded is None:
            self.refresh(wait=self._loaded is None)
        loaded = self._loaded
        if loaded is None:
            raise StoreError(self.path, self._issues)
        return loaded

    def refresh(self, *, wait: bool = True) -> None:
        """
        Read the files if one of them has changed.

        Parameters
        ----------
        wait
            Whether to wait for somebody who is reading them; else they are left to them.
        """
        self._end_publication()
        if not self._reading.acquire(blocking=wait):
            return
        try:
            # Taken before reading: a file that changes meanwhile is read again next time.
            fingerprint = self.fingerprint()
            if fingerprint != self._fingerprint or self._confirmed_since():
                whole = whole_contents(self.path, self.history, limits())
                self._alarm.tell(self.damage())
                if whole is None:
                    self._take_newest()
                else:
                    self._read(whole.files, whole.refused)
                    self._fingerprint = fingerprint
        finally:
            self._reading.release()

    def changed(self) -> bool:
        """Tell whether there is anything to be read again."""
        return (
            self.fingerprint() != self._fingerprint
            or self._confirmed_since()
            or self._is_publishing()
        )

    def contents(self) -> Contents:
        """
        Give the files as they are, never half of a publication.

        Raises
        ------
        OSError
            If a publication is under way that does not come to its end.
        """
        found = whole_contents(self.path, self.history, limits())
        if found is None:
            # Somebody has died halfway, or one publication follows the other.
            with self.writing():
                found = whole_contents(self.path, self.history, limits())
        if found is None:
            message = "A publication does not come to its end."
            raise TimeoutError(message)
        return found

    def pause(self, seconds: float, stop: threading.Event) -> bool:
        """Wait; tell whether to stop. A folder tells nobody of its changes."""
        return stop.wait(seconds)

    def settle(self, seconds: float, stop: threading.Event) -> None:
        """Let whoever is writing a file come to its end, but not for ever."""
        seen = self.fingerprint()
        for _ in range(_SETTLINGS):
            if stop.wait(seconds):
                return
            last, seen = seen, self.fingerprint()
            if last == seen:
                return

    @contextmanager
    def writing(self, patience_s: float = PATIENCE_S) -> Iterator[FolderWriting]:
        """
        Keep other writers out, see `regen_map.store.Store.writing`.

        A publication that died is brought to its end first.
        """
        history = self._kept()
        with history.writing(patience_s):
            recover(self.path, history, limits())
            self._alarm.tell(self.damage())
            yield FolderWriting(self.path, history)

    def record(self, at: dt.datetime) -> Version | None:
        """
        Put what was read last into the history, see `regen_map.store.Store.record`.

        Nothing is done where it is there already, there is no history, the files cannot be
        used as they are, or they have changed since they were read.
        """
        history = self.history
        if history is None or self._digests == self._recorded or not self._sound():
            return None
        with self.writing() as step, self._reading:
            loaded = self._sound()
            if loaded is None:
                return None
            files, _ = folder_contents(self.path, limits())
            if digests(files) != self._digests:
                # Written again within the time that a file system tells apart.
                self._fingerprint = None
                return None
            version = step.append(files, Note(at=at, origin=Origin.OUTSIDE), loaded.catalogue)
            self._recorded = self._digests
        return version

    def confirm(self, at: dt.datetime) -> Version | None:
        """Say that the files are right as they are, see `regen_map.store.Store.confirm`."""
        if self.history is None:
            return None
        with self.writing() as step:
            files, refused, _ = step.contents()
            reading = read_catalogue(files, Options(limits=limits()))
            if reading.catalogue is None:
                raise StoreError(self.path, tuple(joined_issues(refused, reading.issues)))
            return step.append(files, Note(at=at, origin=Origin.COMMAND), reading.catalogue)

    def versions(self) -> tuple[Version, ...]:
        """Give the versions of the folder, oldest first; empty where no history is kept."""
        return self.history.versions() if self.history is not None else ()

    def version_contents(self, version: Version) -> dict[str, bytes]:
        """Give the files of a version, see `regen_map.store.Store.version_contents`."""
        return self._kept().contents(version)

    def damage(self) -> tuple[Flaw, ...]:
        """Tell what is wrong with the records of versions."""
        return self.history.damage() if self.history is not None else ()

    def verify(self) -> tuple[Flaw, ...]:
        """Look at every byte of the history."""
        return self.history.verify() if self.history is not None else ()

    def dropped(self) -> tuple[Version, ...]:
        """Give the versions of which `keep` has dropped contents, oldest first."""
        return self.history.dropped() if self.history is not None else ()

    def keep(self, n_versions: int) -> None:
        """Drop what neither the newest versions nor proposals need."""
        with self.writing():
            self._kept().prune(n_versions)

    def offer(self, draft: Draft, *, author: str, message: str, at: dt.datetime) -> Proposal:
        """Hand a draft over to those who publish, see `regen_map.store.Store.offer`."""
        proposal = proposal_of(draft, author=author, message=message, at=at)
        self._kept().propose(proposal, draft.touched)
        return proposal

    def proposals(self) -> tuple[Proposal, ...]:
        """Give the proposals whose records are sound, oldest first."""
        return self.history.proposals() if self.history is not None else ()

    def proposed_files(self, proposal: Proposal) -> dict[str, bytes | None]:
        """Give what a proposal changes, see `regen_map.store.Store.proposed_files`."""
        return self._kept().proposed(proposal, proposal.files)

    def files_before(self, proposal: Proposal) -> dict[str, bytes | None]:
        """Give what the same files held when it was made."""
        return self._kept().proposed(proposal, proposal.before)

    def drop(self, proposal: Proposal) -> None:
        """Forget a proposal, and the contents that only it needs."""
        self._kept().withdraw(proposal)

    def catalogue_of(self, version: Version) -> Catalogue:
        """Read the catalogue of a version, see `regen_map.store.Store.catalogue_of`."""
        loaded = self._loaded
        if loaded is not None and loaded.catalogue.version == version.catalogue:
            return loaded.catalogue
        if self.history is None:
            raise VersionError(self.name, version)
        return self._old.catalogue_of(version)

    def known_by(self, day: dt.date) -> Version | None:
        """Give the newest version of a day or before it, see `regen_map.store.Store.known_by`."""
        return newest_by(day, self.versions(), lambda: self.load().catalogue.city.time_zone)

    def image(self, name: str) -> StoredPicture | None:
        """Find a file of the folder ``images``; None where there is none of that name."""
        return find_picture(self.path, name)

    def fingerprint(self) -> Fingerprint:
        """Take size and times of each file, asking the folder once: it may lie on a network."""
        # The folder of pictures changes when one is added or taken away.
        names = frozenset((*file_names(), FOLDER))
        found = []
        try:
            with os.scandir(self.path) as entries:
                for entry in entries:
                    if entry.name not in names:
                        continue
                    # Gone meanwhile, or a link that leads nowhere.
                    with suppress(OSError):
                        status = entry.stat()
                        # The second time tells also who may read it.
                        times = status.st_mtime_ns, status.st_ctime_ns
                        found.append((entry.name, status.st_size, *times))
        except OSError:
            return ()
        return tuple(sorted(found))

    def _is_publishing(self) -> bool:
        return self.history is not None and Journal(self.history.root).is_open

    def _end_publication(self) -> None:
        """End a publication that died; one that lives does so by itself."""
        if self._is_publishing():
            with suppress(OSError), self.writing(patience_s=0):
                pass

    def _take_newest(self) -> None:
        """Show the newest version rather than half of the next one."""
        if self._loaded is None and (last := self._newest_sound()) is not None:
            self._loaded = Loaded(catalogue=last, issues=(), stale=True)

    def _read(self, files: Mapping[str, bytes], refused: Sequence[Issue]) -> None:
        options = Options(limits=limits(), images=self.pictures)
        reading = read_catalogue_aside(files, options, drafts=False, prepare=self.prepare)
        issues = joined_issues(refused, reading.issues)
        self._digests = digests(files) if self.history is not None else {}
        confirmed = self._is_newest(self._digests)
        broken = broken_files(issues)
        last = self._last(reading, confirmed=confirmed)
        lost = losses(last, reading.catalogue) if last and reading.catalogue else []
        self._issues = tuple(issues) if confirmed else (*issues, *lost)
        if last is None and reading.catalogue is None:
            return
        unusable = not confirmed and (lost or broken - self._broken)
        if last is not None and (reading.catalogue is None or unusable):
            self._loaded = Loaded(catalogue=last, issues=self._issues, stale=True)
        elif reading.catalogue is not None:
            self._broken = broken
            unchanged = last is not None and last.version == reading.catalogue.version
            catalogue = last if last is not None and unchanged else reading.catalogue
            self._loaded = Loaded(catalogue=catalogue, issues=self._issues)

    def _last(self, reading: Reading, *, confirmed: bool) -> Catalogue | None:
        """Give the last good catalogue: after a start, the newest that the history has."""
        if self._loaded is not None:
            return self._loaded.catalogue
        if confirmed and reading.catalogue is not None:
            return None
        return self._newest_sound()

    def _newest_sound(self) -> Catalogue | None:
        for version in reversed(self.versions()):
            with suppress(VersionError):
                return self.catalogue_of(version)
        return None

    def _kept(self) -> FolderHistory:
        if self.history is None:
            raise NoHistoryError(self.name)
        return self.history

    def _sound(self) -> Loaded | None:
        loaded = self._loaded
        return None if loaded is None or loaded.stale or self._broken else loaded

    def _confirmed_since(self) -> bool:
        loaded = self._loaded
        return loaded is not None and loaded.stale and self._is_newest(self._digests)

    def _is_newest(self, digests: Mapping[str, str]) -> bool:
        newest = self.history.newest if self.history is not None else None
        return newest is not None and newest.files == digests


_STORES: dict[Path, FolderStore] = {}


def folder_store(path: str | os.PathLike[str]) -> FolderStore:
    """Give the one store of a folder, shared by all who ask."""
    folder = Path(path).resolve()
    return _STORES.setdefault(folder, FolderStore(folder))
