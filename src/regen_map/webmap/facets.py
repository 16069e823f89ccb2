"""Names of the facets and of their options, in a language."""

from __future__ import annotations

from collections.abc import Mapping

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import Translator, translator

_OWN_WORDS = ("stalled", "located")


def facet_labels(catalogue: Catalogue, language: str) -> Mapping[str, Mapping[str, str]]:
    """
    Name every option that the catalogue has.

    Returns
    -------
    mapping
        For each facet, in the order of `regen_map.query.FACETS`, its options in
        the order of `regen_map.query.options`, with their labels.
    """
    words = translator(language)
    return {
        facet: {option: _label(catalogue, words, facet, option) for option in options}
        for facet, options in query.options(catalogue).items()
    }


def _label(catalogue: Catalogue, words: Translator, facet: str, option: str) -> str:
    if facet in _OWN_WORDS or option in (query.UNKNOWN, query.TOWN_WIDE):
        return words.text(f"option.{facet}.{option}")
    if facet == "programme":
        programmes = catalogue.table("programmes")
        return str(programmes.at[option, f"name_{words.language}"])
    return catalogue.vocabularies.label(facet, option, words.language)
