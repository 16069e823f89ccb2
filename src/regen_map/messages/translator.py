"""Look-up of messages, and local forms of numbers, money, dates and distances."""

from __future__ import annotations

import datetime as dt
import gettext
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources.abc import Traversable
from types import MappingProxyType

from babel import Locale, dates, numbers
from babel.lists import format_list
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from regen_map.languages import LANGUAGES, message_folders

_FIRST = LANGUAGES[0]
_ABROAD = "en"
"""For visitors whose languages we lack."""
_KILOMETRE_M = 1000

_WEIGHT = re.compile(r"0(\.[0-9]*)?|1(\.0*)?")
"""RFC 9110 section 12.4.2."""

REGIONS: Mapping[str, str] = MappingProxyType({"en": "en_GB"})
"""English for Europe: day before month."""


class Translator:
    """
    The messages of one language.

    Messages live in ``locale/<language>/*.po`` under symbolic keys such as
    ``explore.search``, and in the same way in the folder that ``REGEN_MAP_LOCALES``
    names: its messages win over ours. A language that lacks a message shows the
    Italian one.

    Parameters
    ----------
    language
        One of `LANGUAGES`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(REGIONS.get(language, language))
        self._messages = _load(language)

    def has(self, key: str) -> bool:
        """Tell whether there is a message of that key."""
        return self._messages.gettext(key) != key

    def text(self, key: str, /, **values: object) -> str:
        """
        Give a message.

        Parameters
        ----------
        key
            The symbolic key.
        **values
            What its ``{placeholders}`` stand for; numbers take their local form.

        Returns
        -------
        str
            Plain text, never markup: values are put in as they are.

        Raises
        ------
        KeyError
            If no language has a message of that key.
        """
        message = self._messages.gettext(key)
        if message == key:
            raise KeyError(key)
        return message.format(**self._local(values)) if values else message

    def count(self, key: str, n: int, /, **values: object) -> str:
        """
        Give a message that depends on a number, which it can name as ``{n}``.

        Raises
        ------
        KeyError
            If no language has a message of that key.
        """
        message = self._messages.ngettext(key, f"{key}.many", n)
        if message in (key, f"{key}.many"):
            raise KeyError(key)
        return message.format(**self._local({"n": n, **values}))

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number with local separators and that many decimals."""
        return str(numbers.format_decimal(round(value, digits), locale=self._locale))

    def money(self, euro: Decimal | float) -> str:
        """Write an amount of euro; cents only where there are any."""
        pattern = self._locale.currency_formats["standard"].pattern
        if euro == int(euro):
            pattern = pattern.replace(".00", "")
        return str(
            numbers.format_currency(
                euro, "EUR", format=pattern, locale=self._locale, currency_digits=False
            )
        )

    def date(self, text: str) -> str:
        """
        Write a date that may stop at the year or the month.

        Parameters
        ----------
        text
            ``2025``, ``2025-09`` or ``2025-09-30``.
        """
        if len(text) == len("2025"):
            return text
        if len(text) == len("2025-09"):
            month = dt.date.fromisoformat(f"{text}-01")
            return str(dates.format_skeleton("yMMMM", month, locale=self._locale))
        return str(dates.format_date(dt.date.fromisoformat(text), "long", locale=self._locale))

    def distance(self, metres: float) -> str:
        """Write a distance: tens of metres up to a kilometre, then kilometres."""
        if metres < _KILOMETRE_M:
            return f"{self.number(round(metres, -1))} m"
        return f"{self.number(metres / _KILOMETRE_M, 1)} km"

    def listing(self, items: Iterable[str]) -> str:
        """Join items the way the language does: «a, b e c»."""
        return format_list(list(items), locale=self._locale)

    def _local(self, values: dict[str, object]) -> dict[str, object]:
        return {
            name: self.number(value) if type(value) is int else value
            for name, value in values.items()
        }


@cache
def translator(language: str) -> Translator:
    """
    Give the messages of a language, read once.

    Raises
    ------
    ValueError
        If there is no such language.
    """
    if language not in LANGUAGES:
        message = f"The language must be one of {', '.join(LANGUAGES)}, got {language!r}."
        raise ValueError(message)
    return Translator(language)


def best_language(accept_language: str) -> str:
    """
    Choose the language for a browser.

    Parameters
    ----------
    accept_language
        The value of the HTTP header, RFC 9110 section 12.5.4; may be empty or junk.

    Returns
    -------
    str
        One of `LANGUAGES`: of those that are wanted equally the first in the header. A
        ``*`` stands for all that are not named. Where only languages that we lack are
        wanted, English; where none is, the first that is not refused.
    """
    asked = _weights(accept_language[:1000])
    anything = asked.pop("*", 0.0)
    is_foreign = any(weight and code not in LANGUAGES for code, weight in asked.items())
    usual = sorted(LANGUAGES, key=lambda code: is_foreign and code != _ABROAD)
    known = [code for code in asked if code in LANGUAGES]
    wanted = {code: asked.get(code, anything) for code in (*known, *usual)}
    best = max(wanted, key=lambda code: wanted[code])
    if wanted[best]:
        return best
    return next((code for code in usual if code not in asked), usual[0])


def _weights(accept_language: str) -> dict[str, float]:
    """Give what is asked for, by code of the language; junk is left out."""
    found: dict[str, float] = {}
    for part in accept_language.lower().split(","):
        tag, _, parameter = (each.strip() for each in part.partition(";"))
        name, _, weight = (each.strip() for each in (parameter or "q=1").partition("="))
        if tag and name == "q" and _WEIGHT.fullmatch(weight):
            code = tag.partition("-")[0]
            found[code] = max(float(weight), found.get(code, 0.0))
    return found


def _load(language: str) -> gettext.NullTranslations:
    found = _read(language)
    if language != _FIRST:
        found.add_fallback(_read(_FIRST))
    return found


def _read(language: str) -> gettext.NullTranslations:
    """Read the files of a language into one: of two messages of a key the first one wins."""
    found: dict[str, Message] = {}
    parts = [read_po(io.BytesIO(path.read_bytes()), locale=language) for path in _files(language)]
    for message in itertools.chain.from_iterable(parts):
        key = message.id if isinstance(message.id, str) else message.id[0]
        if key and any(message.string or ()) and not message.fuzzy:
            found.setdefault(key, message)
    if not parts:
        return gettext.NullTranslations()
    # It has the language's plural forms, as the file says.
    merged = parts[0]
    for message in found.values():
        merged.delete(message.id)
        merged[message.id] = message
    buffer = io.BytesIO()
    write_mo(buffer, merged)
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)


def _files(language: str) -> Iterator[Traversable]:
    """Give the files of a language, those that win first."""
    for folder in message_folders():
        own = folder / language
        files = own.iterdir() if own.is_dir() else ()
        found = (each for each in files if each.name.endswith(".po"))
        yield from sorted(found, key=lambda each: each.name)
