"""Validate files with frictionless: run by the Python of its own environment, jobs on stdin, reports on stdout.

A job is an object with the members ``path``, ``schema`` (a Table Schema) and ``dialect``: null where frictionless
shall guess, or an object with ``format``, ``encoding``, ``delimiter``, ``header_row`` and ``sheet``.
"""

import json
import sys
from typing import Any

from frictionless import Detector, Dialect, Resource, Schema, formats, system

_LIMIT = 10_000
"""Most errors of a file that are told."""


def validate(job: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the row, the column and the code of each error of a file."""
    options: dict[str, Any] = {"path": job["path"]}
    options["schema"] = Schema.from_descriptor(job["schema"])
    if job["dialect"] is None:
        # The file may leave out columns of the shipped schema.
        options["detector"] = Detector(schema_sync=True)
    else:
        options["dialect"] = _dialect(job)
        if job["dialect"]["encoding"]:
            options["encoding"] = job["dialect"]["encoding"]
        if job["dialect"]["format"]:
            options["format"] = job["dialect"]["format"]
    with system.use_context(trusted=True):
        report = Resource(**options).validate(limit_errors=_LIMIT)
    told = [
        {
            "row": getattr(error, "row_number", None),
            "column": getattr(error, "field_name", None) or getattr(error, "label", None) or None,
            "code": f"{error.type}: {error.message}"[:200],
        }
        for task in report.tasks
        for error in task.errors
    ]
    return told + [{"row": None, "column": None, "code": error.message} for error in report.errors]


def _dialect(job: dict[str, Any]) -> Dialect:
    given = job["dialect"]
    dialect = Dialect(header_rows=[given["header_row"]], skip_blank_rows=True)
    if given["delimiter"]:
        dialect.add_control(formats.CsvControl(delimiter=given["delimiter"]))
    if given["sheet"] and job["path"].endswith(".ods"):
        dialect.add_control(formats.OdsControl(sheet=given["sheet"]))
    elif given["sheet"]:
        dialect.add_control(formats.ExcelControl(sheet=given["sheet"]))
    return dialect


def main() -> None:
    """Answer a list of jobs with a list of reports."""
    answers: list[Any] = []
    for job in json.load(sys.stdin):
        try:
            answers.append(validate(job))
        except Exception as error:  # noqa: BLE001 - a crash of the peer is a result too
            answers.append([{"row": None, "column": None, "code": f"{type(error).__name__}: {error}"[:200]}])
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
