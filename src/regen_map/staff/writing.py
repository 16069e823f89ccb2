"""The one door through which the staff write: who they are is looked at each time."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from regen_map import store as stores
from regen_map.access import Entrance, Identity, Person, Role
from regen_map.staff.permissions import NEEDED, Act, NotAllowedError, Reason
from regen_map.store import Draft, Proposal, ProposalError, Store, Version

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Staff:
    """
    What the staff do to a store.

    Every act takes the `Identity` that somebody shows, and looks at it twice: before
    anything is done, and again when all other writers have been kept out. Nobody writes
    with a session, an account or a role that has ended meanwhile.

    Parameters
    ----------
    store
        Where the data live.
    entrance
        Who knows the staff.
    now
        The clock: gives the moment, with a time zone.
    """

    store: Store
    entrance: Entrance
    now: Callable[[], dt.datetime]

    def person(self, identity: Identity) -> Person | None:
        """Tell who somebody is now; None for who is nobody of the staff."""
        return self.entrance.person(identity, self.now())

    def may(self, identity: Identity, act: Act) -> bool:
        """Tell whether somebody may do something now, so that it is worth offering."""
        person = self.person(identity)
        return person is not None and person.role.includes(NEEDED[act])

    def publish(
        self,
        identity: Identity,
        draft: Draft,
        message: str,
        *,
        partial: bool = False,
        confirmed: bool = False,
    ) -> Version:
        """
        Publish a draft.

        Parameters
        ----------
        identity
            Who does it.
        draft, message, partial, confirmed
            As of `regen_map.store.publish`.

        Raises
        ------
        NotAllowedError
            If they may not.
        Exception
            As `regen_map.store.publish`.
        """
        act = Act.PUBLISH if draft.restores is None else Act.RESTORE
        with self._writing(identity, act) as (person, at):
            return stores.publish(
                self.store,
                draft,
                author=person.author,
                message=message,
                at=at,
                partial=partial,
                confirmed=confirmed,
            )

    def restore(self, identity: Identity, version: Version, message: str) -> Version:
        """
        Publish an old version again.

        Parameters
        ----------
        identity
            Who does it.
        version, message
            As of `regen_map.store.restore`.

        Raises
        ------
        NotAllowedError
            If they may not.
        Exception
            As `regen_map.store.restore`.
        """
        with self._writing(identity, Act.RESTORE) as (person, at):
            return stores.restore(self.store, version, author=person.author, message=message, at=at)

    def offer(self, identity: Identity, draft: Draft, message: str) -> Proposal:
        """
        Hand a draft over to those who publish.

        Parameters
        ----------
        identity
            Who does it.
        draft, message
            As of `regen_map.store.Store.offer`.

        Raises
        ------
        NotAllowedError
            If they may not.
        Exception
            As `regen_map.store.Store.offer`.
        """
        with self._writing(identity, Act.OFFER) as (person, at):
            return self.store.offer(draft, author=person.author, message=message, at=at)

    def accept(  # noqa: PLR0913 - what there is to be told of a version
        self,
        identity: Identity,
        proposal: Proposal,
        draft: Draft,
        message: str,
        *,
        partial: bool = False,
        confirmed: bool = False,
    ) -> Version:
        """
        Publish a proposal, which is then no more. The history names both people.

        Parameters
        ----------
        identity
            Who does it.
        proposal
            Which proposal.
        draft
            What `regen_map.store.draft_of_proposal` made of it, and was looked at.
        message, partial, confirmed
            As of `regen_map.store.publish`.

        Raises
        ------
        NotAllowedError
            If they may not.
        ProposalError
            If the proposal was withdrawn or accepted meanwhile.
        Exception
            As `regen_map.store.publish`.
        """
        with self._writing(identity, Act.ACCEPT) as (person, at):
            if proposal not in self.store.proposals():
                raise ProposalError(proposal)
            own = person.is_author(proposal.author)
            version = stores.publish(
                self.store,
                draft,
                author=person.author if own else f"{person.author} ({proposal.author})",
                message=message,
                at=at,
                partial=partial,
                confirmed=confirmed,
            )
            try:
                self.store.drop(proposal)
            except OSError:
                # It is published; accepted once more, it changes nothing.
                _LOG.warning("The proposal %s was accepted and remains.", proposal.id)
        return version

    def withdraw(self, identity: Identity, proposal: Proposal) -> None:
        """
        Take a proposal back, or turn that of somebody else down. One that is gone stays so.

        Parameters
        ----------
        identity
            Who does it: its author, or somebody who publishes.
        proposal
            Which proposal.

        Raises
        ------
        NotAllowedError
            If they may not.
        Exception
            As `regen_map.store.Store.drop`.
        """
        with self._writing(identity, Act.WITHDRAW, proposal):
            # As it is kept, not as somebody shows it: its author is in it.
            if proposal in self.store.proposals():
                self.store.drop(proposal)

    @contextmanager
    def _writing(
        self, identity: Identity, act: Act, proposal: Proposal | None = None
    ) -> Iterator[tuple[Person, dt.datetime]]:
        # Before, too: keeping others out writes by itself, and is nothing for strangers.
        self._allowed(identity, act, proposal)
        with self.store.writing():
            at = self.now()
            yield self._allowed(identity, act, proposal, at), at

    def _allowed(
        self,
        identity: Identity,
        act: Act,
        proposal: Proposal | None,
        at: dt.datetime | None = None,
    ) -> Person:
        person = self.entrance.person(identity, at or self.now())
        if person is None:
            raise NotAllowedError(Reason.ANONYMOUS if identity.empty else Reason.EXPIRED)
        if not person.role.includes(NEEDED[act]):
            raise NotAllowedError(Reason.ROLE)
        others = proposal is not None and not person.is_author(proposal.author)
        if others and not person.role.includes(Role.PUBLISHER):
            raise NotAllowedError(Reason.OTHERS)
        return person
