"""What a page tells of one project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

from regen_map import query
from regen_map.catalogue import Milestone, Phase, Project
from regen_map.messages.money import money_in_words
from regen_map.query.projects import milestones_of
from regen_map.web.places.addresses import source_name
from regen_map.web.places.wording import Fact, Said, Wording

_ENDS = ("first_declared_end", "declared_end", "end")


class MoneyLine(NamedTuple):
    """One line of funding in words: amount, what it is, its note, its source."""

    amount: str
    about: str
    note: Said
    source: str
    source_name: str


class Step(NamedTuple):
    """One milestone in words."""

    date: str
    machine_date: str
    phase: str
    said: Said
    source: str
    source_name: str


@dataclass(frozen=True)
class ProjectFacts:
    """
    The facts of a project in one language.

    Parameters
    ----------
    wording
        Catalogue and language.
    project
        The project.
    """

    wording: Wording
    project: Project

    @property
    def name(self) -> str:
        """Its name."""
        return self.wording.name(self.project)

    @property
    def stalled(self) -> bool:
        """Whether it is known to have stalled."""
        return bool(self.project.stalled)

    @property
    def phase(self) -> str:
        """Its phase in plain words."""
        project, words = self.project, self.wording.words
        if project.phase is None:
            return words.text("details.phase_unknown")
        label = self.wording.label("phase", project.phase)
        sentences = [f"{label}. {self.wording.note('phase', project.phase)}."]
        if project.stalled:
            sentences.append(words.text("details.stalled"))
        return " ".join(sentences)

    @property
    def phase_date(self) -> str:
        """Of when the phase is known."""
        words, as_of = self.wording.words, self.project.as_of
        if as_of is None:
            return words.text("place_page.phase_undated")
        return words.text("details.known_as_of", date=words.date(as_of))

    @property
    def uses(self) -> Sequence[Fact]:
        """What the place was and what it becomes; empty where neither is known."""
        uses = [
            self.wording.fact(f"details.{name}", self.wording.said(self.project, name))
            for name in ("former_use", "new_use")
        ]
        return uses if any(each.known for each in uses) else ()

    @property
    def summary(self) -> Said:
        """What it is about."""
        return self.wording.said(self.project, "summary")

    @property
    def note(self) -> Said:
        """What is doubtful about it."""
        return self.wording.said(self.project, "note")

    @property
    def facts(self) -> Iterator[Fact]:
        """Dates, money, who does it."""
        yield from self._dates()
        yield self.wording.fact("details.money", self._money())
        for name in ("owner", "promoter", "designer"):
            if who := getattr(self.project, name):
                yield self.wording.fact(f"details.{name}", self.wording.words.listing(who))
        if self.project.cup:
            yield Fact("CUP", Said(self.project.cup))

    def _dates(self) -> Iterator[Fact]:
        project = self.project
        for name, date in query.told_dates(project):
            yield self.wording.fact(f"details.{name}", self.wording.date(date))
        if project.phase != Phase.DROPPED and not any(getattr(project, end) for end in _ENDS):
            yield self.wording.fact("details.end", "")

    def _money(self) -> str:
        money = query.money_of(self.wording.catalogue, self.project.id)
        return money_in_words(money, partial(self.wording.label, "nature"), self.wording.words)

    @cached_property
    def money_lines(self) -> Sequence[MoneyLine]:
        """Every line of funding, counted in the sum or not."""
        wording, words = self.wording, self.wording.words
        programmes = query.programmes(wording.catalogue)
        return [
            MoneyLine(
                words.text("details.amount_unknown")
                if line.amount_eur is None
                else words.money(line.amount_eur),
                " · ".join(
                    (
                        wording.name(programmes[line.programme_id]),
                        wording.label("nature", line.nature),
                        wording.date(line.as_of),
                        words.text("details.counted" if line.counted else "details.not_counted"),
                    )
                ),
                wording.said(line, "note"),
                line.source,
                source_name(line.source),
            )
            for line in query.money_of(wording.catalogue, self.project.id).lines
        ]

    @cached_property
    def steps(self) -> Sequence[Step]:
        """The milestones, oldest first."""
        return [self._step(each) for each in milestones_of(self.wording.catalogue, self.project.id)]

    def _step(self, milestone: Milestone) -> Step:
        return Step(
            self.wording.date(milestone.date),
            str(milestone.date),
            self.wording.label("phase", milestone.phase),
            self.wording.said(milestone, "text"),
            milestone.source,
            source_name(milestone.source),
        )
