"""What is known so far of what somebody is to be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from regen_map import query
from regen_map.catalogue import Event, Funding, Milestone, Place, Project
from regen_map.facts.links import shortened
from regen_map.facts.wording import Wording
from regen_map.query.projects import milestones_of
from regen_map.query.quality import known_of
from regen_map.query.tasks import Task

LONGEST_VALUE = 300
"""Of what is known so far, in characters."""

_MOST_FIGURES = 5


def last_news(wording: Wording, task: Task, value: str) -> str:
    """Say in a sentence what is known so far, and of when that is; empty for nothing."""
    words = wording.words
    date = _date(wording, task)
    if value and task.why in _OF_FIGURES:
        return words.text("quality.figures", value=value)
    if value and date:
        return words.text("quality.last_known", value=value, date=date)
    if value:
        return words.text("quality.last_value", value=value)
    return words.text("quality.last_date", date=date) if date else ""


def _date(wording: Wording, task: Task) -> str:
    """Say of when that is; empty where it carries its dates itself, or has none."""
    if task.why in _DATED_THEMSELVES:
        return ""
    if isinstance(task.row, Funding):
        known = task.row.as_of
    elif step := _last_step(wording, task):
        known = step.date
    else:
        known = known_of(task.row)
    return wording.words.date(known) if known else ""


def last_value(wording: Wording, task: Task) -> str:
    """Give what is known so far, without its date; empty for nothing."""
    found = _VALUES.get(task.why)
    return shortened(found(wording, task), LONGEST_VALUE) if found else ""


def _last_step(wording: Wording, task: Task) -> Milestone | None:
    """Give the last step that tells of a phase, where the row tells of none."""
    if task.why != query.Why.PHASE_UNKNOWN:
        return None
    steps = [each for each in milestones_of(wording.catalogue, task.id) if each.phase]
    return steps[-1] if steps else None


def _state(wording: Wording, task: Task) -> str:
    row = task.row
    if isinstance(row, Place):
        return wording.label("status", row.status).lower()
    if not isinstance(row, Project):
        return ""
    step = _last_step(wording, task)
    return phase_within_a_sentence(wording, step.phase if step else row.phase)


def _figures(wording: Wording, task: Task) -> str:
    return figures_in_words(wording, task.id)


def _figure(wording: Wording, line: Funding) -> str:
    words = wording.words
    about = [wording.label("nature", line.nature).lower(), wording.date(line.as_of)]
    about.append(words.text("details.counted" if line.counted else "details.not_counted"))
    amount = "" if line.amount_eur is None else words.money(line.amount_eur)
    return f"{amount} ({', '.join(about)})"


def _where(wording: Wording, task: Task) -> str:
    row, words = task.row, wording.words
    if isinstance(row, Place) and row.address:
        return words.text("quality.address", address=row.address)
    if isinstance(row, Place | Project) and row.quarter:
        return words.text("quality.quarter", quarter=wording.label("quarter", row.quarter))
    return ""


def _accuracy(wording: Wording, task: Task) -> str:
    row = task.row
    if not isinstance(row, Place) or row.position_accuracy_m is None:
        return ""
    return wording.words.text(
        "quality.within",
        address=row.address or wording.words.text("quality.no_address"),
        distance=wording.words.distance(row.position_accuracy_m),
    )


def _coordinates(_: Wording, task: Task) -> str:
    row = task.row
    if not isinstance(row, Place) or row.lat is None or row.lon is None:
        return ""
    return f"{row.lat:.5f}, {row.lon:.5f}"


def _edition(wording: Wording, task: Task) -> str:
    row = task.row
    dates = (row.start, row.end) if isinstance(row, Event) else ()
    return " – ".join(dict.fromkeys(wording.words.date(date) for date in dates if date))


def figures_in_words(wording: Wording, project_id: str) -> str:
    """List the figures of a project, those that are counted first; empty for none."""
    lines: tuple[Funding, ...] = query.money_of(wording.catalogue, project_id).lines
    told = sorted(
        (line for line in lines if line.amount_eur is not None), key=lambda line: not line.counted
    )
    figures = [_figure(wording, line) for line in told[:_MOST_FIGURES]]
    if len(told) > _MOST_FIGURES:
        n_more = len(told) - _MOST_FIGURES
        figures.append(wording.words.count("quality.more_figures", n_more))
    return "; ".join(figures)


def phase_within_a_sentence(wording: Wording, phase: str | None) -> str:
    """Name a phase with a small first letter; empty for None."""
    label = wording.label("phase", phase)
    return label[:1].lower() + label[1:]


_Value = Callable[[Wording, Task], str]

_VALUES: Mapping[query.Why, _Value] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                query.Why.PHASE_UNKNOWN,
                query.Why.END_PASSED,
                query.Why.END_OVERDUE,
                query.Why.END_UNDECLARED,
                query.Why.COMPLETED_UNDATED,
                query.Why.START_UNKNOWN,
                query.Why.STALE,
                query.Why.UNDATED,
            ),
            _state,
        ),
        query.Why.FIGURES_DIFFER: _figures,
        query.Why.AMOUNT_UNKNOWN: _figures,
        query.Why.PLACE_UNKNOWN: _where,
        query.Why.POSITION_MISSING: _where,
        query.Why.POSITION_APPROXIMATE: _accuracy,
        query.Why.ACCURACY_UNKNOWN: _coordinates,
        query.Why.EVENT_UNDATED: _edition,
    }
)

_OF_FIGURES = frozenset({query.Why.FIGURES_DIFFER, query.Why.AMOUNT_UNKNOWN})

_DATED_THEMSELVES = _OF_FIGURES | frozenset(
    {
        query.Why.PHASE_BEHIND,
        query.Why.EVENT_UNDATED,
        query.Why.POSITION_MISSING,
        query.Why.POSITION_APPROXIMATE,
        query.Why.ACCURACY_UNKNOWN,
        query.Why.PLACE_UNKNOWN,
        query.Why.QUARTERS_DIFFER,
        query.Why.DATES_REVERSED,
    }
)
"""What is known so far says of when it is, or is of no date."""
