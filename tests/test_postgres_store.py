"""What a database is besides: layers for QGIS, one transaction, sentences when it is away."""

from __future__ import annotations

import datetime as dt
import json
import logging
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import psycopg
import pytest
import shapely
from psycopg import sql

from regen_map import query
from regen_map.catalogue import TABLES
from regen_map.cli import main
from regen_map.messages import LANGUAGES, translator
from regen_map.store import (
    Conflict,
    Fault,
    Flaw,
    FolderStore,
    Unavailable,
    UnavailableError,
    UnusableError,
    Watcher,
    draft_of,
    open_store,
    shipped_folder,
)
from regen_map.store.postgres import (
    DamagedError,
    PostgresStore,
    export_folder,
    import_folder,
    migrate,
    postgres_store,
)
from regen_map.store.postgres.address import address_of
from tests import postgres as postgres_server
from tests import stores
from tests.postgres import OWNER, Server, running_server
from tests.stores import NOW, Files, InDatabase, Rows, published, workshops

postgres = postgres_server.postgres

PATIENCE_S = 30


@pytest.fixture
def place(postgres: Server, files: Files, rows: Rows) -> InDatabase:
    """Publish a town with ten workshops."""
    found = InDatabase(postgres.database())
    store = found.store()
    many = rows("workshops", *({"id": f"w-{n}"} for n in range(10)))
    published(store, draft_of(store, files(workshops=many)))
    return found


def asked(place: InDatabase, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(place.address) as connection:
        return connection.execute(question).fetchall()


def until(true: Callable[[], object]) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def reason_of(act: Callable[[], object]) -> Unavailable:
    with pytest.raises(UnavailableError) as caught:
        act()
    return caught.value.reason


# ---------------------------------------------------------------- layers for QGIS


@pytest.fixture(scope="module")
def carrara(postgres: Server) -> InDatabase:
    """Publish the shipped town."""
    found = InDatabase(postgres.database())
    store = found.store()
    import_folder(store, FolderStore(shipped_folder()), author="Ada", at=NOW)
    return found


def test_layers_hold_every_sound_row(carrara: InDatabase) -> None:
    catalogue = carrara.store().load().catalogue
    for name in TABLES:
        assert asked(carrara, f"SELECT count(*) FROM regen_map.{name}") == [  # noqa: S608
            (len(catalogue.table(name)),)
        ]
    places = asked(
        carrara,
        "SELECT id, ST_SRID(geometry), ST_GeometryType(geometry), ST_X(geometry)"
        " FROM regen_map.places",
    )
    assert {each[0] for each in places} == set(catalogue.place_ids)
    located = [each for each in places if each[1] is not None]
    assert {each[1:3] for each in located} == {(4326, "ST_Point")}
    assert len(located) == catalogue.places.geometry.notna().sum() > 100
    assert all(10 < each[3] < 10.3 for each in located)


def test_a_project_on_the_map_has_its_phase_and_its_money(carrara: InDatabase) -> None:
    catalogue = carrara.store().load().catalogue
    found = asked(carrara, "SELECT id, phase, allocated_eur FROM regen_map.projects_on_map")
    assert len(found) > 20
    for identifier, phase, amount in found:
        project = catalogue.project(identifier)
        assert project is not None
        assert project.phase == phase
        known = query.money_of(catalogue, identifier).by_nature
        # Not known is not zero.
        assert amount == known.get("allocated")
    assert None in {each[2] for each in found}


def test_a_date_is_told_as_it_is_known_and_as_days(carrara: InDatabase) -> None:
    found = asked(
        carrara,
        "SELECT start, start_from, start_until FROM regen_map.projects WHERE length(start) = 7",
    )
    assert found
    for text, first, last in found:
        assert text == f"{first:%Y-%m}" == f"{last:%Y-%m}"
        assert first.day == 1 < last.day


def test_layers_have_the_indexes_and_keys_that_qgis_looks_for(carrara: InDatabase) -> None:
    found = asked(
        carrara,
        "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'regen_map'",
    )
    for table in TABLES.values():
        own = " ".join(each for name, each in found if name == table.name)
        assert "(row_number)" in own
        assert ("USING gist (geometry)" in own) == table.located
    money = asked(carrara, "SELECT pg_typeof(amount_eur)::text FROM regen_map.funding LIMIT 1")
    assert money == [("numeric",)]


def test_layers_are_those_of_the_newest_version(place: InDatabase, rows: Rows) -> None:
    store = place.store()
    changed = workshops(rows, {"id": "w-0", "name_it": "Altra", "people": 'Ada | {Ugo}, "B"'})
    funding = {
        "projects.csv": rows("projects", {}),
        "programmes.csv": rows("programmes", {}),
        "funding.csv": rows("funding", {}, {"amount_eur": "", "source": "https://b.example"}),
    }
    published(store, draft_of(store, {"workshops.csv": changed, **funding}), author="A\0\ud800")
    named = asked(place, "SELECT name_it, people FROM regen_map.workshops WHERE id = 'w-0'")
    assert named == [("Altra", 'Ada | {Ugo}, "B"')]
    amounts = asked(place, "SELECT amount_eur FROM regen_map.funding ORDER BY row_number")
    assert amounts == [(Decimal("1500000.50"),), (None,)]
    told = asked(place, "SELECT number, at, author FROM regen_map.versions ORDER BY number")
    assert [each[0] for each in told] == [1, 2]
    assert told[1][1:] == (NOW, "A\N{REPLACEMENT CHARACTER}?")


@pytest.mark.parametrize("table", ["public_spaces", "workshops"])
def test_a_layer_that_is_exported_as_geopackage_can_be_published_as_it_is(
    table: str, carrara: InDatabase, tmp_path: Path
) -> None:
    with psycopg.connect(carrara.address) as connection:
        found = connection.execute(f"SELECT * FROM regen_map.{table}".encode())  # noqa: S608
        names = [each.name for each in found.description or ()]
        columns = dict(zip(names, map(list, zip(*found, strict=True)), strict=True))
    shapes = shapely.from_wkb(np.array(columns.pop("geometry"), dtype=object))
    layer = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    path = tmp_path / f"{table}.gpkg"
    layer.to_file(path, driver="GPKG")
    store = carrara.store()
    draft = draft_of(store, {path.name: path.read_bytes()})
    assert draft.changed == (path.name,)
    assert (draft.quarantined, draft.extents) == ((), ())
    before, after = store.load().catalogue, draft.catalogue
    assert after is not None
    assert len(after.place_ids) == len(before.place_ids)
    for each in before.place_ids:
        assert after.place(each) == before.place(each)
    unmoved = before.places.geometry.geom_equals(after.places.geometry, align=True)
    assert unmoved[before.places.geometry.notna()].all()


@pytest.mark.parametrize("user", [OWNER, "regen_map_reader"])
@pytest.mark.parametrize(
    "command",
    ["DELETE FROM regen_map.workshops", "UPDATE regen_map.workshops SET name_it = ''"],
)
def test_nobody_changes_a_layer_by_hand(
    user: str, command: str, postgres: Server, place: InDatabase
) -> None:
    roles = "SELECT 1 FROM pg_roles WHERE rolname = 'regen_map_reader'"
    if not asked(place, roles):
        postgres.run(sql.SQL("CREATE ROLE regen_map_reader"))
    migrate(place.address)
    with psycopg.connect(place.address) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(user)))
        found = connection.execute("SELECT count(*) FROM regen_map.places").fetchone()
        assert found == (10,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(command.encode())
    if user != OWNER:
        with psycopg.connect(place.address) as connection:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(user)))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT * FROM regen_map_history.version")


# ---------------------------------------------------------------- making the tables


def test_migrating_again_changes_nothing(place: InDatabase) -> None:
    before = asked(place, "SELECT * FROM regen_map.places ORDER BY id")
    assert migrate(place.address, {"workshops": "Le botteghe.", "workshops.name_it": "Nome"}) == ()
    assert asked(place, "SELECT * FROM regen_map.places ORDER BY id") == before
    told = asked(place, "SELECT obj_description('regen_map.workshops'::regclass)")[0][0]
    assert told.startswith("Le botteghe. ")
    assert place.store().verify() == ()


def test_tables_that_are_missing_or_of_another_program_are_told(postgres: Server) -> None:
    empty = InDatabase(postgres.database(template="template0"))
    assert reason_of(empty.store().load) is Unavailable.NOT_PREPARED
    assert migrate(empty.address) == ("0001_history.sql", "0002_layers.sql")
    assert reason_of(empty.store().load) is Unavailable.EMPTY
    for number, reason in ((99, Unavailable.NEWER), (None, Unavailable.NOT_PREPARED)):
        with psycopg.connect(empty.address) as connection:
            connection.execute("DELETE FROM regen_map_history.migration WHERE number IN (2, 99)")
            if number is not None:
                connection.execute(
                    "INSERT INTO regen_map_history.migration VALUES (%s, 'later')", [number]
                )
        assert reason_of(empty.store().load) is reason
    with psycopg.connect(empty.address) as connection:
        connection.execute("INSERT INTO regen_map_history.migration VALUES (99, 'later')")
    assert reason_of(lambda: migrate(empty.address)) is Unavailable.NEWER


# ---------------------------------------------------------------- when it cannot be used

SECRET = "s3cr3t-Pa55"  # noqa: S105 - it is to be looked for in what is told


def test_whoever_is_not_let_in_is_told_without_a_secret(
    postgres: Server, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = postgres.port
    for address, reason in (
        (postgres.address("postgres", password=SECRET), Unavailable.DENIED),
        (postgres.address("nowhere"), Unavailable.DENIED),
        (f"postgresql://{OWNER}@127.0.0.1:{port}/postgres", Unavailable.DENIED),
        (f"postgresql://{OWNER}:{SECRET}@127.0.0.1:1/x", Unavailable.UNREACHABLE),
        (f"postgresql://{OWNER}:{SECRET}%zz@127.0.0.1:{port}/x", Unavailable.ADDRESS),
        (f"postgresql://{OWNER}:x@{SECRET}@127.0.0.1:{port}/x", Unavailable.UNREACHABLE),
        (f"postgresql://{OWNER}:x/{SECRET}@127.0.0.1:{port}/x", Unavailable.UNREACHABLE),
        (f"postgresql://{OWNER}:{SECRET}@127.0.0.1/x?nonsense=1", Unavailable.ADDRESS),
        (f"mysql://{OWNER}:{SECRET}@127.0.0.1/x", Unavailable.ADDRESS),
    ):
        monkeypatch.setenv("REGEN_MAP_STORE", address)
        with pytest.raises(UnavailableError) as caught:
            open_store().load()
        assert caught.value.reason is reason, address
        for language in LANGUAGES:
            assert main(["history", "--lang", language]) == 2
            assert main(["diff", "--lang", language]) == 2
            assert main(["store", "migrate", "--lang", language]) == 2
        told = capfd.readouterr()
        text = f"{caught.value!r} {caught.value} {told.out} {told.err}"
        assert SECRET not in text
        assert postgres.password not in text
        assert "Traceback" not in text
        assert "failed (" not in text


def test_versions_are_at_hand_while_changes_are_looked_for(place: InDatabase, rows: Rows) -> None:
    store, other = place.store(), place.store()
    store.load()
    store.watched = True
    first = store.versions()
    content = workshops(rows, {"id": "w-0", "name_it": "Altra"})
    mine = published(store, draft_of(store, {"workshops.csv": content}))
    assert store.versions() == (*first, mine)
    content = workshops(rows, {"id": "w-0", "name_it": "Sua"})
    theirs = published(other, draft_of(other, {"workshops.csv": content}))
    assert store.versions() == (*first, mine)
    assert store.changed()
    store.refresh()
    assert store.versions() == (*first, mine, theirs)
    assert not store.changed()


def test_an_address_tells_nobody_its_password(postgres: Server) -> None:
    store = postgres_store(postgres.address("x"))
    assert store is postgres_store(postgres.address("x"))
    assert store.name == f"postgresql://127.0.0.1:{postgres.port}/x"
    assert postgres.password not in repr(store.address)


def test_a_password_may_come_from_the_environment(
    place: InDatabase, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = place.address.replace(f":{postgres.password}@", "@")
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    assert len(InDatabase(bare).store().load().catalogue.place_ids) == 10


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Unavailable)
def test_every_reason_has_a_sentence(reason: Unavailable, language: str) -> None:
    told = translator(language).text(f"store.{reason}", name="N", detail="D")
    assert len(told) > 20


def test_what_a_user_may_not_do_is_told(postgres: Server, place: InDatabase) -> None:
    name = place.address.rpartition("/")[2]
    postgres.run(sql.SQL("CREATE ROLE guest LOGIN PASSWORD 'guest'"))
    guest = InDatabase(postgres.address(name, "guest", "guest"))
    assert reason_of(guest.store().load) is Unavailable.NO_RIGHTS
    postgres.run(sql.SQL("CREATE DATABASE bare TEMPLATE template0 OWNER guest"))
    bare = postgres.address("bare", "guest", "guest")
    assert reason_of(lambda: migrate(bare)) is Unavailable.NO_POSTGIS


def test_a_database_that_takes_no_changes_is_served_and_says_so(
    postgres: Server, place: InDatabase, rows: Rows
) -> None:
    name = sql.Identifier(place.address.rpartition("/")[2])
    postgres.run(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
    store = place.store()
    assert len(store.load().catalogue.place_ids) == 10
    draft = draft_of(store, {"workshops.csv": workshops(rows, {"id": "w-0", "name_it": "Altra"})})
    assert reason_of(lambda: published(store, draft)) is Unavailable.READ_ONLY


def test_a_connection_that_breaks_loses_nothing(place: InDatabase, rows: Rows) -> None:
    store = place.store()
    before = store.contents()
    draft = draft_of(store, {"workshops.csv": workshops(rows, {"id": "w-0", "name_it": "Altra"})})

    def break_off() -> None:
        with store.writing() as step:
            published(store, draft)
            pid = step.connection.info.backend_pid
            asked(place, f"SELECT pg_terminate_backend({pid}, 5000)")

    assert reason_of(break_off) is Unavailable.LOST
    assert place.store().contents() == before
    published(store, draft)
    # Nor does one that only reads, and is opened anew.
    asked(
        place,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    assert len(store.versions()) == 2


def test_a_step_that_has_failed_within_is_never_taken_for_done(
    place: InDatabase, rows: Rows
) -> None:
    store = place.store()
    draft = draft_of(store, {"workshops.csv": workshops(rows, {"id": "w-0", "name_it": "Altra"})})

    def go_on_regardless() -> None:
        with store.writing() as step:
            published(store, draft)
            with pytest.raises(psycopg.errors.DivisionByZero):
                step.connection.execute("SELECT 1/0")

    assert reason_of(go_on_regardless) is Unavailable.LOST
    assert len(place.store().versions()) == 1


def test_damaged_files_of_the_newest_version_leave_the_one_before_on_the_map(
    place: InDatabase, rows: Rows
) -> None:
    store = place.store()
    content = workshops(rows, {"id": "w-0", "name_it": "Altra"})
    newest = published(store, draft_of(store, {"workshops.csv": content}))
    place.alter_content(newest.files["workshops.csv"], b"id\n")
    found = place.store()
    assert found.verify() == (Flaw(fault=Fault.FILE_ALTERED, number=2, file="workshops.csv"),)
    loaded = found.load()
    assert loaded.stale
    assert [issue.file for issue in loaded.issues] == ["workshops.csv"]
    assert len(loaded.catalogue.place_ids) == 10
    # The very file heals it.
    published(found, draft_of(found, {"workshops.csv": content}))
    assert place.store().verify() == ()
    assert not place.store().load().stale


# ---------------------------------------------------------------- several servers


def test_a_publication_wakes_other_servers_at_once(place: InDatabase, rows: Rows) -> None:
    mine, theirs = place.store(), place.store()
    theirs.load()
    seen = threading.Event()
    # By looking alone it would take a minute.
    with Watcher(theirs, seen.set, every_s=20):
        until(lambda: asked(place, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"))
        content = workshops(rows, {"id": "w-0", "name_it": "Altra"})
        published(mine, draft_of(mine, {"workshops.csv": content}))
        assert seen.wait(PATIENCE_S / 3)
    assert theirs.load().catalogue.table("workshops")["name_it"].iloc[0] == "Altra"


WRITERS = """
    import datetime as dt, os, random, signal, sys, time
    from regen_map.store import Overtaken, draft_of, publish, rebase
    from regen_map.store.postgres import PostgresStore
    from regen_map.store.postgres.address import address_of

    def opened():
        return PostgresStore(address_of(sys.argv[1]))

    def changed(store, row, mark):
        lines = store.contents().files["workshops.csv"].splitlines()
        line = lines[row].split(b",", 2)
        lines[row] = b",".join([line[0], b"Nome " + mark.encode(), line[2]])
        return b"\\n".join(lines) + b"\\n"

    def done(store, draft, author=""):
        return publish(store, draft, author=author, message="", at=dt.datetime.now(dt.UTC),
            confirmed=True)
"""


def ran(code: str, *arguments: str) -> str:
    """Run code in a process of its own, after that of `WRITERS`."""
    return stores.ran(stores.TOGETHER, WRITERS, code, given=arguments)


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_processes_lose_no_change_of_each_other(place: InDatabase) -> None:
    code = """
        def change_a_row(me):
            store = opened()
            for n in range(2):
                draft = draft_of(store, {"workshops.csv": changed(store, me + 1, str(n))})
                try:
                    done(store, draft, author=f"{me} {n}")
                except Overtaken:
                    with store.writing(60):
                        done(store, rebase(store, draft), author=f"{me} {n}")
        together(4, change_a_row)
    """
    assert ran(code, place.address) == f"{[0] * 4}\n"
    store = place.store()
    told = [each.author for each in store.versions()[1:]]
    assert sorted(told) == sorted(f"{each} {n}" for each in range(4) for n in range(2))
    assert store.verify() == ()
    names = list(store.load().catalogue.table("workshops")["name_it"])
    assert names[:4] == ["Nome 1"] * 4


@pytest.mark.skipif(sys.platform == "win32", reason="a process is forked to be killed")
def test_a_publication_that_is_killed_leaves_the_old_state_or_the_new_one(
    place: InDatabase,
) -> None:
    code = """
        chance, outcomes = random.Random(1), []
        for n in range(12):
            store = opened()
            before = store.versions()[-1]
            draft = draft_of(store, {"workshops.csv": changed(store, 1, str(n))})
            hears, tells = os.pipe()
            child = os.fork()
            if not child:
                own = opened()
                os.write(tells, b".")
                done(own, draft)
                os.write(tells, b"!")
                time.sleep(60)
            os.read(hears, 1)
            if n % 4 == 3:
                # After all is done.
                os.read(hears, 1)
            else:
                time.sleep(chance.random() / 20)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(hears)
            os.close(tells)
            reader = opened()
            with reader.writing():
                # Whatever the server was still doing for the dead is over.
                pass
            newest = reader.versions()[-1]
            expected = draft.base if newest == before else draft.contents
            assert newest == before or newest.parent == before.hash
            assert dict(reader.contents().files) == dict(expected)
            assert reader.load().catalogue.version == newest.catalogue
            assert reader.verify() == (), reader.verify()
            layer = reader.ask(lambda connection: connection.execute(
                "SELECT name_it FROM regen_map.workshops WHERE row_number = 1").fetchone())
            assert layer[0] == reader.load().catalogue.table("workshops")["name_it"].iloc[0]
            outcomes.append(newest != before)
        print(all(outcomes[3::4]), len(outcomes))
    """
    assert ran(code, place.address) == "True 12\n"


def test_a_server_that_goes_away_leaves_the_last_state_and_is_found_again(
    files: Files, rows: Rows, caplog: pytest.LogCaptureFixture, postgres: Server
) -> None:
    assert postgres.port
    with running_server() as server:
        place = InDatabase(server.database())
        mine, theirs = place.store(), place.store()
        published(mine, draft_of(mine, files()))
        before = theirs.load()

        def publish_as_it_goes_away() -> None:
            with mine.writing():
                content = rows("workshops", {"name_it": "Altra"})
                published(mine, draft_of(mine, {"workshops.csv": content}))
                server.stop()

        with Watcher(theirs, every_s=0.05), caplog.at_level(logging.WARNING):
            # Nobody can tell yet whether it is there.
            assert reason_of(publish_as_it_goes_away) is Unavailable.UNSURE
            until(lambda: "unreachable" in caplog.text or "lost" in caplog.text)
            assert theirs.load() is before
            assert reason_of(place.store().load) is Unavailable.UNREACHABLE
            assert theirs.load().catalogue.place_ids == ("rossi",)
            server.start()
            assert [each.number for each in place.store().versions()] == [1]
            content = rows("workshops", {}, {"id": "altra"})
            published(mine, draft_of(mine, {"workshops.csv": content}))
            until(lambda: len(theirs.load().catalogue.place_ids) == 2)
        assert server.password not in caplog.text
        assert "Traceback" not in caplog.text
        assert caplog.text.count("The map shows what it read last") == 1


# ---------------------------------------------------------------- from a folder and back


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the shipped town, publish a change, leave a proposal and drop old contents."""
    monkeypatch.setenv("REGEN_MAP_HISTORY", "")
    home = tmp_path.resolve() / "town"
    ignored = shutil.ignore_patterns(".history", "images", "README.md", "datapackage.json")
    shutil.copytree(shipped_folder(), home, ignore=ignored)
    for path in home.iterdir():
        path.chmod(0o644)
    return home


def test_a_folder_comes_back_byte_for_byte_with_its_history(
    folder: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = FolderStore(folder)
    kept.load()
    kept.record(NOW)
    projects = kept.contents().files["projects.csv"]
    # A row with a fault stays in its file.
    faulty = projects + b"Guasto !" + b"," * projects.split(b"\n")[0].count(b",") + b"\n"
    published(kept, draft_of(kept, {"projects.csv": faulty}), partial=True, author="\ud800\0")
    events = kept.contents().files["events.csv"]
    kept.offer(draft_of(kept, {"events.csv": None}), author="Eva", message="", at=NOW)
    published(kept, draft_of(kept, {"events.csv": events.replace(b"a", b"e", 1)}), partial=True)
    kept.keep(2)
    monkeypatch.setenv("REGEN_MAP_STORE", postgres.database())
    assert main(["store", "import", str(folder)]) == 0
    store = open_store()
    assert isinstance(store, PostgresStore)
    assert store.versions() == kept.versions()
    assert store.proposals() == kept.proposals()
    assert store.dropped() == kept.dropped() != ()
    assert store.load().catalogue.version == kept.load().catalogue.version
    out = folder.parent / "out"
    assert main(["store", "export", str(out)]) == 0
    assert stores.everything(out) == stores.everything(folder)
    assert FolderStore(out).verify() == ()
    # Once more brings what has come since, and nothing else.
    assert main(["store", "import", str(folder)]) == 0
    assert store.versions() == kept.versions()
    assert main(["store", "export", str(out)]) == 1


def test_a_folder_without_a_history_is_one_version(
    folder: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "off")
    store = InDatabase(postgres.database()).store()
    version = import_folder(store, FolderStore(folder), author="Ada", at=NOW)
    assert (version.number, version.author) == (1, "Ada")
    out = folder.parent / "out"
    assert export_folder(store, out) == version
    assert stores.everything(out) == stores.everything(folder)


def test_what_would_be_lost_is_not_brought(
    folder: Path, place: InDatabase, postgres: Server
) -> None:
    kept = FolderStore(folder)
    kept.load()
    kept.record(NOW)
    with pytest.raises(Conflict):
        import_folder(place.store(), kept, author="", at=NOW)
    empty = InDatabase(postgres.database()).store()
    (first,) = kept.versions()
    record = folder / ".history" / "versions" / "00000001.json"
    sound = record.read_bytes()
    record.write_bytes(json.dumps(json.loads(sound) | {"author": "Eva"}).encode())
    with pytest.raises(DamagedError):
        import_folder(empty, kept, author="", at=NOW)
    record.write_bytes(sound)
    (folder / "city.toml").write_bytes(b"= =")
    with pytest.raises(UnusableError):
        import_folder(empty, FolderStore(folder), author="", at=NOW)
    assert empty.versions() == ()
    assert place.store().versions() != (first,)


def test_a_damaged_database_is_not_written_into_a_folder(place: InDatabase, tmp_path: Path) -> None:
    (first,) = place.store().versions()
    place.alter_content(first.files["workshops.csv"], b"")
    with pytest.raises(DamagedError):
        export_folder(place.store(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_commands_work_on_the_database_that_the_environment_names(
    place: InDatabase,
    rows: Rows,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("REGEN_MAP_STORE", place.address)
    path = tmp_path / "workshops.csv"
    path.write_bytes(workshops(rows, {"id": "w-0", "name_it": "Altra"}))
    assert main(["publish", str(path), "--author", "Ada", "--message", "Prova"]) == 0
    assert main(["diff", "v1", "v2", "--lang", "en"]) == 0
    assert "Altra" in capsys.readouterr().out
    assert main(["restore", "v1", "--yes"]) == 0
    assert main(["history", "--verify", "--lang", "en"]) == 0
    assert "3 versions, every byte of them verified" in capsys.readouterr().out
    assert main(["history", "--keep", "1"]) == 0
    assert main(["history", "--confirm"]) == 0
    assert len(place.store().versions()) == 3


# ---------------------------------------------------------------- who needs none of it


def test_a_folder_is_served_without_loading_what_a_database_needs() -> None:
    code = """
        import sys
        from regen_map.store import open_store
        import regen_map.cli
        assert open_store().load().catalogue
        print("psycopg" in sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_a_moment_without_a_time_zone_is_refused(place: InDatabase, rows: Rows) -> None:
    store = place.store()
    draft = draft_of(store, {"workshops.csv": workshops(rows, {"id": "w-0", "name_it": "Altra"})})
    with pytest.raises(ValueError, match="time zone"):
        published(store, draft, at=dt.datetime(2026, 1, 1))  # noqa: DTZ001
    assert store.name == address_of(place.address).name
