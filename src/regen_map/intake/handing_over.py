"""
How a reading goes from one process to another.

As `pickle` writes it, but in pieces none of which takes long to be undone: who takes it over
answers visitors meanwhile.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from dataclasses import is_dataclass
from types import MappingProxyType
from typing import IO, Any

import numpy as np
import shapely
from geopandas.array import GeometryArray
from numpy.typing import NDArray

from regen_map.catalogue import TABLES, Table
from regen_map.catalogue.release import release_gradually
from regen_map.intake.reading import Reading
from regen_map.pacing import Pace, making_much

_PIECE = 1 << 16
"""Bytes of a large array that are put into their place at once."""
_TEXTS = 1_000
_SHAPES = 1_000
"""So many points are made in half a millisecond."""
_MOST_TEXTS = 10_000
"""So many are forgotten in less than a millisecond."""


def write_reading(reading: Reading, stream: IO[bytes]) -> None:
    """Write what `taken_over` takes over: all texts, then the rest."""
    rest = io.BytesIO()
    pickler = _Pickler(rest, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dump(reading)
    texts = list(pickler.texts)
    for at in range(0, len(texts), _TEXTS):
        pickle.dump(texts[at : at + _TEXTS], stream, pickle.HIGHEST_PROTOCOL)
    pickle.dump([], stream)
    stream.write(rest.getbuffer())


def taken_over(stream: IO[bytes]) -> Reading:
    """
    Take over a reading that `write_reading` has written.

    Raises
    ------
    EOFError, pickle.UnpicklingError
        If it was not written to its end.
    """
    # By a program of ours; what files hold is nothing but text in it.
    source, texts = _Unhurried(stream), list[str]()
    with making_much():
        while some := pickle.load(source):  # noqa: S301
            texts += some
        reading: Reading = _Unpickler(source, texts).load()
    while texts:
        del texts[-_MOST_TEXTS:]
        source.pace.rest()
    if reading.catalogue is not None:
        release_gradually(reading.catalogue)
    return reading


class _Unpickler(pickle.Unpickler):
    """Puts texts that came apart into their places."""

    def __init__(self, stream: _Unhurried, texts: list[str]) -> None:
        super().__init__(stream)
        self._texts = texts

    def persistent_load(self, pid: int) -> str:
        """Give a text."""
        return self._texts[pid]


class _Unhurried:
    """
    A stream that lets other threads have their turn.

    What is pickled comes in frames of some 64 kB, each of which is undone without a pause.
    Before the next one is given, the thread rests.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.pace = Pace()

    def read(self, size: int) -> bytes:
        """Give so many bytes, or fewer at the end."""
        self.pace.rest()
        return self._stream.read(size)

    def readinto(self, buffer: memoryview) -> int:
        """Fill a buffer, or less of it at the end, piece by piece; tell how much."""
        filled = 0
        while filled < len(buffer) and (piece := self.read(min(_PIECE, len(buffer) - filled))):
            buffer[filled : filled + len(piece)] = piece
            filled += len(piece)
        return filled

    def readline(self) -> bytes:
        """Give a line."""
        self.pace.rest()
        return self._stream.readline()


class _Pickler(pickle.Pickler):
    """
    Takes apart what would take long to be undone in one piece, and what `pickle` cannot.

    Whoever undoes it remembers each object to the end, and forgets all in one piece. So
    texts, which are most, are written apart, shapes in one piece of bytes, and what a
    record is filled with is emptied at once.

    Attributes
    ----------
    texts
        The number of each text.
    """

    def __init__(self, stream: IO[bytes], protocol: int) -> None:
        super().__init__(stream, protocol)
        self.texts: dict[str, int] = {}

    def persistent_id(self, obj: Any) -> int | None:
        """Give the number of a text."""
        return self.texts.setdefault(obj, len(self.texts)) if type(obj) is str else None

    def reducer_override(self, obj: Any) -> Any:
        """Say how an object is made again."""
        if isinstance(obj, MappingProxyType):
            return _read_only, (dict(obj),)
        if isinstance(obj, Table):
            return _table_named, (obj.name,)
        if isinstance(obj, GeometryArray):
            pieces = [_Shapes(obj[at : at + _SHAPES]) for at in range(0, len(obj) or 1, _SHAPES)]
            return _joined_shapes, (pieces, obj.crs and obj.crs.to_string())
        if is_dataclass(type(obj)) and hasattr(obj, "__setstate__"):
            return *obj.__reduce_ex__(pickle.HIGHEST_PROTOCOL)[:3], None, None, _fill
        if type(obj) is np.ndarray and obj.dtype == object and obj.ndim > 1 and len(obj):
            return _stacked, (list(obj),)
        return NotImplemented


class _Shapes:
    """A few shapes of a column."""

    def __init__(self, some: GeometryArray) -> None:
        self._content = shapely.to_wkb(np.asarray(some))

    def __reduce__(self) -> tuple[Any, ...]:
        lengths = [-1 if each is None else len(each) for each in self._content]
        joined = b"".join(each for each in self._content if each is not None)
        return _shapes, (joined, np.array(lengths, np.int32))


# ------------------------------------------------------------- made where it is taken over


def _read_only(mapping: dict[Any, Any]) -> Mapping[Any, Any]:
    """Make a mapping that cannot be changed; `pickle` does not know its type."""
    return MappingProxyType(mapping)


def _table_named(name: str) -> Table:
    """Give the very table of a name, not another one that is equal."""
    return TABLES[name]


def _stacked(rows: list[Any]) -> Any:
    """Put columns of any objects into one block, one after the other: others may cut in."""
    block = np.empty((len(rows), *rows[0].shape), dtype=object)
    for at, row in enumerate(rows):
        block[at] = row
    return block


def _fill(record: Any, state: list[Any]) -> None:
    """Give a record its values, and forget them."""
    record.__setstate__(state)
    state.clear()


def _shapes(joined: bytes, lengths: NDArray[np.int32]) -> NDArray[np.object_]:
    """Make shapes of their well-known binaries, one after the other; -1: there is none."""
    ends = np.cumsum(np.maximum(lengths, 0)).tolist()
    content = [
        None if length < 0 else joined[end - length : end]
        for end, length in zip(ends, lengths.tolist(), strict=True)
    ]
    found: NDArray[np.object_] = shapely.from_wkb(np.array(content, dtype=object))
    return found


def _joined_shapes(pieces: list[Any], crs: str | None) -> GeometryArray:
    """Put pieces of a column of shapes under each other."""
    return GeometryArray(np.concatenate(pieces), crs=crs)
