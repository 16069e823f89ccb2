"""What a visitor does on the Explore page, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened


def test_map_and_list_start_with_everything(opened: Opened) -> None:
    explore = opened()
    n_listed, n_total, n_unlocated = (int(each) for each in re.findall(r"\d+", explore.status))
    assert n_listed == n_total
    assert explore.n_on_map == n_total - n_unlocated
    assert explore.errors == []


def test_filter_changes_map_and_list_without_mounting_the_map_again(opened: Opened) -> None:
    explore = opened()
    explore.on_map("(window.sameFrame = true)")
    explore.on_map("view.map.setView([44.0795, 10.0985], 18, {animate: false})")
    before = explore.view
    all_on_map = explore.n_on_map
    explore.choose_family("Botteghe e studi")
    explore.wait_for_status("Mostrati 56 ")
    assert explore.on_map("window.sameFrame") is True
    assert explore.view == before
    assert 0 < explore.n_on_map < all_on_map
    explore.wait_for_link(family="workshop")


def test_active_filters_are_chips_that_can_be_taken_away_one_by_one(opened: Opened) -> None:
    explore = opened("/?family=workshop&visit=by_appointment")
    assert explore.chip("Su appuntamento").count() == 1
    filtered = explore.status
    explore.chip("Su appuntamento").click()
    explore.chip("Su appuntamento").wait_for(state="detached")
    explore.wait_for_status("Mostrati 56 ")
    assert explore.status != filtered
    explore.wait_for_link(family="workshop")


def test_all_filters_go_away_at_once(opened: Opened) -> None:
    explore = opened("/?family=workshop&q=scultura")
    explore.page.locator(".rm-all").click()
    explore.page.locator(".rm-chip").first.wait_for(state="detached")
    explore.wait_for_link()
    assert explore.search_box.input_value() == ""


def test_filter_panel_counts_what_each_option_would_show(opened: Opened) -> None:
    explore = opened()
    explore.open_filters()
    option = explore.option("phase", "works")
    promised = re.findall(r"\d+", option.inner_text())[0]
    option.click()
    explore.wait_for_status(f"Mostrati {promised} ")
    explore.wait_for_link(phase="works")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("animosi", "Teatro degli Animosi"), ("animosi treatro", "Teatro degli Animosi")],
    ids=["right", "mistyped"],
)
def test_search_answers_while_typing_best_first(opened: Opened, typed: str, found: str) -> None:
    explore = opened()
    explore.search(typed)
    expect(explore.rows.first.locator(".rm-name")).to_have_text(found)


def test_rows_say_when_places_open_if_it_is_known(opened: Opened) -> None:
    explore = opened("/?q=animosi,duomo")
    hours = {
        name: explore.rows.filter(has_text=name).locator(".rm-hours")
        for name in ("Duomo di Sant", "Teatro degli Animosi", "Carrara Cathedral")
    }
    seven_to_seven = re.compile(r"^(Aperto fino alle 19|Apre (domani )?alle 7)$")
    expect(hours["Duomo di Sant"]).to_have_text(seven_to_seven)
    expect(hours["Teatro degli Animosi"]).to_be_hidden()
    explore.on_map("(window.sameFrame = true)")
    explore.page.locator(".st-key-language button", has_text="EN").click()
    seven_to_seven = re.compile(r"^(Open until 19:00|Opens (tomorrow )?at 7:00)$")
    expect(hours["Carrara Cathedral"]).to_have_text(seven_to_seven)
    assert explore.on_map("window.sameFrame") is True


def test_rows_that_are_drawn_keep_up_with_the_hours(opened: Opened) -> None:
    explore = opened("/?q=duomo")
    row = explore.rows.filter(has_text="Duomo di Sant")
    hours = row.locator(".rm-hours")
    told = hours.inner_text()
    hours.evaluate("(node) => { node.textContent = 'Aperto fino alle 3'; }")
    row.click()
    explore.wait_for_details("duomo-sant-andrea")
    expect(hours).to_have_text(told)


def test_nothing_found_says_so(opened: Opened) -> None:
    explore = opened("/?q=zzzzzzzz")
    assert explore.page.locator(".rm-nothing").is_visible()
    assert explore.n_on_map == 0


def test_place_is_selected_from_the_list(opened: Opened) -> None:
    explore = opened("/?q=politeama")
    explore.rows.first.click()
    explore.wait_for_details("politeama-verdi")
    explore.page.wait_for_url("**place=politeama-verdi*")
    assert explore.on_map("view.state.payload.places.key[view.state.selected]") == "politeama-verdi"


def test_place_is_selected_from_the_map(opened: Opened) -> None:
    explore = opened()
    key = explore.lone_place()
    before = explore.view
    explore.page.mouse.click(*explore.point_of(key))
    explore.wait_for_details(key)
    assert explore.view == before
    explore.wait_for_link(place=key)


def test_same_place_can_be_selected_again_after_going_back(opened: Opened) -> None:
    explore = opened()
    key = explore.lone_place()
    for _ in range(2):
        explore.page.mouse.click(*explore.point_of(key))
        explore.wait_for_details(key)
        explore.page.locator(".rm-back").click()
        explore.page.locator(".rm-details").wait_for(state="hidden")


def test_pointing_at_a_row_highlights_its_place(opened: Opened) -> None:
    explore = opened("/?q=politeama")
    explore.rows.first.hover()
    highlighted = "view.state.payload.places.key[view.state.highlighted]"
    assert explore.on_map(highlighted) == "politeama-verdi"
    explore.page.locator(".rm-status").hover()
    assert explore.on_map("view.state.highlighted") == -1


def test_focusing_a_row_highlights_its_place(opened: Opened) -> None:
    explore = opened("/?q=politeama")
    explore.rows.first.focus()
    highlighted = "view.state.payload.places.key[view.state.highlighted]"
    assert explore.on_map(highlighted) == "politeama-verdi"


def test_places_at_one_point_are_listed_and_chosen_by_mouse(opened: Opened) -> None:
    explore = opened("/?q=piazza+alberica")
    explore.on_map("view.map.setView([44.0796, 10.0979], 19, {animate: false})")
    x, y = explore.point_of("piazza-alberica")
    explore.page.mouse.click(x, y)
    choices = explore.frame.locator(".places-chooser button.place")
    choices.first.wait_for()
    assert choices.count() > 1
    choices.last.click()
    explore.page.locator(".rm-title").wait_for()


def test_places_at_one_point_are_listed_and_chosen_by_keyboard(opened: Opened) -> None:
    explore = opened("/?q=piazza+alberica")
    explore.on_map("view.map.setView([44.0796, 10.0979], 19, {animate: false})")
    explore.page.mouse.click(*explore.point_of("piazza-alberica"))
    choices = explore.frame.locator(".places-chooser button.place")
    choices.first.wait_for()
    second = choices.nth(1).locator(".name").text_content()
    explore.page.keyboard.press("ArrowDown")
    explore.page.keyboard.press("Enter")
    explore.page.locator(".rm-title").wait_for()
    assert explore.title == second


def test_every_place_on_the_map_is_reached_with_arrow_keys(opened: Opened) -> None:
    explore = opened("/?family=public_space")
    explore.frame.locator(".places-stepper").focus()
    reached = set()
    for _ in range(explore.n_on_map):
        explore.page.keyboard.press("ArrowRight")
        reached.add(explore.on_map("view.state.highlighted"))
    assert len(reached) == explore.n_on_map
    key = explore.on_map("view.state.payload.places.key[view.state.highlighted]")
    explore.page.keyboard.press("Enter")
    explore.wait_for_details(key)


def test_hidden_place_cannot_be_clicked(opened: Opened) -> None:
    explore = opened()
    key = explore.lone_place()
    point = explore.point_of(key)
    explore.search("zzzzzzzz")
    explore.page.locator(".rm-nothing").wait_for()
    explore.page.mouse.click(*point)
    explore.settle()
    assert explore.page.locator(".rm-details").is_hidden()


def test_language_switch_keeps_everything(opened: Opened) -> None:
    explore = opened("/?q=politeama&place=politeama-verdi")
    explore.on_map("(window.sameFrame = true)")
    before = explore.view
    explore.page.locator(".st-key-language button", has_text="EN").click()
    explore.page.wait_for_function("() => document.documentElement.lang === 'en'")
    explore.page.locator(".rm-back", has_text="Back to the list").wait_for()
    assert explore.on_map("window.sameFrame") is True
    assert explore.view == before
    assert explore.on_map("document.documentElement.lang") == "en"
    for part in ("lang=en", "q=politeama", "place=politeama-verdi"):
        assert part in explore.page.url


@pytest.mark.parametrize(
    ("locale", "language"), [("it-IT", "it"), ("en-GB", "en"), ("de-DE", "en")]
)
def test_first_language_is_the_browsers(opened: Opened, locale: str, language: str) -> None:
    explore = opened(locale=locale)
    assert explore.page.evaluate("document.documentElement.lang") == language


def test_deep_link_restores_the_whole_page(opened: Opened) -> None:
    link = "/?lang=en&q=palazzo&family=attraction&place=palazzo-rosso"
    explore = opened(link)
    explore.wait_for_details("palazzo-rosso")
    assert explore.search_box.input_value() == "palazzo"
    assert explore.chip("Cultural places").count() == 1
    assert explore.page.url.endswith(link)
    explore.page.reload()
    explore.ready()
    explore.wait_for_details("palazzo-rosso")


def test_back_button_undoes_step_by_step(opened: Opened) -> None:
    explore = opened()
    start = explore.status
    explore.choose_family("Botteghe e studi")
    explore.wait_for_status("Mostrati 56 ")
    explore.page.wait_for_url("**family=workshop*")
    explore.rows.first.click()
    explore.page.wait_for_url("**place=*")
    explore.page.go_back()
    explore.page.locator(".rm-details").wait_for(state="hidden")
    explore.wait_for_status("Mostrati 56 ")
    explore.page.go_back()
    explore.wait_for_status(start)
    explore.page.go_forward()
    explore.wait_for_status("Mostrati 56 ")


def test_junk_in_the_address_is_ignored(opened: Opened) -> None:
    junk = "/?lang=xx&family=%3Cscript%3E&years=9-1&place=..%2F..&kind=nope"
    explore = opened(junk)
    numbers = re.findall(r"\d+", explore.status)
    assert numbers[0] == numbers[1]
    assert explore.errors == []


def test_pan_and_zoom_ask_nothing_of_the_server(opened: Opened) -> None:
    explore = opened()
    explore.settle()
    before = explore.received
    box = explore.page.locator("iframe").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    explore.page.mouse.move(x, y)
    explore.page.mouse.wheel(0, -400)
    explore.page.wait_for_timeout(500)
    explore.page.mouse.down()
    explore.page.mouse.move(x + 120, y + 60, steps=6)
    explore.page.mouse.up()
    explore.page.wait_for_timeout(700)
    assert explore.received == before


def test_home_button_goes_back_to_the_first_view(opened: Opened) -> None:
    explore = opened()
    start = explore.view
    explore.on_map("view.map.setView([44.05, 10.06], 14, {animate: false})")
    explore.frame.get_by_role("button", name="Torna al centro storico").click()
    explore.page.wait_for_timeout(600)
    assert explore.view == pytest.approx(start, abs=1e-3)


def test_locate_me_asks_only_on_request_and_fails_quietly(opened: Opened) -> None:
    explore = opened()
    assert explore.frame.locator(".map-notice").is_hidden()
    explore.frame.get_by_role("button", name="Dove sono").click()
    explore.frame.locator(".map-notice", has_text="non è disponibile").wait_for()


def test_details_lead_to_what_is_near(opened: Opened) -> None:
    explore = opened("/?place=palazzo-rosso")
    near = explore.page.locator(".rm-nearby button").first
    key = near.get_attribute("data-select")
    assert key is not None
    near.click()
    explore.wait_for_details(key)


def test_details_have_directions_and_dated_sources(opened: Opened) -> None:
    explore = opened("/?place=palazzo-rosso")
    addresses = [
        link.get_attribute("href") or "" for link in explore.page.locator("a.rm-action").all()
    ]
    assert addresses[0].startswith("geo:44.0789")
    assert addresses[1].startswith("https://www.openstreetmap.org/")
    assert explore.page.locator(".rm-sources li small").count() > 0


def test_long_list_grows_while_scrolling(opened: Opened) -> None:
    explore = opened()
    n_first = explore.rows.count()
    explore.rows.last.scroll_into_view_if_needed()
    explore.page.mouse.move(1100, 600)
    explore.page.mouse.wheel(0, 20_000)
    explore.page.wait_for_function(f"() => document.querySelectorAll('.rm-row').length > {n_first}")


def test_about_page_keeps_the_language(opened: Opened) -> None:
    explore = opened("/?lang=en")
    explore.page.get_by_role("link", name="About").click()
    explore.page.get_by_role("heading", name="What it holds").wait_for()
    assert "lang=en" in explore.page.url
    explore.page.get_by_role("link", name="Explore").click()
    explore.ready()
    assert explore.page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_map_takes_the_colours_of_the_page(opened: Opened, scheme: str) -> None:
    explore = opened(scheme=scheme)
    assert explore.on_map("view.state.dark") is (scheme == "dark")
