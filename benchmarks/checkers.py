"""Compare checkers on files as offices send them: ``python -m benchmarks.checkers``.

The files of ``tests/files/offices`` have planted faults, listed in ``expected.csv``. Who reports them, and where?
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks.checker_peers import frictionless_peer, ours, pandas_peer
from benchmarks.checker_peers.dialects import DIALECTS
from benchmarks.checker_peers.report import Report
from benchmarks.sections import markdown_table, publish

OFFICES = Path(__file__).resolve().parents[1] / "tests" / "files" / "offices"
SECTION = "checkers"


class Planted(NamedTuple):
    """A fault that was put into a file.

    Attributes
    ----------
    rows
        The numbers under which its row may be told: line of the file, and row as a spreadsheet counts; none for
        the whole file.
    columns
        The headings concerned, any of which will do; none for a whole row.
    """

    rows: frozenset[int]
    columns: frozenset[str]


@dataclass(slots=True)
class Score:
    """How a checker did on one or more files."""

    n_planted: int = 0
    n_row_and_column: int = 0
    n_row_only: int = 0
    n_false: int = 0

    @property
    def n_missed(self) -> int:
        """Planted faults of which nothing was said."""
        return self.n_planted - self.n_row_and_column - self.n_row_only


def planted_faults() -> dict[str, list[Planted]]:
    """Read what was put into which file."""
    faults: dict[str, list[Planted]] = defaultdict(list)
    records: dict[str, dict[int, int]] = {}
    with (OFFICES / "expected.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            name = row["file"]
            if name not in records:
                records[name] = _records_by_line(OFFICES / name)
            rows = frozenset(int(row[place]) for place in ("line", "feature") if row[place])
            # A row with line breaks in quotes is one row of a spreadsheet, several lines of a file.
            rows |= {records[name][line] for line in rows if line in records[name]}
            columns = frozenset(filter(None, row["column"].split(", ")))
            faults[name].append(Planted(rows, columns))
    return dict(faults)


def _records_by_line(path: Path) -> dict[int, int]:
    """Give the number of each record of a delimited file by the line on which it starts."""
    dialect = DIALECTS[path.name]
    if not dialect.delimiter:
        return {}
    text = path.read_bytes().decode(dialect.encoding)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=dialect.delimiter)
    numbers = {}
    start = 1
    for number, _ in enumerate(reader, start=1):
        numbers[start] = number
        start = reader.line_num + 1
    return numbers


def score(planted: Sequence[Planted], reports: Iterable[Report]) -> Score:
    """Hold the reports of a checker against what was planted in one file.

    A planted fault is told with row and column if a report names both; with the row only if one names its row. A
    false alarm is a report on a row, or on the whole file, where nothing was planted; several on one cell are one.
    """
    told = [(report.row, frozenset(report.columns)) for report in reports]
    counted = Score(n_planted=len(planted))
    for fault in planted:
        here = [columns for row, columns in told if _same_row(row, fault)]
        if any(columns & fault.columns or not fault.columns for columns in here):
            counted.n_row_and_column += 1
        elif here and fault.rows:
            counted.n_row_only += 1
    false = {(row, columns) for row, columns in told if not any(_same_row(row, fault) for fault in planted)}
    counted.n_false = len(false)
    return counted


def _same_row(row: int | None, fault: Planted) -> bool:
    return row in fault.rows if fault.rows else row is None


def compare(files: Sequence[Path]) -> dict[str, dict[str, list[Report]]]:
    """Let every checker check every file; give the reports by checker and file."""
    return {
        "regen-map check": ours.reports(files),
        f"frictionless {frictionless_peer.VERSION}, fitted": frictionless_peer.reports(files, fitted=True),
        f"frictionless {frictionless_peer.VERSION}, as it comes": frictionless_peer.reports(files, fitted=False),
        f"pandas {version('pandas')}, GeoPandas {version('geopandas')}": pandas_peer.reports(files),
    }


def tables(scores: Mapping[str, Mapping[str, Score]]) -> str:
    """Draw the totals and the files.

    Parameters
    ----------
    scores
        By checker and file.
    """
    totals = []
    for checker, by_file in scores.items():
        total = _total(by_file.values())
        shares = [total.n_row_and_column, total.n_row_only, total.n_missed]
        totals.append(
            [
                checker,
                *(f"{count} ({count / total.n_planted:.0%})" for count in shares),
                total.n_false,
            ]
        )
    files = next(iter(scores.values()))
    rows = [
        [f"`{name}`", files[name].n_planted, *(_cell(by_file[name]) for by_file in scores.values())]
        for name in files
    ]
    return "\n\n".join(
        [
            markdown_table(["checker", "row and column", "row only", "not at all", "false alarms"], totals),
            "Each file: row and column / row only / not at all; false alarms after the plus sign.",
            markdown_table(["file", "planted", *scores], rows),
        ]
    )


def _total(scores: Iterable[Score]) -> Score:
    each = list(scores)
    return Score(
        n_planted=sum(score.n_planted for score in each),
        n_row_and_column=sum(score.n_row_and_column for score in each),
        n_row_only=sum(score.n_row_only for score in each),
        n_false=sum(score.n_false for score in each),
    )


def _cell(each: Score) -> str:
    counts = f"{each.n_row_and_column} / {each.n_row_only} / {each.n_missed}"
    return f"{counts} +{each.n_false}" if each.n_false else counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print, and write what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checkers", description=__doc__)
    parser.add_argument("--write-readme", action="store_true", help="put the tables into benchmarks/README.md")
    parser.add_argument("--details", action="store_true", help="also print every report")
    options = parser.parse_args(arguments)
    planted = planted_faults()
    told = compare([OFFICES / name for name in planted])
    scores = {
        checker: {name: score(faults, by_file[name]) for name, faults in planted.items()}
        for checker, by_file in told.items()
    }
    if options.details:
        for checker, by_file in told.items():
            for name, reports in by_file.items():
                for report in reports:
                    print(checker, name, *report, sep="\t", file=sys.stderr)
    about = f"{len(planted)} files, {sum(map(len, planted.values()))} planted faults"
    publish(SECTION, about, tables(scores), write=options.write_readme)
    return 0


if __name__ == "__main__":
    sys.exit(main())
