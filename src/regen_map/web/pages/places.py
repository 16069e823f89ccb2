"""The pages of places: each with its facts, a sketch and its address for cameras."""

from __future__ import annotations

import datetime as dt

from regen_map.catalogue import Catalogue, Place
from regen_map.facts import PlaceFacts, Wording
from regen_map.facts.letters import report_letter
from regen_map.messages import translator
from regen_map.web.pages.addresses import Section, page_path
from regen_map.web.pages.code import code_svg
from regen_map.web.pages.index_groups import by_family, by_quarter
from regen_map.web.pages.linked_data import place_data
from regen_map.web.pages.rendering import Address, Page, html, packed
from regen_map.web.sketches import draw_place


def place_page(catalogue: Catalogue, language: str, site: str, day: dt.date, place: Place) -> Page:
    """
    Write the page of a place.

    Parameters
    ----------
    catalogue
        Where it is from.
    language
        Of the page.
    site
        The site's absolute address, with a slash at the end.
    day
        Today, in the city's calendar: opening hours are told for a week.
    place
        What it tells of.
    """
    facts = PlaceFacts(Wording(catalogue, translator(language), day), place)
    address = f"{site}{page_path(language, place.id)}"
    picture = f"{site}{facts.picture.largest}" if facts.picture else ""
    text = html(
        "place.html",
        language,
        catalogue,
        Address(Section.PLACES, place.id),
        site=site,
        place_id=place.id,
        facts=facts,
        sketch=draw_place(catalogue, place, [each.place for each in facts.neighbours]),
        linked_data=place_data(
            place, catalogue.city, language=language, address=address, picture=picture
        ),
        address=address,
        report=report_letter(facts.wording, key=place.id, name=facts.name, address=address),
    )
    return packed(text.encode())


def place_code(language: str, site: str, facts: PlaceFacts) -> Page | None:
    """Draw the address of a place's page as a QR code; None where none can hold it."""
    title = facts.wording.words.text("details.code_of", name=facts.title)
    drawn = code_svg(f"{site}{page_path(language, facts.place.id)}", title)
    return packed(drawn) if drawn else None


def places_index(catalogue: Catalogue, language: str, site: str, day: dt.date) -> Page:
    """Write the list of all places, by family and by quarter; parameters as of `place_page`."""
    wording = Wording(catalogue, translator(language), day)
    text = html(
        "index.html",
        language,
        catalogue,
        Address(Section.PLACES),
        site=site,
        families=by_family(wording),
        quarters=by_quarter(wording),
    )
    return packed(text.encode())
