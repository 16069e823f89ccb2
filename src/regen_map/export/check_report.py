"""What was found in files, as tables to take away: all faults, and the rows that are set apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import shapely
from shapely.geometry.base import BaseGeometry

from regen_map.export.rows import write_csv
from regen_map.messages import translator
from regen_map.messages.issues import Fault, describe

FAULT_COLUMNS: tuple[str, ...] = (
    "file",
    "line",
    "column",
    "rule",
    "severity",
    "found",
    "expected",
    "suggestion",
    "sentence",
)
"""The headings of `faults_csv`: names, as programs read it too."""

_WKT_DIGITS = 7


class Found(Fault, Protocol):
    """A fault, and how much it weighs; `regen_map.intake.Issue` is one."""

    @property
    def severity(self) -> str:
        """How much it weighs."""


class SetApart(NamedTuple):
    """
    A row that is left out because of its faults.

    Attributes
    ----------
    cells
        Its text as it stands in the file.
    shape
        What a feature draws, x = longitude, y = latitude, in EPSG:4326 once positions are
        checked; None for none.
    place
        Where it stands: the line, or the number of the feature.
    faults
        Why it is left out.
    """

    cells: Sequence[str]
    shape: BaseGeometry | None
    place: str
    faults: Sequence[Fault]


def faults_csv(faults: Iterable[Found], language: str) -> bytes:
    """
    Write faults as CSV, one a row, in the order in which they are given.

    Parameters
    ----------
    faults
        Of any files.
    language
        Of the sentences, one of `regen_map.messages.LANGUAGES`.

    Returns
    -------
    bytes
        As of `regen_map.export.rows.write_csv`, with the columns `FAULT_COLUMNS`.
    """
    rows = (
        (
            each.file,
            str(each.line or ""),
            ", ".join(each.columns),
            str(each.rule),
            str(each.severity),
            each.found,
            each.expected,
            each.suggestion,
            describe(each, language),
        )
        for each in faults
    )
    return write_csv(FAULT_COLUMNS, rows)


def quarantine_csv(headings: Sequence[str], rows: Sequence[SetApart], language: str) -> bytes:
    """
    Write rows that are left out as they stand in their file, with where and why.

    Parameters
    ----------
    headings
        Of their file.
    rows
        The rows; they may have more cells than there are headings.
    language
        Of the reasons, one of `regen_map.messages.LANGUAGES`.

    Returns
    -------
    bytes
        As of `regen_map.export.rows.write_csv`: the columns of the file; ``geometry`` as
        WKT where a row draws something; the place; the reasons as sentences.
    """
    words = translator(language)
    width = max(len(headings), *(len(each.cells) for each in rows)) if rows else len(headings)
    shaped = any(each.shape is not None for each in rows)
    written = [
        [
            *each.cells,
            *[""] * (width - len(each.cells)),
            *([shapely.to_wkt(each.shape, _WKT_DIGITS) if each.shape else ""] if shaped else []),
            each.place,
            " ".join(describe(fault, language) for fault in each.faults),
        ]
        for each in rows
    ]
    extra = [""] * (width - len(headings))
    own = [words.text("mend.line"), words.text("mend.reason")]
    return write_csv([*headings, *extra, *(["geometry"] if shaped else []), *own], written)
