"""Who is signed in with a password, and until when."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from regen_map.access.accounts import Account, Accounts
from regen_map.access.people import Person

COOKIE = "regen_map_session"
"""The cookie that holds the token of a session, and nothing else."""
LONGEST = dt.timedelta(hours=8)
"""How long anybody stays signed in."""
LONGEST_UNUSED = dt.timedelta(minutes=60)
"""How long without doing anything."""
MOST_OF_ONE = 10
"""How many sessions a person has at a time; the one that was used least lately gives way."""

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Session:
    name: str
    proof: bytes
    created: dt.datetime
    seen: dt.datetime

    def over(self, now: dt.datetime) -> bool:
        return now - self.created >= LONGEST or now - self.seen >= LONGEST_UNUSED


class Sessions:
    """
    The sessions of the staff, in memory: a server that is started again knows none.

    Safe to share between threads. Only the SHA-256 of a token is kept.

    Parameters
    ----------
    accounts
        Gives the accounts as they are now.
    """

    def __init__(self, accounts: Callable[[], Accounts]) -> None:
        self._accounts = accounts
        self._changing = threading.Lock()
        self._sessions: dict[bytes, _Session] = {}

    def __len__(self) -> int:
        """Tell how many are remembered."""
        return len(self._sessions)

    def start(self, account: Account, now: dt.datetime) -> str:
        """
        Sign somebody in.

        Parameters
        ----------
        account
            Whose password was right.
        now
            The moment, with a time zone.

        Returns
        -------
        str
            256 random bits as 43 characters, the only proof of who it is.
        """
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self._changing:
            self._tidy(account.name, now)
            self._sessions[_key(token)] = _Session(account.name, account.proof, now, now)
        return token

    def person(self, token: str, now: dt.datetime) -> Person | None:
        """
        Tell whose session it is, as the accounts say now. Counts as doing something.

        Returns
        -------
        Person or None
            None where there is no such session, it is over, its account is no more, or
            has another password by now.
        """
        key = _key(token)
        with self._changing:
            session = self._sessions.get(key)
            if session is None:
                return None
            if session.over(now):
                del self._sessions[key]
                return None
            account = self._accounts().by_name.get(session.name)
            if account is None or account.proof != session.proof:
                return None
            self._sessions[key] = replace(session, seen=max(session.seen, now))
        return account.person

    def end(self, token: str) -> None:
        """Sign somebody out; a session that is not there stays so."""
        with self._changing:
            self._sessions.pop(_key(token), None)

    def _tidy(self, name: str, now: dt.datetime) -> None:
        """Drop what is over, and make room for one more session of a person."""
        self._sessions = {key: each for key, each in self._sessions.items() if not each.over(now)}
        own = [key for key, each in self._sessions.items() if each.name == name]
        own.sort(key=lambda key: self._sessions[key].seen)
        for key in own[: max(0, len(own) + 1 - MOST_OF_ONE)]:
            del self._sessions[key]


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
