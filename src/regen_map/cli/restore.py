"""``regen-map restore``: publish the contents of an old version again."""

from __future__ import annotations

import argparse

from regen_map.cli.arguments import Commands
from regen_map.cli.diff import find_version
from regen_map.cli.output import progress
from regen_map.cli.publication import add_arguments, publish_draft
from regen_map.cli.stopping import StopError
from regen_map.messages import Translator
from regen_map.query.desk_link import version_number
from regen_map.store import Draft, Store, VersionError, draft_to_restore


def add(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "restore",
        help="publish the contents of an old version again",
        description="Make the files of a folder what they were in a version, as a new version:"
        " what came after stays in the history. Ends as publish does.",
    )
    parser.add_argument("version", metavar="VERSION", type=_version, help="such as v3")
    add_arguments(parser)
    parser.set_defaults(run=_restore)


def _version(text: str) -> int:
    number = version_number(text)
    if number is None:
        message = f"a version is named like v3, got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return number


def _restore(given: argparse.Namespace) -> int:
    def draft(store: Store, words: Translator) -> Draft:
        progress(words.text("publish.reading"))
        try:
            return draft_to_restore(store, find_version(store, given.version, words))
        except VersionError:
            told = words.text("publish.version_gone", number=given.version)
            raise StopError(told) from None

    return publish_draft(given, draft)
