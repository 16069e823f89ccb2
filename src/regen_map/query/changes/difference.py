"""What may become of a row or a cell, and one such difference."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


class Change(enum.StrEnum):
    """What became of something, the most telling first."""

    NEW = "new"
    """A row that was not there; of the milestones it is a `STEP`."""
    REMOVED = "removed"
    LEFT_OUT = "left_out"
    """A row that is not told any more, though the file has it: because of a fault."""
    DROPPED = "dropped"
    """A project that will not go on."""
    SET_BACK = "set_back"
    """A project in an earlier phase than it was."""
    ADVANCED = "advanced"
    STALLED = "stalled"
    RESUMED = "resumed"
    """A project that had stalled or been dropped, and goes on."""
    DELAYED = "delayed"
    """The end that is declared is surely later than the one that was."""
    BROUGHT_FORWARD = "brought_forward"
    MONEY_UP = "money_up"
    MONEY_DOWN = "money_down"
    MONEY_KNOWN = "money_known"
    """The sum of a nature is larger, or there is one, because an amount became known."""
    MONEY_WITHDRAWN = "money_withdrawn"
    """The sum of a nature is smaller, or there is none, because an amount is not told any more."""
    STEP = "step"
    MOVED = "moved"
    """A place that lies elsewhere."""
    KNOWN = "known"
    """A cell that was empty."""
    MENDED = "mended"
    """A cell that held something else."""
    WITHDRAWN = "withdrawn"
    """A cell that is empty now."""
    CHECKED = "checked"
    """Another date of the last check of a row."""


POSITION, SHAPE = "position", "shape"
"""The columns that stand for ``lat`` and ``lon`` together, and for what is drawn on the map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    One thing that two catalogues tell differently.

    Attributes
    ----------
    table
        In which table.
    subject
        Id of what it is about: of the project for its money and its milestones, of the
        walk for its stops; the name of a street, street and number of a door.
    kind
        What became of it.
    column
        Which cell; `POSITION`, `SHAPE`, or empty for a whole row.
    before, after
        What it held and holds, None for what is not known; the sums of a `nature` in
        euro; latitude and longitude in degrees WGS84 of a `POSITION`; a shape in EPSG:4326.
        Of a declared end the latest that was declared, or the first where there is no other.
    old, new
        The row as it was and as it is, of the table's type; None where there is none, and
        for sums, which are of several rows.
    nature
        Of what money a sum is; empty for all else.
    metres
        How far apart the two positions lie, in the metric CRS of the city.
    months
        By at least and at most how many whole months a declared end has moved, as far as
        its dates tell.
    """

    table: str
    subject: str
    kind: Change
    column: str = ""
    before: Any = None
    after: Any = None
    old: Any = None
    new: Any = None
    nature: str = ""
    metres: float | None = None
    months: tuple[int, int] | None = None
