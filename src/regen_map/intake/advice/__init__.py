"""What is no fault, but somebody should look at: old, doubled, contradictory, misplaced."""

from regen_map.intake.advice.advise import (
    Located,
    Locator,
    advise_rows,
    advise_tables,
    propose_positions,
)
from regen_map.intake.advice.pictures import MOST_PIXELS, Picture, advise_pictures

__all__ = [
    "MOST_PIXELS",
    "Located",
    "Locator",
    "Picture",
    "advise_pictures",
    "advise_rows",
    "advise_tables",
    "propose_positions",
]
