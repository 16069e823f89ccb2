"""A table as it should be written: sound rows in canonical form, the others set apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from regen_map.catalogue.text import cell_text, plain
from regen_map.intake.drafts import Draft, Entry
from regen_map.intake.issues import Issue

_POSITION = ("lat", "lon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """
    What to write instead of a file.

    Attributes
    ----------
    headings
        In the order of the file: the canonical name of each known column, the
        others as they are.
    rows
        The sound rows in file order: canonical text, and in unknown columns of a
        GeoJSON file what the feature has.
    shapes
        What each row draws, in EPSG:4326; None where the table is no GeoJSON.
    quarantine
        Each unsound row with its faults.
    """

    headings: tuple[str, ...]
    rows: Sequence[Sequence[object]]
    shapes: Sequence[BaseGeometry | None] | None
    quarantine: Sequence[tuple[Entry, Sequence[Issue]]]


def drawn(draft: Draft) -> bool:
    """Tell whether any sound row draws more than the point of ``lat`` and ``lon``."""
    shapes = (entry.geometry for entry in draft.sound)
    return any(shape is not None and not isinstance(shape, Point) for shape in shapes)


def repaired(draft: Draft, *, shaped: bool) -> Repaired:
    """
    Put a table into canonical form.

    Parameters
    ----------
    draft
        Read and checked; what was read with tolerance is written as it was
        read.
    shaped
        Whether it becomes GeoJSON; else positions stand in ``lat`` and ``lon``,
        and shapes other than points are lost (see `drawn`).

    Returns
    -------
    Repaired
        Reading its rows again gives the same values without any tolerance.
    """
    headings = draft.sheet.headings
    columns = {heading: name for name, heading in draft.headings.items()}
    sound = draft.sound
    kept = [
        place
        for place, heading in enumerate(headings)
        if heading or any(entry.row.cells[place].strip() for entry in sound)
    ]
    names = [columns.get(headings[place], headings[place]) for place in kept]
    added: tuple[str, ...] = ()
    if not shaped and any(entry.geometry is not None for entry in sound):
        added = tuple(name for name in _POSITION if name not in names)
    rows = [
        [
            *(_cell(entry, place, headings[place], columns.get(headings[place])) for place in kept),
            *(cell_text(entry.values.get(name)) for name in added),
        ]
        for entry in sound
    ]
    return Repaired(
        headings=(*names, *added),
        rows=rows,
        shapes=[entry.shape for entry in sound] if shaped else None,
        quarantine=_quarantine(draft),
    )


def _cell(entry: Entry, place: int, heading: str, name: str | None) -> object:
    cell = entry.row.cells[place]
    if name is None:
        if entry.row.properties is not None:
            return entry.row.properties.get(heading)
        return plain(cell)
    # What another column lent (a name in the other language) is not written as its own,
    # and what could not be told is left to be mended.
    if not cell.strip() or name not in entry.values:
        return ""
    value = entry.values[name]
    return cell if value is None else cell_text(value)


def _quarantine(draft: Draft) -> list[tuple[Entry, Sequence[Issue]]]:
    faults: dict[tuple[int | None, int | None], list[Issue]] = defaultdict(list)
    for issue in draft.issues:
        if issue.is_error:
            faults[issue.line, issue.row].append(issue)
    return [
        (entry, faults[entry.row.line, entry.row.number])
        for entry in draft.entries
        if not entry.sound
    ]
