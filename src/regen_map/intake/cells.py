"""From the text of one cell to its value: one parser for each kind of cell."""

from __future__ import annotations

import re
import unicodedata
import urllib.parse
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

from regen_map.catalogue import Cell, Column, PartialDate, Vocabularies
from regen_map.intake.issues import Rule, Severity
from regen_map.intake.nearest import nearest

Parser: TypeAlias = Callable[[str], Any]

LIST_SEPARATOR = " | "

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_MONEY = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,2})?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLUG_LENGTH = 100
_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[A-Za-z]{2,63}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9](?:[ ./-]?[0-9]){4,14}")
_WIKIDATA = re.compile(r"Q[1-9][0-9]{0,11}")
_CUP = re.compile(r"[A-Z][0-9]{2}[A-Z][0-9]{11}")
_CUP_CHARACTERS = re.compile(r"[A-Z0-9]{15}")
_NOT_IN_URL = re.compile(r"[\s<>\"\\^`{}]")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+\.?|localhost|[0-9a-f:]*:[0-9a-f:.]+")
_HOURS_COMMENT = re.compile(r'"[^"]*"')
_HOURS = re.compile(
    r"""(?: [0-9:.,;+|\s()\[\]/&-] | \b(?:
        Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec
        |off|closed|open|unknown|week|easter|days?|dawn|dusk|sunrise|sunset)\b )*""",
    re.VERBOSE,
)
_YES = frozenset({"si", "sì", "sí", "s", "y", "true", "vero", "1", "x"})
_NO = frozenset({"n", "false", "falso", "0"})


class CellError(Exception):
    """
    A cell whose text is not what its column holds.

    Parameters
    ----------
    rule
        What the text breaks.
    expected, suggestion
        As in `regen_map.intake.Issue`.
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


def parser(column: Column, vocabularies: Vocabularies, parent: str = "") -> Parser:
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

    Returns
    -------
    callable
        Takes the text of a cell, neither empty nor surrounded by blanks;
        returns its value or raises `CellError`.
    """
    if column.cell is Cell.TERM:
        return _term(vocabularies, column.vocabulary, parent)
    simple = PARSERS[column.cell]
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
    raise CellError(Rule.SLUG, suggestion=slugify(text))


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> tuple[str, ...]:
    pieces = (_line(piece) for piece in text.split("|"))
    return tuple(piece for piece in pieces if piece)


def _term(vocabularies: Vocabularies, vocabulary: str, parent: str) -> Parser:
    names = vocabularies.names(vocabulary, parent)
    spelled = {name: name for name in names}

    def parse(text: str) -> str:
        try:
            return spelled[text]
        except KeyError:
            pass
        labels = {
            label.casefold(): term.term
            for term in vocabularies
            if term.vocabulary == vocabulary and parent in ("", term.parent)
            for label in term.labels.values()
        }
        meant = labels.get(text.casefold()) or nearest(text, names)
        raise CellError(Rule.TERM, expected=", ".join(names), suggestion=meant)

    return parse


def url(text: str) -> str:
    """
    Accept the address of a page: http or https, with a host.

    Raises
    ------
    CellError
        With `Rule.URL`: anything that a browser could run, or that hides
        another host before an ``@``, is refused.
    """
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
    pieces = (piece.strip() for piece in text.split("|"))
    return tuple(url(piece) for piece in pieces if piece)


def _date(text: str) -> PartialDate:
    try:
        return PartialDate(text)
    except ValueError:
        raise CellError(Rule.DATE, found=text) from None


def _dates(text: str) -> tuple[PartialDate | None, ...]:
    pieces = (piece.strip() for piece in text.split("|"))
    return tuple(_date(piece) if piece else None for piece in pieces)


def _number(text: str) -> float:
    if _NUMBER.fullmatch(text):
        return float(text)
    raise CellError(Rule.NUMBER)


def _integer(text: str) -> int:
    if _INTEGER.fullmatch(text):
        return int(text)
    raise CellError(Rule.INTEGER)


def _money(text: str) -> Decimal:
    if _MONEY.fullmatch(text):
        return Decimal(text)
    raise CellError(Rule.MONEY)


def _bounded(parse: Parser, low: float, high: float) -> Parser:
    expected = f"{low:.15g} … {high:.15g}"

    def parse_within(text: str) -> object:
        value = parse(text)
        if low <= value <= high:
            return value
        raise CellError(Rule.OUT_OF_RANGE, expected=expected)

    return parse_within


def _yes_no(text: str) -> bool:
    if text in ("yes", "no"):
        return text == "yes"
    word = text.casefold()
    meant = "yes" if word in _YES | {"yes"} else "no" if word in _NO | {"no"} else ""
    raise CellError(Rule.YES_NO, expected="yes, no", suggestion=meant)


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
    raise CellError(Rule.CUP, suggestion=meant if _CUP.fullmatch(meant) else "")


def _hours(text: str) -> str:
    if _HOURS.fullmatch(_HOURS_COMMENT.sub("", text)):
        return text
    raise CellError(Rule.OPENING_HOURS)


def _wikidata(text: str) -> str:
    if _WIKIDATA.fullmatch(text):
        return text
    meant = re.search(r"wikidata\.org/(?:wiki|entity)/(Q[1-9][0-9]*)", text)
    raise CellError(Rule.WIKIDATA, suggestion=meant.group(1) if meant else "")


PARSERS: Mapping[Cell, Parser] = MappingProxyType(
    {
        Cell.SLUG: _slug,
        Cell.LINE: _line,
        Cell.TEXT: _text,
        Cell.LINES: _lines,
        Cell.URL: url,
        Cell.URLS: _urls,
        Cell.DATE: _date,
        Cell.DATES: _dates,
        Cell.NUMBER: _number,
        Cell.INTEGER: _integer,
        Cell.MONEY: _money,
        Cell.LATITUDE: _bounded(_number, -90, 90),
        Cell.LONGITUDE: _bounded(_number, -180, 180),
        Cell.YES_NO: _yes_no,
        Cell.EMAIL: _email,
        Cell.PHONE: _phone,
        Cell.CUP: _cup,
        Cell.HOURS: _hours,
        Cell.WIKIDATA: _wikidata,
    }
)
"""The parser of every kind of cell but `Cell.TERM`, which needs its vocabulary."""
