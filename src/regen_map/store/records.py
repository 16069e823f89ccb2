"""Records that prove themselves: JSON, with the SHA-256 of all the rest of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

_HASH = "hash"


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


def read(record: bytes, make: Callable[[Any], _Made]) -> tuple[_Made | None, bool]:
    """
    Read a record, whoever wrote it.

    Parameters
    ----------
    record
        What should be JSON.
    make
        Makes of it what it tells of; raises ValueError, TypeError or KeyError for what is none.

    Returns
    -------
    tuple
        What it tells of, None where it is no such record; and whether its seal holds.
    """
    try:
        found = json.loads(record)
        made = make(found)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None, False
    parts = {name: value for name, value in found.items() if name != _HASH}
    return made, seal(parts) == made.hash


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
