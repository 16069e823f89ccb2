"""Where the files of a city lie, and how they are read and written."""

from __future__ import annotations

import errno
import importlib.resources
import os
import stat
import tempfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path, PurePath

from regen_map.catalogue import TABLES
from regen_map.intake import Issue, Limits, Rule, file_names, megabytes

LIMITS_VARIABLE = "REGEN_MAP_LIMITS"
"""The environment variable that sets limits other than the usual ones."""
DATA_VARIABLE = "REGEN_MAP_DATA"
"""The environment variable that names the folder of another city."""
HISTORY_VARIABLE = "REGEN_MAP_HISTORY"
"""The environment variable that says where the history of a city is kept, or ``off``."""
KEEP_VARIABLE = "REGEN_MAP_KEEP"
"""The environment variable that says of how many versions the contents are kept."""
HISTORY_FOLDER = ".history"
"""The folder of the history in the folder of a city."""

_READABLE = 0o644
_LONGEST_NUMBER, _LONGEST_SAID = 9, 50


def shipped_folder() -> Path:
    """
    Find the catalogue of Carrara that comes with the product.

    Returns
    -------
    Path
        The one inside the installed package; in a checkout, its ``data``.
    """
    installed = _installed_folder()
    return installed if installed.is_dir() else installed.parents[2] / "data"


def _installed_folder() -> Path:
    return Path(str(importlib.resources.files("regen_map"))) / "_data"


def data_folder() -> Path:
    """Find the folder of the city: the one that ``REGEN_MAP_DATA`` names, or the shipped one."""
    named = os.environ.get(DATA_VARIABLE, "")
    return Path(named).expanduser().resolve() if named else shipped_folder()


def history_folder(folder: Path) -> Path | None:
    """
    Find where the history of a city is kept.

    Parameters
    ----------
    folder
        The folder of the city.

    Returns
    -------
    Path or None
        The folder that ``REGEN_MAP_HISTORY`` names, else ``.history`` in the folder of
        the city. None where the variable says ``off``, and for the shipped catalogue of
        an installed package, which the next installation replaces.
    """
    named = os.environ.get(HISTORY_VARIABLE, "").strip()
    if named.casefold() == "off":
        return None
    if named:
        return Path(named).expanduser().resolve()
    # Not resolved to its end: a link in the place of the history leads somewhere else.
    home = folder.resolve()
    return None if home == _installed_folder().resolve() else home / HISTORY_FOLDER


def limits() -> Limits:
    """
    Give what a file may cost: as ``REGEN_MAP_LIMITS`` says, or as usual.

    Raises
    ------
    ValueError
        If the variable names a limit that there is not.
    """
    return Limits.parse(os.environ.get(LIMITS_VARIABLE, ""))


def versions_to_keep() -> int | None:
    """
    Give of how many versions the contents are kept, as ``REGEN_MAP_KEEP`` says.

    Returns
    -------
    int or None
        At least one; None for all.

    Raises
    ------
    ValueError
        If the variable says anything but a whole number from 1 on.
    """
    said = os.environ.get(KEEP_VARIABLE, "").strip()
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and int(said[:_LONGEST_NUMBER]) > 0):
        message = f"{KEEP_VARIABLE} must be a whole number from 1 on, got {said[:_LONGEST_SAID]!r}."
        raise ValueError(message)
    return int(said[:_LONGEST_NUMBER])


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


def regular_content(path: Path, longest: int) -> bytes | None:
    """Read a file; None for a link, a pipe, a folder, and for what is too large."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > longest:
        return None
    return path.read_bytes()


def straight(path: Path) -> Path:
    """
    Give a path back, unless a link leads from there to somewhere else.

    Raises
    ------
    OSError
        If one does.
    """
    try:
        found = path.resolve() == path
    except RuntimeError:
        # Python 3.11's word for links in a circle.
        found = False
    if not found:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return path


def write_whole(path: Path, content: bytes) -> None:
    """
    Write a file so that nobody ever sees half of it, not even after a power cut.

    Parameters
    ----------
    path
        What is written, replacing an older one; its folder is made if need be.
    content
        All of it.
    """
    make_folder(path.parent)
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
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it lies in, so that they outlast a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder, on systems that can be asked to."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
