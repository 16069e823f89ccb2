"""What addresses of a catalogue may become, and what a link is called."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_EMAIL = re.compile(r"[^\s@<>?&:]+@[^\s@<>?&:]+")
_NOT_DIALLED = re.compile(r"[^0-9+]")
_LONGEST_TITLE = 70
_NUMBER_OF_AN_ARTICLE = re.compile(r"[-_.](?=[^-]*[0-9])[0-9a-f.]{6,}(-[0-9a-f]{4,12})*(\.\w+)?$")


class Link(NamedTuple):
    """An address with its text."""

    text: str
    address: str


def web_link(address: str) -> str:
    """Give an address that a visitor may follow, or nothing: city.toml may hold any text."""
    return address if address.startswith(("https://", "http://")) else ""


def is_email(contact: str) -> bool:
    """Tell whether a text is an e-mail address, and nothing that a letter could be misled by."""
    return _EMAIL.fullmatch(contact) is not None


def email_link(contact: str) -> str:
    """Give a ``mailto:`` address; empty where the contact is no e-mail address."""
    return f"mailto:{quote(contact, safe='@+')}" if is_email(contact) else ""


def letter_link(contact: str, subject: str, body: str) -> str:
    """
    Give a ``mailto:`` address with a letter already begun, as RFC 6068 writes it.

    Parameters
    ----------
    contact
        Who receives it. Where this is no e-mail address the letter has no
        recipient, and its writer chooses one.
    subject, body
        What it says; the body may have several lines.
    """
    recipient = quote(contact, safe="@") if is_email(contact) else ""
    lines = body.replace("\n", "\r\n")
    return f"mailto:{recipient}?subject={quote(subject, safe='')}&body={quote(lines, safe='')}"


def telephone_link(number: str) -> str:
    """Give a ``tel:`` address without blanks and signs, as RFC 3966 dials it."""
    return f"tel:{_NOT_DIALLED.sub('', number)}"


def geo_link(lat: float, lon: float, name: str) -> str:
    """
    Give an address that opens a visitor's own map at a point, as RFC 5870 writes it.

    Parameters
    ----------
    lat, lon
        In degrees WGS84.
    name
        What the map writes beside the point.
    """
    point = f"{lat:.6f},{lon:.6f}"
    return f"geo:{point}?q={point}({quote(name, safe='')})"


def openstreetmap_link(lat: float, lon: float) -> str:
    """Give the address of OpenStreetMap at a point in degrees WGS84."""
    return (
        f"https://www.openstreetmap.org/?mlat={lat:.6f}&mlon={lon:.6f}#map=18/{lat:.6f}/{lon:.6f}"
    )


def source_name(address: str) -> str:
    """Name a source by its host and, where the address tells, by its title."""
    parts = urlsplit(address)
    host = parts.netloc.removeprefix("www.")
    for each in reversed(parts.path.split("/")):
        title = _NUMBER_OF_AN_ARTICLE.sub("", unquote(each))
        if title.count("-") > 1:
            return f"{host}: {shortened(title.replace('-', ' '), _LONGEST_TITLE)}"
    return host


def one_direction(text: str) -> str:
    """Take marks of direction out of a text that stands where no markup can isolate it."""
    return _BIDI.sub("", text)


def shortened(text: str, most: int) -> str:
    """Cut a text between words where it is longer than that many characters."""
    text = " ".join(one_direction(text).split())
    if len(text) <= most:
        return text
    whole_words = text[: most - 1].rpartition(" ")[0] or text[: most - 1]
    return f"{whole_words.rstrip(' ,;:.–-')}…"
