"""Who may know what a catalogue lacks."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from regen_map.catalogue import Catalogue, Event, Funding, Place, Project, Workshop
from regen_map.query.money import money_of
from regen_map.query.opening import hours_hold
from regen_map.query.projects import projects_at


class Role(enum.StrEnum):
    """What somebody who may know has to do with a row."""

    PROMOTER = "promoter"
    OWNER = "owner"
    PROGRAMME = "programme"
    """Whoever runs a programme."""
    PLACE = "place"
    """The business or the institution itself."""
    SOURCE = "source"
    """Who published the newest source: the last resort."""


class Party(NamedTuple):
    """
    Somebody who may know.

    Attributes
    ----------
    role
        Why.
    name
        A name as the file writes it; the id of a programme or a place; the host of a
        source.
    """

    role: Role
    name: str


def whom_of_project(catalogue: Catalogue, project: Project) -> tuple[Party, ...]:
    """Tell who may know of a project, the likeliest first, see `regen_map.query.Task`."""
    lines: tuple[Funding, ...] = money_of(catalogue, project.id).lines
    funds = [Party(Role.PROGRAMME, line.programme_id) for line in lines]
    named = (*_actors([project]), *dict.fromkeys(funds))
    return named or _newest_source(project)


def _actors(projects: Iterable[Project]) -> tuple[Party, ...]:
    """Give promoters and owners, each once: the promoter knows how it goes on."""
    roles: dict[str, Role] = {}
    listed = list(projects)
    for project in listed:
        for name in project.promoter:
            roles.setdefault(name, Role.PROMOTER)
    for project in listed:
        for name in project.owner:
            roles.setdefault(name, Role.OWNER)
    return tuple(Party(role, name) for name, role in roles.items())


def whom_of_place(catalogue: Catalogue, place: Place) -> tuple[Party, ...]:
    """Tell who may know of a place, the likeliest first, see `regen_map.query.Task`."""
    # Whoever works there can be visited, whatever is written of it; a square answers nobody.
    working = isinstance(place, Workshop) and hours_hold(place)
    answers = working or place.phone or place.email or place.website
    itself = [Party(Role.PLACE, place.id)] if answers else []
    named = (*itself, *_actors(projects_at(catalogue, place.id)))
    return named or _newest_source(place)


def whom_of_event(event: Event) -> tuple[Party, ...]:
    """Tell who may know of an event: who runs its site, else who published its newest source."""
    site = _host(event.website)
    return (Party(Role.SOURCE, site),) if site else _newest_source(event)


def _newest_source(row: Project | Place | Event) -> tuple[Party, ...]:
    address = newest_source(row)
    host = _host(address)
    return (Party(Role.SOURCE, host),) if host else ()


def newest_source(row: Project | Place | Event) -> str:
    """Give the address of the source with the latest date, else of the first; empty for none."""
    dates = dict.fromkeys(row.sources, dt.date.min)
    for address, date in zip(row.sources, row.source_dates, strict=False):
        if date is not None:
            dates[address] = max(dates[address], date.last_day)
    return max(dates, key=dates.__getitem__, default="")


def _host(address: str | None) -> str:
    try:
        return (urlsplit(address or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
