"""What is told of a walk: its stops, the way between them, when a visitor arrives."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from babel.dates import format_date, format_time

from regen_map import query
from regen_map.catalogue import Itinerary, Place, Stop
from regen_map.facts.wording import Said, Wording
from regen_map.query.nearby import WALKING_DETOUR, WALKING_M_PER_MINUTE
from regen_map.query.route import Arrival, Route, route_of
from regen_map.query.visit_link import MINE, Plan, plan_to_params, wish_of
from regen_map.query.walks import itineraries, stops_of

_HOUR_MIN = 60
_ARRANGED = "arranged"
_OUTDOORS = "outdoors"
_STATES = ("open", _OUTDOORS, "closed", _ARRANGED, "unknown")


class StopFacts(NamedTuple):
    """
    A stop of a walk.

    Attributes
    ----------
    place
        Where it is.
    number
        Counted from 1.
    name, kind
        Of the place.
    said
        What the walk says there, or the story of the place.
    leg
        How far it is from the stop before; empty for the first.
    arrival
        The time of day.
    machine_arrival
        The same for machines, with the offset of the time zone.
    opening
        Whether it is open then, in words.
    state
        ``open``, ``outdoors`` where nobody needs to go in, ``closed``, ``arranged`` where
        nobody walks in, or ``unknown``.
    """

    place: Place
    number: int
    name: str
    kind: str
    said: Said
    leg: str
    arrival: str
    machine_arrival: str
    opening: str
    state: str


class Omission(NamedTuple):
    """A stop that was left out, and why."""

    place: Place
    name: str
    reason: str


@dataclass(frozen=True)
class WalkFacts:
    """
    The facts of a walk in one language.

    Parameters
    ----------
    wording
        Catalogue and language.
    plan
        Which walk, and how the visitor wants it.
    now
        The start where the plan names none, with a time zone.
    """

    wording: Wording
    plan: Plan
    now: dt.datetime

    @cached_property
    def route(self) -> Route:
        """The stops in order, with their times."""
        catalogue = self.wording.catalogue
        return route_of(catalogue, wish_of(self.plan, catalogue, self.now))

    @property
    def itinerary(self) -> Itinerary | None:
        """The walk of the catalogue; None for the visitor's own."""
        return next(
            (each for each in itineraries(self.wording.catalogue) if each.id == self.plan.walk),
            None,
        )

    @property
    def name(self) -> str:
        """Its name."""
        itinerary = self.itinerary
        return self.wording.name(itinerary) if itinerary else self.wording.words.text("walk.mine")

    @property
    def theme(self) -> str:
        """What it is about, in a word or two."""
        itinerary = self.itinerary
        return self.wording.label("theme", itinerary.theme) if itinerary else ""

    @property
    def summary(self) -> Said:
        """What it is about."""
        itinerary = self.itinerary
        if itinerary is None:
            return Said(self.wording.words.text("walk.mine_summary"))
        return self.wording.said(itinerary, "summary")

    @property
    def params(self) -> str:
        """The query of a link to this walk outside the app: what its name does not tell."""
        params = plan_to_params(self.plan)
        del params["walk"]
        if self.plan.walk != MINE:
            params.pop("stops", None)
        return urlencode(params)

    @property
    def in_short(self) -> str:
        """Stops, distance and minutes in one line."""
        words, route = self.wording.words, self.route
        parts = [words.count("walk.stops", len(route.arrivals))]
        if route.walked_m:
            distance, time = words.distance(route.walked_m), self._duration(route.walking_min)
            parts.append(words.text("walk.walking", distance=distance, time=time))
        return " · ".join(parts)

    @property
    def in_all(self) -> str:
        """How long it takes with its stops, and when it ends; empty without a stop."""
        words, route = self.wording.words, self.route
        if not route.arrivals:
            return ""
        start = route.arrivals[0].arrival
        # Through UTC: on a night when clocks change, the hands do not tell the minutes.
        end = start.astimezone(dt.UTC) + dt.timedelta(minutes=round(route.total_min))
        return words.count(
            "walk.in_all",
            self.plan.pause_min,
            time=self._duration(route.total_min),
            end=self._clock(end.astimezone(start.tzinfo)),
        )

    @property
    def start(self) -> str:
        """When it starts: day and time."""
        if not self.route.arrivals:
            return ""
        moment = self.route.arrivals[0].arrival
        day = format_date(moment, "EEEE d MMMM y", locale=self._locale)
        return self.wording.words.text("walk.start_at", day=day, time=self._clock(moment))

    @property
    def doors(self) -> str:
        """How many stops are open on arrival, closed, not to be walked into, or nobody knows."""
        found = Counter(each.state for each in self.stops)
        words, states = self.wording.words, [state for state in _STATES if found[state]]
        parts = [words.count(f"walk.found.{state}", found[state]) for state in states]
        return words.text("walk.doors", what=words.listing(parts)) if parts else ""

    @property
    def estimate(self) -> str:
        """How distances and times are estimated."""
        words = self.wording.words
        return words.text(
            "walk.estimate",
            factor=words.number(WALKING_DETOUR, 1),
            speed=words.number(WALKING_M_PER_MINUTE * _HOUR_MIN / 1000, 1),
        )

    @property
    def notes(self) -> Iterator[str]:
        """What must be known to trust the figures."""
        yield self.estimate
        if self.route.n_unlocated:
            yield self.wording.words.count("walk.unlocated", self.route.n_unlocated)

    @cached_property
    def stops(self) -> Sequence[StopFacts]:
        """The stops, in order."""
        texts = {each.place_id: each for each in stops_of(self.wording.catalogue, self.plan.walk)}
        return [
            self._stop(each, texts.get(each.place.id), first=at == 0)
            for at, each in enumerate(self.route.arrivals)
        ]

    @property
    def left_out(self) -> Iterator[Omission]:
        """The stops that were left out."""
        for each in self.route.left_out:
            reason = self.wording.words.text(f"walk.reason.{each.reason}")
            yield Omission(each.place, self.wording.name(each.place), reason)

    def _stop(self, arrival: Arrival, stop: Stop | None, *, first: bool) -> StopFacts:
        wording, place = self.wording, arrival.place
        said = wording.said(stop, "text") if stop else Said("")
        return StopFacts(
            place=place,
            number=arrival.number,
            name=wording.name(place),
            kind=wording.label("kind", place.kind, place.family),
            said=said if said.text else wording.said(place, "summary"),
            leg="" if first else self._leg(arrival),
            arrival=self._clock(arrival.arrival),
            machine_arrival=arrival.arrival.isoformat(timespec="minutes"),
            opening=self._opening(arrival),
            state=_state(arrival),
        )

    def _leg(self, arrival: Arrival) -> str:
        words = self.wording.words
        if arrival.leg_m is None or arrival.leg_min is None:
            return words.text("walk.leg_unknown")
        if arrival.leg_m / WALKING_DETOUR <= arrival.uncertainty_m:
            return words.text("walk.leg_near")
        distance, time = words.distance(arrival.leg_m), self._duration(arrival.leg_min)
        return words.text("walk.leg", distance=distance, time=time)

    def _opening(self, arrival: Arrival) -> str:
        words, place, state = self.wording.words, arrival.place, _state(arrival)
        if not query.hours_hold(place):
            return self.wording.label("status", place.status)
        if state == _ARRANGED:
            return self.wording.label("visit", getattr(place, "visit", None))
        if state == _OUTDOORS:
            return words.text("walk.outdoors")
        if not place.opening_hours:
            return words.text("walk.hours_unknown")
        return words.text(f"walk.then.{state}")

    def _duration(self, minutes: float) -> str:
        words = self.wording.words
        hours, rest = divmod(max(1, round(minutes)), _HOUR_MIN)
        if not hours:
            return words.text("walk.minutes", minutes=rest)
        return words.text("walk.hours" if rest else "walk.whole_hours", hours=hours, minutes=rest)

    def _clock(self, moment: dt.datetime) -> str:
        return format_time(moment, "H:mm", locale=self._locale)

    @property
    def _locale(self) -> str:
        return self.wording.words.language


def _state(arrival: Arrival) -> str:
    if not query.hours_hold(arrival.place):
        return "closed"
    if query.without_doors(arrival.place):
        return _OUTDOORS
    return arrival.opening.state.value if query.walk_in(arrival.place) else _ARRANGED


def themed_walks(wording: Wording, plan: Plan, now: dt.datetime) -> Sequence[WalkFacts]:
    """
    Tell of all walks of the catalogue, with all their stops.

    Parameters
    ----------
    wording
        Catalogue and language.
    plan
        When the visitor wants to walk, and how long to stay at each stop.
    now
        As of `WalkFacts`.
    """
    return [
        WalkFacts(wording, Plan(walk=each.id, start=plan.start, pause_min=plan.pause_min), now)
        for each in itineraries(wording.catalogue)
    ]
