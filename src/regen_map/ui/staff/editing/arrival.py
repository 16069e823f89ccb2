"""Where the focus goes when another row is opened, or one is closed: the page stays the same."""

from __future__ import annotations

from regen_map.ui.staff.editing.session import session
from regen_map.ui.staff.focus import focus


def show_arrival() -> None:
    """Tell the browser what is open now; after all else that editing draws."""
    state = session()
    own = f".st-key-{state.place or 'editing'}"
    places = (f"{own} :is(h2, h3, .done)", f"{own} input", ".st-key-editing :is(h2, h3)")
    focus("editing", state.turn, places)
