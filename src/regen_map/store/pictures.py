"""Photographs of places: the files of a city's folder ``images``, trusted by nobody."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from PIL.Image import Image
from PIL.JpegImagePlugin import jpeg_factory
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from regen_map.intake import MOST_PIXELS, Limits, Picture
from regen_map.store.files import file_content, limits

FOLDER = "images"
"""The folder of pictures in the folder of a city."""

_READERS: Mapping[bytes, Callable[[IO[bytes]], Image]] = {
    b"\xff\xd8\xff": jpeg_factory,
    b"\x89PNG\r\n\x1a\n": PngImageFile,
    b"RIFF": WebPImageFile,
}
"""Who reads what begins so. Pillow's own choice has many more, and other limits."""
_SEPARATORS = frozenset("/\\\0")


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """
    A file of the folder of pictures; nobody has looked yet whether it is one.

    Attributes
    ----------
    path
        Where it is.
    version
        Changes whenever the file is written anew.
    """

    path: Path
    version: str

    def content(self) -> bytes | None:
        """Read its bytes; None where it is gone or larger than a file may be."""
        found = file_content(self.path, self.path.name, limits())
        return found if isinstance(found, bytes) else None


def find_picture(folder: Path, name: str) -> StoredPicture | None:
    """
    Find a picture of a city.

    Parameters
    ----------
    folder
        The folder of the city.
    name
        Of the file. It may come from anywhere.

    Returns
    -------
    StoredPicture or None
        None for what is no file of the folder ``images`` itself: a path, a hidden file,
        a link that leads out of the folder.
    """
    if not name or name.startswith(".") or not _SEPARATORS.isdisjoint(name):
        return None
    try:
        path = (folder / FOLDER / name).resolve(strict=True)
        status = path.stat()
        inside = path.parent == (folder / FOLDER).resolve()
    except (OSError, ValueError, RuntimeError):
        # RuntimeError is Python 3.11's word for links in a circle.
        return None
    if not inside or not stat.S_ISREG(status.st_mode):
        return None
    return StoredPicture(path, f"{status.st_size}-{status.st_mtime_ns}")


class FolderPictures(Mapping[str, Picture]):
    """
    The pictures of a city by name of the file, each looked at when it is asked for.

    Parameters
    ----------
    folder
        The folder of the city. It may have no pictures.
    allowed
        A larger file is not opened.
    """

    def __init__(self, folder: Path, allowed: Limits) -> None:
        self._folder = folder
        self._allowed = allowed

    @cached_property
    def _names(self) -> tuple[str, ...]:
        try:
            with os.scandir(self._folder / FOLDER) as entries:
                return tuple(sorted(entry.name for entry in entries))
        except OSError:
            return ()

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the files that may be pictures."""
        return (name for name in self._names if not name.startswith(".") and name != "README.md")

    def __len__(self) -> int:
        """Count the files that may be pictures."""
        return sum(1 for _ in self)

    def __getitem__(self, name: str) -> Picture:
        """Look at the header of a file."""
        # A file system may find a name that is spelled otherwise; a server elsewhere will not.
        stored = find_picture(self._folder, name) if name in self._names else None
        if stored is None:
            raise KeyError(name)
        try:
            n_bytes = stored.path.stat().st_size
            if n_bytes > self._allowed.file_bytes:
                return Picture(n_bytes=n_bytes)
            with stored.path.open("rb") as stream:
                found = _opened(stream)
        except OSError:
            return Picture(n_bytes=0)
        if found is None:
            return Picture(n_bytes=n_bytes)
        return Picture(n_bytes=n_bytes, width=found.width, height=found.height)


def readable_picture(content: bytes) -> Image | None:
    """
    Open a JPEG, PNG or WebP; its pixels are unpacked only when they are asked for.

    Returns
    -------
    PIL.Image.Image or None
        None for any other file, whatever it is called, and for a picture of more than
        `regen_map.intake.MOST_PIXELS`.
    """
    found = _opened(io.BytesIO(content))
    return found if found and found.width * found.height <= MOST_PIXELS else None


def _opened(stream: IO[bytes]) -> Image | None:
    """Read the header of a picture."""
    try:
        start = stream.read(16)
        stream.seek(0)
        for signature, reader in _READERS.items():
            if start.startswith(signature):
                return reader(stream)
    except Exception:  # noqa: BLE001 - a decoder raises whatever comes of a crafted file
        return None
    return None
