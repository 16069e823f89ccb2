"""Single rows corrected, added and taken away: from the bytes of files to the bytes of files."""

from regen_map.editing.advising import MOST_ROWS, advice
from regen_map.editing.alone import checked_alone
from regen_map.editing.checking import Check, checked
from regen_map.editing.edits import (
    Edited,
    Reencoded,
    added,
    becomes_unicode,
    changed,
    converts_to,
    removed,
)
from regen_map.editing.faults import RowGoneError, UnwritableError
from regen_map.editing.names import proposed_id, slug
from regen_map.editing.positions import (
    accuracy_of_hand,
    as_cells,
    metres_between,
    proposals,
)
from regen_map.editing.rows import Files, Ref, Row
from regen_map.editing.sources import MOST_SOURCES, Cells, Source, sources_of, with_sources

__all__ = [
    "MOST_ROWS",
    "MOST_SOURCES",
    "Cells",
    "Check",
    "Edited",
    "Files",
    "Reencoded",
    "Ref",
    "Row",
    "RowGoneError",
    "Source",
    "UnwritableError",
    "accuracy_of_hand",
    "added",
    "advice",
    "as_cells",
    "becomes_unicode",
    "changed",
    "checked",
    "checked_alone",
    "converts_to",
    "metres_between",
    "proposals",
    "proposed_id",
    "removed",
    "slug",
    "sources_of",
    "with_sources",
]
