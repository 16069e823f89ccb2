"""The history of a folder: every version of its files, kept beside them on the disk."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from filelock import FileLock

from regen_map.intake import LIMITS, Limits
from regen_map.store.files import make_folder, regular_content, straight, write_whole
from regen_map.store.folder.journal import Journal
from regen_map.store.folder.proposals import FOLDER as _PROPOSALS
from regen_map.store.folder.proposals import FolderProposals
from regen_map.store.proposals import Proposal, ProposalError
from regen_map.store.records import Fault, digest
from regen_map.store.store import PATIENCE_S
from regen_map.store.verifying import flaws_of_chain, flaws_of_proposals, flaws_of_records
from regen_map.store.versions import (
    LONGEST_RECORD,
    Conflict,
    Flaw,
    Note,
    Version,
    checked_digests,
    contents_of,
    record_name,
    record_of,
    version_after,
    version_from,
)

_OBJECTS, _VERSIONS, _LOCK, _RETENTION = "objects", "versions", "lock", "retention.json"
_IGNORED = ".gitignore"
_RECORD_NAME = re.compile(r"[0-9]{8,15}\.json", re.ASCII)
_LONGEST_RETENTION = 1000
_Stamp: TypeAlias = tuple[int, int, int]


class FolderHistory:
    """
    The versions of a folder's files.

    Contents lie in ``objects/<first two digits>/<SHA-256>``, each once; the record of a
    version, which names them, in ``versions/<number>.json``. A record is written last and
    whole: a version is there with all its files, or not at all. Whatever else lies in the
    folder, a link, half a record, a record that somebody made up, is a `Flaw` of that
    version and nothing more.

    Safe to share between threads and processes.

    Parameters
    ----------
    root
        Where the history is, or will be with its first version.
    allowed
        How large a file may be.
    """

    def __init__(self, root: Path, allowed: Limits = LIMITS) -> None:
        self.root = root
        self._allowed = allowed
        self._lock = FileLock(root / _LOCK)
        self._proposals = FolderProposals(root)
        self._read: Mapping[int, tuple[_Stamp, Version | Fault]] = {}

    def versions(self) -> tuple[Version, ...]:
        """Give the versions whose records are sound, oldest first; none where none can be read."""
        try:
            records = self._records().values()
        except OSError:
            return ()
        return tuple(each for each in records if isinstance(each, Version))

    @property
    def newest(self) -> Version | None:
        """The last of `versions`."""
        found = self.versions()
        return found[-1] if found else None

    def contents(self, version: Version) -> dict[str, bytes]:
        """
        Give the files of a version.

        Returns
        -------
        dict of str to bytes
            The contents by name of the file, each with the SHA-256 that was recorded.

        Raises
        ------
        ContentsError
            If one of them was dropped, or is missing or altered.
        """
        return contents_of(version, self._object)

    @contextmanager
    def writing(self, patience_s: float = PATIENCE_S) -> Iterator[None]:
        """
        Keep other writers out for as long as a step takes.

        `append` does so by itself. Whoever also writes the files of the folder does both
        within: a watcher then never takes the files for an edit from outside.

        Raises
        ------
        OSError
            If the history cannot be written, or no other writer has come to its end in time.
        """
        make_folder(self._inside())
        ignored = self._inside(_IGNORED)
        if not ignored.is_file():
            write_whole(ignored, b"*\n")
        self._inside(_LOCK)
        with self._lock.acquire(timeout=patience_s):
            yield

    def append(
        self, contents: Mapping[str, bytes], note: Note, catalogue: str, *, parent: str
    ) -> Version:
        """
        Add a version.

        Parameters
        ----------
        contents
            All files of the folder, by name.
        note
            What is told of the version.
        catalogue
            As of `Version`.
        parent
            The hash of the version that the contents were made from, empty where there
            was none.

        Returns
        -------
        Version
            The newest one, with nothing written, where it has the very same contents.

        Raises
        ------
        Conflict
            If another version is the newest.
        OSError
            If it cannot be written; the history is then as it was.
        ValueError
            If a name is not that of a file, or something is larger than it may be.
        """
        with self.writing():
            newest = self.newest
            version = self.following(contents, note, catalogue, parent=parent)
            if version != newest:
                self._add(version, contents.values())
        return version

    def following(
        self, contents: Mapping[str, bytes], note: Note, catalogue: str, *, parent: str
    ) -> Version:
        """Make the version that `append` would add, or give the newest one; write nothing."""
        files = checked_digests(contents, self._allowed.file_bytes)
        newest = self.newest
        if newest is not None and newest.files == files:
            return newest
        if parent != (newest.hash if newest is not None else ""):
            raise Conflict(newest)
        # A number is never given twice, not even where its record is damaged.
        number = max(self._records(), default=0) + 1
        return version_after(newest, number, files, note, catalogue)

    @contextmanager
    def keeping(self, contents: Iterable[bytes]) -> Iterator[None]:
        """
        Keep contents that no version has yet, for a step that gives them one; within `writing`.

        Where that fails, those that were not there go again, unless a publication is under
        way that was not taken back: whoever ends it needs them.

        Raises
        ------
        OSError
            If one cannot be written.
        """
        new: list[str] = []
        try:
            for content in contents:
                sha256 = digest(content)
                found = self._object(sha256)
                if found is Fault.FILE_MISSING:
                    new.append(sha256)
                # One that is there already may be damaged.
                if found != content:
                    write_whole(self._path(sha256), content)
            yield
        except BaseException:
            if not Journal(self.root).is_open:
                self._remove(new)
            raise

    def forget(self, contents: Iterable[str]) -> None:
        """
        Remove contents that no version and no proposal has; within `writing`.

        Nothing goes while a record is damaged: it may be the one that names them.
        """
        with suppress(OSError):
            records = (*self._records().values(), *self._proposals.records().values())
            if not any(isinstance(each, Fault) for each in records):
                self._remove(contents)

    def _remove(self, contents: Iterable[str]) -> None:
        # Whoever made them hears why the step has failed, and not of this instead.
        with suppress(OSError):
            versions = (each for each in self._records().values() if isinstance(each, Version))
            needed = {sha256 for version in versions for sha256 in version.files.values()}
            needed |= self._proposals.needed()
            for each in set(contents) - needed:
                self._path(each).unlink(missing_ok=True)

    def _add(self, version: Version, contents: Iterable[bytes]) -> None:
        record = record_of(version)
        with self.keeping(contents):
            write_whole(self._inside(_VERSIONS, record_name(version.number)), record)

    def kept(self, sha256: str) -> bytes | None:
        """Give a content by its SHA-256; None where it is not there as it was written."""
        found = self._object(sha256)
        return None if isinstance(found, Fault) else found

    def damage(self) -> tuple[Flaw, ...]:
        """Tell what is wrong with records; those that have not changed are not read again."""
        try:
            return flaws_of_records(self._records(), self.first_kept())
        except OSError:
            return (Flaw(fault=Fault.FOLDER),)

    def verify(self) -> tuple[Flaw, ...]:
        """
        Look at every byte of the history.

        Returns
        -------
        tuple of Flaw
            Empty where each content and each record is as it was written, each version
            follows the one before it, and no number is left out. Contents that `prune`
            has dropped are no flaw.
        """
        try:
            records, proposals = self._records(), self._proposals.records()
        except OSError:
            return (Flaw(fault=Fault.FOLDER),)
        faults: dict[str, Fault | None] = {}

        def fault_of(sha256: str) -> Fault | None:
            if sha256 not in faults:
                faults[sha256] = self._fault(sha256)
            return faults[sha256]

        return (
            *flaws_of_chain(records, self.first_kept(), fault_of),
            *flaws_of_proposals(proposals, fault_of),
        )

    def dropped(self) -> tuple[Version, ...]:
        """Give the versions of which `prune` has dropped contents, oldest first."""
        first = self.first_kept() or 0
        return tuple(
            version
            for version in self.versions()
            if version.number < first and not all(map(self._is_there, version.files.values()))
        )

    def prune(self, keep: int) -> None:
        """
        Drop the contents that only old versions have, and no proposal; their records stay.

        Parameters
        ----------
        keep
            How many of the newest versions keep their contents.

        Raises
        ------
        OSError
            If the history cannot be written.
        ValueError
            If none were to be kept.
        """
        if keep < 1:
            message = f"At least one version keeps its contents, got {keep}."
            raise ValueError(message)
        with self.writing():
            versions = self.versions()
            old, kept = versions[:-keep], versions[-keep:]
            if old:
                # Said before it is done: contents that are gone must not look lost.
                self.keep_from(max(kept[0].number, self.first_kept() or 0))
            needed = {each for version in kept for each in version.files.values()}
            needed |= self._proposals.needed()
            for each in {each for version in old for each in version.files.values()} - needed:
                self._path(each).unlink(missing_ok=True)
            self._tidy()

    def propose(self, proposal: Proposal, contents: Iterable[bytes]) -> None:
        """
        Add a proposal with all contents that it needs.

        Raises
        ------
        ProposalsFullError
            If too many wait.
        OSError
            If it cannot be written.
        ValueError
            If its record or a content is larger than it may be.
        """
        held = {digest(each): each for each in contents}
        if any(len(each) > self._allowed.file_bytes for each in held.values()):
            message = "A content of the proposal is too large."
            raise ValueError(message)
        with self.writing():
            # Nothing is kept of what is not taken: else whoever may propose could fill the disk.
            self._proposals.admit(proposal)
            with self.keeping(held.values()):
                self._proposals.write(proposal)

    def proposals(self) -> tuple[Proposal, ...]:
        """Give the proposals whose records are sound, oldest first."""
        return self._proposals.sound()

    def proposed(
        self, proposal: Proposal, files: Mapping[str, str | None]
    ) -> dict[str, bytes | None]:
        """Give contents that a proposal names; raises `ProposalError` where one is not there."""
        found: dict[str, bytes | None] = {}
        for name, sha256 in files.items():
            found[name] = self.kept(sha256) if sha256 is not None else None
            if sha256 is not None and found[name] is None:
                raise ProposalError(proposal)
        return found

    def withdraw(self, proposal: Proposal) -> None:
        """Remove a proposal and the contents that only it needs; raises `OSError`."""
        with self.writing():
            self._proposals.remove(proposal)
            first = self.first_kept() or 0
            needed = self._proposals.needed()
            for version in self.versions():
                if version.number >= first:
                    needed.update(version.files.values())
            for each in proposal.contents - needed:
                self._path(each).unlink(missing_ok=True)

    def _records(self) -> dict[int, Version | Fault]:
        """Read each record that has changed since last time; in order of their numbers."""
        found: dict[int, tuple[_Stamp, Version | Fault]] = {}
        try:
            with os.scandir(self._inside(_VERSIONS)) as entries:
                names = [each.name for each in entries if _RECORD_NAME.fullmatch(each.name)]
        except FileNotFoundError:
            return {}
        for name in names:
            number = int(name.removesuffix(".json"))
            if name != record_name(number):
                continue
            path = self.root / _VERSIONS / name
            try:
                status = path.lstat()
                stamp = (status.st_size, status.st_mtime_ns, status.st_ino)
                known = self._read.get(number)
                found[number] = (
                    known if known and known[0] == stamp else (stamp, _record(path, number))
                )
            except OSError:
                found[number] = ((0, 0, 0), Fault.UNREADABLE)
        self._read = found
        return {number: found[number][1] for number in sorted(found)}

    def _object(self, sha256: str) -> bytes | Fault:
        try:
            content = regular_content(self._path(sha256), self._allowed.file_bytes)
        except FileNotFoundError:
            return Fault.FILE_MISSING
        except OSError:
            return Fault.FILE_ALTERED
        return content if content is not None and digest(content) == sha256 else Fault.FILE_ALTERED

    def _fault(self, sha256: str) -> Fault | None:
        found = self._object(sha256)
        return found if isinstance(found, Fault) else None

    def _is_there(self, sha256: str) -> bool:
        try:
            self._path(sha256).lstat()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return True

    def adopt(self, version: Version, contents: Iterable[bytes]) -> None:
        """
        Add a version as it was recorded in another place, with those of its contents there are.

        Raises
        ------
        Conflict
            If it does not follow the newest one.
        OSError
            If it cannot be written.
        """
        with self.writing():
            newest = self.newest
            if version.parent != (newest.hash if newest is not None else ""):
                raise Conflict(newest)
            self._add(version, contents)

    def keep_from(self, first: int) -> None:
        """Say from which version on contents are kept; raises `OSError`."""
        write_whole(self._inside(_RETENTION), json.dumps({"first": first}).encode())

    def first_kept(self) -> int | None:
        """Tell from which version on contents are kept; None where that cannot be read."""
        try:
            said = json.loads(regular_content(self._inside(_RETENTION), _LONGEST_RETENTION) or b"")
            first = said["first"]
        except FileNotFoundError:
            return 1
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return first if type(first) is int else None

    def _tidy(self) -> None:
        """Remove what writers left that were stopped halfway."""
        folders = [self.root, self._inside(_VERSIONS), self._inside(_PROPOSALS)]
        with suppress(FileNotFoundError), os.scandir(self._inside(_OBJECTS)) as entries:
            folders += [Path(each) for each in entries if each.is_dir(follow_symlinks=False)]
        for folder in folders:
            with suppress(FileNotFoundError), os.scandir(folder) as entries:
                hidden = [Path(each) for each in entries if each.name.startswith(".")]
            for draft in (each for each in hidden if each.name != _IGNORED):
                draft.unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self._inside(_OBJECTS, sha256[:2]) / sha256

    def _inside(self, *parts: str) -> Path:
        """Name a part of the history, unless a link leads from there to somewhere else."""
        return straight(self.root.joinpath(*parts))


def _record(path: Path, number: int) -> Version | Fault:
    return version_from(regular_content(path, LONGEST_RECORD), number)
