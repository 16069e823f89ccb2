"""Which row of a file is the header, and which heading stands for which column."""

from __future__ import annotations

import csv
import importlib.resources
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from regen_map.catalogue import TABLES, Table
from regen_map.intake.issues import FileError, Issue, Rule, Severity
from regen_map.intake.nearest import nearest
from regen_map.intake.sheets import Grid, Row, Sheet

_TRIED_ROWS = 30
"""How far down a header may stand."""
_SURE = 2
"""So many known headings make a header of a row that is not the first."""
_SHORTEST = 4
"""A shorter word is like too many others."""
_LONGEST = 200
_CUT = 10
"""The length of a field name in a shapefile."""
_SIGNS = re.compile(r"[\W_]+")
_OTHER_LANGUAGE = {"_it": "_en", "_en": "_it"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """
    The headings of a file, told apart.

    Attributes
    ----------
    columns
        The heading by name of the column it stands for.
    tolerated
        The names of the columns whose heading is spelled in another way.
    doubled
        Headings left unread because another one stands for the same column
        under its own name, by that name.
    unknown
        Headings that stand for no column.
    """

    columns: Mapping[str, str]
    tolerated: tuple[str, ...]
    doubled: Mapping[str, str]
    unknown: tuple[str, ...]


def spelled(text: str) -> str:
    """
    Reduce a heading or a word to its letters and digits.

    Examples
    --------
    >>> spelled(" Coord_Y "), spelled("Città (sede)")
    ('coordy', 'cittasede')
    """
    # The same headings and terms come in file after file; what is long is none of them.
    return _known_spelling(text) if len(text) <= _LONGEST else _reduced(text)


@lru_cache(maxsize=8192)
def _known_spelling(text: str) -> str:
    return _reduced(text)


def _reduced(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return _SIGNS.sub("", "".join(each for each in parts if not unicodedata.combining(each)))


@lru_cache(maxsize=64)
def known_headings(table: Table) -> Mapping[str, str]:
    """
    Tell which spellings stand for which column.

    Returns
    -------
    Mapping of str to str
        The name of the column by reduced spelling: the names themselves, the
        words of ``headings.csv``, and names as a shapefile cuts them.
    """
    known = {spelled(name): name for name in table.names}
    general: dict[str, str] = {}
    for row in _words():
        if row["column"] in table.names:
            if row["table"] == table.name:
                known.setdefault(spelled(row["heading"]), row["column"])
            elif not row["table"]:
                general.setdefault(spelled(row["heading"]), row["column"])
    cut = Counter(spelled(name[:_CUT]) for name in table.names)
    short = {spelled(name[:_CUT]): name for name in table.names if cut[spelled(name[:_CUT])] == 1}
    return short | general | known


@lru_cache(maxsize=64)
def table_words(table: Table) -> tuple[str, ...]:
    """Give the reduced spellings of the names that files and sheets of a table have."""
    others = (
        row["heading"] for row in _words() if row["table"] == table.name and not row["column"]
    )
    return tuple(spelled(word) for word in (table.name, *others))


def score(cells: Sequence[str], table: Table) -> int:
    """Tell how many columns of a table a row of headings would name."""
    known = known_headings(table)
    return len({known[word] for cell in cells if (word := spelled(cell[:100])) in known})


def find_header(grid: Grid, table: Table, file: str) -> Sheet:
    """
    Tell the header of a grid from titles above it and rows below.

    Parameters
    ----------
    grid
        Rows of text.
    table
        What the rows should be.
    file
        Its name, for the issues.

    Returns
    -------
    Sheet
        Blank rows and repeated headers left out, rows shorter than the header
        filled up.

    Raises
    ------
    FileError
        If there is no row at all.
    """
    filled = [row for row in grid.rows if row.raw or (any(row.cells) and not _is_blank(row.cells))]
    tried = [(place, row) for place, row in enumerate(filled) if row.cells][:_TRIED_ROWS]
    if not tried:
        raise FileError(Rule.NO_HEADER, expected=", ".join(table.names))
    scores = [score(row.cells, table) for _, row in tried]
    at, header = tried[scores.index(max(scores)) if max(scores) >= _SURE else 0]
    headings = list(map(str.strip, header.cells))
    while headings and not headings[-1]:
        headings.pop()
    issues = list(grid.issues)
    if at:
        issues.append(_titles(filled[:at], header, file))
    same = tuple(map(str.casefold, headings))
    rows = []
    n_repeated = 0
    for row in filled[at + 1 :]:
        if row.raw:
            rows.append(row)
            continue
        cells = _fit(row.cells, len(headings))
        if cells[0][:1].casefold() == same[0][:1] and _repeats(cells, same):
            n_repeated += 1
        else:
            rows.append(row if cells is row.cells else row._replace(cells=cells))
    if n_repeated:
        issues.append(
            Issue(file=file, rule=Rule.HEADER_REPEATED, severity=Severity.NOTICE, n_rows=n_repeated)
        )
    return Sheet(headings=tuple(headings), rows=rows, italian=grid.italian, issues=issues)


def _is_blank(cells: Sequence[str]) -> bool:
    return not cells[0].strip() and not any(map(str.strip, cells))


def _titles(titles: Sequence[Row], header: Row, file: str) -> Issue:
    words = (cell.strip() for row in titles for cell in row.cells if cell.strip())
    return Issue(
        file=file,
        rule=Rule.TITLE_LINES,
        severity=Severity.NOTICE,
        line=titles[0].line,
        found=" ".join(words)[:200],
        expected=str(header.line),
    )


def _fit(cells: Sequence[str], width: int) -> Sequence[str]:
    """Fill up a short row; cut blank cells off a long one."""
    if len(cells) == width:
        return cells
    if len(cells) < width:
        return [*cells, *[""] * (width - len(cells))]
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _repeats(cells: Sequence[str], headings: Sequence[str]) -> bool:
    return all(
        cell.strip().casefold() == heading for cell, heading in zip(cells, headings, strict=False)
    )


def match(found: Sequence[str], table: Table) -> Headings:
    """
    Tell which heading stands for which column.

    Parameters
    ----------
    found
        The headings as the file spells them.
    table
        What the file should hold.

    Returns
    -------
    Headings
        A name spelled exactly wins over other words for the same column.

    Raises
    ------
    FileError
        If a heading is repeated, if two words stand for one column, or if a
        required column is missing.
    """
    known = known_headings(table)
    repeated = [
        each for each, times in Counter(found).items() if times > 1 and spelled(each) in known
    ]
    if repeated:
        raise FileError(Rule.HEADING_REPEATED, columns=tuple(repeated))
    exact = {name: name for name in found if name in set(table.names)}
    meant: dict[str, list[str]] = defaultdict(list)
    for heading in found:
        if heading not in exact and (name := known.get(spelled(heading))) is not None:
            meant[name].append(heading)
    for name, words in meant.items():
        if name not in exact and len(words) > 1:
            raise FileError(
                Rule.HEADING_TWICE, columns=tuple(words), found=", ".join(words), expected=name
            )
    columns = exact | {name: words[0] for name, words in meant.items() if name not in exact}
    _demand_required(found, table, columns)
    doubled = {word: name for name, words in meant.items() if name in exact for word in words}
    read = {*columns.values(), *doubled}
    return Headings(
        columns={name: columns[name] for name in table.names if name in columns},
        tolerated=tuple(name for name in columns if name not in exact),
        doubled=doubled,
        unknown=tuple(dict.fromkeys(each for each in found if each not in read)),
    )


def _demand_required(found: Sequence[str], table: Table, columns: Mapping[str, str]) -> None:
    missing = [
        column.name
        for column in table.columns
        if column.required
        and column.name not in columns
        and other_language(column.name) not in columns
    ]
    if not missing:
        return
    others = [each for each in found if each and each not in columns.values()]
    guesses = [f"{near} → {name}" for name in missing if (near := nearest(name, others))]
    raise FileError(
        Rule.HEADING_MISSING,
        found=", ".join(each for each in found if each),
        expected=", ".join(missing),
        suggestion=", ".join(guesses),
    )


def other_language(name: str) -> str:
    """Name the column that says the same in the other language."""
    return name[:-3] + _OTHER_LANGUAGE.get(name[-3:], name[-3:])


def likely_column(heading: str, table: Table, taken: Mapping[str, str]) -> str:
    """
    Guess the column that an unknown heading was meant for.

    Returns
    -------
    str
        The name of a free column that is spelled alike; else, as
        ``"funding.csv: amount_eur"``, where another table has such a column;
        else empty.
    """
    free = {
        word: name
        for word, name in known_headings(table).items()
        if name not in taken and (len(word) >= _SHORTEST or word == spelled(name))
    }
    near = nearest(spelled(heading), list(free))
    if near:
        return free[near]
    for other in TABLES.values():
        name = known_headings(other).get(spelled(heading))
        if name and name not in table.names:
            return f"{other.file_name}: {name}"
    return ""


@lru_cache(maxsize=1)
def _words() -> tuple[Mapping[str, str], ...]:
    source = importlib.resources.files(__package__) / "headings.csv"
    return tuple(_read(source.read_text("utf-8")))


def _read(text: str) -> Iterator[Mapping[str, str]]:
    yield from csv.DictReader(text.splitlines())
