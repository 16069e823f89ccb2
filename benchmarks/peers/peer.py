"""What the benchmark must know of a compared page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import catalogue, libraries, servers

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOST = Path(__file__).with_name("host.py")
LONG_WAIT_MS = 180_000


@dataclass(frozen=True)
class Peer:
    """A compared page: how to serve it, read it, and change its filter.

    This class drives the pages made of `benchmarks.peers.page`: a check box that halves the set and a
    button that leaves out another small quarter. Other pages override its methods.

    Attributes
    ----------
    name
        Its module in this package.
    title
        Its row in the tables.
    kind
        How shown places are counted in the browser; see ``probe.js``.
    largest, reason
        The largest set it is measured with, and why not more.
    has_server
        Whether a change of the filter reaches a server.
    path
        Where the page is on its server.
    varies
        Whether another small quarter can be left out each time.
    """

    name: str
    title: str
    kind: str
    largest: int | None = None
    reason: str = ""
    has_server: bool = True
    path: str = "/"
    varies: bool = True

    def serve(self, places: Sequence[catalogue.Place], folder: Path) -> AbstractContextManager[servers.Server]:
        """Run the page's server over a set of places, with ``folder`` for its files."""
        data = folder / "places.json"
        catalogue.write_json(places, data)
        port = servers.free_port()
        environment = {
            "BENCHMARK_PAGE": str(Path(__file__).with_name(f"{self.name}.py")),
            "BENCHMARK_PLACES": str(data),
            "BENCHMARK_LIBRARIES": os.fspath(libraries.fetch_libraries()),
        }
        return servers.running(servers.streamlit_command(HOST, port), port, environment=environment)

    def prepare(self, page: Page) -> str | None:
        """Bring a loaded page to the state before the first change.

        Returns
        -------
        str or None
            The small quarter that is now left out.
        """
        return None

    def leave_out(self, page: Page, quarter: str, previous: str | None) -> None:
        """Leave out the next small quarter, instead of the previous one. Not timed."""
        button = page.get_by_role("button", name="Leave out another quarter")
        button.click()
        page.get_by_text(f"Left out: {quarter}", exact=True).wait_for(timeout=LONG_WAIT_MS)

    def ready_half(self, page: Page) -> None:
        """Bring the control of `switch_half` in reach. Not timed."""

    def switch_half(self, page: Page) -> None:
        """Hide the big quarter, or show it again, with one click. Timed from that click."""
        page.get_by_text("Half of the places", exact=True).click(no_wait_after=True)
