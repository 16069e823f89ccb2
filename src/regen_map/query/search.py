"""Search over names, streets, kinds, people, programmes, CUP and summaries, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from regen_map.catalogue import Attraction, Catalogue, Workshop, derived
from regen_map.query.addresses import on_street
from regen_map.query.entries import Entry, entries
from regen_map.query.projects import programmes_of
from regen_map.query.word_index import WordIndex

_NAME, _PLACE, _KIND, _PEOPLE, _MONEY, _SUMMARY = 10.0, 5.0, 4.0, 5.0, 4.0, 1.5
_LONGEST = 200


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
    found = _index(catalogue).find(text)
    there = on_street(catalogue, text[:_LONGEST])
    if not there.size:
        return found.ranked
    parts = (found.ranked, there) if found.has_all else (there, found.ranked)
    return np.array(list(dict.fromkeys(np.concatenate(parts).tolist())), dtype=np.intp)


@derived()
def _index(catalogue: Catalogue) -> WordIndex:
    # A town has few terms, and each of them is told of many entries.
    labels = cache(partial(_labels, catalogue))
    return WordIndex(_texts(catalogue, entry, labels) for entry in entries(catalogue))


def _texts(
    catalogue: Catalogue, entry: Entry, labels: Callable[..., str]
) -> Iterable[tuple[float, str]]:
    """Give the searchable texts of an entry with their weights, in all languages."""
    subject, place = entry.subject, entry.place
    languages = dict.fromkeys(("it", "en", *catalogue.city.locales))

    def said(record: object, column: str) -> str:
        return " ".join(getattr(record, f"{column}_{each}", None) or "" for each in languages)

    yield _NAME, f"{said(subject, 'name')} {entry.key}"
    yield _SUMMARY, said(subject, "summary")
    yield _PLACE, labels("quarter", subject.quarter)
    if place is not None:
        yield _PLACE, place.address or ""
        yield _KIND, labels("kind", place.kind, entry.family)
    yield _KIND, labels("family", entry.family)
    if isinstance(place, Workshop):
        yield _PEOPLE, " ".join(place.people)
        yield _KIND, labels("craft", place.craft)
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


def _labels(catalogue: Catalogue, vocabulary: str, term: str | None, parent: str = "") -> str:
    """Name a term in all languages; empty for none."""
    if not term:
        return ""
    label = partial(catalogue.vocabularies.label, vocabulary, term, parent=parent)
    return " ".join(label(language) for language in catalogue.city.locales)
