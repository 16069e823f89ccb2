"""How bars are told apart, by colour and by texture, on paper and on a dark ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from markupsafe import Markup

from regen_map.catalogue import Phase
from regen_map.query import UNKNOWN


class Look(NamedTuple):
    """
    The look of a bar.

    Attributes
    ----------
    hue
        ``blue``, ``amber`` or ``grey``: told apart in the common colour-vision
        deficiencies, 3:1 or more against the ground (WCAG 1.4.11).
    texture
        ``solid``, ``empty`` or one of the patterns: tells bars apart without colour.
    """

    hue: str
    texture: str


PHASES: Mapping[str, Look] = MappingProxyType(
    {
        Phase.PLANNING: Look("blue", "dots"),
        Phase.DESIGN: Look("blue", "lines"),
        Phase.TENDER: Look("blue", "cross"),
        Phase.WORKS: Look("amber", "stripes"),
        Phase.TESTING: Look("amber", "back"),
        Phase.COMPLETED: Look("blue", "solid"),
        Phase.DROPPED: Look("grey", "grid"),
        UNKNOWN: Look("grey", "empty"),
    }
)
"""The nearer to its end, the fuller the bar; what goes on in the street is amber."""

NATURES: Mapping[str, Look] = MappingProxyType(
    {
        "allocated": Look("blue", "solid"),
        "estimated": Look("blue", "lines"),
        "spent": Look("amber", "stripes"),
        "fit_out": Look("amber", "back"),
        "private": Look("grey", "cross"),
    }
)
"""In the order in which kinds of money are told."""

OTHER = Look("grey", "dots")

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "ground": "#ffffff",
        "ink": "#22262b",
        "quiet": "#4a4f54",
        "line": "#d9d4cb",
        "blue": "#1f4e6b",
        "amber": "#b26a00",
        "grey": "#7d776c",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "ground": "#15181c",
        "ink": "#f4f1ea",
        "quiet": "#c3bdb2",
        "line": "#383e45",
        "blue": "#9cc7e6",
        "amber": "#f2b04a",
        "grey": "#8b9199",
    }
)
"""The colours of the app (``.streamlit/config.toml``), and three hues for bars."""

_TEXTURES: Mapping[str, Markup] = MappingProxyType(
    {
        "dots": Markup(
            '<circle class="{hue}" cx="2" cy="2" r="1.2"/>'
            '<circle class="{hue}" cx="6" cy="6" r="1.2"/>'
        ),
        "lines": Markup('<path class="{hue}-line" d="M-1 9L9 -1M-1 5L5 -1M3 9L9 3M7 9L9 7"/>'),
        "back": Markup('<path class="{hue}-line" d="M-1 -1L9 9M3 -1L9 5M-1 3L5 9M-1 7L1 9"/>'),
        "stripes": Markup('<path class="{hue}-line" d="M2 0V8M6 0V8" stroke-width="2.8"/>'),
        "grid": Markup('<path class="{hue}-line" d="M2 0V8M6 0V8M0 2H8M0 6H8"/>'),
        "cross": Markup('<path class="{hue}-line" d="M0 0L8 8M8 0L0 8"/>'),
    }
)
_PATTERN = Markup(
    '<pattern id="{key}-{hue}-{texture}" width="8" height="8"'
    ' patternUnits="userSpaceOnUse">{drawn}</pattern>'
)


def patterns(key: str) -> Markup:
    """
    Give the textures of a drawing.

    Parameters
    ----------
    key
        What the names of the drawing begin with, so that several share a page.
    """
    hues = ("blue", "amber", "grey")
    return Markup("").join(
        _PATTERN.format(key=key, hue=hue, texture=name, drawn=drawn.format(hue=hue))
        for name, drawn in _TEXTURES.items()
        for hue in hues
    )


def style(key: str) -> str:
    """
    Give the style sheet of a drawing, which touches nothing outside it.

    Colours are written out: programmes other than browsers know no variables.
    """
    fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'
    dark = "".join(_colours(key, DARK))
    return (
        f"#{key} text{{font-family:{fonts};font-size:13px}}"
        f"#{key} .small{{font-size:12px}}"
        f"#{key} .strong{{font-weight:600}}"
        f"#{key} .title{{font-size:16px;font-weight:600}}"
        f"#{key} .number{{font-variant-numeric:tabular-nums}}"
        f"#{key} .halo{{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}}"
        f"#{key} .ring{{paint-order:stroke;stroke-width:2.4px}}"
        f"{''.join(_colours(key, LIGHT))}"
        f"@media screen and (prefers-color-scheme:dark){{{dark}}}"
    )


def _colours(key: str, colours: Mapping[str, str]) -> Iterator[str]:
    for name, colour in colours.items():
        yield f"#{key} .{name}{{fill:{colour}}}"
        yield f"#{key} .{name}-line{{fill:none;stroke:{colour}}}"
        yield f"#{key} .{name}-edge{{stroke:{colour}}}"
    yield f"#{key} .ground-edge{{stroke:{colours['ground']}}}"
