"""How large a file may be before it is refused."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """
    What a file may cost; beyond it, a sentence instead of a crash.

    Attributes
    ----------
    file_bytes
        Size of a file as it lies on the disk.
    unpacked_bytes
        Size of all that an office file or an archive unpacks to.
    cell_characters
        Length of the text of one cell.
    columns
        Number of headings.
    grid_cells
        Rows times columns of the rectangle that a spreadsheet spans.
    depth
        How far lists and objects of a JSON file may stand inside each other.
    """

    file_bytes: int = 50 * 2**20
    unpacked_bytes: int = 300 * 2**20
    cell_characters: int = 20_000
    columns: int = 2_000
    grid_cells: int = 10_000_000
    depth: int = 100

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read limits that somebody has set.

        Parameters
        ----------
        text
            Such as ``"file_bytes=104857600, columns=500"``; empty for the usual
            ones.

        Raises
        ------
        ValueError
            If a limit has no such name, or is no positive whole number.

        Examples
        --------
        >>> Limits.parse("columns=500").columns
        500
        """
        names = [each.name for each in dataclasses.fields(cls)]
        values = {}
        for piece in filter(None, map(str.strip, text.split(","))):
            name, _, number = map(str.strip, piece.partition("="))
            if name not in names or not number.isdecimal() or int(number) == 0:
                message = f"A limit is NAME=NUMBER with one of {', '.join(names)}, got {piece!r}."
                raise ValueError(message)
            values[name] = int(number)
        return cls(**values)


def megabytes(n_bytes: int) -> str:
    """Write a size for people, never as less than it is allowed to be."""
    return f"{-(-n_bytes // 2**20)} MB"


LIMITS = Limits()
"""The limits where nobody has set others."""
