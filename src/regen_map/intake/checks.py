"""What only several cells, rows or tables together can tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from regen_map.catalogue import PLACE_TABLES
from regen_map.intake.drafts import Draft, Entry
from regen_map.intake.issues import Issue, Rule, Severity
from regen_map.intake.nearest import nearest

_PLACES = tuple(table.name for table in PLACE_TABLES)
_GUESSES = 200
"""How many unknown references of a table get a suggestion: each costs a search."""


def check_rows(draft: Draft) -> None:
    """Check what several cells of one row tell together, leaving out the unsound rows."""
    names = set(draft.table.names)
    pairs = _pairs(draft)
    for entry in draft.entries:
        if not entry.values:
            continue
        if {"start", "end"} <= names:
            _period(draft, entry)
        if {"start_time", "end_time"} <= names:
            _times(draft, entry)
        if "sources" in names:
            _sources(draft, entry, needed=draft.table.name in (*_PLACES, "projects"))
        _languages(draft, entry, pairs)


def check_tables(
    drafts: Mapping[str, Draft],
    *,
    context: Mapping[str, Draft] | None = None,
    unread: Collection[str] = (),
) -> None:
    """
    Check the tables against each other, leaving out the unsound rows.

    Parameters
    ----------
    drafts
        The tables by name, each after those that it refers to.
    context
        Other tables of the city, which are not checked themselves; None where
        the drafts are all that there is, so that what they lack is missing.
    unread
        Tables that are there but cannot be read: nobody can tell whether what
        refers to them is right, which is told once.
    """
    seen: dict[object, tuple[str, Entry]] = {}
    for name, draft in drafts.items():
        _keys(draft, seen if name in _PLACES else {})
    others = context or {}
    for draft in drafts.values():
        unchecked: dict[str, None] = {}
        for column in draft.table.columns:
            if not column.refers_to:
                continue
            tables = _PLACES if column.refers_to == "places" else (column.refers_to,)
            absent = [
                each
                for each in tables
                if each in unread or (context is not None and each not in {*drafts, *others})
            ]
            if absent:
                unchecked |= dict.fromkeys(absent)
                continue
            targets = [drafts.get(each) or others.get(each) for each in tables]
            _references(draft, column.name, [each for each in targets if each is not None])
        if unchecked and draft.entries:
            draft.issues.append(_unchecked(draft, unchecked))
    if "stops" in drafts:
        _stop_order(drafts["stops"])


def _unchecked(draft: Draft, tables: Iterable[str]) -> Issue:
    return Issue(
        file=draft.file,
        rule=Rule.REFERENCES_UNCHECKED,
        severity=Severity.NOTICE,
        expected=", ".join(tables),
    )


def _period(draft: Draft, entry: Entry) -> None:
    start, end = entry.values.get("start"), entry.values.get("end")
    if start is not None and end is not None and start.surely_after(end):
        draft.report(entry, Rule.DATES_REVERSED, "start", "end", found=f"{start}, {end}")


def _times(draft: Draft, entry: Entry) -> None:
    start, end = (entry.values.get(name) for name in ("start_time", "end_time"))
    if start is None or end is None or start <= end:
        return
    first, last = entry.values.get("start"), entry.values.get("end")
    # A night ends on another day, which nobody can tell from half a date.
    if first is not None and first == last and len(first) == len("2025-09-30"):
        draft.report(entry, Rule.TIMES_REVERSED, "start_time", "end_time", found=f"{start}, {end}")


def _sources(draft: Draft, entry: Entry, *, needed: bool) -> None:
    sources, dates = entry.values.get("sources", ()), entry.values.get("source_dates", ())
    told = {"sources", "source_dates"}.isdisjoint(entry.refused)
    if told and dates and len(dates) != len(sources):
        draft.report(
            entry,
            Rule.SOURCE_DATES,
            "source_dates",
            found=str(len(dates)),
            expected=str(len(sources)),
        )
    if needed and not sources and "sources" not in entry.refused:
        draft.report(entry, Rule.NO_SOURCE, "sources", severity=Severity.WARNING)


def _pairs(draft: Draft) -> list[tuple[str, str]]:
    """Name the columns of the file that say the same in two languages, both ways round."""
    italian = [name for name in draft.headings if name.endswith("_it")]
    pairs = [(name, f"{name.removesuffix('_it')}_en") for name in italian]
    pairs = [pair for pair in pairs if pair[1] in draft.headings]
    return pairs + [(other, name) for name, other in pairs]


def _languages(draft: Draft, entry: Entry, pairs: list[tuple[str, str]]) -> None:
    for name, other in pairs:
        if name in entry.values and other not in entry.values and other not in entry.refused:
            draft.report(
                entry,
                Rule.ONE_LANGUAGE,
                name,
                severity=Severity.WARNING,
                expected=draft.headings[other],
            )


def _keys(draft: Draft, seen: dict[object, tuple[str, Entry]]) -> None:
    columns = draft.table.key
    if not columns:
        return
    for entry in draft.entries:
        key = tuple(map(entry.values.get, columns))
        if None in key:
            continue
        first = seen.setdefault(key, (draft.file, entry))
        if first[1] is not entry:
            file, other = first
            draft.report(
                entry,
                Rule.REPEATED,
                *columns,
                found=", ".join(map(str, key)),
                expected=f"{file}:{other.place}",
            )


def _references(draft: Draft, column: str, targets: list[Draft]) -> None:
    known = {entry.values["id"] for target in targets for entry in target.sound}
    left_out = {entry.values.get("id") for target in targets for entry in target.entries} - known
    guesses = _GUESSES
    for entry in draft.entries:
        wanted = entry.values.get(column)
        if wanted is None or wanted in known:
            continue
        if wanted in left_out:
            draft.report(entry, Rule.REFERENCE_LEFT_OUT, column, found=wanted)
            continue
        guesses -= 1
        draft.report(
            entry,
            Rule.REFERENCE_UNKNOWN,
            column,
            found=wanted,
            expected=", ".join(target.file for target in targets),
            suggestion=nearest(wanted, known) if guesses >= 0 else "",
        )


def _stop_order(draft: Draft) -> None:
    for stops in _by_itinerary(draft):
        stops.sort(key=lambda entry: entry.values["order"])
        for expected, entry in enumerate(stops, start=1):
            order = entry.values["order"]
            if order != expected:
                draft.report(
                    entry,
                    Rule.STOP_ORDER,
                    "order",
                    severity=Severity.WARNING,
                    found=str(order),
                    expected=str(expected),
                )
                break


def _by_itinerary(draft: Draft) -> Iterator[list[Entry]]:
    groups: dict[Any, dict[int, Entry]] = defaultdict(dict)
    for entry in draft.entries:
        itinerary, order = entry.values.get("itinerary_id"), entry.values.get("order")
        if itinerary is not None and order is not None:
            groups[itinerary].setdefault(order, entry)
    return (list(group.values()) for group in groups.values())
