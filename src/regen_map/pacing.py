"""Long work of a thread in small pieces, so that no other thread waits for it."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_TURN_S = 0.0005
"""After so much work others have their turn."""
_RESTS = 3
"""How many times longer they have it: so they lose a quarter of a processor at most."""
_INTERVAL_S = 0.001
"""How soon who waits for the interpreter gets it: an answer waits for it some ten times."""


class Pace:
    """
    Rests of one thread, three times as long as its work.

    It is of use between pieces that hold the interpreter for some milliseconds; whoever
    waits for it then gets it at once, and may keep it for as long as a visitor's question
    takes.
    """

    def __init__(self) -> None:
        self._rested = time.thread_time()

    def rest(self) -> None:
        """Rest if there was work enough since the last time, and look for young garbage."""
        worked = time.thread_time() - self._rested
        if worked > _TURN_S:
            if not gc.isenabled():
                gc.collect(0)
            time.sleep(_RESTS * worked)
            self._rested = time.thread_time()


def take_short_turns() -> None:
    """
    Let the threads of this process give way to each other five times sooner than usual.

    Where one works on, such as the one that reads changed files, others then answer a
    visitor nearly as fast as if it rested.
    """
    sys.setswitchinterval(_INTERVAL_S)


@contextmanager
def making_much() -> Iterator[None]:
    """
    Spare other threads the search for garbage while very many objects are made that will last.

    Garbage is looked for by `Pace.rest` only, among what is young, and what has been made
    is never searched again. Else each search through all of it would stop every thread for
    a tenth of a second. It goes when nobody refers to it any more; only what refers to
    itself in a circle would stay, and must not be made here.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.collect(0)
            gc.freeze()
            gc.enable()
