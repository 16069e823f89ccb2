"""The Explore page of this project, over a generated catalogue folder.

What depends on the page stands in the constants and in `QuarterFilter`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
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
LABEL_COLUMN = "label_it"
# Streamlit gives an element with the key "x" the class "st-key-x".
OPENS_FILTERS = ".st-key-filter-panel button"
QUARTER_FILTER = ".st-key-facet-quarter"
# Where the details show a place's name.
DETAILS = ".rm-details .rm-title"


@cache
def quarter_label(quarter: str) -> str:
    """Return the words by which the page shows a quarter."""
    with (SHIPPED / "vocabularies.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["vocabulary"] == "quarter" and row["term"] == quarter:
                return row[LABEL_COLUMN]
    raise KeyError(quarter)


class QuarterFilter:
    """The page's quarter filter, a multiple choice in a panel; no choice means every quarter."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.locator(QUARTER_FILTER)

    def open(self) -> None:
        """Open the panel that the filter is in."""
        if not self.box.is_visible():
            self.page.locator(OPENS_FILTERS).first.click()
        self.box.wait_for(timeout=LONG_WAIT_MS)

    def reach(self, quarter: str) -> Locator:
        """Return what to click to add a quarter to the choice, or to take it out.

        An option is brought in reach by typing its name; a chosen one has a cross.
        """
        label = quarter_label(quarter)
        with_count = re.compile(rf"^\s*{re.escape(label)}(\s*\([^)]*\))?\s*$")
        chosen = self.box.locator("[data-tag]").filter(has_text=with_count)
        if chosen.count():
            return chosen.get_by_role("button")
        self.box.locator("input").fill(label)
        return self.page.locator("[role=option]").filter(has_text=with_count)

    def switch(self, quarter: str) -> None:
        """Add a quarter to the choice, or take it out, and wait until the map has followed."""
        shown = self.page.evaluate("regenBench.shown()")
        self.reach(quarter).click()
        self.page.wait_for_function("(shown) => regenBench.shown() !== shown", arg=shown, timeout=LONG_WAIT_MS)


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
        quarters.box.locator("[data-tag]").first.wait_for(timeout=LONG_WAIT_MS)
        return first

    def leave_out(self, page: Page, quarter: str, previous: str | None) -> None:
        """Take the next small quarter out of the choice, and the previous one in."""
        quarters = QuarterFilter(page)
        quarters.switch(quarter)
        if previous:
            quarters.switch(previous)

    def ready_half(self, page: Page) -> None:
        """Open the panel if it has closed, and type the big quarter's name when it is not chosen."""
        quarters = QuarterFilter(page)
        quarters.open()
        quarters.reach(BIG_QUARTER).wait_for(timeout=LONG_WAIT_MS)

    def switch_half(self, page: Page) -> None:
        """Take the big quarter out of the choice, or in again."""
        QuarterFilter(page).reach(BIG_QUARTER).click(no_wait_after=True)


PEER = OurPage(
    name="ours",
    title="**regen-map**, 24 or 25 quarters chosen in the open filter panel",
    kind="regen",
    path=PAGE_PATH,
)
