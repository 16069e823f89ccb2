"""A place in the words of schema.org, for search engines and link previews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regen_map.catalogue import City, Family, Place
from regen_map.web.places.addresses import one_direction
from regen_map.web.places.hours import hours_for_machines
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


def linked_data(place: Place, city: City, *, language: str, address: str) -> Mapping[str, Any]:
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

    Returns
    -------
    mapping
        JSON-LD. A position that is only approximate is a circle, not a point. What is
        closed is a place, not a business, and has no opening hours.
    """
    names = {each: one_direction(getattr(place, f"name_{each}", "")) for each in city.locales}
    name = names.get(language) or one_direction(place.name_it)
    others = sorted({each for each in names.values() if each} - {name})
    about = {
        "@context": "https://schema.org",
        "@type": _type(place),
        "@id": f"{address}#place",
        "name": name,
        "alternateName": others,
        "description": _own(place, "summary", language),
        "url": address,
        "address": _postal_address(place, city, language),
        "geo": _position(place),
        "sameAs": _same_as(place),
        "telephone": place.phone,
        "email": place.email,
        "openingHours": [] if _closed(place) else hours_for_machines(place.opening_hours),
        "isAccessibleForFree": _FREE.get(getattr(place, "admission", None) or ""),
    }
    return {key: value for key, value in about.items() if value not in (None, "", [])}


def _type(place: Place) -> str | list[str]:
    if _closed(place):
        return "Place"
    return _TYPES_OF_KINDS.get((place.family, place.kind), _TYPES[place.family])


def _closed(place: Place) -> bool:
    return place.status == "closed"


def _own(place: Place, column: str, language: str) -> str | None:
    text = getattr(place, f"{column}_{language}", None)
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
