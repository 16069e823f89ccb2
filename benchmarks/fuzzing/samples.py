"""The files that are broken: those that the tests ship, and the tables of the shipped city."""

from pathlib import Path
from typing import NamedTuple

from regen_map.intake import table_of

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "data"
_LISTS = ("expected.csv", "tolerated.csv", "vocabularies.csv")
_SHAPES = (".geojson", ".json", ".gpkg", ".zip")
_ENDINGS = (".csv", ".txt", ".xlsx", ".xls", ".ods", *_SHAPES)


class Sample(NamedTuple):
    """A real file.

    Attributes
    ----------
    name
        Its name, which tells the table.
    table
        The name of that table.
    content
        Its bytes.
    """

    name: str
    table: str
    content: bytes


def samples() -> list[Sample]:
    """Read every real file, in a fixed order."""
    paths = sorted((PROJECT / "tests" / "files").rglob("*.*"))
    paths += sorted([*DATA.glob("*.csv"), *DATA.glob("*.geojson")])
    return list(filter(None, map(_sample, paths)))


def _sample(path: Path) -> Sample | None:
    """Read a file, if it is one of a table; a name that tells none is given one."""
    if path.suffix not in _ENDINGS or path.name in _LISTS:
        return None
    name = path.name
    table = table_of(name)
    if table is None:
        name = f"{'public_spaces' if path.suffix in _SHAPES else 'workshops'}-{name}"
        table = table_of(name)
    return Sample(name, table.name, path.read_bytes()) if table is not None else None
