"""``regen-map check``: tell what is wrong in files, and how to mend it."""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from regen_map.catalogue import PLACE_TABLES, TABLES, City, Table, Vocabularies
from regen_map.cli import mend, report
from regen_map.cli.arguments import Commands, existing_folder
from regen_map.gazetteer import Gazetteer, Located
from regen_map.intake import (
    Issue,
    Limits,
    Options,
    Rule,
    Severity,
    TableReading,
    file_names,
    gazetteer_from,
    read_catalogue,
    read_tables,
    table_of,
)
from regen_map.intake.advice import Locator
from regen_map.intake.drafts import Draft
from regen_map.messages import LANGUAGES, translator
from regen_map.messages.system import system_reason
from regen_map.store import (
    FolderPictures,
    data_folder,
    file_content,
    folder_contents,
    joined_issues,
    limits,
)

_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".geojson", ".json", ".gpkg", ".zip")
_NOT_TABLES = ("datapackage.json",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What a file by itself cannot tell."""

    city: City
    vocabularies: Vocabularies
    gazetteer: Locator
    drafts: Mapping[str, Draft]


def add(commands: Commands) -> None:
    """Describe the command."""
    check = commands.add_parser(
        "check",
        help="tell what is wrong in files, and how to mend it",
        description="Read files as the map does; tell every fault with file, line, column and"
        " remedy. Ends with 0 when there are no errors, 1 when there are, 2 when nothing can be"
        " read.",
    )
    check.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        help="a folder of a city, or files: CSV, Excel, OpenDocument, GeoJSON, GeoPackage, zipped"
        " Shapefile; Carrara's folder when not given",
    )
    check.add_argument(
        "--table",
        choices=TABLES,
        metavar="TABLE",
        help="what the files hold, one of %(choices)s; told by their names when not given",
    )
    check.add_argument(
        "--data",
        type=existing_folder,
        help="folder of the city that files belong to; their own, or Carrara's, when not given",
    )
    check.add_argument(
        "--lang", choices=LANGUAGES, default=LANGUAGES[0], help="default %(default)s"
    )
    check.add_argument(
        "--format", choices=report.FORMATS, default="text", help="default %(default)s"
    )
    check.add_argument("--strict", action="store_true", help="end with 1 on warnings too")
    check.add_argument(
        "--fix",
        type=Path,
        metavar="OUT",
        help="write the sound rows in canonical form into the folder OUT (or, for one file, into"
        " the file OUT), and the others beside them with the reason",
    )
    check.add_argument(
        "--limit",
        action="append",
        type=_limit,
        default=[],
        metavar="NAME=NUMBER",
        help="allow more, or less, than usual: " + ", ".join(Limits.__dataclass_fields__),
    )
    check.set_defaults(run=_check)


def _limit(text: str) -> str:
    try:
        Limits.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _check(given: argparse.Namespace) -> int:
    allowed = Limits.parse(",".join(given.limit)) if given.limit else limits()
    options = Options(
        limits=allowed, repair=given.fix is not None, today=dt.datetime.now(tz=dt.UTC).date()
    )
    paths = given.paths or [data_folder()]
    # Rows by the hundred thousand and no circles among them: looking for circles takes
    # a third of the time.
    gc.disable()
    try:
        if len(paths) == 1 and paths[0].is_dir():
            checked = _check_folder(paths[0], options)
        else:
            checked = _check_files(paths, given, options)
    finally:
        gc.freeze()
        gc.enable()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Programs expect UTF-8; people's terminals may know fewer characters.
        for_programs = given.format in ("json", "csv")
        encoding = "utf-8" if for_programs else sys.stdout.encoding
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
    sys.stdout.write(report.write(checked, given.format, given.lang))
    if given.fix is not None and (refusal := _mend(checked, given.fix, given.lang)):
        print(refusal, file=sys.stderr)
        return 2
    return _status(checked, strict=given.strict)


def _mend(checked: report.Checked, out: Path, language: str) -> str:
    try:
        return mend.write(checked, out, language)
    except OSError as error:
        words = translator(language)
        return words.text("mend.failed", out=out, reason=system_reason(error, words))


def _status(checked: report.Checked, *, strict: bool) -> int:
    if not checked.drafts:
        return 2
    weighs = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return int(any(issue.severity in weighs for issue in checked.issues))


def _check_folder(folder: Path, options: Options) -> report.Checked:
    files, refused = folder_contents(folder, options.limits)
    images = FolderPictures(folder, options.limits)
    reading = read_catalogue(files, replace(options, images=images))
    others = sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix.casefold() in _ENDINGS
        and path.name not in (*file_names(), *_NOT_TABLES)
        and not path.name.startswith((".", "~"))
        and not path.name.endswith(mend.QUARANTINE)
    )
    unknown = [
        Issue(
            file=name,
            rule=Rule.FILE_UNKNOWN,
            severity=Severity.NOTICE,
            suggestion=f"{table.name}{Path(name).suffix}" if (table := table_of(name)) else "",
        )
        for name in others
    ]
    return report.Checked(
        issues=tuple(joined_issues(refused, [*unknown, *reading.issues])),
        drafts={draft.file: draft for draft in reading.drafts.values()},
        paths={name: folder / name for name in files},
        contents=files,
    )


def _check_files(
    paths: Sequence[Path], given: argparse.Namespace, options: Options
) -> report.Checked:
    names = _names(paths)
    issues: list[Issue] = []
    files: dict[str, tuple[Table, bytes]] = {}
    for path, name in zip(paths, names, strict=True):
        table = TABLES[given.table] if given.table else table_of(path.name)
        found = file_content(path, name, options.limits)
        if isinstance(found, Issue):
            # A name that was typed is not a file that a city lacks.
            missing = found.rule is Rule.FILE_MISSING
            issues.append(Issue(file=name, rule=Rule.FILE_UNREADABLE) if missing else found)
        elif table is None:
            issues.append(Issue(file=name, rule=Rule.TABLE_UNKNOWN, expected=", ".join(TABLES)))
        else:
            files[name] = table, found
    context, faults = _context(
        paths[0], [table for table, _ in files.values()], given.data, options
    )
    issues += faults
    readings: dict[str, TableReading] = {}
    if context is not None:
        for group in _groups(files):
            readings |= read_tables(
                group,
                city=context.city,
                vocabularies=context.vocabularies,
                gazetteer=context.gazetteer,
                context=context.drafts,
                options=options,
            )
    drafts: dict[str, Draft] = {}
    for name, reading in readings.items():
        issues += reading.issues
        if reading.draft is not None:
            drafts[name] = reading.draft
    return report.Checked(
        issues=tuple(issues), drafts=drafts, paths=dict(zip(names, paths, strict=True))
    )


def _names(paths: Sequence[Path]) -> list[str]:
    """Call each file by its name, or by its path where names are the same."""
    names = [path.name for path in paths]
    return names if len(set(names)) == len(names) else [str(path) for path in paths]


def _groups(
    files: Mapping[str, tuple[Table, bytes]],
) -> list[dict[str, tuple[Table, bytes]]]:
    """Read files of different tables together, and each by itself where two hold the same."""
    tables = [table.name for table, _ in files.values()]
    if len(set(tables)) == len(tables):
        return [dict(files)]
    return [{name: held} for name, held in files.items()]


def _context(
    path: Path, tables: Sequence[Table], data: Path | None, options: Options
) -> tuple[_Context | None, list[Issue]]:
    """Find the city that files belong to; where there is none, say why."""
    beside = path.absolute().parent
    named = data or (beside if (beside / "city.toml").is_file() else None)
    files, refused = folder_contents(named or data_folder(), options.limits, _needed(tables))
    # Its own faults are told when that folder is checked.
    reading = read_catalogue(files, Options(limits=options.limits))
    if reading.city is None:
        return None, [issue for issue in (*refused, *reading.issues) if issue.file == "city.toml"]
    return (
        _Context(
            city=reading.city,
            vocabularies=reading.vocabularies,
            gazetteer=_Streets(reading.drafts),
            # Codes of another city's files would all be wrong.
            drafts=reading.drafts if named else {},
        ),
        [],
    )


def _needed(tables: Sequence[Table]) -> set[str]:
    """Name the tables that others refer to, however far, and those of the gazetteer."""
    needed = {"streets", "addresses"}
    waiting = list(tables)
    while waiting:
        referred = {column.refers_to for column in waiting.pop().columns if column.refers_to}
        if "places" in referred:
            referred = referred - {"places"} | {table.name for table in PLACE_TABLES}
        waiting += [TABLES[name] for name in referred - needed]
        needed |= referred
    return needed - {table.name for table in tables}


class _Streets:
    """The gazetteer of a city, made when the first address is asked for."""

    def __init__(self, drafts: Mapping[str, Draft]) -> None:
        self._drafts = drafts

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return gazetteer_from(self._drafts)

    def locate(self, text: str) -> Located | None:
        """Find an address, as `regen_map.gazetteer.Gazetteer.locate` does."""
        return self._gazetteer.locate(text)
