"""Search over names, streets, kinds, people, programmes, CUP and summaries, best first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from regen_map.catalogue import Attraction, Catalogue, Workshop
from regen_map.query.addresses import on_street
from regen_map.query.entries import Entry, entries
from regen_map.query.projects import programmes_of

_NAME, _PLACE, _KIND, _PEOPLE, _MONEY, _SUMMARY = 10.0, 5.0, 4.0, 5.0, 4.0, 1.5
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


def rank(catalogue: Catalogue, text: str) -> NDArray[np.intp]:
    """
    Find the entries that a text is about, in both languages at once.

    Every word must be found, spelled so, as a beginning, or with one typing
    error (two from eight letters on); where no entry has all words, entries
    with most of them are given. A text that is an address finds also the entries
    on its street, nearest first: after those that have all its words, before those
    that have only most.

    Parameters
    ----------
    catalogue
        What to search.
    text
        Words; common particles are skipped unless they are all there is. A text
        without words, or in another alphabet, is about nothing.

    Returns
    -------
    numpy.ndarray
        Indices into `regen_map.query.entries`, best match first; empty when
        nothing fits.
    """
    asked = words(text[:_LONGEST])
    asked = [word for word in asked if word not in _STOP_WORDS] or asked
    index = _index(catalogue)
    scores = np.zeros(index.size)
    found = np.zeros(index.size, dtype=np.int64)
    for word in dict.fromkeys(asked):
        score = _score(index, word)
        scores += score
        found += score > 0
    kept = np.flatnonzero(found == found.max()) if found.any() else np.array([], dtype=np.intp)
    ranked = kept[np.argsort(-scores[kept], kind="stable")]
    there = on_street(catalogue, text[:_LONGEST])
    if not there.size:
        return ranked
    has_all = found.max() == len(set(asked))
    parts = (ranked, there) if has_all else (there, ranked)
    return np.array(list(dict.fromkeys(np.concatenate(parts).tolist())), dtype=np.intp)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    size: int
    spelled: tuple[str, ...]
    postings: tuple[tuple[NDArray[np.intp], NDArray[np.float64]], ...]
    by_word: dict[str, int]


def _score(index: _Index, word: str) -> NDArray[np.float64]:
    score = np.zeros(index.size)
    for position, quality in _similar(index, word).items():
        where, weights = index.postings[position]
        score[where] = np.maximum(score[where], weights * quality)
    return score


def _similar(index: _Index, word: str) -> dict[int, float]:
    """Give the positions of the indexed words that `word` may mean, with a quality up to 1."""
    similar: dict[int, float] = {}
    if len(word) >= 4:  # noqa: PLR2004 -- shorter words differ by one letter too often
        allowed = 2 if len(word) >= 8 else 1  # noqa: PLR2004
        for _, _, position in process.extract(
            word, index.spelled, scorer=OSA.distance, score_cutoff=allowed, limit=None
        ):
            similar[position] = _MISTYPED
    if len(word) > 1:
        for position, spelled in enumerate(index.spelled):
            if spelled.startswith(word):
                similar[position] = _STARTS_WITH
    if word in index.by_word:
        similar[index.by_word[word]] = 1.0
    return similar


@lru_cache(maxsize=4)
def _index(catalogue: Catalogue) -> _Index:
    weights: dict[str, dict[int, float]] = {}
    listed = entries(catalogue)
    for position, entry in enumerate(listed):
        for weight, text in _texts(catalogue, entry):
            for word in words(text):
                held = weights.setdefault(word, {})
                held[position] = max(held.get(position, 0.0), weight)
    return _Index(
        size=len(listed),
        spelled=tuple(weights),
        postings=tuple(
            (np.fromiter(held, dtype=np.intp), np.fromiter(held.values(), dtype=np.float64))
            for held in weights.values()
        ),
        by_word={word: position for position, word in enumerate(weights)},
    )


def _texts(catalogue: Catalogue, entry: Entry) -> Iterable[tuple[float, str]]:
    """Give the searchable texts of an entry with their weights, in all languages."""
    subject, place = entry.subject, entry.place
    languages = dict.fromkeys(("it", "en", *catalogue.city.locales))

    def said(record: object, column: str) -> str:
        return " ".join(getattr(record, f"{column}_{each}", None) or "" for each in languages)

    yield _NAME, f"{said(subject, 'name')} {entry.key}"
    yield _SUMMARY, said(subject, "summary")
    yield from _labels(catalogue, "quarter", subject.quarter, _PLACE)
    if place is not None:
        yield _PLACE, place.address or ""
        yield from _labels(catalogue, "kind", place.kind, _KIND, entry.family)
    yield from _labels(catalogue, "family", entry.family, _KIND)
    if isinstance(place, Workshop):
        yield _PEOPLE, " ".join(place.people)
        yield from _labels(catalogue, "craft", place.craft, _KIND)
    if isinstance(place, Attraction):
        yield _PEOPLE, " ".join(place.author)
    for project in entry.projects:
        yield _NAME * 0.8, said(project, "name")
        for column in ("summary", "new_use", "former_use"):
            yield _SUMMARY, said(project, column)
        yield _PEOPLE, " ".join((*project.promoter, *project.designer, *project.owner))
        yield _MONEY, project.cup or ""
        for programme in programmes_of(catalogue, project.id):
            yield _MONEY, said(programme, "name")


def _labels(
    catalogue: Catalogue, vocabulary: str, term: str | None, weight: float, parent: str = ""
) -> Iterable[tuple[float, str]]:
    if term:
        for language in catalogue.city.locales:
            yield weight, catalogue.vocabularies.label(vocabulary, term, language, parent)
