"""The head of every page: title, pages, language, our style sheet."""

from __future__ import annotations

import importlib.resources

import streamlit as st

from regen_map.messages import LANGUAGES
from regen_map.ui.pages import PAGES, STAFF, page_script
from regen_map.ui.town import Town, change, end_preview, remember_links
from regen_map.ui.view import to_params

_STYLE = (importlib.resources.files(__package__) / "assets" / "page.css").read_text("utf-8")


def show_masthead(town: Town, *, beside_map: bool = True) -> None:
    """
    Draw the name of the town, links to the other pages and the language switch.

    Parameters
    ----------
    town
        What this run started from; links keep its view.
    beside_map
        Whether the page has a map, which the first link skips.
    """
    words = town.words
    remember_links(town.view)
    st.html(f"<style>{_STYLE}</style>")
    skip = words.text("masthead.skip" if beside_map else "masthead.skip_to_content")
    st.html(f'<a class="rm-skip" href="#rm-list">{skip}</a>')
    with st.container(key="masthead", horizontal=True, vertical_alignment="center", gap="small"):
        city = town.catalogue.city.name(town.view.language)
        st.title(words.text("masthead.title", city=city), anchor=False, width="content")
        with st.container(key="pages", horizontal=True, gap="small", width="content"):
            for page in PAGES:
                st.page_link(
                    page_script(page),
                    label=words.text(f"page.{page}"),
                    query_params=to_params(town.view),
                    width="content",
                )
        st.session_state["language"] = town.view.language
        st.segmented_control(
            words.text("masthead.language"),
            LANGUAGES,
            key="language",
            format_func=str.upper,
            on_change=_language_changed,
            required=True,
            label_visibility="collapsed",
            width="content",
        )
    if town.preview:
        _show_preview_banner(town)


def _show_preview_banner(town: Town) -> None:
    words = town.words
    with st.container(key="preview-banner", horizontal=True, vertical_alignment="center"):
        st.html(f"<p>{words.text('preview.told')}</p>", width="content")
        params = to_params(town.view)
        st.page_link(page_script(STAFF), label=words.text("preview.back"), query_params=params)
        st.button(words.text("preview.end"), on_click=end_preview)


def _language_changed() -> None:
    chosen = st.session_state["language"]
    if chosen in LANGUAGES:
        change(language=chosen)
