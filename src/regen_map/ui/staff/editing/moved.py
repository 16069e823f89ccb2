"""Places that a change moves, on one map: where they were, where they are, how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from regen_map.catalogue import City
from regen_map.messages import Translator
from regen_map.ui.staff.editing.marks import short, show_list, show_style, show_text
from regen_map.ui.staff.editing.position import distance, draw_positions
from regen_map.webmap.position_map import Move, Positions

_MOST_DRAWN = 500
_MOST_NAMED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPoint:
    """
    A place that a change moves, puts on the map or takes off it.

    Attributes
    ----------
    name
        Its name; any text, it never becomes markup.
    before, after
        ``(lat, lon)`` in degrees WGS84; None where the position is not known.
    metres
        How far it is from one to the other; None where one of them is not known.
    """

    name: str
    before: tuple[float, float] | None
    after: tuple[float, float] | None
    metres: float | None = None


def show_moved_points(
    words: Translator, city: City, points: Sequence[MovedPoint], *, key: str
) -> None:
    """
    Draw moved places on one map, and name them with their distances below it.

    Parameters
    ----------
    words
        The messages of the reader's language.
    city
        What the map shows where no point is given.
    points
        At most 500 are drawn, the farthest moved first; how many are not is said.
        Nothing is drawn for none.
    key
        Of the map in the page: another one for each.
    """
    if not points:
        return
    drawn = sorted(points, key=lambda each: -(each.metres or 0.0))[:_MOST_DRAWN]
    moves = [Move(before=each.before, after=each.after, label=_told(words, each)) for each in drawn]
    show_style()
    with st.container(key=f"editing-{key}"):
        draw_positions(words, city, Positions(subject=key, moves=moves), key=key)
        show_list(each.label for each in moves[:_MOST_NAMED])
        if len(points) > min(len(moves), _MOST_NAMED):
            show_text(words.count("editing.more", len(points) - min(len(moves), _MOST_NAMED)))


def _told(words: Translator, point: MovedPoint) -> str:
    name = short(point.name)
    if point.before is None:
        return words.text("editing.moved.put", name=name)
    if point.after is None:
        return words.text("editing.moved.taken", name=name)
    if point.metres is None:
        return name
    return words.text("editing.moved", name=name, distance=distance(words, point.metres))
