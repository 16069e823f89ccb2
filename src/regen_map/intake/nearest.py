"""The known word that a mistyped one was probably meant to be."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import fuzz, process, utils

_ALIKE = 70
"""Share of common letters, in hundredths, from which two words may be the same."""
_MANY = 5_000


def nearest(word: str, candidates: Collection[str]) -> str:
    """
    Find the candidate that is spelled most alike.

    Returns
    -------
    str
        Empty where none is alike, or where there are too many to go through.
    """
    if len(candidates) > _MANY:
        return ""
    found = process.extractOne(
        word[:100],
        candidates,
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=_ALIKE,
    )
    return found[0] if found else ""
