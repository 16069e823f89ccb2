"""Pages of places that need no script: facts, sketch, linked data, HTML."""

from regen_map.web.places.pages import Page, Pages, missing_page, pages_of
from regen_map.web.places.style import STYLE

__all__ = ["STYLE", "Page", "Pages", "missing_page", "pages_of"]
