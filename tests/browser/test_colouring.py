"""The map coloured by phase, delay or amount, in a real browser: on the canvas, in the legend."""

from __future__ import annotations

from typing import cast
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.explore import Explore
from tests.browser.test_accessibility import findings

ALL = "Mostrati 55 progetti su 55"
WORKS = "rgb(201, 116, 0)"
WORKS_DARK = "rgb(217, 114, 8)"

_HEX = """(() => {
    const canvas = view.canvas._container;
    const ratio = view.canvas.ratio;
    const { min } = view.canvas._bounds;
    const at = view.state.payload.places.key.indexOf(%r);
    const point = view.project(at);
    const left = Math.round((point.x - min.x - 12) * ratio);
    const top = Math.round((point.y - min.y - 12) * ratio);
    const side = Math.round(24 * ratio);
    const { data } = canvas.getContext("2d").getImageData(left, top, side, side);
    const found = new Set();
    for (let each = 0; each < data.length; each += 4) {
        const [red, green, blue] = data.slice(each, each + 3);
        const parts = [red, green, blue].map((part) => part.toString(16).padStart(2, "0"));
        found.add("#" + parts.join(""));
    }
    return [...found];
})()"""


def colours_at(desk: Explore, key: str) -> list[str]:
    """Give the colours that are painted around a place."""
    return cast("list[str]", desk.on_map(_HEX % key))


def colour_by(desk: Explore, by: str) -> None:
    """Choose what the colours tell, and wait until they do."""
    desk.page.locator("#rm-colour").select_option(by)
    wait_until(desk, "!!view.state.colouring" if by else "!view.state.colouring")


def wait_until(desk: Explore, expression: str) -> None:
    desk.frame.wait_for_function(
        f"(() => {{ const view = window.regenMap; return {expression}; }})()"
    )


def asked(desk: Explore) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(desk.page.url).query))


def legend(desk: Explore) -> list[str]:
    """Give the lines of the classes, as they are told."""
    return desk.frame.locator(".map-classes li").all_inner_texts()


def counted(desk: Explore) -> int:
    """Give how many places the legend counts in all."""
    places = desk.frame.locator(".map-classes small").all_text_contents()
    return sum(int(each.split()[0]) for each in places)


def lone_coloured_place(desk: Explore) -> str:
    """Give a place that is drawn by itself, and is solid."""
    return cast(
        "str",
        desk.on_map(
            """(() => {
                const { groups, features, state } = view;
                const at = groups.size.findIndex((size, group) => {
                    const index = groups.first[group];
                    return size === 1 && !features.hollow(index);
                });
                return state.payload.places.key[groups.first[at]];
            })()"""
        ),
    )


def class_of(desk: Explore, key: str) -> dict[str, str]:
    """Give the class of a place as the legend tells it."""
    return cast(
        "dict[str, str]",
        desk.on_map(f"view.shade(view.state.payload.places.key.indexOf({key!r}))"),
    )


def test_colours_change_on_the_canvas_and_the_map_stays(opened: Opened) -> None:
    desk = opened("/projects?lang=it", width=1440, height=900)
    desk.wait_for_status(ALL)
    key = lone_coloured_place(desk)
    usual = colours_at(desk, key)
    view, shown = desk.view, desk.n_on_map
    desk.frame.evaluate("window.stays = true")
    colour_by(desk, "phase")
    colour = class_of(desk, key)["colour"]
    assert colour not in usual
    assert colour in colours_at(desk, key)
    assert asked(desk)["p.colour"] == "phase"
    colour_by(desk, "")
    assert set(colours_at(desk, key)) == set(usual)
    assert "p.colour" not in asked(desk)
    assert desk.frame.evaluate("window.stays") is True
    assert (desk.view, desk.n_on_map) == (view, shown)
    assert desk.errors == []


@pytest.mark.parametrize(
    ("by", "lang", "told"),
    [
        ("phase", "it", ["A Programmato", "D Lavori in corso"]),
        ("phase", "en", ["A Planned", "D Works under way"]),
        ("delay", "en", ["C 7 to 12 months", "? Not known or not measurable"]),
        ("amount", "it", ["A Meno di 100.000 €", "? Importo assegnato non noto"]),
        ("amount", "en", ["D €5,000,000 or more", "? Amount allocated not known"]),
    ],
)
def test_link_reproduces_colours_and_legend(
    by: str, lang: str, told: list[str], opened: Opened
) -> None:
    desk = opened(f"/projects?lang={lang}&p.colour={by}", width=1440, height=900)
    wait_until(desk, "!!view.state.colouring")
    expect(desk.page.locator("#rm-colour")).to_have_value(by)
    expect(desk.frame.locator(".map-classes")).to_be_visible()
    lines = [" ".join(each.split()) for each in legend(desk)]
    assert all(any(line.startswith(each) for line in lines) for each in told), lines
    assert counted(desk) == desk.n_on_map
    desk.frame.locator(".map-reading > summary").click()
    expect(desk.frame.locator(".map-reading p")).to_be_visible()
    assert desk.frame.locator(".map-reading li").count() == 5
    assert desk.errors == []


def test_selection_recolours_and_recounts(opened: Opened) -> None:
    desk = opened("/projects?lang=it&p.colour=phase", width=1440, height=900)
    desk.wait_for_status(ALL)
    assert counted(desk) == desk.n_on_map
    desk.page.locator("#rm-filters > summary").click()
    desk.page.locator('[id="rm-box-p.phase-works"]').check()
    desk.wait_for_status("Mostrati 11 progetti")
    wait_until(desk, "view.shown < 20")
    assert counted(desk) == desk.n_on_map
    (works,) = (each for each in legend(desk) if each.split()[-2] != "0")
    assert "Lavori in corso" in works


def test_classes_have_signs_and_groups_have_neither_sign_nor_colour(opened: Opened) -> None:
    desk = opened("/projects?lang=it&p.colour=phase", width=360, height=800)
    wait_until(desk, "!!view.state.colouring")
    neutral = desk.on_map("view.symbols.neutral().colour")
    grouped = desk.on_map(
        """(() => {
            const group = view.groups.size.findIndex((size) => size > 1);
            return view.state.payload.places.key[view.groups.first[group]];
        })()"""
    )
    families = desk.on_map("view.state.payload.families.map(({ colour }) => colour)")
    painted = colours_at(desk, grouped)
    assert neutral in painted
    assert not set(families) & set(painted)
    assert (
        desk.on_map("[...new Set(view.state.colouring.legend.map(({ mark }) => mark))].length") == 8
    )


def test_night_has_its_own_colours(opened: Opened) -> None:
    desk = opened("/projects?lang=it&p.colour=phase", width=1440, height=900, scheme="dark")
    wait_until(desk, "!!view.state.colouring")
    key = lone_coloured_place(desk)
    look = class_of(desk, key)
    assert look["colourDark"] in colours_at(desk, key)
    assert look["colour"] not in colours_at(desk, key)
    sample = desk.frame.locator(".class-sample").nth(3)
    expect(sample).to_have_css("background-color", WORKS_DARK)
    desk.page.emulate_media(color_scheme="light")
    expect(sample).to_have_css("background-color", WORKS)
    wait_until(desk, "!view.state.dark")
    assert look["colour"] in colours_at(desk, key)


def test_no_other_page_shows_a_colouring(opened: Opened, carrara: str) -> None:
    desk = opened("/projects?lang=it&p.colour=delay", width=1440, height=900)
    wait_until(desk, "!!view.state.colouring")
    for page, there in (
        ("Itinerari", ".rm-cards"),
        ("Eventi", ".rm-visit .rm-title"),
        ("Esplora", ".rm-list li"),
    ):
        desk.page.locator(".st-key-pages a", has_text=page).click()
        desk.page.locator(there).first.wait_for()
        desk.ready()
        wait_until(desk, "!view.state.colouring && !!view.state.payload")
        assert desk.frame.locator(".map-classes").count() == 0
    desk.page.locator(".st-key-pages a", has_text="Progetti").click()
    desk.page.locator("#rm-colour").wait_for()
    desk.ready()
    wait_until(desk, "!!view.state.colouring")
    desk.go(f"{carrara}/?lang=it&p.colour=delay")
    assert not desk.on_map("view.state.colouring")
    assert desk.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_legend_is_worked_by_keyboard_and_breaks_no_rule(opened: Opened, scheme: str) -> None:
    desk = opened("/projects?lang=en&p.colour=amount", width=1440, height=900, scheme=scheme)
    wait_until(desk, "!!view.state.colouring")
    expect(desk.frame.locator(".map-classes")).to_have_attribute(
        "aria-label", "Legend: money allocated"
    )
    assert findings(desk.frame) == []
    summary = desk.frame.locator(".map-legend > summary")
    summary.focus()
    desk.page.keyboard.press("Enter")
    expect(desk.frame.locator(".map-classes")).to_be_hidden()
    desk.page.keyboard.press("Enter")
    expect(desk.frame.locator(".map-classes")).to_be_visible()
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    expect(desk.frame.locator(".map-reading p")).to_be_visible()
    expect(desk.frame.locator(".map-reading > summary")).to_be_focused()
    assert findings(desk.frame) == []


def test_legend_keeps_focus_and_openness_while_the_selection_changes(opened: Opened) -> None:
    desk = opened("/projects?lang=en&p.colour=phase", width=1440, height=900)
    wait_until(desk, "!!view.state.colouring")
    summary = desk.frame.locator(".map-legend > summary")
    desk.frame.locator(".map-reading > summary").click()
    summary.focus()
    desk.page.evaluate(
        """() => {
            const box = document.querySelector("#rm-colour");
            box.value = "delay";
            box.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    expect(summary).to_have_text("Legend: delay of the projects")
    assert desk.frame.evaluate("document.activeElement.matches('.map-legend > summary')")
    expect(desk.frame.locator(".map-reading")).to_have_attribute("open", "")


def test_place_under_the_pointer_and_step_by_step_tells_its_class(opened: Opened) -> None:
    desk = opened("/projects?lang=en&p.colour=phase", width=1440, height=900)
    wait_until(desk, "!!view.state.colouring")
    key = desk.lone_place()
    desk.page.mouse.move(*desk.point_of(key))
    expect(desk.frame.locator(".places-tooltip")).to_contain_text(class_of(desk, key)["label"])
    desk.frame.locator(".places-stepper").focus()
    desk.page.keyboard.press("ArrowRight")
    labels = desk.on_map("view.state.colouring.legend.map(({ label }) => label)")
    told = desk.frame.locator(".places-told").text_content() or ""
    assert any(f", {each} (" in told for each in labels), told


def test_phone_shows_the_map_first_and_the_legend_at_a_touch(opened: Opened) -> None:
    desk = opened("/projects?lang=it&p.colour=delay", width=360, height=800, touch=True)
    wait_until(desk, "!!view.state.colouring")
    expect(desk.frame.locator(".map-classes")).to_be_hidden()
    expect(desk.frame.locator(".map-legend > summary")).to_contain_text("ritardo")
    desk.frame.locator(".map-legend > summary").tap()
    expect(desk.frame.locator(".map-classes")).to_be_visible()
    assert desk.on_map("document.documentElement.scrollWidth") <= 360
    heights = desk.frame.locator(".map-legend summary").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 43.5
