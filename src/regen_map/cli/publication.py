"""The way of a draft into the folder: told, asked about, published; and why it is not."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterator, Sequence

from regen_map.cli.arguments import chosen_store, existing_folder, user_name
from regen_map.cli.differences import Differences
from regen_map.cli.output import cannot_write, for_people, for_programs, parts_of_flaw, progress
from regen_map.cli.stopping import UNABLE, StopError, stopping
from regen_map.intake import Issue, Severity
from regen_map.messages import LANGUAGES, Translator, translator
from regen_map.messages.damage import damage_sentence
from regen_map.messages.issues import describe, visible
from regen_map.store import (
    Draft,
    Flaw,
    Origin,
    Overtaken,
    QuarantineError,
    Store,
    UnusableError,
    Version,
    publish,
    publishable,
    rebase,
)

_DONE, _REFUSED, _CONFLICT = 0, 1, 3
_MOST_SUBJECTS, _MOST_LINES, _MOST_ROWS, _MOST_ISSUES = 50, 30, 20, 200
_LONGEST_NAME, _LONGEST_MESSAGE = 200, 2000
_MOST_ATTEMPTS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what every command that publishes may be told."""
    parser.add_argument(
        "--folder", type=existing_folder, help="folder of a city; Carrara's when not given"
    )
    parser.add_argument("--message", type=_text, default="", help="why, for the history")
    parser.add_argument("--author", type=_text, help="who, for the history; else the user's name")
    parser.add_argument("--dry-run", action="store_true", help="tell everything, write nothing")
    parser.add_argument(
        "--yes",
        action="store_true",
        help="also take rows away, change many, or change settings of the whole map, without"
        " asking",
    )
    parser.add_argument("--json", action="store_true", help="for programs; asks nothing")
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=LANGUAGES[0], help="default %(default)s"
    )


def _text(text: str) -> str:
    if len(text) > _LONGEST_MESSAGE:
        message = f"a text of at most {_LONGEST_MESSAGE} characters, got {len(text)}"
        raise argparse.ArgumentTypeError(message)
    return text


def publish_draft(
    given: argparse.Namespace,
    make: Callable[[Store, Translator], Draft],
    *,
    partial: bool = False,
) -> int:
    """
    Make a draft, and bring it on its way.

    Parameters
    ----------
    given
        What the command was told, see `add_arguments`.
    make
        Makes the draft for a store; raises `StopError` where there is none to be made.
    partial
        Whether rows with faults may be left out.

    Returns
    -------
    int
        What the command ends with.
    """
    for_people()
    words = translator(given.lang)
    store = chosen_store(given.folder)

    def publishing() -> int:
        if not store.keeps_history:
            raise StopError(words.text("publish.off"))
        return Publication(given, store, partial=partial).run(make(store, words))

    return stopping(publishing, words)


class _NoYesError(Exception):
    """Somebody must say yes first, and nobody has."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


class Publication:
    """
    A draft on its way.

    Parameters
    ----------
    given
        What the command was told, see `add_arguments`.
    store
        Where the files are.
    partial
        Whether rows with faults may be left out.
    """

    def __init__(self, given: argparse.Namespace, store: Store, *, partial: bool = False) -> None:
        self._given = given
        self._store = store
        self._partial = partial
        self._confirmed: bool = given.yes
        self._words: Translator = translator(given.lang)
        self._rebased = False
        self._damage: tuple[Flaw, ...] = ()

    def run(self, draft: Draft) -> int:
        """Tell the draft, publish it unless something is against it, and tell how it ended."""
        self._tell(draft)
        try:
            self._warn()
            return self._try(draft)
        except Overtaken as error:
            return self._stop(_CONFLICT, "conflict", draft, [self._conflict(error)])
        except UnusableError as error:
            return self._stop(_REFUSED, "unusable", draft, self._unusable(error))
        except QuarantineError as error:
            return self._stop(_REFUSED, "quarantined", draft, self._quarantined(error))
        except _NoYesError as error:
            told = [*error.sentences, self._words.text("publish.unconfirmed")]
            return self._stop(_REFUSED, "unconfirmed", draft, told)
        except OSError as error:
            return self._stop(UNABLE, "unwritable", draft, [cannot_write(error, self._words)])

    def _try(self, draft: Draft) -> int:
        for _ in range(_MOST_ATTEMPTS):
            try:
                return self._go_on(draft)
            except Overtaken:
                draft = rebase(self._store, draft)
            self._rebased = True
            self._confirmed = self._given.yes
            self._say(self._words.text("publish.meanwhile"))
            self._tell(draft)
        raise Overtaken(self._store.contents().newest, ())

    def _go_on(self, draft: Draft) -> int:
        # What a yes is needed for is looked at below, together with the settings.
        publishable(draft, partial=self._partial, confirmed=True)
        if not self._confirmed and (needed := self._to_confirm(draft)):
            if self._given.dry_run or not self._asked(needed):
                raise _NoYesError(needed)
            self._confirmed = True
        if self._given.dry_run:
            self._say(self._words.text("publish.dry_run"))
            self._parts(draft, None, "")
            return _DONE
        progress(self._words.text("publish.writing"))
        version = publish(
            self._store,
            draft,
            author=user_name() if self._given.author is None else self._given.author,
            message=self._given.message,
            at=dt.datetime.now(tz=dt.UTC),
            origin=Origin.COMMAND,
            partial=self._partial,
            confirmed=self._confirmed,
        )
        key = "publish.published" if draft.changed or draft.gone else "publish.unchanged"
        self._say(self._words.text(key, number=version.number))
        self._parts(draft, version, "")
        return _DONE

    # ------------------------------------------------------------ what is told

    def _tell(self, draft: Draft) -> None:
        if self._given.json:
            return
        issues = list(_told_issues(draft))
        for issue in issues[:_MOST_ISSUES]:
            severity = self._words.text(f"issue.severity.{issue.severity}")
            print(f"{severity}: {describe(issue, self._words.language)}")
        if len(issues) > _MOST_ISSUES:
            print(self._words.count("publish.more_issues", len(issues) - _MOST_ISSUES))
        progress(self._words.text("publish.comparing"))
        for line in _differences(draft).sentences(self._words, _MOST_SUBJECTS, _MOST_LINES):
            print(line)

    def _warn(self) -> None:
        """Say that the newest versions are not what they were, whatever is put on them."""
        self._damage = self._store.damage()
        if self._damage and not self._given.json:
            sys.stdout.flush()
            print(damage_sentence(self._damage, self._words), file=sys.stderr)

    def _say(self, sentence: str) -> None:
        if not self._given.json:
            print(sentence, flush=True)

    def _stop(self, status: int, reason: str, draft: Draft, sentences: list[str]) -> int:
        if self._given.json:
            self._parts(draft, None, reason)
        else:
            sys.stdout.flush()
            print(*sentences, sep="\n", file=sys.stderr)
        return status

    def _parts(self, draft: Draft, version: Version | None, refused: str) -> None:
        if not self._given.json:
            return
        for_programs(
            {
                "version": version.number if version is not None else None,
                "refused": refused,
                "dry_run": self._given.dry_run,
                "rebased": self._rebased,
                "flaws": [parts_of_flaw(each) for each in self._damage],
                "issues": [
                    {
                        "file": issue.file,
                        "line": issue.line,
                        "row": issue.row,
                        "rule": issue.rule.value,
                        "severity": issue.severity.value,
                        "sentence": describe(issue, self._words.language),
                    }
                    for issue in _told_issues(draft)
                ],
                "quarantined": [
                    {"file": each.file, "place": each.place, "is_shown": each.is_shown}
                    for each in draft.quarantined
                ],
                "large": [
                    {
                        "table": each.table,
                        "rows": each.n_rows,
                        "removed": each.n_removed,
                        "changed": each.n_changed,
                    }
                    for each in draft.extents
                ],
                "map_wide": list(_differences(draft).map_wide),
            }
            | _differences(draft).parts
        )

    def _asked(self, needed: Sequence[str]) -> bool:
        """Ask at a terminal; nobody else is asked."""
        if self._given.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return False
        print(*needed, sep="\n")
        wanted = self._words.text("publish.yes")
        try:
            said = input(self._words.text("publish.ask", yes=wanted) + " ")
        except EOFError:
            return False
        return said.strip().casefold() == wanted.casefold()

    def _unusable(self, error: UnusableError) -> list[str]:
        told = [describe(each, self._words.language) for each in error.issues]
        return [self._words.text("publish.unusable"), *told[:_MOST_ROWS]]

    def _quarantined(self, error: QuarantineError) -> list[str]:
        shown = [each for each in error.rows if each.is_shown]
        rows = shown or list(error.rows)
        key = "publish.lost" if shown else "publish.quarantined"
        listed = [f"{visible(each.file, _LONGEST_NAME)}:{each.place}" for each in rows]
        if len(listed) > _MOST_ROWS:
            listed = [*listed[:_MOST_ROWS], "…"]
        return [self._words.count(key, len(rows), rows=", ".join(listed))]

    def _to_confirm(self, draft: Draft) -> list[str]:
        """Say what needs a yes: rows taken away, many changed, settings of the whole map."""
        words = self._words
        told = [
            words.text(
                "publish.extent",
                table=each.table,
                rows=each.n_rows,
                removed=each.n_removed,
                changed=each.n_changed,
            )
            for each in draft.extents
        ]
        if wide := _differences(draft).map_wide:
            told.append(words.text("settings.map_wide"))
            told += [f"- {words.text(f'settings.map_wide.{each}')}" for each in wide]
        return told

    def _conflict(self, error: Overtaken) -> str:
        newest = error.newest
        told = [self._words.text("publish.conflict")]
        if newest is not None:
            who = visible(newest.author, _LONGEST_NAME)
            told.append(self._words.text("publish.newest", number=newest.number, author=who or "?"))
        if error.files:
            listed = self._words.listing(error.files)
            told.append(self._words.text("publish.differing", files=listed))
        return " ".join(told)


def _differences(draft: Draft) -> Differences:
    return Differences(draft.before, draft.catalogue, draft.base, draft.contents)


def _told_issues(draft: Draft) -> Iterator[Issue]:
    """Give the faults of the files that change, and the errors that come of it elsewhere."""
    changed = {*draft.changed}
    rows = {(each.file, each.place) for each in draft.quarantined}
    for issue in draft.reading.issues:
        place = str(issue.line or issue.row)
        own = issue.file in changed and issue.severity is not Severity.NOTICE
        if own or issue in draft.faults or (issue.is_error and (issue.file, place) in rows):
            yield issue
