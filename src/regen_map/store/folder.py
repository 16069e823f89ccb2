"""A catalogue kept as a folder of files, read again when one of them changes."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from regen_map.catalogue import TABLES, Catalogue
from regen_map.intake import Issue, Options, Reading, Rule, file_names, read_catalogue
from regen_map.store.files import folder_contents, history_folder, limits
from regen_map.store.history import FolderHistory
from regen_map.store.loaded import Loaded, StoreError, VersionError
from regen_map.store.pictures import FOLDER, FolderPictures, StoredPicture, find_picture
from regen_map.store.versions import ContentsError, Origin, Version, digest

Fingerprint: TypeAlias = tuple[tuple[str, int, int], ...]
"""Name, size and time of each file of a folder."""

_AT_HAND = 4
"""How many old catalogues are kept: one to compare with, and a few that visitors look at."""


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
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).resolve()
        self.watched = False
        self._reading = threading.Lock()
        self._fingerprint: Fingerprint | None = None
        self._loaded: Loaded | None = None
        self._issues: tuple[Issue, ...] = ()
        self._broken: frozenset[str] = frozenset()
        self._digests: Mapping[str, str] = {}
        self._recorded: Mapping[str, str] | None = None
        self._old = threading.Lock()
        self._old_catalogue = lru_cache(maxsize=_AT_HAND)(self._read_version)

    @cached_property
    def history(self) -> FolderHistory | None:
        """The versions of the folder, kept where `history_folder` says; None where none are."""
        folder = history_folder(self.path)
        return FolderHistory(folder, limits()) if folder is not None else None

    def load(self) -> Loaded:
        """
        Give the catalogue, reading the files only if one of them has changed.

        Nothing is written, and nobody waits for files that somebody else is reading
        already, unless there is nothing to show before.

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
        if not self._reading.acquire(blocking=wait):
            return
        try:
            # Taken before reading: a file that changes meanwhile is read again next time.
            fingerprint = self.fingerprint()
            if fingerprint != self._fingerprint or self._confirmed_since():
                self._read()
                self._fingerprint = fingerprint
        finally:
            self._reading.release()

    def changed(self) -> bool:
        """Tell whether there is anything to be read again."""
        return self.fingerprint() != self._fingerprint or self._confirmed_since()

    def record(self, at: dt.datetime) -> Version | None:
        """
        Put what was read last into the history, if it is sound and not there yet.

        Parameters
        ----------
        at
            The moment, with a time zone.

        Returns
        -------
        Version or None
            None where nothing was to be done: there is no history, the files cannot be
            used as they are, or they have changed since they were read.

        Raises
        ------
        OSError
            If the history cannot be written.
        """
        history = self.history
        if history is None or self._digests == self._recorded or not self._sound():
            return None
        with history.writing(), self._reading:
            loaded = self._sound()
            if loaded is None:
                return None
            files, _ = folder_contents(self.path, limits())
            if _digests(files) != self._digests:
                # Written again within the time that a file system tells apart.
                self._fingerprint = None
                return None
            newest = history.newest
            version = history.append(
                files,
                at=at,
                author="",
                message="",
                origin=Origin.OUTSIDE,
                catalogue=loaded.catalogue.version,
                parent=newest.hash if newest is not None else "",
            )
            self._recorded = self._digests
        return version

    def confirm(self, at: dt.datetime) -> Version | None:
        """
        Say that the files are right as they are, whatever they have lost.

        Parameters
        ----------
        at
            The moment, with a time zone.

        Returns
        -------
        Version or None
            The newest version, which holds the files now; None where there is no history.

        Raises
        ------
        StoreError
            If no catalogue comes out of the files.
        OSError
            If the history cannot be written.
        """
        history = self.history
        if history is None:
            return None
        with history.writing():
            files, refused = folder_contents(self.path, limits())
            reading = read_catalogue(files, Options(limits=limits()))
            if reading.catalogue is None:
                raise StoreError(self.path, tuple(joined_issues(refused, reading.issues)))
            newest = history.newest
            return history.append(
                files,
                at=at,
                author="",
                message="",
                origin=Origin.COMMAND,
                catalogue=reading.catalogue.version,
                parent=newest.hash if newest is not None else "",
            )

    def versions(self) -> tuple[Version, ...]:
        """Give the versions of the folder, oldest first; empty where no history is kept."""
        return self.history.versions() if self.history is not None else ()

    def catalogue_of(self, version: Version) -> Catalogue:
        """
        Read the catalogue of a version.

        Parameters
        ----------
        version
            One of `versions`.

        Raises
        ------
        VersionError
            If its contents were dropped or damaged, or no catalogue comes out of them.
        """
        loaded = self._loaded
        if loaded is not None and loaded.catalogue.version == version.catalogue:
            return loaded.catalogue
        with self._old:
            return self._old_catalogue(version)

    def known_by(self, day: dt.date) -> Version | None:
        """
        Give the newest version of a day or before it.

        Parameters
        ----------
        day
            In the time zone of the city.

        Returns
        -------
        Version or None
            None where the history begins later, or there is none.

        Raises
        ------
        StoreError
            As `load` does.
        """
        versions = self.versions()
        if day == dt.date.max or not versions:
            return versions[-1] if versions else None
        zone = ZoneInfo(self.load().catalogue.city.time_zone)
        end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
        return next((each for each in reversed(versions) if each.at < end), None)

    def image(self, name: str) -> StoredPicture | None:
        """Find a file of the folder ``images``; None where there is none of that name."""
        return find_picture(self.path, name)

    def fingerprint(self) -> Fingerprint:
        """Take size and time of each file, asking the folder once: it may lie on a network."""
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
                        found.append((entry.name, status.st_size, status.st_mtime_ns))
        except OSError:
            return ()
        return tuple(sorted(found))

    def _read(self) -> None:
        allowed = limits()
        options = Options(limits=allowed, images=FolderPictures(self.path, allowed))
        files, refused = folder_contents(self.path, options.limits)
        reading = read_catalogue(files, options)
        issues = joined_issues(refused, reading.issues)
        self._digests = _digests(files) if self.history is not None else {}
        confirmed = self._is_newest(self._digests)
        # A second file of a table is left alone: the first one is as good as before.
        broken = frozenset(
            issue.file
            for issue in issues
            if issue.is_error and issue.whole_file and issue.rule is not Rule.TABLE_TWICE
        )
        last = self._last(reading, confirmed=confirmed)
        losses = _losses(last, reading.catalogue) if last and reading.catalogue else []
        self._issues = tuple(issues) if confirmed else (*issues, *losses)
        if last is None and reading.catalogue is None:
            return
        unusable = not confirmed and (losses or broken - self._broken)
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
        for version in reversed(self.versions()):
            with suppress(VersionError):
                return self.catalogue_of(version)
        return None

    def _read_version(self, version: Version) -> Catalogue:
        if self.history is None:
            raise VersionError(self.path, version)
        try:
            files = self.history.contents(version)
        except ContentsError as error:
            raise VersionError(self.path, version, error.flaws) from None
        reading = read_catalogue(files, Options(limits=limits()))
        if reading.catalogue is None:
            raise VersionError(self.path, version, issues=reading.issues)
        return reading.catalogue

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


def joined_issues(refused: Sequence[Issue], read: Sequence[Issue]) -> list[Issue]:
    """Put both kinds of issues together: a file that cannot be opened is not missing too."""
    unread = {issue.file for issue in refused}
    return [
        *refused,
        *(
            issue
            for issue in read
            if not (issue.rule is Rule.FILE_MISSING and issue.file in unread)
        ),
    ]


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: digest(content) for name, content in files.items()}


def _losses(last: Catalogue, new: Catalogue) -> list[Issue]:
    """Name the tables that have lost more than half of their rows."""
    counts = {name: (len(last.frames[name]), len(new.frames[name])) for name in TABLES}
    return [
        Issue(
            file=TABLES[name].file_name,
            rule=Rule.ROWS_LOST,
            found=str(after),
            expected=str(before),
        )
        for name, (before, after) in counts.items()
        if after * 2 < before
    ]
