"""Pages of places in a real browser: rules of accessibility, narrow screens, no script."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from regen_map.catalogue import TABLES
from tests.browser.conftest import DATA, serving
from tests.browser.test_hostile import ATTACKS, hostile_row
from tests.browser.visits import Visit, findings, width_needed


def test_town_is_read_without_any_script(visit: Visit) -> None:
    page = visit("/it/luoghi", java_script_enabled=False)
    page.get_by_role("link", name="Botteghe e studi").first.click()
    assert page.url.endswith("#family-workshop")
    page.get_by_role("link", name="Laboratori Artistici Nicoli (Studi Nicoli)").first.click()
    assert page.locator("h1").inner_text() == "Laboratori Artistici Nicoli (Studi Nicoli)"
    page.locator(".nearby a").first.click()
    assert page.url.endswith("/it/luoghi/piazza-xxvii-aprile")
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/en/places/piazza-xxvii-aprile")
    page.get_by_role("link", name="All places").click()
    assert page.locator("[aria-current=page]").inner_text() == "All places"


def test_page_leads_into_the_map(visit: Visit) -> None:
    page = visit("/en/places/palazzo-rosso")
    page.get_by_role("link", name="Open on the interactive map").click()
    page.locator(".rm-title").wait_for(timeout=20_000)
    assert page.locator(".rm-title").inner_text() == "Palazzo Rosso"
    assert "place=palazzo-rosso" in page.url


def test_keyboard_skips_to_the_content_and_sees_where_it_is(visit: Visit) -> None:
    page = visit("/en/places/palazzo-rosso")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_page_is_two_small_files(visit: Visit) -> None:
    page = visit("/en/places/palazzo-rosso")
    entries = page.evaluate(
        "['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))"
        ".map((each) => [each.name, each.transferSize])"
    )
    assert [name.rpartition("/")[2] for name, _ in entries] == ["palazzo-rosso", "pages.css"]
    assert 0 < sum(size for _, size in entries) < 50_000


def test_colours_are_those_of_the_app(visit: Visit) -> None:
    for scheme, ground in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(21, 24, 28)")):
        page = visit("/en/places", color_scheme=scheme)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_printed_page_has_no_buttons_and_shows_addresses(visit: Visit) -> None:
    page = visit("/en/places/palazzo-rosso")
    page.emulate_media(media="print")
    assert not page.locator(".masthead nav").is_visible()
    assert not page.locator(".action").first.is_visible()
    assert not page.locator(".share").is_visible()
    content = "getComputedStyle(document.querySelector('.sources a'), '::after').content"
    assert "https://" in page.evaluate(content)


def test_printed_page_ends_with_its_address_for_cameras(visit: Visit) -> None:
    page = visit("/en/places/palazzo-rosso")
    drawn = page.locator(".printed img")
    assert not drawn.is_visible()
    with page.expect_response("**/en/places/palazzo-rosso/qr.svg") as found:
        page.pdf()
    assert found.value.ok
    page.emulate_media(media="print")
    assert drawn.is_visible()


def test_code_is_fetched_only_when_it_is_asked_for(visit: Visit) -> None:
    page = visit("/en/places/palazzo-rosso", width=360, height=800)
    summary = page.locator(".code summary")
    box = summary.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    with page.expect_response("**/qr.svg"):
        summary.click()
    assert page.locator(".code img").is_visible()
    assert findings(page) == []


def test_buttons_of_a_phone_are_large_enough(visit: Visit) -> None:
    page = visit("/it/luoghi/palazzo-rosso", width=360, height=800)
    links = page.locator(".action, .contact, .led, .address, .masthead a")
    assert links.count() > 6
    for each in links.all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= 44, each.inner_text()


# ---------------------------------------------------------------- details in the app


def test_address_of_a_place_is_copied(visit: Visit, carrara: str) -> None:
    page = visit("/?place=palazzo-rosso&lang=en", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click(timeout=20_000)
    page.get_by_text("Link copied.").wait_for()
    address = f"{carrara}/en/places/palazzo-rosso"
    assert page.evaluate("navigator.clipboard.readText()") == address
    letter = page.get_by_role("link", name="Report a mistake").get_attribute("href")
    assert letter is not None
    assert address in unquote(letter)


def test_address_is_selected_where_nothing_may_be_copied(visit: Visit, carrara: str) -> None:
    page = visit("/?place=palazzo-rosso&lang=en")
    button = page.get_by_role("button", name="Copy the link")
    button.wait_for(timeout=20_000)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    button.click()
    page.get_by_text("The link is selected").wait_for()
    field = "document.activeElement"
    chosen = f"{field}.value.slice({field}.selectionStart, {field}.selectionEnd)"
    assert page.evaluate(chosen) == f"{carrara}/en/places/palazzo-rosso"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve workshops whose every text attacks the page."""
    folder = tmp_path_factory.mktemp("hostile")
    for name in ("city.toml", "vocabularies.csv"):
        shutil.copy(DATA / name, folder)
    text = io.StringIO()
    writer = csv.DictWriter(text, TABLES["workshops"].names)
    writer.writeheader()
    for position, (name, attack) in enumerate(ATTACKS.items()):
        writer.writerow(hostile_row("workshops", name, attack, position))
    (Path(folder) / "workshops.csv").write_text(text.getvalue(), "utf-8")
    with serving(Path(folder), "--tiles", "none") as address:
        yield address


@pytest.mark.parametrize("attack", ["", *ATTACKS])
def test_hostile_texts_stay_texts_and_fit(visit: Visit, hostile: str, attack: str) -> None:
    path = f"/it/luoghi/{attack}".rstrip("/")
    page = visit(path, server=hostile, width=360, height=800)
    assert page.evaluate("[window.hacked, window.top.hacked]") == [None, None]
    assert width_needed(page) <= 360
    assert page.locator("main *[onclick], main *[onerror], main *[onload]").count() == 0
    assert page.locator("img:not([src$='/qr.svg'])").count() == 0
    if attack:
        assert page.locator("article h1").count() == 1
        assert findings(page) == []
