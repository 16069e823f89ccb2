"""Rows of the data corrected and added in the page, with their position on a map."""

from regen_map.ui.staff.editing.bench import Bench
from regen_map.ui.staff.editing.desk import (
    held_files,
    leave_editing,
    n_typed,
    open_typed,
    show_editing,
)
from regen_map.ui.staff.editing.moved import MovedPoint, show_moved_points

__all__ = [
    "Bench",
    "MovedPoint",
    "held_files",
    "leave_editing",
    "n_typed",
    "open_typed",
    "show_editing",
    "show_moved_points",
]
