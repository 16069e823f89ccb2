"""A selection of projects as files: each comes back through the intake as it was."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd
import pyogrio

from regen_map.catalogue import TABLES, Record, Table, to_frame
from regen_map.catalogue.text import neutral
from regen_map.export.extract import PROJECTS, Extract
from regen_map.export.report import extract_pdf
from regen_map.export.rows import collection, delimited, feature
from regen_map.export.selection_workbook import extract_xlsx
from regen_map.export.tables import (
    layer_of,
    properties_of,
    table_csv,
    table_excel_csv,
)

__all__ = [
    "FORMATS",
    "Extract",
    "Format",
    "extract_csv",
    "extract_excel_csv",
    "extract_geojson",
    "extract_gpkg",
    "extract_pdf",
    "extract_xlsx",
    "extract_zip",
]

_README = "README.md"
_LINE_END = "\r\n"
_FIRST_YEAR_OF_ZIP = 1980
_MARKDOWN = str.maketrans({each: f"\\{each}" for each in "\\`*_{}[]<>()#+-!|~&$"})


class Format(NamedTuple):
    """
    A format in which a selection can be taken away.

    Attributes
    ----------
    write
        Gives the bytes of the file.
    media_type
        For HTTP, with the parameters that belong to it.
    key
        Of the message that names it.
    """

    write: Callable[[Extract], bytes]
    media_type: str
    key: str


def extract_csv(extract: Extract) -> bytes:
    """
    Write the projects as the canonical CSV of projects.

    Nothing but projects stands in it, so that it can be read again and corrected: what
    was asked for is told by the name of the file (`Extract.file_name`) as far as a name
    can, and in full by every other format. Only what was known on an earlier day, which
    must not be taken for what is known now, has one line more, above the headings: of
    which day it is, what was asked for, and where it is from.
    """
    return _title(extract, ",", "\n").encode("utf-8", "replace") + table_csv(
        to_frame(extract.projects, PROJECTS), PROJECTS
    )


def extract_excel_csv(extract: Extract) -> bytes:
    """
    Write the projects as the CSV that an Italian Excel opens by a double click.

    What is of an earlier day says so in its first line, as of `extract_csv`.
    """
    table = table_excel_csv(to_frame(extract.projects, PROJECTS), PROJECTS).decode("utf-8-sig")
    return f"{_title(extract, ';', _LINE_END)}{table}".encode("utf-8-sig", "replace")


def _title(extract: Extract, delimiter: str, line_end: str) -> str:
    """Give the line that stands above the headings; empty for what is known now."""
    if extract.taken is None or extract.day >= extract.taken:
        return ""
    day = extract.words.date(extract.day.isoformat())
    told = [extract.words.text("selection.known_on", date=day)]
    told += [f"{label}: {value}" for label, value in extract.provenance()]
    return delimited([" · ".join(told)], [], delimiter=delimiter, line_end=line_end)


def extract_zip(extract: Extract) -> bytes:
    """
    Write projects, funding, milestones and programmes as canonical CSV, in one archive.

    Returns
    -------
    bytes
        A ZIP archive with the four tables and a ``README.md`` that says what was asked
        for, and where the data are from. Equal for equal extracts.
    """
    files = {
        f"{table.name}.csv": table_csv(to_frame(list(rows), table), table)
        for table, rows in _tables(extract)
    }
    content = io.BytesIO()
    moment = (max(extract.day.year, _FIRST_YEAR_OF_ZIP), extract.day.month, extract.day.day)
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, written in ({_README: _readme(extract)} | files).items():
            info = zipfile.ZipInfo(name, (*moment, 0, 0, 0))
            archive.writestr(info, written, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def extract_geojson(extract: Extract) -> bytes:
    """
    Write the projects as GeoJSON (RFC 7946), one feature on each line.

    Returns
    -------
    bytes
        UTF-8. The geometry is that of the place of a project, longitude before latitude,
        WGS84; null where no position is known. The properties are the canonical columns.
        What was asked for, and where the data are from, is the foreign member ``about``;
        how exact a position is, in metres, is ``position_accuracy_m`` of the feature,
        null where nobody knows. Equal for equal extracts.
    """
    features = []
    for project, shape in zip(extract.projects, extract.shapes, strict=True):
        made = feature(properties_of(project, PROJECTS, shape), shape)
        place = extract.catalogue.place(project.place_id or "")
        if shape is not None and place is not None:
            made["position_accuracy_m"] = place.position_accuracy_m
        features.append(made)
    return collection(features, extract.about())


def extract_gpkg(extract: Extract) -> bytes:
    """
    Write the projects as a GeoPackage.

    Returns
    -------
    bytes
        The layer ``projects`` has the shapes of their places, x = longitude, y = latitude,
        EPSG:4326, none where no position is known. ``funding``, ``milestones`` and
        ``programmes`` are tables of attributes; ``provenance`` has the columns ``item``
        and ``value`` and says what was asked for, and where the data are from; so does the
        description of the layer ``projects``, and alone where there are none.
        The time of writing is part of it: equal extracts do not give equal bytes.
    """
    layers = {
        table.name: layer_of(rows, table, extract.shapes if table is PROJECTS else None)
        for table, rows in _tables(extract)
    }
    provenance = [(neutral(item), neutral(value)) for item, value in extract.provenance()]
    if extract.projects:
        # Beside empty layers it would be taken for what the file is about.
        layers["provenance"] = pd.DataFrame(provenance, columns=["item", "value"], dtype="object")
    description = "\n".join([extract.title, *(f"{item}: {value}" for item, value in provenance)])
    with tempfile.TemporaryDirectory() as folder:
        # GDAL adds a layer to a file, but not to one that is only in memory.
        path = Path(folder) / "selection.gpkg"
        for name, layer in layers.items():
            told = {"DESCRIPTION": description} if name == PROJECTS.name else None
            pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG", layer_metadata=told)
        return path.read_bytes()


def _tables(extract: Extract) -> Iterator[tuple[Table, Sequence[Record]]]:
    yield PROJECTS, extract.projects
    yield TABLES["funding"], extract.funding
    yield TABLES["milestones"], extract.milestones
    yield TABLES["programmes"], extract.programmes


def _readme(extract: Extract) -> bytes:
    told = [f"# {_in_markdown(extract.title)}", _in_markdown(_count(extract))]
    told += [
        f"- {_in_markdown(label)}: {_in_markdown(value)}" for label, value in extract.provenance()
    ]
    return ("\n\n".join([*told[:2], "\n".join(told[2:])]) + "\n").encode("utf-8", "replace")


def _count(extract: Extract) -> str:
    return extract.words.count("selection.projects", len(extract.projects))


def _in_markdown(text: str) -> str:
    """Write a text in one line, none of whose signs is markup."""
    return " ".join(text.split()).translate(_MARKDOWN)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "pdf": Format(extract_pdf, "application/pdf", "selection.format.pdf"),
        "xlsx": Format(
            extract_xlsx,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "selection.format.xlsx",
        ),
        "csv": Format(extract_csv, "text/csv; charset=utf-8", "selection.format.csv"),
        "excel.csv": Format(
            extract_excel_csv, "text/csv; charset=utf-8", "selection.format.excel_csv"
        ),
        "zip": Format(extract_zip, "application/zip", "selection.format.zip"),
        "geojson": Format(extract_geojson, "application/geo+json", "selection.format.geojson"),
        "gpkg": Format(extract_gpkg, "application/geopackage+sqlite3", "selection.format.gpkg"),
    }
)
"""By the ending of the file, in the order in which they are offered."""
