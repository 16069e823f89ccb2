"""What a row of each table holds: the one definition of the data contract."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias

from regen_map.catalogue.dates import PartialDate
from regen_map.languages import LANGUAGES


class Cell(enum.StrEnum):
    """What the text of a cell means; `regen_map.intake.cells` has a parser for each."""

    SLUG = "slug"
    LINE = "line"
    TEXT = "text"
    TERM = "term"
    LINES = "lines"
    URL = "url"
    URLS = "urls"
    DATE = "date"
    DATES = "dates"
    NUMBER = "number"
    INTEGER = "integer"
    MONEY = "money"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    YES_NO = "yes_no"
    EMAIL = "email"
    PHONE = "phone"
    CUP = "cup"
    HOURS = "opening_hours"
    TIME = "time"
    WIKIDATA = "wikidata"

    @property
    def is_number(self) -> bool:
        """Whether it holds a number, which GeoJSON writes without quotes."""
        return self in _NUMBERS


_NUMBERS = frozenset({Cell.NUMBER, Cell.INTEGER, Cell.MONEY, Cell.LATITUDE, Cell.LONGITUDE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """
    One column of a table.

    Attributes
    ----------
    name
        Its heading in the canonical files.
    cell
        What its text means.
    required
        Whether a row without it is unsound.
    vocabulary
        For `Cell.TERM`, the vocabulary the term must come from.
    refers_to
        The table whose ``id`` it must name; ``"places"`` stands for the three
        place tables together.
    low, high
        Bounds of a number, both included.
    """

    name: str
    cell: Cell
    required: bool = False
    vocabulary: str = ""
    refers_to: str = ""
    low: float | None = None
    high: float | None = None


def _column(cell: Cell, **options: Any) -> Any:
    """Declare a field of a record together with what its cell means."""
    required = options.get("required", False)
    metadata = {"cell": cell, **options}
    if required:
        return field(metadata=metadata)
    if cell in (Cell.LINES, Cell.URLS, Cell.DATES):
        return field(default=(), metadata=metadata)
    return field(default=None, metadata=metadata)


def _line(**options: Any) -> Any:
    return _column(Cell.LINE, **options)


def _text(**options: Any) -> Any:
    return _column(Cell.TEXT, **options)


def _term(vocabulary: str, **options: Any) -> Any:
    return _column(Cell.TERM, vocabulary=vocabulary, **options)


def _date(**options: Any) -> Any:
    return _column(Cell.DATE, **options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Anything that has, or may have, a position: what the three place tables share."""

    family: ClassVar[str] = ""

    id: str = _column(Cell.SLUG, required=True)
    name_it: str = _line(required=True)
    name_en: str = _line(required=True)
    kind: str = _term("kind", required=True)
    quarter: str | None = _term("quarter")
    address: str | None = _line()
    lat: float | None = _column(Cell.LATITUDE)
    lon: float | None = _column(Cell.LONGITUDE)
    position_accuracy_m: float | None = _column(Cell.NUMBER, low=0, high=20_000)
    position_source_it: str | None = _line()
    position_source_en: str | None = _line()
    summary_it: str | None = _text()
    summary_en: str | None = _text()
    note_it: str | None = _text()
    note_en: str | None = _text()
    website: str | None = _column(Cell.URL)
    email: str | None = _column(Cell.EMAIL)
    phone: str | None = _column(Cell.PHONE)
    opening_hours: str | None = _column(Cell.HOURS)
    wheelchair: str | None = _term("wheelchair")
    wikidata: str | None = _column(Cell.WIKIDATA)
    image: str | None = _line()
    image_credit: str | None = _line()
    image_licence: str | None = _line()
    status: str | None = _term("status")
    as_of: PartialDate | None = _date()
    sources: tuple[str, ...] = _column(Cell.URLS)
    source_dates: tuple[PartialDate | None, ...] = _column(Cell.DATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSpace(Place):
    """A reused or regenerated space."""

    family: ClassVar[str] = "public_space"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop(Place):
    """An artist's studio, artisan's workshop, historic shop or producer."""

    family: ClassVar[str] = "workshop"

    craft: str | None = _term("craft")
    visit: str | None = _term("visit")
    founded: PartialDate | None = _date()
    people: tuple[str, ...] = _column(Cell.LINES)
    contact_it: str | None = _line()
    contact_en: str | None = _line()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attraction(Place):
    """A cultural attraction."""

    family: ClassVar[str] = "attraction"

    period_it: str | None = _line()
    period_en: str | None = _line()
    author: tuple[str, ...] = _column(Cell.LINES)
    admission: str | None = _term("admission")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A regeneration project; many may share a place, some have none."""

    id: str = _column(Cell.SLUG, required=True)
    name_it: str = _line(required=True)
    name_en: str = _line(required=True)
    place_id: str | None = _column(Cell.SLUG, refers_to="places")
    quarter: str | None = _term("quarter")
    kind: str | None = _term("project_kind")
    former_use_it: str | None = _text()
    former_use_en: str | None = _text()
    new_use_it: str | None = _text()
    new_use_en: str | None = _text()
    phase: str | None = _term("phase")
    stalled: bool | None = _column(Cell.YES_NO)
    start: PartialDate | None = _date()
    first_declared_end: PartialDate | None = _date()
    declared_end: PartialDate | None = _date()
    end: PartialDate | None = _date()
    owner: tuple[str, ...] = _column(Cell.LINES)
    promoter: tuple[str, ...] = _column(Cell.LINES)
    designer: tuple[str, ...] = _column(Cell.LINES)
    cup: str | None = _column(Cell.CUP)
    area_m2: float | None = _column(Cell.NUMBER, low=0, high=1e8)
    summary_it: str | None = _text()
    summary_en: str | None = _text()
    note_it: str | None = _text()
    note_en: str | None = _text()
    website: str | None = _column(Cell.URL)
    as_of: PartialDate | None = _date()
    sources: tuple[str, ...] = _column(Cell.URLS)
    source_dates: tuple[PartialDate | None, ...] = _column(Cell.DATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """One amount from one programme for one project."""

    project_id: str = _column(Cell.SLUG, required=True, refers_to="projects")
    programme_id: str = _column(Cell.SLUG, required=True, refers_to="programmes")
    amount_eur: Decimal | None = _column(Cell.MONEY, low=0, high=1e12)
    nature: str = _term("nature", required=True)
    counted: bool = _column(Cell.YES_NO, required=True)
    as_of: PartialDate | None = _date()
    source: str = _column(Cell.URL, required=True)
    note_it: str | None = _text()
    note_en: str | None = _text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A funding programme."""

    id: str = _column(Cell.SLUG, required=True)
    name_it: str = _line(required=True)
    name_en: str = _line(required=True)
    level: str = _term("level", required=True)
    summary_it: str | None = _text()
    summary_en: str | None = _text()
    website: str | None = _column(Cell.URL)
    as_of: PartialDate | None = _date()
    sources: tuple[str, ...] = _column(Cell.URLS)
    source_dates: tuple[PartialDate | None, ...] = _column(Cell.DATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A dated step of a project."""

    project_id: str = _column(Cell.SLUG, required=True, refers_to="projects")
    date: PartialDate = _date(required=True)
    phase: str | None = _term("phase")
    text_it: str = _text(required=True)
    text_en: str = _text(required=True)
    source: str = _column(Cell.URL, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A festival, a procession or an open-studio day."""

    id: str = _column(Cell.SLUG, required=True)
    name_it: str = _line(required=True)
    name_en: str = _line(required=True)
    place_id: str | None = _column(Cell.SLUG, refers_to="places")
    quarter: str | None = _term("quarter")
    start: PartialDate | None = _date()
    end: PartialDate | None = _date()
    repeats: str | None = _term("repeats")
    start_time: str | None = _column(Cell.TIME)
    end_time: str | None = _column(Cell.TIME)
    recurrence_it: str | None = _line()
    recurrence_en: str | None = _line()
    summary_it: str | None = _text()
    summary_en: str | None = _text()
    note_it: str | None = _text()
    note_en: str | None = _text()
    website: str | None = _column(Cell.URL)
    as_of: PartialDate | None = _date()
    sources: tuple[str, ...] = _column(Cell.URLS)
    source_dates: tuple[PartialDate | None, ...] = _column(Cell.DATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """A walk."""

    id: str = _column(Cell.SLUG, required=True)
    name_it: str = _line(required=True)
    name_en: str = _line(required=True)
    theme: str = _term("theme", required=True)
    minutes: int | None = _column(Cell.INTEGER, low=1, high=1440)
    summary_it: str | None = _text()
    summary_en: str | None = _text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop of a walk."""

    itinerary_id: str = _column(Cell.SLUG, required=True, refers_to="itineraries")
    order: int = _column(Cell.INTEGER, required=True, low=1, high=999)
    place_id: str = _column(Cell.SLUG, required=True, refers_to="places")
    text_it: str | None = _text()
    text_en: str | None = _text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A street or square of the gazetteer: labels, search and look-up without a network."""

    name: str = _line(required=True)
    kind: str = _term("street_kind", required=True)
    lat: float = _column(Cell.LATITUDE, required=True)
    lon: float = _column(Cell.LONGITUDE, required=True)
    accuracy_m: float | None = _column(Cell.NUMBER, low=0, high=20_000)
    source: str = _line(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseNumber:
    """
    A door of the gazetteer, from the national register of civic numbers.

    Its number is ``10``, or ``10/B`` and ``10/BIS`` with an exponent.
    """

    street: str = _line(required=True)
    number: str = _line(required=True)
    lat: float = _column(Cell.LATITUDE, required=True)
    lon: float = _column(Cell.LONGITUDE, required=True)
    method: str | None = _line()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreativeCity:
    """An Italian UNESCO Creative City."""

    id: str = _column(Cell.SLUG, required=True)
    name_it: str = _line(required=True)
    name_en: str = _line(required=True)
    field: str = _term("creative_field", required=True)
    year: PartialDate = _date(required=True)
    lat: float | None = _column(Cell.LATITUDE)
    lon: float | None = _column(Cell.LONGITUDE)
    feed: str | None = _column(Cell.URL)
    sources: tuple[str, ...] = _column(Cell.URLS)
    source_dates: tuple[PartialDate | None, ...] = _column(Cell.DATES)


Record: TypeAlias = (
    Place
    | Project
    | Funding
    | Programme
    | Milestone
    | Event
    | Itinerary
    | Stop
    | Street
    | HouseNumber
    | CreativeCity
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    One table of the catalogue.

    Attributes
    ----------
    name
        The file's name without its ending.
    record
        The type of its rows.
    columns
        Its columns, in the order of the canonical file.
    key
        The columns that must be distinct together; empty where rows may repeat.
    located
        Whether each row may have a position on this city's map.
    geometry
        Whether its canonical file is GeoJSON.
    """

    name: str
    record: type[Any]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    located: bool = False
    geometry: bool = False

    @property
    def file_name(self) -> str:
        """The name of its canonical file."""
        return f"{self.name}.geojson" if self.geometry else f"{self.name}.csv"

    def column(self, name: str) -> Column:
        """
        Give the column of that name.

        Raises
        ------
        KeyError
            If the table has no such column.
        """
        for each in self.columns:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The headings, in the order of the canonical file."""
        return tuple(each.name for each in self.columns)


def _in_further_languages(record: type[Any]) -> type[Any]:
    """Add to the texts of a record a column for each language besides Italian and English."""
    added: list[tuple[str, Any, Any]] = [
        (f"{each.name.removesuffix('_it')}_{language}", str | None, _translation(each))
        for each in dataclasses.fields(record)
        for language in LANGUAGES
        if each.name.endswith("_it") and language not in ("it", "en")
    ]
    if not added:
        return record
    return dataclasses.make_dataclass(
        record.__name__, added, bases=(record,), frozen=True, slots=True, kw_only=True
    )


def _translation(original: dataclasses.Field[Any]) -> Any:
    # A text that every record has is a text here too: empty where nobody has translated it.
    default = "" if original.metadata.get("required") else None
    return field(default=default, metadata={**original.metadata, "required": False})


def _table(name: str, record: type[Any], *key: str, **options: bool) -> Table:
    record = _in_further_languages(record)
    columns = tuple(Column(name=each.name, **each.metadata) for each in dataclasses.fields(record))
    return Table(name=name, record=record, columns=columns, key=key, **options)


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            _table("public_spaces", PublicSpace, "id", located=True, geometry=True),
            _table("workshops", Workshop, "id", located=True),
            _table("attractions", Attraction, "id", located=True),
            _table("programmes", Programme, "id"),
            _table("projects", Project, "id"),
            _table("funding", Funding),
            _table("milestones", Milestone),
            _table("events", Event, "id"),
            _table("itineraries", Itinerary, "id"),
            _table("stops", Stop, "itinerary_id", "order"),
            _table("streets", Street, "name", located=True),
            _table("addresses", HouseNumber, "street", "number", located=True),
            _table("creative_cities", CreativeCity, "id"),
        )
    }
)

PLACE_TABLES: tuple[Table, ...] = tuple(
    table for table in TABLES.values() if issubclass(table.record, Place)
)
