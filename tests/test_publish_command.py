"""The commands ``diff``, ``publish``, ``restore`` and ``history --keep``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from regen_map.cli import main
from regen_map.store import FolderStore, Origin
from tests import stores
from tests.stores import Rows

Captured = pytest.CaptureFixture[str]

folder = stores.folder


@pytest.fixture
def given(tmp_path: Path) -> Callable[[str, bytes], str]:
    """Write a file as somebody hands it in."""

    def write(name: str, content: bytes) -> str:
        path = tmp_path / "handed in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return str(path)

    return write


Given = Callable[[str, bytes], str]


def run(*arguments: object) -> int:
    return main([str(each) for each in arguments])


def versions(folder: Path) -> list[tuple[int, str, str, str]]:
    return [
        (each.number, each.author, each.message, each.origin)
        for each in FolderStore(folder).versions()
    ]


def test_files_are_published_and_told(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    content = rows("projects", {"phase": "works"}, {"id": "nuovo", "name_it": "Nuovo <b>"})
    file = given("Progetti 2026.csv", content)
    told = ["--author", "Ada", "--message", "Cantieri", "--lang", "en"]
    assert run("publish", file, "--folder", folder, *told) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("New or changed files: projects.csv")
    assert lines[1] == "In all: 1 new project and 1 fact now known."
    assert lines[-1] == "Published: this is version 2."
    assert "  Now known · Phase: not known → Works under way" in lines
    assert (folder / "projects.csv").read_bytes() == content
    assert versions(folder)[1] == (2, "Ada", "Cantieri", Origin.COMMAND)


def test_a_dry_run_tells_everything_and_writes_nothing(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*")}
    file = given("projects.csv", rows("projects", {}, {"id": "nuovo"}))
    assert run("publish", file, "--folder", folder, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "In tutto: 1 progetto nuovo." in said
    assert said.endswith("Era una prova: nulla è stato pubblicato.\n")
    assert {path: path.read_bytes() for path in folder.rglob("*")} == before


def test_rows_with_errors_are_told_and_held_back(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    file = given("projects.csv", rows("projects", {}, {"id": "guasto", "phase": "boh"}))
    arguments = ("publish", file, "--folder", folder, "--lang", "en")
    assert run(*arguments) == 1
    out, err = capsys.readouterr()
    assert "projects.csv, line 3, column «phase»" in out
    assert "1 row would be left out because of its errors: projects.csv:3." in err
    assert versions(folder) == []
    assert run(*arguments, "--partial") == 0
    broken = given("projects.csv", rows("projects", {"phase": "boh"}))
    assert run("publish", broken, "--folder", folder, "--partial", "--yes", "--lang", "en") == 1
    assert "1 row that is shown now would be lost" in capsys.readouterr().err


def test_taking_rows_away_needs_a_yes(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    file = given("workshops.csv", rows("workshops", *({"id": f"w-{n}"} for n in range(4))))
    arguments = ("publish", file, "--folder", folder, "--lang", "en")
    assert run(*arguments) == 1
    assert capsys.readouterr().err == (
        "Table workshops: of 10 rows, 6 taken away and 0 changed.\n"
        "Nothing was published. If it is meant, repeat with --yes.\n"
    )
    assert versions(folder) == []
    assert run(*arguments, "--yes") == 0
    assert len(FolderStore(folder).load().catalogue.place_ids) == 4


def test_programs_are_told_in_json(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    file = given("projects.csv", rows("projects", {"phase": "works"}, {"id": "x", "phase": "boh"}))
    assert run("publish", file, "--folder", folder, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["refused"], found["version"]) == ("quarantined", None)
    assert found["quarantined"] == [{"file": "projects.csv", "place": "3", "is_shown": False}]
    assert run("publish", file, "--folder", folder, "--json", "--partial") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["refused"], found["version"]) == ("", 2)
    assert found["files"] == {"changed": ["projects.csv"], "gone": []}
    (each,) = found["differences"]
    assert (each["subject"], each["column"], each["after"]) == ("verdi", "phase", "works")


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("notes.doc", b"", 2),
        ("qualcosa.csv", b"id\n", 2),
        ("projects.csv", b"", 1),
        ("city.toml", b"= =", 1),
    ],
)
def test_what_cannot_be_taken_is_told_in_a_sentence(  # noqa: PLR0913, PLR0917 - what is needed
    name: str, content: bytes, status: int, folder: Path, given: Given, capsys: Captured
) -> None:
    assert run("publish", given(name, content), "--folder", folder) == status
    assert name in capsys.readouterr().err
    assert versions(folder) == []


def test_two_files_of_one_table_are_refused(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    both = [given(name, rows("projects", {})) for name in ("projects.csv", "progetti.csv")]
    assert run("publish", *both, "--folder", folder, "--lang", "en") == 2
    assert "holds the same table" in capsys.readouterr().err
    assert run("publish", given("x.csv", rows("projects", {})), "--folder", folder) == 2
    named = ("--table", "projects", "--folder", folder)
    assert run("publish", given("x.csv", rows("projects", {})), *named) == 0


def test_without_a_history_nothing_can_be_published(
    folder: Path, given: Given, rows: Rows, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "off")
    file = given("projects.csv", rows("projects", {}, {"id": "nuovo"}))
    before = (folder / "projects.csv").read_bytes()
    for command in (["publish", file], ["restore", "v1"]):
        assert run(*command, "--folder", folder, "--lang", "en") == 2
        assert "No history is kept of this folder" in capsys.readouterr().err
    assert run("history", folder, "--keep", 1) == 2
    assert (folder / "projects.csv").read_bytes() == before


def test_a_history_that_cannot_be_written_is_told_in_a_sentence(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    file = given("projects.csv", rows("projects", {}, {"id": "nuovo"}))
    (folder / ".history").write_text("no folder")
    before = (folder / "projects.csv").read_bytes()
    assert run("publish", file, "--folder", folder, "--lang", "en") == 2
    assert "It cannot be written" in capsys.readouterr().err
    assert run("history", folder, "--keep", 1) == 2
    assert (folder / "projects.csv").read_bytes() == before


def test_publishing_on_an_altered_history_says_so(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    file = given("projects.csv", rows("projects", {}, {"id": "nuovo"}))
    assert run("publish", file, "--folder", folder, "--author", "Ada") == 0
    stores.InFolder(folder).alter_version(2, lambda record: record.replace(b"Ada", b"Eva"))
    capsys.readouterr()
    told = "Versione 2: la sua scheda non è quella che era stata scritta."
    assert run("history", folder) == 0
    assert told in capsys.readouterr().err
    file = given("projects.csv", rows("projects", {}, {"id": "nuovo"}, {"id": "altro"}))
    assert run("publish", file, "--folder", folder, "--json", "--dry-run") == 0
    assert json.loads(capsys.readouterr().out)["flaws"] == [
        {"fault": "altered", "number": 2, "file": ""}
    ]
    # The files are those of no sound version any more: they become one first.
    for n in (3, 4):
        file = given("projects.csv", rows("projects", {}, {"id": f"altro-{n}"}))
        assert run("publish", file, "--folder", folder, "--yes") == 0
        out, err = capsys.readouterr()
        assert err.count(told) == 1
        assert out.endswith(f"Pubblicato: è la versione {n + 1}.\n")


def test_a_version_comes_back(folder: Path, given: Given, rows: Rows, capsys: Captured) -> None:
    before = (folder / "projects.csv").read_bytes()
    file = given("projects.csv", rows("projects", {"name_it": "Altro"}, {"id": "nuovo"}))
    assert run("publish", file, "--folder", folder) == 0
    arguments = ("restore", "v1", "--folder", folder, "--lang", "en")
    assert run(*arguments, "--dry-run", "--yes") == 0
    assert run(*arguments) == 1
    assert "1 taken away" in capsys.readouterr().err
    assert run(*arguments, "--yes", "--message", "Indietro") == 0
    assert (folder / "projects.csv").read_bytes() == before
    assert versions(folder)[-1][2:] == ("Indietro", Origin.RESTORED)
    assert run(*arguments) == 0
    assert "version 3 stays" in capsys.readouterr().out
    assert run("restore", "v9", "--folder", folder, "--lang", "en") == 2
    assert "There is no version 9." in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        run("restore", "yesterday", "--folder", folder)


def test_two_states_are_compared(
    folder: Path, given: Given, rows: Rows, capsys: Captured, tmp_path: Path
) -> None:
    assert run("diff", "--folder", folder, "--lang", "en") == 2
    assert "There is no version yet" in capsys.readouterr().err
    file = given("projects.csv", rows("projects", {"phase": "works"}))
    assert run("publish", file, "--folder", folder) == 0
    (folder / "projects.csv").write_bytes(rows("projects", {"phase": "completed"}))
    capsys.readouterr()
    for states, before, after in (
        ((), "works", "completed"),
        (("v1",), None, "completed"),
        (("v1", "v2"), None, "works"),
        ((folder, "v2"), "completed", "works"),
    ):
        assert run("diff", *states, "--folder", folder, "--json") == 0
        (each,) = json.loads(capsys.readouterr().out)["differences"]
        assert (each["column"], each["before"], each["after"]) == ("phase", before, after)
    assert run("diff", "v2", "--folder", folder, "--lang", "en") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        f"From v2 to {folder}.",
        "New or changed files: projects.csv.",
        "In all: 1 project advanced.",
    ]
    for wrong in (["v9"], ["nowhere"], [str(tmp_path)], ["v1", "v2", "v2"]):
        assert run("diff", *wrong, "--folder", folder) == 2
        assert capsys.readouterr().err


def test_settings_of_the_city_are_told_key_by_key(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    assert run("publish", given("projects.csv", rows("projects", {})), "--folder", folder) == 0
    before = (folder / "city.toml").read_bytes()
    after = before.replace(b"Comune di Prova", b"Comune <b>").replace(b'"IT"', b'"FR"')
    file = given("city.toml", after)
    expected = [
        "Settings of the city city.toml",
        "  Changed · holiday_country: IT → FR",
        "  Changed · publisher.name: Comune di Prova → Comune <b>",
    ]
    capsys.readouterr()
    run("publish", file, "--folder", folder, "--dry-run", "--lang", "en")
    assert sorted(expected) == sorted(set(capsys.readouterr().out.splitlines()) & {*expected})
    (folder / "city.toml").write_bytes(after)
    for states in ((), ("v1", folder), (folder, "v1")):
        assert run("diff", *states, "--folder", folder, "--json") == 0
        found = json.loads(capsys.readouterr().out)["settings"]
        assert {each["name"] for each in found} == {"holiday_country", "publisher.name"}
    assert run("diff", "--folder", folder, "--lang", "en") == 0
    assert set(expected) <= set(capsys.readouterr().out.splitlines())


def test_settings_of_the_whole_map_need_a_yes(folder: Path, given: Given, capsys: Captured) -> None:
    before = (folder / "city.toml").read_bytes()
    file = given("city.toml", before.replace(b"Europe/Rome", b"Europe/London"))
    arguments = ("publish", file, "--folder", folder)
    assert run(*arguments, "--lang", "en") == 1
    assert capsys.readouterr().err == (
        "Settings change that hold for the whole map:\n"
        "- the time zone (time_zone): opening hours, events and “open now” shift.\n"
        "Nothing was published. If it is meant, repeat with --yes.\n"
    )
    assert run(*arguments, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["refused"], found["map_wide"]) == ("unconfirmed", ["time_zone"])
    assert (folder / "city.toml").read_bytes() == before
    assert run(*arguments, "--yes") == 0
    assert b"Europe/London" in (folder / "city.toml").read_bytes()
    mild = given("city.toml", before.replace(b"Europe/Rome", b"Europe/London") + b"# A note.\n")
    assert run("publish", mild, "--folder", folder) == 0


def test_hostile_texts_reach_no_terminal_as_they_are(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    name = "a\u202eb\x1b[31m" + "x" * 5000
    file = given("projects.csv", rows("projects", {}, {"id": "nuovo", "name_it": name}))
    run("publish", file, "--folder", folder, "--partial", "--author", name[:90])
    run("diff", "v1", "--folder", folder)
    said = "".join(capsys.readouterr())
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert max(map(len, said.splitlines())) < 2000


def test_old_contents_are_dropped_when_asked(
    folder: Path, given: Given, rows: Rows, capsys: Captured
) -> None:
    for n in range(3):
        file = given("projects.csv", rows("projects", {"name_it": f"N{n}"}))
        assert run("publish", file, "--folder", folder) == 0
    capsys.readouterr()
    assert run("history", folder, "--keep", 2, "--json", "--verify") == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["dropped"] for each in found["versions"]] == [True, True, False, False]
    assert found["flaws"] == []
    assert run("diff", "v1", "--folder", folder, "--lang", "en") == 2
    assert "Version 1 cannot be read any more" in capsys.readouterr().err
    assert run("restore", "v2", "--folder", folder) == 2
    for wrong in ("0", "-1", "x"):
        with pytest.raises(SystemExit, match="2"):
            run("history", folder, "--keep", wrong)


def test_two_commands_at_once_lose_nothing_of_each_other(
    folder: Path, given: Given, rows: Rows
) -> None:
    # The same row, so that the second one stops, or finds the first one's and goes on.
    files = [
        given(f"projects {n}.csv", rows("projects", {"name_it": f"Nome {n}"})) for n in range(2)
    ]
    command = [sys.executable, "-m", "regen_map", "publish"]
    options = ["--folder", str(folder), "--json"]
    running = [
        subprocess.Popen([*command, file, *options], stdout=subprocess.DEVNULL, env=os.environ)
        for file in files
    ]
    ends = sorted(each.wait() for each in running)
    assert ends in ([0, 0], [0, 3])
    store = FolderStore(folder)
    assert len(store.versions()) == 1 + ends.count(0)
    assert store.history is not None
    assert store.history.verify() == ()
    newest = store.history.contents(store.versions()[-1])
    assert newest["projects.csv"] == (folder / "projects.csv").read_bytes()
