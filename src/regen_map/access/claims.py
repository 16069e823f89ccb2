"""Whom an organisation's sign-in (OpenID Connect) brings."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping

from regen_map.access.accounts import Accounts, ascii_address
from regen_map.access.people import Person, shown_name
from regen_map.access.sessions import LONGEST

_AHEAD_S = 300
"""How many seconds another clock may be ahead of ours."""


class Refusal(enum.StrEnum):
    """Why somebody whom an organisation vouches for is nobody of the staff."""

    ENDED = "ended"
    """They have signed out, or signed in too long ago, or nobody says when."""
    UNVERIFIED = "unverified"
    """The organisation says that it has not verified the address."""
    UNLISTED = "unlisted"
    """The address is in no list, or there is none."""


def person_of_claims(
    claims: Mapping[str, object], accounts: Accounts, now: dt.datetime
) -> Person | None:
    """
    Tell who signed in with an organisation's account.

    Streamlit keeps the claims of the ID token in a signed cookie for 30 days; this lets
    nobody in for longer than `regen_map.access.sessions.LONGEST` after the token was made.

    Parameters
    ----------
    claims
        What ``st.user`` holds: the claims of the ID token (OpenID Connect Core 1.0,
        sections 2 and 5.1) and Streamlit's own ``is_logged_in``.
    accounts
        Who may come, now.
    now
        The moment, with a time zone.

    Returns
    -------
    Person or None
        None unless Streamlit vouches for the claims, the e-mail address is in a list of
        `accounts` and not said to be unverified, and ``iat``, which every ID token has,
        is recent.
    """
    found = _judged(claims, accounts, now)
    return found if isinstance(found, Person) else None


def refusal_of_claims(
    claims: Mapping[str, object], accounts: Accounts, now: dt.datetime
) -> Refusal | None:
    """
    Tell why somebody who signed in with an organisation's account is let in nowhere.

    Parameters
    ----------
    claims, accounts, now
        As of `person_of_claims`.

    Returns
    -------
    Refusal or None
        None for a person of the staff, and for who has not signed in so. Whether an
        address is in a list is told only to whom the organisation vouches for it.
    """
    found = _judged(claims, accounts, now)
    return found if isinstance(found, Refusal) else None


def _judged(
    claims: Mapping[str, object], accounts: Accounts, now: dt.datetime
) -> Person | Refusal | None:
    if claims.get("is_logged_in") is not True or not accounts.with_organisation:
        return None
    if not _recent(claims, now):
        return Refusal.ENDED
    if not _verified(claims):
        return Refusal.UNVERIFIED
    address = ascii_address(claims.get("email"))
    role = accounts.by_address.get(address) if address is not None else None
    if address is None or role is None:
        return Refusal.UNLISTED
    return Person(name=shown_name(claims.get("name"), address), role=role, key=address)


def _verified(claims: Mapping[str, object]) -> bool:
    said = claims.get("email_verified", True)
    # Some providers send a text.
    return said is True or said == "true"


def _recent(claims: Mapping[str, object], now: dt.datetime) -> bool:
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return False
    # Also false for a float that is no number.
    return -_AHEAD_S <= int(now.timestamp()) - issued < LONGEST.total_seconds()
