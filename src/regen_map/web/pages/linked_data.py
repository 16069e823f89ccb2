"""What pages tell of in the words of schema.org, for search engines and link previews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regen_map.catalogue import City, Family, Place, Project
from regen_map.facts.events import EventFacts
from regen_map.facts.hours import hours_for_machines
from regen_map.facts.links import one_direction, web_link
from regen_map.facts.record import ProjectRecord
from regen_map.facts.walks import WalkFacts
from regen_map.messages.events import not_announced_in_words
from regen_map.web.pages.addresses import event_anchor, event_path, page_path
from regen_map.webmap.symbols import EXACT_WITHIN_M

_TYPES: Mapping[str, str | list[str]] = {
    Family.ATTRACTION: "TouristAttraction",
    Family.WORKSHOP: "LocalBusiness",
    Family.PUBLIC_SPACE: "Place",
}
_TYPES_OF_KINDS: Mapping[tuple[str, str], str | list[str]] = {
    (Family.WORKSHOP, "historic_shop"): "Store",
    **{
        (Family.PUBLIC_SPACE, kind): ["Place", "CivicStructure"]
        for kind in ("square", "street", "park", "school", "university", "waterfront")
    },
}
_FREE = {"free": True, "ticket": False}


def place_data(
    place: Place, city: City, *, language: str, address: str, picture: str = ""
) -> Mapping[str, Any]:
    """
    Describe a place for machines, telling only what is known.

    Parameters
    ----------
    place, city
        What is described, and where it lies.
    language
        Of the name; the names in other languages stand beside it.
    address
        Of the page, absolute.
    picture
        Address of the picture, absolute; empty where there is none to be shown.

    Returns
    -------
    mapping
        JSON-LD. A position that is only approximate is a circle, not a point. What is
        closed is a place, not a business, and has no opening hours.
    """
    names = {each: one_direction(getattr(place, f"name_{each}", "")) for each in city.locales}
    name = names.get(language) or one_direction(place.name_it)
    others = sorted({each for each in names.values() if each} - {name})
    hours = [] if _closed(place) else hours_for_machines(place.opening_hours)
    about = {
        "@context": "https://schema.org",
        "@type": _type(place, open_to_all=bool(hours)),
        "@id": f"{address}#place",
        "name": name,
        "alternateName": others,
        "description": _own(place, "summary", language),
        "url": address,
        "image": picture,
        "address": _postal_address(place, city, language),
        "geo": _position(place),
        "sameAs": _same_as(place),
        "telephone": place.phone,
        # Only organizations have an e-mail address there.
        "email": place.email if _is_business(place) else None,
        "openingHours": hours,
        "isAccessibleForFree": _FREE.get(getattr(place, "admission", None) or ""),
    }
    return _known(about)


def trip_data(walk: WalkFacts, address: str, site: str) -> Mapping[str, Any]:
    """
    Describe a walk for machines.

    Parameters
    ----------
    walk
        What is described; it has a stop.
    address
        Of its page, absolute.
    site
        The site's absolute address, with a slash at the end.

    Returns
    -------
    mapping
        JSON-LD: a trip, and the pages of its stops in order.
    """
    language = walk.wording.words.language
    stops = [
        {
            "@type": "ListItem",
            "position": each.number,
            "item": {
                "@type": "Place",
                "@id": f"{site}{page_path(language, each.place.id)}#place",
                "name": one_direction(each.name),
                "url": site + page_path(language, each.place.id),
            },
        }
        for each in walk.stops
    ]
    about = {
        "@context": "https://schema.org",
        "@type": "TouristTrip",
        "@id": f"{address}#walk",
        "name": one_direction(walk.name),
        "description": one_direction(walk.summary.text),
        "url": address,
        "itinerary": {
            "@type": "ItemList",
            "itemListOrder": "https://schema.org/ItemListOrderAscending",
            "numberOfItems": len(stops),
            "itemListElement": stops,
        },
    }
    return _known(about)


def event_data(event: EventFacts, site: str) -> Mapping[str, Any]:
    """
    Describe an event whose day is known for machines.

    Parameters
    ----------
    event
        What is described.
    site
        As of `trip_data`.

    Returns
    -------
    mapping
        JSON-LD, telling only what is known, and what is doubtful about it.
    """
    wording, place = event.wording, event.place
    language, city = wording.words.language, wording.catalogue.city
    address = f"{site}{event_path(language)}#{event_anchor(event.id)}"
    located = {
        "@type": "Place",
        "name": one_direction(event.where or city.name(language)),
        "address": {
            "@type": "PostalAddress",
            "addressLocality": city.name(language),
            "addressCountry": city.holiday_country,
        },
    }
    if place is not None:
        located = {
            "@type": "Place",
            "@id": f"{site}{page_path(language, place.id)}#place",
            "name": one_direction(event.where),
            "address": _postal_address(place, city, language),
        }
    not_announced = not_announced_in_words(event.occasion, language)
    told = (event.summary.text, event.note.text, not_announced)
    about = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "name": one_direction(event.name),
        "description": "\n".join(one_direction(each) for each in told if each),
        "url": address,
        "startDate": event.first.isoformat() if event.first else None,
        "endDate": event.last.isoformat() if event.last else None,
        "location": located,
        "sameAs": event.website,
    }
    return _known(about)


def project_data(record: ProjectRecord, address: str, site: str) -> Mapping[str, Any]:
    """
    Describe a project for machines.

    Parameters
    ----------
    record
        What is described.
    address
        Of its page, absolute.
    site
        As of `trip_data`.

    Returns
    -------
    mapping
        JSON-LD, telling only what is known. Phases, promised ends, delays, and sums that
        contradict each other have no words there and are left to the page; a code that
        has not the form of a CUP is no identifier.
    """
    wording, project = record.wording, record.project
    language, city = wording.words.language, wording.catalogue.city
    names = {each: one_direction(getattr(project, f"name_{each}", "")) for each in city.locales}
    name, cup, place = one_direction(record.facts.name), record.cup, record.place
    about = {
        "@context": "https://schema.org",
        "@type": "Project",
        "@id": f"{address}#project",
        "name": name,
        "alternateName": sorted({each for each in names.values() if each} - {name}),
        "description": _own(project, "summary", language),
        "url": address,
        "identifier": {"@type": "PropertyValue", "propertyID": "CUP", "value": cup.code}
        if cup and cup.usual
        else None,
        "location": {
            "@type": "Place",
            "@id": f"{site}{page_path(language, place.place.id)}#place",
            "name": place.title,
            "address": _postal_address(place.place, city, language),
        }
        if place
        else None,
        "sameAs": web_link(project.website or ""),
    }
    return _known(about)


def _known(about: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in about.items() if value not in (None, "", [])}


def _type(place: Place, *, open_to_all: bool) -> str | list[str]:
    if _closed(place):
        return "Place"
    found = _TYPES_OF_KINDS.get((place.family, place.kind), _TYPES[place.family])
    if open_to_all and not _is_business(place) and isinstance(found, str):
        # Opening hours are those of businesses and of civic structures.
        return [found, "CivicStructure"]
    return found


def _is_business(place: Place) -> bool:
    return place.family == Family.WORKSHOP and not _closed(place)


def _closed(place: Place) -> bool:
    return place.status == "closed"


def _own(record: Place | Project, column: str, language: str) -> str | None:
    text = getattr(record, f"{column}_{language}", None)
    return one_direction(text) if text else None


def _postal_address(place: Place, city: City, language: str) -> Mapping[str, str]:
    street = {"streetAddress": one_direction(place.address)} if place.address else {}
    return {
        "@type": "PostalAddress",
        **street,
        "addressLocality": city.name(language),
        "addressCountry": city.holiday_country,
    }


def _position(place: Place) -> Mapping[str, Any] | None:
    if place.lat is None or place.lon is None:
        return None
    point = {
        "@type": "GeoCoordinates",
        "latitude": round(place.lat, 6),
        "longitude": round(place.lon, 6),
    }
    accuracy = place.position_accuracy_m
    if accuracy is None or accuracy <= EXACT_WITHIN_M:
        return point
    return {"@type": "GeoCircle", "geoMidpoint": point, "geoRadius": round(accuracy)}


def _same_as(place: Place) -> list[str]:
    wikidata = f"https://www.wikidata.org/entity/{place.wikidata}" if place.wikidata else None
    return [each for each in (wikidata, place.website) if each]
