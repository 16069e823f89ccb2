"""Large files read by a process of their own, so that nobody who looks at the map waits."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, TypeAlias, cast

from regen_map.catalogue import Catalogue
from regen_map.intake.drafts import Draft
from regen_map.intake.handing_over import taken_over
from regen_map.intake.issues import Issue, Rule
from regen_map.intake.reading import AS_IT_IS, Options, Reading, read_catalogue

Prepare: TypeAlias = Callable[[Catalogue], object]
"""Makes what will be asked of a catalogue."""

_LOG = logging.getLogger(__name__)
_PROGRAM = "regen_map.intake.aside_process"
_PACKED = frozenset({".xlsx", ".ods", ".zip"})
_PACKING = 8
"""How many times more these hold than other files of their size."""
_NICE = 10
_ALONE = threading.Lock()
"""One process at a time: the visitors keep the other core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """
    When a process of its own is worth while, and what it may use.

    Attributes
    ----------
    small_bytes
        Files that have no more bytes than this together are read at once; what is packed
        counts for what it holds.
    seconds
        How long the process may take.
    memory_bytes
        How much address space it may use, where the system can bound it. A workbook's
        own process must have its place in it.
    """

    small_bytes: int = 1_000_000
    seconds: float = 180
    memory_bytes: int = 4 * 2**30


BOUNDS = Bounds()
"""A megabyte takes a quarter of a second, a process half a second more than what it reads."""


def read_catalogue_aside(
    files: Mapping[str, bytes],
    options: Options = AS_IT_IS,
    *,
    drafts: bool = True,
    prepare: Prepare | None = None,
    bounds: Bounds = BOUNDS,
) -> Reading:
    """
    Read a city as `regen_map.intake.read_catalogue` does; if it is large, in another process.

    The calling thread waits, and while it takes the answer over it rests as long as it
    works: other threads of this process never wait for more than some milliseconds. Who
    asks while another such process is under way waits for its end.

    Parameters
    ----------
    files
        The contents by file name.
    options
        How they are read; ``images`` must be something that `pickle` can send.
    drafts
        Whether the rows that are left out are wanted; else `Reading.drafts` is empty.
    prepare
        Called with the catalogue where the files are read, before anybody sees it: what it
        has the catalogue keep (`regen_map.catalogue.derived`) comes with it. Something
        that `pickle` can send, such as a function of a module. Where it fails, that is
        logged, and what is not prepared is made when it is wanted.
    bounds
        What is large, and what the process may use.

    Returns
    -------
    Reading
        What `read_catalogue` gives, but that `Reading.drafts` hold only the rows that are
        left out: the sound ones are in the catalogue, and would take long to be taken over.
        A file with which the process took too long, used too much memory or died is never
        read by this process: it is told that its reading was stopped, as an error of the
        whole file, and the others are read without it.

    Raises
    ------
    OSError
        If no process can be started.
    """
    given, stopped = dict(files), list[Issue]()
    while sum(_weights(given).values()) > bounds.small_bytes:
        with _ALONE:
            attempt = _Attempt()
            reading = attempt.read(given, options, prepare, bounds, drafts=drafts)
        if reading is not None:
            return _telling(reading, stopped)
        name = blamed(given, attempt.last, bounds)
        del given[name]
        stopped.append(Issue(file=name, rule=Rule.READING_STOPPED))
    reading = read_catalogue(given, options)
    prepare_quietly(prepare, reading.catalogue)
    return _telling(without_sound_rows(reading, drafts=drafts), stopped)


def blamed(files: Mapping[str, bytes], last: str, bounds: Bounds = BOUNDS) -> str:
    """
    Tell because of which file a process has ended without an answer.

    Parameters
    ----------
    files
        What it was to read; not empty.
    last
        The one that it turned to last, if any.
    bounds
        What is large.

    Returns
    -------
    str
        The last one if it is large by itself, else the largest: after the last one
        everything is put together.
    """
    weights = _weights(files)
    if weights.get(last, 0) > bounds.small_bytes:
        return last
    return max(weights, key=weights.__getitem__)


def prepare_quietly(prepare: Prepare | None, catalogue: Catalogue | None) -> None:
    """Prepare a catalogue if there is anything to do; a failure is logged."""
    if prepare is None or catalogue is None:
        return
    try:
        prepare(catalogue)
    except Exception:  # noqa: BLE001 - what is not prepared is made when it is wanted
        _LOG.exception("What visitors ask for could not be prepared")


def without_sound_rows(reading: Reading, *, drafts: bool = True) -> Reading:
    """Leave in the drafts of a reading only the rows that its catalogue leaves out, if any."""
    kept = {name: _unsound(draft) for name, draft in reading.drafts.items()} if drafts else {}
    return dataclasses.replace(reading, drafts=kept)


def _unsound(draft: Draft) -> Draft:
    entries = [entry for entry in draft.entries if not entry.sound]
    sheet = dataclasses.replace(draft.sheet, rows=[entry.row for entry in entries])
    tallies = {rule: dataclasses.replace(each, last=None) for rule, each in draft.tallies.items()}
    return dataclasses.replace(draft, sheet=sheet, entries=entries, tallies=tallies)


def _weights(files: Mapping[str, bytes]) -> dict[str, int]:
    return {
        name: len(content) * (_PACKING if PurePath(name).suffix.casefold() in _PACKED else 1)
        for name, content in files.items()
    }


def _telling(reading: Reading, stopped: list[Issue]) -> Reading:
    """Tell also of the files that were given up; such a file is not missing."""
    if not stopped:
        return reading
    tables = [PurePath(issue.file).stem for issue in stopped]
    others = [
        issue
        for issue in reading.issues
        if issue.rule is not Rule.FILE_MISSING or not any(each in issue.file for each in tables)
    ]
    return dataclasses.replace(reading, issues=(*stopped, *others))


# ------------------------------------------------------------------ the other process


class _Attempt:
    """
    One process that reads one city.

    Attributes
    ----------
    last
        The name of the file that it turned to last; empty where it came to none.
    """

    def __init__(self) -> None:
        self.last = ""

    def read(
        self,
        files: Mapping[str, bytes],
        options: Options,
        prepare: Prepare | None,
        bounds: Bounds,
        *,
        drafts: bool,
    ) -> Reading | None:
        """Give what the process gives; None where it ends, however violently, without an answer."""
        with _running(bounds) as (question, answer):
            # It may end before it has heard everything.
            with suppress(BrokenPipeError), question:
                pickle.dump((files, options, prepare, drafts), question, pickle.HIGHEST_PROTOCOL)
            while (line := answer.readline()).endswith(b'"\n'):
                self.last = json.loads(line)
            if line != b"\n":
                return None
            try:
                return taken_over(answer)
            except (EOFError, pickle.UnpicklingError):
                return None


@contextmanager
def _running(bounds: Bounds) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Run the process until its time is over, or the context."""
    command = [sys.executable, "-P", "-m", _PROGRAM, str(bounds.memory_bytes)]
    process = subprocess.Popen(  # noqa: S603 -- a program of ours; the files are its input
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Whatever it starts itself ends with it.
        start_new_session=True,
    )
    _second_to_others(process)
    end = threading.Timer(bounds.seconds, _end, (process,))
    end.daemon = True
    end.start()
    question, answer = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    try:
        yield question, answer
    finally:
        end.cancel()
        end.join()
        _end(process)
        with suppress(BrokenPipeError):
            question.close()
        answer.close()
        process.wait()


def _second_to_others(process: subprocess.Popen[bytes]) -> None:
    """Let visitors go first."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    # Nobody has waited for it yet, so that its number is still its own.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
