"""``regen-map diff``: tell what differs between two states of a folder, cell by cell."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from regen_map.catalogue import Catalogue
from regen_map.cli.arguments import Commands, chosen_store, existing_folder
from regen_map.cli.differences import Differences
from regen_map.cli.output import for_people, for_programs, progress
from regen_map.cli.stopping import StopError, stopping
from regen_map.intake import Issue, Options, read_catalogue
from regen_map.messages import LANGUAGES, Translator, translator
from regen_map.messages.issues import describe, visible
from regen_map.query.desk_link import version_number
from regen_map.store import (
    ContentsError,
    Store,
    StoreError,
    Version,
    folder_contents,
    joined_issues,
    limits,
)

_LONGEST_NAME = 200


class _State(NamedTuple):
    """A state of a folder: what it is called, its catalogue and the contents of its files."""

    name: str
    catalogue: Catalogue
    files: Mapping[str, bytes]


def add(commands: Commands) -> None:
    """Describe the command."""
    diff = commands.add_parser(
        "diff",
        help="tell what differs between two states of a folder",
        description="Tell what differs between two states, cell by cell, before and after. A"
        " state is a version of the history such as v3, or a folder. Without any, the newest"
        " version is compared with the files as they are; with one, that one. Ends with 0 when"
        " all went well, 2 when there is no such state or nothing can be read.",
    )
    diff.add_argument("states", metavar="STATE", nargs="*", help="v3, or a folder; two at most")
    diff.add_argument(
        "--folder",
        type=existing_folder,
        help="folder of the city whose versions are meant; Carrara's when not given",
    )
    diff.add_argument("--json", action="store_true", help="for programs")
    diff.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0], help="default %(default)s")
    diff.set_defaults(run=_diff)


def _diff(given: argparse.Namespace) -> int:
    for_people()
    words = translator(given.lang)
    return stopping(lambda: _tell(given, words), words)


def _tell(given: argparse.Namespace, words: Translator) -> int:
    before, after = _both(given.states, chosen_store(given.folder), words)
    found = Differences(before.catalogue, after.catalogue, before.files, after.files)
    if given.json:
        for_programs({"before": before.name, "after": after.name} | found.parts)
        return 0
    print(words.text("publish.between", before=before.name, after=after.name))
    for line in found.sentences(words):
        print(line)
    return 0


def _both(states: list[str], store: Store, words: Translator) -> tuple[_State, _State]:
    most = 2
    if len(states) > most:
        raise StopError(words.text("publish.two_states"))
    if len(states) == most:
        return _state(states[0], store, words), _state(states[1], store, words)
    if states:
        return _state(states[0], store, words), _as_they_are(store, words)
    newest = store.versions()[-1:]
    if not newest:
        raise StopError(words.text("publish.no_versions"))
    return _version(newest[0], store, words), _as_they_are(store, words)


def _state(asked: str, store: Store, words: Translator) -> _State:
    number = version_number(asked)
    if number is None:
        if not Path(asked).is_dir():
            name = visible(asked, _LONGEST_NAME)
            raise StopError(words.text("publish.no_state", name=name))
        return _folder(Path(asked).resolve(), store, words)
    return _version(find_version(store, number, words), store, words)


def find_version(store: Store, number: int, words: Translator) -> Version:
    """
    Find a version by its number.

    Raises
    ------
    StopError
        If there is none.
    """
    found = next((each for each in store.versions() if each.number == number), None)
    if found is None:
        raise StopError(words.text("publish.no_version", number=number))
    return found


def _version(version: Version, store: Store, words: Translator) -> _State:
    try:
        catalogue = store.catalogue_of(version)
        files = store.version_contents(version)
    except (StoreError, ContentsError):
        told = words.text("publish.version_gone", number=version.number)
        raise StopError(told) from None
    return _State(f"v{version.number}", catalogue, files)


def _as_they_are(store: Store, words: Translator) -> _State:
    found = store.contents()
    return _of_files(store.name, found.files, found.refused, words)


def _folder(folder: Path, store: Store, words: Translator) -> _State:
    if str(folder) == store.name:
        return _as_they_are(store, words)
    # Of another folder no publication is ended: the history may be another one's.
    files, refused = folder_contents(folder, limits())
    return _of_files(str(folder), files, refused, words)


def _of_files(
    name: str, files: Mapping[str, bytes], refused: Sequence[Issue], words: Translator
) -> _State:
    progress(words.text("publish.reading"))
    shown = visible(name, _LONGEST_NAME)
    reading = read_catalogue(files, Options(limits=limits()))
    if reading.catalogue is None:
        issues = joined_issues(refused, reading.issues)
        told = [describe(each, words.language) for each in issues if each.is_error]
        raise StopError("\n".join([words.text("publish.no_map", folder=shown), *told]))
    return _State(shown, reading.catalogue, files)
