"""The head of every page: title, language, our style sheet."""

from __future__ import annotations

import importlib.resources

import streamlit as st

from regen_map.messages import LANGUAGES, translator
from regen_map.ui.town import Town, change

_STYLE = (importlib.resources.files(__package__) / "assets" / "page.css").read_text("utf-8")


def show_masthead(town: Town) -> None:
    """Draw the name of the town and the language switch."""
    st.html(f"<style>{_STYLE}</style>")
    with st.container(
        key="masthead", horizontal=True, vertical_alignment="center", gap="small"
    ):
        city = town.catalogue.city.name(town.view.language)
        st.header(town.words.text("masthead.title", city=city), anchor=False, width="content")
        st.session_state["language"] = town.view.language
        st.segmented_control(
            town.words.text("masthead.language"),
            LANGUAGES,
            key="language",
            format_func=_own_name,
            on_change=_language_changed,
            required=True,
            label_visibility="collapsed",
            width="content",
        )


def _own_name(language: str) -> str:
    return translator(language).text("language.name")


def _language_changed() -> None:
    chosen = st.session_state["language"]
    if chosen in LANGUAGES:
        change(language=chosen)
