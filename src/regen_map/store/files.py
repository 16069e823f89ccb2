"""Where the files of a city lie, and how they are read and written."""

from __future__ import annotations

import importlib.resources
import os
import stat
import tempfile
from collections.abc import Collection
from pathlib import Path, PurePath

from regen_map.catalogue import TABLES
from regen_map.intake import Issue, Limits, Rule, file_names, megabytes

LIMITS_VARIABLE = "REGEN_MAP_LIMITS"
"""The environment variable that sets limits other than the usual ones."""
DATA_VARIABLE = "REGEN_MAP_DATA"
"""The environment variable that names the folder of another city."""

_READABLE = 0o644


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
