"""Projects: the planner's desk beside the map, with filters, totals, charts and files."""

import streamlit as st

from regen_map.ui.masthead import show_masthead
from regen_map.ui.panel import show_panel
from regen_map.ui.projects import projects_panel
from regen_map.ui.town import open_town
from regen_map.ui.town_map import show_beside_map


@st.fragment
def desk() -> None:
    """Write the desk; reruns alone, so that the map is never touched."""
    now = open_town()
    show_panel(now, projects_panel(now))


town = open_town()
show_masthead(town)
show_beside_map(town, desk)
