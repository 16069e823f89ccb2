"""What is told of the code of a public project: its form, and where one can look it up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from regen_map.catalogue import Project
from regen_map.facts.links import Link
from regen_map.facts.wording import Wording

_USUAL = re.compile(r"[A-Z][0-9]{2}[A-Z][0-9]{11}")
_POSSIBLE = re.compile(r"[A-Z0-9]{15}")

_OPENCUP = "https://opencup.gov.it/portale/progetto/-/cup/"
"""Below it a project by its CUP: "URL breve" in the README of PCM-DIPE/ontologia-opencup."""

_OPENCOESIONE = "https://opencoesione.gov.it/"
"""Its home: for readers no address of a project by its CUP is documented there."""


class Cup(NamedTuple):
    """
    The code of a public project.

    Attributes
    ----------
    code
        As it is told.
    usual
        Whether it has the form of a CUP: 15 characters, the first and the fourth a
        letter, the others digits. There is no public check digit, and whether such a
        project exists is another question.
    said
        What its form tells.
    links
        Where one can look it up; none for what cannot be a code.
    """

    code: str
    usual: bool
    said: str
    links: Sequence[Link]


def cup_of(wording: Wording, project: Project) -> Cup | None:
    """Tell the code of a project; None where nobody knows one."""
    words, code = wording.words, project.cup
    if not code:
        return None
    usual = _USUAL.fullmatch(code) is not None
    if not _POSSIBLE.fullmatch(code):
        return Cup(code, usual, words.text("record.cup.impossible"), ())
    links = (
        Link(words.text("record.opencup"), _OPENCUP + quote(code, safe="")),
        Link(words.text("record.opencoesione"), _OPENCOESIONE),
    )
    return Cup(code, usual, words.text(f"record.cup.{'usual' if usual else 'unusual'}"), links)
