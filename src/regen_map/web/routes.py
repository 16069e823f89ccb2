"""Routes beside Streamlit's: files of the map, its data, health."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from regen_map.web.answers import FOREVER, Body, answer, nothing_here
from regen_map.web.pages import STYLE
from regen_map.webmap.assets import ASSETS

PlacesByKey = Callable[[str], Body | None]
"""Gives the places of the map under a key that changes with them, or None."""

AnswerByKey = Callable[[str, Mapping[str, str]], Mapping[str, Any] | None]
"""Gives which of the places under a key the words of a link select, or None."""

_A_MINUTE = "public, max-age=60"
"""Each answer counts what is open now."""

_ASSETS = {asset.path: asset for asset in (*ASSETS.values(), STYLE)}


def site_routes(
    base_path: str, *, places: PlacesByKey, selection: AnswerByKey, version: Callable[[], str]
) -> list[BaseRoute]:
    """
    Make the routes of the site.

    Parameters
    ----------
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    places
        Where the places of the map come from.
    selection
        Who answers which of them a visitor's filters leave.
    version
        Tells the version of the catalogue that is shown now.

    Returns
    -------
    list of starlette.routing.BaseRoute
        ``/assets/<version>/<name>`` and ``/data/places/<key>.json``, to be kept for
        ever; ``/data/selections/<key>.json?<filters>``, for a minute, or never where the
        filters ask for what is open now; ``/healthz``, never. What is not there is a
        404: Streamlit would answer with its page, and a misspelled script would seem to
        exist.
    """

    async def asset(request: Request) -> Response:
        found = _ASSETS.get(f"assets/{request.path_params['path']}")
        if found is None:
            return nothing_here()
        return answer(found.body, request.headers, media_type=found.media_type, cache=FOREVER)

    async def place_data(request: Request) -> Response:
        found = places(request.path_params["key"])
        if found is None:
            return nothing_here()
        return answer(found, request.headers, media_type="application/json", cache=FOREVER)

    # Not async: a search in a large catalogue must not hold up the other visitors.
    def selected(request: Request) -> Response:
        found = selection(request.path_params["key"], request.query_params)
        if found is None:
            return nothing_here()
        of_the_moment = found["f"].get("open") == "now"
        cache = "no-store" if of_the_moment else _A_MINUTE
        return JSONResponse(found, headers={"Cache-Control": cache})

    async def health(_request: Request) -> Response:
        body = {"status": "ok", "catalogue": version()}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    async def missing(_request: Request) -> Response:
        return nothing_here()

    return [
        Route(f"{base_path}/assets/{{path:path}}", asset),
        Route(f"{base_path}/data/places/{{key}}.json", place_data),
        Route(f"{base_path}/data/selections/{{key}}.json", selected),
        Route(f"{base_path}/healthz", health),
        Route(f"{base_path}/data/{{path:path}}", missing),
        Route(f"{base_path}/healthz/{{path:path}}", missing),
    ]
