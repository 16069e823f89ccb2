"""What a link reproduces: language, search, filters and the place that is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES

_SEPARATOR = ","
_MOST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    Everything about the page that a link keeps.

    Attributes
    ----------
    language
        Of labels and texts.
    text
        Words searched.
    chosen
        Options by facet, only facets with any.
    years
        First and last year; None for any.
    place
        Key of the entry that is open; empty for none.
    """

    language: str
    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: tuple[int, int] | None = None
    place: str = ""

    @property
    def criteria(self) -> query.Criteria:
        """What to ask the catalogue."""
        return query.Criteria(text=self.text, chosen=self.chosen, years=self.years)

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.text or self.chosen or self.years)

    def choose(self, facet: str, options: tuple[str, ...]) -> View:
        """Give the view with other options of one facet."""
        others = {name: terms for name, terms in self.chosen.items() if name != facet}
        return replace(self, chosen=others | {facet: options} if options else others)

    def unfiltered(self) -> View:
        """Give the view with all filters and the search taken away."""
        return View(language=self.language, place=self.place)


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
    known = query.options(catalogue)
    chosen = {
        facet: tuple(term for term in terms if term in asked)
        for facet, terms in known.items()
        if (asked := params.get(facet, "").split(_SEPARATOR))
    }
    asked_language = params.get("lang", "")
    place = params.get("place", "")
    return View(
        language=asked_language if asked_language in LANGUAGES else language,
        text=params.get("q", "")[:_MOST_TEXT],
        chosen=MappingProxyType({facet: terms for facet, terms in chosen.items() if terms}),
        years=_years(params.get("years", ""), query.year_range(catalogue)),
        place=place if query.entry_index(catalogue, place) is not None else "",
    )


def to_params(view: View) -> dict[str, str]:
    """Write a view as the query of a link: short, in a fixed order, without empty parts."""
    params = {
        "lang": view.language,
        "q": view.text,
        **{
            facet: _SEPARATOR.join(view.chosen[facet])
            for facet in query.FACETS
            if facet in view.chosen
        },
        "years": "-".join(str(year) for year in view.years or ()),
        "place": view.place,
    }
    return {name: value for name, value in params.items() if value}


def _years(text: str, span: tuple[int, int] | None) -> tuple[int, int] | None:
    first, dash, last = text.partition("-")
    if span is None or not (dash and first.isdecimal() and last.isdecimal()):
        return None
    low, high = max(int(first[:4]), span[0]), min(int(last[:4]), span[1])
    return (low, high) if low <= high and (low, high) != span else None
