"""Faults of files, kept as data: sentences are made in `regen_map.messages`."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.StrEnum):
    """How much a fault weighs."""

    ERROR = "error"
    """The row, or the whole file, is left out."""
    WARNING = "warning"
    """The row is kept; something in it should be looked at."""
    NOTICE = "notice"
    """Nothing is wrong; somebody may want to know."""


class Rule(enum.StrEnum):
    """What a file, a row or a cell may break; each has words in every language."""

    FILE_MISSING = "file_missing"
    FILE_UNREADABLE = "file_unreadable"
    FILE_TOO_LARGE = "file_too_large"
    FILE_UNKNOWN = "file_unknown"
    TABLE_TWICE = "table_twice"
    ROWS_LOST = "rows_lost"
    ENCODING = "encoding"
    ENCODING_ASSUMED = "encoding_assumed"
    NO_HEADER = "no_header"
    NOT_TOML = "not_toml"
    CITY_SETTING = "city_setting"
    NOT_GEOJSON = "not_geojson"
    CRS = "crs"

    HEADING_MISSING = "heading_missing"
    HEADING_REPEATED = "heading_repeated"
    HEADING_UNKNOWN = "heading_unknown"
    ROW_TOO_LONG = "row_too_long"
    QUOTES = "quotes"
    REQUIRED = "required"
    CELL_TOO_LONG = "cell_too_long"
    CONTROL_CHARACTERS = "control_characters"

    SLUG = "slug"
    TERM = "term"
    TERM_CLOSED = "term_closed"
    NUMBER = "number"
    INTEGER = "integer"
    MONEY = "money"
    OUT_OF_RANGE = "out_of_range"
    DATE = "date"
    URL = "url"
    EMAIL = "email"
    PHONE = "phone"
    YES_NO = "yes_no"
    CUP = "cup"
    CUP_UNUSUAL = "cup_unusual"
    OPENING_HOURS = "opening_hours"
    WIKIDATA = "wikidata"

    GEOMETRY = "geometry"
    GEOMETRY_TYPE = "geometry_type"
    GEOMETRY_INVALID = "geometry_invalid"
    POSITION_HALF = "position_half"
    POSITION_OUTSIDE = "position_outside"
    POSITION_SWAPPED = "position_swapped"
    POSITION_TWICE = "position_twice"
    ACCURACY_WITHOUT_POSITION = "accuracy_without_position"

    REPEATED = "repeated"
    REFERENCE_UNKNOWN = "reference_unknown"
    REFERENCE_LEFT_OUT = "reference_left_out"
    STOP_ORDER = "stop_order"
    DATES_REVERSED = "dates_reversed"
    SOURCE_DATES = "source_dates"
    NO_SOURCE = "no_source"
    ONE_LANGUAGE = "one_language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """
    One fault of one file.

    Attributes
    ----------
    file
        Name of the file.
    rule
        What it breaks.
    severity
        How much it weighs.
    line
        Line of the file on which the row starts, 1 being the first; None for a
        fault of the whole file, and for GeoJSON.
    row
        Number of the feature in a GeoJSON file, from 1; None elsewhere.
    columns
        The headings concerned, as the file spells them.
    found
        What stands in the file.
    expected
        What should stand there: allowed terms, bounds, a place in a file.
    suggestion
        What was probably meant; empty where nobody can tell.
    """

    file: str
    rule: Rule
    severity: Severity = Severity.ERROR
    line: int | None = None
    row: int | None = None
    columns: tuple[str, ...] = ()
    found: str = ""
    expected: str = ""
    suggestion: str = ""

    @property
    def is_error(self) -> bool:
        """Whether something was left out because of it."""
        return self.severity is Severity.ERROR

    @property
    def whole_file(self) -> bool:
        """Whether it concerns the file rather than one of its rows."""
        return self.line is None and self.row is None


class FileError(Exception):
    """
    A file that cannot be read at all.

    Parameters
    ----------
    rule
        What it breaks.
    columns, found, expected, suggestion
        As in `Issue`.
    """

    def __init__(
        self,
        rule: Rule,
        *,
        columns: tuple[str, ...] = (),
        found: str = "",
        expected: str = "",
        suggestion: str = "",
    ) -> None:
        super().__init__(rule)
        self.rule = rule
        self.columns = columns
        self.found = found
        self.expected = expected
        self.suggestion = suggestion

    def issue(self, file: str) -> Issue:
        """Describe it as a fault of that file."""
        return Issue(
            file=file,
            rule=self.rule,
            columns=self.columns,
            found=self.found,
            expected=self.expected,
            suggestion=self.suggestion,
        )
