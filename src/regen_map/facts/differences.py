"""What differs between two states of a city, files and rows: the same for a page and a command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from regen_map.catalogue import TABLES, Catalogue
from regen_map.facts.changes import ChangesFacts, Subject
from regen_map.facts.settings import (
    CITY,
    VOCABULARIES,
    Setting,
    city_settings,
    map_wide,
    told_settings,
    vocabulary_settings,
)
from regen_map.facts.wording import Wording
from regen_map.messages import Translator
from regen_map.messages.issues import visible
from regen_map.query import itineraries
from regen_map.query.changes import POSITION, Difference, changes_between

LONGEST_NAME = 200
"""How many characters of a name are told."""
ALL = 10**9
"""More than there can be."""


class RowCounts(NamedTuple):
    """
    How many rows of a table are others.

    Attributes
    ----------
    table
        Its name.
    added, changed, removed
        How many rows there are only after, on both sides with another cell, only before.
    """

    table: str
    added: int
    changed: int
    removed: int


class Moved(NamedTuple):
    """
    A place that lies elsewhere, comes onto the map or goes off it.

    Attributes
    ----------
    id, name
        Of the place; its name in one language, as the files have it.
    before, after
        Latitude and longitude in degrees WGS84; None where the position is not known.
    metres
        How far apart these are, in the metric CRS of the city; None where one is not known.
    """

    id: str
    name: str
    before: tuple[float, float] | None
    after: tuple[float, float] | None
    metres: float | None


@dataclass(frozen=True)
class Differences:
    """
    What differs between two states of a city.

    Parameters
    ----------
    before, after
        What they show; None where there is nothing, and then no rows are told.
    old, new
        A digest or the content of each of their files, by name. Of ``city.toml`` only
        contents tell what differs in it.
    """

    before: Catalogue | None
    after: Catalogue | None
    old: Mapping[str, object]
    new: Mapping[str, object]

    @property
    def changed(self) -> list[str]:
        """The files that are new or others."""
        return sorted(name for name in self.new if self.new[name] != self.old.get(name))

    @property
    def gone(self) -> list[str]:
        """The files that are there no more."""
        return sorted(name for name in self.old if name not in self.new)

    @cached_property
    def found(self) -> tuple[Difference, ...]:
        """The differences of the rows; none where one side shows nothing."""
        if self.before is None or self.after is None:
            return ()
        return changes_between(self.before, self.after)

    @cached_property
    def settings(self) -> Sequence[Setting]:
        """What differs in the settings of the city and in the vocabularies."""
        found: list[Setting] = []
        old, new = self.old.get(CITY, b""), self.new.get(CITY, b"")
        if isinstance(old, bytes) and isinstance(new, bytes) and old != new:
            found += city_settings(old, new)
        if self.before is not None and self.after is not None:
            found += vocabulary_settings(self.before.vocabularies, self.after.vocabularies)
        return found

    @property
    def map_wide(self) -> tuple[str, ...]:
        """The settings that concern all places at once and are others; see `WHOLE_MAP`."""
        if self.before is None or self.after is None:
            return ()
        return map_wide(self.before, self.after)

    def compares(self, file: str) -> bool:
        """Tell whether `settings` has what differs in a file, if it is one of settings."""
        if file == VOCABULARIES:
            return self.before is not None and self.after is not None
        sides = self.old.get(file, b""), self.new.get(file, b"")
        return file == CITY and all(isinstance(each, bytes) for each in sides)

    def told_settings(self, words: Translator, most_lines: int = ALL) -> Sequence[Subject]:
        """
        Tell the settings: those of the city as one subject, each term as another.

        Parameters
        ----------
        words
            In which language.
        most_lines
            How many lines are told of each at most.
        """
        return list(told_settings(self.settings, words, self.after, most_lines))

    def files(self, words: Translator) -> Iterator[str]:
        """Name the files that are new, others, or gone, in a sentence for each kind."""
        for key, names in (("changed", self.changed), ("gone", self.gone)):
            if names:
                listed = words.listing(visible(each, LONGEST_NAME) for each in names)
                yield words.text(f"history.{key}", files=listed)

    def told(
        self, words: Translator, today: dt.date, most_subjects: int = ALL, most_lines: int = ALL
    ) -> ChangesFacts | None:
        """
        Tell the rows, subject by subject and cell by cell.

        Parameters
        ----------
        words
            In which language.
        today
            In the time zone of the city.
        most_subjects, most_lines
            How many subjects are told at most, and how many lines of each.

        Returns
        -------
        ChangesFacts or None
            None where one side shows nothing.
        """
        if self.before is None or self.after is None:
            return None
        before, after = (Wording(each, words, today) for each in (self.before, self.after))
        return ChangesFacts(before, after, self.found, most_subjects, most_lines)

    def summary(self, words: Translator, today: dt.date) -> str:
        """Count what differs, in one sentence; empty where one side shows nothing."""
        told = self.told(words, today)
        if told is None:
            return ""
        # A page asks on each of its runs, and there may be half a million differences.
        if words.language not in self._counts:
            self._counts[words.language] = [*told.counts, *self._counted_settings(words)]
        counts = self._counts[words.language]
        if not counts:
            return words.text("publish.nothing")
        return words.text("publish.counts", counts=words.listing(counts))

    def _counted_settings(self, words: Translator) -> Iterator[str]:
        n_city = sum(each.file == CITY for each in self.settings)
        terms = {each.subject for each in self.settings if each.file == VOCABULARIES}
        for key, n in (("settings.n.city", n_city), ("settings.n.terms", len(terms))):
            if n:
                yield words.count(key, n)

    @cached_property
    def _counts(self) -> dict[str, Sequence[str]]:
        return {}

    def by_table(self) -> Sequence[RowCounts]:
        """Count the rows that are added, changed and removed, in the order of the tables."""
        return self._by_table

    @cached_property
    def _by_table(self) -> Sequence[RowCounts]:
        added, removed = dict.fromkeys(TABLES, 0), dict.fromkeys(TABLES, 0)
        # What differs in one row shares the row as it is; sums are of several rows.
        changed: dict[str, set[int]] = {name: set() for name in TABLES}
        for each in self.found:
            if each.new is not None and each.old is not None:
                changed[each.table].add(id(each.new))
            elif each.new is not None:
                added[each.table] += 1
            elif each.old is not None:
                removed[each.table] += 1
        counts = (RowCounts(each, added[each], len(changed[each]), removed[each]) for each in added)
        return [each for each in counts if any(each[1:])]

    def moved(self, language: str) -> Sequence[Moved]:
        """Give the places whose position differs, the farthest moved first."""
        found = [
            Moved(
                id=each.subject,
                name=visible(subject_name(each, self.after, language), LONGEST_NAME),
                before=each.before,
                after=each.after,
                metres=each.metres,
            )
            for each in self.found
            if each.column == POSITION and self.after is not None
        ]
        return sorted(found, key=lambda each: -(each.metres or 0))

    @property
    def parts(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "files": {"changed": self.changed, "gone": self.gone},
            "settings": [each._asdict() for each in self.settings],
            "differences": [
                {
                    "table": each.table,
                    "subject": each.subject,
                    "kind": each.kind.value,
                    "column": each.column,
                    "before": _plain(each.before),
                    "after": _plain(each.after),
                    "nature": each.nature,
                    "metres": each.metres,
                    "months": each.months,
                }
                for each in self.found
            ],
        }


def changed_by_both(base: Catalogue, mine: Catalogue, theirs: Catalogue) -> Sequence[Difference]:
    """
    Tell what two changes of one state have in common, so that they cannot be put together.

    Parameters
    ----------
    base
        What both were made from.
    mine, theirs
        What they made of it.

    Returns
    -------
    sequence of Difference
        One of theirs for each table and subject that mine touches too. Empty where the two
        touch different subjects.
    """
    touched = {(each.table, each.subject) for each in changes_between(base, mine)}
    found: dict[tuple[str, str], Difference] = {}
    for each in changes_between(base, theirs):
        if (each.table, each.subject) in touched:
            found.setdefault((each.table, each.subject), each)
    return list(found.values())


def subject_name(each: Difference, catalogue: Catalogue, language: str) -> str:
    """
    Name what a difference is about.

    Parameters
    ----------
    each
        The difference.
    catalogue
        Where the project of money and milestones, and the walk of stops, have their names
        from.
    language
        In which the name is wanted.

    Returns
    -------
    str
        As the files have it, in another language where there is none in that one; the id
        where nothing has a name.
    """
    row = each.old if each.new is None else each.new
    if each.table in ("funding", "milestones"):
        row = catalogue.project(each.subject)
    elif each.table == "stops":
        row = next((walk for walk in itineraries(catalogue) if walk.id == each.subject), None)
    names = (getattr(row, name, "") for name in (f"name_{language}", "name_it", "name_en"))
    return next(filter(None, names), "") or each.subject


def _plain(value: object) -> object:
    """Give what JSON can hold of a cell."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value)
