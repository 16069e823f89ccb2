"""A city brought from a folder into a database and back, byte for byte, with its history."""

from __future__ import annotations

import datetime as dt
import errno
import os
from pathlib import Path

from regen_map.intake import Options, read_catalogue
from regen_map.store.files import history_folder, limits, write_whole
from regen_map.store.folder import FolderStore
from regen_map.store.folder.history import FolderHistory
from regen_map.store.postgres import kept, layers
from regen_map.store.postgres.connecting import Connection
from regen_map.store.postgres.database import PostgresStore
from regen_map.store.postgres.writing import PostgresWriting
from regen_map.store.refusals import UnusableError
from regen_map.store.versions import Conflict, Flaw, Note, Origin, Version


class DamagedError(Exception):
    """
    A history is not as it was written, and is not copied.

    Attributes
    ----------
    flaws
        What is wrong with it.
    """

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        super().__init__(f"The history has {len(flaws)} flaws.")
        self.flaws = flaws


def import_folder(
    store: PostgresStore, folder: FolderStore, *, author: str, at: dt.datetime
) -> Version:
    """
    Bring a folder into a database, in one transaction.

    Its versions come with their records as they are, its proposals too. Files that have
    changed since its newest version, or of which no history is kept, become a version.

    Parameters
    ----------
    store
        The database: empty, or brought from this folder before, with nothing published since.
    folder
        The folder; nothing is changed there.
    author
        Who does it, for the version of files that were none yet.
    at
        When, with a time zone.

    Returns
    -------
    Version
        The newest one in the database.

    Raises
    ------
    Conflict
        If the database has versions that the folder has not.
    DamagedError
        If the history of the folder is damaged.
    UnusableError
        If no catalogue comes out of the files, or one cannot be read.
    OSError
        If one of both cannot be reached.
    ValueError
        If `at` has no time zone.
    """
    flaws = folder.verify()
    if flaws:
        raise DamagedError(flaws)
    now = folder.contents()
    reading = read_catalogue(now.files, Options(limits=limits(), images=folder.pictures))
    if reading.catalogue is None or now.refused:
        raise UnusableError((*now.refused, *reading.issues))
    with store.writing() as step:
        _import_history(step, folder)
        note = Note(at=at, author=author, origin=Origin.COMMAND)
        version = step.become(now.files, note, reading.catalogue)
        layers.write(step.connection, reading.catalogue, kept.sound_versions(step.connection))
    return version


def _import_history(step: PostgresWriting, folder: FolderStore) -> None:
    known, given = kept.sound_versions(step.connection), folder.versions()
    if known != given[: len(known)]:
        raise Conflict(known[-1] if known else None)
    history = folder.history
    if history is None:
        return
    for version in given[len(known) :]:
        kept.add_version(step.connection, version)
    for version in given:
        _import_contents(step.connection, history, set(version.files.values()))
    first = history.first_kept()
    if first is not None and first > 1:
        kept.keep_from(step.connection, first)
    for proposal in folder.proposals():
        contents = (history.kept(sha256) for sha256 in sorted(proposal.contents))
        kept.add_proposal(
            step.connection, proposal, [each for each in contents if each is not None]
        )


def _import_contents(connection: Connection, history: FolderHistory, wanted: set[str]) -> None:
    """Bring what is not there yet; what was dropped on purpose stays away."""
    contents = (history.kept(sha256) for sha256 in sorted(wanted - kept.present(connection)))
    kept.keep_contents(connection, [each for each in contents if each is not None])


def export_folder(store: PostgresStore, folder: Path) -> Version | None:
    """
    Write the newest version, and the history, into a folder.

    Parameters
    ----------
    store
        The database; nothing is changed there.
    folder
        Empty, or not there yet. The history goes where `history_folder` says, or nowhere
        if that is so.

    Returns
    -------
    Version or None
        The newest one; None where there is none, and nothing was written.

    Raises
    ------
    ContentsError
        If contents of the newest version are damaged.
    DamagedError
        If the history is damaged.
    OSError
        If the folder is not empty or cannot be written, or the database not be reached.
    """
    home = history_folder(folder)
    for each in filter(None, (folder, home)):
        if each.is_dir() and any(each.iterdir()):
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(each))
    flaws = store.verify()
    if flaws:
        raise DamagedError(flaws)
    return store.ask(lambda connection: _export(connection, folder, home))


def _export(connection: Connection, folder: Path, home: Path | None) -> Version | None:
    newest = kept.newest(connection)
    if newest is None:
        return None
    files = kept.contents(connection, newest)
    if home is not None:
        _export_history(connection, FolderHistory(home, limits()))
    for name, content in files.items():
        write_whole(folder / name, content)
    return newest


def _export_history(connection: Connection, history: FolderHistory) -> None:
    written: set[str] = set()
    for version in kept.sound_versions(connection):
        new = sorted({*version.files.values()} - written)
        written.update(new)
        found = (kept.content(connection, sha256) for sha256 in new)
        history.adopt(version, [each for each in found if isinstance(each, bytes)])
    first = kept.first_kept(connection)
    if first is not None and first > 1:
        history.keep_from(first)
    for proposal in kept.proposals(connection):
        found = (kept.content(connection, sha256) for sha256 in sorted(proposal.contents))
        history.propose(proposal, [each for each in found if isinstance(each, bytes)])
