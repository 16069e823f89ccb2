"""The filters that may leave a project out because something of it is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import numpy as np

from regen_map.catalogue import Catalogue, PartialDate, Phase, Project
from regen_map.query.area import Area, places_in
from regen_map.query.delays import Delay, delays_by_project
from regen_map.query.money import Money, money_of
from regen_map.query.portfolio.asked import PROJECT_FILTERS, ProjectCriteria
from regen_map.query.portfolio.masks import Mask, in_all
from regen_map.query.totals import has_position


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
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

    met: Mask
    unknown: Mask
    unsure: Mask


def answers_of(
    catalogue: Catalogue, criteria: ProjectCriteria, day: dt.date
) -> Mapping[str, Answer]:
    """Give the answers of the filters that are asked for."""
    answers: dict[str, Answer] = {}
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


def _answer(told: Iterable[int]) -> Answer:
    codes = np.fromiter(told, dtype=np.int8)
    return Answer(
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


def left_out_unknown(among: Mask, answers: Mapping[str, Answer]) -> Mapping[str, int]:
    """Count for each of `PROJECT_FILTERS` what it leaves out of some only unknowingly."""
    counts = dict.fromkeys(PROJECT_FILTERS, 0)
    for name, answer in answers.items():
        others = [each.met | each.unknown for other, each in answers.items() if other != name]
        counts[name] = int(in_all([among & answer.unknown, *others]).sum())
    return MappingProxyType(counts)
