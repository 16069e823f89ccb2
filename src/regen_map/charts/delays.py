"""By how much promised ends were missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from regen_map.catalogue import PartialDate
from regen_map.charts.calendar import calendar_of
from regen_map.charts.chart import Chart
from regen_map.charts.sheet import LINE, MARGIN, MOST_ROWS, Mark, Sheet, fitted, text_width
from regen_map.charts.timeline import ENDED, FIRST_PROMISE, LATEST_PROMISE, OVER_LINES
from regen_map.facts import Wording
from regen_map.messages import Translator
from regen_map.query.delays import Delay, Kind

_UNCONFIRMED = "unconfirmed"
_MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        Kind.FINISHED: ENDED,
        Kind.DECLARED: LATEST_PROMISE,
        Kind.OVERDUE: Mark("triangle"),
        _UNCONFIRMED: Mark("triangle", filled=False),
    }
)


def months_text(words: Translator, delay: Delay) -> str:
    """
    Say by how many months a project is late or early, as far as its dates tell.

    Returns
    -------
    str
        One number, or the range that dates known only to the month or the year
        allow, with a question mark where nobody knows whether it has ended since;
        that it is not known where nothing can be measured.
    """
    least, most = delay.least_months, delay.most_months
    if least is None or most is None:
        return words.text("details.not_known")
    said = _range_text(words, least, most, moved=delay.kind == Kind.DECLARED)
    return words.text("charts.unsure", said=said) if delay.unconfirmed else said


def delay_chart(
    wording: Wording, delays: Sequence[Delay], day: dt.date, *, width: int = 720
) -> Chart:
    """
    Draw the end that was promised first against the one that came, or is promised now.

    Parameters
    ----------
    wording
        Catalogue and language.
    delays
        In the order in which they are drawn; those that cannot be measured are in
        the table only.
    day
        To which an end that is overdue is measured.
    width
        Of the drawing, in units that are a pixel each where it is shown as large
        as it is.
    """
    words = wording.words
    measured = [each for each in delays if _is_measured(each)]
    drawn = measured[:MOST_ROWS]
    sheet = Sheet("delays", width, words.text("charts.delays"))
    kinds = {_kind(each) for each in drawn}
    if drawn:
        marks = [
            (mark, words.text(f"charts.mark.{kind}"))
            for kind, mark in _MARKS.items()
            if kind in kinds
        ]
        sheet.legend([(FIRST_PROMISE, words.text("charts.mark.first_promise")), *marks])
    else:
        sheet.note(words.text("charts.no_delays" if delays else "charts.nothing"))
    texts = [months_text(words, each) for each in drawn]
    widest = max((text_width(each, 12) for each in texts), default=0.0)
    left = MARGIN + 10 if sheet.narrow else round(sheet.width * 0.4)
    right = sheet.right - 10 if sheet.narrow else sheet.right - widest - 12
    dates = [date for each in drawn for date in (each.against, each.until) if date]
    axis = calendar_of(dates, day, left, right)
    row = 2 * LINE + 2 if sheet.narrow else LINE + 5
    top = sheet.y + LINE
    if drawn:
        axis.grid(sheet, top, top + row * len(drawn), words.text("charts.today"))
    for number, (each, said) in enumerate(zip(drawn, texts, strict=True)):
        y = top + row * number
        room = (
            sheet.right - MARGIN - text_width(said, 12) - 8 if sheet.narrow else left - MARGIN - 14
        )
        sheet.text(MARGIN, y + 14, fitted(wording.name(each.project), room), look=OVER_LINES)
        sheet.text(sheet.right, y + 14, said, look=f"{OVER_LINES} small number", anchor="end")
        sheet.line((MARGIN, y + row - 1), (sheet.right, y + row - 1), thickness=0.5)
        middle = y + (LINE + 8 if sheet.narrow else LINE / 2 + 1)
        until = _until(each, day)
        if each.against:
            look = "blue" if (each.months or 0) <= 0 else "amber"
            ends = (axis.middle(each.against), middle), (axis.middle(until), middle)
            sheet.line(*ends, look=look, thickness=3, dashed=each.unconfirmed)
            axis.mark(sheet, each.against, middle, FIRST_PROMISE)
            axis.mark(sheet, until, middle, _MARKS[_kind(each)])
            axis.beyond(sheet, [each.against, until], middle + 4)
    sheet.y = top + row * len(drawn) + 6
    said_all = _summary(wording, delays, measured)
    if len(measured) > MOST_ROWS:
        left_out = words.count("charts.left_out", len(measured) - MOST_ROWS)
        sheet.note(left_out)
        said_all.append(left_out)
    summary = " ".join(said_all)
    return Chart(
        name="delays",
        title=words.text("charts.delays"),
        summary=summary,
        headings=(
            words.text("charts.project"),
            words.text("details.first_declared_end"),
            words.text("charts.compared_with"),
            words.text("charts.what_it_is"),
            words.text("charts.delay"),
        ),
        rows=tuple(
            (
                wording.name(each.project),
                words.date(each.against) if each.against else words.text("details.not_known"),
                words.date(_until(each, day))
                if _is_measured(each)
                else words.text("details.not_known"),
                words.text(f"charts.kind.{_kind(each)}"),
                months_text(words, each),
            )
            for each in delays
        ),
        svg=sheet.document(words.language, summary),
    )


def _range_text(words: Translator, least: int, most: int, *, moved: bool) -> str:
    if least == most == 0:
        return words.text("charts.not_moved" if moved else "charts.on_time")
    if least == most:
        return words.count("charts.late" if most > 0 else "charts.early", abs(most))
    if least >= 0:
        return words.count("charts.late_range", most, least=least)
    if most <= 0:
        return words.count("charts.early_range", -least, least=-most)
    return words.text("charts.early_or_late", early=-least, late=most)


def _is_measured(delay: Delay) -> bool:
    return delay.against is not None and delay.kind != Kind.NONE


def _until(delay: Delay, day: dt.date) -> PartialDate:
    """Give the end with which the first promise is compared."""
    return delay.until or PartialDate(day.isoformat())


def _kind(delay: Delay) -> str:
    return _UNCONFIRMED if delay.unconfirmed else delay.kind


def _summary(wording: Wording, delays: Sequence[Delay], measured: Sequence[Delay]) -> list[str]:
    words = wording.words
    if not delays:
        return [words.text("charts.nothing")]
    said = [words.count("charts.n_measured", len(measured), total=len(delays))]
    late = [each for each in measured if (each.months or 0) > 0 and not each.unconfirmed]
    if measured:
        said.append(words.count("charts.n_late", len(late)))
    if late:
        longest = max(late, key=lambda each: each.months or 0)
        name, months = fitted(wording.name(longest.project), 600), months_text(words, longest)
        said.append(words.text("charts.longest", name=name, months=months))
    if n_unconfirmed := sum(each.unconfirmed for each in measured):
        said.append(words.count("charts.n_unconfirmed", n_unconfirmed))
    if n_none := len(delays) - len(measured):
        said.append(words.count("charts.n_not_measured", n_none))
    return said
