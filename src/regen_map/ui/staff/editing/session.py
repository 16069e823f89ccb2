"""What a session has open for editing, and what it has typed and not saved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import streamlit as st

from regen_map.editing import Files, Ref

_KEY = "editing"


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row that is being changed."""

    ref: Ref

    @property
    def table(self) -> str:
        """The name of its table."""
        return self.ref.table

    @property
    def token(self) -> str:
        """What tells its widgets from those of other rows."""
        return digest_of(self.ref.table, *self.ref.key)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that is being added; `given` is what is known of it before anybody types."""

    table: str
    given: tuple[tuple[str, str], ...]
    number: int

    @property
    def token(self) -> str:
        """What tells its widgets from those of other rows."""
        return digest_of(self.table, f"new {self.number}")


@dataclass(frozen=True, slots=True)
class OpenQueue:
    """The places whose position is to be verified, one after the other."""


View: TypeAlias = OpenRow | NewRow | OpenQueue


@dataclass(slots=True)
class Session:
    """
    What a session has open.

    Attributes
    ----------
    views
        What is open, the last one on top; the finder where there is nothing.
    typed
        The cells that are typed and not saved, with what they are in, by token.
    opened
        The state of each row when it was opened, by token; see `Form.state`.
    by_hand
        Accuracy and source of a position as they were when somebody typed other degrees, by
        token.
    passed
        The ids of the places that the queue has passed by, in this session.
    new
        How many new rows there have been.
    tried
        The token of the form that somebody has tried to save.
    turn
        How often something else has come into view.
    place
        Where it stands: the key of its container, or of the first one that is there.
    saved
        The token of the form that was saved last, until something else is opened.
    n_queue
        How many places the queue had at its start.
    files
        The files as they were read last, held so that the next run need not read them;
        None while something else is done.
    """

    views: list[View] = field(default_factory=list)
    typed: dict[str, tuple[View, dict[str, str]]] = field(default_factory=dict)
    opened: dict[str, str] = field(default_factory=dict)
    by_hand: dict[str, dict[str, str]] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    new: int = 0
    tried: str = ""
    turn: int = 0
    place: str = ""
    saved: str = ""
    n_queue: int = 0
    files: Files | None = None

    @property
    def view(self) -> View | None:
        """What is shown; None for the finder."""
        return self.views[-1] if self.views else None

    def open(self, view: View) -> None:
        """Put something on top of what is open."""
        self.views.append(view)
        self.tried = self.saved = ""
        self.arrive()

    def add(self, table: str, given: Mapping[str, str]) -> None:
        """Open a new row."""
        self.new += 1
        self.open(NewRow(table, tuple(given.items()), self.new))

    def back(self) -> None:
        """Close what is on top."""
        self.arrive()
        if self.views:
            closed = self.views.pop()
            if isinstance(closed, OpenRow | NewRow):
                self.opened.pop(closed.token, None)
                self.arrive(f"editing-related-{closed.table}")
        self.tried = self.saved = ""

    def replace(self, view: View) -> None:
        """Put something in the place of what is on top."""
        self.views[-1:] = [view]
        self.tried = ""

    def arrive(self, place: str = "") -> None:
        """Have the focus put on what has come into view; see `place`."""
        self.turn += 1
        self.place = place


def session() -> Session:
    """Give what the session has open."""
    found: Session = st.session_state.setdefault(_KEY, Session())
    return found


def digest_of(*parts: str) -> str:
    """Give few letters that tell texts from others."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:12]
