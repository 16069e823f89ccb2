"""What is said in a history before the files of its folder are replaced, and until they are."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from regen_map.store.files import make_folder, regular_content, straight, sync_folder, write_whole
from regen_map.store.versions import (
    LONGEST_RECORD,
    Version,
    record_name,
    record_of,
    version_from,
)

_BEGUN, _WITHDRAWN, _BEFORE = "publication.json", "withdrawn.json", "before.json"
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_VERSIONS = "versions"


class Journal:
    """
    The publication that is under way in a history, if any.

    It is the record of the version to be, beside those of the versions that are. While it
    lies there, the files of the folder may be of two states; at the end it is put among
    the records in one step, which needs no room on the disk. What the files were lies
    beside it.

    Parameters
    ----------
    root
        Where the history is.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def is_open(self) -> bool:
        """Whether a publication is under way, or died."""
        return any(os.path.lexists(self._root / name) for name in (_BEGUN, _WITHDRAWN))

    @property
    def version(self) -> Version | None:
        """The version to be; None where it was withdrawn, or nobody can read it."""
        return None if os.path.lexists(self._root / _WITHDRAWN) else self._read(_BEGUN)

    @property
    def before(self) -> Mapping[str, str] | None:
        """The SHA-256 of each file as it was, by name; None where nobody can read that."""
        try:
            found = json.loads(regular_content(self._root / _BEFORE, LONGEST_RECORD) or b"")
        except (OSError, ValueError, RecursionError):
            return None
        sound = isinstance(found, dict) and all(
            isinstance(each, str) and _SHA256.fullmatch(each) for each in found.values()
        )
        return found if sound else None

    @property
    def brought(self) -> frozenset[str]:
        """The SHA-256 of what the version to be has, withdrawn or not, and the files had not."""
        version = self._read(_BEGUN) or self._read(_WITHDRAWN)
        before = self.before
        if version is None or before is None:
            return frozenset()
        # What was there before may be lost from its file since, and lie nowhere else.
        return frozenset(version.files.values()) - frozenset(before.values())

    def begin(self, version: Version, before: Mapping[str, str]) -> None:
        """Say what the folder is about to become, and was; all contents must be kept already."""
        self._open(_BEGUN, record_of(version), before)

    def withdraw(self) -> None:
        """Say that the folder is to become again what it was."""
        (self._root / _BEGUN).replace(self._root / _WITHDRAWN)
        sync_folder(self._root)

    def send_back(self, before: Mapping[str, str]) -> None:
        """Say that the folder is to become again what it was some time ago."""
        self._open(_WITHDRAWN, b"", before)

    def _read(self, name: str) -> Version | None:
        try:
            found = version_from(regular_content(self._root / name, LONGEST_RECORD))
        except OSError:
            return None
        return found if isinstance(found, Version) else None

    def _open(self, name: str, record: bytes, before: Mapping[str, str]) -> None:
        try:
            write_whole(straight(self._root / _BEFORE), json.dumps(dict(before)).encode())
            write_whole(straight(self._root / name), record)
        except OSError:
            self.tidy()
            raise

    def tidy(self) -> None:
        """Remove what one leaves that dies when all is done."""
        (self._root / _BEFORE).unlink(missing_ok=True)

    def follows(self, newest: Version | None, version: Version) -> bool:
        """Tell whether a version can still be put after the newest one."""
        records = self._root / _VERSIONS
        return version.parent == (newest.hash if newest is not None else "") and not (
            os.path.lexists(records / record_name(version.number))
        )

    def finish(self, version: Version) -> None:
        """Make the version to be the newest one: the folder has become it."""
        records = straight(self._root / _VERSIONS)
        make_folder(records)
        (self._root / _BEGUN).replace(records / record_name(version.number))
        sync_folder(records)
        self.close()

    def close(self) -> None:
        """Forget the publication: no file of the folder is half of it."""
        for name in (_BEGUN, _WITHDRAWN, _BEFORE):
            (self._root / name).unlink(missing_ok=True)
        sync_folder(self._root)
