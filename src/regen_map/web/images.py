"""Photographs of places: made smaller, without what a camera noted, from our own server."""

from __future__ import annotations

import asyncio
import io
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeAlias

from PIL import Image, ImageCms, ImageOps
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from regen_map.catalogue import Catalogue, derived
from regen_map.facts.pictures import FOLDER, WIDTHS, picture_file
from regen_map.store import readable_picture
from regen_map.web.answers import already_known, nothing_here
from regen_map.webmap.assets import fingerprint

_TALLEST = 3
"""A picture is at most so many times as high as it is wide; a higher one becomes narrower."""
_A_DAY = "public, max-age=86400"
_QUALITY = 80
_AT_ONCE = 2
"""So many pictures are made at the same time: each may need hundreds of megabytes."""
_KEPT_BYTES = 32 * 2**20
_DEEP = 256
"""How many shades of a picture with 16 bits become one."""
_JPEG, _WEBP = "JPEG", "WEBP"


class Stored(Protocol):
    """A file that a store of pictures has, as `regen_map.store.StoredPicture` is one."""

    @property
    def version(self) -> str:
        """Changes whenever the file is written anew."""

    def content(self) -> bytes | None:
        """Read its bytes; None where it is gone or too large."""


StoredByName: TypeAlias = Callable[[str], Stored | None]
"""Finds a picture of the city by the name of its file."""


class _Wanted(NamedTuple):
    name: str
    version: str
    width: int
    form: str


class _Made(NamedTuple):
    """A picture ready to be sent; no content where the file is none."""

    content: bytes
    tag: str


def image_routes(
    base_path: str, *, catalogue: Callable[[], Catalogue], stored: StoredByName
) -> list[BaseRoute]:
    """
    Make the route of the photographs.

    Parameters
    ----------
    base_path
        Where the site stands, ``""`` or ``"/map"``.
    catalogue
        Gives the catalogue that is shown now. Only pictures that a place of it names,
        with author and licence, are sent.
    stored
        Where the pictures are.

    Returns
    -------
    list of starlette.routing.BaseRoute
        ``/images/<width>/<name of the file>`` for each of
        `regen_map.facts.pictures.WIDTHS`, as WebP or JPEG.
    """
    kept = _Kept()
    turns = asyncio.Semaphore(_AT_ONCE)

    def find(name: str) -> Stored | None:
        return stored(name) if name in _names(catalogue()) else None

    async def made(wanted: _Wanted, found: Stored) -> _Made:
        async with turns:
            # Somebody else may have asked for it while this one waited.
            picture = kept.get(wanted)
            if picture is None:
                picture = await run_in_threadpool(_make, found, wanted)
                kept.put(wanted, picture)
        return picture

    # Async, unlike other routes that take their time: whoever waits here for a turn
    # must not hold one of the threads that all other answers need.
    async def image(request: Request) -> Response:
        width, _, name = request.path_params["path"].partition("/")
        if width not in map(str, WIDTHS):
            return nothing_here()
        found = await run_in_threadpool(find, name)
        if found is None:
            return nothing_here()
        form = _WEBP if _takes_webp(request.headers.get("accept", "")) else _JPEG
        wanted = _Wanted(name, found.version, int(width), form)
        picture = kept.get(wanted) or await made(wanted, found)
        if not picture.content:
            return nothing_here()
        headers = {"Cache-Control": _A_DAY, "ETag": picture.tag, "Vary": "Accept"}
        if already_known(picture.tag, request.headers):
            return Response(status_code=304, headers=headers)
        return Response(picture.content, headers=headers, media_type=f"image/{form.lower()}")

    return [Route(f"{base_path}/{FOLDER}/{{path:path}}", image)]


@derived()
def _names(catalogue: Catalogue) -> frozenset[str]:
    places = filter(None, map(catalogue.place, catalogue.place_ids))
    return frozenset(filter(None, map(picture_file, places)))


def _takes_webp(accept: str) -> bool:
    """Tell whether a client names WebP, RFC 9110 section 12.5.1; old ones say only ``*/*``."""
    for part in accept.lower().split(","):
        media_type, *parameters = (each.strip() for each in part.split(";"))
        if media_type == "image/webp":
            return not any(each.strip("q= .0") == "" for each in parameters if each[:1] == "q")
    return False


class _Kept:
    """What was made lately, within a bound of memory; also that nothing could be made."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[_Wanted, _Made] = OrderedDict()
        self._n_bytes = 0

    def get(self, wanted: _Wanted) -> _Made | None:
        if wanted in self._pictures:
            self._pictures.move_to_end(wanted)
        return self._pictures.get(wanted)

    def put(self, wanted: _Wanted, picture: _Made) -> None:
        if wanted in self._pictures:
            return
        self._pictures[wanted] = picture
        self._n_bytes += _cost(picture)
        while self._n_bytes > _KEPT_BYTES:
            _, oldest = self._pictures.popitem(last=False)
            self._n_bytes -= _cost(oldest)


def _cost(picture: _Made) -> int:
    return len(picture.content) + 1_000


def _make(found: Stored, wanted: _Wanted) -> _Made:
    content = found.content()
    made = _smaller(content, wanted.width, wanted.form) if content else b""
    return _Made(made, f'"{fingerprint(made)}-{wanted.width}"')


def _smaller(content: bytes, width: int, form: str) -> bytes:
    """Write a picture no wider than that, upright, in sRGB; empty where it cannot be read."""
    try:
        picture = readable_picture(content)
        if picture is None:
            return b""
        # A JPEG is unpacked no larger than needed, which spares most of time and memory.
        picture.draft(None, (width, width))
        picture = _sampled(_upright(picture))
        picture.thumbnail((width, _TALLEST * width), Image.Resampling.LANCZOS)
        # On a picture of its own, which has no metadata to go along.
        clean = Image.new("RGB", picture.size, "white")
        coloured = _standard_colours(picture)
        clean.paste(coloured, mask=coloured.getchannel("A") if coloured.mode == "RGBA" else None)
        written = io.BytesIO()
        clean.save(written, form, quality=_QUALITY)
    except Exception:  # noqa: BLE001 - a decoder raises whatever comes of a crafted file
        return b""
    return written.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    """Turn a picture the way the camera was held."""
    try:
        return ImageOps.exif_transpose(picture)
    except (ValueError, TypeError, SyntaxError, KeyError, OSError):
        return picture


def _sampled(picture: Image.Image) -> Image.Image:
    """Bring pixels that only stand for a colour into a form that can be averaged."""
    if "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode in ("1", "P"):
        return picture.convert("RGB")
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda shade: shade * (1 / _DEEP)).convert("L")
    return picture


def _standard_colours(picture: Image.Image) -> Image.Image:
    """Bring the colours into sRGB: RGBA where something is transparent, else RGB."""
    clear = "A" in picture.mode
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(picture, source, target, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            turned = None
        if turned is not None:
            return turned
    return picture.convert("RGBA" if clear else "RGB")
