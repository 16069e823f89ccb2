"""pandas and GeoPandas: what their own readers and converters tell of a file."""

import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from benchmarks.checker_peers.dialects import DIALECTS, Dialect
from benchmarks.checker_peers.report import Report
from benchmarks.checker_peers.schemas import fitted_schema, table_of
from benchmarks.checker_peers.tables import read_frame

_BAD_LINE = re.compile(r"line (\d+)", re.IGNORECASE)


def reports(files: Sequence[Path]) -> dict[str, list[Report]]:
    """Read files with the right settings and types.

    A cell counts as told when its column was converted with ``errors="coerce"`` and it got lost: numbers, days,
    yes and no, and the terms of a categorical column. An exception counts with the line that it names.

    Returns
    -------
    dict of str to list of Report
        By name of the file.
    """
    return {path.name: list(_read(path, DIALECTS[path.name])) for path in files}


def _read(path: Path, dialect: Dialect) -> Iterator[Report]:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            frame = read_frame(path, dialect)
        except Exception as error:  # noqa: BLE001 - whatever it raises is what it tells
            yield _exception(error)
            return
    yield from (_exception(each.message) for each in told if "line" in str(each.message).lower())
    schema = fitted_schema(table_of(path.name), dialect, list(frame.columns))
    first = dialect.header_row + 1
    if isinstance(frame, gpd.GeoDataFrame):
        first = 1
    for field in schema["fields"]:
        name = field["name"]
        if name not in frame:
            if field.get("constraints", {}).get("required"):
                yield Report(None, (name,), "KeyError")
            continue
        given = frame[name]
        converted = _convert(given, field)
        if converted is None:
            continue
        filled = given.notna() & (given.astype(str).str.strip() != "")
        yield from (
            Report(first + index, (name,), "coerced")
            for index, lost in enumerate(filled & converted.isna())
            if lost
        )


def _convert(cells: pd.Series, field: dict[str, Any]) -> pd.Series | None:
    """Convert a column to its type; None where every text would do."""
    allowed = field.get("constraints", {}).get("enum")
    if allowed:
        return cells.where(cells.isin(allowed)).astype(pd.CategoricalDtype(allowed))
    if field["type"] == "boolean":
        return cells.map(dict.fromkeys(field["trueValues"], True) | dict.fromkeys(field["falseValues"], False))
    if field["type"] == "date":
        form = {"default": None, "any": "mixed"}.get(field["format"], field["format"])
        return pd.to_datetime(cells, format=form, dayfirst=form == "mixed", errors="coerce")
    if field["type"] == "number":
        if pd.api.types.is_numeric_dtype(cells):
            return cells
        plain = cells.astype(str)
        if field.get("groupChar"):
            plain = plain.str.replace(field["groupChar"], "", regex=False)
        return pd.to_numeric(plain.str.replace(field["decimalChar"], ".", regex=False), errors="coerce")
    return None


def _exception(error: object) -> Report:
    line = _BAD_LINE.search(str(error))
    return Report(int(line.group(1)) if line else None, (), f"{type(error).__name__}: {error}"[:200])
