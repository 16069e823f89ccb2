"""Names of the facets and of their options, in a language."""

from __future__ import annotations

from collections.abc import Mapping

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import translator

_OWN_WORDS = ("open", "stalled", "located")


def facet_labels(catalogue: Catalogue, language: str) -> Mapping[str, Mapping[str, str]]:
    """
    Name every option that the catalogue has.

    Returns
    -------
    mapping
        For each facet, in the order of `regen_map.query.FACETS`, its options in
        the order of `regen_map.query.options`, with their labels.
    """
    return {
        facet: {option: option_label(catalogue, language, facet, option) for option in options}
        for facet, options in query.options(catalogue).items()
    }


def option_label(catalogue: Catalogue, language: str, facet: str, option: str) -> str:
    """Name one option of a facet in a language, also where no entry has it."""
    if facet in _OWN_WORDS or option in (query.UNKNOWN, query.TOWN_WIDE):
        return translator(language).text(f"option.{facet}.{option}")
    if facet == "programme":
        programme = query.programmes(catalogue)[option]
        return str(getattr(programme, f"name_{language}", None) or programme.name_it)
    return catalogue.vocabularies.label(facet, option, language)
