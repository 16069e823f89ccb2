"""Explore: the town on a map, in step with filters, a list and the details of a place."""

import streamlit as st

from regen_map.ui.explorer import show_explorer
from regen_map.ui.masthead import show_masthead
from regen_map.ui.town import open_town
from regen_map.ui.town_map import show_map


@st.fragment
def explore() -> None:
    """Select and show; reruns alone, so that the map is never touched."""
    with st.container(key="panel"):
        show_explorer(open_town())


town = open_town()
show_masthead(town, "explore")
with st.container(key="town"):
    map_side, list_side = st.columns([3, 2])
    with map_side:
        show_map(town)
    with list_side:
        explore()
