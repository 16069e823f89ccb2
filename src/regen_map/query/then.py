"""A catalogue as it was known on a day, which shares with that of now whatever is the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd

from regen_map.catalogue import TABLES, Catalogue, Place, Project, derived, records


@dataclass(frozen=True, eq=False, kw_only=True)
class Then(Catalogue):
    """
    A catalogue whose projects, funding lines and milestones are other ones than now.

    Parameters
    ----------
    now
        Whose places and other tables it has.
    rows
        The records of the tables ``projects``, ``funding`` and ``milestones``, in the order
        of `frames`.
    """

    now: Catalogue
    rows: Mapping[str, tuple[Any, ...]]

    @property
    def places(self) -> gpd.GeoDataFrame:
        """The places of all families, indexed by ``id``, in EPSG:4326."""
        return self.now.places

    def place(self, place_id: str) -> Place | None:
        """Give one place, or None when there is none of that id."""
        return self.now.place(place_id)

    @property
    def place_ids(self) -> tuple[str, ...]:
        """The ids of all places, in the order of `places`."""
        return self.now.place_ids

    @cached_property
    def _by_id(self) -> Mapping[str, Project]:
        return {project.id: project for project in self.projects}

    def project(self, project_id: str) -> Project | None:
        """Give one project, or None when there is none of that id."""
        return self._by_id.get(project_id)

    @property
    def projects(self) -> tuple[Project, ...]:
        """All projects that were known, in file order."""
        return self.rows["projects"]


def rows_of(catalogue: Catalogue, table: str) -> tuple[Any, ...]:
    """
    Give the records of a table, in file order.

    Raises
    ------
    KeyError
        If there is no table of that name.
    """
    if isinstance(catalogue, Then) and table in catalogue.rows:
        return catalogue.rows[table]
    return _read(catalogue, table)


@derived(most=12)
def _read(catalogue: Catalogue, table: str) -> tuple[Any, ...]:
    return tuple(records(catalogue.table(table), TABLES[table]))
