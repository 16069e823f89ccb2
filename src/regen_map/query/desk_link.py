"""How the planner's desk lies, as the query of a link, and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from regen_map.catalogue import Catalogue


class Tab(StrEnum):
    """What can lie open on the planner's desk."""

    LIST = "list"
    PHASES = "phases"
    TIMELINE = "timeline"
    MONEY = "money"
    DELAYS = "delays"
    REUSE = "reuse"
    CHANGES = "changes"
    CONTEXT = "context"
    QUALITY = "quality"


class Colour(StrEnum):
    """What the colours of the map can tell of projects."""

    FAMILY = ""
    """Of which family a place is, as on every other page."""
    PHASE = "phase"
    DELAY = "delay"
    AMOUNT = "amount"


ROWS = 50
"""How many projects are listed at first, and how many more at each wish."""

_MOST_ROWS = 100_000
_ROWS = re.compile(r"[0-9]{1,6}")
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VERSION = re.compile(r"v([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """
    How the planner's desk lies.

    Attributes
    ----------
    tab
        What lies open.
    rows
        How many projects are listed at most.
    project
        Id of the project that is told in full; empty for none.
    as_of
        The day as of which everything is told; None for today.
    since
        Since when changes are told: a day as ``2026-03-01``, a published version as
        ``v12``, or empty.
    colour
        What the colours of the map tell.
    """

    tab: Tab = Tab.LIST
    rows: int = ROWS
    project: str = ""
    as_of: dt.date | None = None
    since: str = ""
    colour: Colour = Colour.FAMILY


def desk_from_params(params: Mapping[str, str], catalogue: Catalogue) -> Desk:
    """
    Read from a link how the desk lies.

    Parameters
    ----------
    params
        Names and values as in the address; anybody may have written them.
    catalogue
        A project that it does not have is left out, but not of an earlier day.

    Returns
    -------
    Desk
    """
    tab, colour = params.get("desk", ""), params.get("p.colour", "")
    project, since = params.get("project", ""), params.get("p.since", "")
    as_of = day_from_param(params.get("p.asof", ""))
    # What has been removed since was known then.
    told = bool(catalogue.project(project)) or (as_of is not None and bool(_ID.fullmatch(project)))
    return Desk(
        tab=Tab(tab) if tab in list(Tab) else Tab.LIST,
        rows=_rows(params.get("p.rows", "")),
        project=project if told else "",
        as_of=as_of,
        since=since if _VERSION.fullmatch(since) or day_from_param(since) else "",
        colour=Colour(colour) if colour in list(Colour) else Colour.FAMILY,
    )


def desk_to_params(desk: Desk) -> dict[str, str]:
    """Write how the desk lies as the query of a link: short, without empty parts."""
    params = {
        "desk": "" if desk.tab == Tab.LIST else desk.tab.value,
        "project": desk.project,
        "p.rows": "" if desk.rows == ROWS else str(desk.rows),
        "p.asof": desk.as_of.isoformat() if desk.as_of else "",
        "p.since": desk.since,
        "p.colour": desk.colour.value,
    }
    return {name: value for name, value in params.items() if value}


def day_from_param(text: str) -> dt.date | None:
    """Read a day such as ``2026-03-01``, from the year 1000 on; None for anything else."""
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def version_number(since: str) -> int | None:
    """Read the number of a published version from ``v12``; None for anything else."""
    found = _VERSION.fullmatch(since)
    return int(found[1]) if found else None


def _rows(text: str) -> int:
    asked = int(text) if _ROWS.fullmatch(text) else 0
    return min(max(asked, ROWS), _MOST_ROWS)
