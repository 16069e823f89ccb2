"""From templates to pages that are ready to be sent."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jinja2

from regen_map.catalogue import Catalogue
from regen_map.facts.links import email_link, one_direction, web_link
from regen_map.messages import LANGUAGES, translator
from regen_map.web.pages.addresses import (
    Section,
    app_path,
    code_path,
    event_anchor,
    event_path,
    neutral_path,
    page_path,
    project_path,
    section_path,
    walk_path,
)
from regen_map.web.pages.language_names import name_of, region_of
from regen_map.web.pages.style import STYLE
from regen_map.webmap.assets import fingerprint
from regen_map.webmap.symbols import STYLES

_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("regen_map.web", "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_TEMPLATES.filters["one_direction"] = one_direction
_TEMPLATES.globals |= {
    "app_path": app_path,
    "code_path": code_path,
    "event_anchor": event_anchor,
    "event_path": event_path,
    "languages": LANGUAGES,
    "name_of": name_of,
    "page_path": page_path,
    "project_path": project_path,
    "region_of": region_of,
    "section_path": section_path,
    "shapes": {family: style.shape for family, style in STYLES.items()},
    "style": STYLE.path,
    "walk_path": walk_path,
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


def packed(content: bytes) -> Page:
    """Make a page of its bytes."""
    return Page(fingerprint(content), gzip.compress(content, 9, mtime=0))


@dataclass(frozen=True, slots=True)
class Address:
    """
    Where a page stands.

    Attributes
    ----------
    section, item
        What it tells of, as of `regen_map.web.pages.addresses.section_path`.
    query
        What stands behind the path, with its question mark; may be empty.
    """

    section: Section
    item: str = ""
    query: str = ""

    @property
    def root(self) -> str:
        """The relative address of the site's root from the page."""
        return "../../" if self.item else "../"

    @property
    def paths(self) -> Mapping[str, str]:
        """The page below the root of the site, by language."""
        return {
            each: section_path(self.section, each, self.item) + self.query for each in LANGUAGES
        }

    @property
    def listed(self) -> Address:
        """The address that search engines list: the page as it is for everybody."""
        return replace(self, query="")

    @property
    def neutral(self) -> str:
        """The address that leads to the page in the language a browser asks for."""
        return neutral_path(self.section, self.item) + self.query


def html(template: str, language: str, catalogue: Catalogue, here: Address, **values: Any) -> str:
    """
    Fill a template of ``web/templates``.

    Parameters
    ----------
    template
        Its file name.
    language
        Of the page.
    catalogue
        What is shown now, and whose city.
    here
        Where the page stands.
    **values
        What else the template asks for.

    Returns
    -------
    str
        A document in which every value is escaped.
    """
    city, words = catalogue.city, translator(language)
    frame = {
        "city": city,
        "contact": web_link(city.contact) or email_link(city.contact),
        "here": here,
        "is_list": not here.item,
        "language": language,
        "licence_link": web_link(city.licence_url),
        "place_id": "",
        "root": here.root,
        "version": catalogue.version,
        "sections": {each: words.text(f"place_page.all.{each}") for each in Section},
        "words": words,
    }
    return _TEMPLATES.get_template(template).render(frame | values)


def missing_page(catalogue: Catalogue, language: str, section: Section, root: str) -> str:
    """
    Write the page for an address without a place, a walk or an event.

    Parameters
    ----------
    catalogue
        What is shown now.
    language
        Of the page.
    section
        In which section of the site the address is.
    root
        The relative address of the site's root from the address that was asked for.
    """
    here = Address(section)
    return html("missing.html", language, catalogue, here, root=root, is_list=False)
