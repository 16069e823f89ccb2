"""Routes to selections of projects: the planner's desk, files, charts, pages to read and print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from regen_map import query
from regen_map.charts import CHARTS, Chart, chart_csv
from regen_map.export.selection import FORMATS, Extract
from regen_map.facts import ProjectFacts
from regen_map.facts.links import web_link
from regen_map.facts.portfolio import TotalsFacts, doubts_in_words, rows_of, shown_in_words
from regen_map.messages import LANGUAGES, translator
from regen_map.past import Past
from regen_map.query.desk_link import Desk, Tab, desk_to_params
from regen_map.web.answers import (
    SHORTLY,
    answer,
    file_answer,
    nothing_here,
    site_address,
)
from regen_map.web.desk import (
    FETCHED,
    FILES,
    USUAL_WIDTH,
    Asked,
    asked_language,
    asked_of,
    chart_of,
)
from regen_map.web.desk.changes import changes_tab
from regen_map.web.page_routes import Clock
from regen_map.web.pages.addresses import Section
from regen_map.web.pages.rendering import Address, html, packed

_MOST_PRINTED = 500
"""How many projects a report tells in full: a browser prints no more with pleasure."""


@dataclass(frozen=True, slots=True)
class _OwnAddress(Address):
    """Where a page stands that is named by one word in each language, of the message `key`."""

    key: str = ""

    @property
    def paths(self) -> Mapping[str, str]:
        """The page below the root of the site, by language."""
        return {each: _path(self.key, each) + self.query for each in LANGUAGES}


def report_path(language: str) -> str:
    """Give the address of the report below the root of the site."""
    return _path("projects.path_segment", language)


def changes_path(language: str) -> str:
    """Give the address of the page of what changed below the root of the site."""
    return _path("changes.path_segment", language)


def _path(key: str, language: str) -> str:
    return f"{language}/{translator(language).text(key)}"


def project_routes(base_path: str, past: Past, now: Clock) -> list[BaseRoute]:
    """
    Make the routes to selections of projects.

    Parameters
    ----------
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    past
        What is known now, and what was.
    now
        The clock by which projects are late.

    Returns
    -------
    list of starlette.routing.BaseRoute
        ``/data/projects.<ending>`` for each of `regen_map.export.selection.FORMATS`,
        never kept; ``/data/charts/<name>.svg`` and ``.csv`` for each of
        `regen_map.charts.CHARTS`, the drawing as wide as ``width`` asks;
        ``/data/desk/<tab>.html``, a tab of the planner's desk, and what it offers to
        take away, see `regen_map.web.desk.FILES`; all in the language that ``lang``
        names. ``/it/progetti`` and ``/en/projects``, the report; ``/it/novita`` and
        ``/en/changes``, what changed. Each holds the projects that a link asks for, see
        `regen_map.query.project_criteria_from_params`, as they were known on the day
        that ``p.asof`` names.
    """
    desk = _Desk(base_path, past, now)
    pages = {report_path: desk.report, changes_path: desk.changes}
    return [
        Route(f"{base_path}/data/projects.{{ending}}", desk.file),
        Route(f"{base_path}/data/charts/{{name}}.svg", desk.drawing),
        Route(f"{base_path}/data/charts/{{name}}.csv", desk.table),
        Route(f"{base_path}/data/desk/{{tab}}.html", desk.tab),
        Route(f"{base_path}/data/desk/{{name}}", desk.taken_away),
        *(
            Route(f"{base_path}/{path(language)}", make(language))
            for path, make in pages.items()
            for language in LANGUAGES
        ),
    ]


class _Desk:
    """What the routes have in common; none is async: what is drawn must not hold up others."""

    def __init__(self, base_path: str, past: Past, now: Clock) -> None:
        self._base_path = base_path
        self._past = past
        self._now = now

    def file(self, request: Request) -> Response:
        """Send a selection as a file."""
        found = FORMATS.get(ending := request.path_params["ending"])
        if found is None:
            return nothing_here()
        asked = self._asked(request)
        extract = Extract(
            catalogue=asked.catalogue,
            projects=asked.selection.projects,
            language=asked.language,
            filters=asked.filters,
            day=asked.wording.day,
            taken=asked.today,
            site=f"{site_address(request, self._base_path)}{_in_app(asked)}",
        )
        return file_answer(found.write(extract), found.media_type, extract.file_name(ending))

    def drawing(self, request: Request) -> Response:
        """Send a chart as SVG."""
        if (name := request.path_params["name"]) not in CHARTS:
            return nothing_here()
        chart = chart_of(self._asked(request), name, _width(request))
        drawn = packed(chart.svg.encode())
        return answer(drawn, request.headers, media_type="image/svg+xml", cache=SHORTLY)

    def table(self, request: Request) -> Response:
        """Send the numbers of a chart as CSV."""
        if (name := request.path_params["name"]) not in CHARTS:
            return nothing_here()
        asked = self._asked(request)
        file = f"{name}-{asked.wording.day.isoformat()}.csv"
        return file_answer(chart_csv(chart_of(asked, name)), "text/csv; charset=utf-8", file)

    def tab(self, request: Request) -> Response:
        """Send a tab of the desk as a piece of HTML."""
        tab = request.path_params["tab"]
        found = FETCHED.get(Tab(tab)) if tab in list(Tab) else None
        if found is None:
            return nothing_here()
        asked = self._asked(request)
        here = Address(Section.PLACES)
        text = html(found.template, asked.language, asked.catalogue, here, **found.content(asked))
        return answer(packed(text.encode()), request.headers, media_type="text/html", cache=SHORTLY)

    def taken_away(self, request: Request) -> Response:
        """Send what a tab of the desk offers as a file."""
        found = FILES.get(name := request.path_params["name"])
        if found is None:
            return nothing_here()
        asked = self._asked(request)
        stem, _, ending = name.partition(".")
        file = f"{stem}-{asked.wording.day.isoformat()}.{ending}"
        return file_answer(found.write(asked), found.media_type, file)

    def report(self, language: str) -> Callable[[Request], Response]:
        """Make what sends the report in a language."""

        def send(request: Request) -> Response:
            asked = self._asked(request, language)
            wording, found = asked.wording, asked.selection.projects
            return self._page(
                request,
                asked,
                "report.html",
                "projects.path_segment",
                title=wording.words.text("projects.report_title"),
                totals=TotalsFacts(wording, asked.totals, most_lines=0),
                charts=[_inline(chart_of(asked, name)) for name in CHARTS] if found else [],
                projects=[
                    (row, ProjectFacts(wording, row.project))
                    for row in rows_of(wording, found[:_MOST_PRINTED])
                ],
                n_more=max(len(found) - _MOST_PRINTED, 0),
                told_now=self._past.shown().project,
            )

        return send

    def changes(self, language: str) -> Callable[[Request], Response]:
        """Make what sends the page of what changed in a language."""

        def send(request: Request) -> Response:
            asked = self._asked(request, language)
            return self._page(
                request,
                asked,
                "changes_page.html",
                "changes.path_segment",
                title=asked.wording.words.text("changes.page_title"),
                **changes_tab(asked),
            )

        return send

    def _page(
        self, request: Request, asked: Asked, template: str, segment: str, **values: object
    ) -> Response:
        """Write a page about a selection, which says what was asked for, and when."""
        wording, language = asked.wording, asked.language
        since = desk_to_params(Desk(since=asked.desk.since))
        params = "&".join(filter(None, [asked.params, *(f"{k}={v}" for k, v in since.items())]))
        text = html(
            template,
            language,
            asked.catalogue,
            _OwnAddress(Section.PLACES, query=f"?{params}" if params else "", key=segment),
            site=site_address(request, self._base_path),
            is_list=False,
            filters=asked.filters,
            date=wording.words.date(asked.today.isoformat()),
            shown=shown_in_words(wording, asked.selection),
            doubts=doubts_in_words(wording, asked.selection),
            in_app=_in_app(asked),
            web_link=web_link,
            **values,
        )
        headers = {"Content-Language": language, "Cache-Control": SHORTLY}
        return HTMLResponse(text, headers=headers)

    def _asked(self, request: Request, language: str = "") -> Asked:
        params = request.query_params
        today = query.day_of(self._now(), self._past.shown().city)
        return asked_of(self._past, params, language or asked_language(params), today)


def _inline(chart: Chart) -> tuple[str, str, Markup]:
    """Give title, message and drawing of a chart, of which all is escaped already."""
    return chart.title, chart.summary, Markup(chart.svg)  # noqa: S704


def _in_app(asked: Asked) -> str:
    return f"projects?{asked.params_of_file}"


def _width(request: Request) -> int:
    asked = request.query_params.get("width", "")
    readable = asked.isascii() and asked.isdigit() and len(asked) < len("10000")
    return int(asked) if readable else USUAL_WIDTH
