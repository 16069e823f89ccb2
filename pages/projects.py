"""Projects: the planner's desk beside the map, with filters, totals, charts and files."""

import streamlit as st

from regen_map.ui.masthead import show_masthead
from regen_map.ui.projects import show_desk
from regen_map.ui.town import open_town
from regen_map.ui.town_map import show_beside_map


@st.fragment
def desk() -> None:
    """Write the desk; reruns alone, so that the map is never touched."""
    show_desk(open_town())


town = open_town()
show_masthead(town)
show_beside_map(town, desk)
