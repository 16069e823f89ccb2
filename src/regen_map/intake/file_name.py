"""What the name of a file that somebody brings tells, and what the folder of a city calls it."""

from __future__ import annotations

from pathlib import PurePath

from regen_map.catalogue import TABLES
from regen_map.intake import city as city_file
from regen_map.intake import terms as terms_file
from regen_map.intake.reading import file_names, table_of

SETTINGS: tuple[str, ...] = (city_file.FILE, terms_file.FILE)
"""The files of a city that are no tables."""

_ENDINGS = {".tsv": ".csv", ".txt": ".csv", ".json": ".geojson"}
"""The endings that files may have besides those in the folder of a city."""


def held_by(given: str) -> str:
    """
    Tell by the name of a file what it holds.

    Parameters
    ----------
    given
        Its name, as somebody called it.

    Returns
    -------
    str
        The name of a table, one of `SETTINGS`, or empty where nobody can tell.
    """
    if given in SETTINGS:
        return given
    table = table_of(given)
    return table.name if table is not None else ""


def stored_name(given: str, held: str) -> str:
    """
    Name a file as the folder of a city does.

    Parameters
    ----------
    given
        Its name, as somebody called it.
    held
        The name of a table, or one of `SETTINGS`.

    Returns
    -------
    str
        Empty for a format that this cannot be in.
    """
    ending = PurePath(given).suffix.casefold()
    ending = _ENDINGS.get(ending, ending)
    if held in SETTINGS:
        return held if ending == PurePath(held).suffix else ""
    name = f"{held}{ending}"
    return name if held in TABLES and name in file_names() else ""
