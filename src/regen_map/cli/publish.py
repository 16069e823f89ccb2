"""``regen-map publish``: put files into the folder of a city, checked and in one step."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path, PurePath

from regen_map.catalogue import TABLES
from regen_map.cli.arguments import Commands, chosen_store, existing_folder
from regen_map.cli.output import cannot_write, for_people, progress
from regen_map.cli.publication import UNABLE, Publication, add_arguments
from regen_map.intake import Issue
from regen_map.intake.file_name import held_by, stored_name
from regen_map.messages import Translator, translator
from regen_map.messages.issues import describe, visible
from regen_map.store import draft_of, file_content, limits

_LONGEST_NAME = 200


class _FilesError(Exception):
    """The files cannot be taken; the message is for people."""


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
    parser.add_argument(
        "--folder", type=existing_folder, help="folder of a city; Carrara's when not given"
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
    for_people()
    words = translator(given.lang)
    store = chosen_store(given.folder)
    if not store.keeps_history:
        print(words.text("publish.off"), file=sys.stderr)
        return UNABLE
    try:
        files = _files(given.files, given.table, words)
        progress(words.text("publish.reading"))
        draft = draft_of(store, files)
    except _FilesError as error:
        print(error, file=sys.stderr)
        return UNABLE
    except OSError as error:
        print(cannot_write(error, words), file=sys.stderr)
        return UNABLE
    return Publication(given, store, partial=given.partial).run(draft)


def _files(paths: Sequence[Path], table: str | None, words: Translator) -> dict[str, bytes]:
    """Read files, each under the name that it has in the folder of a city."""
    if table and len(paths) > 1:
        raise _FilesError(words.text("publish.one_file"))
    found: dict[str, bytes] = {}
    for path in paths:
        name = stored_name(path.name, table or held_by(path.name))
        if not name:
            told = words.text("publish.unknown_file", file=visible(path.name, _LONGEST_NAME))
            raise _FilesError(told)
        if PurePath(name).stem in {PurePath(each).stem for each in found}:
            told = words.text("publish.same_table", file=visible(path.name, _LONGEST_NAME))
            raise _FilesError(told)
        content = file_content(path, path.name, limits())
        if isinstance(content, Issue):
            raise _FilesError(describe(content, words.language))
        found[name] = content
    return found
