"""Pages outside the app in a browser: nothing may go wrong, and nothing be asked elsewhere."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

_AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

# In the app, what scrolls is not the document.
_WIDTH = """() => {
    const main = document.querySelector("[data-testid=stMain]");
    return Math.max(document.scrollingElement.scrollWidth, main?.scrollWidth ?? 0);
}"""
# Who reads by keyboard alone sees the link that skips; the rest stands in a sentence.
_TOO_LOW = """
() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  const exempt = ".skip, [rel=license], .lines a, .steps a";
  return [...document.querySelectorAll("a, button, summary, input, select")]
    .filter((each) => each.getClientRects().length && !each.matches(exempt))
    .filter((each) => each.getBoundingClientRect().height < 44)
    .map((each) => `${each.getBoundingClientRect().height} ${each.outerHTML.slice(0, 160)}`);
}
"""

Visit: TypeAlias = Callable[..., Page]


@contextmanager
def visits(browser: Browser, home: str) -> Iterator[Visit]:
    """Give what opens a page of a server in a new context; complain of all at the end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def said(message: ConsoleMessage) -> None:
        # Not what the browser says of a page that is not there, nor what the app says.
        in_app = message.page is not None and (
            "/?" in message.page.url or "/walks?" in message.page.url
        )
        if "404" not in message.text and not in_app:
            complaints.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://localhost:", "data:")):
            complaints.append(request.url)

    def open_page(path: str, *, server: str = home, **options: Any) -> Page:
        width, height = options.pop("width", 1440), options.pop("height", 900)
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", said)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", asked)
        page.goto(server + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def findings(page: Page) -> list[str]:
    """Give every finding of axe, of any impact."""
    page.evaluate(_AXE)
    result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in result["violations"]
        for node in each["nodes"]
    ]


def targets_too_low(page: Page) -> list[str]:
    """Give what is touched, stands alone and is lower than 44 pixels."""
    found: list[str] = page.evaluate(_TOO_LOW)
    return found


def width_needed(page: Page) -> int:
    """Give how wide the page is, in pixels of CSS."""
    found: int = page.evaluate(_WIDTH)
    return found


def wait_for_width(page: Page, most: int) -> None:
    """Wait until nothing in the page is wider, in pixels of CSS: its style may yet come."""
    page.wait_for_function(f"({_WIDTH})() <= {most}")
