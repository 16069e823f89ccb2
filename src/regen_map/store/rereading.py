"""Old versions read again, a few of them kept at hand."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from regen_map.catalogue import Catalogue
from regen_map.intake import Options
from regen_map.intake.aside import read_catalogue_aside
from regen_map.store.files import limits
from regen_map.store.loaded import VersionError
from regen_map.store.versions import ContentsError, Version

_AT_HAND = 4
"""How many old catalogues are kept: one to compare with, and a few that visitors look at."""


class Rereading:
    """
    The catalogues of old versions. Safe to share between threads.

    Parameters
    ----------
    name
        Of the store, for whoever is told that one cannot be read.
    contents
        Gives the files of a version, or raises `ContentsError`.
    """

    def __init__(self, name: str, contents: Callable[[Version], dict[str, bytes]]) -> None:
        self._name = name
        self._contents = contents
        self._reading = threading.Lock()
        self._kept = lru_cache(maxsize=_AT_HAND)(self._read)

    def catalogue_of(self, version: Version) -> Catalogue:
        """Read the catalogue of a version; raises `VersionError` where there is none."""
        with self._reading:
            return self._kept(version)

    def _read(self, version: Version) -> Catalogue:
        try:
            files = self._contents(version)
        except ContentsError as error:
            raise VersionError(self._name, version, error.flaws) from None
        reading = read_catalogue_aside(files, Options(limits=limits()), drafts=False)
        if reading.catalogue is None:
            raise VersionError(self._name, version, issues=reading.issues)
        return reading.catalogue


def newest_by(
    day: dt.date, versions: Sequence[Version], time_zone: Callable[[], str]
) -> Version | None:
    """Give the newest version of a day in a time zone, or before it; None where there is none."""
    if day == dt.date.max or not versions:
        return versions[-1] if versions else None
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(time_zone()))
    return next((each for each in reversed(versions) if each.at < end), None)
