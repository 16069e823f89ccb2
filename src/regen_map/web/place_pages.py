"""Routes to the pages of places: the map's alternative for readers, crawlers and previews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES, best_language
from regen_map.web.answers import answer
from regen_map.web.places import Page, Pages, missing_page, pages_of
from regen_map.web.places.addresses import SEGMENTS, page_path

_SHORTLY = "public, max-age=60"
"""A correction of the data is seen within a minute."""

Shown: TypeAlias = Callable[[], Catalogue]
"""Gives the catalogue that is shown now."""


def place_routes(base_path: str, catalogue: Shown) -> list[BaseRoute]:
    """
    Make the routes of the pages of places.

    Parameters
    ----------
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    catalogue
        Gives the catalogue that is shown now.

    Returns
    -------
    list of starlette.routing.BaseRoute
        ``/it/luoghi``, ``/en/places`` and the places below them; the same in the
        word of another language or without a language, which lead there;
        ``/sitemap.xml`` and ``/robots.txt``.
    """
    routes: list[BaseRoute] = [*_site_routes(base_path, catalogue)]
    for segment in SEGMENTS.values():
        routes += _leading_there(f"{base_path}/{segment}", _asked_language, "")
        for language in LANGUAGES:
            path = f"{base_path}/{language}/{segment}"
            if segment == SEGMENTS[language]:
                routes += _pages(path, base_path, catalogue, language)
            else:
                routes += _leading_there(path, _always(language), "../")
    return routes


# None of these is async: what is asked for first is rendered, which must not hold up others.


def _pages_of(catalogue: Catalogue) -> Pages:
    """Give the pages of today; they are the same until midnight."""
    return pages_of(catalogue, query.day_of(dt.datetime.now(dt.UTC), catalogue.city))


def _pages(path: str, base_path: str, catalogue: Shown, language: str) -> list[Route]:
    def index(request: Request) -> Response:
        found = _pages_of(catalogue()).index(language, _site(request, base_path))
        return _html(request, found, language)

    def place(request: Request) -> Response:
        shown, place_id = catalogue(), request.path_params["place"]
        root = "../../" + "../" * place_id.count("/")
        if place_id in ("", f"{place_id.rstrip('/')}/"):
            return RedirectResponse(root + page_path(language, place_id.rstrip("/")), 301)
        found = _pages_of(shown).place(language, place_id, _site(request, base_path))
        if found is None:
            headers = {"Cache-Control": "no-store", "Content-Language": language}
            return HTMLResponse(missing_page(shown.city, language, root), 404, headers=headers)
        return _html(request, found, language)

    return [Route(path, index), Route(f"{path}/{{place:path}}", place)]


def _leading_there(path: str, language: Callable[[Request], str], root: str) -> list[Route]:
    """Lead to the pages from a path that lies ``root`` below the root of the site."""

    def lead(request: Request) -> Response:
        place_id = request.path_params.get("place")
        up = "" if place_id is None else "../" * (place_id.count("/") + 1)
        target = page_path(language(request), (place_id or "").rstrip("/"))
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
        return RedirectResponse(f"./{root}{up}{target}", 302, headers=headers)

    return [Route(path, lead), Route(f"{path}/{{place:path}}", lead)]


def _site_routes(base_path: str, catalogue: Shown) -> list[Route]:
    def sitemap(request: Request) -> Response:
        found = _pages_of(catalogue()).sitemap(_site(request, base_path))
        return answer(found, request.headers, media_type="application/xml", cache=_SHORTLY)

    def robots(request: Request) -> Response:
        text = f"User-agent: *\nDisallow:\n\nSitemap: {_site(request, base_path)}sitemap.xml\n"
        return PlainTextResponse(text, headers={"Cache-Control": _SHORTLY})

    return [
        Route(f"{base_path}/sitemap.xml", sitemap),
        Route(f"{base_path}/robots.txt", robots),
    ]


def _always(language: str) -> Callable[[Request], str]:
    return lambda _request: language


def _asked_language(request: Request) -> str:
    return best_language(request.headers.get("accept-language", ""))


def _site(request: Request, base_path: str) -> str:
    """Give the absolute address of the site, with a slash at the end."""
    return f"{str(request.base_url).rstrip('/')}{base_path}/"


def _html(request: Request, page: Page, language: str) -> Response:
    headers = {"Content-Language": language}
    return answer(page, request.headers, media_type="text/html", cache=_SHORTLY, headers=headers)
