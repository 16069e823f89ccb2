"""How many projects stand at which phase, and with what money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regen_map.catalogue import Catalogue, Project
from regen_map.charts.amounts import (
    amounts_of,
    draw_amounts,
    n_unknown_of,
    natures_in,
    scale_of,
    sum_text,
    totals_in_words,
)
from regen_map.charts.chart import Chart
from regen_map.charts.looks import PHASES
from regen_map.charts.scales import Scale
from regen_map.charts.sheet import LINE, MARGIN, Sheet, fitted
from regen_map.facts import Wording
from regen_map.query import UNKNOWN
from regen_map.query.totals import Totals, phases_of, totals_of

UNIT, STEP = 14.0, 16.0
"""A project is a square of this side where there is room for all of them."""
MOST_SQUARES = 60


def phase_name(wording: Wording, phase: str | None) -> str:
    """Name a phase, or say that it is not known."""
    if phase in (None, UNKNOWN):
        return wording.words.text("charts.phase_unknown")
    return wording.label("phase", phase)


def by_phase(catalogue: Catalogue, projects: Sequence[Project]) -> Mapping[str, Sequence[Project]]:
    """Group projects by phase, in the order of the phases; those without projects left out."""
    found = phases_of(catalogue, projects)
    return {phase: group for phase, group in found.items() if group}


def phase_board(wording: Wording, projects: Sequence[Project], *, width: int = 720) -> Chart:
    """
    Draw how many projects stand at which phase, and their money.

    Parameters
    ----------
    wording
        Catalogue and language.
    projects
        Which ones; natures of money are never added to each other.
    width
        Of the drawing, in units that are a pixel each where it is shown as large
        as it is.
    """
    words = wording.words
    totals = totals_of(wording.catalogue, projects)
    shown = {
        phase: totals_of(wording.catalogue, group)
        for phase, group in by_phase(wording.catalogue, projects).items()
    }
    sheet = Sheet("phases", width, words.text("charts.phases"))
    counted = words.count("charts.n_projects", totals.n_projects)
    most = max((each.n_projects for each in shown.values()), default=0)
    note = "phases_note" if most <= MOST_SQUARES else "phases_note_bars"
    sheet.note(words.text(f"charts.{note}" if shown else "charts.nothing"))
    lines = {phase: amounts_of(wording, each.by_nature) for phase, each in shown.items()}
    count = MARGIN if sheet.narrow else 150.0
    money = MARGIN if sheet.narrow else 310.0
    scale = scale_of(sheet, lines.values(), money, sheet.right)
    bars = Scale(0, most, count, count + 125) if most > MOST_SQUARES else None
    for phase, each in shown.items():
        sheet.line((MARGIN, sheet.y), (sheet.right, sheet.y))
        y = sheet.y + 6
        name = phase_name(wording, phase)
        sheet.text(MARGIN, y + 14, fitted(name, (sheet.right if sheet.narrow else count) - MARGIN))
        if sheet.narrow:
            y += LINE + 2
        n = each.n_projects
        below = _block(sheet, phase, n, words.number(n), count, y, bars)
        if sheet.narrow:
            y = below
        end = draw_amounts(sheet, lines[phase], scale, sheet.right, y)
        if not lines[phase]:
            sheet.text(money, y + 13.5, words.text("charts.no_figure"), look="quiet small")
            end = y + LINE
        sheet.y = max(below, end) + 6
    said = [words.text("charts.nothing")]
    if shown:
        said = [
            f"{counted}: {words.listing(_counted(wording, shown))}.",
            words.count("charts.n_with_money", totals.n_known, total=totals.n_projects),
            *totals_in_words(wording, totals.by_nature),
        ]
    summary = " ".join(said)
    natures = natures_in(each.by_nature for each in shown.values())
    return Chart(
        name="phases",
        title=words.text("charts.phases"),
        summary=summary,
        headings=(
            words.text("charts.phase"),
            words.text("charts.projects"),
            words.text("charts.with_money"),
            *(wording.label("nature", nature) for nature in natures),
            words.text("charts.unknown_amounts"),
        ),
        rows=tuple(
            (
                phase_name(wording, phase),
                words.number(each.n_projects),
                words.number(each.n_known),
                *(sum_text(wording, each.by_nature.get(nature)) for nature in natures),
                words.number(n_unknown_of(each.by_nature)),
            )
            for phase, each in shown.items()
        ),
        svg=sheet.document(words.language, summary),
    )


def _counted(wording: Wording, phases: Mapping[str, Totals]) -> Sequence[str]:
    words = wording.words
    return [
        words.text("charts.counted", name=phase_name(wording, phase), n=each.n_projects)
        for phase, each in phases.items()
    ]


def _block(  # noqa: PLR0913, PLR0917
    sheet: Sheet, phase: str, n: int, said: str, left: float, y: float, scale: Scale | None
) -> float:
    """Draw rows of squares, or a bar where there is a scale; give where they end."""
    if scale:
        end, below = scale(n), y + LINE + 4
        sheet.bar(left, y + 2, end - left, UNIT, PHASES[phase])
    else:
        per_row = 15 if sheet.narrow else 8
        for each in range(n):
            row, column = divmod(each, per_row)
            x, top = left + column * STEP, y + 2 + row * STEP
            sheet.bar(x, top, UNIT, UNIT, PHASES[phase])
        end, below = left + min(n, per_row) * STEP, y + 4 + -(-n // per_row) * STEP
    sheet.text(end + 5, y + 14, said, look="ink strong number")
    return below
