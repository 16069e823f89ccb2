"""What the counted money of a project adds up to before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from regen_map.query.changes.difference import Change, Difference


class _Sum(NamedTuple):
    """Counted lines of one nature: their sum where any amount is known, and how many are not."""

    amount_eur: Decimal | None = None
    n_unknown: int = 0


_NO_SUM = _Sum()


def differences_of_sums(
    before: pd.DataFrame, after: pd.DataFrame, projects: Collection[str]
) -> Iterator[Difference]:
    """Tell which sums of some projects are others than they were."""
    old, new = _sums(before, projects), _sums(after, projects)
    for project, nature in dict.fromkeys((*new, *old)):
        left, right = old.get((project, nature), _NO_SUM), new.get((project, nature), _NO_SUM)
        if left.amount_eur != right.amount_eur:
            yield Difference(
                table="funding",
                subject=project,
                kind=_kind_of_sums(left, right),
                column="amount_eur",
                before=left.amount_eur,
                after=right.amount_eur,
                nature=nature,
            )


def _sums(frame: pd.DataFrame, projects: Collection[str]) -> dict[tuple[str, str], _Sum]:
    lines = frame[frame["project_id"].isin(list(projects)) & frame["counted"].astype(bool)]
    sums: dict[tuple[str, str], _Sum] = {}
    columns = (lines[name] for name in ("project_id", "nature", "amount_eur"))
    for project, nature, amount in zip(*columns, strict=True):
        found = sums.get((project, nature), _NO_SUM)
        sums[project, nature] = (
            found._replace(n_unknown=found.n_unknown + 1)
            if amount is None
            else found._replace(amount_eur=(found.amount_eur or Decimal(0)) + amount)
        )
    return sums


def _kind_of_sums(before: _Sum, after: _Sum) -> Change:
    if before.amount_eur is None:
        return Change.MONEY_KNOWN
    if after.amount_eur is None:
        return Change.MONEY_WITHDRAWN
    # A line of which only the amount was missing is no more money than there was.
    if after.amount_eur > before.amount_eur:
        return Change.MONEY_KNOWN if after.n_unknown < before.n_unknown else Change.MONEY_UP
    return Change.MONEY_WITHDRAWN if after.n_unknown > before.n_unknown else Change.MONEY_DOWN
