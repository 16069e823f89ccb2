"""The tab of the planner's desk that tells how good the data are, and what to ask next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regen_map import query
from regen_map.catalogue import Project
from regen_map.export import to_do
from regen_map.export.extract import Extract
from regen_map.facts.asked import Asked
from regen_map.facts.quality import filled_tables, listings
from regen_map.facts.questions import calls_of

_MOST_CALLS, _MOST_QUESTIONS = 60, 30
_MOST_ROWS, _MOST_MISSING = 100, 30


def quality_tab(asked: Asked) -> Mapping[str, object]:
    """Give the template ``quality.html`` what it tells."""
    then, asked = asked.then, asked.now()
    wording, projects = asked.wording, _projects(asked)
    words = wording.words
    tasks = query.to_do(asked.catalogue, wording.day, projects)
    calls, n_more = calls_of(wording, tasks, most=_MOST_CALLS, most_questions=_MOST_QUESTIONS)
    return {
        "calls": calls,
        "n_more_calls": n_more,
        "n_tasks": len(tasks),
        "listings": list(listings(wording, projects, most=_MOST_ROWS)),
        "tables": filled_tables(wording, most=_MOST_MISSING),
        "headings": [
            words.text(f"quality.heading.{name}") for name in ("column_name", "filled", "missing")
        ],
        "of_today": words.text("quality.of_today") if then else "",
        "scope": words.text("quality.scope.all" if projects is None else "quality.scope.selected"),
        "params": asked.params_of_file,
    }


def to_do_csv(asked: Asked) -> bytes:
    """Write what to ask next as CSV."""
    asked = asked.now()
    return to_do.to_do_csv(_extract(asked), _tasks(asked))


def to_do_workbook(asked: Asked) -> bytes:
    """Write what to ask next as a workbook of Excel."""
    asked = asked.now()
    return to_do.to_do_workbook(_extract(asked), _tasks(asked))


def _projects(asked: Asked) -> Sequence[Project] | None:
    """Give the projects asked for; None, which also means all places and events, for all."""
    everything = asked.criteria == query.ProjectCriteria()
    return None if everything else asked.selection.projects


def _tasks(asked: Asked) -> Sequence[query.Task]:
    return query.to_do(asked.catalogue, asked.wording.day, _projects(asked))


def _extract(asked: Asked) -> Extract:
    return Extract(
        catalogue=asked.catalogue,
        projects=asked.selection.projects,
        language=asked.language,
        filters=asked.filters,
        day=asked.wording.day,
    )
