"""What to ask next as a list to fill in: a CSV and a workbook of Excel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from regen_map.export.extract import Extract
from regen_map.export.rows import write_csv
from regen_map.export.workbook import Workbook, write_value
from regen_map.facts.links import shortened
from regen_map.facts.questions import contacts_of, party_name, priority_of, question_of
from regen_map.query import Task

COLUMNS: tuple[str, ...] = (
    "priority",
    "table",
    "id",
    "name",
    "column",
    "why",
    "question",
    "value",
    "since",
    "whom",
    "contact",
    "source",
    "row",
    "answer",
    "done",
)
"""What stands in the list, in this order; the last two are empty, to be filled in."""

_PROVENANCE = ("day", "version")
"""What every row of the CSV repeats, for a CSV has nowhere else to say it."""

_WIDTHS = (10, 16, 28, 36, 18, 28, 60, 40, 14, 36, 30, 40, 40, 48, 10)
_ABOUT_WIDTHS = (32, 90)
_LONGEST = 1000
_TO_FILL_IN = 2


def to_do_csv(extract: Extract, tasks: Sequence[Task]) -> bytes:
    """
    Write tasks as CSV.

    Parameters
    ----------
    extract
        Whose catalogue and which projects, on which day, in which language.
    tasks
        As of `regen_map.query.to_do`; may be empty.

    Returns
    -------
    bytes
        UTF-8 with the headings of `COLUMNS` in words, then the day and the version of the
        data, in the order of the tasks. Dates are ISO 8601 and may stop at the year or
        the month. No cell is run as a formula, see `regen_map.export.rows.write_csv`.
        Equal for equal parameters.
    """
    headings = _headings(extract, *COLUMNS, *_PROVENANCE)
    provenance = (extract.day.isoformat(), extract.catalogue.version)
    return write_csv(headings, ([*row, *provenance] for row in _rows(extract, tasks)))


def to_do_workbook(extract: Extract, tasks: Sequence[Task]) -> bytes:
    """
    Write tasks as a workbook.

    Parameters
    ----------
    extract, tasks
        As of `to_do_csv`.

    Returns
    -------
    bytes
        A sheet with the headings of `COLUMNS`, which stay in sight, and filters; and one
        that says what the list includes, of which day and version it is, and how to use
        it. All is text but the priority: never a formula or a link. Equal for equal
        parameters.
    """
    book, words = Workbook(extract.language), extract.words
    headings = _headings(extract, *COLUMNS)
    sheet = book.add_sheet(words.text("quality.sheet.to_do"), headings, _WIDTHS)
    line = 0
    for line, row in enumerate(_rows(extract, tasks), start=1):
        for index, text in enumerate(row[:-_TO_FILL_IN]):
            value: object = int(text) if index == 0 else text
            write_value(sheet, line, index, value, book.styles.wrapped)
    sheet.autofilter(0, 0, max(line, 1), len(headings) - 1)
    _add_about(book, extract, tasks)
    return book.content()


def _rows(extract: Extract, tasks: Sequence[Task]) -> Iterator[Sequence[str]]:
    wording = extract.wording
    # The same few are asked again and again.
    whom = cache(lambda parties: "; ".join(party_name(wording, each) for each in parties))
    contact = cache(
        lambda parties: "; ".join(
            link.text for each in parties for link in contacts_of(wording, each)
        )
    )
    for task in tasks:
        told = question_of(wording, task)
        yield (
            str(told.priority),
            task.table,
            task.id,
            told.name,
            task.column,
            told.why,
            told.text,
            told.value,
            str(task.since or ""),
            shortened(whom(task.whom), _LONGEST),
            shortened(contact(task.whom), _LONGEST),
            told.source,
            told.row,
            "",
            "",
        )


def _headings(extract: Extract, *names: str) -> list[str]:
    return [extract.words.text(f"quality.heading.{name}") for name in names]


def _add_about(book: Workbook, extract: Extract, tasks: Sequence[Task]) -> None:
    words = extract.words
    headings = (words.text("quality.about.scope"), extract.title)
    sheet = book.add_sheet(words.text("quality.sheet.about"), headings, _ABOUT_WIDTHS)
    weights = Counter(priority_of(task) for task in tasks)
    rows: list[tuple[str, str]] = [
        *extract.provenance(),
        ("", ""),
        (words.text("quality.about.n"), words.number(len(tasks))),
        *(
            (words.text("quality.about.priority", n=each), words.number(weights[each]))
            for each in sorted(weights)
        ),
        ("", ""),
        (words.text("quality.about.order"), words.text("quality.by_weight")),
        (words.text("quality.about.answer"), words.text("quality.about.use")),
    ]
    for line, row in enumerate(rows, start=1):
        for index, text in enumerate(row):
            write_value(sheet, line, index, text, book.styles.wrapped)
