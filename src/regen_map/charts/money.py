"""Whose money it is, and of when its figures are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regen_map.charts.amounts import (
    Sums,
    amounts_of,
    axis_text,
    draw_amounts,
    highest_of,
    n_unknown_of,
    natures_in,
    scale_of,
    sum_text,
    totals_in_words,
)
from regen_map.charts.chart import Chart
from regen_map.charts.looks import NATURES, OTHER
from regen_map.charts.scales import Box, Scale, apart, nice_ticks, year_ticks
from regen_map.charts.sheet import LINE, MARGIN, MOST_ROWS, Sheet, fitted, text_width
from regen_map.facts import Wording
from regen_map.query import programmes
from regen_map.query.totals import Sum, Totals

_PANEL, _LEAST_PANEL = 130.0, 6.0
"""How tall the panel of the highest sum is; the others have the same scale."""
_WIDEST_BAR = 22.0
_LABEL = 17.0
_UNKNOWN = "?"
"""Stands where there are figures without an amount: no bar would look like zero."""


def money_by_programme(wording: Wording, totals: Totals, *, width: int = 720) -> Chart:
    """
    Draw the money of each programme, natures apart.

    Parameters
    ----------
    wording
        Catalogue and language.
    totals
        The sums; a programme of which no amount is known is told, without a bar.
    width
        Of the drawing, in units that are a pixel each where it is shown as large
        as it is.
    """
    words, sums = wording.words, totals.by_programme
    known = programmes(wording.catalogue)
    names = {each: wording.name(known[each]) if each in known else each for each in sums}
    order = sorted(sums, key=lambda each: (-highest_of([sums[each]]), names[each]))
    sheet = Sheet("programmes", width, words.text("charts.programmes"))
    sheet.note(words.text("charts.programmes_note") if order else words.text("charts.no_money"))
    highest = highest_of(sums.values())
    left = MARGIN if sheet.narrow else round(sheet.width * 0.4)
    lines = {each: amounts_of(wording, sums[each]) for each in order[:MOST_ROWS]}
    scale = scale_of(sheet, lines.values(), left, sheet.right)
    for each, amounts in lines.items():
        sheet.line((MARGIN, sheet.y), (sheet.right, sheet.y))
        y = sheet.y + 5
        room = sheet.right - MARGIN if sheet.narrow else left - MARGIN - 10
        sheet.text(MARGIN, y + 13, fitted(names[each], room))
        y += LINE if sheet.narrow else 0
        sheet.y = max(draw_amounts(sheet, amounts, scale, sheet.right, y), y + LINE) + 5
    said = [
        words.count("charts.n_programmes", len(order)) if order else words.text("charts.no_money"),
        *totals_in_words(wording, totals.by_nature),
    ]
    if highest:
        said.append(_largest(wording, names[order[0]], sums[order[0]]))
    if len(order) > MOST_ROWS:
        left_out = words.count("charts.left_out", len(order) - MOST_ROWS)
        sheet.note(left_out)
        said.append(left_out)
    summary = " ".join(said)
    return Chart(
        name="programmes",
        title=words.text("charts.programmes"),
        summary=summary,
        headings=(
            words.text("charts.programme"),
            words.text("charts.nature"),
            words.text("charts.sum"),
            words.text("charts.unknown_amounts"),
        ),
        rows=tuple(
            (
                names[each],
                wording.label("nature", nature),
                sum_text(wording, sums[each][nature]),
                words.number(sums[each][nature].n_unknown),
            )
            for each in order
            for nature in natures_in([sums[each]])
        ),
        svg=sheet.document(words.language, summary),
    )


def money_by_year(wording: Wording, totals: Totals, *, width: int = 720) -> Chart:
    """
    Draw the money by the year in which its figure was given, one panel for each nature.

    Parameters
    ----------
    wording
        Catalogue and language.
    totals
        The sums; figures without a date stand apart from the years.
    width
        Of the drawing.
    """
    words, sums = wording.words, totals.by_year
    years = sorted(year for year in sums if year is not None)
    order: Sequence[int | None] = [*years, *([None] if None in sums else [])]
    natures = natures_in(sums[each] for each in order)
    sheet = Sheet("years", width, words.text("charts.years"))
    drawn = [
        nature
        for nature in natures
        if any(nature in each and each[nature].known for each in sums.values())
    ]
    sheet.note(words.text("charts.years_note") if drawn else words.text("charts.no_money"))
    highest = highest_of(sums.values())
    for nature in drawn:
        found = {each: sums[each][nature] for each in order if nature in sums[each]}
        _panel(sheet, wording, nature, found, years=years, highest=highest)
    said = [
        words.text("charts.years_said", first=str(years[0]), last=str(years[-1]))
        if years
        else words.text("charts.no_money" if not order else "charts.no_years"),
        *totals_in_words(wording, totals.by_nature),
    ]
    if None in sums and years:
        n_undated = sum(len(each.lines) + each.n_unknown for each in sums[None].values())
        said.append(words.count("charts.figures_undated", n_undated))
    summary = " ".join(said)
    return Chart(
        name="years",
        title=words.text("charts.years"),
        summary=summary,
        headings=(
            words.text("charts.year"),
            *(wording.label("nature", nature) for nature in natures),
            words.text("charts.unknown_amounts"),
        ),
        rows=tuple(
            (
                words.text("details.undated") if year is None else str(year),
                *(sum_text(wording, sums[year].get(nature)) for nature in natures),
                words.number(n_unknown_of(sums[year])),
            )
            for year in order
        ),
        svg=sheet.document(words.language, summary),
    )


def _largest(wording: Wording, name: str, sums: Sums) -> str:
    nature = max(natures_in([sums]), key=lambda each: sums[each].amount_eur)
    return wording.words.text(
        "charts.largest",
        name=fitted(name, 600),
        nature=wording.label("nature", nature),
        amount=wording.words.money(sums[nature].amount_eur),
    )


def _panel(  # noqa: PLR0913
    sheet: Sheet,
    wording: Wording,
    nature: str,
    found: Mapping[int | None, Sum],
    *,
    years: Sequence[int],
    highest: float,
) -> None:
    """Draw one nature over the years; all panels have the same scales."""
    words = wording.words
    undated_width = text_width(words.text("details.undated"), 12)
    left, right = MARGIN + 58, sheet.right - undated_width - 14
    first, last = (years[0], years[-1]) if years else (0, 0)
    step = (right - left) / (last - first + 1)
    across = Scale(first, last, left + step / 2, right - step / 2)
    sheet.text(MARGIN, sheet.y + 14, wording.label("nature", nature), look="ink strong")
    own = max((float(each.amount_eur) for each in found.values()), default=0.0)
    height = _PANEL * own / highest if highest else 0.0
    bottom = sheet.y + 38 + max(height, _LEAST_PANEL)
    up = Scale(0, own, bottom, bottom - height)
    for tick in nice_ticks(highest, 3):
        if tick <= own:
            y = up(tick)
            sheet.line((left, y), (sheet.right, y))
            said = axis_text(wording, tick)
            sheet.text(left - 6, y + 4, said, look="quiet small", anchor="end")
    sheet.line((left, bottom), (sheet.right, bottom), look="quiet")
    thick = max(1.5, min(_WIDEST_BAR, step * 0.7))
    labels, bars = [], []
    for year, each in found.items():
        middle = sheet.right - undated_width / 2 if year is None else across(year)
        half = (_WIDEST_BAR if year is None else thick) / 2
        choices: list[str] = []
        top = bottom
        if each.known:
            top = up(float(each.amount_eur))
            sheet.bar(middle - half, top, 2 * half, bottom - top, NATURES.get(nature, OTHER))
            bars.append(Box(middle - half, top, middle + half, bottom))
            amount = axis_text(wording, float(each.amount_eur))
            choices = [f"{amount} + {_UNKNOWN}" if each.n_unknown else amount]
        if each.n_unknown:
            choices.append(_UNKNOWN)
        places = {
            Box(edge, top - _LABEL, edge + text_width(text, 12) + 2, top): text
            for text in choices
            for edge in _edges(text_width(text, 12) + 2, middle, half, left, sheet.width)
        }
        labels.append((not each.known, each.amount_eur, places))
    # What has no bar must have its label; then the highest sums.
    labels.sort(key=lambda each: each[:2], reverse=True)
    for number, box in apart([list(places) for _, _, places in labels], bars).items():
        look = "ink ground-edge halo small number"
        middle = (box.left + box.right) / 2
        sheet.text(middle, box.bottom - 5, labels[number][2][box], look=look, anchor="middle")
    for year in year_ticks(first, last, int((right - left) / 44)) or sorted({first, last}):
        if years:
            sheet.text(across(year), bottom + 16, str(year), look="quiet small", anchor="middle")
    if None in found:
        x = sheet.right - undated_width / 2
        said = words.text("details.undated")
        sheet.text(x, bottom + 16, said, look="quiet small", anchor="middle")
    sheet.y = bottom + 30


def _edges(wide: float, middle: float, half: float, left: float, right: float) -> Sequence[float]:
    """Give where a label may begin: in the middle of its bar, or even with either side of it."""
    starts = (middle - wide / 2, middle + half - wide, middle - half)
    return [max(left, min(start, right - wide)) for start in starts]
