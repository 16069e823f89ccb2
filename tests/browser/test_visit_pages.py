"""Pages of walks and events in a real browser: accessibility, narrow screens, no script, print."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gpxpy
import pytest
from ical.calendar_stream import IcsCalendarStream
from playwright.sync_api import FloatRect, Page

from regen_map.catalogue import TABLES
from tests.browser.conftest import DATA, serving
from tests.browser.test_hostile import ATTACKS, hostile_row
from tests.browser.visits import Visit, findings, width_needed

START = "start=2026-11-28T10:00"


def test_town_is_walked_without_any_script(visit: Visit) -> None:
    page = visit("/it/itinerari", java_script_enabled=False)
    page.get_by_role("link", name="Il cuore medievale").click()
    assert page.locator("h1").inner_text() == "Il cuore medievale"
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/en/walks/carrara-medievale")
    with page.expect_download() as track:
        page.get_by_role("link", name="GPX track").click()
    assert track.value.suggested_filename == "carrara-medievale.gpx"
    assert len(gpxpy.parse(track.value.path().read_text("utf-8")).routes[0].points) == 9
    page.locator(".stops a").first.click()
    assert page.url.endswith("/en/places/palazzo-delle-logge")
    page.get_by_role("link", name="Events").click()
    page.locator("summary").first.click()
    assert page.locator("details[open] a").first.is_visible()
    with page.expect_download() as days:
        page.get_by_role("link", name="(.ics)").first.click()
    assert days.value.suggested_filename == "en-events.ics"
    text = days.value.path().read_bytes().decode()
    assert IcsCalendarStream.calendar_from_ics(text).events


def box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return found


def test_sketch_stays_beside_the_stops_and_above_them_on_a_phone(visit: Visit) -> None:
    wide = visit("/it/itinerari/carrara-medievale")
    sketch, stops = box(wide, ".sketch"), box(wide, ".stops")
    assert sketch["x"] >= stops["x"] + stops["width"]
    wide.locator(".stops > li").last.scroll_into_view_if_needed()
    assert 0 <= box(wide, ".sketch")["y"] < 100
    phone = visit("/it/itinerari/carrara-medievale", width=360, height=800)
    sketch, stops = box(phone, ".sketch"), box(phone, ".stops")
    assert sketch["y"] + sketch["height"] <= stops["y"]
    assert sketch["width"] == pytest.approx(328, abs=1)


def test_way_is_a_line_and_letters_of_the_sketch_can_be_read(visit: Visit) -> None:
    page = visit("/it/itinerari/carrara-medievale", width=360, height=800)
    style = page.locator(".way").evaluate(
        "way => { const style = getComputedStyle(way);"
        " return [style.fill, style.stroke, style.strokeDasharray]; }"
    )
    assert style == ["none", "rgb(31, 78, 107)", "6px, 4px"]
    heights = page.locator(".sketch .streets text").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().height)"
    )
    assert len(heights) > 3
    assert min(heights) > 9


def test_number_of_a_stop_is_shown_beside_it(visit: Visit) -> None:
    page = visit("/it/itinerari/carrara-medievale")
    shown = "item => getComputedStyle(item, '::before').content"
    assert page.locator(".stops > li").first.evaluate(shown) == "counter(list-item)"
    assert page.locator(".stops > li").first.get_attribute("value") == "1"


def test_buttons_stand_in_a_row_and_are_large_enough(visit: Visit) -> None:
    for width in (1440, 360):
        page = visit("/en/walks/carrara-medievale", width=width, height=800)
        links = page.locator(".action, .masthead a")
        assert links.count() > 5
        for each in links.all():
            found = each.bounding_box()
            assert found is not None
            assert 44 <= found["height"] < 60, each.inner_text()


def test_pages_are_small_files(visit: Visit) -> None:
    for path in ("/en/walks/carrara-medievale", "/it/eventi"):
        page = visit(path)
        entries = page.evaluate(
            "['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))"
            ".map((each) => [each.name, each.transferSize])"
        )
        names = [name.rpartition("/")[2] for name, _ in entries]
        assert names == [path.rpartition("/")[2], "pages.css"]
        assert 0 < sum(size for _, size in entries) < 50_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_printed_walk_is_one_column_with_its_address_for_cameras(visit: Visit, scheme: str) -> None:
    page = visit(f"/en/walks/carrara-medievale?{START}", color_scheme=scheme)
    with page.expect_response("**/en/walks/carrara-medievale/qr.svg?start=*") as found:
        page.pdf()
    assert found.value.ok
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]  # a literal
    for hidden in (".masthead nav", ".action", ".skip"):
        assert not page.locator(hidden).first.is_visible()
    assert page.locator(".printed img").is_visible()
    sketch, stops = box(page, ".sketch"), box(page, ".stops")
    assert sketch["y"] + sketch["height"] <= stops["y"]
    assert page.locator(".stops time").first.is_visible()
    text = "getComputedStyle(document.body).color"
    assert page.evaluate(text) == "rgb(34, 38, 43)"


def test_printed_events_show_their_sources(visit: Visit) -> None:
    page = visit("/en/events")
    page.emulate_media(media="print")
    assert not page.locator("summary").first.is_visible()
    source = page.locator(".sources a").first
    assert source.is_visible()
    assert box(page, ".sources a")["height"] > 0


def test_walk_opens_in_the_app_as_it_is(visit: Visit) -> None:
    page = visit(f"/en/walks/carrara-medievale?{START}")
    page.get_by_role("link", name="Open on the interactive map").click()
    page.get_by_role("heading", name="The medieval core").first.wait_for(timeout=20_000)
    assert "walk=carrara-medievale" in page.url
    assert "start=2026-11-28" in page.url


# ---------------------------------------------------------------- hostile texts


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve walks and events whose every text attacks the page."""
    folder = tmp_path_factory.mktemp("hostile_visits")
    for name in ("city.toml", "vocabularies.csv"):
        shutil.copy(DATA / name, folder)
    tables: dict[str, list[dict[str, str]]] = {
        each: [] for each in ("workshops", "itineraries", "stops", "events")
    }
    for position, (name, attack) in enumerate(ATTACKS.items()):
        texts = {f"{each}_{language}": attack for language in ("it", "en") for each in TEXTS}
        tables["workshops"].append(hostile_row("workshops", name, attack, position))
        tables["itineraries"].append({**texts, "id": name, "theme": "marble"})
        tables["stops"] += [
            {**texts, "itinerary_id": name, "order": str(order), "place_id": place}
            for order, place in enumerate([name, "script"] if name != "script" else [name], 1)
        ]
        sourced = {"sources": "https://example.org/", "source_dates": "2025", "place_id": name}
        tables["events"].append({**texts, **sourced, "id": name, "start": "2024-05-01"})
    for name, rows in tables.items():
        write(folder / f"{name}.csv", name, rows)
    with serving(folder, "--tiles", "none") as address:
        yield address


TEXTS = ("name", "summary", "text", "note", "recurrence")


def write(path: Path, table: str, rows: list[dict[str, Any]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, TABLES[table].names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8")


@pytest.mark.parametrize(
    "path", ["/it/itinerari", "/en/events", *(f"/it/itinerari/{each}" for each in ATTACKS)]
)
def test_hostile_texts_stay_texts_and_fit(visit: Visit, hostile: str, path: str) -> None:
    page = visit(path, server=hostile, width=360, height=800)
    assert page.evaluate("[window.hacked, window.top.hacked]") == [None, None]
    assert width_needed(page) <= 360
    assert page.locator("main *[onclick], main *[onerror], main *[onload]").count() == 0
    assert page.locator("main img").count() == 0
    assert page.locator("h3, .walks h2").count() > 0
    assert findings(page) == []
