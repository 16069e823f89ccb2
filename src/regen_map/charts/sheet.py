"""The paper of a chart: texts that fit and are escaped, bars, marks, a legend, the document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from regen_map.charts.looks import Look, patterns, style
from regen_map.facts.links import shortened

NARROW = 480
"""Below this width names stand above their bars, not beside them."""
MARGIN = 12.0
LINE = 18.0
"""From one line of text to the next."""
MOST_ROWS = 200
"""A drawing of more rows is read by nobody; its table has them all."""

_NARROWEST, _WIDEST = 280, 1600
_SIZE = 13
_HEAD = 16
_BOLD = 1.12
_LONGEST = 200
# What XML 1.0 forbids and what HTML takes for an error: controls, halves, noncharacters.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)
    )
    + "]"
)
_WIDTHS = {
    letter: width
    for letters, width in (("iIjl.,:;'’!| \xa0", 0.33), ("frt()[]-", 0.42), ("mwMW@%—…", 1.0))
    for letter in letters
}
"""Of letters in DejaVu Sans, which is wider than most, as parts of its size."""

_DOCUMENT = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" id="{key}" class="chart" role="img"'
    ' width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    ' aria-labelledby="{key}-title" aria-describedby="{key}-desc" lang="{language}">'
    '<title id="{key}-title">{title}</title><desc id="{key}-desc">{summary}</desc>'
    "<style>{style}</style><defs>{patterns}</defs>"
    '<rect class="ground" width="{width}" height="{height}"/>{parts}</svg>'
)
_TEXT = Markup('<text x="{x}" y="{y}" text-anchor="{anchor}" class="{look}">{content}</text>')
_BAR = Markup(
    '<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" class="{look}"{dash}/>'
)
_PATH = Markup('<path d="{d}" class="{look}" stroke-width="{thickness}"{dash}/>')


class Mark(NamedTuple):
    """
    A mark at a point.

    Attributes
    ----------
    shape
        ``diamond``, ``circle``, ``triangle`` or ``tick``.
    filled
        Whether it is solid, with an edge of the ground around it; a hollow one shows
        the ground.
    """

    shape: str
    filled: bool = True


class Sheet:
    """
    A drawing that grows downwards.

    Parameters
    ----------
    name
        Of the chart: part of the ids, so that several charts share a page.
    width
        Of the drawing; made to lie between 280 and 1600.
    title
        Written on top.

    Attributes
    ----------
    y
        Where the next thing is drawn, from the top.
    """

    def __init__(self, name: str, width: int, title: str) -> None:
        self.width = min(max(width, _NARROWEST), _WIDEST)
        self.key = f"chart-{name}-{self.width}"
        self.y = MARGIN
        self._title = title
        self._parts: list[Markup] = []
        for line in wrapped(title, self.right - MARGIN, _HEAD * _BOLD):
            self.y += 20
            self.text(MARGIN, self.y - 4, line, look="ink title")
        self.y += 6

    @property
    def narrow(self) -> bool:
        """Whether it is drawn for a phone."""
        return self.width < NARROW

    @property
    def right(self) -> float:
        """Where its right margin begins."""
        return self.width - MARGIN

    def text(
        self, x: float, y: float, content: str, *, look: str = "ink", anchor: str = "start"
    ) -> None:
        """Write a text on a base line, from its start, its middle or its end."""
        said = text_content(content)
        self._add(_TEXT, x=_number(x), y=_number(y), anchor=anchor, look=look, content=said)

    def note(self, content: str, *, look: str = "quiet small") -> None:
        """Write sentences as wide as the drawing, in as many lines as they need."""
        for line in wrapped(content, self.right - MARGIN, _SIZE - 1):
            self.text(MARGIN, self.y + 12, line, look=look)
            self.y += 16
        self.y += 4

    def bar(self, x: float, y: float, width: float, height: float, look: Look) -> None:
        """Draw a bar from its upper left corner."""
        solid, empty = look.texture == "solid", look.texture == "empty"
        fill = "none" if empty else "" if solid else f"url(#{self.key}-{look.hue}-{look.texture})"
        self._add(
            _BAR,
            x=_number(x),
            y=_number(y),
            width=_number(max(width, 0.5)),
            height=_number(height),
            fill=fill or "currentColor",
            look=look.hue if solid else f"{look.hue}-edge",
            dash=Markup(' stroke-dasharray="3 2"') if empty else "",
        )

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        *,
        look: str = "line",
        thickness: float = 1,
        dashed: bool = False,
    ) -> None:
        """Draw a straight line."""
        (x1, y1), (x2, y2) = start, end
        d = f"M{_number(x1)} {_number(y1)}L{_number(x2)} {_number(y2)}"
        dash = Markup(' stroke-dasharray="1 3" stroke-linecap="round"') if dashed else ""
        self._add(_PATH, d=d, look=f"{look}-line", thickness=thickness, dash=dash)

    def mark(self, x: float, y: float, mark: Mark, look: str = "ink") -> None:
        """Draw a mark around a point."""
        d = {
            "diamond": f"M{_number(x)} {_number(y - 5)}l5 5l-5 5l-5 -5z",
            "circle": f"M{_number(x - 4.5)} {_number(y)}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
            "triangle": f"M{_number(x - 4)} {_number(y - 5)}l8 5l-8 5z",
            "tick": f"M{_number(x)} {_number(y - 4)}v8",
        }[mark.shape]
        kind = f"{look} ground-edge ring" if mark.filled else f"ground {look}-edge"
        if mark.shape == "tick":
            kind = f"{look}-line"
        self._add(_PATH, d=d, look=kind, thickness=1.5, dash="")

    def legend(self, entries: Iterable[tuple[Look | Mark, str]]) -> None:
        """Explain bars and marks, in as many lines as they need."""
        x, y = MARGIN, self.y + 10
        drawn = False
        for look, said in entries:
            width = 22 + text_width(said, _SIZE - 1) + 16
            if drawn and x + width - 16 > self.right:
                x, y = MARGIN, y + LINE
            if isinstance(look, Mark):
                self.mark(x + 8, y - 4, look)
            else:
                self.bar(x, y - 10, 16, 11, look)
            self.text(x + 22, y, fitted(said, self.right - x - 22, _SIZE - 1), look="quiet small")
            x, drawn = x + width, True
        if drawn:
            self.y = y + 12

    def document(self, language: str, summary: str) -> str:
        """
        Close the drawing.

        Parameters
        ----------
        language
            Of its texts.
        summary
            Its message in words.

        Returns
        -------
        str
            The SVG, as tall as what was drawn.
        """
        return str(
            _DOCUMENT.format(
                key=self.key,
                width=self.width,
                height=round(self.y + MARGIN),
                language=language,
                title=text_content(self._title),
                summary=text_content(summary),
                style=Markup(style(self.key)),  # noqa: S704 our own rules, no text of a file
                patterns=patterns(self.key),
                parts=Markup("").join(self._parts),
            )
        )

    def _add(self, form: Markup, **values: object) -> None:
        self._parts.append(form.format(**values))


def text_content(text: str) -> str:
    """Replace what no XML may hold, halves of characters and controls, visibly."""
    return _NOT_TEXT.sub("\ufffd", text)


def text_width(text: str, size: float = _SIZE) -> float:
    """
    Estimate how wide a text is, rather too much than too little.

    Parameters
    ----------
    text
        On one line.
    size
        Of its letters.
    """
    return size * sum(map(_letter_width, text))


def fitted(text: str, width: float, size: float = _SIZE) -> str:
    """
    Shorten a text so that it fits into a width.

    Returns
    -------
    str
        On one line, without marks of direction; a whole text, or words of it and an ellipsis.
    """
    text = shortened(text[: _LONGEST * 2], _LONGEST)
    while len(text) > 1 and text_width(text, size) > width:
        text = shortened(
            text, max(1, min(len(text) - 1, int(len(text) * width / text_width(text, size))))
        )
    return text


def wrapped(text: str, width: float, size: float = _SIZE) -> Sequence[str]:
    """Break a text into lines that fit into a width; words that do not fit are shortened."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size) <= width:
            lines[-1] = joined
        else:
            lines.append(fitted(word, width, size))
    return lines


def _letter_width(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if letter.isupper():
        return 0.72
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return 1.05
    return 0.0 if unicodedata.combining(letter) else 0.63


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
