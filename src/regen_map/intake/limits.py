"""How large a file may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


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


LIMITS = Limits()
"""The limits where nobody has set others."""
