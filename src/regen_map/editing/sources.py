"""The sources of a row, each with its date: two columns whose pieces belong together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from regen_map.catalogue.text import LIST_SEPARATOR

MOST_SOURCES = 40
"""So many are taken apart: the last one holds what comes behind it, as it stands."""

_SIGN = LIST_SEPARATOR.strip()


class Source(NamedTuple):
    """
    A source as the pieces of two cells tell it.

    Attributes
    ----------
    address
        A piece of ``sources``; may be empty.
    date
        The piece of ``source_dates`` at the same place; empty where it is not known.
    """

    address: str
    date: str


class Cells(NamedTuple):
    """
    The sources of a row as its file has them.

    Attributes
    ----------
    sources, source_dates
        The cells of the columns of these names.
    """

    sources: str
    source_dates: str


def sources_of(cells: Cells) -> tuple[Source, ...]:
    """
    Take the sources of a row apart, each with its date.

    Returns
    -------
    tuple of Source
        At most `MOST_SOURCES`. Where there are more pieces of one kind, those of the other
        are empty.
    """
    addresses, dates = map(_pieces, cells)
    pairs = zip_longest(addresses, dates, fillvalue="")
    return tuple(Source(address, date) for address, date in pairs)


def with_sources(before: Cells, sources: Sequence[Source]) -> Cells:
    """
    Put the sources of a row together.

    Parameters
    ----------
    before
        The cells as they were.
    sources
        As they are now; those with neither address nor date are left out.

    Returns
    -------
    Cells
        A cell whose pieces are those that it had is given as it was, byte for byte; so is
        each where nothing but empty sources has come behind the others.
    """
    trimmed = [Source(each.address.strip(), each.date.strip()) for each in sources]
    if _without_end(trimmed) == _without_end(sources_of(before)):
        return before
    told = [each for each in trimmed if any(each)]
    return Cells(
        _joined(before.sources, [each.address for each in told]),
        _joined(before.source_dates, [each.date for each in told]),
    )


def _pieces(cell: str) -> list[str]:
    """Split a cell; an empty one has no piece."""
    if not cell.strip():
        return []
    return [each.strip() for each in cell.split(_SIGN, MOST_SOURCES - 1)]


def _without_end(sources: Sequence[Source]) -> list[Source]:
    """Leave empty sources out that no other one follows."""
    found = list(sources)
    while found and not any(found[-1]):
        found.pop()
    return found


def _joined(before: str, pieces: list[str]) -> str:
    if pieces == _pieces(before):
        return before
    return LIST_SEPARATOR.join(pieces) if any(pieces) else ""
