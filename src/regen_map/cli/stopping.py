"""How a command ends that cannot go on: with a sentence, and nothing changed."""

from __future__ import annotations

import sys
from collections.abc import Callable

from regen_map.cli.output import cannot_write
from regen_map.messages import Translator

UNABLE = 2
"""What a command ends with where something cannot be done at all."""


class StopError(Exception):
    """
    A command cannot go on.

    Parameters
    ----------
    sentence
        Why, for people.
    status
        What the command ends with.
    """

    def __init__(self, sentence: str, status: int = UNABLE) -> None:
        super().__init__(sentence)
        self.status = status


def stopping(act: Callable[[], int], words: Translator) -> int:
    """Do what a command does; where it stops, say why and give the status for that."""
    try:
        return act()
    except StopError as error:
        print(error, file=sys.stderr)
        return error.status
    except OSError as error:
        print(cannot_write(error, words), file=sys.stderr)
        return UNABLE
