"""A folder that is watched while a server runs: what visitors see, what the history keeps."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.file_util import get_static_dir

from regen_map.store import (
    KEEP_VARIABLE,
    FolderHistory,
    FolderStore,
    Note,
    Origin,
    StoreError,
    Watcher,
    draft_of,
    publish,
)
from regen_map.web import Site

NOW = dt.datetime(2026, 3, 12, 13, 5, tzinfo=dt.UTC)
PATIENCE_S = 60

Files = Callable[..., dict[str, bytes]]
Rows = Callable[..., bytes]


@pytest.fixture
def folder(tmp_path: Path, files: Files, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "")
    many = rows("workshops", *({"id": f"w-{n}"} for n in range(10)))
    for name, content in files(workshops=many, programmes=rows("programmes", {})).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path.resolve()


class Round:
    """A folder, its store, and a watcher whose rounds a test turns by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = FolderStore(folder)
        self.store.load()
        self.watcher = Watcher(self.store, now=lambda: NOW, every_s=0)
        self.store.watched = True

    def write(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.watcher.look()

    @property
    def n_versions(self) -> int:
        return len(self.store.versions())


@pytest.fixture
def watched(folder: Path) -> Round:
    return Round(folder)


def until(true: Callable[[], object]) -> None:
    """Wait for something that another thread or process does."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


# ---------------------------------------------------------------- what is seen


def test_a_request_takes_what_was_read_and_looks_at_no_file(watched: Round, rows: Rows) -> None:
    before = watched.store.load()
    watched.write("projects.csv", rows("projects", {}))
    assert watched.store.load() is before
    watched.turn()
    assert [each.id for each in watched.store.load().catalogue.projects] == ["verdi"]


def test_without_a_watcher_a_request_reads_the_files(folder: Path, rows: Rows) -> None:
    store = FolderStore(folder)
    with Watcher(store, every_s=1000):
        assert store.load().catalogue.projects == ()
        (folder / "projects.csv").write_bytes(rows("projects", {}))
        assert store.load().catalogue.projects == ()
    assert len(store.load().catalogue.projects) == 1


def test_a_thread_sees_an_edit_and_prepares_what_visitors_ask_for(folder: Path, rows: Rows) -> None:
    store = FolderStore(folder)
    store.load()
    prepared: list[tuple[int, str]] = []

    def prepare() -> None:
        prepared.append((len(store.load().catalogue.projects), threading.current_thread().name))

    with Watcher(store, prepare, every_s=0.02):
        until(store.versions)
        (folder / "projects.csv").write_bytes(rows("projects", {}))
        until(lambda: len(store.versions()) == 2)
    assert prepared == [(1, "folder-watcher")]
    assert "folder-watcher" not in {each.name for each in threading.enumerate()}


def test_a_failure_of_one_round_ends_no_other(
    folder: Path, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    store = FolderStore(folder)
    store.load()

    def fail() -> None:
        raise RuntimeError

    with Watcher(store, fail, every_s=0.02):
        for n in range(2, 4):
            changed = rows("projects", *({"id": f"p-{each}"} for each in range(n)))
            (folder / "projects.csv").write_bytes(changed)
            until(lambda: len(store.load().catalogue.projects) == n)  # noqa: B023 - at once
            until(lambda: len(store.versions()) == n - 1)  # noqa: B023 - at once
    assert "could not be read" in caplog.text


class SlowDisk:
    """A disk that gives a file only when a test lets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked, self.gives = threading.Event(), threading.Event()
        read_bytes = Path.read_bytes

        def slow(path: Path) -> bytes:
            self.asked.set()
            assert self.gives.wait(PATIENCE_S)
            return read_bytes(path)

        monkeypatch.setattr(Path, "read_bytes", slow)


def test_nobody_waits_for_files_that_somebody_else_is_reading(
    folder: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(folder)
    before = store.load()
    disk = SlowDisk(monkeypatch)
    (folder / "projects.csv").write_bytes(rows("projects", {}))
    other = threading.Thread(target=store.load)
    other.start()
    assert disk.asked.wait(PATIENCE_S)
    assert store.load() is before
    disk.gives.set()
    other.join()
    assert len(store.load().catalogue.projects) == 1


def test_the_very_first_visitor_waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(folder)
    disk = SlowDisk(monkeypatch)
    found: list[str] = []
    visitors = [
        threading.Thread(target=lambda: found.append(store.load().catalogue.version))
        for _ in range(2)
    ]
    for each in visitors:
        each.start()
    assert disk.asked.wait(PATIENCE_S)
    assert found == []
    disk.gives.set()
    for each in visitors:
        each.join()
    assert len(found) == 2
    assert len(set(found)) == 1


# ---------------------------------------------------------------- what is kept


def test_the_first_state_is_kept_at_the_start_and_each_new_one_after(
    watched: Round, rows: Rows
) -> None:
    watched.turn(3)
    (first,) = watched.store.versions()
    assert (first.origin, first.author, first.message, first.at) == (Origin.OUTSIDE, "", "", NOW)
    assert first.catalogue == watched.store.load().catalogue.version
    watched.write("projects.csv", rows("projects", {}))
    watched.turn(3)
    assert [each.parent for each in watched.store.versions()] == ["", first.hash]


def test_a_touched_file_and_a_restart_make_no_version(watched: Round) -> None:
    watched.turn()
    os.utime(watched.folder / "workshops.csv", ns=(1, 1))
    watched.turn(3)
    again = Round(watched.folder)
    again.turn(3)
    assert again.n_versions == 1


def test_a_state_is_kept_only_when_it_has_stood_still_for_a_round(
    watched: Round, rows: Rows
) -> None:
    watched.turn()
    for n in range(2, 10):
        # As a slow copy grows; each piece would pass for a sound table.
        watched.write("projects.csv", rows("projects", *({"id": f"p-{e}"} for e in range(n))))
        watched.turn()
    assert watched.n_versions == 1
    watched.turn()
    (_, second) = watched.store.versions()
    assert len(watched.store.catalogue_of(second).projects) == 9


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("workshops.csv", b""),
        ("workshops.csv", b"id,name_it,name_en,kind\n"),
        ("workshops.csv", None),
        ("programmes.csv", b""),
        ("city.toml", b"= ="),
        ("city.toml", None),
    ],
    ids=["emptied", "heading alone", "gone", "emptied by side", "no city", "city gone"],
)
def test_a_broken_state_is_never_kept(name: str, content: bytes | None, watched: Round) -> None:
    watched.turn()
    good = watched.store.load().catalogue
    original = (watched.folder / name).read_bytes()
    if content is None:
        (watched.folder / name).unlink()
    else:
        watched.write(name, content)
    watched.turn(3)
    loaded = watched.store.load()
    assert (loaded.stale, loaded.catalogue) == (True, good)
    assert watched.n_versions == 1
    # A start in between changes nothing of that.
    again = Round(watched.folder)
    again.turn(3)
    loaded = again.store.load()
    assert (loaded.stale, loaded.catalogue.version, again.n_versions) == (True, good.version, 1)
    assert loaded.issues
    again.write(name, original)
    again.turn(3)
    assert (again.store.load().stale, again.n_versions) == (False, 1)


def test_a_half_written_file_is_never_kept(watched: Round) -> None:
    watched.turn()
    whole = (watched.folder / "workshops.csv").read_bytes()
    watched.write("workshops.csv", whole[: len(whole) // 4])
    watched.turn(3)
    assert (watched.store.load().stale, watched.n_versions) == (True, 1)
    watched.write("workshops.csv", whole + b"\n")
    watched.turn(3)
    assert (watched.store.load().stale, watched.n_versions) == (False, 2)


def test_a_state_that_was_broken_from_the_start_is_shown_but_not_kept(folder: Path) -> None:
    (folder / "funding.csv").write_bytes(b"")
    watched = Round(folder)
    watched.turn(3)
    assert (watched.store.load().stale, watched.n_versions) == (False, 0)


def test_an_edit_that_size_and_time_do_not_show_is_seen_before_it_is_kept(
    watched: Round,
) -> None:
    path = watched.folder / "workshops.csv"
    status, text = path.stat(), path.read_bytes()
    path.write_bytes(text.replace(b"Galleria Rossi", b"Galleria Bruni"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    watched.turn(3)
    (version,) = watched.store.versions()
    catalogue = watched.store.load().catalogue
    assert set(catalogue.table("workshops")["name_it"]) == {"Galleria Bruni"}
    assert version.catalogue == catalogue.version


def test_what_a_publisher_writes_is_no_edit_from_outside(watched: Round, rows: Rows) -> None:
    watched.turn()
    history = watched.store.history
    assert history is not None
    newest = history.newest
    assert newest is not None
    content = rows("projects", {})
    with history.writing():
        history.append(
            history.contents(newest) | {"projects.csv": content},
            Note(at=NOW, author="Ada", origin=Origin.DESK),
            "",
            parent=newest.hash,
        )
        watched.write("projects.csv", content)
    watched.turn(3)
    assert [each.origin for each in watched.store.versions()] == [Origin.OUTSIDE, Origin.DESK]
    assert len(watched.store.load().catalogue.projects) == 1


def test_what_a_publisher_took_away_is_taken_for_meant(watched: Round, rows: Rows) -> None:
    watched.turn()
    history = watched.store.history
    assert history is not None
    newest = history.newest
    assert newest is not None
    content = rows("workshops", {})
    watched.write("workshops.csv", content)
    watched.turn(2)
    assert watched.store.load().stale
    history.append(
        history.contents(newest) | {"workshops.csv": content},
        Note(at=NOW, author="Ada", origin=Origin.DESK),
        "",
        parent=newest.hash,
    )
    watched.turn(2)
    loaded = watched.store.load()
    assert (loaded.stale, loaded.issues, len(loaded.catalogue.place_ids)) == (False, (), 1)


def test_a_folder_that_cannot_be_written_says_so_once_and_is_served(
    folder: Path, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / ".history").write_text("no folder")
    watched = Round(folder)
    with caplog.at_level(logging.WARNING):
        watched.turn(200)
        watched.write("projects.csv", rows("projects", {}))
        watched.turn(200)
    assert len(watched.store.load().catalogue.projects) == 1
    assert [each.message for each in caplog.records] == [caplog.records[0].message]
    assert "No history is kept of" in caplog.text
    assert "REGEN_MAP_HISTORY" in caplog.text
    # Room again: what is shown is kept after all.
    (folder / ".history").unlink()
    watched.turn(100)
    assert watched.n_versions == 1


def test_with_each_new_version_the_oldest_is_dropped(
    folder: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEEP_VARIABLE, " 2 ")
    watched = Round(folder)
    for phase in ("works", "planning", "completed"):
        watched.write("projects.csv", rows("projects", {"phase": phase}))
        watched.turn(3)
    # What somebody publishes counts as well as what is edited.
    draft = draft_of(watched.store, {"projects.csv": rows("projects", {})})
    publish(watched.store, draft, author="Ada", message="", at=NOW)
    watched.turn(3)
    assert watched.n_versions == 4
    assert [each.number for each in watched.store.dropped()] == [1, 2]
    assert watched.store.verify() == ()


@pytest.mark.parametrize("said", ["0", "-3", "ten", "1.5", "²", ""])
def test_a_number_that_is_none_drops_nothing_and_is_told(
    said: str,
    folder: Path,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(KEEP_VARIABLE, said)
    watched = Round(folder)
    for phase in ("works", "planning"):
        watched.write("projects.csv", rows("projects", {"phase": phase}))
        watched.turn(3)
    assert (watched.n_versions, watched.store.dropped()) == (2, ())
    assert (f"{KEEP_VARIABLE} must be a whole number" in caplog.text) is bool(said)


def test_two_servers_of_one_folder_keep_each_state_once(watched: Round, rows: Rows) -> None:
    other = Round(watched.folder)
    for n in range(1, 4):
        watched.write("projects.csv", rows("projects", *({"id": f"p-{e}"} for e in range(n))))
        for each in (watched, other, watched, other):
            each.turn()
    assert watched.n_versions == 3
    assert watched.store.history is not None
    assert watched.store.history.verify() == ()


# ---------------------------------------------------------------- after a start


def test_a_start_with_broken_files_shows_the_newest_version_that_can_be_read(
    watched: Round, rows: Rows
) -> None:
    watched.turn()
    watched.write("projects.csv", rows("projects", {}))
    watched.turn(2)
    first, second = watched.store.versions()
    watched.write("city.toml", b"= =")
    assert FolderStore(watched.folder).load().catalogue.version == second.catalogue
    sha256 = second.files["projects.csv"]
    (watched.folder / ".history" / "objects" / sha256[:2] / sha256).write_bytes(b"")
    loaded = FolderStore(watched.folder).load()
    assert (loaded.stale, loaded.catalogue.version) == (True, first.catalogue)


def test_a_start_with_broken_files_and_a_broken_history_says_why(watched: Round) -> None:
    watched.turn()
    watched.write("city.toml", b"= =")
    shutil.rmtree(watched.folder / ".history" / "objects")
    with pytest.raises(StoreError, match="No catalogue can be read"):
        FolderStore(watched.folder).load()


def test_a_start_after_an_edit_shows_the_edit(watched: Round, rows: Rows) -> None:
    watched.turn()
    watched.write("projects.csv", rows("projects", {}))
    again = Round(watched.folder)
    assert not again.store.load().stale
    again.turn()
    assert again.n_versions == 2


# ---------------------------------------------------------------- the server


def test_the_watcher_lives_as_long_as_the_server(folder: Path, rows: Rows) -> None:
    store = FolderStore(folder)
    prepared: list[int] = []

    @contextmanager
    def watching(prepare: Callable[[], None]) -> Iterator[None]:
        def both() -> None:
            prepare()
            prepared.append(len(store.load().catalogue.projects))

        with Watcher(store, both, every_s=0.02):
            yield

    site = Site(
        catalogue=lambda: store.load().catalogue,
        streamlit_files=Path(get_static_dir()),
        now=lambda: NOW,
        watching=watching,
    )
    with TestClient(Starlette(routes=site.routes, lifespan=site.lifespan)) as client:
        before = client.get("/healthz").json()["catalogue"]
        (folder / "projects.csv").write_bytes(rows("projects", {}))
        until(lambda: client.get("/healthz").json()["catalogue"] != before)
        until(lambda: prepared == [1])
        assert store.watched
    assert not store.watched


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run the real server."""
    with subprocess.Popen(
        [sys.executable, "-m", "regen_map", "serve", "--port", "0", "--data", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        alarm = threading.Timer(PATIENCE_S, process.kill)
        alarm.start()
        assert process.stdout
        lines = (re.search(r"http://\S+:(\d+)", line) for line in process.stdout)
        port = next(found[1] for found in lines if found)
        try:
            yield f"http://localhost:{port}"
        finally:
            alarm.cancel()
            process.terminate()


def shown(address: str) -> str:
    health = f"{address}/healthz"
    with suppress(OSError), urllib.request.urlopen(health, timeout=PATIENCE_S) as body:  # noqa: S310
        return str(json.load(body)["catalogue"])
    return ""


def test_a_server_keeps_what_it_shows_and_shows_it_again_after_a_restart(
    folder: Path, rows: Rows
) -> None:
    history = FolderHistory(folder / ".history")
    with served(folder) as address:
        until(lambda: shown(address))
        first = shown(address)
        until(history.versions)
        (folder / "projects.csv").write_bytes(rows("projects", {}))
        until(lambda: shown(address) != first)
        second = shown(address)
        until(lambda: len(history.versions()) == 2)
    (folder / "city.toml").write_bytes(b"")
    with served(folder) as address:
        until(lambda: shown(address))
        assert shown(address) == second
    assert [each.catalogue for each in history.versions()] == [first, second]
    done = subprocess.run(
        [sys.executable, "-m", "regen_map", "history", str(folder), "--verify", "--json"],
        capture_output=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert [each["catalogue"] for each in found["versions"]] == [first, second]
    assert found["flaws"] == []
