"""Questions to a catalogue: selection, search, money, neighbours. Pure functions."""

from regen_map.query.entries import TOWN_WIDE, Entry, entries, entry_index, entry_key
from regen_map.query.link import criteria_from_params, criteria_to_params
from regen_map.query.money import Money, money_of
from regen_map.query.nearby import WALKING_DETOUR, Neighbour, neighbours, walking_minutes
from regen_map.query.opening import (
    Day,
    Opening,
    OpeningState,
    Span,
    by_arrangement,
    day_of,
    holiday_hours,
    hours_hold,
    open_now,
    opening_at,
    openings,
    walk_in,
    week,
    week_ahead,
)
from regen_map.query.projects import (
    events_at,
    programmes,
    programmes_of,
    projects_at,
    told_dates,
)
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
    "Day",
    "Entry",
    "Money",
    "Neighbour",
    "Opening",
    "OpeningState",
    "Selection",
    "Span",
    "by_arrangement",
    "criteria_from_params",
    "criteria_to_params",
    "day_of",
    "entries",
    "entry_index",
    "entry_key",
    "events_at",
    "holiday_hours",
    "hours_hold",
    "money_of",
    "neighbours",
    "open_now",
    "opening_at",
    "openings",
    "options",
    "programmes",
    "programmes_of",
    "projects_at",
    "rank",
    "select",
    "told_dates",
    "walk_in",
    "walking_minutes",
    "week",
    "week_ahead",
    "year_range",
]
