"""Every kind of page outside the app: accessible in both lights, on a phone, in large letters."""

from __future__ import annotations

import pytest

from tests.browser.visits import Visit, findings, targets_too_low, width_needed

START = "start=2026-11-28T10:00"
PATHS = [
    "/it/luoghi",
    "/it/luoghi/piazza-alberica",
    "/en/places/palazzo-delle-cariatidi",
    "/en/places/laboratori-artistici-nicoli",
    "/it/luoghi/palazzo-rosso",
    "/en/places/none-such",
    "/en/walks",
    "/it/itinerari/carrara-medievale",
    f"/it/itinerari/carrara-medievale?{START}&budget=60&doors=open",
    f"/en/walks/mine?stops=mudac,duomo-sant-andrea,piazza-gramsci&{START}",
    "/it/itinerari/mine",
    "/it/eventi",
    "/en/events/none-such",
    "/en/projects?p.phase=works",
    "/en/projects/palazzo-pisani",
    "/it/progetti/none-such",
    "/it/novita?p.since=2024-01-01",
]


@pytest.mark.parametrize("path", PATHS)
def test_page_is_for_everybody(visit: Visit, path: str) -> None:
    page = visit(path)
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    for summary in page.locator("main summary").all()[:2]:
        summary.click()
    assert findings(page) == []
    assert page.locator("main a").count() > 0
    assert targets_too_low(page) == []
    assert width_needed(page) <= 360
    # As who reads with text twice as large.
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert width_needed(page) <= 360
