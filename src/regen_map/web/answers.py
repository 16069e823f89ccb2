"""Answers made of prepared bytes: compressed where wanted, empty where nothing changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from regen_map.messages import LANGUAGES, best_language

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
"""For an address that stays: kept by browsers, but checked each time."""
SHORTLY = "public, max-age=60"
"""A correction of the data is seen within a minute."""
ONCE = "no-store"
"""For what depends on the moment at which it is asked for."""

_UNSAFE_IN_NAME = re.compile(r"[^\w.-]+", re.ASCII)
"""What a name of a file must not hold within quotes in a header."""


class Body(Protocol):
    """What `answer` sends: such as an asset, or the places of the map."""

    @property
    def key(self) -> str:
        """Changes with any byte of the content."""

    @property
    def content(self) -> bytes:
        """The body as it is."""

    @property
    def compressed(self) -> bytes:
        """The body as gzip."""


def answer(
    body: Body,
    asked: Headers,
    *,
    media_type: str,
    cache: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """
    Answer a GET or HEAD request with a prepared body.

    Parameters
    ----------
    body
        What to send.
    asked
        Headers of the request.
    media_type
        MIME type of the body.
    cache
        Value of ``Cache-Control``.
    headers
        More headers. A ``Vary`` in it is kept beside our own.

    Returns
    -------
    starlette.responses.Response
        200 with the body, gzip-compressed for who accepts that, or 304.
    """
    more = dict(headers or {})
    varies = ", ".join(filter(None, [more.pop("Vary", ""), "Accept-Encoding"]))
    # Weak, because the compressed and the plain body share it.
    tag = f'W/"{body.key}"'
    common = {"Cache-Control": cache, "ETag": tag, "Vary": varies, **more}
    if already_known(tag, asked):
        return Response(status_code=304, headers=common)
    if accepts_gzip(asked):
        common["Content-Encoding"] = "gzip"
        return Response(body.compressed, headers=common, media_type=media_type)
    return Response(body.content, headers=common, media_type=media_type)


def file_answer(content: bytes, media_type: str, name: str) -> Response:
    """Send a file to be saved under a name; it is never kept, for it tells of a moment."""
    named = _UNSAFE_IN_NAME.sub("-", name)
    headers = {"Content-Disposition": f'attachment; filename="{named}"', "Cache-Control": ONCE}
    return Response(content, media_type=media_type, headers=headers)


def nothing_here() -> Response:
    """Answer that there is no such thing, in the shortest form."""
    return PlainTextResponse("Not found", 404, headers={"Cache-Control": ONCE})


def site_address(request: Request, base_path: str) -> str:
    """Give the absolute address of the site as a request named it, with a slash at the end."""
    return f"{str(request.base_url).rstrip('/')}{base_path}/"


def language_of(headers: Headers, *asked: str) -> str:
    """Give the first of these that is a language of the site, else the browser's best one."""
    wanted = (each for each in asked if each in LANGUAGES)
    return next(wanted, "") or best_language(headers.get("accept-language", ""))


def accepts_gzip(asked: Headers) -> bool:
    """Tell whether a client takes gzip, RFC 9110 section 12.5.3."""
    weights = {}
    for part in asked.get("accept-encoding", "").lower().split(","):
        coding, _, weight = part.partition(";")
        weights[coding.strip()] = "".join(weight.split()).removeprefix("q=") or "1"
    return weights.get("gzip", weights.get("*", "0")).strip("0.") != ""


def already_known(tag: str, asked: Headers) -> bool:
    """Tell whether a client has the body of that tag already, RFC 9110 section 13.1.2."""
    known = {each.strip().removeprefix("W/") for each in asked.get("if-none-match", "").split(",")}
    return "*" in known or tag.removeprefix("W/") in known
