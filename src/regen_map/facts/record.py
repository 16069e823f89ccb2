"""The record of one project, told whole: phases, promises, money, who, where, since when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from regen_map import query
from regen_map.catalogue import Family, PartialDate, Phase, Place, Project
from regen_map.facts.cup import Cup, cup_of
from regen_map.facts.links import shortened, source_name, web_link
from regen_map.facts.places import PlaceFacts
from regen_map.facts.portfolio import Total, TotalsFacts, delay_in_words, option_name
from regen_map.facts.projects import MoneyLine, ProjectFacts, money_line
from regen_map.facts.promises import dates_of, moved_in_words
from regen_map.facts.sources import Source
from regen_map.facts.stages import Stage, stages_of
from regen_map.facts.surroundings import far_in_words
from regen_map.facts.titles import title_of
from regen_map.facts.wording import Fact, Said, Wording
from regen_map.query.nearby import WALKING_M_PER_MINUTE

_DESCRIPTION_LENGTH = 160
_SHORT = 90
_MOST_NEAR = 60
_CLOSED = "closed"
_MINUTES = 5
_WITHIN_M = _MINUTES * WALKING_M_PER_MINUTE / query.WALKING_DETOUR
"""Straight line that a walk of so many minutes allows, as `query.walking_minutes` reckons."""


class Figure(NamedTuple):
    """A line of funding, whether the sums hold it, and the same in words."""

    line: MoneyLine
    counted: bool
    said: str


class Backer(NamedTuple):
    """A programme that funds the project: name, level, and its site if it has one."""

    name: str
    level: str
    website: str


class Other(NamedTuple):
    """Another project: its id, name and phase."""

    id: str
    name: str
    phase: str


class Near(NamedTuple):
    """
    A place within five minutes' walk where there is a workshop or a project.

    Attributes
    ----------
    place, name, kind
        Which it is, and what it is: also that it is closed.
    far
        How far it is, in words.
    sure
        Whether it is so near however inexact both positions are.
    projects
        The projects there.
    """

    place: Place
    name: str
    kind: str
    far: str
    sure: bool
    projects: Sequence[Other]


class Told(NamedTuple):
    """Something that is known, in short, since when, and by whom it was told if anybody says."""

    date: str
    machine_date: str
    about: str
    said: Said
    source: str
    source_name: str


class Change(NamedTuple):
    """
    A change of the record from one published version to the next, in words.

    Attributes
    ----------
    date, machine_date
        When it was published.
    who
        Who published it; empty where nobody says.
    what
        What changed.
    before, after
        What it said, and what it says; empty for nothing.
    """

    date: str
    machine_date: str
    who: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ProjectRecord:
    """
    The whole record of a project in one language.

    Parameters
    ----------
    facts
        What is told of it in short.
    changes
        What published versions changed of it, the newest first.
    """

    facts: ProjectFacts
    changes: Sequence[Change] = ()

    @property
    def project(self) -> Project:
        """The project."""
        return self.facts.project

    @property
    def wording(self) -> Wording:
        """Catalogue and language."""
        return self.facts.wording

    @property
    def title(self) -> str:
        """The name as it is shown, also where no markup can isolate it."""
        return title_of(self.facts.name)

    @property
    def description(self) -> str:
        """The project in one or two lines, for search engines and link previews."""
        return shortened(self.facts.summary.text or self.facts.plain, _DESCRIPTION_LENGTH)

    @property
    def about(self) -> Iterator[Fact]:
        """What kind of project it is, where in the town, how large."""
        project, wording = self.project, self.wording
        place = self._place
        quarter = project.quarter or (place.quarter if place else None)
        kind = wording.label("project_kind", project.kind)
        yield wording.fact("projects.facet.kind", kind)
        yield wording.fact("projects.facet.quarter", wording.label("quarter", quarter))
        if project.area_m2 is not None:
            area = wording.words.number(project.area_m2)
            yield wording.fact("record.area", wording.words.text("record.m2", area=area))

    # ------------------------------------------------------------ phases

    @property
    def phase(self) -> str:
        """Its phase in a word or two, or that nobody knows it."""
        return option_name(self.wording, "phase", self.project.phase or query.UNKNOWN)

    @property
    def standstill(self) -> str:
        """That nobody knows whether it has stalled; empty where it is known or past."""
        ended = self.project.phase in (Phase.COMPLETED, Phase.DROPPED)
        if ended or self.project.stalled is not None:
            return ""
        return self.wording.words.text("record.stalled_unknown")

    @cached_property
    def stages(self) -> Sequence[Stage]:
        """Every phase in the order of the vocabulary, see `regen_map.facts.stages.stages_of`."""
        return stages_of(self.wording, self.project)

    # ------------------------------------------------------------ promises

    @property
    def delay(self) -> str:
        """By how many months it is late or early."""
        if self.project.phase == Phase.DROPPED:
            return self.wording.words.text("record.delay_dropped")
        return delay_in_words(self.wording, query.delay_of(self.project, self.wording.day))

    @property
    def dates(self) -> Sequence[Fact]:
        """The start, the first and the latest promise, and the end that came."""
        return list(dates_of(self.wording, self.project))

    @property
    def moved(self) -> str:
        """How the promised end moved, in a sentence."""
        return moved_in_words(self.wording, self.project)

    # ------------------------------------------------------------ money

    @cached_property
    def sums(self) -> Sequence[Total]:
        """What the counted lines add up to, each nature apart."""
        totals = query.totals_of(self.wording.catalogue, [self.project])
        return TotalsFacts(self.wording, totals).by_nature

    @property
    def no_sum(self) -> str:
        """Why there is no sum; empty where there is one."""
        if self.sums:
            return ""
        key = "details.no_sum" if self._money.contradicted else "details.no_money"
        return self.wording.words.text(key)

    @property
    def contradiction(self) -> str:
        """That other figures exist; empty where none do."""
        return self.wording.words.text("record.contradicted") if self._money.contradicted else ""

    @cached_property
    def figures(self) -> Sequence[Figure]:
        """Every line of funding, counted or not."""
        words = self.wording.words
        return [
            Figure(
                money_line(self.wording, each),
                each.counted,
                words.text("details.counted" if each.counted else "details.not_counted"),
            )
            for each in self._money.lines
        ]

    @cached_property
    def _money(self) -> query.Money:
        return query.money_of(self.wording.catalogue, self.project.id)

    # ------------------------------------------------------------ who, and under which code

    @property
    def actors(self) -> Iterator[Fact]:
        """Whose it is, who promotes it, who designs it."""
        for name in ("owner", "promoter", "designer"):
            found = self.wording.words.listing(getattr(self.project, name))
            yield self.wording.fact(f"details.{name}", found)

    @property
    def programmes(self) -> Sequence[Backer]:
        """The programmes that fund it, each with its level."""
        wording = self.wording
        return [
            Backer(
                wording.name(each), wording.label("level", each.level), web_link(each.website or "")
            )
            for each in query.programmes_of(wording.catalogue, self.project.id)
        ]

    @property
    def cup(self) -> Cup | None:
        """Its code; None where nobody knows one."""
        return cup_of(self.wording, self.project)

    @cached_property
    def documents(self) -> Sequence[Source]:
        """Every source of the project, its money and its steps, and its own site, each once."""
        undated = self.wording.words.text("details.undated")
        told = {each.address: each for each in self.facts.sources}
        lines = [each.source for each in self._money.lines]
        steps = [each.source for each in self.facts.steps]
        for address in filter(None, [*lines, *steps, self.project.website]):
            told.setdefault(address, Source(source_name(address), address, undated))
        return list(told.values())

    # ------------------------------------------------------------ where

    @cached_property
    def place(self) -> PlaceFacts | None:
        """Its place; None where it has none, or nobody knows it."""
        return PlaceFacts(self.wording, self._place) if self._place else None

    @property
    def _place(self) -> Place | None:
        place_id = self.project.place_id
        return self.wording.catalogue.place(place_id) if place_id else None

    @property
    def others(self) -> Sequence[Other]:
        """The other projects at its place."""
        if not self.project.place_id:
            return ()
        return [each for each in self._at(self.project.place_id) if each.id != self.project.id]

    @cached_property
    def nearby(self) -> Sequence[Near]:
        """Workshops and places with projects within five minutes' walk, some of the nearest."""
        return [self._near(place, each) for place, each in self._neighbours[:_MOST_NEAR]]

    @property
    def n_more_nearby(self) -> int:
        """How many more there are, which are not told one by one."""
        return max(len(self._neighbours) - _MOST_NEAR, 0)

    @cached_property
    def _neighbours(self) -> Sequence[tuple[Place, query.Neighbour]]:
        catalogue = self.wording.catalogue
        if self._place is None:
            return ()
        found = query.neighbours(
            catalogue, self._place.id, most=len(catalogue.place_ids), within_m=_WITHIN_M
        )
        return [
            (place, each)
            for each in found
            if (place := catalogue.place(each.key)) is not None
            and (place.family == Family.WORKSHOP or query.projects_at(catalogue, place.id))
        ]

    def _near(self, place: Place, neighbour: query.Neighbour) -> Near:
        wording, words = self.wording, self.wording.words
        kind = [wording.label("kind", place.kind, place.family)]
        if place.status == _CLOSED:
            kind.append(wording.label("status", _CLOSED))
        far = [far_in_words(words, neighbour)]
        sure = neighbour.distance_m + neighbour.uncertainty_m <= _WITHIN_M
        if not sure:
            far.append(words.text("record.maybe_farther"))
        return Near(
            place=place,
            name=wording.name(place),
            kind=" · ".join(kind),
            far=" · ".join(far),
            sure=sure,
            projects=self._at(place.id),
        )

    def _at(self, place_id: str) -> Sequence[Other]:
        wording = self.wording
        return [
            Other(
                each.id,
                title_of(wording.name(each)),
                option_name(wording, "phase", each.phase or query.UNKNOWN),
            )
            for each in query.projects_at(wording.catalogue, place_id)
        ]

    # ------------------------------------------------------------ history

    @property
    def history(self) -> Sequence[Told]:
        """When each fact was told or last held, the oldest first; last what nobody has dated."""
        words, as_of = self.wording.words, self.project.as_of
        checked = words.text("record.checked")
        told = [*self._told_steps, *self._told_figures]
        if as_of:
            told.append(Told(words.date(as_of), as_of, checked, Said(""), "", ""))
        return sorted(told, key=_oldest_first)

    @property
    def _told_steps(self) -> Sequence[Told]:
        about = self.wording.words.text("record.step")
        return [
            Told(
                date=each.date,
                machine_date=each.machine_date,
                about=about,
                said=each.said._replace(text=shortened(each.said.text, _SHORT)),
                source=each.source,
                source_name=each.source_name,
            )
            for each in self.facts.steps
        ]

    @property
    def _told_figures(self) -> Iterator[Told]:
        wording = self.wording
        for line, each in zip(self._money.lines, self.figures, strict=True):
            said = f"{each.line.amount} · {wording.label('nature', line.nature)} · {each.said}"
            yield Told(
                date=wording.date(line.as_of),
                machine_date=line.as_of or "",
                about=wording.words.text("record.figure"),
                said=Said(said),
                source=each.line.source,
                source_name=each.line.source_name,
            )


def _oldest_first(told: Told) -> tuple[bool, str, str]:
    if not told.machine_date:
        return True, "", ""
    date = PartialDate(told.machine_date)
    return False, date.first_day.isoformat(), date.last_day.isoformat()
