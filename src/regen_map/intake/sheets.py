"""What every format is turned into before its cells are read: headings and rows of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

from regen_map.intake.issues import Issue


class Row(NamedTuple):
    """
    One row of a file.

    Attributes
    ----------
    cells
        As many as there are headings; a longer row has more cells than it should.
    line, number
        Where it stands: the line of a text file or the number of a feature.
    geometry
        What a GeoJSON feature draws, in EPSG:4326; None elsewhere.
    sound
        Whether nothing was wrong with the row so far.
    """

    cells: Sequence[str]
    line: int | None = None
    number: int | None = None
    geometry: BaseGeometry | None = None
    sound: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """
    The text of a file, whatever its format.

    Attributes
    ----------
    headings
        As the file spells them, without blanks around.
    rows
        In file order, empty ones left out.
    issues
        What was wrong with single rows, or worth knowing.
    """

    headings: tuple[str, ...]
    rows: list[Row]
    issues: list[Issue] = field(default_factory=list)
