"""Events in a real browser: filtered by days, found from the map."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.explore import Explore
from tests.browser.visits import width_needed

SHOWN = "document.querySelector('iframe').contentWindow.regenMap.shown"
FESTIVAL = "#rm-event-evento-con-vivere"


def touch_on_map(events: Explore, key: str) -> None:
    events.page.mouse.click(*events.point_of(key))


def test_days_narrow_list_and_map(opened: Opened) -> None:
    events = opened("/events?lang=en")
    everything = events.n_on_map
    first, last = events.page.locator("#rm-from"), events.page.locator("#rm-to")
    first.fill("2025-09-01")
    last.fill("2025-09-12")
    events.wait_for_link(**{"from": "2025-09-01", "to": "2025-09-12"})
    expect(events.page.locator(FESTIVAL)).to_be_attached()
    events.page.wait_for_function(f"() => {SHOWN} < {everything}")
    events.page.locator("#rm-choice-all").click()
    events.wait_for_link()
    expect(first).to_have_value("")
    expect(last).to_have_value("")
    events.page.wait_for_function(f"() => {SHOWN} === {everything}")


def test_day_can_be_typed_without_losing_the_place_in_it(opened: Opened) -> None:
    events = opened("/events?lang=en", locale="en-US")
    events.page.locator("#rm-from").focus()
    # Slower than the answers: what is half typed must survive them.
    events.page.keyboard.type("09122025", delay=150)
    events.wait_for_link(**{"from": "2025-09-12"})
    assert events.page.locator("#rm-from").input_value() == "2025-09-12"


def test_touching_the_map_brings_its_events_into_view(opened: Opened) -> None:
    events = opened("/events?lang=en")
    touch_on_map(events, "piazza-alberica")
    events.wait_for_status("Piazza Alberica: ")
    festival = events.page.locator(FESTIVAL)
    expect(festival).to_be_in_viewport()
    expect(festival).to_have_attribute("aria-current", "true")
    festival.get_by_text("About this place").click()
    events.wait_for_details("piazza-alberica")
    assert urlsplit(events.page.url).path == "/"
    assert events.errors == []


def test_event_shows_its_place_on_a_phone_where_the_map_was_scrolled_away(opened: Opened) -> None:
    events = opened("/events?lang=en", width=360, height=800, touch=True)
    events.page.locator(f"{FESTIVAL} .rm-place").tap()
    events.wait_for_status("Piazza Alberica: ")
    expect(events.page.locator(".st-key-map")).to_be_in_viewport(ratio=0.5)
    selected = events.on_map("view.state.payload.places.key[view.state.selected]")
    assert cast("str", selected) == "piazza-alberica"


def test_phone_has_room_for_a_thumb_and_for_large_text(opened: Opened) -> None:
    events = opened("/events?lang=it", width=360, height=800, touch=True)
    events.page.evaluate(
        "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
    )
    targets = events.page.locator(".rm-visit :is(button, a, input, summary)").all()
    boxes = [box for each in targets if (box := each.bounding_box())]
    assert min(box["height"] for box in boxes) >= 44
    assert width_needed(events.page) <= 360
    events.page.add_style_tag(content="html { font-size: 200% !important; }")
    assert width_needed(events.page) <= 360


def test_days_that_end_before_they_begin_are_said_to_do_so(opened: Opened) -> None:
    events = opened("/events?lang=it&from=2026-12-10")
    told = events.page.locator("#rm-days-told")
    expect(told).to_have_text("")
    events.page.locator("#rm-to").fill("2026-12-01")
    events.page.locator("#rm-to").blur()
    expect(told).to_have_text("L’ultimo giorno viene prima del primo: scegline un altro.")
    assert "to=" not in events.page.url
    events.page.locator("#rm-to").fill("2026-12-31")
    events.page.locator("#rm-to").blur()
    events.wait_for_link(**{"from": "2026-12-10", "to": "2026-12-31"})
    expect(told).to_have_text("")
