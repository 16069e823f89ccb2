"""Whom an organisation's sign-in (OpenID Connect) brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from regen_map.access.accounts import Accounts, ascii_address
from regen_map.access.people import Person, shown_name
from regen_map.access.sessions import LONGEST

_AHEAD_S = 300
"""How many seconds another clock may be ahead of ours."""


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
    if claims.get("is_logged_in") is not True or not accounts.with_organisation:
        return None
    address = ascii_address(claims.get("email"))
    role = accounts.by_address.get(address) if address is not None else None
    if address is None or role is None or not _verified(claims) or not _recent(claims, now):
        return None
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
