"""Which entries are on the street that a text names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from regen_map.catalogue import Catalogue, derived
from regen_map.gazetteer import gazetteer_of
from regen_map.query.entries import entries
from regen_map.query.nearby import positions

_EARTH = Geod(ellps="WGS84")
_STREETS = re.compile(r"[,;/()]|\s[-–]\s|\s(?:e|angolo)\s")
"""Where an address that names several streets goes on to the next."""


def on_street(catalogue: Catalogue, text: str) -> NDArray[np.intp]:
    """
    Find the entries whose own address is on the street of an address.

    Parameters
    ----------
    catalogue
        What to search.
    text
        An address as people write it, with or without a number.

    Returns
    -------
    numpy.ndarray
        Indices into `regen_map.query.entries`, nearest to the address first and
        those without a position last; empty where the text is no address, or its
        street is unknown or doubtful.
    """
    gazetteer = gazetteer_of(catalogue)
    street = gazetteer.street(text)
    found = _by_street(catalogue).get(street or "", np.array([], dtype=np.intp))
    here = gazetteer.locate(text) if found.size else None
    if here is None:
        return found
    lat, lon = positions(catalogue)[found].T
    _, _, metres = _EARTH.inv(np.full(lat.size, here.lon), np.full(lat.size, here.lat), lon, lat)
    return found[np.argsort(metres, kind="stable")]


@derived()
def _by_street(catalogue: Catalogue) -> Mapping[str, NDArray[np.intp]]:
    # Many addresses are alike, and more of their parts: each is looked up once.
    street_of = cache(gazetteer_of(catalogue).street)
    streets_of = cache(lambda address: _streets(address, street_of))
    found: dict[str, list[int]] = {}
    for position, entry in enumerate(entries(catalogue)):
        if entry.place is not None and entry.place.address:
            for street in streets_of(entry.place.address):
                found.setdefault(street, []).append(position)
    return {street: np.array(each, dtype=np.intp) for street, each in found.items()}


def _streets(address: str, street_of: Callable[[str], str | None]) -> tuple[str, ...]:
    """Name the streets of an address, each once."""
    named = map(street_of, (address, *_STREETS.split(address)))
    return tuple(dict.fromkeys(street for street in named if street))
