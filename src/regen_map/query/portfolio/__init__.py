"""Which projects a planner asks for, and of which it is not known whether they are meant."""

from regen_map.query.portfolio.asked import (
    OLDER,
    OPEN_YEARS,
    PROJECT_FACETS,
    PROJECT_FILTERS,
    THREE_YEARS,
    YEAR,
    ProjectCriteria,
    ProjectSelection,
)
from regen_map.query.portfolio.facets import lasting_options, project_options
from regen_map.query.portfolio.selecting import select_projects

__all__ = [
    "OLDER",
    "OPEN_YEARS",
    "PROJECT_FACETS",
    "PROJECT_FILTERS",
    "THREE_YEARS",
    "YEAR",
    "ProjectCriteria",
    "ProjectSelection",
    "lasting_options",
    "project_options",
    "select_projects",
]
