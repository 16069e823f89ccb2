"""Places that stand in the same spot under like names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyproj import Proj
from rapidfuzz import fuzz, process

from regen_map.intake.drafts import Draft, Entry

Placed: TypeAlias = tuple[Draft, Entry]

SAME_SPOT_M = 5.0
"""Metres within which two positions may be one spot."""

_SHARED = 90
"""Likeness in hundredths of names of which one may hold words that the other lacks."""
_WHOLE = 70
"""
Likeness in hundredths of whole names, so that "Piazza Alberica" is not the
"Rifugio antiaereo di piazza Alberica" in it.
"""
_WHOLE_ROUGH = 90
"""The same where a position is rough: many places then share the point of a street."""
_ROUGH_M = 20.0
_POLE = 90.0
_CROWD = 100
"""How many places of a cell of `SAME_SPOT_M` are looked at."""
_MOST_PAIRS = 100_000
"""How many pairs are compared at most, for each of the five cells beside a place."""
_DIGITS = re.compile(r"[0-9]+")
_SIGNS = re.compile(r"[\W_]+")

_Pairs: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Spots:
    """
    The places that have a position, row by row.

    `metres` has the shape ``(n, 2)``: east and north of the middle of them all.
    """

    drafts: list[Draft]
    entries: list[Entry]
    metres: NDArray[np.float64]
    rough: NDArray[np.bool_]


def places_alike(drafts: Mapping[str, Draft]) -> Iterator[tuple[Placed, Placed]]:
    """
    Find places that are probably one.

    Positions are less than `SAME_SPOT_M` apart, names are alike in Italian or in
    English, whatever their case, accents and order of words, and any numbers in
    them are the same. Where a position is known no better than to 20 m, being in
    the same spot proves little, and the names must be the same but for a slip.

    Parameters
    ----------
    drafts
        The tables of places, in the order in which their rows come first.

    Yields
    ------
    tuple
        The later place and the first one that is like it, each place once. In a
        crowd of places in one spot only the first hundred are looked at.
    """
    spots = _spots(drafts)
    pairs = _near(spots.metres)
    for later, earlier in _like_named(spots, pairs):
        yield (
            (spots.drafts[later], spots.entries[later]),
            (spots.drafts[earlier], spots.entries[earlier]),
        )


def _spots(drafts: Mapping[str, Draft]) -> _Spots:
    sources: list[Draft] = []
    entries: list[Entry] = []
    degrees: list[float] = []
    accuracy: list[float] = []
    for draft in drafts.values():
        for entry in draft.sound:
            lat, lon = _lat_lon(entry)
            if lat is not None and lon is not None and abs(lat) <= _POLE and abs(lon) <= 2 * _POLE:
                sources.append(draft)
                entries.append(entry)
                degrees += (lat, lon)
                accuracy.append(entry.values.get("position_accuracy_m") or 0.0)
    lat_lon = np.array(degrees, dtype=np.float64).reshape(-1, 2)
    rough = np.array(accuracy, dtype=np.float64) > _ROUGH_M
    return _Spots(sources, entries, _metres(lat_lon), rough)


def _lat_lon(entry: Entry) -> tuple[float | None, float | None]:
    lat, lon = entry.values.get("lat"), entry.values.get("lon")
    if lat is None and entry.geometry is not None and not entry.geometry.is_empty:
        point = entry.geometry.representative_point()
        return point.y, point.x
    return lat, lon


def _metres(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give metres around the middle of all places; in a city exact to far less than 1 cm."""
    if not len(degrees):
        return degrees
    lat, lon = degrees.mean(axis=0)
    around = Proj(proj="aeqd", lat_0=lat, lon_0=lon, ellps="WGS84")
    return np.column_stack(around(degrees[:, 1], degrees[:, 0]))


def _near(metres: NDArray[np.float64]) -> _Pairs:
    """Give pairs of rows within `SAME_SPOT_M`, the later row first, shape ``(n, 2)``."""
    rows = np.flatnonzero(np.isfinite(metres).all(axis=1))
    if not len(rows):
        return np.empty((0, 2), dtype=np.intp)
    cells = np.floor(metres[rows] / SAME_SPOT_M).astype(np.int64)
    cells -= cells.min(axis=0)
    width = int(cells[:, 1].max()) + 2
    keys = cells[:, 0] * width + cells[:, 1]
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    in_crowd = np.arange(len(keys)) - np.searchsorted(keys, keys) >= _CROWD
    rows, keys = rows[order][~in_crowd], keys[~in_crowd]
    # With its own cell, half of the eight around it: the others see it in their turn.
    neighbours = [_joined(keys, step) for step in (0, 1, width - 1, width, width + 1)]
    pairs = rows[np.concatenate(neighbours)]
    near = np.hypot(*(metres[pairs[:, 0]] - metres[pairs[:, 1]]).T) < SAME_SPOT_M
    return -np.sort(-pairs[near], axis=1)


def _joined(keys: NDArray[np.int64], step: int) -> _Pairs:
    """Pair each place with those of the cell `step` further, or with those after it in its own."""
    here = np.arange(len(keys))
    first = np.searchsorted(keys, keys + step) if step else here + 1
    n_there = np.searchsorted(keys, keys + step, side="right") - first
    n_before = np.cumsum(n_there) - n_there
    n_there[n_before > _MOST_PAIRS] = 0
    here = np.repeat(here, n_there)
    there = np.arange(len(here)) + np.repeat(first - n_before, n_there)
    return np.column_stack([here, there])


def _like_named(spots: _Spots, pairs: _Pairs) -> Iterator[tuple[int, int]]:
    """Give of each later row the first earlier one that has a like name."""
    rough = spots.rough[pairs[:, 0]] | spots.rough[pairs[:, 1]]
    like = np.zeros(len(pairs), dtype=np.bool_)
    for column in ("name_it", "name_en"):
        names = [[_simple(spots.entries[row], column) for row in side] for side in pairs.T]
        like |= _alike(names[0], names[1], rough)
    told: set[int] = set()
    for later, earlier in sorted(map(tuple, pairs[like].tolist())):
        if later not in told:
            told.add(later)
            yield later, earlier


def _alike(names: list[str], others: list[str], rough: NDArray[np.bool_]) -> NDArray[np.bool_]:
    alike = process.cpdist(names, others, scorer=fuzz.token_set_ratio) >= _SHARED
    for pair in np.flatnonzero(alike):
        name, other = names[pair], others[pair]
        whole = fuzz.token_sort_ratio(name, other)
        same_numbers = _DIGITS.findall(name) == _DIGITS.findall(other)
        alike[pair] = same_numbers and whole >= (_WHOLE_ROUGH if rough[pair] else _WHOLE)
    return alike


def _simple(entry: Entry, column: str) -> str:
    name: Any = entry.values.get(column) or ""
    return _plain(name)


@lru_cache(maxsize=16_384)
def _plain(name: str) -> str:
    text = name.casefold()
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(each for each in parts if not unicodedata.combining(each))
    return _SIGNS.sub(" ", text).strip()
