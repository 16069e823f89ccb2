"""What may be against an edit."""

from __future__ import annotations


class UnwritableError(Exception):
    """
    A change that cannot be written into a file without touching the rest of it.

    Parameters
    ----------
    file
        The name of the file.
    """

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


class RowGoneError(Exception):
    """
    A row that is not in the files any more, or no longer says what it said.

    Parameters
    ----------
    table
        The table it was in.
    """

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table
