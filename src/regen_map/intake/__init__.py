"""From the bytes of a city's files to its catalogue and the list of their faults."""

from regen_map.intake.advice import MOST_PIXELS, Picture
from regen_map.intake.issues import Issue, Rule, Severity
from regen_map.intake.limits import LIMITS, Limits, megabytes
from regen_map.intake.reading import (
    Options,
    Reading,
    TableReading,
    file_names,
    gazetteer_from,
    read_catalogue,
    read_table,
    read_tables,
    table_of,
)

__all__ = [
    "LIMITS",
    "MOST_PIXELS",
    "Issue",
    "Limits",
    "Options",
    "Picture",
    "Reading",
    "Rule",
    "Severity",
    "TableReading",
    "file_names",
    "gazetteer_from",
    "megabytes",
    "read_catalogue",
    "read_table",
    "read_tables",
    "table_of",
]
