"""Measure the compared pages side by side: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError

from benchmarks import libraries, peers, report
from benchmarks.browser import NotShownError, chromium
from benchmarks.measurements import MOST_RUNS, measure
from benchmarks.our_page import OurPageResult, measure_our_page, summary
from benchmarks.peers.ours import APP
from benchmarks.servers import ServerFailedError

SIZES = (100, 1_000, 10_000, 50_000)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=_numbers, default=SIZES, help="numbers of places, separated by commas")
    parser.add_argument("--runs", type=int, default=7, help=f"changes per direction, at most {MOST_RUNS}")
    parser.add_argument("--loads", type=int, default=3, help="first visits per page")
    parser.add_argument("--budget", type=float, default=20.0, help="seconds of changes after which 3 runs are enough")
    parser.add_argument("--peers", type=_names, default=peers.NAMES, help=", ".join(peers.NAMES))
    parser.add_argument("--quick", action="store_true", help="only see that it works: 100 and 1,000 places, 2 runs")
    parser.add_argument("--json", type=Path, help="where to write everything that was measured")
    parser.add_argument("--write-readme", action="store_true", help="put the tables into benchmarks/README.md")
    options = parser.parse_args(arguments)
    if options.quick:
        options.runs, options.loads = 2, 1
        if options.sizes == SIZES:
            options.sizes = (100, 1_000)
    if not 1 <= options.runs <= MOST_RUNS:
        parser.error(f"--runs must be from 1 to {MOST_RUNS}")
    if options.loads < 1:
        parser.error("--loads must be at least 1")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write what was asked for."""
    options = parse(arguments)
    started = time.monotonic()
    names = list(options.peers)
    if any(name.startswith("ours") for name in names) and not APP.exists():
        print(f"{APP.name} is not there: measuring without our page", file=sys.stderr)
        names = [name for name in names if not name.startswith("ours")]
    libraries.fetch_libraries()
    chosen = [peers.load(name) for name in names]
    cells = []
    own = None
    with chromium() as browser:
        for size in options.sizes:
            print(f"{size:,} places ...", file=sys.stderr, flush=True)
            cells += measure(
                browser, chosen, size, runs=options.runs, loads=options.loads, budget=options.budget
            )
        if "ours" in names:
            own = _attempt_our_page(browser, options.runs)
    text = report.tables(cells)
    if own:
        text += f"\n\n### Our page only\n\n{summary(own)}"
    print(text)
    print(f"\n{(time.monotonic() - started) / 60:.1f} minutes", file=sys.stderr)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    if options.json:
        result = {
            "date": today,
            "machine": report.machine(),
            "runs": options.runs,
            "loads": options.loads,
            "cells": [asdict(cell) for cell in cells],
            "our_page": asdict(own) if own else None,
        }
        options.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    if options.write_readme:
        report.write_readme(text, today)
    complete = own is not None or "ours" not in names
    return 0 if complete and not any(cell.error for cell in cells) else 1


def _attempt_our_page(browser: Browser, runs: int) -> OurPageResult | None:
    try:
        return measure_our_page(browser, runs=runs)
    except (NotShownError, ServerFailedError, PlaywrightError) as error:
        print(f"our page alone: {error}", file=sys.stderr)  # the tables are worth having all the same
        return None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part.replace("_", "")) for part in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    unknown = set(names) - set(peers.NAMES)
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    sys.exit(main())
