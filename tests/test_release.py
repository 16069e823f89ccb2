"""Large objects go in pieces, and nothing of them stays."""

import gc
import sys
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from regen_map.catalogue.release import release_gradually
from regen_map.pacing import Pace, making_much


class Leaf:
    """Something that a large object holds."""


@dataclass(eq=False)
class Large:
    """Leaves in a tuple, and some of them in an array and a mapping too."""

    leaves: tuple[Leaf, ...]
    array: np.ndarray = field(init=False)
    by_number: dict[int, Leaf] = field(init=False)

    def __post_init__(self) -> None:
        self.array = np.array(self.leaves[::2], dtype=object)
        self.by_number = dict(enumerate(self.leaves[::3]))


def large(n_leaves: int = 5_000) -> Large:
    return Large(tuple(Leaf() for _ in range(n_leaves)))


def until(condition: Callable[[], bool]) -> bool:
    """Wait for the thread that lets go."""
    end = time.monotonic() + 30
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def letting_go() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "letting-go"]


def test_all_of_a_large_object_goes_with_it() -> None:
    thing = large()
    leaves = [weakref.ref(leaf) for leaf in thing.leaves]
    release_gradually(thing, 0)
    del thing
    assert until(lambda: not any(leaf() for leaf in leaves))
    assert until(lambda: not letting_go())


def test_what_is_wanted_elsewhere_stays() -> None:
    thing = large()
    wanted = thing.leaves[7]
    gone, stays = weakref.ref(thing.leaves[8]), weakref.ref(wanted)
    release_gradually(thing, 0)
    del thing
    assert until(lambda: gone() is None)
    assert stays() is wanted


def test_nothing_goes_while_somebody_wants_the_object() -> None:
    thing = large()
    before = [*thing.leaves]
    release_gradually(thing, 0)
    assert letting_go()
    assert list(thing.leaves) == before
    del thing, before
    assert until(lambda: not letting_go())


def test_who_lets_go_last_frees_no_leaf_itself() -> None:
    freed_by = set[str]()

    class Telling(Leaf):
        def __del__(self) -> None:
            freed_by.add(threading.current_thread().name)

    thing = Large(tuple(Telling() for _ in range(5_000)))
    itself, leaf = weakref.ref(thing), weakref.ref(thing.leaves[-1])
    of_itself, of_leaf = sys.getrefcount(itself()), sys.getrefcount(leaf())
    release_gradually(thing, 0)
    # The thread has looked through it, and holds its leaves, but not itself.
    assert until(lambda: sys.getrefcount(leaf()) > of_leaf)
    assert until(lambda: sys.getrefcount(itself()) == of_itself)
    del thing
    assert until(lambda: not letting_go())
    assert freed_by == {"letting-go"}


def test_no_garbage_is_looked_for_among_what_is_made_and_the_rest_is_as_before() -> None:
    assert gc.isenabled()
    gc.freeze()
    before = gc.get_freeze_count()
    try:
        with making_much():
            assert not gc.isenabled()
            made = [Leaf() for _ in range(10_000)]
        assert gc.isenabled()
        assert gc.get_freeze_count() >= before + len(made)
        del made
        assert gc.get_freeze_count() < before + 10_000
    finally:
        gc.unfreeze()


def test_who_looks_for_no_garbage_at_all_goes_on_so() -> None:
    gc.disable()
    try:
        before = gc.get_freeze_count()
        with making_much():
            pass
        assert not gc.isenabled()
        assert gc.get_freeze_count() == before
    finally:
        gc.enable()


def test_garbage_of_others_goes_while_much_is_made() -> None:
    with making_much():
        circle = Leaf()
        circle.itself = circle  # type: ignore[attr-defined]
        gone = weakref.ref(circle)
        del circle
        pace = Pace()
        sum(range(200_000))
        pace.rest()
        assert gone() is None
