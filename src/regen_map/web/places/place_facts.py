"""What a page tells of one place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from regen_map import query
from regen_map.catalogue import Attraction, PartialDate, Place, Project, Workshop
from regen_map.query.walks import walks_through
from regen_map.web.places.addresses import email_link, one_direction, shortened, source_name
from regen_map.web.places.hours import hours_text
from regen_map.web.places.project_facts import ProjectFacts
from regen_map.web.places.wording import Fact, Said, Wording

_DESCRIPTION_LENGTH = 160
_CLOSED = "closed"


class Link(NamedTuple):
    """An address with its text."""

    text: str
    address: str


class Neighbour(NamedTuple):
    """A place near this one, and how far it is."""

    place: Place
    name: str
    kind: str
    far: str


class Gathering(NamedTuple):
    """An event at the place."""

    name: str
    when: str
    summary: Said
    website: str
    website_name: str


class Walk(NamedTuple):
    """A walk through the place."""

    name: str
    about: str
    said: Said


class Source(NamedTuple):
    """Where the facts are from."""

    name: str
    address: str
    date: str


@dataclass(frozen=True)
class PlaceFacts:
    """
    The facts of a place in one language.

    Parameters
    ----------
    wording
        Catalogue and language.
    place
        The place.
    """

    wording: Wording
    place: Place

    @property
    def name(self) -> str:
        """Its name."""
        return self.wording.name(self.place)

    @property
    def kind(self) -> str:
        """What it is."""
        return self.wording.label("kind", self.place.kind, self.place.family)

    @property
    def family(self) -> str:
        """The family it belongs to."""
        return self.wording.label("family", self.place.family)

    @property
    def quarter(self) -> str:
        """Where in the town it is."""
        found = self.wording.label("quarter", self.place.quarter)
        return found or self.wording.words.text("place_page.quarter_unknown")

    @property
    def closed(self) -> bool:
        """Whether it is known to be closed."""
        return self.place.status == _CLOSED

    @property
    def status_label(self) -> str:
        """Whether it is open, in a word."""
        return self.wording.label("status", self.place.status)

    @property
    def status(self) -> str:
        """Whether it is open, and of when that is known; empty where nobody knows."""
        place = self.place
        if place.status in (None, query.UNKNOWN):
            return ""
        if place.as_of is None:
            return self.status_label
        date = self.wording.words.date(place.as_of)
        return self.wording.words.text(
            "place_page.status_as_of", status=self.status_label, date=date
        )

    @property
    def summary(self) -> Said:
        """Its story."""
        return self.wording.said(self.place, "summary")

    @property
    def note(self) -> Said:
        """What is doubtful about it."""
        return self.wording.said(self.place, "note")

    @property
    def title(self) -> str:
        """The name where no markup can isolate it: title, link previews, letters."""
        return one_direction(self.name)

    @property
    def description(self) -> str:
        """The place in one or two lines, for search engines and link previews."""
        text = self.summary.text or f"{self.kind} · {self.quarter}"
        return shortened(text, _DESCRIPTION_LENGTH)

    @property
    def facts(self) -> Iterator[Fact]:
        """What a visitor must know before going there."""
        place, wording = self.place, self.wording
        yield wording.fact("details.address", place.address or "")
        yield wording.fact("details.status", self.status)
        if isinstance(place, Workshop):
            yield wording.fact("details.visit", self._visit(place.visit))
            yield from self._known("contact")
        if isinstance(place, Attraction):
            yield wording.fact("details.admission", wording.label("admission", place.admission))
        city, language = wording.catalogue.city, wording.words.language
        hours = hours_text(place, city, wording.day, language)
        yield wording.fact("details.opening_hours", hours)
        wheelchair = wording.label("wheelchair", place.wheelchair)
        yield wording.fact("place_page.wheelchair", wheelchair)
        if isinstance(place, Attraction):
            yield from self._known("period")
            if place.author:
                yield wording.fact("details.author", wording.words.listing(place.author))

    @property
    def is_workshop(self) -> bool:
        """Whether there are people and a craft to ask for."""
        return isinstance(self.place, Workshop)

    @property
    def people(self) -> Iterator[Fact]:
        """Whom a visitor can meet, and what they make."""
        place, wording = self.place, self.wording
        if isinstance(place, Workshop):
            yield wording.fact("details.people", wording.words.listing(place.people))
            yield wording.fact("details.craft", wording.label("craft", place.craft))
            founded = wording.words.date(place.founded) if place.founded else ""
            yield wording.fact("details.founded", founded)

    def _known(self, column: str) -> Iterator[Fact]:
        said = self.wording.said(self.place, column)
        if said.text:
            yield self.wording.fact(f"details.{column}", said)

    def _visit(self, visit: str | None) -> str:
        if visit is None:
            return ""
        note = self.wording.note("visit", visit)
        label = self.wording.label("visit", visit)
        return f"{label}. {note}." if note else label

    @property
    def contacts(self) -> Sequence[Link]:
        """How to reach the place; empty where nobody knows."""
        place, found = self.place, []
        if place.website:
            found.append(Link(source_name(place.website), place.website))
        if place.phone:
            found.append(Link(place.phone, f"tel:{place.phone.replace(' ', '')}"))
        if place.email:
            found.append(Link(place.email, email_link(place.email)))
        return found

    @property
    def located(self) -> bool:
        """Whether the position is known at all."""
        return self.place.lat is not None and self.place.lon is not None

    @property
    def position(self) -> str:
        """How well the position is known, in a sentence."""
        words, accuracy = self.wording.words, self.place.position_accuracy_m
        if not self.located:
            return words.text("details.unlocated")
        if accuracy is None:
            return words.text("details.accuracy_unknown")
        return words.text("details.accuracy", distance=words.distance(max(10, accuracy)))

    @property
    def position_source(self) -> Said:
        """Where the position is from."""
        return self.wording.said(self.place, "position_source")

    @property
    def coordinates(self) -> Link | None:
        """Latitude and longitude, and a link that opens the visitor's own map."""
        if self.place.lat is None or self.place.lon is None:
            return None
        point = f"{self.place.lat:.5f},{self.place.lon:.5f}"
        return Link(point.replace(",", ", "), f"geo:{point}?q={point}")

    @cached_property
    def projects(self) -> Sequence[ProjectFacts]:
        """The projects there."""
        found = query.projects_at(self.wording.catalogue, self.place.id)
        return [ProjectFacts(self.wording, each) for each in found]

    @property
    def events(self) -> Iterator[Gathering]:
        """What is held there."""
        for event in query.events_at(self.wording.catalogue, self.place.id):
            yield Gathering(
                self.wording.name(event),
                self.wording.said(event, "recurrence").text,
                self.wording.said(event, "summary"),
                event.website or "",
                source_name(event.website or ""),
            )

    @property
    def walks(self) -> Iterator[Walk]:
        """Walks that come through."""
        for call in walks_through(self.wording.catalogue, self.place.id):
            words = self.wording.words
            about = words.text("place_page.stop", n=call.number, total=call.n_stops)
            yield Walk(
                self.wording.name(call.itinerary), about, self.wording.said(call.stop, "text")
            )

    @cached_property
    def neighbours(self) -> Sequence[Neighbour]:
        """What is near, the nearest first."""
        catalogue = self.wording.catalogue
        return [
            Neighbour(
                place,
                self.wording.name(place),
                self.wording.label("kind", place.kind, place.family),
                self._far(each),
            )
            for each in query.neighbours(catalogue, self.place.id)
            if (place := catalogue.place(each.key)) is not None
        ]

    def _far(self, neighbour: query.Neighbour) -> str:
        words = self.wording.words
        if not neighbour.told_apart:
            return words.text("details.very_near")
        minutes = query.walking_minutes(neighbour.distance_m)
        distance = words.distance(neighbour.distance_m)
        return words.count("details.walk", minutes, distance=distance)

    @property
    def sources(self) -> Iterator[Source]:
        """The sources of place and projects, each once, with a date wherever one is told."""
        told: dict[str, PartialDate | None] = {}
        records: list[Place | Project] = [self.place, *(each.project for each in self.projects)]
        for record in records:
            for address, date in zip(record.sources, record.source_dates, strict=True):
                told[address] = told.get(address) or date
        for address, date in told.items():
            yield Source(source_name(address), address, self.wording.date(date))
