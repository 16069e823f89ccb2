"""What is told of the surroundings of regenerated spaces, and of what the quarters lack."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from regen_map import query
from regen_map.catalogue import Family, Place, Project
from regen_map.facts.wording import Wording
from regen_map.query.context import AROUND, PROJECTS, basis_of
from regen_map.query.nearby import WALKING_DETOUR, WALKING_M_PER_MINUTE
from regen_map.query.placed import ACTIVE, CLOSED, field_of

MINUTES = (5, 10)
"""How long the walks are; a workshop is looked for within the first."""

COLUMNS = (
    "projects",
    "unlocated",
    "spaces",
    "far",
    "workshops_active",
    "workshops_unknown",
    "attractions",
    "closed",
)
"""What is told of a quarter: parts of `regen_map.query.QuarterGap`."""

_OF_PROJECTS = {PROJECTS, "unlocated"}
_HOUR_MIN = 60
_KILOMETRE_M = 1000


class Names(NamedTuple):
    """
    A number, and the names behind it.

    Attributes
    ----------
    label
        What is counted.
    n
        How many there are.
    names
        As many as fit, with what must be known of each.
    n_more
        How many there are beside.
    """

    label: str
    n: int
    names: Sequence[str]
    n_more: int


class ReachFacts(NamedTuple):
    """
    What lies within a walk.

    Attributes
    ----------
    label
        Which walk.
    line
        In one sentence.
    lists
        What the numbers in it stand for, nearest first.
    """

    label: str
    line: str
    lists: Sequence[Names]


class SpaceFacts(NamedTuple):
    """
    A space with projects, and what is around it.

    Attributes
    ----------
    found
        What was found.
    name, kind, quarter
        Of the place; the quarter is empty where it is not known.
    position
        How exactly it is known where the space is.
    projects
        Names of its projects.
    reaches
        What lies within each walk.
    nearest
        Which workshop is the nearest, as far as that can be told.
    rivals
        Those that may be as near.
    """

    found: query.Surroundings
    name: str
    kind: str
    quarter: str
    position: str
    projects: Sequence[str]
    reaches: Sequence[ReachFacts]
    nearest: str
    rivals: Names


class QuarterFacts(NamedTuple):
    """
    What a quarter has and lacks.

    Attributes
    ----------
    gap
        As it was counted.
    name
        Of the quarter, or that it is not known.
    cells
        The numbers, one for each of `COLUMNS`.
    lacks
        What is lacking there, a sentence each; empty where there are no projects.
    """

    gap: query.QuarterGap
    name: str
    cells: Sequence[Names]
    lacks: Sequence[str]


@dataclass(frozen=True)
class ContextFacts:
    """
    The surroundings of the places of some projects, in one language.

    Parameters
    ----------
    wording
        Catalogue and language, and the day.
    projects
        Which projects.
    most_names
        How many names are listed behind a number at most.
    """

    wording: Wording
    projects: Sequence[Project]
    most_names: int = 40

    @cached_property
    def located(self) -> Sequence[str]:
        """Ids of the places with a position that have one of the projects."""
        known = field_of(self.wording.catalogue).index
        distinct = dict.fromkeys(each.place_id for each in self.projects)
        return [each for each in distinct if each is not None and each in known]

    def spaces(self, first: int, count: int) -> Iterator[SpaceFacts]:
        """Tell of so many of the spaces of `located`."""
        return map(self.space, self.found(first, count, self.most_names))

    def found(self, first: int, count: int, most: int) -> Sequence[query.Surroundings]:
        """Find what is around so many of the spaces of `located`, so many ids of each kind."""
        wanted = set(self.located[first : first + count])
        chosen = [each for each in self.projects if each.place_id in wanted]
        return query.surroundings(self.wording.catalogue, chosen, MINUTES, most=most)

    @cached_property
    def quarters(self) -> Sequence[QuarterFacts]:
        """Tell of every quarter, also of those with nothing."""
        gaps = query.gaps_by_quarter(self.wording.catalogue, self.projects, MINUTES[0])
        return [self._quarter(each) for each in gaps]

    @property
    def headings(self) -> Sequence[str]:
        """What the numbers of a quarter are, one for each of `COLUMNS`."""
        return [self._heading(each) for each in COLUMNS]

    @property
    def summary(self) -> Sequence[str]:
        """What the quarters lack, each that lacks anything and has projects by itself."""
        words = self.wording.words
        told = [f"{each.name}: {' '.join(each.lacks)}" for each in self.quarters if each.lacks]
        known = [each for each in self.quarters if each.gap.quarter is not None]
        without = [each.name for each in known if not each.gap.projects and not each.gap.empty]
        nothing = [each.name for each in known if each.gap.empty]
        if without:
            told.append(words.text("context.lacks.projects", quarters=words.listing(without)))
        if nothing:
            told.append(words.text("context.lacks.everything", quarters=words.listing(nothing)))
        return told

    @property
    def method(self) -> Sequence[str]:
        """How distances are reckoned, what they rest on, and what is left out, in sentences."""
        words, basis = self.wording.words, basis_of(self.wording.catalogue)
        reaches = [
            words.count("context.method.reach", each, metres=round(query.metres_within(each)))
            for each in MINUTES
        ]
        told = [
            words.text(
                "context.method.walk",
                factor=words.number(WALKING_DETOUR, 1),
                speed=words.number(WALKING_M_PER_MINUTE * _HOUR_MIN / 1000, 1),
                reaches=words.listing(reaches),
            ),
            words.text("context.method.crs", crs=basis.crs, code=basis.crs_code),
            words.text("context.method.uncertainty"),
            words.text("context.method.status"),
        ]
        if basis.unstated:
            told.append(words.count("context.method.unstated", len(basis.unstated)))
        unplaced = {each: len(basis.unplaced[each]) for each in AROUND if each != PROJECTS}
        if any(unplaced.values()):
            what = [words.count(f"context.n.{each}", n) for each, n in unplaced.items() if n]
            told.append(words.text("context.method.unplaced", what=words.listing(what)))
        if n_unlocated := sum(len(each.gap.unlocated) for each in self.quarters):
            told.append(words.count("context.method.unlocated", n_unlocated))
        day = words.date(self.wording.day.isoformat())
        version = self.wording.catalogue.version
        return [*told, words.text("context.method.day", date=day, version=version)]

    # ------------------------------------------------------------ spaces

    def space(self, found: query.Surroundings) -> SpaceFacts:
        """Tell what was found around a place of the catalogue."""
        wording, words, nearest = self.wording, self.wording.words, found.nearest_workshop
        place = wording.catalogue.place(found.place_id)
        rivals = nearest.rivals if nearest else ()
        return SpaceFacts(
            found=found,
            name=wording.name(place),
            kind=wording.label("kind", place.kind, place.family) if place else "",
            quarter=wording.label("quarter", place.quarter) if place else "",
            position=words.text("context.position_line", what=self._position(found)),
            projects=[self._project(each) for each in found.projects],
            reaches=[self._reach(found, each) for each in found.reaches],
            nearest=" ".join(self._nearest(found, place)),
            rivals=self._list("rivals", rivals, len(rivals)),
        )

    def _position(self, found: query.Surroundings) -> str:
        words = self.wording.words
        if found.accuracy_m is None:
            return words.text("context.position_unstated")
        return words.text("context.position", metres=math.ceil(found.accuracy_m))

    def _reach(self, found: query.Surroundings, reach: query.Reach) -> ReachFacts:
        words, n_maybe = self.wording.words, sum(reach.n_maybe.values())
        what = [self._counted(reach, each) for each in AROUND if reach.n_sure[each]]
        vague = found.accuracy_m is None or found.accuracy_m >= reach.metres
        if what and n_maybe:
            said = words.count("context.sure_and_maybe", n_maybe, what=words.listing(what))
        elif what:
            said = words.listing(what)
        elif vague and n_maybe:
            said = words.count("context.vague_maybe", n_maybe, why=self._position(found))
        elif vague:
            said = words.text("context.vague", why=self._position(found))
        elif n_maybe:
            said = words.count("context.only_maybe", n_maybe)
        else:
            said = words.text("context.nothing")
        return ReachFacts(
            label=words.count("context.walk", reach.minutes),
            line=words.count("context.within", reach.minutes, what=said),
            lists=list(self._lists(reach)),
        )

    def _counted(self, reach: query.Reach, each: str) -> str:
        words, n_unknown = self.wording.words, reach.n_perhaps_active
        said = words.count(f"context.n.{each}", reach.n_sure[each])
        if each != Family.WORKSHOP or not n_unknown:
            return said
        return f"{said} {words.count('context.perhaps_active', n_unknown)}"

    def _lists(self, reach: query.Reach) -> Iterator[Names]:
        for certainty, counts, ids in (
            ("sure", reach.n_sure, reach.sure),
            ("maybe", reach.n_maybe, reach.maybe),
        ):
            for each in AROUND:
                if counts[each]:
                    yield self._list(f"{certainty}.{each}", ids[each], counts[each])
        if reach.n_closed:
            yield self._list("closed", reach.closed, reach.n_closed)

    def _nearest(self, found: query.Surroundings, place: Place | None) -> Iterator[str]:
        words, nearest, other = self.wording.words, found.nearest_workshop, found.nearest_unknown
        if place and place.family == Family.WORKSHOP and place.status == ACTIVE:
            yield words.text("context.nearest.itself")
        if nearest is None:
            yield words.text("context.nearest.none")
        else:
            yield self._how_far(nearest)
            if nearest.rivals:
                yield words.count("context.nearest.rivals", len(nearest.rivals))
        if other is not None and (nearest is None or other.distance_m < nearest.distance_m):
            name, distance = self._place(other.place_id), words.distance(other.distance_m)
            yield words.text("context.nearest.unknown", name=name, distance=distance)

    def _how_far(self, nearest: query.Nearest) -> str:
        words, name = self.wording.words, self._place(nearest.place_id)
        distance = words.distance(nearest.distance_m)
        if nearest.uncertainty_m is None:
            return words.text("context.nearest.unstated", name=name, distance=distance)
        uncertainty = self._no_more_than(nearest.uncertainty_m)
        if nearest.told_apart:
            return words.text(
                "context.nearest.about", name=name, distance=distance, uncertainty=uncertainty
            )
        most = self._no_more_than(nearest.distance_m + nearest.uncertainty_m)
        return words.text("context.nearest.vague", name=name, most=most, uncertainty=uncertainty)

    # ------------------------------------------------------------ quarters

    def _quarter(self, gap: query.QuarterGap) -> QuarterFacts:
        name = self.wording.label("quarter", gap.quarter)
        return QuarterFacts(
            gap=gap,
            name=name or self.wording.words.text("context.no_quarter"),
            cells=[self._cell(gap, each) for each in COLUMNS],
            lacks=list(self._lacks(gap)) if gap.projects else [],
        )

    def _cell(self, gap: query.QuarterGap, column: str) -> Names:
        ids: tuple[str, ...] = getattr(gap, column)
        return self._names(self._heading(column), column, ids, len(ids))

    def _heading(self, column: str) -> str:
        words = self.wording.words
        if column == "far":
            return words.count("context.far_from_workshops", MINUTES[0])
        return words.text(f"context.column.{column}")

    def _lacks(self, gap: query.QuarterGap) -> Iterator[str]:
        words = self.wording.words
        if gap.quarter is not None and not gap.workshops_active:
            yield self._no_workshop(gap)
        if gap.far:
            n_located = len(set(gap.spaces) & set(self.located))
            walk = words.count("context.walk", MINUTES[0])
            yield words.count("context.lacks.near", len(gap.far), total=n_located, walk=walk)
        if gap.far_as_known:
            yield words.count("context.lacks.near_as_known", len(gap.far_as_known))
        if gap.unlocated:
            yield words.count("context.lacks.position", len(gap.unlocated))

    def _no_workshop(self, gap: query.QuarterGap) -> str:
        words = self.wording.words
        if gap.workshops_unknown:
            return words.count("context.lacks.active", len(gap.workshops_unknown))
        ceased = (self.wording.catalogue.place(each) for each in gap.closed)
        if any(each is not None and each.family == Family.WORKSHOP for each in ceased):
            return words.text("context.lacks.open")
        return words.text("context.lacks.workshops")

    # ------------------------------------------------------------ names and metres

    def _list(self, key: str, ids: Sequence[str], n: int) -> Names:
        label = self.wording.words.text(f"context.list.{key}")
        return self._names(label, key.rpartition(".")[2], ids, n)

    def _names(self, label: str, key: str, ids: Sequence[str], n: int) -> Names:
        name = self._project if key in _OF_PROJECTS else self._place
        names = [name(each) for each in ids[: self.most_names]]
        return Names(label, n, names, n - len(names))

    def _project(self, project_id: str) -> str:
        project = self.wording.catalogue.project(project_id)
        return self.wording.name(project) if project else project_id

    def _place(self, place_id: str) -> str:
        place = self.wording.catalogue.place(place_id)
        if place is None:
            return place_id
        name, perhaps_active = self.wording.name(place), place.status not in (ACTIVE, CLOSED)
        if place.family != Family.WORKSHOP or not perhaps_active:
            return name
        return self.wording.words.text("context.name_perhaps_active", name=name)

    def _no_more_than(self, metres: float) -> str:
        """Write metres as `Translator.distance` does, but never less than they are."""
        step = 10 if metres < _KILOMETRE_M else 100
        return self.wording.words.distance(max(math.ceil(metres / step), 1) * step)
