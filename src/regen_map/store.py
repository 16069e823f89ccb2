"""Where a catalogue lives: a folder of files, read again when one of them changes."""

from __future__ import annotations

import importlib.resources
import os
import stat
import tempfile
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeAlias

from regen_map.catalogue import TABLES, Catalogue
from regen_map.intake import Issue, Limits, Options, Rule, file_names, megabytes, read_catalogue

LIMITS_VARIABLE = "REGEN_MAP_LIMITS"
"""The environment variable that sets limits other than the usual ones."""
DATA_VARIABLE = "REGEN_MAP_DATA"
"""The environment variable that names the folder of another city."""

_READABLE = 0o644

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

    def _look(self) -> _Fingerprint:
        """Take size and time of each file, asking the folder once: it may lie on a network."""
        names = frozenset(file_names())
        found = []
        try:
            with os.scandir(self.path) as entries:
                for entry in entries:
                    if entry.name in names:
                        status = entry.stat()
                        found.append((entry.name, status.st_size, status.st_mtime_ns))
        except OSError:
            return ()
        return tuple(sorted(found))

    def _read(self) -> None:
        options = Options(limits=limits())
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


def shipped_folder() -> Path:
    """
    Find the catalogue of Carrara that comes with the product.

    Returns
    -------
    Path
        The one inside the installed package; in a checkout, its ``data``.
    """
    package = Path(str(importlib.resources.files("regen_map")))
    installed = package / "_data"
    return installed if installed.is_dir() else package.parents[1] / "data"


def data_folder() -> Path:
    """Find the folder of the city: the one that ``REGEN_MAP_DATA`` names, or the shipped one."""
    named = os.environ.get(DATA_VARIABLE, "")
    return Path(named).expanduser().resolve() if named else shipped_folder()


def limits() -> Limits:
    """
    Give what a file may cost: as ``REGEN_MAP_LIMITS`` says, or as usual.

    Raises
    ------
    ValueError
        If the variable names a limit that there is not.
    """
    return Limits.parse(os.environ.get(LIMITS_VARIABLE, ""))


def folder_contents(
    folder: Path, allowed: Limits, tables: Collection[str] = TABLES
) -> tuple[dict[str, bytes], list[Issue]]:
    """
    Read the files of a city.

    Parameters
    ----------
    folder
        Where they are.
    allowed
        How large each may be.
    tables
        The names of the tables that are wanted, besides the settings.

    Returns
    -------
    tuple of dict and list of Issue
        The contents by name of the file; why others could not be read.
    """
    files: dict[str, bytes] = {}
    refused = []
    for name in file_names():
        stem = PurePath(name).stem
        if stem in TABLES and stem not in tables:
            continue
        found = file_content(folder / name, name, allowed)
        if isinstance(found, bytes):
            files[name] = found
        elif found.rule is not Rule.FILE_MISSING:
            refused.append(found)
    return files, refused


def file_content(path: Path, name: str, allowed: Limits) -> bytes | Issue:
    """
    Read a file, unless it is missing, no file, too large, or not for us.

    Parameters
    ----------
    path
        Where it is.
    name
        What issues call it.
    allowed
        How large it may be.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Issue(file=name, rule=Rule.FILE_UNREADABLE)
        if status.st_size > allowed.file_bytes:
            return Issue(
                file=name,
                rule=Rule.FILE_TOO_LARGE,
                found=megabytes(status.st_size),
                expected=megabytes(allowed.file_bytes),
            )
        return path.read_bytes()
    except FileNotFoundError:
        return Issue(file=name, rule=Rule.FILE_MISSING)
    except OSError:
        return Issue(file=name, rule=Rule.FILE_UNREADABLE)


def write_whole(path: Path, content: bytes) -> None:
    """
    Write a file so that nobody ever sees half of it.

    Parameters
    ----------
    path
        What is written, replacing an older one; its folder is made if need be.
    content
        All of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).chmod(_READABLE)
            Path(draft.name).replace(path)
        except OSError:
            Path(draft.name).unlink(missing_ok=True)
            raise


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
