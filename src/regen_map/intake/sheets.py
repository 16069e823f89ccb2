"""What every format is turned into before its cells are read: headings and rows of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        Where it stands: the line of a text file or the row of a sheet, and the
        number of a feature; both from 1.
    geometry
        What a feature draws, in the CRS of its sheet, x before y; None elsewhere.
    sound
        Whether nothing was wrong with the row so far.
    raw
        The text of a row that could not be split into cells; empty elsewhere.
    properties
        What a GeoJSON feature tells, as it tells it; None elsewhere.
    """

    cells: Sequence[str]
    line: int | None = None
    number: int | None = None
    geometry: BaseGeometry | None = None
    sound: bool = True
    raw: str = ""
    properties: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """
    Rows of text of which nobody knows yet which one is the header.

    Attributes
    ----------
    rows
        In file order, blank ones too; they may differ in length.
    italian
        Whether numbers may be written as Italian offices do: the cells are not
        split by commas.
    issues
        What was wrong with single rows, or worth knowing.
    """

    rows: list[Row]
    italian: bool = False
    issues: list[Issue] = field(default_factory=list)


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
    crs
        The CRS of the shapes as pyproj understands it; empty for longitude and
        latitude WGS84, and where the file does not tell.
    italian
        As in `Grid`.
    issues
        What was wrong with single rows, or worth knowing.
    """

    headings: tuple[str, ...]
    rows: list[Row]
    crs: str = ""
    italian: bool = False
    issues: list[Issue] = field(default_factory=list)
