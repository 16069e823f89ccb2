"""One row of one table changed, added or taken away: from files to files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from shapely.geometry import Point

from regen_map.catalogue import Table
from regen_map.catalogue.text import plain
from regen_map.editing.conversion import converted, converted_name, empty
from regen_map.editing.delimited import DelimitedFile
from regen_map.editing.faults import UnwritableError
from regen_map.editing.features import KEPT, FeatureFile
from regen_map.editing.rows import Files, Ref, Row, table_named
from regen_map.intake import Rule
from regen_map.intake.drafts import Draft, Entry

_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,15})?")
_HALF = re.compile("[\ud800-\udfff]")
_FARTHEST = 180.0
_WINDOWS = "cp1252"
"""What a text that is no Unicode is taken for; see `regen_map.intake.formats.encoding`."""
_POSITION = ("lat", "lon")
_CSV = ".csv"
_FEATURES = (".geojson", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """
    What an edit makes of the files.

    Attributes
    ----------
    changed
        The files that become others, by name; None for one that goes.
    files
        All files with them.
    table, at
        Where the row is now: the name of the table, and its place among the rows of the
        file, from 0; None where it is gone.
    """

    changed: Mapping[str, bytes | None]
    files: Files
    table: str
    at: int | None

    @property
    def row(self) -> Row | None:
        """The row as it is now; None where it is gone."""
        return None if self.at is None else self.files.row_at(self.table, self.at)


def changed(files: Files, ref: Ref, cells: Mapping[str, str]) -> Edited:
    """
    Write other texts into some cells of a row.

    Parameters
    ----------
    files
        As they are.
    ref
        Which row; an unsound one is mended in this way.
    cells
        The texts by name of the column; an empty one is not known any more. ``lat`` and
        ``lon`` move what a feature draws as a point; beside an area they are written
        as they are. Halves of characters, which no encoding has, are replaced.

    Returns
    -------
    Edited
        All other rows, and all other cells of a CSV or GeoJSON file, stand there byte for
        byte as they did; see `converts_to`.

    Raises
    ------
    RowGoneError
        If the row is not there any more.
    UnwritableError
        If the file cannot be changed in this one row, or would not be read as it was
        written.
    """
    row = files.row(ref)
    cells = {name: encodable(text) for name, text in cells.items()}
    moved = not set(_POSITION).isdisjoint(cells)
    start, conversion = _writable(files, table_named(ref.table), moved=moved)
    at = row.ref.at
    draft = _draft(start, ref.table)
    entry = draft.entries[at]
    named = {draft.headings.get(name, name): text for name, text in cells.items()}
    content = start.contents[draft.file]
    if draft.file.endswith(_CSV):
        line = _line(entry, draft)
        file = DelimitedFile(content, draft.file, draft.sheet.headings)
        written = file.changed(line, named)
    else:
        number = entry.row.number or 0
        properties, shape = shaped(draft, entry, cells)
        features = FeatureFile(content, draft.file)
        numeric = _numeric(draft)
        written = features.changed(number, properties, numeric=numeric, shape=shape)
    return _edited(start, conversion, draft, written, at=at, cells=cells)


def added(files: Files, table: str, cells: Mapping[str, str]) -> Edited:
    """
    Write a new row below the last one.

    Parameters
    ----------
    files
        As they are. A table that has no file gets its canonical one.
    table
        Its name.
    cells
        As of `changed`.

    Raises
    ------
    UnwritableError
        As `changed`.
    """
    cells = {name: encodable(text) for name, text in cells.items()}
    start, conversion = _writable(files, table_named(table), moved=True)
    draft = _draft(start, table)
    content = start.contents[draft.file]
    if draft.file.endswith(_CSV):
        named = {draft.headings.get(name, name): text for name, text in cells.items()}
        written = DelimitedFile(content, draft.file, draft.sheet.headings).added(named)
    else:
        properties, shape = shaped(draft, None, {**dict.fromkeys(draft.table.names, ""), **cells})
        features = FeatureFile(content, draft.file)
        shape = None if shape is KEPT else shape
        written = features.added(properties, numeric=_numeric(draft), shape=shape)
    return _edited(start, conversion, draft, written, at=len(draft.entries), cells=cells)


def removed(files: Files, ref: Ref) -> Edited:
    """
    Take a row away.

    Raises
    ------
    RowGoneError, UnwritableError
        As `changed`.
    """
    row = files.row(ref)
    start, conversion = _writable(files, table_named(ref.table), moved=False)
    draft = _draft(start, ref.table)
    entry = draft.entries[row.ref.at]
    content = start.contents[draft.file]
    if draft.file.endswith(_CSV):
        file = DelimitedFile(content, draft.file, draft.sheet.headings)
        written = file.removed(_line(entry, draft))
    else:
        written = FeatureFile(content, draft.file).removed(entry.row.number or 0)
    return _edited(start, conversion, draft, written, at=row.ref.at, cells=None)


def converts_to(files: Files, table: str) -> str:
    """
    Tell whether edits of a table write it into another format.

    Returns
    -------
    str
        The name of the file: a table that lies in a spreadsheet or in a GeoPackage becomes
        a CSV or a GeoJSON file with the first edit, and one of features in metres becomes
        one in degrees with the first position. Empty where the file stays as it is.
    """
    draft = files.draft(table)
    if draft is None or _stays(draft, moved=True):
        return ""
    try:
        return converted_name(draft)
    except UnwritableError:
        return ""


class Reencoded(NamedTuple):
    """
    A file of text that an edit writes in another encoding.

    Attributes
    ----------
    file
        Its name.
    mixed
        Whether its lines are in two encodings already.
    lacking
        The characters that its encoding lacks, each once.
    """

    file: str
    mixed: bool
    lacking: str


def becomes_unicode(files: Files, table: str, texts: Iterable[str]) -> Reencoded | None:
    """
    Tell whether edits of a table write all of its file in UTF-8, which it is not in.

    Parameters
    ----------
    files
        As they are.
    table
        The name of the table.
    texts
        What is to be written.

    Returns
    -------
    Reencoded or None
        None where the file keeps its encoding, and where `converts_to` tells of another
        format.
    """
    draft = files.draft(table)
    if draft is None or not _stays(draft, moved=True):
        return None
    rules = {issue.rule for issue in draft.issues}
    if Rule.ENCODING_MIXED in rules:
        return Reencoded(draft.file, mixed=True, lacking="")
    if Rule.ENCODING_ASSUMED not in rules:
        return None
    written = dict.fromkeys("".join(texts))
    lacking = "".join(each for each in written if not each.encode(_WINDOWS, "ignore"))
    return Reencoded(draft.file, mixed=False, lacking=lacking) if lacking else None


def _stays(draft: Draft, *, moved: bool) -> bool:
    if draft.file.endswith(_CSV):
        return True
    return draft.file.endswith(_FEATURES) and (not moved or _in_degrees(draft))


def _writable(
    files: Files, table: Table, *, moved: bool
) -> tuple[Files, Mapping[str, bytes | None]]:
    """Give files in which the table can be changed, and what had to be done for it."""
    draft = files.draft(table.name)
    made: dict[str, bytes | None]
    if draft is None:
        if lost := files.unreadable(table.name):
            raise UnwritableError(lost)
        made = dict([empty(table)])
    elif _stays(draft, moved=moved):
        return files, {}
    else:
        new, content = converted(draft)
        made = {draft.file: None, new: content}
    return files.with_files(made), made


def _draft(files: Files, table: str) -> Draft:
    draft = files.draft(table)
    if draft is None:
        raise UnwritableError(files.file_of(table) or table)
    return draft


def _line(entry: Entry, draft: Draft) -> int:
    if entry.row.line is None:
        raise UnwritableError(draft.file)
    return entry.row.line


def encodable(text: str) -> str:
    """Replace halves of characters, which no encoding has."""
    return _HALF.sub("\ufffd", text)


def _in_degrees(draft: Draft) -> bool:
    if draft.sheet.crs:
        return False
    shapes = (row.geometry for row in draft.sheet.rows if row.geometry is not None)
    return all(max(map(abs, shape.bounds)) <= _FARTHEST for shape in shapes)


def _numeric(draft: Draft) -> list[str]:
    return [
        draft.headings.get(column.name, column.name)
        for column in draft.table.columns
        if column.cell.is_number
    ]


def shaped(
    draft: Draft, entry: Entry | None, cells: Mapping[str, str]
) -> tuple[dict[str, str], Any]:
    """
    Tell what becomes of the properties and of the shape of a feature.

    Parameters
    ----------
    draft, entry
        The feature and its table; None for a new one.
    cells
        As of `changed`.

    Returns
    -------
    dict of str to str, and dict, None or KEPT
        The texts by heading; the geometry as GeoJSON has it, longitude before latitude.
    """
    named = {draft.headings.get(name, name): text for name, text in cells.items()}
    if not set(_POSITION) & set(cells):
        return named, KEPT
    drawn = entry.row.geometry if entry else None
    if drawn is not None and not isinstance(drawn, Point):
        return named, KEPT
    lat, lon = (
        cells.get(name, str(entry.values.get(name, "")) if entry else "") for name in _POSITION
    )
    headings = [draft.headings.get(name, name) for name in _POSITION]
    told = entry is not None and any(name in draft.headings for name in _POSITION)
    if all(map(_DEGREES.fullmatch, (lat, lon))) or (not lat and not lon):
        for heading in headings:
            named.pop(heading, None)
        if told:
            named |= dict.fromkeys(headings, "")
        point = {"type": "Point", "coordinates": [float(lon), float(lat)]} if lat else None
        return named, point
    # What is no position stays a text, and is told as a fault.
    return named | dict(zip(headings, (lat, lon), strict=True)), None


def _edited(  # noqa: PLR0913 - what an edit is made of
    start: Files,
    conversion: Mapping[str, bytes | None],
    draft: Draft,
    written: bytes,
    *,
    at: int,
    cells: Mapping[str, str] | None,
) -> Edited:
    """Read what was written; it must be what was meant, and nothing else."""
    after = start.with_files({draft.file: written})
    new = after.draft(draft.table.name)
    if new is None or new.file != draft.file or not _same(draft, new, at, cells):
        raise UnwritableError(draft.file)
    return Edited(
        changed={**conversion, draft.file: written},
        files=after,
        table=draft.table.name,
        at=None if cells is None else at,
    )


def _same(old: Draft, new: Draft, at: int, cells: Mapping[str, str] | None) -> bool:
    before, after = list(old.entries), list(new.entries)
    if cells is not None:
        if not at < len(after) or not _says(new, after[at], cells):
            return False
        del after[at]
    if at < len(before):
        del before[at]
    if len(before) != len(after) or (old.sheet.headings and old.sheet.italian != new.sheet.italian):
        return False
    return all(
        _texts(old, one) == _texts(new, other) and one.row.geometry == other.row.geometry
        for one, other in zip(before, after, strict=True)
    )


def _says(draft: Draft, entry: Entry, cells: Mapping[str, str]) -> bool:
    row = entry.row
    places = {heading: place for place, heading in enumerate(draft.sheet.headings)}
    for name, text in cells.items():
        if name in _POSITION and draft.file.endswith(_FEATURES):
            continue
        place = places.get(draft.headings.get(name, ""), len(row.cells))
        if (plain(row.cells[place]) if place < len(row.cells) else "") != text:
            return False
    return not row.raw


def _texts(draft: Draft, entry: Entry) -> tuple[object, ...]:
    named = zip(draft.sheet.headings, entry.row.cells, strict=False)
    told = frozenset((heading, text) for heading, text in named if text)
    beyond = tuple(entry.row.cells[len(draft.sheet.headings) :])
    return told, beyond, entry.row.raw
