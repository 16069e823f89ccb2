"""From the files of a city to its catalogue, together with all their faults."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from pathlib import PurePath
from typing import Any

from regen_map.catalogue import (
    PLACE_TABLES,
    TABLES,
    Catalogue,
    City,
    Table,
    Vocabularies,
    to_frame,
)
from regen_map.gazetteer import Gazetteer
from regen_map.intake import city as city_file
from regen_map.intake import terms as terms_file
from regen_map.intake.advice import (
    Locator,
    Picture,
    advise_pictures,
    advise_rows,
    advise_tables,
    propose_positions,
)
from regen_map.intake.checks import check_rows, check_tables
from regen_map.intake.drafts import Draft
from regen_map.intake.fingerprint import content_version
from regen_map.intake.formats.delimited import read_delimited
from regen_map.intake.formats.features import read_features
from regen_map.intake.formats.spreadsheets import read_workbook
from regen_map.intake.headings import find_header, score, spelled, table_words
from regen_map.intake.issues import FileError, Issue, Rule, Severity
from regen_map.intake.limits import LIMITS, Limits, megabytes
from regen_map.intake.positions import check_positions
from regen_map.intake.rows import read_rows
from regen_map.intake.sheets import Sheet

_WORD = re.compile(r"[^\W\d_]+|\d+")
_WORKBOOKS = (".xlsx", ".xls", ".ods")
_FEATURES = (".geojson", ".json")
_VECTORS = (".gpkg", ".zip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    How files are read.

    Attributes
    ----------
    limits
        What a file may cost.
    repair
        Whether faults with only one sure remedy are mended; else they are
        reported with it.
    today
        With it, sound rows are looked at too, and what looks old, doubled or
        contradictory is told; None for faults alone.
    images
        The pictures of the city, by name of the file; with them it is told which
        pictures of places will not be shown. None where nobody has looked.
    """

    limits: Limits = LIMITS
    repair: bool = False
    today: dt.date | None = None
    images: Mapping[str, Picture] | None = None


AS_IT_IS = Options()
"""Reading for the map: nothing is mended, nothing advised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    What the files of a city gave.

    Attributes
    ----------
    catalogue
        The sound rows; None without a city or without any table of places.
    issues
        All faults, file by file in the order of the tables, each file from top
        to bottom.
    drafts
        The tables that could be read, by name, with their unsound rows.
    city, vocabularies
        Its settings, None where they cannot be read, and its terms.
    """

    catalogue: Catalogue | None
    issues: tuple[Issue, ...]
    city: City | None
    vocabularies: Vocabularies
    drafts: Mapping[str, Draft] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReading:
    """
    What one file gave.

    Attributes
    ----------
    table
        Which table it is.
    draft
        Its rows, unsound ones too; None where the file cannot be read.
    issues
        All faults, from top to bottom.
    """

    table: Table
    draft: Draft | None
    issues: tuple[Issue, ...]

    @property
    def records(self) -> tuple[Any, ...]:
        """The sound rows, in file order; empty where the file cannot be read."""
        return tuple(self.draft.records()) if self.draft is not None else ()


def file_names() -> tuple[str, ...]:
    """List the names that the files of a city may have, canonical ones first."""
    names = [city_file.FILE, terms_file.FILE]
    for table in TABLES.values():
        names += _names_of(table)
    return tuple(names)


def table_of(name: str) -> Table | None:
    """
    Tell by the name of a file which table it holds.

    Parameters
    ----------
    name
        Such as ``"workshops.csv"``, ``"Workshops 2025 (1).xlsx"`` or
        ``"botteghe.ods"``.

    Returns
    -------
    Table or None
        The one with whose name, in the words of any language, the file's name
        starts, up to the end of a word of it; the longest name counts.
    """
    words = _WORD.findall(PurePath(name).stem)
    beginnings = {spelled("".join(words[: n + 1])) for n in range(len(words))}
    starts = [
        (len(word), table)
        for table in TABLES.values()
        for word in table_words(table)
        if word in beginnings
    ]
    return max(starts, key=itemgetter(0))[1] if starts else None


def read_catalogue(files: Mapping[str, bytes], options: Options = AS_IT_IS) -> Reading:
    """
    Read a city.

    Parameters
    ----------
    files
        The contents by file name. Files of other names are left alone, with a
        notice.
    options
        How they are read.

    Returns
    -------
    Reading
        A row with an error is left out, and so is a row that refers to it.
    """
    city, issues = _city(files)
    vocabularies, faults = terms_file.read_vocabularies(files.get(terms_file.FILE, b""))
    issues += faults
    issues += [
        Issue(file=name, rule=Rule.FILE_UNKNOWN, severity=Severity.NOTICE)
        for name in files
        if name not in file_names()
    ]
    drafts, broken = _drafts(files, city, vocabularies, options)
    if not any(table.name in drafts for table in PLACE_TABLES):
        expected = ", ".join(table.file_name for table in PLACE_TABLES)
        if not any(name in files for table in PLACE_TABLES for name in _names_of(table)):
            issues.append(Issue(file=expected, rule=Rule.FILE_MISSING))
    # A map must not refer to what it does not show; a report must not blame the rows for it.
    unread = [name for name, faults in broken.items() if faults and name not in drafts]
    check_tables(drafts, unread=unread if options.today is not None else ())
    if options.today is not None:
        gazetteer = gazetteer_from(drafts)
        _advise(drafts, options.today, gazetteer)
    _advise_pictures(drafts, options)
    for name in TABLES:
        issues += broken.get(name, [])
        if name in drafts:
            issues += drafts[name].ordered_issues()
    catalogue = None
    if city is not None and any(table.name in drafts for table in PLACE_TABLES):
        frames = {name: _frame(name, drafts) for name in TABLES}
        version = content_version(city, vocabularies, frames)
        catalogue = Catalogue(city, vocabularies, frames, version, _left_out(drafts))
    return Reading(
        catalogue=catalogue,
        issues=tuple(issues),
        drafts=drafts,
        city=city,
        vocabularies=vocabularies,
    )


def _left_out(drafts: Mapping[str, Draft]) -> Mapping[str, frozenset[str]]:
    """Name the rows that are left out because of a fault, of the tables with ids."""
    return {
        name: frozenset(
            str(entry.values["id"])
            for entry in draft.entries
            if not entry.sound and entry.values.get("id")
        )
        for name, draft in drafts.items()
        if "id" in draft.table.names
    }


def read_tables(  # noqa: PLR0913 - what files alone cannot tell
    files: Mapping[str, tuple[Table, bytes]],
    *,
    city: City,
    vocabularies: Vocabularies,
    options: Options = AS_IT_IS,
    gazetteer: Locator | None = None,
    context: Mapping[str, Draft] | None = None,
) -> Mapping[str, TableReading]:
    """
    Read a few files by themselves, each of another table.

    Parameters
    ----------
    files
        The table and the content by name of the file.
    city, vocabularies
        Where positions may lie and which terms there are.
    options
        How they are read.
    gazetteer
        Where addresses without a position are looked up, if advice is wanted.
    context
        The other tables of the city, to which rows may refer.

    Returns
    -------
    Mapping of str to TableReading
        By name of the file. References to tables that are nowhere are not
        checked, and that is told.
    """
    drafts: dict[str, Draft] = {}
    broken: dict[str, Issue] = {}
    for table in TABLES.values():
        for name in (name for name, (held, _) in files.items() if held is table):
            try:
                content = files[name][1]
                drafts[table.name] = _draft(table, name, content, city, vocabularies, options)
            except FileError as error:
                broken[name] = error.issue(name)
    check_tables(drafts, context=context or {})
    if options.today is not None:
        _advise(drafts, options.today, gazetteer)
    _advise_pictures(drafts, options)
    readings = {}
    for name, (table, _) in files.items():
        draft = drafts.get(table.name) if name not in broken else None
        issues = [broken[name]] if draft is None else draft.ordered_issues()
        readings[name] = TableReading(table=table, draft=draft, issues=tuple(issues))
    return readings


def read_table(
    name: str,
    content: bytes,
    *,
    city: City,
    vocabularies: Vocabularies,
    options: Options = AS_IT_IS,
) -> TableReading:
    """
    Read one file by itself.

    Parameters
    ----------
    name
        The name of the file, such as ``"workshops.csv"``; it tells the table.
    content
        Its bytes.
    city, vocabularies, options
        As in `read_tables`.

    Raises
    ------
    ValueError
        If the name of the file tells no table.
    """
    table = table_of(name)
    if table is None:
        message = f"The file must be named like one of {', '.join(TABLES)}, got {name!r}."
        raise ValueError(message)
    files = {name: (table, content)}
    return read_tables(files, city=city, vocabularies=vocabularies, options=options)[name]


def gazetteer_from(drafts: Mapping[str, Draft]) -> Gazetteer:
    """Make a gazetteer of the sound streets and addresses of a city."""
    return Gazetteer(_frame("streets", drafts), _frame("addresses", drafts))


def _advise(drafts: Mapping[str, Draft], today: dt.date, gazetteer: Locator | None) -> None:
    for draft in drafts.values():
        advise_rows(draft, today)
        if gazetteer is not None:
            propose_positions(draft, gazetteer)
    advise_tables(drafts)


def _advise_pictures(drafts: Mapping[str, Draft], options: Options) -> None:
    if options.today is None and options.images is None:
        return
    for draft in drafts.values():
        advise_pictures(draft, options.images, options.limits)


def _names_of(table: Table) -> list[str]:
    endings = [".csv", *_WORKBOOKS]
    if table.located:
        endings += [".geojson", *_VECTORS]
    names = [f"{table.name}{ending}" for ending in endings]
    return sorted(names, key=lambda name: name != table.file_name)


def _city(files: Mapping[str, bytes]) -> tuple[City | None, list[Issue]]:
    if city_file.FILE not in files:
        return None, [Issue(file=city_file.FILE, rule=Rule.FILE_MISSING)]
    return city_file.read_city(files[city_file.FILE])


def _drafts(
    files: Mapping[str, bytes], city: City | None, vocabularies: Vocabularies, options: Options
) -> tuple[dict[str, Draft], dict[str, list[Issue]]]:
    """Read every table there is; give also the faults of those that cannot be read."""
    drafts: dict[str, Draft] = {}
    broken: dict[str, list[Issue]] = {}
    for table in TABLES.values():
        present = [name for name in _names_of(table) if name in files]
        broken[table.name] = [
            Issue(file=name, rule=Rule.TABLE_TWICE, expected=present[0]) for name in present[1:]
        ]
        if not present:
            continue
        name = present[0]
        try:
            drafts[table.name] = _draft(table, name, files[name], city, vocabularies, options)
        except FileError as error:
            broken[table.name].append(error.issue(name))
    return drafts, broken


def _draft(  # noqa: PLR0913, PLR0917
    table: Table,
    name: str,
    content: bytes,
    city: City | None,
    vocabularies: Vocabularies,
    options: Options,
) -> Draft:
    sheet = _sheet(table, name, content, options.limits)
    draft = read_rows(sheet, table, name, vocabularies, options.limits)
    if city is not None:
        check_positions(draft, city, repair=options.repair)
        check_rows(draft)
    return draft


def _sheet(table: Table, name: str, content: bytes, limits: Limits) -> Sheet:
    """Read a file of any format; its ending tells which."""
    if len(content) > limits.file_bytes:
        raise FileError(
            Rule.FILE_TOO_LARGE,
            found=megabytes(len(content)),
            expected=megabytes(limits.file_bytes),
        )
    ending = PurePath(name).suffix.casefold()
    if ending in _FEATURES:
        return read_features(content, name, limits)
    if ending in _VECTORS:
        # GDAL takes its time to load, and most files do without.
        from regen_map.intake.formats.vector import read_vector  # noqa: PLC0415

        return read_vector(content, name, table_words(table), limits)
    if ending in _WORKBOOKS:
        grid = read_workbook(content, name, table_words(table), limits)
    else:
        grid = read_delimited(content, name, partial(score, table=table), limits)
    return find_header(grid, table, name)


def _frame(name: str, drafts: Mapping[str, Draft]) -> Any:
    table = TABLES[name]
    draft = drafts.get(name)
    if draft is None:
        return to_frame([], table)
    entries = draft.sound
    shaped = table.located and any(entry.geometry is not None for entry in entries)
    return to_frame(draft.records(), table, [entry.shape for entry in entries] if shaped else None)
