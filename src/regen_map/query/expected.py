"""How much of what a catalogue may be expected to tell it does tell, column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from regen_map.catalogue import (
    PLACE_TABLES,
    TABLES,
    Attraction,
    Catalogue,
    Funding,
    Phase,
    Place,
    Project,
    PublicSpace,
    Record,
    Workshop,
    derived,
    records,
)
from regen_map.query.money import money_of
from regen_map.query.opening import by_arrangement, hours_hold, walk_in, without_doors
from regen_map.query.projects import programmes
from regen_map.query.selection import UNKNOWN

BEGUN = frozenset({Phase.WORKS, Phase.TESTING, Phase.COMPLETED})
"""Phases of what has begun."""

UNDER_WAY = frozenset({Phase.PLANNING, Phase.DESIGN, Phase.TENDER, Phase.WORKS, Phase.TESTING})
"""Phases of what goes on, or has stalled."""

PROMISED = frozenset({Phase.DESIGN, Phase.TENDER, Phase.WORKS, Phase.TESTING})
"""Phases in which somebody says when it will be finished."""

_CUP_SINCE_YEAR = 2003
"""Since then every public investment has one: law 3 of 16 January 2003, article 11."""
_PUBLIC = frozenset({"eu", "state", "region", "municipality"})
"""Levels of programmes whose money is surely public; of a mixed one nobody knows."""
_ONLY_SHOWN = frozenset({"gallery", "creative_space"})
"""Kinds of workshops where nothing need be made."""

_Applies: TypeAlias = Callable[[Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFill:
    """
    How much of a column is known.

    Attributes
    ----------
    table, column
        Which one, as the files spell it.
    n_filled
        How many of the rows that may be expected to have it do.
    n_rows
        How many rows may be expected to have it.
    missing
        Those that do not, in file order.
    """

    table: str
    column: str
    n_filled: int
    n_rows: int
    missing: tuple[Record, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFill:
    """
    How much of a table is known.

    Attributes
    ----------
    table
        Which one.
    n_table_rows
        How many rows it has.
    columns
        Those of its columns that at least one row may be expected to have.
    """

    table: str
    n_table_rows: int
    columns: tuple[ColumnFill, ...]

    @property
    def n_filled(self) -> int:
        """How many cells are filled of those that may be expected to be."""
        return sum(each.n_filled for each in self.columns)

    @property
    def n_cells(self) -> int:
        """How many cells may be expected to be filled."""
        return sum(each.n_rows for each in self.columns)


def completeness(catalogue: Catalogue) -> tuple[ColumnFill, ...]:
    """
    Tell how much of each column is known, as `completeness_by_table` does.

    Returns
    -------
    tuple of ColumnFill
        Tables in the order of `regen_map.catalogue.TABLES`, columns in the order of the
        canonical file.
    """
    return tuple(each for table in completeness_by_table(catalogue) for each in table.columns)


@derived()
def completeness_by_table(catalogue: Catalogue) -> tuple[TableFill, ...]:
    """
    Tell how much of each table and of its columns is known.

    A cell counts only where its row may be expected to have it. Left out are

    - columns that no row can lack (name, kind, amounts' nature …), which would only make
      the shares look better;
    - columns of which nobody can tell whether there is anything to write: notes, site,
      e-mail, telephone, pictures, Wikidata, people, author, designer, area, place of a
      project or an event, times and end of an event, minutes of a walk (which are
      reckoned where nobody states them), and texts in further languages;
    - cells that do not apply: accuracy and source of a position that is not known; hours
      of a place that is closed, has no door, receives by arrangement only, or is a public
      space; visits and admission of what is closed; how to arrange a visit where one
      walks in; the craft of what only shows; whether a project has stalled that does not
      go on; its start before works; its declared end outside design, tender, works and
      tests; its end where it is not completed; its CUP where none of its money is surely
      public, where it has been dropped, or ended before 2003; its quarter where it has no
      place, for it may concern the whole town.

    A status that is ``unknown`` is not known. A project's declared end is known where the
    first or the latest is, for each stands for the other. Source dates are known where
    any source has one, for many pages have none.

    Returns
    -------
    tuple of TableFill
        Tables without any such column are left out: steps of works, civic numbers.
    """
    told = []
    for name, columns in _expected(catalogue).items():
        rows = tuple(rows_of_table(catalogue, name))
        fills = [
            _fill(name, column, [row for row in rows if applies(row)])
            for column, applies in columns.items()
        ]
        kept = tuple(each for each in fills if each.n_rows)
        told.append(TableFill(table=name, n_table_rows=len(rows), columns=kept))
    return tuple(each for each in told if each.n_table_rows)


def rows_of_table(catalogue: Catalogue, table: str) -> Iterable[Any]:
    """Give the rows of a table as records, in file order."""
    if table == "projects":
        return catalogue.projects
    if table in _FAMILIES:
        found = map(catalogue.place, catalogue.table(table)["id"])
        return [place for place in found if place is not None]
    return records(catalogue.table(table), TABLES[table])


def is_filled(record: object, column: str) -> bool:
    """Tell whether a record tells what a column is for, see `completeness_by_table`."""
    value = getattr(record, column)
    if column == "status":
        return value not in (None, UNKNOWN)
    if column == "declared_end":
        return value is not None or getattr(record, "first_declared_end", None) is not None
    if column == "source_dates":
        return any(value)
    return value is not None and value not in ("", ())


def expects_hours(place: Place) -> bool:
    """Tell whether a visitor may expect hours: it is open to whoever comes, and has a door."""
    return not isinstance(place, PublicSpace) and walk_in(place) and not without_doors(place)


def has_public_money(catalogue: Catalogue, project: Project) -> bool:
    """Tell whether a programme that is surely public funds a project, by a counted line."""
    funds = programmes(catalogue)
    lines: tuple[Funding, ...] = money_of(catalogue, project.id).lines
    return any(line.counted and funds[line.programme_id].level in _PUBLIC for line in lines)


def expects_cup(catalogue: Catalogue, project: Project) -> bool:
    """Tell whether a project must have a CUP: public money, not dropped, not before 2003."""
    ended_before = project.end is not None and project.end.year < _CUP_SINCE_YEAR
    dropped = project.phase == Phase.DROPPED
    return not dropped and not ended_before and has_public_money(catalogue, project)


_FAMILIES = frozenset(table.name for table in PLACE_TABLES)


def _fill(table: str, column: str, rows: list[Any]) -> ColumnFill:
    missing = tuple(row for row in rows if not is_filled(row, column))
    return ColumnFill(
        table=table,
        column=column,
        n_filled=len(rows) - len(missing),
        n_rows=len(rows),
        missing=missing,
    )


def _expected(catalogue: Catalogue) -> Mapping[str, Mapping[str, _Applies]]:
    """Say of which rows each column of each table may be expected, in the files' order."""
    wanted: dict[str, Mapping[str, _Applies]] = {
        "public_spaces": _of_places(),
        "workshops": _of_places()
        | {
            "craft": lambda row: row.kind not in _ONLY_SHOWN,
            "visit": hours_hold,
            "founded": _always,
            "contact_it": by_arrangement,
            "contact_en": by_arrangement,
        },
        "attractions": _of_places()
        | {"period_it": _always, "period_en": _always, "admission": hours_hold},
        "programmes": _told("summary_it", "summary_en") | _sourced(),
        "projects": _of_projects(catalogue),
        "funding": _told("amount_eur", "as_of"),
        "events": _told("start", "summary_it", "summary_en") | _sourced(),
        "itineraries": _told("summary_it", "summary_en"),
        "stops": _told("text_it", "text_en"),
        "streets": _told("accuracy_m"),
        "creative_cities": _told("lat", "lon", "sources") | {"source_dates": _has_sources},
    }
    return MappingProxyType(wanted)


def _of_places() -> dict[str, _Applies]:
    located = dict.fromkeys(
        ("position_accuracy_m", "position_source_it", "position_source_en"), _is_located
    )
    return {
        **_told("quarter", "address", "lat", "lon"),
        **located,
        **_told("summary_it", "summary_en"),
        "opening_hours": expects_hours,
        "wheelchair": hours_hold,
        "status": _always,
        **_sourced(),
    }


def _of_projects(catalogue: Catalogue) -> dict[str, _Applies]:
    return {
        "quarter": lambda row: row.place_id is not None,
        **_told("kind", "former_use_it", "former_use_en", "new_use_it", "new_use_en", "phase"),
        "stalled": lambda row: row.phase in UNDER_WAY,
        "start": lambda row: row.phase in BEGUN,
        "declared_end": lambda row: row.phase in PROMISED,
        "end": lambda row: row.phase == Phase.COMPLETED,
        **_told("owner", "promoter"),
        "cup": lambda row: expects_cup(catalogue, row),
        **_told("summary_it", "summary_en"),
        **_sourced(),
    }


def _told(*columns: str) -> dict[str, _Applies]:
    return dict.fromkeys(columns, _always)


def _sourced() -> dict[str, _Applies]:
    return {"as_of": _always, "sources": _always, "source_dates": _has_sources}


def _always(_: object) -> bool:
    return True


def _is_located(row: Workshop | Attraction | PublicSpace) -> bool:
    return row.lat is not None and row.lon is not None


def _has_sources(row: Any) -> bool:
    return bool(row.sources)
