"""What lies within a walk of each regenerated space."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from types import MappingProxyType

import numpy as np
import pyproj

from regen_map.catalogue import Catalogue, Family, Project, derived
from regen_map.query.nearby import WALKING_DETOUR, WALKING_M_PER_MINUTE
from regen_map.query.placed import CLOSED, Field, Grounds, Indices, Pairs, blocks, field_of

PROJECTS = "projects"
"""Stands among the families of places for projects."""

AROUND: tuple[str, ...] = (Family.WORKSHOP, Family.ATTRACTION, Family.PUBLIC_SPACE, PROJECTS)
"""What is looked for around a space, in the order in which it is told."""

_FIRST_LOOK_M = 64.0
_FARTHEST_M = 4e7
"""No two places on Earth are farther from each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """
    What lies within some minutes' walk of a space.

    Attributes
    ----------
    minutes, metres
        Of the walk, and how long a straight line it allows, see `metres_within`.
    n_sure
        How many lie within, by `AROUND`, wherever both positions are in their accuracy.
        Closed places are none of them, other projects at the space itself are.
    n_maybe
        How many lie within or not, depending on that. A position of which nobody states
        how exact it is is never sure: it is one of these if it is drawn within.
    n_perhaps_active
        How many of the workshops that lie within for sure are neither known to be active
        nor to be closed.
    n_closed
        How many closed places lie within, for sure or perhaps.
    sure, maybe, closed
        Their ids, nearest first, of each as many as were asked for.
    """

    minutes: int
    metres: float
    n_sure: Mapping[str, int]
    n_maybe: Mapping[str, int]
    n_perhaps_active: int
    n_closed: int
    sure: Mapping[str, tuple[str, ...]]
    maybe: Mapping[str, tuple[str, ...]]
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """
    The nearest of some places, as they are drawn.

    Attributes
    ----------
    place_id
        Which one.
    distance_m
        Straight line in metres, in the city's metric CRS.
    uncertainty_m
        By how many metres that may be wrong: both accuracies added up, not in quadrature,
        because doors that are drawn at the middle of one street err together. None where
        one of them is not stated.
    rivals
        Ids of those that may be as near, given all accuracies; nearest first.
    """

    place_id: str
    distance_m: float
    uncertainty_m: float | None
    rivals: tuple[str, ...]

    @property
    def told_apart(self) -> bool:
        """Whether the positions are known well enough to state the distance."""
        return self.uncertainty_m is not None and self.distance_m > self.uncertainty_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """
    What is around a space.

    Attributes
    ----------
    place_id
        The space.
    accuracy_m
        By how many metres its position may be wrong; None where nobody states it.
    projects
        Ids of the projects for which it is looked at.
    reaches
        One for each walk, in the order in which they were asked for.
    nearest_workshop
        The nearest other workshop that is active; None where none has a position.
    nearest_unknown
        The nearest of those of which nobody knows whether they are active.
    """

    place_id: str
    accuracy_m: float | None
    projects: tuple[str, ...]
    reaches: tuple[Reach, ...]
    nearest_workshop: Nearest | None
    nearest_unknown: Nearest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """
    What the distances of a catalogue rest on.

    Attributes
    ----------
    crs, crs_code
        The name of the city's metric CRS, and its code, such as ``EPSG:7791``.
    unplaced
        Ids by family of the places without a position, closed ones left out: none of
        them is in any count of what is near.
    unstated
        Ids of the points of which nobody states how exact they are.
    """

    crs: str
    crs_code: str
    unplaced: Mapping[str, tuple[str, ...]]
    unstated: tuple[str, ...]


def metres_within(minutes: int) -> float:
    """
    Give how long a straight line some minutes of walking allow.

    Returns
    -------
    float
        Metres: at `WALKING_M_PER_MINUTE`, and `WALKING_DETOUR` times the straight line,
        as in `regen_map.query.walking_minutes`.
    """
    return minutes * WALKING_M_PER_MINUTE / WALKING_DETOUR


def surroundings(
    catalogue: Catalogue,
    projects: Sequence[Project],
    minutes: Sequence[int] = (5, 10),
    *,
    most: int | None = None,
) -> tuple[Surroundings, ...]:
    """
    Tell what lies around the places of some projects.

    Distances are straight lines in the city's metric CRS, from the edge of what is drawn
    as an area. An area of which nobody states how exact it is is taken as it is drawn.

    Parameters
    ----------
    catalogue
        The whole of it is looked at: other projects are those that are not asked for too.
    projects
        Around whose places; one that is given twice counts once.
    minutes
        How long the walks are.
    most
        How many ids are listed of each kind; None for all.

    Returns
    -------
    tuple of Surroundings
        One for each place with a position, in the order of its first project; the other
        projects are left out.
    """
    field = field_of(catalogue)
    chosen = _by_space(projects)
    found: list[Surroundings] = []
    for block, here in blocks(field, chosen):
        reaches = _reaches(field, here, [chosen[each] for each in block], minutes, most)
        active = _nearest(field, field.active, here)
        unknown = _nearest(field, field.perhaps_active, here)
        found.extend(
            Surroundings(
                place_id=place_id,
                accuracy_m=_stated(field.accuracy[here[at]]),
                projects=chosen[place_id],
                reaches=reaches[at],
                nearest_workshop=active.get(at),
                nearest_unknown=unknown.get(at),
            )
            for at, place_id in enumerate(block)
        )
    return tuple(found)


@derived()
def basis_of(catalogue: Catalogue) -> Basis:
    """Tell what the distances of a catalogue rest on."""
    field, code = field_of(catalogue), catalogue.city.metric_crs
    unplaced: dict[str, list[str]] = {family: [] for family in Family}
    for place_id in catalogue.place_ids:
        place = catalogue.place(place_id)
        if place is not None and place_id not in field.index and place.status != CLOSED:
            unplaced[place.family].append(place_id)
    return Basis(
        crs=pyproj.CRS(code).name,
        crs_code=code,
        unplaced=MappingProxyType({family: tuple(ids) for family, ids in unplaced.items()}),
        unstated=tuple(field.ids[np.isnan(field.accuracy)].tolist()),
    )


def _by_space(projects: Iterable[Project]) -> Mapping[str, tuple[str, ...]]:
    """Group the ids of projects by their place."""
    found: dict[str, dict[str, None]] = {}
    for project in projects:
        if project.place_id is not None:
            found.setdefault(project.place_id, {})[project.id] = None
    return {place_id: tuple(ids) for place_id, ids in found.items()}


def _reaches(
    field: Field,
    here: Indices,
    chosen: Sequence[tuple[str, ...]],
    minutes: Sequence[int],
    most: int | None,
) -> list[tuple[Reach, ...]]:
    """Tell what lies within the walks from each of some places."""
    farthest = max(map(metres_within, minutes), default=0.0)
    pairs = field.everything.near(here, np.full(here.size, farthest))
    found = []
    for at, around in enumerate(pairs.parts(here.size)):
        nearest = around.nearest_first()
        others = tuple(each for each in field.projects[here[at]] if each not in chosen[at])
        found.append(tuple(_reach(field, nearest, others, each, most) for each in minutes))
    return found


def _reach(
    field: Field, around: Pairs, others: tuple[str, ...], minutes: int, most: int | None
) -> Reach:
    metres = metres_within(minutes)
    sure, possible = around.sure(metres), around.possible(metres)
    n_sure, ids_sure = _by_family(field, around.there[sure], others, most)
    n_maybe, ids_maybe = _by_family(field, around.there[possible & ~sure], (), most)
    within = around.there[possible]
    closed = within[field.closed[within]]
    return Reach(
        minutes=minutes,
        metres=metres,
        n_sure=n_sure,
        n_maybe=n_maybe,
        n_perhaps_active=int(field.perhaps_active.members[around.there[sure]].sum()),
        n_closed=closed.size,
        sure=ids_sure,
        maybe=ids_maybe,
        closed=tuple(field.ids[closed[:most]].tolist()),
    )


def _by_family(
    field: Field, there: Indices, others: tuple[str, ...], most: int | None
) -> tuple[Mapping[str, int], Mapping[str, tuple[str, ...]]]:
    """Count places and their projects, and list as many as asked for."""
    standing = there[~field.closed[there]]
    families = field.families[standing]
    parts = {each: standing[families == each] for each in AROUND[:-1]}
    counts = {each: part.size for each, part in parts.items()}
    counts[PROJECTS] = len(others) + int(field.n_projects[there].sum())
    ids = {each: tuple(field.ids[part[:most]].tolist()) for each, part in parts.items()}
    with_projects = there[field.n_projects[there] > 0][:most].tolist()
    near = chain(others, *(field.projects[at] for at in with_projects))
    ids[PROJECTS] = tuple(islice(near, most))
    return MappingProxyType(counts), MappingProxyType(ids)


def _nearest(field: Field, grounds: Grounds, here: Indices) -> Mapping[int, Nearest]:
    """Find the nearest of some places to each of others, by where these stand in `here`."""
    found: dict[int, Nearest] = {}
    waiting, within = np.arange(here.size), _FIRST_LOOK_M
    while waiting.size and within < _FARTHEST_M:
        looking = here[waiting]
        drawn = grounds.near(looking, np.full(waiting.size, within), as_drawn=True)
        pairs = drawn.nearest_first()
        at, first = np.unique(pairs.at, return_index=True)
        best = pairs.of(first)
        rivals = grounds.near(looking[at], best.distance + best.slack)
        for row, others in enumerate(rivals.parts(at.size)):
            ids = field.ids[others.nearest_first().there].tolist()
            place_id = field.ids[best.there[row]]
            found[int(waiting[at[row]])] = Nearest(
                place_id=place_id,
                distance_m=float(best.distance[row]),
                uncertainty_m=_stated(best.uncertainty[row]),
                rivals=tuple(each for each in ids if each != place_id),
            )
        waiting, within = np.delete(waiting, at), within * 2
    return found


def _stated(accuracy: float) -> float | None:
    return None if np.isnan(accuracy) else float(accuracy)
