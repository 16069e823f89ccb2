"""Search box, filter panel and the chips of what is active."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from regen_map import query
from regen_map.messages import Translator
from regen_map.ui.town import Town, change, current_view, put

_ALWAYS_SHOWN = "family"
_LONG = frozenset({"kind", "quarter", "programme"})


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
        max_chars=200,
        on_change=_text_changed,
    )


def show_filters(town: Town, selection: query.Selection) -> None:
    """Draw the families, and all other facets behind one button."""
    _facet(town, selection, _ALWAYS_SHOWN)
    others = [facet for facet in query.FACETS if facet != _ALWAYS_SHOWN]
    panel = st.popover(
        town.words.text("explore.filters"),
        key="filter-panel",
        on_change="rerun",
        width="stretch",
    )
    if panel.open:
        with panel:
            for facet in others:
                if facet in selection.counts and selection.counts[facet]:
                    _facet(town, selection, facet)
            _years(town)


def show_chips(town: Town) -> None:
    """Draw one chip for each active filter; a touch on it takes the filter away."""
    chips = _chips(town)
    if not chips:
        return
    everything = "*"
    if len(chips) > 1:
        chips[everything] = town.words.text("explore.clear_all")
    st.session_state["chips"] = [each for each in chips if each != everything]
    st.pills(
        town.words.text("explore.active_filters"),
        list(chips),
        key="chips",
        selection_mode="multi",
        format_func=lambda chip: chips[chip],
        on_change=_chip_touched,
        label_visibility="collapsed",
    )


def option_label(town: Town, facet: str, option: str) -> str:
    """Name an option of a facet in the view's language."""
    words, vocabularies = town.words, town.catalogue.vocabularies
    if facet == "programme":
        return _programme_name(town, option)
    if facet in ("stalled", "located") or option == query.UNKNOWN or option == query.TOWN_WIDE:
        return words.text(f"option.{facet}.{option}")
    return vocabularies.label(facet, option, town.view.language)


def _facet(town: Town, selection: query.Selection, facet: str) -> None:
    counts = selection.counts[facet]
    key = f"facet-{facet}"
    st.session_state[key] = [each for each in counts if each in town.view.chosen.get(facet, ())]
    with_count = _labels(town, facet, counts)
    if facet in _LONG:
        st.multiselect(
            _facet_title(town.words, facet),
            list(counts),
            key=key,
            format_func=with_count,
            placeholder=town.words.text("explore.any"),
            on_change=_facet_changed,
            args=(facet,),
        )
    else:
        st.pills(
            _facet_title(town.words, facet),
            list(counts),
            key=key,
            selection_mode="multi",
            format_func=with_count,
            on_change=_facet_changed,
            args=(facet,),
            label_visibility="collapsed" if facet == _ALWAYS_SHOWN else "visible",
        )


def _labels(town: Town, facet: str, counts: dict[str, int]) -> Callable[[str], str]:
    def labelled(option: str) -> str:
        return f"{option_label(town, facet, option)} ({town.words.number(counts[option])})"

    return labelled


def _years(town: Town) -> None:
    span = query.year_range(town.catalogue)
    if span is None or span[0] == span[1]:
        return
    st.session_state["years"] = town.view.years or span
    st.slider(
        town.words.text("facet.years"),
        *span,
        key="years",
        on_change=_years_changed,
        args=(span,),
    )


def _chips(town: Town) -> dict[str, str]:
    view, words = town.view, town.words
    chips = {"text": f"× «{view.text}»"} if view.text else {}
    for facet in query.FACETS:
        for option in view.chosen.get(facet, ()):
            chips[f"{facet}:{option}"] = f"× {option_label(town, facet, option)}"
    if view.years:
        chips["years"] = f"× {words.text('facet.years')} {view.years[0]}–{view.years[1]}"
    return chips


def _facet_title(words: Translator, facet: str) -> str:
    return words.text(f"facet.{facet}")


def _programme_name(town: Town, programme_id: str) -> str:
    programmes = town.catalogue.table("programmes")
    return str(programmes.at[programme_id, f"name_{town.view.language}"])


def _text_changed() -> None:
    change(text=st.session_state["text"].strip())


def _facet_changed(facet: str) -> None:
    put(current_view().choose(facet, tuple(st.session_state[f"facet-{facet}"])))


def _years_changed(span: tuple[int, int]) -> None:
    chosen = tuple(st.session_state["years"])
    change(years=None if chosen == span else chosen)


def _chip_touched() -> None:
    view, kept = current_view(), st.session_state["chips"]
    if "*" in kept:
        put(view.unfiltered())
        return
    for facet, options in view.chosen.items():
        view = view.choose(facet, tuple(each for each in options if f"{facet}:{each}" in kept))
    put(view)
    if "text" not in kept:
        change(text="")
    if "years" not in kept:
        change(years=None)
