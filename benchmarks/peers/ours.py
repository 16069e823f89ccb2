"""The Explore page of this project, over a generated catalogue folder.

What depends on the page stands in the constants and in `QuarterFilter`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks import servers
from benchmarks.catalogue import BIG_QUARTER, SMALL_QUARTERS, Place, write_folder
from benchmarks.peers.peer import LONG_WAIT_MS, Peer

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

APP = servers.PROJECT / "app.py"
SHIPPED = servers.PROJECT / "data"
NO_TILES = {"REGEN_MAP_TILES": "none"}
# The language is in the address, so that labels can be found; so is a choice of quarters.
PAGE_PATH = "/?lang=it"
CHOICE_PATH = PAGE_PATH + "&quarter="
FILTERS = ".rm-panel"
# Where the details show a place's name.
DETAILS = ".rm-details .rm-title"


class QuarterFilter:
    """The page's quarter filter, check boxes in a panel; no choice means every quarter."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> None:
        """Open the panel that the filter is in."""
        if self.page.locator(FILTERS).get_attribute("open") is None:
            self.page.locator(FILTERS).locator("summary").click()

    def box(self, quarter: str) -> Locator:
        """Return the check box of a quarter."""
        return self.page.locator(f'input[data-facet="quarter"][data-option="{quarter}"]')

    def switch(self, quarter: str) -> None:
        """Add a quarter to the choice, or take it out, and wait until the map has followed."""
        shown = self.page.evaluate("regenBench.shown()")
        self.box(quarter).click()
        self.page.wait_for_function(
            "(shown) => regenBench.shown() !== shown", arg=shown, timeout=LONG_WAIT_MS
        )


@dataclass(frozen=True)
class OurPage(Peer):
    """The app with its own filter panel and map."""

    def serve(self, places: Sequence[Place], folder: Path) -> AbstractContextManager[servers.Server]:
        """Run the app over a generated catalogue folder."""
        data = folder / "catalogue"
        write_folder(places, data, SHIPPED)
        return self.serve_folder(data)

    def serve_folder(self, data: Path) -> AbstractContextManager[servers.Server]:
        """Run the app over any catalogue folder."""
        port = servers.free_port()
        environment = {"REGEN_MAP_DATA": str(data), **NO_TILES}
        return servers.running(servers.streamlit_command(APP, port), port, environment=environment)

    def prepare(self, page: Page) -> str | None:
        """Choose every quarter but the first small one, by the page's address."""
        first, *others = SMALL_QUARTERS
        address = urlsplit(page.url)
        page.goto(f"{address.scheme}://{address.netloc}{CHOICE_PATH}{','.join([BIG_QUARTER, *others])}")
        page.evaluate("() => regenBench.load")
        quarters = QuarterFilter(page)
        quarters.open()
        return first

    def leave_out(self, page: Page, quarter: str, previous: str | None) -> None:
        """Take the next small quarter out of the choice, and the previous one in."""
        quarters = QuarterFilter(page)
        quarters.switch(quarter)
        if previous:
            quarters.switch(previous)

    def ready_half(self, page: Page) -> None:
        """Open the panel if it is closed."""
        QuarterFilter(page).open()

    def switch_half(self, page: Page) -> None:
        """Take the big quarter out of the choice, or in again."""
        QuarterFilter(page).box(BIG_QUARTER).click(no_wait_after=True)


PEER = OurPage(
    name="ours",
    title="**regen-map**, 24 or 25 quarters chosen in the open filter panel",
    kind="regen",
    path=PAGE_PATH,
)
