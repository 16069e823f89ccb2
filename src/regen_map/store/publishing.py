"""Publishing: why a draft may not be, and doing it in one step."""

from __future__ import annotations

import datetime as dt

from regen_map.catalogue import Catalogue
from regen_map.store.draft import Draft
from regen_map.store.drafting import draft_to_restore
from regen_map.store.loaded import NoHistoryError
from regen_map.store.rebasing import Overtaken, differing
from regen_map.store.refusals import QuarantineError, UnconfirmedError, UnusableError
from regen_map.store.store import Store
from regen_map.store.versions import Note, Origin, Version, digests


def publish(  # noqa: PLR0913 - what there is to be told of a version
    store: Store,
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
    Make the files what a draft says, in one step, as a version of its own.

    Whatever dies when: all files are the old ones or the new ones for whoever reads them
    through a store, and the next one to come ends what was begun. Sound changes from
    outside that nobody has recorded yet become a version first. `Store.refresh`
    shows the new state at once; else the next reading does.

    Parameters
    ----------
    store
        Where the files are.
    draft
        Made of the files as they are now.
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
        The new one. The newest one where the draft holds nothing else; the files are then
        what it says, too.

    Raises
    ------
    NoHistoryError
        If no history is kept.
    UnusableError, QuarantineError, UnconfirmedError
        If the data are a reason against it.
    Overtaken
        If the files have changed since the draft was made, see `rebase`.
    OSError
        If something cannot be written; all is then as it was.
    ValueError
        If `at` has no time zone, or the message is longer than a version can hold.
    """
    if not store.keeps_history:
        raise NoHistoryError(store.name)
    catalogue = publishable(draft, partial=partial, confirmed=confirmed)
    origin = origin if draft.restores is None else Origin.RESTORED
    note = Note(at=at, author=author, message=message, origin=origin)
    with store.writing() as step:
        now = step.contents()
        if now.files != draft.base or not _still_follows(draft, now.newest):
            raise Overtaken(now.newest, differing(draft.base, now.files))
        if draft.outside and draft.before is not None:
            step.append(now.files, Note(at=at, origin=Origin.OUTSIDE), draft.before)
        return step.become(draft.contents, note, catalogue)


def restore(
    store: Store, version: Version, *, author: str, message: str, at: dt.datetime
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
