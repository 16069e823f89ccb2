"""Walks in a real browser: stepped through, made, ordered, shortened and passed on."""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.explore import Explore
from tests.browser.visits import width_needed

MEDIEVAL = [
    "palazzo-delle-logge",
    "mura-e-porta-ghibellina",
    "ponte-delle-lacrime",
    "duomo-sant-andrea",
]
ZIGZAG = "mudac,palazzo-rosso,piazza-alberica,casa-repetti,duomo-sant-andrea"
# A Saturday morning.
START = "start=2026-11-28T10:00"


def line(walks: Explore) -> list[str]:
    """Give the stops of the walk that the map draws."""
    keys = walks.on_map("view.route.stops.map((stop) => view.state.payload.places.key[stop])")
    return cast("list[str]", keys)


def marked(walks: Explore) -> str | None:
    """Give the place that the map marks."""
    return cast("str | None", walks.on_map("view.state.payload.places.key[view.state.selected]"))


def listed(walks: Explore) -> list[str | None]:
    return [each.get_attribute("data-key") for each in walks.page.locator(".rm-stops li").all()]


def click_at_once(walks: Explore, *selectors: str) -> None:
    """Click faster than any answer can come."""
    walks.page.evaluate(
        "each => each.forEach((one) => document.querySelector(one).click())", [*selectors]
    )


def to_the_end(walks: Explore) -> None:
    walks.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 1e6)")


def minutes_walked(walks: Explore) -> int:
    """Give the minutes on foot that the status tells."""
    return int(re.findall(r"(\d+) min", walks.status)[0])


def focused(walks: Explore) -> str:
    """Name what has the focus."""
    return cast(
        "str", walks.page.evaluate("document.activeElement.id || document.activeElement.className")
    )


def test_themed_walk_is_stepped_through_on_a_phone(opened: Opened) -> None:
    walks = opened("/walks?lang=it", width=360, height=800, touch=True)
    walks.page.locator("#rm-walk-carrara-medievale").tap()
    walks.wait_for_status("Il cuore medievale: 9 tappe")
    assert line(walks)[:4] == MEDIEVAL
    walks.page.locator("#rm-next").tap()
    walks.wait_for_status("Tappa 1 di 9, Palazzo delle Logge")
    to_the_end(walks)
    walks.page.locator("#rm-next").tap()
    walks.wait_for_status("Tappa 2 di 9, Prime mura e Porta Ghibellina")
    assert marked(walks) == MEDIEVAL[1]
    for part in (".rm-current h3", "#rm-next", ".st-key-map"):
        expect(walks.page.locator(part)).to_be_in_viewport()
    # The bar under the thumb covers neither the end of the sheet nor what is read.
    to_the_end(walks)
    last = walks.page.locator(".rm-body > :last-child").bounding_box()
    bar = walks.page.locator(".rm-way").bounding_box()
    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] <= bar["y"]


def test_quick_steps_all_count_and_can_be_taken_back(opened: Opened) -> None:
    walks = opened("/walks?lang=en&walk=carrara-medievale")
    click_at_once(walks, *["#rm-next"] * 4, "#rm-previous")
    walks.wait_for_status("Stop 3 of 9")
    assert marked(walks) == MEDIEVAL[2]
    walks.page.go_back()
    walks.wait_for_status("Stop 1 of 9")
    walks.page.reload()
    walks.ready()
    walks.wait_for_status("Stop 1 of 9")
    assert line(walks)[:4] == MEDIEVAL
    walks.page.locator(".st-key-language button", has_text="IT").click()
    walks.wait_for_status("Tappa 1 di 9")
    assert walks.errors == []


def test_own_walk_is_made_by_name_and_on_the_map(opened: Opened) -> None:
    walks = opened("/walks?lang=en")
    walks.page.locator("#rm-mine").click()
    box = walks.page.locator("#rm-add")
    box.fill("zzz")
    box.press("Enter")
    expect(walks.page.locator("#rm-add-told")).to_have_text("No place has this name.")
    box.fill("PALAZZO ROSSO")
    box.press("Enter")
    walks.wait_for_status("1 stop")
    assert box.input_value() == ""
    assert focused(walks) == "rm-add"
    walks.settle()
    zoom = walks.view[0]
    key = walks.lone_place()
    walks.page.mouse.click(*walks.point_of(key))
    walks.page.locator("#rm-candidate").click()
    walks.wait_for_status("Stop 2 of 2")
    assert line(walks) == ["palazzo-rosso", key] == listed(walks)
    assert walks.view[0] == zoom
    walks.page.locator(f"#rm-remove-{key}").click()
    walks.wait_for_status("1 stop")
    assert focused(walks) == "rm-after"
    walks.page.locator("#rm-stop-palazzo-rosso .rm-stop").click()
    # Until the answer comes, another place is told about.
    walks.page.locator("a[href*='place=palazzo-rosso']", has_text="About this place").click()
    walks.wait_for_details("palazzo-rosso")
    # The details are on another page; the walk goes along.
    walks.wait_for_link(place="palazzo-rosso", walk="mine", stops="palazzo-rosso")
    assert urlsplit(walks.page.url).path == "/"


def test_walk_through_a_place_keeps_the_visitors_own_and_the_filters(opened: Opened) -> None:
    mine = "duomo-sant-andrea,teatro-animosi"
    explore = opened(f"/?lang=it&place=mudac&stops={mine}&family=attraction")
    explore.page.locator(".rm-walk button").click()
    explore.page.locator("[data-open-walk]").first.click()
    expect(explore.page.locator(".rm-stops")).to_be_visible()
    asked = dict(parse_qsl(urlsplit(explore.page.url).query))
    assert asked["stops"] == f"{mine},mudac"
    assert asked["family"] == "attraction"
    assert asked["walk"] != "mine"


def test_quick_moves_all_count_and_the_focus_goes_along(opened: Opened) -> None:
    walks = opened(f"/walks?lang=en&walk=mine&stops={ZIGZAG}")
    walks.page.locator("#rm-up-duomo-sant-andrea").focus()
    click_at_once(walks, *["#rm-up-duomo-sant-andrea"] * 2, "#rm-remove-mudac")
    walks.wait_for_link(
        walk="mine", stops="palazzo-rosso,duomo-sant-andrea,piazza-alberica,casa-repetti"
    )
    expect(walks.page.locator(".rm-stops li")).to_have_count(4)
    assert line(walks) == listed(walks)
    assert focused(walks) == "rm-up-duomo-sant-andrea"


def test_own_walk_is_ordered_shortened_and_passed_on(opened: Opened) -> None:
    walks = opened(f"/walks?lang=en&walk=mine&stops={ZIGZAG}&{START}")
    before = minutes_walked(walks)
    walks.page.locator("#rm-order").click()
    expect(walks.page.get_by_text("This is the shortest order found.")).to_be_visible()
    assert minutes_walked(walks) < before
    walks.page.locator("#rm-when summary").click()
    walks.page.locator("#rm-budget").focus()
    walks.page.locator("#rm-budget").select_option("45")
    left_out = walks.page.locator(".rm-left li")
    expect(left_out.first).to_contain_text("no time left")
    assert focused(walks) == "rm-budget"
    walks.page.locator("#rm-doors").select_option("open")
    expect(walks.page.locator(".rm-left")).to_contain_text("closed for good")
    kept, gone = listed(walks), left_out.count()
    assert len(kept) + gone == 5
    walks.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject('no'); }")
    walks.page.locator("#rm-share").click()
    address = walks.page.locator("#rm-shared input").input_value()
    other = opened()
    other.go(address)
    assert (listed(other), line(other)) == (kept, line(walks))
    assert other.page.locator(".rm-left li").count() == gone


def test_walk_is_copied_where_the_browser_allows_it(opened: Opened) -> None:
    walks = opened("/walks?lang=en&walk=carrara-medievale")
    walks.page.evaluate("() => { navigator.clipboard.writeText = async (it) => { copied = it; }; }")
    walks.page.locator("#rm-share").click()
    expect(walks.page.locator("#rm-shared")).to_have_text("Link copied.")
    assert walks.page.evaluate("window.copied").endswith("/walks?lang=en&walk=carrara-medievale")


def test_turning_to_other_pages_leaves_nothing_stale(opened: Opened) -> None:
    place = "ponte-delle-lacrime"
    walks = opened(f"/walks?lang=en&walk=carrara-medievale&place={place}")
    pages = walks.page.locator(".st-key-pages")
    pages.get_by_text("Explore").click()
    walks.wait_for_details(place)
    walks.ready()
    assert line(walks) == []
    pages.get_by_text("Events").click()
    walks.wait_for_status("events")
    walks.ready()
    assert (line(walks), marked(walks)) == ([], None)
    pages.get_by_text("Walks").click()
    walks.wait_for_status("Stop 3 of 9")
    walks.ready()
    assert line(walks)[:4] == MEDIEVAL
    assert marked(walks) == place
    assert walks.errors == []


def test_walk_can_be_walked_with_the_keyboard_alone(opened: Opened) -> None:
    walks = opened("/walks?lang=en")
    keyboard = walks.page.keyboard
    walks.page.locator(".rm-skip").focus()
    for key in ("Enter", "Tab", "Enter"):
        keyboard.press(key)
    walks.wait_for_status("The medieval core: 9 stops")
    assert focused(walks) == "rm-title"
    for _ in range(2):
        keyboard.press("Tab")
    for number in (1, 2):
        keyboard.press("Enter")
        walks.wait_for_status(f"Stop {number} of 9")
        assert focused(walks) == "rm-next"


def test_numbers_on_the_map_never_cover_each_other(opened: Opened) -> None:
    walks = opened(
        f"/walks?walk=mine&stops={ZIGZAG},casa-pelliccia,fontana-del-gigante,via-dell-arancio"
    )
    for zoom in (14, 16, 18):
        walks.on_map(f"view.map.setZoom({zoom}, {{animate: false}})")
        nearest = walks.on_map(
            """(() => {
                const at = [...view.route.badges.values()];
                const apart = (a) => (b) => Math.hypot(a.x - b.x, a.y - b.y);
                return Math.min(...at.flatMap((a, i) => at.slice(i + 1).map(apart(a))));
            })()"""
        )
        assert nearest >= 24


def test_phone_has_room_for_a_thumb_and_for_large_text(opened: Opened, carrara: str) -> None:
    walks = opened("/walks", width=360, height=800, touch=True)
    for path in (
        "/walks",
        f"/walks?walk=mine&stops={ZIGZAG}&place=teatro-animosi",
        "/walks?walk=sapori-e-botteghe&place=farmacia-biso",
    ):
        walks.go(carrara + path)
        walks.page.evaluate(
            "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
        )
        targets = walks.page.locator(".rm-visit :is(button, a, input, select, summary)").all()
        boxes = [box for each in targets if (box := each.bounding_box())]
        assert len(boxes) > 5
        assert min(min(box["height"], box["width"]) for box in boxes) >= 44
        assert width_needed(walks.page) <= 360
        walks.page.add_style_tag(content="html { font-size: 200% !important; }")
        assert width_needed(walks.page) <= 360


def test_status_names_what_was_done_to_a_stop(opened: Opened) -> None:
    walks = opened("/walks?lang=it&walk=mine&stops=mudac,palazzo-rosso,piazza-alberica")
    walks.page.locator("#rm-down-mudac").click()
    walks.wait_for_status("mudaC – Museo delle Arti Carrara: ora è la tappa 2 di 3")
    walks.page.locator("#rm-remove-mudac").click()
    walks.wait_for_status("Hai tolto mudaC")
    walks.page.locator("#rm-add").fill("mudaC – Museo delle Arti Carrara")
    walks.page.locator("#rm-add-button").click()
    walks.wait_for_status("Hai aggiunto mudaC – Museo delle Arti Carrara: tappa 3 di 3")
    walks.page.locator("#rm-next").click()
    walks.wait_for_status("Tappa 1 di 3")
    assert "mudaC" not in walks.status


def test_back_to_all_walks_covers_what_is_scrolled_past(opened: Opened) -> None:
    walks = opened("/walks?walk=carrara-medievale")
    walks.page.locator(".rm-stops").hover()
    walks.page.mouse.wheel(0, 400)
    walks.page.wait_for_function(
        "() => document.querySelector('.rm-title').getBoundingClientRect().top < 0"
    )
    above = """() => {
        const back = document.querySelector('.rm-back').getBoundingClientRect();
        const there = document.elementFromPoint(back.left + 40, back.top - 2);
        return there.closest('.rm-body') === null && back.top > 0;
    }"""
    assert walks.page.evaluate(above)
