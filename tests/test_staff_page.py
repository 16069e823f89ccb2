"""The data desk: what is brought is checked, told, looked at and published, or is not."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from psycopg import sql
from shapely.geometry import Point
from streamlit.runtime import context
from streamlit.testing.v1 import AppTest

from regen_map.access import (
    COOKIE,
    LONGEST_UNUSED,
    SECRETS_VARIABLE,
    Identity,
    entrance,
    hash_of,
)
from regen_map.export.check_report import FAULT_COLUMNS, faults_csv, quarantine_csv
from regen_map.intake import Limits
from regen_map.intake.drafts import Entry
from regen_map.intake.file_name import held_by, stored_name
from regen_map.intake.issues import FileError
from regen_map.intake.sheets import Row
from regen_map.messages import LANGUAGES, translator
from regen_map.messages.issues import visible
from regen_map.store import (
    DATA_VARIABLE,
    KEEP_VARIABLE,
    STORE_VARIABLE,
    FolderStore,
    Origin,
    Overtaken,
    draft_of,
    folder_store,
    publish,
)
from regen_map.store.postgres import PostgresStore
from regen_map.store.postgres.address import address_of
from regen_map.store.versions import digests
from regen_map.ui.pages import page_script
from regen_map.ui.staff.archive import packed, unpacked
from regen_map.ui.staff.bringing import (
    brought,
    name_to_take,
    newest_since,
    origin,
    plain_name,
    told_version,
)
from regen_map.ui.staff.desk import Step
from regen_map.ui.staff.summary import zipped
from tests import postgres as postgres_server
from tests.app import run
from tests.postgres import Server

SCRIPT = Path(__file__).parent / "staff_app.py"
postgres = postgres_server.postgres
NOW = dt.datetime(2026, 3, 12, 13, 5, tzinfo=dt.UTC)
SECRETS = """
[auth]
cookie_secret = "not a secret"
[regen_map.oidc]
editors = ["ed@comune.example"]
publishers = ["pia@comune.example"]
"""
EDITOR, PUBLISHER, STRANGER = "ed@comune.example", "pia@comune.example", "eve@comune.example"

Files = Callable[..., dict[str, bytes]]
Rows = Callable[..., bytes]
Open = Callable[..., AppTest]
Offered = Callable[[str], dict[str, bytes]]


@pytest.fixture
def folder(tmp_path: Path, files: Files, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "")
    home = tmp_path.resolve() / "town"
    home.mkdir()
    many = rows("workshops", *({"id": f"w-{n}"} for n in range(10)))
    for name, each in files(workshops=many, projects=rows("projects", {})).items():
        (home / name).write_bytes(each)
    monkeypatch.setenv(DATA_VARIABLE, str(home))
    return home


@pytest.fixture
def store(folder: Path) -> FolderStore:
    """Give the store of the town, with a first version."""
    found = folder_store(folder)
    found.load()
    assert found.record(NOW)
    return found


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "secrets.toml"
    monkeypatch.setenv(SECRETS_VARIABLE, str(path))
    return path


@pytest.fixture
def opened(store: FolderStore, secrets: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open the desk as somebody of the organisation, or as nobody; with accounts or without."""
    assert store.versions()

    def start(
        who: str = "", *, accounts: bool = True, lang: str = "en", cookie: str = ""
    ) -> AppTest:
        if accounts:
            secrets.write_text(SECRETS)
        # AppTest has no browser that would send any.
        sent = SimpleNamespace(headers={}, cookies={COOKIE: cookie} if cookie else {})
        monkeypatch.setattr(context, "_get_client_context", lambda: sent)
        app = AppTest.from_file(SCRIPT, default_timeout=60)
        app.query_params["lang"] = lang
        app.user = {}
        if who:
            claims = {"is_logged_in": True, "email": who, "email_verified": True}
            app.user = {**claims, "iat": int(time.time()), "name": who.partition("@")[0].title()}
        return run(app)

    return start


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, bytes]]:
    """Give what a button of the last run would save, unpacked; AppTest presses none of these."""
    kept: dict[str, Callable[[], bytes]] = {}
    shown = st.download_button

    def show(label: str, *, data: Callable[[], bytes], key: str, **others: Any) -> bool:
        kept[key] = data
        return shown(label, data=data, key=key, **others)

    def files(key: str) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(kept[key]())) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    monkeypatch.setattr(st, "download_button", show)
    return files


def signed_in(secrets: Path, now: dt.datetime) -> str:
    """Make an account with a password, sign in, and give what a browser then sends."""
    password = "una password abbastanza lunga"  # noqa: S105 - of this test
    account = f'[regen_map.accounts.ada]\nrole = "editor"\npassword = "{hash_of(password)}"\n'
    secrets.write_text(account)
    token = entrance(secrets).sign_in("ada", password, "", now)
    assert token is not None
    return token


def told(app: AppTest) -> str:
    """Give all that the page writes of its own, as HTML."""
    return "\n".join(
        each.proto.body for each in app.get("html") if "<style>" not in each.proto.body
    )


def turn(app: AppTest, step: Step) -> AppTest:
    app.segmented_control(key="staff-steps").set_value(step)
    return run(app)


def press(app: AppTest, key: str) -> AppTest:
    (button,) = [each for each in app.button if each.key and each.key.startswith(key)]
    button.click()
    return run(app)


def has(app: AppTest, key: str) -> bool:
    return any((each.key or "").startswith(key) for each in app.button)


def bring(app: AppTest, *given: tuple[str, bytes]) -> AppTest:
    turn(app, Step.BRING)
    app.file_uploader[0].set_value([(name, content, "text/csv") for name, content in given])
    run(app)
    return press(app, "staff-check")


def with_row(app: AppTest) -> AppTest:
    """Open the last workshop, `w-9`, in its form."""
    turn(app, Step.EDIT)
    app.selectbox(key="editing-table").set_value("workshops")
    run(app)
    app.selectbox(key="editing-row-workshops").set_value(9)
    return run(app)


def type_in(app: AppTest, column: str, text: str) -> str:
    """Type into a field of the form that is open; give what the field is called."""
    (field,) = [
        each
        for each in (*app.text_input, *app.text_area)
        if (each.key or "").startswith("editing-") and (each.key or "").endswith(f"-{column}")
    ]
    field.set_value(text)
    run(app)
    return str(field.key)


def say_why(app: AppTest, message: str = "New hours") -> None:
    (area,) = [each for each in app.text_area if (each.key or "").startswith("staff-message")]
    area.set_value(message)


def tick(app: AppTest, key: str) -> None:
    (box,) = [each for each in app.checkbox if (each.key or "").startswith(key)]
    box.check()


def workshops(rows: Rows, *changes: Mapping[str, str], n_rows: int = 10) -> bytes:
    """Write the workshops, the first of them changed."""
    rest = [{"id": f"w-{n}"} for n in range(len(changes), n_rows)]
    return rows("workshops", *changes, *rest)


def on_disk(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def authors(store: FolderStore) -> list[tuple[int, str, str, str]]:
    return [(each.number, each.author, each.message, each.origin) for each in store.versions()]


def publish_elsewhere(store: FolderStore, **given: bytes) -> None:
    """Publish as somebody else."""
    draft = draft_of(store, {f"{name}.csv": content for name, content in given.items()})
    publish(store, draft, author="Ada", message="Mine first", at=NOW, confirmed=True)


# ---------------------------------------------------------------- names of files


@pytest.mark.parametrize(
    ("given", "held", "stored", "version"),
    [
        ("workshops.csv", "workshops", "workshops.csv", None),
        ("workshops--v12.csv", "workshops", "workshops.csv", 12),
        ("workshops--v12 (1).xlsx", "workshops", "workshops.xlsx", 12),
        ("Botteghe 2026.TXT", "workshops", "workshops.csv", None),
        ("luoghi.geojson", "", "", None),
        ("projects.gpkg", "projects", "", None),
        ("city.toml", "city.toml", "city.toml", None),
        ("vocabularies.csv", "vocabularies.csv", "vocabularies.csv", None),
        ("workshops--v0.csv", "workshops", "workshops.csv", None),
        ("workshops.exe", "workshops", "", None),
        ("../../workshops.csv", "workshops", "workshops.csv", None),
    ],
)
def test_a_name_tells_what_a_file_holds(
    given: str, held: str, stored: str, version: int | None
) -> None:
    assert held_by(given) == held
    assert stored_name(given, held) == stored
    assert told_version(given) == version


def test_the_name_of_a_file_taken_away_is_known_again() -> None:
    name = name_to_take("public_spaces.geojson", ".xlsx", 12)
    assert name == "public_spaces--v12.xlsx"
    assert (held_by(name), told_version(name)) == ("public_spaces", 12)
    assert name_to_take("stops.csv", ".csv", None) == "stops.csv"


# ---------------------------------------------------------------- putting together


def test_what_others_changed_since_a_file_was_taken_is_kept(store: FolderStore, rows: Rows) -> None:
    base = store.contents().files
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    mine = workshops(rows, {"id": "w-0"}, {"id": "w-1", "name_en": "Mine"})
    draft = brought(store, {"workshops.csv": mine}, bases={"workshops.csv": base})
    assert draft.catalogue is not None
    names = draft.catalogue.frames["workshops"]["name_en"]
    assert (names["w-0"], names["w-1"]) == ("Theirs", "Mine")


def test_the_same_row_changed_by_both_is_a_conflict(store: FolderStore, rows: Rows) -> None:
    base = store.contents().files
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    mine = workshops(rows, {"id": "w-0", "name_en": "Mine"})
    with pytest.raises(Overtaken) as caught:
        brought(store, {"workshops.csv": mine}, bases={"workshops.csv": base})
    assert caught.value.files == ("workshops.csv",)


def test_a_file_that_does_not_say_where_it_comes_from_replaces_what_there_is(
    store: FolderStore, rows: Rows
) -> None:
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    mine = workshops(rows, {"id": "w-0", "name_en": "Mine"})
    draft = brought(store, {"workshops.csv": mine})
    assert draft.contents["workshops.csv"] == mine


def test_a_second_file_joins_what_is_being_prepared(store: FolderStore, rows: Rows) -> None:
    first = brought(store, {"projects.csv": rows("projects", {"phase": "works"})})
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    both = brought(store, {"events.csv": rows("events", {})}, on=first)
    assert both.changed == ("events.csv", "projects.csv")
    assert both.base["workshops.csv"] == store.contents().files["workshops.csv"]


def test_another_format_of_a_table_that_others_changed_is_a_conflict(
    store: FolderStore, rows: Rows
) -> None:
    base = store.contents().files
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    with pytest.raises(Overtaken):
        brought(store, {"workshops.xlsx": b"PK"}, bases={"workshops.xlsx": base})


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("workshops--v12.csv", "workshops.csv"),
        ("city--v3 (1).toml", "city.toml"),
        ("workshops (1).csv", "workshops (1).csv"),
        ("vocabularies--v0.csv", "vocabularies--v0.csv"),
    ],
)
def test_the_version_is_no_part_of_what_a_file_is_called(given: str, plain: str) -> None:
    assert plain_name(given) == plain


def test_a_table_is_a_versions_only_with_all_its_files(store: FolderStore, rows: Rows) -> None:
    (version,) = store.versions()
    before = digests(store.contents().files)
    assert origin("workshops.csv", before, [version]) == 1
    assert origin("workshops.xlsx", before, [version]) == 1
    assert origin("events.csv", before, [version]) == 1
    changed = before | digests({"workshops.csv": rows("workshops")})
    assert origin("workshops.xlsx", changed, [version]) is None
    assert origin("projects.csv", changed, [version]) == 1


def test_only_a_version_that_changed_the_same_table_is_news(store: FolderStore, rows: Rows) -> None:
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    publish_elsewhere(store, projects=rows("projects", {"phase": "works"}))
    versions = store.versions()
    assert newest_since({"workshops.csv": 1}, versions) == versions[1]
    assert newest_since({"workshops.xlsx": 1}, versions) == versions[1]
    assert newest_since({"workshops.csv": 2}, versions) is None
    assert newest_since({"projects.csv": 2}, versions) == versions[2]
    assert newest_since({}, versions) is None


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_nothing_configured_the_desk_rehearses_and_says_how_to_open_it(
    language: str, opened: Open, store: FolderStore, rows: Rows
) -> None:
    app = opened(accounts=False, lang=language)
    name = translator(language).text("access.a_name")
    assert f"regen-map user add {name} --role publisher" in told(app)
    assert "[regen_map.oidc]" in told(app)
    bring(app, ("projects.csv", rows("projects", {"phase": "works"})))
    words = translator(language)
    assert words.text("staff.closed") in told(app)
    assert has(app, "staff-preview")
    assert (has(app, "staff-publish"), has(app, "staff-offer")) == (False, False)
    assert len(store.versions()) == 1


@pytest.mark.parametrize(("who", "cookie"), [("", ""), (STRANGER, ""), ("", "forged" * 7)])
def test_strangers_see_what_is_public_and_nothing_else(
    opened: Open, store: FolderStore, rows: Rows, who: str, cookie: str
) -> None:
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    newest = store.versions()[-1]
    app = opened(who, cookie=cookie)
    assert "<b>version 2</b>" in told(app)
    assert newest.author
    assert newest.message
    assert newest.author not in told(app)
    assert newest.message not in told(app)
    assert not app.file_uploader
    assert "staff-steps" not in [each.key for each in app.segmented_control]
    assert has(app, "staff-in")


def test_an_organisation_that_is_not_set_up_is_a_sentence(
    opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    app = press(opened(), "staff-in")
    assert translator("en").text("staff.sign_in_broken") in told(app)
    assert "not set up" in caplog.text
    assert "not a secret" not in caplog.text


def test_an_editor_hands_over_and_a_publisher_publishes(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    app = bring(opened(EDITOR), ("projects.csv", rows("projects", {"phase": "works"})))
    assert not has(app, "staff-publish")
    say_why(app, "Works began")
    press(app, "staff-offer")
    assert translator("en").text("staff.offered") in told(app)
    (proposal,) = store.proposals()
    assert len(store.versions()) == 1

    app = turn(opened(PUBLISHER), Step.PUBLISH)
    assert "Works began" in told(app)
    press(app, "staff-open")
    assert "Works under way" in told(app)
    press(app, "staff-publish")
    number, author, message, origin = authors(store)[-1]
    assert (number, message, origin) == (2, "Works began", Origin.DESK)
    assert author == f"Pia <{PUBLISHER}> ({proposal.author})"
    assert store.proposals() == ()


def test_a_proposal_is_turned_down_or_withdrawn_only_when_confirmed(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    app = bring(opened(EDITOR), ("projects.csv", rows("projects", {"phase": "works"})))
    say_why(app)
    press(app, "staff-offer")
    app = turn(opened(PUBLISHER), Step.PUBLISH)
    assert len(store.proposals()) == 1
    press(app, "staff-dropped")
    assert store.proposals() == ()
    assert translator("en").text("staff.dropped_proposal") in told(app)


def test_a_role_that_ends_while_the_page_is_open_publishes_nothing(
    opened: Open, store: FolderStore, folder: Path, secrets: Path, rows: Rows
) -> None:
    app = bring(opened(PUBLISHER), ("projects.csv", rows("projects", {"phase": "works"})))
    before = on_disk(folder)
    say_why(app)
    # Between looking at the page and pressing the button.
    secrets.write_text(SECRETS.replace(PUBLISHER, "another@comune.example"))
    run(app)
    assert not has(app, "staff-publish")
    assert (on_disk(folder), len(store.versions())) == (before, 1)


def test_a_publisher_who_has_become_an_editor_is_told_so_when_publishing(
    opened: Open, store: FolderStore, secrets: Path, rows: Rows
) -> None:
    app = bring(opened(PUBLISHER), ("projects.csv", rows("projects", {"phase": "works"})))
    say_why(app, "Works began")
    lowered = SECRETS.replace(f'publishers = ["{PUBLISHER}"]', "")
    secrets.write_text(lowered.replace("editors = [", f'editors = ["{PUBLISHER}", '))
    press(app, "staff-publish")
    words = translator("en")
    assert words.text("staff.not_allowed.role") in told(app)
    assert [each.value for each in app.text_area] == ["Works began"]
    run(app)
    assert words.text("staff.not_allowed.role") not in told(app)
    press(app, "staff-offer")
    assert (len(store.versions()), len(store.proposals())) == (1, 1)


def test_a_sign_in_that_has_ended_is_not_called_none(
    opened: Open, store: FolderStore, secrets: Path, rows: Rows
) -> None:
    words, token = translator("en"), signed_in(secrets, dt.datetime.now(dt.UTC))
    app = opened(accounts=False, cookie=token)
    bring(app, ("projects.csv", rows("projects", {"phase": "works"})))
    entrance(secrets).sign_out(token)
    run(app)
    assert words.text("staff.not_allowed.expired") in told(app)
    assert words.text("staff.left_work") in told(app)
    assert words.text("staff.signed_out") not in told(app)
    secrets.write_text(SECRETS)
    run(app)
    assert words.text("staff.not_allowed.expired") in told(app)
    assert words.text("staff.signed_out") in told(opened())
    assert len(store.versions()) == 1


def test_what_is_done_in_a_form_counts_as_use_of_the_session(
    opened: Open, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = dt.datetime.now(dt.UTC)
    token = signed_in(secrets, now)
    app = with_row(opened(accounts=False, cookie=token))
    # A part of the page runs alone: only what it asks the clock itself is later.
    monkeypatch.setattr("regen_map.ui.staff.page.present", lambda: now + 0.9 * LONGEST_UNUSED)
    type_in(app, "name_en", "Slowly")
    later = now + 1.8 * LONGEST_UNUSED
    assert entrance(secrets).person(Identity(token=token), later) is not None


def test_an_editor_offers_rows_that_a_publisher_has_to_agree_to(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    content = rows("projects", {}, {"id": "nuovo", "phase": "work"})
    app = bring(opened(EDITOR), ("projects.csv", content))
    assert [each.label for each in app.checkbox] == []
    say_why(app)
    press(app, "staff-offer")
    assert len(store.proposals()) == 1
    app = press(turn(opened(PUBLISHER), Step.PUBLISH), "staff-open")
    press(app, "staff-publish")
    assert translator("en").text("staff.partial_missing") in told(app)
    assert len(store.versions()) == 1


def test_a_proposal_offered_anew_takes_the_place_of_the_one_before(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    app = bring(opened(EDITOR), ("projects.csv", rows("projects", {"phase": "works"})))
    say_why(app)
    press(app, "staff-offer")
    press(app, "staff-open")
    bring(app, ("events.csv", rows("events", {})))
    say_why(app, "With an event")
    press(app, "staff-offer")
    (proposal,) = store.proposals()
    assert (proposal.message, len(proposal.files)) == ("With an event", 2)


def test_who_is_signed_out_can_take_the_work_away(
    opened: Open, store: FolderStore, secrets: Path, rows: Rows
) -> None:
    app = bring(opened(EDITOR), ("projects.csv", rows("projects", {"phase": "works"})))
    app.user = {}
    run(app)
    assert translator("en").text("staff.left_work") in told(app)
    assert [each.key for each in app.download_button] == ["staff-left"]
    assert not app.file_uploader
    assert (secrets.exists(), len(store.versions())) == (True, 1)


# ---------------------------------------------------------------- checking


def test_what_is_wrong_is_told_and_can_be_taken_away(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    bad = workshops(rows, {"id": "w-0"}, {"id": "w-1", "kind": "galery"}, {"id": "w-2"}, n_rows=10)
    app = bring(opened(PUBLISHER), ("workshops.csv", bad))
    assert "«galery» is not one of" in told(app)
    words = translator("en")
    assert words.count("staff.would_be_lost", 1) in told(app)
    assert not has(app, "staff-publish")
    assert len(store.versions()) == 1


def test_findings_are_narrowed_by_their_weight(opened: Open, rows: Rows) -> None:
    bad = rows("projects", {}, {"id": "uno", "phase": "work"}, {"id": "due", "area_m2": "1.200,5"})
    app = bring(opened(PUBLISHER), ("projects.csv", bad))
    assert "«work» is not one of" in told(app)
    (weights,) = app.pills
    weights.set_value([])
    run(app)
    assert "«work» is not one of" not in told(app)
    assert translator("en").text("staff.none_chosen") in told(app)


def test_many_findings_are_cut_and_the_rest_counted(opened: Open, rows: Rows) -> None:
    bad = rows("projects", {}, *({"id": f"p-{n}", "phase": "x"} for n in range(250)))
    app = bring(opened(PUBLISHER), ("projects.csv", bad))
    assert translator("en").count("staff.more_issues", 50) in told(app)


HOSTILE = "<img src=x onerror=alert(1)> $x$ :smile: [a](javascript:alert(1)) ${7*7} `b` \u202e=1+1"


def test_hostile_text_stays_text(opened: Open, store: FolderStore, rows: Rows) -> None:
    content = rows("projects", {"name_it": HOSTILE, "name_en": HOSTILE, "phase": HOSTILE})
    app = bring(opened(PUBLISHER), (f"progetti {HOSTILE}.csv", content))
    assert "<img" not in told(app)
    sound = rows("projects", {"name_it": HOSTILE, "name_en": HOSTILE})
    bring(app, ("projects.csv", sound))
    assert "&lt;img src=x onerror=alert(1)&gt; $x$ :smile:" in told(app)
    say_why(app, HOSTILE)
    press(app, "staff-publish")
    assert store.versions()[-1].message == HOSTILE
    for step in Step:
        if step is not Step.EDIT:
            turn(app, step)
            assert "<img" not in told(app)
            # What Streamlit reads as Markdown never holds what somebody wrote.
            assert not [each.value for each in app.markdown if "alert" in each.value]
    assert visible("\u202e", 9) in told(turn(app, Step.HISTORY))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.csv", b"a,b\n1,2\n", "does not tell what notes.csv holds"),
        ("workshops.exe", b"MZ", "workshops.exe is not in a format"),
        ("workshops--v99.csv", b"id\n", "version 99, which does not exist"),
    ],
)
def test_a_file_that_cannot_be_taken_is_a_sentence(
    opened: Open, name: str, content: bytes, sentence: str
) -> None:
    app = bring(opened(PUBLISHER), (name, content))
    assert sentence in told(app)
    assert len(app.file_uploader) == 1


def test_a_file_larger_than_allowed_is_a_sentence(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_LIMITS", "file_bytes=2000")
    app = bring(opened(PUBLISHER), ("workshops.csv", b"id\n" + b"x" * 3000))
    assert "workshops.csv: the file" in told(app)
    assert translator("en").text("staff.nothing_prepared") in told(turn(app, Step.PUBLISH))


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"PK\x03\x04broken", b"\xff\xfe<"])
def test_a_file_that_cannot_be_read_blocks_publishing_and_says_so(
    opened: Open, store: FolderStore, content: bytes
) -> None:
    app = bring(opened(PUBLISHER), ("workshops.xlsx", content))
    assert translator("en").text("publish.unusable") in told(app)
    assert not has(app, "staff-publish")
    assert len(store.versions()) == 1


def test_two_files_of_one_table_are_not_taken(opened: Open, rows: Rows) -> None:
    content = rows("projects", {})
    app = bring(opened(PUBLISHER), ("projects.csv", content), ("progetti.csv", content))
    assert "holds the same table" in told(app)


def test_a_file_that_changes_nothing_is_said_to_do_so(opened: Open, rows: Rows) -> None:
    app = bring(opened(PUBLISHER), ("projects.csv", rows("projects", {})))
    assert translator("en").text("staff.same_already") in told(app)


def test_rows_are_edited_beside_what_is_being_prepared(opened: Open, rows: Rows) -> None:
    app = bring(opened(EDITOR), ("projects.csv", rows("projects", {"phase": "works"})))
    turn(app, Step.EDIT)
    assert "projects.csv" in told(app)
    assert any((each.key or "").startswith("editing") for each in app.text_input)


def test_settings_are_told_key_by_key(opened: Open, store: FolderStore) -> None:
    city = store.contents().files["city.toml"].replace(b"Trial", b"<b>Another</b>")
    app = bring(opened(PUBLISHER), ("city.toml", city))
    assert "In all: 1 setting of the city." in told(app)
    said = told(app)[told(app).index("name_en") :]
    assert "Trial</bdi></del>" in said
    assert "&lt;b&gt;Another&lt;/b&gt;</bdi></ins>" in said
    assert not app.checkbox


def test_settings_that_only_look_different_are_said_to_do_so(
    opened: Open, store: FolderStore
) -> None:
    city = store.contents().files["city.toml"] + b"# A note.\n"
    app = bring(opened(PUBLISHER), ("city.toml", city))
    assert translator("en").text("settings.only_layout", files="city.toml") in told(app)


def test_what_changes_the_whole_map_is_asked_about(opened: Open, store: FolderStore) -> None:
    city = store.contents().files["city.toml"].replace(b"44.2]", b"44.3]")
    app = bring(opened(PUBLISHER), ("city.toml", city))
    words = translator("en")
    assert words.text("settings.map_wide.extent") in told(app)
    assert [each.label for each in app.checkbox] == [words.text("settings.confirm_map_wide")]
    say_why(app)
    press(app, "staff-publish")
    assert words.text("settings.map_wide_missing") in told(app)
    assert len(store.versions()) == 1
    tick(app, "staff-map-wide")
    press(app, "staff-publish")
    assert len(store.versions()) == 2


def test_two_versions_tell_which_settings_differ(opened: Open, store: FolderStore) -> None:
    city = store.contents().files["city.toml"].replace(b"Trial", b"Another")
    publish(store, draft_of(store, {"city.toml": city}), author="Ada", message="Name", at=NOW)
    app = turn(opened(PUBLISHER), Step.HISTORY)
    press(app, "staff-compare-now")
    assert "Another</bdi></ins>" in told(app)


def test_rows_of_a_drawing_that_is_one_line_are_told_by_their_number(
    opened: Open, folder: Path
) -> None:
    assert folder.is_dir()
    sound, faulty = (
        {
            "type": "Feature",
            "geometry": None,
            "properties": {"id": each, "name_it": each, "name_en": each, "kind": kind},
        }
        for each, kind in (("a", "square"), ("b", "?"))
    )
    drawing = json.dumps({"type": "FeatureCollection", "features": [sound, sound | faulty]})
    app = bring(opened(PUBLISHER), ("public_spaces.geojson", drawing.encode()))
    assert "<bdi>public_spaces.geojson</bdi>, feature 2" in told(app)
    assert "Feature 2, column «kind»" in told(app)


# ---------------------------------------------------------------- publishing


def test_publishing_needs_a_reason_and_is_told(
    opened: Open, store: FolderStore, folder: Path, rows: Rows
) -> None:
    content = rows("projects", {"phase": "works"})
    app = bring(opened(PUBLISHER), ("projects.csv", content))
    assert "not known" in told(app)
    assert "Works under way" in told(app)
    press(app, "staff-publish")
    words = translator("en")
    assert words.text("staff.message_missing") in told(app)
    assert len(store.versions()) == 1
    say_why(app)
    press(app, "staff-publish")
    assert words.text("publish.published", number=2) in told(app)
    assert authors(store)[-1] == (2, f"Pia <{PUBLISHER}>", "New hours", Origin.DESK)
    assert (folder / "projects.csv").read_bytes() == content
    assert "<b>version 2</b>" in told(app)


def test_rows_taken_away_are_asked_about_a_second_time(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    app = bring(opened(PUBLISHER), ("workshops.csv", workshops(rows, n_rows=7)))
    words = translator("en")
    labels = [each.label for each in app.checkbox]
    assert labels == [words.text("staff.confirm_rows", removed=3, changed=0)]
    say_why(app)
    press(app, "staff-publish")
    assert words.text("staff.confirm_missing") in told(app)
    assert len(store.versions()) == 1
    tick(app, "staff-confirmed")
    press(app, "staff-publish")
    assert len(store.versions()) == 2


def test_sound_rows_are_published_and_the_others_stay_in_the_file(
    opened: Open, store: FolderStore, folder: Path, rows: Rows
) -> None:
    content = rows("projects", {}, {"id": "nuovo", "phase": "work"}, {"id": "altro"})
    app = bring(opened(PUBLISHER), ("projects.csv", content))
    say_why(app)
    press(app, "staff-publish")
    assert translator("en").text("staff.partial_missing") in told(app)
    tick(app, "staff-partial")
    press(app, "staff-publish")
    assert len(store.versions()) == 2
    assert (folder / "projects.csv").read_bytes() == content
    assert list(store.load().catalogue.frames["projects"].index) == ["verdi", "altro"]


def test_what_others_published_meanwhile_is_kept_and_shown_before_publishing_again(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    app = bring(opened(PUBLISHER), ("projects.csv", rows("projects", {"phase": "works"})))
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    say_why(app)
    press(app, "staff-publish")
    assert len(store.versions()) == 2
    words = translator("en")
    assert words.text("staff.rebased", author="Ada", number=2) in told(app)
    assert "Works under way" in told(app)
    press(app, "staff-publish")
    assert [each.message for each in store.versions()][2:] == ["New hours"]
    assert store.load().catalogue.frames["workshops"]["name_en"]["w-0"] == "Theirs"


def test_the_same_rows_changed_meanwhile_are_named_and_nothing_is_lost(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    mine = workshops(rows, {"id": "w-0", "name_en": "Mine"})
    app = bring(opened(PUBLISHER), ("workshops.csv", mine))
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    before = on_disk(store.path)
    say_why(app)
    press(app, "staff-publish")
    words = translator("en")
    assert words.text("staff.clash") in told(app)
    assert "Workshops and studios: <bdi>Theirs</bdi> — <bdi>w-0</bdi>" in told(app)
    assert "Mine first" in told(app)
    assert (len(store.versions()), on_disk(store.path)) == (2, before)
    assert "staff-mine" in [each.key for each in app.download_button]


def test_a_file_that_names_its_version_is_put_on_what_others_made_since(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    app = opened(PUBLISHER)
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    mine = workshops(rows, {"id": "w-0"}, {"id": "w-1", "name_en": "Mine"})
    bring(app, ("workshops--v1.csv", mine))
    assert "Mine" in told(app)
    say_why(app)
    press(app, "staff-publish")
    names = store.load().catalogue.frames["workshops"]["name_en"]
    assert (names["w-0"], names["w-1"]) == ("Theirs", "Mine")


def test_a_conflict_of_a_file_that_names_its_version_takes_nothing(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    app = opened(PUBLISHER)
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    bring(app, ("workshops--v1.csv", workshops(rows, {"id": "w-0", "name_en": "Mine"})))
    assert translator("en").text("staff.clash") in told(app)
    assert "<bdi>w-0</bdi>" in told(app)
    assert len(store.versions()) == 2
    press(app, "staff-noted")
    assert "<bdi>w-0</bdi>" not in told(app)


def test_where_no_history_is_kept_nothing_is_published(
    opened: Open, store: FolderStore, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(PUBLISHER)
    monkeypatch.setenv("REGEN_MAP_HISTORY", "off")
    # A server of its own, that was started so.
    monkeypatch.setitem(store.__dict__, "history", None)
    bring(app, ("projects.csv", rows("projects", {"phase": "works"})))
    assert translator("en").text("publish.off") in told(app)
    assert not has(app, "staff-publish")


def test_what_is_prepared_can_be_discarded(opened: Open, rows: Rows) -> None:
    app = bring(opened(PUBLISHER), ("projects.csv", rows("projects", {"phase": "works"})))
    press(app, "staff-discard")
    assert translator("en").text("staff.nothing_prepared") in told(app)


def test_the_preview_holds_the_draft_and_goes_with_it(opened: Open, rows: Rows) -> None:
    app = bring(opened(PUBLISHER), ("projects.csv", rows("projects", {"phase": "works"})))
    assert "preview" not in app.session_state
    press(app, "staff-preview")
    shown = app.session_state["preview"]
    assert shown.project("verdi").phase == "works"
    app.switch_page(str(page_script("staff")))
    run(app)
    press(app, "staff-discard")
    assert "preview" not in app.session_state


# ---------------------------------------------------------------- broken files, history


def test_a_file_that_broke_on_the_disk_is_told_to_the_staff_alone(
    opened: Open, store: FolderStore, folder: Path
) -> None:
    (folder / "workshops.csv").write_bytes(b"\0")
    store.refresh()
    words = translator("en")
    assert words.text("staff.stale") in told(opened(EDITOR))
    assert words.text("staff.stale") not in told(opened())


def test_a_missing_file_is_told_and_what_follows_from_it_is_counted(
    opened: Open, store: FolderStore, folder: Path, rows: Rows
) -> None:
    placed = ({"id": f"p-{n}", "place_id": f"w-{n}"} for n in range(5))
    publish_elsewhere(store, projects=rows("projects", *placed))
    (folder / "workshops.csv").unlink()
    store.refresh()
    words = translator("en")
    app = opened(EDITOR)
    assert words.text("staff.stale") in told(app)
    assert words.text("desk.file_missing", file="workshops.csv") in told(app)
    assert words.count("desk.other_errors", 5) in told(app)
    assert "had 10 rows" not in told(app)
    assert "projects.csv, line" not in told(app)


def test_an_old_version_is_looked_at_and_then_brought_back(
    opened: Open, store: FolderStore, folder: Path, rows: Rows
) -> None:
    before = on_disk(folder)
    publish_elsewhere(store, projects=rows("projects", {"phase": "works"}))
    app = turn(opened(PUBLISHER), Step.HISTORY)
    assert "Mine first" in told(app)
    press(app, "staff-restore")
    assert translator("en").text("staff.restores", number=1) in told(app)
    assert len(store.versions()) == 2
    say_why(app, "Too early")
    if any((each.key or "").startswith("staff-confirmed") for each in app.checkbox):
        tick(app, "staff-confirmed")
    press(app, "staff-publish")
    assert authors(store)[-1] == (3, f"Pia <{PUBLISHER}>", "Too early", Origin.RESTORED)
    assert on_disk(folder) == before


@pytest.mark.parametrize("broken", [b"\0", None])
def test_a_version_that_mends_broken_files_says_so(
    opened: Open, store: FolderStore, folder: Path, broken: bytes | None
) -> None:
    file = folder / "workshops.csv"
    sound = file.read_bytes()
    if broken is None:
        file.unlink()
    else:
        file.write_bytes(broken)
    store.refresh()
    words = translator("en")
    app = press(turn(opened(PUBLISHER), Step.HISTORY), "staff-restore")
    assert words.text("desk.repairs", files="workshops.csv") in told(app)
    assert words.text("desk.repairs.same") in told(app)
    assert words.text("publish.nothing") not in told(app)
    say_why(app, "Mended")
    press(app, "staff-publish")
    assert file.read_bytes() == sound
    assert not store.load().stale


def test_what_was_published_is_taken_back_by_one_button(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    app = bring(opened(PUBLISHER), ("projects.csv", rows("projects", {"phase": "works"})))
    say_why(app)
    press(app, "staff-publish")
    press(app, "staff-undo")
    assert translator("en").text("staff.restores", number=1) in told(app)
    say_why(app, "Back")
    press(app, "staff-publish")
    assert store.versions()[-1].files == store.versions()[0].files


def test_two_versions_are_compared_cell_by_cell(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    publish_elsewhere(store, projects=rows("projects", {"phase": "works"}))
    app = turn(opened(PUBLISHER), Step.HISTORY)
    press(app, "staff-compare-now")
    assert translator("en").text("publish.between", before="v1", after="v2") in told(app)
    assert "Works under way" in told(app)


def test_a_damaged_history_is_told_and_a_sound_one_said_to_be_so(
    opened: Open, folder: Path
) -> None:
    app = turn(opened(PUBLISHER), Step.HISTORY)
    press(app, "staff-verify")
    assert translator("en").count("history.sound", 1) in told(app)
    (record,) = (folder / ".history" / "versions").iterdir()
    record.write_bytes(record.read_bytes().replace(b'"author": ""', b'"author": "Eve"'))
    press(app, "staff-verify")
    assert translator("en").text("history.flaw.altered", number=1) in told(app)


def test_files_are_offered_under_names_that_tell_their_version(opened: Open) -> None:
    app = opened(PUBLISHER)
    app.selectbox(key="staff-taken").set_value("workshops")
    run(app)
    keys = [each.key or "" for each in app.download_button]
    assert {key.removeprefix("staff-take-") for key in keys if "--" in key} == {
        "workshops--v1.csv",
        "workshops--v1.xlsx",
        "workshops--v1.geojson",
    }


def test_advice_is_looked_for_when_somebody_opens_it(opened: Open, rows: Rows) -> None:
    old = {"phase": "works", "as_of": "2020"}
    app = bring(opened(PUBLISHER), ("projects.csv", rows("projects", old)))
    assert "months old" not in told(app)
    app.session_state["staff-advice"] = True
    assert "no obstacle to publishing" in told(run(app))
    assert '<li class="rm-weighs-notice"><b>Note</b> Line 2, column «as_of»' in told(app)
    assert "months old" in told(app)
    assert has(app, "staff-publish")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", "with REGEN_MAP_KEEP or"),
        ("50", "the contents of the newest 50 are kept"),
        ("all", "is not a whole number from 1 on"),
    ],
)
def test_the_history_tells_how_much_of_it_is_kept(
    said: str, sentence: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEEP_VARIABLE, said)
    assert sentence in told(turn(opened(PUBLISHER), Step.HISTORY))


# ---------------------------------------------------------------- files to take away


def test_the_report_is_a_table_that_runs_nothing(rows: Rows, store: FolderStore) -> None:
    draft = draft_of(store, {"projects.csv": rows("projects", {"phase": "=1+1"})})
    text = faults_csv(draft.reading.issues, "it").decode()
    found = list(csv.DictReader(io.StringIO(text)))
    assert tuple(found[0]) == FAULT_COLUMNS
    assert (found[0]["file"], found[0]["rule"], found[0]["line"]) == (
        "projects.csv",
        "term",
        "2",
    )
    assert found[0]["found"] == "'=1+1"


def test_rows_set_apart_come_with_where_and_why(rows: Rows, store: FolderStore) -> None:
    draft = draft_of(store, {"projects.csv": rows("projects", {"phase": "work"})})
    faults = [each for each in draft.reading.issues if each.line == 2]
    apart = [
        (Entry(Row(("a", "=1", "c"), line=2), {}, Point(10.1, 44.1)), faults),
        (Entry(Row((), line=9, raw='d,"'), {}), ()),
    ]
    found = list(csv.reader(io.StringIO(quarantine_csv(["x", "y"], apart, "en").decode())))
    assert found[0][:4] == ["x", "y", "", "geometry"]
    assert found[1][:5] == ["a", "'=1", "c", "POINT (10.1 44.1)", "2"]
    assert "«work» is not one of" in found[1][5]
    assert found[2] == ['d,"', "", "", "", "9", ""]


def test_equal_files_give_equal_archives() -> None:
    one, other = {"a.csv": b"1", "b.csv": b"2"}, {"b.csv": b"2", "a.csv": b"1"}
    assert zipped(one) == zipped(other)
    with zipfile.ZipFile(io.BytesIO(zipped(one))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == one


# ---------------------------------------------------------------- no work lost


def test_files_taken_away_are_put_on_what_others_published_since(
    opened: Open, store: FolderStore, rows: Rows, offered: Offered
) -> None:
    mine = workshops(rows, {"id": "w-0"}, {"id": "w-1", "name_en": "Mine"})
    app = bring(opened(EDITOR), ("workshops.csv", mine))
    app.user = {}
    run(app)
    taken = offered("staff-left")
    assert taken == {"workshops--v1.csv": mine}
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    for given in (*taken.items(), ("regen-map.zip", zipped(taken))):
        app = bring(opened(PUBLISHER), given)
        words = translator("en")
        assert words.text("desk.put_on", number=2, author="Ada") in told(app)
        draft = app.session_state["staff-work"].draft
        names = draft.catalogue.frames["workshops"]["name_en"]
        assert (names["w-0"], names["w-1"]) == ("Theirs", "Mine")


def test_files_of_no_version_are_taken_away_under_plain_names(
    opened: Open, store: FolderStore, folder: Path, rows: Rows, offered: Offered
) -> None:
    (folder / "workshops.csv").write_bytes(workshops(rows, {"id": "w-0", "name_en": "By hand"}))
    store.refresh()
    both = {
        "workshops.csv": workshops(rows, {"id": "w-0", "name_en": "Mine"}),
        "projects.csv": rows("projects", {"phase": "works"}),
    }
    app = bring(opened(EDITOR), *both.items())
    app.user = {}
    run(app)
    assert list(offered("staff-left")) == ["projects--v1.csv", "workshops.csv"]


def test_what_clashes_and_what_is_proposed_is_taken_away_with_its_version(
    opened: Open, store: FolderStore, rows: Rows, offered: Offered
) -> None:
    mine = workshops(rows, {"id": "w-0", "name_en": "Mine"})
    app = bring(opened(PUBLISHER), ("workshops.csv", mine))
    say_why(app)
    press(app, "staff-offer")
    (proposal,) = store.proposals()
    bring(app, ("workshops.csv", mine))
    publish_elsewhere(store, workshops=workshops(rows, {"id": "w-0", "name_en": "Theirs"}))
    say_why(app)
    press(app, "staff-publish")
    assert translator("en").text("staff.clash") in told(app)
    assert offered("staff-mine") == {"workshops--v1.csv": mine}
    assert offered(f"staff-take-{proposal.id}") == {"workshops--v1.csv": mine}
    press(app, "staff-open")
    assert offered("staff-mine") == {"workshops--v1.csv": mine}


def test_opening_a_proposal_asks_before_it_takes_the_place_of_ones_own_work(
    opened: Open, store: FolderStore, rows: Rows, offered: Offered
) -> None:
    app = bring(opened(EDITOR), ("projects.csv", rows("projects", {"phase": "works"})))
    say_why(app)
    press(app, "staff-offer")
    mine = workshops(rows, {"id": "w-0", "name_en": "Mine"})
    app = bring(opened(PUBLISHER), ("workshops.csv", mine))
    words = translator("en")
    for answer, changed in (("not", ("workshops.csv",)), ("do", ("projects.csv",))):
        press(app, "staff-open")
        assert words.text("desk.instead") in told(app)
        assert offered("staff-instead-mine") == {"workshops--v1.csv": mine}
        assert app.session_state["staff-work"].draft.changed == ("workshops.csv",)
        press(app, f"staff-instead-{answer}")
        assert words.text("desk.instead") not in told(app)
        assert app.session_state["staff-work"].draft.changed == changed
    # A proposal is kept where it is: opened again, nobody loses anything.
    press(app, "staff-open")
    assert words.text("desk.instead") not in told(app)
    assert len(store.proposals()) == 1


def test_restoring_asks_before_it_takes_the_place_of_ones_own_work(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    publish_elsewhere(store, projects=rows("projects", {"phase": "works"}))
    mine = workshops(rows, {"id": "w-0", "name_en": "Mine"})
    app = turn(bring(opened(PUBLISHER), ("workshops.csv", mine)), Step.HISTORY)
    press(app, "staff-restore")
    assert translator("en").text("desk.instead") in told(app)
    assert translator("en").text("staff.restores", number=1) not in told(app)
    press(app, "staff-instead-do")
    assert translator("en").text("staff.restores", number=1) in told(app)


def test_what_was_added_to_a_proposal_outlives_it(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    app = bring(opened(EDITOR), ("projects.csv", rows("projects", {"phase": "works"})))
    say_why(app)
    press(app, "staff-offer")
    press(app, "staff-open")
    bring(app, ("events.csv", rows("events", {})))
    press(app, "staff-dropped")
    assert store.proposals() == ()
    assert app.session_state["staff-work"].draft.changed == ("events.csv", "projects.csv")


@pytest.fixture(params=["folder", "database"])
def away(
    request: pytest.FixtureRequest,
    store: FolderStore,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], AbstractContextManager[None]]:
    """Make the town live in a folder or a database, and give what takes that away for a while."""
    elsewhere = folder.with_name("elsewhere")

    @contextmanager
    def without_folder() -> Iterator[None]:
        folder.rename(elsewhere)
        yield
        elsewhere.rename(folder)

    if request.param == "folder":
        return without_folder
    server: Server = request.getfixturevalue("postgres")
    address = server.database()
    database = PostgresStore(address_of(address))
    draft = draft_of(database, dict(store.contents().files))
    publish(database, draft, author="Ada", message="First", at=NOW, confirmed=True)
    monkeypatch.setenv(STORE_VARIABLE, address)
    name = sql.Identifier(address.rpartition("/")[2])

    @contextmanager
    def without_database() -> Iterator[None]:
        server.run(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(name))
        server.run(
            sql.SQL(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}"
            ).format(sql.Literal(address.rpartition("/")[2]))
        )
        yield
        server.run(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(name))

    return without_database


def test_what_is_prepared_and_said_outlasts_a_store_that_is_away(
    away: Callable[[], AbstractContextManager[None]], opened: Open, rows: Rows, offered: Offered
) -> None:
    words = translator("en")
    content = rows("projects", {"phase": "works"})
    app = bring(opened(PUBLISHER), ("projects.csv", content))
    with away():
        run(app)
        say_why(app, "Works began")
        assert words.text("desk.still_here") in told(app)
        assert words.text("staff.stale") not in told(app)
        assert offered("staff-trouble-mine") == {"projects--v1.csv": content}
        assert "Works under way" in told(app)
        press(app, "staff-publish")
        assert words.text("desk.still_here") in told(app)
        for step in (*Step, Step.PUBLISH):
            turn(app, step)
            assert has(app, "staff-again")
    press(app, "staff-again")
    assert words.text("desk.still_here") not in told(app)
    assert [each.value for each in app.text_area] == ["Works began"]
    press(app, "staff-publish")
    assert words.text("publish.published", number=2) in told(app)


def test_a_row_that_is_typed_outlasts_a_store_that_is_away(
    away: Callable[[], AbstractContextManager[None]], opened: Open
) -> None:
    words = translator("en")
    app = with_row(opened(PUBLISHER))
    name = type_in(app, "name_en", "Typed meanwhile")
    with away():
        press(app, "editing-do-save")
        assert app.text_input(key=name).value == "Typed meanwhile"
        run(app)
        assert words.text("desk.still_here") in told(app)
        assert app.text_input(key=name).value == "Typed meanwhile"
    press(app, "editing-do-save")
    draft = app.session_state["staff-work"].draft
    assert draft.catalogue.frames["workshops"]["name_en"]["w-9"] == "Typed meanwhile"


def test_a_row_that_is_typed_and_not_saved_is_told_where_it_would_be_forgotten(
    opened: Open, rows: Rows
) -> None:
    words = translator("en")
    app = bring(opened(PUBLISHER), ("projects.csv", rows("projects", {"phase": "works"})))
    assert words.count("desk.unsaved", 1) not in told(app)
    with_row(app)
    name = type_in(app, "name_en", "Not saved")
    turn(app, Step.PUBLISH)
    assert words.count("desk.unsaved", 1) in told(app)
    press(app, "staff-unsaved")
    assert app.text_input(key=name).value == "Not saved"
    press(app, "editing-back")
    assert words.count("editing.unsaved", 1) in told(app)
    turn(app, Step.PUBLISH)
    press(app, "staff-unsaved")
    press(app, "editing-do-save")
    turn(app, Step.PUBLISH)
    assert words.count("desk.unsaved", 1) not in told(app)
    assert "Not saved" in told(app)


def test_a_row_that_is_typed_in_the_last_moment_is_not_forgotten(opened: Open) -> None:
    app = with_row(opened(PUBLISHER))
    field = next(each for each in app.text_input if (each.key or "").endswith("-name_en"))
    field.set_value("In the last moment")
    turn(app, Step.PUBLISH)
    assert translator("en").count("desk.unsaved", 1) in told(app)
    press(app, "staff-unsaved")
    assert app.text_input(key=str(field.key)).value == "In the last moment"
    press(app, "editing-do-save")
    assert "Meanwhile this row has changed" not in told(app)


# ---------------------------------------------------------------- archives


def test_the_archive_of_a_version_is_taken_apart_and_says_where_it_comes_from(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    files = store.contents().files
    publish_elsewhere(store, projects=rows("projects", {"phase": "works"}))
    mine = workshops(rows, {"id": "w-0", "name_en": "Mine"})
    archive = zipped({**files, "workshops.csv": mine, "._workshops.csv": b"x"})
    app = bring(opened(PUBLISHER), ("regen-map--v1.zip", archive))
    draft = app.session_state["staff-work"].draft
    assert draft.changed == ("workshops.csv",)
    assert draft.contents["projects.csv"] != files["projects.csv"]


def test_an_archive_as_it_was_taken_is_said_to_change_nothing(
    opened: Open, store: FolderStore, rows: Rows
) -> None:
    archive = zipped(store.contents().files)
    app = bring(opened(PUBLISHER), ("regen-map--v1.zip", archive))
    assert translator("en").text("staff.same_already") in told(app)
    publish_elsewhere(store, projects=rows("projects", {"phase": "works"}))
    app = bring(opened(PUBLISHER), ("regen-map--v1.zip", archive))
    assert translator("en").text("desk.same_as_taken") in told(app)


@pytest.mark.parametrize(
    "names", [("workshops.csv", "notes.csv"), ("workshops.csv", "run.exe"), ("notes.txt",), ()]
)
def test_an_archive_of_other_files_is_to_be_opened_first(
    opened: Open, names: tuple[str, ...]
) -> None:
    archive = zipped(dict.fromkeys(names, b"id\n"))
    app = bring(opened(PUBLISHER), ("data.zip", archive))
    assert translator("en").text("desk.open_zip", file="data.zip") in told(app)
    assert app.session_state["staff-work"].draft is None


def test_a_file_of_a_city_that_is_there_twice_is_not_taken(opened: Open, rows: Rows) -> None:
    content = rows("projects", {"phase": "works"})
    archive = zipped({"projects.csv": content, "mine/projects.csv": content})
    app = bring(opened(PUBLISHER), ("data.zip", archive))
    assert "holds the same table" in told(app)


def test_an_archive_that_unpacks_to_too_much_is_a_sentence(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_LIMITS", "unpacked_bytes=2000000")
    bomb = zipped({"workshops.csv": b"0" * 1_500_000, "projects.csv": b"0" * 1_500_000})
    assert len(bomb) < 5000
    app = bring(opened(PUBLISHER), ("data.zip", bomb))
    assert "takes more than the 2 MB allowed" in told(app)
    with pytest.raises(FileError):
        unpacked(bomb, Limits(unpacked_bytes=2_000_000))


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"PK\x01\x02" * 2000 + bytes(99)]
)
def test_what_is_no_archive_holds_nothing(content: bytes) -> None:
    assert packed(content).names == ()
    assert not packed(content).of_a_city


def test_an_archive_that_cannot_be_read_is_told_without_empty_brackets(
    opened: Open, store: FolderStore
) -> None:
    assert len(store.versions()) == 1
    app = bring(opened(PUBLISHER), ("public_spaces.zip", b"PK\x03\x04broken"))
    assert "()" not in told(app)
    assert "does not open as geographic data. Expected:" in told(app)
