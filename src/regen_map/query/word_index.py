"""Texts by their words, found in spite of accents, beginnings and typing errors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

_LONGEST = 200
_STARTS_WITH = 0.9
_MISTYPED = 0.7
_PARTICLES = """
a al alla allo ai alle con d da dal dalla de dei del dell della delle dello di e ed
il in l la le lo i gli per su sul sulla un una the of and at in on to for
"""
_STOP_WORDS = frozenset(_PARTICLES.split())
_WORD = re.compile(r"[0-9a-z]+")


def words(text: str) -> list[str]:
    """
    Split a text into words without accents, case or signs.

    Examples
    --------
    >>> words("Città dell'ARTE, n. 3/B")
    ['citta', 'dell', 'arte', 'n', '3', 'b']
    """
    bare = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(sign for sign in bare if not unicodedata.combining(sign)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    What a text is about.

    Attributes
    ----------
    ranked
        Positions of what was found, best match first.
    has_all
        Whether these have every word of the text, and not only most of them.
    """

    ranked: NDArray[np.intp]
    has_all: bool


class WordIndex:
    """
    Things by the words that are told of them.

    Parameters
    ----------
    texts
        For each thing its texts, each with the weight of its words.
    """

    def __init__(self, texts: Iterable[Iterable[tuple[float, str]]]) -> None:
        weights: dict[str, dict[int, float]] = {}
        self._size = 0
        for position, told in enumerate(texts):
            self._size = position + 1
            for weight, text in told:
                for word in words(text):
                    held = weights.setdefault(word, {})
                    held[position] = max(held.get(position, 0.0), weight)
        self._spelled = tuple(weights)
        self._by_word = {word: position for position, word in enumerate(weights)}
        self._postings = tuple(
            (np.fromiter(held, dtype=np.intp), np.fromiter(held.values(), dtype=np.float64))
            for held in weights.values()
        )

    def find(self, text: str) -> Found:
        """
        Find what a text is about.

        Every word must be found, spelled so, as a beginning, or with one typing error
        (two from eight letters on); where nothing has all words, what has most of them
        is given.

        Parameters
        ----------
        text
            Its first 200 signs are read. Common particles are skipped unless they are all
            there is; a text without words, or in another alphabet, is about nothing.

        Returns
        -------
        Found
        """
        asked = words(text[:_LONGEST])
        asked = list(dict.fromkeys([word for word in asked if word not in _STOP_WORDS] or asked))
        scores = np.zeros(self._size)
        found = np.zeros(self._size, dtype=np.int64)
        for word in asked:
            score = self._score(word)
            scores += score
            found += score > 0
        most = int(found.max(initial=0))
        kept = np.flatnonzero(found == most) if most else np.array([], dtype=np.intp)
        ranked = kept[np.argsort(-scores[kept], kind="stable")]
        return Found(ranked=ranked, has_all=most == len(asked))

    def _score(self, word: str) -> NDArray[np.float64]:
        score = np.zeros(self._size)
        for position, quality in self._similar(word).items():
            where, weights = self._postings[position]
            score[where] = np.maximum(score[where], weights * quality)
        return score

    def _similar(self, word: str) -> dict[int, float]:
        """Give the positions of the words that `word` may mean, with a quality up to 1."""
        similar: dict[int, float] = {}
        if len(word) >= 4:  # noqa: PLR2004 -- shorter words differ by one letter too often
            allowed = 2 if len(word) >= 8 else 1  # noqa: PLR2004
            for _, _, position in process.extract(
                word, self._spelled, scorer=OSA.distance, score_cutoff=allowed, limit=None
            ):
                similar[position] = _MISTYPED
        if len(word) > 1:
            for position, spelled in enumerate(self._spelled):
                if spelled.startswith(word):
                    similar[position] = _STARTS_WITH
        if word in self._by_word:
            similar[self._by_word[word]] = 1.0
        return similar
