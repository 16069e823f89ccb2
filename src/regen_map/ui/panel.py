"""A panel beside the map that is written here, and what the map shows with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import streamlit as st

from regen_map import query
from regen_map.ui.town import Town, change, heard, with_news
from regen_map.ui.view import from_params, to_params
from regen_map.webmap import Colouring, payload, visible_bits

_KEY = "panel-text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """
    What a panel shows.

    Attributes
    ----------
    html
        Its text; see `written`.
    status
        What is shown, in a sentence for who does not see it.
    subject
        Changes with what the panel is about: another subject is read from its top.
    place
        Id of the place that the map marks; empty for none.
    visible
        Ids of the places that the map shows; None for all.
    route
        Ids of the stops of a walk, in order.
    colouring
        What the colours of the map tell; None for families, as usual.
    """

    html: str
    status: str
    subject: str = ""
    place: str = ""
    visible: Collection[str] | None = None
    route: Iterable[str] = ()
    colouring: Colouring | None = None


def show_panel(town: Town, panel: Panel) -> None:
    """
    Draw a panel and tell the map.

    What a control of the panel asks for is told as names and values of the page's link.
    An input with a ``name`` sets it; a button does what its ``data-…`` say, always to
    all that was asked for before: ``set`` names and values of a link, ``select`` a
    place, ``step`` on by so many stops; in the visitor's own walk ``add`` or ``remove``
    a place, ``move`` one, ``by`` so many stops, put all into an ``order``; ``find`` and
    add the place that is typed beside it; ``copy`` an address. An input or a button with
    ``data-toggle`` adds its value to those that are chosen under a name, or takes it
    away; two inputs with the same ``data-range`` give one range of years; ``data-near``
    gives the area around what is typed. What ``data-load`` names is fetched, and put in
    its place.
    """
    component = st.components.v2.component(
        "regen-map.panel", js="panel.js", css="panel.css", isolate_styles=False
    )
    component(key=_KEY, data=panel_data(town, panel), on_view_change=lambda: _follow(town))


def panel_data(town: Town, panel: Panel) -> dict[str, Any]:
    """
    Give what the browser must know to show a panel.

    Returns
    -------
    dict
        ``d`` the HTML, ``n`` the status, ``k`` the subject, ``b`` the visible entries
        (see `regen_map.webmap.visible_bits`), ``r`` indices of the stops, ``c`` what the
        colours tell (see `regen_map.webmap.Colouring.message`) or None, ``u`` the key
        of the places, ``l`` the language, ``s`` the place that the map marks, ``w`` the view
        as a link has it, ``e`` what to say when the places cannot be fetched, ``q`` the
        number of the browser's last request that the view contains.
    """
    catalogue, view = town.catalogue, town.view
    return {
        "d": panel.html,
        "n": with_news(town, panel.status),
        "k": panel.subject,
        "b": _bits(town, panel.visible),
        "r": [query.entry_index(catalogue, each) for each in panel.route],
        "c": panel.colouring.message() if panel.colouring else None,
        "u": payload(catalogue, view.language).key,
        "l": view.language,
        "s": panel.place,
        "w": to_params(view),
        "e": town.words.text("explore.unreachable"),
        "q": st.session_state.get("request", 0),
    }


def _bits(town: Town, visible: Collection[str] | None) -> str:
    if visible is None:
        return ""
    keys = [entry.key for entry in query.entries(town.catalogue)]
    return visible_bits(np.isin(np.array(keys, dtype=np.str_), sorted(visible)))


def _follow(town: Town) -> None:
    """Take the view that the browser asked for last, checked as a link is."""
    params = heard(_KEY)
    if params is None:
        return
    asked = from_params(params, town.catalogue, town.view.language)
    change(**{each.name: getattr(asked, each.name) for each in fields(asked)})
