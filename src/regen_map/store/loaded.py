"""What a store gives: a catalogue, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from regen_map.catalogue import Catalogue
from regen_map.intake import Issue
from regen_map.store.versions import Flaw, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """
    The state of a store.

    Attributes
    ----------
    catalogue
        The latest good state.
    issues
        The faults of the files as they are now.
    stale
        Whether the files are unusable now, so that `catalogue` is older than
        they are.
    """

    catalogue: Catalogue
    issues: tuple[Issue, ...]
    stale: bool = False


class Contents(NamedTuple):
    """
    The files of a store at one moment.

    Attributes
    ----------
    files
        Their contents by name.
    refused
        Why others could not be read.
    newest
        The newest version then; None where there is none.
    """

    files: Mapping[str, bytes]
    refused: tuple[Issue, ...]
    newest: Version | None


class StoreError(Exception):
    """
    There is no catalogue to show, and there never was one.

    Attributes
    ----------
    issues
        Why no catalogue comes out of the files.
    """

    def __init__(self, name: object, issues: tuple[Issue, ...]) -> None:
        super().__init__(f"No catalogue can be read from {name} ({len(issues)} faults).")
        self.issues = issues


class VersionError(StoreError):
    """
    An old version cannot be shown any more.

    Attributes
    ----------
    version
        Which version.
    flaws
        The files that were dropped, or are missing or altered.
    issues
        Where the files are all there: why no catalogue comes out of them.
    """

    def __init__(
        self,
        name: object,
        version: Version,
        flaws: tuple[Flaw, ...] = (),
        issues: tuple[Issue, ...] = (),
    ) -> None:
        super().__init__(name, issues)
        self.args = (f"Version {version.number} of {name} cannot be read any more.",)
        self.version = version
        self.flaws = flaws


class NoHistoryError(Exception):
    """
    No history is kept: what is published could be neither proved nor undone.

    Parameters
    ----------
    name
        Of the store.
    """

    def __init__(self, name: object) -> None:
        super().__init__(f"No history is kept of {name}.")
