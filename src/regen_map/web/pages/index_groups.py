"""The places in groups, as the list of all places shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import NamedTuple

from regen_map.catalogue import Family, Place
from regen_map.facts import PlaceFacts, Wording


class Group(NamedTuple):
    """Places that share a term, under a heading that links can name."""

    term: str
    anchor: str
    title: str
    note: str
    places: Sequence[PlaceFacts]

    @property
    def size(self) -> int:
        """How many places there are."""
        return len(self.places)


def by_family(wording: Wording) -> Sequence[Group]:
    """Group the places by family, in the order of the families, each group by name."""
    terms = [(term.value, wording.label("family", term)) for term in Family]
    return _groups(wording, "family", terms, lambda place: place.family)


def by_quarter(wording: Wording) -> Sequence[Group]:
    """Group the places by quarter, quarters and places by name, unknown quarters last."""
    vocabularies = wording.catalogue.vocabularies
    terms = [(term, wording.label("quarter", term)) for term in vocabularies.names("quarter")]
    unknown = ("", wording.words.text("details.quarter_unknown"))
    ordered = [*sorted(terms, key=lambda each: each[1].casefold()), unknown]
    return _groups(wording, "quarter", ordered, lambda place: place.quarter or "")


def _groups(
    wording: Wording,
    name: str,
    terms: Sequence[tuple[str, str]],
    term_of: Callable[[Place], str],
) -> Sequence[Group]:
    members: dict[str, list[tuple[str, PlaceFacts]]] = {term: [] for term, _ in terms}
    for place_id in wording.catalogue.place_ids:
        if place := wording.catalogue.place(place_id):
            facts = PlaceFacts(wording, place)
            members.setdefault(term_of(place), []).append((facts.name.casefold(), facts))
    titles = dict(terms)
    return [
        Group(
            term,
            f"{name}-{term or 'unknown'}",
            titles.get(term, term),
            wording.note(name, term),
            [facts for _, facts in sorted(found, key=itemgetter(0))],
        )
        for term, found in members.items()
        if found
    ]
