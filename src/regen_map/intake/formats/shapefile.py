"""One shapefile out of a zip archive."""

from __future__ import annotations

import codecs
import io
import re
import warnings
import zipfile
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import pyogrio

from regen_map.intake.formats import archives, crs
from regen_map.intake.formats.celltext import typed_text
from regen_map.intake.formats.encoding import assumed_windows
from regen_map.intake.formats.shapes import Layer
from regen_map.intake.issues import FileError, Issue, Rule
from regen_map.intake.limits import Limits

REQUIRED = (".shp", ".shx", ".dbf")
EXPECTED = ".zip (.shp, .shx, .dbf)"

Parts: TypeAlias = dict[str, bytes]
"""The files of one shapefile by their endings, in small letters."""

_WANTED = (*REQUIRED, ".prj", ".cpg")
_INDEX_HEADER = 100
_DRIVER_BYTE = 29
_DRIVERS: Mapping[int, str] = MappingProxyType(
    {
        0x01: "cp437",
        0x02: "cp850",
        0x03: "cp1252",
        0x57: "cp1252",
        0x58: "cp1252",
        0x59: "cp1252",
        0x64: "cp852",
        0x65: "cp866",
        0x78: "cp950",
        0x7A: "cp936",
        0x7B: "cp932",
        0xC8: "cp1250",
        0xC9: "cp1251",
        0xCA: "cp1254",
        0xCB: "cp1253",
    }
)
"""Encodings by the language driver of the table, those that Italian offices may meet."""
_LATIN = "cp1252"
_HEADER_SIZE = slice(8, 10)
_FIELD_SIZE = 32
_FIELD_WIDTH = 32 + 16
"""Where the width of the first field of a .dbf stands."""
_PAGE = re.compile(r"cp[0-9]+|iso8859-[0-9]+|utf-8")
"""Python's names of encodings; some others are no encodings of text."""
_DATES = ("OFTDate", "OFTDateTime")


def shapefiles(content: bytes, limits: Limits) -> dict[str, Parts]:
    """
    Unpack the shapefiles of an archive.

    Parameters
    ----------
    content
        The bytes of the archive.
    limits
        What it may unpack to.

    Returns
    -------
    dict
        By name without folders and ending, in the order of the archive. What else
        is in the archive is not kept.

    Raises
    ------
    FileError
        `Rule.NOT_VECTOR` or `Rule.UNPACKED_TOO_LARGE`.
    """
    found: dict[str, Parts] = {}
    for name, member in archives.members(
        content, limits, refusal=Rule.NOT_VECTOR, expected=EXPECTED
    ):
        path = PurePosixPath(name.replace("\\", "/"))
        ending = path.suffix.lower()
        # A Mac adds a shadow of each file.
        if ending in _WANTED and not path.name.startswith("._"):
            found.setdefault(str(path.with_suffix("")), {}).setdefault(ending, member)
    named: dict[str, Parts] = {}
    for stem, parts in found.items():
        if ".shp" in parts:
            named.setdefault(PurePosixPath(stem).name, parts)
    if not named:
        endings = sorted({ending for parts in found.values() for ending in parts})
        raise FileError(Rule.NOT_VECTOR, found=", ".join(endings), expected=EXPECTED)
    return named


def read_shapefile(parts: Parts, file: str, limits: Limits) -> Layer:
    """
    Read a shapefile.

    Parameters
    ----------
    parts
        Its files.
    file
        Name of the archive, for the issues.
    limits
        How many columns and cells there may be.

    Returns
    -------
    Layer
        Names of attributes are as the file has them, cut to ten characters. Text is
        decoded as the ``.cpg`` says, else the table's language driver, else as
        UTF-8 if it is that, else as Windows-1252, which a notice tells.

    Raises
    ------
    FileError
        `Rule.NOT_VECTOR`, `Rule.CRS`, `Rule.TOO_MANY_COLUMNS` or
        `Rule.GRID_TOO_LARGE`.
    """
    if not all(ending in parts for ending in REQUIRED):
        raise FileError(Rule.NOT_VECTOR, found=", ".join(sorted(parts)), expected=EXPECTED)
    _check_index(parts)
    system = crs.described(_ascii(parts[".prj"])) if parts.get(".prj", b"").strip() else ""
    try:
        meta, binary, fields = _read(parts, limits)
    except FileError:
        raise
    except Exception:  # noqa: BLE001 -- on a broken file pyogrio raises whatever comes
        raise FileError(Rule.NOT_VECTOR, expected=EXPECTED) from None
    columns = [
        _column(values, kind) for values, kind in zip(fields, meta["ogr_types"], strict=True)
    ]
    names = [str(each) for each in meta["fields"]]
    issues: list[Issue] = []
    encoding = _encoding(parts, [*names, *(each for column in columns for each in column)])
    if encoding is None:
        encoding = _LATIN
        issues.append(assumed_windows(file))
    decoded = [[_decoded(each, encoding) for each in column] for column in columns]
    cells = list(zip(*decoded, strict=True))
    headings = tuple(_decoded(each, encoding) for each in names)
    return Layer(headings, cells, list(binary), system, issues)


def _check_index(parts: Parts) -> None:
    """Refuse an index whose records, taken together, are larger than the shapes."""
    index = parts[".shx"][_INDEX_HEADER:]
    words = np.frombuffer(index[: len(index) // 8 * 8], ">i4")[1::2].astype("int64")
    if words.clip(0).sum() * 2 > len(parts[".shp"]):
        raise FileError(Rule.NOT_VECTOR, found=".shx", expected=EXPECTED)


def _read(parts: Parts, limits: Limits) -> tuple[dict[str, Any], Any, Sequence[Any]]:
    """
    Let GDAL read the three files that it needs, under names of ours and nothing else.

    It takes all text for ISO 8859-1, which loses no byte: it cannot be told to bear
    characters cut in half at the end of a field, and old tables are full of them.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for ending in REQUIRED:
            archive.writestr(f"layer{ending}", parts[ending])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        info = pyogrio.read_info(packed.getvalue(), encoding="ISO-8859-1")
        if info["driver"] != "ESRI Shapefile":
            raise ValueError
        _check_size(len(info["fields"]), int(info["features"]), limits)
        meta, _, binary, fields = pyogrio.raw.read(
            packed.getvalue(), encoding="ISO-8859-1", datetime_as_string=True
        )
    if not fields:  # GDAL makes do without a table that it cannot read
        raise FileError(Rule.NOT_VECTOR, found=".dbf", expected=EXPECTED)
    return meta, [None] * len(fields[0]) if binary is None else binary, fields


def _check_size(n_columns: int, n_rows: int, limits: Limits) -> None:
    if n_columns > limits.columns:
        raise FileError(Rule.TOO_MANY_COLUMNS, found=str(n_columns), expected=str(limits.columns))
    if n_rows * n_columns > limits.grid_cells:
        raise FileError(
            Rule.GRID_TOO_LARGE,
            found=f"{n_rows} × {n_columns}",
            expected=str(limits.grid_cells),
        )


def _ascii(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace").strip().strip("\0")


def _column(values: Any, kind: str) -> list[str]:
    if kind in _DATES:
        return [_moment(value) for value in values.tolist()]
    if values.dtype.kind == "f":
        return ["" if value != value else typed_text(value) for value in values.tolist()]  # noqa: PLR0124 -- NaN
    return [typed_text(value) for value in values.tolist()]


def _moment(value: object) -> str:
    """Turn GDAL's ``2025/09/30 15:00:00`` into the text of a cell."""
    try:
        return typed_text(datetime.fromisoformat(str(value or "").replace("/", "-")))
    except ValueError:
        return typed_text(value)


def _encoding(parts: Parts, texts: Iterable[str]) -> str | None:
    """Tell the encoding of the table; None where nobody says it and it is not UTF-8."""
    declared = _codec(_ascii(parts.get(".cpg", b"")))
    driver = parts[".dbf"][_DRIVER_BYTE : _DRIVER_BYTE + 1] or b"\0"
    declared = declared or _DRIVERS.get(driver[0], "")
    if declared not in ("", "utf-8"):
        return declared
    widths = _widths(parts[".dbf"])
    return "utf-8" if all(_is_utf8(text, widths) for text in texts) else None


def _widths(dbf: bytes) -> frozenset[int]:
    """Give the widths of the fields of a table in bytes."""
    end = int.from_bytes(dbf[_HEADER_SIZE], "little")
    return frozenset(dbf[_FIELD_WIDTH : min(end, len(dbf)) : _FIELD_SIZE])


def _codec(page: str) -> str:
    """Name Python's codec for what a .cpg says, such as ``1252`` or ``ANSI 1252``."""
    page = re.sub(r"^(?:ansi|oem|ibm|windows|cp)?[\s_-]*(?=[0-9]{3,5}$)", "cp", page.lower())
    page = {"cp65001": "utf-8", "cp88591": _LATIN, "cp88599": "iso8859-9"}.get(page, page)
    try:
        name = codecs.lookup(page).name
    except (LookupError, ValueError):
        return ""
    if not _PAGE.fullmatch(name):
        return ""
    # What calls itself ISO 8859-1 is mostly its extension by Windows.
    return _LATIN if name == "iso8859-1" else name


def _is_utf8(text: str, widths: Container[int]) -> bool:
    """Tell whether a text may be UTF-8, its last character cut where it fills its field."""
    content = text.encode("latin-1")
    try:
        codecs.utf_8_decode(content, "strict", False)  # noqa: FBT003 -- C function
    except UnicodeDecodeError:
        return False
    # Elsewhere half a character at the end is a whole one of Windows-1252.
    return len(content) in widths or _is_whole(content)


def _is_whole(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decoded(text: str, encoding: str) -> str:
    if text.isascii():
        return text
    if encoding == "utf-8":
        return codecs.utf_8_decode(text.encode("latin-1"), "replace", False)[0]  # noqa: FBT003
    return text.encode("latin-1").decode(encoding, "replace")
