"""What a request asks of the planner's desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.facts import Wording
from regen_map.facts.known import known_in_words
from regen_map.facts.portfolio import applied_filters
from regen_map.messages import LANGUAGES, translator
from regen_map.past import Known, Past
from regen_map.query.desk_link import Desk, desk_from_params, desk_to_params


@dataclass(frozen=True)
class Asked:
    """
    A selection of projects, as a request asks for it.

    Parameters
    ----------
    wording
        The catalogue as it was known on the day that is asked for, that day, and the
        language.
    criteria
        Which projects are asked for.
    selection
        These projects.
    desk
        How the desk lies.
    known
        How that catalogue is known.
    past
        What was known when.
    today
        The day of the request.
    """

    wording: Wording
    criteria: query.ProjectCriteria
    selection: query.ProjectSelection
    desk: Desk
    known: Known
    past: Past
    today: dt.date

    @property
    def language(self) -> str:
        """In which it is told."""
        return self.wording.words.language

    @property
    def catalogue(self) -> Catalogue:
        """What was known on the day that is asked for."""
        return self.wording.catalogue

    @property
    def then(self) -> bool:
        """Whether an earlier day than today is asked for."""
        return self.known.day < self.today

    @property
    def filters(self) -> Sequence[tuple[str, str]]:
        """What is asked for, in words."""
        return [*self._day, *applied_filters(self.wording, self.criteria)]

    @property
    def _day(self) -> Sequence[tuple[str, str]]:
        words = self.wording.words
        date = words.date(self.known.day.isoformat())
        if not self.then:
            return []
        known = " ".join(known_in_words(words, self.known))
        return [
            (words.text("projects.as_of"), date),
            (words.text("projects.how_known"), known),
        ]

    @cached_property
    def totals(self) -> query.Totals:
        """What the projects are together."""
        return query.totals_of(self.catalogue, self.selection.projects)

    def now(self) -> Asked:
        """Ask the same of today."""
        params = query.project_criteria_to_params(self.criteria)
        return asked_of(self.past, params, self.language, self.today)

    @property
    def params(self) -> str:
        """What asks for it in a link: the projects and the day, without the language."""
        day = desk_to_params(Desk(as_of=self.known.day if self.then else None))
        return urlencode(query.project_criteria_to_params(self.criteria) | day)

    @property
    def params_of_file(self) -> str:
        """What asks for it in a link, the language first."""
        return "&".join(filter(None, [urlencode({"lang": self.language}), self.params]))


def asked_of(past: Past, params: Mapping[str, str], language: str, today: dt.date) -> Asked:
    """
    Read what a request asks for.

    Parameters
    ----------
    past
        What is known now, and what was.
    params
        Names and values as in the address; anybody may have written them.
    language
        In which it is to be told.
    today
        The day of the request.
    """
    desk = desk_from_params(params, past.shown())
    known = past.on(desk.as_of, today)
    criteria = query.project_criteria_from_params(params, known.catalogue)
    return Asked(
        wording=Wording(known.catalogue, translator(language), known.day),
        criteria=criteria,
        selection=query.select_projects(known.catalogue, criteria, known.day),
        desk=desk,
        known=known,
        past=past,
        today=today,
    )


def asked_language(params: Mapping[str, str]) -> str:
    """Give the language that a link names, else the first one."""
    asked = params.get("lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]
