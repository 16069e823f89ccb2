"""Which projects a planner asks for, and of which it is not known whether they are meant."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from regen_map.catalogue import Catalogue, PartialDate, Phase, Project
from regen_map.query.area import Area, places_in
from regen_map.query.delays import Delay, delays_by_project
from regen_map.query.money import Money, money_of
from regen_map.query.projects import programmes, programmes_of
from regen_map.query.selection import UNKNOWN
from regen_map.query.totals import has_position
from regen_map.query.word_index import WordIndex

PROJECT_FACETS: tuple[str, ...] = (
    "phase",
    "stalled",
    "programme",
    "level",
    "owner",
    "promoter",
    "quarter",
    "kind",
    "cup",
    "located",
    "amount",
    "freshness",
)
"""The facets with options, in the order in which they are offered."""

PROJECT_FILTERS: tuple[str, ...] = ("amount", "start_years", "end_years", "late", "area")
"""The filters that may leave a project out only because something of it is not known."""

YEAR, THREE_YEARS, OLDER = "year", "three_years", "older"
"""How fresh a row is: surely checked within so long, or longer ago."""

OPEN_YEARS = (0, 9999)
"""Stand for a range of years that is open to one side, or to both."""

_FRESHNESS = (YEAR, THREE_YEARS, OLDER, UNKNOWN)

_NAME, _ACTOR, _MONEY, _USE = 10.0, 5.0, 4.0, 1.5

_Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCriteria:
    """
    What a planner asks for; nothing asked means every project.

    Attributes
    ----------
    text
        Words to search in names, uses, actors, CUP and programmes.
    chosen
        Options by facet; within a facet any may hold, all facets must.
    amount_eur
        Least and most euro, both included, each None where that end is open: the counted
        lines of any one nature add up to that much.
    start_years, end_years
        First and last year in which a project began, and in which it ended or is declared
        to end.
    late_months
        By at least how many whole months it is surely late, see `regen_map.query.Delay`.
    uses
        Words to search in the former and the new use alone.
    area
        Where the place of a project lies.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    amount_eur: tuple[Decimal | None, Decimal | None] = (None, None)
    start_years: tuple[int, int] | None = None
    end_years: tuple[int, int] | None = None
    late_months: int | None = None
    uses: str = ""
    area: Area | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSelection:
    """
    The answer to `ProjectCriteria`.

    Attributes
    ----------
    projects
        The projects selected: best match first where words were searched, in file order
        where not.
    counts
        For each facet and option, how many projects would be selected with that option,
        everything else as it is.
    n_total
        How many projects there are in all.
    n_unlocated
        How many of those selected have no place, or one whose position is not known.
    n_unsure
        How many of those selected are only perhaps in the area, given how exactly the
        position of their place is known.
    n_by_unknown
        For each of `PROJECT_FILTERS`, how many projects it leaves out only because what it
        asks for is not known of them; 0 where it is not asked for. A project that two
        filters leave out so is counted in both.
    """

    projects: tuple[Project, ...]
    counts: Mapping[str, Mapping[str, int]]
    n_total: int
    n_unlocated: int
    n_unsure: int
    n_by_unknown: Mapping[str, int]


def select_projects(
    catalogue: Catalogue, criteria: ProjectCriteria, day: dt.date
) -> ProjectSelection:
    """
    Apply filters to the projects of a catalogue.

    Options that the catalogue does not have select nothing; a facet that is unknown
    altogether is ignored.

    Parameters
    ----------
    catalogue, criteria
        Whose projects, and which of them.
    day
        Against which delays and the age of rows are told.

    Returns
    -------
    ProjectSelection
    """
    listed = catalogue.projects
    facets = _facets(catalogue, day)
    ranked = _ranked(catalogue, criteria)
    told = _whole(len(listed)) if ranked is None else _mask(ranked, len(listed))
    answers = _answers(catalogue, criteria, day)
    met = _all([told, *(answer.met for answer in answers.values())])
    by_facet = {
        name: facets[name].any_of(terms)
        for name, terms in criteria.chosen.items()
        if terms and name in facets
    }
    selected = _all([met, *by_facet.values()])
    order = np.flatnonzero(selected) if ranked is None else ranked[selected[ranked]]
    area = answers.get("area")
    return ProjectSelection(
        projects=tuple(listed[each] for each in order),
        counts=_counts(facets, met, by_facet),
        n_total=len(listed),
        n_unlocated=int((selected & facets["located"].any_of(["no"])).sum()),
        n_unsure=0 if area is None else int((selected & area.unsure).sum()),
        n_by_unknown=_by_unknown(_all([told, *by_facet.values()]), answers),
    )


def project_options(catalogue: Catalogue, day: dt.date) -> Mapping[str, tuple[str, ...]]:
    """
    List, for each facet, the options that at least one project has.

    Returns
    -------
    mapping of str to tuple of str
        In the order of the vocabulary, or of the file; owners and promoters by how many
        projects they have, most first; `regen_map.query.UNKNOWN` last.
    """
    return MappingProxyType({name: each.options for name, each in _facets(catalogue, day).items()})


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
class _Facet:
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

    def any_of(self, chosen: Iterable[str]) -> _Mask:
        """Tell which projects have any of some options."""
        wanted = [index for index, each in enumerate(self.options) if each in set(chosen)]
        return _mask(self.project[np.isin(self.option, wanted)], self.size)

    def counts(self, among: _Mask) -> Mapping[str, int]:
        """Count some projects by option."""
        found = np.bincount(self.option[among[self.project]], minlength=len(self.options))
        return dict(zip(self.options, found.tolist(), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """
    What a filter tells of each project.

    Attributes
    ----------
    met
        Whether it is selected.
    unknown
        Whether it is not, only because nobody knows.
    unsure
        Whether it is selected although that is not sure.
    """

    met: _Mask
    unknown: _Mask
    unsure: _Mask


def _answers(
    catalogue: Catalogue, criteria: ProjectCriteria, day: dt.date
) -> Mapping[str, _Answer]:
    """Give the answers of the filters that are asked for."""
    answers: dict[str, _Answer] = {}
    projects = catalogue.projects
    least, most = criteria.amount_eur
    if least is not None or most is not None:
        answers["amount"] = _answer(
            _amount_in(money_of(catalogue, each.id), least, most) for each in projects
        )
    for name, years, date in (
        ("start_years", criteria.start_years, _start),
        ("end_years", criteria.end_years, _end),
    ):
        if years is not None:
            answers[name] = _answer(_year_in(date(each), years) for each in projects)
    if criteria.late_months is not None:
        months, late = criteria.late_months, delays_by_project(catalogue, day)
        answers["late"] = _answer(_late_by(late[each.id], months) for each in projects)
    if criteria.area is not None:
        answers["area"] = _answer(_in_area(catalogue, criteria.area, projects))
    return answers


_YES, _NO, _UNKNOWN, _UNSURE = range(4)


def _answer(told: Iterable[int]) -> _Answer:
    codes = np.fromiter(told, dtype=np.int8)
    return _Answer(
        met=(codes == _YES) | (codes == _UNSURE),
        unknown=codes == _UNKNOWN,
        unsure=codes == _UNSURE,
    )


def _amount_in(money: Money, least: Decimal | None, most: Decimal | None) -> int:
    for amount in money.by_nature.values():
        if (least is None or amount >= least) and (most is None or amount <= most):
            return _YES
    if not any(line.counted for line in money.lines):
        return _UNKNOWN
    # A line whose amount nobody knows may add anything to the others of its nature.
    open_sums = (
        money.by_nature.get(line.nature, Decimal(0))
        for line in money.lines
        if line.counted and line.amount_eur is None
    )
    return _UNKNOWN if any(most is None or amount <= most for amount in open_sums) else _NO


def _start(project: Project) -> PartialDate | None:
    return project.start


def _end(project: Project) -> PartialDate | None:
    return project.end or project.declared_end or project.first_declared_end


def _year_in(date: PartialDate | None, years: tuple[int, int]) -> int:
    if date is None:
        return _UNKNOWN
    return _YES if years[0] <= date.year <= years[1] else _NO


def _late_by(delay: Delay, months: int) -> int:
    if delay.least_months is None or delay.most_months is None:
        return _NO if delay.project.phase == Phase.DROPPED else _UNKNOWN
    if delay.least_months >= months:
        return _YES
    return _UNKNOWN if delay.most_months >= months else _NO


def _in_area(catalogue: Catalogue, area: Area, projects: Sequence[Project]) -> Iterator[int]:
    inside = places_in(catalogue, area)
    for project in projects:
        if project.place_id in inside.sure:
            yield _YES
        elif project.place_id in inside.maybe:
            yield _UNSURE
        else:
            known = inside.located and has_position(catalogue, project)
            yield _NO if known else _UNKNOWN


def _by_unknown(among: _Mask, answers: Mapping[str, _Answer]) -> Mapping[str, int]:
    counts = dict.fromkeys(PROJECT_FILTERS, 0)
    for name, answer in answers.items():
        others = [each.met | each.unknown for other, each in answers.items() if other != name]
        counts[name] = int(_all([among & answer.unknown, *others]).sum())
    return MappingProxyType(counts)


def _counts(
    facets: Mapping[str, _Facet], met: _Mask, by_facet: Mapping[str, _Mask]
) -> Mapping[str, Mapping[str, int]]:
    return MappingProxyType(
        {
            name: facet.counts(
                _all([met, *(each for other, each in by_facet.items() if other != name)])
            )
            for name, facet in facets.items()
        }
    )


def _all(masks: Sequence[_Mask]) -> _Mask:
    together: _Mask = np.logical_and.reduce(masks)
    return together


def _whole(size: int) -> _Mask:
    return np.ones(size, dtype=bool)


def _mask(positions: NDArray[np.intp], size: int) -> _Mask:
    mask = np.zeros(size, dtype=bool)
    mask[positions] = True
    return mask


def _ranked(catalogue: Catalogue, criteria: ProjectCriteria) -> NDArray[np.intp] | None:
    """Give the projects with the words asked for, best first; None where none are asked for."""
    asked = [
        (index, text)
        for index, text in ((_texts, criteria.text), (_uses, criteria.uses))
        if text.strip()
    ]
    if not asked:
        return None
    first, *others = (index(catalogue).find(text).ranked for index, text in asked)
    for other in others:
        first = first[np.isin(first, other)]
    return first


@lru_cache(maxsize=4)
def _texts(catalogue: Catalogue) -> WordIndex:
    return WordIndex(_texts_of(catalogue, project) for project in catalogue.projects)


@lru_cache(maxsize=4)
def _uses(catalogue: Catalogue) -> WordIndex:
    return WordIndex(
        [(_USE, _said(catalogue, project, "former_use", "new_use"))]
        for project in catalogue.projects
    )


def _texts_of(catalogue: Catalogue, project: Project) -> Iterator[tuple[float, str]]:
    """Give the searchable texts of a project with their weights, in all languages."""
    yield _NAME, f"{_said(catalogue, project, 'name')} {project.id}"
    place = catalogue.place(project.place_id) if project.place_id else None
    if place is not None:
        yield _NAME, _said(catalogue, place, "name")
    yield _ACTOR, " ".join((*project.owner, *project.promoter, *project.designer))
    yield _MONEY, project.cup or ""
    for programme in programmes_of(catalogue, project.id):
        yield _MONEY, _said(catalogue, programme, "name")
    yield _USE, _said(catalogue, project, "former_use", "new_use")


def _said(catalogue: Catalogue, record: object, *columns: str) -> str:
    languages = dict.fromkeys(("it", "en", *catalogue.city.locales))
    texts = (getattr(record, f"{name}_{each}", None) for name in columns for each in languages)
    return " ".join(filter(None, texts))


@lru_cache(maxsize=4)
def _facets(catalogue: Catalogue, day: dt.date) -> Mapping[str, _Facet]:
    lasting = _lasting_facets(catalogue)
    freshness = _facet(
        [[_freshness(project.as_of, day)] for project in catalogue.projects],
        _FRESHNESS,
    )
    return MappingProxyType({**lasting, "freshness": freshness})


@lru_cache(maxsize=4)
def _lasting_facets(catalogue: Catalogue) -> Mapping[str, _Facet]:
    """Give the facets that do not depend on the day."""
    names = catalogue.vocabularies.names
    values = _values(catalogue)
    terms = {
        name: [tuple(dict.fromkeys(value(project))) for project in catalogue.projects]
        for name, value in values.items()
    }
    orders = {
        "phase": names("phase"),
        "stalled": ("yes", "no"),
        "programme": tuple(programmes(catalogue)),
        "level": names("level"),
        "owner": _most_frequent(terms["owner"]),
        "promoter": _most_frequent(terms["promoter"]),
        "quarter": names("quarter"),
        "kind": names("project_kind"),
        "cup": ("yes", "no"),
        "located": ("yes", "no"),
        "amount": ("known",),
    }
    return MappingProxyType(
        {name: _facet(terms[name], (*order, UNKNOWN)) for name, order in orders.items()}
    )


def _values(catalogue: Catalogue) -> Mapping[str, Callable[[Project], Iterable[str]]]:
    """Tell how the options of a project are found, by facet."""

    def funds(project: Project) -> Iterable[tuple[str, str]]:
        found = [(each.id, each.level) for each in programmes_of(catalogue, project.id)]
        return found or [(UNKNOWN, UNKNOWN)]

    def quarter(project: Project) -> str:
        place = catalogue.place(project.place_id) if project.place_id else None
        return project.quarter or (place and place.quarter) or UNKNOWN

    return {
        "phase": lambda each: [each.phase or UNKNOWN],
        "stalled": lambda each: [UNKNOWN if each.stalled is None else _yes_no(each.stalled)],
        "programme": lambda each: [programme for programme, _ in funds(each)],
        "level": lambda each: [level for _, level in funds(each)],
        "owner": lambda each: each.owner or [UNKNOWN],
        "promoter": lambda each: each.promoter or [UNKNOWN],
        "quarter": lambda each: [quarter(each)],
        "kind": lambda each: [each.kind or UNKNOWN],
        "cup": lambda each: [_yes_no(each.cup is not None)],
        "located": lambda each: [_yes_no(has_position(catalogue, each))],
        "amount": lambda each: ["known" if money_of(catalogue, each.id).known else UNKNOWN],
    }


def _yes_no(value: bool) -> str:  # noqa: FBT001 -- it is a value, not a switch
    return "yes" if value else "no"


def _most_frequent(terms: Iterable[Iterable[str]]) -> tuple[str, ...]:
    counted = Counter(term for each in terms for term in each)
    return tuple(term for term, _ in counted.most_common() if term != UNKNOWN)


def _facet(terms: Sequence[Iterable[str]], order: Iterable[str]) -> _Facet:
    used = {term for each in terms for term in each}
    options = tuple(dict.fromkeys(term for term in order if term in used))
    place = {term: index for index, term in enumerate(options)}
    pairs = [(project, place[term]) for project, each in enumerate(terms) for term in each]
    project, option = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    return _Facet(options=options, project=project, option=option, size=len(terms))


def _freshness(as_of: PartialDate | None, day: dt.date) -> str:
    """Tell how long ago a row was checked, at the earliest day that its date may mean."""
    if as_of is None:
        return UNKNOWN
    checked = as_of.first_day
    if (checked.year + 1, checked.month, checked.day) >= (day.year, day.month, day.day):
        return YEAR
    recent = (checked.year + 3, checked.month, checked.day) >= (day.year, day.month, day.day)
    return THREE_YEARS if recent else OLDER
