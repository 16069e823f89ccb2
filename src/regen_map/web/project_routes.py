"""Routes to selections of projects: files, charts, and the report to read and print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.charts import CHARTS, Chart, chart_csv
from regen_map.export.selection import FORMATS, Extract
from regen_map.facts import ProjectFacts, Wording
from regen_map.facts.links import web_link
from regen_map.facts.portfolio import (
    TotalsFacts,
    applied_filters,
    doubts_in_words,
    rows_of,
    shown_in_words,
)
from regen_map.messages import LANGUAGES, translator
from regen_map.web.answers import answer, nothing_here
from regen_map.web.pages.addresses import Section
from regen_map.web.pages.rendering import Address, html, packed

DESK: Mapping[str, tuple[str, ...]] = {
    "phases": ("phases",),
    "timeline": ("timeline",),
    "money": ("programmes", "years"),
    "delays": ("delays",),
    "reuse": ("quarters",),
}
"""Which charts a tab of the planner's desk shows."""

_SHORTLY = "public, max-age=60"
"""A correction of the data is seen within a minute."""

_ONCE = "no-store"
_USUAL_WIDTH, _NARROW_WIDTH = 720, 360
"""Widths of a drawing, in units that are a pixel each."""

_MOST_PRINTED = 500
"""How many projects a report tells in full: a browser prints no more with pleasure."""
_LINES_OF_A_PROGRAMME = 20

Shown: TypeAlias = Callable[[], Catalogue]
"""Gives the catalogue that is shown now."""

Clock: TypeAlias = Callable[[], dt.datetime]
"""Gives the moment, with a time zone."""


@dataclass(frozen=True)
class _Asked:
    """A selection of projects, as a request asks for it."""

    wording: Wording
    criteria: query.ProjectCriteria
    selection: query.ProjectSelection

    @property
    def filters(self) -> Sequence[tuple[str, str]]:
        """What is asked for, in words."""
        return applied_filters(self.wording, self.criteria)

    @property
    def totals(self) -> query.Totals:
        """What the projects are together."""
        return query.totals_of(self.wording.catalogue, self.selection.projects)

    @property
    def params(self) -> str:
        """What asks for it in a link."""
        return urlencode(query.project_criteria_to_params(self.criteria))

    def chart(self, name: str, width: int) -> Chart:
        """Draw one of `regen_map.charts.CHARTS`."""
        return CHARTS[name](self.wording, self.selection.projects, width)


class _ReportAddress(Address):
    """Where the report stands."""

    __slots__ = ()

    @property
    def paths(self) -> Mapping[str, str]:
        """The report below the root of the site, by language."""
        return {each: report_path(each) + self.query for each in LANGUAGES}


def report_path(language: str) -> str:
    """Give the address of the report below the root of the site."""
    return f"{language}/{translator(language).text('projects.path_segment')}"


def project_routes(base_path: str, catalogue: Shown, now: Clock) -> list[BaseRoute]:
    """
    Make the routes to selections of projects.

    Parameters
    ----------
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    catalogue
        Gives the catalogue that is shown now.
    now
        The clock by which projects are late.

    Returns
    -------
    list of starlette.routing.BaseRoute
        ``/data/projects.<ending>`` for each of `regen_map.export.selection.FORMATS`,
        never kept; ``/data/charts/<name>.svg`` and ``.csv`` for each of
        `regen_map.charts.CHARTS`, the drawing as wide as ``width`` asks;
        ``/data/desk/<tab>.html``, the charts of a tab with their tables; all in the
        language that ``lang`` names. ``/it/progetti`` and ``/en/projects``, the report.
        Each holds the projects that a link asks for, see
        `regen_map.query.project_criteria_from_params`.
    """
    desk = _Desk(base_path, catalogue, now)
    reports = [
        Route(f"{base_path}/{report_path(language)}", desk.report(language))
        for language in LANGUAGES
    ]
    return [
        Route(f"{base_path}/data/projects.{{ending}}", desk.file),
        Route(f"{base_path}/data/charts/{{name}}.svg", desk.drawing),
        Route(f"{base_path}/data/charts/{{name}}.csv", desk.table),
        Route(f"{base_path}/data/desk/{{tab}}.html", desk.tab),
        *reports,
    ]


class _Desk:
    """What the routes have in common; none is async: what is drawn must not hold up others."""

    def __init__(self, base_path: str, catalogue: Shown, now: Clock) -> None:
        self._base_path = base_path
        self._catalogue = catalogue
        self._now = now

    def file(self, request: Request) -> Response:
        """Send a selection as a file."""
        ending = request.path_params["ending"]
        if ending not in FORMATS:
            return nothing_here()
        language, asked = _language(request), self._asked(request, _language(request))
        extract = Extract(
            catalogue=asked.wording.catalogue,
            projects=asked.selection.projects,
            language=language,
            filters=asked.filters,
            day=asked.wording.day,
            site=f"{self._address(request)}{_in_app(language, asked)}",
        )
        name = f'attachment; filename="{extract.file_name(ending)}"'
        headers = {"Content-Disposition": name, "Cache-Control": _ONCE}
        found = FORMATS[ending]
        return Response(found.write(extract), media_type=found.media_type, headers=headers)

    def drawing(self, request: Request) -> Response:
        """Send a chart as SVG."""
        name = request.path_params["name"]
        if name not in CHARTS:
            return nothing_here()
        chart = self._asked(request, _language(request)).chart(name, _width(request))
        drawn = packed(chart.svg.encode())
        return answer(drawn, request.headers, media_type="image/svg+xml", cache=_SHORTLY)

    def table(self, request: Request) -> Response:
        """Send the numbers of a chart as CSV."""
        name = request.path_params["name"]
        if name not in CHARTS:
            return nothing_here()
        asked = self._asked(request, _language(request))
        file = f"{name}-{asked.wording.day.isoformat()}.csv"
        headers = {
            "Content-Disposition": f'attachment; filename="{file}"',
            "Cache-Control": _ONCE,
        }
        content = chart_csv(asked.chart(name, _USUAL_WIDTH))
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    def tab(self, request: Request) -> Response:
        """Send the charts of a tab of the desk as a piece of HTML."""
        tab, language = request.path_params["tab"], _language(request)
        if tab not in DESK:
            return nothing_here()
        asked = self._asked(request, language)
        text = html(
            "desk.html",
            language,
            asked.wording.catalogue,
            Address(Section.PLACES),
            charts=[asked.chart(name, _USUAL_WIDTH) for name in DESK[tab]],
            params=urlencode({"lang": language}) + (f"&{asked.params}" if asked.params else ""),
            wide=_USUAL_WIDTH,
            narrow=_NARROW_WIDTH,
            totals=TotalsFacts(asked.wording, asked.totals, _LINES_OF_A_PROGRAMME)
            if tab == "money"
            else None,
        )
        page = packed(text.encode())
        return answer(page, request.headers, media_type="text/html", cache=_SHORTLY)

    def report(self, language: str) -> Callable[[Request], Response]:
        """Make what sends the report in a language."""

        def send(request: Request) -> Response:
            asked = self._asked(request, language)
            wording, words = asked.wording, asked.wording.words
            found = asked.selection.projects
            text = html(
                "report.html",
                language,
                wording.catalogue,
                _ReportAddress(Section.PLACES, query=f"?{asked.params}" if asked.params else ""),
                site=self._address(request),
                is_list=False,
                title=words.text("projects.report_title"),
                filters=asked.filters,
                date=words.date(wording.day.isoformat()),
                shown=shown_in_words(wording, asked.selection),
                doubts=doubts_in_words(wording, asked.selection),
                totals=TotalsFacts(wording, asked.totals, most_lines=0),
                charts=[_inline(asked.chart(name, _USUAL_WIDTH)) for name in CHARTS]
                if found
                else [],
                projects=[
                    (row, ProjectFacts(wording, row.project))
                    for row in rows_of(wording, found[:_MOST_PRINTED])
                ],
                n_more=max(len(found) - _MOST_PRINTED, 0),
                in_app=_in_app(language, asked),
                web_link=web_link,
            )
            headers = {"Content-Language": language, "Cache-Control": _SHORTLY}
            return HTMLResponse(text, headers=headers)

        return send

    def _asked(self, request: Request, language: str) -> _Asked:
        catalogue = self._catalogue()
        day = query.day_of(self._now(), catalogue.city)
        criteria = query.project_criteria_from_params(request.query_params, catalogue, day)
        return _Asked(
            Wording(catalogue, translator(language), day),
            criteria,
            query.select_projects(catalogue, criteria, day),
        )

    def _address(self, request: Request) -> str:
        """Give the absolute address of the site, with a slash at the end."""
        return f"{str(request.base_url).rstrip('/')}{self._base_path}/"


def _inline(chart: Chart) -> tuple[str, str, Markup]:
    """Give title, message and drawing of a chart, of which all is escaped already."""
    return chart.title, chart.summary, Markup(chart.svg)  # noqa: S704


def _in_app(language: str, asked: _Asked) -> str:
    return f"projects?lang={language}" + (f"&{asked.params}" if asked.params else "")


def _language(request: Request) -> str:
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _width(request: Request) -> int:
    asked = request.query_params.get("width", "")
    readable = asked.isascii() and asked.isdigit() and len(asked) < len("10000")
    return int(asked) if readable else _USUAL_WIDTH
