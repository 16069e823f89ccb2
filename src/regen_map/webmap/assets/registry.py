"""
Every file of the map under an address that changes with its content.

A browser may keep such a file for ever. Files that name each other, as Leaflet's
style names its images, are kept together under one version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from types import MappingProxyType

from regen_map.webmap.assets.packed import Packed, fingerprint, pack

_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """
    One file of the map.

    Attributes
    ----------
    path
        ``assets/<version>/<name>``: its address below the root of the site.
    media_type
        Its MIME type.
    body
        What it holds.
    """

    path: str
    media_type: str
    body: Packed


def asset_path(name: str) -> str:
    """
    Give the address of a file of the map below the root of the site.

    Parameters
    ----------
    name
        A key of `ASSETS`, such as ``"leaflet.js"``.

    Raises
    ------
    KeyError
        If the map has no such file.
    """
    return ASSETS[name].path


def frame_link(name: str) -> str:
    """
    Give the address of a file as the map's frame must write it.

    The map lives in ``/<base path>/component/<name>/index.html``. A relative
    address works under any base path and behind any proxy.

    Raises
    ------
    KeyError
        If the map has no such file.
    """
    return f"../../{asset_path(name)}"


def _bundle(folder: Traversable) -> dict[str, Asset]:
    found = dict(sorted(_walk(folder)))
    version = fingerprint(*(name.encode() + body for name, body in found.items()))
    return {
        name: Asset(f"assets/{version}/{name}", _MEDIA_TYPES[_ending(name)], pack(body))
        for name, body in found.items()
    }


def _walk(folder: Traversable) -> list[tuple[str, bytes]]:
    found = []
    for each in folder.iterdir():
        if each.is_dir():
            found += [(f"{each.name}/{name}", body) for name, body in _walk(each)]
        elif _ending(each.name) in _MEDIA_TYPES:
            found.append((each.name, each.read_bytes()))
    return found


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix


ASSETS: Mapping[str, Asset] = MappingProxyType(
    {**_bundle(files("regen_map_vendor") / "leaflet"), **_bundle(files(__package__))}
)
"""
By name: ``leaflet.js``, ``leaflet.css``, ``images/marker-icon.png`` …, and the
files of ours that stand in this folder, such as ``places_layer.js``.
"""
