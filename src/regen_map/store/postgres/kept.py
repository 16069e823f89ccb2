"""Contents, versions and proposals in the database: read and written, trusted by nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import psycopg

from regen_map.store.files import limits
from regen_map.store.proposals import (
    LONGEST_PROPOSAL,
    MOST_PROPOSALS,
    Proposal,
    proposal_from,
    record_of_proposal,
)
from regen_map.store.records import Fault, digest
from regen_map.store.refusals import ProposalsFullError
from regen_map.store.verifying import flaws_of_chain, flaws_of_proposals, flaws_of_records
from regen_map.store.versions import (
    LONGEST_RECORD,
    Flaw,
    Version,
    contents_of,
    record_of,
    version_from,
)

CHANNEL = "regen_map_version"
"""Where the number of each new version is told."""

_VERSIONS = (
    "SELECT number, CASE WHEN octet_length(record) <= %s THEN record END"
    " FROM regen_map_history.version"
)
_PROPOSALS = (
    "SELECT id, CASE WHEN octet_length(record) <= %s THEN record END"
    " FROM regen_map_history.proposal"
)

Asked = psycopg.Connection[Any]


# ---------------------------------------------------------------- versions


def records(connection: Asked) -> dict[int, Version | Fault]:
    """Read the record of each version, in order of their numbers."""
    found = connection.execute(f"{_VERSIONS} ORDER BY number", [LONGEST_RECORD], binary=True)
    return {number: version_from(record, number) for number, record in found}


def damage(connection: Asked) -> tuple[Flaw, ...]:
    """Tell what is wrong with the records of versions."""
    return flaws_of_records(records(connection), first_kept(connection))


def sound_versions(connection: Asked) -> tuple[Version, ...]:
    """Give the versions whose records are sound, oldest first."""
    return tuple(each for each in records(connection).values() if isinstance(each, Version))


def newest(connection: Asked) -> Version | None:
    """Give the last sound version; None where there is none."""
    last = f"{_VERSIONS} ORDER BY number DESC LIMIT 1"
    found = connection.execute(last, [LONGEST_RECORD], binary=True).fetchone()
    if found is None:
        return None
    number, record = found
    version = version_from(record, number)
    if isinstance(version, Version):
        return version
    return next(reversed(sound_versions(connection)), None)


def next_number(connection: Asked) -> int:
    """Give the number of the next version: none is given twice, however damaged its record."""
    found = connection.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM regen_map_history.version"
    ).fetchone()
    return int(found[0]) if found is not None else 1


def add_version(connection: Asked, version: Version) -> None:
    """Add the record of a version, and tell all who listen when the transaction ends."""
    connection.execute(
        "INSERT INTO regen_map_history.version (number, record) VALUES (%s, %s)",
        [version.number, record_of(version)],
    )
    connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(version.number)])


def first_kept(connection: Asked) -> int | None:
    """Tell from which version on contents are kept; None where that cannot be read."""
    found = connection.execute("SELECT first FROM regen_map_history.retention LIMIT 2").fetchall()
    return int(found[0][0]) if len(found) == 1 else None


def keep_from(connection: Asked, first: int) -> None:
    """Say from which version on contents are kept."""
    connection.execute("DELETE FROM regen_map_history.retention")
    connection.execute("INSERT INTO regen_map_history.retention VALUES (%s)", [first])


# ---------------------------------------------------------------- contents


def content(connection: Asked, sha256: str) -> bytes | Fault:
    """Read a content, and whether it is the one that was written."""
    found = connection.execute(
        "SELECT CASE WHEN octet_length(bytes) <= %s THEN bytes END"
        " FROM regen_map_history.content WHERE sha256 = %s",
        [limits().file_bytes, sha256],
        binary=True,
    ).fetchone()
    if found is None:
        return Fault.FILE_MISSING
    held = found[0]
    return held if held is not None and digest(held) == sha256 else Fault.FILE_ALTERED


def contents(connection: Asked, version: Version) -> dict[str, bytes]:
    """Give the files of a version by name; raises `ContentsError` where one is not there."""
    return contents_of(version, lambda sha256: content(connection, sha256))


def keep_contents(connection: Asked, given: Iterable[bytes]) -> None:
    """Keep contents that are not there, or not as they were written."""
    held = {digest(each): each for each in given}
    sound = {
        sha256
        for (sha256,) in connection.execute(
            "SELECT sha256 FROM regen_map_history.content"
            " WHERE sha256 = ANY(%s) AND encode(sha256(bytes), 'hex') = sha256",
            [list(held)],
        )
    }
    for sha256, each in held.items():
        if sha256 not in sound:
            connection.execute(
                "INSERT INTO regen_map_history.content (sha256, bytes) VALUES (%s, %s)"
                " ON CONFLICT (sha256) DO UPDATE SET bytes = EXCLUDED.bytes",
                [sha256, each],
            )


def drop_contents(connection: Asked, unneeded: Iterable[str]) -> None:
    """Drop contents by their SHA-256."""
    connection.execute(
        "DELETE FROM regen_map_history.content WHERE sha256 = ANY(%s)", [list(unneeded)]
    )


def present(connection: Asked) -> set[str]:
    """Name the contents that are there, whatever they hold."""
    found = connection.execute("SELECT sha256 FROM regen_map_history.content")
    return {sha256 for (sha256,) in found}


# ---------------------------------------------------------------- proposals


def proposal_records(connection: Asked) -> dict[str, Proposal | Fault]:
    """Read the record of each proposal, by its id."""
    found = connection.execute(f"{_PROPOSALS} ORDER BY id", [LONGEST_PROPOSAL], binary=True)
    return {name: proposal_from(record, name) for name, record in found}


def proposals(connection: Asked) -> tuple[Proposal, ...]:
    """Give the proposals whose records are sound, oldest first."""
    sound = [each for each in proposal_records(connection).values() if isinstance(each, Proposal)]
    return tuple(sorted(sound, key=lambda each: (each.at, each.id)))


def add_proposal(connection: Asked, proposal: Proposal, given: Iterable[bytes]) -> None:
    """Add a proposal with all it needs; raises `ProposalsFullError` or `ValueError`."""
    record, known = record_of_proposal(proposal), proposal_records(connection)
    if proposal.id in known:
        return
    if len(known) >= MOST_PROPOSALS:
        raise ProposalsFullError(MOST_PROPOSALS)
    keep_contents(connection, given)
    connection.execute(
        "INSERT INTO regen_map_history.proposal (id, record) VALUES (%s, %s)",
        [proposal.id, record],
    )


def remove_proposal(connection: Asked, proposal: Proposal) -> None:
    """Remove a proposal, and the contents that only it needs."""
    connection.execute("DELETE FROM regen_map_history.proposal WHERE id = %s", [proposal.id])
    first = first_kept(connection) or 0
    needed = {each for other in proposals(connection) for each in other.contents}
    for version in sound_versions(connection):
        if version.number >= first:
            needed.update(version.files.values())
    drop_contents(connection, proposal.contents - needed)


# ---------------------------------------------------------------- the whole


def prune(connection: Asked, n_versions: int) -> None:
    """Drop the contents that neither the newest versions nor proposals need."""
    versions = sound_versions(connection)
    old, kept = versions[:-n_versions], versions[-n_versions:]
    if not old:
        return
    keep_from(connection, max(kept[0].number, first_kept(connection) or 0))
    needed = {each for version in kept for each in version.files.values()}
    needed |= {each for proposal in proposals(connection) for each in proposal.contents}
    drop_contents(connection, {each for version in old for each in version.files.values()} - needed)


def verify(connection: Asked) -> tuple[Flaw, ...]:
    """Look at every byte."""
    faults: dict[str, Fault | None] = {}

    def fault_of(sha256: str) -> Fault | None:
        if sha256 not in faults:
            # One content at a time: all of them may be more than the memory.
            found = content(connection, sha256)
            faults[sha256] = found if isinstance(found, Fault) else None
        return faults[sha256]

    return tuple(_flaws(connection, fault_of))


def _flaws(connection: Asked, fault_of: Any) -> Iterator[Flaw]:
    yield from flaws_of_chain(records(connection), first_kept(connection), fault_of)
    yield from flaws_of_proposals(proposal_records(connection), fault_of)


def dropped(connection: Asked) -> tuple[Version, ...]:
    """Give the versions of which `prune` has dropped contents, oldest first."""
    first, there = first_kept(connection) or 0, present(connection)
    return tuple(
        version
        for version in sound_versions(connection)
        if version.number < first and not there.issuperset(version.files.values())
    )


def named_contents(
    connection: Asked, files: Mapping[str, str | None]
) -> dict[str, bytes | Fault | None]:
    """Give contents by the names of their files; None where there is to be none."""
    return {
        name: content(connection, sha256) if sha256 is not None else None
        for name, sha256 in files.items()
    }
