"""When projects began, were promised to end, and ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from regen_map.catalogue import Milestone, PartialDate, Phase, Project
from regen_map.charts.calendar import Calendar, calendar_of
from regen_map.charts.chart import Chart
from regen_map.charts.looks import PHASES
from regen_map.charts.phases import by_phase, phase_name
from regen_map.charts.sheet import LINE, MARGIN, MOST_ROWS, Mark, Sheet, fitted
from regen_map.facts import Wording
from regen_map.query import UNKNOWN, told_dates

FIRST_PROMISE = Mark("diamond", filled=False)
LATEST_PROMISE = Mark("diamond")
ENDED = Mark("circle")
STEP = Mark("tick")
OVER_LINES = "ink ground-edge halo"
"""The look of a text that lines of the axis pass behind."""

_GOES_ON = (Phase.WORKS, Phase.TESTING)
_COLUMNS = ("start", "first_declared_end", "declared_end", "end")
_BAR = 9.0
_THIN = 3.0
_HEADING = 32.0


def timeline(
    wording: Wording,
    projects: Sequence[Project],
    day: dt.date,
    milestones: Mapping[str, Sequence[Milestone]],
    *,
    width: int = 720,
) -> Chart:
    """
    Draw when projects began, when their end was promised, and when they ended.

    Parameters
    ----------
    wording
        Catalogue and language.
    projects
        Which ones; those without any date are in the table only.
    day
        Drawn as a line.
    milestones
        The dated steps by project.
    width
        Of the drawing, in units that are a pixel each where it is shown as large
        as it is.

    Returns
    -------
    Chart
        A date that stops at the year or the month is drawn as all days that it may
        mean. A project that goes on is drawn up to the day of its latest news. No
        more than `regen_map.charts.sheet.MOST_ROWS` are drawn.
    """
    words = wording.words
    dates = {each.id: _dates(each, milestones.get(each.id, ())) for each in projects}
    dated = [each for each in projects if dates[each.id]]
    ordered = [
        each
        for group in by_phase(wording.catalogue, dated).values()
        for each in sorted(group, key=lambda project: dates[project.id][0].first_day)
    ]
    drawn = ordered[:MOST_ROWS]
    sheet = Sheet("timeline", width, words.text("charts.timeline"))
    if drawn:
        sheet.legend(
            (mark, words.text(f"charts.mark.{name}"))
            for mark, name in (
                (FIRST_PROMISE, "first_promise"),
                (LATEST_PROMISE, "latest_promise"),
                (ENDED, "ended"),
                (STEP, "step"),
            )
        )
        sheet.note(words.text("charts.timeline_note"))
    else:
        sheet.note(words.text("charts.no_dates" if projects else "charts.nothing"))
    left = MARGIN + 10 if sheet.narrow else round(sheet.width * 0.4)
    shown = [date for each in drawn for date in dates[each.id]]
    axis = calendar_of(shown, day, left, sheet.right - 10)
    for phase, group in by_phase(wording.catalogue, drawn).items():
        _group(sheet, wording, axis, phase, group, milestones)
    said = _summary(wording, projects, dated, shown)
    if len(ordered) > MOST_ROWS:
        left_out = words.count("charts.left_out", len(ordered) - MOST_ROWS)
        sheet.note(left_out)
        said.append(left_out)
    summary = " ".join(said)
    undated = [each for each in projects if not dates[each.id]]
    return Chart(
        name="timeline",
        title=words.text("charts.timeline"),
        summary=summary,
        headings=(
            words.text("charts.project"),
            words.text("charts.phase"),
            *(words.text(f"details.{name}") for name in _COLUMNS),
            words.text("details.steps"),
        ),
        rows=tuple(
            (
                wording.name(each),
                phase_name(wording, each.phase),
                *(_told(wording, getattr(each, name)) for name in _COLUMNS),
                "; ".join(words.date(step.date) for step in milestones.get(each.id, ())),
            )
            for each in (*ordered, *undated)
        ),
        svg=sheet.document(words.language, summary),
    )


def _dates(project: Project, steps: Sequence[Milestone]) -> Sequence[PartialDate]:
    """Give every date of a project, its own before those of its steps."""
    own = sorted((date for _, date in told_dates(project)), key=lambda date: date.first_day)
    return [*own, *(step.date for step in steps)]


def _told(wording: Wording, date: PartialDate | None) -> str:
    return wording.words.date(date) if date else wording.words.text("details.not_known")


def _summary(
    wording: Wording,
    projects: Sequence[Project],
    dated: Sequence[Project],
    shown: Sequence[PartialDate],
) -> list[str]:
    words = wording.words
    if not projects:
        return [words.text("charts.nothing")]
    said = [words.count("charts.n_projects", len(projects)) + "."]
    if shown:
        years = sorted(date.year for date in shown)
        first, last = str(years[0]), str(years[-1])
        said.append(words.count("charts.n_dated", len(dated), first=first, last=last))
        said.append(words.count("charts.n_ended", sum(each.end is not None for each in dated)))
        said.append(words.count("charts.n_promised", sum(_promised(each) for each in dated)))
    if undated := len(projects) - len(dated):
        said.append(words.count("charts.n_undated", undated))
    return said


def _promised(project: Project) -> bool:
    """Tell whether an end was promised that has not come."""
    declared = project.declared_end or project.first_declared_end
    over = project.end is not None or project.phase in (Phase.COMPLETED, Phase.DROPPED)
    return declared is not None and not over


def _group(  # noqa: PLR0913, PLR0917
    sheet: Sheet,
    wording: Wording,
    axis: Calendar,
    phase: str,
    projects: Sequence[Project],
    milestones: Mapping[str, Sequence[Milestone]],
) -> None:
    """Draw the projects of a phase under its name."""
    words = wording.words
    row = 2 * LINE + 2 if sheet.narrow else LINE + 5
    heading = _HEADING + (LINE if sheet.narrow else 0)
    top = sheet.y + heading
    sheet.bar(MARGIN, sheet.y + 13, 16, 11, PHASES[phase])
    name = words.text("charts.counted", name=phase_name(wording, phase), n=len(projects))
    sheet.text(MARGIN + 22, sheet.y + 23, name, look="ink strong")
    axis.grid(sheet, top, top + row * len(projects), words.text("charts.today"))
    for number, project in enumerate(projects):
        y = top + row * number
        room = sheet.right - MARGIN if sheet.narrow else axis.scale.start - MARGIN - 14
        sheet.text(MARGIN, y + 14, fitted(wording.name(project), room), look=OVER_LINES)
        sheet.line((MARGIN, y + row - 1), (sheet.right, y + row - 1), thickness=0.5)
        middle = y + (LINE + 8 if sheet.narrow else LINE / 2 + 1)
        steps = milestones.get(project.id, ())
        for step in steps:
            if axis.shows(step.date):
                axis.range(sheet, step.date, middle + 9, "quiet")
                sheet.line(
                    (axis.middle(step.date), middle + 6),
                    (axis.middle(step.date), middle + 10),
                    look="quiet",
                    thickness=1.5,
                )
        _span(sheet, axis, project, middle)
        axis.beyond(sheet, _dates(project, steps), middle + 4)
    sheet.y = top + row * len(projects) + 6


def _span(sheet: Sheet, axis: Calendar, project: Project, y: float) -> None:
    """Draw what is known of a project's own dates."""
    look = PHASES[project.phase or UNKNOWN]
    start, end, news = project.start, project.end, project.as_of
    surely = start.last_day if start else None
    until = end.first_day if end else None
    if end is None and news is not None and project.phase in _GOES_ON:
        until = min(news.first_day, axis.day)
    seen = [date for date in (start, end) if date is not None and axis.shows(date)]
    for date in seen:
        first, last = axis.x(date.first_day), axis.x(date.last_day)
        sheet.bar(
            first, y - _THIN / 2, max(last - first, 1.5), _THIN, look._replace(texture="solid")
        )
    if surely and until and until > surely and axis.x(until) > axis.scale.start:
        sheet.bar(axis.x(surely), y - _BAR / 2, axis.x(until) - axis.x(surely), _BAR, look)
    promises = dict(told_dates(project))
    reached = until or surely
    last_promise = project.declared_end or project.first_declared_end
    if end is None and last_promise and reached and last_promise.first_day > reached:
        sheet.line((axis.x(reached), y), (axis.middle(last_promise), y), look="quiet", dashed=True)
    for name, mark in (
        ("first_declared_end", FIRST_PROMISE),
        ("declared_end", LATEST_PROMISE),
        ("end", ENDED),
    ):
        if name in promises:
            axis.mark(sheet, promises[name], y, mark)
