"""Large catalogues that go in pieces."""

from __future__ import annotations

import gc
import threading
import weakref
from collections import deque
from types import BuiltinFunctionType, FunctionType, ModuleType

import numpy as np

from regen_map.pacing import Pace

_LARGE = 1_000
"""What holds more is not looked into further: what it holds is small."""
_PIECE = 200
_DELAY_S = 20.0
_OTHERS = (type, ModuleType, FunctionType, BuiltinFunctionType)
"""What belongs to the program, not to the data."""


def release_gradually(large: object, delay_s: float = _DELAY_S) -> None:
    """
    See to it that an object goes in pieces when nobody wants it any more.

    Else whoever lets go of it last, a visitor it may be, stops all threads while each of
    its hundred thousand parts is freed. A thread of its own does it instead, a few at a
    time.

    Parameters
    ----------
    large
        Such as a `Catalogue` of very many places; weakly referable. What it holds then is
        kept until it goes, and must not hold it.
    delay_s
        After how many seconds it is looked through; if it goes before, it goes at once.
    """
    gone = threading.Event()
    weakref.finalize(large, gone.set).atexit = False
    threading.Thread(
        target=_see_off, args=(weakref.ref(large), gone, delay_s), name="letting-go", daemon=True
    ).start()


def _see_off(large: weakref.ref[object], gone: threading.Event, delay_s: float) -> None:
    # It has just been made, and visitors ask much of it that nobody has asked before.
    gone.wait(delay_s)
    if (still := large()) is None:
        return
    parts, pace = _parts(still), Pace()
    del still
    gone.wait()
    while parts:
        for _ in range(min(_PIECE, len(parts))):
            parts.popleft()
        pace.rest()


def _parts(large: object) -> deque[object]:
    """Give what is in an object: what holds others first, then what large ones hold."""
    pace, seen = Pace(), {id(large)}
    holding, held = list[object](), list[object]()
    within = [large]
    for each in within:
        found = _directly_in(each)
        new = [part for part in found if id(part) not in seen]
        seen.update(map(id, new))
        if len(found) > _LARGE:
            held.extend(new)
        else:
            holding.extend(new)
            within.extend(new)
        pace.rest()
    return deque((*holding, *held))


def _directly_in(each: object) -> list[object]:
    found = each.ravel().tolist() if isinstance(each, np.ndarray) else gc.get_referents(each)
    return [part for part in found if _holds(part) and not isinstance(part, _OTHERS)]


def _holds(part: object) -> bool:
    # An array holds objects, but Python is not told so.
    return gc.is_tracked(part) or (isinstance(part, np.ndarray) and part.dtype == object)
