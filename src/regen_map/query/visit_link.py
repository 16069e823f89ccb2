"""A visit, its walk and its days, as the query of a link, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from regen_map.catalogue import Catalogue
from regen_map.query.route import MOST_STOPS, Doors, Wish
from regen_map.query.walks import itineraries, stops_of

MINE = "mine"
"""Stands for the visitor's own walk where a link names a walk."""

PAUSES_MIN: tuple[int, ...] = (0, 5, 10, 15, 20, 30, 45, 60)
"""Minutes at each stop that are offered."""

BUDGETS_MIN: tuple[int, ...] = (30, 45, 60, 90, 120, 180, 240)
"""Minutes in all that are offered."""

_USUAL_PAUSE_MIN = 10
_SEPARATOR = ","
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    How a visitor wants to walk.

    Attributes
    ----------
    walk
        Id of the walk that is open, `MINE`, or empty for none.
    mine
        Ids of the places of the visitor's own walk, in order.
    start
        When it starts, in the city's time, without a time zone; None for now.
    pause_min
        Minutes at each stop, one of `PAUSES_MIN`.
    budget_min
        Minutes in all, one of `BUDGETS_MIN`; None without a limit.
    doors
        Which stops are wanted.
    """

    walk: str = ""
    mine: tuple[str, ...] = ()
    start: dt.datetime | None = None
    pause_min: int = _USUAL_PAUSE_MIN
    budget_min: int | None = None
    doors: Doors = Doors.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """
    The days for which events are asked for.

    Attributes
    ----------
    first, last
        Both included; None where that end is open.
    """

    first: dt.date | None = None
    last: dt.date | None = None


def plan_from_params(params: Mapping[str, str], catalogue: Catalogue) -> Plan:
    """
    Read a walk from a link.

    Parameters
    ----------
    params
        Names and values as in the address; anybody may have written them.
    catalogue
        Walks and places that it does not have are left out.

    Returns
    -------
    Plan
    """
    walk = params.get("walk", "")
    known = (MINE, *(each.id for each in itineraries(catalogue)))
    asked = dict.fromkeys(params.get("stops", "").split(_SEPARATOR))
    pause, budget = _number(params.get("pause", "")), _number(params.get("budget", ""))
    doors = params.get("doors", "")
    return Plan(
        walk=walk if walk in known else "",
        mine=tuple(each for each in asked if catalogue.place(each) is not None)[:MOST_STOPS],
        start=moment_from_param(params.get("start", "")),
        pause_min=pause if pause in PAUSES_MIN else _USUAL_PAUSE_MIN,
        budget_min=budget if budget in BUDGETS_MIN else None,
        doors=Doors(doors) if doors in list(Doors) else Doors.ALL,
    )


def plan_to_params(plan: Plan) -> dict[str, str]:
    """Write a walk as the query of a link: short, in a fixed order, without empty parts."""
    usual = Plan()
    params = {
        "walk": plan.walk,
        "stops": _SEPARATOR.join(plan.mine),
        "start": moment_to_param(plan.start),
        "pause": "" if plan.pause_min == usual.pause_min else str(plan.pause_min),
        "budget": str(plan.budget_min or ""),
        "doors": "" if plan.doors == usual.doors else plan.doors.value,
    }
    return {name: value for name, value in params.items() if value}


def wish_of(plan: Plan, catalogue: Catalogue, now: dt.datetime) -> Wish:
    """
    Say what is wished for the walk that is open.

    Parameters
    ----------
    plan
        As the visitor has it.
    catalogue
        Its walks and their stops; the time zone of its city.
    now
        With a time zone; its minute is the start where the visitor names none.

    Returns
    -------
    Wish
        Without places where no walk is open.
    """
    stops = stops_of(catalogue, plan.walk)
    zone = ZoneInfo(catalogue.city.time_zone)
    start = plan.start.replace(tzinfo=zone) if plan.start else now
    return Wish(
        places=plan.mine if plan.walk == MINE else tuple(each.place_id for each in stops),
        start=start.replace(second=0, microsecond=0),
        pause_min=plan.pause_min,
        budget_min=plan.budget_min,
        doors=plan.doors,
    )


def period_from_params(params: Mapping[str, str]) -> Period:
    """Read the days for which events are asked for; what is no day, or ends too early, is left."""
    first, last = _day(params.get("from", "")), _day(params.get("to", ""))
    if first and last and last < first:
        last = None
    return Period(first=first, last=last)


def period_to_params(period: Period) -> dict[str, str]:
    """Write the days as the query of a link, without empty parts."""
    days = {"from": period.first, "to": period.last}
    return {name: day.isoformat() for name, day in days.items() if day}


def moment_from_param(text: str) -> dt.datetime | None:
    """Read a minute such as ``2026-11-28T10:00``, without a time zone; None for anything else."""
    try:
        moment = dt.datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 -- the city's time
    except ValueError:
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def moment_to_param(moment: dt.datetime | None) -> str:
    """Write a minute as `moment_from_param` reads it; empty for None."""
    return moment.strftime("%Y-%m-%dT%H:%M") if moment else ""


def _day(text: str) -> dt.date | None:
    moment = moment_from_param(f"{text}T00:00")
    return moment.date() if moment else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000") else None
