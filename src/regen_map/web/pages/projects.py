"""The pages of projects, and their records by themselves for the planner's desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from regen_map.catalogue import Catalogue, Place, Project
from regen_map.facts import ProjectFacts, Wording
from regen_map.facts.editions import project_changes
from regen_map.facts.letters import report_letter
from regen_map.facts.links import web_link
from regen_map.facts.record import Change, Near, ProjectRecord
from regen_map.messages import translator
from regen_map.past import Past
from regen_map.web.pages.addresses import (
    Section,
    project_code_path,
    project_in_app,
    project_path,
)
from regen_map.web.pages.code import code_svg
from regen_map.web.pages.linked_data import project_data
from regen_map.web.pages.rendering import Address, Page, html, packed
from regen_map.web.sketches import draw_place

_KEPT = 1024
"""Pages and records of one catalogue that stay in memory, some twelve kilobytes each."""
_LISTED = 12
"""How many neighbours are listed before one asks for more."""
_DRAWN = 6
"""How many of them the sketch shows."""


class ProjectPages:
    """
    The pages of the projects of one catalogue on one day.

    Each is rendered when first asked for, once per language and site.

    Parameters
    ----------
    catalogue
        What they tell of.
    day
        The day on which they are shown: delays are measured to it.
    past
        What the published versions changed; None where nobody keeps any.

    Attributes
    ----------
    page
        ``page(language, project_id, site)`` gives the page of a project, or None where
        there is none. The site is its absolute address with a slash at the end.
    code
        ``code(language, project_id, site)`` gives the address of that page as a QR code,
        in SVG, or None where there is no page.
    piece
        ``piece(language, project_id)`` gives its record alone, see `project_piece`, or None.
    """

    def __init__(self, catalogue: Catalogue, day: dt.date, past: Past | None = None) -> None:
        self._catalogue = catalogue
        self._day = day
        self._past = past
        self.page: Callable[[str, str, str], Page | None] = lru_cache(_KEPT)(self._page)
        self.code: Callable[[str, str, str], Page | None] = lru_cache(_KEPT)(self._code)
        self.piece: Callable[[str, str], Page | None] = lru_cache(_KEPT)(self._piece)

    def _page(self, language: str, project_id: str, site: str) -> Page | None:
        project = self._catalogue.project(project_id)
        if project is None:
            return None
        return project_page(
            self._wording(language), project, site, self._changes(language, project_id)
        )

    def _code(self, language: str, project_id: str, site: str) -> Page | None:
        project = self._catalogue.project(project_id)
        return project_code(self._wording(language), project, site) if project else None

    def _piece(self, language: str, project_id: str) -> Page | None:
        project = self._catalogue.project(project_id)
        if project is None:
            return None
        return project_piece(self._wording(language), project, self._changes(language, project_id))

    def _changes(self, language: str, project_id: str) -> Sequence[Change]:
        editions = self._past.editions() if self._past else ()
        return list(project_changes(translator(language), project_id, editions))

    def _wording(self, language: str) -> Wording:
        return Wording(self._catalogue, translator(language), self._day)


def project_pages_of(catalogue: Catalogue, day: dt.date, past: Past | None = None) -> ProjectPages:
    """Give the pages of a catalogue's projects; those of an earlier one are forgotten with it."""
    return _project_pages(catalogue, day, past, len(past.versions) if past else 0)


@lru_cache(maxsize=2)
def _project_pages(
    catalogue: Catalogue, day: dt.date, past: Past | None, _n_versions: int
) -> ProjectPages:
    # The version of a catalogue is recorded a moment after it is shown.
    return ProjectPages(catalogue, day, past)


def project_page(
    wording: Wording, project: Project, site: str, changes: Sequence[Change] = ()
) -> Page:
    """
    Write the page of a project.

    Parameters
    ----------
    wording
        Catalogue, language, and the day to which delays are measured.
    project
        What it tells of.
    site
        The site's absolute address, with a slash at the end.
    changes
        What published versions changed of it, the newest first.
    """
    language = wording.words.language
    record = ProjectRecord(ProjectFacts(wording, project), changes)
    address = site + project_path(language, project.id)
    place = record.place
    text = html(
        "project.html",
        language,
        wording.catalogue,
        Address(Section.PROJECTS, project.id),
        **_asked_for(record),
        is_page=True,
        level=2,
        site=site,
        address=address,
        place_id=place.place.id if place else "",
        picture=place.picture if place else None,
        code=project_code_path(language, project.id),
        in_app=project_in_app(language, project.id),
        sketch=_sketch(record),
        sketched=_sketched(record),
        linked_data=project_data(record, address, site),
        report=report_letter(wording, key=project.id, name=record.title, address=address),
    )
    return packed(text.encode())


def project_piece(wording: Wording, project: Project, changes: Sequence[Change] = ()) -> Page:
    """
    Write the record of a project by itself, to be put below a heading of the second level.

    Its links are relative to the root of the site; parameters as of `project_page`.
    """
    record = ProjectRecord(ProjectFacts(wording, project), changes)
    text = html(
        "project_record.html",
        wording.words.language,
        wording.catalogue,
        Address(Section.PROJECTS, project.id),
        **_asked_for(record),
        is_page=False,
        level=3,
        root="",
        sketch=None,
    )
    return packed(text.encode())


def project_code(wording: Wording, project: Project, site: str) -> Page | None:
    """Draw the address of a project's page as a QR code; None where none can hold it."""
    name = ProjectRecord(ProjectFacts(wording, project)).title
    title = wording.words.text("details.code_of", name=name)
    drawn = code_svg(site + project_path(wording.words.language, project.id), title)
    return packed(drawn) if drawn else None


def _asked_for(record: ProjectRecord) -> dict[str, Any]:
    """Give what ``project_record.html`` asks for wherever it stands."""
    return {
        "record": record,
        "n_near": _LISTED,
        "web_link": web_link,
    }


class _Sketched(NamedTuple):
    """What the drawing of a place asks for."""

    title: str
    position: str
    neighbours: Sequence[Near]
    place: Place


def _sketched(record: ProjectRecord) -> _Sketched | None:
    place = record.place
    if place is None:
        return None
    return _Sketched(place.title, place.position, record.nearby[:_DRAWN], place.place)


def _sketch(record: ProjectRecord) -> object:
    if record.place is None:
        return None
    near = [each.place for each in record.nearby[:_DRAWN]]
    return draw_place(record.wording.catalogue, record.place.place, near)
