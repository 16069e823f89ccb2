"""The sections of ``README.md`` that programs write: each has its own pair of markers."""

import datetime as dt
import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

README = Path(__file__).with_name("README.md")


def publish(name: str, about: str, text: str, *, write: bool) -> None:
    """Print what was measured; if asked to, put it with today's date into its section.

    Parameters
    ----------
    name
        As of `write_section`.
    about
        What the figures depend on, in a line without a full stop.
    text
        Markdown.
    write
        Whether the file is changed.
    """
    today = dt.datetime.now(dt.UTC).date().isoformat()
    dated = f"{today}: {about}.\n\n{text}"
    print(dated)
    if write:
        write_section(name, dated)


def write_section(name: str, text: str) -> None:
    """Put a text between the markers of a section.

    Parameters
    ----------
    name
        As the markers spell it: ``<!-- name: begin -->`` and ``<!-- name: end -->``.
    text
        Markdown.

    Raises
    ------
    ValueError
        If the file has no such markers.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found, rest = README.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        message = f"{README.name} has no markers {begin} and {end}"
        raise ValueError(message)
    README.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def markdown_table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, n_texts: int = 1) -> str:
    """Draw a table.

    Parameters
    ----------
    headings, rows
        What stands in it.
    n_texts
        So many first columns are text, aligned left; the others are numbers.
    """
    rule = ["---" if index < n_texts else "---:" for index in range(len(headings))]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in (headings, rule, *rows))


def machine(*packages: str) -> str:
    """Describe the machine and the versions of packages in a line."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    parts = [
        f"processor {model}",
        f"cores {os.cpu_count()}",
        f"system {platform.system()} {platform.release()}",
        f"python {platform.python_version()}",
        *(f"{package} {version(package)}" for package in packages),
    ]
    return ", ".join(parts)
