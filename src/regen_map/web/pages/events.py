"""The page of events, and their calendars."""

from __future__ import annotations

import datetime as dt

from regen_map.catalogue import Catalogue
from regen_map.export.calendar import calendar_of
from regen_map.facts.events import event_groups
from regen_map.facts.wording import Wording
from regen_map.messages import translator
from regen_map.query import day_of, occasions
from regen_map.query.visit_link import Period
from regen_map.web.pages.addresses import Section, page_path
from regen_map.web.pages.linked_data import event_data
from regen_map.web.pages.rendering import Address, Page, html, packed


def events_page(catalogue: Catalogue, language: str, site: str, day: dt.date) -> Page:
    """
    Write the list of all events.

    Parameters
    ----------
    catalogue
        Its events.
    language
        Of the page.
    site
        The site's absolute address, with a slash at the end.
    day
        Today, in the city's calendar.
    """
    groups = event_groups(Wording(catalogue, translator(language), day), Period())
    events = [event for group in groups for event in group.events]
    text = html(
        "events.html",
        language,
        catalogue,
        Address(Section.EVENTS),
        site=site,
        groups=groups,
        linked_data=[event_data(each, site) for each in events if each.dated],
    )
    return packed(text.encode())


def events_calendar(
    catalogue: Catalogue, language: str, site: str, now: dt.datetime, event_id: str = ""
) -> bytes | None:
    """
    Write the calendar of one event, or of all whose day is known.

    Parameters
    ----------
    catalogue, language, site
        As of `events_page`.
    now
        When it is written.
    event_id
        Of the event; empty for all.

    Returns
    -------
    bytes or None
        None where there is no such event.
    """
    found = occasions(catalogue, day_of(now, catalogue.city))
    if event_id:
        found = tuple(each for each in found if each.event.id == event_id)
        if not found:
            return None
    return calendar_of(
        catalogue,
        found,
        language,
        site=site,
        now=now,
        link=lambda place_id: site + page_path(language, place_id),
        past=bool(event_id),
    ).content
