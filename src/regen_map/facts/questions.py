"""What to ask next, in words that can be read out on the telephone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from regen_map import query
from regen_map.catalogue import (
    TABLES,
    Event,
    Funding,
    Milestone,
    Place,
    Project,
    Record,
    Stop,
    Street,
    Workshop,
)
from regen_map.catalogue.text import cell_text
from regen_map.facts.last_news import last_news, last_value, phase_within_a_sentence
from regen_map.facts.links import (
    Link,
    email_link,
    one_direction,
    shortened,
    source_name,
    telephone_link,
    web_link,
)
from regen_map.facts.wording import Wording
from regen_map.query.parties import Party, Role, newest_source
from regen_map.query.quality import newer_phase
from regen_map.query.tasks import Task

LONGEST_NAME = 160
"""Of a name within a sentence, in characters; longer ones are cut between words."""

_LEAST_URGENT = 6


class Question(NamedTuple):
    """
    A task in words.

    Attributes
    ----------
    task
        What it is about.
    priority
        From 1, what is needed first, to 5.
    text
        The question.
    value
        What is known so far; empty for nothing.
    known
        The same with its date, as a sentence; empty for nothing.
    why
        Why it is asked, in a word or two.
    name
        Of the row.
    key
        Of its entry in the app, see `regen_map.query.entry_key`; empty where it has none.
    row
        Where the answer is to be written: file and id, and of a funding line what tells
        it from the others.
    source, source_name
        Its newest source; empty for none.
    """

    task: Task
    priority: int
    text: str
    value: str
    known: str
    why: str
    name: str
    key: str
    row: str
    source: str
    source_name: str


class Call(NamedTuple):
    """
    Questions that one party can answer.

    Attributes
    ----------
    name
        Whom to ask; that nobody is named where nobody is.
    role
        What they have to do with it; empty where nobody is named.
    contacts
        Links to call or write; may be empty.
    n_questions
        How many questions there are, in words.
    questions
        As many as fit.
    n_more
        How many there are beside.
    """

    name: str
    role: str
    contacts: Sequence[Link]
    n_questions: str
    questions: Sequence[Question]
    n_more: int


def calls_of(
    wording: Wording, tasks: Sequence[Task], *, most: int, most_questions: int
) -> tuple[Sequence[Call], int]:
    """
    Put tasks together so that one call answers several.

    Returns
    -------
    tuple of sequence of Call and int
        As many as fit, in the order of `regen_map.query.by_party`; and how many parties
        there are beside.
    """
    groups = query.by_party(tasks)
    calls = [
        Call(
            name=party_name(wording, party) if party else wording.words.text("quality.nobody"),
            role=wording.words.text(f"quality.role.{party.role}") if party else "",
            contacts=contacts_of(wording, party),
            n_questions=wording.words.count("quality.n_questions", len(group)),
            questions=[question_of(wording, task) for task in group[:most_questions]],
            n_more=max(len(group) - most_questions, 0),
        )
        for party, group in list(groups.items())[:most]
    ]
    return calls, max(len(groups) - most, 0)


def question_of(wording: Wording, task: Task) -> Question:
    """Put a task into words."""
    words = wording.words
    value = last_value(wording, task)
    source = web_link(_source(task))
    return Question(
        task=task,
        priority=priority_of(task),
        text=_sentence(wording, task),
        value=value,
        known=last_news(wording, task, value),
        why=words.text(f"quality.why.{task.why}"),
        name=row_name(wording, task.row),
        key=key_of(wording, task.row),
        row=_row(task),
        source=source,
        source_name=source_name(source) if source else "",
    )


def party_name(wording: Wording, party: Party) -> str:
    """Name somebody who may know."""
    if party.role == Role.PROGRAMME:
        found = query.programmes(wording.catalogue).get(party.name)
        name = _short(wording.name(found) if found else party.name)
        return wording.words.text("quality.runs", name=name)
    if party.role == Role.PLACE:
        place = wording.catalogue.place(party.name)
        return _short(wording.name(place) if place else party.name)
    if party.role == Role.SOURCE:
        return wording.words.text("quality.publishes", name=_short(party.name))
    return _short(party.name)


def contacts_of(wording: Wording, party: Party | None) -> Sequence[Link]:
    """Give links to call or write to a place; nothing of anybody else is known."""
    place = wording.catalogue.place(party.name) if party and party.role == Role.PLACE else None
    if place is None:
        return ()
    links = []
    if place.phone:
        links.append(Link(one_direction(place.phone), telephone_link(place.phone)))
    if place.email and email_link(place.email):
        links.append(Link(one_direction(place.email), email_link(place.email)))
    if place.website and web_link(place.website):
        links.append(Link(source_name(place.website), place.website))
    return links


def priority_of(task: Task) -> int:
    """Tell how urgent a task is, from 1, what is needed first, to 5."""
    return _LEAST_URGENT - task.weight


def row_name(wording: Wording, row: Record) -> str:
    """Name a row of any table, in one line."""
    if isinstance(row, Funding):
        programme = query.programmes(wording.catalogue).get(row.programme_id)
        funds = wording.name(programme) if programme else row.programme_id
        return f"{_project_name(wording, row.project_id)} · {_short(funds)}"
    if isinstance(row, Milestone):
        return f"{_project_name(wording, row.project_id)} · {wording.date(row.date)}"
    if isinstance(row, Stop):
        place = wording.catalogue.place(row.place_id)
        return f"{row.itinerary_id} · {_short(wording.name(place) if place else row.place_id)}"
    if isinstance(row, Street):
        return _short(row.name)
    return _short(wording.name(row))


def key_of(wording: Wording, row: Record) -> str:
    """Give the key of the entry of the app that shows a row; empty for none."""
    if isinstance(row, Place):
        return row.id
    if isinstance(row, Funding | Milestone):
        project = wording.catalogue.project(row.project_id)
        return query.entry_key(project) if project else ""
    return query.entry_key(row) if isinstance(row, Project) else ""


def _short(text: str) -> str:
    return shortened(text, LONGEST_NAME)


def _project_name(wording: Wording, project_id: str) -> str:
    project = wording.catalogue.project(project_id)
    return _short(wording.name(project) if project else project_id)


def _source(task: Task) -> str:
    return task.row.source if isinstance(task.row, Funding) else newest_source(task.row)


def _row(task: Task) -> str:
    """Say where an answer is to be written."""
    parts = [task.id]
    if isinstance(task.row, Funding):
        line = task.row
        parts += [line.programme_id, line.nature, cell_text(line.as_of)]
    return f"{TABLES[task.table].file_name}: {', '.join(filter(None, parts))}"


# ------------------------------------------------------------ the question itself


def _sentence(wording: Wording, task: Task) -> str:
    key = f"quality.ask_place.{task.why}" if _is_told_apart(task) else f"quality.ask.{task.why}"
    told = {name: shortened(text, LONGEST_NAME) for name, text in _told(wording, task)}
    return wording.words.text(key, **told)


def _is_told_apart(task: Task) -> bool:
    """Tell whether a place is asked in other words than a project or a workshop."""
    if task.why == query.Why.STATUS_UNKNOWN:
        return not isinstance(task.row, Workshop)
    return task.why in (query.Why.STALE, query.Why.NO_SOURCE) and isinstance(task.row, Place)


def _told(wording: Wording, task: Task) -> Iterator[tuple[str, str]]:
    """Give what the placeholders of a question stand for."""
    row = task.row
    if isinstance(row, Funding):
        yield "name", _project_name(wording, row.project_id)
        programme = query.programmes(wording.catalogue).get(row.programme_id)
        yield "programme", wording.name(programme) if programme else row.programme_id
        yield "nature", wording.label("nature", row.nature).lower()
        return
    yield "name", wording.name(row)
    if isinstance(row, Project):
        yield from _told_of_project(wording, row, task)
    if isinstance(row, Project | Event):
        place = wording.catalogue.place(row.place_id) if row.place_id else None
        yield "quarter", wording.label("quarter", row.quarter)
        yield "other", wording.label("quarter", place.quarter if place else None)


def _told_of_project(wording: Wording, project: Project, task: Task) -> Iterator[tuple[str, str]]:
    promise = project.declared_end or project.first_declared_end
    yield "promise", wording.date(promise)
    yield "end", wording.date(project.end)
    yield "start", wording.date(project.start)
    yield "phase", phase_within_a_sentence(wording, project.phase)
    if task.why == query.Why.PHASE_BEHIND:
        step = newer_phase(wording.catalogue, project, wording.day)
        yield "newer", phase_within_a_sentence(wording, step.phase if step else None)
        yield "date", wording.date(step.date if step else None)
