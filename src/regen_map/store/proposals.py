"""The record of a proposal: a draft that its author hands to those who publish."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from regen_map.store.draft import Draft
from regen_map.store.records import Fault, digest, moment, read, seal, to_second, written
from regen_map.store.versions import is_file_name

MOST_PROPOSALS = 100
"""So many may wait at a time: whoever may only propose cannot fill a disk."""
LONGEST_PROPOSAL = 2**16
"""How many bytes the record of a proposal may have."""

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KEYS = frozenset({"at", "author", "message", "base", "files", "before", "hash"})
_ID_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """
    Changes of files that somebody proposes.

    Attributes
    ----------
    at
        When it was handed over: UTC, to the second.
    author, message
        Who proposes it and why; both may be empty, and may hold anything.
    base
        The `hash` of the version that it was made from; empty where there was none.
    files
        The SHA-256 of what each changed file is to hold, by name of the file; None for one
        that is taken away.
    before
        The same of what each of them held when the proposal was made; None for one that was
        not there.
    hash
        The SHA-256 of all of the above.
    """

    at: dt.datetime
    author: str
    message: str
    base: str
    files: Mapping[str, str | None] = field(hash=False)
    before: Mapping[str, str | None] = field(hash=False)
    hash: str = ""

    @property
    def id(self) -> str:
        """What it is called: 16 hexadecimal digits."""
        return self.hash[:_ID_LENGTH]

    @property
    def contents(self) -> frozenset[str]:
        """The SHA-256 of each content that it needs."""
        return frozenset(filter(None, (*self.files.values(), *self.before.values())))


class ProposalError(Exception):
    """
    The contents of a proposal are not all there.

    Attributes
    ----------
    proposal
        Which proposal.
    """

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(f"Proposal {proposal.id} cannot be read any more.")
        self.proposal = proposal


def proposal_of(draft: Draft, *, author: str, message: str, at: dt.datetime) -> Proposal:
    """
    Make the record of what a draft changes.

    Raises
    ------
    ValueError
        If it changes nothing, or `at` has no time zone.
    """
    names = (*draft.changed, *draft.gone)
    if not names:
        reason = "Nothing is changed."
        raise ValueError(reason)
    proposal = Proposal(
        at=to_second(at),
        author=author,
        message=message,
        base=draft.parent.hash if draft.parent is not None else "",
        files=MappingProxyType({name: _digest(draft.contents.get(name)) for name in names}),
        before=MappingProxyType({name: _digest(draft.base.get(name)) for name in names}),
    )
    return replace(proposal, hash=seal(_parts(proposal)))


def record_of_proposal(proposal: Proposal) -> bytes:
    """Write the record of a proposal; raises ValueError beyond `LONGEST_PROPOSAL`."""
    return written(_parts(proposal), proposal.hash, LONGEST_PROPOSAL)


def proposal_from(record: bytes | None, name: str = "") -> Proposal | Fault:
    """
    Read the record of a proposal, see `regen_map.store.records.read`.

    Parameters
    ----------
    record
        What was found.
    name
        The id of the proposal that it should be; empty for any.
    """
    return read(record, _proposal, lambda proposal: name in ("", proposal.id))


def _proposal(found: Any) -> Proposal:
    texts = ("author", "message", "base", "hash")
    sound = (
        isinstance(found, dict)
        and found.keys() == _KEYS
        and all(isinstance(found[name], str) for name in texts)
        and (not found["base"] or _SHA256.fullmatch(found["base"]))
        and _are_contents(found["files"])
        and _are_contents(found["before"])
        and found["files"].keys() == found["before"].keys()
    )
    if not sound:
        raise ValueError
    return Proposal(
        at=moment(found["at"]),
        files=MappingProxyType(found["files"]),
        before=MappingProxyType(found["before"]),
        **{name: found[name] for name in texts},
    )


def _are_contents(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and all(map(is_file_name, found))
        and all(each is None or _SHA256.fullmatch(each) for each in found.values())
    )


def _digest(content: bytes | None) -> str | None:
    return digest(content) if content is not None else None


def _parts(proposal: Proposal) -> dict[str, object]:
    return {
        "at": proposal.at.isoformat(),
        "author": proposal.author,
        "message": proposal.message,
        "base": proposal.base,
        "files": dict(proposal.files),
        "before": dict(proposal.before),
    }
