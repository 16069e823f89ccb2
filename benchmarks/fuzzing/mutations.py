"""Ways to break a file: as bytes, as text, as a table, as JSON, as an archive."""

from __future__ import annotations

import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Mutation: TypeAlias = Callable[[bytes, random.Random], bytes]

LARGEST = 400_000
"""No broken file has more bytes."""
_GENTLE = 0.5
"""So many files are broken in their cells only."""
_MOST = 5
"""So many mutations, at most, meet in one file."""

TOKENS = (
    # separators, marks, characters that cannot be seen
    "\0", "\ufeff", '"', '""', "'", ";", ",", "|", "\t", "\r", "\n", "\r\n", "\x1a", "\x85", "\u2028", "\u202e",
    "\u2066", "\u200b", "\u00a0", "\u0301", "\u0430", "\U0001f5ff",
    # what somebody might run
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "'=1+1", "''", "-", "+", "${alert(1)}", "<script>alert(1)</script>",
    "javascript:alert(1)", "%s%n", "../../etc/passwd",
    # numbers
    "1e-400", "NaN", "Infinity", "-inf", "null", "None", "1e308", "9" * 400, "0" * 50 + "7", "-0", "1.234",
    "1,234", "1.234,56", "1,234.56", "1 234", "12,5", "€ 12", "2,8M", "٣", "44°04'46,5\"N", "4880241.95",
    "1587315.88",
    # days
    "31/02/2025", "30/09/2025", "45930", "30-09-25", "1900-02-29", "99999-01-01",
    # words, addresses, lengths, depths
    "Totale", "id", "sì", "VERO", "x", "Q0", "https://[", "https://a@b", "http://" + "a." * 200, "a" * 25_000,
    "[" * 500, "{" * 500,
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman", "utf-7")
BYTES = (b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xed\xa0\x80", b"\x81", b'"', b"\r")
_JSON_VALUES: tuple[Any, ...] = (
    None, True, "", "x", 0, -1, 10**30, 1e308, [], {}, [[]], [[[[]]]], {"type": "Point"}, "4880241.95", [1e400, 0],
)  # fmt: skip


def mutate(content: bytes, rng: random.Random) -> bytes:
    """Break a file in one to five ways that suit it.

    Parameters
    ----------
    content
        The bytes of a sound file.
    rng
        The same state gives the same bytes.

    Returns
    -------
    bytes
        At most `LARGEST`.
    """
    ways = _gentle_ways if rng.random() < _GENTLE else _ways
    for _ in range(rng.randint(1, _MOST)):
        content = rng.choice(ways(content))(content, rng)[:LARGEST]
    return content


def _ways(content: bytes) -> Sequence[Mutation]:
    if content.startswith(b"PK"):
        return (*_BINARY, _member, _member, _member)
    if content.startswith((b"SQLite", b"\xd0\xcf\x11\xe0")):
        return _BINARY
    if content.lstrip()[:1] == b"{":
        return (*_BINARY, _token, _json_value, _json_value, _json_value, _json_key, _reencode)
    return (*_BINARY, _token, _token, *_TABLE, _reencode, _line_ends)


def _gentle_ways(content: bytes) -> Sequence[Mutation]:
    """Leave the file readable, mostly: what it says is then looked at more closely."""
    if content.startswith((b"PK", b"SQLite", b"\xd0\xcf\x11\xe0")):
        return (_flip_one,)
    if content.lstrip()[:1] == b"{":
        return (_json_value, _token)
    return (*_CELLS, _token)


# ---------------------------------------------------------------- bytes


def _flip(content: bytes, rng: random.Random) -> bytes:
    broken = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8, 64)) if broken else 0):
        broken[rng.randrange(len(broken))] = rng.randrange(256)
    return bytes(broken)


def _flip_one(content: bytes, rng: random.Random) -> bytes:
    broken = bytearray(content)
    if broken:
        broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
    return bytes(broken)


def _cut(content: bytes, rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:start] if rng.random() < 0.5 else content[:start] + content[end:]


def _repeat(content: bytes, rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:end] + content[start:end] * rng.choice((1, 2, 10)) + content[end:]


def _swap(content: bytes, rng: random.Random) -> bytes:
    one, two = sorted((_span(content, rng), _span(content, rng)))
    if one[1] > two[0]:
        return content
    between = content[one[1] : two[0]]
    return content[: one[0]] + content[slice(*two)] + between + content[slice(*one)] + content[two[1] :]


def _insert(content: bytes, rng: random.Random) -> bytes:
    at = rng.choice((0, rng.randint(0, len(content)), rng.randint(0, len(content))))
    return content[:at] + rng.choice(BYTES) * rng.choice((1, 1, 2, 100)) + content[at:]


def _span(content: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randint(0, len(content))
    return start, min(len(content), start + rng.choice((1, 5, 50, 500, 5_000)))


_BINARY: tuple[Mutation, ...] = (_flip, _cut, _repeat, _swap, _insert)


# ---------------------------------------------------------------- text


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "cp1252"


def _encode(text: str, encoding: str) -> bytes:
    return text.encode(encoding, "replace")


def _token(content: bytes, rng: random.Random) -> bytes:
    text, encoding = _decode(content)
    at = rng.randint(0, len(text))
    return _encode(text[:at] + rng.choice(TOKENS) * rng.choice((1, 1, 1, 3)) + text[at:], encoding)


def _reencode(content: bytes, rng: random.Random) -> bytes:
    return _encode(_decode(content)[0], rng.choice(ENCODINGS))


def _line_ends(content: bytes, rng: random.Random) -> bytes:
    text, encoding = _decode(content)
    return _encode(rng.choice(("\r", "\n", "\r\n", "\n\n", "\x85")).join(text.splitlines()), encoding)


# ---------------------------------------------------------------- tables


def _lines(change: Callable[[list[str], random.Random], None]) -> Mutation:
    """Make a mutation of a change to the lines of a text; the first one is the header, mostly."""

    def mutation(content: bytes, rng: random.Random) -> bytes:
        text, encoding = _decode(content)
        lines = text.splitlines(keepends=True)
        if lines:
            change(lines, rng)
        return _encode("".join(lines), encoding)

    return mutation


def _delimiter(lines: Sequence[str]) -> str:
    return max(",;\t|", key=lines[0].count)


def _shuffle_lines(lines: list[str], rng: random.Random) -> None:
    body = lines[1:]
    rng.shuffle(body)
    lines[1:] = body


def _shuffle_all_lines(lines: list[str], rng: random.Random) -> None:
    rng.shuffle(lines)


def _repeat_line(lines: list[str], rng: random.Random) -> None:
    at = rng.randrange(len(lines))
    lines[at:at] = [rng.choice(lines)] * rng.choice((1, 2, 50))


def _drop_line(lines: list[str], rng: random.Random) -> None:
    del lines[rng.randrange(len(lines))]


def _replace_cell(lines: list[str], rng: random.Random) -> None:
    delimiter = _delimiter(lines)
    at = rng.randrange(1, len(lines)) if len(lines) > 1 else 0
    cells = lines[at].split(delimiter)
    cells[rng.randrange(len(cells))] = rng.choice((*TOKENS, *cells))
    lines[at] = delimiter.join(cells)


def _rename_heading(lines: list[str], rng: random.Random) -> None:
    delimiter = _delimiter(lines)
    cells = lines[0].split(delimiter)
    at = rng.randrange(len(cells))
    word = cells[at]
    cut = rng.randint(0, len(word))
    mistyped = word[:cut] + word[cut + 1 :]
    cells[at] = rng.choice((word.upper(), f" {word} ", mistyped, rng.choice(cells), rng.choice(TOKENS)))
    lines[0] = delimiter.join(cells)


def _swap_columns(lines: list[str], rng: random.Random) -> None:
    delimiter = _delimiter(lines)
    one, two = (rng.randrange(lines[0].count(delimiter) + 1) for _ in range(2))
    for number, line in enumerate(lines):
        cells = line.split(delimiter)
        if max(one, two) < len(cells) - 1:
            cells[one], cells[two] = cells[two], cells[one]
            lines[number] = delimiter.join(cells)


def _other_delimiter(lines: list[str], rng: random.Random) -> None:
    old, new = _delimiter(lines), rng.choice(",;\t|:")
    lines[:] = [line.replace(old, new) for line in lines]


def _titles(lines: list[str], rng: random.Random) -> None:
    title = rng.choice(("Elenco\n", ";;;\n", "sep=;\n", "\n", "id;name_it\n", '"\n'))
    lines[0:0] = [title] * rng.choice((1, 3, 40))


_CELLS: tuple[Mutation, ...] = (
    *map(_lines, (_shuffle_lines, _repeat_line, _drop_line)),
    *[_lines(_replace_cell)] * 5,
)
_TABLE: tuple[Mutation, ...] = (
    *_CELLS,
    *map(_lines, (_shuffle_all_lines, _rename_heading, _swap_columns, _other_delimiter, _titles)),
)


# ---------------------------------------------------------------- JSON


def _json_value(content: bytes, rng: random.Random) -> bytes:
    """Put another value in the place of one, somewhere in a document."""

    def change(place: Any, key: Any) -> None:
        place[key] = rng.choice((*_JSON_VALUES, rng.choice(TOKENS)))

    return _change_json(content, rng, change)


def _json_key(content: bytes, rng: random.Random) -> bytes:
    """Leave out a member or an item, or put it inside itself many times."""

    def change(place: Any, key: Any) -> None:
        if rng.random() < 0.5:
            del place[key]
        else:
            for _ in range(rng.choice((1, 50, 150))):
                place[key] = [place[key]]

    return _change_json(content, rng, change)


def _change_json(content: bytes, rng: random.Random, change: Callable[[Any, Any], None]) -> bytes:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return _flip(content, rng)
    place, key = document, None
    for _ in range(rng.randint(1, 8)):
        if isinstance(place, dict) and place:
            inner = rng.choice(list(place))
        elif isinstance(place, list) and place:
            inner = rng.randrange(len(place))
        else:
            break
        parent, key, place = place, inner, place[inner]
    if key is None:
        return content
    change(parent, key)
    try:
        return json.dumps(document, ensure_ascii=rng.random() < 0.5).encode("utf-8", "replace")
    except RecursionError:
        return content


# ---------------------------------------------------------------- archives


_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError)
"""All that reading a broken archive may raise."""


def _member(content: bytes, rng: random.Random) -> bytes:
    """Break one file inside an archive, and pack it again soundly."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(each.filename, archive.read(each)) for each in archive.infolist()]
    except _BROKEN:
        return _flip(content, rng)
    if not members:
        return content
    chosen = rng.randrange(len(members))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, member) in enumerate(members):
            broken = rng.choice((*_BINARY, _token))(member, rng) if number == chosen else member
            archive.writestr(zipfile.ZipInfo(name or "_"), broken)
    return packed.getvalue()
