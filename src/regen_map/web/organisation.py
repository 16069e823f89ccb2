"""Back to the staff page, for who was away to sign in with their organisation's account."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regen_map.messages import LANGUAGES
from regen_map.web.answers import ONCE
from regen_map.web.sign_in import asked_language, came_by_https, failed_page, staff_page

LANGUAGE_COOKIE = "regen_map_language"
"""The cookie that holds, while somebody is away, in which language they left."""

_AWAY_S = 600
_IDENTITY = "_streamlit_user"
"""Streamlit's cookies of this name, and of those that begin with it, say who has signed in."""
_FAULTS = 400


class Return:
    """
    ASGI middleware over the addresses by which Streamlit lets people sign in and out.

    Streamlit sends everybody who comes back to the app's first page, in whatever
    language, and says to nobody that it did not succeed. Here they find the page that
    they left, in its language, or a sentence. What Streamlit checks stays with Streamlit.

    Parameters
    ----------
    app
        What it wraps.
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    """

    def __init__(self, app: ASGIApp, *, base_path: str) -> None:
        self._app = app
        self._path = base_path or "/"
        self._leaving = {f"{base_path}/auth/{each}" for each in ("login", "logout")}
        self._coming_back = f"{base_path}/oauth2callback"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and see where its answer leads."""
        is_get = scope["type"] == "http" and scope["method"] == "GET"
        path = scope["path"] if is_get else ""
        if path not in self._leaving and path != self._coming_back:
            await self._app(scope, receive, send)
            return
        request, replaced = Request(scope), False

        async def send_ours(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                if message["status"] >= _FAULTS and path in self._leaving:
                    replaced = True
                    # Below /auth, where nobody has left yet.
                    where = failed_page(_language_left(request)).removeprefix(".")
                    gone = RedirectResponse(f"..{where}", 303, headers={"Cache-Control": ONCE})
                    await gone(scope, receive, send)
                elif path == self._coming_back:
                    _come_back(request, MutableHeaders(scope=message))
                else:
                    self._leave(request, MutableHeaders(scope=message))
            if not replaced:
                await send(message)

        await self._app(scope, receive, send_ours)

    def _leave(self, request: Request, headers: MutableHeaders) -> None:
        kept = Response()
        kept.set_cookie(
            LANGUAGE_COOKIE,
            _language_left(request),
            max_age=_AWAY_S,
            path=self._path,
            httponly=True,
            # Not strict: who comes back comes from another site.
            samesite="lax",
            secure=came_by_https(request),
        )
        headers.append("set-cookie", kept.headers["set-cookie"])


def _come_back(request: Request, headers: MutableHeaders) -> None:
    cookies = headers.getlist("set-cookie")
    signed_in = any(
        each.startswith(f"{_IDENTITY}=") and not each.startswith(f'{_IDENTITY}=""')
        for each in cookies
    )
    language = _language_kept(request)
    # Who has signed out comes back without any question.
    failed = bool(request.query_params) and not signed_in
    headers["location"] = failed_page(language) if failed else staff_page(language)
    headers["cache-control"] = ONCE
    if came_by_https(request):
        del headers["set-cookie"]
        for each in cookies:
            is_bare = each.startswith(_IDENTITY) and "; secure" not in each.casefold()
            headers.append("set-cookie", f"{each}; Secure" if is_bare else each)


def _language_left(request: Request) -> str:
    """Give the language of the page that somebody comes from."""
    try:
        query = urlsplit(request.headers.get("referer", "")).query
        asked = parse_qs(query, max_num_fields=100).get("lang", [""])[-1]
    except ValueError:
        asked = ""
    return asked if asked in LANGUAGES else asked_language(request)


def _language_kept(request: Request) -> str:
    kept = request.cookies.get(LANGUAGE_COOKIE, "")
    return kept if kept in LANGUAGES else asked_language(request)
