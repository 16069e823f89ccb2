"""Texts of files, and the way back to their bytes."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from regen_map.intake.formats.encoding import encoding_of

_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Encoded:
    """
    The text of a file, and how the file wrote it.

    Attributes
    ----------
    text
        Without a mark in front, with the line ends of the file.
    encoding
        As Python names it.
    mark
        The bytes in front of the text; may be empty.
    """

    text: str
    encoding: str
    mark: bytes = b""

    def written(self, text: str) -> bytes:
        """
        Write another text as this one was written.

        What both have in common becomes the same bytes again. UTF-8 with its mark takes
        the place of an encoding that lacks a character.
        """
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError:
            return text.encode("utf-8-sig")


def decoded(content: bytes, file: str) -> Encoded:
    """
    Read the text of a file as the intake does.

    A file whose lines are in two encodings is written in UTF-8 with its mark.

    Raises
    ------
    regen_map.intake.issues.FileError
        If it is no text.
    """
    readable, encoding = encoding_of(content, file, [])
    text = readable.decode(encoding)
    if readable is not content:
        return Encoded(text, "utf-8", codecs.BOM_UTF8)
    if encoding == "utf-16":
        mark = content[:2]
        return Encoded(text, _UTF_16[mark], mark)
    if encoding == "utf-8-sig":
        return Encoded(text, "utf-8", codecs.BOM_UTF8)
    return Encoded(text, encoding)
