"""What a chart is: a drawing, its message in words, and the numbers that it shows."""

from __future__ import annotations

from dataclasses import dataclass

from regen_map.export.rows import write_csv


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """
    A chart in one language.

    Attributes
    ----------
    name
        Which one it is, as `regen_map.charts.CHARTS` names it.
    title
        What it is about.
    summary
        The whole message in sentences, for who does not see the drawing.
    headings, rows
        Everything that is drawn, and what is left out of the drawing, as text.
    svg
        A complete SVG document: it fetches nothing and runs nothing, every text is
        escaped, and it may stand inside a page or alone.
    """

    name: str
    title: str
    summary: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    svg: str


def chart_csv(chart: Chart) -> bytes:
    """
    Write the table of a chart as CSV.

    Returns
    -------
    bytes
        UTF-8; no cell is run as a formula, see `regen_map.export.rows.write_csv`.
    """
    return write_csv(chart.headings, chart.rows)
