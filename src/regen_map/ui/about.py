"""What the catalogue holds, and on what terms."""

from __future__ import annotations

import streamlit as st

from regen_map.ui.pages import STAFF, page_script
from regen_map.ui.town import Town
from regen_map.ui.view import to_params

_COUNTED = (
    "public_spaces",
    "workshops",
    "attractions",
    "projects",
    "funding",
    "milestones",
    "programmes",
    "events",
    "creative_cities",
)


def show_about(town: Town) -> None:
    """Write the page."""
    words, city = town.words, town.catalogue.city
    name = city.name(town.view.language)
    with st.container(key="about"):
        st.html('<div id="rm-list" tabindex="-1"></div>')
        st.header(words.text("about.what_title"), anchor=False)
        st.markdown(words.text("about.what", city=name))
        st.text(city.introduction(town.view.language))
        st.header(words.text("about.honest_title"), anchor=False)
        st.markdown(words.text("about.honest"))
        st.header(words.text("about.holds_title"), anchor=False)
        rows = "\n".join(
            f"| {words.text(f'about.table.{table}')} | "
            f"{words.number(len(town.catalogue.table(table)))} |"
            for table in _COUNTED
        )
        st.markdown(
            f"| {words.text('about.table')} | {words.text('about.rows')} |\n|---|---:|\n{rows}"
        )
        st.markdown(words.text("about.version", version=town.catalogue.version))
        language = town.view.language
        address = f"{language}/{words.text('place_page.path_segment')}"
        st.markdown(f"[{words.text('about.pages')}]({address})")
        st.header(words.text("about.terms_title"), anchor=False)
        st.markdown(words.text("about.terms", licence=f"[{city.licence}]({city.licence_url})"))
        st.header(words.text("about.privacy_title"), anchor=False)
        st.markdown(words.text("about.privacy"))
        st.page_link(
            page_script(STAFF),
            label=words.text("about.staff"),
            query_params=to_params(town.view),
        )
