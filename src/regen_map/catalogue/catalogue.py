"""One immutable, validated state of a city's data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import geopandas as gpd
import pandas as pd

from regen_map.catalogue.city import City
from regen_map.catalogue.schema import PLACE_TABLES, TABLES, Place, Project
from regen_map.catalogue.tables import combine_places, records
from regen_map.catalogue.vocabulary import Vocabularies

_LENGTH = 16
"""Digits of a version."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """
    A city's places, projects, money and steps at one moment.

    Nothing in it changes: tables are handed out as copy-on-write views, so
    what a caller does to them is never seen by another. A change of the data is
    another catalogue with another `version`.

    Parameters
    ----------
    city
        What the map is about.
    vocabularies
        Terms and their labels.
    frames
        The tables by name, made by `regen_map.catalogue.tables.to_frame`.
    version
        Hash of the content: equal for equal data, wherever it was read.
    left_out
        The keys of the rows that the files have, but that are in no table because of a
        fault, by table; of rows whose key is itself unsound nothing is told.
    """

    city: City
    vocabularies: Vocabularies
    frames: Mapping[str, pd.DataFrame]
    version: str
    left_out: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """
        Give one table.

        Returns
        -------
        pandas.DataFrame
            A GeoDataFrame in EPSG:4326 for the located ones; see
            `regen_map.catalogue.tables.to_frame`.

        Raises
        ------
        KeyError
            If there is no table of that name.
        """
        return self.frames[name].copy(deep=False)

    def with_tables(self, frames: Mapping[str, pd.DataFrame]) -> Catalogue:
        """
        Put other tables in the place of some.

        Parameters
        ----------
        frames
            Tables by name, made by `regen_map.catalogue.tables.to_frame` or a selection
            of the rows of one.

        Returns
        -------
        Catalogue
            This one where each is the very table it has. Else another, whose version is
            made of this one's and of what the other tables hold: equal for equal tables
            put into equal catalogues.

        Raises
        ------
        KeyError
            If there is no table of one of the names.
        """
        others = {name: each for name, each in frames.items() if each is not self.frames[name]}
        if not others:
            return self
        columns = [
            [name, column, each[column].tolist()]
            for name, each in sorted(others.items())
            for column in each
        ]
        content = json.dumps([self.version, columns], default=str)
        version = hashlib.sha256(content.encode()).hexdigest()[:_LENGTH]
        return replace(self, frames={**self.frames, **others}, version=version)

    @property
    def places(self) -> gpd.GeoDataFrame:
        """The places of all families, indexed by ``id``, in EPSG:4326."""
        return self._places.copy(deep=False)

    @cached_property
    def _places(self) -> gpd.GeoDataFrame:
        return combine_places(
            [(table, gpd.GeoDataFrame(self.frames[table.name])) for table in PLACE_TABLES]
        )

    @cached_property
    def _place_records(self) -> Mapping[str, Place]:
        return MappingProxyType(
            {
                place.id: place
                for table in PLACE_TABLES
                for place in records(self.frames[table.name], table)
            }
        )

    @cached_property
    def _project_records(self) -> Mapping[str, Project]:
        rows = records(self.frames["projects"], TABLES["projects"])
        return MappingProxyType({project.id: project for project in rows})

    def place(self, place_id: str) -> Place | None:
        """Give one place, or None when there is none of that id."""
        return self._place_records.get(place_id)

    def project(self, project_id: str) -> Project | None:
        """Give one project, or None when there is none of that id."""
        return self._project_records.get(project_id)

    @property
    def place_ids(self) -> tuple[str, ...]:
        """The ids of all places, in the order of `places`."""
        return tuple(self._place_records)

    @property
    def projects(self) -> tuple[Project, ...]:
        """All projects, in file order."""
        return tuple(self._project_records.values())
