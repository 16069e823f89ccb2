"""The page script: which pages there are; Streamlit runs it for every visit."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from regen_map.ui.pages import PAGES, page_script
from regen_map.ui.town import open_town

_ICON = Path(__file__).parent / "assets" / "favicon.svg"


def run() -> None:
    """Set the page up and run the one that the address names."""
    town = open_town()
    words = town.words
    city = town.catalogue.city.name(town.view.language)
    st.set_page_config(
        page_title=words.text("masthead.page_title", city=city),
        page_icon=str(_ICON),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    pages = [
        st.Page(page_script(name), title=words.text(f"page.{name}"), default=name == PAGES[0])
        for name in PAGES
    ]
    st.navigation(pages, position="hidden").run()


if __name__ == "__main__":
    run()
