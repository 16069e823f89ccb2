"""Who is let in: accounts, passwords, failures, sessions, claims of an organisation."""

from __future__ import annotations

import base64
import datetime as dt
import logging
import os
import stat
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from regen_map.access import (
    LONGEST,
    LONGEST_UNUSED,
    Account,
    Accounts,
    AccountsFault,
    AccountsFile,
    BusyError,
    Entrance,
    Fault,
    Identity,
    Passwords,
    Person,
    Refusal,
    Role,
    SecretsFormError,
    SlowedError,
    Unfit,
    UnfitPasswordError,
    account_names,
    accounts_in,
    entrance,
    hash_of,
    is_account_name,
    person_of_claims,
    refusal_of_claims,
    secrets_file,
    with_account,
    without_account,
    write_secrets,
)
from regen_map.access.accounts import ascii_address
from regen_map.access.attempts import FREE, LOCK_OUT, MOST, Attempts
from regen_map.access.passwords import is_hash
from regen_map.access.people import shown_name
from regen_map.access.sessions import MOST_OF_ONE, Sessions
from regen_map.access.vouched import Vouched

NOW = dt.datetime(2026, 3, 12, 13, 5, tzinfo=dt.UTC)
SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ADAS, UGOS = "marmo bianco di Ada", "statuario per Ugo"
HASHES = {"ada": hash_of(ADAS, CHEAP), "ugo": hash_of(UGOS, CHEAP)}
HERE = "192.0.2.1"


def secrets(ada: str = "publisher", ugo: str = "editor", more: str = "") -> str:
    return f"""
[auth]
cookie_secret = "not for anybody"

[regen_map.accounts.ada]
role = "{ada}"
password = "{HASHES["ada"]}"
full_name = "Ada Neri"

[regen_map.accounts.ugo]
role = "{ugo}"
password = "{HASHES["ugo"]}"

[regen_map.oidc]
editors = ["Eva@Comune.example"]
publishers = ["ida@comune.example"]
{more}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.toml"
    path.write_text(secrets(), "utf-8")
    return path


@pytest.fixture
def door(path: Path) -> Entrance:
    return Entrance(AccountsFile(path), Passwords(CHEAP))


def signed_in(door: Entrance, name: str = "ada", password: str = ADAS) -> str:
    token = door.sign_in(name, password, HERE, NOW)
    assert token is not None
    return token


def faults(text: str) -> list[AccountsFault]:
    return list(accounts_in(text.encode()).faults)


# ---------------------------------------------------------------- people


def test_a_publisher_may_what_an_editor_may_and_not_the_other_way_round() -> None:
    assert Role.PUBLISHER.includes(Role.EDITOR)
    assert Role.PUBLISHER.includes(Role.PUBLISHER)
    assert Role.EDITOR.includes(Role.EDITOR)
    assert not Role.EDITOR.includes(Role.PUBLISHER)


def test_an_author_is_a_name_and_a_key() -> None:
    ada = Person(name="Ada Neri", role=Role.EDITOR, key="ada")
    assert ada.author == "Ada Neri <ada>"
    assert Person(name="ada", role=Role.EDITOR, key="ada").author == "ada"
    assert ada.is_author("Ada Neri <ada>")
    assert ada.is_author("A. Neri <ada>")
    assert ada.is_author("ada")
    assert not ada.is_author("Ada Neri")
    assert not ada.is_author("Ada Neri <ida>")
    assert not ada.is_author("Ada Neri <ada> <ida>")
    assert not ada.is_author("")


@given(st.text(), st.sampled_from(["ada", "ida@comune.example"]))
def test_no_name_passes_for_the_key_of_somebody_else(text: str, key: str) -> None:
    other = Person(name=shown_name(text, "ugo"), role=Role.EDITOR, key="ugo")
    assert not Person(name="x", role=Role.EDITOR, key=key).is_author(other.author)
    assert other.name.isprintable()
    assert 0 < len(other.name) <= 100


def test_a_name_shows_nothing_hidden() -> None:
    assert shown_name("Ada\u202e Neri\x00\n\t<ida>", "") == "Ada Neri ida"
    assert shown_name(["Ada"], "ada") == "ada"
    assert shown_name("\u200b", "ada") == "ada"


# ---------------------------------------------------------------- the file of secrets


def test_accounts_are_read_beside_what_others_keep() -> None:
    found = accounts_in(secrets().encode())
    assert found.faults == ()
    assert found.by_name["ada"].person == Person(name="Ada Neri", role=Role.PUBLISHER, key="ada")
    assert found.by_name["ugo"].person == Person(name="ugo", role=Role.EDITOR, key="ugo")
    assert found.by_address == {
        "eva@comune.example": Role.EDITOR,
        "ida@comune.example": Role.PUBLISHER,
    }
    assert found.with_password
    assert found.with_organisation


def test_whoever_is_in_both_lists_publishes() -> None:
    text = '[auth]\n[regen_map.oidc]\neditors = ["A@b.it"]\npublishers = ["a@B.it"]'
    assert accounts_in(text.encode()).by_address == {"a@b.it": Role.PUBLISHER}


def test_addresses_alone_let_nobody_in_without_who_vouches_for_them() -> None:
    found = accounts_in(b'[regen_map.oidc]\neditors = ["a@b.it"]')
    assert not found.with_organisation


@pytest.mark.parametrize(
    "content",
    [
        b"[regen_map",
        b"\xff\xfe\x00",
        b"a = " + b"[" * 100_000,
        b'[regen_map]\n[regen_map]\naccounts = "x"',
        b"\x00",
    ],
)
def test_a_file_that_is_no_toml_lets_nobody_in(content: bytes) -> None:
    assert accounts_in(content) == Accounts(faults=(AccountsFault(Fault.FILE, ""),))


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ('role = "admin"', Fault.ROLE),
        ('role = "Publisher"', Fault.ROLE),
        ('role = ["publisher"]', Fault.ROLE),
        ("role = 1", Fault.ROLE),
        ("", Fault.ROLE),
        ('role = "publisher"', Fault.PASSWORD),
        ('role = "publisher"\npassword = "marmo bianco di Ada"', Fault.PASSWORD),
        ('role = "publisher"\npassword = ""', Fault.PASSWORD),
        ('role = "publisher"\npassword = 1', Fault.PASSWORD),
    ],
)
def test_a_broken_account_is_closed_and_the_others_stay(told: str, fault: Fault) -> None:
    found = accounts_in(secrets(more=f"[regen_map.accounts.eve]\n{told}").encode())
    assert found.faults == (AccountsFault(fault, "eve"),)
    assert set(found.by_name) == {"ada", "ugo"}


def test_tables_that_are_none_are_told() -> None:
    assert faults("regen_map = 1") == [(Fault.TABLE, "regen_map")]
    assert faults("[[regen_map]]") == [(Fault.TABLE, "regen_map")]
    assert faults("[regen_map]\naccounts = []") == [(Fault.TABLE, "regen_map.accounts")]
    assert faults('[regen_map]\noidc = "x"') == [(Fault.TABLE, "regen_map.oidc")]
    assert faults('[regen_map.accounts]\nada = "x"') == [(Fault.TABLE, "ada")]
    assert faults('[regen_map.oidc]\neditors = "a@b.it"') == [(Fault.LIST, "editors")]


@pytest.mark.parametrize("name", ["Ada", "", "a b", "è", "a@b.it", "<b>", "-a", "a" * 65, "a\nb"])
def test_a_name_that_nobody_can_have_is_told(name: str) -> None:
    assert not is_account_name(name)
    account = with_account(b"", name, {"role": "editor", "password": HASHES["ada"]})
    found = accounts_in(account)
    assert found.by_name == {}
    assert found.faults == (AccountsFault(Fault.NAME, name),)


@pytest.mark.parametrize("text", ["", "a", "a@", "@b.it", "a@b@c", "ß@b.it", "\u212aate@b.it", 1])
def test_an_address_is_one_of_ascii(text: object) -> None:
    assert ascii_address(text) is None
    if isinstance(text, str):
        assert faults(f'[regen_map.oidc]\neditors = ["{text}"]') == [(Fault.ADDRESS, "editors")]


def test_a_file_that_changes_is_read_again(path: Path) -> None:
    file = AccountsFile(path)
    first = file.accounts
    assert first.by_name["ada"].role is Role.PUBLISHER
    assert file.accounts is first
    path.write_text(secrets(ada="editor"), "utf-8")
    assert file.accounts.by_name["ada"].role is Role.EDITOR
    write_secrets(path, without_account(path.read_bytes(), "ada"))
    assert set(file.accounts.by_name) == {"ugo"}
    path.unlink()
    assert file.accounts == Accounts()
    path.write_text(secrets(), "utf-8")
    assert file.accounts == first


def test_a_change_that_leaves_size_and_time_is_seen(path: Path) -> None:
    file = AccountsFile(path)
    assert "ada" in file.accounts.by_name
    before = path.stat()
    write_secrets(path, path.read_bytes().replace(b"accounts.ada", b"accounts.eva"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert "ada" not in file.accounts.by_name


def test_a_file_that_cannot_be_read_lets_nobody_in_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    large = tmp_path / "large"
    large.write_bytes(secrets().encode() + b"#" * 2**20)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for each in (folder, pipe, large, loop):
        caplog.clear()
        file = AccountsFile(each)
        assert file.accounts.by_name == {}
        assert file.accounts.faults == (AccountsFault(Fault.FILE, ""),)
        assert len(caplog.records) == 1
        assert "nobody can sign in" in caplog.text


def test_the_operator_reads_what_is_wrong_and_no_secret(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hostile = '"x\\u202e\\nFORGED LINE %s <b>"'
    more = f'[regen_map.accounts.{hostile}]\nrole = "editor"\n[regen_map.accounts.eve]\nrole = "no"'
    path.write_text(secrets(more=more).replace("$argon2id", "$secret"), "utf-8")
    AccountsFile(path).accounts  # noqa: B018 - reads the file
    told = caplog.text
    assert "'eve' has no role" in told
    assert "'ada' is no Argon2id hash" in told
    assert "no account can have the name 'x\\u202e\\nFORGED LINE %s <b>'" in told
    assert "\nFORGED" not in told
    assert "$secret" not in told
    assert "not for anybody" not in told


def test_the_file_is_where_the_server_starts_or_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REGEN_MAP_SECRETS", raising=False)
    assert secrets_file() == tmp_path / ".streamlit" / "secrets.toml"
    monkeypatch.setenv("REGEN_MAP_SECRETS", "mine.toml")
    assert secrets_file() == tmp_path / "mine.toml"


def test_there_is_one_entrance_of_a_file(path: Path) -> None:
    assert entrance(path) is entrance(path)
    assert entrance(path) is not entrance(path.with_name("other.toml"))


# ---------------------------------------------------------------- writing it


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# mine\ntop = 1 # kept\n",
        secrets(),
        secrets().replace("\n", "\r\n"),
        '[regen_map.accounts.bea]\nrole = "editor"\n\n[auth]\nx = "1" # c\n[regen_map.oidc]\n',
        '[regen_map]\naccounts = {bea = {role = "editor"}}\n',
        "[regen_map]\nother = [1, 2]\n",
    ],
)
def test_an_account_comes_and_goes_and_the_rest_stays(before: str) -> None:
    told = {"role": "editor", "password": HASHES["ada"], "full_name": 'Ada "B" \\ è'}
    added = with_account(before.encode(), "new.one", told)
    account = accounts_in(added).by_name["new.one"]
    assert (account.role, account.password) == (Role.EDITOR, HASHES["ada"])
    assert account.full_name == 'Ada "B" \\ è'
    for line in before.splitlines():
        assert line in added.decode() or "bea = {" in line
    assert account_names(without_account(added, "new.one")) == account_names(before.encode())
    changed = with_account(added, "new.one", {"password": HASHES["ugo"]})
    assert accounts_in(changed).by_name["new.one"].full_name == account.full_name
    assert accounts_in(changed).by_name["new.one"].password == HASHES["ugo"]


@pytest.mark.parametrize(
    "text", ["[regen_map", "regen_map = 1", "[[regen_map]]", "[regen_map]\naccounts = []", "\x00"]
)
def test_a_file_in_another_form_is_not_touched(text: str) -> None:
    with pytest.raises(SecretsFormError):
        with_account(text.encode(), "ada", {"role": "editor"})
    with pytest.raises(SecretsFormError):
        account_names(text.encode())


def test_a_file_of_secrets_is_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secrets.toml"
    write_secrets(path, b"x = 1\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    write_secrets(path, b"x = 2\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == b"x = 2\n"
    assert [each.name for each in path.parent.iterdir()] == ["secrets.toml"]


def test_a_link_is_not_written(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_bytes(b"x = 1\n")
    link.symlink_to(real)
    with pytest.raises(OSError, match="symbolic"):
        write_secrets(link, b"x = 2\n")
    assert real.read_bytes() == b"x = 1\n"
    assert link.is_symlink()


def test_a_file_that_cannot_be_replaced_stays(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.mkdir()
    with pytest.raises(OSError, match=r"secrets\.toml"):
        write_secrets(path, b"x = 2\n")
    assert [each.name for each in tmp_path.iterdir()] == ["secrets.toml"]


# ---------------------------------------------------------------- passwords


def test_a_password_is_kept_as_argon2id_of_the_usual_cost() -> None:
    kept = hash_of(ADAS)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_hash(kept)
    assert ADAS not in kept


def test_a_password_is_neither_short_nor_endless() -> None:
    for password, reason in (
        ("a" * 11, Unfit.SHORT),
        ("", Unfit.SHORT),
        ("è" * 513, Unfit.LONG),
        ("a" * 20 + "\ud800", Unfit.NO_TEXT),
    ):
        with pytest.raises(UnfitPasswordError) as caught:
            hash_of(password, CHEAP)
        assert caught.value.reason is reason
        assert password not in str(caught.value) or not password
    assert is_hash(hash_of("è" * 512, CHEAP))


def test_a_password_is_the_same_however_its_accents_are_made() -> None:
    kept = hash_of("perche\u0301 cosi\u0300 si\u0300", CHEAP)
    passwords = Passwords(CHEAP)
    assert passwords.matches(kept, "perch\u00e9 cos\u00ec s\u00ec")
    assert not passwords.matches(kept, "perche cosi si")


def hash_with(m: str = "64", t: str = "1", p: str = "1", salt: int = 16, size: int = 32) -> str:
    def coded(length: int) -> str:
        return base64.b64encode(bytes(length)).decode().rstrip("=")

    return f"$argon2id$v=19$m={m},t={t},p={p}${coded(salt)}${coded(size)}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "marmo bianco di Ada",
        hash_with(m="4194304"),
        hash_with(t="1000000"),
        hash_with(t="0"),
        hash_with(p="100", m="1000"),
        hash_with(p="0"),
        hash_with(m="9" * 300),
        hash_with(m="4"),
        hash_with(salt=2),
        hash_with(size=4),
        hash_with()[:-1] + "!",
        hash_with() + "\n",
        hash_with().replace("argon2id", "argon2d"),
        hash_with().replace("argon2id", "argon2i"),
        hash_with().replace("v=19", "v=16"),
        hash_with()[:-2],
        "$2b$12$" + "a" * 53,
        "x" * 10_000,
    ],
)
def test_a_hash_that_is_none_or_costs_too_much_is_no_hash(text: str) -> None:
    assert is_hash(hash_with())
    assert not is_hash(text)
    assert not Passwords(CHEAP).matches("$argon2id$broken", ADAS)


def test_who_waits_has_the_next_turn_and_who_finds_no_place_has_none() -> None:
    passwords, went = Passwords(CHEAP, at_once=1, waiting=1, patience_s=60), threading.Event()

    def wait() -> None:
        with passwords.turn():
            went.set()

    with passwords.turn():
        other = threading.Thread(target=wait)
        other.start()
        assert not went.is_set()
    other.join()
    assert went.is_set()
    full = Passwords(CHEAP, at_once=1, waiting=0, patience_s=60)
    with full.turn(), pytest.raises(BusyError), full.turn():
        pass
    with full.turn():
        pass


def test_nobody_waits_for_ever_for_a_turn() -> None:
    passwords = Passwords(CHEAP, at_once=1, waiting=1, patience_s=0)
    with passwords.turn(), pytest.raises(BusyError), passwords.turn():
        pass
    with passwords.turn():
        pass


# ---------------------------------------------------------------- failures


def test_pauses_grow_and_end_in_a_lock_out() -> None:
    attempts = Attempts(10)
    pauses = []
    for _ in range(MOST + 1):
        pauses.append(attempts.pause("ada", NOW).total_seconds())
        attempts.failed("ada", NOW)
    assert pauses == [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 900]
    assert attempts.pause("ada", NOW + LOCK_OUT - SECOND) == SECOND
    assert attempts.pause("ada", NOW + LOCK_OUT) == dt.timedelta(0)
    assert attempts.pause("ugo", NOW) == dt.timedelta(0)
    assert len(attempts) == 0


def test_failures_are_forgotten_after_a_quiet_time() -> None:
    attempts = Attempts(10)
    for _ in range(FREE):
        attempts.failed("ada", NOW)
    attempts.failed("ada", NOW + LOCK_OUT)
    assert attempts.pause("ada", NOW + LOCK_OUT) == dt.timedelta(0)


def test_a_clock_that_is_set_back_locks_nobody_out_for_longer() -> None:
    attempts = Attempts(10)
    for _ in range(MOST):
        attempts.failed("ada", NOW)
    assert attempts.pause("ada", NOW - dt.timedelta(days=365)) == LOCK_OUT


def test_a_million_names_take_bounded_memory() -> None:
    attempts = Attempts(100)
    for n in range(10_000):
        attempts.failed(str(n), NOW)
    assert len(attempts) == 100
    for _ in range(FREE):
        attempts.failed("9999", NOW)
    assert attempts.pause("9999", NOW)


def test_what_was_no_failure_is_taken_back() -> None:
    attempts = Attempts(10)
    attempts.failed("here", NOW)
    attempts.failed("here", NOW)
    attempts.take_back("here")
    assert len(attempts) == 1
    attempts.take_back("here")
    attempts.take_back("here")
    assert len(attempts) == 0


# ---------------------------------------------------------------- signing in


def test_the_right_password_lets_in(door: Entrance) -> None:
    token = signed_in(door)
    assert len(token) == 43
    assert door.person(Identity(token), NOW) == Person(
        name="Ada Neri", role=Role.PUBLISHER, key="ada"
    )
    assert door.sign_in(" ADA ", ADAS, HERE, NOW) not in (None, token)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ada", UGOS),
        ("ada", ""),
        ("ada", ADAS + " "),
        ("ada", ADAS.upper()),
        pytest.param("ada", HASHES["ada"], id="hash"),
        ("ada", "a" * 2000),
        ("ada", "\ud800"),
        ("nobody", ADAS),
        ("", ""),
        ("ada\x00", ADAS),
        ("accounts", ADAS),
    ],
)
def test_anything_else_does_not(door: Entrance, name: str, password: str) -> None:
    assert door.sign_in(name, password, HERE, NOW) is None


def test_an_unknown_name_costs_as_much_as_a_known_one(path: Path) -> None:
    asked: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
            asked.append(str(hash).partition(",p=")[0])
            return super().verify(hash, password)

    door = Entrance(
        AccountsFile(path), Passwords(Watched(time_cost=1, memory_cost=8, parallelism=1))
    )
    for name in ("ada", "nobody", "", "not a name"):
        door.sign_in(name, "wrong", HERE, NOW)
    assert len(asked) == 4
    assert len(set(asked)) == 1


def test_an_account_is_locked_whatever_the_address(
    door: Entrance, caplog: pytest.LogCaptureFixture
) -> None:
    now, failures = NOW, 0
    for n in range(100):
        try:
            assert door.sign_in("ada", f"wrong {n}", f"192.0.2.{n}", now) is None
            failures += 1
        except SlowedError as error:
            if error.retry_after_s == LOCK_OUT.total_seconds():
                break
            now += error.retry_after_s * SECOND
    assert failures == MOST
    with pytest.raises(SlowedError) as caught:
        door.sign_in("ada", ADAS, "198.51.100.1", now)
    assert caught.value.retry_after_s == LOCK_OUT.total_seconds()
    assert door.sign_in("ugo", UGOS, "198.51.100.1", now)
    assert door.sign_in("ada", ADAS, "198.51.100.1", now + LOCK_OUT)
    assert "The account ada is locked" in caplog.text
    assert "wrong" not in caplog.text


def test_a_lock_out_ends_no_session(door: Entrance) -> None:
    token = signed_in(door)
    for _ in range(FREE):
        door.sign_in("ada", "wrong", HERE, NOW)
    with pytest.raises(SlowedError):
        door.sign_in("ada", ADAS, HERE, NOW)
    assert door.person(Identity(token), NOW)


def test_a_name_that_nobody_has_is_slowed_in_the_same_way(door: Entrance) -> None:
    def slowed(name: str) -> list[int]:
        found = []
        for n in range(FREE + 3):
            try:
                door.sign_in(name, "wrong", f"198.51.100.{n}", NOW)
                found.append(0)
            except SlowedError as error:
                found.append(error.retry_after_s)
        return found

    assert slowed("ada") == slowed("nobody")


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::2"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_an_address_is_locked_whatever_the_name(door: Entrance, address: str, same: str) -> None:
    for n in range(FREE):
        assert door.sign_in(f"name-{n}", "wrong", address, NOW) is None
    with pytest.raises(SlowedError):
        door.sign_in("ada", ADAS, same, NOW)
    assert door.sign_in("ada", ADAS, "2001:db8:1::1", NOW)


def test_an_office_behind_one_address_signs_in_all_day(door: Entrance) -> None:
    for _ in range(3 * MOST):
        assert door.sign_in("ada", ADAS, HERE, NOW)
        assert door.sign_in("ugo", UGOS, HERE, NOW)


def test_one_account_cannot_buy_attempts_on_others(door: Entrance) -> None:
    for n in range(FREE):
        assert door.sign_in("ugo", UGOS, HERE, NOW)
        assert door.sign_in(f"name-{n}", "wrong", HERE, NOW) is None
    with pytest.raises(SlowedError):
        door.sign_in("ada", "wrong", HERE, NOW)


def test_many_at_once_have_no_more_attempts_than_one_after_the_other(path: Path) -> None:
    door = Entrance(AccountsFile(path), Passwords(CHEAP, at_once=8, waiting=100, patience_s=60))
    told: list[str] = []

    def attempt(n: int) -> None:
        try:
            door.sign_in("ada", f"wrong {n}", f"192.0.2.{n}", NOW)
            told.append("wrong")
        except SlowedError:
            told.append("slowed")

    threads = [threading.Thread(target=attempt, args=(n,)) for n in range(40)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert told.count("wrong") == FREE
    assert told.count("slowed") == 40 - FREE


def test_whoever_is_not_let_wait_has_not_failed(path: Path) -> None:
    passwords = Passwords(CHEAP, at_once=1, waiting=0)
    door = Entrance(AccountsFile(path), passwords)
    with passwords.turn():
        for _ in range(MOST):
            with pytest.raises(BusyError):
                door.sign_in("ada", ADAS, HERE, NOW)
    assert door.sign_in("ada", ADAS, HERE, NOW)


# ---------------------------------------------------------------- sessions


def test_a_token_is_known_by_nothing_but_itself(door: Entrance) -> None:
    token = signed_in(door)
    for other in ("", "x", token[:-1], token + "a", token.swapcase(), "\ud800", "è" * 10_000):
        assert door.person(Identity(other), NOW) is None
    assert token not in repr(vars(door)) + repr(vars(door._sessions))  # noqa: SLF001
    assert token not in repr(Identity(token))


def test_a_session_ends_after_a_time_unused(door: Entrance) -> None:
    identity = Identity(signed_in(door))
    moment = NOW
    for _ in range(3):
        moment += LONGEST_UNUSED - SECOND
        assert door.person(identity, moment)
    moment += LONGEST_UNUSED
    assert door.person(identity, moment) is None
    assert door.person(identity, NOW) is None


def test_a_session_ends_however_much_it_is_used(door: Entrance) -> None:
    identity = Identity(signed_in(door))
    moment = NOW
    while moment + 10 * MINUTE < NOW + LONGEST:
        moment += 10 * MINUTE
        assert door.person(identity, moment)
    assert door.person(identity, NOW + LONGEST) is None


def test_whoever_signs_out_is_out_and_nobody_else(door: Entrance) -> None:
    here, there = signed_in(door), signed_in(door)
    door.sign_out(here)
    door.sign_out(here)
    door.sign_out("")
    assert door.person(Identity(here), NOW) is None
    assert door.person(Identity(there), NOW)


def test_a_session_has_the_role_that_the_accounts_have_now(door: Entrance, path: Path) -> None:
    identity = Identity(signed_in(door))
    path.write_text(secrets(ada="editor"), "utf-8")
    person = door.person(identity, NOW)
    assert person is not None
    assert person.role is Role.EDITOR
    path.write_text(secrets(ada="nothing"), "utf-8")
    assert door.person(identity, NOW) is None


def test_a_removed_account_and_a_changed_password_end_their_sessions(
    door: Entrance, path: Path
) -> None:
    ada, ugo = Identity(signed_in(door)), Identity(signed_in(door, "ugo", UGOS))
    path.write_bytes(with_account(path.read_bytes(), "ada", {"password": hash_of(ADAS, CHEAP)}))
    assert door.person(ada, NOW) is None
    assert door.person(ugo, NOW)
    path.write_bytes(without_account(path.read_bytes(), "ugo"))
    assert door.person(ugo, NOW) is None


def test_a_file_that_is_half_written_for_a_moment_signs_nobody_out(
    door: Entrance, path: Path
) -> None:
    identity = Identity(signed_in(door))
    path.write_text(secrets()[:-40], "utf-8")
    assert door.person(identity, NOW) is None
    path.write_text(secrets(), "utf-8")
    assert door.person(identity, NOW)


def test_one_person_has_a_bounded_number_of_sessions() -> None:
    account = Account(name="ada", role=Role.EDITOR, password=HASHES["ada"])
    sessions = Sessions(lambda: Accounts(by_name={"ada": account}))
    first = sessions.start(account, NOW)
    second = sessions.start(account, NOW)
    assert sessions.person(first, NOW + MINUTE)
    tokens = [sessions.start(account, NOW + MINUTE) for _ in range(MOST_OF_ONE - 1)]
    assert len(sessions) == MOST_OF_ONE
    assert sessions.person(second, NOW + MINUTE) is None
    assert all(sessions.person(each, NOW + MINUTE) for each in (first, *tokens))
    sessions.start(account, NOW + LONGEST + MINUTE)
    assert len(sessions) == 1


# ---------------------------------------------------------------- an organisation's claims


def claims(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "is_logged_in": True,
        "email": "ida@comune.example",
        "email_verified": True,
        "name": "Ida Bianchi",
        "iat": int(NOW.timestamp()) - 60,
        "provider": "default",
    }
    return {name: each for name, each in {**usual, **changes}.items() if each is not None}


def of_claims(told: Mapping[str, object]) -> Person | None:
    return person_of_claims(told, accounts_in(secrets().encode()), NOW)


@pytest.mark.parametrize(
    ("changes", "person"),
    [
        ({}, Person(name="Ida Bianchi", role=Role.PUBLISHER, key="ida@comune.example")),
        (
            {"email": "EVA@comune.EXAMPLE", "name": None},
            Person(name="eva@comune.example", role=Role.EDITOR, key="eva@comune.example"),
        ),
        (
            {"email_verified": None, "name": "Eva <eva@comune.example>"},
            Person(name="Eva eva@comune.example", role=Role.PUBLISHER, key="ida@comune.example"),
        ),
        (
            {"email_verified": "true", "iat": NOW.timestamp() + 60, "name": 3},
            Person(name="ida@comune.example", role=Role.PUBLISHER, key="ida@comune.example"),
        ),
    ],
)
def test_claims_bring_whoever_is_listed(changes: dict[str, object], person: Person) -> None:
    assert of_claims(claims(**changes)) == person


@pytest.mark.parametrize(
    "changes",
    [
        {"is_logged_in": None},
        {"is_logged_in": False},
        {"is_logged_in": "true"},
        {"is_logged_in": 1},
        {"email": None},
        {"email": "eve@comune.example"},
        {"email": "ada"},
        {"email": "ida@comune.example\x00"},
        {"email": "\u0131da@comune.example"},
        {"email": "ida@comune\u3002example"},
        {"email": ["ida@comune.example"]},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": "no"},
        {"email_verified": 0},
        {"email_verified": []},
        {"iat": None},
        {"iat": "now"},
        {"iat": True},
        {"iat": NOW.timestamp() - LONGEST.total_seconds()},
        {"iat": NOW.timestamp() + 3600},
        {"iat": float("nan")},
        {"iat": float("inf")},
        {"iat": -float("inf")},
        {"iat": 10**400},
        {"iat": -(10**400)},
    ],
)
def test_claims_bring_nobody_else(changes: dict[str, object]) -> None:
    told = claims() | changes
    assert of_claims({name: each for name, each in told.items() if each is not None}) is None


def test_claims_bring_nobody_where_no_sign_in_is_configured() -> None:
    text = secrets().replace("[auth]", "[other]")
    assert person_of_claims(claims(), accounts_in(text.encode()), NOW) is None
    assert person_of_claims(claims(), Accounts(), NOW) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"is_logged_in": False}, None),
        ({"email": "eve@comune.example"}, Refusal.UNLISTED),
        ({"email": None}, Refusal.UNLISTED),
        ({"email_verified": False}, Refusal.UNVERIFIED),
        # Whether an address is listed is told to nobody who only claims it.
        ({"email_verified": False, "email": "eve@comune.example"}, Refusal.UNVERIFIED),
        ({"iat": 0}, Refusal.ENDED),
        ({"iat": 0, "email": "eve@comune.example"}, Refusal.ENDED),
        ({"iat": None, "email_verified": False}, Refusal.ENDED),
    ],
)
def test_claims_that_bring_nobody_say_why(
    door: Entrance, changes: dict[str, object], refusal: Refusal | None
) -> None:
    told = claims(**changes)
    assert refusal_of_claims(told, accounts_in(secrets().encode()), NOW) is refusal
    assert door.refusal(Identity(claims=told), NOW) is refusal
    assert door.refusal(Identity(signed_in(door), told), NOW) is None
    assert refusal_of_claims(told, Accounts(), NOW) is None


@pytest.mark.parametrize(
    ("secret", "trusted"),
    [
        ('cookie_secret = "not for anybody"', True),
        ("", True),
        ('cookie_secret = ""', False),
        ('cookie_secret = "…"', False),
        ('cookie_secret = "changeme"', False),
        ("cookie_secret = 123456789012345", False),
        ("cookie_secret = []", False),
    ],
)
def test_a_cookie_that_anybody_can_sign_brings_nobody(secret: str, *, trusted: bool) -> None:
    found = accounts_in(secrets().replace('cookie_secret = "not for anybody"', secret).encode())
    assert found.with_organisation is trusted
    assert (person_of_claims(claims(), found, NOW) is not None) is trusted
    told = [] if trusted else [(Fault.COOKIE_SECRET, "cookie_secret")]
    assert list(found.faults) == told
    assert found.with_password


def test_a_sign_in_by_claims_ends_when_it_is_ended_or_not_used(door: Entrance) -> None:
    long = Identity(claims=claims(iat=NOW.timestamp()))
    for minutes in range(0, 8 * 60, 59):
        assert door.person(long, NOW + minutes * MINUTE)
    assert door.person(long, NOW + LONGEST) is None
    idle = Identity(claims=claims(iat=NOW.timestamp(), nonce="1"))
    assert door.person(idle, NOW)
    assert door.person(idle, NOW + LONGEST_UNUSED) is None
    assert door.refusal(idle, NOW + LONGEST_UNUSED) is Refusal.ENDED
    assert door.person(idle, NOW + MINUTE), "a clock that was set back lets nobody out"


def test_ending_a_sign_in_leaves_the_others_as_they_are(door: Entrance) -> None:
    first, again = (Identity(claims=claims(nonce=each)) for each in ("1", "2"))
    assert door.person(first, NOW)
    token = signed_in(door)
    door.end(first, NOW)
    door.end(Identity(token), NOW)
    door.end(Identity("no session", claims(email="eve@comune.example")), NOW)
    assert door.person(first, NOW + MINUTE) is None
    assert door.person(Identity(token, dict(first.claims)), NOW + MINUTE) is None
    assert door.refusal(first, NOW + MINUTE) is Refusal.ENDED
    assert door.person(again, NOW + MINUTE)
    never_used = Identity(claims=claims(nonce="3"))
    door.end(never_used, NOW)
    assert door.person(never_used, NOW) is None


def test_old_sign_ins_by_claims_are_forgotten() -> None:
    vouched = Vouched()
    for n in range(50):
        vouched.use(claims(nonce=n), NOW)
    assert len(vouched) == 50
    vouched.use(claims(nonce="new", sub="\ud800"), NOW + 2 * LONGEST)
    assert len(vouched) == 1


def test_an_identity_is_a_session_or_else_claims(door: Entrance, path: Path) -> None:
    token = signed_in(door, "ugo", UGOS)
    both = Identity(token, claims())
    person = door.person(both, NOW)
    assert person is not None
    assert person.key == "ugo"
    door.sign_out(token)
    person = door.person(both, NOW)
    assert person is not None
    assert person.key == "ida@comune.example"
    path.write_text(secrets().replace("ida@", "other@"), "utf-8")
    assert door.person(both, NOW) is None
    assert Identity().empty
    assert Identity(claims={"is_logged_in": False}).empty
    assert not Identity("x").empty
    assert "ida@" not in repr(both)


def test_nothing_that_is_logged_holds_a_secret(
    door: Entrance, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = signed_in(door)
    for _ in range(FREE):
        door.sign_in("ada", "my other password", HERE, NOW)
    path.write_text(secrets(ugo="what"), "utf-8")
    door.person(Identity(token, claims()), NOW)
    for secret in (ADAS, "my other password", token, HASHES["ada"], "ida@", HERE):
        assert secret not in caplog.text
