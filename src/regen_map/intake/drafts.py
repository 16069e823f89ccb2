"""A table on its way to the catalogue: its rows, and what was wrong with them so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from regen_map.catalogue import Table
from regen_map.intake.issues import Issue, Rule, Severity
from regen_map.intake.sheets import Row


@dataclass(slots=True)
class Entry:
    """
    One row on its way to the catalogue.

    Attributes
    ----------
    row
        Where it came from.
    values
        The values of its sound cells.
    record
        None where the row is unsound and left out.
    geometry
        The shape that the file gives, in EPSG:4326.
    refused
        The columns whose cells are unsound: not known, yet not empty either.
    """

    row: Row
    values: dict[str, Any]
    record: Any
    geometry: BaseGeometry | None
    refused: tuple[str, ...] = ()

    @property
    def shape(self) -> BaseGeometry | None:
        """What is drawn: the shape of the feature, or the point of ``lat`` and ``lon``."""
        if self.geometry is not None or self.record.lat is None:
            return self.geometry
        return Point(self.record.lon, self.record.lat)


@dataclass(slots=True)
class Draft:
    """
    One table on its way to the catalogue.

    Attributes
    ----------
    table
        What it is going to be.
    file
        Where it came from.
    headings
        The headings of the file by name of the column.
    entries
        All its rows, unsound ones too, in file order.
    issues
        What was wrong so far, in no order.
    """

    table: Table
    file: str
    headings: Mapping[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def sound(self) -> list[Entry]:
        """The rows that are still in."""
        return [entry for entry in self.entries if entry.record is not None]

    def report(
        self,
        entry: Entry,
        rule: Rule,
        *columns: str,
        severity: Severity = Severity.ERROR,
        **parts: str,
    ) -> None:
        """Note a fault of a row; an error leaves the row out."""
        self.issues.append(
            Issue(
                file=self.file,
                rule=rule,
                severity=severity,
                line=entry.row.line,
                row=entry.row.number,
                columns=tuple(self.headings.get(name, name) for name in columns),
                **parts,
            )
        )
        if severity is Severity.ERROR:
            entry.record = None

    def ordered_issues(self) -> list[Issue]:
        """Give the faults in the order of the file: line by line, left to right."""
        places = {heading: index for index, heading in enumerate(self.headings.values())}

        def order(issue: Issue) -> tuple[int, int]:
            column = places.get(issue.columns[0], len(places)) if issue.columns else -1
            return issue.line or issue.row or 0, column

        return sorted(self.issues, key=order)
