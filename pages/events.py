"""Events: festivals and open-studio days, with what is known of their dates, on the map."""

import streamlit as st

from regen_map.ui.events import events_panel
from regen_map.ui.masthead import show_masthead
from regen_map.ui.panel import show_panel
from regen_map.ui.town import open_town
from regen_map.ui.town_map import show_beside_map


@st.fragment
def events() -> None:
    """Write the panel; reruns alone, so that the map is never touched."""
    now = open_town()
    show_panel(now, events_panel(now))


town = open_town()
show_masthead(town)
show_beside_map(town, events)
