"""The pages that are the same for all visitors of a day, rendered once and kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache, partial

from regen_map.catalogue import Catalogue
from regen_map.facts import PlaceFacts, Wording
from regen_map.messages import LANGUAGES, translator
from regen_map.query.visit_link import Plan
from regen_map.web.pages.events import events_page
from regen_map.web.pages.places import place_code, place_page, places_index
from regen_map.web.pages.rendering import Page
from regen_map.web.pages.sitemap import sitemap
from regen_map.web.pages.walks import morning_of, walk_page, walks_index

_KEPT, _MOST_KEPT = 1024, 16_384
"""Pages of one catalogue that stay in memory, some eight kilobytes each: all if not too many."""
_FEW = 16


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
    code
        ``code(language, place_id, site)`` gives the address of that page as a QR code,
        in SVG, or None where there is no page.
    walk
        ``walk(language, plan, site)`` gives the page of a walk that does not depend on
        the moment.
    places, walks, events
        ``places(language, site)`` gives the list of all places, and so on.
    sitemap
        ``sitemap(site)`` gives the list of all pages for search engines, as XML.
    """

    def __init__(self, catalogue: Catalogue, day: dt.date) -> None:
        self._catalogue = catalogue
        self._day = day
        n_kept = min(max(_KEPT, len(catalogue.place_ids) * len(LANGUAGES)), _MOST_KEPT)
        self.place: Callable[[str, str, str], Page | None] = lru_cache(n_kept)(self._place)
        self.code: Callable[[str, str, str], Page | None] = lru_cache(n_kept)(self._code)
        self.walk: Callable[[str, Plan, str], Page] = lru_cache(_KEPT)(self._walk)
        self.places, self.walks, self.events = (
            lru_cache(_FEW)(partial(self._listed, write))
            for write in (places_index, walks_index, events_page)
        )
        self.sitemap: Callable[[str], Page] = lru_cache(_FEW)(partial(sitemap, catalogue))

    def _place(self, language: str, place_id: str, site: str) -> Page | None:
        place = self._catalogue.place(place_id)
        if place is None:
            return None
        return place_page(self._catalogue, language, site, self._day, place)

    def _code(self, language: str, place_id: str, site: str) -> Page | None:
        place = self._catalogue.place(place_id)
        if place is None:
            return None
        wording = Wording(self._catalogue, translator(language), self._day)
        return place_code(language, site, PlaceFacts(wording, place))

    def _walk(self, language: str, plan: Plan, site: str) -> Page:
        return walk_page(self._catalogue, language, site, plan, morning_of(self._day))

    def _listed(
        self, write: Callable[[Catalogue, str, str, dt.date], Page], language: str, site: str
    ) -> Page:
        return write(self._catalogue, language, site, self._day)


@lru_cache(maxsize=2)
def pages_of(catalogue: Catalogue, day: dt.date) -> Pages:
    """Give the pages of a catalogue; those of an earlier one are forgotten with it."""
    return Pages(catalogue, day)
