"""Money as bars and as text: natures side by side, what is unknown said and never drawn as zero."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from regen_map.charts.looks import NATURES, OTHER
from regen_map.charts.scales import Scale, in_short
from regen_map.charts.sheet import LINE, Sheet, fitted, text_width
from regen_map.facts import Wording
from regen_map.query.totals import Sum

Sums: TypeAlias = Mapping[str, Sum]
"""Sums by nature, which are never added to each other."""

_BAR = 11.0
_THIN = 7.0
_GAP = 8.0
_FEW = 10
"""Below it, a rounded number keeps two decimals."""


class Amount(NamedTuple):
    """
    A line of a chart.

    Attributes
    ----------
    nature
        What kind of money it is.
    euro
        How much; None where no amount is known.
    said
        The nature and the amount in short, unknown amounts counted; `sum_text` is exact.
    """

    nature: str
    euro: Decimal | None
    said: str


def natures_in(sums: Iterable[Sums]) -> Sequence[str]:
    """Give the natures that there are, in the order in which they are told."""
    found = {nature for each in sums for nature in each}
    return [*(each for each in NATURES if each in found), *sorted(found - NATURES.keys())]


def amounts_of(wording: Wording, sums: Sums) -> Sequence[Amount]:
    """Give the lines of a group of sums; empty where there is no figure at all."""
    return [_amount(wording, nature, sums[nature]) for nature in natures_in([sums])]


def highest_of(groups: Iterable[Sums]) -> float:
    """Give the highest known sum in euro; 0 where there is none."""
    return max((float(each.amount_eur) for sums in groups for each in sums.values()), default=0.0)


def sum_text(wording: Wording, found: Sum | None) -> str:
    """Write a sum for a table: the amount, that it is not known, or that there is no figure."""
    if found is None:
        return wording.words.text("charts.no_figure")
    if not found.known:
        return wording.words.text("details.not_known")
    return wording.words.money(found.amount_eur)


def n_unknown_of(sums: Sums) -> int:
    """Count the lines without a known amount."""
    return sum(each.n_unknown for each in sums.values())


def totals_in_words(wording: Wording, sums: Sums) -> Iterator[str]:
    """Say the sums, nature by nature, and that they are not added to each other."""
    words = wording.words
    for nature in natures_in([sums]):
        if sums[nature].known:
            yield f"{wording.label('nature', nature)}: {words.money(sums[nature].amount_eur)}."
    if unknown := n_unknown_of(sums):
        yield words.count("charts.amounts_unknown", unknown)
    if sums:
        yield words.text("charts.never_added")


def axis_text(wording: Wording, euro: float) -> str:
    """Write an amount as short as it can be."""
    value, unit = in_short(euro)
    number = wording.words.number(value, 2 if value < _FEW else 1)
    return wording.words.text(f"charts.axis.{unit}", number=number)


def scale_of(sheet: Sheet, groups: Iterable[Sequence[Amount]], left: float, right: float) -> Scale:
    """
    Choose how long bars are.

    Parameters
    ----------
    sheet
        On what.
    groups
        All lines of the chart.
    left, right
        Where the bars begin, and where the texts beside them, or they themselves, end.

    Returns
    -------
    Scale
        From euro: bars as long as they can be with all texts whole.
    """
    known = [each for group in groups for each in group if each.euro]
    highest = max((float(each.euro or 0) for each in known), default=0.0)
    room = right - left
    lengths = [room]
    if not sheet.narrow:
        free = (
            (room - _GAP - 1 - text_width(each.said, 12), float(each.euro or 0)) for each in known
        )
        lengths += [length / euro * highest for length, euro in free]
    return Scale(0, highest, left, left + max(min(lengths), room / 5))


def draw_amounts(
    sheet: Sheet, amounts: Sequence[Amount], scale: Scale, right: float, y: float
) -> float:
    """
    Draw lines of money, each with its text.

    Parameters
    ----------
    sheet
        On what.
    amounts
        The lines.
    scale
        As `scale_of` gives it.
    right
        Where the texts end.
    y
        Where the first line begins.

    Returns
    -------
    float
        Where the last line ends.
    """
    beside, left = not sheet.narrow, scale.start
    for each in amounts:
        look = NATURES.get(each.nature, OTHER)
        end = left
        if not beside:
            said = fitted(each.said, right - left, 12)
            sheet.text(left, y + 13, said, look="quiet small number")
            y += LINE - 1
        if each.euro is not None:
            end = scale(float(each.euro))
            sheet.bar(left, y + 4 if beside else y + 1, end - left, _BAR if beside else _THIN, look)
            end += _GAP
        if beside:
            said = fitted(each.said, right - end, 12)
            sheet.text(end, y + 13.5, said, look="quiet small number")
            y += LINE
        elif each.euro is not None:
            y += _THIN + 4
    return y


def _amount(wording: Wording, nature: str, found: Sum) -> Amount:
    words, label, n = wording.words, wording.label("nature", nature), found.n_unknown
    if not found.known:
        unknown = words.count("details.amounts_unknown", n)
        return Amount(nature, None, f"{label}: {unknown}")
    said = f"{label}: {axis_text(wording, float(found.amount_eur))}"
    more = f" {words.count('charts.more_unknown', n)}" if n else ""
    return Amount(nature, found.amount_eur, said + more)
