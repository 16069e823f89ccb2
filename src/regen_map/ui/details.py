"""The details of a place or a project as HTML; every text escaped."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote, urlencode

from regen_map import query
from regen_map.catalogue import Catalogue, derived
from regen_map.facts import PlaceFacts, ProjectFacts, Wording
from regen_map.facts.letters import report_letter
from regen_map.messages import translator
from regen_map.ui.rendering import written


def details_html(
    catalogue: Catalogue, language: str, key: str, when: dt.datetime | None = None
) -> str:
    """
    Write the details of an entry.

    Parameters
    ----------
    catalogue
        Where the entry is.
    language
        Of labels and texts.
    key
        The entry's key.
    when
        The moment for which they say what is open, in any time zone; None for the
        present.

    Returns
    -------
    str
        HTML in which every text of the catalogue is escaped and every link is
        http, https, mailto, tel or geo, or stands below the root of the site. What
        has a ``data-address`` holds that address as it is below the root: only the
        browser knows where the site stands. Empty when there is no such entry.

    Raises
    ------
    ValueError
        If the moment has no time zone.
    """
    index = query.entry_index(catalogue, key)
    if index is None:
        return ""
    moment = when or dt.datetime.now(dt.UTC)
    return _written(catalogue, language, index, moment.replace(second=0, microsecond=0))


# The minute is part of the key: what was open is not told later.
@derived(most=512)
def _written(catalogue: Catalogue, language: str, index: int, minute: dt.datetime) -> str:
    entry, words = query.entries(catalogue)[index], translator(language)
    wording = Wording(catalogue, words, query.day_of(minute, catalogue.city), minute)
    place = PlaceFacts(wording, entry.place) if entry.place else None
    projects = place.projects if place else [ProjectFacts(wording, each) for each in entry.projects]
    address = _address(language, entry)
    return written(
        "details.html",
        words=words,
        subject=place or projects[0],
        place=place,
        projects=projects,
        address=address,
        walk_address=lambda walk_id: f"walks?{urlencode({'walk': walk_id, 'lang': language})}",
        report=report_letter(
            wording, key=entry.key, name=wording.name(entry.subject), address=address
        ),
    )


def _address(language: str, entry: query.Entry) -> str:
    """Give the address to pass on: a place's page, or the map open at a project."""
    if entry.place is None:
        return f"?{urlencode({'place': entry.key, 'lang': language})}"
    segment = translator(language).text("place_page.path_segment")
    return f"{language}/{segment}/{quote(entry.key, safe='')}"
