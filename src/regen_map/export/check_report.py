"""What was found in files, as tables to take away: all faults, and the rows that are set apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

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
    "feature",
)
"""The headings of `faults_csv`: names, as programs read it too. A new one comes last."""

_WKT_DIGITS = 7


class Found(Fault, Protocol):
    """A fault, and how much it weighs; `regen_map.intake.Issue` is one."""

    @property
    def severity(self) -> str:
        """How much it weighs."""


class WrittenRow(Protocol):
    """A row as it stands in its file; `regen_map.intake.sheets.Row` is one."""

    @property
    def cells(self) -> Sequence[str]:
        """Its text, cell by cell."""

    @property
    def raw(self) -> str:
        """The text of a row that could not be split into cells; empty elsewhere."""

    @property
    def line(self) -> int | None:
        """Its line, from 1; None where that tells nothing."""

    @property
    def number(self) -> int | None:
        """The number of the feature, from 1; None where there are no features."""


class LeftOut(Protocol):
    """A row that is left out because of its faults; `regen_map.intake.drafts.Entry` is one."""

    @property
    def row(self) -> WrittenRow:
        """What the file says."""

    @property
    def geometry(self) -> BaseGeometry | None:
        """
        What a feature draws; None for none.

        x = longitude, y = latitude, in EPSG:4326 once positions are checked.
        """


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
            str(each.row or ""),
        )
        for each in faults
    )
    return write_csv(FAULT_COLUMNS, rows)


def quarantine_csv(
    headings: Sequence[str], rows: Sequence[tuple[LeftOut, Sequence[Fault]]], language: str
) -> bytes:
    """
    Write rows that are left out as they stand in their file, with where and why.

    Parameters
    ----------
    headings
        Of their file.
    rows
        The rows, each with what is wrong with it; they may have more cells than there are
        headings.
    language
        Of the reasons, one of `regen_map.messages.LANGUAGES`.

    Returns
    -------
    bytes
        As of `regen_map.export.rows.write_csv`: the columns of the file; ``geometry`` as
        WKT where a row draws something; the line and the number of the feature, where
        there are any; the reasons as sentences.
    """
    words = translator(language)
    lines = any(each.row.line is not None for each, _ in rows)
    features = any(each.row.number is not None for each, _ in rows)
    shaped = any(each.geometry is not None for each, _ in rows)
    cells = [[each.row.raw] if each.row.raw else [*each.row.cells] for each, _ in rows]
    width = max(len(headings), *map(len, cells)) if cells else len(headings)
    written = [
        [
            *texts,
            *[""] * (width - len(texts)),
            *([_wkt(each.geometry)] if shaped else []),
            *([str(each.row.line or "")] if lines else []),
            *([str(each.row.number or "")] if features else []),
            " ".join(describe(fault, language) for fault in faults),
        ]
        for texts, (each, faults) in zip(cells, rows, strict=True)
    ]
    extra = [""] * (width - len(headings))
    own = [
        *([words.text("mend.line")] if lines else []),
        *([words.text("mend.feature")] if features else []),
        words.text("mend.reason"),
    ]
    return write_csv([*headings, *extra, *(["geometry"] if shaped else []), *own], written)


def _wkt(shape: BaseGeometry | None) -> str:
    return shapely.to_wkt(shape, _WKT_DIGITS) if shape else ""
