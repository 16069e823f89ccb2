"""The panel of the Walks page: themed walks, one of them, or the visitor's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from regen_map.facts import PlaceFacts, Wording
from regen_map.facts.links import geo_link
from regen_map.facts.walks import StopFacts, WalkFacts, themed_walks
from regen_map.messages import Translator
from regen_map.query.route import MOST_STOPS, Doors, suggested_order
from regen_map.query.visit_link import (
    BUDGETS_MIN,
    MINE,
    PAUSES_MIN,
    Plan,
    moment_to_param,
    plan_to_params,
)
from regen_map.ui.panel import Panel
from regen_map.ui.rendering import written
from regen_map.ui.town import Town
from regen_map.ui.view import entry_address

_FEW = 3
"""From so many stops on their order matters."""


def walks_panel(town: Town) -> Panel:
    """Write the panel for what the visitor asked for."""
    return (_open_walk if town.view.plan.walk else _all_walks)(town, town.wording)


def _all_walks(town: Town, wording: Wording) -> Panel:
    words, mine, place = town.words, town.view.plan.mine, town.view.place
    walks = themed_walks(wording, town.view.plan, town.now)
    chosen = _chosen(wording, place)
    html = written(
        "walks.html",
        words=words,
        walks=walks,
        mine=mine,
        chosen=chosen,
        entry=partial(entry_address, town.view),
    )
    stops = {each.place.id for walk in walks for each in walk.stops}
    return Panel(
        html=html,
        status=chosen.name if chosen else words.text("walks.title"),
        subject=place,
        place=chosen.place.id if chosen else "",
        visible=stops,
    )


def _open_walk(town: Town, wording: Wording) -> Panel:
    words, plan, place = town.words, town.view.plan, town.view.place
    walk = WalkFacts(wording, plan, town.now)
    here = next((each for each in walk.stops if each.place.id == place), None)
    chosen = None if here else _chosen(wording, place)
    own = plan.walk == MINE
    html = written(
        "walk.html",
        words=words,
        walk=walk,
        left_out=list(walk.left_out),
        mine=plan.mine,
        own=own,
        here=here,
        chosen=chosen,
        start=moment_to_param(plan.start),
        choices=list(_choices(words, plan)),
        full=len(plan.mine) >= MOST_STOPS,
        most=MOST_STOPS,
        orders=_orders(town) if own and len(plan.mine) >= _FEW else None,
        copied=urlencode({"stops": ",".join(each.place.id for each in walk.stops), "walk": MINE}),
        geo_link=geo_link,
        address=f"{words.language}/{words.text('walks_page.path_segment')}/{plan.walk}",
        shared=_shared_link(town),
        entry=partial(entry_address, town.view),
    )
    stops = [each.place.id for each in walk.stops]
    return Panel(
        html=html,
        status=words.text("walks.status", name=walk.name, what=_said(words, walk, here, chosen)),
        subject=f"{plan.walk}/{place}",
        place=place if here or chosen else "",
        # Any place of the town may become a stop of the visitor's own walk.
        visible=None if own else {*stops, *(each.place.id for each in walk.left_out), place},
        route=stops,
    )


def _chosen(wording: Wording, key: str) -> PlaceFacts | None:
    """Tell of the place that is selected on the map; None for no place."""
    place = wording.catalogue.place(key)
    return PlaceFacts(wording, place) if place else None


class _Choice(NamedTuple):
    """One of several values, by its name in a link."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


def _choices(words: Translator, plan: Plan) -> Iterator[_Choice]:
    def minutes(offered: Sequence[int]) -> list[tuple[str, str]]:
        return [(str(each), words.text("walk.minutes", minutes=each)) for each in offered]

    no_limit = ("", words.text("walks.no_budget"))
    doors = [(each.value, words.text(f"walks.doors.{each.value}")) for each in Doors]
    yield _Choice("pause", words.text("walks.pause"), minutes(PAUSES_MIN), str(plan.pause_min))
    yield _Choice(
        "budget",
        words.text("walks.budget"),
        [no_limit, *minutes(BUDGETS_MIN)],
        str(plan.budget_min or ""),
    )
    yield _Choice("doors", words.text("walks.doors"), doors, plan.doors.value)


def _said(
    words: Translator, walk: WalkFacts, here: StopFacts | None, chosen: PlaceFacts | None
) -> str:
    if here:
        stop = words.text("walks.here", n=here.number, total=len(walk.stops))
        return f"{stop}, {here.name}"
    return f"{walk.in_short} · {chosen.name}" if chosen else walk.in_short


def _shared_link(town: Town) -> str:
    """Give the address that opens this walk as it is, for others."""
    plan = town.view.plan
    shared = plan if plan.walk == MINE else replace(plan, mine=())
    return f"walks?{urlencode({'lang': town.view.language, **plan_to_params(shared)})}"


class _Orders(NamedTuple):
    """Shorter orders of the visitor's own walk; each empty where it is so ordered already."""

    free: str
    first_kept: str


def _orders(town: Town) -> _Orders:
    mine = town.view.plan.mine
    free, first_kept = (
        suggested_order(town.catalogue, mine, keep_first=keep_first) for keep_first in (False, True)
    )
    return _Orders(*("" if order == mine else ",".join(order) for order in (free, first_kept)))
