"""The one way in: signing in, being known, signing out."""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from regen_map.access.accounts import Account, Accounts, is_account_name
from regen_map.access.accounts_file import AccountsFile
from regen_map.access.attempts import MOST, Attempts
from regen_map.access.claims import Refusal, person_of_claims, refusal_of_claims
from regen_map.access.passwords import Passwords
from regen_map.access.people import Person
from regen_map.access.sessions import Sessions
from regen_map.access.vouched import Vouched

_LOG = logging.getLogger(__name__)
_REMEMBERED = 10_000
_LONGEST_KEY = 64
_NETWORK_BITS = 64
"""Who has one IPv6 address has all of the 2^64 beside it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """
    What somebody shows to say who they are; nothing of it is believed before it is checked.

    Attributes
    ----------
    token
        The token of a session; empty for none.
    claims
        The claims of an organisation's sign-in that Streamlit has checked (``st.user``);
        empty for none. Never anything that a browser sent by itself.
    """

    token: str = field(default="", repr=False)
    claims: Mapping[str, object] = field(default_factory=dict, repr=False)

    @property
    def empty(self) -> bool:
        """Whether nothing is shown at all."""
        return not self.token and self.claims.get("is_logged_in") is not True


class SlowedError(Exception):
    """
    There were too many failures; the password was not even looked at.

    Attributes
    ----------
    retry_after_s
        In how many seconds it makes sense to try again.
    """

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"Signing in is possible again in {retry_after_s} seconds.")
        self.retry_after_s = retry_after_s


class Entrance:
    """
    Lets the staff in.

    Safe to share between threads; `entrance` gives the one of a file of secrets.

    Parameters
    ----------
    file
        Where the accounts are.
    passwords
        Who checks passwords.
    """

    def __init__(self, file: AccountsFile, passwords: Passwords | None = None) -> None:
        self._file = file
        self._passwords = passwords or Passwords()
        self._sessions = Sessions(lambda: file.accounts)
        self._vouched = Vouched()
        self._counting = threading.Lock()
        # Names that nobody has must be slowed too, or they would be told from accounts;
        # apart, so that no number of them makes the failures of an account forgotten.
        self._known, self._unknown = Attempts(_REMEMBERED), Attempts(_REMEMBERED)
        self._addresses = Attempts(_REMEMBERED)

    @property
    def accounts(self) -> Accounts:
        """Who may sign in now."""
        return self._file.accounts

    def sign_in(self, name: str, password: str, address: str, now: dt.datetime) -> str | None:
        """
        Sign somebody in with a password.

        Parameters
        ----------
        name, password
            What was typed.
        address
            From where: an IP address.
        now
            The moment, with a time zone.

        Returns
        -------
        str or None
            The token of the new session; None where name and password do not belong
            together, which takes the same time whether or not there is such an account.

        Raises
        ------
        SlowedError
            If there were too many failures for that name, or from that address.
        BusyError
            If too many passwords are being checked.
        """
        typed = name.strip().casefold()[:_LONGEST_KEY]
        network = _network(address)
        with self._passwords.turn():
            account = self.accounts.by_name.get(typed) if is_account_name(typed) else None
            # Counted before the password is looked at: who asks many times at once has no
            # more attempts than who asks one after the other.
            failures = self._count(typed, account, network, now)
            kept = account.password if account is not None else None
            right = self._passwords.matches(kept, password)
        if account is None or not right:
            if account is not None and failures == MOST:
                _LOG.warning("The account %s is locked for a while: too many failures.", typed)
            return None
        with self._counting:
            self._known.forget(typed)
            self._addresses.take_back(network)
        return self._sessions.start(account, now)

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._sessions.end(token)

    def end(self, identity: Identity, now: dt.datetime) -> None:
        """
        End whatever somebody shows: a session, and a sign-in with an organisation's account.

        Parameters
        ----------
        identity
            What they show.
        now
            The moment, with a time zone.
        """
        self._sessions.end(identity.token)
        if person_of_claims(identity.claims, self.accounts, now) is not None:
            self._vouched.end(identity.claims, now)

    def person(self, identity: Identity, now: dt.datetime) -> Person | None:
        """
        Tell who somebody is, as the accounts say now; None for who is nobody of the staff.

        Parameters
        ----------
        identity
            What they show.
        now
            The moment, with a time zone.
        """
        found = self._sessions.person(identity.token, now) if identity.token else None
        if found is not None:
            return found
        vouched = person_of_claims(identity.claims, self.accounts, now)
        if vouched is None or not self._vouched.use(identity.claims, now):
            return None
        return vouched

    def refusal(self, identity: Identity, now: dt.datetime) -> Refusal | None:
        """
        Tell why somebody is not let in whom an organisation vouches for.

        Parameters
        ----------
        identity, now
            As of `person`.

        Returns
        -------
        Refusal or None
            None for a person of the staff, and for who has not signed in so.
        """
        if self.person(identity, now) is not None:
            return None
        accounts = self.accounts
        if person_of_claims(identity.claims, accounts, now) is not None:
            return Refusal.ENDED
        return refusal_of_claims(identity.claims, accounts, now)

    def _count(self, name: str, account: Account | None, network: str, now: dt.datetime) -> int:
        names = self._unknown if account is None else self._known
        with self._counting:
            pause = max(names.pause(name, now), self._addresses.pause(network, now))
            if pause:
                raise SlowedError(math.ceil(pause.total_seconds()))
            self._addresses.failed(network, now)
            return names.failed(name, now)


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:_LONGEST_KEY]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), _NETWORK_BITS), strict=False))


_ENTRANCES: dict[Path, Entrance] = {}
_MAKING = threading.Lock()


def entrance(path: Path) -> Entrance:
    """Give the one entrance of a file of secrets, shared by all who ask."""
    with _MAKING:
        if path not in _ENTRANCES:
            _ENTRANCES[path] = Entrance(AccountsFile(path))
        return _ENTRANCES[path]
