"""Explore: the town on a map, in step with a list and the details of a place."""

import streamlit as st

from regen_map import query
from regen_map.ui.explorer import show_explorer
from regen_map.ui.filters import show_families, show_search
from regen_map.ui.masthead import show_masthead
from regen_map.ui.town import open_town
from regen_map.ui.town_map import show_map


@st.fragment
def explore() -> None:
    """Ask, select and show; reruns alone, so that the map is never touched."""
    town = open_town()
    selection = query.select(town.catalogue, town.view.criteria)
    with st.container(key="panel"):
        show_search(town)
        show_families(town, selection)
        show_explorer(town, selection)


town = open_town()
show_masthead(town, "explore")
with st.container(key="town"):
    map_side, list_side = st.columns([3, 2])
    with map_side:
        show_map(town)
    with list_side:
        explore()
