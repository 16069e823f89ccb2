"""The town as it was known on a day: as it was published then, else from what carries a date."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.query.desk_link import day_from_param, version_number
from regen_map.store import Version, VersionError

_MOST_EDITIONS = 12
"""Each has to be read from the disk when it is first asked for."""

_OF_PROJECTS = ("projects", "funding", "milestones")
"""The files in which projects are told."""


class Versions(Protocol):
    """What keeps the published versions of a catalogue, such as a folder's store."""

    def versions(self) -> Sequence[Version]:
        """Give the versions, the oldest first."""

    def catalogue_of(self, version: Version) -> Catalogue:
        """Read a version again; raises `VersionError` where that is not possible."""

    def __hash__(self) -> int:
        """Tell one from another: what was compared is kept for each."""

    def known_by(self, day: dt.date) -> Version | None:
        """Give the newest version of a day or before; None for a day before all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """
    A state of the catalogue, and how it is known.

    Attributes
    ----------
    catalogue
        What was known.
    day
        On which it was.
    version
        The published version that it is; None for what is shown now, and for what was
        put together from what carries a date.
    reckoned
        How it was put together; None for a published version and for what is shown now.
    """

    catalogue: Catalogue
    day: dt.date
    version: Version | None = None
    reckoned: query.Past | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """
    What a published version changed.

    Attributes
    ----------
    version
        The version.
    before, after
        What the one before it held, and what it holds.
    differences
        From the one to the other.
    """

    version: Version
    before: Catalogue
    after: Catalogue
    differences: tuple[query.Difference, ...]


class Published(NamedTuple):
    """
    When a version was published, in the city's time zone.

    Attributes
    ----------
    day
        On which day.
    time
        At what time; None where it is the only version of its day.
    """

    day: dt.date
    time: dt.time | None


@dataclass(frozen=True)
class Past:
    """
    What was known when.

    Parameters
    ----------
    shown
        Gives the catalogue that is shown now.
    kept
        Keeps the published versions; None where nobody does.
    """

    shown: Callable[[], Catalogue]
    kept: Versions | None = None

    def on(self, day: dt.date | None, today: dt.date) -> Known:
        """
        Give what was known on a day.

        Parameters
        ----------
        day
            In the city's time zone; None for today.
        today
            From which day on the catalogue is as it is shown now.

        Returns
        -------
        Known
            The version that was shown at the end of the day; for a day before the first
            of them, what of the first carries a date that is not later.
        """
        if day is None or day >= today:
            return Known(catalogue=self.shown(), day=today)
        version = self.kept.known_by(day) if self.kept else None
        found = self._read(version)
        if found is not None:
            return Known(catalogue=found, day=day, version=version)
        reckoned = query.known_on(self._first(), day)
        return Known(catalogue=reckoned.catalogue, day=day, reckoned=reckoned)

    def since(self, since: str, today: dt.date) -> Known | None:
        """
        Give what was known on a day, or what a version held.

        Parameters
        ----------
        since
            A day as ``2026-03-01``, or a version as ``v12``.
        today
            As of `on`.

        Returns
        -------
        Known or None
            None for anything else, and for a version that nobody keeps.
        """
        day = day_from_param(since)
        if day is not None:
            return self.on(day, today)
        number = version_number(since)
        return self._known(next((each for each in self.versions if each.number == number), None))

    @property
    def versions(self) -> Sequence[Version]:
        """The published versions, the oldest first."""
        return self.kept.versions() if self.kept else ()

    @property
    def publications(self) -> Mapping[int, Published]:
        """When each version was published, by its number."""
        zone = ZoneInfo(self.shown().city.time_zone)
        moments = {each.number: each.at.astimezone(zone) for each in self.versions}
        n_of_day = Counter(each.date() for each in moments.values())
        return {
            number: Published(each.date(), each.time() if n_of_day[each.date()] > 1 else None)
            for number, each in moments.items()
        }

    def editions(self) -> Sequence[Edition]:
        """
        Tell what the last versions changed that can still be read, the newest first.

        Those that left the files of projects as they were are passed over.
        """
        found: list[Edition] = []
        for after, before in pairwise(reversed(self.versions)):
            if len(found) == _MOST_EDITIONS or self.kept is None:
                break
            edition = _edition(self.kept, before, after)
            if edition is not None:
                found.append(edition)
        return found

    def days(self, today: dt.date) -> Sequence[dt.date]:
        """Give the days before today on which anything became known, the earliest first."""
        found = set(query.days_of_change(self._first()))
        city = self.shown().city
        found.update(query.day_of(each.at, city) for each in self.versions)
        return sorted(day for day in found if day < today)

    def first(self, until: dt.date) -> Known | None:
        """Give the first version, if it can be read and was published by a day."""
        found = self._known(next(iter(self.versions), None))
        return found if found is not None and found.day <= until else None

    def _known(self, version: Version | None) -> Known | None:
        """Give what a version holds, of its own day; None where it cannot be read."""
        found = self._read(version)
        if version is None or found is None:
            return None
        return Known(catalogue=found, day=query.day_of(version.at, found.city), version=version)

    def _first(self) -> Catalogue:
        """Give the oldest state that can be read, which knew least of what came later."""
        return self._read(next(iter(self.versions), None)) or self.shown()

    def _read(self, version: Version | None) -> Catalogue | None:
        if version is None or self.kept is None:
            return None
        try:
            return self.kept.catalogue_of(version)
        except VersionError:
            return None


@lru_cache(maxsize=16)
def _edition(kept: Versions, before: Version, after: Version) -> Edition | None:
    """Compare two versions; None where one cannot be read, or both hold the same."""
    if _about_projects(before) == _about_projects(after):
        return None
    try:
        old, new = kept.catalogue_of(before), kept.catalogue_of(after)
    except VersionError:
        return None
    differences = query.changes_between(old, new)
    return Edition(version=after, before=old, after=new, differences=differences)


def _about_projects(version: Version) -> Mapping[str, str]:
    files = version.files.items()
    return {name: each for name, each in files if PurePath(name).stem in _OF_PROJECTS}
