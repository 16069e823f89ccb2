"""Routes to the pages outside the app, for readers and crawlers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from regen_map import query
from regen_map.facts.asked import asked_language
from regen_map.messages import LANGUAGES
from regen_map.past import Past
from regen_map.query.desk_link import desk_from_params
from regen_map.query.events import events
from regen_map.query.route import Doors
from regen_map.query.visit_link import MINE, Plan, plan_from_params
from regen_map.web.answers import (
    ONCE,
    SHORTLY,
    answer,
    file_answer,
    language_of,
    nothing_here,
    site_address,
)
from regen_map.web.pages import (
    Page,
    Pages,
    events_calendar,
    missing_page,
    pages_of,
    walk_code,
    walk_page,
    walk_track,
)
from regen_map.web.pages.addresses import (
    APP_PAGES,
    CODE,
    SEGMENTS,
    Section,
    event_anchor,
    section_path,
)
from regen_map.web.pages.projects import ProjectPages, project_pages_of

_FILES = {
    Section.PLACES: (f"/{CODE}",),
    Section.WALKS: (f"/{CODE}", ".gpx"),
    Section.EVENTS: (".ics",),
    Section.PROJECTS: (f"/{CODE}",),
}
"""What stands behind the address of a page and is no page itself."""

_STREAMLIT = "_stcore/"
"""Below the pages of the app Streamlit's script asks whether its server is there."""

Clock: TypeAlias = Callable[[], dt.datetime]
"""Gives the moment, with a time zone."""


def page_routes(base_path: str, past: Past, now: Clock) -> list[BaseRoute]:
    """
    Make the routes of the pages outside the app.

    Parameters
    ----------
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    past
        What is known now, and what was.
    now
        The clock by which events are over and walks begin.

    Returns
    -------
    list of starlette.routing.BaseRoute
        ``/it/luoghi``, ``/en/places`` and the places below them, each with its
        ``qr.svg``; ``/it/itinerari``, ``/en/walks`` and the walks below them, each also
        with its ``qr.svg`` and as ``.gpx``; ``/it/eventi``, ``/en/events`` and their
        ``.ics``; the projects below ``/it/progetti`` and ``/en/projects``, each with its
        ``qr.svg``; the same in the words of another language or without a language, which
        lead there, as ``/it`` and ``/en`` lead to the places; ``/sitemap.xml`` and
        ``/robots.txt``; ``/data/projects/<id>.html``, the record of a project alone, in
        the language that ``lang`` names. What is not there is a 404. The list of all
        projects is the report, a route of `regen_map.web.project_routes`.
    """
    site = _Site(base_path, past, now)
    makers = {
        Section.PLACES: site.places,
        Section.WALKS: site.walks,
        Section.EVENTS: site.events,
        Section.PROJECTS: site.projects,
    }
    routes: list[BaseRoute] = [*site.files()]
    for language in LANGUAGES:
        routes += site.home(language)
    for section, make in makers.items():
        for language in LANGUAGES:
            routes += make(f"{base_path}/{section_path(section, language)}", language)
        for word in dict.fromkeys(SEGMENTS[section].values()):
            routes += site.leading_there(section, f"{base_path}/{word}", _asked_language, "")
            for language in LANGUAGES:
                if word != SEGMENTS[section][language]:
                    path = f"{base_path}/{language}/{word}"
                    routes += site.leading_there(section, path, _always(language), "../")
    return routes


class _Site:
    """What the routes have in common; none is async: what is rendered must not hold up others."""

    def __init__(self, base_path: str, past: Past, now: Clock) -> None:
        self._base_path = base_path
        self._past = past
        self._catalogue = past.shown
        self._now = now

    def files(self) -> list[Route]:
        """Make the routes of what crawlers and the planner's desk ask for."""

        def sitemap(request: Request) -> Response:
            found = self._pages().sitemap(self._address(request))
            return answer(found, request.headers, media_type="application/xml", cache=SHORTLY)

        def robots(request: Request) -> Response:
            text = f"User-agent: *\nDisallow:\n\nSitemap: {self._address(request)}sitemap.xml\n"
            return PlainTextResponse(text, headers={"Cache-Control": SHORTLY})

        def record(request: Request) -> Response:
            language, item = asked_language(request.query_params), request.path_params["item"]
            today = query.day_of(self._now(), self._catalogue().city)
            day = desk_from_params(request.query_params, self._catalogue()).as_of
            known = self._past.on(day, today)
            pages = (
                ProjectPages(known.catalogue, known.day)
                if known.day < today
                else self._project_pages()
            )
            found = pages.piece(language, item)
            return _html(request, found, language) if found else nothing_here()

        return [
            Route(f"{self._base_path}/sitemap.xml", sitemap),
            Route(f"{self._base_path}/robots.txt", robots),
            Route(f"{self._base_path}/data/projects/{{item}}.html", record),
        ]

    def home(self, language: str) -> list[Route]:
        """Make the routes that lead from a language alone to its list of places."""
        path = section_path(Section.PLACES, language)

        def leading(root: str) -> Callable[[Request], Response]:
            return lambda request: RedirectResponse(f"{root}{path}{_query_of(request)}", 302)

        alone = f"{self._base_path}/{language}"
        return [Route(alone, leading("./")), Route(f"{alone}/", leading("../"))]

    def places(self, path: str, language: str) -> list[Route]:
        """Make the routes of the pages of places."""

        def index(request: Request) -> Response:
            return _html(request, self._pages().places(language, self._address(request)), language)

        def place(request: Request) -> Response:
            place_id = request.path_params["item"]
            if to_sound := self._without_slash(request, Section.PLACES, language):
                return to_sound
            found = self._pages().place(language, place_id, self._address(request))
            if found is None:
                return self._missing(Section.PLACES, language, _root_from(place_id))
            return _html(request, found, language)

        def code(request: Request) -> Response:
            address, place_id = self._address(request), request.path_params["item"]
            return _drawing(request, self._pages().code(language, place_id, address))

        return [
            Route(path, index),
            Route(f"{path}/{{item}}/{CODE}", code),
            Route(f"{path}/{{item:path}}", place),
        ]

    def walks(self, path: str, language: str) -> list[Route]:
        """Make the routes of the pages and tracks of walks."""

        def index(request: Request) -> Response:
            return _html(request, self._pages().walks(language, self._address(request)), language)

        def walk(request: Request) -> Response:
            item = request.path_params["item"]
            if to_sound := self._without_slash(request, Section.WALKS, language):
                return to_sound
            plan = self._plan(request, item)
            if not plan.walk:
                return self._missing(Section.WALKS, language, _root_from(item))
            address = self._address(request)
            if plan.start is None and plan.doors is not Doors.ALL:
                page = walk_page(self._catalogue(), language, address, plan, self._now())
                return _html(request, page, language, cache=ONCE)
            return _html(request, self._pages().walk(language, plan, address), language)

        def code(request: Request) -> Response:
            plan = self._plan(request, request.path_params["item"])
            if not plan.walk:
                return nothing_here()
            address = self._address(request)
            found = walk_code(self._catalogue(), language, address, plan, self._now())
            return _drawing(request, found)

        def track(request: Request) -> Response:
            plan = self._plan(request, request.path_params["item"])
            if not plan.walk:
                return nothing_here()
            found = walk_track(
                self._catalogue(), language, self._address(request), plan, self._now()
            )
            return file_answer(found, "application/gpx+xml", f"{plan.walk}.gpx")

        return [
            Route(path, index),
            Route(f"{path}/{{item}}/{CODE}", code),
            Route(f"{path}/{{item}}.gpx", track),
            Route(f"{path}/{{item:path}}", walk),
        ]

    def events(self, path: str, language: str) -> list[Route]:
        """Make the routes of the page of events and of their calendars."""

        def index(request: Request) -> Response:
            return _html(request, self._pages().events(language, self._address(request)), language)

        def event(request: Request) -> Response:
            asked = request.path_params["item"]
            item = asked.rstrip("/")
            if item and not self._knows(Section.EVENTS, item):
                return self._missing(Section.EVENTS, language, _root_from(asked))
            anchor = f"#{quote(event_anchor(item))}" if item else ""
            path = section_path(Section.EVENTS, language) + _query_of(request)
            return RedirectResponse(f"{_root_from(asked)}{path}{anchor}", 302)

        def calendar(request: Request) -> Response:
            item = request.path_params.get("item", "")
            found = events_calendar(
                self._catalogue(), language, self._address(request), self._now(), item
            )
            if found is None:
                return nothing_here()
            name = item or section_path(Section.EVENTS, language).replace("/", "-")
            return file_answer(found, "text/calendar; charset=utf-8", f"{name}.ics")

        return [
            Route(path, index),
            Route(f"{path}.ics", calendar),
            Route(f"{path}/{{item}}.ics", calendar),
            Route(f"{path}/{{item:path}}", event),
        ]

    def projects(self, path: str, language: str) -> list[Route]:
        """Make the routes of the pages of projects; the list of all is the report."""

        def project(request: Request) -> Response:
            project_id = request.path_params["item"]
            if to_sound := self._without_slash(request, Section.PROJECTS, language):
                return to_sound
            found = self._project_pages().page(language, project_id, self._address(request))
            if found is None:
                return self._missing(Section.PROJECTS, language, _root_from(project_id))
            return _html(request, found, language)

        def code(request: Request) -> Response:
            address, project_id = self._address(request), request.path_params["item"]
            return _drawing(request, self._project_pages().code(language, project_id, address))

        return [
            Route(f"{path}/{{item}}/{CODE}", code),
            Route(f"{path}/{{item:path}}", project),
        ]

    def leading_there(
        self, section: Section, path: str, language: Callable[[Request], str], root: str
    ) -> list[Route]:
        """Make the routes that lead to a section from a path ``root`` below the site's root."""

        def lead(request: Request) -> Response:
            asked = request.path_params.get("item")
            item, up = (asked or "").rstrip("/"), root
            if asked is not None:
                if asked.startswith(_STREAMLIT):
                    return nothing_here()
                up += "../" * (asked.count("/") + 1)
            target = self._known_path(section, language(request), item)
            if target is None:
                return self._missing(section, language(request), up)
            return away(request, up + target)

        def lead_to_calendar(request: Request) -> Response:
            return away(request, f"{root}{section_path(section, language(request))}.ics")

        def away(request: Request, target: str) -> Response:
            headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
            return RedirectResponse(f"./{target}{_query_of(request)}", 302, headers=headers)

        routes = [Route(f"{path}/{{item:path}}", lead)]
        if root or path.rpartition("/")[2] not in APP_PAGES:
            routes.append(Route(path, lead))
        if section is Section.EVENTS:
            routes.append(Route(f"{path}.ics", lead_to_calendar))
        return routes

    def _knows(self, section: Section, item: str) -> bool:
        """Tell whether there is a place, a walk, an event or a project of that id."""
        catalogue = self._catalogue()
        if section is Section.PLACES:
            return catalogue.place(item) is not None
        if section is Section.PROJECTS:
            return catalogue.project(item) is not None
        if section is Section.WALKS:
            return bool(plan_from_params({"walk": item}, catalogue).walk)
        return item in events(catalogue)

    def _known_path(self, section: Section, language: str, item: str) -> str | None:
        """Give the address of a list, a page or its file; None where there is none."""
        if not item:
            return section_path(section, language)
        for file in ("", *_FILES[section]):
            known = item.removesuffix(file)
            if item.endswith(file) and self._knows(section, known):
                return section_path(section, language, known) + file
        return None

    def _without_slash(self, request: Request, section: Section, language: str) -> Response | None:
        asked = request.path_params["item"]
        item = asked.removesuffix("/")
        if asked and (item == asked or not self._knows(section, item)):
            return None
        path = section_path(section, language, item)
        return RedirectResponse(f"{_root_from(asked)}{path}{_query_of(request)}", 301)

    def _pages(self) -> Pages:
        """Give the pages of today; they are the same until midnight."""
        catalogue = self._catalogue()
        return pages_of(catalogue, query.day_of(self._now(), catalogue.city))

    def _project_pages(self) -> ProjectPages:
        """Give the pages of projects as of today; delays grow at midnight."""
        catalogue = self._catalogue()
        today = query.day_of(self._now(), catalogue.city)
        return project_pages_of(catalogue, today, self._past)

    def _plan(self, request: Request, walk: str) -> Plan:
        plan = plan_from_params({**request.query_params, "walk": walk}, self._catalogue())
        return plan if plan.walk == MINE else replace(plan, mine=())

    def _missing(self, section: Section, language: str, root: str) -> Response:
        headers = {"Cache-Control": ONCE, "Content-Language": language}
        text = missing_page(self._catalogue(), language, section, root)
        return HTMLResponse(text, 404, headers=headers)

    def _address(self, request: Request) -> str:
        """Give the absolute address of the site, with a slash at the end."""
        return site_address(request, self._base_path)


def _root_from(item: str) -> str:
    """Give the relative address of the site's root from a page below a section."""
    return "../../" + "../" * item.count("/")


def _query_of(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


def _always(language: str) -> Callable[[Request], str]:
    return lambda _request: language


def _asked_language(request: Request) -> str:
    return language_of(request.headers)


def _html(request: Request, page: Page, language: str, *, cache: str = SHORTLY) -> Response:
    headers = {"Content-Language": language}
    return answer(page, request.headers, media_type="text/html", cache=cache, headers=headers)


def _drawing(request: Request, found: Page | None) -> Response:
    if found is None:
        return nothing_here()
    return answer(found, request.headers, media_type="image/svg+xml", cache=SHORTLY)
