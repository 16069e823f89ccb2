"""What a link reproduces: language, filters, the place that is open, a walk, days, projects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import urlencode

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES
from regen_map.query.portfolio import OLDER, THREE_YEARS, YEAR
from regen_map.query.visit_link import (
    Period,
    Plan,
    period_from_params,
    period_to_params,
    plan_from_params,
    plan_to_params,
)

DESK: tuple[str, ...] = ("list", "phases", "timeline", "money", "delays", "reuse")
"""What can lie on the planner's desk: the list of the projects, and what is drawn of them."""

ROWS = 50
"""How many projects are listed at first, and how many more at each wish."""

_MOST_ROWS = 100_000
_FRESHNESS = (YEAR, THREE_YEARS, OLDER, query.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    Everything about the pages that a link keeps.

    Attributes
    ----------
    language
        Of labels and texts.
    criteria
        Search and filters.
    place
        Key of the entry that is open; empty for none.
    plan
        The walk that is open, and the visitor's own.
    period
        The days for which events are asked for.
    portfolio
        Which projects the planner asks for.
    desk
        What lies open on the planner's desk, one of `DESK`.
    rows
        How many of the projects are listed at most.
    """

    language: str
    criteria: query.Criteria = field(default_factory=query.Criteria)
    place: str = ""
    plan: Plan = field(default_factory=Plan)
    period: Period = field(default_factory=Period)
    portfolio: query.ProjectCriteria = field(default_factory=query.ProjectCriteria)
    desk: str = DESK[0]
    rows: int = ROWS


def from_params(params: Mapping[str, str], catalogue: Catalogue, language: str) -> View:
    """
    Read the query of a link.

    Parameters
    ----------
    params
        Names and values as in the address; anybody may have written them.
    catalogue
        Options, places and walks that it does not have are left out.
    language
        Used where the link names none that we speak.

    Returns
    -------
    View
    """
    asked, place = params.get("lang", ""), params.get("place", "")
    return View(
        language=asked if asked in LANGUAGES else language,
        criteria=query.criteria_from_params(params, catalogue),
        place=place if query.entry_index(catalogue, place) is not None else "",
        plan=plan_from_params(params, catalogue),
        period=period_from_params(params),
        portfolio=portfolio_from_params(params, catalogue),
        desk=desk if (desk := params.get("desk", "")) in DESK else DESK[0],
        rows=_rows(params.get("p.rows", "")),
    )


def portfolio_from_params(params: Mapping[str, str], catalogue: Catalogue) -> query.ProjectCriteria:
    """
    Read which projects a link asks for, on whatever day.

    Parameters
    ----------
    params, catalogue
        As of `from_params`.

    Returns
    -------
    regen_map.query.ProjectCriteria
        How fresh a row is changes with the day and a link does not: it keeps even
        a freshness that no project has today.
    """
    criteria = query.project_criteria_from_params(params, catalogue, dt.date.min)
    chosen = {name: terms for name, terms in criteria.chosen.items() if name != "freshness"}
    asked = params.get("p.freshness", "").split(",")
    if fresh := tuple(term for term in _FRESHNESS if term in asked):
        chosen["freshness"] = fresh
    return replace(criteria, chosen=MappingProxyType(chosen))


def entry_address(view: View, key: str) -> str:
    """Give the address of the details of an entry in Explore, from any page of the app."""
    return f"./?{urlencode(to_params(replace(view, place=key)))}"


def _rows(text: str) -> int:
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else 0
    return min(max(asked, ROWS), _MOST_ROWS)


def to_params(view: View) -> dict[str, str]:
    """Write a view as the query of a link: short, in a fixed order, without empty parts."""
    place = {"place": view.place} if view.place else {}
    return {
        "lang": view.language,
        **query.criteria_to_params(view.criteria),
        **place,
        **plan_to_params(view.plan),
        **period_to_params(view.period),
        **query.project_criteria_to_params(view.portfolio),
        **({"desk": view.desk} if view.desk != DESK[0] else {}),
        **({"p.rows": str(view.rows)} if view.rows != ROWS else {}),
    }
