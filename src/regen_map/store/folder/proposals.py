"""The proposals beside the history of a folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from regen_map.store.files import regular_content, straight, write_whole
from regen_map.store.proposals import (
    LONGEST_PROPOSAL,
    MOST_PROPOSALS,
    Proposal,
    proposal_from,
    record_of_proposal,
)
from regen_map.store.records import Fault
from regen_map.store.refusals import ProposalsFullError

FOLDER = "proposals"
_RECORD_NAME = re.compile(r"([0-9a-f]{16})\.json", re.ASCII)


class FolderProposals:
    """
    The records of proposals, ``proposals/<id>.json``; their contents lie with those of versions.

    Parameters
    ----------
    root
        Where the history is.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def sound(self) -> tuple[Proposal, ...]:
        """Give those whose records are sound, oldest first; none where none can be read."""
        try:
            found = self.records().values()
        except OSError:
            return ()
        sound = [each for each in found if isinstance(each, Proposal)]
        return tuple(sorted(sound, key=lambda each: (each.at, each.id)))

    def records(self) -> dict[str, Proposal | Fault]:
        """Read each record, by the id of the proposal; raises `OSError` where none can be."""
        try:
            with os.scandir(straight(self._root / FOLDER)) as entries:
                names = sorted(each.name for each in entries)
        except FileNotFoundError:
            return {}
        matches = filter(None, map(_RECORD_NAME.fullmatch, names))
        return {match[1]: self._record(match[1]) for match in matches}

    def needed(self, *, but: str = "") -> set[str]:
        """Name the contents that proposals need, except for one of them."""
        return {each for found in self.sound() if found.id != but for each in found.contents}

    def admit(self, proposal: Proposal) -> None:
        """Raise `ProposalsFullError`, `OSError`, or `ValueError` where one is not taken."""
        record_of_proposal(proposal)
        known = self.records()
        if proposal.id not in known and len(known) >= MOST_PROPOSALS:
            raise ProposalsFullError(MOST_PROPOSALS)

    def write(self, proposal: Proposal) -> None:
        """Write a record; raises `OSError`."""
        write_whole(self._path(proposal.id), record_of_proposal(proposal))

    def remove(self, proposal: Proposal) -> None:
        """Remove a record; one that is gone is no fault."""
        self._path(proposal.id).unlink(missing_ok=True)

    def _record(self, name: str) -> Proposal | Fault:
        try:
            content = regular_content(self._path(name), LONGEST_PROPOSAL)
        except OSError:
            return Fault.UNREADABLE
        return proposal_from(content, name)

    def _path(self, name: str) -> Path:
        return straight(self._root / FOLDER / f"{name}.json")
