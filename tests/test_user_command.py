"""The command ``user``: accounts in the file of secrets."""

from __future__ import annotations

import datetime as dt
import getpass
import io
import os
import pty
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from regen_map.access import AccountsFile, Entrance, Role, accounts_in
from regen_map.cli import main
from regen_map.messages import translator

Captured = pytest.CaptureFixture[str]
Type = Callable[..., None]

PASSWORD = "marmo bianco di Ada"  # noqa: S105 - of this test
THEIRS = """# Streamlit's
[auth]
cookie_secret = "not for anybody"  # keep

[other]
day = 2026-03-12
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "secrets.toml"
    monkeypatch.setenv("REGEN_MAP_SECRETS", str(path))
    return path


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Type:
    """Put bytes on the standard input."""

    def put(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))

    put(f"{PASSWORD}\n".encode())
    return put


def run(*arguments: str) -> int:
    return main(["user", *arguments])


def test_an_account_is_made_and_its_password_lets_in(
    path: Path, type_in: Type, capsys: Captured
) -> None:
    path.write_text(THEIRS, "utf-8")
    type_in(f"{PASSWORD}\r\nmore\n".encode())
    assert run("add", "ada", "--role", "publisher", "--full-name", "Ada Neri", "--lang", "en") == 0
    told = capsys.readouterr()
    assert told.out == f"Added the account ada (publisher) to {path}.\n"
    assert told.err == ""
    assert path.read_text("utf-8").startswith(THEIRS)
    assert PASSWORD not in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    account = accounts_in(path.read_bytes()).by_name["ada"]
    assert (account.role, account.full_name) == (Role.PUBLISHER, "Ada Neri")
    door = Entrance(AccountsFile(path))
    assert door.sign_in("ada", PASSWORD, "", dt.datetime(2026, 3, 12, tzinfo=dt.UTC))


@pytest.mark.usefixtures("type_in")
def test_the_file_is_made_where_the_server_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.delenv("REGEN_MAP_SECRETS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert run("add", "ada", "--role", "editor") == 0
    made = tmp_path / ".streamlit" / "secrets.toml"
    assert f"Aggiunto l’account ada (redazione) in {made}." in capsys.readouterr().out
    assert "full_name" not in made.read_text("utf-8")
    assert "ada" in accounts_in(made.read_bytes()).by_name


@pytest.mark.usefixtures("type_in")
def test_accounts_are_told_with_what_is_wrong(path: Path, capsys: Captured) -> None:
    assert run("list", "--lang", "en") == 0
    assert capsys.readouterr().out == f"No account in {path}.\n"
    run("add", "ada", "--role", "publisher", "--full-name", "Ada  Neri")
    capsys.readouterr()
    with path.open("a", encoding="utf-8") as more:
        more.write('[regen_map.accounts."x\\u202e\\u001b"]\nrole = "boss"\n')
        more.write('[regen_map.oidc]\neditors = ["Eva@b.it", "no"]\n')
    assert run("list", "--lang", "en") == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "ada (Ada Neri): publisher",
        "eva@b.it: editor, with the organisation’s account",
    ]
    assert told.err.splitlines() == [
        "«x[U+202E][U+001B]» cannot be the name of an account: it is closed.",
        "«editors» has an entry that is not an e-mail address in ASCII: it is ignored.",
        translator("en").text("access.user.no_streamlit"),
    ]


@pytest.mark.usefixtures("type_in")
@pytest.mark.parametrize(
    "full_name",
    ["Ada <b>", "Ada>", "Ada\x1b[31m", "Ada\u202eireN", "Ada\nNeri", "\u200b", "x" * 101],
)
def test_a_full_name_that_would_not_be_told_whole_is_refused(
    full_name: str, path: Path, capsys: Captured
) -> None:
    assert run("add", "ada", "--role", "editor", "--full-name", full_name, "--lang", "en") == 1
    err = capsys.readouterr().err
    assert "» cannot be anybody’s full name: it holds neither < nor >" in err
    assert not {"\x1b", "\u202e", "\u200b"} & set(err)
    assert not path.exists()


@pytest.mark.usefixtures("type_in")
@pytest.mark.parametrize(
    "full_name", ["Ada Neri", "  Zoë  O’Hara-Łuk ", "Anna\u00a0Maria (IT) & Co.", ""]
)
def test_a_full_name_is_told_as_it_was_given(full_name: str, path: Path) -> None:
    assert run("add", "ada", "--role", "editor", "--full-name", full_name) == 0
    account = accounts_in(path.read_bytes()).by_name["ada"]
    assert account.full_name == " ".join(full_name.split())


def test_a_password_is_changed_and_nothing_else(
    path: Path, type_in: Type, capsys: Captured
) -> None:
    path.write_text(THEIRS, "utf-8")
    run("add", "ada", "--role", "editor", "--full-name", "Ada Neri")
    before = tomllib.loads(path.read_text("utf-8"))
    type_in(b"another long password")
    assert run("password", "ada", "--lang", "en") == 0
    assert "Changed the password of the account ada" in capsys.readouterr().out
    after = tomllib.loads(path.read_text("utf-8"))
    ada = after["regen_map"]["accounts"]["ada"]
    assert ada["password"] != before["regen_map"]["accounts"]["ada"]["password"]
    before["regen_map"]["accounts"]["ada"]["password"] = ada["password"]
    assert after == before


@pytest.mark.usefixtures("type_in")
def test_an_account_is_removed_even_a_broken_one(path: Path, capsys: Captured) -> None:
    path.write_text(THEIRS, "utf-8")
    run("add", "ada", "--role", "editor")
    with path.open("a", encoding="utf-8") as more:
        more.write('[regen_map.accounts."No Name"]\nrole = "boss"\n')
    assert run("remove", "ada", "--lang", "en") == 0
    assert run("remove", "No Name", "--lang", "en") == 0
    assert "Removed the account No Name" in capsys.readouterr().out
    assert tomllib.loads(path.read_text("utf-8")) == tomllib.loads(THEIRS)
    assert path.read_text("utf-8").startswith(THEIRS)


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("add", "Ada", "--role", "editor"), PASSWORD.encode(), "«Ada» cannot be the name"),
        (("add", "a\x1bb", "--role", "editor"), PASSWORD.encode(), "«a[U+001B]b» cannot be"),
        (("add", "ada", "--role", "editor"), PASSWORD.encode(), "called ada already"),
        (("add", "ugo", "--role", "editor"), b"short\n", "at least 12 characters"),
        (("add", "ugo", "--role", "editor"), b"", "at least 12 characters"),
        (("add", "ugo", "--role", "editor"), b"a" * 100_000, "at most 1,024 bytes"),
        (("add", "ugo", "--role", "editor"), b"\xff" * 20, "is not text in UTF-8"),
        (("password", "ada"), b"short\n", "at least 12 characters"),
        (("password", "ugo"), PASSWORD.encode(), "no account called ugo"),
        (("remove", "ugo"), b"", "no account called ugo"),
    ],
)
def test_what_is_refused_changes_nothing(  # noqa: PLR0913, PLR0917
    path: Path, type_in: Type, capsys: Captured, arguments: tuple[str, ...], typed: bytes, told: str
) -> None:
    run("add", "ada", "--role", "editor")
    before = path.read_bytes()
    type_in(typed)
    capsys.readouterr()
    assert run(*arguments, "--lang", "en") == 1
    assert told in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.usefixtures("type_in")
def test_a_file_that_cannot_be_used_is_left_alone(path: Path, capsys: Captured) -> None:
    path.write_bytes(b"[broken")
    assert run("add", "ada", "--role", "editor", "--lang", "en") == 2
    assert "correct it by hand" in capsys.readouterr().err
    assert path.read_bytes() == b"[broken"
    path.unlink()
    path.mkdir()
    for arguments in (("list",), ("add", "ada", "--role", "editor"), ("remove", "ada")):
        assert run(*arguments, "--lang", "en") == 2
        assert f"The file {path} cannot be read" in capsys.readouterr().err


@pytest.mark.usefixtures("type_in")
def test_a_link_is_read_and_not_written(path: Path, tmp_path: Path, capsys: Captured) -> None:
    real = tmp_path / "real.toml"
    real.write_text(THEIRS, "utf-8")
    path.symlink_to(real)
    assert run("list") == 0
    assert run("add", "ada", "--role", "editor", "--lang", "en") == 2
    assert "is a link to another file" in capsys.readouterr().err
    assert real.read_text("utf-8") == THEIRS
    assert path.is_symlink()


@pytest.mark.usefixtures("type_in")
def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("REGEN_MAP_SECRETS", str(tmp_path / "file" / "secrets.toml"))
    assert run("add", "ada", "--role", "editor", "--lang", "en") == 2
    told = capsys.readouterr().err
    assert "cannot be" in told
    assert "Traceback" not in told


def test_no_password_is_taken_from_the_command_line(path: Path, capsys: Captured) -> None:
    for arguments in (("--password", PASSWORD), (PASSWORD,)):
        with pytest.raises(SystemExit) as stopped:
            run("add", "ada", "--role", "editor", *arguments)
        assert stopped.value.code == 2
    with pytest.raises(SystemExit):
        run("add", "ada", "--role", "admin")
    assert not path.exists()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("second", "status", "told"),
    [(PASSWORD, 0, "Added the account ada"), ("something else", 1, "are not the same")],
)
def test_a_terminal_is_asked_twice_and_shows_nothing(
    path: Path, second: str, status: int, told: str
) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "regen_map", "user", "add", "ada", "--role", "editor"]
    with subprocess.Popen(
        [*command, "--lang", "en"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    ) as process:
        os.close(theirs)
        shown = b""
        for question, answer in ((b"Password for ada", PASSWORD), (b"Once more", second)):
            while question not in shown or not shown.rstrip(b"\r\n").endswith(b": "):
                shown += os.read(ours, 1000)
            os.write(ours, f"{answer}\n".encode())
        while True:
            try:
                part = os.read(ours, 1000)
            except OSError:
                break
            if not part:
                break
            shown += part
    os.close(ours)
    assert process.returncode == status
    assert told.encode() in shown
    assert PASSWORD.encode() not in shown
    assert second.encode() not in shown
    assert path.exists() is (status == 0)


@pytest.mark.usefixtures("type_in")
def test_a_terminal_that_would_show_the_password_is_not_asked(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(f"{PASSWORD}\n{PASSWORD}\n"))
    monkeypatch.setattr(getpass, "getpass", getpass.fallback_getpass)  # type: ignore[attr-defined]
    assert run("add", "ada", "--role", "editor", "--lang", "en") == 1
    assert "nothing was changed" in capsys.readouterr().err
    assert not path.exists()
