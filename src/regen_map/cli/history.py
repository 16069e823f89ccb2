"""``regen-map history``: tell the versions of a folder, and whether they are as they were."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from regen_map.cli.arguments import Commands, chosen_store, existing_folder
from regen_map.cli.output import for_people, for_programs, parts_of_flaw, unavailable
from regen_map.messages import LANGUAGES, Translator, translator
from regen_map.messages.damage import damage_sentence, flaw_sentence
from regen_map.messages.issues import describe, visible
from regen_map.messages.system import system_reason
from regen_map.store import (
    NoHistoryError,
    Store,
    StoreError,
    UnavailableError,
    Version,
)
from regen_map.store.versions import parts_of

_LONGEST_NAME, _LONGEST_MESSAGE = 200, 1000


def add(commands: Commands) -> None:
    """Describe the command."""
    history = commands.add_parser(
        "history",
        help="tell the versions of a folder",
        description="Tell the versions of a folder, the oldest first: when, where from, who, what"
        " and why. A running map keeps them in the folder .history, or where REGEN_MAP_HISTORY"
        " says. Ends with 1 when --verify finds a fault, 2 when nothing can be done.",
    )
    history.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        type=existing_folder,
        help="folder of a city; Carrara's when not given",
    )
    history.add_argument(
        "--verify", action="store_true", help="look at every byte, and tell what is damaged"
    )
    history.add_argument(
        "--confirm",
        action="store_true",
        help="say that the files are right as they are, though rows or tables are gone",
    )
    history.add_argument(
        "--keep",
        type=_number,
        metavar="N",
        help="drop the contents of all but the newest N versions; their records stay",
    )
    history.add_argument("--json", action="store_true", help="for programs")
    history.add_argument(
        "--lang", choices=LANGUAGES, default=LANGUAGES[0], help="default %(default)s"
    )
    history.set_defaults(run=_history)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:9]) > 0):
        message = f"a number from 1 on, got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text[:9])


def _history(given: argparse.Namespace) -> int:
    for_people()
    words = translator(given.lang)
    store = chosen_store(given.folder)
    if given.confirm:
        return _confirm(store, words)
    if given.keep is not None and (status := _prune(store, given.keep, words)):
        return status
    versions = store.versions()
    flaws = store.verify() if given.verify else ()
    dropped = {each.number for each in store.dropped()}
    if given.json:
        told: dict[str, object] = {"versions": [_parts(each, dropped) for each in versions]}
        if given.verify:
            told["flaws"] = [parts_of_flaw(each) for each in flaws]
        for_programs(told)
    elif not store.keeps_history:
        print(words.text("history.off"))
    else:
        for line in _sentences(versions, dropped, _zone(store), words):
            print(line)
        if given.verify:
            sound = words.count("history.sound", len(versions))
            print(*([flaw_sentence(each, words) for each in flaws] or [sound]), sep="\n")
        else:
            _warn(store, words)
    return int(bool(flaws))


def _warn(store: Store, words: Translator) -> None:
    if flaws := store.damage():
        sys.stdout.flush()
        print(damage_sentence(flaws, words), file=sys.stderr)


def _confirm(store: Store, words: Translator) -> int:
    try:
        _warn(store, words)
        version = store.confirm(dt.datetime.now(tz=dt.UTC))
    except StoreError as error:
        told = [describe(each, words.language) for each in error.issues]
        print(words.text("history.unusable"), *told, sep="\n", file=sys.stderr)
        return 2
    except OSError as error:
        print(_unwritable(error, words), file=sys.stderr)
        return 2
    if version is None:
        print(words.text("history.off"), file=sys.stderr)
        return 2
    print(words.text("history.confirmed", number=version.number))
    return 0


def _unwritable(error: OSError, words: Translator) -> str:
    if isinstance(error, UnavailableError):
        return unavailable(error, words)
    return words.text("history.unwritable", reason=system_reason(error, words))


def _prune(store: Store, keep: int, words: Translator) -> int:
    try:
        store.keep(keep)
    except NoHistoryError:
        print(words.text("history.off"), file=sys.stderr)
        return 2
    except OSError as error:
        print(_unwritable(error, words), file=sys.stderr)
        return 2
    return 0


def _zone(store: Store) -> dt.tzinfo:
    try:
        return ZoneInfo(store.load().catalogue.city.time_zone)
    except StoreError:
        return dt.UTC


def _sentences(
    versions: Sequence[Version], dropped: set[int], zone: dt.tzinfo, words: Translator
) -> Iterator[str]:
    if not versions:
        yield words.text("history.empty")
    before: Mapping[str, str] = {}
    for version in versions:
        parts = [_headline(version, zone, words), *_changes(before, version.files, words)]
        if version.author:
            author = visible(version.author, _LONGEST_NAME)
            parts.append(words.text("history.author", author=author))
        if version.message:
            message = visible(version.message, _LONGEST_MESSAGE)
            parts.append(words.text("history.message", message=message))
        if version.number in dropped:
            parts.append(words.text("history.dropped"))
        yield " ".join(parts)
        before = version.files


def _headline(version: Version, zone: dt.tzinfo, words: Translator) -> str:
    moment = version.at.astimezone(zone)
    return words.text(
        "history.version",
        number=version.number,
        day=words.date(moment.date().isoformat()),
        time=f"{moment:%H:%M}" + (" UTC" if zone is dt.UTC else ""),
        origin=words.text(f"history.{version.origin}"),
    )


def _changes(
    before: Mapping[str, str], after: Mapping[str, str], words: Translator
) -> Iterator[str]:
    """Name the files that a version brought, and those that it took away."""
    changed = [name for name, sha256 in after.items() if before.get(name) != sha256]
    gone = [name for name in before if name not in after]
    for key, names in (("changed", changed), ("gone", gone)):
        if names:
            listed = words.listing(visible(each, _LONGEST_NAME) for each in sorted(names))
            yield words.text(f"history.{key}", files=listed)


def _parts(version: Version, dropped: set[int]) -> dict[str, object]:
    return {
        **parts_of(version),
        "hash": version.hash,
        "dropped": version.number in dropped,
    }
