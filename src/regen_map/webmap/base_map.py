"""The base map: the same bytes on every run, so that it is mounted once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from jinja2 import Template

from regen_map.catalogue import City
from regen_map.webmap.assets import frame_link
from regen_map.webmap.tiles import offered_tiles


def _link(name: str, file: str) -> list[tuple[str, str]]:
    return [(name, frame_link(file))]


class TownMap(folium.Map):
    """A Folium map that asks nobody but our own server for its script and style."""

    default_js = _link("leaflet", "leaflet.js")
    default_css = _link("leaflet_css", "leaflet.css")


class PlacesLayer(JSCSSMixin, MacroElement):
    """
    The one element that owns the places in the browser; see ``places_layer.js``.

    Parameters
    ----------
    options
        What the layer must know before any data come; becomes JSON.
    """

    default_js = _link("places_layer", "places_layer.js")
    default_css = _link("map_css", "map.css")

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "window.RegenMap.mount({{ this._parent.get_name() }}, {{ this.options|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Folium's
        self._name = "PlacesLayer"
        self.options = options


def town_map(city: City) -> TownMap:
    """Build a map of a city with nothing on it, as wide as the historic centre at start."""
    minx, miny, maxx, maxy = city.home
    return TownMap(
        location=((miny + maxy) / 2, (minx + maxx) / 2),
        zoom_start=16,
        tiles=None,
        max_zoom=20,
        maxZoom=20,
        minZoom=11,
        attributionControl=True,
    )


def layer_options(city: City) -> dict[str, object]:
    """Give what every layer of ours is told: the extent at start and the backgrounds."""
    tiles = [asdict(each) for each in offered_tiles(city)]
    return {"home": city.home, "tiles": tiles}


def base_map(city: City) -> folium.Map:
    """
    Build the map of a city, without places.

    It must be built anew for each run (Folium maps remember what is added to
    them) and must not depend on anything a visitor does: its script is the
    identity by which the browser decides to keep the map that is already there.

    Parameters
    ----------
    city
        Fixes the view at start and the backgrounds, those that
        `regen_map.webmap.tiles.offered_tiles` allows.

    Returns
    -------
    folium.Map
        In Web Mercator, as Leaflet draws it; location in Folium's lat, lon order.
    """
    drawn = town_map(city)
    PlacesLayer(layer_options(city)).add_to(drawn)
    return drawn
