"""The one door to writing: nobody writes whom the accounts do not let write at that moment."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from regen_map.access import (
    LONGEST,
    LONGEST_UNUSED,
    AccountsFile,
    Entrance,
    Identity,
    Passwords,
    Person,
    Role,
    hash_of,
    with_account,
    without_account,
)
from regen_map.staff import NEEDED, Act, NotAllowedError, Reason, Staff
from regen_map.store import (
    Draft,
    FolderStore,
    Origin,
    Overtaken,
    Proposal,
    ProposalError,
    UnconfirmedError,
    Version,
    draft_of,
    draft_of_proposal,
    draft_to_restore,
    publish,
)
from regen_map.store.folder.writing import FolderWriting

Files = Callable[..., dict[str, bytes]]
Rows = Callable[..., bytes]

NOW = dt.datetime(2026, 3, 12, 13, 5, tzinfo=dt.UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORDS = {name: f"a long password of {name}" for name in ("ada", "ugo", "eva")}
SECRETS = """
[auth]
[regen_map.oidc]
editors = ["ed@comune.example"]
publishers = ["pia@comune.example"]
[regen_map.accounts.ada]
role = "publisher"
full_name = "Ada Neri"
password = "{ada}"
[regen_map.accounts.ugo]
role = "editor"
full_name = "Ugo Rossi"
password = "{ugo}"
[regen_map.accounts.eva]
role = "editor"
password = "{eva}"
""".format(**{name: hash_of(each, CHEAP) for name, each in PASSWORDS.items()})


@dataclass(frozen=True)
class Made:
    """What each test begins with a copy of: two versions, a proposal, and drafts for more."""

    folder: Path
    first: Version
    offered: Proposal
    third: Draft
    proposed: Draft


class Town:
    """A folder of a city, and the staff who look after it."""

    def __init__(self, made: Made, home: Path) -> None:
        self.made, self.folder, self.secrets = made, home / "town", home / "secrets.toml"
        shutil.copytree(made.folder, self.folder)
        self.secrets.write_text(SECRETS, "utf-8")
        self.now = NOW
        self.store = FolderStore(self.folder)
        self.entrance = Entrance(AccountsFile(self.secrets), Passwords(CHEAP))
        self.staff = Staff(self.store, self.entrance, lambda: self.now)

    def signed_in(self, name: str) -> Identity:
        token = self.entrance.sign_in(name, PASSWORDS[name], "192.0.2.1", self.now)
        assert token is not None
        return Identity(token)

    def change_secrets(self, change: Callable[[bytes], bytes]) -> None:
        self.secrets.write_bytes(change(self.secrets.read_bytes()))

    def bytes(self) -> dict[str, bytes]:
        """Give every byte of the folder and its history, but the lock, which is empty."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.name != "lock"
        }

    def act(self, act: Act, identity: Identity) -> Version | Proposal | None:
        made = self.made
        if act is Act.OFFER:
            return self.staff.offer(identity, made.third, "Perché sì")
        if act is Act.WITHDRAW:
            self.staff.withdraw(identity, made.offered)
            return None
        if act is Act.ACCEPT:
            return self.staff.accept(identity, made.offered, made.proposed, "Va bene")
        if act is Act.RESTORE:
            return self.staff.restore(identity, made.first, "Com’era")
        return self.staff.publish(identity, made.third, "Perché sì")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, files: Files, rows: Rows) -> Iterator[Made]:
    home = tmp_path_factory.mktemp("made").resolve()
    folder = home / "town"
    folder.mkdir()
    for name, each in files(projects=rows("projects", {})).items():
        (folder / name).write_bytes(each)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGEN_MAP_HISTORY", "")
        store = FolderStore(folder)

        def draft(name: str) -> Draft:
            return draft_of(store, {"projects.csv": rows("projects", {"name_it": name})})

        for name in ("primo", "secondo"):
            publish(store, draft(name), author="", message=name, at=NOW)
        ugo = Person(name="Ugo Rossi", role=Role.EDITOR, key="ugo").author
        offered = store.offer(draft("proposta"), author=ugo, message="Proposta", at=NOW)
        yield Made(
            folder, store.versions()[0], offered, draft("terzo"), draft_of_proposal(store, offered)
        )


@pytest.fixture
def town(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setenv("REGEN_MAP_HISTORY", "")
    return Town(made, tmp_path.resolve())


def claims(email: str, **changes: object) -> Identity:
    usual: dict[str, object] = {
        "is_logged_in": True,
        "email": email,
        "email_verified": True,
        "name": "Pia",
        "iat": int(NOW.timestamp()),
    }
    return Identity(claims=usual | changes)


def anonymous(_town: Town) -> Identity:
    return Identity()


def forged(town: Town) -> Identity:
    real = town.signed_in("ada").token
    return Identity(real[:-1] + ("A" if real[-1] != "A" else "B"))


def made_up(_town: Town) -> Identity:
    return Identity("ada", {"name": "Ada Neri", "role": "publisher", "key": "ada"})


def expired(town: Town) -> Identity:
    identity = town.signed_in("ada")
    for _ in range(20):
        town.now += LONGEST / 20
        town.entrance.person(identity, town.now)
    return identity


def unused(town: Town) -> Identity:
    identity = town.signed_in("ada")
    town.now += LONGEST_UNUSED
    return identity


def signed_out(town: Town) -> Identity:
    identity = town.signed_in("ada")
    town.entrance.sign_out(identity.token)
    return identity


def removed(town: Town) -> Identity:
    identity = town.signed_in("ada")
    town.change_secrets(lambda content: without_account(content, "ada"))
    return identity


def lowered_to_nothing(town: Town) -> Identity:
    identity = town.signed_in("ada")
    town.change_secrets(lambda content: with_account(content, "ada", {"role": "reader"}))
    return identity


def with_another_password(town: Town) -> Identity:
    identity = town.signed_in("ada")
    new = {"password": hash_of("quite another password", CHEAP)}
    town.change_secrets(lambda content: with_account(content, "ada", new))
    return identity


def broken_file(town: Town) -> Identity:
    identity = town.signed_in("ada")
    town.change_secrets(lambda content: content + b"[")
    return identity


def no_file(town: Town) -> Identity:
    identity = town.signed_in("ada")
    town.secrets.unlink()
    return identity


def of_another_server(town: Town) -> Identity:
    other = Entrance(AccountsFile(town.secrets), Passwords(CHEAP))
    return Identity(other.sign_in("ada", PASSWORDS["ada"], "", NOW) or "")


def not_listed(_town: Town) -> Identity:
    return claims("eve@comune.example")


def unverified(_town: Town) -> Identity:
    return claims("pia@comune.example", email_verified=False)


def old(town: Town) -> Identity:
    town.now += LONGEST
    return claims("pia@comune.example")


def undated(_town: Town) -> Identity:
    return claims("pia@comune.example", iat=None)


def not_vouched_for(_town: Town) -> Identity:
    return claims("pia@comune.example", is_logged_in=False)


def taken_from_the_list(town: Town) -> Identity:
    town.change_secrets(lambda content: content.replace(b"pia@", b"other@"))
    return claims("pia@comune.example")


def without_streamlits_part(town: Town) -> Identity:
    town.change_secrets(lambda content: content.replace(b"[auth]", b""))
    return claims("pia@comune.example")


NOBODY: Mapping[Callable[[Town], Identity], Reason] = {
    anonymous: Reason.ANONYMOUS,
    not_vouched_for: Reason.ANONYMOUS,
} | dict.fromkeys(
    (
        forged,
        made_up,
        expired,
        unused,
        signed_out,
        removed,
        lowered_to_nothing,
        with_another_password,
        broken_file,
        no_file,
        of_another_server,
        not_listed,
        unverified,
        old,
        undated,
        taken_from_the_list,
        without_streamlits_part,
    ),
    Reason.EXPIRED,
)


def editor(town: Town) -> Identity:
    return town.signed_in("ugo")


def organisations_editor(_town: Town) -> Identity:
    return claims("ed@comune.example")


def lowered(town: Town) -> Identity:
    identity = town.signed_in("ada")
    town.change_secrets(lambda content: with_account(content, "ada", {"role": "editor"}))
    return identity


def moved_to_editors(town: Town) -> Identity:
    moved = b'editors = ["pia@comune.example"]\n[other]\n'
    town.change_secrets(lambda content: content.replace(b"editors = [", moved + b"x = ["))
    return claims("pia@comune.example")


def publisher(town: Town) -> Identity:
    return town.signed_in("ada")


def organisations_publisher(_town: Town) -> Identity:
    return claims("PIA@comune.example")


def raised(town: Town) -> Identity:
    identity = town.signed_in("ugo")
    town.change_secrets(lambda content: with_account(content, "ugo", {"role": "publisher"}))
    return identity


@pytest.mark.parametrize("who", NOBODY, ids=lambda each: each.__name__)
def test_nobody_writes_who_is_not_of_the_staff_now(
    town: Town, who: Callable[[Town], Identity]
) -> None:
    identity, before = who(town), town.bytes()
    for act in Act:
        with pytest.raises(NotAllowedError) as caught:
            town.act(act, identity)
        assert caught.value.reason is NOBODY[who]
        assert not town.staff.may(identity, act)
        assert town.bytes() == before
    assert town.store.proposals() == (town.made.offered,)


@pytest.mark.parametrize("who", [editor, organisations_editor, lowered, moved_to_editors])
def test_an_editor_publishes_nothing(town: Town, who: Callable[[Town], Identity]) -> None:
    identity, before = who(town), town.bytes()
    for act in (Act.PUBLISH, Act.RESTORE, Act.ACCEPT):
        with pytest.raises(NotAllowedError) as caught:
            town.act(act, identity)
        assert caught.value.reason is Reason.ROLE
        assert not town.staff.may(identity, act)
        assert town.bytes() == before


def test_a_draft_that_restores_is_no_way_around(town: Town) -> None:
    before = town.bytes()
    with pytest.raises(NotAllowedError):
        town.staff.publish(editor(town), draft_to_restore(town.store, town.made.first), "x")
    assert town.bytes() == before


@pytest.mark.parametrize("who", [publisher, organisations_publisher, raised])
@pytest.mark.parametrize("act", Act)
def test_a_publisher_does_everything(town: Town, who: Callable[[Town], Identity], act: Act) -> None:
    identity, before = who(town), town.bytes()
    assert town.staff.may(identity, act)
    town.act(act, identity)
    assert town.bytes() != before
    assert town.store.verify() == ()


@pytest.mark.parametrize("who", [editor, organisations_editor])
def test_an_editor_offers_and_nothing_is_published(
    town: Town, who: Callable[[Town], Identity]
) -> None:
    versions = town.store.versions()
    identity = who(town)
    assert town.staff.may(identity, Act.OFFER)
    proposal = town.act(Act.OFFER, identity)
    assert set(town.store.proposals()) == {town.made.offered, proposal}
    assert town.store.versions() == versions
    assert isinstance(proposal, Proposal)
    town.staff.withdraw(identity, proposal)
    assert town.store.proposals() == (town.made.offered,)


def test_every_act_has_its_role_and_its_way_through_the_door() -> None:
    assert set(NEEDED) == set(Act)
    assert {name for name in vars(Staff) if not name.startswith("_")} == {
        *Act,
        "person",
        "may",
    }


@pytest.mark.parametrize("who", ["eva", "ed@comune.example"])
def test_an_editor_withdraws_no_proposal_of_somebody_else(town: Town, who: str) -> None:
    identity = claims(who) if "@" in who else town.signed_in(who)
    before = town.bytes()
    for shown in (town.made.offered, replace(town.made.offered, author="someone else")):
        with pytest.raises(NotAllowedError) as caught:
            town.staff.withdraw(identity, shown)
        assert caught.value.reason is Reason.OTHERS
    person = town.staff.person(identity)
    assert person is not None
    town.staff.withdraw(identity, replace(town.made.offered, author=person.author))
    assert town.bytes() == before


def test_an_editor_takes_the_own_proposal_back_once(town: Town) -> None:
    town.staff.withdraw(editor(town), town.made.offered)
    assert town.store.proposals() == ()
    town.staff.withdraw(editor(town), town.made.offered)


# ---------------------------------------------------------------- the moment of writing


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (removed, Reason.EXPIRED),
        (lowered, Reason.ROLE),
    ],
)
def test_whoever_is_no_more_allowed_when_the_turn_comes_writes_nothing(
    town: Town, meanwhile: Callable[[Town], object], reason: Reason
) -> None:
    class Waiting(FolderStore):
        @contextmanager
        def writing(self, patience_s: float = 1) -> Iterator[FolderWriting]:
            # As long as another writer takes.
            meanwhile(town)
            with super().writing(patience_s) as step:
                yield step

    identity, draft, before = publisher(town), town.made.third, town.bytes()
    late = Staff(Waiting(town.folder), town.entrance, lambda: town.now)
    with pytest.raises(NotAllowedError) as caught:
        late.publish(identity, draft, "x")
    assert caught.value.reason is reason
    assert town.bytes() == before


def test_the_history_names_who_did_it_and_why(town: Town) -> None:
    town.act(Act.PUBLISH, publisher(town))
    town.act(Act.RESTORE, organisations_publisher(town))
    told = [(each.author, each.message, each.origin, each.at) for each in town.store.versions()]
    assert told[-2:] == [
        ("Ada Neri <ada>", "Perché sì", Origin.DESK, NOW),
        ("Pia <pia@comune.example>", "Com’era", Origin.RESTORED, NOW),
    ]
    assert town.made.offered.author == "Ugo Rossi <ugo>"


def test_an_accepted_proposal_names_both_and_is_no_more(town: Town) -> None:
    town.act(Act.ACCEPT, publisher(town))
    newest = town.store.versions()[-1]
    assert newest.author == "Ada Neri <ada> (Ugo Rossi <ugo>)"
    assert town.store.proposals() == ()
    assert b"proposta" in (town.folder / "projects.csv").read_bytes()


def test_the_own_proposal_names_its_author_once(town: Town) -> None:
    town.act(Act.ACCEPT, raised(town))
    assert town.store.versions()[-1].author == "Ugo Rossi <ugo>"


def test_a_proposal_that_was_withdrawn_is_not_accepted(town: Town) -> None:
    identity, draft = publisher(town), town.made.proposed
    town.staff.withdraw(editor(town), town.made.offered)
    before = town.bytes()
    with pytest.raises(ProposalError):
        town.staff.accept(identity, town.made.offered, draft, "x")
    assert town.bytes() == before


def test_a_proposal_stays_where_it_is_not_published(town: Town, rows: Rows) -> None:
    identity, draft = publisher(town), town.made.proposed
    town.act(Act.PUBLISH, identity)
    with pytest.raises(Overtaken):
        town.staff.accept(identity, town.made.offered, draft, "x")
    assert town.store.proposals() == (town.made.offered,)
    many = rows("workshops", *({"id": f"w-{n}"} for n in range(10)))
    town.staff.publish(identity, draft_of(town.store, {"workshops.csv": many}), "", confirmed=True)
    emptied = draft_of(town.store, {"workshops.csv": rows("workshops", {"id": "w-1"})})
    with pytest.raises(UnconfirmedError):
        town.staff.publish(identity, emptied, "x")


def test_no_reason_names_a_person_or_a_secret(town: Town) -> None:
    identity = removed(town)
    with pytest.raises(NotAllowedError) as caught:
        town.act(Act.PUBLISH, identity)
    assert re.fullmatch(r"Not allowed: \w+\.", str(caught.value))
    assert identity.token not in repr(caught.value)
