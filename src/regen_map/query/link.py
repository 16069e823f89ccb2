"""Filters as the query of a link, and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType

from regen_map.catalogue import Catalogue
from regen_map.query.selection import FACETS, OPEN, Criteria, options, year_range

_SEPARATOR = ","
_MOST_TEXT = 200
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_MOMENT_YEARS = (2000, 2100)


def criteria_from_params(params: Mapping[str, str], catalogue: Catalogue) -> Criteria:
    """
    Read the filters of a link.

    Parameters
    ----------
    params
        Names and values as in the address; anybody may have written them.
    catalogue
        Options that it does not have are left out.

    Returns
    -------
    Criteria
    """
    offered = options(catalogue)
    chosen = {
        facet: tuple(term for term in terms if term in params.get(facet, "").split(_SEPARATOR))
        for facet, terms in offered.items()
    }
    return Criteria(
        text=params.get("q", "")[:_MOST_TEXT].strip(),
        chosen=MappingProxyType({facet: terms for facet, terms in chosen.items() if terms}),
        years=_years(params.get("years", ""), year_range(catalogue)),
        open_at=_moment(params.get(OPEN, "")) if offered[OPEN] else None,
    )


def criteria_to_params(criteria: Criteria) -> dict[str, str]:
    """
    Write filters as the query of a link: short, in a fixed order, without empty parts.

    What is open now stays ``open=now``, so that the link says it at any time; another
    moment is the time that the clocks of the city show: ``open=2026-11-28T10:00``.
    """
    chosen = dict(criteria.chosen)
    if criteria.open_at is not None:
        chosen[OPEN] = (criteria.open_at.isoformat(timespec="minutes"),)
    params = {
        "q": criteria.text,
        **{facet: _SEPARATOR.join(chosen[facet]) for facet in FACETS if facet in chosen},
        "years": "-".join(str(year) for year in criteria.years or ()),
    }
    return {name: value for name, value in params.items() if value}


def _years(text: str, span: tuple[int, int] | None) -> tuple[int, int] | None:
    first, dash, last = text.partition("-")
    if span is None or not (dash and first.isdecimal() and last.isdecimal()):
        return None
    low, high = max(int(first[:4]), span[0]), min(int(last[:4]), span[1])
    return (low, high) if low <= high and (low, high) != span else None


def _moment(text: str) -> dt.datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    first, last = _MOMENT_YEARS
    return moment if first <= moment.year <= last else None
