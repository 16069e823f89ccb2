"""Which projects and programmes belong to which place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

from regen_map.catalogue import Catalogue, Milestone, PartialDate, Programme, Project, derived
from regen_map.query.then import rows_of

_Row = TypeVar("_Row")


def grouped(rows: Iterable[_Row], key: Callable[[_Row], str]) -> Mapping[str, tuple[_Row, ...]]:
    """Group rows by a key, groups and their rows in the order in which they come."""
    groups: dict[str, list[_Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return MappingProxyType({name: tuple(group) for name, group in groups.items()})


@derived()
def projects_by_place(catalogue: Catalogue) -> Mapping[str, tuple[Project, ...]]:
    """Group the projects that have a place by its id, each group in file order."""
    placed = [project for project in catalogue.projects if project.place_id is not None]
    return grouped(placed, lambda project: project.place_id or "")


def projects_at(catalogue: Catalogue, place_id: str) -> tuple[Project, ...]:
    """Give the projects at a place, in file order; empty when there are none."""
    return projects_by_place(catalogue).get(place_id, ())


def told_dates(project: Project) -> Iterator[tuple[str, PartialDate]]:
    """
    Give the dates of a project that are known, by the names of their columns.

    Yields
    ------
    tuple of str and PartialDate
        From the start to the end; the declared end only where it is another one
        than the first that was declared.
    """
    first, latest = project.first_declared_end, project.declared_end
    postponed = first is None or (
        latest is not None and (latest.surely_after(first) or first.surely_after(latest))
    )
    for name in ("start", "first_declared_end", "declared_end", "end"):
        date = getattr(project, name)
        if date is not None and (name != "declared_end" or postponed):
            yield name, date


@derived()
def programme_ids_by_project(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """Group the distinct programmes that fund each project by its id."""
    found: dict[str, dict[str, None]] = {}
    for line in rows_of(catalogue, "funding"):
        found.setdefault(line.project_id, {})[line.programme_id] = None
    return MappingProxyType({project: tuple(ids) for project, ids in found.items()})


@derived()
def programmes(catalogue: Catalogue) -> Mapping[str, Programme]:
    """Give the programmes by id, in file order."""
    return MappingProxyType({each.id: each for each in rows_of(catalogue, "programmes")})


def programmes_of(catalogue: Catalogue, project_id: str) -> tuple[Programme, ...]:
    """Give the programmes that fund a project, in the order of its funding lines."""
    known = programmes(catalogue)
    return tuple(known[each] for each in programme_ids_by_project(catalogue).get(project_id, ()))


@derived()
def milestones_by_project(catalogue: Catalogue) -> Mapping[str, tuple[Milestone, ...]]:
    """Group the milestones by project, oldest first."""
    steps: Iterable[Milestone] = rows_of(catalogue, "milestones")
    oldest_first = sorted(steps, key=lambda step: step.date.first_day)
    return grouped(oldest_first, lambda step: step.project_id)


def milestones_of(catalogue: Catalogue, project_id: str) -> tuple[Milestone, ...]:
    """Give the dated steps of a project, oldest first."""
    return milestones_by_project(catalogue).get(project_id, ())
