"""Explore: the town on a map, in step with filters, a list and the details of a place."""

import streamlit as st

from regen_map.ui.explorer import show_explorer
from regen_map.ui.masthead import show_masthead
from regen_map.ui.town import open_town
from regen_map.ui.town_map import show_beside_map


@st.fragment
def explore() -> None:
    """Select and show; reruns alone, so that the map is never touched."""
    show_explorer(open_town())


town = open_town()
show_masthead(town)
show_beside_map(town, explore)
