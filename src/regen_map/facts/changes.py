"""What is told of the differences between two catalogues: a line for each, and their number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import takewhile
from types import MappingProxyType
from typing import Any, NamedTuple

from regen_map import query
from regen_map.catalogue import PLACE_TABLES, TABLES, Cell, Column, Funding, Milestone, PartialDate
from regen_map.facts.links import shortened, source_name, web_link
from regen_map.facts.wording import Said, Wording
from regen_map.messages import LANGUAGES
from regen_map.query.changes import POSITION, SHAPE, Change, Difference
from regen_map.query.projects import milestones_of

MOST_TEXT = 240
"""How many characters of a text are told on each side; of longer ones, where they differ."""

_BEFORE_IT = 40
"""How many characters are told before the first that differs, and after the last."""
_CHUNK = 4096

_PLACES = frozenset(table.name for table in PLACE_TABLES)
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

_UNITS: Mapping[str, str] = {"area_m2": "m²", "minutes": "min"}
_UNIT_OF_METRES = "m"


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
            if each.kind in (Change.NEW, Change.REMOVED):
                counted = each.kind, _sort(each.table)
                whole[counted] = whole.get(counted, 0) + 1
            elif each.kind in _OF_PROJECTS:
                projects.setdefault(each.kind, set()).add(each.subject)
            else:
                cells[each.kind] = cells.get(each.kind, 0) + 1
        rows = {
            each.subject
            for each in self.differences
            if each.table == "projects" and each.kind in (Change.NEW, Change.REMOVED)
        }
        for kind in (Change.NEW, Change.REMOVED):
            yield f"changes.n.{kind}.projects", whole.get((kind, "projects"), 0)
        for kind in _OF_PROJECTS:
            yield f"changes.n.{kind}", len(projects.get(kind, set()) - rows)
        yield f"changes.n.{Change.STEP}", cells.get(Change.STEP, 0)
        for sort in _SORTS[1:]:
            for kind in (Change.NEW, Change.REMOVED):
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
            found = _find(wording, sort, first.subject)
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
        if each.kind in (Change.NEW, Change.REMOVED, Change.STEP):
            return self._of_whole_row(each)
        words = self.after.words
        label = self._label(each)
        if each.column == SHAPE:
            return Told(each.kind, self._what(each), label)
        before = self._value(self.before, each, each.before, each.old)
        after = self._value(self.after, each, each.after, each.new)
        if before.text and after.text:
            left, right = differing(before.text, after.text)
            before, after = before._replace(text=left), after._replace(text=right)
        unknown = Said(words.text("details.not_known"))
        told = Told(
            each.kind, self._what(each), label, _cut(before) or unknown, _cut(after) or unknown
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
        words, (name, language) = self.after.words, _base(each.column)
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
        programme = _name_of(wording, "programmes", line.programme_id)
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
        gone = each.kind is Change.REMOVED
        wording, row = (self.before, each.old) if gone else (self.after, each.new)
        what = words.text(f"changes.{'gone' if gone else 'added'}.{_sort(each.table)}")
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
            said = Said(_name_of(wording, "places", row.place_id))
        else:
            phase = wording.label("phase", row.phase) if each.table == "projects" else ""
            return told._replace(note=phase)
        said = _cut(said) or Said("")
        told = told._replace(before=said) if gone else told._replace(after=said)
        return _with_source(told, wording, row)

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

    def _value(self, wording: Wording, each: Difference, value: Any, record: Any) -> Said:
        """Write what a cell holds; empty where nothing is known."""
        if value is None:
            return Said("")
        if each.column == POSITION:
            lat, lon = value
            return Said(f"{lat:.5f}, {lon:.5f}")
        column = TABLES[each.table].column(each.column)
        text = _WRITERS.get(column.cell, _as_it_is)(wording, column, value, record)
        language = _base(each.column)[1]
        return Said(text, "" if language == wording.words.language else language)


def differing(before: str, after: str) -> tuple[str, str]:
    """
    Cut two texts to where they differ, if one of them is longer than `MOST_TEXT`.

    Returns
    -------
    tuple of str and str
        Both whole where they are short. Else what stands between the parts that both
        share, with some 40 characters of these on either side, each cut to `MOST_TEXT`
        characters; «…» stands for what is left out.
    """
    if max(len(before), len(after)) <= MOST_TEXT:
        return before, after
    start = _shared(before, after)
    left, right = before[start:], after[start:]
    end = _shared(left[::-1], right[::-1])
    start, end = max(start - _BEFORE_IT, 0), max(end - _BEFORE_IT, 0)
    return _between(before, start, end), _between(after, start, end)


def _between(text: str, start: int, end: int) -> str:
    middle = text[start : len(text) - end]
    cut = f"{'…' if start else ''}{middle[:MOST_TEXT]}"
    return f"{cut}…" if end or len(middle) > MOST_TEXT else cut


def _shared(one: str, other: str) -> int:
    """Count the characters with which both begin."""
    at, most = 0, min(len(one), len(other))
    while at < most and one[at : at + _CHUNK] == other[at : at + _CHUNK]:
        at += _CHUNK
    at = min(at, most)
    while at < most and one[at] == other[at]:
        at += 1
    return at


def _cut(said: Said) -> Said | None:
    """Make one line of a text, cut where it is far longer than told; None for an empty one."""
    # With the two signs that stand for what is left out.
    text = shortened(said.text[: 2 * MOST_TEXT], MOST_TEXT + 2)
    return said._replace(text=text) if text else None


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


def _base(column: str) -> tuple[str, str]:
    """Split the name of a column into what it tells and its language, empty for none."""
    for language in LANGUAGES:
        if column.endswith(f"_{language}"):
            return column.removesuffix(f"_{language}"), language
    return column, ""


def _find(wording: Wording, sort: str, row_id: str) -> Any:
    """Find a row by its id; None where there is none, and for sorts that no cell refers to."""
    catalogue = wording.catalogue
    if sort == "projects":
        return catalogue.project(row_id)
    if sort == "places":
        return catalogue.place(row_id)
    if sort == "programmes":
        return query.programmes(catalogue).get(row_id)
    if sort == "itineraries":
        walks = query.itineraries(catalogue)
        return next((walk for walk in walks if walk.id == row_id), None)
    return None


def _name_of(wording: Wording, table: str, row_id: str) -> str:
    """Name what a cell refers to; as it is written where there is no such thing."""
    found = _find(wording, table, row_id)
    return wording.name(found) if found is not None else row_id


def _metres(wording: Wording, metres: float) -> str:
    """Write a distance; tens of metres hide what a correction of a position is about."""
    if metres < 1:
        return wording.words.text("changes.less_than_a_metre")
    if metres < 100:  # noqa: PLR2004 -- from here on, tens tell enough
        return f"{wording.words.number(metres)} m"
    return wording.words.distance(metres)


# ---------------------------------------------------------------- cells


def _as_it_is(_: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return str(value)


def _reference(wording: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return _name_of(wording, column.refers_to, value)


def _term(wording: Wording, column: Column, value: Any, record: Any) -> str:
    # The same kind may mean another thing in another family.
    family = getattr(record, "family", "") if column.vocabulary == "kind" else ""
    return wording.label(column.vocabulary, value, family)


def _list(_: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return " · ".join(map(str, value))


def _dates(wording: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return " · ".join(map(wording.date, value))


def _date(wording: Wording, column: Column, value: PartialDate, record: Any) -> str:  # noqa: ARG001
    return wording.words.date(value)


def _number(wording: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    unit = _UNIT_OF_METRES if column.name.endswith("_m") else _UNITS.get(column.name, "")
    return f"{wording.words.number(value, 2)} {unit}".rstrip()


def _money(wording: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return wording.words.money(value)


def _yes_no(wording: Wording, column: Column, value: Any, record: Any) -> str:  # noqa: ARG001
    return wording.words.text("changes.yes" if value else "changes.no")


_WRITERS: Mapping[Cell, Callable[[Wording, Column, Any, Any], str]] = MappingProxyType(
    {
        Cell.SLUG: _reference,
        Cell.TERM: _term,
        Cell.LINES: _list,
        Cell.URLS: _list,
        Cell.DATE: _date,
        Cell.DATES: _dates,
        Cell.NUMBER: _number,
        Cell.INTEGER: _number,
        Cell.MONEY: _money,
        Cell.YES_NO: _yes_no,
    }
)
"""How the value of a cell is written, where it is not written as it is."""
