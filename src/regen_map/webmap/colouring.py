"""What the colours of the map tell of the projects that a planner selected."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from regen_map import query
from regen_map.catalogue import Catalogue, Funding, Phase, Project, derived
from regen_map.messages import Translator, translator
from regen_map.query import UNKNOWN
from regen_map.query.delays import Delay, delay_of, delays_by_project
from regen_map.query.desk_link import Colour
from regen_map.query.money import money_of

NO_CLASS = 255
"""The class of an entry none of whose projects is selected."""

LATE_MONTHS = ((1, 6), (7, 12), (13, 24), (25, None))
"""Whole months, both included, by which the classes of delay are told apart."""

AMOUNTS_EUR = (100_000, 1_000_000, 5_000_000)
"""Where each class of amounts but the first begins."""

_NATURE = "allocated"
_UNCONFIRMED, _NOT_LATE, _NOTHING = "unconfirmed", "not_late", "nothing"


class Look(NamedTuple):
    """
    The look of a class.

    Attributes
    ----------
    colour, colour_dark
        On paper and on a dark ground; 3:1 or more against it (WCAG 1.4.11), steps of a
        scale in steps of lightness, told apart in the common colour-vision deficiencies.
    mark
        One sign inside the symbol: tells classes apart without colour. Never a number,
        which would be taken for months or for how many places there are.
    """

    colour: str
    colour_dark: str
    mark: str


_UNKNOWN_LOOK = Look("#877b72", "#8e7c6f", "?")

PHASE_LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        Phase.PLANNING: Look("#4384d5", "#2a85c6", "A"),
        Phase.DESIGN: Look("#2467b5", "#5ba8e7", "B"),
        Phase.TENDER: Look("#013476", "#a4d5ff", "C"),
        Phase.WORKS: Look("#c97400", "#d97208", "D"),
        Phase.TESTING: Look("#7b3a00", "#fcd477", "E"),
        Phase.COMPLETED: Look("#025c55", "#42d5b8", "F"),
        Phase.DROPPED: Look("#2c292e", "#efecf2", "×"),
        UNKNOWN: _UNKNOWN_LOOK,
    }
)
"""What is prepared in steps of blue, what goes on in the street in steps of amber."""

DELAY_LOOKS: tuple[Look, ...] = (
    Look("#6f7de8", "#6471c5", "A"),
    Look("#5762cb", "#7c8ae1", "B"),
    Look("#4249af", "#96a7ff", "C"),
    Look("#2e2f94", "#bac6ff", "D"),
    Look("#1e1279", "#e0e6ff", "E"),
    Look("#965802", "#f2af48", "!"),
    _UNKNOWN_LOOK,
)
"""Not late, each of `LATE_MONTHS`, overdue without anybody having looked, not known."""

AMOUNT_LOOKS: tuple[Look, ...] = (
    Look("#4087df", "#207cbe", "A"),
    Look("#1964b8", "#49a0e3", "B"),
    Look("#00468c", "#7dc4fe", "C"),
    Look("#002a59", "#c9e5ff", "D"),
    _UNKNOWN_LOOK,
)
"""Below the first of `AMOUNTS_EUR`, from each of them, not known."""

_PHASES = tuple(PHASE_LOOKS)
_MOST_UNDER_WAY = (
    Phase.WORKS,
    Phase.TESTING,
    Phase.TENDER,
    Phase.DESIGN,
    Phase.PLANNING,
    UNKNOWN,
    Phase.COMPLETED,
    Phase.DROPPED,
)
"""As a place's ring has it; but what is over is told only where it is known of all."""

_DELAYS = (_NOT_LATE, *LATE_MONTHS, _UNCONFIRMED, UNKNOWN)
_LATEST = (*reversed(LATE_MONTHS), _UNCONFIRMED, UNKNOWN, _NOT_LATE, _NOTHING)
"""What will not be done counts only where there is nothing else."""


class Shade(NamedTuple):
    """
    A class as the legend tells it.

    Attributes
    ----------
    label
        What it stands for, in words.
    colour, colour_dark, mark
        See `Look`.
    n
        How many places with a known position are in it.
    """

    label: str
    colour: str
    colour_dark: str
    mark: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Colouring:
    """
    What the colours of the map tell.

    Attributes
    ----------
    language
        Of the words.
    title, rule
        What is told, and what holds where several projects share a place, in words.
    classes
        One per entry: the position of its class in `legend`, or `NO_CLASS`.
    legend
        Every class in its order, also where no place is in it; last what is not known.
    """

    language: str
    title: str
    rule: str
    classes: NDArray[np.uint8]
    legend: tuple[Shade, ...]

    def message(self) -> Mapping[str, Any]:
        """
        Write it for the browser, which has the entries.

        Returns
        -------
        mapping
            ``b`` base64 of `classes`, a byte per entry; ``l`` label, both colours, mark and
            how many places, in words, of each class; ``t`` the title; ``h`` what to call
            the explanation; ``r`` the rule.
        """
        words = translator(self.language)
        return {
            "b": base64.b64encode(self.classes.tobytes()).decode(),
            "l": [[*each[:4], words.count("colouring.places", each.n)] for each in self.legend],
            "t": self.title,
            "h": words.text("colouring.how"),
            "r": self.rule,
        }


def colouring(  # noqa: PLR0913 -- what is told, of what, and for whom
    catalogue: Catalogue,
    language: str,
    projects: Iterable[Project],
    by: Colour,
    day: dt.date,
    *,
    shown: Catalogue | None = None,
) -> Colouring | None:
    """
    Give each place the class of those of its projects that are selected.

    Parameters
    ----------
    catalogue, language
        Whose funding lines, and in which words.
    projects
        Those selected, as they were known on the day; one that is given twice counts once.
    by
        What the colours tell.
    day
        Against which delays are told.
    shown
        Whose entries the browser has; None for those of `catalogue`. What it does not
        have is left out.

    Returns
    -------
    Colouring or None
        None where colours tell families, as usual. By phase, that which is most under
        way; by delay, the longest that is sure; by amount, the sum of what is allocated
        and counted. What is over and what is in time are told only where nothing of the
        place is unknown; a sum of which a part is unknown is at least so much, and not
        known where it is below the first of `AMOUNTS_EUR`.
    """
    if by not in _READINGS:
        return None
    shown = shown or catalogue
    words = translator(language)
    read = _READINGS[by](words, _selected(catalogue, shown, projects, day))
    placed = _placed(shown)
    n_placed = np.bincount(read.classes[placed.located], minlength=NO_CLASS)
    rule = [words.text(f"colouring.rule.{by.value}", **read.named)]
    if n_elsewhere := int((placed.elsewhere & (read.classes != NO_CLASS)).sum()):
        rule.append(words.count("colouring.unplaced", n_elsewhere))
    return Colouring(
        language=language,
        title=words.text(f"colouring.title.{by.value}"),
        rule=" ".join(rule),
        classes=read.classes,
        legend=tuple(
            Shade(label, *look, int(n))
            for label, look, n in zip(read.labels, read.looks, n_placed, strict=False)
        ),
    )


class _Selected(NamedTuple):
    """The projects selected, the entry that each belongs to, and how many entries there are."""

    catalogue: Catalogue
    projects: Sequence[Project]
    where: NDArray[np.intp]
    size: int
    day: dt.date


def _selected(
    catalogue: Catalogue, shown: Catalogue, projects: Iterable[Project], day: dt.date
) -> _Selected:
    listed = _listed_at(shown)
    distinct = {each.id: each for each in projects if query.entry_key(each) in listed}
    where = (listed[query.entry_key(each)] for each in distinct.values())
    return _Selected(
        catalogue=catalogue,
        projects=tuple(distinct.values()),
        where=np.fromiter(where, dtype=np.intp),
        size=len(listed),
        day=day,
    )


class _Read(NamedTuple):
    """The class of each entry, and the label and the look of each class."""

    classes: NDArray[np.uint8]
    labels: Sequence[str]
    looks: Sequence[Look]
    named: Mapping[str, object] = MappingProxyType({})
    """What the placeholders of the rule stand for."""


def _by_phase(words: Translator, selected: _Selected) -> _Read:
    label = selected.catalogue.vocabularies.label
    known = [label("phase", each, words.language) for each in PHASE_LOOKS if each != UNKNOWN]
    return _Read(
        classes=_foremost(
            selected,
            [_MOST_UNDER_WAY.index(each.phase or UNKNOWN) for each in selected.projects],
            [_PHASES.index(each) for each in _MOST_UNDER_WAY],
        ),
        labels=[*known, words.text("charts.phase_unknown")],
        looks=tuple(PHASE_LOOKS.values()),
    )


def _by_delay(words: Translator, selected: _Selected) -> _Read:
    told = [UNKNOWN if each == _NOTHING else each for each in _LATEST]
    *closed, longest = LATE_MONTHS
    return _Read(
        classes=_foremost(
            selected,
            [_LATEST.index(_lateness(each)) for each in _delays(selected)],
            [_DELAYS.index(each) for each in told],
        ),
        labels=[
            words.text("colouring.late_none"),
            *(words.text("colouring.late_between", least=a, most=b) for a, b in closed),
            words.text("colouring.late_over", least=longest[0]),
            words.text("colouring.late_unconfirmed"),
            words.text("colouring.late_unknown"),
        ],
        looks=DELAY_LOOKS,
    )


def _by_amount(words: Translator, selected: _Selected) -> _Read:
    lowest, *_, highest = (words.money(Decimal(each)) for each in AMOUNTS_EUR)
    return _Read(
        classes=_sums(selected),
        labels=[
            words.text("colouring.amount_below", most=lowest),
            *(
                words.text("colouring.amount_between", least=a, most=b - 1)
                for a, b in pairwise(AMOUNTS_EUR)
            ),
            words.text("colouring.amount_over", least=highest),
            words.text("colouring.amount_unknown"),
        ],
        looks=AMOUNT_LOOKS,
        named={"least": lowest},
    )


_READINGS: Mapping[Colour, Callable[..., _Read]] = MappingProxyType(
    {Colour.PHASE: _by_phase, Colour.DELAY: _by_delay, Colour.AMOUNT: _by_amount}
)


@derived()
def _listed_at(catalogue: Catalogue) -> Mapping[str, int]:
    return MappingProxyType({each.key: at for at, each in enumerate(query.entries(catalogue))})


def _foremost(
    selected: _Selected, ranks: Sequence[int], classes: Sequence[int]
) -> NDArray[np.uint8]:
    """Give each entry the class of the foremost rank of its projects."""
    best = np.full(selected.size, len(classes), dtype=np.intp)
    np.minimum.at(best, selected.where, np.array(ranks, dtype=np.intp))
    return np.array([*classes, NO_CLASS], dtype=np.uint8)[best]


def _delays(selected: _Selected) -> Iterator[Delay]:
    """Measure each project; those that the catalogue has have been measured once for all."""
    known = delays_by_project(selected.catalogue, selected.day)
    for project in selected.projects:
        delay = known.get(project.id)
        if delay is None or delay.project is not project:
            delay = delay_of(project, selected.day)
        yield delay


def _lateness(delay: Delay) -> object:
    """Give the key in `_LATEST` of what is sure about a delay."""
    if delay.project.phase == Phase.DROPPED and delay.least_months is None:
        return _NOTHING
    if delay.unconfirmed:
        return _UNCONFIRMED
    least, most = delay.least_months, delay.most_months
    if least is None or most is None:
        return UNKNOWN
    if least >= 1:
        return next(each for each in reversed(LATE_MONTHS) if least >= each[0])
    return _NOT_LATE if most <= 0 else UNKNOWN


def _sums(selected: _Selected) -> NDArray[np.uint8]:
    """Give the class of each entry by what is allocated to its projects together."""
    sums: dict[int, Decimal] = {}
    partial: set[int] = set()
    allocated = _allocated(selected.catalogue)
    for index, project in zip(selected.where.tolist(), selected.projects, strict=True):
        amount, whole = allocated.get(project.id, _NO_FIGURE)
        if amount is not None:
            sums[index] = sums.get(index, Decimal(0)) + amount
        if not whole:
            partial.add(index)
    classes = np.full(selected.size, NO_CLASS, dtype=np.uint8)
    classes[selected.where] = len(AMOUNT_LOOKS) - 1
    for index, amount in sums.items():
        reached = sum(amount >= each for each in AMOUNTS_EUR)
        if reached or index not in partial:
            classes[index] = reached
    return classes


class _Allocated(NamedTuple):
    """What is allocated to a project and counted, as far as it is known; and if that is all."""

    amount_eur: Decimal | None
    whole: bool


_NO_FIGURE = _Allocated(None, whole=False)


@derived()
def _allocated(catalogue: Catalogue) -> Mapping[str, _Allocated]:
    found = {}
    for project in catalogue.projects:
        money = money_of(catalogue, project.id)
        counted = [line for line in money.lines if line.counted]
        whole = bool(counted) and not any(_is_open(line) for line in counted)
        found[project.id] = _Allocated(money.by_nature.get(_NATURE), whole)
    return MappingProxyType(found)


def _is_open(line: Funding) -> bool:
    return line.nature == _NATURE and line.amount_eur is None


class _Placed(NamedTuple):
    """Which entries are places with a known position, and which are places without one."""

    located: NDArray[np.bool_]
    elsewhere: NDArray[np.bool_]


@derived()
def _placed(catalogue: Catalogue) -> _Placed:
    places = [each.place for each in query.entries(catalogue)]
    located = np.array(
        [each is not None and each.lat is not None and each.lon is not None for each in places],
        dtype=bool,
    )
    return _Placed(located, np.array([each is not None for each in places], dtype=bool) & ~located)
