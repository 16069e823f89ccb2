"""From the bytes of a GeoJSON file (RFC 7946) to rows with shapes."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from regen_map.intake.formats import crs
from regen_map.intake.formats.celltext import typed_text
from regen_map.intake.formats.encoding import decode
from regen_map.intake.formats.shapes import TYPES, height_dropped, usable, wrong_type
from regen_map.intake.issues import FileError, Issue, Rule
from regen_map.intake.limits import LIMITS, Limits
from regen_map.intake.sheets import Row, Sheet

_READ = (*TYPES, "MultiPoint")
_LARGEST = 1e9
"""No degree and no metre of any map is larger."""
_SPACE = re.compile(r"[ \t\n\r\x1e]*")
"""With the mark that RFC 8142 puts in front of each feature."""
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NO_BRACKET = re.compile(r"[^][{}]+")
_HALF = re.compile("[\ud800-\udfff]")
_POSITION = 2
"""A position has two numbers; all that follow are heights and measures."""


class _Repeating(dict[str, Any]):
    """An object some of whose names stand in it more than once."""

    repeated: tuple[str, ...] = ()


class _Member(NamedTuple):
    """What stands in the place of a feature, and the line on which it starts."""

    value: Any
    line: int


class _Document(NamedTuple):
    """The features of a file and what else it says at the top."""

    members: list[_Member]
    others: Mapping[str, Any]


def read_features(content: bytes, file: str, limits: Limits = LIMITS) -> Sheet:
    """
    Read the features of a GeoJSON file.

    Parameters
    ----------
    content
        The bytes of the file: a collection of features, one feature, one geometry
        or collection of geometries, or features one after the other (RFC 8142, or
        one on each line). In Unicode or in Windows-1252.
    file
        Its name, for the issues.
    limits
        How far lists and objects may stand inside each other.

    Returns
    -------
    Sheet
        The headings are all the properties that any feature has, in order of
        appearance; what is no text becomes the text that a CSV file would hold.
        A feature without geometry is a row without. Shapes are as the file has
        them, x before y, in `Sheet.crs`, without heights, which a notice tells;
        what has one part is that part. `Row.number` is the number of the feature,
        `Row.line` the line on which it starts, both from 1; no lines are told where
        features share them, as in a file that is one line. A feature whose shape is
        faulty, or which says something twice, is not sound, and has an issue.

    Raises
    ------
    FileError
        `Rule.NOT_GEOJSON`, `Rule.ENCODING`, `Rule.TOO_DEEP`, or `Rule.CRS` if it
        names a CRS that nobody knows.
    """
    issues: list[Issue] = []
    text = decode(content, file, issues)
    _check_depth(text, limits)
    document = _parse(text)
    system = _crs(document.others.get("crs"))
    sheet = _read(document.members, file)
    return dataclasses.replace(sheet, crs=system, issues=[*issues, *sheet.issues])


def _refused(expected: str = "FeatureCollection") -> FileError:
    return FileError(Rule.NOT_GEOJSON, expected=expected)


def _check_depth(text: str, limits: Limits) -> None:
    """Measure how deep the brackets go, before a parser follows them."""
    brackets = _NO_BRACKET.sub("", _STRING.sub("", text)).encode()
    steps = np.frombuffer(brackets, np.uint8)
    opening = (steps == ord("[")) | (steps == ord("{"))
    depth = np.cumsum(np.where(opening, 1, -1), dtype=np.int32)
    if depth.size and depth.max() > limits.depth:
        raise FileError(Rule.TOO_DEEP, found=str(depth.max()), expected=str(limits.depth))


# ------------------------------------------------------------ from text to features


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    marked = _Repeating(found)
    marked.repeated = tuple(name for name in found if names.count(name) > 1)
    return marked


def _whole(digits: str) -> int | str:
    """Keep a number that no machine can hold as the text that it is."""
    try:
        return int(digits)
    except ValueError:
        return digits


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=str)
_PATIENT = json.JSONDecoder(object_pairs_hook=_object, parse_constant=str, parse_int=_whole)
"""Slower, for numbers of thousands of digits."""


class _Scanner:
    """
    Reads the values of a JSON text one after the other, and knows the line of each.

    Parameters
    ----------
    text
        The whole text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._counted = 0
        self._line = 1
        self._skip()

    @property
    def next(self) -> str:
        """The next character that is no blank; empty at the end."""
        return self._text[self._place : self._place + 1]

    @property
    def line(self) -> int:
        """The line on which it stands, from 1."""
        self._line += self._text.count("\n", self._counted, self._place)
        self._counted = self._place
        return self._line

    def take(self, character: str) -> bool:
        """Pass over a character if it is the next one."""
        if self.next != character:
            return False
        self._place += 1
        self._skip()
        return True

    def expect(self, character: str) -> None:
        """Pass over a character, or refuse the file."""
        if not self.take(character):
            raise _refused()

    def value(self) -> Any:
        """Read the next value; blanks after it are passed over."""
        try:
            value, self._place = _DECODER.raw_decode(self._text, self._place)
        except json.JSONDecodeError:
            raise _refused() from None
        except ValueError:
            value, self._place = _PATIENT.raw_decode(self._text, self._place)
        self._skip()
        return value

    def member(self) -> _Member:
        """Read the next value together with its line."""
        line = self.line
        return _Member(self.value(), line)

    def _skip(self) -> None:
        blank = _SPACE.match(self._text, self._place)
        self._place = blank.end() if blank else self._place


def _parse(text: str) -> _Document:
    scanner = _Scanner(text)
    if scanner.next != "{":
        raise _refused()
    first = scanner.line
    others, members = _top(scanner)
    if members is not None:
        if scanner.next:
            raise _refused()
        return _Document(members, others)
    if not isinstance(others.get("type"), str):
        raise _refused()
    if others["type"] == "Feature":
        following = []
        while scanner.next:
            following.append(scanner.member())
        return _Document([_Member(others, first), *following], others)
    if scanner.next:
        raise _refused()
    return _Document([_Member(each, first) for each in _geometries(others)], others)


def _top(scanner: _Scanner) -> tuple[dict[str, Any], list[_Member] | None]:
    """Read an object, the features among its members one by one."""
    pairs: list[tuple[str, Any]] = []
    members: list[_Member] | None = None
    scanner.expect("{")
    while not scanner.take("}"):
        if pairs or members is not None:
            scanner.expect(",")
        name = scanner.value() if scanner.next == '"' else None
        if not isinstance(name, str):
            raise _refused()
        scanner.expect(":")
        if name == "features" and members is None and scanner.next == "[":
            members = list(_list(scanner))
        else:
            pairs.append((name, scanner.value()))
    if any(name == "features" for name, _ in pairs):
        raise _refused()
    return _object(pairs), members


def _list(scanner: _Scanner) -> Iterator[_Member]:
    scanner.expect("[")
    if scanner.take("]"):
        return
    yield scanner.member()
    while scanner.take(","):
        yield scanner.member()
    scanner.expect("]")


def _geometries(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Make a feature without properties of each geometry of a file that has no features."""
    if value["type"] == "GeometryCollection":
        given = value.get("geometries")
        shapes = given if isinstance(given, list) else []
    elif value["type"] in _READ:
        shapes = [value]
    else:
        raise _refused()
    return [{"type": "Feature", "geometry": each} for each in shapes]


def _crs(given: object) -> str:
    if given is None:
        return ""
    properties = given.get("properties") if isinstance(given, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return crs.named(_printable(name) if isinstance(name, str) else "")


# ------------------------------------------------------------ from features to rows


def _read(members: Sequence[_Member], file: str) -> Sheet:
    properties = [_properties(member.value) for member in members]
    names = dict.fromkeys(name for each in properties if each for name in each)
    rows: list[Row] = []
    issues: list[Issue] = []
    high = 0
    lines_tell = len({member.line for member in members}) == len(members)
    for number, (member, values) in enumerate(zip(members, properties, strict=True), start=1):
        line = member.line if lines_tell else None
        if values is None:
            issue = _refused("Feature").issue(file)
            issues.append(dataclasses.replace(issue, row=number, line=line))
            raw = json.dumps(member.value, ensure_ascii=False)
            rows.append(Row((), line, number, sound=False, raw=raw))
            continue
        cells = [_cell(values.get(name)) for name in names]
        try:
            _check_names(member.value)
            geometry, has_height = _geometry(member.value.get("geometry"))
        except FileError as error:
            issues.append(dataclasses.replace(error.issue(file), row=number, line=line))
            rows.append(Row(cells, line, number, sound=False, properties=values))
            continue
        high += has_height
        rows.append(Row(cells, line, number, geometry, properties=values))
    return Sheet(
        headings=tuple(_printable(name).strip() for name in names),
        rows=rows,
        issues=[*issues, *height_dropped(file, high)],
    )


def _printable(text: str) -> str:
    """Replace halves of characters, which can be escaped in JSON but written nowhere."""
    return _HALF.sub("\ufffd", text)


def _properties(member: object) -> dict[str, Any] | None:
    if not isinstance(member, dict) or member.get("type") != "Feature":
        return None
    given = member.get("properties")
    if given is not None and not isinstance(given, dict):
        return None
    values = dict(given or {})
    if "id" not in values and member.get("id") is not None:
        values["id"] = member["id"]
    return values


def _check_names(feature: Mapping[str, Any]) -> None:
    for each in (feature, feature.get("properties"), feature.get("geometry")):
        if isinstance(each, _Repeating):
            raise FileError(Rule.HEADING_REPEATED, columns=tuple(map(_printable, each.repeated)))


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " | ".join(_cell(each) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return typed_text(value)


def _geometry(value: object) -> tuple[BaseGeometry | None, bool]:
    """Draw a shape; tell also whether it had heights."""
    if value is None:
        return None, False
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(kind, str):
        raise wrong_type(_printable(str(kind)))
    if kind == "GeometryCollection":
        return _collection(value.get("geometries"))
    if kind not in _READ:
        raise wrong_type(_printable(kind))
    coordinates = value.get("coordinates")
    if not coordinates:
        return None, False
    heights: list[bool] = []
    try:
        drawn = shape({"type": kind, "coordinates": _numbers(coordinates, heights)})
    except (ValueError, TypeError, LookupError, AttributeError, shapely.errors.ShapelyError):
        raise FileError(Rule.GEOMETRY, columns=("geometry",), found=kind) from None
    return usable(drawn), bool(heights)


def _collection(value: object) -> tuple[BaseGeometry | None, bool]:
    """Join the members of a collection, which must be of one type."""
    if not isinstance(value, list):
        raise FileError(Rule.GEOMETRY, columns=("geometry",), found="GeometryCollection")
    drawn = [_geometry(each) for each in value]
    parts = [part for each, _ in drawn if each is not None for part in shapely.get_parts(each)]
    joined = usable(shapely.geometrycollections(parts))
    return joined, any(has_height for _, has_height in drawn)


def _numbers(value: object, heights: list[bool]) -> object:
    """
    Copy nested coordinates, refusing all that is no finite number.

    Heights are left out; `heights` takes an entry where there are any.
    """
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and isinstance(value[0], int | float):
            x, y = value[:_POSITION]
            if not (_finite(x) and _finite(y)):
                raise ValueError
            if len(value) > _POSITION and not heights:
                heights.append(True)
            return (x, y)
        return [_numbers(each, heights) for each in value]
    raise TypeError


def _finite(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) < _LARGEST  # false for NaN and infinity too
    )
