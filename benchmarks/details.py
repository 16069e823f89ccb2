"""From a row of the list to a place's details, beside Streamlit's own floor: ``python -m benchmarks.details``."""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import libraries
from benchmarks.browser import Visit, chromium
from benchmarks.catalogue import generate_places
from benchmarks.peers import empty, ours
from benchmarks.sections import machine, markdown_table, publish

FLOOR_SIZE = 100
ROW = ".rm-row .rm-name"
BACK = ".rm-back"


def main(arguments: list[str] | None = None) -> int:
    """Open the details of one place after another, each time after a rerun of the empty page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.details", description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="places that are opened")
    parser.add_argument("--write-readme", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args(arguments)
    libraries.fetch_libraries()
    floor, details = measure(options.runs)
    rows = [
        ("rerun of a Streamlit page with one line of text", *_figures(floor)),
        ("touch on a row to the place's name in the details, shipped catalogue", *_figures(details)),
    ]
    over = statistics.median(details) - statistics.median(floor)
    text = markdown_table(["", "median ms", "quartiles ms"], rows)
    text += f"\n\nThe details come {over:.0f} ms after the floor."
    about = f"{machine('streamlit', 'playwright')}; {options.runs} runs in turn"
    publish("details", about, text, write=options.write_readme)
    return 0


def measure(runs: int) -> tuple[list[float], list[float]]:
    """Time both pages in turn.

    Returns
    -------
    tuple of two lists
        Milliseconds of the empty page's reruns and of the details, the first of each left out.
    """
    floor, details = [], []
    with TemporaryDirectory(prefix="regen-map-benchmark-") as name, chromium() as browser:
        places = generate_places(FLOOR_SIZE)
        with (
            empty.PEER.serve(places, Path(name)) as floor_server,
            ours.PEER.serve_folder(ours.SHIPPED) as server,
            Visit(browser, empty.PEER, floor_server.url) as plain,
            Visit(browser, ours.PEER, server.url) as town,
        ):
            for visit in (plain, town):
                visit.load()
                visit.quiet()
            for run in range(runs + 1):
                plain.peer.ready_half(plain.page)
                floor.append(plain.change({"by": "other", "value": plain.shown()}).ms)
                details.append(_open(town, run))
    return floor[1:], details[1:]


def _open(town: Visit, row: int) -> float:
    name = town.page.locator(ROW).nth(row)
    goal = {"by": "text", "selector": ours.DETAILS, "value": name.text_content()}
    town.expect(goal)
    name.click(no_wait_after=True)
    took = float(town.outcome()["ms"])
    town.quiet()
    town.page.locator(BACK).click()
    town.page.locator(ROW).first.wait_for()
    town.quiet()
    return took


def _figures(times: list[float]) -> tuple[str, str]:
    low, middle, high = statistics.quantiles(times, n=4)
    return f"{middle:.0f}", f"{low:.0f} to {high:.0f}"


if __name__ == "__main__":
    sys.exit(main())
