"""Walks as GPX 1.1, for the applications and devices that people walk with."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from regen_map.messages import translator

_NAMESPACE = "http://www.topografix.com/GPX/1/1"
_NOT_XML = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 forbids, or only discourages: control characters and halves of characters."""
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class GpxStop:
    """
    One stop of a walk.

    Attributes
    ----------
    name, text
        What it is called, and what is to be said of it; the text may be empty.
    lat, lon
        Degrees WGS84; both None where the position is not known.
    """

    name: str
    text: str = ""
    lat: float | None = None
    lon: float | None = None


def gpx_of(  # noqa: PLR0913
    name: str,
    stops: Sequence[GpxStop],
    *,
    language: str,
    time: dt.datetime,
    link: str = "",
    text: str = "",
    author: str = "",
) -> bytes:
    """
    Write a walk as GPX.

    Parameters
    ----------
    name
        Of the walk.
    stops
        Its stops, in order; may be empty.
    language
        Of the words, one of `regen_map.messages.LANGUAGES`.
    time
        When the file is written, in any time zone.
    link
        The page of the walk; only an address of the web is written.
    text
        What is to be said of the walk; may be empty.
    author
        Who made the walk; may be empty.

    Returns
    -------
    bytes
        UTF-8: a waypoint for each stop that has a position, WGS84, and one route through
        them. The description says that the line between stops is straight, and which
        of them are missing on it. Characters that XML cannot hold are left out. Equal
        for equal parameters.

    Raises
    ------
    ValueError
        If the time has no time zone.
    """
    if time.utcoffset() is None:
        message = f"The time must have a time zone, got {time!r}."
        raise ValueError(message)
    root = ET.Element("gpx", {"version": "1.1", "creator": "regen-map", "xmlns": _NAMESPACE})
    points = _points(stops)
    metadata = ET.SubElement(root, "metadata")
    # The schema holds the elements to this order.
    _add(metadata, "name", name)
    _add(metadata, "desc", _description(text, stops, language))
    if author:
        _add(ET.SubElement(metadata, "author"), "name", author)
    _link(metadata, link)
    _add(metadata, "time", time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    if points:
        _bounds(metadata, points)
    for point in points:
        _point(root, "wpt", point)
    route = ET.SubElement(root, "rte")
    _add(route, "name", name)
    _link(route, link)
    for point in points:
        _point(route, "rtept", point)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


_Point = tuple[float, float, GpxStop]


def _points(stops: Sequence[GpxStop]) -> list[_Point]:
    """Give latitude, longitude and stop, where there is a position."""
    return [
        (each.lat, each.lon, each)
        for each in stops
        if each.lat is not None and each.lon is not None
    ]


def _description(text: str, stops: Sequence[GpxStop], language: str) -> str:
    words = translator(language)
    said = [text, words.text("gpx.straight")]
    if missing := [each.name for each in stops if each.lat is None or each.lon is None]:
        said.append(words.count("gpx.missing", len(missing), names=words.listing(missing)))
    return " ".join(filter(None, said))


def _bounds(metadata: ET.Element, points: Sequence[_Point]) -> None:
    lats, lons = [lat for lat, _, _ in points], [lon for _, lon, _ in points]
    edges = {"minlat": min(lats), "minlon": min(lons), "maxlat": max(lats), "maxlon": max(lons)}
    ET.SubElement(metadata, "bounds", {side: _degrees(each) for side, each in edges.items()})


def _point(parent: ET.Element, tag: str, point: _Point) -> None:
    lat, lon, stop = point
    element = ET.SubElement(parent, tag, {"lat": _degrees(lat), "lon": _degrees(lon)})
    _add(element, "name", stop.name)
    if stop.text:
        _add(element, "desc", stop.text)


def _link(parent: ET.Element, address: str) -> None:
    if address.startswith(("https://", "http://")):
        ET.SubElement(parent, "link", {"href": _plain(address)})


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _plain(text)


def _degrees(value: float) -> str:
    return f"{value:.7f}"


def _plain(text: str) -> str:
    """Leave out what XML cannot hold, and what turns the direction of other texts."""
    return _DIRECTION.sub("", _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
