"""Whether a text is Italian or English, told by its function words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

LANGUAGES = ("it", "en")
"""Of which the function words are known."""

LONG_ENOUGH = 8
"""How many words a text must have before anything is said of its language."""

_SURE = 3
"""By how many function words another language must prevail."""
_VARIED = 2
"""How many different function words it takes: one may be part of a name that recurs."""
_QUOTATION = 10
"""A text of so many function words may quote one of another language."""
_SHORTEST = 2 * LONG_ENOUGH - 1
"""The length of so many words of one letter."""
_SAYS_SOMETHING = 2
"""From so many function words on, a text is more than a list of names."""

_WORD = re.compile(r"[^\W\d_]+(?:['’](?=\w))?")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that both languages have are left out: a, in, come, per, solo, era.
FUNCTION_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "it": _words(
            """
            il lo la gli le l' un una uno un' di del dello della dei degli delle dell'
            e ed è che chi cui con si non più al alla allo agli alle all'
            da dal dallo dalla dai dagli dalle dall' nel nello nella nei negli nelle nell'
            sul sullo sulla sui sugli sulle sull' tra dopo anche ancora ogni oggi
            questo questa sono stato stata stati ha hanno suo sua suoi quando
            """
        ),
        "en": _words(
            """
            the of and to is are was were been be has have had with from by for at on
            its it this that these which who where when while after before about into
            than also only an as or not but their they there his her more between
            """
        ),
    }
)
"""Frequent words by language, in small letters."""

_OTHER = {"it": "en", "en": "it"}


def reads_as_other(text: str, language: str) -> bool:
    """
    Tell whether a text is surely not in the language that it should be in.

    A function word before a capital letter does not count for the other
    language: it is part of a name, such as "Museo del Marmo".

    Parameters
    ----------
    text
        Any text.
    language
        The language that it should be in, ``"it"`` or ``"en"``.

    Returns
    -------
    bool
        False wherever that is not sure: for a text of fewer than `LONG_ENOUGH`
        words, for a list of names, for a quotation.

    Examples
    --------
    >>> reads_as_other("Laboratorio di scultura con una raccolta di gessi e bozzetti", "en")
    True
    >>> reads_as_other("Museo del Marmo, Accademia di Belle Arti, Palazzo del Medico", "en")
    False
    """
    other = FUNCTION_WORDS[_OTHER[language]]
    if len(text) < _SHORTEST or len(other.intersection(text.lower().split())) < _VARIED:
        return False
    words = _WORD.findall(text.replace("’", "'"))
    if len(words) < LONG_ENOUGH:
        return False
    n_own = sum(word.lower() in FUNCTION_WORDS[language] for word in words)
    n_other = _in_sentences(words, other)
    return n_other >= n_own + _SURE and n_own <= max(1, n_other // _QUOTATION)


def misplaced(texts: tuple[str | None, str | None]) -> tuple[str, ...]:
    """
    Tell which columns hold a text that is not in their language.

    Parameters
    ----------
    texts
        What the Italian and the English column hold; None where nothing.

    Returns
    -------
    tuple of str
        Of `LANGUAGES`, those whose column surely holds something else. For one
        text copied into both columns, the language that it is not in.
    """
    italian, english = texts
    if italian is not None and italian == english:
        language = language_of_copy(italian)
        return (_OTHER[language],) if language else ()
    wrong: tuple[str, ...] = ()
    if italian and reads_as_other(italian, "it"):
        wrong += ("it",)
    if english and reads_as_other(english, "en"):
        wrong += ("en",)
    return wrong


def language_of_copy(text: str) -> str | None:
    """
    Tell the language of a text that stands in both columns.

    Returns
    -------
    str or None
        ``"it"`` or ``"en"``; None for a short text, and where it may be the same
        in both languages, as names and addresses are.
    """
    if len(text) < _SHORTEST:
        return None
    words = _WORD.findall(text.replace("’", "'"))
    if len(words) < LONG_ENOUGH:
        return None
    counts = {each: _in_sentences(words, FUNCTION_WORDS[each]) for each in LANGUAGES}
    likeliest = max(counts, key=counts.__getitem__)
    return likeliest if counts[likeliest] >= _SAYS_SOMETHING else None


def _in_sentences(words: list[str], known: frozenset[str]) -> int:
    """Count the known words that stand before a word in small letters."""
    return sum(word.lower() in known and after[0].islower() for word, after in pairwise(words))
