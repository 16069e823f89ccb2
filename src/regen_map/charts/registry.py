"""The charts by name, each made of the projects that are chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from regen_map.catalogue import Project
from regen_map.charts.chart import Chart
from regen_map.charts.delays import delay_chart
from regen_map.charts.money import money_by_programme, money_by_year
from regen_map.charts.phases import phase_board
from regen_map.charts.quarters import reuse_by_quarter
from regen_map.charts.timeline import timeline
from regen_map.facts import Wording
from regen_map.query.delays import delays
from regen_map.query.projects import milestones_by_project
from regen_map.query.totals import totals_of

Draw: TypeAlias = Callable[[Wording, Sequence[Project], int], Chart]
"""From catalogue and language, projects, and the width of the drawing."""


def _phases(wording: Wording, projects: Sequence[Project], width: int) -> Chart:
    return phase_board(wording, projects, width=width)


def _timeline(wording: Wording, projects: Sequence[Project], width: int) -> Chart:
    steps = milestones_by_project(wording.catalogue)
    return timeline(wording, projects, wording.day, steps, width=width)


def _programmes(wording: Wording, projects: Sequence[Project], width: int) -> Chart:
    return money_by_programme(wording, totals_of(wording.catalogue, projects), width=width)


def _years(wording: Wording, projects: Sequence[Project], width: int) -> Chart:
    return money_by_year(wording, totals_of(wording.catalogue, projects), width=width)


def _delays(wording: Wording, projects: Sequence[Project], width: int) -> Chart:
    found = delays(wording.catalogue, projects, wording.day)
    return delay_chart(wording, found, wording.day, width=width)


def _quarters(wording: Wording, projects: Sequence[Project], width: int) -> Chart:
    return reuse_by_quarter(wording, projects, width=width)


CHARTS: Mapping[str, Draw] = MappingProxyType(
    {
        "phases": _phases,
        "timeline": _timeline,
        "delays": _delays,
        "programmes": _programmes,
        "years": _years,
        "quarters": _quarters,
    }
)
"""In the order in which a planner reads them."""
