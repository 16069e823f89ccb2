"""What a run of a page starts from: the catalogue in force, the view, the words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from regen_map.catalogue import Catalogue
from regen_map.facts import Wording
from regen_map.messages import LANGUAGES, Translator, best_language, translator
from regen_map.past import Past
from regen_map.query import day_of
from regen_map.store import open_store
from regen_map.ui.view import View, from_params, to_params

PREVIEW = "preview"
"""Under this key of the session lies a catalogue that it alone is shown, in place of the public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """
    One run's catalogue, view and words.

    Attributes
    ----------
    catalogue
        The state of the data in force.
    view
        What the visitor asked for.
    words
        The messages of the view's language.
    now
        The moment of the run, with a time zone: what is told to be open is so then.
    preview
        Whether the catalogue is one that is not published.
    """

    catalogue: Catalogue
    view: View
    words: Translator
    now: dt.datetime
    preview: bool = False

    @property
    def today(self) -> dt.date:
        """The day of the run, in the city's time zone."""
        return day_of(self.now, self.catalogue.city)

    @property
    def wording(self) -> Wording:
        """What is asked of the catalogue in the view's language, today."""
        return Wording(self.catalogue, self.words, self.today)

    @property
    def past(self) -> Past:
        """What was known when."""
        return Past(lambda: self.catalogue, open_store())


def asked_language() -> str:
    """Give the language before a run has opened the town: of the address, else of the session."""
    asked, view = st.query_params.get("lang", ""), st.session_state.get("view")
    if asked in LANGUAGES:
        return asked
    return view.language if view else _own_language()


def present() -> dt.datetime:
    """Read the clock, as nothing else does for a page."""
    return dt.datetime.now(dt.UTC)


def open_town(page: str = "") -> Town:
    """
    Bring catalogue, address and session into step.

    The view in the session is the one truth. An address that differs from the
    last one told comes from a link or from the back button, and is adopted,
    unless a visitor's change started this run: browsers send an address that
    lags behind quick changes, or the masthead's link to another page did, which
    may be older than the last change. A view that differs from its address is
    written into it, as a new entry of the browser's history.

    Parameters
    ----------
    page
        The name of the page that the address names, once in a run.

    Returns
    -------
    Town
    """
    public = open_store().load().catalogue
    catalogue: Catalogue = st.session_state.get(PREVIEW, public)
    address = st.query_params.to_dict()
    view: View | None = st.session_state.get("view")
    told: dict[str, str] | None = st.session_state.get("address")
    ours = st.session_state.pop("changed", False) or _followed_link(page, address)
    if view is None or told is None or (address != told and not ours):
        view = from_params(address, catalogue, _own_language())
        told = address
    else:
        # What the data have lost since is no longer asked for.
        view = from_params(to_params(view), catalogue, view.language)
        last, told = told, _address(view, told, catalogue)
        if not address == last == told:
            st.query_params.from_dict(told)
    st.session_state["view"] = view
    st.session_state["address"] = told
    _note_update(public)
    return Town(
        catalogue=catalogue,
        view=view,
        words=translator(view.language),
        now=present(),
        preview=catalogue is not public,
    )


def heard(key: str) -> Mapping[str, str] | None:
    """
    Take what a component's browser side asked for last, and remember that it was heard.

    Parameters
    ----------
    key
        Of the component.

    Returns
    -------
    mapping of str to str or None
        Names and values as of a link; anybody may have sent them. None for nothing.
    """
    asked = st.session_state[key].get("view")
    if not isinstance(asked, Mapping):
        return None
    request = asked.get("request")
    if isinstance(request, int):
        st.session_state["request"] = request
    return {name: value for name, value in asked.items() if isinstance(value, str)}


def change(**parts: object) -> None:
    """Change parts of the session's view; for callbacks, which run before the page does."""
    view: View = st.session_state["view"]
    st.session_state["view"] = replace(view, **parts)  # type: ignore[arg-type]  # names of View
    st.session_state["changed"] = True


def end_preview() -> None:
    """Show what is public again."""
    st.session_state.pop(PREVIEW, None)


def remember_links(view: View) -> None:
    """Keep what the links to the other pages say, to know them when one is followed."""
    st.session_state["links"] = to_params(view)


def with_news(town: Town, status: str) -> str:
    """Put before what is shown, once, that the data have become others since the last time."""
    news = town.words.text("town.updated") if st.session_state.pop("updated", False) else ""
    return f"{news} {status}".strip()


def _note_update(public: Catalogue) -> None:
    before = st.session_state.get("version", public.version)
    st.session_state["version"] = public.version
    if before != public.version and PREVIEW not in st.session_state:
        st.session_state["updated"] = True


def _followed_link(page: str, address: dict[str, str]) -> bool:
    """Tell whether this run shows another page, by a link of the one before."""
    if not page:
        return False
    before, st.session_state["page"] = st.session_state.get("page", page), page
    return page != before and address == st.session_state.get("links")


def _address(view: View, told: dict[str, str], catalogue: Catalogue) -> dict[str, str]:
    """Keep an address that says the view already, whatever else it says."""
    same = view == from_params(told, catalogue, _own_language())
    return told if same else to_params(view)


def _own_language() -> str:
    return best_language(st.context.headers.get("Accept-Language", ""))
