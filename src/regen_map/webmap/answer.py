"""What the browser must be told after a change of filters."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from regen_map import query
from regen_map.catalogue import Catalogue, derived
from regen_map.messages import translator
from regen_map.messages.opening import now_in_short
from regen_map.query.selection import NOW, OPEN

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
        ``facets``; ``f`` the filters, spelled as in a link; ``h`` what the list says
        of opening hours, each with the indices of which it is true at the moment that
        is asked for, or at ``now``; ``x`` what to say of "open now" in the place of its
        number, where that is nought and of some places nobody knows it, else empty.
    """
    selection = query.select(catalogue, criteria, now)
    minute = now.replace(second=0, microsecond=0)
    return {
        "n": _summary(selection, language),
        "b": visible_bits(selection.mask),
        "o": _ranked(selection),
        "c": [list(counts.values()) for counts in selection.counts.values()],
        "f": query.criteria_to_params(criteria),
        "h": _openings(catalogue, language, minute, criteria.open_at),
        "x": _unsure(catalogue, language, criteria, selection, now),
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


@derived(most=32)
def hours_not_stated(catalogue: Catalogue, language: str) -> tuple[str, str]:
    """
    Say of which places with a door nobody states the hours.

    Returns
    -------
    tuple of str and str
        What the list says of them, and which entries they are, as `visible_bits`.
    """
    places = [entry.place for entry in query.entries(catalogue)]
    silent = [
        place is not None
        and not place.opening_hours
        and query.walk_in(place)
        and not query.without_doors(place)
        for place in places
    ]
    words = translator(language).text("explore.hours_not_stated")
    return words, visible_bits(np.array(silent, dtype=np.bool_))


@derived(most=8)
def _openings(
    catalogue: Catalogue, language: str, minute: dt.datetime, asked: dt.datetime | None
) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    if asked is not None:
        minute = asked.replace(tzinfo=ZoneInfo(catalogue.city.time_zone))
    now = {translator(language).text(f"opening.{each}_now") for each in ("open", "closed")}
    for opening, where in query.openings(catalogue, minute).items():
        said = now_in_short(opening, language)
        if asked is not None and said in now:
            # Another moment than now; the filter's own words say what holds then.
            continue
        found.setdefault(said, []).extend(where.tolist())
    return found


def _unsure(
    catalogue: Catalogue,
    language: str,
    criteria: query.Criteria,
    selection: query.Selection,
    now: dt.datetime,
) -> str:
    counts = selection.counts[OPEN]
    if not counts or any(counts.values()):
        return ""
    chosen = {**criteria.chosen, OPEN: (NOW,)}
    unknown = query.select(catalogue, replace(criteria, chosen=chosen, open_at=None), now)
    n = unknown.n_hours_unknown
    return translator(language).count("explore.none_known_open", n) if n else ""


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
