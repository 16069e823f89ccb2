"""Which sign-ins with an organisation's account are still open."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Mapping
from typing import NamedTuple

from regen_map.access.sessions import LONGEST, LONGEST_UNUSED

_TELLING = ("iss", "sub", "email", "iat", "nonce")
"""The claims that tell one sign-in from every other; all tabs of a browser have the same."""


class _SignIn(NamedTuple):
    first: dt.datetime
    seen: dt.datetime
    ended: bool = False


class Vouched:
    """
    The sign-ins that were used or ended lately, in memory.

    Streamlit forgets who signs out in that tab only, and its cookie would do for hours
    more. A server that is started again believes every sign-in that is recent enough.

    Safe to share between threads. Only the SHA-256 of some claims is kept.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._sign_ins: dict[bytes, _SignIn] = {}

    def __len__(self) -> int:
        """Tell how many are remembered."""
        return len(self._sign_ins)

    def use(self, claims: Mapping[str, object], now: dt.datetime) -> bool:
        """
        Tell whether a sign-in is still open. Counts as doing something.

        Parameters
        ----------
        claims
            Of somebody of the staff; whoever else is asked for fills the memory.
        now
            The moment, with a time zone.

        Returns
        -------
        bool
            False once it was ended, or was not used for
            `regen_map.access.sessions.LONGEST_UNUSED`.
        """
        key = _key(claims)
        with self._changing:
            known = self._sign_ins.get(key)
            if known is None:
                self._tidy(now)
                self._sign_ins[key] = _SignIn(now, now)
                return True
            if known.ended or now - known.seen >= LONGEST_UNUSED:
                return False
            self._sign_ins[key] = known._replace(seen=max(known.seen, now))
            return True

    def end(self, claims: Mapping[str, object], now: dt.datetime) -> None:
        """End a sign-in, in every tab and every browser."""
        key = _key(claims)
        with self._changing:
            known = self._sign_ins.get(key, _SignIn(now, now))
            self._sign_ins[key] = known._replace(ended=True)

    def _tidy(self, now: dt.datetime) -> None:
        """Drop what is too old by its own claims: twice the time, as clocks differ."""
        self._sign_ins = {
            key: each for key, each in self._sign_ins.items() if now - each.first < 2 * LONGEST
        }


def _key(claims: Mapping[str, object]) -> bytes:
    told = repr([claims.get(name) for name in _TELLING])
    return hashlib.sha256(told.encode("utf-8", "replace")).digest()
