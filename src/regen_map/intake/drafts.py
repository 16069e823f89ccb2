"""A table on its way to the catalogue: its rows, and what was wrong with them so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from regen_map.catalogue import Table
from regen_map.intake.issues import Issue, Rule, Severity
from regen_map.intake.sheets import Row, Sheet

QUOTED = 200
"""How much of a long text an issue keeps."""


@dataclass(slots=True)
class Entry:
    """
    One row on its way to the catalogue.

    Attributes
    ----------
    row
        Where it came from.
    values
        The values of its sound cells, by name of the column.
    geometry
        The shape that the file gives, in EPSG:4326 once positions are checked.
    sound
        Whether the row is kept.
    refused
        The columns whose cells are unsound: not known, yet not empty either.
    tolerated
        Whether anything in it was not in canonical form.
    """

    row: Row
    values: dict[str, Any]
    geometry: BaseGeometry | None = None
    sound: bool = True
    refused: tuple[str, ...] = ()
    tolerated: bool = False

    @property
    def shape(self) -> BaseGeometry | None:
        """What is drawn: the shape of the feature, or the point of ``lat`` and ``lon``."""
        lat, lon = self.values.get("lat"), self.values.get("lon")
        if self.geometry is not None or lat is None or lon is None:
            return self.geometry
        return Point(lon, lat)

    @property
    def located(self) -> bool:
        """Whether the file tells where it is."""
        return self.geometry is not None or "lat" in self.values or "lon" in self.values

    @property
    def place(self) -> str:
        """Where it stands in its file: the line, or the number of the feature."""
        return str(self.row.line or self.row.number)


@dataclass(slots=True, kw_only=True)
class Tally:
    """How often something was read with tolerance, with its first example."""

    found: str
    expected: str
    columns: dict[str, None] = field(default_factory=dict)
    last: Entry | None = None
    n_rows: int = 0

    def count(self, entry: Entry, columns: Sequence[str]) -> None:
        """Count a row, once for all its cells."""
        if entry is not self.last:
            self.last = entry
            self.n_rows += 1
        for name in columns:
            self.columns.setdefault(name)


@dataclass(kw_only=True)
class Draft:
    """
    One table on its way to the catalogue.

    Attributes
    ----------
    table
        What it is going to be.
    file
        Where it came from.
    sheet
        The text of the file.
    headings
        The headings of the file by name of the column.
    entries
        All its rows, unsound ones too, in file order.
    issues
        What was wrong so far, in no order.
    tallies
        What was read with tolerance.
    """

    table: Table
    file: str
    sheet: Sheet
    headings: Mapping[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    tallies: dict[Rule, Tally] = field(default_factory=dict)

    @property
    def sound(self) -> list[Entry]:
        """The rows that are still in."""
        return [entry for entry in self.entries if entry.sound]

    def records(self) -> list[Any]:
        """Make a record of each row that is still in, in file order."""
        return [self.table.record(**entry.values) for entry in self.sound]

    def report(  # noqa: PLR0913 - the parts of an issue
        self,
        entry: Entry,
        rule: Rule,
        *columns: str,
        severity: Severity = Severity.ERROR,
        found: str = "",
        expected: str = "",
        suggestion: str = "",
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
                found=found,
                expected=expected,
                suggestion=suggestion,
            )
        )
        if severity is Severity.ERROR:
            entry.sound = False

    def tolerate(self, entry: Entry, rule: Rule, *columns: str, found: str, expected: str) -> None:
        """Note what was read with tolerance; it is told once for the whole file."""
        entry.tolerated = True
        tally = self.tallies.get(rule)
        if tally is None:
            tally = self.tallies[rule] = Tally(found=found[:QUOTED], expected=expected[:QUOTED])
        tally.count(entry, columns)

    def ordered_issues(self) -> list[Issue]:
        """Give the faults in the order of the file: line by line, left to right."""
        told_once = [
            Issue(
                file=self.file,
                rule=rule,
                severity=Severity.NOTICE,
                columns=tuple(self.headings.get(name, name) for name in tally.columns),
                found=tally.found,
                expected=tally.expected,
                n_rows=tally.n_rows,
            )
            for rule, tally in self.tallies.items()
        ]

        def order(issue: Issue) -> tuple[int, int]:
            column = self._places.get(issue.columns[0], len(self._places)) if issue.columns else -1
            return issue.line or issue.row or 0, column

        return sorted([*told_once, *self.issues], key=order)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {heading: index for index, heading in enumerate(self.sheet.headings)}
