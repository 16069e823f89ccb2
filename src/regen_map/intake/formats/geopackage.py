"""
One layer of a GeoPackage, read as what it is: an SQLite database.

GDAL would follow whatever the database declares: views that never end, virtual tables
that name other files. Here only plain tables are read, in memory and within bounds.
"""

from __future__ import annotations

import sqlite3
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeAlias

from regen_map.intake.formats import crs
from regen_map.intake.formats.celltext import typed_text
from regen_map.intake.formats.shapes import Layer
from regen_map.intake.issues import FileError, Rule
from regen_map.intake.limits import Limits, megabytes

MAGIC = b"SQLite format 3\0"
EXPECTED = ".gpkg"

Database: TypeAlias = sqlite3.Connection

_SECONDS = 30
_OPERATIONS = 100_000
"""After so many operations of SQLite the clock is looked at."""
_KEYS = ("fid", "ogc_fid")
"""What programs call the number of a feature, which no person gave it."""
_HEADER = 8
_ENVELOPES = (0, 32, 48, 48, 64)
"""Bytes of the bounding box in front of a shape, by its code."""
_HARMLESS = 1_000
"""So many bytes cannot be nested further than GEOS and Python can follow."""
_DEEPEST = 10
_POINT, _POLYGON = 1, 3
_LINES = (2, 8)
"""Of the types of well-known binary, those that are a list of positions."""
_TRUTH: Mapping[int, str] = MappingProxyType({0: "no", 1: "yes"})


@contextmanager
def opened(content: bytes, limits: Limits) -> Iterator[Database]:
    """
    Open a GeoPackage in memory for as long as it is read.

    Parameters
    ----------
    content
        The bytes of the file.
    limits
        How long a text or a shape may be.

    Yields
    ------
    Database
        For `layer_names` and `read_layer`.

    Raises
    ------
    FileError
        With `Rule.NOT_VECTOR` if it is no sound database, now or while it is read, or
        takes too long.
    """
    database = sqlite3.connect(":memory:")
    try:
        database.deserialize(content)
        database.text_factory = lambda text: text.decode("utf-8", "replace")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.unpacked_bytes)
        database.execute("PRAGMA trusted_schema = OFF")
        end = time.monotonic() + _SECONDS
        database.set_progress_handler(lambda: time.monotonic() > end, _OPERATIONS)
        yield database
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError):
        raise FileError(Rule.NOT_VECTOR, expected=EXPECTED) from None
    finally:
        database.close()


def layer_names(database: Database) -> list[str]:
    """
    List the layers that hold something, those with shapes first.

    Views are passed over. Where no layer holds anything, all are listed.
    """
    plain = _plain_tables(database)
    if "gpkg_contents" not in plain:
        return []
    found = database.execute(
        "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
        " ORDER BY data_type = 'attributes', rowid"
    ).fetchall()
    names = [name for (name,) in found if name in plain]
    return [name for name in names if _holds(database, name)] or names


def read_layer(database: Database, name: str, limits: Limits) -> Layer:
    """
    Read a layer.

    Parameters
    ----------
    database
        As `opened` gives it.
    name
        One of `layer_names`.
    limits
        How many columns there may be, and how much may come out of them.

    Returns
    -------
    Layer
        The number of a feature (``fid``) is no attribute.

    Raises
    ------
    FileError
        With `Rule.CRS`, `Rule.TOO_MANY_COLUMNS`, `Rule.GRID_TOO_LARGE` or
        `Rule.UNPACKED_TOO_LARGE`.
    sqlite3.Error
        If the database is not sound; `opened` turns it into a `FileError`.
    """
    shape, system = _geometry_column(database, name)
    declared = _attributes(database, name, shape)
    if len(declared) > limits.columns:
        raise FileError(
            Rule.TOO_MANY_COLUMNS, found=str(len(declared)), expected=str(limits.columns)
        )
    wanted = ", ".join(map(_quoted, [*declared, *([shape] if shape else [])])) or "NULL"
    writers = [_writer(kind) for kind in declared.values()]
    cells: list[tuple[str, ...]] = []
    shapes: list[bytes | None] = []
    left = limits.unpacked_bytes
    rows = limits.grid_cells // max(len(declared), 1)
    for row in database.execute(f"SELECT {wanted} FROM {_quoted(name)}"):  # noqa: S608 -- quoted
        left -= sum(len(value) for value in row if isinstance(value, str | bytes))
        if left < 0:
            most = megabytes(limits.unpacked_bytes)
            raise FileError(Rule.UNPACKED_TOO_LARGE, expected=most)
        if len(cells) >= rows:
            raise FileError(Rule.GRID_TOO_LARGE, expected=str(limits.grid_cells))
        # A table without attributes may still have shapes.
        cells.append(tuple(write(value) for write, value in zip(writers, row, strict=False)))
        shapes.append(_binary(row[-1]) if shape else None)
    return Layer(tuple(declared), cells, shapes, system, [])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain_tables(database: Database) -> set[str]:
    """Name the tables that hold rows themselves: views and virtual tables have no page."""
    return {
        name
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
        )
    }


def _holds(database: Database, name: str) -> bool:
    query = f"SELECT 1 FROM {_quoted(name)} LIMIT 1"  # noqa: S608 -- quoted
    return database.execute(query).fetchone() is not None


def _geometry_column(database: Database, name: str) -> tuple[str, str]:
    """Give the column with the shapes and their CRS; two empty texts without any."""
    plain = _plain_tables(database)
    if "gpkg_geometry_columns" not in plain:
        return "", ""
    found = database.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (name,)
    ).fetchone()
    if found is None:
        return "", ""
    column, number = found
    if "gpkg_spatial_ref_sys" not in plain:
        return str(column), ""
    system = database.execute(
        "SELECT organization, organization_coordsys_id, definition"
        " FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (number,),
    ).fetchone()
    return str(column), _system(*system) if system else ""


def _system(organization: object, code: object, definition: object) -> str:
    if str(organization).upper() == "EPSG" and isinstance(code, int) and 0 < code < 10**6:
        return crs.numbered(code)
    if str(organization).upper() == "NONE":
        return ""
    return crs.described(str(definition))


def _attributes(database: Database, name: str, shape: str) -> dict[str, str]:
    """Give the declared types of the columns; computed ones are passed over."""
    found = database.execute(
        "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden = 0", (name,)
    )
    return {
        column: str(kind).upper()
        for column, kind, key in found
        if column != shape and not (key and column.lower() in _KEYS)
    }


def _writer(declared: str) -> Callable[[Any], str]:
    """Choose how values of a declared type become text: SQLite has neither dates nor truth."""
    if declared == "BOOLEAN":
        return lambda value: _TRUTH.get(value, "") if isinstance(value, int) else typed_text(value)
    if declared == "DATE":
        return _moment(date.fromisoformat)
    if declared == "DATETIME":
        return _moment(datetime.fromisoformat)
    return typed_text


def _moment(parse: Callable[[str], date]) -> Callable[[Any], str]:
    def write(value: Any) -> str:
        try:
            return typed_text(parse(value))
        except (ValueError, TypeError):
            return typed_text(value)

    return write


def _binary(blob: object) -> bytes | None:
    """Take the header off a shape; what is none stays as it is, to be refused."""
    if not isinstance(blob, bytes):
        return None if blob is None else b""
    flags = blob[3] if len(blob) > _HEADER and blob.startswith(b"GP") else 0xFF
    code = flags >> 1 & 0b111
    binary = blob[_HEADER + _ENVELOPES[code] :] if code < len(_ENVELOPES) else b""
    return b"" if len(binary) > _HARMLESS and _nested(binary) else binary


def _nested(binary: bytes) -> bool:
    """
    Tell whether the parts of a shape have parts which have parts, and so on.

    GEOS follows them one inside the other until the process has no stack left.
    """
    place = 0
    waiting = [1]
    try:
        while waiting:
            if not waiting[-1]:
                waiting.pop()
                continue
            waiting[-1] -= 1
            order = "<" if binary[place] else ">"
            (code,) = struct.unpack_from(f"{order}I", binary, place + 1)
            kind, dimensions = code % 0x10000 % 1000, code % 0x10000 // 1000
            high = dimensions in (1, 3) or bool(code & 0x8000_0000)
            measured = dimensions in (2, 3) or bool(code & 0x4000_0000)
            position = 8 * (2 + high + measured)
            place += 9 if code & 0x2000_0000 else 5
            if kind == _POINT:
                place += position
                continue
            (count,) = struct.unpack_from(f"{order}I", binary, place)
            place += 4
            if kind in _LINES:
                place += count * position
            elif kind == _POLYGON:
                for _ in range(count):
                    (length,) = struct.unpack_from(f"{order}I", binary, place)
                    place += 4 + length * position
            elif len(waiting) > _DEEPEST:
                return True
            else:
                waiting.append(count)
    except (struct.error, IndexError):
        return False  # cut off: GEOS stops here as well
    return False
