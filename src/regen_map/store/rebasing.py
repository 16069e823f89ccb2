"""Putting the changes of a draft on what others have made of the files since."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from regen_map.store.draft import Draft
from regen_map.store.drafting import draft_of
from regen_map.store.merging import merged
from regen_map.store.proposals import Proposal
from regen_map.store.store import Store
from regen_map.store.versions import Conflict, Version


class Overtaken(Conflict):
    """
    The files have become others since a draft was made.

    Attributes
    ----------
    files
        The names of those that have; empty where only the history has gone on.
    """

    def __init__(self, newest: Version | None, files: tuple[str, ...]) -> None:
        super().__init__(newest)
        self.files = files


def rebase(store: Store, draft: Draft) -> Draft:
    """
    Put the changes of a draft on the files as they are now.

    Returns
    -------
    Draft
        With their changes and those of the draft: of other files, or of other rows of
        the same CSV file.

    Raises
    ------
    Overtaken
        If both have changed the same rows, or the same table in another format; and for
        a draft that restores a version.
    OSError
        As `draft_of`.
    """
    now = store.contents()
    if draft.restores is not None:
        raise Overtaken(now.newest, differing(draft.base, now.files))
    mine = {name: draft.contents.get(name) for name in (*draft.changed, *draft.gone)}
    return draft_of(store, joined(mine, draft.base, now.files, now.newest))


def draft_of_proposal(store: Store, proposal: Proposal) -> Draft:
    """
    Put the changes of a proposal on the files as they are now. Nothing is written.

    Returns
    -------
    Draft
        As `rebase`; it changes nothing where others have done the same meanwhile.

    Raises
    ------
    Overtaken
        If others have changed the same rows, or the same table in another format.
    ProposalError
        If its contents are not all there any more.
    OSError
        As `draft_of`.
    ValueError
        If it names a file that no city has.
    """
    mine, before = store.proposed_files(proposal), store.files_before(proposal)
    base = {name: each for name, each in before.items() if each is not None}
    now = store.contents()
    return draft_of(store, joined(mine, base, now.files, now.newest))


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> tuple[str, ...]:
    """Name the files that are not the same in both, in order."""
    return tuple(sorted(name for name in {*one, *other} if one.get(name) != other.get(name)))


def joined(
    mine: Mapping[str, bytes | None],
    base: Mapping[str, bytes],
    now: Mapping[str, bytes],
    newest: Version | None,
) -> dict[str, bytes | None]:
    """
    Put changes together with what others have made of the same files.

    Parameters
    ----------
    mine
        Whole contents by name; None for a file that goes.
    base
        All files that they were made from.
    now
        All files as they are.
    newest
        The newest version, for whoever is told of a conflict; None where there is none.

    Returns
    -------
    dict of str to bytes or None
        The files of `mine`: with the rows of a CSV file that others have changed.

    Raises
    ------
    Overtaken
        If others have changed the same rows, or the same table in another format.
    """
    _no_other_format(mine, base, now, newest)
    files: dict[str, bytes | None] = {}
    for name, wanted in mine.items():
        old, theirs = base.get(name), now.get(name)
        if theirs in (old, wanted):
            files[name] = wanted
            continue
        both = None
        if name.endswith(".csv") and old is not None and wanted is not None and theirs is not None:
            both = merged(old, wanted, theirs)
        if both is None:
            raise Overtaken(newest, (name,))
        files[name] = both
    return files


def _no_other_format(
    mine: Mapping[str, bytes | None],
    base: Mapping[str, bytes],
    now: Mapping[str, bytes],
    newest: Version | None,
) -> None:
    """Stop where others have put a table of mine into a file of another format."""
    tables = {PurePath(name).stem for name, wanted in mine.items() if wanted is not None}
    for name in now:
        if name not in base and name not in mine and PurePath(name).stem in tables:
            raise Overtaken(newest, (name,))
