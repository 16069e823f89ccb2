"""What is told of the differences between two catalogues: a line for each, and their number."""

from regen_map.facts.changes.cutting import MOST_TEXT, differing
from regen_map.facts.changes.told import ChangesFacts, Subject, Told

__all__ = ["MOST_TEXT", "ChangesFacts", "Subject", "Told", "differing"]
