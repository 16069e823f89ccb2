"""What every part of the desk works with, and which of its steps is open."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

from regen_map.catalogue import City
from regen_map.messages import Translator
from regen_map.messages.issues import visible
from regen_map.store import Store, UnavailableError, Version
from regen_map.ui.rendering import written
from regen_map.ui.staff.visitor import Visitor
from regen_map.ui.staff.work import Work

LONGEST_NAME = 200
LONGEST_MESSAGE = 2000
"""How many characters are shown of what somebody typed."""

_STEP = "staff-step"
_T = TypeVar("_T")


class Step(enum.StrEnum):
    """What is done at the desk, in the order in which it is done."""

    BRING = "bring"
    EDIT = "edit"
    PUBLISH = "publish"
    HISTORY = "history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """
    What one run of the page works with.

    Attributes
    ----------
    store
        Where the town lives.
    visitor
        Who has the page open.
    work
        What the session is preparing.
    words
        The messages of the reader's language.
    city
        The town as it is public.
    now
        The moment of the run, with a time zone.
    params
        The view of the session as a link has it, for links to other pages.
    troubles
        Why the store could not be read in this run; empty where it could.
    """

    store: Store
    visitor: Visitor
    work: Work
    words: Translator
    city: City
    now: dt.datetime
    params: Mapping[str, str]
    troubles: list[OSError] = field(default_factory=list)

    def asked(self, read: Callable[[], _T]) -> _T | None:
        """
        Ask the store for something without which the page can go on.

        Parameters
        ----------
        read
            Asks it. A store that could not be read before is not asked again in this run:
            it may take seconds to find out that nobody answers.

        Returns
        -------
        object or None
            None where there is no answer; `troubles` then says why.
        """
        if self.troubles:
            return None
        try:
            return read()
        except OSError as error:
            self.troubles.append(error)
            return None

    @property
    def today(self) -> dt.date:
        """The day of the run, in the city's time zone."""
        return self.now.astimezone(ZoneInfo(self.city.time_zone)).date()

    def moment(self, at: dt.datetime) -> str:
        """Write a moment in the city's time zone."""
        local = at.astimezone(ZoneInfo(self.city.time_zone))
        day = self.words.date(local.date().isoformat())
        return self.words.text("staff.moment", day=day, time=f"{local:%H:%M}")

    def unreachable(self, error: OSError) -> str:
        """Say that the data cannot be read or written now, and that nothing is lost."""
        if isinstance(error, UnavailableError):
            # Strangers need not know where the database is.
            staff = self.visitor.person is not None
            name, detail = (error.name, error.detail) if staff else ("PostgreSQL", "…")
            shown = visible(name, LONGEST_NAME), visible(detail, LONGEST_NAME)
            return self.words.text(f"store.{error.reason}", name=shown[0], detail=shown[1])
        reason = visible(error.strerror or type(error).__name__, LONGEST_NAME)
        return self.words.text("staff.unreadable_now", reason=reason)

    def author(self, version: Version) -> str:
        """Name who published a version, to the staff only; unknown where nobody is named."""
        if self.visitor.person is None:
            return self.words.text("staff.somebody" if version.author else "staff.nobody")
        return visible(version.author, LONGEST_NAME) or self.words.text("staff.nobody")

    def message(self, version: Version) -> str:
        """Tell why a version was published, to the staff only: it was written for colleagues."""
        return visible(version.message, LONGEST_MESSAGE) if self.visitor.person else ""


def open_step() -> Step:
    """Give the step that is open."""
    found: Step = st.session_state.setdefault(_STEP, Step.BRING)
    return found


def go_to(step: Step) -> None:
    """Open another step on the next run."""
    st.session_state[_STEP] = step


def say(sentence: str, *, trouble: bool = False) -> None:
    """Write a sentence that may name anything, as what it is: text."""
    st.html(written("staff_notice.html", sentence=sentence, trouble=trouble))
