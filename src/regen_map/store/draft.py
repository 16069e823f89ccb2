"""What a folder would become, and what may be against that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from regen_map.catalogue import Catalogue
from regen_map.intake import Issue, Reading
from regen_map.store.extent import Extent
from regen_map.store.versions import Version


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

    @property
    def touched(self) -> tuple[bytes, ...]:
        """What the files that become others hold before and after."""
        names = (*self.changed, *self.gone)
        both = (files.get(name) for files in (self.base, self.contents) for name in names)
        return tuple(each for each in both if each is not None)
