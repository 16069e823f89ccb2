"""Sums of funding lines that never count a euro twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from regen_map.catalogue import TABLES, Catalogue, Funding, records
from regen_map.query.projects import grouped


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


def money_of(catalogue: Catalogue, project_id: str) -> Money:
    """
    Add up the money of one project.

    Returns
    -------
    Money
        Lines marked as not counted (older or contradicting figures) are listed
        but never added; natures are never added to each other.
    """
    return _money(catalogue).get(project_id, _NOTHING)


@lru_cache(maxsize=4)
def _money(catalogue: Catalogue) -> Mapping[str, Money]:
    lines: Iterable[Funding] = records(catalogue.table("funding"), TABLES["funding"])
    by_project = grouped(lines, lambda line: line.project_id)
    return {project: _total(lines) for project, lines in by_project.items()}


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
