"""Which pages there are and where their scripts stand."""

from __future__ import annotations

from pathlib import Path

PAGES: tuple[str, ...] = ("explore", "projects", "walks", "events", "about")
"""Names of the pages: of their scripts and, but for the first, of their addresses."""

STAFF = "staff"
"""The page that no other leads to but About: its visitors know that it is there."""


def page_script(name: str) -> Path:
    """
    Find the script of a page: beside ``src`` in a checkout, in the package when installed.

    Parameters
    ----------
    name
        One of `PAGES`, or `STAFF`.
    """
    packaged = Path(__file__).parents[1] / "_pages"
    folder = packaged if packaged.is_dir() else Path(__file__).parents[3] / "pages"
    return folder / f"{name}.py"
