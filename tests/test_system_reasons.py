"""Why the system refuses something: in the reader's language, and never in the system's own."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from regen_map.cli import main
from regen_map.messages import LANGUAGES, translator
from regen_map.messages.system import system_reason
from regen_map.store import FolderStore
from tests import stores
from tests.stores import Rows, filled, small_disk

folder = stores.folder

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "sul disco non c’è più spazio"),
        (errno.EDQUOT, "lo spazio su disco assegnato a questo utente è finito"),
        (errno.EROFS, "il disco è in sola lettura"),
        (errno.EACCES, "manca il permesso"),
        (errno.EPERM, "manca il permesso"),
        (errno.EIO, "il disco o la cartella di rete dà errori"),
        (errno.ESTALE, "il disco o la cartella di rete dà errori"),
        (errno.ENOENT, "il file o la cartella non c’è"),
        (errno.EMFILE, f"errore {errno.EMFILE} del sistema"),
        (123_456, "errore 123456 del sistema"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_is_told_without_the_words_of_the_system(
    number: int, reason: str, language: str
) -> None:
    error = OSError(number, os.strerror(number), "/srv/town/projects.csv")
    told = system_reason(error, translator(language))
    assert told == reason or language != "it"
    assert os.strerror(number) not in told
    assert "/srv" not in told


def test_what_has_no_number_is_told_too(tmp_path: Path) -> None:
    words = translator("it")
    lock = FileLock(tmp_path / "lock", timeout=0, thread_local=False)
    with lock, pytest.raises(Timeout) as caught:
        FileLock(tmp_path / "lock", timeout=0).acquire()
    assert system_reason(caught.value, words) == "chi sta scrivendo non finisce"
    assert system_reason(OSError("Broken"), words) == "errore del sistema"


def test_a_full_disk_is_told_in_italian(
    folder: Path, rows: Rows, tmp_path: Path, capsys: Captured
) -> None:
    given = tmp_path / "projects.csv"
    given.write_bytes(rows("projects", {"id": "nuovo", "name_it": "x" * 15_000}))
    home = tmp_path.resolve() / "disk"
    home.mkdir()
    with small_disk(home, 200_000):
        for path in folder.iterdir():
            (home / path.name).write_bytes(path.read_bytes())
        assert main(["history", str(home), "--confirm"]) == 0
        filled(home, 8_000)
        capsys.readouterr()
        assert main(["publish", str(given), "--folder", str(home), "--yes"]) == 2
        told = capsys.readouterr().err
        assert FolderStore(home).verify() == ()
    assert "Non si può scrivere (sul disco non c’è più spazio); nulla è andato perso." in told
    assert "No space" not in told


def test_a_command_that_the_system_stops_says_so_in_a_sentence(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "off")
    # Not by permissions: the administrator, as whom tests may run, is above them.
    (folder / "README.md").mkdir()
    assert main(["data-docs", "--data", str(folder)]) == 2
    told = capsys.readouterr().err
    assert str(folder / "README.md") in told
    assert f"system error {errno.EISDIR}" in told
    assert "Traceback" not in told
