"""Questions to a catalogue: selection, search, money, neighbours. Pure functions."""

from regen_map.query.entries import TOWN_WIDE, Entry, entries, entry_index, entry_key
from regen_map.query.link import criteria_from_params, criteria_to_params
from regen_map.query.money import Money, money_of
from regen_map.query.nearby import WALKING_DETOUR, Neighbour, neighbours, walking_minutes
from regen_map.query.projects import events_at, programmes, programmes_of, projects_at
from regen_map.query.search import rank
from regen_map.query.selection import (
    FACETS,
    UNKNOWN,
    Criteria,
    Selection,
    options,
    select,
    year_range,
)

__all__ = [
    "FACETS",
    "TOWN_WIDE",
    "UNKNOWN",
    "WALKING_DETOUR",
    "Criteria",
    "Entry",
    "Money",
    "Neighbour",
    "Selection",
    "criteria_from_params",
    "criteria_to_params",
    "entries",
    "entry_index",
    "entry_key",
    "events_at",
    "money_of",
    "neighbours",
    "options",
    "programmes",
    "programmes_of",
    "projects_at",
    "rank",
    "select",
    "walking_minutes",
    "year_range",
]
