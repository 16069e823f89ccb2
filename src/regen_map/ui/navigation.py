"""The page script: which pages there are; Streamlit runs it for every visit."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from regen_map.ui.town import open_town


def pages_folder() -> Path:
    """Find the pages: beside ``src`` in a checkout, inside the package when installed."""
    packaged = Path(__file__).parents[1] / "_pages"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "pages"


def run() -> None:
    """Set the page up and run the one that the address names."""
    town = open_town()
    words, folder = town.words, pages_folder()
    city = town.catalogue.city.name(town.view.language)
    st.set_page_config(
        page_title=words.text("masthead.page_title", city=city),
        page_icon=":material/map:",
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    page = st.navigation(
        [
            st.Page(folder / "explore.py", title=words.text("page.explore"), default=True),
            st.Page(folder / "about.py", title=words.text("page.about"), url_path="about"),
        ],
        position="hidden",
    )
    page.run()


if __name__ == "__main__":
    run()
