"""What the map and the list show: every place, and every project that has no place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regen_map.catalogue import Catalogue, Place, Project, derived
from regen_map.query.projects import projects_by_place

TOWN_WIDE = "project"
"""The family shown for projects without a place: they concern the whole town."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One line of the list.

    Attributes
    ----------
    key
        The place's id, or ``project:<id>`` for a project without a place.
    family
        A family of places, or `TOWN_WIDE`.
    place
        The place; None for a project without one.
    projects
        The projects at the place, or the one project.
    """

    key: str
    family: str
    place: Place | None
    projects: tuple[Project, ...]

    @property
    def subject(self) -> Place | Project:
        """What gives the entry its name and summary."""
        return self.place if self.place is not None else self.projects[0]


@derived()
def entries(catalogue: Catalogue) -> Sequence[Entry]:
    """
    List what a catalogue has to show.

    Returns
    -------
    sequence of Entry
        Places in the order of the files, then projects without a place. The
        position of an entry in it is the index that selections and the map use.
    """
    by_place = projects_by_place(catalogue)
    placed = [
        Entry(
            key=place_id,
            family=place.family,
            place=place,
            projects=by_place.get(place_id, ()),
        )
        for place_id in catalogue.place_ids
        if (place := catalogue.place(place_id)) is not None
    ]
    town_wide = [
        Entry(key=entry_key(project), family=TOWN_WIDE, place=None, projects=(project,))
        for project in catalogue.projects
        if project.place_id is None
    ]
    return (*placed, *town_wide)


def entry_key(project: Project) -> str:
    """Give the key of the entry under which a project is shown."""
    return project.place_id or f"project:{project.id}"


@derived()
def _positions(catalogue: Catalogue) -> dict[str, int]:
    return {entry.key: position for position, entry in enumerate(entries(catalogue))}


def entry_index(catalogue: Catalogue, key: str) -> int | None:
    """
    Find an entry.

    Returns
    -------
    int or None
        Its position in `entries`; None if there is none of that key.
    """
    return _positions(catalogue).get(key)
