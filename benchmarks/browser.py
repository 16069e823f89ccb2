"""A headless Chromium that is driven by Playwright and asks no other host for anything."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.peers.peer import Peer

PROBE = Path(__file__).with_name("probe.js").read_text(encoding="utf-8")
VIEWPORT = {"width": 1280, "height": 900}
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
LIMIT_MS = 120_000
# Longer than the 250 ms for which streamlit-folium holds back what a visitor did.
SILENCE_MS = 300


class NotShownError(RuntimeError):
    """The page did not show what it had to."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium for the length of a ``with`` block; ``CHROMIUM_PATH`` says which."""
    path = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Change:
    """What one change did.

    Attributes
    ----------
    ms
        From the click to the first frame that shows the new state.
    blank_ms, blank_frames
        How long, and in how many frames, nothing was shown in between.
    remounted
        Whether the map was built again.
    view_kept
        Whether centre and zoom are as before; None where they cannot be read.
    received
        Bytes that the websocket brought.
    """

    ms: float
    blank_ms: float
    blank_frames: int
    remounted: bool
    view_kept: bool | None
    received: int


class Visit:
    """A page of a peer, opened with an empty browser cache unless a context is given.

    Parameters
    ----------
    browser
        The browser.
    peer
        Which page.
    url
        Where its server is.
    context
        Where to open it; a new one, closed with the visit, when None.
    """

    def __init__(self, browser: Browser, peer: Peer, url: str, context: BrowserContext | None = None) -> None:
        self.peer = peer
        self.address = url + peer.path
        self.context = context or browser.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
        self.owns_context = context is None
        self.page: Page = self.context.new_page()
        self.page.add_init_script(f"window.regenBenchKind = {json.dumps(peer.kind)};\n{PROBE}")
        self.hosts: set[str] = set()
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or ""))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the page, and the context if it is its own."""
        self.page.close()
        if self.owns_context:
            self.context.close()

    @property
    def foreign_hosts(self) -> set[str]:
        """The other hosts that the page asked for something (in vain)."""
        return self.hosts - {"127.0.0.1", ""}

    def load(self) -> float:
        """Load the page.

        Returns
        -------
        float
            Milliseconds from the navigation to the first frame with markers.

        Raises
        ------
        NotShownError
            When there are none.
        """
        self.page.goto(self.address, wait_until="commit", timeout=LIMIT_MS)
        self.page.set_default_timeout(LIMIT_MS)
        late = f"new Promise((resolve) => setTimeout(resolve, {LIMIT_MS}, null))"
        first = self.page.evaluate(f"() => Promise.race([regenBench.load, {late}])")
        if first is None:
            raise NotShownError(f"{self.peer.name}: no markers after {LIMIT_MS / 1000:.0f} s")
        return float(first)

    def load_weighed(self) -> int:
        """Load the page and count the bytes of everything but the websocket, as they travel."""
        session = self.context.new_cdp_session(self.page)
        total = 0

        def count(event: dict[str, Any]) -> None:
            nonlocal total
            total += int(event["encodedDataLength"])

        session.on("Network.loadingFinished", count)
        session.send("Network.enable")
        self.load()
        self.quiet()
        session.detach()
        return total

    def quiet(self) -> dict[str, float]:
        """Wait until nothing runs any more; return the websocket's counters."""
        return dict(self.page.evaluate(f"regenBench.quiet({SILENCE_MS}, {LIMIT_MS})"))

    def shown(self) -> int | None:
        """Return how many places the map shows now."""
        count = self.page.evaluate("regenBench.shown()")
        return None if count is None else int(count)

    def move_view(self) -> None:
        """Move the map a little, so that a view that is lost differs from one that is kept."""
        self.page.evaluate("regenBench.moveView()")

    def expect(self, goal: dict[str, Any]) -> None:
        """Start watching for a goal; the clock starts at the next click in the page."""
        self.page.evaluate(f"(goal) => regenBench.arm(goal, {LIMIT_MS})", goal)

    def outcome(self) -> dict[str, Any]:
        """Wait for the goal.

        Raises
        ------
        NotShownError
            When it is not reached.
        """
        outcome: dict[str, Any] = self.page.evaluate("() => regenBench.outcome")
        if outcome["ms"] is None:
            raise NotShownError(f"{self.peer.name}: still {outcome['shown']} places after {LIMIT_MS / 1000:.0f} s")
        return outcome

    def switch_half(self, expected: int) -> Change:
        """Switch the big quarter, time it until the map shows ``expected`` places, and wait for quiet."""
        return self.change({"by": "shown", "value": expected})

    def change(self, goal: dict[str, Any]) -> Change:
        """Switch the big quarter and time it until a goal is reached. The page must be quiet before."""
        before = self.page.evaluate("regenBench.traffic")
        view = self.page.evaluate("regenBench.view()")
        self.page.evaluate("regenBench.mark()")
        self.expect(goal)
        self.peer.switch_half(self.page)
        outcome = self.outcome()
        after = self.quiet()
        return Change(
            ms=outcome["ms"],
            blank_ms=outcome["blank"],
            blank_frames=outcome["blankFrames"],
            remounted=not self.page.evaluate("regenBench.marked()"),
            view_kept=None if view is None else _same_view(view, self.page.evaluate("regenBench.view()")),
            received=int(after["received"] - before["received"]),
        )

    def wait_shown(self, expected: int) -> None:
        """Wait until the map shows a number of places."""
        self.page.wait_for_function(
            "(expected) => regenBench.shown() === expected", arg=expected, timeout=LIMIT_MS
        )


def _same_view(before: dict[str, float], after: dict[str, float] | None) -> bool:
    return after is not None and all(abs(before[key] - after[key]) < 1e-6 for key in before)
