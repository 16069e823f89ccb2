"""From a fault of a file to a sentence that says where it is and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from regen_map.messages.translator import Translator, translator

_QUOTED = 60
_LISTED = 240
_VISIBLE = {"\n": "⏎", "\r": "", "\t": "⇥"}


class Fault(Protocol):
    """The parts of a fault that a sentence is made of, as `regen_map.intake.Issue` has them."""

    @property
    def file(self) -> str:
        """Name of the file."""

    @property
    def rule(self) -> str:
        """What it breaks."""

    @property
    def line(self) -> int | None:
        """Line of the file, from 1."""

    @property
    def row(self) -> int | None:
        """Number of the feature, from 1."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings concerned."""

    @property
    def found(self) -> str:
        """What stands in the file."""

    @property
    def expected(self) -> str:
        """What should stand there."""

    @property
    def suggestion(self) -> str:
        """What was probably meant."""

    @property
    def n_rows(self) -> int | None:
        """In how many rows it was so, where that is told once for a file."""


def describe(issue: Fault, language: str, *, file: bool = True) -> str:
    """
    Say what is wrong, where, and how to mend it.

    Parameters
    ----------
    issue
        The fault.
    language
        One of `regen_map.messages.LANGUAGES`.
    file
        Whether to name the file; a heading may have done so.

    Returns
    -------
    str
        One or a few sentences of plain text: long texts are shortened and
        characters that cannot be seen are made visible.

    Raises
    ------
    KeyError
        If there are no words for the rule.
    """
    words = translator(language)
    where = _where(issue, words, file=file)
    if not where:
        return explain(issue, language)
    what = words.text("issue.at", where=where, what=_what(issue, words))
    return " ".join([what, *_meant(issue, words)])


def explain(issue: Fault, language: str) -> str:
    """
    Say what is wrong and how to mend it, but not where: for whoever has it before them.

    Parameters
    ----------
    issue, language
        As of `describe`.

    Returns
    -------
    str
        As of `describe`, without file, line and columns.

    Raises
    ------
    KeyError
        As `describe`.
    """
    words = translator(language)
    what = _what(issue, words)
    return " ".join([what[:1].upper() + what[1:], *_meant(issue, words)])


def _what(issue: Fault, words: Translator) -> str:
    key, values = f"issue.{issue.rule}", _values(issue, words)
    if not issue.found and words.has(f"{key}.nothing_found"):
        key = f"{key}.nothing_found"
    if issue.n_rows is None:
        return words.text(key, **values)
    return words.count(key, issue.n_rows, **values)


def _meant(issue: Fault, words: Translator) -> Iterator[str]:
    """Say what was probably meant, where anybody can tell."""
    if issue.suggestion:
        own = f"issue.{issue.rule}.suggestion"
        yield words.text(own if words.has(own) else "issue.suggestion", **_values(issue, words))


def _values(issue: Fault, words: Translator) -> dict[str, str]:
    return {
        "columns": _columns(issue, words),
        "found": visible(issue.found, _QUOTED),
        "expected": visible(issue.expected, _LISTED),
        "suggestion": visible(issue.suggestion, _LISTED),
    }


def visible(text: str, longest: int) -> str:
    r"""
    Shorten a text and show the characters that cannot be seen.

    Examples
    --------
    >>> visible("one\ntwo\u202ethree", 60)
    'one⏎two[U+202E]three'
    """
    shown = text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
    return "".join(_VISIBLE.get(each, _shown(each)) for each in shown)


def _shown(character: str) -> str:
    return character if character.isprintable() else f"[U+{ord(character):04X}]"


def _columns(issue: Fault, words: Translator) -> str:
    return words.listing(f"«{visible(each, _QUOTED)}»" for each in issue.columns)


def _where(issue: Fault, words: Translator, *, file: bool) -> str:
    parts = [visible(issue.file, _LISTED)] if file else []
    if issue.line is not None:
        parts.append(words.text("issue.line", line=str(issue.line)))
    if issue.row is not None:
        parts.append(words.text("issue.row", row=str(issue.row)))
    if issue.columns:
        parts.append(
            words.count("issue.columns", len(issue.columns), columns=_columns(issue, words))
        )
    return ", ".join(parts)
