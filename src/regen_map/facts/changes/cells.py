"""How the values of cells are written for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from regen_map import query
from regen_map.catalogue import TABLES, Cell, Column, PartialDate
from regen_map.facts.wording import Said, Wording
from regen_map.messages import LANGUAGES
from regen_map.query.changes import POSITION, Difference

_UNITS: Mapping[str, str] = {"area_m2": "m²", "minutes": "min"}
_UNIT_OF_METRES = "m"


def value_in_words(wording: Wording, each: Difference, value: Any, record: Any) -> Said:
    """Write what a cell holds; empty where nothing is known."""
    if value is None:
        return Said("")
    if each.column == POSITION:
        lat, lon = value
        return Said(f"{lat:.5f}, {lon:.5f}")
    column = TABLES[each.table].column(each.column)
    text = _WRITERS.get(column.cell, _as_it_is)(wording, column, value, record)
    language = base_of(each.column)[1]
    return Said(text, "" if language == wording.words.language else language)


def base_of(column: str) -> tuple[str, str]:
    """Split the name of a column into what it tells and its language, empty for none."""
    for language in LANGUAGES:
        if column.endswith(f"_{language}"):
            return column.removesuffix(f"_{language}"), language
    return column, ""


def find_row(wording: Wording, sort: str, row_id: str) -> Any:
    """Find a row by its id; None where there is none, and for sorts that no cell refers to."""
    catalogue = wording.catalogue
    if sort == "projects":
        return catalogue.project(row_id)
    if sort == "places":
        return catalogue.place(row_id)
    if sort == "programmes":
        return query.programmes(catalogue).get(row_id)
    if sort == "itineraries":
        walks = query.itineraries(catalogue)
        return next((walk for walk in walks if walk.id == row_id), None)
    return None


def name_of(wording: Wording, table: str, row_id: str) -> str:
    """Name what a cell refers to; as it is written where there is no such thing."""
    found = find_row(wording, table, row_id)
    return wording.name(found) if found is not None else row_id


def _as_it_is(_: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return str(value)


def _reference(wording: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return name_of(wording, column.refers_to, value)


def _term(wording: Wording, column: Column, value: Any, record: Any) -> str:
    # The same kind may mean another thing in another family.
    family = getattr(record, "family", "") if column.vocabulary == "kind" else ""
    return wording.label(column.vocabulary, value, family)


def _list(_: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return " · ".join(map(str, value))


def _dates(wording: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return " · ".join(map(wording.date, value))


def _date(wording: Wording, column: Column, value: PartialDate, record: Any) -> str:  # noqa: ARG001
    return wording.words.date(value)


def _number(wording: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    unit = _UNIT_OF_METRES if column.name.endswith("_m") else _UNITS.get(column.name, "")
    return f"{wording.words.number(value, 2)} {unit}".rstrip()


def _money(wording: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return wording.words.money(value)


def _yes_no(wording: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return wording.words.text("changes.yes" if value else "changes.no")


_WRITERS: Mapping[Cell, Callable[[Wording, Column, Any, Any], str]] = MappingProxyType(
    {
        Cell.SLUG: _reference,
        Cell.TERM: _term,
        Cell.LINES: _list,
        Cell.URLS: _list,
        Cell.DATE: _date,
        Cell.DATES: _dates,
        Cell.NUMBER: _number,
        Cell.INTEGER: _number,
        Cell.MONEY: _money,
        Cell.YES_NO: _yes_no,
    }
)
"""How the value of a cell is written, where it is not written as it is."""
