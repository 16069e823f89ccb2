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
    READING_STOPPED = "reading_stopped"
    FILE_TOO_LARGE = "file_too_large"
    FILE_UNKNOWN = "file_unknown"
    TABLE_TWICE = "table_twice"
    ROWS_LOST = "rows_lost"
    ENCODING = "encoding"
    ENCODING_ASSUMED = "encoding_assumed"
    ENCODING_MIXED = "encoding_mixed"
    NO_HEADER = "no_header"
    NOT_TOML = "not_toml"
    CITY_SETTING = "city_setting"
    NOT_GEOJSON = "not_geojson"
    CRS = "crs"
    CRS_CONVERTED = "crs_converted"
    HEIGHT_DROPPED = "height_dropped"
    NOT_WORKBOOK = "not_workbook"
    NOT_VECTOR = "not_vector"
    UNPACKED_TOO_LARGE = "unpacked_too_large"
    GRID_TOO_LARGE = "grid_too_large"
    XML_ENTITIES = "xml_entities"
    TOO_DEEP = "too_deep"
    TOO_MANY_COLUMNS = "too_many_columns"
    SHEETS_IGNORED = "sheets_ignored"
    LAYERS_IGNORED = "layers_ignored"
    TABLE_UNKNOWN = "table_unknown"
    TITLE_LINES = "title_lines"
    HEADER_REPEATED = "header_repeated"

    HEADING_MISSING = "heading_missing"
    HEADING_REPEATED = "heading_repeated"
    HEADING_UNKNOWN = "heading_unknown"
    HEADING_BLANK = "heading_blank"
    HEADING_TWICE = "heading_twice"
    HEADINGS_READ = "headings_read"
    TOTALS_ROW = "totals_row"
    ROW_TOO_LONG = "row_too_long"
    QUOTES = "quotes"
    REQUIRED = "required"
    CELL_TOO_LONG = "cell_too_long"
    CONTROL_CHARACTERS = "control_characters"
    EXCEL_ERROR = "excel_error"
    BLANK_PIECES = "blank_pieces"

    SLUG = "slug"
    HOMOGLYPHS = "homoglyphs"
    TERM = "term"
    TERM_CLOSED = "term_closed"
    TERM_WORD = "term_word"
    TERM_COARSE = "term_coarse"
    UNKNOWN_WORD = "unknown_word"
    NUMBER = "number"
    NUMBER_AMBIGUOUS = "number_ambiguous"
    NUMBER_ABBREVIATED = "number_abbreviated"
    DECIMAL_COMMA = "decimal_comma"
    THOUSANDS = "thousands"
    CURRENCY = "currency"
    INTEGER = "integer"
    MONEY = "money"
    OUT_OF_RANGE = "out_of_range"
    DATE = "date"
    DATE_AMBIGUOUS = "date_ambiguous"
    DATE_ITALIAN = "date_italian"
    DATE_SERIAL = "date_serial"
    DATE_TIME = "date_time"
    DATE_YEAR_FIRST = "date_year_first"
    TIME = "time"
    TIME_SPELLING = "time_spelling"
    URL = "url"
    URL_DOUBTFUL = "url_doubtful"
    EMAIL = "email"
    PHONE = "phone"
    YES_NO = "yes_no"
    YES_NO_WORD = "yes_no_word"
    CUP = "cup"
    CUP_UNUSUAL = "cup_unusual"
    CUP_SPELLING = "cup_spelling"
    OPENING_HOURS = "opening_hours"
    WIKIDATA = "wikidata"
    WIKIDATA_LINK = "wikidata_link"

    GEOMETRY = "geometry"
    GEOMETRY_TYPE = "geometry_type"
    GEOMETRY_INVALID = "geometry_invalid"
    POSITION_HALF = "position_half"
    POSITION_OUTSIDE = "position_outside"
    POSITION_SWAPPED = "position_swapped"
    POSITION_TWICE = "position_twice"
    POSITION_REPAIRED = "position_repaired"
    POSITION_PROPOSED = "position_proposed"
    POSITION_PROJECTED = "position_projected"
    SEXAGESIMAL = "sexagesimal"
    ACCURACY_WITHOUT_POSITION = "accuracy_without_position"

    REPEATED = "repeated"
    REFERENCE_UNKNOWN = "reference_unknown"
    REFERENCE_LEFT_OUT = "reference_left_out"
    REFERENCES_UNCHECKED = "references_unchecked"
    STOP_ORDER = "stop_order"
    DATES_REVERSED = "dates_reversed"
    TIMES_REVERSED = "times_reversed"
    SOURCE_DATES = "source_dates"
    NO_SOURCE = "no_source"
    ONE_LANGUAGE = "one_language"

    STALE = "stale"
    END_MISSING = "end_missing"
    AMOUNTS_CONTRADICT = "amounts_contradict"
    PLACES_ALIKE = "places_alike"
    NO_EVIDENCE = "no_evidence"
    OTHER_LANGUAGE = "other_language"
    IMAGE_ADDRESS = "image_address"
    IMAGE_MISSING = "image_missing"
    IMAGE_UNREADABLE = "image_unreadable"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_UNCREDITED = "image_uncredited"


TOLD_ONCE = frozenset(
    {
        Rule.HEIGHT_DROPPED,
        Rule.HEADER_REPEATED,
        Rule.BLANK_PIECES,
        Rule.TERM_WORD,
        Rule.UNKNOWN_WORD,
        Rule.DECIMAL_COMMA,
        Rule.THOUSANDS,
        Rule.CURRENCY,
        Rule.DATE_ITALIAN,
        Rule.DATE_SERIAL,
        Rule.DATE_TIME,
        Rule.DATE_YEAR_FIRST,
        Rule.TIME_SPELLING,
        Rule.YES_NO_WORD,
        Rule.CUP_SPELLING,
        Rule.WIKIDATA_LINK,
        Rule.POSITION_REPAIRED,
        Rule.POSITION_PROJECTED,
        Rule.SEXAGESIMAL,
    }
)
"""What is read with tolerance, and told once for a whole file with the number of rows."""


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
        Line of the file on which the row starts, or row of the sheet, 1 being the
        first; None for a fault of the whole file, where a format has no lines, and
        where several features stand on one.
    row
        Number of the feature in a file of features, from 1; None elsewhere.
    columns
        The headings concerned, as the file spells them.
    found
        What stands in the file.
    expected
        What should stand there: allowed terms, bounds, a place in a file.
    suggestion
        What was probably meant; empty where nobody can tell.
    n_rows
        For what was read with tolerance, told once for a whole file: in how many
        rows. `found` and `expected` are then the first example and how it was
        read.
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
    n_rows: int | None = None

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


class CellError(Exception):
    """
    A cell whose text is not what its column holds.

    Parameters
    ----------
    rule
        What the text breaks.
    expected, suggestion
        As in `Issue`.
    found
        The faulty piece of a list; empty for the text of the whole cell.
    severity
        With `Severity.WARNING` the row is kept, with `kept` as the value.
    kept
        The value of the cell in spite of the fault.
    """

    def __init__(  # noqa: PLR0913
        self,
        rule: Rule,
        *,
        expected: str = "",
        suggestion: str = "",
        found: str = "",
        severity: Severity = Severity.ERROR,
        kept: object = None,
    ) -> None:
        super().__init__(rule)
        self.rule = rule
        self.expected = expected
        self.suggestion = suggestion
        self.found = found
        self.severity = severity
        self.kept = kept


class Tolerated(Exception):  # noqa: N818 - nothing is wrong: it interrupts, as StopIteration does
    """
    A cell that is not in canonical form, but can mean only one thing.

    Parameters
    ----------
    value
        What it means.
    text
        How it is written in canonical form.
    rules
        What had to be understood.
    """

    def __init__(self, value: object, text: str, *rules: Rule) -> None:
        super().__init__(*rules)
        self.value = value
        self.text = text
        self.rules = rules
