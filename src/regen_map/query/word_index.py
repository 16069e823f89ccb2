"""Texts by their words, found in spite of accents, beginnings and typing errors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

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
_FIRST_MARK = "\u0300"
"""No sign before it is a combining one."""
_WORD = re.compile(r"[0-9a-z]+")


def words(text: str) -> list[str]:
    """
    Split a text into words without accents, case or signs.

    Examples
    --------
    >>> words("Città dell'ARTE, n. 3/B")
    ['citta', 'dell', 'arte', 'n', '3', 'b']
    """
    bare = text.casefold()
    if bare.isascii():
        return _WORD.findall(bare)
    bare = unicodedata.normalize("NFKD", bare)
    kept = [sign for sign in bare if sign < _FIRST_MARK or not unicodedata.combining(sign)]
    return _WORD.findall("".join(kept))


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
        numbers: dict[str, int] = {}
        # Most things share most of their texts: kinds, quarters, families.
        seen: dict[str, int] = {}
        words_of: list[list[int]] = []
        said: list[tuple[int, int, float]] = []
        self._size = 0
        for thing, told in enumerate(texts):
            self._size = thing + 1
            for weight, text in told:
                which = seen.setdefault(text, len(words_of))
                if which == len(words_of):
                    words_of.append(
                        [numbers.setdefault(each, len(numbers)) for each in words(text)]
                    )
                said.append((which, thing, weight))
        self._spelled = tuple(numbers)
        self._by_word = numbers
        self._things, self._weights, self._ends = _sorted_by_word(words_of, said, len(numbers))

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
            told = slice(self._ends[position], self._ends[position + 1])
            where = self._things[told]
            score[where] = np.maximum(score[where], self._weights[told] * quality)
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


def _sorted_by_word(
    words_of: Sequence[Sequence[int]], said: Sequence[tuple[int, int, float]], n_words: int
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """
    Turn around what is said of things: the things of each word, with their weights.

    Parameters
    ----------
    words_of
        The numbers of the words of each text.
    said
        Which text is told of which thing, with what weight.
    n_words
        How many words there are.

    Returns
    -------
    tuple of numpy.ndarray
        Things by word, each once in its greatest weight; these weights; and where each
        word begins in both, with the end of the last, shape ``(n_words + 1,)``.
    """
    columns = np.array(said, dtype=np.float64).reshape(-1, 3).T
    texts = columns[0].astype(np.intp)
    flat = np.fromiter(chain.from_iterable(words_of), dtype=np.intp)
    lengths = np.fromiter(map(len, words_of), dtype=np.intp)
    begins, n = np.cumsum(lengths) - lengths, lengths[texts]
    places = np.arange(n.sum()) + np.repeat(begins[texts] - (np.cumsum(n) - n), n)
    spoken, things = flat[places], np.repeat(columns[1].astype(np.intp), n)
    weights = np.repeat(columns[2], n)
    order = np.lexsort((-weights, things, spoken))
    spoken, things, weights = spoken[order], things[order], weights[order]
    first = np.ones(order.size, dtype=bool)
    first[1:] = (spoken[1:] != spoken[:-1]) | (things[1:] != things[:-1])
    ends = np.searchsorted(spoken[first], np.arange(n_words + 1))
    return things[first], weights[first], ends
