"""A walk of a visitor's own: when each place is reached, and which are left out."""

from __future__ import annotations

import datetime as dt
import enum
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np

from regen_map.catalogue import Catalogue, Place
from regen_map.query.entries import entry_index
from regen_map.query.nearby import WALKING_DETOUR, WALKING_M_PER_MINUTE, metric_positions
from regen_map.query.opening import (
    Opening,
    OpeningState,
    hours_hold,
    opening_at,
    walk_in,
    without_doors,
)
from regen_map.query.route_order import short_order

MOST_STOPS = 25
"""So many places of a wish count: nobody walks to more in a day."""

_MOST_WAYS = 24
"""So many ways to one stop with equally many before it are followed further."""

_YEAR = dt.timedelta(days=365)
"""For so long a place stays as it is where no change is known."""


class Doors(enum.StrEnum):
    """Which stops a visitor wants, by whether they are open on arrival."""

    ALL = "all"
    NOT_CLOSED = "not_closed"
    """Leaves out what is known to be closed."""
    OPEN = "open"
    """Keeps only what is known to be open, and what is seen without going in."""


class Reason(enum.StrEnum):
    """Why a place is left out."""

    TIME = "time"
    CLOSED = "closed"
    CEASED = "ceased"
    """It is closed for good."""
    HOURS_UNKNOWN = "hours_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """
    What a visitor wants to walk.

    Attributes
    ----------
    places
        Ids of places in the visitor's order; unknown ids and repeats are ignored, and
        so is what comes after `MOST_STOPS` places.
    start
        When the visitor is at the first stop, in any time zone.
    pause_min
        Minutes at each stop.
    budget_min
        Minutes in all, walking and pauses; None without limit.
    doors
        Which stops are wanted.

    Raises
    ------
    ValueError
        If the start has no time zone, or a time is negative.
    """

    places: tuple[str, ...]
    start: dt.datetime
    pause_min: int = 10
    budget_min: int | None = None
    doors: Doors = Doors.ALL

    def __post_init__(self) -> None:
        """Refuse what no walk can be planned with."""
        if self.start.utcoffset() is None:
            message = f"The start must have a time zone, got {self.start!r}."
            raise ValueError(message)
        if self.pause_min < 0 or (self.budget_min or 0) < 0:
            message = f"Minutes cannot be negative, got {self.pause_min}, {self.budget_min}."
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """
    One stop of a route.

    Attributes
    ----------
    place
        Where.
    number
        Which stop it is, counted from 1.
    arrival
        When the visitor arrives, to the minute, in the city's time zone.
    opening
        The place at that moment; unknown where its hours are, and where they do not
        let a visitor in.
    leg_m
        Metres walked from the last stop that has a position: straight line in the
        city's metric CRS times `regen_map.query.WALKING_DETOUR`; None for the first
        stop, and where this stop or every stop before has no position.
    leg_min
        Minutes of that walk; None where `leg_m` is.
    uncertainty_m
        By how many metres the straight line of the leg may be wrong: the accuracies of
        both ends together; 0 without a leg, and where none is stated.
    """

    place: Place
    number: int
    arrival: dt.datetime
    opening: Opening
    leg_m: float | None
    leg_min: float | None
    uncertainty_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A place that a visitor wanted and that does not fit, and why."""

    place: Place
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """
    A walk that can be walked.

    Attributes
    ----------
    arrivals
        Its stops, in order.
    left_out
        What does not fit, in the visitor's order.
    walked_m
        Metres walked between the stops that have a position.
    walking_min
        Minutes of it.
    total_min
        Walking and a pause at every stop, the last too.
    n_unlocated
        How many stops have no position, so that the way to them is not counted.
    """

    arrivals: tuple[Arrival, ...]
    left_out: tuple[LeftOut, ...]
    walked_m: float
    walking_min: float
    total_min: float
    n_unlocated: int


def route_of(catalogue: Catalogue, wish: Wish) -> Route:
    """
    Plan a walk in the visitor's order.

    Parameters
    ----------
    catalogue
        Where the places are.
    wish
        What the visitor wants.

    Returns
    -------
    Route
        As many of the places as fit into the time and the doors, in their order; of
        several such walks the shortest. Without limit and with all doors, all of them.
        No place that is left out could be put back in its turn.
    """
    plan = _Plan(catalogue=catalogue, wish=wish, stops=_stops(catalogue, wish.places))
    kept = plan.completed(_most(plan))
    arrivals, way = [], _Way()
    for number, index in enumerate(kept, 1):
        arrivals.append(plan.arrival(way, index, number))
        way = plan.forced(way, index)
    legs = [each.leg_m for each in arrivals if each.leg_m is not None]
    return Route(
        arrivals=tuple(arrivals),
        left_out=tuple(
            LeftOut(place=stop.place, reason=plan.reason(kept, index))
            for index, stop in enumerate(plan.stops)
            if index not in kept
        ),
        walked_m=sum(legs),
        walking_min=sum(legs) / WALKING_M_PER_MINUTE,
        total_min=way.minutes,
        n_unlocated=sum(plan.stops[index].metres is None for index in kept),
    )


def suggested_order(
    catalogue: Catalogue, places: Sequence[str], *, keep_first: bool = False
) -> tuple[str, ...]:
    """
    Order places so that the walk through them is short.

    Parameters
    ----------
    catalogue
        Where the places are.
    places
        Ids; unknown ones, repeats, and what comes after `MOST_STOPS` are left out.
    keep_first
        Whether the walk begins at the first of them.

    Returns
    -------
    tuple of str
        An open walk, see `regen_map.query.route_order.short_order`, over straight lines
        in the city's metric CRS. Places without a position come last, in their order,
        unless one of them is the first that is kept. Equal for equal parameters.
    """
    stops = _stops(catalogue, places)
    kept = stops[:1] if keep_first and stops and stops[0].metres is None else ()
    located = [stop for stop in stops if stop.metres is not None]
    others = [stop for stop in stops[len(kept) :] if stop.metres is None]
    metres = np.array([stop.metres for stop in located], dtype=np.float64).reshape(-1, 2)
    order = short_order(metres, keep_first=keep_first and not kept)
    ordered = (*kept, *(located[position] for position in order), *others)
    return tuple(stop.place.id for stop in ordered)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A place, its position in the metric CRS, and by how many metres that may be wrong."""

    place: Place
    metres: tuple[float, float] | None
    accuracy_m: float


def _stops(catalogue: Catalogue, places: Iterable[str]) -> tuple[_Stop, ...]:
    metres, accuracy = metric_positions(catalogue)
    found: list[_Stop] = []
    for place_id in dict.fromkeys(places):
        place, index = catalogue.place(place_id), entry_index(catalogue, place_id)
        if place is not None and index is not None and len(found) < MOST_STOPS:
            east, north = metres[index].tolist()
            position = None if math.isnan(east) else (east, north)
            found.append(_Stop(place, position, float(accuracy[index])))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Way:
    """
    A walk through some of the stops.

    Attributes
    ----------
    kept
        Which stops, as positions in those of the plan.
    minutes
        Walking and pauses up to the end of the last pause.
    located
        The last stop that has a position.
    """

    kept: tuple[int, ...] = ()
    minutes: float = 0.0
    located: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A wish, its stops, and what has been found out of their doors."""

    catalogue: Catalogue
    wish: Wish
    stops: tuple[_Stop, ...]
    seen: dict[int, list[tuple[dt.datetime, dt.datetime, OpeningState]]] = field(
        default_factory=dict
    )

    def leg_m(self, way: _Way, index: int) -> float | None:
        """Give the metres walked to one more stop."""
        there = self.stops[index].metres
        here = None if way.located is None else self.stops[way.located].metres
        if here is None or there is None:
            return None
        return math.dist(here, there) * WALKING_DETOUR

    def reached(self, way: _Way, index: int) -> float:
        """Give the minutes after which one more stop is reached."""
        return way.minutes + (self.leg_m(way, index) or 0.0) / WALKING_M_PER_MINUTE

    def forced(self, way: _Way, index: int) -> _Way:
        """Go on to one more stop, whether it fits or not."""
        minutes = self.reached(way, index) + self.wish.pause_min
        located = way.located if self.stops[index].metres is None else index
        return _Way((*way.kept, index), minutes, located)

    def after(self, way: _Way, index: int) -> _Way | Reason:
        """Go on to one more stop, or tell why that is not wanted."""
        place, doors = self.stops[index].place, self.wish.doors
        if doors is not Doors.ALL and not hours_hold(place):
            return Reason.CEASED
        guarded = not without_doors(place)
        if doors is Doors.OPEN and guarded and not (place.opening_hours and walk_in(place)):
            return Reason.HOURS_UNKNOWN
        further = self.forced(way, index)
        if self.wish.budget_min is not None and further.minutes > self.wish.budget_min:
            return Reason.TIME
        if doors is not Doors.ALL and guarded:
            state = self.state(index, self.moment(self.reached(way, index)))
            if state is OpeningState.CLOSED:
                return Reason.CLOSED
            if state is OpeningState.UNKNOWN and doors is Doors.OPEN:
                return Reason.HOURS_UNKNOWN
        return further

    def through(self, kept: Iterable[int]) -> _Way | Reason:
        """Walk through some stops, or tell why one of them is not wanted."""
        way = _Way()
        for index in kept:
            further = self.after(way, index)
            if isinstance(further, Reason):
                return further
            way = further
        return way

    def completed(self, kept: tuple[int, ...]) -> tuple[int, ...]:
        """Put back what fits in its turn."""
        for index in range(len(self.stops)):
            more = tuple(sorted({*kept, index}))
            if more != kept and isinstance(self.through(more), _Way):
                return self.completed(more)
        return kept

    def reason(self, kept: tuple[int, ...], index: int) -> Reason:
        """Tell why a stop is left out: where it would itself fit, others would not."""
        refused = self.through([*(each for each in kept if each < index), index])
        return refused if isinstance(refused, Reason) else Reason.TIME

    def moment(self, minutes: float) -> dt.datetime:
        """Give the whole minute so long after the start, in the city's time zone."""
        moment = self.wish.start.astimezone(dt.UTC) + dt.timedelta(minutes=round(minutes))
        return moment.astimezone(ZoneInfo(self.catalogue.city.time_zone))

    def opening(self, index: int, moment: dt.datetime) -> Opening:
        """Tell whether a visitor finds a stop open."""
        place = self.stops[index].place
        hours = place.opening_hours if walk_in(place) else None
        return opening_at(hours, moment, self.catalogue.city)

    def state(self, index: int, moment: dt.datetime) -> OpeningState:
        """Tell the same, asking only once for the time between two changes."""
        seen = self.seen.setdefault(index, [])
        for since, until, state in seen:
            if since <= moment < until:
                return state
        opening = self.opening(index, moment)
        seen.append((opening.at, opening.change or opening.at + _YEAR, opening.state))
        return opening.state

    def arrival(self, way: _Way, index: int, number: int) -> Arrival:
        """Describe the arrival at one more stop."""
        stop, leg_m = self.stops[index], self.leg_m(way, index)
        before = None if way.located is None or leg_m is None else self.stops[way.located]
        moment = self.moment(self.reached(way, index))
        return Arrival(
            place=stop.place,
            number=number,
            arrival=moment,
            opening=self.opening(index, moment),
            leg_m=leg_m,
            leg_min=None if leg_m is None else leg_m / WALKING_M_PER_MINUTE,
            uncertainty_m=before.accuracy_m + stop.accuracy_m if before else 0.0,
        )


def _most(plan: _Plan) -> tuple[int, ...]:
    """Find the walk through most of the stops, and the shortest of those."""
    everything = tuple(range(len(plan.stops)))
    if isinstance(plan.through(everything), _Way):
        return everything
    ways = [_Way()]
    for index in everything:
        further = [plan.after(way, index) for way in ways]
        ways = _promising(plan, [*ways, *(way for way in further if isinstance(way, _Way))])
    return min(ways, key=lambda way: (-len(way.kept), way.minutes, way.kept)).kept


def _promising(plan: _Plan, ways: Iterable[_Way]) -> list[_Way]:
    """
    Keep the ways worth following.

    Of those through equally many stops to the same one, the shortest is as good as all
    others, unless doors count: who comes later may find open what is closed now.
    """
    alike: dict[tuple[int | None, int], list[_Way]] = {}
    for way in sorted(ways, key=lambda way: (way.minutes, way.kept)):
        alike.setdefault((way.located, len(way.kept)), []).append(way)
    most = 1 if plan.wish.doors is Doors.ALL else _MOST_WAYS
    return [way for group in alike.values() for way in _spread(group, most)]


def _spread(ways: list[_Way], most: int) -> list[_Way]:
    """Choose some ways, from the shortest to the longest."""
    if len(ways) <= most:
        return ways
    if most == 1:
        return ways[:1]
    return [ways[round(each * (len(ways) - 1) / (most - 1))] for each in range(most)]
