"""Which street of many a name means: spellings, given names, typing errors."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

from regen_map.gazetteer.address import Address
from regen_map.gazetteer.odonyms import GIVEN_NAMES, NUMERALS, PARTICLES, TITLES

_MISTYPED_FROM = 7
_MISTYPED_TWICE_FROM = 11
"""Letters from which a word may be mistyped: shorter ones are too often other names."""
_GUESSES = 4
"""How many words a mistyped one may stand for before it stands for none."""

StreetKey: TypeAlias = tuple[str, tuple[str, ...]]
"""The kind and the words of a street's name, as in `Address`."""


class _Agreement(enum.IntEnum):
    """How well two names agree whose last words are the same."""

    NONE = 0
    GIVEN_NAME_ON_ONE_SIDE = 1
    GIVEN_NAME_SHORTENED = 2
    WITHOUT_PARTICLES = 3
    EVERY_WORD = 4


class _Known(NamedTuple):
    key: StreetKey
    given: tuple[str, ...]


class StreetNames:
    """
    The streets of a town by name.

    Parameters
    ----------
    keys
        Kind and words of each street.
    """

    def __init__(self, keys: Iterable[StreetKey]) -> None:
        self._by_core: dict[tuple[str, ...], list[_Known]] = {}
        known: set[str] = set()
        for key in dict.fromkeys(keys):
            given, core = _parts(key[1])
            self._by_core.setdefault(core, []).append(_Known(key, given))
            known.update(given, core)
        self._words = tuple(sorted(known))
        self._known = frozenset(known)

    def meant(self, address: Address) -> StreetKey | None:
        """
        Tell which street an address means.

        A street agrees when its words do, particles aside; where none does, when
        a first name or a title is left out or shortened on one side; where none
        does, when a long word is mistyped in its middle. The kind must agree if
        the address has one. Where it has none, a number speaks for a street, and
        no number for a place without a kind, such as a quarter.

        Returns
        -------
        tuple of str and tuple of str, or None
            None where no street agrees, or several equally well.
        """
        found = self._agreeing(address, address.name)
        if not found:
            for name in self._corrections(address.name):
                found += self._agreeing(address, name)
        distinct = set(found)
        return distinct.pop() if len(distinct) == 1 else None

    def _agreeing(self, address: Address, name: tuple[str, ...]) -> list[StreetKey]:
        """Give the streets that agree best."""
        given, core = _parts(name)
        graded = []
        for street in self._by_core.get(core, ()):
            kind, words = street.key
            if address.kind in ("", kind):
                agreement = _Agreement.EVERY_WORD if words == name else _agree(given, street.given)
                graded.append(((agreement, bool(kind) == (address.number is not None)), street.key))
        best = max((grade for grade, _ in graded), default=(_Agreement.NONE, False))
        return [key for grade, key in graded if grade == best and best[0]]

    def _corrections(self, name: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
        words = _essential(name)
        choices = [self._corrected(word) for word in words]
        if choices == [(word,) for word in words]:
            return ()
        return itertools.islice(itertools.product(*choices), _GUESSES**2)

    def _corrected(self, word: str) -> tuple[str, ...]:
        """Give the known words that a word may stand for; itself if it is known or short."""
        if word in self._known or len(word) < _MISTYPED_FROM - 1:
            return (word,)
        allowed = 2 if len(word) >= _MISTYPED_TWICE_FROM else 1
        near = process.extract(
            word, self._words, scorer=OSA.distance, score_cutoff=allowed, limit=None
        )
        # The ends of a word tell Martini from Martino, and Nardini from Bardini.
        found = tuple(
            each
            for each, _, _ in near
            if (each[0], each[-1]) == (word[0], word[-1])
            and max(len(each), len(word)) >= _MISTYPED_FROM
        )
        return found if len(found) <= _GUESSES else ()


def _essential(name: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in name if word not in PARTICLES) or tuple(name)


def _parts(name: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part first names, titles and initials from the words that make the name."""
    # A single letter may be a particle as well as an initial: «d'Azeglio», «D. Zaccagna».
    words = tuple(word for word in name if word not in PARTICLES or len(word) == 1)
    n_given = 0
    while n_given < len(words) - 1 and _may_be_left_out(words[n_given]):
        n_given += 1
    core = tuple(word for word in words[n_given:] if word not in PARTICLES)
    if not core or core[0] in NUMERALS or core[0].isdecimal():
        return (), _essential(name)
    return words[:n_given], core


def _may_be_left_out(word: str) -> bool:
    return len(word) == 1 or word in GIVEN_NAMES or word in TITLES


def _agree(asked: tuple[str, ...], known: tuple[str, ...]) -> _Agreement:
    if asked == known:
        return _Agreement.WITHOUT_PARTICLES
    if not asked or not known:
        return _Agreement.GIVEN_NAME_ON_ONE_SIDE
    pairs = zip(reversed(asked), reversed(known), strict=False)
    if all(a == k or (a[0] == k[0] and 1 in (len(a), len(k))) for a, k in pairs):
        return _Agreement.GIVEN_NAME_SHORTENED
    return _Agreement.NONE
