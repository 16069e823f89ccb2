"""What is told of the differences between two catalogues: a line for each, and their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import takewhile
from typing import Any, NamedTuple

from regen_map import query
from regen_map.catalogue import PLACE_TABLES, Funding, Milestone
from regen_map.facts.changes.cells import base_of, find_row, name_of, value_in_words
from regen_map.facts.changes.cutting import cut, differing
from regen_map.facts.links import source_name, web_link
from regen_map.facts.wording import Said, Wording
from regen_map.query.changes import SHAPE, Change, Difference
from regen_map.query.projects import milestones_of

_PLACES = frozenset(table.name for table in PLACE_TABLES)
_WHOLE = (Change.NEW, Change.REMOVED, Change.LEFT_OUT)
"""What becomes of whole rows."""
_OF_PROJECTS = (
    Change.DROPPED,
    Change.SET_BACK,
    Change.ADVANCED,
    Change.STALLED,
    Change.RESUMED,
    Change.DELAYED,
    Change.BROUGHT_FORWARD,
    Change.MONEY_UP,
    Change.MONEY_DOWN,
    Change.MONEY_KNOWN,
    Change.MONEY_WITHDRAWN,
)
"""What is counted by project, and not of those that are new or removed as a whole."""
_OF_CELLS = (
    Change.STEP,
    Change.MOVED,
    Change.KNOWN,
    Change.MENDED,
    Change.WITHDRAWN,
    Change.CHECKED,
)
"""What is counted one by one."""
_PROJECT_TABLES = frozenset(("projects", "funding", "milestones"))
_SORTS = ("projects", "funding", "milestones", "places", "events", "itineraries", "stops", "others")
"""The sorts of rows that are counted apart when they are new or removed."""


class Told(NamedTuple):
    """
    One difference in words.

    Attributes
    ----------
    kind
        What became of it, one of `regen_map.query.Change`.
    what
        The same in words, with by how much where that can be measured.
    label
        What differs; empty for a whole row that has no more to tell.
    before, after
        What was told and what is told; None where that side has nothing to say.
    note
        What else there is to know: a difference in money, a phase.
    date
        Of when the step or the figure is; empty where there is none.
    source, source_name
        A web address and its name; empty where there is none.
    """

    kind: str
    what: str
    label: str = ""
    before: Said | None = None
    after: Said | None = None
    note: str = ""
    date: str = ""
    source: str = ""
    source_name: str = ""


class Subject(NamedTuple):
    """
    All that differs of one subject.

    Attributes
    ----------
    sort
        What it is, such as ``projects`` or ``places``.
    id
        Its id, or the name of a street.
    about
        What it is, in words.
    name
        Its name.
    key
        Of its entry in the app, see `regen_map.query.entry_key`; empty where there is
        none, or none any more.
    lines
        Its differences, as many as fit, the most telling first.
    n_more
        How many there are beside.
    """

    sort: str
    id: str
    about: str
    name: Said
    key: str
    lines: Sequence[Told]
    n_more: int


@dataclass(frozen=True)
class ChangesFacts:
    """
    The differences between two catalogues in words.

    Parameters
    ----------
    before, after
        The catalogues, in the same language.
    differences
        What `regen_map.query.changes_between` gave of them, or a selection of it.
    most_subjects, most_lines
        How many subjects are told at most, and how many differences of each.
    """

    before: Wording
    after: Wording
    differences: Sequence[Difference]
    most_subjects: int = 200
    most_lines: int = 60

    @property
    def counts(self) -> Sequence[str]:
        """How many differences of each kind there are, the most telling first."""
        words = self.after.words
        return [words.count(key, n) for key, n in self._counted() if n]

    def _counted(self) -> Iterator[tuple[str, int]]:
        """Give the key of a message and a number for each kind, 0 for none."""
        whole: dict[tuple[Change, str], int] = {}
        cells: dict[Change, int] = {}
        projects: dict[Change, set[str]] = {}
        for each in self.differences:
            if each.kind in _WHOLE:
                counted = each.kind, _sort(each.table)
                whole[counted] = whole.get(counted, 0) + 1
            elif each.kind in _OF_PROJECTS:
                projects.setdefault(each.kind, set()).add(each.subject)
            else:
                cells[each.kind] = cells.get(each.kind, 0) + 1
        rows = {
            each.subject
            for each in self.differences
            if each.table == "projects" and each.kind in _WHOLE
        }
        for kind in _WHOLE:
            yield f"changes.n.{kind}.projects", whole.get((kind, "projects"), 0)
        for kind in _OF_PROJECTS:
            yield f"changes.n.{kind}", len(projects.get(kind, set()) - rows)
        yield f"changes.n.{Change.STEP}", cells.get(Change.STEP, 0)
        for sort in _SORTS[1:]:
            for kind in _WHOLE:
                yield f"changes.n.{kind}.{sort}", whole.get((kind, sort), 0)
        for kind in _OF_CELLS[1:]:
            yield f"changes.n.{kind}", cells.get(kind, 0)

    @property
    def has_moved_ends(self) -> bool:
        """Whether a declared end has moved."""
        moved = (Change.DELAYED, Change.BROUGHT_FORWARD)
        return any(each.kind in moved for each in self.differences)

    @cached_property
    def _groups(self) -> Sequence[Sequence[Difference]]:
        return query.by_subject(self.differences)

    @property
    def subjects(self) -> Sequence[Subject]:
        """What differs of each subject, as many as fit."""
        return [self._subject(group) for group in self._groups[: self.most_subjects]]

    @property
    def n_more(self) -> int:
        """How many subjects there are beside."""
        return max(len(self._groups) - self.most_subjects, 0)

    def _subject(self, group: Sequence[Difference]) -> Subject:
        first = group[0]
        sort = "projects" if first.table in _PROJECT_TABLES else _sort(first.table)
        sort = "itineraries" if sort == "stops" else sort
        wording, record = self._record(sort, first)
        name = wording.said(record, "name") if record else Said("")
        return Subject(
            sort=sort,
            id=first.subject,
            about=self.after.words.text(f"changes.about.{sort}"),
            name=name if name.text else Said(first.subject),
            key=self._key(sort, first.subject),
            lines=[self._told(each) for each in group[: self.most_lines]],
            n_more=max(len(group) - self.most_lines, 0),
        )

    def _record(self, sort: str, first: Difference) -> tuple[Wording, Any]:
        """Find what a subject is, as it is or, if it is gone, as it was."""
        for wording in (self.after, self.before):
            found = find_row(wording, sort, first.subject)
            if found is not None:
                return wording, found
        return self.after, first.new or first.old

    def _key(self, sort: str, subject: str) -> str:
        catalogue = self.after.catalogue
        if sort == "projects" and (project := catalogue.project(subject)) is not None:
            return query.entry_key(project)
        return subject if sort == "places" and catalogue.place(subject) is not None else ""

    # ------------------------------------------------------------ lines

    def _told(self, each: Difference) -> Told:
        if each.nature:
            return self._of_sum(each)
        if each.kind in (*_WHOLE, Change.STEP):
            return self._of_whole_row(each)
        words = self.after.words
        label = self._label(each)
        if each.column == SHAPE:
            return Told(each.kind, self._what(each), label)
        before = value_in_words(self.before, each, each.before, each.old)
        after = value_in_words(self.after, each, each.after, each.new)
        if before.text and after.text:
            left, right = differing(before.text, after.text)
            before, after = before._replace(text=left), after._replace(text=right)
        unknown = Said(words.text("details.not_known"))
        told = Told(
            each.kind, self._what(each), label, cut(before) or unknown, cut(after) or unknown
        )
        return self._with_origin(told, each)

    def _what(self, each: Difference) -> str:
        words = self.after.words
        if each.months is not None:
            least, most = sorted(abs(months) for months in each.months)
            if most == 0:
                return words.text(f"changes.slightly.{each.kind}")
            if least == most:
                return words.count(f"changes.exactly.{each.kind}", most)
            if least == 0:
                return words.count(f"changes.up_to.{each.kind}", most)
            return words.count(f"changes.between.{each.kind}", most, least=least)
        if each.kind is Change.MOVED and each.metres is not None:
            return words.text("changes.moved_by", distance=_metres(self.after, each.metres))
        return words.text(f"changes.kind.{each.kind}")

    def _label(self, each: Difference) -> str:
        """Name what differs, and in which of the rows of its subject."""
        words, (name, language) = self.after.words, base_of(each.column)
        label = words.text(f"changes.column.{name}")
        if language:
            label = words.text("changes.in_language", label=label, language=language)
        if each.table == "funding":
            label = f"{self._line_name(self.after, each.new)} · {label}"
        elif each.table == "milestones":
            label = f"{self.after.date(each.new.date)} · {label}"
        elif each.table == "stops":
            label = f"{words.text('changes.stop', n=each.new.order)} · {label}"
        return label

    def _line_name(self, wording: Wording, line: Funding) -> str:
        programme = name_of(wording, "programmes", line.programme_id)
        return f"{programme} · {wording.label('nature', line.nature)}"

    def _of_sum(self, each: Difference) -> Told:
        words = self.after.words
        sums = [
            None if amount is None else Said(words.money(amount))
            for amount in (each.before, each.after)
        ]
        unknown = Said(words.text("details.not_known"))
        note = ""
        if each.before is not None and each.after is not None:
            more: Decimal = each.after - each.before
            note = f"{'+' if more > 0 else '-'}{words.money(abs(more))}"
        return Told(
            each.kind,
            words.text(f"changes.kind.{each.kind}"),
            self.after.label("nature", each.nature),
            sums[0] or unknown,
            sums[1] or unknown,
            note,
        )

    def _of_whole_row(self, each: Difference) -> Told:
        words = self.after.words
        gone = each.kind in (Change.REMOVED, Change.LEFT_OUT)
        wording, row = (self.before, each.old) if gone else (self.after, each.new)
        what = words.text(f"changes.{'gone' if gone else 'added'}.{_sort(each.table)}")
        if each.kind is Change.LEFT_OUT:
            what = words.text(f"changes.left_out.{_sort(each.table)}")
        told = Told(each.kind, what)
        if each.table == "funding":
            told = told._replace(
                label=self._line_name(wording, row),
                note="" if row.counted else words.text("details.not_counted"),
            )
            amount = row.amount_eur
            said = Said(
                words.text("details.amount_unknown") if amount is None else words.money(amount)
            )
        elif each.table == "milestones":
            told = told._replace(note=wording.label("phase", row.phase))
            said = wording.said(row, "text")
        elif each.table == "stops":
            told = told._replace(label=words.text("changes.stop", n=row.order))
            said = Said(name_of(wording, "places", row.place_id))
        else:
            phase = wording.label("phase", row.phase) if each.table == "projects" else ""
            return told._replace(note=phase)
        said = cut(said) or Said("")
        told = told._replace(before=said) if gone else told._replace(after=said)
        return told if each.table == "stops" else _with_source(told, wording, row)

    def _with_origin(self, told: Told, each: Difference) -> Told:
        """Add date and source of the step or the figure that a difference rests on."""
        if each.table in ("funding", "milestones"):
            return _with_source(told, self.after, each.new)
        if each.table != "projects":
            return told
        if each.column == "phase":
            steps = [step for step in self._steps(each.subject) if step.phase is not None]
            reached = list(takewhile(lambda step: step.phase == each.after, reversed(steps)))
            if reached:
                return _with_source(told, self.after, reached[-1])
        if each.kind is not Change.CHECKED and each.new.as_of is not None:
            words = self.after.words
            checked = words.text("changes.checked_on", date=words.date(each.new.as_of))
            return told._replace(date=checked)
        return told

    def _steps(self, project: str) -> Sequence[Milestone]:
        return milestones_of(self.after.catalogue, project)


def _with_source(told: Told, wording: Wording, row: Funding | Milestone) -> Told:
    date = row.as_of if isinstance(row, Funding) else row.date
    address = web_link(row.source)
    return told._replace(
        date=wording.words.date(date) if date else "",
        source=address,
        source_name=source_name(address) if address else "",
    )


def _sort(table: str) -> str:
    if table in _PLACES:
        return "places"
    return table if table in _SORTS else "others"


def _metres(wording: Wording, metres: float) -> str:
    """Write a distance; tens of metres hide what a correction of a position is about."""
    if metres < 1:
        return wording.words.text("changes.less_than_a_metre")
    if metres < 100:  # noqa: PLR2004 -- from here on, tens tell enough
        return f"{wording.words.number(metres)} m"
    return wording.words.distance(metres)
