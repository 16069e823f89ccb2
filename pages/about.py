"""About: what the map holds, where it comes from, under which terms."""

from regen_map.ui.about import show_about
from regen_map.ui.masthead import show_masthead
from regen_map.ui.town import open_town

town = open_town()
show_masthead(town, beside_map=False)
show_about(town)
