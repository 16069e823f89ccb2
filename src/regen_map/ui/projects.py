"""The panel of the Projects page: what a planner asks for, what it adds up to, and a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from regen_map import query
from regen_map.export.selection import FORMATS
from regen_map.facts import PlaceFacts, Wording
from regen_map.facts.portfolio import (
    TotalsFacts,
    doubts_in_words,
    facet_name,
    filters_of,
    option_name,
    option_params,
    rows_of,
    shown_in_words,
)
from regen_map.ui.panel import Panel
from regen_map.ui.rendering import written
from regen_map.ui.town import Town
from regen_map.ui.view import DESK, ROWS, entry_address, to_params

_DISTANCES_M = (50, 100, 200, 300, 500, 1000, 2000, 5000)
_USUAL_M = 300
_MOST_OPTIONS = 60
_OPEN_YEARS = (0, 9999)
"""What stands in a link for years that are open to one side."""


def projects_panel(town: Town) -> Panel:
    """Write the desk for what the planner asked for."""
    catalogue, words, view = town.catalogue, town.words, town.view
    wording = town.wording
    # Exports and charts are asked for by the same words, and must answer the same.
    asked = query.project_criteria_to_params(view.portfolio)
    criteria = query.project_criteria_from_params(asked, catalogue, wording.day)
    found = query.select_projects(catalogue, criteria, wording.day)
    listed = found.projects[: view.rows] if view.desk == DESK[0] else ()
    place = catalogue.place(view.place)
    params = urlencode({"lang": view.language, **asked})
    shown = shown_in_words(wording, found)
    html = written(
        "projects.html",
        words=words,
        shown=shown,
        doubts=doubts_in_words(wording, found),
        criteria=criteria,
        near=_near(wording, criteria),
        years=_years(criteria),
        filters=list(filters_of(wording, criteria)),
        cleared=urlencode(dict.fromkeys(asked, "")),
        facets=list(_facets(wording, criteria, found)),
        distances=[(each, words.distance(each)) for each in _DISTANCES_M],
        within=criteria.area.metres if isinstance(criteria.area, query.Around) else _USUAL_M,
        totals=TotalsFacts(wording, query.totals_of(catalogue, found.projects)),
        desk=view.desk,
        tabs=list(_tabs(town)),
        rows=list(rows_of(wording, listed)),
        n_more=max(len(found.projects) - view.rows, 0),
        step=ROWS,
        n_rows=view.rows,
        n_found=len(found.projects),
        chosen=PlaceFacts(wording, place) if place else None,
        selected=place.id if place else "",
        params=params,
        entry=partial(entry_address, view),
        files={ending: words.text(each.key) for ending, each in FORMATS.items()},
        report=f"{words.language}/{words.text('projects.path_segment')}?{urlencode(asked)}",
    )
    visible = {each.place_id for each in found.projects if each.place_id}
    return Panel(
        html=html,
        status=shown,
        subject="projects",
        place=place.id if place else "",
        visible=visible,
    )


class _Option(NamedTuple):
    """One option of a facet: its name, its term in a link, how many projects, if chosen."""

    name: str
    term: str
    n: int
    chosen: bool


class _Facet(NamedTuple):
    """A facet: its name, its name in a link, its options, how many more there are."""

    name: str
    param: str
    options: Sequence[_Option]
    n_more: int


def _facets(
    wording: Wording, criteria: query.ProjectCriteria, found: query.ProjectSelection
) -> Iterator[_Facet]:
    for facet in query.PROJECT_FACETS:
        chosen = criteria.chosen.get(facet, ())
        counts = found.counts[facet]
        offered = [term for term, n in counts.items() if n or term in chosen]
        kept = [term for at, term in enumerate(offered) if at < _MOST_OPTIONS or term in chosen]
        options = []
        for term in kept:
            ((param, value),) = option_params(facet, term).items()
            name = option_name(wording, facet, term)
            options.append(_Option(name, value, counts[term], term in chosen))
        if options:
            yield _Facet(facet_name(wording, facet), param, options, len(offered) - len(kept))


class _Tab(NamedTuple):
    """A tab: its name in a link, in words, and its address."""

    name: str
    label: str
    address: str


def _tabs(town: Town) -> Iterator[_Tab]:
    for name in DESK:
        asked = urlencode(to_params(replace(town.view, desk=name)))
        yield _Tab(name, town.words.text(f"projects.tab.{name}"), f"projects?{asked}")


def _near(wording: Wording, criteria: query.ProjectCriteria) -> str:
    """Name what projects are asked for around; empty for nothing."""
    if not isinstance(criteria.area, query.Around):
        return ""
    place = wording.catalogue.place(criteria.area.place_id) if criteria.area.place_id else None
    return wording.name(place) if place else criteria.area.street


class _Years(NamedTuple):
    """A range of years as it is typed; an end that is open is empty."""

    param: str
    label: str
    first: str
    last: str


def _years(criteria: query.ProjectCriteria) -> Sequence[_Years]:
    asked = {"start": criteria.start_years, "end": criteria.end_years}
    return [
        _Years(
            f"p.{name}",
            f"projects.filter.{name}_years",
            str(years[0]) if years and years[0] > _OPEN_YEARS[0] else "",
            str(years[1]) if years and years[1] < _OPEN_YEARS[1] else "",
        )
        for name, years in asked.items()
    ]
