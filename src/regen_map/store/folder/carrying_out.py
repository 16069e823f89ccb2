"""Replacing several files of a folder at once: all of them or none, whatever dies when."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from regen_map.intake import LIMITS, Limits, file_names
from regen_map.store.files import file_content, folder_contents, sync_folder
from regen_map.store.folder.history import FolderHistory
from regen_map.store.folder.journal import Journal
from regen_map.store.loaded import Contents
from regen_map.store.records import digest
from regen_map.store.versions import ContentsError, Version

_DRAFT = ".publishing-"
_USUAL_MODE = 0o644
_ATTEMPTS, _PAUSE_S = 20, 0.01
"""How often files are read again that somebody is replacing, which takes milliseconds."""


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
    with history.keeping((*before.values(), *contents.values())):
        try:
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
    with history.keeping(before.values()):
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
    brought = journal.brought
    journal.close()
    history.forget(brought)


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
        # Whoever writes it must be able to read it, whatever was done to the old one.
        return stat.S_IMODE(path.stat().st_mode) | stat.S_IRUSR | stat.S_IWUSR
    except OSError:
        return _USUAL_MODE
