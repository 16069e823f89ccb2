from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import folium
import pytest

from regen_map.catalogue import City, TileSource
from regen_map.webmap import base_map
from regen_map.webmap.assets import ASSETS, frame_link


@pytest.fixture(autouse=True)
def _no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGEN_MAP_TILES", raising=False)


def page_of(drawn: folium.Map) -> str:
    """Render a whole page, with Folium's random names made equal."""
    page: str = drawn.get_root().render()
    return re.sub(r"_[0-9a-f]{32}", "_name", page)


def options_of(page: str) -> dict[str, Any]:
    found = re.search(r"RegenMap\.mount\(map_name, (\{.*\})\);", page)
    assert found
    options: dict[str, Any] = json.loads(found[1])
    return options


def test_page_is_identical_on_every_build(city: City) -> None:
    assert page_of(base_map(city)) == page_of(base_map(city))


def test_map_asks_only_our_own_server_for_scripts_and_styles(city: City) -> None:
    page = page_of(base_map(city))
    links = re.findall(r"""(?:src|href)\s*=\s*["']([^"']+)""", page)
    assert links == [
        frame_link(name) for name in ("leaflet.js", "leaflet.css", "places_layer.js", "map.css")
    ]
    assert all(link.startswith("../../assets/") for link in links)


def test_map_without_tiles_names_no_other_server(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_TILES", "none")
    page = page_of(base_map(city))
    assert "://" not in page
    assert options_of(page)["tiles"] == []


@pytest.mark.parametrize("setting", ["none", " NONE ", "None"])
def test_setting_switches_the_tiles_off(
    setting: str, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGEN_MAP_TILES", setting)
    assert options_of(page_of(base_map(city)))["tiles"] == []


def test_tiles_are_those_of_the_city(city: City) -> None:
    (tiles,) = options_of(page_of(base_map(city)))["tiles"]
    assert tiles == dataclasses.asdict(city.tiles[0])


def test_map_starts_in_the_middle_of_home(city: City) -> None:
    drawn = base_map(city)
    assert drawn.location == pytest.approx([44.1, 10.1])
    assert options_of(page_of(drawn))["home"] == [10.05, 44.05, 10.15, 44.15]


def test_folium_adds_no_layer_of_its_own(city: City) -> None:
    page = page_of(base_map(city))
    assert "L.tileLayer" not in page
    assert "L.control" not in page


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "'); alert(1); ('", "`${alert(1)}`"]
)
def test_hostile_setting_of_a_city_stays_data(text: str, city: City) -> None:
    tiles = TileSource(id="x", name=text, url="https://tiles.example/{z}", attribution=text)
    page = page_of(base_map(dataclasses.replace(city, tiles=(tiles,))))
    assert options_of(page)["tiles"][0]["name"] == text
    assert "<script>alert" not in page


def test_link_to_an_unknown_file_is_refused() -> None:
    with pytest.raises(KeyError, match="none-such"):
        frame_link("none-such.js")


@pytest.mark.parametrize("name", ["places_layer.js", "map.css"])
def test_our_own_files_name_no_other_server(name: str) -> None:
    text = ASSETS[name].body.content.decode()
    assert set(re.findall(r"https?://[\w.-]+", text)) <= {"http://www.w3.org"}
