"""Passwords: which may be chosen, how they are kept, how they are checked."""

from __future__ import annotations

import base64
import enum
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
"""How many characters a password has at least (OWASP: from eight on, and longer is better)."""
LONGEST_BYTES = 1024
"""How many bytes of UTF-8 a password may have."""

_HASH = re.compile(
    r"\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$([A-Za-z\d+/]+)\$([A-Za-z\d+/]+)", re.ASCII
)
_LONGEST_HASH = 500
_MOST_MEMORY_KIB, _MOST_ROUNDS, _MOST_LANES = 2**18, 16, 16
"""A hash says what checking it costs; one that says more than this is no hash of ours."""
_LEAST_SALT, _LEAST_HASH = 8, 16

_AT_ONCE, _WAITING, _PATIENCE_S = 2, 8, 3.0


class Unfit(enum.StrEnum):
    """Why a password may not be chosen."""

    SHORT = "short"
    LONG = "long"
    NO_TEXT = "no_text"


class UnfitPasswordError(ValueError):
    """
    A password may not be chosen.

    Attributes
    ----------
    reason
        Why.
    """

    def __init__(self, reason: Unfit) -> None:
        super().__init__(f"The password is unfit: {reason}.")
        self.reason = reason


class BusyError(Exception):
    """Too many passwords are being checked; this one was not."""


def hash_of(password: str, hasher: PasswordHasher | None = None) -> str:
    """
    Hash a new password with Argon2id.

    Parameters
    ----------
    password
        The password.
    hasher
        With what it costs; argon2-cffi's own choice (RFC 9106, low memory) unless given.

    Raises
    ------
    UnfitPasswordError
        If it is shorter than `SHORTEST` or longer than `LONGEST_BYTES`.
    """
    secret = _secret(password)
    if secret is None:
        raise UnfitPasswordError(Unfit.NO_TEXT)
    if len(password) < SHORTEST:
        raise UnfitPasswordError(Unfit.SHORT)
    if len(secret) > LONGEST_BYTES:
        raise UnfitPasswordError(Unfit.LONG)
    return (hasher or PasswordHasher()).hash(secret)


def is_hash(text: str) -> bool:
    """Tell whether a text is an Argon2id hash that costs no more than is reasonable."""
    found = _HASH.fullmatch(text) if len(text) <= _LONGEST_HASH else None
    if found is None:
        return False
    try:
        # Within, a broken part is found only when somebody signs in.
        salt, digest = (base64.b64decode(part + "=" * (-len(part) % 4)) for part in found.groups())
        asked = extract_parameters(text)
    except (ValueError, InvalidHashError):
        return False
    return (
        asked.type is Type.ID
        and 8 * asked.parallelism <= asked.memory_cost <= _MOST_MEMORY_KIB
        and 1 <= asked.time_cost <= _MOST_ROUNDS
        and 1 <= asked.parallelism <= _MOST_LANES
        and len(salt) >= _LEAST_SALT
        and len(digest) >= _LEAST_HASH
    )


class Passwords:
    """
    Checks passwords, few at a time: each check takes 64 MB for a moment.

    Safe to share between threads.

    Parameters
    ----------
    hasher
        What a check costs where there is no account; argon2-cffi's own choice unless
        given.
    at_once, waiting
        How many are checked, and how many more may wait for that.
    patience_s
        How many seconds they wait.
    """

    def __init__(
        self,
        hasher: PasswordHasher | None = None,
        *,
        at_once: int = _AT_ONCE,
        waiting: int = _WAITING,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._hasher.hash(secrets.token_bytes())
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._turns = threading.BoundedSemaphore(at_once)
        self._patience_s = patience_s

    @contextmanager
    def turn(self) -> Iterator[None]:
        """
        Wait until a password may be checked, and keep the turn.

        Raises
        ------
        BusyError
            If too many others wait, or it takes too long.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError
        try:
            if not self._turns.acquire(timeout=self._patience_s):
                raise BusyError
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()

    def matches(self, kept: str | None, password: str) -> bool:
        """
        Check a password, within a `turn`.

        Parameters
        ----------
        kept
            The hash of the account's password; None where there is no account, which is
            found out in the same time.
        password
            What was typed.
        """
        secret = _secret(password)
        if secret is None or len(secret) > LONGEST_BYTES:
            return False
        try:
            self._hasher.verify(kept or self._nobodys, secret)
        except (InvalidHashError, VerificationError):
            return False
        return kept is not None


def _secret(password: str) -> bytes | None:
    """Give the bytes of a password: the same for an é of one character and of two (RFC 8265)."""
    try:
        return unicodedata.normalize("NFC", password).encode()
    except UnicodeEncodeError:
        return None
