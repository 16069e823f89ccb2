"""Rules of accessibility, checked by axe-core in the page and in the map's frame."""

from __future__ import annotations

import importlib.resources
from typing import Any

import pytest
from playwright.sync_api import Frame

from tests.browser.conftest import Opened
from tests.browser.explore import Explore

_AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

_GROUNDS = {"dark": "rgb(21, 24, 28)", "light": "rgb(255, 255, 255)"}
_HAS_GROUND = """(ground) => {
    const shown = document.querySelector(".stApp");
    const drawn = document.querySelector("#rm-list[class]");
    return getComputedStyle(shown).backgroundColor === ground
        && (!drawn || drawn.matches(".rm-dark") === (ground !== "rgb(255, 255, 255)"));
}"""

STREAMLIT_OWN: dict[str, str] = {}
"""Rules broken by Streamlit's own frame of the page, with the reason why we cannot mend them."""


def findings(frame: Frame, *rules: str) -> list[str]:
    """Give the findings of every impact in one frame, without its inner frames; of these rules."""
    frame.evaluate(_AXE)
    result: dict[str, Any] = frame.evaluate(
        """(only) => axe.run(document, {
            iframes: false,
            resultTypes: ["violations"],
            ...(only.length ? { runOnly: only } : {}),
        })""",
        list(rules),
    )
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in result["violations"]
        if each["id"] not in STREAMLIT_OWN
        for node in each["nodes"]
    ]


def in_both_schemes(visit: Explore, *, page: bool = True, the_map: bool = True) -> list[str]:
    """Give the findings in the page, the map's frame or both, by day and by night."""
    found = []
    for scheme, ground in _GROUNDS.items():
        visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal of Playwright's
        visit.page.wait_for_function(_HAS_GROUND, arg=ground)
        frames = [visit.page.main_frame] if page else []
        if the_map:
            frames.append(visit.frame)
        # By day and by night a page differs in its colours only.
        rules = () if scheme == "dark" else ("color-contrast",)
        found += [f"{scheme} {each}" for frame in frames for each in findings(frame, *rules)]
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?lang=en&place=palazzo-rosso",
        "/?q=lardo&family=workshop",
        "/?q=zzzz",
        "/?place=project%3Amasterplan-centro-storico",
    ],
    ids=["start", "details", "filtered", "nothing", "town-wide"],
)
def test_explore_page_breaks_no_rule(opened: Opened, path: str) -> None:
    assert in_both_schemes(opened(path)) == []


def test_about_breaks_no_rule(opened: Opened, carrara: str) -> None:
    visit = opened()
    visit.page.goto(f"{carrara}/about?lang=it")
    visit.page.locator(".st-key-about table").wait_for()
    assert in_both_schemes(visit, the_map=False) == []
    visit.page.locator(".rm-skip").focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "rm-list"


def test_walks_and_events_break_no_rule(opened: Opened, carrara: str) -> None:
    visit = opened("/walks?lang=en&place=mudac")
    assert in_both_schemes(visit, the_map=False) == []
    for path in (
        "/walks?lang=it&walk=carrara-medievale&place=duomo-sant-andrea",
        "/walks?lang=en&walk=mine&stops=mudac,casa-repetti&place=teatro-animosi&budget=30",
        "/events?lang=it&place=piazza-alberica",
        "/events?lang=en&to=2025-09-30",
    ):
        visit.go(carrara + path)
        assert in_both_schemes(visit) == []


def test_projects_break_no_rule(opened: Opened, carrara: str) -> None:
    desk = opened("/projects?lang=en&p.phase=works&place=palazzo-rosso")
    desk.page.locator("#rm-filters > summary").click()
    desk.page.locator("#rm-total-1 > summary").click()
    assert in_both_schemes(desk, the_map=False) == []
    desk.frame.locator(".map-draw").click()
    assert in_both_schemes(desk, page=False) == []
    for path in (
        "/projects?lang=it&desk=money",
        "/projects?lang=en&desk=timeline&p.area=10.09,44.07;10.11,44.07;10.1,44.09",
        "/projects?lang=it&p.q=zzzz",
    ):
        desk.go(carrara + path)
        if "desk" in path:
            desk.page.locator(".rm-figure").first.wait_for()
        assert in_both_schemes(desk, the_map=False) == []


def test_every_tab_of_the_desk_and_the_record_break_no_rule(opened: Opened, carrara: str) -> None:
    desk = opened("/projects?lang=it&desk=phases&p.colour=delay")
    for query, part in (
        ("", ".rm-figure"),
        ("lang=it&desk=changes&p.asof=2024-01-01", ".rm-changed"),
        ("lang=en&desk=context", "#rm-context-method"),
        ("lang=it&desk=quality", ".rm-total"),
        ("lang=en&project=palazzo-pisani", ".stages"),
    ):
        if query:
            desk.go(f"{carrara}/projects?{query}")
        desk.page.locator(f"[data-load] {part}").first.wait_for()
        desk.page.evaluate(
            "() => document.querySelectorAll('[data-load] details').forEach((each, at) => {"
            " each.open = at < 3; })"
        )
        assert in_both_schemes(desk, the_map=False) == []


def test_filter_panel_breaks_no_rule(opened: Opened) -> None:
    explore = opened()
    explore.open_filters()
    assert findings(explore.page.main_frame) == []


def test_list_of_places_at_one_point_breaks_no_rule(opened: Opened) -> None:
    explore = opened("/?q=piazza+alberica")
    explore.on_map("view.map.setView([44.0796, 10.0979], 19, {animate: false})")
    explore.page.mouse.click(*explore.point_of("piazza-alberica"))
    explore.frame.locator(".places-chooser").wait_for()
    assert findings(explore.frame) == []


def test_phone_breaks_no_rule(opened: Opened) -> None:
    explore = opened(width=360, height=800)
    assert findings(explore.page.main_frame) == []
    assert findings(explore.frame) == []


@pytest.mark.parametrize("path", ["/", "/?place=palazzo-rosso", "/walks", "/events", "/projects"])
def test_skip_link_leads_beside_the_map_whatever_is_open(opened: Opened, path: str) -> None:
    explore = opened(path)
    explore.page.locator(".rm-skip").focus()
    explore.page.keyboard.press("Enter")
    assert explore.page.evaluate("document.activeElement.id") == "rm-list"
    explore.page.keyboard.press("Tab")
    inside = (
        "document.activeElement !== document.body && document.activeElement.closest('#rm-list')"
    )
    assert explore.page.evaluate(f"Boolean({inside})")


def test_keyboard_skips_the_map_and_opens_a_place(opened: Opened) -> None:
    explore = opened()
    explore.page.locator(".rm-skip").focus()
    explore.page.keyboard.press("Enter")
    explore.page.keyboard.press("Tab")
    assert explore.page.evaluate("document.activeElement.className") == "rm-search"
    explore.rows.first.focus()
    explore.page.keyboard.press("Enter")
    explore.page.locator(".rm-title").wait_for()
    explore.page.wait_for_function("() => document.activeElement.className === 'rm-title'")
