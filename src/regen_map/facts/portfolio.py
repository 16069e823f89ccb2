"""What is told of many projects together: what was asked for, their totals, a line for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from regen_map import query
from regen_map.catalogue import Funding, Project
from regen_map.facts.links import web_link
from regen_map.facts.projects import money_line
from regen_map.facts.titles import title_of
from regen_map.facts.wording import Said, Wording
from regen_map.messages.money import money_in_words
from regen_map.query.portfolio import OPEN_YEARS

_OF_VOCABULARY = {"phase": "phase", "quarter": "quarter", "level": "level", "kind": "project_kind"}
_NAMES = ("owner", "promoter")


class Filter(NamedTuple):
    """
    One thing that a planner asks for.

    Attributes
    ----------
    label, value
        What it is about, and what is asked for, in words.
    params
        What asks for it alone in a link, see `regen_map.query.project_criteria_to_params`.
    is_option
        Whether it is one of several options, any of which may hold.
    """

    label: str
    value: str
    params: Mapping[str, str]
    is_option: bool = False


def facet_name(wording: Wording, facet: str) -> str:
    """Name a facet of `regen_map.query.PROJECT_FACETS`."""
    return wording.words.text(f"projects.facet.{facet}")


def option_name(wording: Wording, facet: str, option: str) -> str:
    """Name an option of a facet."""
    if option == query.UNKNOWN:
        return wording.words.text(f"projects.unknown.{facet}")
    if facet in _OF_VOCABULARY:
        return wording.label(_OF_VOCABULARY[facet], option)
    if facet == "programme":
        found = query.programmes(wording.catalogue).get(option)
        return wording.name(found) if found else option
    return option if facet in _NAMES else wording.words.text(f"projects.{facet}.{option}")


def option_params(facet: str, option: str) -> Mapping[str, str]:
    """Give what asks in a link for one option alone."""
    return _params(query.ProjectCriteria(chosen={facet: (option,)}))


def filters_of(wording: Wording, criteria: query.ProjectCriteria) -> Iterator[Filter]:
    """Tell what is asked for, one thing at a time; nothing where all projects are."""
    plain, told = query.ProjectCriteria(), partial(_told, wording)
    if criteria.text:
        yield told("text", f"«{criteria.text}»", text=criteria.text)
    yield from _chosen(wording, criteria)
    if criteria.uses:
        yield told("uses", f"«{criteria.uses}»", uses=criteria.uses)
    if criteria.amount_eur != plain.amount_eur:
        value = _amounts(wording, *criteria.amount_eur)
        yield told("amount", value, amount_eur=criteria.amount_eur)
    for name in ("start_years", "end_years"):
        if years := getattr(criteria, name):
            yield told(name, _years(wording, *years), **{name: years})
    if criteria.late_months is not None:
        value = wording.words.count("projects.by_months", criteria.late_months)
        yield told("late", value, late_months=criteria.late_months)
    if criteria.area is not None:
        yield told("area", area_in_words(wording, criteria.area), area=criteria.area)


def applied_filters(wording: Wording, criteria: query.ProjectCriteria) -> Sequence[tuple[str, str]]:
    """Tell what is asked for as label and value, the options of a facet together."""
    told: dict[str, list[str]] = {}
    for each in filters_of(wording, criteria):
        told.setdefault(each.label, []).append(each.value)
    return [(label, " / ".join(values)) for label, values in told.items()]


def area_in_words(wording: Wording, area: query.Area) -> str:
    """Tell of an area."""
    if isinstance(area, query.Polygon):
        return wording.words.text("projects.drawn_area")
    place = wording.catalogue.place(area.place_id) if area.place_id else None
    middle = wording.name(place) if place else area.street
    distance = wording.words.distance(area.metres)
    return wording.words.text("projects.around", distance=distance, name=middle)


def shown_in_words(wording: Wording, selection: query.ProjectSelection) -> str:
    """Say how many projects are shown, and how many of them are not on the map."""
    words = wording.words
    shown = words.count("projects.shown", len(selection.projects), total=selection.n_total)
    if not selection.n_unlocated:
        return shown
    return f"{shown} · {words.count('projects.n_unlocated', selection.n_unlocated)}"


def doubts_in_words(wording: Wording, selection: query.ProjectSelection) -> Sequence[str]:
    """Say what is uncertain about a selection: what it leaves out, or holds, unknowingly."""
    words = wording.words
    told = [
        words.count(f"projects.left_out.{name}", n)
        for name, n in selection.n_by_unknown.items()
        if n
    ]
    if selection.n_unsure:
        told.append(words.count("projects.unsure", selection.n_unsure))
    return told


class Row(NamedTuple):
    """
    One project of many, in words.

    Attributes
    ----------
    project
        Which one.
    key
        Of its entry in the app, see `regen_map.query.entry_key`.
    place
        Id of its place where the map can show it; empty where it cannot.
    phase
        Its phase, or that nobody knows it.
    """

    project: Project
    key: str
    place: str
    name: str
    phase: str
    stalled: bool
    quarter: str
    money: str
    delay: str


def rows_of(wording: Wording, projects: Iterable[Project]) -> Iterator[Row]:
    """Give a line for each project."""
    catalogue, words = wording.catalogue, wording.words
    nature = partial(wording.label, "nature")
    for project in projects:
        place = catalogue.place(project.place_id) if project.place_id else None
        located = place is not None and place.lat is not None
        quarter = project.quarter or (place.quarter if place else None)
        yield Row(
            project=project,
            key=place.id if place else query.entry_key(project),
            place=place.id if place and located else "",
            name=title_of(wording.name(project)),
            phase=option_name(wording, "phase", project.phase or query.UNKNOWN),
            stalled=bool(project.stalled),
            quarter=wording.label("quarter", quarter),
            money=money_in_words(query.money_of(catalogue, project.id), nature, words),
            delay=delay_in_words(wording, query.delay_of(project, wording.day)),
        )


def delay_in_words(wording: Wording, delay: query.Delay) -> str:
    """
    Say by how many months a project is late or early, as far as its dates tell.

    Returns
    -------
    str
        One number, or the range that dates known only to the month or the year allow,
        and what it is measured by; that it is not known where nothing can be measured.
    """
    words, least, most = wording.words, delay.least_months, delay.most_months
    if least is None or most is None:
        return words.text("projects.delay.none")
    kind = "unconfirmed" if delay.unconfirmed else delay.kind.value
    by = words.text(f"projects.delay.{kind}")
    if least == most == 0:
        return f"{words.text('projects.delay.in_time')} ({by})"
    if least == most:
        key = "projects.delay.late" if most > 0 else "projects.delay.early"
        return f"{words.count(key, abs(most))} ({by})"
    if least >= 0:
        return f"{words.count('projects.delay.late_range', most, least=least)} ({by})"
    if most <= 0:
        return f"{words.count('projects.delay.early_range', -least, least=-most)} ({by})"
    return f"{words.text('projects.delay.either', early=-least, late=most)} ({by})"


class Line(NamedTuple):
    """One line of funding: of which project, how much, what it is, and who says so."""

    project: str
    amount: str
    about: str
    note: Said
    source: str
    source_name: str


class Total(NamedTuple):
    """
    Money of one nature.

    Attributes
    ----------
    nature
        Its name.
    note
        What that means.
    amount
        Their sum; that none is known where there is none.
    counted
        How many lines it holds, and of how many the amount is not known.
    lines
        Its lines, as many as fit; the largest first.
    n_more
        How many lines there are beside.
    """

    nature: str
    note: str
    amount: str
    counted: str
    lines: Sequence[Line]
    n_more: int


@dataclass(frozen=True)
class TotalsFacts:
    """
    The totals of some projects in words: natures are never added to each other.

    Parameters
    ----------
    wording
        Catalogue and language.
    totals
        The totals.
    most_lines
        How many funding lines are told of a sum at most.
    """

    wording: Wording
    totals: query.Totals
    most_lines: int = 100

    @property
    def known(self) -> str:
        """Of how many projects any amount is known."""
        n, total = self.totals.n_known, self.totals.n_projects
        return self.wording.words.count("projects.known", n, total=total)

    @property
    def contradicted(self) -> str:
        """Of how many projects there are other figures; empty for none."""
        n = len(self.totals.contradicted)
        return self.wording.words.count("projects.contradicted", n) if n else ""

    @property
    def uncounted(self) -> Sequence[Line]:
        """The figures that are not part of any sum, as many as fit."""
        return self._lines(self.totals.uncounted[: self.most_lines])

    @property
    def n_more_uncounted(self) -> int:
        """How many there are beside."""
        return max(len(self.totals.uncounted) - self.most_lines, 0)

    @property
    def by_nature(self) -> Sequence[Total]:
        """A sum for each nature."""
        return self._sums(self.totals.by_nature)

    @property
    def by_programme(self) -> Iterator[tuple[str, str, Sequence[Total]]]:
        """The name of each programme, its level, and its sums."""
        found = query.programmes(self.wording.catalogue)
        for name, sums in self.totals.by_programme.items():
            programme = found[name]
            level = self.wording.label("level", programme.level)
            yield self.wording.name(programme), level, self._sums(sums)

    def _sums(self, sums: Mapping[str, query.Sum]) -> Sequence[Total]:
        return [self._total(nature, each) for nature, each in sums.items()]

    def _total(self, nature: str, found: query.Sum) -> Total:
        words = self.wording.words
        counted = []
        if found.lines:
            counted.append(words.count("projects.n_lines", len(found.lines)))
        if found.n_unknown:
            counted.append(words.count("details.amounts_unknown", found.n_unknown))
        largest = sorted(found.lines, key=lambda line: -(line.amount_eur or 0))
        return Total(
            nature=self.wording.label("nature", nature),
            note=self.wording.note("nature", nature),
            amount=words.money(found.amount_eur) if found.known else words.text("details.no_money"),
            counted=" · ".join(counted),
            lines=self._lines(largest[: self.most_lines]),
            n_more=max(len(found.lines) - self.most_lines, 0),
        )

    def _lines(self, lines: Iterable[Funding]) -> Sequence[Line]:
        return [self._line(each) for each in lines]

    def _line(self, line: Funding) -> Line:
        wording, told = self.wording, money_line(self.wording, line)
        return Line(
            project=wording.name(wording.catalogue.project(line.project_id)),
            amount=told.amount,
            about=told.about,
            note=told.note,
            source=web_link(told.source),
            source_name=told.source_name,
        )


def _chosen(wording: Wording, criteria: query.ProjectCriteria) -> Iterator[Filter]:
    for facet in query.PROJECT_FACETS:
        for option in criteria.chosen.get(facet, ()):
            name, params = option_name(wording, facet, option), option_params(facet, option)
            yield Filter(facet_name(wording, facet), name, params, is_option=True)


def _told(wording: Wording, name: str, value: str, **asked: object) -> Filter:
    params = _params(replace(query.ProjectCriteria(), **asked))  # type: ignore[arg-type]  # names of it
    return Filter(wording.words.text(f"projects.filter.{name}"), value, params)


def _params(criteria: query.ProjectCriteria) -> Mapping[str, str]:
    return query.project_criteria_to_params(criteria)


def _amounts(wording: Wording, least: Decimal | None, most: Decimal | None) -> str:
    words = wording.words
    low = "" if least is None else words.money(least)
    high = "" if most is None else words.money(most)
    return _between(wording, low, high)


def _years(wording: Wording, first: int, last: int) -> str:
    low = "" if first == OPEN_YEARS[0] else str(first)
    high = "" if last == OPEN_YEARS[1] else str(last)
    return low if low and low == high else _between(wording, low, high)


def _between(wording: Wording, low: str, high: str) -> str:
    words = wording.words
    if low and high:
        return f"{low} – {high}"
    if low:
        return words.text("projects.at_least", value=low)
    return words.text("projects.at_most", value=high) if high else words.text("projects.any")
