"""Connections to the server, and what goes wrong with them in words of our own."""

from __future__ import annotations

import re
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias, TypeVar

import psycopg
from psycopg import errors

from regen_map.store.postgres.address import Address
from regen_map.store.postgres.migrating import check_prepared
from regen_map.store.unavailable import BusyError, Unavailable, UnavailableError

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]
T = TypeVar("T")

_OPTIONS = {
    "connect_timeout": 5,
    "application_name": "regen-map",
    "client_encoding": "utf8",
    # A server that is gone without a word is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_OLDEST_SERVER = 150_000
_REFUSED = re.compile("password|authentication|pg_hba|does not exist|permission", re.IGNORECASE)
"""What servers that speak English say when they let nobody in."""


def connect(address: Address, *, prepared: bool = True) -> Connection:
    """
    Open a connection in which every statement is by itself.

    Parameters
    ----------
    address
        Where to.
    prepared
        Whether the tables must be there and of our version.

    Raises
    ------
    UnavailableError
        If that is not possible. No error holds what the server or its library says, where
        a password may stand.
    """
    try:
        connection = psycopg.connect(**{**_OPTIONS, **address.options}, autocommit=True)
    except psycopg.ProgrammingError:
        raise UnavailableError(Unavailable.ADDRESS, address.name) from None
    except psycopg.Error as error:
        raise UnavailableError(_why(error), address.name) from None
    try:
        with told(address):
            # Whatever schemas others have put into the way of ours.
            connection.execute("SET search_path = pg_catalog")
            _check_server(connection, address)
            if prepared:
                check_prepared(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_server(connection: Connection, address: Address) -> None:
    if connection.info.server_version < _OLDEST_SERVER:
        found = f"PostgreSQL {connection.info.parameter_status('server_version')}"
        raise UnavailableError(Unavailable.OLD_SERVER, address.name, found)


def _why(error: psycopg.Error) -> Unavailable:
    answered = error.pgconn
    if answered is not None and (answered.used_password or answered.needs_password):
        return Unavailable.DENIED
    return Unavailable.DENIED if _REFUSED.search(str(error)) else Unavailable.UNREACHABLE


@contextmanager
def told(address: Address) -> Iterator[None]:
    """Turn errors of the database into `UnavailableError`."""
    try:
        yield
    except errors.LockNotAvailable:
        raise BusyError(address.name) from None
    except psycopg.Error as error:
        reason = _reason(error)
        known = type(error).__name__ if error.sqlstate is None else error.sqlstate
        detail = known if reason in (Unavailable.FAILED, Unavailable.NO_RIGHTS) else ""
        raise UnavailableError(reason, address.name, detail) from None


def _reason(error: psycopg.Error) -> Unavailable:
    if isinstance(error, errors.InsufficientPrivilege):
        return Unavailable.NO_RIGHTS
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return Unavailable.READ_ONLY
    if isinstance(error, (errors.DiskFull, errors.OutOfMemory)):
        return Unavailable.FULL
    if isinstance(error, (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedColumn)):
        return Unavailable.NOT_PREPARED
    lost = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    return Unavailable.LOST if lost else Unavailable.FAILED


class Reader:
    """
    One connection that all threads read with, opened anew when it has broken.

    Parameters
    ----------
    address
        Where the database is.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def read(self, ask: Callable[[Connection], T]) -> T:
        """
        Ask the database something, in a transaction of its own.

        Raises
        ------
        UnavailableError
            If it cannot be reached, or does not know the answer.
        """
        with self._lock:
            if self._connection is not None:
                try:
                    return self._ask(self._connection, ask)
                except UnavailableError:
                    # It may have been closed long ago, and nobody has told.
                    if not self._connection.broken:
                        raise
                self._connection.close()
            self._connection = connect(self._address)
            # Closed with the store that it belongs to, and at the end of the program.
            weakref.finalize(self, self._connection.close)
            return self._ask(self._connection, ask)

    def _ask(self, connection: Connection, ask: Callable[[Connection], T]) -> T:
        with told(self._address), connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return ask(connection)
