"""The search box and the families; the other filters are part of the explorer."""

from __future__ import annotations

import streamlit as st

from regen_map import query
from regen_map.ui.town import Town, change, current_view, put
from regen_map.webmap import facet_labels

_MOST_TEXT = 200


def show_search(town: Town) -> None:
    """Draw the search box; it answers while one types."""
    st.session_state["text"] = town.view.text
    st.text_input(
        town.words.text("explore.search"),
        key="text",
        type="search",
        live=True,
        placeholder=town.words.text("explore.search_example"),
        label_visibility="collapsed",
        max_chars=_MOST_TEXT,
        on_change=_text_changed,
    )


def show_families(town: Town, selection: query.Selection) -> None:
    """Draw one switch for each family, with how many entries it would show."""
    labels = facet_labels(town.catalogue, town.view.language)["family"]
    counts = selection.counts["family"]
    st.session_state["families"] = list(town.view.chosen.get("family", ()))
    st.pills(
        town.words.text("facet.family"),
        list(labels),
        key="families",
        selection_mode="multi",
        format_func=lambda family: f"{labels[family]} ({town.words.number(counts[family])})",
        on_change=_families_changed,
        label_visibility="collapsed",
    )


def _text_changed() -> None:
    change(text=st.session_state["text"].strip())


def _families_changed() -> None:
    put(current_view().choose("family", tuple(st.session_state["families"])))
