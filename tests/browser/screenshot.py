"""Take the picture in the README: ``make screenshot``."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import DATA, FLAGS, chromium, serving
from tests.browser.explore import Explore

PICTURE = Path(__file__).with_name("explore.png")


def main() -> None:
    """Open the Explore page in English and keep what it shows."""
    with serving(DATA, "--tiles", "none") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
        explore = Explore(page)
        explore.go(f"{address}/?lang=en")
        explore.settle()
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
