"""From the files of a city to its catalogue, together with all their faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from regen_map.catalogue import (
    PLACE_TABLES,
    TABLES,
    Catalogue,
    City,
    Record,
    Table,
    Vocabularies,
    to_frame,
)
from regen_map.intake import city as city_file
from regen_map.intake import terms as terms_file
from regen_map.intake.checks import check_rows, check_tables
from regen_map.intake.delimited import read_delimited
from regen_map.intake.drafts import Draft
from regen_map.intake.features import read_features
from regen_map.intake.fingerprint import content_version
from regen_map.intake.issues import FileError, Issue, Rule, Severity
from regen_map.intake.rows import read_rows


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
    """

    catalogue: Catalogue | None
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReading:
    """
    What one file gave.

    Attributes
    ----------
    table
        Which table it is.
    records
        The sound rows, in file order; empty where the file cannot be read.
    issues
        All faults, from top to bottom.
    """

    table: Table
    records: tuple[Record, ...]
    issues: tuple[Issue, ...]


def file_names() -> tuple[str, ...]:
    """List the names that the files of a city may have, canonical ones first."""
    names = [city_file.FILE, terms_file.FILE]
    for table in TABLES.values():
        names += _names_of(table)
    return tuple(names)


def read_catalogue(files: Mapping[str, bytes]) -> Reading:
    """
    Read a city.

    Parameters
    ----------
    files
        The contents by file name. Files of other names are left alone, with a
        notice.

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
    drafts, broken = _drafts(files, vocabularies)
    if not any(table.name in drafts for table in PLACE_TABLES):
        expected = ", ".join(table.file_name for table in PLACE_TABLES)
        if not any(name in files for table in PLACE_TABLES for name in _names_of(table)):
            issues.append(Issue(file=expected, rule=Rule.FILE_MISSING))
    if city is not None:
        for draft in drafts.values():
            check_rows(draft, city)
    check_tables(drafts)
    for name in TABLES:
        issues += broken.get(name, [])
        if name in drafts:
            issues += drafts[name].ordered_issues()
    catalogue = None
    if city is not None and any(table.name in drafts for table in PLACE_TABLES):
        catalogue = _catalogue(city, vocabularies, drafts)
    return Reading(catalogue=catalogue, issues=tuple(issues))


def read_table(
    name: str, content: bytes, *, city: City, vocabularies: Vocabularies
) -> TableReading:
    """
    Read one file by itself.

    Parameters
    ----------
    name
        The name of the file, such as ``"workshops.csv"``.
    content
        Its bytes.
    city, vocabularies
        Where positions may lie and which terms there are.

    Returns
    -------
    TableReading
        References to other tables are not checked.

    Raises
    ------
    ValueError
        If no table has a file of that name.
    """
    table = next((each for each in TABLES.values() if name in _names_of(each)), None)
    if table is None:
        message = f"The file must be one of {', '.join(file_names())}, got {name!r}."
        raise ValueError(message)
    try:
        draft = _draft(table, name, content, vocabularies)
    except FileError as error:
        return TableReading(table=table, records=(), issues=(error.issue(name),))
    check_rows(draft, city)
    records = tuple(entry.record for entry in draft.sound)
    return TableReading(table=table, records=records, issues=tuple(draft.ordered_issues()))


def _names_of(table: Table) -> list[str]:
    others = [f"{table.name}.{ending}" for ending in ("csv", "geojson")]
    allowed = others if table in PLACE_TABLES else [table.file_name]
    return sorted(allowed, key=lambda name: name != table.file_name)


def _city(files: Mapping[str, bytes]) -> tuple[City | None, list[Issue]]:
    if city_file.FILE not in files:
        return None, [Issue(file=city_file.FILE, rule=Rule.FILE_MISSING)]
    return city_file.read_city(files[city_file.FILE])


def _drafts(
    files: Mapping[str, bytes], vocabularies: Vocabularies
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
        try:
            drafts[table.name] = _draft(table, present[0], files[present[0]], vocabularies)
        except FileError as error:
            broken[table.name].append(error.issue(present[0]))
    return drafts, broken


def _draft(table: Table, name: str, content: bytes, vocabularies: Vocabularies) -> Draft:
    if name.endswith(".geojson"):
        sheet = read_features(content, name)
    else:
        sheet = read_delimited(content, name, table.names)
    return read_rows(sheet, table, name, vocabularies)


def _catalogue(city: City, vocabularies: Vocabularies, drafts: Mapping[str, Draft]) -> Catalogue:
    frames = {}
    for table in TABLES.values():
        entries = drafts[table.name].sound if table.name in drafts else []
        shaped = table.located and any(entry.geometry is not None for entry in entries)
        frames[table.name] = to_frame(
            [entry.record for entry in entries],
            table,
            [entry.shape for entry in entries] if shaped else None,
        )
    version = content_version(city, vocabularies, frames)
    return Catalogue(city, vocabularies, frames, version)
