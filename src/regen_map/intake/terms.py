"""From the bytes of ``vocabularies.csv`` to the vocabularies of a city."""

from __future__ import annotations

import re

from regen_map.catalogue import Family, Vocabularies, closed_terms, read_terms
from regen_map.intake.formats.delimited import read_delimited
from regen_map.intake.issues import FileError, Issue, Rule
from regen_map.intake.sheets import Row, Sheet

FILE = "vocabularies.csv"

_REQUIRED = ("vocabulary", "term", "label_it", "label_en")
_NEEDED = ("vocabulary", "term", "label_it")
_TERM = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def read_vocabularies(content: bytes) -> tuple[Vocabularies, list[Issue]]:
    """
    Read the terms of a city and add them to those of the product.

    A city may word a term of the product anew, but not add one: programs rely
    on those vocabularies being the same everywhere.

    Parameters
    ----------
    content
        The bytes of ``vocabularies.csv``; empty for the product's terms alone.

    Returns
    -------
    tuple of Vocabularies and list of Issue
        Unsound rows are left out.
    """
    closed = {(term.vocabulary, term.parent, term.term): term for term in closed_terms()}
    if not content:
        return Vocabularies(tuple(closed.values())), []
    try:
        sheet = _sheet(content)
        _check_headings(sheet.headings)
    except FileError as error:
        return Vocabularies(tuple(closed.values())), [error.issue(FILE)]
    terms = dict(closed)
    issues = list(sheet.issues)
    lines: dict[tuple[str, str, str], int | None] = {}
    names = {vocabulary for vocabulary, _, _ in closed}
    for row in sheet.rows:
        cells = {
            heading: _UNSAFE.sub("", cell).strip()
            for heading, cell in zip(sheet.headings, row.cells, strict=False)
        }
        key = (cells["vocabulary"], cells.get("parent", ""), cells["term"])
        issue = _fault(row, cells, len(sheet.headings))
        if issue is None and key in lines:
            issue = _issue(row, Rule.REPEATED, "term", cells["term"], f"{FILE}:{lines[key]}")
        if issue is None and key[0] in names and key not in closed:
            allowed = ", ".join(term for name, _, term in closed if name == key[0])
            issue = _issue(row, Rule.TERM_CLOSED, "term", cells["term"], allowed)
        if issue is not None:
            issues.append(issue)
            continue
        lines[key] = row.line
        (terms[key],) = read_terms([cells])
    issues.sort(key=lambda issue: issue.line or 0)
    return Vocabularies(tuple(terms.values())), issues


def _sheet(content: bytes) -> Sheet:
    known = {*_REQUIRED, "parent"}
    grid = read_delimited(content, FILE, lambda cells: len(known.intersection(cells)))
    rows = [row for row in grid.rows if any(map(str.strip, row.cells))]
    if not rows:
        raise FileError(Rule.NO_HEADER, expected=", ".join(_REQUIRED))
    header, *others = rows
    headings = tuple(map(str.strip, header.cells))
    filled = [
        row._replace(cells=[*row.cells, *[""] * (len(headings) - len(row.cells))]) for row in others
    ]
    return Sheet(headings=headings, rows=filled, issues=grid.issues)


def _check_headings(headings: tuple[str, ...]) -> None:
    missing = [name for name in _REQUIRED if name not in headings]
    if missing:
        raise FileError(
            Rule.HEADING_MISSING, found=", ".join(headings), expected=", ".join(missing)
        )
    repeated = tuple({name for name in headings if name and headings.count(name) > 1})
    if repeated:
        raise FileError(Rule.HEADING_REPEATED, columns=repeated)


def _issue(row: Row, rule: Rule, column: str, found: str, expected: str = "") -> Issue:
    return Issue(
        file=FILE,
        rule=rule,
        line=row.line,
        columns=(column,) if column else (),
        found=found[:200],
        expected=expected,
    )


def _fault(row: Row, cells: dict[str, str], width: int) -> Issue | None:
    """Tell what is wrong with the row alone."""
    if len(row.cells) > width:
        return _issue(row, Rule.ROW_TOO_LONG, "", str(len(row.cells)), str(width))
    for name in _NEEDED:
        if not cells[name]:
            return _issue(row, Rule.REQUIRED, name, "")
    for name in ("vocabulary", "term"):
        if not _TERM.fullmatch(cells[name]):
            return _issue(row, Rule.SLUG, name, cells[name])
    families = [family.value for family in Family]
    if cells["vocabulary"] == "kind" and cells.get("parent", "") not in families:
        return _issue(row, Rule.TERM, "parent", cells.get("parent", ""), ", ".join(families))
    return None
