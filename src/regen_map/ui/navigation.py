"""The page script: which pages there are; Streamlit runs it for every visit."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from regen_map.messages import translator
from regen_map.ui.pages import PAGES, STAFF, page_script
from regen_map.ui.town import asked_language, open_town

_ICON = Path(__file__).parent / "assets" / "favicon.svg"


def run() -> None:
    """Set the page up and run the one that the address names."""
    titles = translator(asked_language())
    pages = {
        name: st.Page(
            page_script(name), title=titles.text(f"page.{name}"), default=name == PAGES[0]
        )
        for name in (*PAGES, STAFF)
    }
    page = st.navigation(list(pages.values()), position="hidden")
    town = open_town(next(name for name, each in pages.items() if each is page))
    city = town.catalogue.city.name(town.view.language)
    st.set_page_config(
        page_title=town.words.text("masthead.page_title", city=city),
        page_icon=str(_ICON),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    page.run()


if __name__ == "__main__":
    run()
