"""A writer's step in a folder: its files and its history are changed together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from regen_map.catalogue import Catalogue
from regen_map.store.files import folder_contents, limits
from regen_map.store.history import FolderHistory
from regen_map.store.journal import bring_back, carry_out
from regen_map.store.loaded import Contents
from regen_map.store.versions import Origin, Version


class FolderWriting:
    """
    What `regen_map.store.FolderStore.writing` gives, see `regen_map.store.Writing`.

    Parameters
    ----------
    path
        The folder of the city.
    history
        Its history, which nobody else writes meanwhile.
    """

    def __init__(self, path: Path, history: FolderHistory) -> None:
        self._path = path
        self._history = history

    def contents(self) -> Contents:
        """Give the files as they are, and the newest version."""
        files, refused = folder_contents(self._path, limits())
        return Contents(files, tuple(refused), self._history.newest)

    def append(  # noqa: PLR0913 - what there is to be told of a version
        self,
        contents: Mapping[str, bytes],
        *,
        at: dt.datetime,
        author: str,
        message: str,
        origin: Origin,
        catalogue: Catalogue,
    ) -> Version:
        """Make the files as they are the newest version, unless they are it already."""
        newest = self._history.newest
        return self._history.append(
            contents,
            at=at,
            author=author,
            message=message,
            origin=origin,
            catalogue=catalogue.version,
            parent=newest.hash if newest is not None else "",
        )

    def become(  # noqa: PLR0913 - what there is to be told of a version
        self,
        contents: Mapping[str, bytes],
        *,
        at: dt.datetime,
        author: str,
        message: str,
        origin: Origin,
        catalogue: Catalogue,
    ) -> Version:
        """Make the files others than they are, and these the newest version."""
        now = self.contents()
        version = self._history.following(
            contents,
            at=at,
            author=author,
            message=message,
            origin=origin,
            catalogue=catalogue.version,
            parent=now.newest.hash if now.newest is not None else "",
        )
        if version != now.newest:
            carry_out(self._path, self._history, version, contents, now.files)
        elif now.files != contents:
            bring_back(self._path, self._history, version, now.files)
        return version
