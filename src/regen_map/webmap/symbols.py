"""How places look on the map: family by shape and colour, regeneration by a ring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from regen_map.catalogue import Family, Phase, Project
from regen_map.query import TOWN_WIDE

EXACT_WITHIN_M = 50.0
"""A position known to this many metres points at the right building: solid, not hollow."""


@dataclass(frozen=True, slots=True)
class Style:
    """
    The look of a family.

    Attributes
    ----------
    shape
        ``square``, ``circle`` or ``diamond``: tells families apart without colour.
    colour, colour_dark
        On paper and on a dark ground; 3:1 or more against it (WCAG 1.4.11),
        told apart in the common colour-vision deficiencies (after Okabe and Ito,
        "Color Universal Design", 2008).
    """

    shape: str
    colour: str
    colour_dark: str


STYLES = MappingProxyType(
    {
        Family.PUBLIC_SPACE: Style("square", "#0b5fa5", "#6db3f2"),
        Family.WORKSHOP: Style("circle", "#c2410c", "#ff9d6b"),
        Family.ATTRACTION: Style("diamond", "#00735c", "#45c9a8"),
        TOWN_WIDE: Style("square", "#5b5560", "#b9b2c0"),
    }
)

DASHES = MappingProxyType(
    {
        Phase.PLANNING: (2, 5),
        Phase.DESIGN: (2, 5),
        Phase.TENDER: (2, 5),
        Phase.WORKS: (9, 4),
        Phase.TESTING: (9, 4),
        Phase.COMPLETED: (),
        Phase.DROPPED: (1, 9),
    }
)
"""The ring's pattern in pixels drawn and left out; empty for an unbroken ring."""

_RANKS: Mapping[str | None, int] = {
    Phase.WORKS: 0,
    Phase.TESTING: 1,
    Phase.TENDER: 2,
    Phase.DESIGN: 3,
    Phase.PLANNING: 4,
    Phase.COMPLETED: 5,
    Phase.DROPPED: 6,
}


def telling_project(projects: Sequence[Project]) -> Project | None:
    """
    Choose the project whose phase a place's ring shows.

    Returns
    -------
    Project or None
        The one that a passer-by would notice first: works before plans, plans
        before what is over. None where no project has a known phase.
    """
    known = [project for project in projects if project.phase in _RANKS]
    return min(known, key=lambda each: _RANKS[each.phase], default=None)
