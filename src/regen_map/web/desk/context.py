"""The tab of the planner's desk that tells what lies around the spaces, and its file."""

from __future__ import annotations

from collections.abc import Mapping

from regen_map.export.context_table import context_table
from regen_map.facts.asked import Asked
from regen_map.facts.context import ContextFacts

_MOST_SPACES = 50
_MOST_NAMES = 40


def context_tab(asked: Asked) -> Mapping[str, object]:
    """Give the template ``context.html`` what it tells."""
    facts = ContextFacts(asked.wording, asked.selection.projects, _MOST_NAMES)
    return {
        "facts": facts,
        "spaces": list(facts.spaces(0, _MOST_SPACES)),
        "n_more": max(len(facts.located) - _MOST_SPACES, 0),
        "params": asked.params_of_file,
    }


def context_csv(asked: Asked) -> bytes:
    """Write everything that the tab tells of, and of all spaces, as CSV."""
    return context_table(asked.wording, asked.selection.projects, asked.filters)
