"""The places where a catalogue may live, for tests that hold both to the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from regen_map.store import Draft, FolderStore, Store, Version, draft_of, publish
from regen_map.store.postgres import PostgresStore
from regen_map.store.postgres.address import address_of
from tests.postgres import Server

NOW = dt.datetime(2026, 3, 12, 13, 5, tzinfo=dt.UTC)

Rows = Callable[..., bytes]
Files = Callable[..., dict[str, bytes]]


class Place(ABC):
    """Where a catalogue lives, and ways to do harm to it that no store offers."""

    @abstractmethod
    def store(self) -> Store:
        """Give a store of its own, as another process has one."""

    @abstractmethod
    def alter_content(self, sha256: str, content: bytes | None) -> None:
        """Put something else in the place of a content, or nothing."""

    @abstractmethod
    def alter_version(self, number: int, change: Callable[[bytes], bytes] | None) -> None:
        """Change the record of a version, or remove it."""

    @abstractmethod
    def alter_proposal(self, name: str, change: Callable[[bytes], bytes]) -> None:
        """Change the record of a proposal."""

    @abstractmethod
    def has(self, sha256: str) -> bool:
        """Tell whether a content is there."""


class InFolder(Place):
    """Files, and their history in the folder ``.history``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._history = folder / ".history"

    def store(self) -> FolderStore:
        return FolderStore(self.folder)

    def alter_content(self, sha256: str, content: bytes | None) -> None:
        _alter(self._content(sha256), lambda _: content)

    def alter_version(self, number: int, change: Callable[[bytes], bytes] | None) -> None:
        path = self._history / "versions" / f"{number:08d}.json"
        _alter(path, change or (lambda _: None))

    def alter_proposal(self, name: str, change: Callable[[bytes], bytes]) -> None:
        _alter(self._history / "proposals" / f"{name}.json", change)

    def has(self, sha256: str) -> bool:
        return self._content(sha256).is_file()

    def _content(self, sha256: str) -> Path:
        return self._history / "objects" / sha256[:2] / sha256


def _alter(path: Path, change: Callable[[bytes], bytes | None]) -> None:
    changed = change(path.read_bytes())
    if changed is None:
        path.unlink()
    else:
        path.write_bytes(changed)


class InDatabase(Place):
    """Tables of a database of its own."""

    def __init__(self, address: str) -> None:
        self.address = address

    def store(self) -> PostgresStore:
        return PostgresStore(address_of(self.address))

    def alter_content(self, sha256: str, content: bytes | None) -> None:
        if content is None:
            self._run("DELETE FROM regen_map_history.content WHERE sha256 = %s", sha256)
        else:
            self._run(
                "UPDATE regen_map_history.content SET bytes = %s WHERE sha256 = %s",
                content,
                sha256,
            )

    def alter_version(self, number: int, change: Callable[[bytes], bytes] | None) -> None:
        if change is None:
            self._run("DELETE FROM regen_map_history.version WHERE number = %s", number)
            return
        record = self.one("SELECT record FROM regen_map_history.version WHERE number = %s", number)
        self._run(
            "UPDATE regen_map_history.version SET record = %s WHERE number = %s",
            change(record),
            number,
        )

    def alter_proposal(self, name: str, change: Callable[[bytes], bytes]) -> None:
        record = self.one("SELECT record FROM regen_map_history.proposal WHERE id = %s", name)
        self._run(
            "UPDATE regen_map_history.proposal SET record = %s WHERE id = %s", change(record), name
        )

    def has(self, sha256: str) -> bool:
        query = "SELECT count(*) FROM regen_map_history.content WHERE sha256 = %s"
        return bool(self.one(query, sha256))

    def one(self, query: str, *values: object) -> bytes:
        """Give the only answer to a question; it may be of any type."""
        with psycopg.connect(self.address) as connection:
            found = connection.execute(query, values).fetchone()
        assert found is not None
        answer: bytes = found[0]
        return answer

    def _run(self, command: str, *values: object) -> None:
        with psycopg.connect(self.address) as connection:
            assert connection.execute(command, values).rowcount == 1


@pytest.fixture(params=["folder", "database"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Give an empty place of each kind."""
    monkeypatch.setenv("REGEN_MAP_HISTORY", "")
    if request.param == "folder":
        home = tmp_path.resolve() / "town"
        home.mkdir()
        return InFolder(home)
    server: Server = request.getfixturevalue("postgres")
    return InDatabase(server.database())


@pytest.fixture
def folder(tmp_path: Path, files: Files, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a town with ten workshops; there is no version yet."""
    monkeypatch.setenv("REGEN_MAP_HISTORY", "")
    home = tmp_path.resolve() / "town"
    home.mkdir()
    for name, content in _ten(files, rows).items():
        (home / name).write_bytes(content)
    return home


@pytest.fixture
def town_of_ten(place: Place, files: Files, rows: Rows) -> Place:
    """Publish a town with ten workshops as the first version."""
    store = place.store()
    published(store, draft_of(store, _ten(files, rows)))
    return place


def _ten(files: Files, rows: Rows) -> dict[str, bytes]:
    return files(
        workshops=workshops(rows),
        programmes=rows("programmes", {}),
        projects=rows("projects", {}),
    )


def workshops(rows: Rows, *changes: dict[str, str]) -> bytes:
    """Write ten workshops, the first of them changed."""
    rest = [{"id": f"w-{n}"} for n in range(len(changes), 10)]
    return rows("workshops", *changes, *rest)


def published(store: Store, draft: Draft, **told: object) -> Version:
    """Publish as Ada, at `NOW`."""
    usual = {"author": "Ada", "message": "Perché sì", "at": NOW, "confirmed": True}
    return publish(store, draft, **usual | told)  # type: ignore[arg-type]  # as publish has them


TOGETHER = """
    import os

    def together(n_processes, act):
        # One import for all; processes of their own all the same.
        children = []
        for me in range(n_processes):
            child = os.fork()
            if not child:
                act(me)
                os._exit(0)
            children.append(child)
        print([os.waitpid(child, 0)[1] for child in children])
"""
"""For `ran`: lets several processes do something at once, and prints how they ended."""


def ran(*parts: str, given: Sequence[object] = ()) -> str:
    """Run code in a process of its own, where it may be killed or limited; give what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", "".join(map(textwrap.dedent, parts)), *map(str, given)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def git(folder: Path, *arguments: str) -> str:
    """Run Git in a folder, with no settings of whoever runs the tests."""
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    return subprocess.run(
        [*command, *arguments], env=os.environ | nobody, capture_output=True, text=True, check=True
    ).stdout


def commit_all(folder: Path) -> None:
    """Make a folder a checkout of Git, with all its files in it."""
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "first")


@contextmanager
def small_disk(home: Path, n_bytes: int) -> Iterator[None]:
    """Put a disk of its own behind a folder; without leave to do that, the test is skipped."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={n_bytes}", "regen-map-test", str(home)]
    unmount = ["umount", "--lazy", str(home)]
    if os.getuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only the administrator makes a disk")
    try:
        yield
    finally:
        subprocess.run(unmount, check=True)


def filled(home: Path, left: int) -> Path:
    """Fill a small disk until so many bytes are left of it."""
    filler = home / "filler"
    filler.unlink(missing_ok=True)
    free = os.statvfs(home).f_bavail * os.statvfs(home).f_frsize
    filler.write_bytes(bytes(max(0, free - left)))
    return filler


def everything(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder, and of its history."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def sha256(content: bytes) -> str:
    """Give the SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()
