"""What every checker is brought to: where it says that something is wrong."""

from typing import NamedTuple


class Report(NamedTuple):
    """One message of a checker.

    Attributes
    ----------
    row
        The line of a text file, the row of a sheet or the number of a feature; None for the whole file.
    columns
        The headings that it names.
    what
        Its own code or words.
    """

    row: int | None
    columns: tuple[str, ...]
    what: str
