"""Backgrounds from another server: asked for only where the city offers them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import DATA, Opened, serving

OSM = "https://tile.openstreetmap.org/"


@pytest.fixture(scope="module")
def with_tiles() -> Iterator[str]:
    """Serve the shipped catalogue with its backgrounds."""
    with serving(DATA) as address:
        yield address


def test_unreachable_background_is_told_quietly_and_the_map_works(
    opened: Opened, with_tiles: str
) -> None:
    explore = opened(server=with_tiles, tiles=OSM)
    explore.frame.locator(".map-notice", has_text="Lo sfondo non è raggiungibile").wait_for()
    assert explore.errors == []
    key = explore.lone_place()
    explore.page.mouse.click(*explore.point_of(key))
    explore.wait_for_details(key)


def test_background_is_credited_and_can_be_switched_off(opened: Opened, with_tiles: str) -> None:
    explore = opened(server=with_tiles, tiles=OSM, height=1000)
    credit = explore.frame.locator(".leaflet-control-attribution")
    assert "OpenStreetMap" in credit.inner_text()
    explore.frame.locator(".map-legend summary").click()
    explore.frame.get_by_label("Nessuno, solo i nomi").check()
    assert "OpenStreetMap" not in credit.inner_text()
    assert explore.on_map("Boolean(view.background.layer)") is False


def test_no_background_is_offered_without_sources(opened: Opened) -> None:
    explore = opened(height=1000)
    assert explore.frame.locator(".map-legend fieldset").count() == 0
