"""Filters answer at once, whatever the order of clicks and answers, with or without the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Opened
from tests.browser.explore import Explore

SELECTIONS = "**/data/selections/**"

_HOLD = """() => {
    const { send } = WebSocket.prototype;
    const held = [];
    WebSocket.prototype.send = function (message) { held.push([this, message]); };
    window.letGo = () => {
        WebSocket.prototype.send = send;
        for (const [socket, message] of held) socket.send(message);
    };
}"""


@contextmanager
def deaf_server(explore: Explore) -> Iterator[None]:
    """Keep what the page says to its server; afterwards let the server hear all of it at once."""
    explore.page.evaluate(_HOLD)
    yield
    explore.page.evaluate("window.letGo()")


def quickly(explore: Explore, *selectors: str) -> None:
    """Click faster than any answer can come."""
    explore.page.evaluate(
        """async (selectors) => {
            for (const each of selectors) {
                document.querySelector(each).click();
                await new Promise((next) => setTimeout(next, 15));
            }
        }""",
        list(selectors),
    )


def family(name: str) -> str:
    return f'.rm-family[data-option="{name}"]'


def option(facet: str, name: str) -> str:
    return f'input[data-facet="{facet}"][data-option="{name}"]'


def state(explore: Explore) -> tuple[int, str, list[str], str]:
    """Give what a visitor sees of a selection: map, words, chips, first row."""
    return (
        explore.n_on_map,
        explore.status,
        explore.chips,
        explore.rows.first.text_content() or "",
    )


def test_filter_is_answered_without_the_pages_server(opened: Opened) -> None:
    explore = opened()
    everything = explore.n_on_map
    address = explore.page.url
    with deaf_server(explore):
        explore.choose_family("Botteghe e studi")
        explore.wait_for_status("Mostrati 56 ")
        assert explore.chips == ["Botteghe e studi"]
        assert 0 < explore.n_on_map < everything
        assert explore.rows.first.locator("svg circle").count() == 1
        assert explore.page.url == address
    explore.wait_for_link(family="workshop")
    assert explore.chips == ["Botteghe e studi"]


def test_filter_is_answered_by_the_pages_server_where_data_do_not_come(opened: Opened) -> None:
    explore = opened()
    everything = explore.n_on_map
    explore.page.route(SELECTIONS, lambda route: route.abort())
    explore.choose_family("Botteghe e studi")
    explore.wait_for_status("Mostrati 56 ")
    assert 0 < explore.n_on_map < everything
    explore.wait_for_link(family="workshop")
    explore.search("zzzz")
    explore.page.locator(".rm-nothing").wait_for()
    assert explore.n_on_map == 0
    assert explore.errors == []


@pytest.mark.parametrize("data", ["there", "missing"])
def test_ten_quick_clicks_end_in_the_right_state(opened: Opened, data: str) -> None:
    link = {"family": "public_space,workshop", "phase": "works", "located": "yes"}
    path = "/?" + "&".join(f"{name}={value}" for name, value in link.items())
    expected = state(opened(path))
    explore = opened()
    explore.open_filters()
    if data == "missing":
        explore.page.route(SELECTIONS, lambda route: route.abort())
    quickly(
        explore,
        family("workshop"),
        family("attraction"),
        option("phase", "works"),
        family("public_space"),
        option("phase", "completed"),
        family("attraction"),
        option("located", "no"),
        option("located", "yes"),
        option("located", "no"),
        option("phase", "completed"),
    )
    explore.wait_for_link(**link)
    explore.wait_for_status(expected[1])
    explore.settle()
    assert state(explore) == expected
    assert explore.option("phase", "works").locator("input").is_checked()
    explore.wait_for_link(**link)


def test_filter_switched_on_and_off_at_once_leaves_no_trace(opened: Opened) -> None:
    explore = opened("/?place=palazzo-rosso")
    before = state(explore)
    quickly(explore, *[family("workshop")] * 6)
    explore.settle()
    explore.wait_for_link(place="palazzo-rosso")
    assert state(explore) == before


def test_late_answer_to_an_earlier_filter_changes_nothing(opened: Opened) -> None:
    explore = opened()
    asked: list[Route] = []

    def keep(route: Route) -> None:
        asked.append(route)

    explore.page.route(SELECTIONS, keep)
    with deaf_server(explore):
        quickly(explore, family("workshop"), family("attraction"), family("workshop"))
        while len(asked) < 3:
            explore.page.wait_for_timeout(20)
        asked[2].continue_()
        explore.page.wait_for_function(
            "before => document.querySelector('.rm-status').textContent !== before",
            arg=explore.status,
        )
        right = state(explore)
        for late in asked[:2]:
            late.continue_()
        explore.settle()
        assert state(explore) == right
    assert explore.chips == ["Luoghi della cultura"]
    explore.wait_for_link(family="attraction")
    explore.settle()
    assert state(explore) == right


def test_filter_and_place_asked_for_in_one_breath_are_both_kept(opened: Opened) -> None:
    explore = opened()
    with deaf_server(explore):
        quickly(explore, family("workshop"), family("attraction"))
        explore.wait_for_status("Mostrati 130 ")
        explore.page.evaluate(
            "dispatchEvent(new CustomEvent('regen-map:select', {detail: {key: 'palazzo-rosso'}}))"
        )
    explore.wait_for_details("palazzo-rosso")
    explore.wait_for_link(family="workshop,attraction", place="palazzo-rosso")
    assert explore.chips == ["Botteghe e studi", "Luoghi della cultura"]


def test_typing_loses_no_letter_while_answers_arrive(opened: Opened) -> None:
    explore = opened()
    answers: list[str] = []
    explore.page.on(
        "response", lambda each: answers.append(each.url) if "/selections/" in each.url else None
    )
    explore.search_box.press_sequentially("politeama verdi", delay=210)
    assert explore.search_box.input_value() == "politeama verdi"
    expect(explore.chip("«politeama verdi»")).to_be_visible()
    explore.wait_for_link(q="politeama verdi")
    explore.settle()
    assert explore.search_box.input_value() == "politeama verdi"
    assert len(answers) > 3
    assert explore.search_box.evaluate("box => box === document.activeElement")


def test_words_still_being_typed_are_kept_when_a_filter_is_touched(opened: Opened) -> None:
    explore = opened()
    explore.search_box.press_sequentially("marmo ")
    explore.choose_family("Botteghe e studi")
    explore.wait_for_link(q="marmo", family="workshop")
    assert explore.chips == ["«marmo»", "Botteghe e studi"]


def test_back_button_takes_back_the_words_too(opened: Opened) -> None:
    explore = opened("/?family=workshop")
    explore.search("marmo")
    explore.wait_for_link(q="marmo", family="workshop")
    explore.page.go_back()
    explore.wait_for_link(family="workshop")
    expect(explore.search_box).to_have_value("")
    explore.choose_family("Luoghi della cultura")
    explore.wait_for_link(family="workshop,attraction")


def test_keyboard_takes_filters_away_one_after_the_other(opened: Opened) -> None:
    explore = opened("/?family=workshop,attraction")
    explore.page.locator(".rm-chip").first.focus()
    for left in (["Luoghi della cultura"], []):
        explore.page.keyboard.press("Enter")
        expect(explore.page.locator(".rm-chip:not(.rm-all)")).to_have_count(len(left))
        assert explore.chips == left
    explore.page.keyboard.press("Enter")
    assert explore.page.locator(".rm-facets").is_visible()


def test_years_of_the_projects_narrow_and_are_a_chip(opened: Opened) -> None:
    explore = opened()
    explore.open_filters()
    before = explore.n_listed
    first = explore.page.locator(".rm-years select").first
    first.select_option("2022")
    chip = explore.chip("2022–")
    chip.wait_for()
    explore.page.wait_for_url("**years=2022-*")
    explore.settle()
    assert 0 < explore.n_listed < before
    chip.click()
    explore.wait_for_link()
    expect(first).to_have_value("")
    explore.wait_for_status(f"Mostrati {before} ")
