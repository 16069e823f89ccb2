"""The tables that QGIS opens: made from the schema of the catalogue, filled by a publication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import psycopg
import shapely
from psycopg import sql

from regen_map.catalogue import TABLES, Catalogue, Cell, Column, PartialDate, Table
from regen_map.catalogue.text import cell_text
from regen_map.store.versions import Version

SCHEMA = "regen_map"
_SRID = 4326
_TYPES: Mapping[Cell, str] = {
    Cell.NUMBER: "double precision",
    Cell.LATITUDE: "double precision",
    Cell.LONGITUDE: "double precision",
    Cell.INTEGER: "bigint",
    Cell.MONEY: "numeric",
    Cell.YES_NO: "boolean",
}
"""All others are texts: what PostgreSQL would make of them is not what they say."""
_NOT_THE_TRUTH = "Si riscrive a ogni pubblicazione: non si modifica qui."


def make_tables(connection: psycopg.Connection[Any], postgis: str) -> None:
    """Make the tables, and the columns that are missing in them; `postgis` names its schema."""
    for table in TABLES.values():
        name = sql.Identifier(SCHEMA, table.name)
        # QGIS needs a key of one column, which not every table has.
        connection.execute(
            sql.SQL("CREATE TABLE IF NOT EXISTS {} (row_number integer PRIMARY KEY)").format(name)
        )
        for column, kind in _columns(table, postgis):
            connection.execute(
                sql.SQL("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {} {}").format(
                    name, sql.Identifier(column), kind
                )
            )
        _make_indexes(connection, table)
    for each in (*TABLES, "versions", "terms"):
        connection.execute(
            sql.SQL(
                "CREATE OR REPLACE TRIGGER refuse_direct_changes"
                " BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {}"
                " FOR EACH STATEMENT EXECUTE FUNCTION regen_map.refuse_direct_changes()"
            ).format(sql.Identifier(SCHEMA, each))
        )


def _make_indexes(connection: psycopg.Connection[Any], table: Table) -> None:
    wanted = [("key", "UNIQUE ", "btree", table.key)] if table.key else []
    if table.located:
        wanted.append(("geometry", "", "gist", ("geometry",)))
    for purpose, unique, method, columns in wanted:
        connection.execute(
            sql.SQL("CREATE {}INDEX IF NOT EXISTS {} ON {} USING {} ({})").format(
                sql.SQL(unique),
                sql.Identifier(f"{table.name}_{purpose}"),
                sql.Identifier(SCHEMA, table.name),
                sql.SQL(method),
                sql.SQL(", ").join(map(sql.Identifier, columns)),
            )
        )


def describe(connection: psycopg.Connection[Any], comments: Mapping[str, str]) -> None:
    """Write what tables and columns are into the database, and that nobody edits them there."""
    known = _known_columns(connection)
    for table in TABLES.values():
        told = f"{comments.get(table.name, '')} {_NOT_THE_TRUTH}".strip()
        _comment(connection, "TABLE", (table.name,), told)
        for column in table.columns:
            text = comments.get(f"{table.name}.{column.name}")
            if text and column.name in known[table.name]:
                _comment(connection, "COLUMN", (table.name, column.name), text)
    for name in ("versions", "terms"):
        _comment(connection, "TABLE", (name,), f"{comments.get(name, '')} {_NOT_THE_TRUTH}".strip())


def _comment(
    connection: psycopg.Connection[Any], kind: str, name: Sequence[str], text: str
) -> None:
    connection.execute(
        sql.SQL("COMMENT ON {} {} IS {}").format(
            sql.SQL(kind), sql.Identifier(SCHEMA, *name), sql.Literal(_clean(text))
        )
    )


def write(
    connection: psycopg.Connection[Any], catalogue: Catalogue, versions: Iterable[Version]
) -> None:
    """
    Make the tables what a catalogue holds, in the transaction that is under way.

    Parameters
    ----------
    connection
        With nobody else writing.
    catalogue
        What is published.
    versions
        All versions, or the new ones: those that are told already stay as they are.
    """
    connection.execute("SET LOCAL regen_map.publishing = 'on'")
    known = _known_columns(connection)
    for table in TABLES.values():
        _fill(connection, table, catalogue.frames[table.name], known[table.name])
    _fill_terms(connection, catalogue)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO regen_map.versions VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (each.number, each.at, _clean(each.author), _clean(each.message), each.origin)
                for each in versions
            ],
        )
    connection.execute("SET LOCAL regen_map.publishing = 'off'")


def _fill(
    connection: psycopg.Connection[Any], table: Table, frame: pd.DataFrame, known: set[str]
) -> None:
    name = sql.Identifier(SCHEMA, table.name)
    # Not TRUNCATE: whoever is looking at the table goes on seeing it, and holds nobody up.
    connection.execute(sql.SQL("DELETE FROM {}").format(name))
    columns = {"row_number": list(range(1, len(frame) + 1))} | {
        column: cells for column, cells in _cells(table, frame) if column in known
    }
    with (
        connection.cursor() as cursor,
        cursor.copy(
            sql.SQL("COPY {} ({}) FROM STDIN").format(
                name, sql.SQL(", ").join(map(sql.Identifier, columns))
            )
        ) as copy,
    ):
        for row in zip(*columns.values(), strict=True):
            copy.write_row(row)


def _fill_terms(connection: psycopg.Connection[Any], catalogue: Catalogue) -> None:
    connection.execute("DELETE FROM regen_map.terms")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO regen_map.terms VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                tuple(
                    _clean(each)
                    for each in (
                        *(term.vocabulary, term.term, term.parent),
                        *(term.labels.get(language, "") for language in ("it", "en")),
                    )
                )
                for term in catalogue.vocabularies
            ],
        )


def _columns(table: Table, postgis: str) -> Iterator[tuple[str, sql.Composable]]:
    for column in table.columns:
        yield column.name, sql.SQL(_TYPES.get(column.cell, "text"))
        if column.cell is Cell.DATE:
            yield f"{column.name}_from", sql.SQL("date")
            yield f"{column.name}_until", sql.SQL("date")
    if table.located:
        yield "geometry", sql.SQL("{}.geometry(Geometry, 4326)").format(sql.Identifier(postgis))


def _cells(table: Table, frame: pd.DataFrame) -> Iterator[tuple[str, list[Any]]]:
    """Give the cells of each column as PostgreSQL takes them."""
    for column in table.columns:
        values = frame[column.name].astype(object)
        cells = values.where(values.notna(), None).tolist()
        yield column.name, [_cell(column, each) for each in cells]
        if column.cell is Cell.DATE:
            dates = [PartialDate(each) if each is not None else None for each in cells]
            yield f"{column.name}_from", [each.first_day if each else None for each in dates]
            yield f"{column.name}_until", [each.last_day if each else None for each in dates]
    if isinstance(frame, gpd.GeoDataFrame):
        flat = shapely.set_srid(shapely.force_2d(frame.geometry.to_numpy()), _SRID)
        shapes = shapely.to_wkb(flat, hex=True, include_srid=True)
        yield "geometry", [each or None for each in shapes]


def _cell(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.cell in (Cell.LINES, Cell.URLS, Cell.DATES):
        # As the files have it: what is exported from QGIS can be published.
        return _clean(cell_text(value)) or None
    return _clean(value) if isinstance(value, str) else value


def _clean(text: str) -> str:
    """Replace what no text of PostgreSQL can hold: the files have it as it is."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _known_columns(connection: psycopg.Connection[Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in TABLES}
    rows = connection.execute(
        "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = %s::regnamespace AND attnum > 0 AND NOT attisdropped",
        [SCHEMA],
    )
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found
