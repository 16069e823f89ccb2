"""Security headers on every answer."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regen_map.catalogue import TileSource

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    # Tile servers ask who is calling; no-referrer would be refused by them.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # The map is a frame of our own page.
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": (
        "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), "
        "accelerometer=(), gyroscope=(), magnetometer=(), display-capture=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
}

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class SecurityHeaders:
    """
    ASGI middleware that sets the security headers.

    The frame of the map has a policy of its own: streamlit-folium hands it code as
    text, which no strict policy lets run, and it alone may fetch tiles.

    Parameters
    ----------
    app
        What it wraps.
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    shell
        Streamlit's page: its inline scripts are allowed, and no others.
    tiles
        Gives the tile sources that the map may show.
    """

    def __init__(
        self, app: ASGIApp, *, base_path: str, shell: str, tiles: Callable[[], Iterable[TileSource]]
    ) -> None:
        self._app = app
        self._frame = f"{base_path}/component/streamlit_folium."
        scripts = ["'wasm-unsafe-eval'", *map(_source, _INLINE_SCRIPT.findall(shell))]
        self._page_policy = _policy(scripts, [])
        self._tiles = tiles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and put the headers on its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = self._page_policy
        if scope["path"].startswith(self._frame):
            policy = _policy(["'unsafe-inline'", "'unsafe-eval'"], tile_hosts(self._tiles()))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**_FIXED, "Content-Security-Policy": policy})
            await send(message)

        await self._app(scope, receive, send_with_headers)


def tile_hosts(tiles: Iterable[TileSource]) -> list[str]:
    """
    Name the hosts of tile sources the way a policy does.

    Returns
    -------
    list of str
        Scheme and host, each once; a placeholder such as ``{s}`` becomes ``*``.
    """
    hosts: dict[str, None] = {}
    for source in tiles:
        parts = urlsplit(source.url)
        host = re.sub(r"^\{\w+\}(?=\.)", "*", parts.netloc)
        if parts.scheme and host:
            hosts[f"{parts.scheme}://{host}"] = None
    return list(hosts)


def _source(script: str) -> str:
    checksum = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{checksum}'"


def _policy(scripts: list[str], images: list[str]) -> str:
    directives = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *scripts],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", *images],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
    return "; ".join(" ".join([name, *values]) for name, values in directives.items())
