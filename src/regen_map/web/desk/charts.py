"""The tabs of the planner's desk that show charts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from regen_map.charts import CHARTS, Chart
from regen_map.facts.asked import Asked
from regen_map.facts.portfolio import TotalsFacts
from regen_map.query.desk_link import Tab

USUAL_WIDTH, NARROW_WIDTH = 720, 360
"""Widths of a drawing, in units that are a pixel each."""

CHARTS_OF: Mapping[Tab, tuple[str, ...]] = MappingProxyType(
    {
        Tab.PHASES: ("phases",),
        Tab.TIMELINE: ("timeline",),
        Tab.MONEY: ("programmes", "years"),
        Tab.DELAYS: ("delays",),
        Tab.REUSE: ("quarters",),
    }
)
"""Which of `regen_map.charts.CHARTS` a tab shows."""

_LINES_OF_A_PROGRAMME = 20


def chart_of(asked: Asked, name: str, width: int = USUAL_WIDTH) -> Chart:
    """Draw one of `regen_map.charts.CHARTS`, so wide."""
    return CHARTS[name](asked.wording, asked.selection.projects, width)


def charts_tab(asked: Asked, tab: Tab) -> Mapping[str, object]:
    """Give the template ``charts.html`` what it tells of a tab of `CHARTS_OF`."""
    totals = TotalsFacts(asked.wording, asked.totals, _LINES_OF_A_PROGRAMME)
    return {
        "charts": [chart_of(asked, name) for name in CHARTS_OF[tab]],
        "params": asked.params_of_file,
        "wide": USUAL_WIDTH,
        "narrow": NARROW_WIDTH,
        "totals": totals if tab == Tab.MONEY else None,
    }
