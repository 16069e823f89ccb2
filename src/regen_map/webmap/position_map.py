"""A map on which one position is set, or on which it is seen which ones a change moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, TypeAlias

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from jinja2 import Template

from regen_map.catalogue import Catalogue, City
from regen_map.messages import Translator
from regen_map.webmap.assets import frame_link
from regen_map.webmap.base_map import layer_options, town_map

Position: TypeAlias = tuple[float, float]
"""``(lat, lon)`` in degrees WGS84."""

_MOST_STREETS = 300
_WORDS = ("zoom_in", "zoom_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """
    A position that is proposed.

    Attributes
    ----------
    at
        Where.
    accuracy
        How many metres it may be wrong; None where nobody states it.
    label
        What stands there; any text.
    """

    at: Position
    accuracy: float | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """
    A position that a change moves.

    Attributes
    ----------
    before, after
        None where it is not known.
    label
        Its name and how far it is; any text.
    """

    before: Position | None
    after: Position | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """
    A street or a square.

    Attributes
    ----------
    at
        Where its name is written.
    label
        The name; any text.
    """

    at: Position
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """
    What the map shows.

    Attributes
    ----------
    subject
        What it is about; another one is shown whole.
    editable
        Whether a click, dragging or the arrow keys set the position.
    now, accuracy
        The position, None for none, and by how many metres it may be wrong.
    before, apart
        Where it was, if it was elsewhere, and the distance in words.
    proposals, moves
        What else is drawn.
    streets
        The names that are written where there is no background.
    """

    subject: str
    editable: bool = False
    now: Position | None = None
    accuracy: float | None = None
    before: Position | None = None
    apart: str = ""
    proposals: Sequence[Proposal] = ()
    moves: Sequence[Move] = ()
    streets: Sequence[Named] = ()


class PositionLayer(JSCSSMixin, MacroElement):
    """
    The element that owns positions in the browser; see ``position_layer.js``.

    Parameters
    ----------
    options
        What the layer must know before it is told any position; becomes JSON.
    """

    default_js = [("position_layer", frame_link("position_layer.js"))]  # noqa: RUF012 - Folium's
    default_css = [("map_css", frame_link("map.css"))]  # noqa: RUF012 - Folium's

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "window.RegenMapPosition.mount({{ this._parent.get_name() }}, {{ this.options|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Folium's
        self._name = "PositionLayer"
        self.options = options


class PositionState(MacroElement):
    """
    What the layer is told; the one part of the map that differs from run to run.

    Parameters
    ----------
    state
        Becomes JSON in which nothing can end the script.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "window.regenMapPosition.set({{ this.state|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, state: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Folium's
        self._name = "PositionState"
        self.state = state


def streets_of(catalogue: Catalogue) -> tuple[Named, ...]:
    """Name the streets and squares of a catalogue, at most `_MOST_STREETS` of them."""
    frame = catalogue.table("streets")
    rows = zip(frame["name"], frame["kind"], frame["lat"], frame["lon"], strict=True)
    named = (
        Named(at=(float(lat), float(lon)), label=str(name))
        for name, kind, lat, lon in rows
        if kind != "address"
    )
    return tuple(islice(named, _MOST_STREETS))


def position_map(city: City) -> folium.Map:
    """
    Build the map on which positions are drawn, without any.

    As `regen_map.webmap.base_map` it is built anew for each run, and the same for all.

    Parameters
    ----------
    city
        Fixes the view at start and the background.
    """
    drawn = town_map(city)
    PositionLayer(layer_options(city)).add_to(drawn)
    return drawn


def position_group(positions: Positions, words: Translator) -> folium.FeatureGroup:
    """
    Build what tells the map of `position_map` what to show.

    Parameters
    ----------
    positions
        What it shows.
    words
        The messages of the reader's language.
    """
    told = {each: words.text(f"map.{each}") for each in _WORDS}
    told |= {"marker": words.text("editing.map.marker"), "map": words.text("editing.map")}
    group = folium.FeatureGroup(name="positions")
    group.add_child(PositionState({**asdict(positions), "words": told, "language": words.language}))
    return group
