"""Which entries a set of filters leaves, and how many each further filter would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from regen_map.catalogue import Catalogue, Phase, Workshop
from regen_map.query.entries import TOWN_WIDE, Entry, entries
from regen_map.query.nearby import positions
from regen_map.query.projects import milestones_of, programme_ids_by_project, programmes
from regen_map.query.search import rank

UNKNOWN = "unknown"
"""The option for entries that a facet concerns but whose value nobody states."""

FACETS: tuple[str, ...] = (
    "family",
    "kind",
    "quarter",
    "phase",
    "stalled",
    "programme",
    "visit",
    "status",
    "located",
)
"""The facets with options, in the order in which they are offered."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """
    What a visitor asks for; nothing asked means everything.

    Attributes
    ----------
    text
        Words to search.
    chosen
        Options by facet; within a facet any may hold, all facets must.
    years
        First and last year in which a project there was under way.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """
    The answer to `Criteria`.

    Attributes
    ----------
    mask
        One boolean per entry.
    ranked
        Indices of the selected entries, best match first, when text was
        searched; None when the order of the catalogue holds.
    counts
        For each facet and option, how many entries would be shown with that
        option, the other facets as they are.
    n_shown, n_total, n_unlocated
        Entries selected, in all, and selected without a position.
    """

    mask: Mask
    ranked: NDArray[np.intp] | None
    counts: Mapping[str, Mapping[str, int]]
    n_shown: int
    n_total: int
    n_unlocated: int


def select(catalogue: Catalogue, criteria: Criteria) -> Selection:
    """
    Apply filters to the entries of a catalogue.

    Options that the catalogue does not have select nothing; a facet that is
    unknown altogether is ignored.

    Returns
    -------
    Selection
    """
    index = _index(catalogue)
    ranked = rank(catalogue, criteria.text) if criteria.text.strip() else None
    base = _base_mask(index, criteria, ranked)
    by_facet = {
        facet: _any_of(index.terms[facet], terms, index.size)
        for facet, terms in criteria.chosen.items()
        if terms and facet in index.terms
    }
    mask = base.copy()
    for allowed in by_facet.values():
        mask &= allowed
    return Selection(
        mask=mask,
        ranked=None if ranked is None else ranked[mask[ranked]],
        counts=_counts(index, base, by_facet),
        n_shown=int(mask.sum()),
        n_total=index.size,
        n_unlocated=int((mask & ~index.located).sum()),
    )


def options(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """List, for each facet, the options that at least one entry has, in vocabulary order."""
    return {facet: tuple(terms) for facet, terms in _index(catalogue).terms.items()}


def year_range(catalogue: Catalogue) -> tuple[int, int] | None:
    """Give the first and last year in which any project was under way; None without dates."""
    index = _index(catalogue)
    if not index.span_entry.size:
        return None
    return int(index.span_first.min()), int(index.span_last.max())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    size: int
    terms: Mapping[str, Mapping[str, Mask]]
    located: Mask
    span_entry: NDArray[np.int64]
    span_first: NDArray[np.int64]
    span_last: NDArray[np.int64]


def _base_mask(index: _Index, criteria: Criteria, ranked: NDArray[np.intp] | None) -> Mask:
    mask = np.ones(index.size, dtype=bool)
    if ranked is not None:
        mask[:] = False
        mask[ranked] = True
    if criteria.years is not None:
        first, last = criteria.years
        under_way = (index.span_first <= last) & (index.span_last >= first)
        mask &= np.isin(np.arange(index.size), index.span_entry[under_way])
    return mask


def _any_of(terms: Mapping[str, Mask], chosen: Iterable[str], size: int) -> Mask:
    allowed = np.zeros(size, dtype=bool)
    for term in chosen:
        if term in terms:
            allowed |= terms[term]
    return allowed


def _counts(
    index: _Index, base: Mask, by_facet: Mapping[str, Mask]
) -> Mapping[str, Mapping[str, int]]:
    everything = base.copy()
    for allowed in by_facet.values():
        everything &= allowed
    counts: dict[str, dict[str, int]] = {}
    for facet, terms in index.terms.items():
        others = everything
        if facet in by_facet:
            others = base.copy()
            for other, allowed in by_facet.items():
                if other != facet:
                    others &= allowed
        counts[facet] = {term: int(np.count_nonzero(others & mask)) for term, mask in terms.items()}
    return counts


@lru_cache(maxsize=4)
def _index(catalogue: Catalogue) -> _Index:
    listed = entries(catalogue)
    values: dict[str, dict[str, list[int]]] = {facet: {} for facet in FACETS}
    located = ~np.isnan(positions(catalogue)[:, 0])
    spans: list[tuple[int, int, int]] = []
    for position, entry in enumerate(listed):
        for facet, term in _facet_values(catalogue, entry):
            values[facet].setdefault(term, []).append(position)
        values["located"].setdefault("yes" if located[position] else "no", []).append(position)
        spans += [(position, *span) for span in _spans(catalogue, entry)]
    orders = _orders(catalogue)
    terms = {
        facet: {term: _mask(found[term], len(listed)) for term in _ordered(found, orders[facet])}
        for facet, found in values.items()
    }
    span_entry, span_first, span_last = np.array(spans, dtype=np.int64).reshape(-1, 3).T
    return _Index(
        size=len(listed),
        terms=terms,
        located=located,
        span_entry=span_entry,
        span_first=span_first,
        span_last=span_last,
    )


def _facet_values(catalogue: Catalogue, entry: Entry) -> Iterable[tuple[str, str]]:
    yield "family", entry.family
    if entry.place is not None:
        yield "kind", entry.place.kind
        yield "status", entry.place.status or UNKNOWN
    if entry.subject.quarter:
        yield "quarter", entry.subject.quarter
    if isinstance(entry.place, Workshop):
        yield "visit", entry.place.visit or UNKNOWN
    by_project = programme_ids_by_project(catalogue)
    yield from sorted(
        {
            pair
            for project in entry.projects
            for pair in (
                ("phase", project.phase or UNKNOWN),
                *((("stalled", "yes"),) if project.stalled else ()),
                *(("programme", each) for each in by_project.get(project.id, ())),
            )
        }
    )


def _spans(catalogue: Catalogue, entry: Entry) -> Iterable[tuple[int, int]]:
    """Give the first and last year that is known of each project of an entry."""
    for project in entry.projects:
        dates = (
            project.start,
            project.end or project.declared_end,
            *(step.date for step in milestones_of(catalogue, project.id)),
        )
        years = [date.year for date in dates if date is not None]
        if years:
            yield min(years), max(years)


def _orders(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    names = catalogue.vocabularies.names
    return {
        "family": (*names("family"), TOWN_WIDE),
        "kind": names("kind"),
        "quarter": names("quarter"),
        "phase": (*(phase.value for phase in Phase), UNKNOWN),
        "stalled": ("yes",),
        "programme": tuple(programmes(catalogue)),
        "visit": (*names("visit"), UNKNOWN),
        "status": names("status"),
        "located": ("yes", "no"),
    }


def _ordered(found: Iterable[str], order: tuple[str, ...]) -> list[str]:
    place = {term: position for position, term in enumerate(order)}
    return sorted(found, key=lambda term: place.get(term, len(place)))


def _mask(positions_of_term: list[int], size: int) -> Mask:
    mask = np.zeros(size, dtype=bool)
    mask[positions_of_term] = True
    return mask
