"""The Explore page of this project, with one touch on a family, which is always in sight.

The states repeat: no message of theirs is long enough for Streamlit's cache of messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.peers.ours import PAGE_PATH, OurPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

# All places outside the big quarter, and only they, are of this family: the second of the filter.
FAMILY_FILTER = ".rm-families"
FAMILY_LABEL = "Botteghe e studi"


@dataclass(frozen=True)
class OurFamilies(OurPage):
    """The app, filtered by the family that is half of the places."""

    def prepare(self, page: Page) -> str | None:
        """Leave the page as it is: everything is shown."""
        return None

    def ready_half(self, page: Page) -> None:
        """Do nothing: the families are in reach."""

    def switch_half(self, page: Page) -> None:
        """Choose the family, or take the choice back."""
        page.locator(FAMILY_FILTER).get_by_role("button").filter(has_text=FAMILY_LABEL).click(no_wait_after=True)


PEER = OurFamilies(
    name="ours_family", title="**regen-map**, one touch on a family", kind="regen", path=PAGE_PATH, varies=False
)
