"""What the staff may do to the data, and who."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

from regen_map.access import Role


class Act(enum.StrEnum):
    """Something that writes."""

    OFFER = "offer"
    """Hand a draft over to those who publish."""
    WITHDRAW = "withdraw"
    """Take a proposal back; who publishes may also turn down those of others."""
    ACCEPT = "accept"
    """Publish a proposal."""
    PUBLISH = "publish"
    """Publish a draft."""
    RESTORE = "restore"
    """Publish an old version again."""


NEEDED: Mapping[Act, Role] = MappingProxyType(
    {
        Act.OFFER: Role.EDITOR,
        Act.WITHDRAW: Role.EDITOR,
        Act.ACCEPT: Role.PUBLISHER,
        Act.PUBLISH: Role.PUBLISHER,
        Act.RESTORE: Role.PUBLISHER,
    }
)
"""The least role for each act."""


class Reason(enum.StrEnum):
    """Why somebody may not do something."""

    ANONYMOUS = "anonymous"
    """They have not signed in."""
    EXPIRED = "expired"
    """They show something that is not, or no longer, a sign-in of somebody of the staff."""
    ROLE = "role"
    """Their role is not enough."""
    OTHERS = "others"
    """It is a proposal of somebody else."""


class NotAllowedError(Exception):
    """
    Somebody may not do something, and nothing was done.

    Attributes
    ----------
    reason
        Why.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"Not allowed: {reason}.")
        self.reason = reason
