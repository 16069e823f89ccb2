"""Who has the page open, as the accounts say at this moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from regen_map.access import (
    COOKIE,
    Entrance,
    Identity,
    Person,
    Refusal,
    Role,
    entrance,
    secrets_file,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """
    Who has the page open.

    Attributes
    ----------
    identity
        What they show; it is checked again whenever something is written.
    person
        Who that is now; None for nobody of the staff.
    refusal
        Why it is nobody, though their organisation vouches for them; None otherwise.
    with_password, with_organisation
        Which ways in there are.
    """

    identity: Identity
    person: Person | None
    refusal: Refusal | None = None
    with_password: bool
    with_organisation: bool

    @property
    def desk_is_open(self) -> bool:
        """Whether anybody can sign in at all."""
        return self.with_password or self.with_organisation

    @property
    def may_prepare(self) -> bool:
        """Whether they may bring changes; without any account it is a rehearsal for everybody."""
        return self.person is not None or not self.desk_is_open

    @property
    def may_propose(self) -> bool:
        """Whether they may hand a change over to those who publish."""
        return self.person is not None

    @property
    def may_publish(self) -> bool:
        """Whether they may publish; what they press is checked once more."""
        return self.person is not None and self.person.role.includes(Role.PUBLISHER)


def visitor(now: dt.datetime) -> Visitor:
    """
    Tell who has the page open.

    Parameters
    ----------
    now
        The moment, with a time zone.
    """
    at: Entrance = entrance(secrets_file())
    identity = shown_identity()
    accounts = at.accounts
    return Visitor(
        identity=identity,
        person=at.person(identity, now),
        refusal=at.refusal(identity, now),
        with_password=accounts.with_password,
        with_organisation=accounts.with_organisation,
    )


def end_sign_in(now: dt.datetime) -> None:
    """
    End what the visitor shows, in their other tabs too.

    Parameters
    ----------
    now
        The moment, with a time zone.
    """
    entrance(secrets_file()).end(shown_identity(), now)


def shown_identity() -> Identity:
    """Take the token from the cookie, and what Streamlit vouches for; nothing of it is checked."""
    return Identity(token=st.context.cookies.get(COOKIE, ""), claims=dict(st.user.to_dict()))
