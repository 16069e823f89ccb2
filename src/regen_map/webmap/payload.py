"""The places as the browser gets them: once, compressed, at an address made of their content."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from weakref import ref

import shapely
from shapely.geometry.base import BaseGeometry

from regen_map import query
from regen_map.catalogue import Catalogue, Phase, Vocabularies, derived
from regen_map.messages import translator
from regen_map.query import TOWN_WIDE, Entry, entries
from regen_map.webmap.facets import facet_labels, option_label
from regen_map.webmap.symbols import DASHES, EXACT_WITHIN_M, STYLES, telling_project

_STRINGS = (
    "map",
    "legend",
    "home",
    "locate",
    "locating",
    "not_located_you",
    "fullscreen",
    "zoom_in",
    "zoom_out",
    "approximate",
    "several_here",
    "here_are",
    "close",
    "background",
    "paper",
    "no_background",
    "step_through",
    "not_on_map",
    "closed",
    "list",
    "back_to_list",
    "nothing_found",
    "filters",
    "active_filters",
    "clear_all",
    "remove",
    "years",
    "year_from",
    "year_to",
    "any_year",
    "open_at",
    "open_when",
    "search",
    "search_example",
    "walk_add",
    "walk_remove",
    "walk_open",
)

_RINGS = (
    ("ring_planned", Phase.PLANNING, False),
    ("ring_works", Phase.WORKS, False),
    ("ring_completed", Phase.COMPLETED, False),
    ("ring_stalled", Phase.WORKS, True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """
    The places of one catalogue in one language.

    Attributes
    ----------
    key
        Hash of the content: the address may be cached for ever.
    content, compressed
        UTF-8 JSON, plain and gzip.
    """

    key: str
    content: bytes
    compressed: bytes


_MOST_KEPT = 8
_MOST_LANGUAGES = 32


class _Sent(NamedTuple):
    """A payload that browsers may have, and of what it was made while that is there."""

    payload: Payload
    catalogue: ref[Catalogue]
    language: str


_kept: dict[str, _Sent] = {}
_shown: deque[Catalogue] = deque(maxlen=2)
"""Who still looks at the last catalogue but one may ask of it until there is another."""
_remembering = threading.Lock()


def payload(catalogue: Catalogue, language: str) -> Payload:
    """
    Build what the browser needs to draw and list the entries.

    Parameters
    ----------
    catalogue
        Its entries keep their order: bit *n* of `regen_map.webmap.visible_bits` is entry *n*.
    language
        Of names and labels.

    Returns
    -------
    Payload
        Columns rather than rows; lat, lon in degrees WGS84, null where unknown;
        texts are data, never markup.
    """
    made = _made(catalogue, language)
    with _remembering:
        sent = _kept.get(made.key)
        if sent is None or sent.catalogue() is not catalogue:
            _kept[made.key] = _Sent(made, ref(catalogue), language)
        if catalogue not in _shown:
            _shown.append(catalogue)
        while len(_kept) > _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
    return made


@derived(most=_MOST_LANGUAGES)
def _made(catalogue: Catalogue, language: str) -> Payload:
    text = json.dumps(
        _document(catalogue, language), ensure_ascii=False, separators=(",", ":")
    ).encode()
    return Payload(
        key=hashlib.sha256(text).hexdigest()[:20],
        content=text,
        compressed=gzip.compress(text, 6, mtime=0),
    )


def payload_of_key(key: str) -> Payload | None:
    """Give a payload built before by its key; None when it was never built or is long gone."""
    sent = _kept.get(key)
    return sent.payload if sent is not None else None


def catalogue_of_key(key: str) -> tuple[Catalogue, str] | None:
    """
    Give the catalogue and the language of a payload built before.

    Returns
    -------
    tuple of Catalogue and str, or None
        None as of `payload_of_key`, and where nobody shows the catalogue any more: the
        last two are remembered, and whatever a session has at hand.
    """
    sent = _kept.get(key)
    catalogue = sent.catalogue() if sent is not None else None
    return (catalogue, sent.language) if sent is not None and catalogue is not None else None


def _document(catalogue: Catalogue, language: str) -> Mapping[str, Any]:
    words = translator(language)
    listed = entries(catalogue)
    families = [*catalogue.vocabularies.names("family"), TOWN_WIDE]
    kinds = _Labels(catalogue.vocabularies, "kind", language)
    quarters = _Labels(catalogue.vocabularies, "quarter", language)
    places = _columns(listed, language, families, kinds, quarters)
    return {
        "language": language,
        "version": catalogue.version,
        "strings": {name: words.text(f"map.{name}") for name in _STRINGS},
        "families": [
            {
                "family": family,
                "label": option_label(catalogue, language, "family", family),
                "on_map": family != TOWN_WIDE,
                "shape": STYLES[family].shape,
                "colour": STYLES[family].colour,
                "colour_dark": STYLES[family].colour_dark,
            }
            for family in families
        ],
        "phases": [
            {
                "label": catalogue.vocabularies.label("phase", phase, language),
                "dash": DASHES[phase],
            }
            for phase in Phase
        ],
        "rings": [
            {
                "label": words.text(f"map.{name}"),
                "phase": list(Phase).index(phase),
                "stalled": int(stalled),
            }
            for name, phase, stalled in _RINGS
        ],
        "facets": _facets(catalogue, language),
        "years": query.year_range(catalogue),
        "exact_within_m": EXACT_WITHIN_M,
        "most_stops": query.MOST_STOPS,
        "kinds": kinds.labels,
        "quarters": quarters.labels,
        "places": places,
        "areas": _areas(catalogue, listed),
        "streets": _streets(catalogue),
    }


def _facets(catalogue: Catalogue, language: str) -> Sequence[Mapping[str, Any]]:
    words = translator(language)
    return [
        {
            "name": facet,
            "label": words.text(f"facet.{facet}"),
            "options": list(labels),
            "labels": list(labels.values()),
        }
        for facet, labels in facet_labels(catalogue, language).items()
    ]


class _Labels:
    """Labels of a vocabulary in the order of first use, and the number of each term."""

    def __init__(self, vocabularies: Vocabularies, vocabulary: str, language: str) -> None:
        self._vocabularies = vocabularies
        self._vocabulary = vocabulary
        self._language = language
        self._numbers: dict[tuple[str, str], int] = {}
        self.labels: list[str] = []

    def number(self, term: str | None, parent: str = "") -> int:
        if term is None:
            return -1
        if (term, parent) not in self._numbers:
            self._numbers[term, parent] = len(self.labels)
            label = self._vocabularies.label(self._vocabulary, term, self._language, parent)
            self.labels.append(label)
        return self._numbers[term, parent]


def _columns(
    listed: Sequence[Entry],
    language: str,
    families: Sequence[str],
    kinds: _Labels,
    quarters: _Labels,
) -> Mapping[str, Sequence[Any]]:
    phases = list(Phase)
    telling = [telling_project(entry.projects) for entry in listed]
    return {
        "key": [entry.key for entry in listed],
        "name": [
            getattr(entry.subject, f"name_{language}", None) or entry.subject.name_it
            for entry in listed
        ],
        "family": [families.index(entry.family) for entry in listed],
        "kind": [
            kinds.number(entry.place.kind, entry.family) if entry.place else -1 for entry in listed
        ],
        "quarter": [quarters.number(entry.subject.quarter) for entry in listed],
        "lat": [_degrees(entry.place.lat) if entry.place else None for entry in listed],
        "lon": [_degrees(entry.place.lon) if entry.place else None for entry in listed],
        "accuracy": [entry.place.position_accuracy_m if entry.place else None for entry in listed],
        "phase": [
            phases.index(Phase(each.phase)) if each and each.phase else -1 for each in telling
        ],
        "stalled": [int(bool(each and each.stalled)) for each in telling],
        "closed": [int(bool(entry.place and entry.place.status == "closed")) for entry in listed],
    }


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _areas(catalogue: Catalogue, listed: Sequence[Entry]) -> Mapping[str, Sequence[Any]]:
    """Give the rings (lon, lat) of the places that are areas, by entry index."""
    geometries = catalogue.places.geometry
    return {
        str(index): _rings(geometries[entry.key])
        for index, entry in enumerate(listed)
        if entry.place is not None and _is_area(geometries[entry.key])
    }


def _is_area(geometry: BaseGeometry | None) -> bool:
    return geometry is not None and geometry.geom_type in ("Polygon", "MultiPolygon")


def _rings(geometry: BaseGeometry) -> Sequence[Any]:
    mapping = shapely.geometry.mapping(shapely.set_precision(geometry, 1e-6))
    coordinates = mapping["coordinates"]
    return [coordinates] if mapping["type"] == "Polygon" else list(coordinates)


def _streets(catalogue: Catalogue) -> Sequence[Sequence[Any]]:
    streets = catalogue.table("streets")
    labelled = streets[streets["kind"] != "address"]
    return [
        [name, kind, round(lat, 6), round(lon, 6)]
        for name, kind, lat, lon in zip(
            labelled["name"], labelled["kind"], labelled["lat"], labelled["lon"], strict=True
        )
    ]
