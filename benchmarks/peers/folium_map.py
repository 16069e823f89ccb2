"""A Folium map whose scripts and styles come from the page's own server."""

from typing import Any

import folium

from benchmarks.peers.page import CENTRE, ZOOM

# Seen from the map's frame, /component/<name>/index.html.
LIBRARIES = "../../libraries"
# Leaflet guesses where its icons are from its style sheet, and guesses wrong inside streamlit-folium.
ICON_FOLDER = f"data:text/javascript,L.Icon.Default.imagePath='{LIBRARIES}/leaflet/dist/images/'"


class LocalMap(folium.Map):
    """A map without tiles that loads only Leaflet, and jQuery for the pop-ups.

    Folium's own list (Bootstrap, Font Awesome, ...) is left out, to the advantage of the compared pages.
    """

    default_js = [
        ("leaflet", f"{LIBRARIES}/leaflet/dist/leaflet.js"),
        ("jquery", f"{LIBRARIES}/jquery/dist/jquery.min.js"),
        ("icons", ICON_FOLDER),
    ]
    default_css = [("leaflet_css", f"{LIBRARIES}/leaflet/dist/leaflet.css")]


def new_map(**options: Any) -> LocalMap:
    """Return an empty map over the town.

    Parameters
    ----------
    **options
        Passed on to `folium.Map`.
    """
    return LocalMap(location=CENTRE, zoom_start=ZOOM, tiles=None, maxZoom=18, **options)
