"""Requests as all that stands behind reads them alike, whatever a client wrote."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regen_map.web.answers import accepts_gzip, nothing_here

_CODINGS = b"accept-encoding"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class SoundRequests:
    """
    ASGI middleware that lets through only what routes and Streamlit understand as we do.

    A path with a control character is a 404: patterns of routes overlook a line break at
    its end. Streamlit compresses for whoever names gzip, also to refuse it, and adds to
    ``Vary`` what stands there already: behind this, only who takes gzip names it, and
    each header is named there once.

    Parameters
    ----------
    app
        What it wraps.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as it can be understood, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _CONTROL.search(scope["path"]):
            await nothing_here()(scope, receive, send)
            return

        async def send_sound(message: Message) -> None:
            if message["type"] == "http.response.start":
                _vary_once(MutableHeaders(scope=message))
            await send(message)

        await self._app(_choosing(scope), receive, send_sound)


def _choosing(scope: Scope) -> Scope:
    """Say in one word whether gzip is taken."""
    coding = b"gzip" if accepts_gzip(Headers(scope=scope)) else b"identity"
    others = [(name, value) for name, value in scope["headers"] if name != _CODINGS]
    return {**scope, "headers": [*others, (_CODINGS, coding)]}


def _vary_once(headers: MutableHeaders) -> None:
    named = [each.strip() for line in headers.getlist("vary") for each in line.split(",")]
    once = {each.lower(): each for each in reversed(named) if each}
    if len(once) < len(named):
        headers["vary"] = ", ".join(reversed(once.values()))
