"""What is measured of our own page only: clicks on the map, moving it, and the shipped catalogue."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser

from benchmarks.browser import Visit
from benchmarks.catalogue import Place, generate_places
from benchmarks.peers import ours

CLICK_SIZE = 100
MOVE_SECONDS = 2
EDGE_PX = 60
APART_PX = 30


@dataclass(frozen=True, slots=True)
class OurPageResult:
    """What was measured.

    Attributes
    ----------
    click_ms
        From a click on a place to its name in the details panel, per click.
    messages_while_moving
        Messages that the page sent while the map was dragged and zoomed.
    shipped_cpu_ms, shipped_change_ms
        Processor time and latency per change of the quarter filter with the shipped catalogue.
    """

    click_ms: list[float]
    messages_while_moving: int
    shipped_cpu_ms: list[float]
    shipped_change_ms: list[float]


def measure_our_page(browser: Browser, *, runs: int) -> OurPageResult:
    """Measure clicks, moves, and the shipped catalogue."""
    places = generate_places(CLICK_SIZE)
    with TemporaryDirectory(prefix="regen-map-benchmark-") as name:
        folder = Path(name)
        with (
            ours.PEER.serve(places, folder) as server,
            Visit(browser, ours.PEER, server.url) as visit,
        ):
            visit.load()
            visit.quiet()
            clicks = _clicks(visit, places, runs)
            messages = _messages_while_moving(visit)
    cpu_ms, change_ms = _changes_of_shipped(browser, runs)
    return OurPageResult(clicks, messages, cpu_ms, change_ms)


def _clicks(visit: Visit, places: Sequence[Place], runs: int) -> list[float]:
    times = []
    for place in _apart(visit, places)[: runs + 1]:
        point = _point(visit, place)
        visit.expect({"by": "text", "selector": ours.DETAILS, "value": place.name})
        visit.page.mouse.click(point["x"], point["y"])
        times.append(float(visit.outcome()["ms"]))
        visit.quiet()
    return times[1:]


def _apart(visit: Visit, places: Sequence[Place]) -> list[Place]:
    """Find places well inside the map and far enough from every other place to be clicked alone."""
    points = [(place, _point(visit, place)) for place in places]
    box = visit.page.evaluate("regenBench.mapBox()")
    found = []
    for place, point in points:
        others = (other for _, other in points if other is not point)
        inside = (
            box["left"] + EDGE_PX < point["x"] < box["right"] - EDGE_PX
            and box["top"] + EDGE_PX < point["y"] < box["bottom"] - EDGE_PX
        )
        alone = all(math.dist((point["x"], point["y"]), (other["x"], other["y"])) > APART_PX for other in others)
        if inside and alone and point["free"]:
            found.append(place)
    return found


def _point(visit: Visit, place: Place) -> dict[str, Any]:
    position = [place.lat, place.lon]
    return dict(visit.page.evaluate("([lat, lon]) => regenBench.pointOf(lat, lon)", position))


def _messages_while_moving(visit: Visit) -> int:
    frame = visit.page.evaluate("regenBench.mapBox()")
    x, y = (frame["left"] + frame["right"]) / 2, (frame["top"] + frame["bottom"]) / 2
    before = visit.quiet()["sentMessages"]
    mouse = visit.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 120, y + 60, steps=8)
    mouse.up()
    mouse.wheel(0, -240)
    visit.page.wait_for_timeout(MOVE_SECONDS * 1000)
    return int(visit.quiet()["sentMessages"] - before)


def _changes_of_shipped(browser: Browser, runs: int) -> tuple[list[float], list[float]]:
    cpu_ms, change_ms = [], []
    with ours.PEER.serve_folder(ours.SHIPPED) as server, Visit(browser, ours.PEER, server.url) as visit:
        visit.load()
        visit.quiet()
        ours.QuarterFilter(visit.page).open()
        for _ in range(2 * runs + 2):
            ours.PEER.ready_half(visit.page)
            visit.quiet()
            before = server.cpu_seconds()
            change = visit.change({"by": "other", "value": visit.shown()})
            cpu_ms.append((server.cpu_seconds() - before) * 1000)
            change_ms.append(change.ms)
    return cpu_ms[2:], change_ms[2:]


def summary(result: OurPageResult) -> str:
    """Return the result as lines of Markdown."""
    lines = []
    if result.click_ms:
        lines.append(f"- Click on a place to its name in the details: {statistics.median(result.click_ms):.0f} ms.")
    lines.append(f"- Messages sent to the server while the map is dragged and zoomed: {result.messages_while_moving}.")
    lines.append(
        f"- Shipped catalogue, per change of the quarter filter: "
        f"{statistics.median(result.shipped_change_ms):.0f} ms, "
        f"server CPU {statistics.median(result.shipped_cpu_ms):.0f} ms."
    )
    return "\n".join(lines)
