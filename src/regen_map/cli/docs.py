"""``regen-map data-docs``: describe the files of a city."""

from __future__ import annotations

import argparse

from regen_map.cli.arguments import Commands, existing_folder, load
from regen_map.export.dictionary import write_dictionary
from regen_map.store import data_folder


def add(commands: Commands) -> None:
    """Describe the command."""
    docs = commands.add_parser(
        "data-docs",
        help="describe the files of a city",
        description="Write README.md and datapackage.json into the folder of a city.",
    )
    docs.add_argument("--data", type=existing_folder, help="the folder; Carrara's when not given")
    docs.set_defaults(run=_data_docs)


def _data_docs(given: argparse.Namespace) -> int:
    folder = given.data or data_folder()
    catalogue = load(folder)
    if catalogue is None:
        return 1
    write_dictionary(folder, catalogue.vocabularies, catalogue.city)
    return 0
