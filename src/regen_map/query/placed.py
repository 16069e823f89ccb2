"""Where the places are in metres, and which lie near others, however exactly each is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from regen_map.catalogue import Catalogue, Family, derived
from regen_map.query.projects import projects_by_place

ACTIVE, CLOSED = "active", "closed"
"""Of the vocabulary ``status``; every other place may be either."""

_LEAST_SLACK_M = 64.0

_BLOCK = 256
"""So many places are looked from together: more would only need more memory."""

Indices: TypeAlias = NDArray[np.intp]
Metres: TypeAlias = NDArray[np.float64]
_Objects: TypeAlias = NDArray[np.object_]
_Mask: TypeAlias = NDArray[np.bool_]


class Pairs(NamedTuple):
    """
    Places near others, grouped by where one looks from, in its order.

    Attributes
    ----------
    at
        Which of the places from which one looks.
    there
        Which place of the field is near it.
    distance
        Metres.
    uncertainty
        Both accuracies in metres, NaN where one is not stated.
    slack
        The same, of those that are stated.
    """

    at: Indices
    there: Indices
    distance: Metres
    uncertainty: Metres
    slack: Metres

    def of(self, kept: _Mask | Indices | slice) -> Pairs:
        """Keep some of them."""
        return Pairs(
            self.at[kept],
            self.there[kept],
            self.distance[kept],
            self.uncertainty[kept],
            self.slack[kept],
        )

    def nearest_first(self) -> Pairs:
        """Sort them by distance; of equal ones the more exact, then the first in file order."""
        unstated_last = np.nan_to_num(self.uncertainty, nan=np.inf)
        return self.of(np.lexsort((self.there, unstated_last, self.distance, self.at)))

    def parts(self, count: int) -> Iterator[Pairs]:
        """Part them by which of so many places one looks from."""
        ends = np.searchsorted(self.at, np.arange(count + 1))
        return (self.of(slice(*each)) for each in pairwise(ends))

    def sure(self, within: float) -> _Mask:
        """Tell which lie so near wherever both are within their accuracy, in metres."""
        told: _Mask = self.distance + self.uncertainty <= within
        return told

    def possible(self, within: float) -> _Mask:
        """Tell which may lie so near, in metres; those that do for sure too."""
        told: _Mask = self.distance - self.slack <= within
        return told


class Grounds:
    """
    Some places, parted by how exactly they are known.

    One that is known to within kilometres must not widen the search for all others.

    Parameters
    ----------
    shapes, accuracy
        Of the whole field, as of `Field`.
    members
        Which of its places.

    Attributes
    ----------
    members
        The same.
    """

    def __init__(self, shapes: _Objects, accuracy: Metres, members: _Mask) -> None:
        self.members = members
        self._shapes = shapes
        self._accuracy = accuracy
        self._slack = np.nan_to_num(accuracy)
        self._x, self._y = shapely.get_x(shapes), shapely.get_y(shapes)
        _, magnitude = np.frexp(np.maximum(self._slack, _LEAST_SLACK_M))
        self._parts = [
            (part, shapely.STRtree(shapes[part]), self._slack[part].max())
            for each in np.unique(magnitude[members])
            if (part := np.flatnonzero(members & (magnitude == each))).size
        ]

    def near(self, here: Indices, within: Metres, *, as_drawn: bool = False) -> Pairs:
        """
        Find what lies, or may lie, near some places, these themselves left out.

        Parameters
        ----------
        here
            From which places of the field, shape ``(n,)``.
        within
            How far from each, in metres, shape ``(n,)``.
        as_drawn
            Whether accuracies do not count.
        """
        at, there = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
        for part, tree, most in self._parts:
            reach = within if as_drawn else within + self._slack[here] + most
            found = tree.query(self._shapes[here], predicate="dwithin", distance=reach)
            at.append(found[0])
            there.append(part[found[1]])
        pairs = self._measured(here, np.concatenate(at), np.concatenate(there))
        limit = within[pairs.at] + (0.0 if as_drawn else pairs.slack)
        pairs = pairs.of((pairs.distance <= limit) & (here[pairs.at] != pairs.there))
        return pairs.of(np.argsort(pairs.at, kind="stable"))

    def _measured(self, here: Indices, at: Indices, there: Indices) -> Pairs:
        other = here[at]
        distance = np.hypot(self._x[other] - self._x[there], self._y[other] - self._y[there])
        # Only a point has coordinates of its own.
        areas = np.flatnonzero(np.isnan(distance))
        distance[areas] = shapely.distance(self._shapes[other[areas]], self._shapes[there[areas]])
        return Pairs(
            at=at,
            there=there,
            distance=distance,
            uncertainty=self._accuracy[other] + self._accuracy[there],
            slack=self._slack[other] + self._slack[there],
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Field:
    """
    The places that have a position, in the order of the files.

    Attributes
    ----------
    ids, families
        One each.
    accuracy
        By how many metres each may be wrong, NaN where nobody states it; 0 for an area of
        which nobody does.
    closed
        Whether a place is.
    projects, n_projects
        Ids of the projects at each, and how many these are.
    index
        Where a place stands, by its id.
    everything, active, perhaps_active
        All of them; the workshops that are active, and those that may be.
    """

    ids: _Objects
    families: _Objects
    accuracy: Metres
    closed: _Mask
    projects: Sequence[tuple[str, ...]]
    n_projects: Indices
    index: Mapping[str, int]
    everything: Grounds
    active: Grounds
    perhaps_active: Grounds


@derived()
def field_of(catalogue: Catalogue) -> Field:
    """Give the places that have a position, in the city's metric CRS."""
    places = catalogue.places
    shapes = np.asarray(places.geometry.to_crs(catalogue.city.metric_crs), dtype=object)
    # What is missing or empty has no bounds, nor has what lies beyond those of its projection.
    located = np.flatnonzero(np.isfinite(shapely.bounds(shapes).reshape(-1, 4)).all(axis=1))
    places, shapes = places.iloc[located], shapes[located]
    is_area = shapely.get_type_id(shapes) != shapely.GeometryType.POINT
    stated = np.array(places["position_accuracy_m"].to_list(), dtype=np.float64)
    accuracy = np.where(is_area & np.isnan(stated), 0.0, stated)
    families = np.array(places["family"], dtype=object)
    status = np.array(places["status"], dtype=object)
    ids = np.array(places.index, dtype=object)
    workshop, closed = families == Family.WORKSHOP.value, status == CLOSED
    by_place = projects_by_place(catalogue)
    projects = [tuple(each.id for each in by_place.get(place_id, ())) for place_id in ids]
    return Field(
        ids=ids,
        families=families,
        accuracy=accuracy,
        closed=closed,
        projects=projects,
        n_projects=np.array([len(each) for each in projects], dtype=np.intp),
        index=MappingProxyType({place_id: at for at, place_id in enumerate(ids)}),
        everything=Grounds(shapes, accuracy, np.ones(ids.size, dtype=bool)),
        active=Grounds(shapes, accuracy, workshop & (status == ACTIVE)),
        perhaps_active=Grounds(shapes, accuracy, workshop & ~closed & (status != ACTIVE)),
    )


def blocks(field: Field, spaces: Iterable[str]) -> Iterator[tuple[Sequence[str], Indices]]:
    """Give the spaces that have a position, some at a time, and where they stand."""
    located = [each for each in spaces if each in field.index]
    for start in range(0, len(located), _BLOCK):
        block = located[start : start + _BLOCK]
        yield block, np.array([field.index[each] for each in block], dtype=np.intp)
