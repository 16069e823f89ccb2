"""Editing at the data desk in a browser: the map of a position, its fields, and the rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from tests.browser.test_accessibility import findings

_IN_FRAME = "() => window.regenMapPosition && window.regenMapPosition.state"
_AT = """() => {
    const { map, marker } = window.regenMapPosition;
    const { x, y } = map.latLngToContainerPoint(marker.getLatLng());
    return [x, y];
}"""


class Desk:
    """The step of the desk at which rows are edited."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def find(self, text: str, name: str) -> None:
        """Search, and open a row that is found."""
        search = self.page.get_by_role("textbox", name="Cerca un luogo o un progetto")
        search.fill(text)
        search.press("Enter")
        self.page.get_by_role("button", name=name).click()
        self.wait_for_map()

    def wait_for_map(self) -> None:
        self.page.locator(".st-key-editing iframe").wait_for()
        self.page.wait_for_timeout(100)
        self.frame.wait_for_function(_IN_FRAME)

    @property
    def frame(self) -> Frame:
        element = self.page.locator(".st-key-editing iframe").element_handle()
        assert element is not None
        frame = element.content_frame()
        assert frame is not None
        return frame

    def field(self, name: str) -> str:
        return self.page.get_by_role("textbox", name=name, exact=True).input_value()

    def moved(self, action: Callable[[], None]) -> tuple[float, float]:
        """Do something that moves the point; give the degrees that the fields show then."""
        latitude = self.page.get_by_role("textbox", name="Latitudine", exact=True)
        before = latitude.input_value()
        action()
        expect(latitude).not_to_have_value(before)
        lat, lon = float(latitude.input_value()), float(self.field("Longitudine"))
        self.frame.wait_for_function(
            """([lat, lon]) => {
                const { now } = window.regenMapPosition.state;
                return now && Math.abs(now[0] - lat) < 1e-6 && Math.abs(now[1] - lon) < 1e-6;
            }""",
            arg=[lat, lon],
        )
        return lat, lon

    def drag(self, dx: float, dy: float) -> None:
        """Drag the point by so many pixels."""
        frame = self.page.locator(".st-key-editing iframe")
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box
        x, y = self.frame.evaluate(_AT)
        mouse = self.page.mouse
        mouse.move(box["x"] + x, box["y"] + y)
        mouse.down()
        mouse.move(box["x"] + x + dx / 2, box["y"] + y + dy / 2, steps=4)
        mouse.move(box["x"] + x + dx, box["y"] + y + dy, steps=4)
        mouse.up()


Opened: TypeAlias = Callable[..., Desk]


@pytest.fixture
def opened(browser: Browser, carrara: str) -> Iterator[Opened]:
    """Open the desk where rows are edited, in a new context."""
    contexts: list[BrowserContext] = []

    def open_desk(*, width: int = 1280, height: int = 900, scheme: str = "light") -> Desk:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]  # one of Playwright's literals
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        desk = Desk(context.new_page())
        desk.page.goto(f"{carrara}/staff?lang=it")
        step = re.compile("Modifica una riga")
        desk.page.get_by_role("radio", name=step).or_(
            desk.page.get_by_role("button", name=step)
        ).first.click()
        return desk

    yield open_desk
    for context in contexts:
        context.close()


def test_map_and_fields_stay_in_step(opened: Opened) -> None:
    desk = opened()
    desk.find("nicoli", "Laboratori Artistici Nicoli")
    assert desk.frame.evaluate(_IN_FRAME)["now"] == [44.0755, 10.1031]
    desk.frame.evaluate("() => { window.mountedBefore = true; }")
    area = desk.frame.locator(".leaflet-container")

    clicked = desk.moved(lambda: area.click(position={"x": 90, "y": 150}))
    assert clicked[0] > 44.0755
    assert clicked[1] < 10.1031
    # What a finger can tell apart at this zoom.
    assert desk.field("Precisione della posizione") in {"5", "10", "15"}
    assert desk.field("Da dove viene la posizione, in italiano").startswith("Posizione indicata")

    dragged = desk.moved(lambda: desk.drag(120, 60))
    assert dragged[0] < clicked[0]
    assert dragged[1] > clicked[1]

    pin = desk.frame.locator(".position-pin")
    pin.focus()
    north = desk.moved(lambda: pin.press("Shift+ArrowUp"))
    assert north[0] > dragged[0]
    # The same pixel, as far as the map can tell.
    assert north[1] == pytest.approx(dragged[1], abs=1e-5)
    expect(desk.frame.locator(".position-pin")).to_be_focused()

    latitude = desk.page.get_by_role("textbox", name="Latitudine", exact=True)

    latitude.fill("44.0761")
    latitude.press("Tab")
    desk.frame.wait_for_function("() => window.regenMapPosition.state.now[0] === 44.0761")
    assert desk.frame.evaluate("() => window.mountedBefore") is True
    told = desk.frame.evaluate(_IN_FRAME)
    assert told["before"] == [44.0755, 10.1031]
    assert desk.page.get_by_text(told["apart"], exact=True).is_visible()
    assert desk.faults == []


def test_a_row_is_found_changed_and_kept_by_keyboard(opened: Opened) -> None:
    desk = opened(width=360, height=760)
    desk.find("nicoli", "Laboratori Artistici Nicoli")
    mail = desk.page.get_by_role("textbox", name="Posta elettronica", exact=True)
    mail.fill("nessuno")
    mail.press("Tab")
    fault = desk.page.locator(".rm-edit-issues .error")
    expect(fault).to_contain_text("nessuno")
    mail.fill("info@studio.example")
    mail.press("Tab")
    expect(fault).to_have_count(0)
    save = desk.page.get_by_role("button", name="Salva tra le modifiche in preparazione")
    expect(save).to_be_enabled()
    expect(desk.page.locator("[data-test-script-state=running]")).to_have_count(0)
    save.focus()
    save.press("Enter")
    expect(desk.page.get_by_text("non è ancora pubblica")).to_be_visible()
    expect(save).to_be_disabled()
    wide = desk.page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 360
    assert desk.faults == []


def test_money_of_a_project_is_changed_and_taken_away_on_a_phone(opened: Opened) -> None:
    desk = opened(width=360, height=800)
    search = desk.page.get_by_role("textbox", name="Cerca un luogo o un progetto")
    search.fill("palazzo rosso")
    search.press("Enter")
    desk.page.get_by_role("button", name=re.compile("Palazzo Rosso.*– Progetti")).click()
    lines = desk.page.locator(".st-key-editing-related-funding button")
    lines.first.click()
    focused = desk.page.locator(":focus")
    # What was opened is in sight, though the page was at its end.
    expect(focused).to_contain_text("2.000.000 € · Assegnati")
    expect(focused).to_be_in_viewport()
    amount = desk.page.get_by_role("textbox", name="Importo", exact=True)
    amount.fill("2.100.000")
    amount.press("Tab")
    save = desk.page.get_by_role("button", name="Salva tra le modifiche in preparazione")
    expect(save).to_be_enabled()
    save.click()
    expect(focused).to_contain_text("non è ancora pubblica")
    expect(focused).to_be_in_viewport()
    back = desk.page.get_by_role("button", name="Indietro")
    back.click()
    expect(focused).to_have_text("Finanziamenti")
    expect(lines.first).to_contain_text("2.100.000 €")
    n_lines = lines.count()
    lines.nth(1).click()
    expect(focused).to_contain_text("800.000 €")
    desk.page.get_by_text("Togli questa riga").click()
    desk.page.get_by_role("button", name="Togli la riga").click()
    expect(focused).to_have_text("Finanziamenti")
    expect(lines).to_have_count(n_lines - 1)
    assert desk.page.evaluate("() => document.documentElement.scrollWidth") <= 360
    assert desk.faults == []


def in_page(desk: Desk) -> list[str]:
    """Give what breaks a rule, but for the empty box in which Streamlit hangs its lists."""
    return [
        each for each in findings(desk.page.main_frame) if "stFloatingOverlayPortal" not in each
    ]


def in_map(desk: Desk) -> list[str]:
    """Give what breaks a rule in the map, which is part of a page and need not be one."""
    whole = ("landmark-one-main:", "page-has-heading-one:")
    return [each for each in findings(desk.frame) if not each.startswith(whole)]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_editing_breaks_no_rule(opened: Opened, scheme: str, width: int) -> None:
    desk = opened(scheme=scheme, width=width)
    desk.page.get_by_role("button", name="Verifica la posizione").wait_for()
    found = in_page(desk)
    desk.page.get_by_role("button", name="Verifica la posizione").click()
    desk.wait_for_map()
    found += in_page(desk) + in_map(desk)
    desk.page.get_by_role("button", name="Indietro").click()
    desk.find("nicoli", "Laboratori Artistici Nicoli")
    desk.page.get_by_role("textbox", name="Posta elettronica", exact=True).fill("x")
    desk.page.keyboard.press("Tab")
    desk.page.locator(".rm-edit-issues .error").wait_for()
    found += in_page(desk) + in_map(desk)
    assert found == []
