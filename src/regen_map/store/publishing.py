"""Publishing to a folder: what would be, why it may not be, and doing it in one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from regen_map.catalogue import Catalogue
from regen_map.intake import Issue
from regen_map.store.drafting import Draft, Quarantined, digests, draft_of, draft_to_restore
from regen_map.store.extent import Extent
from regen_map.store.files import folder_contents, limits
from regen_map.store.folder import FolderStore
from regen_map.store.journal import bring_back, carry_out
from regen_map.store.loaded import NoHistoryError
from regen_map.store.merging import merged
from regen_map.store.versions import Conflict, Origin, Version


class RefusedError(Exception):
    """The data are the reason why a draft is not published."""


class UnusableError(RefusedError):
    """
    No catalogue comes out of the files, or one of them cannot be read at all.

    Attributes
    ----------
    issues
        Why.
    """

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__(f"{len(issues)} faults leave nothing to publish.")
        self.issues = issues


class QuarantineError(RefusedError):
    """
    Rows would be left out because of their faults, and nobody has agreed to that.

    Attributes
    ----------
    rows
        Which rows. Where some of them are shown now, agreeing does not help: nothing that
        is published is lost by a bad row.
    """

    def __init__(self, rows: tuple[Quarantined, ...]) -> None:
        super().__init__(f"{len(rows)} rows would be left out.")
        self.rows = rows


class UnconfirmedError(RefusedError):
    """
    Rows would be taken away, or many would change, and nobody has confirmed that.

    Attributes
    ----------
    extents
        Of which tables.
    """

    def __init__(self, found: tuple[Extent, ...]) -> None:
        super().__init__(f"{len(found)} tables would lose rows, or change a lot.")
        self.extents = found


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


def publish(  # noqa: PLR0913 - what there is to be told of a version
    store: FolderStore,
    draft: Draft,
    *,
    author: str,
    message: str,
    at: dt.datetime,
    origin: Origin = Origin.DESK,
    partial: bool = False,
    confirmed: bool = False,
) -> Version:
    """
    Make a folder what a draft says, in one step, as a version of its own.

    Whatever dies when: all files are the old ones or the new ones for whoever reads them
    through a store, and the next one to come ends what was begun. Sound changes from
    outside that nobody has recorded yet become a version first. `FolderStore.refresh`
    shows the new state at once; else the next reading does.

    Parameters
    ----------
    store
        The folder.
    draft
        Made of the folder as it is now.
    author, message
        Who publishes, and why.
    at
        The moment, with a time zone.
    origin
        Where it comes from; a draft that restores a version is always `Origin.RESTORED`.
    partial
        Whether rows with faults may be left out. They stay in their file, where
        `regen-map check` tells them, and are shown once they are mended. A row that is
        shown now may never be left out.
    confirmed
        Whether rows may be taken away, and many may change.

    Returns
    -------
    Version
        The new one. The newest one where the draft holds nothing else; the files of the
        folder are then what it says, too.

    Raises
    ------
    NoHistoryError
        If no history is kept.
    UnusableError, QuarantineError, UnconfirmedError
        If the data are a reason against it.
    Overtaken
        If the folder has changed since the draft was made, see `rebase`.
    OSError
        If something cannot be written; all is then as it was.
    ValueError
        If `at` has no time zone, or the message is longer than a version can hold.
    """
    if store.history is None:
        raise NoHistoryError(store.path)
    catalogue = publishable(draft, partial=partial, confirmed=confirmed)
    with store.writing() as history:
        now, _ = folder_contents(store.path, limits())
        newest = history.newest
        if now != draft.base or not _still_follows(draft, newest):
            raise Overtaken(newest, _differing(draft.base, now))
        if draft.outside and draft.before is not None:
            newest = history.append(
                now,
                origin=Origin.OUTSIDE,
                catalogue=draft.before.version,
                parent=newest.hash if newest is not None else "",
                at=at,
                author="",
                message="",
            )
        version = history.following(
            draft.contents,
            at=at,
            author=author,
            message=message,
            origin=origin if draft.restores is None else Origin.RESTORED,
            catalogue=catalogue.version,
            parent=newest.hash if newest is not None else "",
        )
        if version != newest:
            carry_out(store.path, history, version, draft.contents, now)
        elif now != draft.contents:
            bring_back(store.path, history, version, now)
    return version


def restore(
    store: FolderStore, version: Version, *, author: str, message: str, at: dt.datetime
) -> Version:
    """
    Publish the contents of an old version again.

    Returns
    -------
    Version
        A new one with its contents; the newest one where that has them already.

    Raises
    ------
    VersionError
        As `draft_to_restore`.
    Overtaken, NoHistoryError, OSError, ValueError
        As `publish`.
    """
    draft = draft_to_restore(store, version)
    return publish(store, draft, author=author, message=message, at=at, confirmed=True)


def rebase(store: FolderStore, draft: Draft) -> Draft:
    """
    Put the changes of a draft on the folder as it is now.

    Returns
    -------
    Draft
        With their changes and those of the draft: of other files, or of other rows of
        the same CSV file.

    Raises
    ------
    Overtaken
        If both have changed the same rows, or the same file of another format; and for
        a draft that restores a version.
    OSError
        As `draft_of`.
    """
    now = store.contents()
    differing = _differing(draft.base, now.files)
    if draft.restores is not None:
        raise Overtaken(now.newest, differing)
    files: dict[str, bytes | None] = {}
    for name in (*draft.changed, *draft.gone):
        base, mine, theirs = draft.base.get(name), draft.contents.get(name), now.files.get(name)
        if theirs in (base, mine):
            files[name] = mine
            continue
        both = None
        if name.endswith(".csv") and base is not None and mine is not None and theirs is not None:
            both = merged(base, mine, theirs)
        if both is None:
            raise Overtaken(now.newest, (name,))
        files[name] = both
    return draft_of(store, files)


def publishable(draft: Draft, *, partial: bool = False, confirmed: bool = False) -> Catalogue:
    """
    Give what would be shown, unless the data are a reason against it.

    Parameters
    ----------
    partial, confirmed
        As of `publish`.

    Raises
    ------
    UnusableError, QuarantineError, UnconfirmedError
        If they are.
    """
    if draft.catalogue is None:
        errors = tuple(issue for issue in draft.reading.issues if issue.is_error)
        raise UnusableError(errors)
    if draft.restores is None:
        if draft.faults:
            raise UnusableError(draft.faults)
        shown = tuple(each for each in draft.quarantined if each.is_shown)
        if shown or (draft.quarantined and not partial):
            raise QuarantineError(shown if partial else draft.quarantined)
    if draft.extents and not confirmed:
        raise UnconfirmedError(draft.extents)
    return draft.catalogue


def _still_follows(draft: Draft, newest: Version | None) -> bool:
    """Tell whether the history has not gone on, or only recorded what was there."""
    return newest == draft.parent or (newest is not None and newest.files == digests(draft.base))


def _differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(sorted(name for name in {*one, *other} if one.get(name) != other.get(name)))
