"""What the money of some projects adds up to, never a euro twice nor two natures together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from regen_map.catalogue import Catalogue, Funding, Project
from regen_map.query.money import lines_of
from regen_map.query.projects import programmes
from regen_map.query.selection import UNKNOWN

_Key = TypeVar("_Key")
_Item = TypeVar("_Item")
_Group = TypeVar("_Group")

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """
    Money of one nature.

    Attributes
    ----------
    amount_eur
        Sum in euro of `lines`, exact to the cent.
    lines
        The counted funding lines that have an amount, projects in the order in which
        they were given, each project's in file order.
    n_unknown
        How many counted lines have none.
    """

    amount_eur: Decimal
    lines: tuple[Funding, ...]
    n_unknown: int

    @property
    def known(self) -> bool:
        """Whether there is any known amount: without one, nothing is no sum of 0 euro."""
        return bool(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """
    What some projects are together.

    Attributes
    ----------
    n_projects
        How many distinct projects.
    n_places
        How many distinct places they are at.
    n_unlocated
        How many of the projects have no place, or one whose position is not known.
    by_nature
        Sum of the counted lines by nature; natures without a counted line are left out.
    by_programme, by_level
        The same by the id of the programme, and by its level.
    by_year
        The same by the year of which each line tells, oldest first; None, last, where it
        tells of none.
    n_known
        How many projects have any known amount.
    contradicted
        Ids of the projects of which other figures exist, which are not counted.
    uncounted
        The lines with those figures.
    """

    n_projects: int
    n_places: int
    n_unlocated: int
    by_nature: Mapping[str, Sum]
    by_programme: Mapping[str, Mapping[str, Sum]]
    by_level: Mapping[str, Mapping[str, Sum]]
    by_year: Mapping[int | None, Mapping[str, Sum]]
    n_known: int
    contradicted: tuple[str, ...]
    uncounted: tuple[Funding, ...]


def totals_of(catalogue: Catalogue, projects: Iterable[Project]) -> Totals:
    """
    Add up the money of some projects.

    Parameters
    ----------
    catalogue
        Whose funding lines.
    projects
        Which projects; one that is given twice counts once.

    Returns
    -------
    Totals
        Lines that are not counted (older or contradicting figures) are listed and never
        added; natures are never added to each other; what is not known is counted, never
        taken for 0. Natures and levels come in the order of their vocabularies,
        programmes in file order.
    """
    distinct = {project.id: project for project in projects}
    lines = [line for project_id in distinct for line in lines_of(catalogue, project_id)]
    counted = [line for line in lines if line.counted]
    names = catalogue.vocabularies.names
    levels = {each.id: each.level for each in programmes(catalogue).values()}
    found = _grouped(counted, lambda line: line.nature)
    of_nature = {name: found[name] for name in names("nature") if name in found}

    def parted(
        key: Callable[[Funding], _Key], order: Iterable[_Key]
    ) -> Mapping[_Key, Mapping[str, Sum]]:
        groups = {name: _grouped(lines, key) for name, lines in of_nature.items()}
        sums = {
            part: {name: _sum(each[part]) for name, each in groups.items() if part in each}
            for part in order
        }
        return MappingProxyType(
            {part: MappingProxyType(each) for part, each in sums.items() if each}
        )

    years = {year for year in map(_year, counted) if year is not None}
    return Totals(
        n_projects=len(distinct),
        n_places=len({each.place_id for each in distinct.values() if each.place_id}),
        n_unlocated=sum(not has_position(catalogue, each) for each in distinct.values()),
        by_nature=MappingProxyType({name: _sum(each) for name, each in of_nature.items()}),
        by_programme=parted(lambda line: line.programme_id, levels),
        by_level=parted(lambda line: levels[line.programme_id], names("level")),
        by_year=parted(_year, (*sorted(years), None)),
        n_known=len({line.project_id for line in counted if line.amount_eur is not None}),
        contradicted=tuple(dict.fromkeys(line.project_id for line in lines if not line.counted)),
        uncounted=tuple(line for line in lines if not line.counted),
    )


def phases_of(
    catalogue: Catalogue, projects: Iterable[Project]
) -> Mapping[str, tuple[Project, ...]]:
    """
    Part projects by their phase.

    Returns
    -------
    mapping of str to tuple of Project
        Every phase in the order of the vocabulary, also where no project is in it, and
        `regen_map.query.UNKNOWN` last; each project once, in the order given.
    """
    distinct = {project.id: project for project in projects}
    found = _grouped(distinct.values(), lambda project: project.phase or UNKNOWN)
    order = (*catalogue.vocabularies.names("phase"), UNKNOWN)
    return MappingProxyType({phase: tuple(found.get(phase, ())) for phase in order})


def has_position(catalogue: Catalogue, project: Project) -> bool:
    """Tell whether it is known where a project is: it has a place, and that a position."""
    place = catalogue.place(project.place_id) if project.place_id else None
    return place is not None and place.lat is not None and place.lon is not None


def _grouped(
    items: Iterable[_Item], key: Callable[[_Item], _Group]
) -> Mapping[_Group, list[_Item]]:
    groups: dict[_Group, list[_Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _sum(counted: Sequence[Funding]) -> Sum:
    lines = [line for line in counted if line.amount_eur is not None]
    return Sum(
        amount_eur=sum([line.amount_eur or _NOTHING for line in lines], _NOTHING),
        lines=tuple(lines),
        n_unknown=len(counted) - len(lines),
    )


def _year(line: Funding) -> int | None:
    return line.as_of.year if line.as_of else None
