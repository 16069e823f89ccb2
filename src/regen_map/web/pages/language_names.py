"""What languages are called, for readers and for link previews."""

from __future__ import annotations

from babel import Locale
from babel.core import get_global

from regen_map.messages.translator import REGIONS


def name_of(language: str) -> str:
    """
    Name a language in itself, as Unicode's CLDR has it.

    Examples
    --------
    >>> name_of("it"), name_of("en"), name_of("de")
    ('Italiano', 'English', 'Deutsch')
    """
    name = Locale(language).get_language_name(language) or language
    return name[:1].upper() + name[1:]


def region_of(language: str) -> str:
    """
    Give language and region as link previews want them: where it is most spoken, after CLDR.

    Examples
    --------
    >>> region_of("it"), region_of("en"), region_of("de")
    ('it_IT', 'en_GB', 'de_DE')
    """
    if language in REGIONS:
        return REGIONS[language]
    likely = get_global("likely_subtags").get(language, language).split("_")
    return f"{language}_{likely[-1]}" if len(likely) > 1 else language
