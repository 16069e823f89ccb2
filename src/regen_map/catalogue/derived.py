"""What is made of a catalogue once, and kept in that catalogue."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, TypeVar

from regen_map.catalogue.catalogue import Catalogue

_Asked = ParamSpec("_Asked")
_Made = TypeVar("_Made")
_Make = Callable[Concatenate[Catalogue, _Asked], _Made]

_KEPT = "_derived"
_MISSING = object()


def derived(*, most: int = 1) -> Callable[[_Make[_Asked, _Made]], _Make[_Asked, _Made]]:
    """
    Let a function of a catalogue keep its results in the catalogue, and give them again.

    They live as long as the catalogue: who lets go of it lets go of all that was made of
    it, and `dataclasses.replace` begins without any. `pickle` takes them along. Threads
    that ask for the same at once wait for the one that makes it; others do not. If nothing
    can be made, nothing is kept.

    Parameters
    ----------
    most
        Of how many different further arguments the results are kept; then the oldest goes.

    Returns
    -------
    callable
        For functions of a catalogue and of hashable arguments. What they give
        must not change, and must not hold the catalogue: it would keep itself alive.

    Examples
    --------
    >>> @derived()
    ... def n_places(catalogue: Catalogue) -> int:
    ...     return len(catalogue.place_ids)
    """

    def decorated(make: _Make[_Asked, _Made]) -> _Make[_Asked, _Made]:
        name = f"{make.__module__}.{make.__qualname__}"

        @wraps(make)
        def given(catalogue: Catalogue, /, *args: _Asked.args, **named: _Asked.kwargs) -> _Made:
            asked = (args, tuple(named.items())) if named else args
            kept = _kept_in(catalogue)
            found = kept.get(name, asked)
            if found is _MISSING:
                with kept.making(name, asked):
                    found = kept.get(name, asked)
                    if found is _MISSING:
                        found = make(catalogue, *args, **named)
                        kept.keep(name, asked, found, most)
            result: _Made = found
            return result

        return given

    return decorated


class _Kept:
    """Results by the name of the function and its further arguments."""

    def __init__(self, results: dict[str, dict[Hashable, Any]]) -> None:
        self._results = results
        self._guard = threading.Lock()
        self._making: dict[Hashable, threading.RLock] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return _Kept, (self._results,)

    def get(self, name: str, asked: Hashable) -> Any:
        return self._results.get(name, _NOTHING).get(asked, _MISSING)

    def making(self, name: str, asked: Hashable) -> threading.RLock:
        """Give what one thread holds while it makes a result."""
        with self._guard:
            return self._making.setdefault((name, asked), threading.RLock())

    def keep(self, name: str, asked: Hashable, result: object, most: int) -> None:
        with self._guard:
            results = self._results.setdefault(name, {})
            results[asked] = result
            while len(results) > most:
                results.pop(next(iter(results)))
            self._making.pop((name, asked), None)


_NOTHING: Mapping[Hashable, Any] = MappingProxyType({})


def _kept_in(catalogue: Catalogue) -> _Kept:
    kept: _Kept | None = vars(catalogue).get(_KEPT)
    # Of two threads that come first, both use what one of them puts there.
    return kept if kept is not None else vars(catalogue).setdefault(_KEPT, _Kept({}))
