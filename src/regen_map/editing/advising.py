"""What is no fault in the rows that a change touches, but somebody should look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from regen_map.editing.rows import Files
from regen_map.intake import Issue, Options, read_catalogue
from regen_map.intake.drafts import Draft, Entry

MOST_ROWS = 3_000
"""Of a city of more rows nothing is told: it would keep visitors waiting."""


def advice(
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    options: Options,
    told: Collection[Issue] = (),
) -> tuple[Issue, ...]:
    """
    Tell what looks old, doubled or contradictory in rows that are new or become others.

    Parameters
    ----------
    before, after
        All files of a city by name.
    options
        How they are read; without its day nothing is told.
    told
        What is told already.

    Returns
    -------
    tuple of Issue
        In the order of the files; a row counts as it was before when all its values are.
    """
    reading = read_catalogue(after, options)
    known = Files(before, options.limits)
    touched = {
        (draft.file, entry.row.line, entry.row.number)
        for name, draft in reading.drafts.items()
        for entry in _touched(known.draft(name), draft)
    }
    passed = frozenset(told)
    return tuple(
        issue
        for issue in reading.issues
        if (issue.file, issue.line, issue.row) in touched and issue not in passed
    )


def _touched(before: Draft | None, after: Draft) -> list[Entry]:
    known = set(map(_values, before.sound)) if before is not None else set()
    return [entry for entry in after.sound if _values(entry) not in known]


def _values(entry: Entry) -> frozenset[tuple[str, object]]:
    return frozenset(entry.values.items())
