"""
A city read for another process: a program, run by `regen_map.intake.aside`.

It reads from its input the files and how they are to be read, as `pickle` writes them; its
argument is the number of bytes of memory it may use. It writes the name of each file that
it turns to, as a line of JSON, then an empty line, then the `Reading`, as
`regen_map.intake.handing_over` writes it.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from regen_map.intake.aside import prepare_quietly, without_sound_rows
from regen_map.intake.handing_over import write_reading
from regen_map.intake.reading import read_catalogue


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


if __name__ == "__main__":
    main()
