"""Where a street address lies: at its door, near it, or somewhere on its street."""

from __future__ import annotations

import enum
import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import pandas as pd
from pyproj import Geod

from regen_map.catalogue import Catalogue, derived
from regen_map.gazetteer.address import Address, door, parse_address, parse_door, words
from regen_map.gazetteer.streets import StreetKey, StreetNames

DOOR_ACCURACY_M = 20.0
"""
How far a door of the table of addresses may be wrong, in metres.

An assumption: the register of civic numbers names the method by which each position
was found, but no metres.
"""

METRES_PER_NUMBER = 10.0
"""
How far apart consecutive house numbers are taken to lie at most, in metres.

An assumption, used only beyond the last known number of a street and between doors
of one number.
"""

_OTHER_SIDE = 10
"""How many numbers farther a door on the other side of the street counts."""

_EARTH = Geod(ellps="WGS84")


class Precision(enum.StrEnum):
    """What a position stands for."""

    DOOR = "door"
    """The house number itself."""
    NEAREST_NUMBER = "nearest_number"
    """Another door of the same number, or the nearest known number of the street."""
    STREET = "street"
    """The street, square or quarter as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """
    Where an address lies.

    Attributes
    ----------
    lat, lon
        Degrees WGS84.
    accuracy_m
        How many metres the position may be wrong; None where nobody states it.
    precision
        What the position stands for.
    name
        What was found, as the gazetteer spells it, such as ``"Via Carriona 10/B"``.
    """

    lat: float
    lon: float
    accuracy_m: float | None
    precision: Precision
    name: str


class _Spot(NamedTuple):
    """A position with a name, of a door where it has a number."""

    name: str
    beside: frozenset[str]
    """The words in brackets after the name of the street."""
    lat: float
    lon: float
    accuracy_m: float | None
    number: int = 0
    exponent: str = ""


@dataclass(slots=True)
class _Street:
    name: str
    stretches: list[_Spot] = field(default_factory=list)
    doors: dict[tuple[int, str, frozenset[str]], _Spot] = field(default_factory=dict)


class Gazetteer:
    """
    The streets and doors of a town.

    Parameters
    ----------
    streets
        The table ``streets``: names with positions in degrees WGS84. Rows whose
        kind is ``address`` are doors. Words in brackets tell apart the stretches
        of one street, or streets of one name. May be empty.
    addresses
        The table ``addresses``: doors, which prevail over those of `streets`. May
        be empty.

    Notes
    -----
    Streets whose name ends in a number («Strada 3») are left out: nobody could tell
    their name from the number of a door.
    """

    def __init__(self, streets: pd.DataFrame, addresses: pd.DataFrame) -> None:
        self._streets: dict[StreetKey, _Street] = {}
        self._add_streets(streets)
        self._add_doors(addresses)
        self._names = StreetNames(self._streets)

    def locate(self, text: str) -> Located | None:
        """
        Find an address.

        A house number is looked up with its exponent, then without; then the
        nearest known number of the same street stands for it, where doors on the
        other side count as ten numbers farther. The accuracy is then that of the
        door, widened by the distance between the known numbers on either side of
        the one asked for, or by `METRES_PER_NUMBER` for each number beyond the
        last. Where no number was asked for, or the street as a whole is known
        better than that, the answer is the street: its own row, or else the
        middle of its stretches and doors with an accuracy that covers them all.

        Parameters
        ----------
        text
            An address as people write it; see `regen_map.gazetteer.parse_address`. It
            is taken to lie in this town: another town named in it is not noticed.

        Returns
        -------
        Located or None
            None where the street is unknown, or several streets or doors fit
            equally well.
        """
        street, address = self._meant(text)
        if street is None or address is None:
            return None
        said = frozenset(words(text))
        if address.number is None or not street.doors:
            return _whole(street, said)
        return _at_number(street, address.number, address.exponent, said)

    def street(self, text: str) -> str | None:
        """
        Tell on which street an address is.

        Returns
        -------
        str or None
            The street as the gazetteer spells it, without what stands in brackets:
            the same for every address on it. None where the street is unknown, or
            several fit equally well.
        """
        street, _ = self._meant(text)
        return street.name if street else None

    def _meant(self, text: str) -> tuple[_Street | None, Address | None]:
        address = parse_address(text)
        key = self._names.meant(address) if address else None
        return (self._streets[key] if key else None), address

    def _add_streets(self, rows: pd.DataFrame) -> None:
        for name, kind, lat, lon, metres in _rows(rows, "name", "kind", "lat", "lon", "accuracy_m"):
            address = parse_address(name)
            is_door = kind == "address"
            if address is None or is_door != (address.number is not None):
                continue
            accuracy_m = None if metres is None or math.isnan(metres) else float(metres)
            spot = _Spot(name, _beside(name), lat, lon, accuracy_m)
            if address.number is None:
                self._of(address, _bare(name)).stretches.append(spot)
                continue
            spot = spot._replace(number=address.number, exponent=address.exponent)
            street = self._of(address, _NUMBER_AT_END.sub("", _bare(name)))
            street.doors[address.number, address.exponent, spot.beside] = spot

    def _add_doors(self, rows: pd.DataFrame) -> None:
        for name, doors in itertools.groupby(
            _rows(rows, "street", "number", "lat", "lon"), key=itemgetter(0)
        ):
            address = parse_address(name)
            if address is None or address.number is not None:
                continue
            street, beside = self._of(address, _bare(name)), _beside(name)
            shown = name.replace(_bare(name), street.name, 1)
            for _, text, lat, lon in doors:
                if at := parse_door(text):
                    spelled = f"{shown} {door(*at)}"
                    spot = _Spot(spelled, beside, lat, lon, DOOR_ACCURACY_M, *at)
                    street.doors[*at, beside] = spot

    def _of(self, address: Address, name: str) -> _Street:
        return self._streets.setdefault((address.kind, address.name), _Street(name))


@derived()
def gazetteer_of(catalogue: Catalogue) -> Gazetteer:
    """Give the gazetteer of a catalogue, made once."""
    return Gazetteer(catalogue.table("streets"), catalogue.table("addresses"))


_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_NUMBER_AT_END = re.compile(r"[\s,]*[0-9]{1,4}(?:\s*/?\s*[A-Za-z0-9]+)?\s*$")


def _rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(frame[column].tolist() for column in columns), strict=True)


def _beside(name: str) -> frozenset[str]:
    return frozenset(words(" ".join(_BRACKETS.findall(name))))


def _bare(name: str) -> str:
    return _BRACKETS.sub("", name).strip()


def _meant(spots: Sequence[_Spot], said: frozenset[str]) -> Sequence[_Spot]:
    """Keep what was said with its words in brackets; else what has none; else all."""
    named = [each for each in spots if each.beside and each.beside <= said]
    return named or [each for each in spots if not each.beside] or spots


def _whole(street: _Street, said: frozenset[str]) -> Located:
    stretches = _meant(street.stretches, said)
    if stretches and stretches[0].beside <= said:
        return _covering(stretches, street.name)
    return _covering([*stretches, *_meant([*street.doors.values()], said)], street.name)


def _covering(spots: Sequence[_Spot], name: str) -> Located:
    """Give the middle of some spots, with an accuracy that reaches the farthest."""
    if len(spots) == 1:
        (spot,) = spots
        return _located(spot, Precision.STREET, spot.accuracy_m, name if spot.number else spot.name)
    lats, lons = [each.lat for each in spots], [each.lon for each in spots]
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    middle = _Spot(name, frozenset(), lat, lon, None)
    reach = 0.0
    for each in spots:
        if each.accuracy_m is None:
            return _located(middle, Precision.STREET, None)
        reach = max(reach, _metres(middle, each) + each.accuracy_m)
    return _located(middle, Precision.STREET, reach)


def _at_number(street: _Street, number: int, exponent: str, said: frozenset[str]) -> Located | None:
    doors = [*street.doors.values()]
    same = [each for each in doors if (each.number, each.exponent) == (number, exponent)]
    if same:
        meant = _meant(same, said)
        return _located(meant[0], Precision.DOOR, meant[0].accuracy_m) if len(meant) == 1 else None
    doors = [*_meant(doors, said)]
    whole = _whole(street, said)
    if len({each.beside for each in doors}) > 1:
        # Streets of one name: the nearest number may be on another one.
        return whole
    nearest = min(doors, key=lambda each: (_gap(each, number), each.exponent))
    accuracy_m = _widened(nearest, number, doors)
    if nearest.number != number and _is_better(whole.accuracy_m, accuracy_m):
        return whole
    return _located(nearest, Precision.NEAREST_NUMBER, accuracy_m)


def _gap(spot: _Spot, number: int) -> int:
    apart = abs(spot.number - number)
    # Odd and even numbers stand on opposite sides.
    return apart + _OTHER_SIDE * (apart % 2)


def _widened(nearest: _Spot, number: int, doors: Sequence[_Spot]) -> float | None:
    if nearest.accuracy_m is None:
        return None
    side = [each for each in doors if (each.number - nearest.number) % 2 == 0]
    side.sort(key=attrgetter("number"))
    before = [each for each in side if each.number <= number]
    after = [each for each in side if each.number >= number]
    if before and after:
        widening = _metres(before[-1], after[0])
    else:
        widening = METRES_PER_NUMBER * abs(nearest.number - number)
    return nearest.accuracy_m + max(METRES_PER_NUMBER, widening)


def _is_better(accuracy_m: float | None, other: float | None) -> bool:
    return accuracy_m is not None and (other is None or accuracy_m <= other)


def _metres(one: _Spot, other: _Spot) -> float:
    _, _, metres = _EARTH.inv(one.lon, one.lat, other.lon, other.lat)
    return float(metres)


def _located(
    spot: _Spot, precision: Precision, accuracy_m: float | None, name: str = ""
) -> Located:
    return Located(
        lat=float(spot.lat),
        lon=float(spot.lon),
        accuracy_m=accuracy_m,
        precision=precision,
        name=name or spot.name,
    )
