"""The versions of a folder: what is written, what is refused, what is told of damage."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map.cli import main
from regen_map.intake import Limits
from regen_map.messages import translator
from regen_map.store import (
    Conflict,
    ContentsError,
    Fault,
    Flaw,
    FolderHistory,
    FolderStore,
    Note,
    Origin,
    StoreError,
    Version,
    VersionError,
    history_folder,
    shipped_folder,
)
from regen_map.store.versions import LONGEST_RECORD, record_of, sealed, version_from
from tests import stores
from tests.stores import commit_all, git

NOW = dt.datetime(2026, 3, 12, 13, 5, 7, 999_999, tzinfo=dt.UTC)
FILES = {"city.toml": b"name = 1", "projects.csv": b"id\nverdi\n"}

Files = Callable[..., dict[str, bytes]]
Rows = Callable[..., bytes]


@pytest.fixture
def history(tmp_path: Path) -> FolderHistory:
    return FolderHistory(tmp_path.resolve() / "history")


def add(history: FolderHistory, files: Mapping[str, bytes] = FILES, **changes: object) -> Version:
    newest = history.newest
    told = {"at": NOW, "origin": Origin.OUTSIDE} | changes
    parent = str(told.pop("parent", newest.hash if newest else ""))
    return history.append(files, Note(**told), "0123", parent=parent)  # type: ignore[arg-type]  # as Note has them


def add_three(history: FolderHistory) -> tuple[Version, ...]:
    for n in range(3):
        add(history, FILES | {"events.csv": f"id\n{n}\n".encode()})
    return history.versions()


def record(history: FolderHistory, number: int) -> Path:
    return history.root / "versions" / f"{number:08d}.json"


def content(history: FolderHistory, sha256: str) -> Path:
    return history.root / "objects" / sha256[:2] / sha256


def ran(code: str, *arguments: str) -> str:
    return stores.ran(code, given=arguments)


# ---------------------------------------------------------------- what is kept


def test_a_version_is_kept_as_it_was_told(history: FolderHistory) -> None:
    told = add(history, author="Ada", message="Primo", origin=Origin.DESK)
    assert FolderHistory(history.root).versions() == (told,)
    assert (told.number, told.parent, told.author, told.message) == (1, "", "Ada", "Primo")
    assert (told.origin, told.catalogue) == (Origin.DESK, "0123")
    assert told.at == NOW.replace(microsecond=0)
    assert history.contents(told) == FILES
    assert hash(told) == hash(history.newest)


def test_versions_follow_each_other(history: FolderHistory) -> None:
    first, second, third = add_three(history)
    assert [each.number for each in (first, second, third)] == [1, 2, 3]
    assert (second.parent, third.parent) == (first.hash, second.hash)
    assert history.newest == third
    assert history.contents(second)["events.csv"] == b"id\n1\n"
    assert history.verify() == ()


def test_a_content_is_kept_once(history: FolderHistory) -> None:
    add_three(history)
    add(history, {"a.csv": b"x", "b.csv": b"x"})
    assert len(list(history.root.glob("objects/*/*"))) == 2 + 3 + 1


def test_equal_contents_make_no_version(history: FolderHistory) -> None:
    told = add(history)
    before = sorted(path.stat().st_mtime_ns for path in history.root.rglob("*"))
    assert add(history, message="again", parent="f" * 64) == told
    assert sorted(path.stat().st_mtime_ns for path in history.root.rglob("*")) == before


def test_contents_that_come_back_are_a_version_of_their_own(history: FolderHistory) -> None:
    add(history)
    add(history, {"city.toml": b"other"})
    assert add(history).number == 3


def test_a_writer_that_started_from_another_version_is_told_the_newest(
    history: FolderHistory,
) -> None:
    first = add(history)
    second = add(history, {"city.toml": b"second"})
    with pytest.raises(Conflict) as caught:
        add(history, {"city.toml": b"third"}, parent=first.hash)
    assert caught.value.newest == second
    with pytest.raises(Conflict):
        add(history, {"city.toml": b"third"}, parent="")
    assert history.versions() == (first, second)


def test_an_empty_history_has_nothing_and_makes_nothing(history: FolderHistory) -> None:
    assert (history.versions(), history.newest, history.verify()) == ((), None, ())
    assert not history.root.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"at": NOW.replace(tzinfo=None)},
        {"files": {"../x": b""}},
        {"files": {"images/x": b""}},
        {"files": {".gitignore": b""}},
        {"files": {"": b""}},
        {"files": {"C:x": b""}},
        {"files": {"a.csv": b"x" * 101}},
        {"message": "x" * LONGEST_RECORD},
    ],
    ids=["no-zone", "above", "folder", "hidden", "empty", "drive", "large", "long"],
)
def test_what_could_not_be_read_again_is_not_written(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    history = FolderHistory(tmp_path.resolve() / "history", Limits(file_bytes=100))
    with pytest.raises(ValueError, match=r"time zone|no name of a file|record may have"):
        add(history, **changes)  # type: ignore[arg-type]  # one of them is files
    assert history.versions() == ()


@given(
    texts=st.tuples(*[st.text(st.characters(codec=None, categories=None), max_size=50)] * 2),
    at=st.datetimes(
        min_value=dt.datetime(1900, 1, 2),  # noqa: DTZ001
        timezones=st.just(dt.timezone(dt.timedelta(hours=2))),
    ),
)
def test_whatever_is_told_comes_back(texts: tuple[str, str], at: dt.datetime) -> None:
    version = sealed(
        Version(
            number=7,
            at=at.astimezone(dt.UTC).replace(microsecond=0),
            author=texts[0],
            message=texts[1],
            origin=Origin.COMMAND,
            parent="",
            catalogue="x",
            files={"città.csv": "0" * 64},
        )
    )
    assert version_from(record_of(version)) == version


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading_of_a_record(content: bytes) -> None:
    assert version_from(content) is Fault.UNREADABLE


# ---------------------------------------------------------------- several writers, sudden ends


def test_four_processes_lose_no_version_of_each_other(tmp_path: Path) -> None:
    root = tmp_path.resolve() / "history"
    code = """
        import datetime as dt, sys
        from pathlib import Path
        from regen_map.store import Conflict, FolderHistory, Note, Origin
        history = FolderHistory(Path(sys.argv[1]))
        for n in range(15):
            while True:
                newest = history.newest
                parent = newest.hash if newest else ""
                try:
                    history.append({"a.csv": f"{sys.argv[2]} {n}".encode()},
                        Note(at=dt.datetime.now(dt.UTC), author=sys.argv[2], message=str(n),
                            origin=Origin.DESK), "", parent=parent)
                    break
                except Conflict as conflict:
                    assert conflict.newest is not None
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(root)]
    writers = [subprocess.Popen([*command, f"w{n}"]) for n in range(4)]
    assert [each.wait() for each in writers] == [0, 0, 0, 0]
    history = FolderHistory(root)
    told = [(each.author, int(each.message)) for each in history.versions()]
    assert sorted(told) == [(f"w{n}", each) for n in range(4) for each in range(15)]
    for author in ("w0", "w1", "w2", "w3"):
        own = [n for name, n in told if name == author]
        assert own == sorted(own)
    assert history.verify() == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked to be killed")
def test_a_writer_that_is_killed_leaves_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    # One import for all that are killed.
    code = """
        import datetime as dt, os, random, signal, sys, time
        from pathlib import Path
        from regen_map.store import FolderHistory, Note, Origin
        root, chance, rounds = Path(sys.argv[1]), random.Random(1), 0
        for _ in range(30):
            before = len(FolderHistory(root).versions())
            hears, tells = os.pipe()
            child = os.fork()
            if not child:
                history = FolderHistory(root)
                while True:
                    newest = history.newest
                    os.write(tells, b".")
                    history.append({name: os.urandom(50_000) for name in ("a.csv", "b.csv")},
                        Note(at=dt.datetime.now(dt.UTC), origin=Origin.OUTSIDE), "",
                        parent=newest.hash if newest else "")
            # Somewhere in its first, second or third version, however slow the disk is.
            for _ in range(chance.randint(1, 3)):
                os.read(hears, 1)
            time.sleep(chance.random() / 50)
            os.kill(child, signal.SIGKILL)
            os.close(hears)
            os.close(tells)
            os.waitpid(child, 0)
            history = FolderHistory(root)
            assert history.verify() == (), history.verify()
            versions = history.versions()
            assert [each.number for each in versions] == list(range(1, len(versions) + 1))
            assert len(versions) >= before
            for each in versions[before:]:
                assert all(len(content) == 50_000 for content in history.contents(each).values())
            rounds += 1
        print(rounds)
    """
    root = tmp_path.resolve() / "history"
    assert ran(code, str(root)) == "30\n"
    history = FolderHistory(root)
    assert history.newest is not None
    number = history.newest.number
    assert add(history).number == number + 1
    history.prune(number + 1)
    assert not [path for path in history.root.glob("objects/*/*") if path.name.startswith(".")]
    assert not list(history.root.glob("versions/.*"))
    assert history.verify() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit of that kind")
def test_a_full_disk_leaves_the_history_as_it_was(tmp_path: Path, history: FolderHistory) -> None:
    before = add(history)
    code = """
        import datetime as dt, resource, sys
        from pathlib import Path
        from regen_map.store import FolderHistory, Note, Origin
        history = FolderHistory(Path(sys.argv[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        files = {"small.csv": b"x", "large.csv": b"x" * 20_000}
        try:
            history.append(files, Note(at=dt.datetime.now(dt.UTC), origin=Origin.OUTSIDE), "",
                parent=history.newest.hash)
        except OSError as error:
            print(error.errno)
    """
    kept = sorted(history.root.glob("objects/*/*"))
    assert int(ran(code, str(history.root))) > 0
    assert history.versions() == (before,)
    assert sorted(history.root.glob("objects/*/*")) == kept
    assert history.verify() == ()
    assert not [path for path in tmp_path.rglob(".*") if path.name != ".gitignore"]
    assert add(history, {"large.csv": b"x" * 20_000}).number == 2


def test_a_step_that_fails_leaves_no_contents_behind(history: FolderHistory) -> None:
    add(history)
    before = sorted(history.root.glob("objects/*/*"))
    contents = [b"new", *FILES.values()]

    def fail() -> None:
        with history.writing(), history.keeping(contents):
            assert history.kept(stores.sha256(b"new")) == b"new"
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert sorted(history.root.glob("objects/*/*")) == before
    with history.writing(), history.keeping(contents):
        pass
    assert history.kept(stores.sha256(b"new")) == b"new"


def test_contents_that_a_damaged_record_may_name_are_never_forgotten(
    history: FolderHistory,
) -> None:
    first, second, _ = add_three(history)
    mine = stores.sha256(b"id\n1\n")
    assert mine in second.files.values()
    with history.writing():
        history.forget([mine])
    assert history.kept(mine) is not None
    record(history, 2).write_bytes(b"{}")
    with history.writing():
        history.forget([mine, *first.files.values()])
    assert history.kept(mine) is not None
    assert history.contents(first)


@pytest.mark.parametrize("part", ["", "objects", "versions", "lock"])
def test_a_history_that_cannot_be_written_is_an_error_of_the_system(
    part: str, history: FolderHistory
) -> None:
    # Not by permissions: the administrator, as whom tests may run, is above them.
    path = history.root / part
    path.parent.mkdir(exist_ok=True)
    if part == "lock":
        path.mkdir()
    else:
        path.write_text("no folder")
    with pytest.raises(OSError, match="Errno"):
        add(history)
    assert history.versions() == ()


# ---------------------------------------------------------------- damage, and worse


def test_half_a_record_is_a_flaw_of_its_version_alone(history: FolderHistory) -> None:
    first, _, third = add_three(history)
    path = record(history, 2)
    path.write_bytes(path.read_bytes()[:100])
    assert history.verify() == (Flaw(fault=Fault.UNREADABLE, number=2),)
    assert history.versions() == (first, third)


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[" * 100_000, b'{"number": ' + b"9" * 5000 + b"}", b"\xff\xfe\x00", b"{}"],
    ids=["empty", "null", "deep", "huge number", "no text", "no keys"],
)
def test_a_record_that_is_none_is_told(content: bytes, history: FolderHistory) -> None:
    add_three(history)
    record(history, 3).write_bytes(content)
    assert history.verify() == (Flaw(fault=Fault.UNREADABLE, number=3),)
    assert len(history.versions()) == 2
    # Its number is not given to another one.
    assert add(history).number == 4
    assert history.verify() == (Flaw(fault=Fault.UNREADABLE, number=3),)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("message", "I never said so", Fault.ALTERED),
        ("catalogue", "4567", Fault.ALTERED),
        ("at", "2020-01-01T00:00:00+00:00", Fault.ALTERED),
        ("at", "2020-01-01T00:00:00", Fault.UNREADABLE),
        ("at", "9999-99-99", Fault.UNREADABLE),
        ("at", 5, Fault.UNREADABLE),
        ("number", 4, Fault.ALTERED),
        ("number", 0, Fault.UNREADABLE),
        ("number", True, Fault.UNREADABLE),
        ("number", "2", Fault.UNREADABLE),
        ("origin", "elsewhere", Fault.UNREADABLE),
        ("parent", "../..", Fault.UNREADABLE),
        ("files", ["a"], Fault.UNREADABLE),
        ("files", {"../../passwords": "0" * 64}, Fault.UNREADABLE),
        ("files", {"/etc/passwd": "0" * 64}, Fault.UNREADABLE),
        ("files", {"..": "0" * 64}, Fault.UNREADABLE),
        ("files", {"a\x00": "0" * 64}, Fault.UNREADABLE),
        ("files", {"x" * 1000: "0" * 64}, Fault.UNREADABLE),
        ("files", {"a.csv": "../../../../etc/passwd"}, Fault.UNREADABLE),
        ("files", {"a.csv": "0" * 63 + "٣"}, Fault.UNREADABLE),
        ("files", {"a.csv": None}, Fault.UNREADABLE),
        ("more", "", Fault.UNREADABLE),
    ],
)
def test_a_record_that_somebody_altered_is_told(
    name: str, value: object, fault: Fault, history: FolderHistory
) -> None:
    add_three(history)
    path = record(history, 2)
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {name: value}), "utf-8")
    assert history.verify() == (Flaw(fault=fault, number=2),)
    assert [each.number for each in history.versions()] == [1, 3]


def test_a_record_under_another_number_is_told(history: FolderHistory) -> None:
    add_three(history)
    shutil.copy(record(history, 1), record(history, 4))
    assert history.verify() == (Flaw(fault=Fault.ALTERED, number=4),)


def test_a_version_that_is_left_out_is_told(history: FolderHistory) -> None:
    add_three(history)
    record(history, 2).unlink()
    assert history.verify() == (Flaw(fault=Fault.MISSING, number=2),)


def test_a_history_that_begins_anew_is_told(history: FolderHistory, tmp_path: Path) -> None:
    add_three(history)
    other = FolderHistory(tmp_path.resolve() / "other")
    add(other, {"a.csv": b"1"})
    add(other, {"a.csv": b"2"})
    shutil.copytree(other.root / "objects", history.root / "objects", dirs_exist_ok=True)
    shutil.copy(record(other, 2), record(history, 2))
    assert set(history.verify()) == {
        Flaw(fault=Fault.DETACHED, number=2),
        Flaw(fault=Fault.DETACHED, number=3),
    }


def test_a_content_that_is_damaged_or_gone_is_told_of_each_version(history: FolderHistory) -> None:
    first, second, third = add_three(history)
    content(history, first.files["projects.csv"]).write_bytes(b"id\nrossi\n")
    content(history, third.files["events.csv"]).unlink()
    assert history.verify() == (
        Flaw(fault=Fault.FILE_ALTERED, number=1, file="projects.csv"),
        Flaw(fault=Fault.FILE_ALTERED, number=2, file="projects.csv"),
        Flaw(fault=Fault.FILE_MISSING, number=3, file="events.csv"),
        Flaw(fault=Fault.FILE_ALTERED, number=3, file="projects.csv"),
    )
    with pytest.raises(ContentsError) as caught:
        history.contents(third)
    assert caught.value.version == third
    assert {each.file for each in caught.value.flaws} == {"projects.csv", "events.csv"}
    assert history.versions() == (first, second, third)
    # What a new version needs is written again.
    add(history, {"projects.csv": FILES["projects.csv"]})
    assert Fault.FILE_ALTERED not in {each.fault for each in history.verify()}


def test_a_huge_content_is_not_read(tmp_path: Path) -> None:
    history = FolderHistory(tmp_path.resolve() / "history", Limits(file_bytes=1000))
    version = add(history)
    path = content(history, version.files["city.toml"])
    with path.open("r+b") as stream:
        # A hole: it takes no place on the disk.
        stream.truncate(2**30)
    assert history.verify() == (Flaw(fault=Fault.FILE_ALTERED, number=1, file="city.toml"),)
    with pytest.raises(ContentsError):
        history.contents(version)


def test_a_huge_record_is_not_read(history: FolderHistory) -> None:
    add(history)
    with record(history, 1).open("r+b") as stream:
        stream.truncate(2**30)
    assert history.verify() == (Flaw(fault=Fault.UNREADABLE, number=1),)


def test_a_pipe_holds_nobody_up(history: FolderHistory) -> None:
    version = add(history)
    path = content(history, version.files["city.toml"])
    path.unlink()
    os.mkfifo(path)
    os.mkfifo(record(history, 2))
    assert set(history.verify()) == {
        Flaw(fault=Fault.FILE_ALTERED, number=1, file="city.toml"),
        Flaw(fault=Fault.UNREADABLE, number=2),
    }


@pytest.mark.parametrize("target", ["whole", "objects", "versions", "shelf"])
def test_a_link_that_leads_out_is_not_followed(
    target: str, history: FolderHistory, tmp_path: Path
) -> None:
    version = add(history)
    shelf = content(history, version.files["city.toml"]).parent
    path = {
        "whole": history.root,
        "objects": history.root / "objects",
        "versions": history.root / "versions",
        "shelf": shelf,
    }[target]
    outside = tmp_path / "outside"
    shutil.move(path, outside)
    path.symlink_to(outside)
    names = sorted(path.name for path in outside.rglob("*"))
    assert {each.fault for each in history.verify()} <= {Fault.FOLDER, Fault.FILE_ALTERED}
    assert history.verify()
    # What is read is never from outside, and what is written never goes there.
    if target != "versions":
        with pytest.raises(ContentsError):
            history.contents(version)
    changed = {"city.toml": FILES["city.toml"], "events.csv": b""}
    with pytest.raises((OSError, Conflict)):
        add(history, changed, parent=version.hash)
    assert sorted(path.name for path in outside.rglob("*")) == names


def test_a_record_and_a_content_that_are_links_are_flaws(
    history: FolderHistory, tmp_path: Path
) -> None:
    first, second, third = add_three(history)
    for path in (record(history, 3), content(history, second.files["events.csv"])):
        moved = tmp_path / path.name
        shutil.move(path, moved)
        path.symlink_to(moved)
    assert set(history.verify()) == {
        Flaw(fault=Fault.UNREADABLE, number=3),
        Flaw(fault=Fault.FILE_ALTERED, number=2, file="events.csv"),
    }
    assert history.versions() == (first, second)
    assert history.contents(first)
    # A link in the place of a content is replaced; where it led to, nothing is written.
    add(history, {"events.csv": b"id\n1\n"})
    assert history.contents(second)["events.csv"] == b"id\n1\n"
    assert (tmp_path / second.files["events.csv"]).read_bytes() == b"id\n1\n"
    assert third.number == 3


def test_links_in_a_circle_end(history: FolderHistory) -> None:
    history.root.parent.mkdir(exist_ok=True)
    history.root.symlink_to(history.root)
    assert history.versions() == ()
    assert history.verify() == (Flaw(fault=Fault.FOLDER),)
    with pytest.raises(OSError, match="Errno"):
        add(history)


def test_other_files_of_the_folder_are_left_alone(history: FolderHistory) -> None:
    add(history)
    for name in ("1.json", "notes.txt", "0000000001.json", ".00000002.json", "٠٠٠٠٠٠٠٢.json"):
        (history.root / "versions" / name).write_text("?")
    assert history.verify() == ()
    assert len(history.versions()) == 1


# ---------------------------------------------------------------- retention


def test_old_contents_are_dropped_and_the_chain_is_kept(history: FolderHistory) -> None:
    first, second, third = add_three(history)
    history.prune(1)
    assert history.versions() == (first, second, third)
    assert history.verify() == ()
    assert history.dropped() == (first, second)
    assert history.contents(third) == FILES | {"events.csv": b"id\n2\n"}
    with pytest.raises(ContentsError) as caught:
        history.contents(first)
    assert caught.value.flaws == (Flaw(fault=Fault.FILE_MISSING, number=1, file="events.csv"),)


def test_dropping_less_brings_nothing_back_and_breaks_nothing(history: FolderHistory) -> None:
    versions = add_three(history)
    history.prune(1)
    history.prune(2)
    history.prune(100)
    assert history.dropped() == versions[:2]
    assert history.verify() == ()
    fourth = add(history, {"city.toml": b"other"})
    history.prune(2)
    assert history.contents(versions[2])
    assert history.contents(fourth) == {"city.toml": b"other"}


def test_nothing_is_dropped_of_a_history_that_is_short(history: FolderHistory) -> None:
    versions = add_three(history)
    history.prune(3)
    assert history.dropped() == ()
    assert all(map(history.contents, versions))
    with pytest.raises(ValueError, match="At least one"):
        history.prune(0)


def test_what_was_lost_does_not_pass_for_dropped(history: FolderHistory) -> None:
    _, second, third = add_three(history)
    history.prune(2)
    content(history, second.files["events.csv"]).unlink()
    assert history.verify() == (Flaw(fault=Fault.FILE_MISSING, number=2, file="events.csv"),)
    (history.root / "retention.json").write_text('{"first": [' * 5000)
    faults = {each.fault for each in history.verify()}
    assert faults == {Fault.RETENTION, Fault.FILE_MISSING}
    assert history.contents(third)


# ---------------------------------------------------------------- where it lies


def test_the_history_lies_beside_the_files_or_where_the_administrator_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for said, found in (
        ("", tmp_path.resolve() / ".history"),
        (str(tmp_path / "else"), tmp_path.resolve() / "else"),
        ("OFF", None),
    ):
        monkeypatch.setenv("REGEN_MAP_HISTORY", said)
        assert history_folder(tmp_path) == found


def test_the_city_inside_an_installed_package_has_no_history_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A copy of the package with a city inside, as an installation has it.
    package = Path(sys.modules["regen_map"].__file__ or "").parent
    shutil.copytree(package, tmp_path / "regen_map")
    shutil.copytree(shipped_folder(), tmp_path / "regen_map" / "_data")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    code = """
        from regen_map.store import history_folder, shipped_folder
        print(shipped_folder().name, history_folder(shipped_folder()))
    """
    monkeypatch.setenv("REGEN_MAP_HISTORY", "")
    assert ran(code) == "_data None\n"
    monkeypatch.setenv("REGEN_MAP_HISTORY", str(tmp_path / "kept"))
    assert ran(code) == f"_data {tmp_path.resolve() / 'kept'}\n"


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no Git on this machine")
def test_a_git_checkout_stays_clean(tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text("name = 1")
    commit_all(tmp_path)
    add_three(FolderHistory(tmp_path.resolve() / ".history"))
    assert git(tmp_path, "status", "--porcelain", "--untracked-files=all") == ""


# ---------------------------------------------------------------- the command


@pytest.fixture
def folder(tmp_path: Path, files: Files, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "")
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    return tmp_path.resolve()


@pytest.fixture
def told(folder: Path) -> FolderHistory:
    """Two versions of the folder, the second in the hour that Rome has twice."""
    history = FolderHistory(folder / ".history")
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    add(history, files)
    add(
        history,
        {name: content for name, content in files.items() if name != "vocabularies.csv"}
        | {"projects.csv": b"id\n"},
        at=dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),
        author="Ada\u202e Neri",
        message="Nuovo\ncantiere",
        origin=Origin.DESK,
    )
    return history


def test_the_command_tells_the_versions_in_words(
    told: FolderHistory, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(told.versions()) == 2
    assert main(["history", str(folder)]) == 0
    assert capsys.readouterr().out == (
        "Versione 1, 12 marzo 2026, ore 14:05: file cambiati direttamente nella cartella."
        " File nuovi o cambiati: city.toml, vocabularies.csv e workshops.csv.\n"
        "Versione 2, 25 ottobre 2026, ore 02:30: pubblicata da una pagina della mappa."
        " File nuovi o cambiati: projects.csv. File tolti: vocabularies.csv."
        " Autore: Ada[U+202E] Neri. Motivo: «Nuovo⏎cantiere».\n"
    )
    assert main(["history", str(folder), "--lang", "en", "--verify"]) == 0
    said = capsys.readouterr().out
    assert "Version 2, 25 October 2026, 02:30: published from a page of the map." in said
    assert said.endswith("The history is intact: 2 versions, every byte of them verified.\n")


def test_the_command_tells_each_flaw_and_ends_with_one(
    told: FolderHistory, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = told.versions()[0]
    content(told, first.files["vocabularies.csv"]).unlink()
    record(told, 2).write_text("{")
    assert main(["history", str(folder), "--verify", "--lang", "en"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == [
        "Version 1: the content of vocabularies.csv is gone.",
        "Version 2: its record cannot be read.",
    ]
    assert main(["history", str(folder)]) == 0


def test_the_command_speaks_to_programs(
    told: FolderHistory, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told.prune(1)
    assert main(["history", str(folder), "--json", "--verify"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["number"] for each in found["versions"]] == [1, 2]
    assert [each["dropped"] for each in found["versions"]] == [True, False]
    assert found["versions"][1]["at"] == "2026-10-25T00:30:00+00:00"
    assert found["versions"][1]["parent"] == found["versions"][0]["hash"]
    assert found["flaws"] == []
    record(told, 1).unlink()
    assert main(["history", str(folder), "--json", "--verify"]) == 1
    flaws = json.loads(capsys.readouterr().out)["flaws"]
    assert flaws == [{"fault": "missing", "number": 1, "file": ""}]


def test_the_command_says_when_there_is_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["history", str(folder), "--lang", "en"]) == 0
    assert "There is no version yet" in capsys.readouterr().out
    assert not (folder / ".history").exists()
    monkeypatch.setenv("REGEN_MAP_HISTORY", "off")
    assert FolderStore(folder).versions() == ()


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("language", ["it", "en"])
def test_every_flaw_has_a_sentence(fault: Fault, language: str) -> None:
    values = {"number": 12, "file": "projects.csv"}
    sentence = translator(language).text(f"history.flaw.{fault}", **values)
    assert sentence.endswith(".")


def test_what_the_files_have_lost_can_be_confirmed(
    folder: Path, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    many = rows("workshops", *({"id": f"w-{n}"} for n in range(10)))
    (folder / "workshops.csv").write_bytes(many)
    store = FolderStore(folder)
    store.load()
    assert store.record(NOW)
    (folder / "workshops.csv").write_bytes(rows("workshops", {}))
    assert store.load().stale
    assert FolderStore(folder).load().stale
    assert main(["history", str(folder), "--confirm", "--lang", "en"]) == 0
    assert "this is version 2" in capsys.readouterr().out
    for each in (store, FolderStore(folder)):
        loaded = each.load()
        assert (loaded.stale, loaded.issues, len(loaded.catalogue.place_ids)) == (False, (), 1)
    assert [each.origin for each in store.versions()] == [Origin.OUTSIDE, Origin.COMMAND]


def test_files_that_make_no_map_cannot_be_confirmed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "city.toml").write_text("= =")
    assert main(["history", str(folder), "--confirm"]) == 2
    assert "city.toml" in capsys.readouterr().err
    assert FolderStore(folder).versions() == ()


def test_a_history_that_cannot_be_written_is_told_to_whoever_confirms(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".history").write_text("no folder")
    assert main(["history", str(folder), "--confirm", "--lang", "en"]) == 2
    assert "The history cannot be written" in capsys.readouterr().err


# ---------------------------------------------------------------- the store


def test_an_old_catalogue_is_read_again_and_kept_at_hand(folder: Path, rows: Rows) -> None:
    store = FolderStore(folder)
    before = store.load().catalogue
    first = store.record(NOW)
    (folder / "projects.csv").write_bytes(rows("projects", {}))
    after = store.load().catalogue
    second = store.record(NOW)
    assert first is not None
    assert second is not None
    assert store.catalogue_of(second) is after
    again = FolderStore(folder).catalogue_of(first)
    assert again.version == before.version
    assert store.catalogue_of(first).version == before.version
    assert store.catalogue_of(first) is store.catalogue_of(first)


def test_an_old_catalogue_that_is_gone_says_so(folder: Path, rows: Rows) -> None:
    store = FolderStore(folder)
    store.load()
    first = store.record(NOW)
    (folder / "workshops.csv").write_bytes(rows("workshops", {"id": "neri"}))
    store.load()
    store.record(NOW)
    assert first is not None
    assert store.history is not None
    store.history.prune(1)
    with pytest.raises(VersionError, match="Version 1 of") as caught:
        store.catalogue_of(first)
    assert [each.file for each in caught.value.flaws] == ["workshops.csv"]
    assert isinstance(caught.value, StoreError)
    nothing = add(store.history, {"city.toml": b"= ="})
    with pytest.raises(VersionError) as caught:
        store.catalogue_of(nothing)
    assert caught.value.flaws == ()
    assert caught.value.issues


def test_a_day_ends_when_the_city_says(folder: Path) -> None:
    store = FolderStore(folder)
    history = store.history
    assert history is not None
    # Rome is two hours ahead in summer: 21:59 UTC is still the first of July.
    for n, at in enumerate(("2026-07-01T21:59:59", "2026-07-01T22:00:00", "2026-08-01T10:00:00")):
        add(history, {"a.csv": str(n).encode()}, at=dt.datetime.fromisoformat(at + "+00:00"))
    first, second, third = history.versions()
    for day, known in (
        ("0001-01-01", None),
        ("2026-06-30", None),
        ("2026-07-01", first),
        ("2026-07-02", second),
        ("2026-07-31", second),
        ("2026-08-01", third),
        ("9999-12-31", third),
    ):
        assert store.known_by(dt.date.fromisoformat(day)) == known, day


def test_a_folder_without_a_history_knows_no_day(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "off")
    store = FolderStore(folder)
    store.load()
    assert store.record(NOW) is None
    assert store.confirm(NOW) is None
    assert store.versions() == ()
    assert store.known_by(NOW.date()) is None
    assert not (folder / ".history").exists()


def test_loading_writes_nothing(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    FolderStore(folder).load()
    assert sorted(folder.rglob("*")) == before
