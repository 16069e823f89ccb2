"""Which projects, programmes and events belong to which place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from regen_map.catalogue import TABLES, Catalogue, Event, Milestone, Programme, Project, records


@lru_cache(maxsize=4)
def projects_by_place(catalogue: Catalogue) -> Mapping[str, tuple[Project, ...]]:
    """Group the projects that have a place by its id, each group in file order."""
    grouped: dict[str, list[Project]] = {}
    for project in catalogue.projects:
        if project.place_id is not None:
            grouped.setdefault(project.place_id, []).append(project)
    return MappingProxyType({place: tuple(group) for place, group in grouped.items()})


def projects_at(catalogue: Catalogue, place_id: str) -> tuple[Project, ...]:
    """Give the projects at a place, in file order; empty when there are none."""
    return projects_by_place(catalogue).get(place_id, ())


@lru_cache(maxsize=4)
def programme_ids_by_project(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """Group the distinct programmes that fund each project by its id."""
    funding = catalogue.table("funding")
    grouped: dict[str, dict[str, None]] = {}
    for project, programme in zip(funding["project_id"], funding["programme_id"], strict=True):
        grouped.setdefault(project, {})[programme] = None
    return MappingProxyType({project: tuple(ids) for project, ids in grouped.items()})


@lru_cache(maxsize=4)
def programmes(catalogue: Catalogue) -> Mapping[str, Programme]:
    """Give the programmes by id, in file order."""
    rows = records(catalogue.table("programmes"), TABLES["programmes"])
    return MappingProxyType({programme.id: programme for programme in rows})


def programmes_of(catalogue: Catalogue, project_id: str) -> tuple[Programme, ...]:
    """Give the programmes that fund a project, in the order of its funding lines."""
    known = programmes(catalogue)
    return tuple(known[each] for each in programme_ids_by_project(catalogue).get(project_id, ()))


@lru_cache(maxsize=4)
def milestones_by_project(catalogue: Catalogue) -> Mapping[str, tuple[Milestone, ...]]:
    """Group the milestones by project, oldest first."""
    grouped: dict[str, list[Milestone]] = {}
    for step in records(catalogue.table("milestones"), TABLES["milestones"]):
        grouped.setdefault(step.project_id, []).append(step)
    return MappingProxyType(
        {
            project: tuple(sorted(steps, key=lambda step: step.date.first_day))
            for project, steps in grouped.items()
        }
    )


def milestones_of(catalogue: Catalogue, project_id: str) -> tuple[Milestone, ...]:
    """Give the dated steps of a project, oldest first."""
    return milestones_by_project(catalogue).get(project_id, ())


@lru_cache(maxsize=4)
def _events_by_place(catalogue: Catalogue) -> Mapping[str, tuple[Event, ...]]:
    grouped: dict[str, list[Event]] = {}
    for event in records(catalogue.table("events"), TABLES["events"]):
        grouped.setdefault(event.place_id or "", []).append(event)
    return MappingProxyType({place: tuple(events) for place, events in grouped.items()})


def events_at(catalogue: Catalogue, place_id: str) -> tuple[Event, ...]:
    """Give the events held at a place, in file order."""
    return _events_by_place(catalogue).get(place_id, ())
