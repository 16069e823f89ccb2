"""What is told of one project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

from regen_map import query
from regen_map.catalogue import Funding, Milestone, Phase, Project
from regen_map.facts.links import source_name
from regen_map.facts.sources import Source, newest_date, sources_of
from regen_map.facts.wording import Fact, Said, Wording
from regen_map.facts.works import date_of_news, disturbance, in_plain_words
from regen_map.messages.money import money_in_words
from regen_map.query.projects import milestones_of

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


def money_line(wording: Wording, line: Funding, *more: str) -> MoneyLine:
    """
    Tell a line of funding.

    Parameters
    ----------
    wording
        Catalogue and language.
    line
        The line.
    *more
        What else is said of it, behind programme, nature and date.
    """
    words, amount = wording.words, line.amount_eur
    about = (
        wording.name(query.programmes(wording.catalogue)[line.programme_id]),
        wording.label("nature", line.nature),
        wording.date(line.as_of),
        *more,
    )
    return MoneyLine(
        words.text("details.amount_unknown") if amount is None else words.money(amount),
        " · ".join(about),
        wording.said(line, "note"),
        line.source,
        source_name(line.source),
    )


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
    def quarter(self) -> str:
        """Where in the town it is; empty where nobody says."""
        return self.wording.label("quarter", self.project.quarter)

    @property
    def stalled(self) -> bool:
        """Whether it is known to have stalled."""
        return bool(self.project.stalled)

    @property
    def phase(self) -> str:
        """Its phase in a word or two; empty where nobody knows."""
        return self.wording.label("phase", self.project.phase)

    @property
    def plain(self) -> str:
        """How it stands, in plain words."""
        return in_plain_words(self.wording, self.project)

    @property
    def phase_date(self) -> str:
        """Of when the phase is known."""
        return date_of_news(self.wording, self.project)

    @property
    def disturbance(self) -> str:
        """What to expect of works that go on; empty where none do."""
        return disturbance(self.wording, self.project)

    @property
    def uses(self) -> Sequence[Fact]:
        """What the place was and what it became or is to become; empty where neither is known."""
        uses = [
            self.wording.fact(label, self.wording.said(self.project, name))
            for label, name in (
                ("details.former_use", "former_use"),
                (self._label_of_new_use, "new_use"),
            )
        ]
        return uses if any(each.known for each in uses) else ()

    @property
    def _label_of_new_use(self) -> str:
        phase = self.project.phase
        if phase == Phase.COMPLETED:
            return "details.new_use"
        if phase == Phase.DROPPED:
            return "details.use_given_up"
        return "details.intended_use" if phase else "details.use_in_question"

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
        programmes = query.programmes_of(self.wording.catalogue, self.project.id)
        lists = {"programmes": [self.wording.name(each) for each in programmes]} | {
            name: getattr(self.project, name) for name in ("owner", "promoter", "designer")
        }
        for name, found in lists.items():
            if found:
                yield self.wording.fact(f"details.{name}", self.wording.words.listing(found))
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
        money = query.money_of(self.wording.catalogue, self.project.id)
        return [self._money_line(each) for each in money.lines]

    def _money_line(self, line: Funding) -> MoneyLine:
        counted = "details.counted" if line.counted else "details.not_counted"
        return money_line(self.wording, line, self.wording.words.text(counted))

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

    @property
    def sources(self) -> Sequence[Source]:
        """Where its facts are from."""
        return sources_of(self.wording, [self.project])

    @property
    def as_of(self) -> str:
        """Until when its facts are known to hold; empty where nobody says."""
        return newest_date(self.wording, [self.project])
