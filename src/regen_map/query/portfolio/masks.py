"""Which of the projects of a catalogue something holds of, one truth value for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]
"""Shape ``(n_projects,)``, in file order."""


def in_all(masks: Sequence[Mask]) -> Mask:
    """Tell of which projects all of one or more masks hold."""
    together: Mask = np.logical_and.reduce(masks)
    return together


def whole(size: int) -> Mask:
    """Give a mask that holds of every project."""
    return np.ones(size, dtype=bool)


def mask_of(positions: NDArray[np.intp], size: int) -> Mask:
    """Give a mask that holds at some positions."""
    mask = np.zeros(size, dtype=bool)
    mask[positions] = True
    return mask
