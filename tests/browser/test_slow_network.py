"""What a visitor can read before the app has arrived, over a slow network or without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.explore import Explore
from tests.pages import MOST_BYTES

Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, carrara: str) -> Iterator[Visit]:
    """Open a page to which no script comes."""
    contexts: list[BrowserContext] = []

    def open_page(path: str = "/", *, scripts: bool = True, **options: object) -> Page:
        context = browser.new_context(
            base_url=carrara,
            **{"locale": "it-IT", "java_script_enabled": scripts, **options},  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.route("**/static/js/**", lambda _route: None)
        page.goto(path, wait_until="commit")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_the_town_can_be_read_before_the_app_has_arrived(visit: Visit) -> None:
    page = visit(viewport={"width": 360, "height": 640})
    page.get_by_role("heading", level=1, name="Carrara si rigenera").wait_for()
    assert page.get_by_text("La rigenerazione urbana di Carrara").is_visible()
    assert page.get_by_text("La mappa si sta caricando").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for link in page.locator(".rm-opening a").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 40


@pytest.mark.parametrize(("locale", "name"), [("it-IT", "Tutti i luoghi"), ("en-GB", "All places")])
def test_the_list_of_places_is_one_touch_away_before_the_app_has_arrived(
    visit: Visit, locale: str, name: str
) -> None:
    page = visit(locale=locale)
    page.get_by_role("link", name=name).click()
    page.get_by_role("heading", level=1).wait_for()
    page.locator("main a[href*='laboratori-artistici-nicoli']").first.click()
    page.get_by_role("heading", level=1, name="Nicoli").wait_for()


@pytest.mark.parametrize("path", ["/", "/about"])
def test_links_of_the_first_text_lead_below_the_root(visit: Visit, path: str) -> None:
    page = visit(path)
    page.locator(".rm-opening a").first.wait_for()
    addresses = page.locator(".rm-opening a").evaluate_all("all => all.map(each => each.pathname)")
    assert addresses == ["/it/luoghi", "/it/itinerari", "/it/eventi", "/it/progetti"]


@pytest.mark.parametrize(
    ("scheme", "ground", "ink"),
    [
        ("light", "rgb(255, 255, 255)", "rgb(34, 38, 43)"),
        ("dark", "rgb(21, 24, 28)", "rgb(244, 241, 234)"),
    ],
)
def test_the_first_text_has_the_colours_of_the_app(
    visit: Visit, scheme: str, ground: str, ink: str
) -> None:
    page = visit(color_scheme=scheme)
    page.get_by_role("heading", level=1).wait_for()
    colours = page.evaluate(
        "[getComputedStyle(document.documentElement).backgroundColor,"
        " getComputedStyle(document.querySelector('h1')).color]"
    )
    assert colours == [ground, ink]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_text_keeps_the_rules_of_accessibility(
    browser: Browser, carrara: str, scheme: str
) -> None:
    context = browser.new_context(locale="it-IT", color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    # Scripts that end at once: the checker of rules waits for the page to be complete.
    page.route("**/static/js/**", lambda route: route.abort())
    page.goto(carrara)
    found = Axe().run(page)
    context.close()
    assert found.response["violations"] == []


def test_without_scripts_the_page_says_so_and_leads_on(visit: Visit) -> None:
    page = visit(scripts=False)
    page.wait_for_load_state("load")
    said = page.locator("noscript p", has_text="Per vedere la mappa serve JavaScript")
    assert said.is_visible()
    assert page.get_by_text("La mappa si sta caricando").is_hidden()
    page.get_by_role("link", name="Tutti i luoghi").click()
    assert page.get_by_role("heading", level=1).is_visible()


def test_the_first_text_stays_as_it_is_until_the_app_has_its_own(
    browser: Browser, carrara: str
) -> None:
    context = browser.new_context(locale="it-IT", viewport={"width": 360, "height": 800})
    page = context.new_page()
    # The app's scripts run, and its server says nothing yet.
    page.route_web_socket("**/_stcore/stream", lambda _socket: None)
    page.goto(f"{carrara}/walks?walk=carrara-medievale", wait_until="commit")
    heading = page.get_by_role("heading", level=1, name="Carrara si rigenera")
    heading.wait_for()
    before = heading.bounding_box()
    page.locator("#root > *").first.wait_for(state="attached")
    page.wait_for_timeout(500)
    assert heading.bounding_box() == before
    link = page.locator(".rm-opening a").first
    assert link.inner_text() == "Il cuore medievale"
    assert Axe().run(page).response["violations"] == []
    link.click()
    page.get_by_role("heading", level=1, name="Il cuore medievale").wait_for()
    context.close()


def test_nothing_of_the_first_text_is_seen_when_the_app_has_started(
    browser: Browser, carrara: str
) -> None:
    context = browser.new_context(locale="it-IT", color_scheme="dark")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda each: said.append(each.text) if each.type == "error" else None)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/static/js/index.*.js", hold, times=1)
    page.goto(carrara, wait_until="commit")
    page.locator(".rm-opening").wait_for()
    held[0].continue_()
    explore = Explore(page)
    explore.ready()
    assert page.locator(".rm-opening").is_hidden()
    assert page.get_by_text("La mappa si sta caricando").is_hidden()
    assert page.get_by_role("heading", level=1).count() == 1
    context.close()
    assert (explore.errors, said) == ([], [])


def test_a_page_of_a_place_needs_nothing_but_itself_and_its_style(visit: Visit) -> None:
    page = visit("/it/luoghi/laboratori-artistici-nicoli")
    page.wait_for_load_state("load")
    assert page.get_by_role("heading", level=1, name="Laboratori Artistici Nicoli").is_visible()
    assert page.get_by_text("Studi di scultura della famiglia Nicoli").first.is_visible()
    assert page.evaluate("performance.getEntriesByType('resource').length") <= 2


def test_a_page_of_a_place_can_be_read_where_everything_takes_long(visit: Visit) -> None:
    page = visit("about:blank")
    network = page.context.new_cdp_session(page)
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    network.send("Network.enable")
    slow = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    network.send("Network.emulateNetworkConditions", {"offline": False, **slow})
    page.goto("/it/luoghi/laboratori-artistici-nicoli", wait_until="networkidle")
    assert page.get_by_role("heading", level=1, name="Laboratori Artistici Nicoli").is_visible()
    assert page.get_by_role("heading", name="Per la visita").is_visible()
    assert len(sizes) >= 2
    assert sum(sizes) <= MOST_BYTES
