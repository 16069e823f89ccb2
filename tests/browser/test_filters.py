"""Filters answer at once, whatever the order of clicks and answers, with or without the server."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Request, Route, expect

from regen_map.catalogue import TABLES
from tests.browser.conftest import DATA, Opened, serving
from tests.browser.explore import Explore
from tests.browser.visits import width_needed

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
    everything = explore.status
    with deaf_server(explore):
        quickly(explore, family("workshop"), family("attraction"), family("workshop"))
        while len(asked) < 3:
            explore.page.wait_for_timeout(20)
        asked[2].continue_()
        explore.page.wait_for_function(
            "before => document.querySelector('.rm-status').textContent !== before",
            arg=everything,
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


# ---------------------------------------------------------------- open or not

SATURDAY = "2026-11-28T10:00"
HOURS = {
    "always": "24/7",
    "saturday": "Sa 09:30-12:30",
    "monday": "Mo 09:30-12:30",
    "never": "off",
    "silent": "",
    "silent-too": "",
}


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve six workshops; of two nobody knows the hours."""
    folder = tmp_path_factory.mktemp("street")
    for name in ("city.toml", "vocabularies.csv"):
        shutil.copy(DATA / name, folder)
    with (folder / "workshops.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, TABLES["workshops"].names)
        writer.writeheader()
        for position, (key, hours) in enumerate(HOURS.items()):
            writer.writerow(
                {
                    "id": key,
                    "name_it": f"Bottega {key}",
                    "name_en": f"Workshop {key}",
                    "kind": "gallery" if position % 2 else "artist_studio",
                    "lat": str(44.0775 + 0.0008 * position),
                    "lon": "10.0985",
                    "position_accuracy_m": "10",
                    "opening_hours": hours,
                    "sources": "https://example.org/",
                    "source_dates": "2026",
                }
            )
    with serving(folder, "--tiles", "none") as address:
        yield address


def moment(explore: Explore) -> Locator:
    return explore.page.locator(".rm-moment input")


WORDS = {
    "it": (
        "Aperto sab 28 nov, 10:00",
        "Mostrati 2 luoghi su 6 · di altri 2 non si conoscono gli orari",
        "Mostrati 6 luoghi su 6",
    ),
    "en": (
        "Open Sat, 28 Nov, 10:00",
        "Showing 2 of 6 places · opening hours of 2 others not known",
        "Showing 6 of 6 places",
    ),
}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", sorted(WORDS))
def test_what_is_open_at_a_moment_is_shown_told_and_in_the_link(
    opened: Opened, street: str, language: str, width: int
) -> None:
    chip, shown, everything = WORDS[language]
    explore = opened(f"/?lang={language}", server=street, width=width, touch=width == 360)
    # The chip leaves out this year only.
    explore.page.clock.set_fixed_time("2026-06-01T12:00:00Z")
    explore.open_filters()
    moment(explore).fill(SATURDAY)
    explore.wait_for_link(open=SATURDAY)
    explore.wait_for_status(shown)
    assert explore.chips == [chip]
    assert explore.n_on_map == 2
    assert [text.split()[1] for text in explore.page.locator(".rm-name").all_text_contents()] == [
        "always",
        "saturday",
    ]
    box = moment(explore).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert width_needed(explore.page) <= width
    explore.chip(chip).click()
    explore.wait_for_link()
    expect(moment(explore)).to_have_value("")
    explore.wait_for_status(everything)
    explore.page.go_back()
    explore.wait_for_link(open=SATURDAY)
    explore.wait_for_status(shown)
    expect(moment(explore)).to_have_value(SATURDAY)
    assert explore.errors == []


def test_link_with_a_moment_opens_as_it_was_left(opened: Opened, street: str) -> None:
    explore = opened(f"/?lang=it&open={SATURDAY}&kind=gallery", server=street)
    explore.page.clock.set_fixed_time("2027-06-01T12:00:00Z")
    assert explore.status == "Mostrato 1 luogo su 6 · di un altro non si conoscono gli orari"
    assert explore.chips[0].startswith("Aperto sab 28 nov")
    explore.open_filters()
    expect(moment(explore)).to_have_value(SATURDAY)
    explore.option("kind", "artist_studio").click()
    explore.wait_for_link(open=SATURDAY, kind="artist_studio,gallery")
    explore.wait_for_status("Mostrati 2 luoghi su 6")
    assert explore.chips[0] == "Aperto sab 28 nov 2026, 10:00"


def test_open_now_is_one_touch_and_takes_turns_with_a_moment(opened: Opened, street: str) -> None:
    explore = opened("/?lang=it", server=street, width=360, touch=True)
    now = explore.page.locator(family("now"))
    expect(now).to_have_attribute("aria-pressed", "false")
    now.tap()
    explore.wait_for_link(open="now")
    explore.wait_for_status("Mostrato 1 luogo su 6 · di altri 2 non si conoscono gli orari")
    expect(now).to_have_attribute("aria-pressed", "true")
    assert explore.chips == ["Aperto ora"]
    explore.open_filters()
    moment(explore).fill(SATURDAY)
    explore.wait_for_link(open=SATURDAY)
    expect(now).to_have_attribute("aria-pressed", "false")
    now.tap()
    explore.wait_for_link(open="now")
    expect(moment(explore)).to_have_value("")
    explore.option("kind", "artist_studio").click()
    explore.wait_for_link(open="now", kind="artist_studio")
    explore.wait_for_status("Mostrato 1 luogo su 6 · di un altro non si conoscono gli orari")


def look_away(explore: Explore, *, away: bool) -> None:
    """Do to the page what the browser does when another tab is in front, and when it is not."""
    explore.page.evaluate(
        """(hidden) => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        away,
    )


def test_list_says_quietly_of_which_places_nobody_knows_the_hours(
    opened: Opened, street: str
) -> None:
    explore = opened("/?lang=en", server=street)
    assert explore.page.locator(".rm-meta", has_text="hours not known").count() == 2


@contextmanager
def answered(explore: Explore) -> Iterator[None]:
    """Wait until the page has read the answer, and with it has set its clock again."""
    with explore.page.expect_response(SELECTIONS) as answer:
        yield
    answer.value.finished()
    explore.settle()


def test_page_asks_again_each_minute_while_somebody_looks_at_hours(
    opened: Opened, street: str
) -> None:
    explore = opened("/?lang=it", server=street)
    page = explore.page
    page.clock.install()
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/selections/" in request.url:
            asked.append(request.url)

    page.on("request", note)
    with answered(explore):
        look_away(explore, away=True)
        look_away(explore, away=False)
    with answered(explore):
        page.clock.fast_forward("01:01")
    page.clock.resume()
    assert len(asked) == 2
    page.locator(family("now")).click()
    explore.wait_for_link(open="now")
    explore.wait_for_status("Mostrato 1 luogo su 6")
    explore.settle()
    before = len(asked)
    with answered(explore):
        page.clock.fast_forward("01:01")
    assert len(asked) == before + 1
    look_away(explore, away=True)
    page.clock.fast_forward("10:00")
    explore.settle()
    assert len(asked) == before + 1
    with answered(explore):
        look_away(explore, away=False)
    # A server that does not answer must not pass for one that has no news.
    page.route(SELECTIONS, lambda route: route.abort())
    page.clock.fast_forward("01:01")
    explore.wait_for_status("I luoghi non arrivano")
    page.unroute(SELECTIONS)
    page.clock.fast_forward("01:01")
    explore.wait_for_status("Mostrato 1 luogo su 6")


def test_filters_are_kept_on_the_way_through_other_pages(opened: Opened) -> None:
    explore = opened("/?lang=it")
    explore.choose_family("Botteghe")
    explore.wait_for_link(family="workshop")
    for page, sign in (("Eventi", ".rm-events"), ("Esplora", ".rm-families")):
        explore.page.get_by_role("link", name=page).click()
        explore.page.locator(sign).first.wait_for()
        explore.wait_for_link(family="workshop")
    explore.ready()
    assert explore.chips == ["Botteghe e studi"]
