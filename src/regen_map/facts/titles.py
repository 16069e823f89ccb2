"""How names are shown where they stand as a title."""

from __future__ import annotations

from regen_map.facts.links import shortened

LONGEST_TITLE = 160
"""Of a name where it is shown, in characters; the data have it whole."""


def title_of(name: str) -> str:
    """
    Shorten a name for a title, a heading or a line of a list.

    Returns
    -------
    str
        In one line and one direction of writing, at most `LONGEST_TITLE` characters: a
        longer one is cut between words, and «…» stands for the rest.
    """
    return shortened(name, LONGEST_TITLE)
