"""How good the data are, in words: what is filled in, old, unlocated or at odds with itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from regen_map import query
from regen_map.catalogue import TABLES, Project, Record
from regen_map.facts.last_news import LONGEST_VALUE, figures_in_words
from regen_map.facts.links import shortened
from regen_map.facts.questions import key_of, row_name
from regen_map.facts.wording import Wording
from regen_map.query.quality import STALE_MONTHS, newer_phase

_LANGUAGES = ("_it", "_en")


class Row(NamedTuple):
    """
    A row of a list.

    Attributes
    ----------
    name
        Of the row.
    key
        Of its entry in the app; empty where it has none.
    table
        Where it stands, in a word.
    about
        What is said of it here; may be empty.
    """

    name: str
    key: str
    table: str
    about: str


class Listing(NamedTuple):
    """
    Rows that have something in common.

    Attributes
    ----------
    id
        For the page.
    title, note
        What it is, and what rule it follows.
    n
        How many rows there are.
    rows
        As many as fit.
    n_more
        How many there are beside.
    """

    id: str
    title: str
    note: str
    n: int
    rows: Sequence[Row]
    n_more: int


class Share(NamedTuple):
    """
    How much of something is filled in.

    Attributes
    ----------
    name
        What it is.
    column
        The same as the files spell it; empty for a whole table.
    n, total
        How many cells are, and of how many.
    text
        The same in words, with a percentage that is never rounded up to all nor down to
        none.
    missing
        The rows that lack it, as many as fit.
    n_more
        How many there are beside.
    """

    name: str
    column: str
    n: int
    total: int
    text: str
    missing: Sequence[Row]
    n_more: int


class Filled(NamedTuple):
    """How much of a table is filled in: the table, how many rows it has, its columns."""

    id: str
    whole: Share
    n_rows: str
    columns: Sequence[Share]


def filled_tables(wording: Wording, *, most: int) -> Sequence[Filled]:
    """
    Tell how much of the whole catalogue is filled in.

    Parameters
    ----------
    wording
        Whose catalogue, in which language.
    most
        How many of the rows that lack a column are named at most.
    """
    words = wording.words
    found = []
    for table in query.completeness_by_table(wording.catalogue):
        name = words.text(f"quality.table.{table.table}")
        whole = _share(wording, name, "", table.n_filled, table.n_cells, (), most)
        columns = [
            _share(
                wording,
                words.text(f"quality.column.{_stem(each.column)}"),
                each.column,
                each.n_filled,
                each.n_rows,
                each.missing,
                most,
            )
            for each in table.columns
        ]
        n_rows = words.count("quality.n_rows", table.n_table_rows)
        found.append(Filled(table.table, whole, n_rows, columns))
    return found


def listings(
    wording: Wording, projects: Sequence[Project] | None, *, most: int
) -> Iterator[Listing]:
    """
    List what is old, unlocated or at odds with itself.

    Parameters
    ----------
    wording
        Whose catalogue, on which day, in which language.
    projects
        Only these projects and their places; None for the whole catalogue.
    most
        How many rows of a list are told at most.

    Yields
    ------
    Listing
        Contradictions, what is stale, places and projects without a position, the oldest
        facts, and what has no date; those that are empty too.
    """
    catalogue, day = wording.catalogue, wording.day
    odds = query.contradictions(catalogue, day, projects)
    yield _listing(
        wording, "contradictions", ((each.row, _odd(wording, each)) for each in odds), most
    )
    stale = query.stale(catalogue, day, projects=projects)
    yield _listing(wording, "stale", ((each.row, _age(wording, each)) for each in stale), most)
    nowhere = query.unlocated(catalogue, projects)
    yield _listing(
        wording,
        "unlocated_places",
        ((each, each.address or wording.label("quarter", each.quarter)) for each in nowhere.places),
        most,
    )
    yield _listing(
        wording,
        "unlocated_projects",
        ((each, _place(wording, each)) for each in nowhere.projects),
        most,
    )
    oldest = query.oldest(catalogue, projects=projects)
    yield _listing(
        wording, "oldest", ((each.row, _age(wording, each)) for each in oldest.dated), most
    )
    yield _listing(wording, "undated", ((each.row, "") for each in oldest.undated), most)


def _what(wording: Wording, row: Record) -> str:
    """Say in a word or two what a row is."""
    table = next(name for name, each in TABLES.items() if isinstance(row, each.record))
    return wording.words.text(f"quality.one.{table}")


def _listing(wording: Wording, name: str, rows: Iterable[tuple[Record, str]], most: int) -> Listing:
    told = list(rows)
    return Listing(
        id=name,
        title=wording.words.text(f"quality.list.{name}"),
        note=wording.words.text(f"quality.note.{name}", months=STALE_MONTHS),
        n=len(told),
        rows=[_row(wording, row, about) for row, about in told[:most]],
        n_more=max(len(told) - most, 0),
    )


def _row(wording: Wording, row: Record, about: str = "") -> Row:
    about = shortened(about, LONGEST_VALUE)
    return Row(row_name(wording, row), key_of(wording, row), _what(wording, row), about)


def _share(  # noqa: PLR0913, PLR0917 -- what a share is made of
    wording: Wording,
    name: str,
    column: str,
    n: int,
    total: int,
    missing: Sequence[Record],
    most: int,
) -> Share:
    # No table is whole that lacks one cell of thousands, and none empty that has one.
    percent = min(max(round(100 * n / total), 1 if n else 0), 100 if n == total else 99)
    return Share(
        name=name,
        column=column,
        n=n,
        total=total,
        text=wording.words.text("quality.share", n=n, total=total, percent=percent),
        missing=[_row(wording, row) for row in missing[:most]],
        n_more=max(len(missing) - most, 0),
    )


def _stem(column: str) -> str:
    return next((column.removesuffix(each) for each in _LANGUAGES if column.endswith(each)), column)


def _age(wording: Wording, aged: query.Aged) -> str:
    return wording.words.date(aged.known_of) if aged.known_of else ""


def _odd(wording: Wording, found: query.Contradiction) -> str:
    words, row = wording.words, found.row
    said = words.text(f"quality.why.{found.why}")
    if found.why == query.Why.PHASE_BEHIND and isinstance(row, Project):
        step = newer_phase(wording.catalogue, row, wording.day)
        phases = (row.phase, step.phase if step else None)
        return f"{said}: {' / '.join(wording.label('phase', phase) for phase in phases)}"
    if found.why == query.Why.FIGURES_DIFFER:
        return f"{said}: {figures_in_words(wording, row.id)}"
    return said


def _place(wording: Wording, project: Project) -> str:
    """Name the place of a project that has no position, or say that it has none."""
    place = wording.catalogue.place(project.place_id) if project.place_id else None
    return row_name(wording, place) if place else wording.words.text("quality.no_place")
