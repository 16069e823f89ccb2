"""Sums of funding lines that never count a euro twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType

from regen_map.catalogue import Catalogue, Funding, derived
from regen_map.query.projects import grouped
from regen_map.query.then import rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """
    The money of one project.

    Attributes
    ----------
    by_nature
        Sum in euro of the counted lines with a known amount, by nature.
    n_unknown
        How many counted lines have no known amount.
    lines
        All funding lines, in file order.
    contradicted
        Whether other figures exist that are not part of the sums.
    """

    by_nature: Mapping[str, Decimal]
    n_unknown: int
    lines: tuple[Funding, ...]
    contradicted: bool

    @property
    def known(self) -> bool:
        """Whether there is any known amount."""
        return bool(self.by_nature)


_NOTHING = Money(by_nature=MappingProxyType({}), n_unknown=0, lines=(), contradicted=False)


def lines_of(catalogue: Catalogue, project_id: str) -> tuple[Funding, ...]:
    """Give all funding lines of one project, in file order; empty when there are none."""
    return _lines(catalogue).get(project_id, ())


def money_of(catalogue: Catalogue, project_id: str) -> Money:
    """
    Add up the money of one project.

    Returns
    -------
    Money
        Lines marked as not counted (older or contradicting figures) are listed
        but never added; natures are never added to each other.
    """
    made = _made(catalogue)
    if project_id not in made:
        lines = lines_of(catalogue, project_id)
        if not lines:
            return _NOTHING
        made[project_id] = _total(lines)
    return made[project_id]


@derived()
def _lines(catalogue: Catalogue) -> Mapping[str, tuple[Funding, ...]]:
    lines: Iterable[Funding] = rows_of(catalogue, "funding")
    return grouped(lines, attrgetter("project_id"))


@derived()
def _made(catalogue: Catalogue) -> dict[str, Money]:  # noqa: ARG001 -- it tells them apart
    """Keep what was added up: who asks for one project need not wait for all."""
    return {}


def _total(lines: tuple[Funding, ...]) -> Money:
    sums: dict[str, Decimal] = {}
    for line in lines:
        if line.counted and line.amount_eur is not None:
            sums[line.nature] = sums.get(line.nature, Decimal(0)) + line.amount_eur
    return Money(
        by_nature=MappingProxyType(sums),
        n_unknown=sum(line.counted and line.amount_eur is None for line in lines),
        lines=lines,
        contradicted=any(not line.counted for line in lines),
    )
