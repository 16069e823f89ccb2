"""What is told of events: when they are held, where, and how sure that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from regen_map.catalogue import Place
from regen_map.facts.links import source_name
from regen_map.facts.sources import Source, sources_of
from regen_map.facts.wording import Said, Wording
from regen_map.messages.events import occasion_in_words
from regen_map.query.events import Occasion, Timing, occasions, occasions_between
from regen_map.query.visit_link import Period

_GROUPS: tuple[tuple[str, tuple[Timing, ...]], ...] = (
    ("running", (Timing.RUNNING,)),
    ("upcoming", (Timing.UPCOMING,)),
    ("expected", (Timing.EXPECTED,)),
    ("undated", (Timing.UNDATED,)),
    ("past", (Timing.PAST, Timing.ENDED)),
)


@dataclass(frozen=True)
class EventFacts:
    """
    The facts of an event in one language.

    Parameters
    ----------
    wording
        Catalogue and language.
    occasion
        The event, and which of its editions is meant.
    """

    wording: Wording
    occasion: Occasion

    @property
    def id(self) -> str:
        """Its id."""
        return self.occasion.event.id

    @property
    def name(self) -> str:
        """Its name."""
        return self.wording.name(self.occasion.event)

    @property
    def when(self) -> str:
        """When it is held, or what is known of that."""
        return occasion_in_words(self.occasion, self.wording.words.language)

    @property
    def recurrence(self) -> Said:
        """How often it is held, as its sources put it."""
        return self.wording.said(self.occasion.event, "recurrence")

    @property
    def dated(self) -> bool:
        """Whether the days of its next edition are known, so that a calendar can hold them."""
        return self.occasion.first is not None

    @property
    def first(self) -> dt.date | None:
        """The first day of the edition that is meant."""
        return self.occasion.first

    @property
    def last(self) -> dt.date | None:
        """The last day of the edition that is meant."""
        return self.occasion.last

    @property
    def place(self) -> Place | None:
        """Where it is held, if at one place."""
        return self.wording.catalogue.place(self.occasion.event.place_id or "")

    @property
    def where(self) -> str:
        """Where it is held, in words; empty where nobody says."""
        if self.place is not None:
            return self.wording.name(self.place)
        return self.wording.label("quarter", self.occasion.event.quarter)

    @property
    def summary(self) -> Said:
        """What it is."""
        return self.wording.said(self.occasion.event, "summary")

    @property
    def note(self) -> Said:
        """What is doubtful about it."""
        return self.wording.said(self.occasion.event, "note")

    @property
    def website(self) -> str:
        """The address of its own pages; may be empty."""
        return self.occasion.event.website or ""

    @property
    def website_name(self) -> str:
        """What its own pages are called."""
        return source_name(self.website)

    @property
    def sources(self) -> Sequence[Source]:
        """Where the facts are from."""
        return sources_of(self.wording, [self.occasion.event])

    @property
    def as_of(self) -> str:
        """Until when the facts are known to hold; may be empty."""
        date = self.occasion.event.as_of
        return self.wording.words.date(date) if date else ""


class EventGroup(NamedTuple):
    """Events of which the same is known, under a heading."""

    name: str
    title: str
    about: str
    events: Sequence[EventFacts]


def event_groups(wording: Wording, period: Period) -> Sequence[EventGroup]:
    """
    Tell of the events of a city.

    Parameters
    ----------
    wording
        Catalogue, language, and the day from which on an event is to come.
    period
        The days that are asked for; without any, all events are told.

    Returns
    -------
    sequence of EventGroup
        Held now, to come, expected, without any known date, past; only those that
        have events.
    """
    catalogue, day, words = wording.catalogue, wording.day, wording.words
    if period == Period():
        found = occasions(catalogue, day)
    else:
        first, last = period.first or day, period.last or dt.date.max
        found = occasions_between(catalogue, day, min(first, last), last)
    groups = []
    for name, timings in _GROUPS:
        events = [EventFacts(wording, each) for each in found if each.timing in timings]
        if events:
            title, about = words.text(f"event.group.{name}"), words.text(f"event.about.{name}")
            groups.append(EventGroup(name, title, about, events))
    return groups
