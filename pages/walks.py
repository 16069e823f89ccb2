"""Walks: themed itineraries and the visitor's own, on the map and stop by stop."""

import streamlit as st

from regen_map.ui.masthead import show_masthead
from regen_map.ui.panel import show_panel
from regen_map.ui.town import open_town
from regen_map.ui.town_map import show_beside_map
from regen_map.ui.walks import walks_panel


@st.fragment
def walks() -> None:
    """Write the panel; reruns alone, so that the map is never touched."""
    now = open_town()
    show_panel(now, walks_panel(now))


town = open_town()
show_masthead(town)
show_beside_map(town, walks)
