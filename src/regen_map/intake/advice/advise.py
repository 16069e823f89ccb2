"""What looks old, doubled or contradictory in sound rows; it never leaves a row out."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from regen_map.catalogue import PLACE_TABLES, Cell, PartialDate, Phase
from regen_map.intake.advice.alike import SAME_SPOT_M, places_alike
from regen_map.intake.advice.languages import misplaced
from regen_map.intake.advice.links import is_doubtful, mended
from regen_map.intake.drafts import QUOTED, Draft, Entry
from regen_map.intake.hours import explained, stopped_at
from regen_map.intake.issues import Rule, Severity

STALE_MONTHS = 18
"""After so many months somebody should look again at a project in progress."""

EVIDENCE_SINCE = dt.date(2020, 1, 1)
"""News of a business from before this day say little about whether it is still open."""

_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")

_PLACES = frozenset(table.name for table in PLACE_TABLES)
_CLOSED = (Phase.COMPLETED, Phase.DROPPED)
_COMPARED = 20
"""With how many earlier amounts of the same project, programme and nature one is compared."""
_ORDINAL = r"prim[oa]|second[oa]|terz[oa]|quart[oa]|first|second|third|fourth|\d+[°ºª]"
_PART = r"lotto|stralcio|fase|tranche|rata|annualità|lot|phase|stage|instalment|year"
_WHICH_PART = re.compile(
    rf"\b(?:({_ORDINAL})\s+(?:{_PART})|(?:{_PART})\s+(?:n\.?\s*)?(\d+|[ivx]+|[a-d])\b)",
    re.IGNORECASE,
)

_VAGUE_M = 1_000.0
"""A position that may be wrong by more is not worth proposing."""
_DECIMALS = 6
"""Of a degree: about a tenth of a metre."""


class _Once(dict[_Asked, _Answer]):
    """Answers to a question, each asked once."""

    def __init__(self, ask: Callable[[_Asked], _Answer]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, asked: _Asked) -> _Answer:
        answer = self[asked] = self._ask(asked)
        return answer


class Located(Protocol):
    """Where an address lies, as `regen_map.gazetteer` tells it."""

    @property
    def lat(self) -> float:
        """Degrees north, WGS84."""

    @property
    def lon(self) -> float:
        """Degrees east, WGS84."""

    @property
    def accuracy_m(self) -> float | None:
        """How many metres it may be wrong; None where nobody states it."""

    @property
    def name(self) -> str:
        """What was found, as the gazetteer spells it."""


class Locator(Protocol):
    """Whatever finds an address without a network."""

    def locate(self, text: str, /) -> Located | None:
        """Find an address; None where it is unknown or ambiguous."""


def advise_rows(draft: Draft, today: dt.date) -> None:
    """
    Warn of what looks old or odd in single sound rows; all of them stay sound.

    Parameters
    ----------
    draft
        A table whose rows have been checked.
    today
        The day from which ages are counted.
    """
    entries = draft.sound
    if draft.table.name == "projects":
        _projects(draft, entries, _months_before(today, STALE_MONTHS))
    elif draft.table.name == "workshops":
        _evidence(draft, entries)
    _opening_hours(draft, entries)
    _links(draft, entries)
    _languages(draft, entries)


def advise_tables(drafts: Mapping[str, Draft]) -> None:
    """
    Warn of rows that double or contradict each other; all of them stay sound.

    Parameters
    ----------
    drafts
        Any of the tables by name, in the order in which their rows come first.
    """
    if "funding" in drafts:
        _amounts(drafts["funding"])
    places = {name: draft for name, draft in drafts.items() if name in _PLACES}
    for (draft, entry), (other_draft, other) in places_alike(places):
        _warn(
            draft,
            entry,
            Rule.PLACES_ALIKE,
            "name_it",
            found=f"{other.values['name_it']} ({other_draft.file}:{other.place})",
            expected=f"{SAME_SPOT_M:g}",
        )


def propose_positions(draft: Draft, gazetteer: Locator) -> None:
    """
    Propose a position to the sound rows that have an address and none.

    A position that may be wrong by more than a kilometre, such as the middle of
    a long road, is not proposed.

    Parameters
    ----------
    draft
        A table whose rows have been checked; nothing is proposed where rows have
        no address or no position.
    gazetteer
        Where addresses are looked up.
    """
    if not (draft.table.located and "address" in draft.table.names):
        return
    found: dict[str, Located | None] = {}
    for entry in draft.sound:
        address = entry.values.get("address")
        if not address or entry.located:
            continue
        if address not in found:
            found[address] = gazetteer.locate(address)
        located = found[address]
        if located is not None and (located.accuracy_m or 0.0) <= _VAGUE_M:
            draft.report(
                entry,
                Rule.POSITION_PROPOSED,
                "address",
                severity=Severity.NOTICE,
                found=address[:QUOTED],
                expected=located.name[:QUOTED],
                suggestion=_position(located),
            )


def _warn(draft: Draft, entry: Entry, rule: Rule, column: str, **parts: str) -> None:
    draft.report(entry, rule, column, severity=Severity.WARNING, **parts)


def _position(located: Located) -> str:
    position = f"{round(located.lat, _DECIMALS)}, {round(located.lon, _DECIMALS)}"
    if located.accuracy_m is None:
        return position
    return f"{position} (± {math.ceil(located.accuracy_m)} m)"


def _months_before(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def _projects(draft: Draft, entries: list[Entry], oldest: dt.date) -> None:
    for entry in entries:
        phase, as_of = entry.values.get("phase"), entry.values.get("as_of")
        if phase == Phase.COMPLETED and entry.values.get("end") is None:
            _warn(draft, entry, Rule.END_MISSING, "end")
        if phase and phase not in _CLOSED and as_of and as_of.last_day < oldest:
            _warn(draft, entry, Rule.STALE, "as_of", found=str(as_of), expected=str(STALE_MONTHS))


def _evidence(draft: Draft, entries: list[Entry]) -> None:
    for entry in entries:
        if entry.values.get("status") != "active":
            continue
        as_of = entry.values.get("as_of")
        newest = as_of or _newest(entry.values.get("source_dates", ()))
        if newest is None or newest.last_day < EVIDENCE_SINCE:
            column = "as_of" if as_of else "status"
            _warn(draft, entry, Rule.NO_EVIDENCE, column, found=str(newest or "—"))


def _newest(dates: tuple[PartialDate | None, ...]) -> PartialDate | None:
    known = (date for date in dates if date is not None)
    return max(known, key=lambda date: date.last_day, default=None)


def _columns(draft: Draft, *cells: Cell) -> list[str]:
    """Name the columns of the file that hold such cells."""
    return [
        column.name
        for column in draft.table.columns
        if column.cell in cells and column.name in draft.headings
    ]


def _opening_hours(draft: Draft, entries: list[Entry]) -> None:
    stopped = _Once(stopped_at)
    for column in _columns(draft, Cell.HOURS):
        for entry in entries:
            text = entry.values.get(column)
            if text is None or (place := stopped[text]) is None:
                continue
            shown, meant = explained(text, place)
            _warn(
                draft,
                entry,
                Rule.OPENING_HOURS,
                column,
                found=text[:QUOTED],
                expected=shown,
                suggestion=meant,
            )


def _links(draft: Draft, entries: list[Entry]) -> None:
    for column in _columns(draft, Cell.URL, Cell.URLS):
        for entry in entries:
            value = entry.values.get(column)
            if not value:
                continue
            for url in (value,) if isinstance(value, str) else value:
                if is_doubtful(url):
                    _warn(
                        draft,
                        entry,
                        Rule.URL_DOUBTFUL,
                        column,
                        found=url[:QUOTED],
                        suggestion=mended(url)[:QUOTED],
                    )


def _languages(draft: Draft, entries: list[Entry]) -> None:
    """Look at texts, not at names: those are short, and often Italian in both languages."""
    written = _columns(draft, Cell.TEXT, Cell.LINE)
    for name in written:
        stem, _, ending = name.rpartition("_")
        italian, english = f"{stem}_it", f"{stem}_en"
        if ending != "it" or stem == "name" or english not in written:
            continue
        wrong = _Once(misplaced)
        for entry in entries:
            for language in wrong[entry.values.get(italian), entry.values.get(english)]:
                _other_language(draft, entry, f"{stem}_{language}")


def _other_language(draft: Draft, entry: Entry, column: str) -> None:
    place = draft.sheet.headings.index(draft.headings[column])
    # A text that is required in both languages is taken from the other where it is missing.
    if entry.row.cells[place].strip():
        text = entry.values[column]
        _warn(draft, entry, Rule.OTHER_LANGUAGE, column, found=text[:QUOTED])


def _amounts(draft: Draft) -> None:
    """
    Warn of amounts that are counted twice, or that contradict each other.

    Two counted lines of one project, programme and nature are both right only
    where their notes tell them apart: notes that differ and come from one page,
    or that name different parts ("primo lotto", "Lotto 2"). Dates do not: an
    older figure is the very one that should no longer be counted.
    """
    lines: dict[tuple[Any, ...], list[Entry]] = defaultdict(list)
    for entry in draft.sound:
        values = entry.values
        if not values["counted"] or values.get("amount_eur") is None:
            continue
        earlier = lines[values["project_id"], values["programme_id"], values["nature"]]
        other = next((each for each in earlier if not _told_apart(each, entry)), None)
        if len(earlier) < _COMPARED:
            earlier.append(entry)
        if other is not None:
            _warn(
                draft,
                entry,
                Rule.AMOUNTS_CONTRADICT,
                "amount_eur",
                found=str(values["amount_eur"]),
                expected=f"{draft.file}:{other.place} {other.values['amount_eur']}",
            )


def _told_apart(entry: Entry, other: Entry) -> bool:
    one, two = _note(entry), _note(other)
    if not one or not two or one == two:
        return False
    parts, others = _parts(one), _parts(two)
    if parts and others:
        return parts.isdisjoint(others)
    return bool(entry.values["source"] == other.values["source"])


def _note(entry: Entry) -> str:
    notes = (entry.values.get(name) or "" for name in ("note_it", "note_en"))
    return " ".join(notes).casefold().strip()


def _parts(note: str) -> set[str]:
    """Name the parts of a work that a note tells of: "1", "secondo"."""
    return {match.group(1) or match.group(2) for match in _WHICH_PART.finditer(note)}
