"""How fast the pages outside the app are, beside the shortest answer of the same server: ``python -m benchmarks.place_pages``.

One connection that stays open, one request at a time, so that a single core of the server does all the work. The
pages are asked for in turn, compressed as browsers want them; the first round, in which each page is rendered, is
measured on its own.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks.sections import markdown_table
from benchmarks.servers import PROJECT
from regen_map.messages import LANGUAGES
from regen_map.store import folder_store
from regen_map.web.pages.addresses import event_path, page_path, walk_path
from tests.browser.conftest import serving

DATA = PROJECT / "data"


class Figures(NamedTuple):
    """What one kind of request cost.

    Attributes
    ----------
    name
        What was asked for.
    median_ms, p95_ms
        Until the first byte of the answer.
    per_second
        Whole answers, one after the other.
    largest
        Bytes of the largest answer as transferred.
    """

    name: str
    median_ms: float
    p95_ms: float
    per_second: float
    largest: int


def measure(name: str, address: str, paths: Sequence[str], n_requests: int) -> Figures:
    """Ask for paths in turn over one connection."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    first_bytes, largest = [], 0
    started = time.perf_counter()
    for number in range(n_requests):
        asked = time.perf_counter()
        connection.request("GET", paths[number % len(paths)], headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        first_bytes.append(time.perf_counter() - asked)
        largest = max(largest, len(answer.read()))
        assert answer.status == http.client.OK, (answer.status, paths[number % len(paths)])
    seconds = time.perf_counter() - started
    connection.close()
    p95 = statistics.quantiles(first_bytes, n=20)[-1]
    return Figures(
        name, statistics.median(first_bytes) * 1000, p95 * 1000, n_requests / seconds, largest
    )


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    catalogue = folder_store(chosen.data).load().catalogue
    ids, walk_ids = catalogue.place_ids, catalogue.table("itineraries")["id"]
    pages = [f"/{page_path(language, place_id)}" for language in LANGUAGES for place_id in ids]
    lists = [f"/{page_path(language)}" for language in LANGUAGES]
    walks = [f"/{walk_path(language, walk_id)}" for language in LANGUAGES for walk_id in walk_ids]
    timed = [f"{walk}?start=2026-11-28T10:00" for walk in walks]
    events = [f"/{event_path(language)}" for language in LANGUAGES]
    with serving(chosen.data, "--tiles", "none") as address:
        measure("warm-up", address, ["/healthz"], 200)
        figures = [
            measure("pages of places, first time", address, pages, len(pages)),
            measure("pages of places", address, pages, chosen.requests),
            measure("lists of all places", address, lists, chosen.requests),
            measure("pages of walks", address, walks, chosen.requests),
            measure("pages of walks from a start, first time", address, timed, len(timed)),
            measure("pages of walks from a start", address, timed, chosen.requests),
            measure("pages of events", address, events, chosen.requests),
            measure("/healthz", address, ["/healthz"], chosen.requests),
        ]
    health = figures[-1]
    print(
        markdown_table(
            ["", "first byte, median", "95 %", "answers per second", "to /healthz", "largest answer"],
            [
                [
                    each.name,
                    f"{each.median_ms:.2f} ms",
                    f"{each.p95_ms:.2f} ms",
                    f"{each.per_second:.0f}",
                    f"{each.median_ms / health.median_ms:.2f}",
                    f"{each.largest / 1000:.1f} kB",
                ]
                for each in figures
            ],
        )
    )


if __name__ == "__main__":
    main()
