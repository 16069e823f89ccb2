"""Streamlit's page and bundles, in the visitor's language and compressed."""

from __future__ import annotations

import gzip
import importlib.resources
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regen_map.web.answers import (
    ASK_AGAIN,
    FOREVER,
    ONCE,
    accepts_gzip,
    answer,
    language_of,
    nothing_here,
)
from regen_map.webmap.assets import Packed, fingerprint, pack

_STYLE = (importlib.resources.files(__package__) / "assets" / "opening.css").read_text("utf-8")
_STYLES = (
    f"<style>{_STYLE}</style>\n<noscript><style>.rm-loading{{display:none}}</style></noscript>\n"
)
_TEXT_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class ShellPage:
    """
    What a visitor's browser is told before the map appears.

    Attributes
    ----------
    language
        Code of the language.
    title, description
        For the tab, for search engines, and to read until the map appears.
    loading
        Says that the map is on its way.
    without_script
        Says instead that it will not come, where JavaScript is off.
    links
        Pages that need no JavaScript: text, and address below the root of the site.
    prefetch
        Addresses below the root of the site that the map's frame will soon ask for.
    modules
        Addresses of scripts that the page itself will soon import.
    """

    language: str
    title: str
    description: str
    loading: str
    without_script: str
    links: tuple[tuple[str, str], ...] = ()
    prefetch: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    def markup(self, index: str) -> str:
        """
        Put it into Streamlit's page.

        Parameters
        ----------
        index
            Streamlit's ``index.html``.
        """
        head = [
            f"<title>{escape(self.title)}</title>",
            f'<meta name="description" content="{escape(self.description)}" />',
            *(
                f'<link rel="modulepreload" crossorigin href="./{escape(each)}" />'
                for each in self.modules
                if each not in index
            ),
            # Not preload: that is for this document, and the map is a frame in it.
            *(f'<link rel="prefetch" href="./{escape(each)}" />' for each in self.prefetch),
        ]
        text = _put(index, r"<html\b[^>]*>", f'<html lang="{escape(self.language)}">')
        # A font that our theme does not use, two thirds of the page's own weight.
        text = _put(text, r'<link\s[^>]*rel="preload"[^>]*\.woff2"[^>]*>', "")
        # The text below is painted when the style is there: it goes before sixty scripts.
        style = re.search(r'<link\s[^>]*rel="stylesheet"[^>]*>', text)
        if style:
            text = _put(text, re.escape(style[0]), "")
            head.insert(0, style[0])
        text = _put(text, r"<title>.*?</title>", "\n    ".join(head))
        text = _put(text, r"<noscript>.*?</noscript>", "")
        # Behind Streamlit's own, for ours must win; a body may hold no style.
        text = _put(text, r"</head>", f"{_STYLES}</head>")
        return _put(text, r'<div id="root">\s*</div>', f'<div id="root"></div>{self._opening()}')

    def _opening(self) -> str:
        """Write what stands before the app's place; its style hides it once the app is there."""
        links = "".join(
            f'<li><a href="./{escape(address)}">{escape(text)}</a></li>'
            for text, address in self.links
        )
        return (
            f'<main class="rm-opening"><h1>{escape(self.title)}</h1>'
            f"<p>{escape(self.description)}</p>"
            f'<p class="rm-loading">{escape(self.loading)}</p>'
            f"<noscript><p>{escape(self.without_script)}</p></noscript>"
            f"<ul>{links}</ul></main>"
        )


class Shell:
    """
    ASGI middleware over the part of Streamlit that never runs Python.

    Streamlit sends its 1.7 MB of bundles uncompressed and its page in English. Here
    both are prepared once and kept in memory. Everything else passes untouched.

    Parameters
    ----------
    app
        What it wraps.
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    index
        Streamlit's page.
    bundles
        Folders of files whose names change with their content, by their place
        below the root of the site.
    page
        What to tell in a language, of what an address asks for; equal answers cost nothing.
    missing
        Writes the page for an address that is not there, in a language, with the relative
        address of the site's root from it.
    """

    def __init__(  # noqa: PLR0913
        self,
        app: ASGIApp,
        *,
        base_path: str,
        index: Path,
        bundles: Mapping[str, Path],
        page: Callable[[str, Mapping[str, str]], ShellPage],
        missing: Callable[[str, str], str],
    ) -> None:
        self._app = app
        self._base_path = base_path
        self._page = page
        self._missing = missing
        # Streamlit answers any unknown path with this file, and its tag tells so.
        self._index_tag = FileResponse(index, stat_result=index.stat()).headers["etag"]
        text = index.read_text("utf-8")
        self._render = lru_cache(maxsize=16)(lambda shell: pack(shell.markup(text).encode()))
        self._bundles = {
            f"{base_path}/{place}/{path.relative_to(folder).as_posix()}": path
            for place, folder in bundles.items()
            for path in folder.rglob("*")
            if path.suffix in _TEXT_TYPES
        }
        self._bundle_places = tuple(f"{base_path}/{place}/" for place in bundles)
        # Here rather than while the first visitor waits.
        for name in re.findall(r'(?:href|src)="\./([^"]+)"', text):
            if bundle := self._bundles.get(f"{base_path}/{name}"):
                _compress(bundle)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a bundle, and put our page in the place of Streamlit's."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        bundle = self._bundles.get(scope["path"])
        if bundle and accepts_gzip(asked) and "range" not in asked:
            packed = _COMPRESSED.get(bundle)
            if packed is None:
                packed = await run_in_threadpool(_compress, bundle)
            media_type = _TEXT_TYPES[bundle.suffix]
            response = answer(packed, asked, media_type=media_type, cache=FOREVER)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, self._replacing(scope, receive, send))

    def _replacing(self, scope: Scope, receive: Receive, send: Send) -> Send:
        replaced = False

        async def send_ours(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and self._is_index(message):
                replaced = True
                response = await run_in_threadpool(self._answer, scope)
                await response(scope, receive, send)
            elif not replaced:
                await send(message)

        return send_ours

    def _is_index(self, start: Message) -> bool:
        tag = Headers(raw=start["headers"]).get("etag")
        return start["status"] == 200 and tag == self._index_tag  # noqa: PLR2004 - HTTP

    def _answer(self, scope: Scope) -> Response:
        if scope["path"].startswith(self._bundle_places):
            # A bundle of an earlier version; a page in its place would be run as a script.
            return nothing_here()
        folder, *below = scope["path"].removeprefix(self._base_path).removeprefix("/").split("/")
        asked = Headers(scope=scope)
        params = QueryParams(scope["query_string"])
        named = params.get("lang", "")
        language = language_of(asked, *((folder, named) if below else (named,)))
        if below:
            # The scripts of Streamlit's page are not there, and it would stay empty for ever.
            headers = {"Cache-Control": ONCE, "Content-Language": language}
            return HTMLResponse(self._missing(language, "../" * len(below)), 404, headers)
        return answer(
            self._render(self._page(language, params)),
            asked,
            media_type="text/html",
            cache=ASK_AGAIN,
            headers={"Vary": "Accept-Language", "Content-Language": language},
        )


def _put(text: str, pattern: str, ours: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    return text[: found.start()] + ours + text[found.end() :] if found else text


_COMPRESSED: dict[Path, Packed] = {}
# Streamlit's default font would come for the blink before it knows our theme, which has another.
_UNUSED_FONT = re.compile(rb"@font-face\s*\{\s*font-family:\s*Source Sans;[^}]*\}")


def _compress(path: Path) -> Packed:
    # The plain bytes stay on disk: who takes no gzip is served by Streamlit.
    body = path.read_bytes()
    if path.suffix == ".css":
        body = _UNUSED_FONT.sub(b"", body)
    packed = Packed(fingerprint(body), b"", gzip.compress(body, 9, mtime=0))
    return _COMPRESSED.setdefault(path, packed)
