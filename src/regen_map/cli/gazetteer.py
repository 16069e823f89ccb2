"""``regen-map gazetteer import``: read the national register of civic numbers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from regen_map.catalogue import TABLES
from regen_map.cli.arguments import Commands, existing_folder, load
from regen_map.gazetteer import RegisterError, RegisterReading, read_register, write_addresses
from regen_map.messages import LANGUAGES, Translator, translator
from regen_map.store import data_folder, write_whole


def add(commands: Commands) -> None:
    """Describe the command."""
    gazetteer = commands.add_parser(
        "gazetteer",
        help="bring the town's civic numbers in",
        description="Bring the town's civic numbers in, so that addresses find their door.",
    )
    actions = gazetteer.add_subparsers(title="actions", required=True, metavar="action")
    reads = actions.add_parser(
        "import",
        help="read the national register of civic numbers (ANNCSU)",
        description="Read the addresses of the national register of civic numbers (ANNCSU, open"
        " data, CC BY 4.0; a CSV file, or the zip it comes in) and write those of the city beside"
        " streets.csv.",
    )
    reads.add_argument("file", type=Path, metavar="FILE", help="the regional or municipal file")
    reads.add_argument(
        "--data", type=existing_folder, help="folder of the city; Carrara's when not given"
    )
    reads.add_argument(
        "--lang", choices=LANGUAGES, default=LANGUAGES[0], help="default %(default)s"
    )
    reads.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    reads.set_defaults(run=_import)


def _import(given: argparse.Namespace) -> int:
    words = translator(given.lang)
    folder = given.data or data_folder()
    catalogue = load(folder, given.lang)
    if catalogue is None:
        return 2
    try:
        with given.file.open("rb") as register:
            reading = read_register(register, catalogue.city)
    except RegisterError as error:
        found = words.listing(error.found) or "—"
        expected = words.listing(error.expected)
        told = words.text(f"gazetteer.error.{error.fault}", found=found, expected=expected)
        print(told, file=sys.stderr)
        return 2
    except OSError:
        print(words.text("gazetteer.error.unopened", file=given.file), file=sys.stderr)
        return 2
    for sentence in _counts(reading, words):
        print(sentence)
    if not reading.addresses:
        city = catalogue.city.name(given.lang)
        print(words.text("gazetteer.error.nothing_kept", city=city), file=sys.stderr)
        return 1
    path = folder / TABLES["addresses"].file_name
    write_whole(path, write_addresses(reading.addresses))
    print(words.text("gazetteer.written", file=path))
    print(words.text("gazetteer.attribution"))
    return 0


def _counts(reading: RegisterReading, words: Translator) -> Iterator[str]:
    counts = {
        "read": reading.n_read,
        "kept": reading.n_kept,
        "other_municipalities": reading.n_other_municipalities,
        "without_number": reading.n_without_number,
        "without_position": reading.n_without_position,
        "outside_extent": reading.n_outside_extent,
        "repeated": reading.n_repeated,
    }
    for name, n in counts.items():
        if n or name in ("read", "kept"):
            yield words.count(f"gazetteer.{name}", n)
