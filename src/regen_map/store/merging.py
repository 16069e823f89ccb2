"""Two changes of one table made at once: put together row by row, where they touch others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_QUOTE = b'"'


class _Edit(NamedTuple):
    """From which row of the common state to which one stands something else."""

    start: int
    end: int
    rows: tuple[bytes, ...]


def merged(base: bytes, mine: bytes, theirs: bytes) -> bytes | None:
    """
    Put two changes of a text file of rows together.

    Parameters
    ----------
    base
        What both were made from.
    mine, theirs
        What they made of it. Rows may be split by any sign, over several lines in quotes.

    Returns
    -------
    bytes or None
        Their file with my changes, and with their line ends. Rows that both have added at
        one place are all kept, theirs first. None where both have changed the same row,
        and for text whose characters have more than one byte each, such as UTF-16.
    """
    if b"\0" in base + mine + theirs:
        return None
    rows = _rows(base)
    # Sorting keeps the order of what stands at one place; what both have done is done once.
    theirs_then_mine = dict.fromkeys((*_edits(rows, _rows(theirs)), *_edits(rows, _rows(mine))))
    edits = sorted(theirs_then_mine, key=lambda edit: (edit.start, edit.end))
    found: list[bytes] = []
    at = 0
    for edit in edits:
        if edit.start < at:
            return None
        found += rows[at : edit.start]
        found += edit.rows
        at = edit.end
    found += rows[at:]
    ending = b"\r\n" if b"\r\n" in theirs else b"\n"
    return b"".join(row + ending for row in found)


def _edits(base: Sequence[bytes], other: Sequence[bytes]) -> Iterator[_Edit]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "replace" and end - start == last - first:
            # Each row by itself, so that neighbours are no conflict.
            for n in range(end - start):
                yield _Edit(start + n, start + n + 1, (other[first + n],))
        elif kind != "equal":
            yield _Edit(start, end, tuple(other[first:last]))


def _rows(content: bytes) -> list[bytes]:
    """Split into rows without their line ends; a quoted cell may have line ends of its own."""
    found: list[bytes] = []
    waiting = b""
    for line in content.split(b"\n"):
        row = waiting + line
        if row.count(_QUOTE) % 2:
            waiting = row + b"\n"
        else:
            found.append(row.removesuffix(b"\r"))
            waiting = b""
    if waiting:
        found.append(waiting.removesuffix(b"\n"))
    elif found and not found[-1]:
        found.pop()
    return found
