"""One feature of a GeoJSON file changed, and no other byte of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from regen_map.catalogue.text import neutral
from regen_map.editing.encoded import decoded
from regen_map.editing.faults import UnwritableError
from regen_map.intake.formats.celltext import number_text
from regen_map.intake.issues import FileError

_SPACE = re.compile(r"[ \t\n\r\x1e]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DECODER = json.JSONDecoder()
_INDENTS: tuple[int | str | None, ...] = (None, 1, 2, 3, 4, "\t")
_SEPARATORS = ((", ", ": "), (",", ":"))


class _Member(NamedTuple):
    """A member of an object: its name, where in the text it stands, and what is between both."""

    name: str
    start: int
    value: int
    end: int
    colon: str


class FeatureFile:
    """
    A GeoJSON file whose features can be changed one by one.

    Parameters
    ----------
    content
        Its bytes: a collection of features, or features one after the other.
    file
        Its name.

    Raises
    ------
    UnwritableError
        If it is neither, or its features have positions in another CRS than WGS84.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self._file = file
        try:
            self._encoded = decoded(content, file)
            self._text = self._encoded.text
            self._list, self._spans = self._found()
        except (FileError, ValueError, RecursionError):
            raise UnwritableError(file) from None

    def changed(
        self, number: int, cells: Mapping[str, str], *, numeric: Sequence[str], shape: object
    ) -> bytes:
        """
        Write other texts into some properties of a feature.

        Parameters
        ----------
        number
            Of the feature, from 1.
        cells
            The texts by name of the property; an empty one becomes null.
        numeric
            The properties whose text is written as a number where it is one.
        shape
            The geometry as GeoJSON has it, None for none; `KEPT` leaves it as it is.

        Returns
        -------
        bytes
            The whole file.
        """
        start, end = self._spans[number - 1]
        text = self._text[start:end]
        style = _Style.of(text, self._indent_before(start))
        values = {name: _value(cell, number=name in numeric) for name, cell in cells.items()}
        text = _with_properties(text, values, style)
        if "id" in values and any(each.name == "id" for each in _members(text, 0)):
            text = _with_member(text, "id", json.dumps(values["id"], ensure_ascii=False))
        if shape is not KEPT:
            text = _with_member(text, "geometry", style.inside(shape, text, "geometry"))
        return self._written(start, end, text)

    def added(self, cells: Mapping[str, str], *, numeric: Sequence[str], shape: object) -> bytes:
        """Write a new feature after the last one; as of `changed`."""
        properties = {name: _value(cell, number=name in numeric) for name, cell in cells.items()}
        feature = {"type": "Feature", "geometry": shape, "properties": properties}
        if not self._spans:
            at = self._list[0]
            return self._written(at, self._list[1], json.dumps(feature, ensure_ascii=False))
        start, end = self._spans[-1]
        last = self._text[start:end]
        if properties.get("id") and any(each.name == "id" for each in _members(last, 0)):
            feature = {"type": "Feature", "id": properties["id"]} | feature
        text = _Style.of(last, self._indent_before(start)).written(feature)
        return self._written(end, end, self._gap() + text)

    def removed(self, number: int) -> bytes:
        """Take a feature away, and the comma beside it."""
        at = number - 1
        start, end = self._spans[at]
        if at + 1 < len(self._spans):
            end = self._spans[at + 1][0]
        elif at:
            start = self._spans[at - 1][1]
        return self._written(start, end, "")

    def _written(self, start: int, end: int, text: str) -> bytes:
        return self._encoded.written(self._text[:start] + text + self._text[end:])

    def _gap(self) -> str:
        """Give what stands between two features."""
        if len(self._spans) > 1:
            return self._text[self._spans[-2][1] : self._spans[-1][0]]
        comma = "," if self._list[0] >= 0 else ""
        before = self._text[max(self._list[0], 0) : self._spans[0][0]]
        return comma + (before if before.strip(" \t\r\x1e") else "\n")

    def _indent_before(self, start: int) -> str:
        line = self._text[self._text.rfind("\n", 0, start) + 1 : start]
        return line if not line.strip() else ""

    def _found(self) -> tuple[tuple[int, int], list[tuple[int, int]]]:
        """Tell where the list of features begins and ends, and each of them."""
        text = self._text
        start = _skip(text, 0)
        if not text.startswith("{", start):
            raise ValueError
        first = json.JSONDecoder().raw_decode(text, start)[0]
        if isinstance(first.get("features"), list):
            (member,) = (each for each in _members(text, start) if each.name == "features")
            spans = list(_elements(text, member.value))
            return (member.value + 1, member.end - 1), spans
        if first.get("type") != "Feature":
            raise ValueError
        spans = []
        while start < len(text):
            _, end = _DECODER.raw_decode(text, start)
            spans.append((start, end))
            start = _skip(text, end)
        return (-1, -1), spans


KEPT = object()
"""A geometry that stays as it is."""


class _Style:
    """How the members of a feature are laid out."""

    def __init__(self, indent: int | str | None, separators: tuple[str, str], before: str) -> None:
        self._indent = indent
        self._separators = separators
        self._before = before

    @classmethod
    def of(cls, text: str, before: str) -> _Style:
        """Find the layout that gives a text again; else the nearest to it."""
        value = _DECODER.raw_decode(text)[0]
        for indent in _INDENTS:
            for separators in _SEPARATORS:
                style = cls(indent, separators, before)
                if style.written(value) == text:
                    return style
        return cls(None if "\n" not in text else 1, _SEPARATORS[0], before)

    def written(self, value: object, depth: str = "") -> str:
        """Write a value; its further lines begin as the first one does."""
        comma, colon = self._separators
        text = json.dumps(
            value,
            ensure_ascii=False,
            indent=self._indent,
            separators=(comma if self._indent is None else comma.rstrip(), colon),
        )
        return text.replace("\n", "\n" + self._before + depth)

    def inside(self, value: object, text: str, name: str) -> str:
        """Write the value of a member of a feature."""
        member = next((each for each in _members(text, 0) if each.name == name), None)
        before = (
            "" if member is None else text[text.rfind("\n", 0, member.start) + 1 : member.start]
        )
        depth = before.removeprefix(self._before) if not before.strip() else ""
        return self.written(value, depth)


def _value(text: str, *, number: bool) -> object:
    if not text:
        return None
    if number and _NUMBER.fullmatch(text) and number_text(float(text)) == text:
        return float(text) if "." in text else int(text)
    return neutral(text)


def _with_properties(text: str, values: Mapping[str, object], style: _Style) -> str:
    member = next((each for each in _members(text, 0) if each.name == "properties"), None)
    if member is None or not text.startswith("{", member.value):
        return _with_member(text, "properties", style.inside(dict(values), text, "properties"))
    properties = text[member.value : member.end]
    for name, value in values.items():
        properties = _with_member(properties, name, json.dumps(value, ensure_ascii=False))
    return text[: member.value] + properties + text[member.end :]


def _with_member(text: str, name: str, value: str) -> str:
    """Write the value of a member of an object, as its last one where it lacks it."""
    members = list(_members(text, 0))
    found = [each for each in members if each.name == name]
    if found:
        # Of a name that stands there twice, the last one counts.
        return text[: found[-1].value] + value + text[found[-1].end :]
    written = json.dumps(name, ensure_ascii=False)
    if not members:
        return "{" + written + ": " + value + "}"
    last = members[-1]
    before = text[members[-2].end : last.start] if len(members) > 1 else ", "
    return text[: last.end] + before + written + last.colon + value + text[last.end :]


def _members(text: str, start: int) -> Iterator[_Member]:
    """Go through the members of the object that starts in a text."""
    at = _skip(text, start + 1)
    while not text.startswith("}", at):
        if text.startswith(",", at):
            at = _skip(text, at + 1)
        begin = at
        name, named = _DECODER.raw_decode(text, at)
        value = _skip(text, _skip(text, named) + 1)
        _, end = _DECODER.raw_decode(text, value)
        yield _Member(name, begin, value, end, text[named:value])
        at = _skip(text, end)


def _elements(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Go through the values of the list that starts in a text."""
    at = _skip(text, start + 1)
    while not text.startswith("]", at):
        if text.startswith(",", at):
            at = _skip(text, at + 1)
        _, end = _DECODER.raw_decode(text, at)
        yield at, end
        at = _skip(text, end)


def _skip(text: str, at: int) -> int:
    blank = _SPACE.match(text, at)
    return blank.end() if blank else at


def feature_text(properties: Mapping[str, Any], shape: object) -> str:
    """Write a feature on one line."""
    feature = {"type": "Feature", "geometry": shape, "properties": properties}
    return json.dumps(feature, ensure_ascii=False)


def collection_of(features: Sequence[str]) -> bytes:
    """Write features, given as JSON, as a collection with one on each line."""
    inner = ",\n".join(features)
    return f'{{"type": "FeatureCollection", "features": [\n{inner}\n]}}\n'.encode()
