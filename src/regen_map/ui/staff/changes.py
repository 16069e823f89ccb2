"""What a change does, before it is done: rows, cells before and after, places that move."""

from __future__ import annotations

import streamlit as st

from regen_map.facts.differences import Differences
from regen_map.intake.file_name import SETTINGS
from regen_map.ui.rendering import written
from regen_map.ui.staff.desk import Desk
from regen_map.ui.staff.editing import MovedPoint, show_moved_points

_MOST_SUBJECTS, _MOST_LINES = 50, 30
_FEW, _FIRST = 12, 3
"""Up to so many subjects are all open; of more, the first ones."""


def show_changes(
    desk: Desk, differences: Differences, *, key: str, summed_up: bool = False
) -> None:
    """
    Draw what differs between two states.

    Parameters
    ----------
    desk
        What the page works with.
    differences
        Of the two states.
    key
        Tells this comparison from others on the page.
    summed_up
        Whether the page has told the files and the sum already.
    """
    words = desk.words
    told = differences.told(words, desk.today, _MOST_SUBJECTS, _MOST_LINES)
    settings = differences.told_settings(words, _MOST_LINES)
    n_subjects = len(settings) + (len(told.subjects) if told is not None else 0)
    only_layout, untold = _untold(differences)
    st.html(
        written(
            "staff_changes.html",
            words=words,
            files=[] if summed_up else list(differences.files(words)),
            summary="" if summed_up else differences.summary(words, desk.today),
            tables=[
                (words.text(f"staff.table.{each.table}"), each) for each in differences.by_table()
            ],
            told=told,
            settings=settings[:_MOST_SUBJECTS],
            n_more_settings=max(len(settings) - _MOST_SUBJECTS, 0),
            only_layout=only_layout,
            untold=untold,
            n_open=_FEW if n_subjects <= _FEW else _FIRST,
            key=key,
        )
    )
    moved = differences.moved(words.language)
    if moved and differences.after is not None:
        st.html(written("staff_moved.html", words=words, n=len(moved), key=key))
        points = [
            MovedPoint(name=each.name, before=each.before, after=each.after, metres=each.metres)
            for each in moved
        ]
        show_moved_points(words, differences.after.city, points, key=f"staff-moved-{key}")


def _untold(differences: Differences) -> tuple[list[str], list[str]]:
    """Name the files of settings of which nothing that counts differs, and those not compared."""
    told = {each.file for each in differences.settings}
    others = {*differences.changed, *differences.gone} - told
    files = [each for each in SETTINGS if each in others]
    alike = [each for each in files if differences.compares(each)]
    return alike, [each for each in files if each not in alike]
