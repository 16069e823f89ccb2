"""Why somebody should be asked something, and how much it matters."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

EXACT_WITHIN_M = 50.0
"""A position that is known so well is exact enough to find a door; as on the map."""


class Why(enum.StrEnum):
    """Why somebody should be asked something."""

    PHASE_UNKNOWN = "phase_unknown"
    """Nobody says how a project stands."""
    PHASE_BEHIND = "phase_behind"
    """A step that is newer than the row tells of another phase."""
    ENDED_IN_PROGRESS = "ended_in_progress"
    """Its end has passed, and its phase says that it goes on."""
    COMPLETED_TOO_EARLY = "completed_too_early"
    """It is completed, with an end that has not come yet."""
    COMPLETED_STALLED = "completed_stalled"
    """It is completed and has stalled."""
    DATES_REVERSED = "dates_reversed"
    """It would have begun after the end that was declared."""
    END_PASSED = "end_passed"
    """The end that was declared last has passed, and nobody has looked since."""
    END_OVERDUE = "end_overdue"
    """That end has passed, somebody has looked since, and no new one is known."""
    END_UNDECLARED = "end_undeclared"
    """It goes on, and nobody says until when."""
    COMPLETED_UNDATED = "completed_undated"
    """It is completed, nobody says when."""
    START_UNKNOWN = "start_unknown"
    """It has begun, nobody says when."""
    STALE = "stale"
    """It was checked so long ago that it may no longer hold."""
    UNDATED = "undated"
    """Nothing says of when it is."""
    AMOUNT_UNKNOWN = "amount_unknown"
    """A programme funds a project, nobody says by how much."""
    MONEY_UNKNOWN = "money_unknown"
    """No line of funding is known of a project."""
    FIGURES_DIFFER = "figures_differ"
    """Other figures exist beside those that are counted."""
    CUP_MISSING = "cup_missing"
    """Its money is public, and its CUP is not known."""
    NOBODY_NAMED = "nobody_named"
    """Neither its owner nor its promoter is known."""
    PLACE_UNKNOWN = "place_unknown"
    """A project has no place; it may concern the whole town."""
    POSITION_MISSING = "position_missing"
    """Nobody says where a place is."""
    POSITION_APPROXIMATE = "position_approximate"
    """Its position may be wrong by more than `EXACT_WITHIN_M` metres."""
    ACCURACY_UNKNOWN = "accuracy_unknown"
    """Its position is known, how exactly is not."""
    QUARTERS_DIFFER = "quarters_differ"
    """A project or an event is in another quarter than its place."""
    NO_SOURCE = "no_source"
    """Nothing says where the row is from."""
    STATUS_UNKNOWN = "status_unknown"
    """Nobody says whether a place is active."""
    HOURS_UNKNOWN = "hours_unknown"
    """One can walk in, nobody says when."""
    VISIT_UNKNOWN = "visit_unknown"
    """Nobody says whether one can walk in."""
    CONTACT_MISSING = "contact_missing"
    """One must ask before coming, and nobody says whom or how."""
    WHEELCHAIR_UNKNOWN = "wheelchair_unknown"
    """Nobody says whether a wheelchair can enter."""
    EVENT_UNDATED = "event_undated"
    """Its next edition has no dates."""


WEIGHTS: Mapping[Why, int] = MappingProxyType(
    {
        # What is shown may be wrong.
        Why.PHASE_BEHIND: 5,
        Why.ENDED_IN_PROGRESS: 5,
        Why.COMPLETED_TOO_EARLY: 5,
        Why.COMPLETED_STALLED: 5,
        Why.DATES_REVERSED: 5,
        Why.END_PASSED: 5,
        # A visitor goes in vain, a council has no answer.
        Why.PHASE_UNKNOWN: 4,
        Why.END_OVERDUE: 4,
        Why.NO_SOURCE: 4,
        Why.STATUS_UNKNOWN: 4,
        Why.CONTACT_MISSING: 4,
        # A gap in totals, on the map, in a visit; news that have grown old.
        Why.STALE: 3,
        Why.END_UNDECLARED: 3,
        Why.AMOUNT_UNKNOWN: 3,
        Why.POSITION_MISSING: 3,
        Why.HOURS_UNKNOWN: 3,
        Why.EVENT_UNDATED: 3,
        # What makes the record whole.
        Why.COMPLETED_UNDATED: 2,
        Why.MONEY_UNKNOWN: 2,
        Why.FIGURES_DIFFER: 2,
        Why.CUP_MISSING: 2,
        Why.NOBODY_NAMED: 2,
        Why.QUARTERS_DIFFER: 2,
        Why.VISIT_UNKNOWN: 2,
        Why.WHEELCHAIR_UNKNOWN: 2,
        # What makes it finer.
        Why.START_UNKNOWN: 1,
        Why.UNDATED: 1,
        Why.PLACE_UNKNOWN: 1,
        Why.POSITION_APPROXIMATE: 1,
        Why.ACCURACY_UNKNOWN: 1,
    }
)
"""What a visitor or a council needs first, from 5 to 1."""
