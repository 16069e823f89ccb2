"""What is wrong with an edit, before it is kept: told by the rules of the intake alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from regen_map.catalogue.text import cell_text
from regen_map.editing.edits import Edited
from regen_map.editing.positions import Position, on_earth
from regen_map.editing.rows import Files, Row
from regen_map.intake import Issue, Rule
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


def checked(before: Files, edited: Edited, old: Row | None = None) -> Check:
    """
    Check an edit as a whole city is checked.

    Parameters
    ----------
    before
        The files without it.
    edited
        What it makes of them.
    old
        The row before; None for a new one.
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
    old: Row | None,
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
    issues
        What the intake finds wrong with it.
    old
        The row before; None for a new one.
    others
        The errors that other rows have newly.

    Returns
    -------
    Check
        A required cell that is empty is an error here, though the intake lets a name in
        one language stand for the other: who fills a form in has both before them. Only
        of a cell that was empty before nothing is said that the intake does not say.
    """
    before = {(each.rule, each.columns) for each in old.issues if each.is_error} if old else set()
    issues = _with_emptied(draft, entry, cells, issues, old)
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


def _with_emptied(
    draft: Draft,
    entry: Entry,
    cells: Mapping[str, str],
    issues: tuple[Issue, ...],
    old: Row | None,
) -> tuple[Issue, ...]:
    """Add the required cells that are empty newly, in the place of the notes about languages."""
    told = {heading for each in issues if each.is_error for heading in each.columns}
    emptied = [
        draft.headings.get(column.name, column.name)
        for column in draft.table.columns
        if column.required
        and _is_blank(cells[column.name])
        and (old is None or not _is_blank(old.cells[column.name]))
    ]
    missing = [
        Issue(
            file=draft.file,
            rule=Rule.REQUIRED,
            line=entry.row.line,
            row=entry.row.number,
            columns=(heading,),
        )
        for heading in emptied
        if heading not in told
    ]
    kept = (
        each for each in issues if not (each.rule is Rule.ONE_LANGUAGE and each.expected in emptied)
    )
    return (*kept, *missing)


def _is_blank(text: str) -> bool:
    """Tell whether nothing of a text can be seen."""
    return not any(each.isprintable() and not each.isspace() for each in text)


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
