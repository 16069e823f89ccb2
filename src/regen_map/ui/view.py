"""What a link reproduces: language, search, filters and the place that is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    Everything about the page that a link keeps.

    Attributes
    ----------
    language
        Of labels and texts.
    criteria
        Search and filters.
    place
        Key of the entry that is open; empty for none.
    """

    language: str
    criteria: query.Criteria = field(default_factory=query.Criteria)
    place: str = ""


def from_params(params: Mapping[str, str], catalogue: Catalogue, language: str) -> View:
    """
    Read the query of a link.

    Parameters
    ----------
    params
        Names and values as in the address; anybody may have written them.
    catalogue
        Options and places that it does not have are left out.
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
    )


def to_params(view: View) -> dict[str, str]:
    """Write a view as the query of a link: short, in a fixed order, without empty parts."""
    place = {"place": view.place} if view.place else {}
    return {"lang": view.language} | query.criteria_to_params(view.criteria) | place
