"""From the text of one cell to its value: one parser for each kind of cell."""

from __future__ import annotations

import csv
import importlib.resources
import re
import unicodedata
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, TypeAlias

from regen_map.catalogue import Cell, Column, PartialDate, Vocabularies
from regen_map.catalogue.text import LIST_SEPARATOR
from regen_map.intake import numbers
from regen_map.intake.days import date
from regen_map.intake.headings import spelled
from regen_map.intake.hours import explained, stopped_at
from regen_map.intake.issues import CellError, Rule, Severity, Tolerated
from regen_map.intake.nearest import nearest
from regen_map.intake.times import time

Parser: TypeAlias = Callable[[str], Any]

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLUG_LENGTH = 100
_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[A-Za-z]{2,63}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9](?:[ ./-]?[0-9]){4,14}")
_WIKIDATA_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?wikidata\.org/(?:wiki|entity)/(Q[1-9][0-9]{0,11})/?"
)
_WIKIDATA = re.compile(r"Q[1-9][0-9]{0,11}")
_CUP = re.compile(r"[A-Z][0-9]{2}[A-Z][0-9]{11}")
_CUP_CHARACTERS = re.compile(r"[A-Z0-9]{15}")
_USUAL_URL = re.compile(
    r"https?://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,10}(?:/[\w.~%!$&'()*+,;=:@/?#-]*)?", re.ASCII
)
_NOT_IN_URL = re.compile(r"[\s<>\"\\^`{}]")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+\.?|localhost|[0-9a-f:]*:[0-9a-f:.]+")
_HOURS_COMMENT = re.compile(r'"[^"]*"')
_HOURS = re.compile(
    r"""(?: [0-9:.,;+|\s()\[\]/&-] | \b(?:
        Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec
        |off|closed|open|unknown|week|easter|days?|dawn|dusk|sunrise|sunset)\b )*""",
    re.VERBOSE,
)
_YES = frozenset({"yes", "si", "s", "y", "true", "vero", "1", "x"})
_NO = frozenset({"no", "n", "false", "falso", "0"})
_HOMOGLYPHS = str.maketrans(
    "аеорсухіјѕһԁԛԝьαοερυνικτ",
    "aeopcyxijshdqwbaoepuvikt",
)
"""Cyrillic and Greek letters that look like Latin ones."""


def parser(
    column: Column, vocabularies: Vocabularies, parent: str = "", *, italian: bool = False
) -> Parser:
    """
    Choose the parser of a column.

    Parameters
    ----------
    column
        It tells the kind of cell, the vocabulary and the bounds.
    vocabularies
        Where the terms come from.
    parent
        The family whose kinds are allowed; empty where terms have no parent.
    italian
        Whether the file is probably made by an Italian spreadsheet.

    Returns
    -------
    callable
        Takes the text of a cell, neither empty nor surrounded by blanks;
        returns its value, or raises `Tolerated`, which carries it, or
        `CellError`.
    """
    if column.cell is Cell.TERM:
        return _term(vocabularies, column.vocabulary, parent)
    localised = LOCALISED.get(column.cell)
    simple = PARSERS[column.cell] if localised is None else partial(localised, italian=italian)
    if column.low is None or column.high is None:
        return simple
    return _bounded(simple, column.low, column.high)


def slugify(text: str) -> str:
    """
    Turn a name into an id.

    Examples
    --------
    >>> slugify("Caffè dell'Angolo, già «Verdi»")
    'caffe-dell-angolo-gia-verdi'
    """
    parts = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(each for each in parts if not unicodedata.combining(each))
    return "-".join(re.findall(r"[a-z0-9]+", letters))[:_SLUG_LENGTH].strip("-")


def _slug(text: str) -> str:
    if len(text) <= _SLUG_LENGTH and _SLUG.fullmatch(text):
        return text
    latin = text.translate(_HOMOGLYPHS)
    if latin != text:
        raise CellError(Rule.HOMOGLYPHS, suggestion=slugify(latin))
    raise CellError(Rule.SLUG, suggestion=slugify(text))


def _line(text: str) -> str:
    # Most texts are a line already; the very same one needs no memory.
    if text.isprintable() and "  " not in text:
        return text
    return " ".join(text.split())


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> tuple[str, ...]:
    return _several(text, _line)


def _several(text: str, parse: Callable[[str], str]) -> tuple[str, ...]:
    """Read the pieces of a list; blank ones are left out, and told."""
    if "|" not in text:
        return (parse(text),)
    pieces = [piece.strip() for piece in text.split("|")]
    values = tuple(parse(piece) for piece in pieces if piece)
    if len(values) < len(pieces):
        raise Tolerated(values, LIST_SEPARATOR.join(values), Rule.BLANK_PIECES)
    return values


def _term(vocabularies: Vocabularies, vocabulary: str, parent: str) -> Parser:
    names = vocabularies.names(vocabulary, parent)
    exact = {name: name for name in names}
    meant = _words_for(vocabularies, vocabulary, parent)

    def parse(text: str) -> str:
        try:
            return exact[text]
        except KeyError:
            pass
        terms = meant.get(spelled(text[:200]), set())
        if len(terms) == 1:
            (term,) = terms
            raise Tolerated(term, term, Rule.TERM_WORD)
        if terms:
            raise CellError(
                Rule.TERM_COARSE, severity=Severity.WARNING, expected=", ".join(sorted(terms))
            )
        raise CellError(Rule.TERM, expected=", ".join(names), suggestion=nearest(text, names))

    return parse


def _words_for(vocabularies: Vocabularies, vocabulary: str, parent: str) -> Mapping[str, set[str]]:
    """Tell which terms a word may mean: terms, labels, other words, OpenCoesione's values."""
    meant: dict[str, set[str]] = defaultdict(set)
    known = set(vocabularies.names(vocabulary, parent))
    for row in _other_words():
        if row["vocabulary"] == vocabulary and row["term"] in known:
            meant[spelled(row["word"])].add(row["term"])
    for term in vocabularies:
        if term.vocabulary == vocabulary and parent in ("", term.parent):
            for word in (term.term, *term.labels.values(), term.opencoesione):
                if reduced := spelled(word):
                    meant[reduced].add(term.term)
    return meant


@lru_cache(maxsize=1)
def _other_words() -> tuple[Mapping[str, str], ...]:
    source = importlib.resources.files(__package__) / "words.csv"
    return tuple(csv.DictReader(source.read_text("utf-8").splitlines()))


def url(text: str) -> str:
    """
    Accept the address of a page: http or https, with a host.

    Raises
    ------
    CellError
        With `Rule.URL`: anything that a browser could run, or that hides
        another host before an ``@``, is refused.
    """
    if _USUAL_URL.fullmatch(text):
        return text
    try:
        parts = urllib.parse.urlsplit(text)
        sound = (
            parts.scheme in ("http", "https")
            and "@" not in parts.netloc
            and _HOST.fullmatch(parts.hostname or "") is not None
            and parts.port != 0
        )
    except ValueError:
        sound = False
    if sound and not _NOT_IN_URL.search(text):
        return text
    bare = re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,}(?:/[^\s<>\"]*)?", text, re.IGNORECASE)
    raise CellError(Rule.URL, found=text, suggestion=f"https://{text}" if bare else "")


def _urls(text: str) -> tuple[str, ...]:
    return _several(text, url)


def _dates(text: str) -> tuple[PartialDate | None, ...]:
    return _each(
        [piece.strip() for piece in text.split("|")], lambda piece: date(piece) if piece else None
    )


def _each(pieces: Sequence[str], parse: Parser) -> tuple[Any, ...]:
    """Read the pieces of a list; what had to be understood in any is told of the whole cell."""
    values, texts = [], []
    rules: dict[Rule, None] = {}
    for piece in pieces:
        try:
            values.append(parse(piece))
            texts.append(piece)
        except Tolerated as tolerated:
            values.append(tolerated.value)
            texts.append(tolerated.text)
            rules |= dict.fromkeys(tolerated.rules)
    if rules:
        raise Tolerated(tuple(values), LIST_SEPARATOR.join(texts), *rules)
    return tuple(values)


def _bounded(parse: Parser, low: float, high: float) -> Parser:
    expected = f"{low:.15g} … {high:.15g}"

    def within(value: Any) -> Any:
        if low <= value <= high:
            return value
        raise CellError(Rule.OUT_OF_RANGE, expected=expected)

    def parse_within(text: str) -> object:
        try:
            return within(parse(text))
        except Tolerated as tolerated:
            within(tolerated.value)
            raise

    return parse_within


def _yes_no(text: str) -> bool:
    if text in ("yes", "no"):
        return text == "yes"
    word = spelled(text[:20]) or text
    if word not in _YES | _NO:
        raise CellError(Rule.YES_NO, expected="yes, no")
    meant = word in _YES
    raise Tolerated(meant, "yes" if meant else "no", Rule.YES_NO_WORD)


def _email(text: str) -> str:
    if _EMAIL.fullmatch(text):
        return text
    raise CellError(Rule.EMAIL)


def _phone(text: str) -> str:
    if _PHONE.fullmatch(text):
        return text
    raise CellError(Rule.PHONE)


def _cup(text: str) -> str:
    if _CUP.fullmatch(text):
        return text
    if _CUP_CHARACTERS.fullmatch(text):
        raise CellError(Rule.CUP_UNUSUAL, severity=Severity.WARNING, kept=text)
    meant = re.sub(r"[\s.-]", "", text).upper()
    if _CUP.fullmatch(meant):
        raise Tolerated(meant, meant, Rule.CUP_SPELLING)
    raise CellError(Rule.CUP)


def _hours(text: str) -> str:
    if _HOURS.fullmatch(_HOURS_COMMENT.sub("", text)):
        return text
    place = stopped_at(text)
    shown, meant = ("", "") if place is None else explained(text, place)
    raise CellError(Rule.OPENING_HOURS, expected=shown, suggestion=meant)


def _wikidata(text: str) -> str:
    if _WIKIDATA.fullmatch(text):
        return text
    meant = _WIKIDATA_LINK.fullmatch(text)
    if meant is not None:
        raise Tolerated(meant.group(1), meant.group(1), Rule.WIKIDATA_LINK)
    raise CellError(Rule.WIKIDATA)


PARSERS: Mapping[Cell, Parser] = MappingProxyType(
    {
        Cell.SLUG: _slug,
        Cell.LINE: _line,
        Cell.TEXT: _text,
        Cell.LINES: _lines,
        Cell.URL: url,
        Cell.URLS: _urls,
        Cell.DATE: date,
        Cell.DATES: _dates,
        Cell.INTEGER: numbers.integer,
        # Metres too, until both coordinates are seen together.
        Cell.LATITUDE: numbers.coordinate,
        Cell.LONGITUDE: numbers.coordinate,
        Cell.YES_NO: _yes_no,
        Cell.EMAIL: _email,
        Cell.PHONE: _phone,
        Cell.CUP: _cup,
        Cell.HOURS: _hours,
        Cell.TIME: time,
        Cell.WIKIDATA: _wikidata,
    }
)
"""The parsers of the cells that are written in the same way everywhere."""

LOCALISED: Mapping[Cell, Callable[..., Any]] = MappingProxyType(
    {
        Cell.NUMBER: numbers.number,
        Cell.MONEY: numbers.money,
    }
)
"""The parsers that must know whether a file is Italian; `Cell.TERM` needs its vocabulary."""
