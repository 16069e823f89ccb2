"""The one file that the pages outside the app load."""

from __future__ import annotations

from importlib.resources import files

from regen_map.webmap.assets import Asset, fingerprint, pack

_CONTENT = (files("regen_map.web") / "assets" / "pages.css").read_bytes()

STYLE = Asset(f"assets/{fingerprint(_CONTENT)}/pages.css", "text/css", pack(_CONTENT))
"""Their style sheet, under an address that changes with its content."""
