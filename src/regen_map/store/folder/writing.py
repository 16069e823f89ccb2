"""A writer's step in a folder: its files and its history are changed together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from regen_map.catalogue import Catalogue
from regen_map.store.files import folder_contents, limits
from regen_map.store.folder.carrying_out import bring_back, carry_out
from regen_map.store.folder.history import FolderHistory
from regen_map.store.loaded import Contents
from regen_map.store.versions import Note, Version


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

    def append(self, contents: Mapping[str, bytes], note: Note, catalogue: Catalogue) -> Version:
        """Make the files as they are the newest version, unless they are it already."""
        newest = self._history.newest
        parent = newest.hash if newest is not None else ""
        return self._history.append(contents, note, catalogue.version, parent=parent)

    def become(self, contents: Mapping[str, bytes], note: Note, catalogue: Catalogue) -> Version:
        """Make the files others than they are, and these the newest version."""
        now = self.contents()
        parent = now.newest.hash if now.newest is not None else ""
        version = self._history.following(contents, note, catalogue.version, parent=parent)
        if version != now.newest:
            carry_out(self._path, self._history, version, contents, now.files)
        elif now.files != contents:
            bring_back(self._path, self._history, version, now.files)
        return version
