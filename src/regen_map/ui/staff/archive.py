"""Files of a city that somebody brings in one archive, as the desk gives them away."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import NamedTuple

from regen_map.intake import Issue, Limits, Rule
from regen_map.intake.file_name import held_by, stored_name
from regen_map.intake.formats.archives import members
from regen_map.intake.issues import FileError
from regen_map.ui.staff.bringing import plain_name

_ENTRY = b"PK\x01\x02"
"""Each member of an archive has an entry that begins so (APPNOTE.TXT, section 4.3.12)."""
_MOST_ENTRIES = 1000
_DRAWING = ".shp"


class Packed(NamedTuple):
    """
    What an archive holds, by the names of its members.

    Attributes
    ----------
    names
        The names without folders; hidden files are left out.
    readable
        Whether it is an archive of members that can be counted.
    """

    names: tuple[str, ...] = ()
    readable: bool = False

    @property
    def of_a_city(self) -> bool:
        """Whether it holds files of a city and nothing else."""
        return bool(self.names) and all(stored_name(each, holds(each)) for each in self.names)

    @property
    def is_drawing(self) -> bool:
        """Whether it is a Shapefile, which is one file of a city by itself."""
        return any(each.casefold().endswith(_DRAWING) for each in self.names)


def holds(given: str) -> str:
    """Tell by its name what a file holds, as `held_by`, whichever version it was made from."""
    return held_by(plain_name(given))


def packed(content: bytes) -> Packed:
    """Look into an archive without unpacking anything."""
    # Python makes an object for each entry: many of them cost much more than they weigh.
    if content.count(_ENTRY) > _MOST_ENTRIES:
        return Packed()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [each for each in archive.namelist() if not each.endswith("/")]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return Packed()
    return Packed(tuple(filter(_is_shown, map(_own_name, names))), readable=True)


def unpacked(content: bytes, limits: Limits) -> list[tuple[str, bytes]]:
    """
    Unpack the files of a city.

    Parameters
    ----------
    content
        Of an archive that is `Packed.of_a_city`.
    limits
        What it may unpack to.

    Returns
    -------
    list of (str, bytes)
        Name and content of each, in the order of the archive.

    Raises
    ------
    FileError
        If it cannot be read to its end, needs a password, or unpacks to more than allowed.
    """
    found = members(content, limits, refusal=Rule.FILE_UNREADABLE, expected=".zip")
    named = ((_own_name(path), held) for path, held in found)
    return [(name, held) for name, held in named if _is_shown(name)]


def fault_of(error: FileError, name: str) -> Issue | None:
    """Give what is to be told of an archive that was too large; None for one that is broken."""
    return error.issue(name) if error.rule is Rule.UNPACKED_TOO_LARGE else None


def _own_name(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name


def _is_shown(name: str) -> bool:
    # A Mac adds a shadow of each file.
    return not name.startswith(".")
