"""The Explore page as a visitor works it."""

from __future__ import annotations

import re
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Dialog, Frame, Locator, Page

_MAP_IS_THERE = """() => [...document.querySelectorAll("iframe")].some((each) => {
    const view = each.contentWindow.regenMap;
    return view && view.version > 0 && view.map.getSize().y === each.clientHeight;
})"""


class Explore:
    """
    One visitor's page.

    Parameters
    ----------
    page
        A page of a context of its own.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.ran: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._note)
        self.received = 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _note(self, dialog: Dialog) -> None:
        self.ran.append(dialog.message)
        dialog.dismiss()

    def _count(self, _frame: object) -> None:
        self.received += 1

    def go(self, address: str) -> None:
        """Open an address and wait for map and list."""
        self.page.goto(address)
        self.ready()

    def ready(self) -> None:
        """Wait until the map shows places and the list has rows or details."""
        self.page.wait_for_function(_MAP_IS_THERE, timeout=20_000)
        beside = ".rm-list li, .rm-details:not([hidden]), .rm-visit .rm-title"
        self.page.wait_for_selector(beside, state="attached")

    @property
    def frame(self) -> Frame:
        """The map's frame."""
        return next(each for each in self.page.frames if "streamlit_folium" in each.url)

    def on_map(self, expression: str) -> Any:
        """Evaluate an expression in which ``view`` is the places layer."""
        return self.frame.evaluate(
            f"(() => {{ const view = window.regenMap; return {expression}; }})()"
        )

    @property
    def n_on_map(self) -> int:
        """How many places the map shows."""
        return cast("int", self.on_map("view.shown"))

    @property
    def view(self) -> list[float]:
        """Zoom and centre of the map."""
        return cast(
            "list[float]",
            self.on_map("[view.map.getZoom(), view.map.getCenter().lat, view.map.getCenter().lng]"),
        )

    @property
    def status(self) -> str:
        """What the page says it shows."""
        return self.page.locator(".rm-status").text_content() or ""

    @property
    def rows(self) -> Locator:
        """The rows of the list."""
        return self.page.locator(".rm-row")

    @property
    def title(self) -> str:
        """The title of the details."""
        return self.page.locator(".rm-title").text_content() or ""

    def wait_for_status(self, text: str) -> None:
        """Wait until the page says so."""
        self.page.locator(".rm-status", has_text=text).wait_for(state="attached")

    def wait_for_link(self, **params: str) -> None:
        """Wait until the address says this and, but for the language, nothing else."""
        self.page.wait_for_url(
            lambda url: (
                {**dict(parse_qsl(urlsplit(url).query)), "lang": ""} == {**params, "lang": ""}
            )
        )

    def wait_for_details(self, key: str) -> None:
        """Wait until the details of a place are shown."""
        self.page.wait_for_selector(f'.rm-details[data-key="{key}"]')

    def choose_family(self, label: str) -> None:
        """Touch a family."""
        self.page.locator(".rm-family", has_text=label).click()

    def open_filters(self) -> None:
        """Open the panel with all other filters."""
        self.page.locator(".rm-panel summary").click()
        self.page.locator(".rm-facets fieldset").first.wait_for()

    def option(self, facet: str, option: str) -> Locator:
        """Find an option in the panel."""
        box = f'input[data-facet="{facet}"][data-option="{option}"]'
        return self.page.locator(".rm-option", has=self.page.locator(box))

    @property
    def search_box(self) -> Locator:
        """Where words are typed."""
        return self.page.locator(".rm-search")

    def search(self, text: str) -> None:
        """Type into the search box."""
        self.search_box.fill(text)

    def chip(self, text: str) -> Locator:
        """Find the chip of an active filter."""
        return self.page.locator(".rm-chip", has_text=text)

    @property
    def chips(self) -> list[str]:
        """The labels of the active filters."""
        return self.page.locator(".rm-chip:not(.rm-all) span").all_text_contents()

    @property
    def n_listed(self) -> int:
        """How many places the page says it shows."""
        return int(re.findall(r"\d+", self.status)[0])

    def point_of(self, key: str) -> tuple[float, float]:
        """Tell where on the page a place is drawn."""
        x, y = self.on_map(
            f"""(() => {{
                const at = view.state.payload.places.key.indexOf({key!r});
                const point = view.map.latLngToContainerPoint(view.features.latLng(at));
                return [point.x, point.y];
            }})()"""
        )
        box = self.page.locator("iframe").first.bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def lone_place(self) -> str:
        """Give a place that is drawn by itself, well inside the map."""
        return cast(
            "str",
            self.on_map(
                """(() => {
                    const { groups, map, state } = view;
                    const size = map.getSize();
                    const inside = (group) => {
                        const point = [groups.x[group], groups.y[group]];
                        const at = map.layerPointToContainerPoint(point);
                        return at.x > 80 && at.x < size.x - 60 && at.y > 60 && at.y < size.y * 0.45;
                    };
                    const lone = groups.size.findIndex((size, at) => size === 1 && inside(at));
                    return state.payload.places.key[groups.first[lone]];
                })()"""
            ),
        )

    def settle(self) -> None:
        """Wait until the server has nothing more to say."""
        self.page.wait_for_timeout(300)
        self.page.wait_for_function(
            """() => !document.querySelector('[data-test-script-state="running"]')"""
        )
