"""The city a catalogue is about: where it lies and how its map starts."""

from __future__ import annotations

from dataclasses import dataclass, field

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TileSource:
    """
    A background of map tiles.

    Attributes
    ----------
    id, name
        Its key in links and its name for people.
    url
        Address with ``{z}``, ``{x}`` and ``{y}``.
    attribution, attribution_url
        The credit that its licence asks for, and where the licence stands.
    max_zoom
        The largest zoom level it serves.
    """

    id: str
    name: str
    url: str
    attribution: str
    attribution_url: str = ""
    max_zoom: int = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """
    What ``city.toml`` tells.

    Attributes
    ----------
    names
        Name by language code.
    locales
        Language codes, the first is the city's own.
    extent
        ``(minx, miny, maxx, maxy)`` in degrees WGS84: positions outside are errors.
    home
        ``(minx, miny, maxx, maxy)`` in degrees WGS84: what the map shows at start.
    metric_crs
        The CRS in which metres are computed, such as ``"EPSG:7791"``.
    time_zone, holiday_country
        IANA name and ISO 3166 code, for opening times.
    publisher, contact
        Who answers for the data.
    licence, licence_url
        Under which terms the data may be reused.
    tiles
        Backgrounds, the first is shown at start; empty for none.
    istat_code, cadastral_code
        Codes of the municipality in national registers, such as ``"045003"`` and
        ``"B832"``; empty where the city does not tell.
    introductions
        What the city says of itself, by language code; may be empty.
    """

    names: dict[str, str]
    locales: tuple[str, ...]
    extent: Bounds
    home: Bounds
    metric_crs: str
    time_zone: str
    holiday_country: str
    publisher: str = ""
    contact: str = ""
    licence: str = ""
    licence_url: str = ""
    tiles: tuple[TileSource, ...] = ()
    istat_code: str = ""
    cadastral_code: str = ""
    introductions: dict[str, str] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """Name the city in a language, falling back to its own."""
        return self.names.get(language) or self.names[self.locales[0]]

    def introduction(self, language: str) -> str:
        """Say what the city says of itself in a language, or in its own; may be empty."""
        return self.introductions.get(language) or self.introductions.get(self.locales[0], "")
