"""A row that is open, and what is typed into the fields of its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from regen_map.catalogue import Table
from regen_map.catalogue.schema import TABLES
from regen_map.editing import (
    Cells,
    Check,
    Edited,
    Row,
    Source,
    added,
    changed,
    checked,
    checked_alone,
    sources_of,
    with_sources,
)
from regen_map.ui.staff.editing.bench import Bench
from regen_map.ui.staff.editing.fields import cell_of, shown
from regen_map.ui.staff.editing.session import NewRow, OpenRow, digest_of, session

_DATED = Cells._fields
"""The columns whose pieces have a field each; see `regen_map.editing.sources`."""
_OWN = ("verified", "sure", "n_sources")


@dataclass(frozen=True, kw_only=True)
class Form:
    """
    A row and what is typed into its fields.

    Attributes
    ----------
    bench
        What editing works on.
    view
        The row as it is open.
    row
        The row as it stands in its file; None for a new one.
    """

    bench: Bench
    view: OpenRow | NewRow
    row: Row | None

    @property
    def table(self) -> Table:
        """Its table."""
        return TABLES[self.view.table]

    @property
    def longest(self) -> int:
        """How many characters a cell may have."""
        return self.bench.options.limits.cell_characters

    @cached_property
    def before(self) -> Mapping[str, str]:
        """The cells before anybody types, by name of the column."""
        if self.row is not None:
            return self.row.cells
        given = dict(self.view.given) if isinstance(self.view, NewRow) else {}
        return {name: given.get(name, "") for name in self.table.names}

    @cached_property
    def state(self) -> str:
        """What tells the row as it was before anybody typed from other states of it."""
        return digest_of(*(f"{name}={cell}" for name, cell in self.before.items()))

    def key(self, column: str) -> str:
        """Name the field of a column: another in each language, and when the row has changed."""
        shown_as = digest_of(self.view.token, self.bench.words.language, self.state)
        return f"editing-{shown_as}-{column}"

    @property
    def overtaken(self) -> bool:
        """Whether somebody else has changed the row since it was opened."""
        return session().opened.setdefault(self.view.token, self.state) != self.state

    @property
    def is_drawn(self) -> bool:
        """Whether its fields were there in the run before."""
        keys = [self.key(name) for name in self.table.names if not self.is_dated(name)]
        if self.is_dated("sources"):
            keys += self._source_keys(0)
        return all(key in st.session_state for key in keys)

    def prepare(self) -> None:
        """Put into the session what the fields show, unless it is there."""
        _, typed = session().typed.get(self.view.token, (self.view, {}))
        cells = {**self.before, **typed}
        for column in self.table.columns:
            if not self.is_dated(column.name):
                text = shown(column, cells[column.name], self.longest)
                st.session_state.setdefault(self.key(column.name), text)
        if self.is_dated("sources") and self._source_keys(0)[0] not in st.session_state:
            known = sources_of(self._shown_sources(cells))
            # One row of fields where there is none: somebody may know one.
            for at, each in enumerate(known or [Source("", "")]):
                self._show_source(at, each)

    def is_dated(self, column: str) -> bool:
        """Tell whether a column is one of sources and their dates, with a field for each piece."""
        return column in _DATED and set(_DATED) <= set(self.table.names)

    @property
    def n_sources(self) -> int:
        """How many fields there are for sources, once they are prepared."""
        found: int = st.session_state[self.key("n_sources")]
        return found

    def add_source(self) -> None:
        """Put empty fields for a source behind the others; before the fields are drawn."""
        self._show_source(self.n_sources, Source("", ""))

    def _show_source(self, at: int, source: Source) -> None:
        for key, text in zip(self._source_keys(at), source, strict=True):
            st.session_state[key] = text
        st.session_state[self.key("n_sources")] = at + 1

    def _source_keys(self, at: int) -> tuple[str, str]:
        address, date = (self.key(f"{name}_{at}") for name in _DATED)
        return address, date

    def _shown_sources(self, cells: Mapping[str, str]) -> Cells:
        """Give the cells that fields can show; those that are too long are empty."""
        told = (cells[each] for each in _DATED)
        return Cells(*("" if len(each) > self.longest else each for each in told))

    def _dated(self) -> Cells:
        """Give the cells of the sources that are typed."""
        state = st.session_state
        if self.key("n_sources") not in state:
            return Cells(*(self.before[each] for each in _DATED))
        places = map(self._source_keys, range(self.n_sources))
        typed = [Source(state.get(one, ""), state.get(other, "")) for one, other in places]
        seen = self._shown_sources(self.before)
        return Cells(
            *(
                self.before[name] if now == was else now
                for name, now, was in zip(_DATED, with_sources(seen, typed), seen, strict=True)
            )
        )

    def type(self, column: str, cell: str) -> None:
        """Put a cell into its field; before the field is drawn."""
        st.session_state[self.key(column)] = shown(self.table.column(column), cell, self.longest)

    def cell(self, column: str) -> str:
        """Give the cell that is typed."""
        if self.is_dated(column):
            return self._dated()[_DATED.index(column)]
        text = st.session_state.get(self.key(column))
        if text is None or text == shown(
            self.table.column(column), self.before[column], self.longest
        ):
            return self.before[column]
        return cell_of(self.table.column(column), text)

    def changes(self) -> dict[str, str]:
        """Give the cells that are typed and other than before; of a new row all that has any."""
        typed = {name: self.cell(name) for name in self.table.names}
        return {
            name: cell
            for name, cell in typed.items()
            if (cell if self.row is None else cell != self.before[name])
        }

    def edited(self, cells: Mapping[str, str]) -> Edited:
        """
        Write cells into the files.

        Raises
        ------
        RowGoneError, UnwritableError
            As `regen_map.editing.changed`.
        """
        if self.row is None:
            return added(self.bench.read, self.table.name, cells)
        return changed(self.bench.read, self.row.ref, cells)

    def check_alone(self, cells: Mapping[str, str]) -> Check | None:
        """Check what is typed without reading the files again; see `checked_alone`."""
        return checked_alone(self.bench.read, self.table.name, cells, self.row)

    def check(self, edited: Edited) -> Check:
        """Check the whole city with it."""
        return checked(self.bench.read, edited, self.row)

    def remember(self, changes: Mapping[str, str]) -> None:
        """Keep what is typed while another row is open."""
        typed = session().typed
        known = dict(self.view.given) if isinstance(self.view, NewRow) else {}
        if any(known.get(name) != cell for name, cell in changes.items() if name != "id"):
            typed[self.view.token] = (self.view, dict(changes))
        else:
            typed.pop(self.view.token, None)

    def discard(self) -> None:
        """Forget what is typed; before the fields are drawn."""
        session().typed.pop(self.view.token, None)
        session().opened.pop(self.view.token, None)
        session().by_hand.pop(self.view.token, None)
        for name in (*self.table.names, *_OWN):
            st.session_state.pop(self.key(name), None)
        for key in self._source_keys(0):
            st.session_state.pop(key, None)
