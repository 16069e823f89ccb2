"""``regen-map publish``: put files into the folder of a city, checked and in one step."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path, PurePath

from regen_map.catalogue import TABLES
from regen_map.cli.arguments import Commands
from regen_map.cli.output import progress
from regen_map.cli.publication import add_arguments, publish_draft
from regen_map.cli.stopping import StopError
from regen_map.intake import Issue
from regen_map.intake.file_name import held_by, stored_name
from regen_map.messages import Translator
from regen_map.messages.issues import describe, visible
from regen_map.store import Draft, Store, draft_of, file_content, limits

_LONGEST_NAME = 200


def add(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "publish",
        help="put files into the folder of a city, checked and in one step",
        description="Check files, tell what they would change, and put them all into the folder"
        " of a city in one step, as a version of its history. A table has one file: its file in"
        " another format goes. Changes that somebody publishes meanwhile are kept, or it stops."
        " Ends with 0 when all went well, 1 when the data are against it, 2 when nothing can be"
        " done, 3 when somebody else has changed the same rows.",
    )
    parser.add_argument(
        "files", metavar="FILE", nargs="+", type=Path, help="named as tables, as check takes them"
    )
    parser.add_argument("--table", choices=TABLES, metavar="TABLE", help="what a single file holds")
    parser.add_argument(
        "--partial",
        action="store_true",
        help="publish although rows have errors: they stay in the file and off the map until"
        " they are mended; none that is on the map may be among them",
    )
    add_arguments(parser)
    parser.set_defaults(run=_publish)


def _publish(given: argparse.Namespace) -> int:
    def draft(store: Store, words: Translator) -> Draft:
        files = _files(given.files, given.table, words)
        progress(words.text("publish.reading"))
        return draft_of(store, files)

    return publish_draft(given, draft, partial=given.partial)


def _files(paths: Sequence[Path], table: str | None, words: Translator) -> dict[str, bytes]:
    """Read files, each under the name that it has in the folder of a city."""
    if table and len(paths) > 1:
        raise StopError(words.text("publish.one_file"))
    found: dict[str, bytes] = {}
    for path in paths:
        name = stored_name(path.name, table or held_by(path.name))
        if not name:
            told = words.text("publish.unknown_file", file=visible(path.name, _LONGEST_NAME))
            raise StopError(told)
        if PurePath(name).stem in {PurePath(each).stem for each in found}:
            told = words.text("publish.same_table", file=visible(path.name, _LONGEST_NAME))
            raise StopError(told)
        content = file_content(path, path.name, limits())
        if isinstance(content, Issue):
            raise StopError(describe(content, words.language))
        found[name] = content
    return found
