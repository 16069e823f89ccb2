"""How a project stands, in words that need no explanation, and what it means for who comes by."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from regen_map.catalogue import PartialDate, Phase, Project
from regen_map.facts.links import one_direction, shortened
from regen_map.facts.wording import Wording

_DISTURBING = (Phase.WORKS, Phase.TESTING)
_LONGEST_NAME = 80
_LONGEST_ADDRESS = 300
_ASIDE = re.compile(r"\([^()]*\)")
# The kinds before which Italian says «in».
_KIND = r"\b(?:via|viale|piazza|piazzale|piazzetta|corso|largo|vicolo)\b"
_NEXT = re.compile(rf"[,;/()]|\s[-–—]\s|\s(?:e|angolo)\s(?={_KIND})", re.IGNORECASE)
_STREET = re.compile(rf"({_KIND})\s+(\S.*)", re.IGNORECASE)
_DOOR = re.compile(r"(?<=\S)\s+(?:n\.?\s*)?[0-9]+\s*(?:[a-z]|bis|ter)?$", re.IGNORECASE)


def in_plain_words(wording: Wording, project: Project) -> str:
    """
    Tell how a project stands.

    Returns
    -------
    str
        One or two sentences: what is going on, where, and whether it has stalled.
        What is not known is said to be so.
    """
    words, phase = wording.words, project.phase
    if phase is None:
        said = words.text("details.phase_unknown")
    elif phase in _DISTURBING:
        said = _of_a_site(wording, project)
        if phase == Phase.WORKS:
            return said
    elif phase == Phase.COMPLETED and project.end:
        said = words.text("plain.completed_on", date=words.date(project.end))
    else:
        said = words.text(f"plain.{phase}")
    return f"{said} {words.text('details.stalled')}" if project.stalled else said


def disturbance(wording: Wording, project: Project) -> str:
    """
    Warn who comes by of works that go on.

    Returns
    -------
    str
        With the date of the news where it may be older than a year, and with the
        word that there is none where it has none; empty where no works go on, or
        where they have stalled.
    """
    if project.phase not in _DISTURBING or project.stalled:
        return ""
    said = _of_a_site(wording, project)
    if project.as_of and not _older_than_a_year(project.as_of, wording.day):
        return said
    return f"{said} {date_of_news(wording, project)}"


def date_of_news(wording: Wording, project: Project) -> str:
    """Say of when it is known how a project stands, in a sentence."""
    if project.as_of is None:
        return wording.words.text("details.phase_undated")
    return wording.words.text("details.known_as_of", date=wording.words.date(project.as_of))


def streets_in(text: str) -> Sequence[str]:
    """
    Find the streets that an address or a name tells, without their numbers.

    Parameters
    ----------
    text
        As people write it; only its first 300 signs are read.

    Returns
    -------
    sequence of str
        In the spelling of the text, each once; empty where it names none.

    Examples
    --------
    >>> streets_in("Palazzo Rossi, Via Verdi 8/10 angolo piazza 2 Giugno, 54033 Carrara")
    ['Via Verdi', 'piazza 2 Giugno']
    >>> streets_in("Piazza Sacco e Vanzetti (già piazza Farini)"), streets_in("Parco Padula")
    (['Piazza Sacco e Vanzetti'], [])
    """
    parts = _NEXT.split(_ASIDE.sub(",", one_direction(text[:_LONGEST_ADDRESS])))
    found = (_STREET.search(" ".join(part.split())) for part in parts)
    streets = (f"{each[1]} {_DOOR.sub('', each[2])}" for each in found if each)
    return list(dict.fromkeys(shortened(street, _LONGEST_NAME) for street in streets))


def _of_a_site(wording: Wording, project: Project) -> str:
    """Tell of a building site where it is, as far as that is known."""
    words = wording.words
    stalled_works = project.stalled and project.phase == Phase.WORKS
    state = "stalled_works" if stalled_works else project.phase
    place = wording.catalogue.place(project.place_id) if project.place_id else None
    if place is None:
        return words.text(f"plain.{state}.town")
    name = wording.name(place)
    if streets := streets_in(place.address or place.name_it):
        told = words.listing(_within_a_sentence(each, words.language) for each in streets)
        return words.text(f"plain.{state}.street", street=told)
    return words.text(f"plain.{state}.place", place=shortened(name, _LONGEST_NAME))


def _within_a_sentence(street: str, language: str) -> str:
    """Begin a street small in Italian, where «via» is a common noun, and large elsewhere."""
    first = street[0].lower() if language == "it" else street[0].upper()
    return first + street[1:]


def _older_than_a_year(date: PartialDate, day: dt.date) -> bool:
    first = date.first_day
    return (first.year + 1, first.month, first.day) < (day.year, day.month, day.day)
