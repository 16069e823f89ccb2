"""Drafts that are handed to those who publish, in a folder and in a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map.store import (
    Draft,
    Fault,
    Flaw,
    FolderStore,
    NoHistoryError,
    Overtaken,
    Proposal,
    ProposalError,
    ProposalsFullError,
    Store,
    draft_of,
    draft_of_proposal,
)
from regen_map.store.proposals import (
    LONGEST_PROPOSAL,
    MOST_PROPOSALS,
    proposal_from,
    record_of_proposal,
)
from tests import postgres as postgres_server
from tests import stores
from tests.stores import NOW, InFolder, Place, Rows, published, workshops

postgres = postgres_server.postgres
place = stores.place
town_of_ten = stores.town_of_ten
folder = stores.folder


def renaming(store: Store, rows: Rows, name: str, n: int = 0) -> Draft:
    changes = [{"id": f"w-{each}"} for each in range(n)]
    content = workshops(rows, *changes, {"id": f"w-{n}", "name_it": name})
    return draft_of(store, {"workshops.csv": content})


def offered(store: Store, draft: Draft, author: str = "Eva", message: str = "Nuova") -> Proposal:
    return store.offer(draft, author=author, message=message, at=NOW)


def test_a_proposal_changes_nothing_until_it_is_published(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    before = store.contents()
    draft = renaming(store, rows, "Altra")
    proposal = offered(store, draft)
    assert town_of_ten.store().contents() == before
    publisher = town_of_ten.store()
    assert publisher.proposals() == (proposal,)
    assert (proposal.author, proposal.message, proposal.at) == ("Eva", "Nuova", NOW)
    assert before.newest is not None
    assert proposal.base == before.newest.hash
    content = draft.contents["workshops.csv"]
    assert publisher.proposed_files(proposal) == {"workshops.csv": content}
    assert publisher.verify() == ()
    published(publisher, draft_of_proposal(publisher, proposal))
    publisher.drop(proposal)
    assert store.proposals() == ()
    assert store.contents().files["workshops.csv"] == content
    assert publisher.verify() == ()


def test_changes_of_others_are_kept_when_a_proposal_is_published(
    town_of_ten: Place, rows: Rows
) -> None:
    store = town_of_ten.store()
    proposal = offered(store, renaming(store, rows, "Proposta"))
    published(store, renaming(store, rows, "Altra", n=5))
    published(store, draft_of_proposal(store, proposal))
    names = list(store.load().catalogue.table("workshops")["name_it"])
    assert (names[0], names[5]) == ("Proposta", "Altra")


def test_a_proposal_of_rows_that_have_changed_is_a_conflict(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    proposal = offered(store, renaming(store, rows, "Proposta"))
    published(store, renaming(store, rows, "Altra"))
    with pytest.raises(Overtaken) as caught:
        draft_of_proposal(store, proposal)
    assert caught.value.files == ("workshops.csv",)
    assert store.proposals() == (proposal,)


def test_a_proposal_that_others_have_carried_out_changes_nothing_more(
    town_of_ten: Place, rows: Rows
) -> None:
    store = town_of_ten.store()
    proposal = offered(store, renaming(store, rows, "Altra"))
    published(store, renaming(store, rows, "Altra"))
    assert draft_of_proposal(store, proposal).changed == ()


def test_a_file_can_be_proposed_to_come_or_to_go(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    events = rows("events", {})
    proposal = offered(store, draft_of(store, {"events.csv": events, "projects.csv": None}))
    assert store.proposed_files(proposal) == {"events.csv": events, "projects.csv": None}
    draft = draft_of_proposal(store, proposal)
    assert (draft.changed, draft.gone) == (("events.csv",), ("projects.csv",))


def test_proposals_come_in_the_order_of_their_making(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    told = [
        store.offer(
            renaming(store, rows, f"Nome {n}"), author="", message="", at=NOW.replace(minute=n)
        )
        for n in (3, 1, 2)
    ]
    assert store.proposals() == (told[1], told[2], told[0])


def test_the_same_proposal_twice_is_one(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    draft = renaming(store, rows, "Altra")
    assert offered(store, draft) == offered(store, draft)
    assert len(store.proposals()) == 1


def test_a_draft_that_changes_nothing_is_no_proposal(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    with pytest.raises(ValueError, match="Nothing is changed"):
        offered(store, draft_of(store, {}))
    draft = renaming(store, rows, "Altra")
    with pytest.raises(ValueError, match="time zone"):
        store.offer(draft, author="", message="", at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="record may have"):
        offered(store, draft, message="x" * LONGEST_PROPOSAL)
    assert store.proposals() == ()


def test_contents_that_a_proposal_needs_are_not_dropped(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    proposal = offered(store, renaming(store, rows, "Proposta"))
    for name in ("Una", "Due", "Tre"):
        published(store, renaming(store, rows, name, n=5))
    store.keep(1)
    assert store.verify() == ()
    assert store.proposed_files(proposal)
    assert store.files_before(proposal)
    assert draft_of_proposal(store, proposal).changed == ("workshops.csv",)


def test_dropping_a_proposal_drops_what_only_it_needs(town_of_ten: Place, rows: Rows) -> None:
    store = town_of_ten.store()
    one, two = (offered(store, renaming(store, rows, name)) for name in ("Una", "Due"))
    (first,), (second,) = one.files.values(), two.files.values()
    (before,) = one.before.values()
    assert first is not None
    assert second is not None
    assert before is not None
    store.drop(one)
    store.drop(one)
    assert store.proposals() == (two,)
    assert [town_of_ten.has(each) for each in (first, second, before)] == [False, True, True]
    assert store.verify() == ()
    store.drop(two)
    assert [town_of_ten.has(each) for each in (first, second, before)] == [False, False, True]


def test_only_so_many_proposals_wait(
    town_of_ten: Place, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_PROPOSALS == 100
    for module in ("folder.proposals", "postgres.kept"):
        monkeypatch.setattr(f"regen_map.store.{module}.MOST_PROPOSALS", 2)
    store = town_of_ten.store()
    told = [offered(store, renaming(store, rows, name)) for name in ("Una", "Due")]
    third = renaming(store, rows, "Tre")
    with pytest.raises(ProposalsFullError):
        offered(store, third)
    # What is not taken takes no room either.
    assert third.reading.catalogue is not None
    assert not town_of_ten.has(stores.sha256(third.contents["workshops.csv"]))
    store.drop(told[0])
    offered(store, third)


def test_a_proposal_that_somebody_changed_is_left_out_and_told(
    town_of_ten: Place, rows: Rows
) -> None:
    store = town_of_ten.store()
    one, two = (offered(store, renaming(store, rows, name)) for name in ("Una", "Due"))
    town_of_ten.alter_proposal(one.id, lambda record: record.replace(b"Eva", b"Ada"))
    found = town_of_ten.store()
    assert found.proposals() == (two,)
    assert found.verify() == (Flaw(fault=Fault.PROPOSAL, file=one.id),)
    town_of_ten.alter_proposal(one.id, lambda _: b"[" * 10_000)
    assert town_of_ten.store().proposals() == (two,)
    found.drop(one)
    assert found.verify() == ()


@pytest.mark.parametrize("content", [b"altered", None])
def test_a_proposal_whose_content_is_damaged_says_so(
    content: bytes | None, town_of_ten: Place, rows: Rows
) -> None:
    store = town_of_ten.store()
    proposal = offered(store, renaming(store, rows, "Altra"))
    (sha256,) = proposal.files.values()
    assert sha256 is not None
    town_of_ten.alter_content(sha256, content)
    with pytest.raises(ProposalError):
        store.proposed_files(proposal)
    with pytest.raises(ProposalError):
        draft_of_proposal(store, proposal)
    assert store.verify() == (Flaw(fault=Fault.PROPOSAL, file=proposal.id),)


@given(text=st.text(st.characters(codec=None, categories=None), max_size=50))
def test_whatever_is_told_comes_back(text: str) -> None:
    proposal = Proposal(
        at=NOW,
        author=text,
        message=text,
        base="",
        files={"a.csv": None},
        before={"a.csv": "0" * 64},
    )
    record = record_of_proposal(proposal)
    assert proposal_from(record) is Fault.ALTERED
    sealed = json.loads(record)
    assert (sealed["author"], sealed["message"]) == (text, text)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading_of_a_record(content: bytes) -> None:
    assert proposal_from(content) is Fault.UNREADABLE


@pytest.mark.parametrize(
    "files",
    [{"../x": None}, {"a.csv": "0"}, {"a.csv": 1}, [], {"a.csv": None, "b.csv": None}],
    ids=str,
)
def test_a_record_that_names_what_no_proposal_names_is_none(files: object) -> None:
    record = {
        "at": NOW.isoformat(),
        "author": "",
        "message": "",
        "base": "",
        "files": files,
        "before": {"a.csv": None},
        "hash": "0" * 64,
    }
    assert proposal_from(json.dumps(record).encode()) is Fault.UNREADABLE


def test_without_a_history_nothing_is_proposed(
    tmp_path: Path, files: stores.Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "off")
    store = FolderStore(tmp_path)
    with pytest.raises(NoHistoryError):
        offered(store, draft_of(store, files()))
    assert store.proposals() == ()
    assert not list(tmp_path.iterdir())


def test_a_link_in_the_place_of_proposals_leads_nowhere(
    tmp_path: Path, files: stores.Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "")
    home, other = tmp_path.resolve() / "town", tmp_path.resolve() / "other"
    home.mkdir()
    other.mkdir()
    store = InFolder(home).store()
    published(store, draft_of(store, files()))
    (home / ".history" / "proposals").symlink_to(other)
    assert store.proposals() == ()
    with pytest.raises(OSError, match="Errno"):
        offered(store, draft_of(store, {"events.csv": b"id,name_it,name_en\n"}))
    assert not list(other.iterdir())


def test_a_proposal_that_finds_no_room_leaves_nothing_behind(
    folder: Path, files: stores.Files, rows: stores.Rows
) -> None:
    with stores.small_disk(folder, 300_000):
        for name, content in files(workshops=workshops(rows)).items():
            (folder / name).write_bytes(content)
        store = InFolder(folder).store()
        store.load()
        store.record(NOW)
        draft = draft_of(store, {"projects.csv": rows("projects", {"name_it": "x" * 15_000})})
        filler = stores.filled(folder, 16_384)
        before = stores.everything(folder)
        with pytest.raises(OSError, match="Errno"):
            offered(store, draft)
        assert stores.everything(folder) == before
        filler.unlink()
        assert offered(store, draft) in store.proposals()
