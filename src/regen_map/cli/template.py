"""``regen-map template``: files to fill in."""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path

from regen_map.catalogue import TABLES, Catalogue, Table, records
from regen_map.cli.arguments import Commands, existing_folder, load
from regen_map.messages import LANGUAGES, translator
from regen_map.store import write_whole

_EXAMPLES = 3


def add(commands: Commands) -> None:
    """Describe the command."""
    template = commands.add_parser(
        "template",
        help="write an empty table to fill in, and a filled example",
        description="Write an empty table to fill in, and an example filled with rows of the city:"
        " two CSV files, or a workbook with drop-down lists and explanations.",
    )
    template.add_argument(
        "table", choices=TABLES, metavar="TABLE", help="which table, one of %(choices)s"
    )
    template.add_argument("--xlsx", action="store_true", help="a workbook for Excel or LibreOffice")
    template.add_argument(
        "--out", type=existing_folder, default=Path(), help="folder; the current when not given"
    )
    template.add_argument(
        "--data", type=existing_folder, help="folder of the city; Carrara's when not given"
    )
    template.add_argument(
        "--lang", choices=LANGUAGES, default=LANGUAGES[0], help="default %(default)s"
    )
    template.set_defaults(run=_template)


def _template(given: argparse.Namespace) -> int:
    catalogue = load(given.data, given.lang)
    if catalogue is None:
        return 2
    words = translator(given.lang)
    files = _files(TABLES[given.table], catalogue, given.lang, xlsx=given.xlsx)
    paths = {given.out / name: content for name, content in files.items()}
    for path in paths:
        if path.exists():
            print(words.text("template.exists", path=path), file=sys.stderr)
            return 1
    for path, content in paths.items():
        write_whole(path, content)
        print(words.text("template.written", path=path))
    return 0


def _files(table: Table, catalogue: Catalogue, language: str, *, xlsx: bool) -> dict[str, bytes]:
    from regen_map.export.template import (  # noqa: PLC0415 - slow, and only for this
        template_csv,
        template_xlsx,
    )

    example = list(itertools.islice(records(catalogue.table(table.name), table), _EXAMPLES))
    if not xlsx:
        return {
            f"{table.name}-template.csv": template_csv(table),
            f"{table.name}-example.csv": template_csv(table, example),
        }
    city = catalogue.city
    workbook = template_xlsx(table, catalogue.vocabularies, example, language, city.extent)
    return {f"{table.name}-template.xlsx": workbook}
