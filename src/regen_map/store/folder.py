"""A catalogue kept as a folder of files, read again when one of them changes."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from regen_map.catalogue import TABLES, Catalogue
from regen_map.intake import Issue, Options, Rule, file_names, read_catalogue
from regen_map.store.files import folder_contents, limits
from regen_map.store.pictures import FOLDER, FolderPictures, StoredPicture, find_picture

_Fingerprint: TypeAlias = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """
    The state of a folder.

    Attributes
    ----------
    catalogue
        The latest good state.
    issues
        The faults of the files as they are now.
    stale
        Whether the files are unusable now, so that `catalogue` is older than
        they are.
    """

    catalogue: Catalogue
    issues: tuple[Issue, ...]
    stale: bool = False


class StoreError(Exception):
    """
    There is no catalogue to show, and there never was one.

    Attributes
    ----------
    issues
        Why no catalogue comes out of the files.
    """

    def __init__(self, path: Path, issues: tuple[Issue, ...]) -> None:
        super().__init__(f"No catalogue can be read from {path} ({len(issues)} faults).")
        self.issues = issues


class FolderStore:
    """
    A catalogue kept as files in a folder.

    Safe to share between threads; `folder_store` gives the one of a folder.

    Parameters
    ----------
    path
        The folder.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).resolve()
        self._lock = threading.Lock()
        self._fingerprint: _Fingerprint | None = None
        self._loaded: Loaded | None = None
        self._issues: tuple[Issue, ...] = ()
        self._broken: frozenset[str] = frozenset()

    def load(self) -> Loaded:
        """
        Give the catalogue, reading the files only if one of them has changed.

        Returns
        -------
        Loaded
            The last good catalogue where the files have become unusable: no
            catalogue comes out of them, one that could be read cannot any more,
            or a table has lost more than half of its rows.

        Raises
        ------
        StoreError
            If no catalogue comes out of the files and none ever did.
        """
        with self._lock:
            # Taken before reading: a file that changes meanwhile is read again next time.
            fingerprint = self._look()
            if fingerprint != self._fingerprint:
                self._read()
                self._fingerprint = fingerprint
            if self._loaded is None:
                raise StoreError(self.path, self._issues)
            return self._loaded

    def image(self, name: str) -> StoredPicture | None:
        """Find a file of the folder ``images``; None where there is none of that name."""
        return find_picture(self.path, name)

    def _look(self) -> _Fingerprint:
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
        # A second file of a table is left alone: the first one is as good as before.
        broken = frozenset(
            issue.file
            for issue in issues
            if issue.is_error and issue.whole_file and issue.rule is not Rule.TABLE_TWICE
        )
        last = self._loaded.catalogue if self._loaded else None
        losses = _losses(last, reading.catalogue) if last and reading.catalogue else []
        self._issues = (*issues, *losses)
        if last is None and reading.catalogue is None:
            return
        if last is not None and (reading.catalogue is None or losses or broken - self._broken):
            self._loaded = Loaded(catalogue=last, issues=self._issues, stale=True)
        elif reading.catalogue is not None:
            self._broken = broken
            unchanged = last is not None and last.version == reading.catalogue.version
            catalogue = last if last is not None and unchanged else reading.catalogue
            self._loaded = Loaded(catalogue=catalogue, issues=self._issues)


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
