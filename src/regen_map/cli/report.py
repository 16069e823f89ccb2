"""What was found in files, for people and for programs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from regen_map.export.check_report import faults_csv
from regen_map.intake import Issue, Severity
from regen_map.intake.drafts import Draft
from regen_map.messages import Translator, translator
from regen_map.messages.issues import describe

FORMATS = ("text", "json", "github", "csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """
    The files that were checked.

    Attributes
    ----------
    issues
        All faults, file by file.
    drafts
        The files that could be read, by name.
    paths
        Where the files are, by name.
    contents
        What else the folder holds, by name: files that are no tables, and tables
        that could not be read.
    """

    issues: tuple[Issue, ...]
    drafts: dict[str, Draft]
    paths: Mapping[str, Path]
    contents: Mapping[str, bytes] = field(default_factory=dict)


def write(checked: Checked, form: str, language: str) -> str:
    """
    Write a report.

    Parameters
    ----------
    checked
        What was found.
    form
        One of `FORMATS`.
    language
        Of the sentences.

    Returns
    -------
    str
        Ends with a line break.
    """
    if form == "json":
        text = json.dumps(list(map(_parts, checked.issues)), ensure_ascii=False, indent=1) + "\n"
    elif form == "csv":
        text = faults_csv(checked.issues, language).decode()
    else:
        told = _annotations if form == "github" else _sentences
        text = "".join(f"{line}\n" for line in told(checked, language))
    # Files may hold halves of characters, which nothing can write.
    return text.encode("utf-8", "replace").decode()


def _parts(issue: Issue) -> dict[str, str | int | None]:
    return {
        "file": issue.file,
        "line": issue.line,
        "column": ", ".join(issue.columns),
        "rule": issue.rule.value,
        "severity": issue.severity.value,
        "found": issue.found,
        "expected": issue.expected,
        "suggestion": issue.suggestion,
    }


def _annotations(checked: Checked, language: str) -> Iterator[str]:
    for issue in checked.issues:
        path = checked.paths.get(issue.file, issue.file)
        where = [f"file={_property(str(path))}"]
        if issue.line is not None:
            where.append(f"line={issue.line}")
        sentence = describe(issue, language)
        yield f"::{issue.severity} {','.join(where)}::{_data(sentence)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sentences(checked: Checked, language: str) -> Iterator[str]:
    words = translator(language)
    by_file: dict[str, list[Issue]] = defaultdict(list)
    for issue in checked.issues:
        by_file[issue.file].append(issue)
    unread = [file for file in by_file if file not in checked.drafts]
    for file in (*unread, *checked.drafts):
        for issue in by_file[file]:
            yield f"{words.text(f'issue.severity.{issue.severity}')}: {describe(issue, language)}"
        if file in checked.drafts:
            yield _summary(file, checked.drafts[file], words)
    yield _total(checked, words)


def _summary(file: str, draft: Draft, words: Translator) -> str:
    sound = draft.sound
    parts = [
        words.count("check.rows", len(draft.entries)),
        words.count("check.kept", len(sound)),
        words.count("check.quarantined", len(draft.entries) - len(sound)),
        words.count("check.tolerated", sum(entry.tolerated for entry in sound)),
    ]
    return words.text("check.summary", file=file, parts=", ".join(parts))


def _total(checked: Checked, words: Translator) -> str:
    counts = {
        severity: sum(issue.severity is severity for issue in checked.issues)
        for severity in Severity
    }
    parts = [words.count(f"check.{severity}", n) for severity, n in counts.items()]
    return words.text("check.total", parts=words.listing(parts))
