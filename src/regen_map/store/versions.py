"""The record of a version: which files a folder held, when, and what came before."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from regen_map.store.records import Fault, digest, moment, read, seal, to_second, written

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
class Note:
    """
    What is told of a version by whoever makes it.

    Attributes
    ----------
    at
        The moment, with a time zone; ValueError without one.
    author, message
        Who makes it and why; both may be empty, and may hold anything.
    origin
        Where it comes from.
    """

    at: dt.datetime
    author: str = ""
    message: str = ""
    origin: Origin

    def __post_init__(self) -> None:
        """Refuse a moment that nobody can date."""
        to_second(self.at)


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


def contents_of(version: Version, content: Callable[[str], bytes | Fault]) -> dict[str, bytes]:
    """
    Give the files of a version.

    Parameters
    ----------
    version
        Which version.
    content
        Gives a content by its SHA-256, or why it cannot be given.

    Returns
    -------
    dict of str to bytes
        The contents by name of the file.

    Raises
    ------
    ContentsError
        If one of them cannot be given.
    """
    held = {sha256: content(sha256) for sha256 in {*version.files.values()}}
    found: dict[str, bytes] = {}
    flaws = []
    for name, sha256 in version.files.items():
        each = held[sha256]
        if isinstance(each, Fault):
            flaws.append(Flaw(fault=each, number=version.number, file=name))
        else:
            found[name] = each
    if flaws:
        raise ContentsError(version, tuple(flaws))
    return found


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
    return replace(version, hash=seal(parts_of(version)))


def version_after(
    newest: Version | None, number: int, files: Mapping[str, str], note: Note, catalogue: str
) -> Version:
    """
    Make the version that follows another.

    Parameters
    ----------
    newest
        The one that it follows; None for the first.
    number
        Its own.
    files
        The SHA-256 of each file's content, by name of the file.
    note
        What is told of it.
    catalogue
        As of `Version`.
    """
    return sealed(
        Version(
            number=number,
            at=to_second(note.at),
            author=note.author,
            message=note.message,
            origin=note.origin,
            parent=newest.hash if newest is not None else "",
            catalogue=catalogue,
            files=MappingProxyType({**files}),
        )
    )


def record_of(version: Version) -> bytes:
    """Write the record of a version; raises ValueError beyond `LONGEST_RECORD`."""
    return written(parts_of(version), version.hash, LONGEST_RECORD)


def version_from(record: bytes | None, number: int = 0) -> Version | Fault:
    """
    Read the record of a version, see `regen_map.store.records.read`.

    Parameters
    ----------
    record
        What was found.
    number
        Of which version it should be; 0 for any.
    """
    return read(record, _version, lambda version: number in (0, version.number))


def parts_of(version: Version) -> dict[str, object]:
    """Tell a version as JSON has it, without its hash."""
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
