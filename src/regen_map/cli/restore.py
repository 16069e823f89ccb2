"""``regen-map restore``: publish the contents of an old version again."""

from __future__ import annotations

import argparse
import sys

from regen_map.cli.arguments import Commands, chosen_store, existing_folder
from regen_map.cli.diff import StateError, find_version
from regen_map.cli.output import cannot_write, for_people, progress
from regen_map.cli.publication import UNABLE, Publication, add_arguments
from regen_map.messages import translator
from regen_map.query.desk_link import version_number
from regen_map.store import VersionError, draft_to_restore


def add(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "restore",
        help="publish the contents of an old version again",
        description="Make the files of a folder what they were in a version, as a new version:"
        " what came after stays in the history. Ends as publish does.",
    )
    parser.add_argument("version", metavar="VERSION", type=_version, help="such as v3")
    parser.add_argument(
        "--folder", type=existing_folder, help="folder of a city; Carrara's when not given"
    )
    add_arguments(parser)
    parser.set_defaults(run=_restore)


def _version(text: str) -> int:
    number = version_number(text)
    if number is None:
        message = f"a version is named like v3, got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return number


def _restore(given: argparse.Namespace) -> int:
    for_people()
    words = translator(given.lang)
    store = chosen_store(given.folder)
    if not store.keeps_history:
        print(words.text("publish.off"), file=sys.stderr)
        return UNABLE
    progress(words.text("publish.reading"))
    try:
        draft = draft_to_restore(store, find_version(store, given.version, words))
    except StateError as error:
        print(error, file=sys.stderr)
        return UNABLE
    except VersionError:
        print(words.text("publish.version_gone", number=given.version), file=sys.stderr)
        return UNABLE
    except OSError as error:
        print(cannot_write(error, words), file=sys.stderr)
        return UNABLE
    return Publication(given, store).run(draft)
