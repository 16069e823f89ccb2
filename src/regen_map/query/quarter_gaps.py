"""What the quarters have and lack: projects, workshops, attractions, and workshops near spaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from regen_map.catalogue import Catalogue, Family, Place, Project
from regen_map.query.context import metres_within
from regen_map.query.placed import ACTIVE, CLOSED, Field, blocks, field_of


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterGap:
    """
    What there is in a quarter, and what is lacking; everything by its ids.

    Attributes
    ----------
    quarter
        None for what is in no known quarter.
    projects, unlocated
        Those of the projects asked for that are in it, and which of these have no position.
    spaces
        The places with these projects.
    workshops_active, workshops_unknown
        The workshops in it, with or without a position; the latter are neither known to
        be active nor to be closed.
    attractions
        Those that are not closed.
    closed
        The closed workshops and attractions.
    far
        The spaces with a position that have no other active workshop for sure within the
        walk, and are none themselves.
    far_as_known
        Those of them that have none perhaps within it either. A workshop without a
        position may still be there.
    """

    quarter: str | None
    projects: tuple[str, ...]
    unlocated: tuple[str, ...]
    spaces: tuple[str, ...]
    workshops_active: tuple[str, ...]
    workshops_unknown: tuple[str, ...]
    attractions: tuple[str, ...]
    closed: tuple[str, ...]
    far: tuple[str, ...]
    far_as_known: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing is known in it."""
        return not (
            self.projects
            or self.workshops_active
            or self.workshops_unknown
            or self.attractions
            or self.closed
        )


_LOOKS_M = (30.0, 100.0)

_PARTS = tuple(each.name for each in fields(QuarterGap) if each.name != "quarter")


def gaps_by_quarter(
    catalogue: Catalogue, projects: Sequence[Project], minutes: int = 5
) -> tuple[QuarterGap, ...]:
    """
    Tell what each quarter has and lacks.

    Parameters
    ----------
    catalogue
        Whose workshops and attractions.
    projects
        Which projects; each is in the quarter that it names, else in that of its place,
        and a place without a quarter in that of its first project.
    minutes
        How long a walk to a workshop may be.

    Returns
    -------
    tuple of QuarterGap
        Every quarter of the vocabulary in its order, also those with nothing; None last,
        where anything is in no known quarter.
    """
    field = field_of(catalogue)
    parts = _Parts()
    homes: dict[str, str | None] = {}
    for project in {each.id: each for each in projects}.values():
        place = catalogue.place(project.place_id) if project.place_id else None
        quarter = project.quarter or (place.quarter if place else None)
        parts.put("projects", quarter, project.id)
        if place is None or place.id not in field.index:
            parts.put("unlocated", quarter, project.id)
        if place is not None:
            homes[place.id] = place.quarter or homes.get(place.id) or quarter
    for place_id, home in homes.items():
        parts.put("spaces", home, place_id)
    for place_id, sure, maybe in _workshop_near(field, homes, metres_within(minutes)):
        if not sure:
            parts.put("far", homes[place_id], place_id)
        if not maybe:
            parts.put("far_as_known", homes[place_id], place_id)
    for part, place in _workshops_and_attractions(catalogue):
        parts.put(part, place.quarter, place.id)
    return tuple(map(parts.gap, parts.quarters(catalogue.vocabularies.names("quarter"))))


class _Parts:
    """Ids by quarter, for each part of a `QuarterGap`."""

    def __init__(self) -> None:
        self._ids: dict[str | None, dict[str, list[str]]] = {}

    def put(self, part: str, quarter: str | None, item: str) -> None:
        """Put an id into a part of a quarter."""
        self._ids.setdefault(quarter, {}).setdefault(part, []).append(item)

    def quarters(self, vocabulary: Iterable[str]) -> Sequence[str | None]:
        """List the quarters of a vocabulary, those that it lacks, and what is in none."""
        named = dict.fromkeys([*vocabulary, *(each for each in self._ids if each is not None)])
        return [*named, None] if None in self._ids else [*named]

    def gap(self, quarter: str | None) -> QuarterGap:
        """Tell of a quarter."""
        ids: Mapping[str, list[str]] = self._ids.get(quarter, {})
        parts = {name: tuple(ids.get(name, ())) for name in _PARTS}
        return QuarterGap(quarter=quarter, **parts)


def _workshop_near(
    field: Field, spaces: Iterable[str], within_m: float
) -> Iterator[tuple[str, bool, bool]]:
    """Tell of each space with a position whether an active workshop is near, surely or perhaps."""
    for block, here in blocks(field, spaces):
        sure = field.active.members[here]
        # Most spaces have one very near; only for the others one has to look farther.
        for look in (*(each for each in _LOOKS_M if each < within_m), within_m):
            (waiting,) = np.nonzero(~sure)
            reach = np.full(waiting.size, look)
            pairs = field.active.near(here[waiting], reach, as_drawn=True)
            sure[waiting[pairs.at[pairs.sure(within_m)]]] = True
        maybe = sure.copy()
        (waiting,) = np.nonzero(~sure)
        pairs = field.active.near(here[waiting], np.full(waiting.size, within_m))
        maybe[waiting[pairs.at]] = True
        yield from zip(block, sure.tolist(), maybe.tolist(), strict=True)


def _workshops_and_attractions(catalogue: Catalogue) -> Iterator[tuple[str, Place]]:
    """Give them, each with the part of `QuarterGap` that it belongs to."""
    for place_id in catalogue.place_ids:
        place = catalogue.place(place_id)
        if place is None or place.family == Family.PUBLIC_SPACE:
            continue
        if place.status == CLOSED:
            yield "closed", place
        elif place.family == Family.ATTRACTION:
            yield "attractions", place
        else:
            active = place.status == ACTIVE
            yield "workshops_active" if active else "workshops_unknown", place
