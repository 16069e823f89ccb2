"""The address of a database, and what of it may be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from regen_map.store.unavailable import Unavailable, UnavailableError

_SCHEMES = ("postgresql://", "postgres://")
_HOST = re.compile(r"[\w.,:/-]{1,255}", re.ASCII)
_PORT = re.compile(r"[0-9,]{1,64}", re.ASCII)
_DATABASE = re.compile(r"[\w-]{1,63}", re.ASCII)
_UNKNOWN = "…"


@dataclass(frozen=True, slots=True)
class Address:
    """
    Where a database is.

    Attributes
    ----------
    options
        What libpq is told; may hold a password, and is never shown.
    name
        What people are told: server and database, no user and no password.
    """

    options: Mapping[str, Any] = field(repr=False)
    name: str


def address_of(text: str) -> Address:
    """
    Read an address such as ``postgresql://user:password@host:5432/database``.

    Raises
    ------
    UnavailableError
        If it is none. The error holds nothing of it.
    """
    if not text.startswith(_SCHEMES):
        raise UnavailableError(Unavailable.ADDRESS, "PostgreSQL")
    try:
        options = conninfo_to_dict(text)
    except ProgrammingError:
        raise UnavailableError(Unavailable.ADDRESS, "PostgreSQL") from None
    # A password that was not written as it must be lands in the parts beside it.
    host = _shown(_HOST, options.get("host") or options.get("hostaddr"), "localhost")
    port = _shown(_PORT, options.get("port"), "5432")
    database = _shown(_DATABASE, options.get("dbname"), _UNKNOWN)
    return Address(options, f"postgresql://{host}:{port}/{database}")


def _shown(form: re.Pattern[str], part: object, usual: str) -> str:
    if part is None:
        return usual
    return str(part) if form.fullmatch(str(part)) else _UNKNOWN
