"""The command of this project."""

import contextlib
import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.checker_peers.report import Report
from regen_map.cli import main

_FEATURE = re.compile(r"[^:]*\bfeature (\d+)")
_TOLD_ONCE = "notice"
"""The severity of what was understood all the same: no message that something is wrong."""


def reports(files: Sequence[Path]) -> dict[str, list[Report]]:
    """Check files one by one.

    Returns
    -------
    dict of str to list of Report
        By name of the file; errors and warnings.
    """
    return {path.name: _check(path) for path in files}


def _check(path: Path) -> list[Report]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(["check", str(path), "--format", "csv", "--lang", "en"])
    out.seek(0)
    return [
        Report(_row(each), tuple(filter(None, each["column"].split(", "))), each["rule"])
        for each in csv.DictReader(out)
        if each["severity"] != _TOLD_ONCE
    ]


def _row(told: Mapping[str, str]) -> int | None:
    """Give the line, or the number of the feature where a format has no lines: the sentence tells it."""
    if told["line"]:
        return int(told["line"])
    feature = _FEATURE.match(told["sentence"])
    return int(feature.group(1)) if feature else None
