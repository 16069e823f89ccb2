"""What differs between two states of a city, line by line for a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from regen_map.facts import differences
from regen_map.facts.changes import Subject, Told
from regen_map.facts.differences import ALL, LONGEST_NAME
from regen_map.messages import Translator
from regen_map.messages.issues import visible

_LONGEST = 1500


class Differences(differences.Differences):
    """What differs between two states of a city, see `regen_map.facts.differences`."""

    def sentences(
        self, words: Translator, most_subjects: int = ALL, most_lines: int = ALL
    ) -> Iterator[str]:
        """Tell how many differences of each kind there are, and then each of them."""
        yield from self.files(words)
        if self.after is None:
            return
        day = dt.datetime.now(ZoneInfo(self.after.city.time_zone)).date()
        told = self.told(words, day, most_subjects, most_lines)
        if told is None:
            return
        yield self.summary(words, day)
        for subject in self.told_settings(words, most_lines):
            yield from _of_subject(subject, words)
        for subject in told.subjects:
            yield from _of_subject(subject, words)
        if told.n_more:
            yield words.count("changes.more_subjects", told.n_more)


def _of_subject(subject: Subject, words: Translator) -> Iterator[str]:
    name = visible(subject.name.text, LONGEST_NAME)
    known = visible(subject.id, LONGEST_NAME)
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
