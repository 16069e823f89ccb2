"""Numbers, amounts and coordinates as people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from regen_map.catalogue.text import cell_text
from regen_map.intake.issues import CellError, Rule, Tolerated

_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_CURRENCY = re.compile(r"(?:€|eur(?:o)?\b)\s*(.*?)|(.*?)\s*(?:€|\beur(?:o)?)", re.IGNORECASE)
_BLANKS = re.compile(r"(?<=[0-9])[\s'’](?=[0-9]{3}(?![0-9]))")
_ONE_COMMA = re.compile(r"-?[0-9]{1,15},[0-9]{1,15}")
_ONE_GROUP = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_ITALIAN = re.compile(r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]{1,15})?")
_ENGLISH = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]{1,15})?")
_SHORT = re.compile(
    r"(-?[0-9]{1,9}(?:[.,][0-9]{1,6})?)\s*(k|mila|m|mln|mil|mio|milion[ei]|mld|miliard[oi])\b\.?",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"([0-9][0-9.,]{0,20})\s*(?:m|mt|metri|mq|m2|m²|min|minuti)\.?", re.IGNORECASE
)
_LONGEST = 60
_FACTORS = {"k": 10**3, "mila": 10**3, "mld": 10**9, "miliardo": 10**9, "miliardi": 10**9}
_SEXAGESIMAL = re.compile(
    r"""([NSEWO])?\s*([0-9]{1,3})\s*[°º:\s]\s*([0-9]{1,2}(?:[.,][0-9]{1,10})?)\s*
    (?:['\u2032’:\s]\s*(?:([0-9]{1,2}(?:[.,][0-9]{1,10})?)\s*(?:"|\u2033|”|'')?)?)?\s*([NSEWO])?""",
    re.VERBOSE | re.IGNORECASE,
)
_DEGREES = re.compile(
    r"([NSEWO+])?\s?([0-9]{1,3}(?:[.,][0-9]{1,15})?)\s?°?\s?([NSEWO])?", re.IGNORECASE
)
_LARGEST_DEGREES = 180
_NEGATIVE = ("S", "W", "O")
"""South and west, which Italian calls ovest."""
_SIXTY = 60
_CENTS = 2
_DIGITS = 7


class _Written(NamedTuple):
    """A number in plain digits, and what had to be understood to get there."""

    plain: str
    rules: tuple[Rule, ...]
    double: str = ""
    """The other number that it may mean; empty where there is none."""


def number(text: str, *, italian: bool) -> float:
    """
    Read a number.

    Parameters
    ----------
    text
        ``12.5``, ``12,5``, ``1.234,5``, ``1 234``.
    italian
        Whether the file is probably made by an Italian spreadsheet: a comma is
        then always decimal, and a point before three digits in doubt.

    Raises
    ------
    Tolerated
        Carries the number, where it was not in plain digits.
    CellError
        With `Rule.NUMBER`, or `Rule.NUMBER_AMBIGUOUS` for ``1.234`` in an
        Italian file and ``1,234`` in another.
    """
    if _PLAIN.fullmatch(text) and not (italian and _ONE_GROUP.fullmatch(text)):
        return float(text)
    written = _understand(text, Rule.NUMBER)
    separators = {"," if italian else "."}
    if written.double and not separators.intersection(text):
        raise _ambiguous(written)
    plain = written.double or written.plain
    rules = (Rule.DECIMAL_COMMA,) if written.double else written.rules
    raise Tolerated(float(plain), plain, *rules)


def integer(text: str) -> int:
    """
    Read a whole number; separators can only be those of thousands.

    Raises
    ------
    Tolerated
        Carries the number, where it was not in plain digits.
    CellError
        With `Rule.INTEGER`.
    """
    if re.fullmatch(r"-?[0-9]{1,15}", text):
        return int(text)
    written = _understand(text, Rule.INTEGER)
    whole, _, rest = written.plain.partition(".")
    if rest.strip("0") or not written.rules:
        raise CellError(Rule.INTEGER)
    raise Tolerated(int(whole), whole, *written.rules)


def money(text: str, *, italian: bool) -> Decimal:
    """
    Read an amount of euro with at most two decimals.

    Raises
    ------
    Tolerated
        Carries the amount, where it was not in plain digits.
    CellError
        With `Rule.MONEY`, `Rule.NUMBER_ABBREVIATED` for ``2,8M``, or
        `Rule.NUMBER_AMBIGUOUS` for ``2,500`` in an Italian file and ``2.500``
        in another.
    """
    if re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,2})?", text):
        return Decimal(text)
    written = _understand(text, Rule.MONEY)
    if written.double and Rule.CURRENCY not in written.rules and italian == ("," in text):
        raise _ambiguous(written)
    if len(written.plain.partition(".")[2]) > _CENTS:
        raise CellError(Rule.MONEY)
    raise Tolerated(Decimal(written.plain), written.plain, *written.rules)


def coordinate(text: str) -> float:
    """
    Read a latitude or longitude in degrees, or a coordinate in metres.

    Parameters
    ----------
    text
        ``44.0796``, ``44,0796``, ``44°04'46.6"N``, ``4.881.300,5``.

    Raises
    ------
    Tolerated
        Carries the number, where it was not in plain digits.
    CellError
        With `Rule.NUMBER`.
    """
    if _PLAIN.fullmatch(text) and not _ONE_GROUP.fullmatch(text):
        return float(text)
    if len(text) <= _LONGEST and (degrees := _sexagesimal(text)) is not None:
        raise Tolerated(degrees, cell_text(degrees), Rule.SEXAGESIMAL)
    written = _understand(text, Rule.NUMBER)
    if not written.double:
        raise Tolerated(float(written.plain), written.plain, *written.rules)
    # Degrees have decimals; metres of six digits have a separator of thousands.
    if abs(float(written.double)) <= _LARGEST_DEGREES:
        if "," in text:
            raise Tolerated(float(written.double), written.double, Rule.DECIMAL_COMMA)
        return float(written.double)
    raise Tolerated(float(written.plain), written.plain, *written.rules)


def _understand(text: str, rule: Rule) -> _Written:
    """Bring a number into plain digits."""
    # No number is so long, and the patterns below take their time with what is.
    if len(text) > _LONGEST:
        raise CellError(rule)
    rules: tuple[Rule, ...] = ()
    bare = text.replace("\u2212", "-")
    if (priced := _CURRENCY.fullmatch(bare)) is not None:
        bare = priced.group(1) or priced.group(2) or ""
        rules = (Rule.CURRENCY,)
    closed = _BLANKS.sub("", bare)
    if closed != bare:
        rules = (*rules, Rule.THOUSANDS)
    if _ONE_GROUP.fullmatch(closed):
        joined = re.sub("[.,]", "", closed)
        return _Written(joined, (*rules, Rule.THOUSANDS), closed.replace(",", "."))
    if _PLAIN.fullmatch(closed):
        return _Written(closed, rules)
    if _ONE_COMMA.fullmatch(closed):
        return _Written(closed.replace(",", "."), (*rules, Rule.DECIMAL_COMMA))
    if _ITALIAN.fullmatch(closed):
        decimal = (Rule.DECIMAL_COMMA,) if "," in closed else ()
        plain = closed.replace(".", "").replace(",", ".")
        return _Written(plain, (*rules, Rule.THOUSANDS, *decimal))
    if _ENGLISH.fullmatch(closed):
        return _Written(closed.replace(",", ""), (*rules, Rule.THOUSANDS))
    raise _no_number(closed, rule)


def _no_number(text: str, rule: Rule) -> CellError:
    if rule is not Rule.MONEY:
        measured = _MEASURED.fullmatch(text)
        return CellError(rule, suggestion=measured.group(1) if measured else "")
    short = _SHORT.fullmatch(text)
    if short is None:
        return CellError(rule)
    factor = _FACTORS.get(short.group(2).casefold(), 10**6)
    amount = Decimal(short.group(1).replace(",", ".")) * factor
    return CellError(Rule.NUMBER_ABBREVIATED, suggestion=f"{amount.normalize():f}")


def _ambiguous(written: _Written) -> CellError:
    return CellError(
        Rule.NUMBER_AMBIGUOUS, expected=" / ".join(sorted({written.plain, written.double}))
    )


def _sexagesimal(text: str) -> float | None:
    """Read degrees with a sign, or with minutes and seconds; None where it is none of that."""
    if (plain := _DEGREES.fullmatch(text)) is not None:
        before, number, after = plain.groups()
        if (before and after) or not re.search(r"[^0-9.,]", text):
            return None
        value = float(number.replace(",", "."))
        return -value if (before or after or "").upper() in _NEGATIVE else value
    found = _SEXAGESIMAL.fullmatch(text)
    if found is None or (found.group(1) and found.group(5)):
        return None
    side = (found.group(1) or found.group(5) or "").upper()
    degrees, minutes, seconds = (
        float((found.group(at) or "0").replace(",", ".")) for at in (2, 3, 4)
    )
    if minutes >= _SIXTY or seconds >= _SIXTY:
        return None
    value = round(degrees + minutes / _SIXTY + seconds / _SIXTY**2, _DIGITS)
    return -value if side in _NEGATIVE else value
