"""What differs between two catalogues of a city, cell by cell, and what that means."""

from regen_map.query.changes.between import by_subject, changes_between
from regen_map.query.changes.difference import POSITION, SHAPE, Change, Difference

__all__ = ["POSITION", "SHAPE", "Change", "Difference", "by_subject", "changes_between"]
