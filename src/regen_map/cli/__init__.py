"""The command ``regen-map``."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version

import regen_map
from regen_map.cli import (
    check,
    diff,
    docs,
    gazetteer,
    history,
    publish,
    restore,
    serve,
    store,
    template,
    user,
)
from regen_map.cli.output import stopped, unavailable
from regen_map.messages import translator
from regen_map.store import UnavailableError

_UNEXPECTED = 70
"""What a program ends with on a fault of its own (EX_SOFTWARE of sysexits.h)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run a command.

    Parameters
    ----------
    arguments
        What follows ``regen-map``; those of the process when not given.

    Returns
    -------
    int
        Exit status: 0 when all went well.
    """
    given = _parser().parse_args(arguments)
    try:
        status: int = given.run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever was reading has seen enough; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except UnavailableError as error:
        print(unavailable(error, translator(getattr(given, "lang", "en"))), file=sys.stderr)
        return 2
    except OSError as error:
        if given.debug:
            traceback.print_exc()
        print(stopped(error, translator(getattr(given, "lang", "en"))), file=sys.stderr)
        return 2
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence, never a traceback
        if given.debug:
            traceback.print_exc()
        else:
            reason = f"{type(error).__name__}: {error}"[:500]
            print(
                f"regen-map failed ({reason}). Run it with --debug to see where.", file=sys.stderr
            )
        return _UNEXPECTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="regen-map", description=regen_map.__doc__)
    parser.add_argument("--version", action="version", version=f"regen-map {version('regen-map')}")
    parser.set_defaults(debug=False)
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")
    for command in (
        *(serve, check, diff, publish, restore, history),
        *(template, gazetteer, user, store, docs),
    ):
        command.add(commands)
    for command_parser in commands.choices.values():
        command_parser.add_argument(
            "--debug", action="store_true", help="show where a fault of the program comes from"
        )
    return parser
