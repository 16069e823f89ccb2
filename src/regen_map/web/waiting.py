"""What visitors are told by a server that has no data to show yet."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from regen_map.messages import Translator, translator
from regen_map.web.answers import ONCE, language_of

AGAIN_S = 10
"""After so many seconds a browser asks again."""

_TRY_AGAIN_LATER = 1013
"""RFC 6455, registry of close codes."""
_UNAVAILABLE = 503
_STYLE = (importlib.resources.files(__package__) / "assets" / "opening.css").read_text("utf-8")


class Waiting:
    """
    ASGI middleware that answers for the whole site until there is something to show.

    Every address is a 503 then, whatever it asks for; no request waits for the data.

    Parameters
    ----------
    app
        What it wraps.
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    waits
        Tells whether there is nothing to show yet.
    """

    def __init__(self, app: ASGIApp, *, base_path: str, waits: Callable[[], bool]) -> None:
        self._app = app
        self._base_path = base_path
        self._waits = waits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say that the data cannot be reached."""
        if scope["type"] not in ("http", "websocket") or not self._waits():
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(_TRY_AGAIN_LATER)(scope, receive, send)
        else:
            await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        headers = {"Retry-After": str(AGAIN_S), "Cache-Control": ONCE}
        path = request.url.path.removeprefix(self._base_path)
        if path == "/healthz":
            return JSONResponse({"status": "waiting"}, _UNAVAILABLE, headers)
        folder = path.strip("/").partition("/")[0]
        language = language_of(request.headers, request.query_params.get("lang", ""), folder)
        headers |= {"Content-Language": language, "Vary": "Accept-Language"}
        return HTMLResponse(_page(translator(language)), _UNAVAILABLE, headers)


def _page(words: Translator) -> str:
    title = escape(words.text("waiting.title"))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(words.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta http-equiv="refresh" content="{AGAIN_S}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<main class="rm-opening"><h1>{title}</h1>\n'
        f"<p>{escape(words.text('waiting.why'))}</p></main>\n</body>\n</html>\n"
    )
