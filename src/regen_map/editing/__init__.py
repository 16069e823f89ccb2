"""Single rows corrected, added and taken away: from the bytes of files to the bytes of files."""

from regen_map.editing.checking import Check, checked
from regen_map.editing.edits import Edited, added, changed, converts_to, removed
from regen_map.editing.faults import RowGoneError, UnwritableError
from regen_map.editing.names import proposed_id, slug
from regen_map.editing.positions import (
    accuracy_of_hand,
    as_cells,
    metres_between,
    proposals,
)
from regen_map.editing.rows import Files, Ref, Row

__all__ = [
    "Check",
    "Edited",
    "Files",
    "Ref",
    "Row",
    "RowGoneError",
    "UnwritableError",
    "accuracy_of_hand",
    "added",
    "as_cells",
    "changed",
    "checked",
    "converts_to",
    "metres_between",
    "proposals",
    "proposed_id",
    "removed",
    "slug",
]
