"""Files that staff bring: what they were made from, and putting them together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import PurePath
from types import MappingProxyType
from typing import TypeVar

from regen_map.store import Draft, Overtaken, Store, Version, draft_of, rebase
from regen_map.store.rebasing import joined

_VERSION = re.compile(r"--v([1-9][0-9]{0,8})(?![0-9])", re.ASCII)
_COPY = re.compile(r" ?\([0-9]{1,3}\)", re.ASCII)
_MOST_ATTEMPTS = 10
_T = TypeVar("_T")


def told_version(given: str) -> int | None:
    """
    Tell from which version a file was made.

    Parameters
    ----------
    given
        Its name, such as ``workshops--v12.csv`` or ``workshops--v12 (1).xlsx``.

    Returns
    -------
    int or None
        The number of the version; None where the name does not say.
    """
    found = _VERSION.search(given)
    return int(found[1]) if found else None


def plain_name(given: str) -> str:
    """
    Give the name of a file without the version that it was made from.

    Examples
    --------
    >>> plain_name("city--v12 (1).toml")
    'city.toml'
    """
    found = _VERSION.search(given)
    if found is None:
        return given
    return given[: found.start()] + _COPY.sub("", given[found.end() :], count=1)


def name_to_take(name: str, ending: str, version: int | None) -> str:
    """
    Name a file for somebody who takes it away, so that `told_version` knows it again.

    Parameters
    ----------
    name
        Of a file of the city.
    ending
        The format that it is taken in, such as ``".xlsx"``.
    version
        Whose file it is; None where it is no version's.
    """
    stem = PurePath(name).stem
    return f"{stem}--v{version}{ending}" if version is not None else f"{stem}{ending}"


def origin(name: str, before: Mapping[str, str], versions: Iterable[Version]) -> int | None:
    """
    Tell which version held a table as it was before somebody changed it.

    Parameters
    ----------
    name
        Of the changed file, in the folder of a city.
    before
        The SHA-256 of the files that it was made from, by name; of its table all of them.
    versions
        Where to look, in this order.

    Returns
    -------
    int or None
        The number of the version; None where the table was no version's.
    """
    table = of_table(name, before)
    return next((each.number for each in versions if of_table(name, each.files) == table), None)


def newest_since(made_from: Mapping[str, int], versions: Sequence[Version]) -> Version | None:
    """
    Find out who has changed a table since a file of it was taken away.

    Parameters
    ----------
    made_from
        The number of the version that each file was made from, by its name in the folder of
        a city.
    versions
        All of them, oldest first.

    Returns
    -------
    Version or None
        The newest that changed one of the tables; None where all are as they were.
    """
    for older, newer in reversed(list(pairwise(versions))):
        for name, number in made_from.items():
            changed = of_table(name, older.files) != of_table(name, newer.files)
            if number < newer.number and changed:
                return newer
    return None


def of_table(name: str, files: Mapping[str, _T]) -> dict[str, _T]:
    """
    Give the files that hold the same table as a file, in whatever format; itself among them.

    Parameters
    ----------
    name
        Of the file, in the folder of a city.
    files
        Anything by name of a file.
    """
    stem = PurePath(name).stem
    return {each: held for each, held in files.items() if PurePath(each).stem == stem}


def brought(
    store: Store,
    files: Mapping[str, bytes | None],
    *,
    bases: Mapping[str, Mapping[str, bytes]] = MappingProxyType({}),
    on: Draft | None = None,
) -> Draft:
    """
    Put files on the town as it is now, and on what is being prepared already.

    Parameters
    ----------
    store
        Where the town lives. Nothing is written.
    files
        Whole files by their names in the folder of a city; None for one that goes.
    bases
        By the name of a file, all files at the time that it was made from. What has changed
        since is put together with it, row by row of a CSV file. A file of which nobody knows
        replaces what there is.
    on
        What is being prepared; None for nothing.

    Returns
    -------
    Draft
        With the changes of both, made of the town as it is now.

    Raises
    ------
    Overtaken
        If the same rows, or the same file of another format, have changed since.
    OSError
        If somebody else's publication does not come to its end.
    """
    for _ in range(_MOST_ATTEMPTS):
        now = store.contents()
        under = rebase(store, on) if on is not None and on.base != now.files else on
        there = now.files if under is None else under.contents
        together = _changes(under)
        for name, content in files.items():
            given = {name: content}
            if (base := bases.get(name)) is not None:
                given = joined(_gone(name, base) | given, base, there, now.newest)
            together |= given
        draft = draft_of(store, together)
        if draft.base == (now.files if under is None else under.base):
            return draft
        # Somebody has published meanwhile.
    raise Overtaken(store.contents().newest, tuple(files))


def _changes(draft: Draft | None) -> dict[str, bytes | None]:
    if draft is None:
        return {}
    return {name: draft.contents.get(name) for name in (*draft.changed, *draft.gone)}


def _gone(name: str, base: Mapping[str, bytes]) -> dict[str, bytes | None]:
    """Name the files of a table that another format takes the place of."""
    return dict.fromkeys(of_table(name, base))
