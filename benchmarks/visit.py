"""What a visitor's questions cost, beside the plain way to answer them: ``python -m benchmarks.visit``."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise, permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import numpy as np
from opening_hours import OpeningHours

from benchmarks.catalogue import generate_places, write_folder
from benchmarks.peers.ours import SHIPPED
from benchmarks.sections import machine, markdown_table, publish
from regen_map.catalogue import Catalogue
from regen_map.query import open_now
from regen_map.query.opening import _parsed
from regen_map.query.route_order import short_order
from regen_map.store import FolderStore

N_PLACES = 10_000
TEXTS = (100, 1_000, 10_000)
SIDE_M = 800
CASES = 50
START = dt.datetime(2026, 11, 28, 10, 0, tzinfo=ZoneInfo("Europe/Rome"))


def main(arguments: list[str] | None = None) -> int:
    """Measure opening times and the order of walks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.visit", description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="times that each is measured")
    parser.add_argument("--write-readme", action="store_true", help="put the tables into benchmarks/README.md")
    options = parser.parse_args(arguments)
    hours = list(_opening_times(options.runs))
    walks = list(_walks(options.runs))
    text = "\n\n".join(
        (
            markdown_table(["open now, of 10,000 places", "known texts ms", "new texts ms", "each anew ms", "ratio"], hours),
            markdown_table(
                ["order of a walk", "ms", "plain way ms", "ratio", "longest over the shortest possible"], walks
            ),
        )
    )
    about = f"{machine('opening-hours-py', 'numpy')}; medians of {options.runs}"
    publish("visit", about, text, write=options.write_readme)
    return 0


def _opening_times(runs: int) -> Iterator[tuple[str, ...]]:
    for n_texts in TEXTS:
        catalogue, texts = _town(n_texts)
        minutes = (START + dt.timedelta(minutes=each) for each in range(10_000))
        new, known, plain = [], [], []
        for _ in range(runs):
            _parsed.cache_clear()
            new.append(_ms(lambda: open_now(catalogue, next(minutes))))
            known.append(_ms(lambda: open_now(catalogue, next(minutes))))
            plain.append(_ms(lambda: [_anew(text, START) for text in texts]))
        ratio = statistics.median(plain) / statistics.median(known)
        yield (
            f"{n_texts:,} different texts",
            *(f"{statistics.median(each):.0f}" for each in (known, new, plain)),
            f"{ratio:.0f}x",
        )


def _anew(text: str, when: dt.datetime) -> object:
    return OpeningHours(text, timezone=ZoneInfo("Europe/Rome"), country="IT").state(when)


def _town(n_texts: int) -> tuple[Catalogue, list[str]]:
    """Make a town in which every place has hours, so many different ones."""
    with TemporaryDirectory(prefix="regen-map-benchmark-") as name:
        folder = Path(name)
        write_folder(generate_places(N_PLACES * 3), folder, SHIPPED)
        rows = list(csv.DictReader((folder / "attractions.csv").open(encoding="utf-8")))[:N_PLACES]
        texts = [_hours(each % n_texts) for each in range(len(rows))]
        for row, text in zip(rows, texts, strict=True):
            row["opening_hours"] = text
        with (folder / "attractions.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        (folder / "workshops.csv").write_text("id,name_it,name_en,kind\n", encoding="utf-8")
        (folder / "public_spaces.geojson").write_text('{"type":"FeatureCollection","features":[]}', encoding="utf-8")
        return FolderStore(folder).load().catalogue, texts


def _hours(number: int) -> str:
    opens, rest = divmod(number, 60)
    closes, last = divmod(opens, 40)
    return f"Mo-Fr {7 + closes % 5:02d}:{rest:02d}-{13 + last % 9:02d}:{last:02d}; Sa 09:00-12:30; PH off"


def _walks(runs: int) -> Iterator[tuple[str, ...]]:
    generator = np.random.default_rng(1)
    for n_stops in (9, 12, 25):
        cases = [generator.uniform(0, SIDE_M, (n_stops, 2)) for _ in range(max(runs, CASES))]
        took = [_ms(lambda points=points: short_order(points)) for points in cases]
        plain, longest = "–", "–"
        if n_stops == 9:  # noqa: PLR2004 -- more cannot be tried
            plain = f"{statistics.median(_ms(lambda points=points: _shortest(points)) for points in cases[:runs]):.0f}"
            over = max(_length(points, short_order(points)) / _shortest(points) for points in cases)
            longest = f"{(over - 1) * 100:.1f} % in {CASES} cases"
        middle = statistics.median(took)
        ratio = f"{float(plain) / middle:.0f}x" if plain != "–" else "–"
        yield f"{n_stops} stops (plain: every order tried)", f"{middle:.1f}", plain, ratio, longest


def _shortest(points: np.ndarray) -> float:
    orders = np.array(list(permutations(range(len(points)))))
    apart = np.hypot(*(points[:, None] - points[None]).T)
    return float(sum(apart[orders[:, here], orders[:, there]] for here, there in pairwise(range(len(points)))).min())


def _length(points: np.ndarray, order: np.ndarray) -> float:
    return float(np.hypot(*np.diff(points[order], axis=0).T).sum())


def _ms(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
