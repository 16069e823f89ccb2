"""``regen-map store``: a database in the place of a folder."""

from __future__ import annotations

import argparse
import datetime as dt
import errno
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from regen_map.catalogue import TABLES
from regen_map.cli.arguments import Commands, existing_folder, user_name
from regen_map.cli.output import cannot_write, for_people, progress
from regen_map.cli.stopping import UNABLE
from regen_map.messages import LANGUAGES, Translator, translator
from regen_map.messages.issues import describe, visible
from regen_map.store import (
    STORE_VARIABLE,
    Conflict,
    ContentsError,
    FolderStore,
    UnusableError,
    history_folder,
)

_DONE, _REFUSED = 0, 1
_LONGEST_NAME, _MOST_ISSUES = 200, 50


def add(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "store",
        help="keep a city in PostgreSQL instead of a folder",
        description="Keep a city in a PostgreSQL database with PostGIS instead of a folder: the"
        " one whose address REGEN_MAP_STORE holds, such as"
        " postgresql://user@host:5432/database. The password may stand in the address, in"
        " PGPASSWORD or in the file that PGPASSFILE names. Ends with 0 when done, 1 when the data"
        " are against it, 2 when it cannot be done.",
    )
    actions = parser.add_subparsers(title="actions", required=True, metavar="action")
    migrate = actions.add_parser(
        "migrate",
        help="make the tables, or bring older ones up to date",
        description="Make the tables in the database, or bring those of an older regen-map up to"
        " date, and write the layers for QGIS again. Doing it once too often does no harm.",
    )
    migrate.set_defaults(act=_migrate)
    brings = actions.add_parser(
        "import",
        help="bring a folder into the database, with its history",
        description="Bring the files of a folder, all their versions and proposals into the"
        " database: byte for byte, in one step. The database is empty, or was brought from this"
        " folder before. Pictures stay in a folder: REGEN_MAP_DATA names it.",
    )
    brings.add_argument("folder", metavar="FOLDER", type=existing_folder, help="of the city")
    brings.add_argument("--author", help="who, for the history; else the user's name")
    brings.set_defaults(act=_import)
    writes = actions.add_parser(
        "export",
        help="write the database into a folder, with its history",
        description="Write the files of the newest version into an empty folder, byte for byte as"
        " they were published, and the history beside them. Pictures are not in the database.",
    )
    writes.add_argument("folder", metavar="FOLDER", type=Path, help="empty, or not there yet")
    writes.set_defaults(act=_export)
    for each in (migrate, brings, writes):
        each.add_argument(
            "--lang", choices=LANGUAGES, default=LANGUAGES[0], help="default %(default)s"
        )
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    for_people()
    words = translator(given.lang)
    address = os.environ.get(STORE_VARIABLE, "").strip()
    if not address:
        return _stop(UNABLE, words.text("store.none"))
    status: int = given.act(given, words, address)
    return status


def _migrate(_given: argparse.Namespace, words: Translator, address: str) -> int:
    from regen_map.store.postgres import migrate, postgres_store  # noqa: PLC0415 - only for this

    name = postgres_store(address).name
    steps = migrate(address, _meanings())
    print(words.count("store.migrated", len(steps), name=visible(name, _LONGEST_NAME)))
    return _DONE


def _import(given: argparse.Namespace, words: Translator, address: str) -> int:
    from regen_map.store.postgres import (  # noqa: PLC0415 - only for this
        DamagedError,
        import_folder,
        postgres_store,
    )

    progress(words.text("publish.reading"))
    try:
        version = import_folder(
            postgres_store(address),
            FolderStore(given.folder),
            author=user_name() if given.author is None else given.author,
            at=dt.datetime.now(tz=dt.UTC),
        )
    except UnusableError as error:
        told = [describe(each, given.lang) for each in error.issues[:_MOST_ISSUES]]
        return _stop(_REFUSED, words.text("store.unusable"), *told)
    except Conflict:
        return _stop(_REFUSED, words.text("store.ahead"))
    except DamagedError as error:
        return _stop(_REFUSED, words.count("store.damaged", len(error.flaws)))
    except OSError as error:
        return _stop(UNABLE, cannot_write(error, words))
    folder = visible(str(given.folder), _LONGEST_NAME)
    print(words.text("store.imported", folder=folder, number=version.number))
    print(words.text("store.pictures"))
    return _DONE


def _export(given: argparse.Namespace, words: Translator, address: str) -> int:
    from regen_map.store.postgres import (  # noqa: PLC0415 - only for this
        DamagedError,
        export_folder,
        postgres_store,
    )

    store, target = postgres_store(address), given.folder.expanduser().resolve()
    try:
        version = export_folder(store, target)
    except (ContentsError, DamagedError) as error:
        return _stop(_REFUSED, words.count("store.damaged", len(error.flaws)))
    except OSError as error:
        if error.errno == errno.ENOTEMPTY:
            full = visible(str(error.filename), _LONGEST_NAME)
            return _stop(_REFUSED, words.text("store.not_empty", folder=full))
        return _stop(UNABLE, cannot_write(error, words))
    folder = visible(str(target), _LONGEST_NAME)
    if version is None:
        return _stop(UNABLE, words.text("store.empty", name=store.name))
    print(words.text("store.exported", folder=folder, number=version.number))
    if history_folder(target) is None:
        print(words.text("store.without_history"))
    print(words.text("store.pictures"))
    return _DONE


def _meanings() -> Mapping[str, str]:
    """Tell what tables and columns are, in Italian: whoever opens them with QGIS reads it."""
    from regen_map.export.dictionary import describe_column  # noqa: PLC0415 - slow, only for this

    words = translator("it")
    tables = {name: words.text(f"table.{name}") for name in TABLES}
    return tables | {
        f"{table.name}.{column.name}": describe_column(table, column, "it")
        for table in TABLES.values()
        for column in table.columns
    }


def _stop(status: int, *sentences: str) -> int:
    print(*sentences, sep="\n", file=sys.stderr)
    return status
