"""The planner's charts: SVG made on the server, each with its message and its table in words."""

from regen_map.charts.chart import Chart, chart_csv
from regen_map.charts.delays import delay_chart
from regen_map.charts.money import money_by_programme, money_by_year
from regen_map.charts.phases import phase_board
from regen_map.charts.quarters import reuse_by_quarter
from regen_map.charts.registry import CHARTS
from regen_map.charts.timeline import timeline

__all__ = [
    "CHARTS",
    "Chart",
    "chart_csv",
    "delay_chart",
    "money_by_programme",
    "money_by_year",
    "phase_board",
    "reuse_by_quarter",
    "timeline",
]
