"""Projects that somebody chose, with what tells where the choice is from."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shapely.geometry.base import BaseGeometry

from regen_map.catalogue import TABLES, Catalogue, Funding, Milestone, Programme, Project
from regen_map.facts.links import one_direction, web_link
from regen_map.facts.wording import Wording
from regen_map.messages import Translator, translator
from regen_map.query import money_of, programmes
from regen_map.query.projects import milestones_of
from regen_map.query.totals import Totals, totals_of

PROJECTS = TABLES["projects"]

_NOT_IN_NAME = re.compile(r"[^a-z0-9]+")
_NOT_PRINTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters, halves of characters, and two that XML cannot hold."""
_LENGTH_OF_VERSION = 8


@dataclass(frozen=True, kw_only=True)
class Extract:
    """
    A selection of projects to be taken away.

    Attributes
    ----------
    catalogue
        Where they are from.
    projects
        The projects, in the order in which they are told; may be empty.
    language
        Of the words, one of `regen_map.messages.LANGUAGES`.
    filters
        What was asked for, as label and value in words; empty for all projects.
    day
        Of which it tells: delays are measured to it.
    taken
        When it is taken, in the city's calendar; None for that day.
    site
        Address of the page it is taken from; empty where that is not known.
    """

    catalogue: Catalogue
    projects: tuple[Project, ...]
    language: str
    filters: Sequence[tuple[str, str]] = ()
    day: dt.date
    taken: dt.date | None = None
    site: str = ""

    @property
    def words(self) -> Translator:
        """The messages of its language."""
        return translator(self.language)

    @cached_property
    def wording(self) -> Wording:
        """Names, texts and terms in its language."""
        return Wording(self.catalogue, self.words, self.day)

    @property
    def title(self) -> str:
        """What it is."""
        return self.words.text("selection.title", city=self.catalogue.city.name(self.language))

    @cached_property
    def totals(self) -> Totals:
        """What the projects are together."""
        return totals_of(self.catalogue, self.projects)

    @cached_property
    def funding(self) -> Sequence[Funding]:
        """Every funding line of the projects, in their order."""
        found = (money_of(self.catalogue, each.id).lines for each in self.projects)
        return [line for lines in found for line in lines]

    @cached_property
    def milestones(self) -> Sequence[Milestone]:
        """Every milestone of the projects, in their order, oldest first."""
        return [step for each in self.projects for step in milestones_of(self.catalogue, each.id)]

    @cached_property
    def programmes(self) -> Sequence[Programme]:
        """The programmes of the funding lines, in file order."""
        named = {line.programme_id for line in self.funding}
        return [each for each in programmes(self.catalogue).values() if each.id in named]

    @cached_property
    def shapes(self) -> Sequence[BaseGeometry | None]:
        """
        Where the places of the projects are, one for each project.

        x = longitude, y = latitude, WGS84; None where no place or no position is known.
        """
        known: Mapping[Any, BaseGeometry | None] = self.catalogue.places.geometry.to_dict()
        return [known.get(each.place_id) for each in self.projects]

    def file_name(self, ending: str) -> str:
        """
        Name a file: what it holds, of which city, of which day and state of the data.

        Parameters
        ----------
        ending
            Without its dot, such as ``"csv"``.

        Returns
        -------
        str
            Small letters, digits, hyphens and dots alone, such as
            ``"progetti-carrara-2026-11-22-637db160.csv"``: it stands in headers of HTTP,
            and its first word tells ``regen-map check`` which table it is.
        """
        parts = (
            _simple(self.words.text("selection.file")),
            _simple(self.catalogue.city.name(self.language)),
            self.day.isoformat(),
            _simple(self.catalogue.version[:_LENGTH_OF_VERSION]),
        )
        return f"{'-'.join(filter(None, parts))}.{ending}"

    def provenance(self) -> Sequence[tuple[str, str]]:
        """
        Say where the data are from and what was asked for.

        Returns
        -------
        sequence of tuple of str and str
            Label and value in words: filters, day, version, publisher, licence, page.
        """
        words, city = self.words, self.catalogue.city
        licence = " · ".join(filter(None, (city.licence, web_link(city.licence_url))))
        told = (
            ("selection.taken_on", words.date((self.taken or self.day).isoformat())),
            ("selection.version", self.catalogue.version),
            ("selection.publisher", city.publisher),
            ("selection.licence", licence),
            ("selection.page", web_link(self.site)),
        )
        return [
            *(
                self._asked
                or [(words.text("selection.filters"), words.text("selection.no_filters"))]
            ),
            *((words.text(key), _printable(value)) for key, value in told if value),
        ]

    def about(self) -> Mapping[str, Any]:
        """
        Say for programs where the data are from and what was asked for.

        Returns
        -------
        Mapping of str to Any
            Values of JSON; the day as ISO 8601.
        """
        city = self.catalogue.city
        return {
            "title": self.title,
            "language": self.language,
            "filters": [{"label": label, "value": value} for label, value in self._asked],
            "n_projects": self.totals.n_projects,
            "n_unlocated": self.totals.n_unlocated,
            "date": self.day.isoformat(),
            "taken": (self.taken or self.day).isoformat(),
            "catalogue_version": self.catalogue.version,
            "publisher": city.publisher,
            "licence": city.licence,
            "licence_url": web_link(city.licence_url),
            "page": web_link(self.site),
        }

    @property
    def _asked(self) -> Sequence[tuple[str, str]]:
        """The filters, without what no format can hold: visitors wrote them."""
        return [(_printable(label), _printable(value)) for label, value in self.filters]


def _printable(text: str) -> str:
    return _NOT_PRINTED.sub("", one_direction(" ".join(text.split())))


def _simple(text: str) -> str:
    """Reduce a name to small letters, digits and hyphens."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    return _NOT_IN_NAME.sub("-", plain).strip("-")
