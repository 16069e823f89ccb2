"""Names, texts and terms of a catalogue in a visitor's language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from regen_map.catalogue import Catalogue, PartialDate
from regen_map.messages import LANGUAGES, Translator


class Said(NamedTuple):
    """
    A text, and its language where that is not the reader's.

    Attributes
    ----------
    text
        Empty for none.
    language
        Empty for the language of the reader.
    """

    text: str
    language: str = ""


class Fact(NamedTuple):
    """
    A line of facts.

    Attributes
    ----------
    label
        What it is about.
    said
        What is known, or that nothing is.
    known
        Whether anything is known.
    """

    label: str
    said: Said
    known: bool = True


@dataclass(frozen=True)
class Wording:
    """
    What is asked of a catalogue in one language.

    Parameters
    ----------
    catalogue
        Where the records are from.
    words
        The messages of the reader's language.
    day
        The day on which it is read, in the city's calendar: opening hours are told
        for a week, and news grows old.
    now
        The moment at which it is read, with a time zone; None where what is told
        must hold all day, and nobody can say what is open.
    """

    catalogue: Catalogue
    words: Translator
    day: dt.date
    now: dt.datetime | None = None

    def name(self, record: object) -> str:
        """Name a record."""
        return self.said(record, "name").text

    def said(self, record: object, column: str) -> Said:
        """Give a text of a record in the reader's language, or in another that it is known in."""
        own = self.words.language
        for language in (own, *LANGUAGES):
            if text := getattr(record, f"{column}_{language}", None):
                return Said(text, "" if language == own else language)
        return Said("")

    def label(self, vocabulary: str, term: str | None, parent: str = "") -> str:
        """Name a term; empty for None."""
        if term is None:
            return ""
        return self.catalogue.vocabularies.label(vocabulary, term, self.words.language, parent)

    def note(self, vocabulary: str, term: str) -> str:
        """Explain a term; empty where there is no explanation."""
        return self.catalogue.vocabularies.note(vocabulary, term, self.words.language)

    def date(self, date: PartialDate | None) -> str:
        """Write a date, or that there is none."""
        return self.words.date(date) if date else self.words.text("details.undated")

    def fact(self, key: str, found: str | Said) -> Fact:
        """Make a line that says «not known» where nothing was found."""
        said = Said(found) if isinstance(found, str) else found
        unknown = Said(self.words.text("details.not_known"))
        return Fact(self.words.text(key), said if said.text else unknown, bool(said.text))
