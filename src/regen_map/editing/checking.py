"""What is wrong with an edit, before it is kept: told by the rules of the intake alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from regen_map.catalogue.text import cell_text
from regen_map.editing.edits import Edited
from regen_map.editing.positions import Position, on_earth
from regen_map.editing.rows import Files
from regen_map.intake import Issue
from regen_map.intake.drafts import Draft, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """
    What is wrong with an edit.

    Attributes
    ----------
    issues
        What is wrong with the row, or worth knowing.
    by_column
        The same by name of the column that is meant first; those of the row as a
        whole under an empty name.
    new_errors
        The errors of the row that it did not have before.
    others
        The errors that other rows have newly because of the edit, such as those that
        refer to a row that is gone.
    canonical
        The cells that were read with tolerance, as they should be written, by name of the
        column.
    position
        Where the row is then, in degrees WGS84; None for nowhere.
    """

    issues: tuple[Issue, ...] = ()
    by_column: Mapping[str, tuple[Issue, ...]] = field(default_factory=dict)
    new_errors: tuple[Issue, ...] = ()
    others: tuple[Issue, ...] = ()
    canonical: Mapping[str, str] = field(default_factory=dict)
    position: Position | None = None


def checked(before: Files, edited: Edited, old: tuple[Issue, ...] = ()) -> Check:
    """
    Check an edit as a whole city is checked.

    Parameters
    ----------
    before
        The files without it.
    edited
        What it makes of them.
    old
        What was wrong with the row before.
    """
    row = edited.row
    own = row.issues if row is not None else ()
    known = Counter(map(_fault, _errors(before)))
    mine = set(own)
    others = []
    for issue in _errors(edited.files):
        if issue in mine:
            continue
        if known[_fault(issue)] > 0:
            known[_fault(issue)] -= 1
        else:
            others.append(issue)
    draft = edited.files.draft(edited.table)
    if draft is None or row is None or edited.at is None:
        return Check(others=tuple(others))
    return check_of(draft, draft.entries[edited.at], row.cells, own, old, others=tuple(others))


def check_of(  # noqa: PLR0913 - a row in all its parts
    draft: Draft,
    entry: Entry,
    cells: Mapping[str, str],
    issues: tuple[Issue, ...],
    old: tuple[Issue, ...],
    *,
    others: tuple[Issue, ...] = (),
) -> Check:
    """
    Put together what is to be known of a row that has been read.

    Parameters
    ----------
    draft, entry
        The row, read, and its table.
    cells
        Its texts by name of the column.
    issues, old
        What is wrong with it now, and what was before.
    others
        The errors that other rows have newly.
    """
    before = {(each.rule, each.columns) for each in old if each.is_error}
    return Check(
        issues=issues,
        by_column=_by_column(draft, issues),
        new_errors=tuple(
            each for each in issues if each.is_error and (each.rule, each.columns) not in before
        ),
        others=others,
        canonical=_canonical(entry, cells),
        position=on_earth(entry.values.get("lat"), entry.values.get("lon")),
    )


def _errors(files: Files) -> list[Issue]:
    return [each for each in files.reading.issues if each.is_error and not each.whole_file]


def _fault(issue: Issue) -> tuple[object, ...]:
    # Lines move when a row comes or goes.
    return issue.file.partition(".")[0], issue.rule, issue.columns, issue.found


def _by_column(draft: Draft, issues: tuple[Issue, ...]) -> dict[str, tuple[Issue, ...]]:
    names = {heading: name for name, heading in draft.headings.items()}
    found: dict[str, tuple[Issue, ...]] = {}
    for issue in issues:
        heading = issue.columns[0] if issue.columns else ""
        # A column that the file lacks is named as the table names it.
        name = names.get(heading, heading)
        found[name] = (*found.get(name, ()), issue)
    return found


def _canonical(entry: Entry, cells: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text
        for name, cell in cells.items()
        if cell.strip()
        and (value := entry.values.get(name)) is not None
        and (text := cell_text(value)) != cell
        and name not in ("lat", "lon")
    }
