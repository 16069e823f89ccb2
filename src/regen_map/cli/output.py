"""What commands print: to people's terminals, whatever characters these know."""

from __future__ import annotations

import io
import json
import logging
import sys

from regen_map.messages import Translator
from regen_map.messages.issues import visible
from regen_map.messages.system import system_reason
from regen_map.store import Flaw, UnavailableError

_LONGEST_REASON = 200
_NOBODY = logging.NullHandler()


def for_people() -> None:
    """Show what a terminal cannot show as its code."""
    # What commands have to tell is told in sentences, and not by the log once more.
    logging.getLogger("regen_map").addHandler(_NOBODY)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def progress(sentence: str) -> None:
    """Tell whoever waits at a terminal what is being done."""
    if sys.stderr.isatty():
        print(sentence, file=sys.stderr, flush=True)


def for_programs(told: dict[str, object]) -> None:
    """Print JSON, in ASCII: no encoding can spoil it."""
    print(json.dumps(told, indent=1))


def parts_of_flaw(flaw: Flaw) -> dict[str, object]:
    """Tell a flaw of the history as JSON has it."""
    return {"fault": flaw.fault.value, "number": flaw.number, "file": flaw.file}


def cannot_write(error: OSError, words: Translator) -> str:
    """Say that files or their history cannot be written, and that nothing is lost."""
    if isinstance(error, UnavailableError):
        return unavailable(error, words)
    return words.text("publish.unwritable", reason=system_reason(error, words))


def stopped(error: OSError, words: Translator) -> str:
    """Say what has stopped a command, and at which file."""
    reason = system_reason(error, words)
    if not error.filename:
        return words.text("system.stopped", reason=reason)
    file = visible(str(error.filename), _LONGEST_REASON)
    return words.text("system.stopped_at", file=file, reason=reason)


def unavailable(error: UnavailableError, words: Translator) -> str:
    """Say why a database cannot be reached or used, and what helps."""
    return words.text(
        f"store.{error.reason}",
        name=visible(error.name, _LONGEST_REASON),
        detail=visible(error.detail, _LONGEST_REASON),
    )
