"""What a folder would become with other files, and what may be against that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from regen_map.catalogue import Catalogue
from regen_map.intake import Issue, Options, Reading, file_names, read_catalogue
from regen_map.intake.drafts import Draft as TableDraft
from regen_map.intake.drafts import Entry
from regen_map.store.extent import Extent, extents, key_columns, keys_of
from regen_map.store.files import limits
from regen_map.store.folder import FolderStore
from regen_map.store.journal import Contents
from regen_map.store.loaded import NoHistoryError, VersionError
from regen_map.store.pictures import FolderPictures
from regen_map.store.soundness import broken_files, joined_issues, losses
from regen_map.store.versions import ContentsError, Version, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """
    A row that would newly be left out because of its faults.

    Attributes
    ----------
    file, place
        Where it stands: the name of the file, and the line or the number of the feature.
    is_shown
        Whether it is shown now, so that it would be lost.
    """

    file: str
    place: str
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    What a folder would become. Nothing is written.

    Attributes
    ----------
    contents
        All files as they would be, by name.
    base
        All files as they were when the draft was made.
    parent
        The newest version then; None where there was none.
    reading
        What comes out of `contents`, with all faults.
    before
        What it is compared with: the catalogue of `base`, or of `parent` where that is
        unusable; None where there was none.
    outside
        Whether `base` is sound and no version yet: it becomes one of its own first.
    faults
        The files that cannot be read at all and could be before, or were not there.
    quarantined
        The rows that are left out and were not before.
    extents
        The tables of which rows are taken away, or many change.
    restores
        The version whose contents these are; None for others.
    """

    contents: Mapping[str, bytes]
    base: Mapping[str, bytes]
    parent: Version | None
    reading: Reading
    before: Catalogue | None
    outside: bool
    faults: tuple[Issue, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    extents: tuple[Extent, ...] = ()
    restores: Version | None = None

    @property
    def catalogue(self) -> Catalogue | None:
        """What would be shown; None where nothing comes out of the files."""
        return self.reading.catalogue

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the files that are new or become others, in order."""
        return tuple(
            sorted(name for name in self.contents if self.contents[name] != self.base.get(name))
        )

    @property
    def gone(self) -> tuple[str, ...]:
        """The names of the files that are taken away, in order."""
        return tuple(sorted(name for name in self.base if name not in self.contents))


def draft_of(store: FolderStore, files: Mapping[str, bytes | None]) -> Draft:
    """
    See what a folder would become with other files. Nothing is written.

    Parameters
    ----------
    store
        The folder.
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


def draft_to_restore(store: FolderStore, version: Version) -> Draft:
    """
    See what a folder would become with the files of an old version. Nothing is written.

    Raises
    ------
    VersionError
        If its contents were dropped or damaged, or no catalogue comes out of them.
    NoHistoryError
        If no history is kept.
    OSError
        As `draft_of`.
    """
    if store.history is None:
        raise NoHistoryError(store.path)
    now = store.contents()
    try:
        contents = store.history.contents(version)
    except ContentsError as error:
        raise VersionError(store.path, version, error.flaws) from None
    draft = _draft(store, contents, now, version)
    if draft.catalogue is None:
        raise VersionError(store.path, version, issues=draft.reading.issues)
    return draft


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Give the SHA-256 of each file by name."""
    return {name: digest(content) for name, content in files.items()}


def _draft(
    store: FolderStore,
    contents: Mapping[str, bytes],
    now: Contents,
    restores: Version | None = None,
) -> Draft:
    options = Options(limits=limits(), images=FolderPictures(store.path, limits()))
    old, new = read_catalogue(now.files, options), read_catalogue(contents, options)
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


def _new(contents: Mapping[str, bytes], now: Contents) -> set[str]:
    return {name for name, content in contents.items() if now.files.get(name) != content}


def _before(store: FolderStore, now: Contents, old: Reading) -> tuple[Catalogue | None, bool]:
    """Give what a draft is compared with, and whether that is a change from outside."""
    newest = now.newest
    if newest is not None and newest.files == digests(now.files):
        return old.catalogue, False
    last = None
    if newest is not None:
        try:
            last = store.catalogue_of(newest)
        except VersionError:
            last = None
    issues = joined_issues(now.refused, old.issues)
    unusable = (
        old.catalogue is None
        or broken_files(issues)
        or (last is not None and losses(last, old.catalogue))
    )
    if unusable:
        return last if last is not None else old.catalogue, False
    return old.catalogue, True


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
