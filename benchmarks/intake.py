"""Measure how long checking takes, and how much memory: ``python -m benchmarks.intake``.

A large table is made in a temporary folder, with one faulty row in a hundred. Checking it is compared with
``pandas.read_csv`` of the same file, which splits it into columns and checks nothing. Each run is a process of its
own, from its start to its end; the runs take turns.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.sections import machine, markdown_table, publish

# Nothing large may be imported here: a child's peak of memory includes what its parent held when it was started.

PROJECT = Path(__file__).resolve().parents[1]
DATA = PROJECT / "data"
SECTION = "intake"
FAULTY = 100
"""One row in so many has a fault."""

QUARTERS = ("centro-storico", "caffaggio", "grazzano", "baluardo", "torano", "avenza", "monterosso", "colonnata")
KINDS = ("artist_studio", "artisan_workshop", "gallery", "historic_shop", "food_producer")
CRAFTS = ("sculpture", "stone_carving", "mosaic", "jewellery", "painting", "food")
FAULTS = {
    "craft": "sclptura",
    "lat": "45.4641",
    "phone": "chiedere al titolare",
    "website": "www.esempio",
    "as_of": "31/02/2025",
    "id": "Bottega Grande",
    "kind": "",
}


class Run(NamedTuple):
    """One run of a process.

    Attributes
    ----------
    seconds
        From its start to its end.
    megabytes
        The most memory that it held at once.
    status
        How it ended.
    """

    seconds: float
    megabytes: float
    status: int


class Measured(NamedTuple):
    """The runs of one command.

    Attributes
    ----------
    title
        What it does.
    n_rows
        How many rows it reads.
    runs
        All of the same.
    """

    title: str
    n_rows: int
    runs: list[Run]


def rows(count: int, *, seed: int = 20) -> Iterator[dict[str, str]]:
    """Make rows of ``workshops.csv``.

    Parameters
    ----------
    count
        How many.
    seed
        The same seed gives the same rows.
    """
    rng = random.Random(seed)
    for number in range(count):
        row = _row(number, rng)
        if number % FAULTY == FAULTY - 1:
            row |= dict([rng.choice(list(FAULTS.items()))])
        yield row


def _row(number: int, rng: random.Random) -> dict[str, str]:
    day = dt.date(2024, 1, 1) + dt.timedelta(days=rng.randrange(600))
    return {
        "id": f"bottega-{number}",
        "name_it": f"Bottega dell'Àncora {number}",
        "name_en": f"Workshop at the Anchor {number}",
        "kind": rng.choice(KINDS),
        "quarter": rng.choice(QUARTERS),
        "address": f"Via Carriona, {rng.randrange(1, 400)}, 54033 Carrara",
        "lat": f"{rng.uniform(44.02, 44.14):.6f}",
        "lon": f"{rng.uniform(10.01, 10.18):.6f}",
        "position_accuracy_m": str(rng.choice((10, 25, 100))),
        "summary_it": "Laboratorio di scultura in marmo, con una raccolta di modelli in gesso e un cortile.",
        "summary_en": "Marble carving workshop, with a store of plaster models and a courtyard.",
        "website": f"https://bottega{number}.opere-di-prova.it/",
        "phone": f"+39 0585 {rng.randrange(10**6):06}",
        "status": "closed",
        "as_of": day.isoformat(),
        "sources": f"https://fonte.opere-di-prova.it/{number} | https://altra.opere-di-prova.it/{number}",
        "source_dates": f"{day.isoformat()} | {day.year}",
        "craft": rng.choice(CRAFTS),
    }


def write_large(path: Path, count: int) -> None:
    """Write a large table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(_row(0, random.Random(0))), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(count))


def run(command: Sequence[str]) -> Run:
    """Run a command to its end."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(seconds, usage.ru_maxrss * 1024 / 1e6, process.returncode)


def measure(large: Path, count: int, n_runs: int) -> list[Measured]:
    """Let the commands take turns.

    Raises
    ------
    RuntimeError
        If one ends in another way than it should.
    """
    check = [sys.executable, "-m", "regen_map", "check"]
    read = "import sys, pandas; pandas.read_csv(sys.argv[1])"
    commands = (
        (Measured(f"`regen-map check` of {count:,} rows", count, []), [*check, str(large)], 1),
        (Measured("`pandas.read_csv` of the same file", count, []), [sys.executable, "-c", read, str(large)], 0),
        (Measured("`regen-map check` of the shipped folder", _shipped_rows(), []), check, 0),
    )
    for _ in range(n_runs):
        for measured, command, expected in commands:
            measured.runs.append(run(command))
            if measured.runs[-1].status != expected:
                message = f"{measured.title} ended with {measured.runs[-1].status}, not {expected}"
                raise RuntimeError(message)
    return [measured for measured, _, _ in commands]


def _shipped_rows() -> int:
    n_rows = 0
    for path in DATA.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            n_rows += sum(1 for _ in csv.reader(lines)) - 1
    return n_rows + (DATA / "public_spaces.geojson").read_text(encoding="utf-8").count('"Feature"')


def table(measured: Sequence[Measured]) -> str:
    """Draw the medians."""
    headings = ["", "rows", "runs", "median s", "fastest s", "slowest s", "rows/s", "peak MB"]
    drawn = []
    for each in measured:
        seconds = [run.seconds for run in each.runs]
        median = statistics.median(seconds)
        drawn.append(
            [
                each.title,
                f"{each.n_rows:,}",
                len(seconds),
                *(f"{value:.2f}" for value in (median, min(seconds), max(seconds))),
                f"{each.n_rows / median:,.0f}",
                f"{statistics.median(run.megabytes for run in each.runs):,.0f}",
            ]
        )
    return markdown_table(headings, drawn)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="of the large table; default 100000")
    parser.add_argument("--runs", type=int, default=5, help="default 5")
    parser.add_argument("--write-readme", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "workshops.csv"
        write_large(large, options.rows)
        size = large.stat().st_size / 1e6
        measured = measure(large, options.rows, options.runs)
    about = f"{machine('pandas')}. The large file has {size:.0f} MB"
    publish(SECTION, about, table(measured), write=options.write_readme)
    return 0


if __name__ == "__main__":
    sys.exit(main())
