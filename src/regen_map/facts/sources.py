"""Where facts are from, and until when they are known to hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from regen_map.catalogue import Event, PartialDate, Place, Project
from regen_map.facts.links import source_name
from regen_map.facts.wording import Wording

Sourced: TypeAlias = Place | Project | Event
"""A record that names its sources, and until when it is known to hold."""


class Source(NamedTuple):
    """Where facts are from."""

    name: str
    address: str
    date: str


def sources_of(wording: Wording, records: Iterable[Sourced]) -> Sequence[Source]:
    """Give the sources of records, each once, with a date wherever one is told."""
    told: dict[str, PartialDate | None] = {}
    for record in records:
        for address, date in zip(record.sources, record.source_dates, strict=True):
            told[address] = told.get(address) or date
    return [
        Source(source_name(address), address, wording.date(date)) for address, date in told.items()
    ]


def newest_date(wording: Wording, records: Iterable[Sourced]) -> str:
    """Say until when the facts of records are known to hold; empty where nobody says."""
    dates = [record.as_of for record in records if record.as_of]
    newest = max(dates, key=lambda date: date.last_day, default=None)
    return wording.words.date(newest) if newest else ""
