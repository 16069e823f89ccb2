"""From measurements to tables: medians, ratios, and a description of the machine."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.measurements import Cell

README = Path(__file__).with_name("README.md")
BEGIN = "<!-- results: begin -->"
END = "<!-- results: end -->"
REFERENCE = "ours"
PACKAGES = ("streamlit", "streamlit-folium", "folium", "pydeck", "pandas", "playwright")
UNKNOWN = "–"

HEADINGS = (
    "page",
    "N→N/2 ms",
    "N/2→N ms",
    "ratio",
    "k",
    "first markers ms",
    "return visit ms",
    "first after start ms",
    "KB per change",
    "CPU ms per change",
    "map built again",
    "view kept",
    "blank ms",
    "page KB",
    "server MB",
)


def machine() -> dict[str, str]:
    """Describe the machine and the versions of what runs on it."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    chromium = subprocess.run(
        [os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium"), "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    described = {
        "processor": model,
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "browser": chromium.stdout.strip(),
    }
    return described | {package: version(package) for package in PACKAGES}


def tables(cells: Sequence[Cell]) -> str:
    """Return one Markdown table per number of places, the peers in rows.

    Parameters
    ----------
    cells
        What was measured. The ratio of a row is its filter latency over ours.
    """
    parts = []
    for size in sorted({cell.size for cell in cells}):
        rows = [cell for cell in cells if cell.size == size]
        reference = next((_latency(cell) for cell in rows if cell.peer == REFERENCE), None)
        lines = [_line(HEADINGS), _line("---" if index == 0 else "---:" for index in range(len(HEADINGS)))]
        lines += [_line(_row(cell, reference)) for cell in rows]
        parts.append(f"### {size:,} places\n\n" + "\n".join(lines))
    failed = [f"- {cell.title}, {cell.size:,} places: {cell.error}" for cell in cells if cell.error]
    if failed:
        parts.append("Ended early:\n\n" + "\n".join(failed))
    return "\n\n".join(parts)


def write_readme(text: str, date: str) -> None:
    """Put results between the two markers of ``benchmarks/README.md``.

    Parameters
    ----------
    text
        The tables.
    date
        When they were measured.
    """
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    described = ", ".join(f"{name} {value}" for name, value in machine().items())
    README.write_text(
        f"{before}{BEGIN}\n\nMeasured on {date}: {described}.\n\n{text}\n\n{END}{after}", encoding="utf-8"
    )


def _line(cells: object) -> str:
    return "| " + " | ".join(cells) + " |"  # type: ignore[arg-type]


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def _latency(cell: Cell) -> float | None:
    return _median([change.ms for change in (*cell.to_half, *cell.to_all)])


def _number(value: float | None, show: Callable[[float], str] = "{:,.0f}".format) -> str:
    return UNKNOWN if value is None else show(value)


def _row(cell: Cell, reference: float | None) -> list[str]:
    changes = [*cell.to_half, *cell.to_all]
    latency = _latency(cell)
    ratio = latency / reference if latency and reference else None
    views = [change.view_kept for change in changes if change.view_kept is not None]
    has_map = cell.peer != "empty"
    return [
        cell.title,
        _number(_median([change.ms for change in cell.to_half])),
        _number(_median([change.ms for change in cell.to_all])),
        _number(ratio, "{:.1f}x".format),
        str(min(len(cell.to_half), len(cell.to_all))),
        _number(_median(cell.first_ms)),
        _number(_median(cell.return_ms)),
        _number(cell.after_start_ms),
        _number(_median([change.received / 1000 for change in changes]), "{:,.1f}".format),
        _number(_median(cell.cpu_ms)),
        _yes_no([change.remounted for change in changes]) if has_map else UNKNOWN,
        _yes_no(views) if has_map else UNKNOWN,
        _number(_median([change.blank_ms for change in changes])) if has_map else UNKNOWN,
        _number(None if cell.page_bytes is None else cell.page_bytes / 1000),
        _number(cell.memory_mb),
    ]


def _yes_no(values: Sequence[bool]) -> str:
    if not values:
        return UNKNOWN
    if all(values):
        return "yes"
    return f"{sum(values)} of {len(values)}" if any(values) else "no"
