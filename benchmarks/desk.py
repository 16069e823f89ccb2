"""What the planner's questions cost, and a plain way beside: ``python -m benchmarks.desk``."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from pyproj import Transformer
from tests.large_town import large_town, shipped_town

from benchmarks.sections import machine, markdown_table, publish
from regen_map import query
from regen_map.catalogue import CRS, Catalogue
from regen_map.export.selection import FORMATS, Extract
from regen_map.gazetteer import gazetteer_of
from regen_map.messages import translator
from regen_map.query.area import Around
from regen_map.store import HISTORY_VARIABLE
from regen_map.ui.projects import projects_panel
from regen_map.ui.town import Town
from regen_map.ui.view import from_params

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
DAY = NOW.date()
LATE = dt.date(2024, 1, 3)
CHANGES: Mapping[str, Callable[[int], Mapping[str, str]]] = {
    "nothing asked": lambda _run: {},
    "a phase": lambda _run: {"p.phase": "works"},
    "facets and words": lambda _run: {"p.phase": "works,design", "p.level": "eu", "p.q": "palazzo"},
    "late by a year": lambda _run: {"p.late": "12"},
    "an area": lambda _run: {"p.area": "10.09,44.07;10.11,44.07;10.1,44.09"},
    "coloured by delay": lambda _run: {"p.colour": "delay"},
    "as of a day asked before": lambda _run: {"p.asof": "2023-06-01"},
    # By then most is known, and little of it was checked: the dearest days.
    "as of a day never asked": lambda run: {"p.asof": str(LATE + dt.timedelta(days=30 * run))},
}
LIMITS_MS = (60, 400)


def main(arguments: list[str] | None = None) -> int:
    """Measure the page, the selection, the totals and the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="times that each is measured")
    parser.add_argument(
        "--write-readme", action="store_true", help="put the tables into benchmarks/README.md"
    )
    options = parser.parse_args(arguments)
    os.environ[HISTORY_VARIABLE] = "off"
    towns = {
        "Carrara": shipped_town(),
        "10,000 projects": large_town(places=10_000, projects=10_000, lines=25_000),
    }
    text = "\n\n".join(
        (
            markdown_table(
                ["a change of the page, CPU ms", *towns, *(f"bar {each}" for each in LIMITS_MS)],
                _changes(list(towns.values()), options.runs),
            ),
            markdown_table(
                ["of 10,000 places", "ours ms", "plain loop ms", "ratio"],
                [_near_a_street(towns["10,000 projects"], options.runs)],
            ),
            markdown_table(
                ["report of all projects of Carrara as PDF", "s"],
                [("", f"{_report(shipped_town(), options.runs):.2f}")],
            ),
        )
    )
    publish(
        "desk",
        f"{machine('pandas', 'shapely', 'fpdf2')}; medians of {options.runs}",
        text,
        write=options.write_readme,
    )
    return 0


def _changes(towns: list[Catalogue], runs: int) -> Iterator[tuple[str, ...]]:
    for name, asked in CHANGES.items():
        figures = (f"{statistics.median(_panel_ms(town, asked, runs)):.0f}" for town in towns)
        yield name, *figures, *(str(each) for each in LIMITS_MS)


def _panel_ms(
    catalogue: Catalogue, asked: Callable[[int], Mapping[str, str]], runs: int
) -> list[float]:
    """Go back and forth between what is asked and nothing; the first time is no measurement."""
    words, took = translator("it"), []
    for run in range(runs + 1):
        plain, town = (
            Town(catalogue=catalogue, view=from_params(each, catalogue, "it"), words=words, now=NOW)
            for each in ({}, asked(run))
        )
        projects_panel(plain)
        took.append(_cpu_ms(partial(projects_panel, town)))
    return took[1:]


def _near_a_street(town: Catalogue, runs: int) -> tuple[str, ...]:
    around = Around(street="Via Roma", metres=300)
    asked = query.ProjectCriteria(area=around)
    ours, plain = (
        statistics.median(_ms(act) for _ in range(runs))
        for act in (lambda: query.select_projects(town, asked, DAY), lambda: _near(town, around))
    )
    return "within 300 m of a street", f"{ours:.0f}", f"{plain:.0f}", f"{plain / ours:.1f}x"


def _near(town: Catalogue, around: Around) -> list[str]:
    """Project and measure one point after the other."""
    located = gazetteer_of(town).locate(around.street)
    if located is None:
        message = f"The gazetteer does not have {around.street}."
        raise LookupError(message)
    to_metres = Transformer.from_crs(CRS, town.city.metric_crs, always_xy=True)
    x, y = to_metres.transform(located.lon, located.lat)
    found = []
    for key in town.place_ids:
        place = town.place(key)
        if place and place.lon is not None and place.lat is not None:
            east, north = to_metres.transform(place.lon, place.lat)
            if ((east - x) ** 2 + (north - y) ** 2) ** 0.5 <= around.metres:
                found.append(key)
    return found


def _report(town: Catalogue, runs: int) -> float:
    def write() -> None:
        FORMATS["pdf"].write(
            Extract(catalogue=town, projects=town.projects, language="it", filters=(), day=DAY)
        )

    return statistics.median(_ms(write) for _ in range(min(runs, 3))) / 1000


def _cpu_ms(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return (time.process_time() - started) * 1000


def _ms(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
