"""What every store holds to, whether it is a folder or a database."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from regen_map.store import (
    Fault,
    Flaw,
    Origin,
    Overtaken,
    QuarantineError,
    Store,
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
from regen_map.store.versions import record_of, sealed, version_from
from tests import postgres as postgres_server
from tests import stores
from tests.stores import NOW, Files, Place, Rows, published, sha256, workshops

postgres = postgres_server.postgres
place = stores.place
town_of_ten = stores.town_of_ten

PATIENCE_S = 30


def names(store: Store) -> list[str]:
    return list(store.load().catalogue.table("workshops")["name_it"])


def renamed(rows: Rows, n: int, name: str) -> bytes:
    changes = [{"id": f"w-{each}"} for each in range(n)]
    return workshops(rows, *changes, {"id": f"w-{n}", "name_it": name})


# ---------------------------------------------------------------- what is shown and kept


def test_the_first_files_are_the_first_version(place: Place, files: Files) -> None:
    store = place.store()
    assert store.versions() == ()
    assert store.contents().files == {}
    version = published(store, draft_of(store, files()))
    assert (version.number, version.parent) == (1, "")
    assert len(store.load().catalogue.place_ids) == 1
    assert not store.load().stale
    assert store.verify() == ()


def test_a_publication_is_seen_by_every_other_store(town_of_ten: Place, rows: Rows) -> None:
    mine, theirs = town_of_ten.store(), town_of_ten.store()
    before = theirs.load()
    assert not theirs.changed()
    content = renamed(rows, 0, "Altra")
    version = published(mine, draft_of(mine, {"workshops.csv": content}))
    assert theirs.changed()
    assert names(theirs)[0] == "Altra"
    assert theirs.load().catalogue is not before.catalogue
    assert theirs.versions()[-1] == version
    assert theirs.contents().newest == version
    assert theirs.contents().files["workshops.csv"] == content
    assert not theirs.changed()
    assert theirs.load() is theirs.load()


@pytest.mark.parametrize(
    "text", ["", "<b>${x}`'\"; DROP TABLE version; --", "\0\ud800\u202e", "à" * 9]
)
def test_whatever_is_told_comes_back(text: str, town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    draft = draft_of(store, {"workshops.csv": renamed(rows, 0, "Altra")})
    published(store, draft, author=text, message=text)
    told = town_of_ten.store().versions()[-1]
    assert (told.author, told.message, told.at, told.origin) == (text, text, NOW, Origin.DESK)
    assert town_of_ten.store().verify() == ()


def test_whatever_a_cell_holds_is_published_byte_for_byte(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    hostile = "<script>alert(1)</script> ${x} ` =1+1 \\N \\. \t % \u202e"
    content = workshops(rows, {"id": "w-0", "summary_it": hostile}).replace(b"\n", b"\r\n")
    published(store, draft_of(store, {"workshops.csv": content}))
    assert town_of_ten.store().contents().files["workshops.csv"] == content


def test_what_is_there_already_makes_no_version(town_of_ten: Place) -> None:
    store = town_of_ten.store()
    draft = draft_of(store, dict(store.contents().files))
    assert draft.changed == ()
    assert published(store, draft) == store.versions()[-1]
    assert len(store.versions()) == 1


def test_an_old_version_comes_back_as_a_new_one(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    first = store.versions()[0]
    published(store, draft_of(store, {"workshops.csv": renamed(rows, 0, "Altra")}))
    back = restore(store, first, author="Ugo", message="", at=NOW)
    assert (back.number, back.origin, back.files) == (3, Origin.RESTORED, first.files)
    assert store.version_contents(back) == store.contents().files
    assert names(store)[0] == "Galleria Rossi"
    assert store.verify() == ()


def test_an_old_catalogue_can_be_read_again(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    published(store, draft_of(store, {"workshops.csv": renamed(rows, 0, "Altra")}))
    shown = store.load().catalogue
    first, second = store.versions()
    assert store.catalogue_of(first).version == first.catalogue
    assert store.catalogue_of(second) is shown


def test_a_day_ends_when_the_city_says(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    draft = draft_of(store, {"workshops.csv": renamed(rows, 0, "Altra")})
    # Half past midnight in the city.
    published(store, draft, at=dt.datetime(2026, 3, 12, 23, 30, tzinfo=dt.UTC))
    first, second = store.versions()
    assert store.known_by(dt.date(2026, 3, 11)) is None
    assert store.known_by(dt.date(2026, 3, 12)) == first
    assert store.known_by(dt.date(2026, 3, 13)) == second
    assert store.known_by(dt.date.max) == second


def test_a_watcher_shows_what_another_store_publishes(town_of_ten: Place, rows: Rows) -> None:
    mine, watched = town_of_ten.store(), town_of_ten.store()
    watched.load()
    seen = threading.Event()
    with Watcher(watched, seen.set, now=lambda: NOW, every_s=0.05):
        published(mine, draft_of(mine, {"workshops.csv": renamed(rows, 0, "Altra")}))
        assert seen.wait(PATIENCE_S)
        assert names(watched)[0] == "Altra"
    assert [each.origin for each in watched.versions()] == [Origin.DESK, Origin.DESK]


# ---------------------------------------------------------------- what is refused


def test_rows_with_faults_stay_in_their_file_and_off_the_map(
    town_of_ten: Place, rows: Rows
) -> None:
    store = town_of_ten.store()
    content = rows("projects", {}, {"id": "buono"}, {"id": "guasto", "phase": "boh"})
    draft = draft_of(store, {"projects.csv": content})
    with pytest.raises(QuarantineError):
        published(store, draft)
    published(store, draft, partial=True)
    after = town_of_ten.store()
    assert [each.id for each in after.load().catalogue.projects] == ["verdi", "buono"]
    assert after.contents().files["projects.csv"] == content
    lost = draft_of(after, {"projects.csv": rows("projects", {"phase": "boh"}, {"id": "buono"})})
    with pytest.raises(QuarantineError):
        published(after, lost, partial=True)


def test_rows_go_only_when_that_is_confirmed(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    draft = draft_of(store, {"workshops.csv": rows("workshops", {"id": "w-0"})})
    with pytest.raises(UnconfirmedError):
        published(store, draft, confirmed=False)
    assert len(names(store)) == 10
    published(store, draft)
    assert not store.load().stale
    assert len(names(town_of_ten.store())) == 1


@pytest.mark.parametrize(("name", "content"), [("city.toml", b"= ="), ("projects.csv", b"\0\xff")])
def test_a_file_that_cannot_be_read_is_never_published(
    name: str, content: bytes, town_of_ten: Place
) -> None:
    store = town_of_ten.store()
    before = store.contents().files
    with pytest.raises(UnusableError):
        published(store, draft_of(store, {name: content}), partial=True)
    assert town_of_ten.store().contents().files == before


def test_what_a_version_cannot_hold_changes_nothing(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    before = store.contents()
    draft = draft_of(store, {"workshops.csv": renamed(rows, 0, "Altra")})
    for told in ({"at": NOW.replace(tzinfo=None)}, {"message": "x" * 2**20}):
        with pytest.raises(ValueError, match=r"time zone|record may have"):
            published(store, draft, **told)
    assert town_of_ten.store().contents() == before
    assert store.verify() == ()


# ---------------------------------------------------------------- two at a time


def test_who_comes_second_is_told(town_of_ten: Place, rows: Rows) -> None:
    mine, theirs = town_of_ten.store(), town_of_ten.store()
    draft = draft_of(mine, {"workshops.csv": renamed(rows, 0, "Mia")})
    first = published(theirs, draft_of(theirs, {"workshops.csv": renamed(rows, 0, "Sua")}))
    with pytest.raises(Overtaken) as caught:
        published(mine, draft)
    assert (caught.value.newest, caught.value.files) == (first, ("workshops.csv",))
    with pytest.raises(Overtaken):
        rebase(mine, draft)
    assert names(town_of_ten.store())[0] == "Sua"


def test_changes_of_other_rows_and_other_files_are_put_together(
    town_of_ten: Place, rows: Rows
) -> None:
    mine, theirs = town_of_ten.store(), town_of_ten.store()
    draft = draft_of(mine, {"workshops.csv": renamed(rows, 0, "Mia")})
    other = {
        "workshops.csv": renamed(rows, 5, "Sua"),
        "projects.csv": rows("projects", {}, {"id": "altro"}),
    }
    published(theirs, draft_of(theirs, other))
    with pytest.raises(Overtaken):
        published(mine, draft)
    published(mine, rebase(mine, draft))
    found = town_of_ten.store()
    assert (names(found)[0], names(found)[5]) == ("Mia", "Sua")
    assert len(found.load().catalogue.projects) == 2
    assert [each.number for each in found.versions()] == [1, 2, 3]


def test_a_table_that_others_have_put_into_another_format_is_a_conflict(
    town_of_ten: Place, rows: Rows
) -> None:
    mine, theirs = town_of_ten.store(), town_of_ten.store()
    features = b'{"type": "FeatureCollection", "features": []}'
    draft = draft_of(mine, {"attractions.csv": rows("attractions", {})})
    published(theirs, draft_of(theirs, {"attractions.geojson": features}))
    with pytest.raises(Overtaken) as caught:
        rebase(mine, draft)
    assert caught.value.files == ("attractions.geojson",)


def test_a_writer_keeps_others_out_and_may_nest(town_of_ten: Place, rows: Rows) -> None:
    mine, theirs = town_of_ten.store(), town_of_ten.store()
    with mine.writing():
        with pytest.raises(TimeoutError), theirs.writing(0.05):
            pass
        published(mine, draft_of(mine, {"workshops.csv": renamed(rows, 0, "Prima")}))
        assert mine.contents().newest == mine.versions()[-1]
        published(mine, draft_of(mine, {"workshops.csv": renamed(rows, 0, "Seconda")}))
    assert names(theirs)[0] == "Seconda"
    assert len(theirs.versions()) == 3
    with theirs.writing(0.05):
        pass


# ---------------------------------------------------------------- damage


def cut(record: bytes) -> bytes:
    return record[:100]


def forged(record: bytes) -> bytes:
    return record.replace(b"Ada", b"Eva")


@pytest.mark.parametrize(
    ("number", "change", "fault"),
    [
        (1, cut, Fault.UNREADABLE),
        (1, None, Fault.MISSING),
        (2, forged, Fault.ALTERED),
    ],
)
def test_a_record_that_somebody_changed_is_told(
    number: int,
    change: Callable[[bytes], bytes] | None,
    fault: Fault,
    town_of_ten: Place,
    rows: Rows,
) -> None:
    store = town_of_ten.store()
    published(store, draft_of(store, {"workshops.csv": renamed(rows, 0, "Altra")}))
    town_of_ten.alter_version(number, change)
    found = town_of_ten.store()
    assert found.verify() == (Flaw(fault=fault, number=number),)
    assert [each.number for each in found.versions()] == [n for n in (1, 2) if n != number]
    # It stands in nobody's way, and no number is given twice.
    published(found, draft_of(found, {"workshops.csv": renamed(rows, 0, "Tre")}))
    assert found.versions()[-1].number > 2
    assert names(town_of_ten.store())[0] == "Tre"


def test_an_altered_newest_record_is_told_at_once_and_after_the_next_publication(
    town_of_ten: Place, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    store = town_of_ten.store()
    published(store, draft_of(store, {"workshops.csv": renamed(rows, 0, "Altra")}))
    store.load()
    assert (store.damage(), caplog.messages) == ((), [])
    town_of_ten.alter_version(2, forged)
    flaw = Flaw(fault=Fault.ALTERED, number=2)
    told = f"The history of {store.name} is not as it was written (version 2: altered)"
    found = town_of_ten.store()
    found.load()
    assert found.damage() == (flaw,)
    assert caplog.messages == [told]
    # Told once by who has told it already; and by each who writes.
    found.refresh()
    published(found, draft_of(found, {"workshops.csv": renamed(rows, 0, "Tre")}))
    other = town_of_ten.store()
    published(other, draft_of(other, {"workshops.csv": renamed(rows, 0, "Quattro")}))
    assert caplog.messages == [told, told]
    assert other.damage() == (flaw,)
    assert other.verify() == (flaw,)
    assert 2 not in [each.number for each in other.versions()]


def test_a_version_that_does_not_follow_the_one_before_is_told(
    town_of_ten: Place, rows: Rows
) -> None:
    store = town_of_ten.store()
    first = store.versions()[0]

    def detached(record: bytes) -> bytes:
        other = version_from(record)
        assert isinstance(other, Version)
        return record_of(sealed(replace(other, parent=sha256(b""))))

    published(store, draft_of(store, {"workshops.csv": renamed(rows, 0, "Altra")}))
    assert store.versions()[-1].parent == first.hash
    town_of_ten.alter_version(2, detached)
    assert town_of_ten.store().damage() == (Flaw(fault=Fault.DETACHED, number=2),)


@pytest.mark.parametrize(
    ("content", "fault"), [(b"altered", Fault.FILE_ALTERED), (None, Fault.FILE_MISSING)]
)
def test_a_content_that_was_altered_is_told(
    content: bytes | None, fault: Fault, town_of_ten: Place, rows: Rows
) -> None:
    store = town_of_ten.store()
    published(store, draft_of(store, {"workshops.csv": renamed(rows, 0, "Altra")}))
    first = store.versions()[0]
    town_of_ten.alter_content(first.files["workshops.csv"], content)
    found = town_of_ten.store()
    flaw = Flaw(fault=fault, number=1, file="workshops.csv")
    assert found.verify() == (flaw,)
    assert found.dropped() == ()
    with pytest.raises(VersionError) as caught:
        found.catalogue_of(first)
    assert caught.value.flaws == (flaw,)
    with pytest.raises(VersionError):
        draft_to_restore(found, first)


def test_old_contents_are_dropped_and_the_chain_is_kept(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    for name in ("Una", "Due", "Tre"):
        published(store, draft_of(store, {"workshops.csv": renamed(rows, 0, name)}))
    first, second, third, fourth = store.versions()
    store.keep(2)
    found = town_of_ten.store()
    assert found.versions() == (first, second, third, fourth)
    assert found.dropped() == (first, second)
    assert found.verify() == ()
    assert found.version_contents(third)
    with pytest.raises(VersionError):
        found.catalogue_of(first)
    with pytest.raises(ValueError, match="At least one"):
        store.keep(0)
    # What was lost does not pass for dropped.
    town_of_ten.alter_content(third.files["workshops.csv"], None)
    assert [each.number for each in town_of_ten.store().verify()] == [3]


def test_what_is_right_can_be_confirmed(town_of_ten: Place) -> None:
    store = town_of_ten.store()
    assert store.confirm(NOW) == store.versions()[-1]
    assert len(store.versions()) == 1
    assert store.record(NOW) is None
