"""The tabs of the planner's desk that are fetched by themselves: template and content of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from regen_map.facts.asked import Asked
from regen_map.query.desk_link import Tab
from regen_map.web.desk.changes import changes_tab
from regen_map.web.desk.charts import CHARTS_OF, charts_tab
from regen_map.web.desk.context import context_csv, context_tab
from regen_map.web.desk.quality import quality_tab, to_do_csv, to_do_workbook


class Fetched(NamedTuple):
    """A tab: the name of its template, and what gives the template its content."""

    template: str
    content: Callable[[Asked], Mapping[str, object]]


FETCHED: Mapping[Tab, Fetched] = MappingProxyType(
    {tab: Fetched("charts.html", partial(charts_tab, tab=tab)) for tab in CHARTS_OF}
    | {
        Tab.CHANGES: Fetched("changes.html", changes_tab),
        Tab.CONTEXT: Fetched("context.html", context_tab),
        Tab.QUALITY: Fetched("quality.html", quality_tab),
    }
)
"""Every tab but the list, which the app writes itself."""


class DeskFile(NamedTuple):
    """A file of the desk: its media type, and what writes it."""

    media_type: str
    write: Callable[[Asked], bytes]


_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FILES: Mapping[str, DeskFile] = MappingProxyType(
    {
        "context.csv": DeskFile(_CSV, context_csv),
        "to-do.csv": DeskFile(_CSV, to_do_csv),
        "to-do.xlsx": DeskFile(_XLSX, to_do_workbook),
    }
)
"""What a tab offers to take away, besides its charts."""
