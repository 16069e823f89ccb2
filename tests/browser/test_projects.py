"""The planner's desk in a real browser: filtered, drawn upon, read on a phone, printed."""

from __future__ import annotations

from typing import cast
from urllib.parse import parse_qsl, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.explore import Explore
from tests.browser.visits import Visit, findings, width_needed

ALL = "Mostrati 55 progetti su 55"


def open_filters(desk: Explore) -> None:
    desk.page.locator("#rm-filters > summary").click()


def box(facet: str, option: str) -> str:
    return f'[id="rm-box-p.{facet}-{option}"]'


def listed(desk: Explore) -> int:
    return desk.page.locator(".rm-project").count()


def asked(desk: Explore) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(desk.page.url).query))


def area(desk: Explore) -> list[list[float]] | None:
    """Give the ring that the map draws."""
    return cast("list[list[float]] | None", desk.on_map("view.drawing.area?.ring ?? null"))


def click_all(desk: Explore, selector: str) -> None:
    """Click faster than any answer can come."""
    desk.page.evaluate(
        "each => document.querySelectorAll(each).forEach((one) => one.click())", selector
    )


def tap_map(desk: Explore, *points: tuple[int, int]) -> None:
    frame = desk.page.locator(".st-key-map iframe").bounding_box()
    assert frame is not None
    for x, y in points:
        desk.page.mouse.click(frame["x"] + x, frame["y"] + y)


def test_filters_narrow_list_map_totals_and_address(opened: Opened) -> None:
    desk = opened("/projects?lang=it")
    desk.wait_for_status(ALL)
    before = desk.n_on_map
    view = desk.view
    open_filters(desk)
    desk.page.locator(box("phase", "works")).check()
    desk.wait_for_status("Mostrati 11 progetti su 55 · 3 senza posizione")
    desk.page.wait_for_function("() => document.querySelectorAll('.rm-project').length === 11")
    assert 0 < desk.n_on_map < before
    assert desk.view == view
    desk.wait_for_link(**{"lang": "it", "p.phase": "works"})
    expect(desk.page.locator("#rm-filters")).to_have_attribute("open", "")
    desk.page.locator(".rm-chip").first.click()
    desk.wait_for_status(ALL)
    expect(desk.page.locator(box("phase", "works"))).not_to_be_checked()
    desk.page.go_back()
    desk.wait_for_status("Mostrati 11 progetti")
    expect(desk.page.locator(box("phase", "works"))).to_be_checked()
    assert desk.errors == []


def test_quick_clicks_all_count(opened: Opened) -> None:
    desk = opened("/projects?lang=it")
    desk.wait_for_status(ALL)
    phases = desk.page.locator('input[data-toggle="p.phase"]').count()
    click_all(desk, 'input[data-toggle="p.phase"]')
    desk.page.wait_for_function(
        "n => document.querySelectorAll('.rm-chip:not(.rm-all)').length === n", arg=phases
    )
    click_all(desk, ".rm-chip:not(.rm-all)")
    expect(desk.page.locator(".rm-chip")).to_have_count(0)
    desk.wait_for_link(lang="it")
    assert desk.page.locator("input[data-toggle]:checked").count() == 0


def test_text_that_is_being_typed_survives_an_answer(opened: Opened) -> None:
    desk = opened("/projects?lang=it")
    desk.wait_for_status(ALL)
    desk.page.locator("#rm-q").press_sequentially("bibl")
    desk.page.evaluate(f"document.querySelector('{box('phase', 'works')}').click()")
    desk.wait_for_status("Mostrati 11 progetti")
    expect(desk.page.locator("#rm-q")).to_have_value("bibl")
    expect(desk.page.locator("#rm-q")).to_be_focused()
    desk.page.keyboard.type("ioteca")
    desk.page.keyboard.press("Enter")
    desk.wait_for_link(**{"lang": "it", "p.q": "biblioteca", "p.phase": "works"})


def test_ranges_are_asked_for_when_they_are_whole(opened: Opened) -> None:
    desk = opened("/projects?lang=it")
    open_filters(desk)
    desk.page.locator("#rm-min").fill("1000000")
    desk.page.locator("#rm-min").press("Enter")
    assert desk.page.locator("#rm-max").get_attribute("min") == "1000000"
    desk.wait_for_link(**{"lang": "it", "p.min": "1000000"})
    desk.page.locator("#rm-max").fill("5")
    desk.page.locator("#rm-max").press("Enter")
    desk.page.locator('[id="rm-first-p.start"]').fill("2018")
    desk.page.locator('[id="rm-first-p.start"]').press("Enter")
    desk.wait_for_link(**{"lang": "it", "p.min": "1000000", "p.start": "2018-9999"})
    desk.page.locator('[id="rm-last-p.start"]').fill("2024")
    desk.page.locator('[id="rm-last-p.start"]').press("Enter")
    desk.wait_for_link(**{"lang": "it", "p.min": "1000000", "p.start": "2018-2024"})


def test_row_selects_its_place_and_a_place_shows_its_row(opened: Opened) -> None:
    desk = opened("/projects?lang=it")
    desk.wait_for_status(ALL)
    desk.page.locator("#rm-project-palazzo-rosso button").click()
    desk.page.locator("#rm-project-palazzo-rosso.rm-here").wait_for()
    assert desk.on_map("view.state.payload.places.key[view.state.selected]") == "palazzo-rosso"
    assert asked(desk)["place"] == "palazzo-rosso"
    desk.on_map("view.select(view.state.payload.places.key.indexOf('palazzo-pisani'))")
    desk.page.locator("#rm-project-palazzo-pisani.rm-here").wait_for()
    expect(desk.page.locator("#rm-project-palazzo-pisani")).to_be_in_viewport()
    assert desk.errors == []


def test_record_opens_from_its_row_and_leads_back_to_it(opened: Opened) -> None:
    desk = opened("/projects?lang=en&p.rows=100")
    row = desk.page.locator("#rm-project-palazzo-pisani a")
    row.click()
    desk.wait_for_link(lang="en", project="palazzo-pisani", **{"p.rows": "100"})
    stages = desk.page.locator(".rm-record .stages > li")
    expect(stages.nth(1)).to_contain_text("In design")
    expect(desk.page.locator(".rm-title")).to_be_focused()
    assert desk.on_map("view.state.payload.places.key[view.state.selected]") == "palazzo-pisani"
    n_shown = desk.n_on_map
    desk.page.locator("#rm-back").click()
    expect(row).to_be_in_viewport()
    expect(row).to_be_focused()
    assert desk.n_on_map == n_shown
    desk.page.go_back()
    expect(stages.nth(1)).to_contain_text("In design")
    assert desk.errors == []


def test_slider_of_days_shows_the_town_as_it_was_known(opened: Opened) -> None:
    desk = opened("/projects?lang=en")
    desk.wait_for_status("Showing 55 projects of 55")
    desk.page.locator("#rm-then > summary").click()
    slider = desk.page.locator("#rm-slide")
    slider.focus()
    slider.press("Home")
    earliest = slider.get_attribute("data-days").split(",")[0]  # type: ignore[union-attr]
    expect(desk.page.locator("#rm-asof")).to_have_value(earliest)
    desk.wait_for_link(lang="en", **{"p.asof": earliest})
    desk.page.locator("#rm-shown", has_text="1 project of 1").wait_for()
    assert desk.on_map("view.state.colouring.legend.length") > 0
    expect(slider).to_be_focused()
    slider.press("End")
    desk.wait_for_link(lang="en")
    desk.wait_for_status("Showing 55 projects of 55")
    assert desk.on_map("view.state.colouring") is None
    assert desk.errors == []


def test_a_day_that_is_typed_gives_list_map_and_files_of_that_day(opened: Opened) -> None:
    desk = opened("/projects?lang=en")
    desk.page.locator("#rm-then > summary").click()
    desk.page.locator("#rm-asof").fill("2022-06-01")
    desk.wait_for_link(lang="en", **{"p.asof": "2022-06-01"})
    desk.page.locator("#rm-shown", has_text="40 projects of 40").wait_for()
    files = desk.page.locator("a[download]").evaluate_all("each => each.map((one) => one.href)")
    assert files
    assert all("p.asof=2022-06-01" in each for each in files)
    desk.page.locator("#rm-today").click()
    desk.wait_for_status("Showing 55 projects of 55")
    expect(desk.page.locator("#rm-asof")).not_to_have_value("2022-06-01")


@pytest.mark.parametrize(
    ("tab", "part", "told"),
    [
        ("changes", ".rm-summary", "Since"),
        ("context", "#rm-context-method", "How this is reckoned"),
        ("quality", ".rm-chart .rm-total summary", "Comune di Carrara"),
    ],
)
def test_what_changed_lies_around_and_is_missing_is_fetched_for_the_selection(
    tab: str, part: str, told: str, opened: Opened, carrara: str
) -> None:
    desk = opened("/projects?lang=en&p.phase=works")
    desk.page.locator(f"#rm-tab-{tab}").click()
    expect(desk.page.locator(part).first).to_contain_text(told)
    desk.wait_for_link(lang="en", desk=tab, **{"p.phase": "works"})
    for each in desk.page.locator(".rm-chart a[download]").all():
        address = each.get_attribute("href") or ""
        assert "p.phase=works" in address
        assert desk.page.request.get(f"{carrara}/{address}").ok
    assert desk.errors == []


def test_since_when_is_chosen_and_kept_in_the_link(opened: Opened) -> None:
    desk = opened("/projects?lang=en&desk=changes")
    desk.page.locator('.rm-since [data-set^="p.since="]').first.click()
    chosen = desk.page.locator('.rm-since [aria-current="true"]')
    expect(chosen).to_contain_text("month")
    desk.page.wait_for_url("**p.since=*")
    summary = desk.page.locator(".rm-summary").text_content()
    desk.page.reload()
    expect(desk.page.locator(".rm-summary")).to_have_text(summary or "")


def test_chart_is_saved_as_a_picture(opened: Opened) -> None:
    desk = opened("/projects?lang=it&desk=phases")
    with desk.page.expect_download() as saved:
        desk.page.locator("a[data-png]").click()
    assert saved.value.suggested_filename == "phases.png"
    with Image.open(saved.value.path()) as picture:
        assert picture.format == "PNG"
        assert picture.width >= 1440
        colours = picture.convert("RGB").getcolors(maxcolors=2**24)
    assert colours is not None
    assert len(colours) > 10
    assert desk.errors == []


def test_more_rows_come_at_a_wish(opened: Opened) -> None:
    desk = opened("/projects?lang=it")
    desk.wait_for_status(ALL)
    assert listed(desk) == 50
    desk.page.locator("#rm-more").click()
    desk.page.wait_for_function("() => document.querySelectorAll('.rm-project').length === 55")
    assert asked(desk)["p.rows"] == "100"


def test_charts_are_drawn_for_the_selection_and_said_in_words(opened: Opened) -> None:
    desk = opened("/projects?lang=en&p.phase=works")
    for tab, n_charts in (
        ("phases", 1),
        ("timeline", 1),
        ("money", 2),
        ("delays", 1),
        ("reuse", 1),
    ):
        desk.page.locator(f"#rm-tab-{tab}").click()
        charts = desk.page.locator(f"#rm-chart-{tab} .rm-figure img")
        expect(charts).to_have_count(n_charts)
        for each in charts.all():
            expect(each).to_have_js_property("complete", value=True)
            assert each.evaluate("image => image.naturalWidth") > 0
        assert all(each.get_attribute("alt") for each in charts.all())
        expect(desk.page.locator(f"#rm-tab-{tab}")).to_have_attribute("aria-current", "page")
    open_filters(desk)
    before = desk.page.locator(".rm-figure figcaption p").first.text_content()
    desk.page.locator("#rm-table-quarters > summary").click()
    desk.page.locator(box("phase", "completed")).check()
    desk.page.wait_for_function(
        "before => document.querySelector('.rm-figure figcaption p').textContent !== before",
        arg=before,
    )
    expect(desk.page.locator("#rm-table-quarters")).to_have_attribute("open", "")
    desk.page.go_back()
    desk.page.wait_for_function(
        "before => document.querySelector('.rm-figure figcaption p').textContent === before",
        arg=before,
    )
    assert desk.errors == []


def test_nearness_to_a_place_or_street_is_asked_for_by_keyboard(opened: Opened) -> None:
    desk = opened("/projects?lang=it")
    desk.wait_for_status(ALL)
    open_filters(desk)
    near = desk.page.locator("#rm-near")
    near.fill("palazzo rosso")
    near.press("Enter")
    desk.wait_for_link(**{"lang": "it", "p.near": "palazzo-rosso", "p.within": "300"})
    expect(near).to_have_value("Palazzo Rosso")
    assert desk.on_map("view.drawing.area.metres") == 300
    desk.page.locator("#rm-within").select_option("1000")
    desk.wait_for_link(**{"lang": "it", "p.near": "palazzo-rosso", "p.within": "1000"})
    near.fill("Via Grazzano")
    near.press("Enter")
    desk.wait_for_link(**{"lang": "it", "p.near": "Via Grazzano", "p.within": "1000"})
    near.fill("zzzz")
    near.press("Enter")
    expect(desk.page.locator("#rm-near-told")).to_have_text(
        "Nessun luogo e nessuna via ha questo nome."
    )
    near.fill("")
    near.press("Enter")
    desk.wait_for_link(lang="it")


def test_area_is_drawn_on_the_map_and_taken_away(opened: Opened) -> None:
    desk = opened("/projects?lang=it", width=1440, height=900)
    desk.wait_for_status(ALL)
    desk.frame.locator(".map-draw").click()
    expect(desk.frame.locator(".map-drawing [role=status]")).to_contain_text("angoli")
    tap_map(desk, (200, 200), (450, 200), (450, 450), (200, 450))
    assert desk.on_map("view.drawing.corners.length") == 4
    desk.page.keyboard.press("Enter")
    desk.page.locator(".rm-chip", has_text="area disegnata").wait_for()
    ring = area(desk)
    assert ring is not None
    assert len(ring) == 4
    assert len(asked(desk)["p.area"].split(";")) == 4
    expect(desk.frame.locator(".map-draw.draw")).to_be_focused()
    assert not desk.on_map("view.drawing.active")
    assert desk.on_map("view.state.selected") == -1
    desk.page.locator(".rm-chip").first.click()
    desk.wait_for_status(ALL)
    assert area(desk) is None
    assert desk.errors == []


def test_drawing_ends_by_escape_double_touch_or_button(opened: Opened) -> None:
    desk = opened("/projects?lang=it", width=1440, height=900)
    desk.wait_for_status(ALL)
    desk.frame.locator(".map-draw").click()
    tap_map(desk, (200, 200), (450, 200))
    desk.frame.locator(".map-draw.done").click()
    assert desk.on_map("view.drawing.active")
    desk.page.keyboard.press("Escape")
    assert not desk.on_map("view.drawing.active")
    assert asked(desk) == {"lang": "it"}
    zoom = desk.view[0]
    desk.frame.locator(".map-draw").click()
    tap_map(desk, (200, 200), (450, 200), (450, 450))
    frame = desk.page.locator(".st-key-map iframe").bounding_box()
    assert frame is not None
    desk.page.mouse.dblclick(frame["x"] + 200, frame["y"] + 450)
    desk.page.locator(".rm-chip", has_text="area disegnata").wait_for()
    assert len(asked(desk)["p.area"].split(";")) == 4
    assert desk.view[0] == zoom
    desk.frame.locator(".map-draw").click()
    tap_map(desk, (220, 220), (430, 220), (430, 430))
    desk.frame.locator(".map-draw.done").click()
    desk.page.wait_for_function(
        "() => new URLSearchParams(location.search).get('p.area').split(';').length === 3"
    )


def test_areas_are_drawn_on_this_page_only(opened: Opened, carrara: str) -> None:
    desk = opened("/projects?lang=it&p.area=10.09,44.07;10.11,44.07;10.1,44.09")
    assert area(desk) is not None
    desk.page.locator(".st-key-pages a", has_text="Itinerari").click()
    desk.page.locator(".rm-cards").wait_for()
    expect(desk.frame.locator(".map-draw")).to_have_count(0)
    assert area(desk) is None
    desk.go(f"{carrara}/?lang=it")
    expect(desk.frame.locator(".map-draw")).to_have_count(0)


def test_everything_is_reached_on_a_phone(opened: Opened) -> None:
    desk = opened("/projects?lang=it", width=360, height=800, touch=True)
    desk.wait_for_status(ALL)
    open_filters(desk)
    desk.page.locator(box("phase", "works")).tap()
    desk.wait_for_status("Mostrati 11 progetti")
    desk.page.locator("#rm-filters > summary").tap()
    desk.page.locator("#rm-total-1 > summary").tap()
    expect(desk.page.locator("#rm-total-1 li").first).to_be_visible()
    desk.page.locator("#rm-tab-timeline").tap()
    desk.page.locator("#rm-table-timeline > summary").tap()
    table = desk.page.locator("#rm-table-timeline .rm-scrolled")
    expect(table).to_be_visible()
    assert table.evaluate("box => box.scrollWidth > box.clientWidth")
    assert width_needed(desk.page) <= 360
    assert desk.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 360
    assert "width=360" in desk.page.locator(".rm-figure img").evaluate("one => one.currentSrc")
    small = desk.page.evaluate(
        """[...document.querySelectorAll('.rm-body :is(button, select, summary, a[class])')]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
        .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert small == []
    desk.page.locator("#rm-tab-list").tap()
    desk.page.locator("#rm-project-palazzo-rosso button").tap()
    expect(desk.page.locator(".st-key-map")).to_be_in_viewport()
    assert desk.errors == []


def test_report_is_read_without_scripts_at_any_width_and_printed(visit: Visit) -> None:
    for width in (360, 1440):
        page = visit(
            "/it/progetti?p.phase=works", width=width, height=800, java_script_enabled=False
        )
        expect(page.locator(".report ol > li")).to_have_count(11)
        expect(page.locator("svg.chart")).to_have_count(6)
    page = visit("/en/projects?p.phase=works", width=360, height=800)
    assert width_needed(page) <= 360
    assert findings(page) == []
    page.emulate_media(media="print")
    expect(page.locator(".screen").first).to_be_hidden()
    expect(page.locator("svg.chart").first).to_be_visible()
