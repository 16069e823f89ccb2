"""Why a store cannot be reached, or not be used as it is."""

from __future__ import annotations

import enum


class Unavailable(enum.StrEnum):
    """Reasons, each with a sentence in the messages."""

    ADDRESS = "address"
    """The address is none of a database."""
    UNREACHABLE = "unreachable"
    """Nothing answers there."""
    DENIED = "denied"
    """The server lets nobody in with this user, password and database."""
    OLD_SERVER = "old_server"
    """It is older than what is needed."""
    NO_POSTGIS = "no_postgis"
    """PostGIS is missing in the database and this user may not add it, or it is too old."""
    NOT_PREPARED = "not_prepared"
    """The tables are missing, or older than the program."""
    NEWER = "newer"
    """The tables are newer than the program."""
    EMPTY = "empty"
    """No version was ever put there."""
    NO_RIGHTS = "no_rights"
    """This user may not do that."""
    READ_ONLY = "read_only"
    """The server takes no changes: it follows another one."""
    FULL = "full"
    """The server has no room left."""
    BUSY = "busy"
    """Another writer does not come to its end."""
    LOST = "lost"
    """The connection broke; nothing was changed."""
    UNSURE = "unsure"
    """The connection broke at the very moment of publishing."""
    FAILED = "failed"
    """Anything else."""


PASSING = frozenset({Unavailable.UNREACHABLE, Unavailable.BUSY, Unavailable.LOST})
"""What ends by itself when the server is back; all else is for somebody to mend."""


class UnavailableError(OSError):
    """
    A store cannot be reached, or not be used as it is.

    Parameters
    ----------
    reason
        Why.
    name
        Of the store, without any secret.
    detail
        What a person who looks after the server can do something with, without any secret;
        may be empty.
    """

    def __init__(self, reason: Unavailable, name: str, detail: str = "") -> None:
        super().__init__(f"{name}: {reason}{f' ({detail})' if detail else ''}")
        self.reason = reason
        self.name = name
        self.detail = detail


class BusyError(UnavailableError, TimeoutError):
    """Another writer does not come to its end."""

    def __init__(self, name: str) -> None:
        super().__init__(Unavailable.BUSY, name)
