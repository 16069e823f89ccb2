"""The pages of a catalogue's places, rendered once and kept compressed."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import jinja2

from regen_map.catalogue import Catalogue, City
from regen_map.messages import LANGUAGES, Translator, translator
from regen_map.web.places.addresses import (
    app_path,
    email_link,
    neutral_path,
    page_path,
    web_link,
)
from regen_map.web.places.index_groups import by_family, by_quarter
from regen_map.web.places.linked_data import linked_data
from regen_map.web.places.place_facts import PlaceFacts
from regen_map.web.places.sketch import HEIGHT, WIDTH, draw
from regen_map.web.places.style import STYLE
from regen_map.web.places.wording import Wording
from regen_map.webmap.assets import fingerprint
from regen_map.webmap.symbols import STYLES

_KEPT = 1024
"""Pages of one catalogue that stay in memory, some eight kilobytes each."""

_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("regen_map.web", "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_TEMPLATES.globals |= {
    "app_path": app_path,
    "languages": {language: translator(language) for language in LANGUAGES},
    "neutral_path": neutral_path,
    "page_path": page_path,
    "shapes": {family: style.shape for family, style in STYLES.items()},
    "sketch_height": HEIGHT,
    "sketch_width": WIDTH,
    "style": STYLE.path,
}


@dataclass(frozen=True, slots=True)
class Page:
    """
    A page ready to be sent, kept as gzip only: few ask for another form.

    Attributes
    ----------
    key
        Changes with any byte of the page.
    compressed
        The page as gzip.
    """

    key: str
    compressed: bytes

    @property
    def content(self) -> bytes:
        """The page as it is."""
        return gzip.decompress(self.compressed)


class Pages:
    """
    The pages of one catalogue on one day.

    Each is rendered when first asked for, once per language and site.

    Parameters
    ----------
    catalogue
        What they tell of.
    day
        The day on which they are shown: opening hours are told for a week.

    Attributes
    ----------
    place
        ``place(language, place_id, site)`` gives the page of a place, or None where
        there is none. The site is its absolute address with a slash at the end.
    index
        ``index(language, site)`` gives the list of all places.
    sitemap
        ``sitemap(site)`` gives the list of all pages for search engines, as XML.
    """

    def __init__(self, catalogue: Catalogue, day: dt.date) -> None:
        self._catalogue = catalogue
        self._day = day
        self.place: Callable[[str, str, str], Page | None] = lru_cache(_KEPT)(self._place)
        self.index: Callable[[str, str], Page] = lru_cache(16)(self._index)
        self.sitemap: Callable[[str], Page] = lru_cache(8)(self._sitemap)

    def _place(self, language: str, place_id: str, site: str) -> Page | None:
        place = self._catalogue.place(place_id)
        if place is None:
            return None
        facts = PlaceFacts(Wording(self._catalogue, translator(language), self._day), place)
        address = f"{site}{page_path(language, place_id)}"
        sketch = draw(self._catalogue, place, [each.place for each in facts.neighbours])
        city = self._catalogue.city
        return self._render(
            "place.html",
            language,
            site,
            root="../../",
            place_id=place_id,
            facts=facts,
            sketch=sketch,
            linked_data=linked_data(place, city, language=language, address=address),
            report=_report(facts, self._catalogue, address),
        )

    def _index(self, language: str, site: str) -> Page:
        wording = Wording(self._catalogue, translator(language), self._day)
        return self._render(
            "index.html",
            language,
            site,
            root="../",
            families=by_family(wording),
            quarters=by_quarter(wording),
        )

    def _render(self, template: str, language: str, site: str, **values: Any) -> Page:
        return _page(
            _TEMPLATES.get_template(template).render(
                _frame(language, self._catalogue.city),
                version=self._catalogue.version,
                site=site,
                **values,
            )
        )

    def _sitemap(self, site: str) -> Page:
        ids = ("", *self._catalogue.place_ids)
        entries = (_sitemap_entries(site, place_id) for place_id in ids)
        return _page(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
            ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "".join(entries) + "</urlset>\n"
        )


@lru_cache(maxsize=2)
def pages_of(catalogue: Catalogue, day: dt.date) -> Pages:
    """Give the pages of a catalogue; those of an earlier one are forgotten with it."""
    return Pages(catalogue, day)


def missing_page(city: City, language: str, root: str) -> str:
    """
    Write the page for an address without a place.

    Parameters
    ----------
    city
        Whose site it is.
    language
        Of the page.
    root
        The relative address of the site's root from the address that was asked for.
    """
    return _TEMPLATES.get_template("missing.html").render(_frame(language, city), root=root)


def _frame(language: str, city: City) -> dict[str, Any]:
    return {
        "city": city,
        "language": language,
        "licence_link": web_link(city.licence_url),
        "contact": web_link(city.contact) or email_link(city.contact),
        "place_id": "",
        "words": translator(language),
    }


def _report(facts: PlaceFacts, catalogue: Catalogue, address: str) -> str:
    """Begin a letter about what is wrong on a page; empty without an address to send it to."""
    words: Translator = facts.wording.words
    return email_link(
        catalogue.city.contact,
        words.text("place_page.report_subject", name=facts.title, id=facts.place.id),
        words.text(
            "place_page.report_body",
            id=facts.place.id,
            version=catalogue.version,
            address=address,
        ),
    )


def _page(text: str) -> Page:
    content = text.encode()
    return Page(fingerprint(content), gzip.compress(content, 9, mtime=0))


def _sitemap_entries(site: str, place_id: str) -> str:
    addresses = {language: escape(site + page_path(language, place_id)) for language in LANGUAGES}
    neutral = {"x-default": escape(site + neutral_path(place_id))}
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>'
        for language, address in (addresses | neutral).items()
    )
    return "".join(
        f"<url><loc>{address}</loc>{alternates}</url>\n" for address in addresses.values()
    )
