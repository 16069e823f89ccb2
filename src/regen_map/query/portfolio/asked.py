"""What a planner asks for, and what the answer holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from regen_map.catalogue import Project
from regen_map.query.area import Area

PROJECT_FACETS: tuple[str, ...] = (
    "phase",
    "stalled",
    "programme",
    "level",
    "owner",
    "promoter",
    "quarter",
    "kind",
    "cup",
    "located",
    "amount",
    "freshness",
)
"""The facets with options, in the order in which they are offered."""

PROJECT_FILTERS: tuple[str, ...] = ("amount", "start_years", "end_years", "late", "area")
"""The filters that may leave a project out only because something of it is not known."""

YEAR, THREE_YEARS, OLDER = "year", "three_years", "older"
"""How fresh a row is: surely checked within so long, or longer ago."""

OPEN_YEARS = (0, 9999)
"""Stand for a range of years that is open to one side, or to both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCriteria:
    """
    What a planner asks for; nothing asked means every project.

    Attributes
    ----------
    text
        Words to search in names, uses, actors, CUP and programmes.
    chosen
        Options by facet; within a facet any may hold, all facets must.
    amount_eur
        Least and most euro, both included, each None where that end is open: the counted
        lines of any one nature add up to that much.
    start_years, end_years
        First and last year in which a project began, and in which it ended or is declared
        to end.
    late_months
        By at least how many whole months it is surely late, see `regen_map.query.Delay`.
    uses
        Words to search in the former and the new use alone.
    area
        Where the place of a project lies.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    amount_eur: tuple[Decimal | None, Decimal | None] = (None, None)
    start_years: tuple[int, int] | None = None
    end_years: tuple[int, int] | None = None
    late_months: int | None = None
    uses: str = ""
    area: Area | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSelection:
    """
    The answer to `ProjectCriteria`.

    Attributes
    ----------
    projects
        The projects selected: best match first where words were searched, in file order
        where not.
    counts
        For each facet and option, how many projects would be selected with that option,
        everything else as it is.
    n_total
        How many projects there are in all.
    n_unlocated
        How many of those selected have no place, or one whose position is not known.
    n_unsure
        How many of those selected are only perhaps in the area, given how exactly the
        position of their place is known.
    n_by_unknown
        For each of `PROJECT_FILTERS`, how many projects it leaves out only because what it
        asks for is not known of them; 0 where it is not asked for. A project that two
        filters leave out so is counted in both.
    """

    projects: tuple[Project, ...]
    counts: Mapping[str, Mapping[str, int]]
    n_total: int
    n_unlocated: int
    n_unsure: int
    n_by_unknown: Mapping[str, int]
