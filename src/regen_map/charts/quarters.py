"""Where in the town the projects are, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence

from regen_map.catalogue import Project
from regen_map.charts.chart import Chart
from regen_map.charts.looks import PHASES
from regen_map.charts.phases import MOST_SQUARES, STEP, UNIT, by_phase, phase_name
from regen_map.charts.scales import Scale
from regen_map.charts.sheet import LINE, MARGIN, MOST_ROWS, Sheet, fitted, text_width
from regen_map.facts import Wording
from regen_map.query.projects import grouped


def reuse_by_quarter(wording: Wording, projects: Sequence[Project], *, width: int = 720) -> Chart:
    """
    Draw in which quarters the projects are, and at which phase.

    Parameters
    ----------
    wording
        Catalogue and language.
    projects
        Which ones; a project that names no quarter is counted where its place is.
    width
        Of the drawing.
    """
    words = wording.words
    quarters = grouped(projects, lambda project: _quarter(wording, project))
    phases = by_phase(wording.catalogue, projects)
    order = sorted(
        quarters, key=lambda each: (not each, -len(quarters[each]), _place(wording, each))
    )
    counts = {each: by_phase(wording.catalogue, quarters[each]) for each in order}
    sheet = Sheet("quarters", width, words.text("charts.quarters"))
    most = max((len(each) for each in quarters.values()), default=0)
    note = "quarters_note" if most <= MOST_SQUARES else "quarters_note_bars"
    sheet.note(words.text(f"charts.{note}" if order else "charts.nothing"))
    sheet.legend((PHASES[phase], phase_name(wording, phase)) for phase in phases)
    sheet.y += 4
    names = {each: _place(wording, each) for each in order}
    widest = max((text_width(each) for each in names.values()), default=0.0)
    left = MARGIN if sheet.narrow else MARGIN + min(widest, 200.0) + 10
    for each in order[:MOST_ROWS]:
        room = sheet.right - MARGIN if sheet.narrow else left - MARGIN - 8
        sheet.text(MARGIN, sheet.y + 13, fitted(names[each], room))
        if sheet.narrow:
            sheet.y += LINE
        parts = [(phase, len(found)) for phase, found in counts[each].items()]
        right = sheet.right - 40
        end = _units(sheet, parts, most=most, left=left, right=right, y=sheet.y - 1)
        total = words.number(len(quarters[each]))
        sheet.text(end + 6, sheet.y + 13, total, look="ink strong number")
        sheet.y += LINE + 5
    said = [words.text("charts.nothing")]
    if order:
        told = [
            words.text("charts.counted", name=fitted(names[each], 300), n=len(quarters[each]))
            for each in order[:MOST_ROWS]
        ]
        said = [f"{words.count('charts.n_projects', len(projects))}: {words.listing(told)}."]
    if len(order) > MOST_ROWS:
        said.append(words.count("charts.left_out", len(order) - MOST_ROWS))
        sheet.note(said[-1])
    summary = " ".join(said)
    return Chart(
        name="quarters",
        title=words.text("charts.quarters"),
        summary=summary,
        headings=(
            words.text("charts.quarter"),
            words.text("charts.projects"),
            *(phase_name(wording, phase) for phase in phases),
        ),
        rows=tuple(
            (
                names[each],
                words.number(len(quarters[each])),
                *(words.number(len(counts[each].get(phase, ()))) for phase in phases),
            )
            for each in order
        ),
        svg=sheet.document(words.language, summary),
    )


def _quarter(wording: Wording, project: Project) -> str:
    place = wording.catalogue.place(project.place_id) if project.place_id else None
    return project.quarter or (place.quarter if place else None) or ""


def _place(wording: Wording, quarter: str) -> str:
    return wording.label("quarter", quarter) if quarter else wording.words.text("charts.no_quarter")


def _units(  # noqa: PLR0913
    sheet: Sheet,
    parts: Sequence[tuple[str, int]],
    *,
    most: int,
    left: float,
    right: float,
    y: float,
) -> float:
    """Draw one square for each project, or one bar for many; give where they end."""
    unit = min(STEP, (right - left) / max(most, 1))
    scale = Scale(0, most, left, left + unit * most)
    done = 0
    for phase, n in parts:
        steps = range(n) if most <= MOST_SQUARES else range(1)
        each = n / len(steps)
        for step in steps:
            start, end = scale(done + step * each), scale(done + (step + 1) * each)
            sheet.bar(start, y + 2, end - start - min(2, unit / 4), UNIT, PHASES[phase])
        done += n
    return scale(done)
