"""Files that staff bring: what they were made from, and putting them together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from regen_map.store import Draft, Overtaken, Store, draft_of, rebase
from regen_map.store.rebasing import joined

_VERSION = re.compile(r"--v([1-9][0-9]{0,8})(?![0-9])", re.ASCII)
_MOST_ATTEMPTS = 10


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
    stem = PurePath(name).stem
    return {each: None for each in base if PurePath(each).stem == stem}
