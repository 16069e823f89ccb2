"""What the browser must be told after a change of filters."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import translator

_MOST_RANKED = 200


def answer(
    catalogue: Catalogue, language: str, criteria: query.Criteria, now: dt.datetime
) -> Mapping[str, Any]:
    """
    Select entries and say so in a few bytes.

    Names, labels and positions are in the payload that the browser has; an
    answer belongs to the payload of the same catalogue and language.

    Parameters
    ----------
    catalogue, language, criteria
        Whose entries, in which words, and which of them.
    now
        The moment at which places are open or not, with a time zone.

    Returns
    -------
    mapping
        ``n`` what is shown, in words; ``b`` the visible entries, one bit each
        (see `visible_bits`); ``o`` indices of the best matches, base64 of 32-bit
        numbers; ``c`` counts per facet and option, in the order of the payload's
        ``facets``; ``f`` the filters, spelled as in a link.
    """
    selection = query.select(catalogue, criteria, now)
    return {
        "n": _summary(selection, language),
        "b": visible_bits(selection.mask),
        "o": _ranked(selection),
        "c": [list(counts.values()) for counts in selection.counts.values()],
        "f": query.criteria_to_params(criteria),
    }


def visible_bits(mask: NDArray[np.bool_]) -> str:
    """
    Encode which entries are visible.

    Parameters
    ----------
    mask
        One boolean per entry.

    Returns
    -------
    str
        Base64 of one bit per entry, lowest bit first; empty when all are visible.
    """
    if mask.all():
        return ""
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()


def _summary(selection: query.Selection, language: str) -> str:
    words = translator(language)
    told = [words.count("explore.shown", selection.n_shown, total=selection.n_total)]
    if selection.n_unlocated:
        told.append(words.count("explore.unlocated", selection.n_unlocated))
    if selection.n_hours_unknown:
        told.append(words.count("explore.hours_unknown", selection.n_hours_unknown))
    return " · ".join(told)


def _ranked(selection: query.Selection) -> str:
    if selection.ranked is None:
        return ""
    best = selection.ranked[:_MOST_RANKED].astype(np.uint32)
    return base64.b64encode(best.tobytes()).decode()
