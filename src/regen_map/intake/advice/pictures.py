"""What keeps the picture of a place from being shown; it never leaves a row out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from regen_map.catalogue import PLACE_TABLES
from regen_map.intake.drafts import QUOTED, Draft, Entry
from regen_map.intake.issues import Rule, Severity
from regen_map.intake.limits import Limits, megabytes
from regen_map.intake.nearest import nearest

MOST_PIXELS = 50_000_000
"""A larger picture would cost too much memory to be made smaller."""

_ADDRESS = re.compile(r"(?:https?|ftp|data):|//|www\.", re.IGNORECASE)
_PLACES = frozenset(table.name for table in PLACE_TABLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """
    What can be told of a picture without unpacking it.

    Attributes
    ----------
    n_bytes
        Size of the file.
    width, height
        In pixels; 0 for what cannot be read as JPEG, PNG or WebP.
    """

    n_bytes: int
    width: int = 0
    height: int = 0

    @property
    def n_pixels(self) -> int:
        """How many pixels it unpacks to."""
        return self.width * self.height


def advise_pictures(draft: Draft, pictures: Mapping[str, Picture] | None, limits: Limits) -> None:
    """
    Warn of pictures of sound rows that will not be shown; all of them stay sound.

    Parameters
    ----------
    draft
        A table whose rows have been checked; nothing is told of other things than
        places.
    pictures
        The pictures that there are, by name of the file; None where nobody has looked.
    limits
        How large a file may be.
    """
    if draft.table.name not in _PLACES:
        return
    for entry in draft.sound:
        name = entry.values.get("image")
        if not name:
            continue
        if _ADDRESS.match(name):
            _warn(draft, entry, Rule.IMAGE_ADDRESS, "image", found=name[:QUOTED])
        elif pictures is not None:
            _file(draft, entry, name, pictures, limits)
        missing = [each for each in ("image_credit", "image_licence") if not entry.values.get(each)]
        if missing:
            _warn(draft, entry, Rule.IMAGE_UNCREDITED, *missing, found=name[:QUOTED])


def _file(
    draft: Draft, entry: Entry, name: str, pictures: Mapping[str, Picture], limits: Limits
) -> None:
    found = pictures.get(name)
    if found is None:
        near = nearest(name.replace("\\", "/").rpartition("/")[2], list(pictures))
        _warn(draft, entry, Rule.IMAGE_MISSING, "image", found=name[:QUOTED], suggestion=near)
    elif found.n_bytes > limits.file_bytes:
        _too_large(draft, entry, megabytes(found.n_bytes), megabytes(limits.file_bytes))
    elif not found.n_pixels:
        _warn(draft, entry, Rule.IMAGE_UNREADABLE, "image", found=name[:QUOTED])
    elif found.n_pixels > MOST_PIXELS:
        _too_large(draft, entry, _megapixels(found.n_pixels), _megapixels(MOST_PIXELS))


def _too_large(draft: Draft, entry: Entry, found: str, expected: str) -> None:
    _warn(draft, entry, Rule.IMAGE_TOO_LARGE, "image", found=found, expected=expected)


def _megapixels(n_pixels: int) -> str:
    return f"{-(-n_pixels // 1_000_000)} MP"


def _warn(draft: Draft, entry: Entry, rule: Rule, *columns: str, **parts: str) -> None:
    draft.report(entry, rule, *columns, severity=Severity.WARNING, **parts)
