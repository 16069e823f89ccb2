"""Data desk: the staff bring changes, see what they do, publish them and take them back."""

from regen_map.ui.masthead import show_masthead
from regen_map.ui.staff.page import show_desk
from regen_map.ui.town import open_town

town = open_town()
show_masthead(town, beside_map=False)
show_desk(town)
