"""What commands share: types of arguments, and a catalogue or the reasons against it."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import TypeAlias

from regen_map.catalogue import Catalogue
from regen_map.messages.issues import describe
from regen_map.store import Store, StoreError, folder_store, open_store

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - has no public name


def chosen_store(folder: Path | None) -> Store:
    """Give the store of a folder; of the city that the environment names when none is given."""
    return folder_store(folder) if folder is not None else open_store()


def load(folder: Path | None, language: str = "en") -> Catalogue | None:
    """Read a catalogue as `chosen_store` does; where there is none, say why and give None."""
    try:
        return chosen_store(folder).load().catalogue
    except StoreError as error:
        told = [describe(each, language) for each in error.issues]
        print(error, *told, sep="\n", file=sys.stderr)
        return None


def port(text: str) -> int:
    """Read the number of a port."""
    highest = 65535
    if not text.isdecimal() or int(text) > highest:
        message = f"a port is a number from 0 to {highest}, got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def existing_folder(text: str) -> Path:
    """Read the name of a folder that is there."""
    folder = Path(text).resolve()
    if not folder.is_dir():
        message = f"there is no folder {text!r}"
        raise argparse.ArgumentTypeError(message)
    return folder


def user_name() -> str:
    """Give the name of who runs the command; empty where the system knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        # A system without users, or one who has no name.
        return ""
