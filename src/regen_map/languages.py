"""Which languages the product speaks: one folder of messages each."""

from __future__ import annotations

import importlib.resources
import os
import re
from importlib.resources.abc import Traversable
from pathlib import Path

from babel import localedata

LOCALES_VARIABLE = "REGEN_MAP_LOCALES"
"""The environment variable that names one more folder of messages."""

_FIRST = "it"
_CODE = re.compile(r"[a-z]{2,3}")


def message_folders() -> tuple[Traversable, ...]:
    """
    Find the folders that hold a folder of messages for each language.

    Returns
    -------
    tuple of importlib.resources.abc.Traversable
        The one that ``REGEN_MAP_LOCALES`` names, if it does, before that of the product.

    Raises
    ------
    NotADirectoryError
        If the variable names no folder.
    """
    ours = importlib.resources.files(__package__) / "messages" / "locale"
    named = os.environ.get(LOCALES_VARIABLE, "")
    if not named:
        return (ours,)
    theirs = Path(named).expanduser()
    if not theirs.is_dir():
        message = f"{LOCALES_VARIABLE} must name a folder of messages, got {named!r}."
        raise NotADirectoryError(message)
    return theirs, ours


def _languages() -> tuple[str, ...]:
    found = {
        each.name for folder in message_folders() for each in folder.iterdir() if each.is_dir()
    }
    # A folder of another kind, such as a cache, is no language; neither is one whose
    # numbers and dates nobody can write.
    known = {each for each in found if _CODE.fullmatch(each) and localedata.exists(each)}
    return (_FIRST, *sorted(known - {_FIRST}))


LANGUAGES: tuple[str, ...] = _languages()
"""Language codes, ISO 639, the first language of the product first."""
