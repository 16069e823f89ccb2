"""The record of a version: which files a folder held, when, and what came before."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from regen_map.store.records import digest, moment, read, seal, written

LONGEST_RECORD = 2**20
"""How many bytes the record of a version may have."""

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NO_FILE_NAME = re.compile(r'[/\\:*?"<>|\x00-\x1f]')
_LONGEST_NAME = 255
_KEYS = frozenset(
    {"number", "at", "author", "message", "origin", "parent", "catalogue", "files", "hash"}
)


class Origin(enum.StrEnum):
    """Where a version comes from: files changed outside the desk, the desk, a command, the past."""

    OUTSIDE = "outside"
    DESK = "desk"
    COMMAND = "command"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """
    A published state of a folder.

    Attributes
    ----------
    number
        From 1 on, without gaps.
    at
        When it was recorded: UTC, to the second.
    author, message
        Who published it and why; both may be empty, and may hold anything.
    origin
        Where it comes from.
    parent
        The `hash` of the version before it, empty for the first.
    catalogue
        The `regen_map.catalogue.Catalogue.version` of what the files gave.
    files
        The SHA-256 of each file's content, by name of the file.
    hash
        The SHA-256 of all of the above.
    """

    number: int
    at: dt.datetime
    author: str
    message: str
    origin: Origin
    parent: str
    catalogue: str
    files: Mapping[str, str] = field(hash=False)
    hash: str = ""


class Fault(enum.StrEnum):
    """What may be wrong with a history."""

    UNREADABLE = "unreadable"
    """The record of a version is no such record."""
    ALTERED = "altered"
    """The record of a version is not the one that was written."""
    MISSING = "missing"
    """A number is left out."""
    DETACHED = "detached"
    """A version does not follow the one before it."""
    FILE_MISSING = "file_missing"
    """The content of a file is not there, though nobody dropped it."""
    FILE_ALTERED = "file_altered"
    """The content of a file is not the one that was written, or is no file of the history."""
    FOLDER = "folder"
    """The folder of the history cannot be read, or a link leads from it to somewhere else."""
    RETENTION = "retention"
    """It cannot be read which contents were dropped."""
    PROPOSAL = "proposal"
    """A proposal, or a content that it needs, is not as it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """
    Something that is wrong with a history.

    Attributes
    ----------
    fault
        What it is.
    number
        The version that it concerns; 0 for the history as a whole.
    file
        The name of the file that it concerns, or the proposal's; may be empty.
    """

    fault: Fault
    number: int = 0
    file: str = ""


class Conflict(Exception):  # noqa: N818 - it is no error: somebody else was faster
    """
    The history has gone on since the version that a writer started from.

    Attributes
    ----------
    newest
        The version that is the newest now; None where there is none.
    """

    def __init__(self, newest: Version | None) -> None:
        super().__init__(f"The newest version is {newest.number if newest else 'none'} now.")
        self.newest = newest


class ContentsError(Exception):
    """
    The files of a version are not all there.

    Attributes
    ----------
    version
        Which version.
    flaws
        What is missing or altered; what was dropped on purpose is missing too.
    """

    def __init__(self, version: Version, flaws: tuple[Flaw, ...]) -> None:
        super().__init__(f"{len(flaws)} files of version {version.number} cannot be given.")
        self.version = version
        self.flaws = flaws


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Give the SHA-256 of each file by name."""
    return {name: digest(content) for name, content in files.items()}


def checked_digests(contents: Mapping[str, bytes], most_bytes: int) -> dict[str, str]:
    """Give the SHA-256 of each file by name; raises ValueError for what no version may hold."""
    for name, content in contents.items():
        if not is_file_name(name) or len(content) > most_bytes:
            message = f"{name!r} is no name of a file, or the file is too large."
            raise ValueError(message)
    return {name: digest(contents[name]) for name in sorted(contents)}


def is_file_name(name: str) -> bool:
    """Tell whether a name is that of a file in a folder, on every system, and of no other."""
    return 0 < len(name) <= _LONGEST_NAME and name[0] != "." and not _NO_FILE_NAME.search(name)


def record_name(number: int) -> str:
    """Name the file that holds the record of a version."""
    return f"{number:08d}.json"


def sealed(version: Version) -> Version:
    """Give a version its hash."""
    return replace(version, hash=seal(_parts(version)))


def record_of(version: Version) -> bytes:
    """
    Write the record of a version.

    Returns
    -------
    bytes
        JSON in ASCII, one attribute a line.

    Raises
    ------
    ValueError
        If it would be longer than `LONGEST_RECORD`.
    """
    return written(_parts(version), version.hash, LONGEST_RECORD)


def version_from(record: bytes) -> Version | Fault:
    """
    Read the record of a version, whoever wrote it.

    Returns
    -------
    Version or Fault
        A fault for anything but what `record_of` has written.
    """
    version, holds = read(record, _version)
    if version is None:
        return Fault.UNREADABLE
    return version if holds else Fault.ALTERED


def _version(found: Any) -> Version:
    texts = ("author", "message", "parent", "catalogue", "hash")
    sound = (
        isinstance(found, dict)
        and found.keys() == _KEYS
        and type(found["number"]) is int
        and found["number"] > 0
        and all(isinstance(found[name], str) for name in texts)
        and (not found["parent"] or _SHA256.fullmatch(found["parent"]))
        and isinstance(found["files"], dict)
        and all(map(is_file_name, found["files"]))
        and all(_SHA256.fullmatch(each) for each in found["files"].values())
    )
    if not sound:
        raise ValueError
    return Version(
        number=found["number"],
        at=moment(found["at"]),
        origin=Origin(found["origin"]),
        files=MappingProxyType(found["files"]),
        **{name: found[name] for name in texts},
    )


def _parts(version: Version) -> dict[str, object]:
    return {
        "number": version.number,
        "at": version.at.isoformat(),
        "author": version.author,
        "message": version.message,
        "origin": version.origin.value,
        "parent": version.parent,
        "catalogue": version.catalogue,
        "files": dict(version.files),
    }
