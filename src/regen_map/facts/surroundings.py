"""What is near a place, what is held there and which walks come through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from regen_map import query
from regen_map.catalogue import Place
from regen_map.facts.events import EventFacts
from regen_map.facts.wording import Said, Wording
from regen_map.messages import Translator
from regen_map.messages.opening import now_in_short
from regen_map.query.events import occasions_at
from regen_map.query.walks import walks_through

_MOST_OPEN = 3


class Neighbour(NamedTuple):
    """
    A place near this one.

    Attributes
    ----------
    place, name, kind
        Which it is.
    far
        How far it is, in words.
    open_now
        Until when it is open; empty where it is not known to be, and where no
        moment is given.
    """

    place: Place
    name: str
    kind: str
    far: str
    open_now: str


class Walk(NamedTuple):
    """A walk through the place: its id and name, which stop this is, what it says of it."""

    id: str
    name: str
    about: str
    said: Said


def neighbours_of(wording: Wording, place: Place) -> Sequence[Neighbour]:
    """Give what is near a place, the nearest first; empty for one without a position."""
    around = _places(wording, query.neighbours(wording.catalogue, place.id))
    return [_told(wording, other, each, _open_now(wording, other)) for other, each in around]


def open_near(wording: Wording, place: Place) -> Sequence[Neighbour]:
    """Give the places near a place that are open now, the nearest first, no more than three."""
    if wording.now is None:
        return []
    around = _places(wording, query.neighbours(wording.catalogue, place.id, most=None))
    # Of the many that are not open, nothing is put into words.
    found = (
        _told(wording, other, each, until)
        for other, each in around
        if (until := _open_now(wording, other))
    )
    return list(islice(found, _MOST_OPEN))


def walks_of(wording: Wording, place: Place) -> Sequence[Walk]:
    """Give the walks that come through a place."""
    return [
        Walk(
            call.itinerary.id,
            wording.name(call.itinerary),
            wording.words.text("details.stop", n=call.number, total=call.n_stops),
            wording.said(call.stop, "text"),
        )
        for call in walks_through(wording.catalogue, place.id)
    ]


def events_of(wording: Wording, place: Place) -> Sequence[EventFacts]:
    """Give what is held at a place, first what is held now or comes next."""
    found = occasions_at(wording.catalogue, place.id, wording.day)
    return [EventFacts(wording, occasion) for occasion in found]


def far_in_words(words: Translator, neighbour: query.Neighbour) -> str:
    """Say how far a place is on foot; that it is very near where nobody can tell exactly."""
    if not neighbour.told_apart:
        return words.text("details.very_near")
    minutes = query.walking_minutes(neighbour.distance_m)
    distance = words.distance(neighbour.distance_m)
    return words.count("details.walk", minutes, distance=distance)


def _places(
    wording: Wording, around: Sequence[query.Neighbour]
) -> Iterator[tuple[Place, query.Neighbour]]:
    for each in around:
        place = wording.catalogue.place(each.key)
        if place is not None:
            yield place, each


def _told(wording: Wording, place: Place, near: query.Neighbour, open_now: str) -> Neighbour:
    return Neighbour(
        place,
        wording.name(place),
        wording.label("kind", place.kind, place.family),
        far_in_words(wording.words, near),
        open_now,
    )


def _open_now(wording: Wording, place: Place) -> str:
    if wording.now is None or not (place.opening_hours and query.walk_in(place)):
        return ""
    opening = query.opening_at(place.opening_hours, wording.now, wording.catalogue.city)
    if opening.state != query.OpeningState.OPEN:
        return ""
    return now_in_short(opening, wording.words.language)
