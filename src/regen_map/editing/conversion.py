"""A table put into its canonical format, with its faults, where its file cannot be written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

import shapely
from shapely.geometry import mapping

from regen_map.catalogue import Table
from regen_map.catalogue.text import cell_text, neutral, plain
from regen_map.editing.faults import UnwritableError
from regen_map.editing.features import collection_of, feature_text
from regen_map.intake.drafts import Draft, Entry
from regen_map.intake.repair import drawn

_POSITION = ("lat", "lon")


def converted(draft: Draft) -> tuple[str, bytes]:
    """
    Write a table in the format that can be changed row by row.

    Parameters
    ----------
    draft
        The table with its unsound rows.

    Returns
    -------
    str, bytes
        The name of the file, a GeoJSON one where the table is one or where anything
        draws more than a point, else a CSV one; and its content. Every row is there in its
        order: what was understood in canonical form, all else as it stands.

    Raises
    ------
    UnwritableError
        If a row draws what cannot be read, which would be lost.
    """
    name = converted_name(draft)
    return name, _geojson(draft) if name.endswith(".geojson") else _csv(draft)


def converted_name(draft: Draft) -> str:
    """Name the file that `converted` writes; raises as it does."""
    lost = any(not entry.row.sound and not entry.row.raw for entry in draft.entries)
    if lost:
        raise UnwritableError(draft.file)
    return f"{draft.table.name}{'.geojson' if draft.table.geometry or drawn(draft) else '.csv'}"


def empty(table: Table) -> tuple[str, bytes]:
    """Write the canonical file of a table without rows: its name and its content."""
    if table.geometry:
        return table.file_name, collection_of([])
    return table.file_name, _lines([list(table.names)])


def _csv(draft: Draft) -> bytes:
    names = _names(draft)
    shaped = any(entry.geometry is not None for entry in draft.entries)
    added = [each for each in _POSITION if shaped and each not in names.values()]
    rows = [[*names.values(), *added]]
    for entry in draft.entries:
        cells = _cells(draft, entry)
        texts = [cells.get(heading, "") for heading in names]
        texts += [cell_text(entry.values.get(each)) for each in added]
        rows.append([*texts, *entry.row.cells[len(draft.sheet.headings) :]])
    return _lines(rows)


def _geojson(draft: Draft) -> bytes:
    names = _names(draft)
    features = []
    for entry in draft.entries:
        if entry.row.raw:
            features.append(entry.row.raw)
            continue
        cells = _cells(draft, entry)
        properties: dict[str, object] = {
            name: neutral(cells[heading]) or None
            for heading, name in names.items()
            if heading in cells
        }
        shape = entry.geometry if entry.geometry is not None else entry.shape
        if shape is None:
            features.append(feature_text(properties, None))
            continue
        if shape.geom_type == "Point":
            properties = {key: each for key, each in properties.items() if key not in _POSITION}
        features.append(feature_text(properties, mapping(shapely.orient_polygons(shape))))
    for each in features:
        json.loads(each)
    return collection_of(features)


def _names(draft: Draft) -> Mapping[str, str]:
    """Give the headings to write by those that stand there."""
    columns = {heading: name for name, heading in draft.headings.items()}
    return {each: columns.get(each, each) for each in draft.sheet.headings if each}


def _cells(draft: Draft, entry: Entry) -> dict[str, str]:
    columns = {heading: name for name, heading in draft.headings.items()}
    cells = {}
    for heading, text in zip(draft.sheet.headings, entry.row.cells, strict=False):
        name = columns.get(heading)
        value = entry.values.get(name) if name and text.strip() else None
        cells[heading] = cell_text(value) if value is not None else plain(text)
    return cells


def _lines(rows: list[list[str]]) -> bytes:
    written = []
    for row in rows:
        line = io.StringIO()
        # The module quotes only the line breaks that it writes itself.
        csv.writer(line, lineterminator="\r\n").writerow(map(neutral, row))
        written.append(line.getvalue().removesuffix("\r\n") + "\n")
    return "".join(written).encode("utf-8", "replace")
