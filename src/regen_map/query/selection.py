"""Which entries a set of filters leaves, and how many each further filter would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from regen_map.catalogue import Catalogue, Phase, Workshop, derived
from regen_map.query.entries import TOWN_WIDE, Entry, entries
from regen_map.query.nearby import positions
from regen_map.query.opening import OpeningState, open_now, walk_in
from regen_map.query.projects import milestones_of, programme_ids_by_project, programmes
from regen_map.query.search import rank

UNKNOWN = "unknown"
"""The option for entries that a facet concerns but whose value nobody states."""

OPEN = "open"
"""The facet of what is open, the only one that depends on the moment."""

NOW = "now"
"""Its one option."""

FACETS: tuple[str, ...] = (
    "family",
    OPEN,
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
    open_at
        When a place must be open, as the clocks of the city show it, without a time
        zone; it takes the place of the facet `OPEN`.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: tuple[int, int] | None = None
    open_at: dt.datetime | None = None


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
    n_hours_unknown
        Places that meet everything else, of which nobody knows whether they are open at
        the moment asked for; 0 where no moment is. Places that are closed for good or
        receive only by arrangement are not among them.
    """

    mask: Mask
    ranked: NDArray[np.intp] | None
    counts: Mapping[str, Mapping[str, int]]
    n_shown: int
    n_total: int
    n_unlocated: int
    n_hours_unknown: int


def select(catalogue: Catalogue, criteria: Criteria, now: dt.datetime | None = None) -> Selection:
    """
    Apply filters to the entries of a catalogue.

    Options that the catalogue does not have select nothing; a facet that is
    unknown altogether is ignored.

    Parameters
    ----------
    catalogue, criteria
        Whose entries, and which of them.
    now
        The moment, in any time zone; without it the facet `OPEN` is ignored, and
        not counted.

    Returns
    -------
    Selection

    Raises
    ------
    ValueError
        If ``now`` has no time zone.
    """
    index = _index(catalogue)
    ranked = rank(catalogue, criteria.text) if criteria.text.strip() else None
    base = _base_mask(index, criteria, ranked)
    terms = _terms(catalogue, index, now)
    by_facet = {
        facet: _any_of(terms[facet], chosen, index.size)
        for facet, chosen in criteria.chosen.items()
        if chosen and facet in terms
    }
    hours = _hours_asked_for(catalogue, criteria, now)
    if hours is not None:
        by_facet[OPEN] = hours.open
    mask = _all_of(base, by_facet)
    return Selection(
        mask=mask,
        ranked=None if ranked is None else ranked[mask[ranked]],
        counts=_counts(terms, base, by_facet),
        n_shown=int(mask.sum()),
        n_total=index.size,
        n_unlocated=int((mask & ~index.located).sum()),
        n_hours_unknown=(
            int((_all_of(base, by_facet, but=OPEN) & hours.unknown).sum()) if hours else 0
        ),
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
    walk_in: Mask
    span_entry: NDArray[np.int64]
    span_first: NDArray[np.int64]
    span_last: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    """Which entries are open at a moment, and of which places nobody knows it."""

    open: Mask
    unknown: Mask


def _hours_asked_for(
    catalogue: Catalogue, criteria: Criteria, now: dt.datetime | None
) -> _Hours | None:
    if criteria.open_at is not None:
        local = criteria.open_at.replace(tzinfo=ZoneInfo(catalogue.city.time_zone))
        return _hours(catalogue, local)
    if now is not None and NOW in criteria.chosen.get(OPEN, ()):
        return _hours(catalogue, now)
    return None


def _hours(catalogue: Catalogue, when: dt.datetime) -> _Hours:
    if when.utcoffset() is None:
        message = f"The moment must have a time zone, got {when!r}."
        raise ValueError(message)
    return _hours_at_minute(catalogue, when.astimezone(dt.UTC).replace(second=0, microsecond=0))


@derived(most=8)
def _hours_at_minute(catalogue: Catalogue, minute: dt.datetime) -> _Hours:
    states = open_now(catalogue, minute)
    unknown = states == OpeningState.UNKNOWN
    return _Hours(open=states == OpeningState.OPEN, unknown=unknown & _index(catalogue).walk_in)


def _terms(
    catalogue: Catalogue, index: _Index, now: dt.datetime | None
) -> Mapping[str, Mapping[str, Mask]]:
    """Give the entries by facet and option at a moment."""
    if now is None:
        return {facet: terms for facet, terms in index.terms.items() if facet != OPEN}
    return {
        **index.terms,
        OPEN: {term: _hours(catalogue, now).open for term in index.terms[OPEN]},
    }


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


def _all_of(base: Mask, by_facet: Mapping[str, Mask], *, but: str = "") -> Mask:
    mask = base.copy()
    for facet, allowed in by_facet.items():
        if facet != but:
            mask &= allowed
    return mask


def _any_of(terms: Mapping[str, Mask], chosen: Iterable[str], size: int) -> Mask:
    allowed = np.zeros(size, dtype=bool)
    for term in chosen:
        if term in terms:
            allowed |= terms[term]
    return allowed


def _counts(
    terms: Mapping[str, Mapping[str, Mask]], base: Mask, by_facet: Mapping[str, Mask]
) -> Mapping[str, Mapping[str, int]]:
    everything = _all_of(base, by_facet)
    counts: dict[str, dict[str, int]] = {}
    for facet, masks in terms.items():
        others = _all_of(base, by_facet, but=facet) if facet in by_facet else everything
        counts[facet] = {term: int(np.count_nonzero(others & mask)) for term, mask in masks.items()}
    return counts


@derived()
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
        walk_in=np.array([each.place is not None and walk_in(each.place) for each in listed], bool),
        span_entry=span_entry,
        span_first=span_first,
        span_last=span_last,
    )


def _facet_values(catalogue: Catalogue, entry: Entry) -> Iterable[tuple[str, str]]:
    yield "family", entry.family
    if entry.place is not None:
        yield "kind", entry.place.kind
        yield "status", entry.place.status or UNKNOWN
        # Whether it is open at all is a matter of the moment: see `_terms`.
        if entry.place.opening_hours and walk_in(entry.place):
            yield OPEN, NOW
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
        OPEN: (NOW,),
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
