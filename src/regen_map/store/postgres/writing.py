"""A writer's step in a database: one transaction, with all other writers kept out."""

from __future__ import annotations

from collections.abc import Mapping

from regen_map.catalogue import Catalogue
from regen_map.intake import Issue, Rule
from regen_map.store.files import limits
from regen_map.store.loaded import Contents
from regen_map.store.postgres import kept, layers
from regen_map.store.postgres.connecting import Connection
from regen_map.store.records import Fault
from regen_map.store.versions import (
    ContentsError,
    Note,
    Version,
    checked_digests,
    version_after,
)


class PostgresWriting:
    """
    What `PostgresStore.writing` gives, see `regen_map.store.Writing`.

    Parameters
    ----------
    connection
        In a transaction that holds the lock of writers.

    Attributes
    ----------
    published
        The version that was added last; None before.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.published: Version | None = None

    def contents(self) -> Contents:
        """Give the files as they are, and the newest version."""
        return contents_now(self.connection)

    def append(self, contents: Mapping[str, bytes], note: Note, catalogue: Catalogue) -> Version:
        """Make the files as they are the newest version; in a database they are it already."""
        return self.become(contents, note, catalogue)

    def become(self, contents: Mapping[str, bytes], note: Note, catalogue: Catalogue) -> Version:
        """Make the files others than they are, and these the newest version."""
        files = checked_digests(contents, limits().file_bytes)
        newest = kept.newest(self.connection)
        if newest is not None and newest.files == files:
            # What was altered in the database is put right again.
            kept.keep_contents(self.connection, contents.values())
            return newest
        number = kept.next_number(self.connection)
        version = version_after(newest, number, files, note, catalogue.version)
        kept.keep_contents(self.connection, contents.values())
        kept.add_version(self.connection, version)
        layers.write(self.connection, catalogue, [version])
        self.published = version
        return version


def contents_now(connection: Connection) -> Contents:
    """Give the files of the newest version; what was damaged in it is told."""
    newest = kept.newest(connection)
    if newest is None:
        return Contents({}, (), None)
    try:
        return Contents(kept.contents(connection, newest), (), newest)
    except ContentsError:
        found = kept.named_contents(connection, newest.files)
    refused = [name for name, each in found.items() if isinstance(each, Fault)]
    return Contents(
        {name: each for name, each in found.items() if isinstance(each, bytes)},
        tuple(Issue(file=name, rule=Rule.FILE_UNREADABLE) for name in refused),
        newest,
    )
