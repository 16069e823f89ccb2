"""What a link reproduces: language, filters, the place that is open, a walk, days, projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES
from regen_map.query.desk_link import Desk, desk_from_params, desk_to_params
from regen_map.query.visit_link import (
    Period,
    Plan,
    period_from_params,
    period_to_params,
    plan_from_params,
    plan_to_params,
)


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
        How the planner's desk lies.
    """

    language: str
    criteria: query.Criteria = field(default_factory=query.Criteria)
    place: str = ""
    plan: Plan = field(default_factory=Plan)
    period: Period = field(default_factory=Period)
    portfolio: query.ProjectCriteria = field(default_factory=query.ProjectCriteria)
    desk: Desk = field(default_factory=Desk)


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
        portfolio=query.project_criteria_from_params(params, catalogue),
        desk=desk_from_params(params, catalogue),
    )


def entry_address(view: View, key: str) -> str:
    """Give the address of the details of an entry in Explore, from any page of the app."""
    return f"./?{urlencode(to_params(replace(view, place=key)))}"


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
        **desk_to_params(view.desk),
    }
