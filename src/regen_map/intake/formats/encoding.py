"""Bytes of text files: UTF-8, UTF-16 with its mark, Windows-1252, and never a guess."""

from __future__ import annotations

import codecs
import re

from regen_map.intake.issues import FileError, Issue, Rule, Severity

_CHUNK = 2**20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8_PAIR = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_LINES = re.compile(rb"(?<=\n)|(?<=\r)(?!\n)")


def decode(content: bytes, file: str, issues: list[Issue]) -> str:
    """
    Turn the bytes of a text file into text: UTF-8, UTF-16 with its mark, Windows-1252.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its name, for the issues.
    issues
        Takes a notice where the file is not in Unicode, a warning where it is
        so in part; each line is then read by itself.

    Raises
    ------
    FileError
        With `Rule.ENCODING`: in none of them, or UTF-16 without its mark.
    """
    content, encoding = encoding_of(content, file, issues)
    return content.decode(encoding)


def encoding_of(content: bytes, file: str, issues: list[Issue]) -> tuple[bytes, str]:
    """
    Tell the encoding of a text without keeping the text.

    Parameters
    ----------
    content, file, issues
        As of `decode`.

    Returns
    -------
    tuple of bytes and str
        What to decode, and how: the bytes themselves, unless their lines differ
        and had to be read one by one.

    Raises
    ------
    FileError
        As `decode`.
    """
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    # Every other byte is nil where Latin text is in UTF-16 and nobody says so.
    if encoding != "utf-16" and content.count(0) * 3 > len(content):
        raise _no_text()
    if _decodes(content, encoding):
        return content, encoding
    if encoding == "utf-16":
        raise _no_text()
    if encoding == "utf-8-sig" or _UTF8_PAIR.search(content):
        return _joined_lines(content, file, issues), "utf-8"
    if not _decodes(content, "cp1252"):
        raise _no_text()
    issues.append(assumed_windows(file))
    return content, "cp1252"


def assumed_windows(file: str) -> Issue:
    """Tell that a file was taken for Windows-1252, which nothing in it says."""
    return Issue(
        file=file,
        rule=Rule.ENCODING_ASSUMED,
        severity=Severity.NOTICE,
        found="Windows-1252",
        expected="UTF-8",
    )


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(content[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _no_text() -> FileError:
    return FileError(Rule.ENCODING, expected="UTF-8, UTF-16, Windows-1252")


def _joined_lines(content: bytes, file: str, issues: list[Issue]) -> bytes:
    """Read lines that are not UTF-8 as Windows-1252, in a file that has both."""
    pieces = []
    others = []
    lines = _LINES.split(content.removeprefix(codecs.BOM_UTF8))
    for number, line in enumerate(lines, start=1):
        try:
            pieces.append(line.decode())
        except UnicodeDecodeError:
            try:
                pieces.append(line.decode("cp1252"))
            except UnicodeDecodeError:
                raise _no_text() from None
            others.append(number)
    issues.append(
        Issue(
            file=file,
            rule=Rule.ENCODING_MIXED,
            severity=Severity.WARNING,
            found=", ".join(map(str, others[:20])),
            expected="UTF-8",
        )
    )
    return "".join(pieces).encode()
