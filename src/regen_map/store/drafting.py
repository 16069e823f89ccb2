"""Seeing what a folder would become with other files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import PurePath
from typing import TypeAlias

from regen_map.catalogue import Catalogue
from regen_map.intake import Limits, Options, Reading, file_names
from regen_map.intake.aside import read_catalogue_aside
from regen_map.intake.drafts import Draft as TableDraft
from regen_map.intake.drafts import Entry
from regen_map.store.draft import Draft, Quarantined
from regen_map.store.extent import extents, key_columns, keys_of
from regen_map.store.files import limits
from regen_map.store.loaded import Contents, VersionError
from regen_map.store.soundness import broken_files, joined_issues, losses
from regen_map.store.store import Store
from regen_map.store.versions import ContentsError, Version, digests


def draft_of(store: Store, files: Mapping[str, bytes | None]) -> Draft:
    """
    See what a store would become with other files. Nothing is written.

    Parameters
    ----------
    store
        Where the files are.
    files
        Those that are put there, each by one of `regen_map.intake.file_names`; None takes
        a file away. A table has one file: the one in another format goes.

    Raises
    ------
    ValueError
        If a file has a name that no file of a city has.
    OSError
        If somebody else's publication does not come to its end.
    """
    unknown = sorted(set(files) - set(file_names()))
    if unknown:
        message = f"A city has no file of the name {', '.join(unknown)}."
        raise ValueError(message)
    now = store.contents()
    given = {PurePath(name).stem for name, content in files.items() if content is not None}
    contents = {name: each for name, each in now.files.items() if PurePath(name).stem not in given}
    contents |= {name: each for name, each in files.items() if each is not None}
    for name in (name for name, each in files.items() if each is None):
        contents.pop(name, None)
    return _draft(store, contents, now)


def draft_to_restore(store: Store, version: Version) -> Draft:
    """
    See what a store would become with the files of an old version. Nothing is written.

    Raises
    ------
    VersionError
        If its contents were dropped or damaged, or no catalogue comes out of them.
    NoHistoryError
        If no history is kept.
    OSError
        As `draft_of`.
    """
    try:
        contents = store.version_contents(version)
    except ContentsError as error:
        raise VersionError(store.name, version, error.flaws) from None
    draft = _draft(store, contents, store.contents(), version)
    if draft.catalogue is None:
        raise VersionError(store.name, version, issues=draft.reading.issues)
    return draft


def _draft(
    store: Store,
    contents: Mapping[str, bytes],
    now: Contents,
    restores: Version | None = None,
) -> Draft:
    options = Options(limits=limits(), images=store.pictures)
    old = _read_before(now.files, options)
    new = read_catalogue_aside(contents, options)
    _remember(contents, options, new)
    before, outside = _before(store, now, old)
    faults = {(issue.file, issue.rule) for issue in old.issues if issue.whole_file}
    shown = before if before is not None and new.catalogue is not None else None
    return Draft(
        contents=contents,
        base=now.files,
        parent=now.newest,
        reading=new,
        before=before,
        outside=outside,
        faults=tuple(
            issue
            for issue in new.issues
            if issue.is_error
            and issue.whole_file
            and ((issue.file, issue.rule) not in faults or issue.file in _new(contents, now))
        ),
        quarantined=tuple(_quarantined(old, new, before)),
        extents=extents(shown, new.catalogue) if shown and new.catalogue else (),
        restores=restores,
    )


_Key: TypeAlias = tuple[Limits, tuple[tuple[str, str], ...]]

_LAST: list[tuple[_Key, Reading]] = []
"""What was read last: what a draft is compared with is mostly that of the draft before."""


def _read_before(files: Mapping[str, bytes], options: Options) -> Reading:
    """Read files to compare others with: what is told of their pictures does not count."""
    key = _key(files, options)
    found = next((reading for each, reading in _LAST if each == key), None)
    if found is None:
        found = read_catalogue_aside(files, options)
    _remember(files, options, found)
    return found


def _remember(files: Mapping[str, bytes], options: Options, reading: Reading) -> None:
    key = _key(files, options)
    others = [each for each in _LAST if each[0] != key]
    _LAST[:] = [(key, reading), *others][:2]


def _key(files: Mapping[str, bytes], options: Options) -> _Key:
    return options.limits, tuple(sorted(digests(files).items()))


def _new(contents: Mapping[str, bytes], now: Contents) -> set[str]:
    return {name for name, content in contents.items() if now.files.get(name) != content}


def _before(store: Store, now: Contents, old: Reading) -> tuple[Catalogue | None, bool]:
    """Give what a draft is compared with, and whether that is a change from outside."""
    newest = now.newest
    if newest is not None and newest.files == digests(now.files):
        return old.catalogue, False
    last = _last_sound(store)
    issues = joined_issues(now.refused, old.issues)
    unusable = (
        old.catalogue is None
        or broken_files(issues)
        or (last is not None and losses(last, old.catalogue))
    )
    if unusable:
        return last if last is not None else old.catalogue, False
    return old.catalogue, True


def _last_sound(store: Store) -> Catalogue | None:
    for version in reversed(store.versions()):
        with suppress(VersionError):
            return store.catalogue_of(version)
    return None


def _quarantined(old: Reading, new: Reading, before: Catalogue | None) -> Iterator[Quarantined]:
    """Tell which rows are left out that were not, and which of them are shown now."""
    for name, draft in new.drafts.items():
        known = Counter(map(_cells, _unsound(old.drafts.get(name))))
        lost: Counter[tuple[object, ...]] = Counter()
        if before is not None and new.catalogue is not None:
            lost = keys_of(before, name) - keys_of(new.catalogue, name)
        for entry in _unsound(draft):
            if known[_cells(entry)] > 0:
                known[_cells(entry)] -= 1
                continue
            key = tuple(entry.values.get(column) for column in key_columns(name))
            # A row whose key cannot be read may be any of those that are gone.
            shown = any(
                all(mine in (None, theirs) for mine, theirs in zip(key, each, strict=True))
                for each in lost
            )
            yield Quarantined(file=draft.file, place=entry.place, is_shown=shown)


def _unsound(draft: TableDraft | None) -> list[Entry]:
    return [entry for entry in draft.entries if not entry.sound] if draft is not None else []


def _cells(entry: Entry) -> tuple[object, ...]:
    return (*entry.row.cells, entry.row.raw)
