"""Records that prove themselves: JSON, with the SHA-256 of all the rest of it."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

_HASH = "hash"


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


class Sealed(Protocol):
    """What a record tells of, with the hash that the record has."""

    @property
    def hash(self) -> str:
        """As `seal` gives it."""


_Made = TypeVar("_Made", bound=Sealed)


def digest(content: bytes) -> str:
    """Give the SHA-256 of a content as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def seal(parts: Mapping[str, object]) -> str:
    """Give the SHA-256 of what a record tells, whatever the order."""
    return digest(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode("ascii"))


def written(parts: Mapping[str, object], seal_of_it: str, most_bytes: int) -> bytes:
    """
    Write a record.

    Parameters
    ----------
    parts
        What it tells.
    seal_of_it
        As `seal` gives it.
    most_bytes
        How long it may be.

    Returns
    -------
    bytes
        JSON in ASCII, one attribute a line.

    Raises
    ------
    ValueError
        If it would be longer.
    """
    record = json.dumps({**parts, _HASH: seal_of_it}, indent=1).encode() + b"\n"
    if len(record) > most_bytes:
        message = f"A record may have {most_bytes} bytes, got {len(record)}."
        raise ValueError(message)
    return record


def read(
    record: bytes | None, make: Callable[[Any], _Made], belongs: Callable[[_Made], bool]
) -> _Made | Fault:
    """
    Read a record, whoever wrote it.

    Parameters
    ----------
    record
        What should be JSON; None for what is too large for a record, or no file.
    make
        Makes of it what it tells of; raises ValueError, TypeError or KeyError for what is none.
    belongs
        Tells whether that is what lies where the record was found.

    Returns
    -------
    Sealed or Fault
        A fault for anything but what `written` has made of it.
    """
    try:
        found = json.loads(record or b"")
        made = make(found)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return Fault.UNREADABLE
    parts = {name: value for name, value in found.items() if name != _HASH}
    return made if seal(parts) == made.hash and belongs(made) else Fault.ALTERED


def to_second(at: dt.datetime) -> dt.datetime:
    """Give a moment as a record tells it, in UTC; raises ValueError for one of no time zone."""
    if at.utcoffset() is None:
        message = "The moment of a record needs a time zone."
        raise ValueError(message)
    return at.astimezone(dt.UTC).replace(microsecond=0)


def moment(text: str) -> dt.datetime:
    """Read a moment; raises ValueError for any but one in UTC, to the second."""
    at = dt.datetime.fromisoformat(text)
    if at.utcoffset() != dt.timedelta(0) or at.microsecond:
        raise ValueError
    return at.astimezone(dt.UTC)
