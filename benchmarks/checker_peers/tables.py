"""Files read by pandas and GeoPandas with the right settings, as rows of text."""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from benchmarks.checker_peers.dialects import Dialect

SHAPES = (".geojson", ".gpkg", ".zip")


def read_frame(path: Path, dialect: Dialect) -> pd.DataFrame:
    """Read a file as it stands: text where it is text, typed values of sheets as they are typed.

    Rows that the reader cannot split are told as warnings and left out.
    """
    if path.suffix in SHAPES:
        return gpd.read_file(path, layer=dialect.sheet or None)
    if path.suffix in (".xlsx", ".xls", ".ods"):
        sheet = dialect.sheet or 0
        return pd.read_excel(path, sheet_name=sheet, header=dialect.header_row - 1, engine="calamine")
    return pd.read_csv(
        path,
        sep=dialect.delimiter,
        encoding=dialect.encoding,
        header=dialect.header_row - 1,
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
        on_bad_lines="warn",
        engine="python",
    )


def headings_of(path: Path, dialect: Dialect) -> list[str]:
    """Give the headings of a file."""
    return list(map(str, read_frame(path, dialect).columns))
