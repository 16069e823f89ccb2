"""Where the pages of places stand, and what links of the catalogue may become."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from regen_map.messages import LANGUAGES, translator

SEGMENTS = {
    language: translator(language).text("place_page.path_segment") for language in LANGUAGES
}
"""The word for places in the address, by language."""

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_EMAIL = re.compile(r"[^\s@<>?&:]+@[^\s@<>?&:]+")
_LONGEST_TITLE = 70
_NUMBER_OF_AN_ARTICLE = re.compile(r"[-_.](?=[^-]*[0-9])[0-9a-f.]{6,}(-[0-9a-f]{4,12})*(\.\w+)?$")


def page_path(language: str, place_id: str = "") -> str:
    """
    Give the address of a page below the root of the site.

    Parameters
    ----------
    language
        One of `regen_map.messages.LANGUAGES`.
    place_id
        Of the place; empty for the list of all places.
    """
    index = f"{language}/{SEGMENTS[language]}"
    return f"{index}/{quote(place_id, safe='')}" if place_id else index


def neutral_path(place_id: str = "") -> str:
    """Give the address that leads to the page in the language a browser asks for."""
    segment = SEGMENTS[LANGUAGES[0]]
    return f"{segment}/{quote(place_id, safe='')}" if place_id else segment


def app_path(language: str, place_id: str = "") -> str:
    """Give the address of the map below the root of the site, open at a place if one is given."""
    place = f"place={quote(place_id, safe='')}&" if place_id else ""
    return f"?{place}lang={language}"


def web_link(address: str) -> str:
    """Give an address that a visitor may follow, or nothing: city.toml may hold any text."""
    return address if address.startswith(("https://", "http://")) else ""


def email_link(contact: str, subject: str = "", body: str = "") -> str:
    """
    Give a ``mailto:`` address, with a letter already begun if there is anything to say.

    Returns
    -------
    str
        Empty where the contact is no e-mail address.
    """
    if not _EMAIL.fullmatch(contact):
        return ""
    address = f"mailto:{quote(contact, safe='@+')}"
    if not (subject or body):
        return address
    lines = body.replace("\n", "\r\n")
    return f"{address}?subject={quote(subject, safe='')}&body={quote(lines, safe='')}"


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
