"""What schema.org says of the types and properties that the pages use, and a check by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Type(NamedTuple):
    """A type: what it is more of, and which kinds of values its own properties take."""

    parents: Sequence[str]
    properties: Mapping[str, Sequence[str]] = {}


TYPES: Mapping[str, Type] = {
    "Thing": Type(
        (),
        {
            "name": ("Text",),
            "alternateName": ("Text",),
            "description": ("Text", "TextObject"),
            "url": ("URL",),
            "sameAs": ("URL",),
            "image": ("ImageObject", "URL"),
        },
    ),
    "Place": Type(
        ("Thing",),
        {
            "address": ("PostalAddress", "Text"),
            "geo": ("GeoCoordinates", "GeoShape"),
            "telephone": ("Text",),
            "isAccessibleForFree": ("Boolean",),
        },
    ),
    "CivicStructure": Type(("Place",), {"openingHours": ("Text",)}),
    "TouristAttraction": Type(("Place",)),
    "Organization": Type(
        ("Thing",),
        {"address": ("PostalAddress", "Text"), "email": ("Text",), "telephone": ("Text",)},
    ),
    "LocalBusiness": Type(("Organization", "Place"), {"openingHours": ("Text",)}),
    "Store": Type(("LocalBusiness",)),
    "Intangible": Type(("Thing",)),
    "StructuredValue": Type(("Intangible",)),
    "GeoCoordinates": Type(
        ("StructuredValue",), {"latitude": ("Number", "Text"), "longitude": ("Number", "Text")}
    ),
    "GeoShape": Type(("StructuredValue",)),
    "GeoCircle": Type(
        ("GeoShape",),
        {"geoMidpoint": ("GeoCoordinates",), "geoRadius": ("Distance", "Number", "Text")},
    ),
    "ContactPoint": Type(("StructuredValue",)),
    "PostalAddress": Type(
        ("ContactPoint",),
        {
            "streetAddress": ("Text",),
            "addressLocality": ("Text",),
            "addressCountry": ("Country", "Text"),
        },
    ),
    "Trip": Type(("Intangible",), {"itinerary": ("ItemList", "Place")}),
    "TouristTrip": Type(("Trip",)),
    "ItemList": Type(
        ("Intangible",),
        {
            "itemListElement": ("ListItem", "Text", "Thing"),
            "itemListOrder": ("ItemListOrderType", "Text"),
            "numberOfItems": ("Integer",),
        },
    ),
    "ListItem": Type(("Intangible",), {"position": ("Integer", "Text"), "item": ("Thing",)}),
    "Event": Type(
        ("Thing",),
        {
            "startDate": ("Date", "DateTime"),
            "endDate": ("Date", "DateTime"),
            "location": ("Place", "PostalAddress", "Text", "VirtualLocation"),
        },
    ),
}

_ORDERS = {f"https://schema.org/ItemListOrder{each}" for each in ("Ascending", "Descending")} | {
    "https://schema.org/ItemListUnordered"
}


def check_linked_data(data: Mapping[str, Any]) -> None:
    """Check a whole document of linked data."""
    assert data["@context"] == "https://schema.org"
    check_node({name: value for name, value in data.items() if name != "@context"})


def check_node(node: Mapping[str, Any]) -> None:
    types = types_of(node)
    assert set(types) <= set(TYPES), types
    for name, value in node.items():
        if name == "@type":
            continue
        if name == "@id":
            assert is_address(value)
            continue
        known = [kinds for each in types for kinds in ranges(each, name)]
        assert known, f"{name} is no property of {types}"
        values = value if isinstance(value, list) else [value]
        assert values, f"{name} is empty"
        for each in values:
            assert any(is_of(each, kind) for kinds in known for kind in kinds), (name, each)
            if isinstance(each, dict):
                check_node(each)


def types_of(node: Mapping[str, Any]) -> list[str]:
    found = node["@type"]
    return found if isinstance(found, list) else [found]


def ranges(type_name: str, name: str) -> Iterator[Sequence[str]]:
    """Give what a property of a type takes; nothing where the type does not have it."""
    found = TYPES[type_name]
    if name in found.properties:
        yield found.properties[name]
    for parent in found.parents:
        yield from ranges(parent, name)


def is_of(value: Any, kind: str) -> bool:
    if isinstance(value, dict):
        return any(kind in ancestry(each) for each in types_of(value))
    if isinstance(value, bool):
        return kind == "Boolean"
    if isinstance(value, int | float):
        return kind == "Number" or (kind == "Integer" and isinstance(value, int))
    assert isinstance(value, str)
    if kind in ("Text", "URL"):
        return bool(value.strip()) and (kind == "Text" or is_address(value))
    if kind == "ItemListOrderType":
        return value in _ORDERS
    return kind == "Date" and dt.date.fromisoformat(value).isoformat() == value


def ancestry(type_name: str) -> Iterator[str]:
    yield type_name
    for parent in TYPES[type_name].parents if type_name in TYPES else ():
        yield from ancestry(parent)


def is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc)
