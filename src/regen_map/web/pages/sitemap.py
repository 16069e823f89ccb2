"""The list of all pages for search engines, after sitemaps.org, version 0.9."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES
from regen_map.query import itineraries
from regen_map.web.pages.addresses import Section, neutral_path, section_path
from regen_map.web.pages.rendering import Page, packed

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


def sitemap(catalogue: Catalogue, site: str) -> Page:
    """
    List the pages of a catalogue in every language.

    Parameters
    ----------
    catalogue
        Its places, walks and projects.
    site
        The site's absolute address, with a slash at the end.
    """
    items: Mapping[Section, Sequence[str]] = {
        Section.PLACES: ("", *catalogue.place_ids),
        Section.WALKS: ("", *(each.id for each in itineraries(catalogue))),
        Section.EVENTS: ("",),
        # Not the report: it is another one for each selection, and asks not to be listed.
        Section.PROJECTS: [each.id for each in catalogue.projects],
    }
    entries = (_entries(site, section, item) for section, ids in items.items() for item in ids)
    return packed(f"{_HEAD}{''.join(entries)}</urlset>\n".encode())


def _entries(site: str, section: Section, item: str) -> str:
    addresses = {each: escape(site + section_path(section, each, item)) for each in LANGUAGES}
    neutral = {"x-default": escape(site + neutral_path(section, item))}
    alternates = "".join(_alternates(addresses | neutral))
    return "".join(
        f"<url><loc>{address}</loc>{alternates}</url>\n" for address in addresses.values()
    )


def _alternates(addresses: dict[str, str]) -> Iterator[str]:
    for language, address in addresses.items():
        yield f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>'
