"""``frictionless validate``, kept in an environment of its own."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.checker_peers.dialects import DIALECTS, Dialect
from benchmarks.checker_peers.report import Report
from benchmarks.checker_peers.schemas import fitted_schema, shipped_schema, table_of
from benchmarks.checker_peers.tables import headings_of

VERSION = "5.21.0"
REQUIREMENT = f"frictionless[excel,json,ods]=={VERSION}"
UNREADABLE = (".geojson", ".gpkg", ".zip")
"""Formats without rows of cells, for which it has no reader."""


def fetch() -> Path:
    """Put frictionless into an environment outside the project once; give its Python."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = root / "regen-map-benchmarks" / f"frictionless-{VERSION}"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = folder / "complete"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT]
        subprocess.run(command, check=True, stdout=sys.stderr)
        done.touch()
    return python


def reports(files: Sequence[Path], *, fitted: bool) -> dict[str, list[Report]]:
    """Validate files.

    Parameters
    ----------
    files
        What to check.
    fitted
        With the schema and the dialect fitted to each file; else with the shipped schema as it is, and what
        frictionless guesses of the rest.

    Returns
    -------
    dict of str to list of Report
        By name of the file.
    """
    readable = [path for path in files if path.suffix not in UNREADABLE]
    jobs = [_job(path, DIALECTS[path.name] if fitted else None) for path in readable]
    done = subprocess.run(
        [str(fetch()), "-P", str(Path(__file__).with_name("frictionless_worker.py"))],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[Report]] = {path.name: [] for path in files}
    for path, answers in zip(readable, json.loads(done.stdout), strict=True):
        found[path.name] = [_report(each) for each in answers]
    return found


def _job(path: Path, dialect: Dialect | None) -> dict[str, Any]:
    table = table_of(path.name)
    if dialect is None:
        return {"path": str(path), "schema": json.loads(shipped_schema(table)), "dialect": None}
    form = path.suffix.removeprefix(".").replace("txt", "csv")
    return {
        "path": str(path),
        "schema": fitted_schema(table, dialect, headings_of(path, dialect)),
        "dialect": {
            "format": form,
            "encoding": dialect.encoding,
            "delimiter": dialect.delimiter,
            "header_row": dialect.header_row,
            "sheet": dialect.sheet,
        },
    }


def _report(answer: Mapping[str, Any]) -> Report:
    columns = (answer["column"],) if answer["column"] else ()
    return Report(answer["row"], columns, answer["code"])
