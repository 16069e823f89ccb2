"""A catalogue kept in PostgreSQL: what a folder keeps beside its files, in tables."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TypeVar

from psycopg.pq import TransactionStatus

from regen_map.catalogue import Catalogue
from regen_map.intake import Options, Picture, read_catalogue
from regen_map.intake.aside import Prepare, read_catalogue_aside
from regen_map.store.draft import Draft
from regen_map.store.files import data_folder, limits
from regen_map.store.loaded import Contents, Loaded, StoreError, VersionError
from regen_map.store.pictures import FolderPictures, StoredPicture, find_picture
from regen_map.store.postgres import kept, layers
from regen_map.store.postgres.address import Address, address_of
from regen_map.store.postgres.connecting import Connection, Reader, connect, told
from regen_map.store.postgres.listening import Ear
from regen_map.store.postgres.migrating import lock, migrate_tables
from regen_map.store.postgres.writing import PostgresWriting, contents_now
from regen_map.store.proposals import Proposal, ProposalError, proposal_of
from regen_map.store.rereading import Rereading, newest_by
from regen_map.store.store import PATIENCE_S
from regen_map.store.unavailable import Unavailable, UnavailableError
from regen_map.store.verifying import Alarm
from regen_map.store.versions import Flaw, Note, Origin, Version

_MIGRATION_PATIENCE_S = 60.0

T = TypeVar("T")


class PostgresStore:
    """
    A catalogue kept in a database, see `regen_map.store.Store`.

    A publication is one transaction, so that there is never half of one; pictures stay in
    the folder ``images`` of `regen_map.store.data_folder`. Safe to share between threads;
    `postgres_store` gives the one of a database.

    Parameters
    ----------
    address
        Where the database is.

    Attributes
    ----------
    watched
        Whether a `regen_map.store.Watcher` looks for changes, so that `load` need not.
    prepare
        What is done with a catalogue before it is shown; nothing unless set.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self.watched = False
        self.prepare: Prepare | None = None
        self._reader = Reader(address)
        self._ear = Ear(address)
        self._reading = threading.Lock()
        self._loaded: Loaded | None = None
        self._shown: Version | None = None
        self._known: tuple[Version, ...] = ()
        self._damage: tuple[Flaw, ...] = ()
        self._old = Rereading(self.name, self.version_contents)
        self._alarm = Alarm(self.name)
        self._mine = threading.local()

    @property
    def name(self) -> str:
        """Server and database, without user and password."""
        return self.address.name

    @property
    def keeps_history(self) -> bool:
        """A database always keeps the versions."""
        return True

    @property
    def pictures(self) -> Mapping[str, Picture]:
        """The pictures, which lie in a folder."""
        return FolderPictures(data_folder(), limits())

    # ------------------------------------------------------------ what is shown

    def load(self) -> Loaded:
        """
        Give the catalogue, see `regen_map.store.Store.load`.

        Raises
        ------
        StoreError
            If no catalogue comes out of any version.
        UnavailableError
            If there is no version yet, or the database cannot be reached and never could.
        """
        if not self.watched or self._loaded is None:
            try:
                self.refresh(wait=self._loaded is None)
            except UnavailableError:
                if self._loaded is None:
                    raise
        loaded = self._loaded
        if loaded is None:
            raise StoreError(self.name, ())
        return loaded

    def refresh(self, *, wait: bool = True) -> None:
        """Read the newest version if it is another one."""
        if not self._reading.acquire(blocking=wait):
            return
        try:
            newest = self.ask(kept.newest)
            if newest is None:
                raise UnavailableError(Unavailable.EMPTY, self.name)
            if newest != self._shown:
                now = self.ask(contents_now)
                self._known = self.ask(self._all_versions)
                self._damage = self.ask(kept.damage)
                self._alarm.tell(self._damage)
                self._loaded = self._read(now)
                self._shown = now.newest
        finally:
            self._reading.release()

    def changed(self) -> bool:
        """Tell whether there is anything to be read again."""
        return self.ask(kept.newest) != self._shown

    def pause(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until somebody publishes, no longer than told; tell whether to stop."""
        return self._ear.pause(seconds, stop)

    def settle(self, seconds: float, stop: threading.Event) -> None:
        """Do nothing: nobody sees half of a transaction."""

    def _read(self, now: Contents) -> Loaded:
        options = Options(limits=limits(), images=self.pictures)
        issues = now.refused
        if not issues:
            reading = read_catalogue_aside(now.files, options, drafts=False, prepare=self.prepare)
            issues = reading.issues
            if reading.catalogue is not None:
                return Loaded(catalogue=self._same(reading.catalogue), issues=issues)
        if self._loaded is not None:
            return Loaded(catalogue=self._loaded.catalogue, issues=issues, stale=True)
        for version in reversed(self.versions()):
            with suppress(VersionError):
                return Loaded(catalogue=self.catalogue_of(version), issues=issues, stale=True)
        raise StoreError(self.name, issues)

    def _same(self, catalogue: Catalogue) -> Catalogue:
        """Keep the one that is shown where another says the same: much was made of it."""
        last = self._loaded.catalogue if self._loaded is not None else None
        return last if last is not None and last.version == catalogue.version else catalogue

    # ------------------------------------------------------------ what is kept

    def contents(self) -> Contents:
        """Give the files of the newest version; what was altered in it is told."""
        return self.ask(contents_now)

    def versions(self) -> tuple[Version, ...]:
        """
        Give the versions whose records are sound, oldest first.

        While changes are looked for, no visitor waits for the database: they are those of
        the last look, and of what was published through this store.
        """
        if self._step is not None:
            return self.ask(kept.sound_versions)
        if self.watched and self._known:
            return self._known
        try:
            self._known = self.ask(self._all_versions)
        except UnavailableError:
            # No version at all would be another thing to say than that nobody knows.
            if not self._known:
                raise
        return self._known

    def version_contents(self, version: Version) -> dict[str, bytes]:
        """Give the files of a version, see `regen_map.store.Store.version_contents`."""
        return self.ask(lambda connection: kept.contents(connection, version))

    def catalogue_of(self, version: Version) -> Catalogue:
        """Read the catalogue of a version, see `regen_map.store.Store.catalogue_of`."""
        loaded = self._loaded
        if loaded is not None and loaded.catalogue.version == version.catalogue:
            return loaded.catalogue
        return self._old.catalogue_of(version)

    def known_by(self, day: dt.date) -> Version | None:
        """Give the newest version of a day, in the city's time zone, or before it."""
        return newest_by(day, self.versions(), lambda: self.load().catalogue.city.time_zone)

    def damage(self) -> tuple[Flaw, ...]:
        """Tell what is wrong with the records of versions, while watched as of the last look."""
        if self._step is None and self.watched and self._known:
            return self._damage
        return self.ask(kept.damage)

    def verify(self) -> tuple[Flaw, ...]:
        """Look at every byte that is kept."""
        # On a connection of its own: it may take long, and nobody is to wait for it.
        return Reader(self.address).read(kept.verify)

    def dropped(self) -> tuple[Version, ...]:
        """Give the versions of which `keep` has dropped contents, oldest first."""
        return self.ask(kept.dropped)

    # ------------------------------------------------------------ what is written

    @contextmanager
    def writing(self, patience_s: float = PATIENCE_S) -> Iterator[PostgresWriting]:
        """
        Keep other writers out: all that is done within is one transaction.

        Raises
        ------
        UnavailableError
            If the database cannot be reached or written. `BusyError` is one, for another
            writer who does not come to an end.
        """
        if (step := self._step) is not None:
            with told(self.address), step.connection.transaction():
                yield step
            return
        done = False
        with connect(self.address) as connection:
            step = PostgresWriting(connection)
            try:
                with told(self.address), connection.transaction():
                    lock(connection, patience_s)
                    self._mine.step = step
                    try:
                        self._alarm.tell(self.damage())
                        yield step
                    finally:
                        self._mine.step = None
                    self._check_whole(connection)
                    done = True
            except UnavailableError as error:
                if done and error.reason is Unavailable.LOST and step.published is not None:
                    self._make_sure(step.published)
                else:
                    raise
            finally:
                self._known = ()

    def _check_whole(self, connection: Connection) -> None:
        # One that has met an error would end without a word, and without what was done.
        if connection.info.transaction_status is not TransactionStatus.INTRANS:
            raise UnavailableError(Unavailable.LOST, self.name)

    def _make_sure(self, version: Version) -> None:
        """See whether a version is there that was on its way when the connection broke."""
        try:
            there = version in self._reader.read(kept.sound_versions)
        except UnavailableError:
            raise UnavailableError(Unavailable.UNSURE, self.name) from None
        if not there:
            raise UnavailableError(Unavailable.LOST, self.name)

    def record(self, at: dt.datetime) -> Version | None:  # noqa: ARG002 - what every store is asked
        """Do nothing: nobody changes files of a database from outside."""
        return None

    def confirm(self, at: dt.datetime) -> Version | None:
        """Say that the files are right as they are, whatever was damaged of them."""
        with self.writing() as step:
            now = step.contents()
            reading = read_catalogue(now.files, Options(limits=limits()))
            if reading.catalogue is None:
                raise StoreError(self.name, (*now.refused, *reading.issues))
            return step.become(now.files, Note(at=at, origin=Origin.COMMAND), reading.catalogue)

    def keep(self, n_versions: int) -> None:
        """Drop what neither the newest versions nor proposals need."""
        if n_versions < 1:
            message = f"At least one version keeps its contents, got {n_versions}."
            raise ValueError(message)
        with self.writing() as step:
            kept.prune(step.connection, n_versions)

    # ------------------------------------------------------------ what is proposed

    def offer(self, draft: Draft, *, author: str, message: str, at: dt.datetime) -> Proposal:
        """Hand a draft over to those who publish, see `regen_map.store.Store.offer`."""
        proposal = proposal_of(draft, author=author, message=message, at=at)
        given = draft.touched
        if any(len(each) > limits().file_bytes for each in given):
            reason = "A content of the proposal is too large."
            raise ValueError(reason)
        with self.writing() as step:
            kept.add_proposal(step.connection, proposal, given)
        return proposal

    def proposals(self) -> tuple[Proposal, ...]:
        """Give the proposals whose records are sound, oldest first."""
        return self.ask(kept.proposals)

    def proposed_files(self, proposal: Proposal) -> dict[str, bytes | None]:
        """Give what a proposal changes, see `regen_map.store.Store.proposed_files`."""
        return self._proposed(proposal, proposal.files)

    def files_before(self, proposal: Proposal) -> dict[str, bytes | None]:
        """Give what the same files held when it was made."""
        return self._proposed(proposal, proposal.before)

    def drop(self, proposal: Proposal) -> None:
        """Forget a proposal, and the contents that only it needs."""
        with self.writing() as step:
            kept.remove_proposal(step.connection, proposal)

    def _proposed(
        self, proposal: Proposal, files: Mapping[str, str | None]
    ) -> dict[str, bytes | None]:
        found = self.ask(lambda connection: kept.named_contents(connection, files))
        sound = {name: each for name, each in found.items() if isinstance(each, bytes | None)}
        if len(sound) < len(found):
            raise ProposalError(proposal)
        return sound

    def image(self, name: str) -> StoredPicture | None:
        """Find a picture, in the folder of the city's pictures."""
        return find_picture(data_folder(), name)

    @property
    def _step(self) -> PostgresWriting | None:
        """The step that this thread is in."""
        step: PostgresWriting | None = getattr(self._mine, "step", None)
        return step

    def _all_versions(self, connection: Connection) -> tuple[Version, ...]:
        # Records never change but by somebody's hand, which `verify` tells.
        newest = kept.newest(connection)
        if self._known and newest == self._known[-1]:
            return self._known
        return kept.sound_versions(connection)

    def ask(self, ask: Callable[[Connection], T]) -> T:
        """
        Ask the database, all of one moment.

        A writer asks in the step that is under way, of which others see nothing yet.

        Raises
        ------
        UnavailableError
            If it cannot be reached.
        """
        if (step := self._step) is None:
            return self._reader.read(ask)
        with told(self.address):
            return ask(step.connection)


_STORES: dict[str, PostgresStore] = {}


def postgres_store(address: str) -> PostgresStore:
    """
    Give the one store of a database, shared by all who ask.

    Raises
    ------
    UnavailableError
        If it is no address of a database; nothing is asked yet.
    """
    if address not in _STORES:
        _STORES[address] = PostgresStore(address_of(address))
    return _STORES[address]


def migrate(address: str, comments: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """
    Make the tables, or bring older ones up to this program.

    All of it is one transaction. The layers are written again from the newest version.

    Parameters
    ----------
    address
        Of the database, which must be there.
    comments
        What tables and columns are, by ``table`` and ``table.column``.

    Returns
    -------
    tuple of str
        The names of the steps that were missing.

    Raises
    ------
    UnavailableError
        If that is not possible.
    """
    where = address_of(address)
    with connect(where, prepared=False) as connection, told(where), connection.transaction():
        lock(connection, _MIGRATION_PATIENCE_S)
        steps = migrate_tables(connection, where, comments or {})
        catalogue = _newest_catalogue(connection)
        if catalogue is not None:
            layers.write(connection, catalogue, kept.sound_versions(connection))
    return steps


def _newest_catalogue(connection: Connection) -> Catalogue | None:
    return read_catalogue(contents_now(connection).files, Options(limits=limits())).catalogue
