"""The panel of the Events page: what is held when, with honest dates."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from regen_map.facts.events import event_groups
from regen_map.query.visit_link import Period, period_from_params, period_to_params
from regen_map.ui.panel import Panel
from regen_map.ui.rendering import written
from regen_map.ui.town import Town
from regen_map.ui.view import entry_address

_A_WEEK = dt.timedelta(days=6)
_MONTHS = 3


def events_panel(town: Town) -> Panel:
    """Write the panel for the days that the visitor asked for."""
    words, period = town.words, town.view.period
    wording = town.wording
    groups = event_groups(wording, period)
    found = [event for group in groups for event in group.events]
    held_at = Counter(event.place.id for event in found if event.place)
    # A place that is selected elsewhere in the app says nothing here, unless something is held.
    selected = town.view.place if town.view.place in held_at else ""
    shown = words.count("events_panel.shown", len(found))
    html = written(
        "events.html",
        words=words,
        groups=groups,
        period=dict.fromkeys(("from", "to"), "") | period_to_params(period),
        backwards=_asked_backwards(period),
        asked=period != Period(),
        choices=list(_choices(town, wording.day)),
        shown=shown,
        selected=selected,
        entry=partial(entry_address, town.view),
        address=f"{words.language}/{words.text('events_page.path_segment')}",
    )
    status = shown
    if place := town.catalogue.place(selected):
        here = words.count("events_panel.shown", held_at[selected])
        status = words.text("events_panel.here", name=wording.name(place), what=here)
    return Panel(html=html, status=status, place=selected, visible=set(held_at))


def _asked_backwards(period: Period) -> bool:
    """Tell whether the address asks for days that end before they begin."""
    last = period_from_params({"to": st.query_params.get("to", "")}).last
    return period.last is None and None not in (period.first, last)


class _Choice(NamedTuple):
    """Days that are often asked for: a name, what a link asks for, whether they are chosen."""

    name: str
    label: str
    asks: str
    chosen: bool


def _choices(town: Town, today: dt.date) -> Iterator[_Choice]:
    end = _months_later(today, _MONTHS)
    for name, period in (
        ("all", Period()),
        ("week", Period(first=today, last=today + _A_WEEK)),
        ("months", Period(first=today, last=end)),
    ):
        asks = urlencode({"from": "", "to": "", **period_to_params(period)})
        label = town.words.text(f"events_panel.choice.{name}")
        yield _Choice(name, label, asks, town.view.period == period)


def _months_later(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
