"""The map as a widget of the page."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from regen_map.ui.town import Town
from regen_map.webmap import base_map

_HEIGHT_PX = 600


def show_map(town: Town) -> None:
    """
    Draw the base map.

    It does not depend on the view, so it is mounted once: which places are
    visible and which is selected reaches it in the browser, from the explorer.
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
