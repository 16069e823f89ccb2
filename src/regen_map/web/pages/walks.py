"""The pages of walks, to read and to print, and their tracks."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from regen_map.catalogue import Catalogue
from regen_map.export.gpx import GpxStop, gpx_of
from regen_map.facts.links import one_direction, shortened
from regen_map.facts.pictures import picture_of
from regen_map.facts.walks import WalkFacts, themed_walks
from regen_map.facts.wording import Wording
from regen_map.messages import translator
from regen_map.query import day_of
from regen_map.query.route import Doors
from regen_map.query.visit_link import MINE, Plan, plan_to_params
from regen_map.web.pages.addresses import Section, section_path, walk_code_path
from regen_map.web.pages.code import can_hold, code_svg
from regen_map.web.pages.linked_data import trip_data
from regen_map.web.pages.rendering import Address, Page, html, packed
from regen_map.web.sketches import draw_route

_DESCRIPTION_LENGTH = 160


def walks_index(catalogue: Catalogue, language: str, site: str, day: dt.date) -> Page:
    """
    Write the list of all walks.

    Parameters
    ----------
    catalogue
        Its walks.
    language
        Of the page.
    site
        The site's absolute address, with a slash at the end.
    day
        Today, in the city's calendar.
    """
    wording = Wording(catalogue, translator(language), day)
    text = html(
        "walks.html",
        language,
        catalogue,
        Address(Section.WALKS),
        site=site,
        walks=themed_walks(wording, Plan(), morning_of(day)),
    )
    return packed(text.encode())


def walk_page(catalogue: Catalogue, language: str, site: str, plan: Plan, now: dt.datetime) -> Page:
    """
    Write the sheet of a walk.

    Parameters
    ----------
    catalogue, language, site
        As of `walks_index`.
    plan
        Which walk, and how the visitor wants it. Times of day are told only where it
        names a start, or where it depends on them which stops are left.
    now
        When the walk starts if the plan does not say.
    """
    walk = _facts(catalogue, language, plan, now)
    own, asked = plan.walk == MINE, _asked(walk)
    here = Address(Section.WALKS, plan.walk, asked)
    address = site + here.paths[language]
    pictures = (picture_of(walk.wording, each.place) for each in walk.stops)
    text = html(
        "walk.html",
        language,
        catalogue,
        here,
        site=site,
        walk=walk,
        left_out=list(walk.left_out),
        title=one_direction(walk.name),
        description=_description(walk, own=own),
        picture=next(filter(None, pictures), None),
        own=own,
        timed=plan.start is not None or plan.doors is not Doors.ALL,
        asked=asked,
        address=address,
        code=walk_code_path(language, plan.walk) + asked if can_hold(address) else "",
        in_app=f"walks?{urlencode({'lang': language, **plan_to_params(plan)})}",
        sketch=draw_route(catalogue, [(each.number, each.place) for each in walk.stops]),
        linked_data=trip_data(walk, address, site) if walk.stops and not (own or asked) else None,
    )
    return packed(text.encode())


def walk_code(
    catalogue: Catalogue, language: str, site: str, plan: Plan, now: dt.datetime
) -> Page | None:
    """Draw the address of `walk_page` as a QR code; None where none can hold it."""
    walk = _facts(catalogue, language, plan, now)
    title = walk.wording.words.text("details.code_of", name=one_direction(walk.name))
    drawn = code_svg(_address(walk, site), title)
    return packed(drawn) if drawn else None


def walk_track(
    catalogue: Catalogue, language: str, site: str, plan: Plan, now: dt.datetime
) -> bytes:
    """
    Write a walk as GPX.

    Parameters
    ----------
    catalogue, language, site, plan
        As of `walk_page`.
    now
        When it is written, and when the walk starts if the plan does not say.
    """
    walk = _facts(catalogue, language, plan, now)
    return gpx_of(
        walk.name,
        [
            GpxStop(name=each.name, text=each.said.text, lat=each.place.lat, lon=each.place.lon)
            for each in walk.stops
        ],
        language=language,
        time=now,
        link=_address(walk, site),
        text=walk.summary.text,
        author=catalogue.city.publisher,
    )


def morning_of(day: dt.date) -> dt.datetime:
    """Give a moment of a day for a walk of which no times are told."""
    return dt.datetime.combine(day, dt.time(9), dt.UTC)


def _facts(catalogue: Catalogue, language: str, plan: Plan, now: dt.datetime) -> WalkFacts:
    day = day_of(now, catalogue.city)
    return WalkFacts(Wording(catalogue, translator(language), day), plan, now)


def _address(walk: WalkFacts, site: str) -> str:
    path = section_path(Section.WALKS, walk.wording.words.language, walk.plan.walk)
    return f"{site}{path}{_asked(walk)}"


def _asked(walk: WalkFacts) -> str:
    return f"?{walk.params}" if walk.params else ""


def _description(walk: WalkFacts, *, own: bool) -> str:
    names = walk.wording.words.listing([each.name for each in walk.stops])
    stops = f"{walk.in_short}: {names}" if names else walk.in_short
    return shortened((not own and walk.summary.text) or stops, _DESCRIPTION_LENGTH)
