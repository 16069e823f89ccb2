"""Filters as the query of a link, and back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from regen_map.catalogue import Catalogue
from regen_map.query.selection import FACETS, Criteria, options, year_range

_SEPARATOR = ","
_MOST_TEXT = 200


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
    chosen = {
        facet: tuple(term for term in terms if term in params.get(facet, "").split(_SEPARATOR))
        for facet, terms in options(catalogue).items()
    }
    return Criteria(
        text=params.get("q", "")[:_MOST_TEXT].strip(),
        chosen=MappingProxyType({facet: terms for facet, terms in chosen.items() if terms}),
        years=_years(params.get("years", ""), year_range(catalogue)),
    )


def criteria_to_params(criteria: Criteria) -> dict[str, str]:
    """Write filters as the query of a link: short, in a fixed order, without empty parts."""
    params = {
        "q": criteria.text,
        **{
            facet: _SEPARATOR.join(criteria.chosen[facet])
            for facet in FACETS
            if facet in criteria.chosen
        },
        "years": "-".join(str(year) for year in criteria.years or ()),
    }
    return {name: value for name, value in params.items() if value}


def _years(text: str, span: tuple[int, int] | None) -> tuple[int, int] | None:
    first, dash, last = text.partition("-")
    if span is None or not (dash and first.isdecimal() and last.isdecimal()):
        return None
    low, high = max(int(first[:4]), span[0]), min(int(last[:4]), span[1])
    return (low, high) if low <= high and (low, high) != span else None
