"""What is told of one place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from regen_map import query
from regen_map.catalogue import Attraction, Place, Project, Workshop
from regen_map.facts.events import EventFacts
from regen_map.facts.hours import week_of
from regen_map.facts.letters import visit_letter
from regen_map.facts.links import (
    Link,
    email_link,
    geo_link,
    one_direction,
    openstreetmap_link,
    shortened,
    source_name,
    telephone_link,
)
from regen_map.facts.pictures import Picture, picture_of
from regen_map.facts.projects import ProjectFacts
from regen_map.facts.sources import Source, newest_date, sources_of
from regen_map.facts.surroundings import (
    Neighbour,
    Walk,
    events_of,
    neighbours_of,
    open_near,
    walks_of,
)
from regen_map.facts.wording import Fact, Said, Wording
from regen_map.messages.opening import now_in_words

_DESCRIPTION_LENGTH = 160
_CLOSED = "closed"


@dataclass(frozen=True)
class PlaceFacts:
    """
    The facts of a place in one language.

    Parameters
    ----------
    wording
        Catalogue, language, day, and the moment if there is one.
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
        return found or self.wording.words.text("details.quarter_unknown")

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
        return self.wording.words.text("details.status_as_of", status=self.status_label, date=date)

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

    @cached_property
    def picture(self) -> Picture | None:
        """Its picture, if it may be shown."""
        return picture_of(self.wording, self.place)

    @property
    def disturbances(self) -> Sequence[str]:
        """What to expect of works that go on there, each once."""
        return list(dict.fromkeys(filter(None, (each.disturbance for each in self.projects))))

    @property
    def then_and_now(self) -> Sequence[ProjectFacts]:
        """The projects that tell what the place was or becomes."""
        return [each for each in self.projects if each.uses]

    # ------------------------------------------------------------ the visit

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
        yield wording.fact("details.opening_hours", self._opening())
        wheelchair = wording.label("wheelchair", place.wheelchair)
        yield wording.fact("details.wheelchair", wheelchair)
        if isinstance(place, Attraction):
            yield from self._known("period")
            if place.author:
                yield wording.fact("details.author", wording.words.listing(place.author))

    @property
    def people(self) -> Iterator[Fact]:
        """Whom a visitor can meet, and what they make; nothing but for workshops."""
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

    @cached_property
    def week(self) -> Sequence[tuple[str, str]]:
        """The hours of seven days, as pairs of days and hours; empty where nobody knows."""
        wording = self.wording
        return week_of(self.place, wording.catalogue.city, wording.day, wording.words.language)

    @property
    def open_now(self) -> str:
        """
        Whether it is open now, and until when.

        Empty without a moment, and where nobody knows or nobody may just walk in.
        """
        if self._door is None or self._door.state == query.OpeningState.UNKNOWN:
            return ""
        return now_in_words(self._door, self.wording.words.language)

    @cached_property
    def _door(self) -> query.Opening | None:
        """What its hours say of the moment; None without one, and where nobody may walk in."""
        place, wording = self.place, self.wording
        if wording.now is None or not (place.opening_hours and query.walk_in(place)):
            return None
        return query.opening_at(place.opening_hours, wording.now, wording.catalogue.city)

    def _opening(self) -> str:
        """Say whether it is open now or for whom its hours are; without a moment, its week."""
        place, wording = self.place, self.wording
        if not place.opening_hours:
            return ""
        if not query.hours_hold(place):
            return wording.words.text("opening.ceased")
        if wording.now is None:
            return "; ".join(f"{days} {hours}" for days, hours in self.week)
        if self._door is None:
            return wording.label("visit", getattr(place, "visit", None))
        return now_in_words(self._door, wording.words.language)

    @property
    def website(self) -> Link | None:
        """Its own site."""
        found = self.place.website
        return Link(source_name(found), found) if found else None

    @property
    def contacts(self) -> Sequence[Link]:
        """Links to call or write, a visit being asked for where it must be; may be empty."""
        place, words, found = self.place, self.wording.words, []
        arranged = query.by_arrangement(place)
        if phone := place.phone:
            label = words.text("opening.call", number=phone) if arranged else phone
            found.append(Link(label, telephone_link(phone)))
        if (email := place.email) and arranged:
            label = words.text("opening.write", address=email)
            found.append(Link(label, visit_letter(self.wording, place, email)))
        elif email:
            found.append(Link(email, email_link(email)))
        return found

    # ------------------------------------------------------------ where it is

    @property
    def position(self) -> str:
        """How well the position is known, in a sentence."""
        words, accuracy = self.wording.words, self.place.position_accuracy_m
        if self.place.lat is None or self.place.lon is None:
            return words.text("details.unlocated")
        if accuracy is None:
            return words.text("details.accuracy_unknown")
        return words.text("details.accuracy", distance=words.distance(max(10, accuracy)))

    @property
    def position_source(self) -> Said:
        """Where the position is from."""
        return self.wording.said(self.place, "position_source")

    @property
    def coordinates(self) -> str:
        """Latitude and longitude in degrees WGS84; empty without a position."""
        place = self.place
        if place.lat is None or place.lon is None:
            return ""
        return f"{place.lat:.5f}, {place.lon:.5f}"

    @property
    def directions(self) -> Sequence[Link]:
        """Links that lead there, in the visitor's own map and on the web; may be empty."""
        place, words = self.place, self.wording.words
        if place.lat is None or place.lon is None:
            return ()
        own_map = geo_link(place.lat, place.lon, self.name)
        web = openstreetmap_link(place.lat, place.lon)
        return (
            Link(words.text("details.open_in_app"), own_map),
            Link(words.text("details.open_in_osm"), web),
        )

    # ------------------------------------------------------------ what belongs to it

    @cached_property
    def projects(self) -> Sequence[ProjectFacts]:
        """The projects there."""
        found = query.projects_at(self.wording.catalogue, self.place.id)
        return [ProjectFacts(self.wording, each) for each in found]

    @property
    def events(self) -> Sequence[EventFacts]:
        """What is held there."""
        return events_of(self.wording, self.place)

    @property
    def walks(self) -> Sequence[Walk]:
        """Walks that come through."""
        return walks_of(self.wording, self.place)

    @cached_property
    def neighbours(self) -> Sequence[Neighbour]:
        """What is near, the nearest first."""
        return neighbours_of(self.wording, self.place)

    @property
    def nearby(self) -> Sequence[Neighbour]:
        """What is near besides what is open there, the nearest first."""
        already = {each.place.id for each in self.open_near}
        return [each for each in self.neighbours if each.place.id not in already]

    @cached_property
    def open_near(self) -> Sequence[Neighbour]:
        """What is near and known to be open now, the nearest first."""
        return open_near(self.wording, self.place)

    @property
    def sources(self) -> Sequence[Source]:
        """The sources of place and projects, each once, with a date wherever one is told."""
        return sources_of(self.wording, self._records)

    @property
    def as_of(self) -> str:
        """Until when the facts of place and projects are known to hold; empty if nobody says."""
        return newest_date(self.wording, self._records)

    @property
    def _records(self) -> Sequence[Place | Project]:
        return [self.place, *(each.project for each in self.projects)]
