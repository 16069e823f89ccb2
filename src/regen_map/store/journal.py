"""Replacing several files of a folder at once: all of them or none, whatever dies when."""

from __future__ import annotations

import json
import os
import re
import stat
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from regen_map.intake import LIMITS, Limits, file_names
from regen_map.store.files import (
    file_content,
    folder_contents,
    make_folder,
    straight,
    sync_folder,
    write_whole,
)
from regen_map.store.files import regular_content as regular
from regen_map.store.history import FolderHistory
from regen_map.store.loaded import Contents
from regen_map.store.records import digest
from regen_map.store.versions import (
    LONGEST_RECORD,
    ContentsError,
    Version,
    record_name,
    record_of,
    version_from,
)

_BEGUN, _WITHDRAWN, _BEFORE = "publication.json", "withdrawn.json", "before.json"
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_VERSIONS = "versions"
_DRAFT = ".publishing-"
_USUAL_MODE = 0o644
_ATTEMPTS, _PAUSE_S = 20, 0.01
"""How often files are read again that somebody is replacing, which takes milliseconds."""


class Journal:
    """
    The publication that is under way in a history, if any.

    It is the record of the version to be, beside those of the versions that are. While it
    lies there, the files of the folder may be of two states; at the end it is put among
    the records in one step, which needs no room on the disk. What the files were lies
    beside it.

    Parameters
    ----------
    root
        Where the history is.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def is_open(self) -> bool:
        """Whether a publication is under way, or died."""
        return any(os.path.lexists(self._root / name) for name in (_BEGUN, _WITHDRAWN))

    @property
    def version(self) -> Version | None:
        """The version to be; None where it was withdrawn, or nobody can read it."""
        if os.path.lexists(self._root / _WITHDRAWN):
            return None
        try:
            found = version_from(regular(self._root / _BEGUN, LONGEST_RECORD) or b"")
        except OSError:
            return None
        return found if isinstance(found, Version) else None

    @property
    def before(self) -> Mapping[str, str] | None:
        """The SHA-256 of each file as it was, by name; None where nobody can read that."""
        try:
            found = json.loads(regular(self._root / _BEFORE, LONGEST_RECORD) or b"")
        except (OSError, ValueError, RecursionError):
            return None
        sound = isinstance(found, dict) and all(
            isinstance(each, str) and _SHA256.fullmatch(each) for each in found.values()
        )
        return found if sound else None

    def begin(self, version: Version, before: Mapping[str, str]) -> None:
        """Say what the folder is about to become, and was; all contents must be kept already."""
        self._remember(before)
        write_whole(straight(self._root / _BEGUN), record_of(version))

    def withdraw(self) -> None:
        """Say that the folder is to become again what it was."""
        (self._root / _BEGUN).replace(self._root / _WITHDRAWN)
        sync_folder(self._root)

    def send_back(self, before: Mapping[str, str]) -> None:
        """Say that the folder is to become again what it was some time ago."""
        self._remember(before)
        write_whole(straight(self._root / _WITHDRAWN), b"")

    def _remember(self, before: Mapping[str, str]) -> None:
        write_whole(straight(self._root / _BEFORE), json.dumps(dict(before)).encode())

    def tidy(self) -> None:
        """Remove what one leaves that dies when all is done."""
        (self._root / _BEFORE).unlink(missing_ok=True)

    def follows(self, newest: Version | None, version: Version) -> bool:
        """Tell whether a version can still be put after the newest one."""
        records = self._root / _VERSIONS
        return version.parent == (newest.hash if newest is not None else "") and not (
            os.path.lexists(records / record_name(version.number))
        )

    def finish(self, version: Version) -> None:
        """Make the version to be the newest one: the folder has become it."""
        records = straight(self._root / _VERSIONS)
        make_folder(records)
        (self._root / _BEGUN).replace(records / record_name(version.number))
        sync_folder(records)
        self.close()

    def close(self) -> None:
        """Forget the publication: no file of the folder is half of it."""
        for name in (_BEGUN, _WITHDRAWN, _BEFORE):
            (self._root / name).unlink(missing_ok=True)
        sync_folder(self._root)


def whole_contents(
    folder: Path, history: FolderHistory | None, allowed: Limits = LIMITS
) -> Contents | None:
    """Read all files of one state; None where somebody has been replacing them for long."""
    if history is None:
        files, refused = folder_contents(folder, allowed)
        return Contents(files, tuple(refused), None)
    journal = Journal(history.root)
    for _ in range(_ATTEMPTS):
        newest = history.newest
        if not journal.is_open:
            files, refused = folder_contents(folder, allowed)
            # A whole publication may have come and gone meanwhile.
            if history.newest == newest and not journal.is_open:
                return Contents(files, tuple(refused), newest)
        time.sleep(_PAUSE_S)
    return None


def carry_out(
    folder: Path,
    history: FolderHistory,
    version: Version,
    contents: Mapping[str, bytes],
    before: Mapping[str, bytes],
) -> None:
    """
    Make a folder what a version is, and the version the newest one.

    Only within `FolderHistory.writing`, after `recover`.

    Parameters
    ----------
    folder
        Where the files are.
    history
        Where the version goes.
    version
        As `FolderHistory.following` made it.
    contents
        Of all its files.
    before
        Of all files that the folder has now.

    Raises
    ------
    OSError
        If something cannot be written; the folder and the history are then as they were,
        or, where not even that can be written, will be at the next `recover`.
    """
    journal = Journal(history.root)
    gone = [name for name in before if name not in contents]
    drafts: dict[str, Path] = {}
    try:
        history.keep(before)
        history.keep(contents)
        # Whatever needs room on the disk comes before the first file is touched.
        for name, content in contents.items():
            if content != before.get(name):
                drafts[name] = _drafted(folder / name, content)
        journal.begin(version, {name: digest(each) for name, each in before.items()})
        for name, draft in drafts.items():
            draft.replace(folder / name)
        for name in gone:
            (folder / name).unlink(missing_ok=True)
        sync_folder(folder)
        journal.finish(version)
    except BaseException:
        if journal.is_open:
            journal.withdraw()
            recover(folder, history)
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise


def bring_back(
    folder: Path, history: FolderHistory, version: Version, before: Mapping[str, bytes]
) -> None:
    """Make a folder what the newest version is; as `carry_out`, with no version more."""
    history.keep(before)
    Journal(history.root).send_back(version.files)
    recover(folder, history)


def recover(folder: Path, history: FolderHistory, allowed: Limits = LIMITS) -> None:
    """
    Bring a publication that died to its end, or take it back.

    Only within `FolderHistory.writing`: then nobody is about it any more. It goes on where
    all contents are there and no other version has come; else the folder becomes again what
    it was. A file that somebody has changed since is left alone: nothing is
    written over that the history does not hold.

    Raises
    ------
    OSError
        If a file cannot be written; the next one to come tries again.
    """
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for draft in [Path(each) for each in entries if each.name.startswith(_DRAFT)]:
            draft.unlink(missing_ok=True)
    journal = Journal(history.root)
    if not journal.is_open:
        journal.tidy()
        return
    version, newest = journal.version, history.newest
    contents: dict[str, bytes] | None = None
    if version is not None and journal.follows(newest, version):
        with suppress(ContentsError):
            contents = history.contents(version)
    ours = set(version.files.values()) if version is not None else set()
    if version is not None and contents is not None:
        _become(folder, history, version.files, ours, allowed)
        journal.finish(version)
        return
    before = journal.before
    if before is None and newest is not None:
        before = newest.files
    if before is not None:
        _become(folder, history, before, ours, allowed)
    journal.close()


def _become(
    folder: Path, history: FolderHistory, files: Mapping[str, str], ours: set[str], allowed: Limits
) -> None:
    for name in file_names():
        path, wanted = folder / name, files.get(name)
        found = file_content(path, name, allowed)
        there = digest(found) if isinstance(found, bytes) else ""
        if there == (wanted or ""):
            continue
        if not there and os.path.lexists(path):
            continue
        if there and there not in ours and history.kept(there) is None:
            continue
        if wanted is None:
            path.unlink(missing_ok=True)
            continue
        # Half a version is better than none: what is lost of it is lost already.
        content = history.kept(wanted)
        if content is not None:
            _drafted(path, content).replace(path)
    sync_folder(folder)


def _drafted(path: Path, content: bytes) -> Path:
    """Write what a file is to hold beside it, with the permissions that it has."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_DRAFT, delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).chmod(_mode(path))
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    return Path(draft.name)


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return _USUAL_MODE
