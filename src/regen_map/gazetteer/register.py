"""
The national register of civic numbers (ANNCSU), cut down to one town.

The register is published by the Agenzia delle Entrate under CC BY 4.0, region by
region: files of millions of rows, read here row by row.
"""

from __future__ import annotations

import csv
import enum
import io
import lzma
import math
import re
import unicodedata
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, BinaryIO, NamedTuple

from regen_map.catalogue import TABLES, City, HouseNumber
from regen_map.catalogue.text import neutral
from regen_map.gazetteer.address import door, parse_address, parse_door
from regen_map.gazetteer.odonyms import PARTICLES

_LONGEST_LINE = 100_000
_TOLD = 50
"""How many headings, and how many signs of one, an error names."""
_TEXTS = (".csv", ".txt")
_DELIMITERS = ";,\t|"
_DIGITS = 6
"""Decimals of a degree that are kept: about a tenth of a metre."""

_HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ODONIMO": ("odonimo", "toponimo", "via", "strada", "nomevia", "indirizzo", "street"),
        "CIVICO": ("civico", "numerocivico", "ncivico", "numero", "number"),
        "COORD_X_COMUNE": ("coordxcomune", "coordx", "x", "longitudine", "longitude", "lon", "lng"),
        "COORD_Y_COMUNE": ("coordycomune", "coordy", "y", "latitudine", "latitude", "lat"),
        "ESPONENTE": ("esponente", "barrato", "lettera"),
        "LOCALITA'": ("localita", "frazione"),
        "METODO": ("metodo", "method"),
        "CODICE_COMUNE": ("codicecomune", "codicecatastale", "belfiore"),
        "CODICE_ISTAT": ("codiceistat", "istat", "codistat", "procom"),
    }
)
"""The columns that are read, and the headings under which each is found."""

_NEEDED = ("ODONIMO", "CIVICO", "COORD_X_COMUNE", "COORD_Y_COMUNE")
_MISSING = frozenset({"", "-", "--", "snc", "nd", "null"})
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NUMERAL = re.compile("(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
_LETTERS = re.compile(r"[^\W\d_]+")
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError)
"""What `zipfile` raises for archives that are damaged, locked or packed in a rare way."""


class RegisterFault(enum.StrEnum):
    """Why a register cannot be read."""

    COLUMNS = "columns"
    """The first row lacks columns that are needed."""
    UNREADABLE = "unreadable"
    """It is no text and no archive with a text."""


class RegisterError(Exception):
    """
    A register that cannot be read at all.

    Parameters
    ----------
    fault
        Why.
    found
        The headings of its first row, or the names of the files in an archive.
    expected
        The headings that are missing.
    """

    def __init__(
        self, fault: RegisterFault, *, found: Sequence[str] = (), expected: Sequence[str] = ()
    ) -> None:
        super().__init__(fault)
        self.fault = fault
        self.found = tuple(found)
        self.expected = tuple(expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterReading:
    """
    What a register gave for one town.

    Attributes
    ----------
    addresses
        Rows of the table ``addresses``, sorted by street and number.
    n_read
        Rows of the register below its headings, blank ones apart: the sum of
        all the following.
    n_kept
        Rows that became addresses.
    n_other_municipalities
        Rows of other municipalities.
    n_without_number
        Rows without street or number (SNC), or cut short.
    n_without_position
        Rows without coordinates.
    n_outside_extent
        Rows whose coordinates lie outside the extent of the city.
    n_repeated
        Rows whose street and number came before; the first one stands.
    """

    addresses: tuple[HouseNumber, ...]
    n_read: int
    n_kept: int
    n_other_municipalities: int
    n_without_number: int
    n_without_position: int
    n_outside_extent: int
    n_repeated: int


class _Dropped(enum.Enum):
    """Why a row becomes no address."""

    OTHER_MUNICIPALITY = enum.auto()
    WITHOUT_NUMBER = enum.auto()
    WITHOUT_POSITION = enum.auto()
    OUTSIDE_EXTENT = enum.auto()
    REPEATED = enum.auto()


class _Kept(NamedTuple):
    street: str
    locality: str
    number: int
    exponent: str
    lat: float
    lon: float
    method: str | None

    @property
    def key(self) -> tuple[str, str, int, str]:
        return self.street, self.locality, self.number, self.exponent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """How the rows of one file are read for one city."""

    delimiter: str
    places: Mapping[str, int]
    codes: Mapping[str, str]
    extent: tuple[float, float, float, float]

    def read(self, line: bytes) -> _Kept | _Dropped:
        codes = self.codes.values()
        # Most rows are of other municipalities: tell them without splitting them.
        if codes and not any(code.encode() in line.upper() for code in codes):
            return _Dropped.OTHER_MUNICIPALITY
        cells = _cells(_decoded(line), self.delimiter)
        values = {name: cells[at] for name, at in self.places.items() if at < len(cells)}
        values = {name: "" if _folded(cell) in _MISSING else cell for name, cell in values.items()}
        if codes and not any(
            _code(values.get(name, "")) == code for name, code in self.codes.items()
        ):
            return _Dropped.OTHER_MUNICIPALITY
        return self._address(values)

    def _address(self, values: Mapping[str, str]) -> _Kept | _Dropped:
        street = _spelled(values.get("ODONIMO", ""))
        number = parse_door(values.get("CIVICO", ""), values.get("ESPONENTE", ""))
        if number is None or parse_address(street) is None:
            return _Dropped.WITHOUT_NUMBER
        lat = _degrees(values.get("COORD_Y_COMUNE", ""))
        lon = _degrees(values.get("COORD_X_COMUNE", ""))
        if lat is None or lon is None:
            return _Dropped.WITHOUT_POSITION
        minx, miny, maxx, maxy = self.extent
        if not (minx <= lon <= maxx and miny <= lat <= maxy):
            return _Dropped.OUTSIDE_EXTENT
        locality = _spelled(values.get("LOCALITA'", ""))
        return _Kept(street, locality, *number, lat, lon, values.get("METODO") or None)


def read_register(file: BinaryIO, city: City) -> RegisterReading:
    """
    Read the addresses of a city from a register of civic numbers.

    The columns are found by their headings, in any order, whatever their case,
    accents and signs; X is the longitude and Y the latitude, in degrees ETRS89
    (RDN2008), which are taken for WGS84: the two differ by less than a metre. A
    row belongs to the city by its cadastral or ISTAT code; where the city or the
    file has no codes, by its position alone. The code of the method is kept as it
    is; what it means for the accuracy is not known.

    Parameters
    ----------
    file
        CSV with semicolons, commas, tabs or bars, in UTF-8 or Windows-1252, or a
        ZIP archive that holds one; opened for bytes, at its beginning, and for an
        archive seekable. It is read row by row: only rows of the city are held.
    city
        Its codes and its extent.

    Returns
    -------
    RegisterReading
        Street names in capitals are written in the usual way («Via del
        Plebiscito»). Where streets in several localities have one name, the
        locality follows it in brackets.

    Raises
    ------
    RegisterError
        If a column is missing, or the file is no text and no archive with one.
    """
    try:
        with _opened(file) as text:
            return _read(text, city)
    except _BROKEN as error:
        raise RegisterError(RegisterFault.UNREADABLE) from error


def write_addresses(rows: Iterable[HouseNumber]) -> bytes:
    """
    Write the file ``addresses.csv``.

    Returns
    -------
    bytes
        UTF-8 with commas and Unix line ends, degrees with six decimals, the rows in
        the order given, texts that a spreadsheet would run with an apostrophe in
        front.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TABLES["addresses"].names)
    for row in rows:
        degrees = (f"{row.lat:.{_DIGITS}f}", f"{row.lon:.{_DIGITS}f}")
        writer.writerow((neutral(row.street), row.number, *degrees, neutral(row.method or "")))
    return text.getvalue().encode()


def _opened(file: BinaryIO) -> AbstractContextManager[IO[bytes]]:
    """Open the text in an archive; give the file itself where it is none."""
    archived = file.read(2) == b"PK"
    file.seek(0)
    if not archived:
        return nullcontext(file)
    archive = zipfile.ZipFile(file)
    texts = [each for each in archive.infolist() if each.filename.lower().endswith(_TEXTS)]
    if not texts:
        raise RegisterError(RegisterFault.UNREADABLE, found=archive.namelist()[:_TOLD])
    return archive.open(max(texts, key=lambda each: each.file_size))


def _read(text: IO[bytes], city: City) -> RegisterReading:
    lines = _lines(text)
    columns = _columns(next(lines, b""), city)
    kept: dict[tuple[str, str, int, str], _Kept] = {}
    dropped: Counter[_Dropped] = Counter()
    n_read = 0
    for line in lines:
        n_read += 1
        row = columns.read(line)
        if isinstance(row, _Dropped):
            dropped[row] += 1
        elif row.key in kept:
            dropped[_Dropped.REPEATED] += 1
        else:
            kept[row.key] = row
    return RegisterReading(
        addresses=_addresses(kept.values()),
        n_read=n_read,
        n_kept=len(kept),
        n_other_municipalities=dropped[_Dropped.OTHER_MUNICIPALITY],
        n_without_number=dropped[_Dropped.WITHOUT_NUMBER],
        n_without_position=dropped[_Dropped.WITHOUT_POSITION],
        n_outside_extent=dropped[_Dropped.OUTSIDE_EXTENT],
        n_repeated=dropped[_Dropped.REPEATED],
    )


def _lines(text: IO[bytes]) -> Iterator[bytes]:
    """Give the lines that hold anything; refuse what has no lines of bearable length."""
    while line := text.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE or b"\0" in line:
            raise RegisterError(RegisterFault.UNREADABLE)
        if line.strip(b" \t\r\n;,|"):
            yield line


def _columns(line: bytes, city: City) -> _Columns:
    """Find the columns in the row of headings."""
    text = _decoded(line)
    delimiter, headings = max(
        ((each, _cells(text, each)) for each in _DELIMITERS),
        key=lambda split: len(_places(split[1])),
    )
    places = _places(headings)
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        found = [heading[:_TOLD] for heading in headings if heading][:_TOLD]
        raise RegisterError(RegisterFault.COLUMNS, found=found, expected=missing)
    codes = {"CODICE_COMUNE": city.cadastral_code, "CODICE_ISTAT": city.istat_code}
    return _Columns(
        delimiter=delimiter,
        places=places,
        codes={name: _code(code) for name, code in codes.items() if code and name in places},
        extent=city.extent,
    )


def _places(headings: Sequence[str]) -> dict[str, int]:
    bare = [re.sub("[^a-z0-9]", "", _folded(heading)) for heading in headings]
    return {
        name: bare.index(known)
        for name, forms in _HEADINGS.items()
        if (known := next((form for form in forms if form in bare), None))
    }


def _addresses(rows: Collection[_Kept]) -> tuple[HouseNumber, ...]:
    localities = defaultdict(set)
    for row in rows:
        localities[row.street].add(row.locality)

    def named(row: _Kept) -> str:
        told = row.locality and len(localities[row.street]) > 1
        return f"{row.street} ({row.locality})" if told else row.street

    ordered = sorted(rows, key=lambda row: (named(row), row.number, row.exponent))
    return tuple(
        HouseNumber(
            street=named(row),
            number=door(row.number, row.exponent),
            lat=row.lat,
            lon=row.lon,
            method=row.method,
        )
        for row in ordered
    )


def _spelled(text: str) -> str:
    """Write a name in capitals the way streets are written; leave other names as they are."""
    clean = " ".join(_CONTROLS.sub(" ", unicodedata.normalize("NFC", text)).split())
    return _LETTERS.sub(_cased, clean) if clean == clean.upper() else clean


def _cased(found: re.Match[str]) -> str:
    word = found[0].lower()
    if _NUMERAL.fullmatch(word):
        return found[0]
    return word if found.start() and word in PARTICLES else word.capitalize()


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _cells(text: str, delimiter: str) -> list[str]:
    cells = next(csv.reader([text.replace("\r", " ")], delimiter=delimiter), [])
    return [cell.strip(" \t\r\n\ufeff") for cell in cells]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold()


def _code(text: str) -> str:
    # Spreadsheets take the zeros in front of an ISTAT code away.
    return text.strip().upper().lstrip("0")


def _degrees(text: str) -> float | None:
    try:
        degrees = float(text.replace(",", "."))
    except ValueError:
        return None
    return round(degrees, _DIGITS) if math.isfinite(degrees) else None
