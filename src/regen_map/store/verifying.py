"""Whether a history is as it was written, wherever it lies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping

from regen_map.store.proposals import Proposal
from regen_map.store.records import Fault
from regen_map.store.versions import Flaw, Version

_LOG = logging.getLogger(__name__)


class Alarm:
    """
    Puts what is wrong with the records of a store into the log, each time that it changes.

    Parameters
    ----------
    name
        Of the store.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._told: tuple[Flaw, ...] = ()

    def tell(self, flaws: tuple[Flaw, ...]) -> None:
        """Take what is wrong now; nothing is told of nothing."""
        # Where nothing can be read at all, whoever wants to write there says why.
        damaged = tuple(each for each in flaws if each.fault is not Fault.FOLDER)
        if damaged and damaged != self._told:
            listed = ", ".join(f"version {each.number}: {each.fault}" for each in damaged)
            _LOG.warning("The history of %s is not as it was written (%s)", self._name, listed)
        self._told = damaged


def flaws_of_records(
    records: Mapping[int, Version | Fault], first_kept: int | None
) -> tuple[Flaw, ...]:
    """Tell what is wrong with versions as far as their records say; see `flaws_of_chain`."""
    return tuple(flaws_of_chain(records, first_kept, lambda _: None))


def flaws_of_chain(
    records: Mapping[int, Version | Fault],
    first_kept: int | None,
    fault_of: Callable[[str], Fault | None],
) -> Iterator[Flaw]:
    """
    Tell what is wrong with versions.

    Parameters
    ----------
    records
        What was read of each, by its number, in order.
    first_kept
        From which version on contents are kept; None where nobody can tell.
    fault_of
        Looks at a content by its SHA-256; None for a sound one.

    Yields
    ------
    Flaw
        None where each content and each record is as it was written, each version follows
        the one before it, and no number is left out. Contents that were dropped on purpose
        are no flaw.
    """
    if first_kept is None:
        yield Flaw(fault=Fault.RETENTION)
    expected, before, told = 1, "", False
    for number, record in records.items():
        if number != expected:
            yield Flaw(fault=Fault.MISSING, number=expected)
            told = True
        expected = number + 1
        if isinstance(record, Fault):
            yield Flaw(fault=record, number=number)
            told = True
            continue
        # What follows a damaged record cannot be told to follow it, nor not to.
        if record.parent != before and not told:
            yield Flaw(fault=Fault.DETACHED, number=number)
        before, told = record.hash, False
        for name, sha256 in record.files.items():
            fault = fault_of(sha256)
            dropped = fault is Fault.FILE_MISSING and number < (first_kept or 0)
            if fault is not None and not dropped:
                yield Flaw(fault=fault, number=number, file=name)


def flaws_of_proposals(
    records: Mapping[str, Proposal | Fault], fault_of: Callable[[str], Fault | None]
) -> Iterator[Flaw]:
    """Tell which proposals, by their ids, cannot be read, or not with all they need."""
    for name, record in records.items():
        if isinstance(record, Fault) or any(map(fault_of, sorted(record.contents))):
            yield Flaw(fault=Fault.PROPOSAL, file=name)
