"""From the bytes of ``city.toml`` to the city."""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from collections.abc import Callable, Mapping
from typing import Any

import pyproj

from regen_map.catalogue import City, TileSource
from regen_map.catalogue.city import Bounds
from regen_map.intake.issues import FileError, Issue, Rule, Severity

FILE = "city.toml"

_LANGUAGE = re.compile(r"[a-z]{2}")
_TILES = re.compile(r"(?:https?:/)?/[^\s\"'<>]+")
_LINE = re.compile(r"at line (\d+)")
_MAX_ZOOM = 30
_CORNERS = 4
_CODES: Mapping[str, tuple[re.Pattern[str], str]] = {
    "istat_code": (re.compile("[0-9]{6}"), '"045003"'),
    "cadastral_code": (re.compile("[A-Z][0-9]{3}"), '"B832"'),
}
"""The form of each code of a municipality, and an example."""
_GLOBE = (-180.0, -90.0, 180.0, 90.0)


def read_city(content: bytes) -> tuple[City | None, list[Issue]]:
    """
    Read the settings of a city.

    Parameters
    ----------
    content
        The bytes of ``city.toml``.

    Returns
    -------
    tuple of City or None, and list of Issue
        None where a setting that the map cannot do without is missing or
        unsound; a background or a code that is unsound is left out with a warning.
    """
    try:
        settings = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = _LINE.search(str(error))
        where = int(line.group(1)) if line else None
        return None, [Issue(file=FILE, rule=Rule.NOT_TOML, line=where)]
    issues: list[Issue] = []
    values: dict[str, Any] = _credits(settings)
    for key, convert in _SETTINGS.items():
        try:
            values[key] = convert(settings)
        except FileError as error:
            issues.append(error.issue(FILE))
    values |= _codes(settings, issues)
    values["introductions"] = _by_language(settings, "about_")
    values["tiles"] = _tiles(settings.get("tiles", []), issues)
    if any(issue.is_error for issue in issues):
        return None, issues
    return City(**values), issues


def _wrong(found: object, expected: str, *, key: str) -> FileError:
    shown = "" if found is None else str(found)[:200]
    return FileError(Rule.CITY_SETTING, columns=(key,), found=shown, expected=expected)


def _locales(settings: Mapping[str, Any]) -> tuple[str, ...]:
    found = settings.get("locales")
    if (
        isinstance(found, list)
        and found
        and all(isinstance(each, str) and _LANGUAGE.fullmatch(each) for each in found)
    ):
        return tuple(dict.fromkeys(found))
    raise _wrong(found, '["it", "en"]', key="locales")


def _by_language(settings: Mapping[str, Any], prefix: str) -> dict[str, str]:
    return {
        key.removeprefix(prefix): " ".join(value.split())
        for key, value in settings.items()
        if key.startswith(prefix) and isinstance(value, str) and value.strip()
    }


def _names(settings: Mapping[str, Any]) -> dict[str, str]:
    names = _by_language(settings, "name_")
    locales = settings.get("locales")
    first = str(locales[0]) if isinstance(locales, list) and locales else "it"
    if first not in names:
        raise _wrong(None, '"Carrara"', key=f"name_{first}")
    return names


def _bounds(key: str) -> Callable[[Mapping[str, Any]], Bounds]:
    def convert(settings: Mapping[str, Any]) -> Bounds:
        found = settings.get(key)
        expected = "[minx, miny, maxx, maxy]"
        if not isinstance(found, list) or len(found) != _CORNERS:
            raise _wrong(found, expected, key=key)
        if any(isinstance(each, bool) or not isinstance(each, int | float) for each in found):
            raise _wrong(found, expected, key=key)
        minx, miny, maxx, maxy = map(float, found)
        west, south, east, north = _GLOBE
        if not (west <= minx < maxx <= east and south <= miny < maxy <= north):
            raise _wrong(found, expected, key=key)
        return minx, miny, maxx, maxy

    return convert


def _metric_crs(settings: Mapping[str, Any]) -> str:
    found = settings.get("metric_crs")
    expected = '"EPSG:7791"'
    if not isinstance(found, str):
        raise _wrong(found, expected, key="metric_crs")
    try:
        crs = pyproj.CRS.from_user_input(found)
    except pyproj.exceptions.CRSError:
        raise _wrong(found, expected, key="metric_crs") from None
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise _wrong(found, expected, key="metric_crs")
    return found


def _time_zone(settings: Mapping[str, Any]) -> str:
    found = str(settings.get("time_zone", ""))
    try:
        return zoneinfo.ZoneInfo(found).key
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise _wrong(found, '"Europe/Rome"', key="time_zone") from None


def _country(settings: Mapping[str, Any]) -> str:
    found = settings.get("holiday_country")
    if isinstance(found, str) and re.fullmatch(r"[A-Z]{2}", found):
        return found
    raise _wrong(found, '"IT"', key="holiday_country")


_SETTINGS: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "locales": _locales,
    "names": _names,
    "extent": _bounds("extent"),
    "home": _bounds("home"),
    "metric_crs": _metric_crs,
    "time_zone": _time_zone,
    "holiday_country": _country,
}


def _credits(settings: Mapping[str, Any]) -> dict[str, Any]:
    def text(section: str, key: str) -> str:
        part = settings.get(section)
        value = part.get(key) if isinstance(part, dict) else None
        return value.strip() if isinstance(value, str) else ""

    return {
        "publisher": text("publisher", "name"),
        "contact": text("publisher", "contact"),
        "licence": text("licence", "name"),
        "licence_url": text("licence", "url"),
    }


def _codes(settings: Mapping[str, Any], issues: list[Issue]) -> dict[str, str]:
    codes = {}
    for key, (form, example) in _CODES.items():
        found = settings.get(key, "")
        if isinstance(found, str) and (not found or form.fullmatch(found)):
            codes[key] = found
        else:
            issues.append(
                Issue(
                    file=FILE,
                    rule=Rule.CITY_SETTING,
                    severity=Severity.WARNING,
                    columns=(key,),
                    found=str(found)[:200],
                    expected=example,
                )
            )
    return codes


def _tiles(found: object, issues: list[Issue]) -> tuple[TileSource, ...]:
    if found == "none":
        return ()
    sources: dict[str, TileSource] = {}
    for each in found if isinstance(found, list) else [found]:
        source = _tile(each)
        if source is None or source.id in sources:
            issues.append(
                Issue(
                    file=FILE,
                    rule=Rule.CITY_SETTING,
                    severity=Severity.WARNING,
                    columns=("tiles",),
                    found=str(each)[:200],
                    expected="id, name, url, attribution",
                )
            )
        else:
            sources[source.id] = source
    return tuple(sources.values())


def _tile(found: object) -> TileSource | None:
    if not isinstance(found, dict):
        return None
    texts = {key: found.get(key) for key in ("id", "name", "url", "attribution")}
    if not all(isinstance(each, str) and each.strip() for each in texts.values()):
        return None
    url, zoom = str(texts["url"]), found.get("max_zoom", 19)
    placed = all(part in url for part in ("{z}", "{x}", "{y}"))
    if not placed or not _TILES.fullmatch(url) or type(zoom) is not int:
        return None
    credit = found.get("attribution_url", "")
    linked = isinstance(credit, str) and credit.startswith(("https://", "http://"))
    return TileSource(
        id=str(texts["id"]),
        name=str(texts["name"]),
        url=url,
        attribution=str(texts["attribution"]),
        attribution_url=str(credit) if linked else "",
        max_zoom=min(max(zoom, 0), _MAX_ZOOM),
    )
