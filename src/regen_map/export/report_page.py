"""Pages of paper: their frame, their letters, and the tags by which screen readers follow them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, TypeAlias

from fpdf import FPDF, ViewerPreferences, XPos, YPos
from fpdf.enums import Align
from fpdf.fonts import CORE_FONTS_CHARWIDTHS
from fpdf.output import OutputProducer, PDFFont
from fpdf.syntax import PDFObject

from regen_map.facts.links import web_link

Style: TypeAlias = Literal["", "B"]
Tag: TypeAlias = Literal["H1", "H2", "H3", "P", "Figure"]

INK = (26, 26, 26)
QUIET = (92, 88, 84)
ACCENT = (11, 95, 165)

_MARGIN = 18.0
_FOOT = 14.0
_SIZE = 9.5
_LINE_HEIGHT = 1.3
_MM_PER_POINT = 25.4 / 72
_LABEL = 38.0
_WIDE_LABEL = 92.0
_MOST_OF_LABEL = 20
"""So many lines of a label are written at most."""
_ROUNDING = 1e-6
_NAMES_OF_WIDTHS = {"Helvetica": "helvetica", "Helvetica-Bold": "helveticaB"}
_N_PAGES = "\x1f" * 4
"""Stands for the number of pages: no text of the data keeps such a character."""
_SIZES = {"H1": 20.0, "H2": 14.0, "H3": 10.5}
_LEVELS = {"H1": 0, "H2": 0, "H3": 1}
_ABOVE = {"H1": 0.0, "H2": 7.0, "H3": 5.0}
_KEPT_TOGETHER = 24.0
"""A heading stands above at least so much of what it is the heading of, in millimetres."""
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
"""Control characters, soft hyphens, marks of direction, halves of characters."""
_LINE_BREAK = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_SAID_OTHERWISE = {"\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2212": "-", "\u2192": "->"}


def in_western_letters(text: str) -> str:
    """
    Write a text with the characters of Windows-1252, all that the type of a report has.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        In one line or more. What is missing there loses its marks (``Č`` becomes
        ``C``), or becomes its number in Unicode, which nobody takes for a word.

    Examples
    --------
    >>> in_western_letters("Perù – “€ 5” Čapek 大")
    'Perù – “€ 5” Capek [U+5927]'
    """
    return "".join(map(_western, _composed(text)))


def _composed(text: str) -> str:
    """Leave out what nobody sees, and break lines with line feeds alone."""
    text = _LINE_BREAK.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def _western(character: str) -> str:
    if _encodes(character):
        return character
    if character in _SAID_OTHERWISE:
        return _SAID_OTHERWISE[character]
    if unicodedata.combining(character):
        return ""
    parts = unicodedata.normalize("NFKD", character)
    bare = "".join(each for each in parts if not unicodedata.combining(each))
    return bare if bare and _encodes(bare) else f"[U+{ord(character):04X}]"


def _encodes(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


class ReportPages(FPDF):
    """
    Pages of A4 that fill from top to bottom; lengths are millimetres.

    Parameters
    ----------
    title
        Of the document.
    language
        A language tag (BCP 47).
    day
        When it is made.
    foot
        What stands on the left at the foot of each page.
    """

    def __init__(
        self,
        title: str,
        language: str,
        day: dt.date,
        *,
        foot: str,
    ) -> None:
        super().__init__(format="A4")
        self.replaced = False
        self._foot = foot
        self._n_marked: Counter[int] = Counter()
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + 4)
        self.c_margin = 0
        self.alias_nb_pages(_N_PAGES, align=Align.L)
        self.set_title(_UNSEEN.sub("", title))
        self.set_lang(language)
        self.set_creator("regen-map")
        self.set_creation_date(dt.datetime.combine(day, dt.time(), dt.UTC))
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.page_mode = "USE_OUTLINES"
        self.add_page()

    def footer(self) -> None:
        """Write the foot of a page, which is no part of its text."""
        self._out("/Artifact BMC")
        self.set_y(-_FOOT)
        self.ink(7.5, colour=QUIET)
        half = self.epw / 2
        self.cell(half, 4, self._fitting(self._foot, half * 1.5))
        self.cell(half, 4, f"{self.page_no()} / {_N_PAGES}", align=Align.R)
        self._out("EMC")

    def coded(self, text: str) -> str:
        """Write a text as the type wants it; remember whether something was missing there."""
        western = in_western_letters(text)
        self.replaced = self.replaced or western != _composed(text)
        # The library takes each character for the byte of that number.
        return western.encode("cp1252").decode("latin-1")

    def ink(
        self, size: float = _SIZE, style: Style = "", colour: tuple[int, int, int] = INK
    ) -> None:
        """Choose size in points, style and colour of what is written next."""
        self.set_font("helvetica", style, size)
        self.set_text_color(*colour)

    @contextmanager
    def tagged(self, tag: Tag, alt: str = "") -> Iterator[None]:
        """Say what is drawn on this page meanwhile; ``alt`` tells what a figure shows."""
        number = self._n_marked[self.page]
        self._n_marked[self.page] += 1
        told = _UNSEEN.sub("", alt) or None
        self._add_marked_content(struct_type=f"/{tag}", mcid=number, alt_text=told)
        self._out(f"/{tag} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    def heading(
        self, text: str, tag: Literal["H1", "H2", "H3"], kept: float = _KEPT_TOGETHER
    ) -> None:
        """
        Write a heading, and name it in the outline of the document.

        Parameters
        ----------
        text
            What it says.
        tag
            Its level.
        kept
            How much room must be left on the page, in millimetres.
        """
        if self.y > self.t_margin:
            self.ln(_ABOVE[tag])
        self.make_room(kept)
        self.start_section(" ".join(_UNSEEN.sub("", text).split()), _LEVELS[tag])
        self.paragraph(text, size=_SIZES[tag], style="B", tag=tag)
        self.ln(1)

    def paragraph(  # noqa: PLR0913 - how a text looks
        self,
        text: str,
        *,
        size: float = _SIZE,
        style: Style = "",
        colour: tuple[int, int, int] = INK,
        tag: Tag = "P",
        indent: float = 0.0,
        link: str = "",
    ) -> None:
        """Write a text in as many lines, and on as many pages, as it needs."""
        self.ink(size, style, colour)
        self._lines(self.coded(text), self.l_margin + indent, _height(size), tag, link)

    def row(
        self, label: str, text: str, *, size: float = _SIZE, link: str = "", wide: bool = False
    ) -> None:
        """Write a label, a wide one if need be, and beside it a text of any length."""
        label_width = _WIDE_LABEL if wide else _LABEL
        height = _height(size)
        self.ink(size, colour=QUIET)
        narrow = self._wrapped(self.coded(label), label_width - 2)[:_MOST_OF_LABEL]
        self.make_room(height * len(narrow))
        top, page = self.y, self.page
        with self.tagged("P"):
            for each in narrow:
                self.cell(label_width, height, each, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        bottom = self.y
        self.y = top
        self.ink(size)
        self._lines(self.coded(text), self.l_margin + label_width, height, "P", link)
        if self.page == page:
            self.y = max(self.y, bottom)

    def content(self) -> bytes:
        """Give the bytes of the document."""
        return bytes(self.output(output_producer_class=_WithWidths))

    def make_room(self, height: float) -> None:
        """Begin a new page where this one has less room than that."""
        if self.will_page_break(height):
            self.add_page()

    def _lines(self, coded: str, left: float, height: float, tag: Tag, link: str) -> None:
        width = self.w - self.r_margin - left
        lines = self._wrapped(coded, width)
        while lines:
            self.make_room(height)
            n_fitting = max(1, int((self.page_break_trigger - self.y) / height - _ROUNDING))
            here, lines = lines[:n_fitting], lines[n_fitting:]
            with self.tagged(tag):
                for each in here:
                    self.set_x(left)
                    self.cell(
                        width,
                        height,
                        each,
                        new_x=XPos.LMARGIN,
                        new_y=YPos.NEXT,
                        link=web_link(link) or None,
                    )

    def _wrapped(self, coded: str, width: float) -> list[str]:
        """Break a text between words, and a word only where no line is long enough for it."""
        # The library measures each line anew for every letter that it adds.
        widths = CORE_FONTS_CHARWIDTHS[f"helvetica{self.font_style}"]
        room = width / self.font_size * 1000
        lines = []
        for text in coded.split("\n"):
            line, left = "", room
            for word in text.split(" "):
                needed = sum(widths[each] for each in word)
                blank = widths[" "] if line else 0
                if needed + blank <= left:
                    line, left = f"{line} {word}" if line else word, left - needed - blank
                    continue
                if line:
                    lines.append(line)
                *whole, line = _cut(word, room, widths) if needed > room else [word]
                lines += whole
                left = room - sum(widths[each] for each in line)
            lines.append(line)
        return lines

    def _fitting(self, text: str, width: float) -> str:
        coded = self.coded(" ".join(text.split()))
        while coded and self.get_string_width(coded) > width:
            coded = coded[:-1]
        return coded


class _WithWidths(OutputProducer):
    """
    Writes how wide each letter is into the fonts (PDF 1.7, section 9.6.2.2).

    The type is not part of the file. A machine that lacks it takes another, and fits
    its letters to these widths, so that no line runs over the margin.
    """

    def _add_pdf_obj(self, pdf_obj: PDFObject, trace_label: str | None = None) -> int:
        if isinstance(pdf_obj, PDFFont) and pdf_obj.subtype == "Type1":
            widths = CORE_FONTS_CHARWIDTHS[_NAMES_OF_WIDTHS[pdf_obj.base_font]]
            told = " ".join(str(widths.get(chr(code), 0)) for code in range(32, 256))
            # The library writes whatever an object has.
            vars(pdf_obj).update(first_char=32, last_char=255, widths=f"[{told}]")
        return super()._add_pdf_obj(pdf_obj, trace_label)


def _cut(word: str, room: float, widths: Mapping[str, int]) -> list[str]:
    """Cut a word into pieces for which there is room."""
    pieces, piece, left = [], "", room
    for letter in word:
        if piece and widths[letter] > left:
            pieces.append(piece)
            piece, left = "", room
        piece += letter
        left -= widths[letter]
    return [*pieces, piece]


def _height(size: float) -> float:
    """Give the height in millimetres of a line of letters of so many points."""
    return size * _MM_PER_POINT * _LINE_HEIGHT
