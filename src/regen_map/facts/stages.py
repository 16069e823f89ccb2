"""The way of a project through its phases: which it reached, when, and which it did not."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from regen_map.catalogue import PartialDate, Phase, Project
from regen_map.facts.wording import Wording
from regen_map.query.projects import milestones_of


class State(enum.StrEnum):
    """How a project stands to one phase, as far as is known."""

    REACHED = "reached"
    """A step tells of it, and the project stands elsewhere now."""
    CURRENT = "current"
    """It is the phase of the project."""
    UNTOLD = "untold"
    """Nobody tells of it: it may have been skipped, or gone through unnoticed."""
    AHEAD = "ahead"
    """It comes after the phase of the project."""
    GIVEN_UP = "given_up"
    """It is the end of a project that was dropped."""


class Stage(NamedTuple):
    """
    One phase, and how a project stands to it.

    Attributes
    ----------
    phase, name, meaning
        The phase: its term, its name, and a sentence that explains it.
    state, said
        How the project stands to it, and the same in words.
    date, machine_date
        When it was first reached: that nobody knows where it is the phase of today,
        empty where it was not reached. The second has the form of ISO 8601, or is empty.
    news
        When it was last told of, and for when it is announced; may be empty.
    """

    phase: str
    name: str
    meaning: str
    state: State
    said: str
    date: str
    machine_date: str
    news: str


def stages_of(wording: Wording, project: Project) -> Sequence[Stage]:
    """
    Tell how a project stands to every phase, by its steps up to the day of reading.

    Parameters
    ----------
    wording
        Catalogue, language and day.
    project
        The project.

    Returns
    -------
    sequence of Stage
        In the order of the vocabulary. To be dropped is no step on the way, and is told
        only of a project that was. What stands before the phase of today and has no step
        may have been skipped: nothing is claimed of it. The end of a completed project
        dates its last phase where no step does.
    """
    names = wording.catalogue.vocabularies.names("phase")
    current = names.index(project.phase) if project.phase in names else None
    steps: dict[str, list[PartialDate]] = {}
    for step in milestones_of(wording.catalogue, project.id):
        if step.phase is not None:
            steps.setdefault(step.phase, []).append(step.date)
    if project.phase == Phase.COMPLETED and project.end:
        steps.setdefault(Phase.COMPLETED, [project.end])
    return [
        _stage(wording, phase, _place(phase, position, current, project), steps.get(phase, ()))
        for position, phase in enumerate(names)
        if phase != Phase.DROPPED or position == current or phase in steps
    ]


def _place(phase: str, position: int, current: int | None, project: Project) -> State:
    """Place a phase on the way, whatever steps tell."""
    if position == current:
        return State.CURRENT
    if phase == Phase.COMPLETED and project.phase == Phase.DROPPED:
        return State.GIVEN_UP
    return State.UNTOLD if current is None or position < current else State.AHEAD


def _stage(wording: Wording, phase: str, state: State, dates: Sequence[PartialDate]) -> Stage:
    words = wording.words
    come = [date for date in dates if date.first_day <= wording.day]
    first = min(come, key=lambda date: date.first_day, default=None)
    if first is not None and state is not State.CURRENT:
        state = State.REACHED
    date = words.date(first) if first else ""
    if state is State.CURRENT and not date:
        date = words.text("record.date_unknown")
    return Stage(
        phase=phase,
        name=wording.label("phase", phase),
        meaning=wording.note("phase", phase),
        state=state,
        said=words.text(f"record.state.{state}"),
        date=date,
        machine_date=first or "",
        news=" · ".join(_news(wording, dates)),
    )


def _news(wording: Wording, dates: Sequence[PartialDate]) -> Iterator[str]:
    words = wording.words
    come = [date for date in dates if date.first_day <= wording.day]
    if come:
        first = min(come, key=lambda date: date.first_day)
        latest = max(come, key=lambda date: date.last_day)
        if latest.surely_after(first):
            yield words.text("record.latest", date=words.date(latest))
    if to_come := [date for date in dates if date not in come]:
        soonest = min(to_come, key=lambda date: date.first_day)
        yield words.text("record.announced", date=words.date(soonest))
