"""A table as it should be written: sound rows in canonical form, the others set apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from regen_map.catalogue.text import cell_text
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
        The sound rows in file order, in canonical text.
    shapes
        What each row draws, in EPSG:4326; None where the table holds no more
        than points, which stand in ``lat`` and ``lon``.
    quarantine
        The text of each unsound row as the file has it, with its faults.
    """

    headings: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    shapes: Sequence[BaseGeometry | None] | None
    quarantine: Sequence[tuple[Entry, Sequence[Issue]]]


def repaired(draft: Draft) -> Repaired:
    """
    Put a table into canonical form.

    Parameters
    ----------
    draft
        Read and checked; what was read with tolerance is written as it was
        read.

    Returns
    -------
    Repaired
        Reading its rows again gives the same values without any tolerance.
    """
    sheet = draft.sheet
    columns = {heading: name for name, heading in draft.headings.items()}
    names = [columns.get(heading, heading) for heading in sheet.headings]
    sound = draft.sound
    drawn = [entry.geometry for entry in sound]
    shaped = draft.table.geometry or any(
        shape is not None and not isinstance(shape, Point) for shape in drawn
    )
    added: tuple[str, ...] = ()
    if not shaped and any(shape is not None for shape in drawn):
        added = tuple(name for name in _POSITION if name not in names)
    kept = [place for place, heading in enumerate(sheet.headings) if heading]
    rows = [
        [
            *(_text(entry, place, sheet.headings[place], columns) for place in kept),
            *(cell_text(entry.values.get(name)) for name in added),
        ]
        for entry in sound
    ]
    return Repaired(
        headings=(*(names[place] for place in kept), *added),
        rows=rows,
        shapes=[entry.shape for entry in sound] if shaped else None,
        quarantine=_quarantine(draft),
    )


def _text(entry: Entry, place: int, heading: str, columns: dict[str, str]) -> str:
    cell = entry.row.cells[place]
    name = columns.get(heading)
    if name is None:
        return cell
    # What another column lent (a name in the other language) is not written as its own.
    return cell_text(entry.values.get(name)) if cell.strip() else ""


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
