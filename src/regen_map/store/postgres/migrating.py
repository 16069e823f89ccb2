"""Whether a database has the tables of this program, and making them."""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import errors, sql

from regen_map.store.postgres import layers
from regen_map.store.postgres.address import Address
from regen_map.store.unavailable import Unavailable, UnavailableError

_LOCK = 0x726567656E
"""The number of the advisory lock that whoever changes anything holds: "regen"."""
_LONGEST_STEP_S = 300
_OLDEST_POSTGIS = (3, 3)
_NUMBERED = re.compile(r"([0-9]{4})_\w+\.sql")
_READER = "regen_map_reader"

_FOLDER = importlib.resources.files("regen_map.store.postgres")


def check_prepared(connection: psycopg.Connection[Any], address: Address) -> None:
    """
    See that the tables are there, neither older nor newer than this program.

    Raises
    ------
    UnavailableError
        If they are not.
    """
    # A name that is not there would be an error and end a transaction.
    known = _number(connection)
    if known is None or known < max(_steps()):
        raise UnavailableError(Unavailable.NOT_PREPARED, address.name)
    if known > max(_steps()):
        raise UnavailableError(Unavailable.NEWER, address.name)


def lock(connection: psycopg.Connection[Any], patience_s: float) -> None:
    """Keep other writers out until the transaction ends; raises LockNotAvailable in time."""
    connection.execute(f"SET LOCAL lock_timeout = {max(1, round(patience_s * 1000))}")
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    connection.execute("SET LOCAL lock_timeout = 0")
    # A writer whose machine has gone away does not keep the others out for ever.
    connection.execute(f"SET LOCAL idle_in_transaction_session_timeout = {_LONGEST_STEP_S * 1000}")


def migrate_tables(
    connection: psycopg.Connection[Any], address: Address, comments: Mapping[str, str]
) -> tuple[str, ...]:
    """
    Make what is missing, in the transaction that is under way; see `migrate` of the package.

    Parameters
    ----------
    connection
        With nobody else writing.
    address, comments
        Of the database, and what is in it.

    Raises
    ------
    UnavailableError
        If the tables are newer than this program, or PostGIS is missing or too old.
    psycopg.Error
        If the user may not do that.
    """
    steps = _steps()
    schema = _postgis(connection, address)
    connection.execute("CREATE SCHEMA IF NOT EXISTS regen_map_history")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS regen_map_history.migration"
        " (number integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())"
    )
    known = _number(connection) or 0
    if known > max(steps):
        raise UnavailableError(Unavailable.NEWER, address.name)
    missing = {number: name for number, name in steps.items() if number > known}
    for number, name in missing.items():
        connection.execute(_script("migrations", name))
        connection.execute(
            "INSERT INTO regen_map_history.migration (number, name) VALUES (%s, %s)",
            [number, name],
        )
    layers.make_tables(connection, schema)
    path = sql.SQL("SET LOCAL search_path = {}, pg_catalog").format(sql.Identifier(schema))
    connection.execute(path)
    connection.execute(_script("views.sql"))
    connection.execute("SET LOCAL search_path = pg_catalog")
    layers.describe(connection, comments)
    _grant(connection)
    return tuple(missing.values())


def _steps() -> dict[int, str]:
    """Name the numbered files, in their order."""
    names = (each.name for each in (_FOLDER / "migrations").iterdir())
    matches = filter(None, map(_NUMBERED.fullmatch, names))
    return dict(sorted((int(match[1]), match[0]) for match in matches))


def _script(*parts: str) -> bytes:
    return _FOLDER.joinpath(*parts).read_bytes()


def _number(connection: psycopg.Connection[Any]) -> int | None:
    found = connection.execute("SELECT to_regclass('regen_map_history.migration')").fetchone()
    if found is None or found[0] is None:
        return None
    last = connection.execute("SELECT max(number) FROM regen_map_history.migration").fetchone()
    return last[0] if last is not None else None


def _postgis(connection: psycopg.Connection[Any], address: Address) -> str:
    """Have PostGIS, and name the schema that it is in."""
    try:
        with connection.transaction():
            connection.execute("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
    except (errors.InsufficientPrivilege, errors.FeatureNotSupported, errors.UndefinedFile):
        raise UnavailableError(Unavailable.NO_POSTGIS, address.name) from None
    found = connection.execute(
        "SELECT nspname, extversion FROM pg_extension JOIN pg_namespace"
        " ON pg_namespace.oid = extnamespace WHERE extname = 'postgis'"
    ).fetchone()
    if found is None:
        raise UnavailableError(Unavailable.NO_POSTGIS, address.name)
    schema, version = found
    numbers = tuple(int(each) for each in re.findall(r"\d+", version)[:2])
    if numbers < _OLDEST_POSTGIS:
        raise UnavailableError(Unavailable.OLD_SERVER, address.name, f"PostGIS {version}"[:40])
    return str(schema)


def _grant(connection: psycopg.Connection[Any]) -> None:
    """Let readers read what QGIS opens, and nobody write it."""
    connection.execute(
        "REVOKE ALL ON ALL TABLES IN SCHEMA regen_map, regen_map_history FROM PUBLIC"
    )
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [_READER]).fetchone()
    if known is None:
        return
    role = sql.Identifier(_READER)
    for command in (
        "GRANT USAGE ON SCHEMA regen_map TO {}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA regen_map FROM {}",
        "GRANT SELECT ON ALL TABLES IN SCHEMA regen_map TO {}",
    ):
        connection.execute(sql.SQL(command).format(role))
