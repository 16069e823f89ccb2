"""Signing in and out with a password: pages without JavaScript, that nobody keeps."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from regen_map.access import COOKIE, BusyError, Entrance, Identity, SlowedError
from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES, Translator, translator
from regen_map.web.answers import ONCE, language_of
from regen_map.web.pages.addresses import Section, app_path
from regen_map.web.pages.rendering import Address, html

STAFF_PAGE = "staff"
"""The page of the app to which everything here leads."""

_LARGEST_BODY = 8192
_MOST_FIELDS = 8
_FORM = "application/x-www-form-urlencoded"
_ORGANISATION, _FAILED = "organisation", "failed"
_BUSY_S = 5
_LEAST_MINUTES_S = 90

Clock: TypeAlias = Callable[[], dt.datetime]
"""Gives the moment, with a time zone."""


def sign_in_routes(
    base_path: str, catalogue: Callable[[], Catalogue], entrance: Entrance, now: Clock
) -> list[BaseRoute]:
    """
    Make the routes by which the staff come in and go out.

    Parameters
    ----------
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    catalogue
        Gives the catalogue that is shown now, whose city the page names.
    entrance
        Who knows the staff.
    now
        The clock by which sessions end.

    Returns
    -------
    list of starlette.routing.BaseRoute
        ``/sign-in``, a page and its form; ``/sign-out``, a form only. Both lead to the
        app's page for the staff and to nowhere else. A form is taken from a page of this
        site only: as ``Sec-Fetch-Site`` says, else ``Origin`` (OWASP, Cross-Site Request
        Forgery Prevention); where a browser sends neither, it is refused.
    """
    site = _SignIn(base_path, catalogue, entrance, now)
    return [
        Route(f"{base_path}/sign-in", site.page, methods=["GET"]),
        Route(f"{base_path}/sign-in", site.sign_in, methods=["POST"]),
        Route(f"{base_path}/sign-out", site.sign_out, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _Here(Address):
    """The page stands beside the app, in no section, under the same address in each language."""

    @property
    def root(self) -> str:
        return "./"

    @property
    def paths(self) -> Mapping[str, str]:
        return {each: f"sign-in?lang={each}" for each in LANGUAGES}


class _SignIn:
    """What the routes have in common."""

    def __init__(
        self, base_path: str, catalogue: Callable[[], Catalogue], entrance: Entrance, now: Clock
    ) -> None:
        self._path = base_path or "/"
        self._catalogue = catalogue
        self._entrance = entrance
        self._now = now

    # Not async: reading the accounts must not hold up the visitors.
    def page(self, request: Request) -> Response:
        """Show the form, or who has signed in already."""
        failed = request.query_params.get(_ORGANISATION) == _FAILED
        told = translator(asked_language(request)).text("organisation.failed") if failed else ""
        return self._page(request, told)

    async def sign_in(self, request: Request) -> Response:
        """Take the form."""
        words = translator(asked_language(request))
        if not _is_own_form(request):
            told = words.text("access.foreign")
            return await run_in_threadpool(self._page, request, told, 403)
        fields = await _fields(request)
        if fields is None:
            told = words.text("access.unreadable")
            return await run_in_threadpool(self._page, request, told, 400)
        return await run_in_threadpool(self._signed_in, request, fields, words)

    def sign_out(self, request: Request) -> Response:
        """End the session."""
        if not _is_own_form(request):
            told = translator(asked_language(request)).text("access.foreign")
            return self._page(request, told, 403)
        self._entrance.sign_out(request.cookies.get(COOKIE, ""))
        response = _to_staff_page(request)
        response.delete_cookie(COOKIE, path=self._path, httponly=True, samesite="strict")
        return response

    def _signed_in(
        self, request: Request, fields: Mapping[str, str], words: Translator
    ) -> Response:
        address = request.client.host if request.client is not None else ""
        name, password = fields.get("name", ""), fields.get("password", "")
        try:
            token = self._entrance.sign_in(name, password, address, self._now())
        except SlowedError as error:
            return self._later(
                request, _slowed(error.retry_after_s, words), error.retry_after_s, 429
            )
        except BusyError:
            return self._later(request, words.text("access.busy"), _BUSY_S, 503)
        if token is None:
            return self._page(request, words.text("access.wrong"), 403)
        # Whoever was signed in here before is not any more.
        self._entrance.sign_out(request.cookies.get(COOKIE, ""))
        response = _to_staff_page(request)
        response.set_cookie(
            COOKIE,
            token,
            path=self._path,
            httponly=True,
            samesite="strict",
            secure=came_by_https(request),
        )
        return response

    def _later(self, request: Request, told: str, retry_after_s: int, status: int) -> Response:
        response = self._page(request, told, status)
        response.headers["Retry-After"] = str(retry_after_s)
        return response

    def _page(self, request: Request, problem: str = "", status: int = 200) -> Response:
        language, accounts = asked_language(request), self._entrance.accounts
        shown = Identity(token=request.cookies.get(COOKIE, ""))
        person = self._entrance.person(shown, self._now())
        text = html(
            "sign_in.html",
            language,
            self._catalogue(),
            _Here(Section.PLACES),
            is_list=False,
            desk=f"./{app_path(language, page=STAFF_PAGE)}",
            person=person,
            problem=problem,
            role=translator(language).text(f"access.role.{person.role}") if person else "",
            with_organisation=accounts.with_organisation,
            with_password=accounts.with_password,
        )
        headers = {"Cache-Control": ONCE, "Content-Language": language}
        return HTMLResponse(text, status, headers=headers)


def _slowed(seconds: int, words: Translator) -> str:
    if seconds < _LEAST_MINUTES_S:
        return words.count("access.slowed_seconds", seconds)
    return words.count("access.slowed_minutes", math.ceil(seconds / 60))


def staff_page(language: str) -> str:
    """Give the address of the app's page for the staff, beside ``/sign-in``."""
    # Relative: right behind any proxy, and never to another site.
    return f"./{app_path(language, page=STAFF_PAGE)}"


def failed_page(language: str) -> str:
    """Give the address beside itself that says that an organisation's sign-in failed."""
    return f"./sign-in?lang={language}&{_ORGANISATION}={_FAILED}"


def _to_staff_page(request: Request) -> Response:
    where = staff_page(asked_language(request))
    return RedirectResponse(where, 303, headers={"Cache-Control": ONCE})


def asked_language(request: Request) -> str:
    """Give the language that an address asks for, else a browser."""
    return language_of(request.headers, request.query_params.get("lang", ""))


def _is_own_form(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    # Browsers leave it out where there is no https.
    host = request.headers.get("host", "")
    return bool(host) and _origin(request)[1] == host.casefold()


def came_by_https(request: Request) -> bool:
    """Tell whether a visitor came by https, to us or to a proxy before us."""
    told = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip().casefold()
    return "https" in (request.url.scheme, told, _origin(request)[0])


def _origin(request: Request) -> tuple[str, str]:
    """Give scheme and host, with its port, of the page that a form comes from."""
    try:
        parts = urlsplit(request.headers.get("origin", ""))
    except ValueError:
        return "", ""
    return parts.scheme.casefold(), parts.netloc.casefold()


async def _fields(request: Request) -> Mapping[str, str] | None:
    """Read a form; None for what is none, or larger than one of ours can be."""
    if request.headers.get("content-type", "").partition(";")[0].strip().casefold() != _FORM:
        return None
    content = bytearray()
    try:
        async for part in request.stream():
            content += part
            if len(content) > _LARGEST_BODY:
                return None
        found = parse_qs(
            content.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except (ClientDisconnect, ValueError):
        return None
    return {name: values[0] for name, values in found.items()}
