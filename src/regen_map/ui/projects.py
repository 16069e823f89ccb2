"""The panel of the Projects page: what a planner asks for, what it adds up to, and a list."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from regen_map import query
from regen_map.catalogue import Project
from regen_map.export.selection import FORMATS
from regen_map.facts import PlaceFacts, Wording
from regen_map.facts.asked import Asked, asked_of
from regen_map.facts.known import known_in_words
from regen_map.facts.portfolio import (
    Row,
    TotalsFacts,
    doubts_in_words,
    facet_name,
    filters_of,
    option_name,
    option_params,
    rows_of,
    shown_in_words,
)
from regen_map.facts.titles import title_of
from regen_map.query.desk_link import ROWS, Colour, Desk, Tab, desk_to_params
from regen_map.query.portfolio import OPEN_YEARS
from regen_map.ui.panel import Panel
from regen_map.ui.rendering import written
from regen_map.ui.town import Town
from regen_map.ui.view import View, entry_address, to_params
from regen_map.webmap import Colouring, colouring

_DISTANCES_M = (50, 100, 200, 300, 500, 1000, 2000, 5000)
_USUAL_M = 300
_MOST_OPTIONS = 60


def projects_panel(town: Town) -> Panel:
    """Write the desk for what the planner asked for, or one project in full."""
    asked = _asked(town)
    project = asked.catalogue.project(asked.desk.project)
    if project is not None:
        return _project_panel(town, asked, project)
    words, view, desk = town.words, town.view, asked.desk
    criteria, found = asked.criteria, asked.selection
    listed = found.projects[: desk.rows] if desk.tab == Tab.LIST else ()
    place = town.catalogue.place(view.place)
    shown = shown_in_words(asked.wording, found)
    html = written(
        "projects.html",
        words=words,
        shown=shown,
        doubts=doubts_in_words(asked.wording, found),
        criteria=criteria,
        near=_near(asked.wording, criteria),
        years=_years(criteria),
        filters=list(filters_of(asked.wording, criteria)),
        cleared=urlencode(dict.fromkeys(query.project_criteria_to_params(criteria), "")),
        facets=list(_facets(asked.wording, criteria, found)),
        distances=[(each, words.distance(each)) for each in _DISTANCES_M],
        within=criteria.area.metres if isinstance(criteria.area, query.Around) else _USUAL_M,
        then=_then(town, asked),
        colours=list(_colours(asked)),
        totals=TotalsFacts(asked.wording, asked.totals),
        desk=desk,
        tabs=list(_tabs(town)),
        rows=list(_rows(town, rows_of(asked.wording, listed))),
        nothing=words.text("projects.no_project" if found.n_total else "projects.none_then"),
        n_more=max(len(found.projects) - desk.rows, 0),
        step=ROWS,
        n_found=len(found.projects),
        chosen=PlaceFacts(town.wording, place) if place else None,
        selected=place.id if place else "",
        params=asked.params_of_file,
        params_of_tab=_params_of_tab(asked),
        entry=partial(entry_address, view),
        record=partial(_record_address, view),
        files={ending: words.text(each.key) for ending, each in FORMATS.items()},
        report=f"{words.language}/{words.text('projects.path_segment')}?{asked.params}",
    )
    visible = {each.place_id for each in found.projects if each.place_id}
    return Panel(
        html=html,
        status=shown,
        subject="projects",
        place=place.id if place else "",
        visible=visible,
        colouring=_colouring(town, asked),
    )


class _Listed(NamedTuple):
    """A row, whether the map can show its place, and whether that is gone since."""

    row: Row
    place: str
    gone: bool


def _rows(town: Town, rows: Iterable[Row]) -> Iterator[_Listed]:
    for row in rows:
        gone = bool(row.place) and town.catalogue.place(row.place) is None
        yield _Listed(row, "" if gone else row.place, gone)


def _asked(town: Town) -> Asked:
    # Exports and charts are asked for by the same words, and must answer the same.
    view = town.view
    params = query.project_criteria_to_params(view.portfolio) | desk_to_params(view.desk)
    return asked_of(town.past, params, view.language, town.today)


def _project_panel(town: Town, asked: Asked, project: Project) -> Panel:
    """Write one project; the map goes on showing all that are asked for."""
    name = title_of(asked.wording.name(project))
    place = town.catalogue.place(project.place_id or "")
    as_of = desk_to_params(Desk(as_of=asked.known.day if asked.then else None))
    html = written(
        "project.html",
        words=town.words,
        name=name,
        back=_address(replace(town.view, desk=replace(asked.desk, project=""))),
        project=project.id,
        params=urlencode({"lang": asked.language} | as_of),
        then=town.words.date(asked.known.day.isoformat()) if asked.then else "",
        known=known_in_words(town.words, asked.known),
    )
    return Panel(
        html=html,
        status=name,
        subject=f"project-{project.id}",
        place=place.id if place else "",
        visible={each.place_id for each in asked.selection.projects if each.place_id},
        colouring=_colouring(town, asked),
    )


def _colour(asked: Asked) -> Colour:
    """Say what the colours tell: the rings of the usual symbols are those of today."""
    usual = Colour.PHASE if asked.then else Colour.FAMILY
    return asked.desk.colour or usual


def _colouring(town: Town, asked: Asked) -> Colouring | None:
    return colouring(
        asked.catalogue,
        asked.language,
        asked.selection.projects,
        _colour(asked),
        asked.known.day,
        shown=town.catalogue,
    )


def _address(view: View) -> str:
    return f"projects?{urlencode(to_params(view))}"


def _record_address(view: View, project: str) -> str:
    """Give the address of the desk with one project told in full."""
    return _address(replace(view, desk=replace(view.desk, project=project)))


def _params_of_tab(asked: Asked) -> str:
    since = desk_to_params(Desk(since=asked.desk.since))
    return "&".join(filter(None, [asked.params_of_file, urlencode(since)]))


def _colours(asked: Asked) -> Iterator[_Option]:
    """Give what the colours of the map can tell; their number is not known."""
    for each in Colour:
        if each or not asked.then:
            name = asked.wording.words.text(f"projects.colour.{each.name.lower()}")
            yield _Option(name, each.value, 0, chosen=each == _colour(asked))


class _Then(NamedTuple):
    """
    The day as of which everything is told.

    Attributes
    ----------
    days
        On which anything became known, as in ISO 8601, and today.
    first
        The earliest, in words.
    at
        Which of them is the last that is not after the day.
    day
        As it stands in a link; empty for today.
    said
        The day in words.
    known
        How it is known what held then.
    """

    days: Sequence[str]
    first: str
    at: int
    day: str
    said: str
    known: Sequence[str]


def _then(town: Town, asked: Asked) -> _Then:
    words, day = town.words, asked.known.day
    days = [*town.past.days(town.today), town.today]
    at = bisect_right(days, day) - 1
    return _Then(
        days=[each.isoformat() for each in days],
        first=words.date(days[0].isoformat()),
        at=max(at, 0),
        day=day.isoformat() if asked.then else "",
        said=words.date(day.isoformat()),
        known=known_in_words(words, asked.known),
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
    view = town.view
    for tab in Tab:
        address = _address(replace(view, desk=replace(view.desk, tab=tab)))
        yield _Tab(tab.value, town.words.text(f"projects.tab.{tab}"), address)


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
            str(years[0]) if years and years[0] > OPEN_YEARS[0] else "",
            str(years[1]) if years and years[1] < OPEN_YEARS[1] else "",
        )
        for name, years in asked.items()
    ]
