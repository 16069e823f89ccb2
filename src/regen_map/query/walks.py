"""The walks of a city, their stops, and which of them come through a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from regen_map.catalogue import TABLES, Catalogue, Itinerary, Stop, derived, records
from regen_map.query.projects import grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    One stop of a walk at a place.

    Attributes
    ----------
    itinerary
        The walk.
    stop
        What it says of the place.
    number, n_stops
        Which of its stops this is, counted from 1, and how many it has.
    """

    itinerary: Itinerary
    stop: Stop
    number: int
    n_stops: int


def walks_through(catalogue: Catalogue, place_id: str) -> tuple[Call, ...]:
    """Give the stops of walks at a place, in the order of the walks; empty when there are none."""
    return _calls_by_place(catalogue).get(place_id, ())


@derived()
def itineraries(catalogue: Catalogue) -> tuple[Itinerary, ...]:
    """Give the walks of a city, in file order."""
    return tuple(records(catalogue.table("itineraries"), TABLES["itineraries"]))


def stops_of(catalogue: Catalogue, itinerary_id: str) -> tuple[Stop, ...]:
    """Give the stops of a walk, in the order in which they are walked; empty for none."""
    return _stops_by_walk(catalogue).get(itinerary_id, ())


@derived()
def _stops_by_walk(catalogue: Catalogue) -> Mapping[str, tuple[Stop, ...]]:
    stops: Iterable[Stop] = records(catalogue.table("stops"), TABLES["stops"])
    return grouped(sorted(stops, key=lambda stop: stop.order), lambda stop: stop.itinerary_id)


@derived()
def _calls_by_place(catalogue: Catalogue) -> Mapping[str, tuple[Call, ...]]:
    calls = [
        Call(itinerary=walk, stop=stop, number=number, n_stops=len(stops))
        for walk in itineraries(catalogue)
        for stops in [stops_of(catalogue, walk.id)]
        for number, stop in enumerate(stops, 1)
    ]
    return grouped(calls, lambda call: call.stop.place_id)
