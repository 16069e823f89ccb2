"""What differs between two states of a city, in words for people and in parts for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from regen_map.catalogue import Catalogue
from regen_map.facts import Wording
from regen_map.facts.changes import ChangesFacts, Subject, Told
from regen_map.messages import Translator
from regen_map.messages.issues import visible
from regen_map.query.changes import Difference, changes_between

_LONGEST = 1500
_LONGEST_NAME = 200
ALL = 10**9
"""More than there can be."""


@dataclass(frozen=True)
class Differences:
    """
    What differs between two states of a city.

    Parameters
    ----------
    before, after
        What they show; None where there is nothing, and then no rows are told.
    old, new
        A digest or the content of each of their files, by name.
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

    def sentences(
        self, words: Translator, most_subjects: int = ALL, most_lines: int = ALL
    ) -> Iterator[str]:
        """Tell how many differences of each kind there are, and then each of them."""
        for key, names in (("changed", self.changed), ("gone", self.gone)):
            if names:
                listed = words.listing(visible(each, _LONGEST_NAME) for each in names)
                yield words.text(f"history.{key}", files=listed)
        if self.before is None or self.after is None:
            return
        day = dt.datetime.now(ZoneInfo(self.after.city.time_zone)).date()
        told = ChangesFacts(
            Wording(self.before, words, day),
            Wording(self.after, words, day),
            self._found,
            most_subjects,
            most_lines,
        )
        if not told.counts:
            yield words.text("publish.nothing")
            return
        yield words.text("publish.counts", counts=words.listing(told.counts))
        for subject in told.subjects:
            yield from _of_subject(subject, words)
        if told.n_more:
            yield words.count("changes.more_subjects", told.n_more)

    @property
    def parts(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "files": {"changed": self.changed, "gone": self.gone},
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
                for each in self._found
            ],
        }

    @cached_property
    def _found(self) -> tuple[Difference, ...]:
        if self.before is None or self.after is None:
            return ()
        return changes_between(self.before, self.after)


def _of_subject(subject: Subject, words: Translator) -> Iterator[str]:
    name = visible(subject.name.text, _LONGEST_NAME)
    known = visible(subject.id, _LONGEST_NAME)
    yield f"{subject.about} {name}" + (f" ({known})" if known != name else "")
    for line in subject.lines:
        yield f"  {_line(line)}"
    if subject.n_more:
        yield f"  {words.count('changes.more_lines', subject.n_more)}"


def _line(told: Told) -> str:
    parts = [f"{told.what} · {told.label}" if told.label else told.what]
    sides = [each.text for each in (told.before, told.after) if each is not None]
    if sides:
        parts.append(f": {' → '.join(sides)}")
    if told.note:
        parts.append(f" ({told.note})")
    origin = " · ".join(each for each in (told.date, told.source) if each)
    if origin:
        parts.append(f" [{origin}]")
    return visible("".join(parts), _LONGEST)


def _plain(value: object) -> object:
    """Give what JSON can hold of a cell."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value)
