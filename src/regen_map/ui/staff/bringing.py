"""Files that staff bring: what they hold, what they were made from, and putting them together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from regen_map.catalogue import TABLES
from regen_map.intake import file_names, table_of
from regen_map.store import Draft, Overtaken, Store, Version, draft_of, rebase
from regen_map.store.merging import merged

SETTINGS: tuple[str, ...] = ("city.toml", "vocabularies.csv")
"""The files of a city that are no tables."""

_ENDINGS = {".tsv": ".csv", ".txt": ".csv", ".json": ".geojson"}
"""The endings that files may have besides those in the folder of a city."""
_VERSION = re.compile(r"--v([1-9][0-9]{0,8})(?![0-9])", re.ASCII)
_MOST_ATTEMPTS = 10


def held_by(given: str) -> str:
    """
    Tell by the name of a file what it holds.

    Parameters
    ----------
    given
        Its name, as somebody called it.

    Returns
    -------
    str
        The name of a table, one of `SETTINGS`, or empty where nobody can tell.
    """
    if given in SETTINGS:
        return given
    table = table_of(given)
    return table.name if table is not None else ""


def stored_name(given: str, held: str) -> str:
    """
    Name a file as the folder of a city does.

    Parameters
    ----------
    given
        Its name, as somebody called it.
    held
        The name of a table, or one of `SETTINGS`.

    Returns
    -------
    str
        Empty for a format that this cannot be in.
    """
    ending = PurePath(given).suffix.casefold()
    ending = _ENDINGS.get(ending, ending)
    if held in SETTINGS:
        return held if ending == PurePath(held).suffix else ""
    name = f"{held}{ending}"
    return name if held in TABLES and name in file_names() else ""


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
        together = _changes(under) | {
            name: _both(name, content, bases.get(name), there, now.newest)
            for name, content in files.items()
        }
        draft = draft_of(store, together)
        if draft.base == (now.files if under is None else under.base):
            return draft
        # Somebody has published meanwhile.
    raise Overtaken(store.contents().newest, tuple(files))


def _changes(draft: Draft | None) -> dict[str, bytes | None]:
    if draft is None:
        return {}
    return {name: draft.contents.get(name) for name in (*draft.changed, *draft.gone)}


def _both(
    name: str,
    mine: bytes | None,
    base: Mapping[str, bytes] | None,
    there: Mapping[str, bytes],
    newest: Version | None,
) -> bytes | None:
    """Put my file and what has become of the one that it was made from together."""
    if base is None:
        return mine
    known, now = _file_of(name, base), _file_of(name, there)
    if now in (known, (name, mine)):
        return mine
    both = None
    if name.endswith(".csv") and known and now and name == known[0] == now[0] and mine is not None:
        both = merged(known[1], mine, now[1])
    if both is None:
        raise Overtaken(newest, (name,))
    return both


def _file_of(name: str, files: Mapping[str, bytes]) -> tuple[str, bytes] | None:
    """Find the file of a table, whatever its format."""
    stem = PurePath(name).stem
    return next(
        ((each, content) for each, content in files.items() if PurePath(each).stem == stem), None
    )
