"""The position of a row: its fields and the map on which it is set, always in step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import streamlit as st
from streamlit_folium import st_folium

from regen_map.catalogue import City, Table
from regen_map.editing import (
    Check,
    accuracy_of_hand,
    as_cells,
    metres_between,
    proposals,
)
from regen_map.gazetteer import Located, gazetteer_of
from regen_map.messages import LANGUAGES, Translator, translator
from regen_map.ui.staff.editing.fields import show_field
from regen_map.ui.staff.editing.marks import label, short, show_heading, show_note, show_text
from regen_map.ui.staff.editing.session import session
from regen_map.ui.staff.editing.typed import Form
from regen_map.webmap.position_map import (
    Position,
    Positions,
    Proposal,
    position_group,
    position_map,
    streets_of,
)

_MAP = "editing-map"
_HEIGHT_PX = 420
_DEGREES = ("lat", "lon")
_ACCURACY = ("position_accuracy_m", "accuracy_m")
_SOURCES = ("position_source", "source")
_ZOOMS = 25


def is_of_position(table: Table, column: str) -> bool:
    """Tell whether a column tells where a row is; only of tables whose rows are somewhere."""
    if not set(_DEGREES) <= set(table.names):
        return False
    return column in (*_DEGREES, *_ACCURACY) or column in _source_columns(table)


def show_position(form: Form, check: Check | None, show_issues: Callable[[str], None]) -> None:
    """
    Draw the map of a row's position, what is proposed for it, and its fields.

    Parameters
    ----------
    form
        The row.
    check
        What comes out of what is typed; None where nothing does.
    show_issues
        Draws what is wrong with a column, given its name.
    """
    words = form.bench.words
    show_heading(words.text("editing.position"), level=3, about=words.text("editing.position.how"))
    found = proposed(form)
    map_side, field_side = st.columns([3, 2])
    with map_side:
        _show_map(form, found, check.position if check is not None else None)
    with field_side:
        _show_proposals(form, found)
        for column in form.table.columns:
            if is_of_position(form.table, column.name):
                degrees = column.name in _DEGREES
                show_field(
                    words,
                    form.bench.read,
                    form.table,
                    column,
                    form.key(column.name),
                    on_change=partial(_note_hand, form) if degrees else None,
                )
                show_issues(column.name)
            if column.name == _DEGREES[-1]:
                # What is advised comes and goes inside, so that the fields below stay.
                with st.container(key="editing-hand"):
                    _show_hand(form)
        st.button(
            words.text("editing.position.clear"),
            key="editing-clear-position",
            on_click=partial(_clear, form),
            disabled=not (form.cell("lat") or form.cell("lon")),
        )


def proposed(form: Form) -> Sequence[Located]:
    """Give the positions that the gazetteer knows for the address or the name of a row."""
    catalogue = form.bench.read.catalogue
    if catalogue is None or "address" not in form.table.names:
        return ()
    names = (form.cell(f"name_{each}") for each in LANGUAGES)
    return proposals(gazetteer_of(catalogue), form.cell("address"), names)


def set_position(
    form: Form, lat: float, lon: float, accuracy_m: float | None, source: Mapping[str, str]
) -> None:
    """
    Put a position into the fields, before they are drawn.

    Parameters
    ----------
    form
        The row.
    lat, lon
        Degrees WGS84.
    accuracy_m
        How many metres it may be wrong; None where nobody knows.
    source
        Where it comes from, by language.
    """
    _forget_hand(form)
    cells = as_cells(lat, lon)
    form.type("lat", cells.lat)
    form.type("lon", cells.lon)
    for name, cell in _origin(form, accuracy_m, source).items():
        form.type(name, cell)


def _origin(form: Form, accuracy_m: float | None, source: Mapping[str, str]) -> dict[str, str]:
    """Give the cells that tell how exact a position is, and where it comes from."""
    metres = "" if accuracy_m is None else f"{accuracy_m:.0f}"
    cells = {name: metres for name in _ACCURACY if name in form.table.names}
    for name in _source_columns(form.table):
        language = name.rpartition("_")[2]
        cells[name] = source.get(language, source[LANGUAGES[0]])
    return cells


def _source_columns(table: Table) -> tuple[str, ...]:
    names = [f"{_SOURCES[0]}_{each}" for each in LANGUAGES]
    if table.located and _SOURCES[1] in table.names:
        names.append(_SOURCES[1])
    return tuple(each for each in names if each in table.names)


def _clear(form: Form) -> None:
    _forget_hand(form)
    for name in form.table.names:
        if is_of_position(form.table, name):
            form.type(name, "")


# ------------------------------------------------------------------ the map


def _show_map(form: Form, found: Sequence[Located], now: Position | None) -> None:
    words, city = form.bench.words, form.bench.read.reading.city
    if city is None:
        show_note(words.text("editing.position.no_city"), "warning")
        return
    catalogue = form.bench.read.catalogue
    before = form.row.position if form.row is not None else None
    apart = ""
    if now and before and now != before:
        metres = metres_between(before, now)
        apart = words.text("editing.position.apart", distance=distance(words, metres))
    positions = Positions(
        subject=form.view.token,
        editable=True,
        now=now,
        accuracy=_accuracy(form),
        before=before if before != now else None,
        apart=apart,
        proposals=[
            Proposal(at=(each.lat, each.lon), accuracy=each.accuracy_m, label=_told(words, each))
            for each in found
        ],
        streets=streets_of(catalogue) if catalogue is not None else (),
    )
    draw_positions(words, city, positions, key=_MAP, on_change=partial(_take, form))
    if apart:
        show_note(apart)


def draw_positions(
    words: Translator,
    city: City,
    positions: Positions,
    *,
    key: str,
    on_change: Callable[[], None] | None = None,
) -> None:
    """Mount the map of positions, once, and tell it what to show."""
    st_folium(
        position_map(city),
        key=key,
        height=_HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=position_group(positions, words),
        on_change=on_change,
    )


def distance(words: Translator, metres: float) -> str:
    """Write how far a point was moved: to the metre up to a hundred."""
    if metres < 100:  # noqa: PLR2004 - as the docstring says
        return f"{words.number(metres)} m"
    return words.distance(metres)


def _accuracy(form: Form) -> float | None:
    for name in _ACCURACY:
        if name in form.table.names:
            try:
                metres = float(form.cell(name))
            except ValueError:
                return None
            return metres if 0 < metres <= form.table.column(name).high else None  # type: ignore[operator]  # both have bounds
    return None


class Said(NamedTuple):
    """
    A position that somebody has set on the map.

    Attributes
    ----------
    lat, lon
        Degrees WGS84.
    accuracy_m
        How exactly it could be set there, in metres.
    """

    lat: float
    lon: float
    accuracy_m: float


def heard(said: object, subject: str) -> Said | None:
    """
    Understand what the map's frame sends; anybody may have sent it.

    Parameters
    ----------
    said
        ``lat``, ``lon``, ``zoom`` and the ``subject`` that was shown.
    subject
        What is shown now.

    Returns
    -------
    Said or None
        None for what is no position, and for one of another subject.
    """
    if not isinstance(said, Mapping) or said.get("subject") != subject:
        return None
    try:
        lat, lon, zoom = (float(said[each]) for each in ("lat", "lon", "zoom"))
        as_cells(lat, lon)
        return Said(lat, lon, accuracy_of_hand(lat, min(max(zoom, 0), _ZOOMS)))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _take(form: Form) -> None:
    """Take the position that was set on the map, by hand and today."""
    said = heard(st.session_state.get(_MAP), form.view.token)
    if said is not None:
        set_position(form, said.lat, said.lon, said.accuracy_m, _by_hand(form))


def _by_hand(form: Form) -> dict[str, str]:
    """Say by language that a position was set by hand, and today."""
    date = form.bench.today.isoformat()
    return {
        each: translator(each).text("editing.source.hand", date=translator(each).date(date))
        for each in LANGUAGES
    }


# ------------------------------------------------------------------ typed degrees


def _note_hand(form: Form) -> None:
    """Note what accuracy and source were when somebody first typed other degrees."""
    cells = {name: form.cell(name) for name in _origin(form, None, _by_hand(form))}
    session().by_hand.setdefault(form.view.token, cells)


def _forget_hand(form: Form) -> None:
    session().by_hand.pop(form.view.token, None)


def _show_hand(form: Form) -> None:
    """Advise who has typed a position that it is still told to come from where it came from."""
    words, noted = form.bench.words, session().by_hand.get(form.view.token, {})
    now = {name: form.cell(name) for name in noted}
    moved = any(form.cell(each) != form.before[each] for each in _DEGREES)
    by_hand = _origin(form, None, _by_hand(form))
    if not moved or now != noted or now == by_hand or not any(now.values()):
        return
    show_note(words.text("form.by_hand"), "warning")
    st.button(
        words.text("form.by_hand.take"), key="editing-by-hand", on_click=partial(_take_hand, form)
    )


def _take_hand(form: Form) -> None:
    for name, cell in _origin(form, None, _by_hand(form)).items():
        form.type(name, cell)
        if name in _ACCURACY:
            # The button goes; who knows how exact the position is may say so next.
            session().arrive(form.key(name))


# ------------------------------------------------------------------ proposals


def _show_proposals(form: Form, found: Sequence[Located]) -> None:
    words = form.bench.words
    if not found:
        return
    show_text(words.text("editing.proposals"))
    for place, each in enumerate(found):
        st.button(
            label(_told(words, each)),
            key=f"editing-proposal-{place}",
            on_click=partial(accept, form, each),
        )


def accept(form: Form, located: Located) -> None:
    """Put a proposed position into the fields, with its accuracy and its source."""
    source = {
        each: translator(each).text("editing.source.gazetteer", name=located.name)
        for each in LANGUAGES
    }
    set_position(form, located.lat, located.lon, located.accuracy_m, source)


def _told(words: Translator, located: Located) -> str:
    precision = words.text(f"editing.precision.{located.precision}")
    if located.accuracy_m is None:
        return words.text("editing.proposal", name=short(located.name), precision=precision)
    return words.text(
        "editing.proposal.accuracy",
        name=short(located.name),
        precision=precision,
        metres=words.number(located.accuracy_m),
    )
