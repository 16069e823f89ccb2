"""From the bytes of a city's files to its catalogue and the list of their faults."""

from regen_map.intake.issues import Issue, Rule, Severity
from regen_map.intake.reading import (
    Reading,
    TableReading,
    file_names,
    read_catalogue,
    read_table,
)

__all__ = [
    "Issue",
    "Reading",
    "Rule",
    "Severity",
    "TableReading",
    "file_names",
    "read_catalogue",
    "read_table",
]
