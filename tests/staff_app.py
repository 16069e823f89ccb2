"""The app opened at the data desk, as a link to it does."""

import streamlit as st

from regen_map.ui.pages import PAGES, page_script
from regen_map.ui.town import open_town

_NAMES = tuple(dict.fromkeys(("staff", *PAGES)))
_PAGES = {name: st.Page(page_script(name), title=name, default=name == "staff") for name in _NAMES}
_page = st.navigation(list(_PAGES.values()), position="hidden")
open_town(next(name for name, each in _PAGES.items() if each is _page))
_page.run()
