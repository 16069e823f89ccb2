"""What is no fault, but somebody should look at: old, doubled, contradictory, misplaced."""

from regen_map.intake.advice.advise import (
    Located,
    Locator,
    advise_rows,
    advise_tables,
    propose_positions,
)

__all__ = ["Located", "Locator", "advise_rows", "advise_tables", "propose_positions"]
