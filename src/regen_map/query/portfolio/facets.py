"""The options of projects, and how many projects have each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from regen_map.catalogue import Catalogue, Project, derived
from regen_map.query.portfolio.asked import OLDER, THREE_YEARS, YEAR
from regen_map.query.portfolio.masks import Mask, in_all, mask_of
from regen_map.query.projects import programme_ids_by_project, programmes
from regen_map.query.selection import UNKNOWN
from regen_map.query.then import rows_of
from regen_map.query.totals import has_position

_ACTORS = ("owner", "promoter")
_FRESHNESS = (YEAR, THREE_YEARS, OLDER, UNKNOWN)
_A_YEAR = 10_000
_NEVER_CHECKED = -1


def project_options(catalogue: Catalogue, day: dt.date) -> Mapping[str, tuple[str, ...]]:
    """
    List, for each facet, the options that at least one project has.

    Returns
    -------
    mapping of str to tuple of str
        In the order of the vocabulary, or of the file; owners and promoters by how many
        projects they have, most first; `regen_map.query.UNKNOWN` last.
    """
    return MappingProxyType(
        {name: each.options for name, each in facets_of(catalogue, day).items()}
    )


def lasting_options(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """
    List, for each facet, the options that a link may ask for, whatever the day.

    Returns
    -------
    mapping of str to tuple of str
        As of `project_options`, but every freshness: a row ages and a link does not.
    """
    found = {name: each.options for name, each in _lasting_facets(catalogue).items()}
    return MappingProxyType({**found, "freshness": _FRESHNESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """
    Which projects have which option.

    Attributes
    ----------
    options
        In the order in which they are offered.
    project, option
        Distinct pairs, as indices.
    size
        How many projects there are.
    """

    options: tuple[str, ...]
    project: NDArray[np.intp]
    option: NDArray[np.intp]
    size: int

    def any_of(self, chosen: Iterable[str]) -> Mask:
        """Tell which projects have any of some options."""
        wanted = [index for index, each in enumerate(self.options) if each in set(chosen)]
        return mask_of(self.project[np.isin(self.option, wanted)], self.size)

    def counts(self, among: Mask) -> Mapping[str, int]:
        """Count some projects by option."""
        found = np.bincount(self.option[among[self.project]], minlength=len(self.options))
        return dict(zip(self.options, found.tolist(), strict=True))


def counts_of(
    facets: Mapping[str, Facet], met: Mask, by_facet: Mapping[str, Mask]
) -> Mapping[str, Mapping[str, int]]:
    """
    Count the projects that each option would select.

    Parameters
    ----------
    facets
        All of them.
    met
        Of which projects everything but the facets holds.
    by_facet
        Of which projects each facet that is asked for holds.
    """
    return MappingProxyType(
        {
            name: facet.counts(
                in_all([met, *(each for other, each in by_facet.items() if other != name)])
            )
            for name, facet in facets.items()
        }
    )


@derived(most=4)
def facets_of(catalogue: Catalogue, day: dt.date) -> Mapping[str, Facet]:
    """Give all facets of `PROJECT_FACETS`, the age of rows told to a day."""
    ages = np.array(_freshness(_checked(catalogue), day), dtype=np.intp)
    return MappingProxyType({**_lasting_facets(catalogue), "freshness": _of_indices(ages)})


def _of_indices(ages: NDArray[np.intp]) -> Facet:
    """Leave out the ages that no row has."""
    used, option = np.unique(ages, return_inverse=True)
    options = tuple(_FRESHNESS[each] for each in used)
    return Facet(options=options, project=np.arange(ages.size), option=option, size=ages.size)


def _freshness(checked: NDArray[np.int64], day: dt.date) -> NDArray[np.intp]:
    """Tell how long ago rows were checked, at the earliest day that their dates may mean."""
    asked = _digits(day)
    bounds = [checked == _NEVER_CHECKED, checked + _A_YEAR >= asked, checked + 3 * _A_YEAR >= asked]
    named = [_FRESHNESS.index(each) for each in (UNKNOWN, YEAR, THREE_YEARS)]
    return np.select(bounds, named, _FRESHNESS.index(OLDER))


@derived()
def _checked(catalogue: Catalogue) -> NDArray[np.int64]:
    dates = (project.as_of for project in catalogue.projects)
    told = (_NEVER_CHECKED if each is None else _digits(each.first_day) for each in dates)
    return np.fromiter(told, dtype=np.int64)


def _digits(day: dt.date) -> int:
    """Write a day as a number: a year later is `_A_YEAR` more, on the same day of the month."""
    return day.year * _A_YEAR + day.month * 100 + day.day


@derived()
def _lasting_facets(catalogue: Catalogue) -> Mapping[str, Facet]:
    """Give the facets that do not depend on the day."""
    names, projects = catalogue.vocabularies.names, catalogue.projects
    yes_no = ("yes", "no")
    owners, promoters = ([getattr(each, name) for each in projects] for name in _ACTORS)
    funds = programme_ids_by_project(catalogue)
    programme_ids = [funds.get(each.id, ()) for each in projects]
    level = {each.id: each.level for each in programmes(catalogue).values()}
    levels = [[level[each] for each in ids] for ids in programme_ids]
    known = {
        line.project_id
        for line in rows_of(catalogue, "funding")
        if line.counted and line.amount_eur is not None
    }
    return MappingProxyType(
        {
            "phase": _single((each.phase for each in projects), names("phase")),
            "stalled": _single((_yes_no(each.stalled) for each in projects), yes_no),
            "programme": _several(programme_ids, tuple(level)),
            "level": _several(levels, names("level")),
            "owner": _several(owners, _most_frequent(owners)),
            "promoter": _several(promoters, _most_frequent(promoters)),
            "quarter": _single((_quarter(catalogue, each) for each in projects), names("quarter")),
            "kind": _single((each.kind for each in projects), names("project_kind")),
            "cup": _single((_yes_no(each.cup is not None) for each in projects), yes_no),
            "located": _single(
                (_yes_no(has_position(catalogue, each)) for each in projects), yes_no
            ),
            "amount": _single(
                ("known" if each.id in known else None for each in projects), ("known",)
            ),
        }
    )


def _quarter(catalogue: Catalogue, project: Project) -> str | None:
    place = catalogue.place(project.place_id) if project.place_id else None
    return project.quarter or (place.quarter if place else None)


def _yes_no(value: bool | None) -> str | None:  # noqa: FBT001 -- it is a value, not a switch
    if value is None:
        return None
    return "yes" if value else "no"


def _most_frequent(terms: Iterable[Sequence[str]]) -> tuple[str, ...]:
    distinct = (each if len(each) < 2 else dict.fromkeys(each) for each in terms)  # noqa: PLR2004
    counted = Counter(chain.from_iterable(distinct))
    return tuple(term for term, _ in counted.most_common() if term != UNKNOWN)


def _single(terms: Iterable[str | None], order: Sequence[str]) -> Facet:
    """Make a facet of which each project has one option."""
    told = [each or UNKNOWN for each in terms]
    options, option = _options(told, order)
    return Facet(options=options, project=np.arange(len(told)), option=option, size=len(told))


def _several(terms: Iterable[Sequence[str]], order: Sequence[str]) -> Facet:
    """Make a facet of which each project may have some options."""
    told = [each or (UNKNOWN,) for each in terms]
    size = len(told)
    options, option = _options(list(chain.from_iterable(told)), order)
    counts = np.fromiter(map(len, told), dtype=np.intp, count=size)
    # A file may name somebody twice.
    pairs = np.unique(np.repeat(np.arange(size), counts) * len(options) + option)
    project, option = np.divmod(pairs, max(len(options), 1))
    return Facet(options=options, project=project, option=option, size=size)


def _options(
    terms: Sequence[str], order: Iterable[str]
) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Give the options that there are, in their order, and which of them each term is."""
    used = set(terms)
    options = tuple(dict.fromkeys(term for term in (*order, UNKNOWN) if term in used))
    place = {term: index for index, term in enumerate(options)}
    return options, np.fromiter(map(place.__getitem__, terms), dtype=np.intp, count=len(terms))
