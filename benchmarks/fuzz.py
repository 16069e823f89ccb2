"""Break real files in many ways and read them: ``python -m benchmarks.fuzz --seed 1 --n 20000``.

A case fails if reading raises anything, takes too long, ends the process, changes a value or
leaves out a row without a word (see `benchmarks.fuzzing.oracle`). Each failure is printed with its number:
``--case NUMBER --keep FILE`` does that one again and keeps its bytes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import random
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NamedTuple

from benchmarks.fuzzing.mutations import mutate
from benchmarks.fuzzing.oracle import broken_promises
from benchmarks.fuzzing.samples import DATA, Sample, samples
from benchmarks.sections import machine, markdown_table, publish
from regen_map.intake import Options, read_catalogue, read_table
from regen_map.intake.city import read_city
from regen_map.intake.terms import read_vocabularies

SECTION = "fuzz"
MEMORY = 6 * 2**30
FOLDERS = 0.25
"""So many files are also read as the only table of a folder, which takes five times as long."""
CASES_PER_PROCESS = 400
"""After so many cases a process makes way for a new one."""
TODAY = dt.date(2026, 10, 31)
CITY_FILES = {name: (DATA / name).read_bytes() for name in ("city.toml", "vocabularies.csv")}


class Outcome(NamedTuple):
    """What became of a case.

    Attributes
    ----------
    number
        Which case.
    kind
        ``"exception"``, ``"hang"``, ``"crash"``, ``"silent"``, or how it went well: ``"read"``, ``"refused"``.
    words
        What happened.
    """

    number: int
    kind: str
    words: str = ""


FAILURES = ("exception", "hang", "crash", "silent")


def case(number: int, seed: int, chosen: Sequence[Sample]) -> tuple[Sample, bytes, random.Random]:
    """Make the file of a case."""
    rng = random.Random(f"{seed}:{number}")
    sample = rng.choice(chosen)
    return sample, mutate(sample.content, rng), rng


class _Reader:
    """Reads broken files as the shipped city would."""

    def __init__(self) -> None:
        city, issues = read_city(CITY_FILES["city.toml"])
        if city is None:
            raise ValueError(issues)
        self._city = city
        self._vocabularies, _ = read_vocabularies(CITY_FILES["vocabularies.csv"])

    def read(self, number: int, seed: int, chosen: Sequence[Sample]) -> Outcome:
        """Read the file of a case by itself, and some in a folder."""
        sample, content, rng = case(number, seed, chosen)
        options = Options(repair=rng.random() < 0.5, today=rng.choice((None, TODAY)))
        try:
            reading = read_table(
                sample.name,
                content,
                city=self._city,
                vocabularies=self._vocabularies,
                options=options,
            )
            if rng.random() < FOLDERS:
                name = f"{sample.table}{Path(sample.name).suffix.replace('.txt', '.csv')}"
                read_catalogue({**CITY_FILES, name: content}, options)
            broken = next(broken_promises(reading), "")
        except Exception:  # noqa: BLE001 - none is documented
            return Outcome(number, "exception", traceback.format_exc(limit=-4))
        if broken:
            return Outcome(number, "silent", broken)
        return Outcome(number, "read" if reading.draft is not None else "refused")


def _work(connection: Connection, seed: int) -> None:
    """Read the cases that are asked for until none is; run in a process of its own."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    chosen = samples()
    reader = _Reader()
    connection.send(None)
    while (number := connection.recv()) is not None:
        connection.send(reader.read(number, seed, chosen))


@dataclass(slots=True)
class _Worker:
    """A process that reads, and the case that it is at."""

    seed: int
    seconds: float
    number: int = -1
    started: float = 0.0
    n_done: int = 0
    connection: Connection = field(init=False)
    process: multiprocessing.process.BaseProcess = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin with a new process."""
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, self.seed), daemon=True)
        self.process.start()
        theirs.close()
        self.connection.recv()
        self.n_done = 0

    def ask(self, number: int) -> None:
        """Hand over a case."""
        if self.n_done >= CASES_PER_PROCESS:
            self.stop()
            self.start()
        self.number, self.started = number, time.monotonic()
        self.connection.send(number)

    def answer(self) -> Outcome | None:
        """Give what became of the case; None while it is being read."""
        late = time.monotonic() - self.started > self.seconds
        try:
            if self.connection.poll():
                outcome: Outcome = self.connection.recv()
                self.n_done += 1
                return Outcome(outcome.number, "hang", "answered late") if late else outcome
        except EOFError:
            self.process.join()
            outcome = Outcome(self.number, "crash", f"exit status {self.process.exitcode}")
            self.start()
            return outcome
        if not late:
            return None
        outcome = Outcome(self.number, "hang", f"no answer after {self.seconds:g} s")
        self.process.kill()
        self.process.join()
        self.start()
        return outcome

    def stop(self) -> None:
        """Let the process end."""
        self.connection.send(None)
        self.process.join()


def outcomes(n_cases: int, seed: int, n_processes: int, seconds: float) -> Iterator[Outcome]:
    """Read many cases at once.

    Yields
    ------
    Outcome
        In the order in which they are done.
    """
    workers = [_Worker(seed, seconds) for _ in range(n_processes)]
    numbers = iter(range(n_cases))
    busy = []
    for worker in workers:
        if (number := next(numbers, None)) is not None:
            worker.ask(number)
            busy.append(worker)
    while busy:
        wait([worker.connection for worker in busy], timeout=0.2)
        for worker in list(busy):
            outcome = worker.answer()
            if outcome is None:
                continue
            yield outcome
            if (number := next(numbers, None)) is not None:
                worker.ask(number)
            else:
                busy.remove(worker)
    for worker in workers:
        worker.stop()


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, print, and write what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same number gives the same files; default 1")
    parser.add_argument("--n", type=int, default=2_000, help="how many files; default 2000")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: one per core")
    parser.add_argument("--seconds", type=float, default=5.0, help="that one file may take; default 5")
    parser.add_argument("--case", type=int, help="only this one")
    parser.add_argument("--keep", type=Path, help="with --case: where to write its file")
    parser.add_argument("--write-readme", action="store_true", help="put the figures into benchmarks/README.md")
    options = parser.parse_args(arguments)
    if options.case is not None:
        return _again(options.case, options.seed, options.keep)
    started = time.monotonic()
    counts: Counter[str] = Counter()
    for outcome in outcomes(options.n, options.seed, options.processes, options.seconds):
        counts[outcome.kind] += 1
        if outcome.kind in FAILURES:
            print(f"seed {options.seed}, case {outcome.number}: {outcome.kind}: {outcome.words}", file=sys.stderr)
    seconds = time.monotonic() - started
    text = _summary(counts, options.seed, seconds)
    publish(SECTION, machine("pandas", "geopandas"), text, write=options.write_readme)
    return 1 if any(counts[kind] for kind in FAILURES) else 0


def _summary(counts: Counter[str], seed: int, seconds: float) -> str:
    n_files = counts.total()
    headings = ["seed", "files", "read", "refused", "exceptions", "hangs", "crashes", "silent changes", "files/s"]
    kinds = ["read", "refused", "exception", "hang", "crash", "silent"]
    figures = [f"{counts[kind]:,}" for kind in kinds]
    return markdown_table(headings, [[seed, f"{n_files:,}", *figures, f"{n_files / seconds:,.0f}"]], n_texts=0)


def _again(number: int, seed: int, keep: Path | None) -> int:
    """Read one case in this process, and keep its file."""
    chosen = samples()
    sample, content, _ = case(number, seed, chosen)
    print(f"from {sample.name}, {len(content):,} bytes")
    if keep is not None:
        keep.write_bytes(content)
    outcome = _Reader().read(number, seed, chosen)
    print(outcome.kind, outcome.words)
    return 1 if outcome.kind in FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
