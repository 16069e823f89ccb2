"""A selection of projects as a workbook of Excel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from regen_map.catalogue import TABLES, Funding, Milestone, PartialDate, Project
from regen_map.export.extract import PROJECTS, Extract
from regen_map.export.extract_totals import counts_of, sums_by_nature, sums_by_programme
from regen_map.export.workbook import Workbook, write_value
from regen_map.query import money_of
from regen_map.query.projects import milestones_of

_SOURCE_WIDTHS = (32, 44, 60, 24, 24)
_ABOUT_WIDTHS = (48, 80)


def extract_xlsx(extract: Extract) -> bytes:
    """
    Write the projects as a workbook.

    Returns
    -------
    bytes
        Sheets of projects, funding lines and milestones under their canonical headings,
        one of sources and one that says what was asked for, where the data are from,
        and what they add up to. Numbers and amounts are numbers, whole dates days,
        months and years text as all else, never a formula or a link. Equal for equal
        extracts.

    Raises
    ------
    ValueError
        If a text is longer than a cell can be (32,767 characters).
    """
    book, words = Workbook(extract.language), extract.words
    tables = (
        ("selection.sheet.projects", PROJECTS, extract.projects),
        ("selection.sheet.funding", TABLES["funding"], extract.funding),
        ("selection.sheet.milestones", TABLES["milestones"], extract.milestones),
    )
    for key, table, rows in tables:
        book.add_table(words.text(key), table, rows, days=True)
    _add_sources(book, extract)
    _add_about(book, extract)
    return book.content()


class _Use(NamedTuple):
    """That a source tells something of a project."""

    project: Project
    address: str
    date: PartialDate | None
    key: str


def _add_sources(book: Workbook, extract: Extract) -> None:
    words = extract.words
    headings = [
        "project_id",
        *(words.text(f"selection.{each}") for each in ("project", "source", "of_date", "tells")),
    ]
    sheet = book.add_sheet(words.text("selection.sheet.sources"), headings, _SOURCE_WIDTHS)
    line = 0
    for line, use in enumerate(_uses(extract), start=1):
        told = (
            use.project.id,
            extract.wording.name(use.project),
            use.address,
            use.date,
            words.text(use.key),
        )
        for index, value in enumerate(told):
            write_value(sheet, line, index, value, book.styles.wrapped)
    sheet.autofilter(0, 0, max(line, 1), len(headings) - 1)


def _uses(extract: Extract) -> Iterator[_Use]:
    """Give every source of every project once for each thing that it tells."""
    for project in extract.projects:
        pairs = zip(project.sources, project.source_dates, strict=True)
        uses = [_Use(project, url, date, "selection.tells.project") for url, date in pairs]
        lines: tuple[Funding, ...] = money_of(extract.catalogue, project.id).lines
        # When a figure is known of is no date of its source, and nor is that of a step.
        uses += [_Use(project, each.source, None, "selection.tells.money") for each in lines]
        steps: tuple[Milestone, ...] = milestones_of(extract.catalogue, project.id)
        uses += [_Use(project, each.source, None, "selection.tells.step") for each in steps]
        yield from dict.fromkeys(uses)


def _add_about(book: Workbook, extract: Extract) -> None:
    words = extract.words
    headings = (words.text("selection.about"), extract.title)
    sheet = book.add_sheet(words.text("selection.sheet.about"), headings, _ABOUT_WIDTHS)
    rows: list[tuple[str, str]] = [*extract.provenance(), ("", ""), *counts_of(extract)]
    for key, sums in (
        ("selection.by_nature", sums_by_nature(extract)),
        ("selection.by_programme", sums_by_programme(extract)),
    ):
        if sums:
            rows += [("", ""), (words.text(key), words.text("selection.sums_note")), *sums]
    for line, row in enumerate(rows, start=1):
        for index, text in enumerate(row):
            write_value(sheet, line, index, text, book.styles.wrapped)
