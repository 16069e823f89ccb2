"""What is wrong with a history, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from regen_map.messages.issues import visible
from regen_map.messages.translator import Translator

_LONGEST_NAME = 200
_MOST = 5


class Flaw(Protocol):
    """The parts of a flaw that a sentence is made of, as `regen_map.store.Flaw` has them."""

    @property
    def fault(self) -> str:
        """What it is."""

    @property
    def number(self) -> int:
        """The version that it concerns."""

    @property
    def file(self) -> str:
        """The name of the file that it concerns, or the proposal's; may be empty."""


def flaw_sentence(flaw: Flaw, words: Translator) -> str:
    """Say one thing that is wrong with a history."""
    file = visible(flaw.file, _LONGEST_NAME)
    return words.text(f"history.flaw.{flaw.fault}", number=flaw.number, file=file)


def damage_sentence(flaws: Sequence[Flaw], words: Translator) -> str:
    """Say that a history is not as it was written, and what comes of it; empty for no flaws."""
    if not flaws:
        return ""
    told = [flaw_sentence(each, words) for each in flaws[:_MOST]]
    if len(flaws) > _MOST:
        told.append("…")
    return words.text("history.damaged", flaws=" ".join(told))
