"""Italian street addresses, as people write them, in one form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from regen_map.gazetteer.odonyms import (
    DAYS,
    KIND_ABBREVIATIONS,
    KINDS,
    MONTHS,
    PARTICLES,
    STREET_KINDS,
    WORD_ABBREVIATIONS,
)

_LONGEST = 300
_YEARS = range(1800, 2100)

_LATIN = "bis|ter|quater|quinquies"
_AFTER_SLASH = rf"(?:[0-9]{{1,3}}(?![0-9])|(?:{_LATIN})\b|[a-z](?![a-z]))"

_ASIDE = re.compile(r"\([^()]*\)|[()]")
_NO_NUMBER = re.compile(r"(?<![a-z])(?:s\.?n\.?c(?![a-z])\.?|s/n(?![a-z])|s\.n\.(?![a-z]))")
_POSTCODE = re.compile("[0-9]{5,}")
_BESIDE = re.compile(r"(?<![a-z])(?:km|int|interno|presso|c/o)(?![a-z])[^a-z0-9]*[0-9.,]*")
_LABELS = frozenset({"n", "nr", "no", "num", "numero", "civ", "civico"})
_LABEL = re.compile(
    rf"(?<![0-9])(?<![0-9]/)(?:(?<![a-z])(?:{'|'.join(sorted(_LABELS))})[^a-z0-9]*)+(?=[0-9])"
)
_BREAK = re.compile(rf"[,;\n\[\]{{}}|]|\s[-–—]\s|(?<![0-9])/|/(?!{_AFTER_SLASH})")
_WORD = re.compile(r"[a-z]+(?:\.[a-z]+)*|[0-9]+")
_NUMBER = re.compile(r"[0-9]+")
_EXPONENT = re.compile(
    rf"(?:/([0-9]{{1,3}})|\s*[/-]?\s*({_LATIN})|[/-]?([a-z](?:/?[0-9]{{1,3}})?)|\s+([a-z])\s*$)"
    "(?![a-z0-9])"
)
_NAME_GOES_ON = re.compile(
    rf"[\s.]*(?!(?:{_LATIN}|{'|'.join(sorted(_LABELS))})(?![a-z]))[a-z]{{3}}"
)
_DOOR = re.compile(r"([0-9]{1,4})(?![0-9])(.*)", re.DOTALL)
_LONGEST_EXPONENT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """
    A street address in parts.

    Attributes
    ----------
    kind
        The first word of the street, written in full, such as ``"via"``; empty
        where the text begins with something else.
    name
        The other words, without accents and signs; the day of a date is in
        digits, the forms of «santo» are all ``"san"``.
    number
        The house number, from 1 to 9999; None where the text has none.
    exponent
        What follows the number, in capitals without blanks, such as ``"B"`` or
        ``"BIS"``; may be empty.
    """

    kind: str
    name: tuple[str, ...]
    number: int | None = None
    exponent: str = ""

    @property
    def text(self) -> str:
        """The address as a text that `parse_address` reads as this very address."""
        street = " ".join((self.kind, *self.name)).strip()
        return street if self.number is None else f"{street}, {door(self.number, self.exponent)}"


def parse_address(text: str) -> Address | None:
    """
    Read an Italian street address.

    What stands before the street (a building), after the number (postcode, town)
    and in brackets is left out.

    Parameters
    ----------
    text
        Anything; only its first 300 signs are read.

    Returns
    -------
    Address or None
        None where no word is left that could name a street.

    Examples
    --------
    >>> parse_address("V. Carriona N° 10/b, 54033 Carrara")
    Address(kind='via', name=('carriona',), number=10, exponent='B')
    >>> parse_address("p.zza S. Francesco snc").text
    'piazza san francesco'
    >>> parse_address("Viale XX Settembre 3 bis") == parse_address("v.le venti settembre, 3/bis")
    True
    >>> parse_address("via 7 Luglio 5").text, parse_address("Piazza XXVII Aprile, 54033").number
    ('via 7 luglio, 5', None)
    >>> parse_address("54033") is None
    True
    """
    segments = _segments(text)
    chosen = next((each for each, part in enumerate(segments) if _names_street(part)), 0)
    for position, part in enumerate(segments[chosen:], start=chosen):
        street, number, exponent = _split(part)
        kind, name = _street(street)
        if not any(map(str.isalpha, name)):
            continue
        if number is None and position + 1 < len(segments):
            number, exponent = _door_alone(segments[position + 1])
        return Address(kind=kind, name=name, number=number, exponent=exponent)
    return None


def words(text: str) -> list[str]:
    """
    Split a text into the words that street names are compared by.

    Examples
    --------
    >>> words("P.zza dell'Unità (S. Anna), XX Settembre")
    ['pzza', 'dell', 'unita', 'san', 'anna', '20', 'settembre']
    """
    return _words(_plain(text))


def door(number: int, exponent: str = "") -> str:
    """
    Write a house number in its one form.

    Examples
    --------
    >>> door(10), door(10, "B"), door(10, "BIS")
    ('10', '10/B', '10/BIS')
    """
    return f"{number}/{exponent}" if exponent else str(number)


def parse_door(number: str, exponent: str = "") -> tuple[int, str] | None:
    """
    Read a house number that stands alone.

    Parameters
    ----------
    number
        Such as ``"10"``, ``"10/B"`` or ``"10 bis"``.
    exponent
        Where it stands by itself.

    Returns
    -------
    tuple of int and str, or None
        The number from 1 to 9999 and its exponent in capitals, without blanks and
        signs; None where the text does not begin with such a number.

    Examples
    --------
    >>> parse_door("10/b"), parse_door("010", "bis"), parse_door("SNC")
    ((10, 'B'), (10, 'BIS'), None)
    """
    found = _DOOR.match(_plain(number).strip())
    if found is None or not int(found[1]):
        return None
    rest = _plain(exponent) or found[2]
    return int(found[1]), re.sub("[^a-z0-9]", "", rest)[:_LONGEST_EXPONENT].upper()


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.replace("°", ".").replace("º", ".")).casefold()
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _segments(text: str) -> list[str]:
    """Split an address where a new thing begins, without what is no part of it."""
    plain = re.sub(r"\s*/\s*", "/", _plain(text[:_LONGEST]))
    for aside in (_ASIDE, _NO_NUMBER, _POSTCODE, _BESIDE):
        plain = aside.sub(",", plain)
    plain = _LABEL.sub(" ", plain)
    return [part for part in map(str.strip, _BREAK.split(plain)) if _WORD.search(part)]


def _names_street(segment: str) -> bool:
    first, *others = _words(segment)
    return bool(others) and _kind(first) in STREET_KINDS


def _split(segment: str) -> tuple[str, int | None, str]:
    """Part the street from its number: digits that belong to the name stay with it."""
    for found in _NUMBER.finditer(segment):
        before, after = segment[: found.start()], segment[found.end() :]
        if not _belongs_to_name(before, int(found[0]), after):
            return before, *_numbered(int(found[0]), after)
    return segment, None, ""


def _belongs_to_name(before: str, number: int, after: str) -> bool:
    earlier, later = _words(before), _words(after)
    if (later and later[0] in MONTHS) or (earlier and earlier[-1] in MONTHS and number in _YEARS):
        return True
    _, name = _parted(earlier)
    no_name_yet = all(word in PARTICLES for word in name)
    return no_name_yet and _NAME_GOES_ON.match(after) is not None


def _numbered(number: int, after: str) -> tuple[int | None, str]:
    if not number:
        return None, ""
    found = _EXPONENT.match(after)
    exponent = next(filter(None, found.groups())) if found else ""
    return number, exponent.replace("/", "").upper()


def _door_alone(segment: str) -> tuple[int | None, str]:
    found = _NUMBER.match(segment)
    return _numbered(int(found[0]), segment[found.end() :]) if found else (None, "")


def _street(text: str) -> tuple[str, tuple[str, ...]]:
    found = _unlabelled(_words(text))
    kind, name = _parted(found)
    return (kind, tuple(name)) if name else ("", (kind,) if kind else ())


def _parted(found: list[str]) -> tuple[str, list[str]]:
    """Part the kind of a street from the words of its name."""
    first = _kind(found[0]) if found else ""
    return (first, found[1:]) if first in KINDS else ("", found)


def _unlabelled(found: list[str]) -> list[str]:
    """Leave out the words that only announce a number."""
    kept: list[str] = []
    for word in reversed(found):
        if word not in _LABELS or (kept and not kept[-1].isdecimal()):
            kept.append(word)
    return kept[::-1]


def _kind(word: str) -> str:
    return KIND_ABBREVIATIONS.get(word, word)


def _words(plain: str) -> list[str]:
    found: list[str] = []
    for token in _WORD.findall(plain):
        joined = token.replace(".", "")
        short = joined in KIND_ABBREVIATIONS or joined in WORD_ABBREVIATIONS
        found += [joined] if short else token.split(".")
    found = [WORD_ABBREVIATIONS.get(word, word) for word in found]
    for position, word in enumerate(found[:-1]):
        if found[position + 1] in MONTHS:
            found[position] = DAYS.get(word, word)
    return found
