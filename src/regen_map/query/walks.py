"""Which walks come through a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from regen_map.catalogue import TABLES, Catalogue, Itinerary, Stop, records
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


@lru_cache(maxsize=4)
def _calls_by_place(catalogue: Catalogue) -> Mapping[str, tuple[Call, ...]]:
    walks: Iterable[Itinerary] = records(catalogue.table("itineraries"), TABLES["itineraries"])
    stops: Iterable[Stop] = records(catalogue.table("stops"), TABLES["stops"])
    by_walk = grouped(sorted(stops, key=lambda stop: stop.order), lambda stop: stop.itinerary_id)
    calls = [
        Call(itinerary=walk, stop=stop, number=number, n_stops=len(by_walk[walk.id]))
        for walk in walks
        for number, stop in enumerate(by_walk.get(walk.id, ()), 1)
    ]
    return grouped(calls, lambda call: call.stop.place_id)
