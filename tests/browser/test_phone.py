"""The Explore page on a phone: 360 by 800 points, one thumb."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opened
from tests.browser.explore import Explore
from tests.browser.visits import wait_for_width, width_needed

SMALLEST_TARGET = 44


def on_a_phone(opened: Opened, path: str = "/") -> Explore:
    return opened(path, width=360, height=800, touch=True)


def test_map_comes_first_and_the_list_is_a_sheet_under_it(opened: Opened) -> None:
    explore = on_a_phone(opened)
    the_map = explore.page.locator("iframe").first.bounding_box()
    sheet = explore.page.locator(".st-key-panel").bounding_box()
    assert the_map is not None
    assert sheet is not None
    assert the_map["width"] == 360
    assert the_map["y"] < sheet["y"] < 560


def test_nothing_is_wider_than_the_screen(opened: Opened) -> None:
    for path in ("/", "/?place=palazzo-rosso", "/?lang=en&q=marble"):
        explore = on_a_phone(opened, path)
        assert width_needed(explore.page) <= 360


def test_touching_the_map_shows_details_under_it(opened: Opened) -> None:
    explore = on_a_phone(opened)
    key = explore.lone_place()
    explore.page.touchscreen.tap(*explore.point_of(key))
    explore.wait_for_details(key)
    title = explore.page.locator(".rm-title").bounding_box()
    assert title is not None
    assert 0 < title["y"] < 800
    explore.page.locator(".rm-back").tap()
    explore.page.locator(".rm-details").wait_for(state="hidden")
    assert explore.page.locator(".rm-search").is_visible()


def test_our_targets_are_large_enough_for_a_thumb(opened: Opened) -> None:
    explore = on_a_phone(opened)
    ours = [
        *explore.rows.all()[:5],
        explore.search_box,
        *explore.page.locator(".rm-family").all(),
        explore.page.locator(".rm-panel summary"),
        *explore.page.locator(".st-key-masthead :is(a, button)").all(),
        *explore.frame.locator(".map-button, .leaflet-control-zoom a").all(),
    ]
    boxes = [target.bounding_box() for target in ours]
    assert min(box["height"] for box in boxes if box) >= SMALLEST_TARGET
    heads = [each.bounding_box() for each in explore.page.locator(".st-key-masthead a").all()]
    assert min(box["width"] for box in heads if box) >= SMALLEST_TARGET
    explore.open_filters()
    assert low_targets(explore, ".rm-panel") == []
    explore.search("palazzo rosso")
    explore.rows.first.tap()
    explore.page.locator(".rm-title").wait_for()
    assert low_targets(explore, ".rm-details") == []


def low_targets(explore: Explore, where: str) -> list[str]:
    """Give what is touched in a part of the page, and is too low."""
    found: list[str] = explore.page.locator(
        f"{where} :is(a, button, summary, label, input):visible"
    ).evaluate_all(
        """(all, least) => all
            .filter((each) => !each.matches("label input"))
            .filter((each) => each.getBoundingClientRect().height < least)
            .map((each) => each.outerHTML.slice(0, 120))""",
        SMALLEST_TARGET,
    )
    return found


def test_search_on_a_phone(opened: Opened) -> None:
    explore = on_a_phone(opened)
    explore.search("lardo")
    explore.chip("lardo").wait_for()
    explore.rows.first.tap()
    explore.page.locator(".rm-title").wait_for()


def test_twice_the_text_size_leaves_room_beside_the_bars_of_a_walk(opened: Opened) -> None:
    walks = on_a_phone(opened, "/walks?lang=it&walk=carrara-medievale&place=duomo-sant-andrea")
    walks.page.set_viewport_size({"width": 360, "height": 800})
    walks.page.add_style_tag(content="html { font-size: 200% !important; }")
    heights = walks.page.evaluate(
        "['.rm-way', '.rm-back'].map((each) => document.querySelector(each).clientHeight)"
    )
    # One row of buttons of 88 pixels each.
    assert heights[0] <= 118
    assert heights[1] <= 92
    assert width_needed(walks.page) <= 360
    walks.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 1e6)")
    last = walks.page.locator(".rm-body > :last-child").bounding_box()
    bar = walks.page.locator(".rm-way").bounding_box()
    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] <= bar["y"]
    assert walks.page.locator("#rm-next").get_attribute("aria-label") is None
    assert walks.page.get_by_role("button", name="Successiva").count() == 1


def test_bars_of_a_walk_scroll_away_where_a_screen_is_low(opened: Opened) -> None:
    walks = opened("/walks?walk=carrara-medievale", width=800, height=360, touch=True)
    for bar in (".rm-way", ".rm-back"):
        place = f"getComputedStyle(document.querySelector('{bar}')).position"
        assert walks.page.evaluate(place) == "static"


def test_twice_the_text_size_still_fits(opened: Opened, carrara: str) -> None:
    explore = on_a_phone(opened, "/?place=palazzo-rosso")
    explore.page.add_style_tag(content="html { font-size: 200% !important; }")
    assert width_needed(explore.page) <= 360
    for path in ("/", "/about"):
        explore.page.goto(f"{carrara}{path}")
        explore.page.add_style_tag(content="html { font-size: 200% !important; }")
        if path == "/":
            explore.ready()
            explore.open_filters()
        else:
            explore.page.locator(".st-key-about table").wait_for()
        wait_for_width(explore.page, 360)


def test_map_stands_still_before_those_who_ask_for_less_motion(opened: Opened) -> None:
    explore = opened()
    explore.page.emulate_media(reduced_motion="reduce")
    where = "[view.map.getZoom(), view.map.getCenter().lat, view.map.getCenter().lng]"
    for act in ("view.map.zoomIn()", "view.map.panBy([40, 0])"):
        before = explore.view
        # What glides is not there yet.
        assert explore.on_map(f"({act}, {where})") == explore.view != before
    explore.page.emulate_media(reduced_motion="no-preference")
    before = explore.view
    on_its_way = explore.on_map(f"(view.map.panBy([40, 0]), {where})")
    assert on_its_way == pytest.approx(before, abs=2e-4)
    explore.settle()
    assert explore.view != pytest.approx(before, abs=2e-4)


def test_finger_leaves_no_label_behind(opened: Opened) -> None:
    explore = on_a_phone(opened)
    explore.page.touchscreen.tap(*explore.point_of(explore.lone_place()))
    explore.page.locator(".rm-title").wait_for()
    assert not explore.frame.locator(".places-tooltip").is_visible()


def test_buttons_of_a_low_map_are_not_under_its_legend(opened: Opened) -> None:
    explore = opened(width=640, height=450)
    covered = """(buttons) => buttons.filter((each) => {
        const { x, y, width, height } = each.getBoundingClientRect();
        return !each.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }).length"""
    buttons = explore.frame.locator(".map-button, .leaflet-control-zoom a")
    assert buttons.count() > 2
    assert buttons.evaluate_all(covered) == 0
