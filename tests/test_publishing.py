"""Publishing to a folder: all files or none, no lost update, nothing lost by a bad file."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map.store import (
    Draft,
    FolderStore,
    NoHistoryError,
    Origin,
    Overtaken,
    QuarantineError,
    UnconfirmedError,
    UnusableError,
    Version,
    VersionError,
    Watcher,
    draft_of,
    draft_to_restore,
    rebase,
    restore,
)
from regen_map.store.merging import merged
from tests import stores
from tests.stores import (
    NOW,
    Files,
    Rows,
    commit_all,
    everything,
    filled,
    git,
    small_disk,
    workshops,
)

folder = stores.folder


@pytest.fixture
def store(folder: Path) -> FolderStore:
    return FolderStore(folder)


def published(store: FolderStore, draft: Draft, **told: object) -> Version:
    """Publish as `tests.stores.published` does; nothing is confirmed."""
    return stores.published(store, draft, **{"confirmed": False} | told)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def on_disk(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def assert_whole(folder: Path) -> FolderStore:
    """See that the files are the newest version, and that nothing is left of a publication."""
    store = FolderStore(folder)
    history = store.history
    assert history is not None
    assert history.verify() == ()
    newest = history.newest
    assert newest is not None
    assert history.contents(newest) == on_disk(folder)
    assert not [name for name in names_in(folder) if name.startswith(".") and name != ".history"]
    told = {name for name in names_in(history.root) if not name.startswith(".")}
    assert told == {"objects", "versions", "lock"}
    return store


# ---------------------------------------------------------------- what would be


def test_a_draft_writes_nothing(store: FolderStore, folder: Path, rows: Rows) -> None:
    before = on_disk(folder)
    draft = draft_of(store, {"projects.csv": rows("projects", {"id": "nuovo"})})
    assert draft.catalogue is not None
    assert [each.id for each in draft.catalogue.projects] == ["nuovo"]
    assert draft.changed == ("projects.csv",)
    assert draft.before is not None
    assert [each.id for each in draft.before.projects] == ["verdi"]
    assert on_disk(folder) == before
    assert names_in(folder) == set(before)


def test_a_file_of_no_table_is_refused(store: FolderStore) -> None:
    for name in ("notes.csv", "../city.toml", ".history", "README.md"):
        with pytest.raises(ValueError, match="no file of the name"):
            draft_of(store, {name: b""})


def test_a_table_has_one_file(store: FolderStore, folder: Path, rows: Rows) -> None:
    told = {"id": "w-0", "name_it": "W", "name_en": "W", "kind": "gallery"}
    feature = {"type": "Feature", "geometry": None, "properties": told}
    collection = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    draft = draft_of(store, {"workshops.geojson": collection})
    assert (draft.changed, draft.gone) == (("workshops.geojson",), ("workshops.csv",))
    published(store, draft, confirmed=True)
    assert "workshops.csv" not in names_in(folder)
    assert_whole(folder)
    both = {"workshops.geojson": collection, "workshops.csv": workshops(rows)}
    with pytest.raises(UnusableError) as caught:
        published(store, draft_of(store, both))
    assert [issue.rule for issue in caught.value.issues] == ["table_twice"]


# ---------------------------------------------------------------- what is published


def test_files_are_published_together_as_one_version(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    files = {
        "projects.csv": rows("projects", {}, {"id": "nuovo"}),
        "workshops.csv": workshops(rows, {"id": "w-0", "name_it": "Altro"}),
        "milestones.csv": rows("milestones", {"project_id": "nuovo"}),
    }
    version = published(store, draft_of(store, files))
    assert (version.author, version.message, version.origin) == ("Ada", "Perché sì", Origin.DESK)
    assert {name: (folder / name).read_bytes() for name in files} == files
    first, second = store.versions()
    # What nobody had recorded yet comes first.
    assert (first.origin, second) == (Origin.OUTSIDE, version)
    assert version.catalogue == assert_whole(folder).load().catalogue.version


def test_a_file_can_be_taken_away(store: FolderStore, folder: Path) -> None:
    draft = draft_of(store, {"projects.csv": None})
    assert draft.gone == ("projects.csv",)
    with pytest.raises(UnconfirmedError):
        published(store, draft)
    published(store, draft, confirmed=True)
    assert "projects.csv" not in names_in(folder)
    assert_whole(folder)


def test_a_folder_that_is_empty_gets_its_first_files(
    tmp_path: Path, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "")
    home = tmp_path.resolve() / "new"
    home.mkdir()
    store = FolderStore(home)
    assert published(store, draft_of(store, files())).number == 1
    assert len(assert_whole(home).load().catalogue.place_ids) == 1


def test_what_is_there_already_makes_no_version(store: FolderStore, folder: Path) -> None:
    store.load()
    first = store.record(NOW)
    same = (folder / "projects.csv").read_bytes()
    assert published(store, draft_of(store, {"projects.csv": same})) == first
    assert len(store.versions()) == 1


def test_bytes_permissions_and_other_files_stay(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    (folder / "images").mkdir()
    for name in ("README.md", "notes.txt", "images/a.jpg", ".gitignore"):
        (folder / name).write_bytes(b"mine")
    (folder / "projects.csv").chmod(0o664)
    content = rows("projects", {}, {"id": "nuovo"}).replace(b"\n", b"\r\n")
    published(store, draft_of(store, {"projects.csv": content}))
    assert (folder / "projects.csv").read_bytes() == content
    assert stat.S_IMODE((folder / "projects.csv").stat().st_mode) == 0o664
    for name in ("README.md", "notes.txt", "images/a.jpg", ".gitignore"):
        assert (folder / name).read_bytes() == b"mine"


def test_a_published_file_can_be_read_even_if_the_old_one_could_not(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    draft = draft_of(store, {"projects.csv": rows("projects", {}, {"id": "nuovo"})})
    (folder / "projects.csv").chmod(0o040)
    published(store, draft)
    assert stat.S_IMODE((folder / "projects.csv").stat().st_mode) == 0o640


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no Git on this machine")
def test_a_git_checkout_sees_only_the_files_that_were_published(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    commit_all(folder)
    published(store, draft_of(store, {"projects.csv": rows("projects", {}, {"id": "nuovo"})}))
    assert git(folder, "status", "--porcelain", "--untracked-files=all") == " M projects.csv\n"


def test_a_watcher_takes_a_publication_for_what_it_is(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    watched = FolderStore(folder)
    watched.load()
    watcher = Watcher(watched, now=lambda: NOW, every_s=0)
    watched.watched = True
    watcher.look()
    published(store, draft_of(store, {"projects.csv": rows("projects", {}, {"id": "nuovo"})}))
    for _ in range(4):
        watcher.look()
    assert len(watched.load().catalogue.projects) == 2
    assert [each.origin for each in watched.versions()] == [Origin.OUTSIDE, Origin.DESK]


# ---------------------------------------------------------------- what is refused


def test_without_a_history_nothing_is_published(
    store: FolderStore, folder: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = draft_of(store, {"projects.csv": rows("projects")})
    monkeypatch.setenv("REGEN_MAP_HISTORY", "off")
    before = on_disk(folder)
    with pytest.raises(NoHistoryError):
        published(FolderStore(folder), draft, confirmed=True)
    assert on_disk(folder) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [("city.toml", b"= ="), ("projects.csv", b""), ("projects.csv", b"\x00\xff" * 99)],
)
def test_a_file_that_cannot_be_read_is_never_published(
    name: str, content: bytes, store: FolderStore, folder: Path
) -> None:
    before = on_disk(folder)
    with pytest.raises(UnusableError) as caught:
        published(store, draft_of(store, {name: content}), partial=True, confirmed=True)
    assert caught.value.issues
    assert on_disk(folder) == before


def test_rows_with_faults_are_left_out_only_if_that_is_wanted(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    content = rows("projects", {}, {"id": "buono"}, {"id": "guasto", "phase": "boh"})
    draft = draft_of(store, {"projects.csv": content})
    with pytest.raises(QuarantineError) as caught:
        published(store, draft)
    assert [(each.place, each.is_shown) for each in caught.value.rows] == [("4", False)]
    published(store, draft, partial=True)
    loaded = assert_whole(folder).load()
    assert [each.id for each in loaded.catalogue.projects] == ["verdi", "buono"]
    # The row waits in its file, and does not stand in the way of another publication.
    assert (folder / "projects.csv").read_bytes() == content
    published(store, draft_of(store, {"programmes.csv": rows("programmes", {"name_it": "N"})}))


@pytest.mark.parametrize("change", [{"phase": "boh"}, {"id": "VERDI !"}, {"name_it": ""}])
def test_a_bad_row_never_takes_away_what_is_shown(
    change: dict[str, str], store: FolderStore, folder: Path, rows: Rows
) -> None:
    draft = draft_of(store, {"projects.csv": rows("projects", {"id": "verdi", **change})})
    if draft.catalogue is not None and draft.quarantined:
        with pytest.raises(QuarantineError) as caught:
            published(store, draft, partial=True, confirmed=True)
        assert [each.is_shown for each in caught.value.rows] == [True]
    else:
        assert change == {"name_it": ""}
    assert [each.id for each in FolderStore(folder).load().catalogue.projects] == ["verdi"]


def test_a_row_that_others_refer_to_does_not_take_them_along(
    store: FolderStore, rows: Rows
) -> None:
    published(store, draft_of(store, {"milestones.csv": rows("milestones", {})}))
    draft = draft_of(store, {"projects.csv": rows("projects", {"id": "altro"})})
    with pytest.raises(QuarantineError) as caught:
        published(store, draft, partial=True, confirmed=True)
    assert [(each.file, each.is_shown) for each in caught.value.rows] == [("milestones.csv", True)]


def test_faults_that_were_there_before_stand_in_nobodys_way(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    (folder / "events.csv").write_bytes(rows("events", {"id": "NO !"}))
    (folder / "stops.csv").write_bytes(b"")
    published(store, draft_of(store, {"projects.csv": rows("projects", {}, {"id": "nuovo"})}))
    assert_whole(folder)


def test_taking_rows_away_and_changing_many_wants_to_be_confirmed(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    fewer = rows("workshops", *({"id": f"w-{n}"} for n in range(9)))
    other = rows("workshops", *({"id": f"w-{n}", "name_it": "Altra"} for n in range(10)))
    for content, told in ((fewer, (10, 1, 0)), (other, (10, 0, 10))):
        with pytest.raises(UnconfirmedError) as caught:
            published(store, draft_of(store, {"workshops.csv": content}))
        (each,) = caught.value.extents
        assert (each.n_rows, each.n_removed, each.n_changed) == told
    few = workshops(rows, {"id": "w-0", "name_it": "Altra"}, {"id": "w-1", "name_it": "Altra"})
    published(store, draft_of(store, {"workshops.csv": few}))
    published(store, draft_of(store, {"workshops.csv": fewer}), confirmed=True)
    assert len(assert_whole(folder).load().catalogue.place_ids) == 9


# ---------------------------------------------------------------- restoring


def test_an_old_version_comes_back_as_a_new_one(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    before = on_disk(folder)
    files = {"projects.csv": None, "milestones.csv": rows("milestones")}
    published(store, draft_of(store, files), confirmed=True)
    first = store.versions()[0]
    version = restore(store, first, author="Bea", message="Indietro", at=NOW)
    assert (version.number, version.origin, version.author) == (3, Origin.RESTORED, "Bea")
    assert on_disk(folder) == before
    assert version.files == first.files
    assert_whole(folder)


def test_the_newest_version_mends_files_that_were_broken_outside(
    store: FolderStore, folder: Path
) -> None:
    store.load()
    newest = store.record(NOW)
    assert newest is not None
    before = on_disk(folder)
    (folder / "workshops.csv").write_bytes(b"id,na")
    assert restore(store, newest, author="", message="", at=NOW) == newest
    assert on_disk(folder) == before
    assert not assert_whole(folder).load().stale


def test_a_version_whose_contents_are_gone_cannot_come_back(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    published(store, draft_of(store, {"projects.csv": rows("projects", {}, {"id": "nuovo"})}))
    assert store.history is not None
    store.history.prune(1)
    before = on_disk(folder)
    with pytest.raises(VersionError):
        restore(store, store.versions()[0], author="", message="", at=NOW)
    assert on_disk(folder) == before


# ---------------------------------------------------------------- two at once


def test_who_comes_second_is_told_what_changed_meanwhile(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    mine = draft_of(store, {"projects.csv": rows("projects", {"name_it": "Mio"})})
    theirs = published(
        store, draft_of(store, {"projects.csv": rows("projects", {"name_it": "Loro"})})
    )
    with pytest.raises(Overtaken) as caught:
        published(store, mine)
    assert (caught.value.newest, caught.value.files) == (theirs, ("projects.csv",))
    with pytest.raises(Overtaken) as caught:
        rebase(store, mine)
    assert caught.value.files == ("projects.csv",)
    assert b"Loro" in (folder / "projects.csv").read_bytes()


def test_an_edit_from_outside_is_no_less_a_conflict(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    mine = draft_of(store, {"projects.csv": rows("projects", {"name_it": "Mio"})})
    (folder / "projects.csv").write_bytes(rows("projects", {"name_it": "Loro"}))
    with pytest.raises(Overtaken):
        published(store, mine)
    assert b"Loro" in (folder / "projects.csv").read_bytes()


def test_a_watcher_that_records_what_was_there_is_no_conflict(
    store: FolderStore, rows: Rows
) -> None:
    mine = draft_of(store, {"projects.csv": rows("projects", {"name_it": "Mio"})})
    store.load()
    store.record(NOW)
    assert published(store, mine).number == 2


def test_changes_of_other_files_and_of_other_rows_are_put_together(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    mine = draft_of(
        store,
        {
            "workshops.csv": workshops(rows, {"id": "w-0", "name_it": "Mia"}),
            "programmes.csv": rows("programmes", {"name_it": "Mio"}),
        },
    )
    theirs = {
        "workshops.csv": workshops(rows, {"id": "w-0"}, {"id": "w-1", "name_it": "Loro"}),
        "projects.csv": rows("projects", {"name_it": "Loro"}),
    }
    published(store, draft_of(store, theirs))
    published(store, rebase(store, mine))
    catalogue = assert_whole(folder).load().catalogue
    assert list(catalogue.table("workshops")["name_it"][:3]) == ["Mia", "Loro", "Galleria Rossi"]
    assert catalogue.projects[0].name_it == "Loro"
    assert catalogue.table("programmes")["name_it"].to_list() == ["Mio"]


def test_two_rows_of_one_name_are_not_put_together(store: FolderStore, rows: Rows) -> None:
    drafts = [
        draft_of(store, {"projects.csv": rows("projects", {}, {"id": "nuovo", "name_it": name})})
        for name in ("Mio", "Loro")
    ]
    published(store, drafts[1])
    with pytest.raises(QuarantineError):
        published(store, rebase(store, drafts[0]))


def test_a_draft_that_restores_is_never_put_onto_other_changes(
    store: FolderStore, rows: Rows
) -> None:
    published(store, draft_of(store, {"projects.csv": rows("projects", {}, {"id": "nuovo"})}))
    draft = draft_to_restore(store, store.versions()[0])
    published(store, draft_of(store, {"programmes.csv": rows("programmes", {"name_it": "N"})}))
    with pytest.raises(Overtaken):
        rebase(store, draft)


def test_rows_are_put_together_whatever_their_line_ends() -> None:
    base = b'id,t\n1,a\n2,"b\nb"\n3,c'
    mine = b'id,t\r\n1,A\r\n2,"b\nb"\r\n3,c\r\n4,m\r\n'
    theirs = b'id,t\n1,a\n2,"b\nB"\n3,c\n5,t\n'
    assert merged(base, mine, theirs) == b'id,t\n1,A\n2,"b\nB"\n3,c\n5,t\n4,m\n'
    assert merged(base, base, theirs) == theirs
    assert merged(b"a\n1\n", b"a\n2\n", b"a\n3\n") is None
    assert merged(b"a\n1\n", b"a\n", b"a\n3\n") is None
    assert merged(b"a\n1\n", b"a\n2\n", b"a\n2\n") == b"a\n2\n"
    assert merged("a\n".encode("utf-16"), b"", b"") is None


@given(
    base=st.lists(st.integers(0, 9), unique=True),
    mine=st.dictionaries(st.integers(0, 9), st.sampled_from("xyz")),
    theirs=st.dictionaries(st.integers(10, 19), st.sampled_from("xyz")),
)
def test_changes_of_different_rows_are_always_put_together(
    base: list[int], mine: dict[int, str], theirs: dict[int, str]
) -> None:
    rows = {**dict.fromkeys(base, "a"), **dict.fromkeys((n + 10 for n in base), "b")}

    def written(changes: dict[int, str]) -> bytes:
        changed = {n: changes.get(n, text) for n, text in rows.items()}
        return "".join(f"{n},{text}\n" for n, text in changed.items()).encode()

    assert merged(written({}), written(mine), written(theirs)) == written({**mine, **theirs})


# ---------------------------------------------------------------- sudden ends

CHANGE = """
    import datetime as dt, os, signal, sys
    from pathlib import Path
    from regen_map.store import FolderStore, Overtaken, draft_of, publish, rebase
    from regen_map.store.folder.journal import Journal

    folder = Path(sys.argv[1])
    STEPS = {"os.rename", "os.remove", "os.chmod", "os.mkdir", "tempfile.mkstemp"}

    def changed(name, row, mark):
        lines = (folder / name).read_bytes().splitlines()
        line = lines[row].split(b",", 2)
        lines[row] = b",".join([line[0], b"Nome " + mark.encode(), line[2]])
        return b"\\n".join(lines) + b"\\n"

    def next_draft(store, mark):
        # Two files change; a third one comes, or goes.
        events = None if (folder / "events.csv").is_file() else b"id,name_it,name_en\\n"
        files = {name: changed(name, 1, mark) for name in ("projects.csv", "workshops.csv")}
        return draft_of(store, files | {"events.csv": events})

    def done(store, draft, author=""):
        return publish(store, draft, author=author, message="", at=dt.datetime.now(dt.UTC),
            confirmed=True)

    def at_step(n, act):
        # Before the nth thing that is done to the disk.
        left = [n]
        def hook(event, _):
            if event in STEPS:
                left[0] -= 1
                if left[0] == 0:
                    act()
        sys.addaudithook(hook)
"""


def ran(code: str, *arguments: object) -> str:
    """Run code in a process of its own, after that of `CHANGE`."""
    return stores.ran(stores.TOGETHER, CHANGE, code, given=arguments)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked to be killed")
def test_wherever_a_publication_is_killed_all_files_are_old_or_new(
    store: FolderStore, folder: Path
) -> None:
    store.load()
    store.record(NOW)
    # One import for all that are killed; each dies one step later than the one before.
    code = """
        told = []
        for n in range(1, 100):
            store = FolderStore(folder)
            before = store.history.newest
            draft = next_draft(store, str(n))
            child = os.fork()
            if not child:
                at_step(n, lambda: os.kill(os.getpid(), signal.SIGKILL))
                # Whoever is forked needs a lock of its own.
                done(FolderStore(folder), draft)
                os._exit(0)
            _, status = os.waitpid(child, 0)
            begun = Journal(store.history.root).is_open
            reader = FolderStore(folder)
            shown = reader.load()
            newest = reader.history.newest
            assert not shown.stale
            assert shown.catalogue.version == newest.catalogue
            assert newest == before or newest.parent == before.hash
            files = {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}
            visible = {name: each for name, each in files.items() if name[0] != "."}
            assert visible == (dict(draft.base) if newest == before else dict(draft.contents))
            with reader.writing():
                pass
            assert not [each for each in folder.iterdir() if each.name.startswith(".pub")]
            assert reader.history.verify() == ()
            told.append("N" if newest != before else "o")
            told.append("j" if begun else "-")
            if status == 0:
                break
        print("".join(told))
    """
    told = ran(code, folder).strip()
    # Until the journal lies there it is the old state, from then on the new one.
    deaths = [told[n : n + 2] for n in range(0, len(told), 2)]
    assert set(deaths) == {"o-", "Nj", "N-"}
    assert deaths.count("o-") > 10
    assert deaths.count("Nj") > 1
    assert deaths[-1] == "N-"
    assert_whole(folder)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is stopped by a signal")
def test_half_of_a_publication_is_never_shown(store: FolderStore, folder: Path) -> None:
    store.load()
    store.record(NOW)
    code = """
        store = FolderStore(folder)
        draft = next_draft(store, "halb")
        def stop_between_two_files():
            if (folder / "projects.csv").read_bytes() == draft.contents["projects.csv"]:
                print("half", flush=True)
                os.kill(os.getpid(), signal.SIGSTOP)
        for n in range(1, 100):
            at_step(n, stop_between_two_files)
        done(store, draft)
    """
    whole = textwrap.dedent(CHANGE) + textwrap.dedent(code)
    writer = subprocess.Popen(
        [sys.executable, "-c", whole, str(folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half\n"
        half = on_disk(folder)
        # Neither who has been here for long, nor who comes now, nor the watcher sees it.
        fresh = FolderStore(folder)
        versions = {each.load().catalogue.version for each in (store, fresh)}
        newest = store.versions()[-1]
        assert versions == {newest.catalogue}
        assert {name: half[name] for name in ("projects.csv",)} != {
            "projects.csv": store.history.contents(newest)["projects.csv"]  # type: ignore[union-attr]  # it has one
        }
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()  # type: ignore[union-attr]  # it is a pipe
    assert store.load().catalogue.version == fresh.load().catalogue.version != newest.catalogue
    assert_whole(folder)


DIES_BETWEEN_TWO_FILES = """
        store = FolderStore(folder)
        draft = next_draft(store, "x")
        def die_between_two_files():
            if (folder / "projects.csv").read_bytes() == draft.contents["projects.csv"]:
                os.kill(os.getpid(), signal.SIGKILL)
        for n in range(1, 100):
            at_step(n, die_between_two_files)
        if not os.fork():
            done(FolderStore(folder), draft)
        os.wait()
"""


def test_a_publication_that_died_writes_over_nothing_of_others(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    store.load()
    store.record(NOW)
    ran(DIES_BETWEEN_TWO_FILES, folder)
    theirs = workshops(rows, {"id": "w-0", "name_it": "Di qualcun altro"})
    (folder / "workshops.csv").write_bytes(theirs)
    shown = FolderStore(folder).load().catalogue
    assert "Di qualcun altro" in set(shown.table("workshops")["name_it"])
    assert shown.projects[0].name_it == "Nome x"
    assert (folder / "workshops.csv").read_bytes() == theirs
    assert len(store.versions()) == 2


@pytest.mark.parametrize("harm", ["object", "record", "link"])
def test_a_publication_that_cannot_go_on_is_taken_back(
    harm: str, store: FolderStore, folder: Path
) -> None:
    store.load()
    store.record(NOW)
    before = on_disk(folder)
    ran(DIES_BETWEEN_TWO_FILES, folder)
    root = folder / ".history"
    journal = root / "publication.json"
    version = json.loads(journal.read_bytes())
    if harm == "object":
        sha256 = version["files"]["workshops.csv"]
        (root / "objects" / sha256[:2] / sha256).write_bytes(b"damaged")
    elif harm == "record":
        journal.write_bytes(journal.read_bytes()[:100])
    else:
        (folder.parent / "secret").write_bytes(journal.read_bytes())
        journal.unlink()
        journal.symlink_to(folder.parent / "secret")
    assert not FolderStore(folder).load().stale
    assert on_disk(folder) == before
    assert_whole(folder)
    if harm == "object":
        # What is known to be of a publication that was taken back goes with it.
        names = {each.name for each in root.glob("objects/*/*")}
        assert names == {each for told in store.versions() for each in told.files.values()}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit of that kind")
def test_a_full_disk_changes_nothing(store: FolderStore, folder: Path) -> None:
    store.load()
    store.record(NOW)
    before = everything(folder)
    code = """
        import resource
        store = FolderStore(folder)
        draft = next_draft(store, "x" * 5000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
        try:
            done(store, draft)
        except OSError as error:
            print(error.errno)
    """
    assert int(ran(code, folder)) > 0
    assert everything(folder) == before
    assert_whole(folder)


def test_wherever_a_publication_fills_the_disk_nothing_is_left_of_it(
    store: FolderStore, folder: Path, files: Files, rows: Rows
) -> None:
    told = set()
    with small_disk(folder, 400_000):
        for name, content in files(workshops=workshops(rows)).items():
            (folder / name).write_bytes(content)
        store.load()
        store.record(NOW)
        # Two files of 17 kB, each to be written twice, and then what is said of them.
        names = [{"id": f"w-{n}", "name_it": "x" * 800, "name_en": "x" * 800} for n in range(10)]
        museums = [each | {"id": f"s-{n}", "kind": "museum"} for n, each in enumerate(names)]
        changed = {
            "workshops.csv": workshops(rows, *names),
            "attractions.csv": rows("attractions", *museums),
        }
        draft = draft_of(store, changed)
        for left in range(0, 104_000, 8_000):
            filler = filled(folder, left)
            before = everything(folder)
            try:
                version = published(store, draft, confirmed=True)
            except OSError as error:
                assert everything(folder) == before
                told.add(error.errno)
            else:
                told.add(version.number)
                break
            finally:
                filler.unlink()
        assert store.verify() == ()
    assert told == {errno.ENOSPC, 2}


def test_a_folder_that_cannot_be_written_changes_nothing(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    # Not by permissions: the administrator, as whom tests may run, is above them.
    (folder / "projects.csv").unlink()
    (folder / "projects.csv").mkdir()
    before = on_disk(folder)
    files = {
        "projects.csv": rows("projects", {}),
        "workshops.csv": workshops(rows, {"id": "w-0", "name_it": "Altra"}),
    }
    with pytest.raises(OSError, match="Errno"):
        published(store, draft_of(store, files), partial=True)
    assert on_disk(folder) == before
    assert len(store.versions()) <= 1
    (folder / "projects.csv").rmdir()
    published(store, draft_of(store, files))
    assert_whole(folder)


def test_eight_processes_lose_no_change_of_each_other(
    store: FolderStore, folder: Path, rows: Rows
) -> None:
    many = rows("workshops", *({"id": f"w-{n}"} for n in range(8)))
    (folder / "workshops.csv").write_bytes(many)
    store.load()
    store.record(NOW)
    code = """
        def change_a_row(me):
            store = FolderStore(folder)
            for n in range(2):
                row = changed("workshops.csv", me + 1, str(n))
                draft = draft_of(store, {"workshops.csv": row})
                try:
                    done(store, draft, author=f"{me} {n}")
                except Overtaken as conflict:
                    assert conflict.newest is not None
                    with store.writing():
                        done(store, rebase(store, draft), author=f"{me} {n}")
        together(8, change_a_row)
    """
    assert ran(code, folder) == f"{[0] * 8}\n"
    told = [each.author for each in store.versions()[1:]]
    assert sorted(told) == sorted(f"{each} {n}" for each in range(8) for n in range(2))
    catalogue = assert_whole(folder).load().catalogue
    assert set(catalogue.table("workshops")["name_it"]) == {"Nome 1"}
