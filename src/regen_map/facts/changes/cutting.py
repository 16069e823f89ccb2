"""Long texts, cut to where they differ."""

from __future__ import annotations

from regen_map.facts.links import shortened
from regen_map.facts.wording import Said

MOST_TEXT = 240
"""How many characters of a text are told on each side; of longer ones, where they differ."""

_BEFORE_IT = 40
"""How many characters are told before the first that differs, and after the last."""
_CHUNK = 4096


def differing(before: str, after: str) -> tuple[str, str]:
    """
    Cut two texts to where they differ, if one of them is longer than `MOST_TEXT`.

    Returns
    -------
    tuple of str and str
        Both whole where they are short. Else what stands between the parts that both
        share, with some 40 characters of these on either side, each cut to `MOST_TEXT`
        characters; «…» stands for what is left out.
    """
    if max(len(before), len(after)) <= MOST_TEXT:
        return before, after
    start = _shared(before, after)
    left, right = before[start:], after[start:]
    end = _shared(left[::-1], right[::-1])
    start, end = max(start - _BEFORE_IT, 0), max(end - _BEFORE_IT, 0)
    return _between(before, start, end), _between(after, start, end)


def _between(text: str, start: int, end: int) -> str:
    middle = text[start : len(text) - end]
    cut = f"{'…' if start else ''}{middle[:MOST_TEXT]}"
    return f"{cut}…" if end or len(middle) > MOST_TEXT else cut


def _shared(one: str, other: str) -> int:
    """Count the characters with which both begin."""
    at, most = 0, min(len(one), len(other))
    while at < most and one[at : at + _CHUNK] == other[at : at + _CHUNK]:
        at += _CHUNK
    at = min(at, most)
    while at < most and one[at] == other[at]:
        at += 1
    return at


def cut(said: Said) -> Said | None:
    """Make one line of a text, cut where it is far longer than told; None for an empty one."""
    # With the two signs that stand for what is left out.
    text = shortened(said.text[: 2 * MOST_TEXT], MOST_TEXT + 2)
    return said._replace(text=text) if text else None
