"""The map as a widget of the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit_folium import st_folium

from regen_map.ui.town import Town
from regen_map.webmap import base_map

_HEIGHT_PX = 600


def show_beside_map(town: Town, show: Callable[[], None]) -> None:
    """
    Draw the base map, and a panel beside it; under it where the screen is narrow.

    Parameters
    ----------
    town
        What this run started from.
    show
        Draws the panel; a fragment, so that the map is not touched when it runs again.
    """
    with st.container(key="town"):
        map_side, list_side = st.columns([3, 2])
        with map_side:
            show_map(town)
        with list_side, st.container(key="panel"):
            show()


def show_map(town: Town) -> None:
    """
    Draw the base map.

    It does not depend on the view, so it is mounted once: which places are
    visible and which is selected reaches it in the browser, from the panel.
    Its height is set by the style sheet; the number is for browsers without it.
    """
    with st.container(key="map"):
        st_folium(
            base_map(town.catalogue.city),
            key="town-map",
            height=_HEIGHT_PX,
            use_container_width=True,
            returned_objects=[],
        )
