"""Texts of the data on the page: as plain text, wherever Streamlit would read markup."""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Iterable

import streamlit as st
from markupsafe import Markup

from regen_map.intake import Issue
from regen_map.messages.issues import describe, explain, visible

_STYLE = (importlib.resources.files("regen_map.ui") / "assets" / "position.css").read_text("utf-8")
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
_LONGEST = 120


def label(text: str) -> str:
    r"""
    Write any text as the label of a widget, which Streamlit takes for markdown.

    Examples
    --------
    >>> label("a*b* :red[c] $d$\n")
    'a\\*b\\* \\:red\\[c\\] \\$d\\$⏎'
    """
    return escaped(short(text))


def escaped(text: str) -> str:
    """Write any text so that nothing in it is markdown."""
    return _SIGNS.sub(r"\\\1", text)


def short(text: str, longest: int = _LONGEST) -> str:
    """Shorten a text, and show the characters that cannot be seen."""
    return visible(text, longest)


def show_style() -> None:
    """Bring the style sheet of editing to the page."""
    st.html(f"<style>{_STYLE}</style>")


def show_note(text: str, kind: str = "notice") -> None:
    """
    Draw a sentence.

    Parameters
    ----------
    text
        Any text.
    kind
        ``notice``, ``done``, ``warning`` and ``error`` answer what somebody has done, and
        are read out; a ``fault`` stands there and waits.
    """
    role = {"error": "alert", "fault": "note"}.get(kind, "status")
    st.html(Markup('<p class="rm-edit {}" role="{}">{}</p>').format(kind, role, text))


_HEADINGS = {
    2: Markup('<div class="rm-edit-heading"><h2>{}</h2>{}</div>'),
    3: Markup('<div class="rm-edit-heading"><h3>{}</h3>{}</div>'),
}


def show_heading(text: str, level: int = 2, about: str = "") -> None:
    """Draw a heading of level 2 or 3, and a line about it."""
    below = Markup('<p class="rm-edit-about">{}</p>').format(about) if about else ""
    st.html(_HEADINGS[level].format(text, below))


def show_text(text: str) -> None:
    """Draw a line of text as it is."""
    st.html(Markup('<p class="rm-edit-text">{}</p>').format(text))


def show_list(texts: Iterable[str]) -> None:
    """Draw lines of text as they are, as a list."""
    lines = Markup("").join(Markup("<li>{}</li>").format(each) for each in texts)
    st.html(Markup('<ul class="rm-edit-list">{}</ul>').format(lines))


def show_issues(issues: Iterable[Issue], language: str, *, placed: bool = False) -> None:
    """
    Draw what is wrong.

    Parameters
    ----------
    issues
        What is wrong.
    language
        Of the sentences.
    placed
        Whether file, line and column are named: below the field that it is about, they
        are not.
    """
    say = describe if placed else explain
    lines = [
        Markup('<li class="{}">{}</li>').format(str(each.severity), say(each, language))
        for each in issues
    ]
    if lines:
        told = Markup('<div role="status"><ul class="rm-edit-issues">{}</ul></div>')
        st.html(told.format(Markup("").join(lines)))
