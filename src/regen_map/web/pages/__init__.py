"""Pages outside the app, which need no script: places, walks, events, as HTML and as files."""

from regen_map.web.pages.events import events_calendar
from regen_map.web.pages.kept import Pages, pages_of
from regen_map.web.pages.rendering import Page, missing_page
from regen_map.web.pages.style import STYLE
from regen_map.web.pages.walks import walk_code, walk_page, walk_track

__all__ = [
    "STYLE",
    "Page",
    "Pages",
    "events_calendar",
    "missing_page",
    "pages_of",
    "walk_code",
    "walk_page",
    "walk_track",
]
