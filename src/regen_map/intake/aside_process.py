"""
A city read for another process: a program, run by `regen_map.intake.aside`.

It reads from its input the files and how they are to be read, as `pickle` writes them; its
argument is the number of bytes of memory it may use. It writes the name of each file that
it turns to, as a line of JSON, then an empty line, then the `Reading`, as `pickle` writes
it, in pieces none of which takes long to be undone.
"""

from __future__ import annotations

import gc
import io
import json
import os
import pickle
import sys
from contextlib import suppress
from dataclasses import is_dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import numpy as np
import shapely
from geopandas.array import GeometryArray

from regen_map.catalogue import Table
from regen_map.intake.aside import (
    fill,
    joined_shapes,
    prepare_quietly,
    read_only,
    shapes,
    stacked,
    table_named,
    without_sound_rows,
)
from regen_map.intake.reading import Reading, read_catalogue

_TEXTS = 1_000
_SHAPES = 1_000
"""So many points are made in half a millisecond."""


def main() -> None:
    """Read the city and write what it gave."""
    (memory,) = sys.argv[1:]
    _be_the_first_to_go()
    _bound_memory(int(memory))
    # Nothing is thrown away before the end: to look for it takes time.
    gc.disable()
    # Whatever a library may print is no part of the answer.
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    files, options, prepare, drafts = pickle.load(sys.stdin.buffer)  # noqa: S301 -- the parent's words
    # Nobody wants the answer any more if it cannot be written.
    with suppress(BrokenPipeError), answer:
        reading = read_catalogue(Telling(files, answer), options)
        reading = without_sound_rows(reading, drafts=drafts)
        prepare_quietly(prepare, reading.catalogue)
        answer.write(b"\n")
        write_reading(reading, answer)


def write_reading(reading: Reading, stream: IO[bytes]) -> None:
    """Write what `regen_map.intake.aside.taken_over` takes over: all texts, then the rest."""
    rest = io.BytesIO()
    pickler = _Pickler(rest, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dump(reading)
    texts = list(pickler.texts)
    for at in range(0, len(texts), _TEXTS):
        pickle.dump(texts[at : at + _TEXTS], stream, pickle.HIGHEST_PROTOCOL)
    pickle.dump([], stream)
    stream.write(rest.getbuffer())


def _be_the_first_to_go() -> None:
    """Be the first to be ended where memory is short."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _bound_memory(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 -- Windows has none

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Telling(dict[str, bytes]):
    """Files by name; tells in a line of JSON which one is wanted."""

    def __init__(self, files: dict[str, bytes], stream: IO[bytes]) -> None:
        super().__init__(files)
        self._stream = stream

    def __getitem__(self, name: str) -> bytes:
        self._stream.write(json.dumps(name).encode() + b"\n")
        self._stream.flush()
        return super().__getitem__(name)


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
            return read_only, (dict(obj),)
        if isinstance(obj, Table):
            return table_named, (obj.name,)
        if isinstance(obj, GeometryArray):
            pieces = [_Shapes(obj[at : at + _SHAPES]) for at in range(0, len(obj) or 1, _SHAPES)]
            return joined_shapes, (pieces, obj.crs and obj.crs.to_string())
        if is_dataclass(type(obj)) and hasattr(obj, "__setstate__"):
            return *obj.__reduce_ex__(pickle.HIGHEST_PROTOCOL)[:3], None, None, fill
        if type(obj) is np.ndarray and obj.dtype == object and obj.ndim > 1 and len(obj):
            return stacked, (list(obj),)
        return NotImplemented


class _Shapes:
    """A few shapes of a column."""

    def __init__(self, some: GeometryArray) -> None:
        self._content = shapely.to_wkb(np.asarray(some))

    def __reduce__(self) -> tuple[Any, ...]:
        lengths = [-1 if each is None else len(each) for each in self._content]
        joined = b"".join(each for each in self._content if each is not None)
        return shapes, (joined, np.array(lengths, np.int32))


if __name__ == "__main__":
    main()
