"""What visitors ask of a catalogue first, made before they see it."""

from __future__ import annotations

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES
from regen_map.query.opening import entries_by_hours
from regen_map.webmap.answer import hours_not_stated
from regen_map.webmap.payload import payload


def prepare(catalogue: Catalogue) -> None:
    """
    Have a catalogue keep what its first visitors will ask for.

    That is the places of the map in each language, what filters and words are looked up in,
    and which places state no hours; not what is open, which depends on the moment.

    Parameters
    ----------
    catalogue
        What nobody is shown yet: who asks meanwhile would wait.
    """
    for language in LANGUAGES:
        payload(catalogue, language)
        hours_not_stated(catalogue, language)
    entries_by_hours(catalogue)
    query.select(catalogue, query.Criteria(text=catalogue.city.name(LANGUAGES[0])))
