from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from regen_map.intake import Rule
from regen_map.store import (
    FolderStore,
    StoreError,
    data_folder,
    folder_store,
    shipped_folder,
)

Rows = Callable[..., bytes]
Files = Callable[..., dict[str, bytes]]


@pytest.fixture
def folder(tmp_path: Path, files: Files, rows: Rows) -> Path:
    many = rows("workshops", *({"id": f"w-{n}"} for n in range(10)))
    for name, content in files(workshops=many, programmes=rows("programmes", {})).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_shipped_catalogue_is_the_folder_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("REGEN_MAP_DATA", raising=False)
    assert data_folder() == shipped_folder()
    assert (shipped_folder() / "city.toml").is_file()
    monkeypatch.setenv("REGEN_MAP_DATA", str(tmp_path))
    assert data_folder() == tmp_path.resolve()


def test_unchanged_folder_is_read_once(folder: Path) -> None:
    kept = FolderStore(folder)
    assert kept.load().catalogue is kept.load().catalogue


def test_folder_has_one_store(folder: Path) -> None:
    assert folder_store(folder) is folder_store(str(folder) + "/.")


def test_changed_file_is_read_again(folder: Path, rows: Rows) -> None:
    kept = FolderStore(folder)
    before = kept.load().catalogue
    (folder / "projects.csv").write_bytes(rows("projects", {}))
    after = kept.load().catalogue
    assert after.version != before.version
    assert [project.id for project in after.projects] == ["verdi"]


def test_a_link_that_leads_nowhere_does_not_hold_back_changes(folder: Path, rows: Rows) -> None:
    (folder / "images").symlink_to(folder / "nowhere")
    kept = FolderStore(folder)
    before = kept.load().catalogue
    (folder / "projects.csv").write_bytes(rows("projects", {}))
    assert kept.load().catalogue.version != before.version


def test_touched_file_gives_the_same_catalogue(folder: Path) -> None:
    kept = FolderStore(folder)
    before = kept.load().catalogue
    os.utime(folder / "workshops.csv", ns=(1, 1))
    assert kept.load().catalogue is before


def test_file_that_others_may_read_again_is_seen(folder: Path) -> None:
    kept = FolderStore(folder)
    (folder / "workshops.csv").chmod(0o000)
    kept.load()
    assert not kept.changed()
    (folder / "workshops.csv").chmod(0o644)
    assert kept.changed()


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("city.toml", b"= =", Rule.NOT_TOML),
        ("programmes.csv", b"", Rule.NO_HEADER),
        ("workshops.csv", b"id,name_it,name_en,kind\n", Rule.ROWS_LOST),
        ("workshops.csv", b"whatever", Rule.HEADING_MISSING),
    ],
)
def test_unusable_file_leaves_the_last_good_catalogue(
    name: str, content: bytes, rule: Rule, folder: Path
) -> None:
    kept = FolderStore(folder)
    good = kept.load()
    original = (folder / name).read_bytes()
    (folder / name).write_bytes(content)
    stale = kept.load()
    assert (stale.stale, stale.catalogue) == (True, good.catalogue)
    assert rule in {issue.rule for issue in stale.issues}
    (folder / name).write_bytes(original)
    mended = kept.load()
    assert (mended.stale, mended.issues) == (False, good.issues)


def test_removed_file_counts_as_lost_rows(folder: Path) -> None:
    kept = FolderStore(folder)
    kept.load()
    (folder / "workshops.csv").unlink()
    assert kept.load().stale


def test_few_lost_rows_are_a_new_state(folder: Path, rows: Rows) -> None:
    kept = FolderStore(folder)
    kept.load()
    (folder / "workshops.csv").write_bytes(rows("workshops", *({"id": f"w-{n}"} for n in range(5))))
    loaded = kept.load()
    assert (loaded.stale, len(loaded.catalogue.place_ids)) == (False, 5)


def test_file_that_was_broken_from_the_start_does_not_hold_back_the_others(
    folder: Path, rows: Rows
) -> None:
    (folder / "funding.csv").write_bytes(b"")
    kept = FolderStore(folder)
    assert not kept.load().stale
    (folder / "projects.csv").write_bytes(rows("projects", {}))
    loaded = kept.load()
    assert (loaded.stale, len(loaded.catalogue.projects)) == (False, 1)


def test_folder_that_never_was_good_says_why(tmp_path: Path) -> None:
    kept = FolderStore(tmp_path)
    for _ in range(2):
        with pytest.raises(StoreError, match="No catalogue can be read") as caught:
            kept.load()
        assert {issue.rule for issue in caught.value.issues} == {Rule.FILE_MISSING}


def test_huge_file_and_folder_in_place_of_a_file_are_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "events.csv").mkdir()
    monkeypatch.setenv("REGEN_MAP_LIMITS", "file_bytes=100")
    with pytest.raises(StoreError) as caught:
        FolderStore(folder).load()
    found = {(issue.file, issue.rule) for issue in caught.value.issues}
    assert ("city.toml", Rule.FILE_TOO_LARGE) in found
    assert ("events.csv", Rule.FILE_UNREADABLE) in found
    assert ("city.toml", Rule.FILE_MISSING) not in found


def test_threads_get_one_catalogue(folder: Path) -> None:
    kept = FolderStore(folder)
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(id(kept.load().catalogue))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
