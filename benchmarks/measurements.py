"""The order of measuring: every peer side by side, one change each in turn.

Taking turns spreads the drift of a shared machine evenly over the peers.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError

from benchmarks.browser import Change, NotShownError, Visit
from benchmarks.catalogue import SMALL_QUARTERS, Place, generate_places, select
from benchmarks.peers.peer import Peer
from benchmarks.servers import Server, ServerFailedError

MOST_RUNS = (len(SMALL_QUARTERS) - 2) // 2
LEAST_RUNS = 3


@dataclass(slots=True)
class Cell:
    """What was measured of one peer with one number of places.

    Attributes
    ----------
    peer, title, size
        Of what.
    after_start_ms
        First markers of the first visit after the server's start.
    first_ms
        First markers with an empty browser cache and a warm server, one value per load.
    return_ms
        The same with the browser cache filled by the visit before.
    page_bytes
        Everything a first visit loads, without the websocket.
    page_websocket_bytes
        What the websocket brings on a first visit.
    foreign_hosts
        Other hosts that the page asked for something.
    to_half, to_all
        Changes of the filter, N to N/2 and back.
    cpu_ms
        Processor time of the server per change, in both directions.
    memory_mb
        Resident memory of the server after the changes.
    error
        Why the measurement ended early, if it did.
    """

    peer: str
    title: str
    size: int
    after_start_ms: float | None = None
    first_ms: list[float] = field(default_factory=list)
    return_ms: list[float] = field(default_factory=list)
    page_bytes: int | None = None
    page_websocket_bytes: int | None = None
    foreign_hosts: list[str] = field(default_factory=list)
    to_half: list[Change] = field(default_factory=list)
    to_all: list[Change] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    memory_mb: float | None = None
    error: str = ""


class Measurement:
    """One peer being measured with one set of places.

    Parameters
    ----------
    browser
        The browser.
    peer
        Which page.
    places
        What it shows.
    budget
        Seconds of changes after which `LEAST_RUNS` runs are enough.
    """

    def __init__(self, browser: Browser, peer: Peer, places: Sequence[Place], budget: float) -> None:
        self.browser = browser
        self.peer = peer
        self.places = places
        self.budget = budget
        self.cell = Cell(peer.name, peer.title, len(places))
        self.server: Server
        self.visit: Visit
        self.left_out: str | None = None
        self.next_quarter = 0
        self.spent = 0.0

    def start(self, stack: ExitStack) -> None:
        """Start the server and make the first visit."""
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="regen-map-benchmark-")))
        self.server = stack.enter_context(self.peer.serve(self.places, folder))
        with Visit(self.browser, self.peer, self.server.url) as visit:
            self.cell.after_start_ms = visit.load()
            visit.wait_shown(len(self.places))
            visit.quiet()

    def load(self) -> None:
        """Make one visit with an empty browser cache, and one more that finds it filled."""
        with Visit(self.browser, self.peer, self.server.url) as visit:
            self.cell.first_ms.append(visit.load())
            visit.quiet()
            with Visit(self.browser, self.peer, self.server.url, visit.context) as again:
                self.cell.return_ms.append(again.load())
                again.quiet()

    def open(self, stack: ExitStack) -> None:
        """Open the page whose filter will be changed; weigh it, and change once to warm up."""
        self.visit = stack.enter_context(Visit(self.browser, self.peer, self.server.url))
        self.cell.page_bytes = self.visit.load_weighed()
        self.cell.page_websocket_bytes = int(self.visit.quiet()["received"])
        self.visit.wait_shown(len(self.places))
        self.cell.foreign_hosts = sorted(self.visit.foreign_hosts)
        self.left_out = self.peer.prepare(self.visit.page)
        self.visit.quiet()
        if self.left_out is not None:
            self.next_quarter = SMALL_QUARTERS.index(self.left_out) + 1
        self.run(keep=False)

    @property
    def enough(self) -> bool:
        """Whether the time is used up."""
        return self.spent > self.budget and len(self.cell.to_half) >= LEAST_RUNS

    def run(self, *, keep: bool = True) -> None:
        """Change the filter in both directions, each time to a subset not seen before."""
        started = time.monotonic()
        for half, changes in ((False, self.cell.to_half), (True, self.cell.to_all)):
            self._leave_out_next(half=half)
            self.visit.quiet()  # a map that was built again has found its view by now
            self.visit.move_view()
            self.peer.ready_half(self.visit.page)
            self.visit.quiet()
            expected = len(select(self.places, half=not half, left_out=self.left_out))
            before = self.server.cpu_seconds()
            change = self.visit.switch_half(expected)
            if keep:
                changes.append(change)
                self.cell.cpu_ms.append((self.server.cpu_seconds() - before) * 1000)
        self.cell.memory_mb = self.server.memory_mb()
        self.spent += time.monotonic() - started

    def _leave_out_next(self, *, half: bool) -> None:
        if not self.peer.varies:
            return
        quarter = SMALL_QUARTERS[self.next_quarter]
        self.next_quarter = (self.next_quarter + 1) % len(SMALL_QUARTERS)
        self.peer.leave_out(self.visit.page, quarter, self.left_out)
        self.left_out = quarter
        self.visit.wait_shown(len(select(self.places, half=half, left_out=quarter)))


def measure(
    browser: Browser, peers: Sequence[Peer], size: int, *, runs: int, loads: int, budget: float
) -> list[Cell]:
    """Measure all peers with one number of places.

    Parameters
    ----------
    runs
        Changes per direction.
    loads
        First visits.
    budget
        Seconds of changes per peer after which `LEAST_RUNS` runs are enough.
    """
    places = generate_places(size)
    measurements = [
        Measurement(browser, peer, places, budget) for peer in peers if peer.largest is None or size <= peer.largest
    ]
    with ExitStack() as stack:
        for measurement in measurements:
            _attempt(measurement, lambda one: one.start(stack))
        for _ in range(loads):
            for measurement in measurements:
                _attempt(measurement, Measurement.load)
        for measurement in measurements:
            _attempt(measurement, lambda one: one.open(stack))
        for turn in range(runs):
            # Forwards and backwards in turn, so that no peer always follows the same neighbour.
            for measurement in measurements[:: -1 if turn % 2 else 1]:
                if not measurement.enough:
                    _attempt(measurement, Measurement.run)
    return [measurement.cell for measurement in measurements]


def _attempt(measurement: Measurement, step: Callable[[Measurement], None]) -> None:
    cell = measurement.cell
    if cell.error:
        return
    try:
        step(measurement)
    except (NotShownError, ServerFailedError, PlaywrightError, OSError) as error:
        traceback.print_exc(file=sys.stderr)
        cell.error = (str(error).strip().splitlines() or [type(error).__name__])[-1]
