"""The planner's desk as it is fetched: its tabs, its charts, its files."""

from regen_map.facts.asked import Asked, asked_language, asked_of
from regen_map.web.desk.charts import CHARTS_OF, NARROW_WIDTH, USUAL_WIDTH, chart_of
from regen_map.web.desk.tabs import FETCHED, FILES

__all__ = [
    "CHARTS_OF",
    "FETCHED",
    "FILES",
    "NARROW_WIDTH",
    "USUAL_WIDTH",
    "Asked",
    "asked_language",
    "asked_of",
    "chart_of",
]
