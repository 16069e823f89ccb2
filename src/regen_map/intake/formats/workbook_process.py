"""
One sheet of a workbook as lines of JSON: a program, run in a process of its own.

A workbook states sizes that the reader allocates unseen; where the machine refuses,
the whole process ends. So this one may end, and its memory is bounded.

It reads the workbook from its input; its arguments are the bytes of memory it may use
and the names that the sheet may have. The first line it writes is an object:
``{"fault": "password"}``, or the chosen ``sheet``, the ``others`` that hold something,
the ``first`` row and column (from 0), the ``height`` and the ``width``. Each further line
is one row; values that JSON has no words for are pairs of a type and a text.

Nothing of the package is imported, so that it starts at once.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Any

from python_calamine import (
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)


def main() -> None:
    """Read the workbook from the input and write its rows."""
    memory, *names = sys.argv[1:]
    _bound_memory(int(memory))
    content = io.BytesIO(sys.stdin.buffer.read())
    try:
        workbook = CalamineWorkbook.from_filelike(content)
    except PasswordError:
        sys.stdout.write(json.dumps({"fault": "password"}))
        return
    for line in _lines(workbook, names):
        sys.stdout.write(json.dumps(line, default=_tagged) + "\n")


def _bound_memory(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 -- Windows has none

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _lines(workbook: CalamineWorkbook, names: list[str]) -> Iterator[Any]:
    sheets = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    wanted = set(map(_folded, names))
    named = next((each.name for each in sheets if _folded(each.name) in wanted), None)
    shown = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
    chosen = None if named is None else workbook.get_sheet_by_name(named)
    others = []
    for name in shown:
        if name == named:
            continue
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        if chosen is None:
            chosen = sheet
        else:
            others.append(name)
    if chosen is None:
        hidden = (workbook.get_sheet_by_name(each.name) for each in sheets)
        chosen = next((each for each in hidden if each.start is not None), None)
    yield {
        "sheet": chosen.name if chosen else "",
        "others": others,
        "first": (chosen and chosen.start) or (0, 0),
        "height": chosen.height if chosen else 0,
        "width": chosen.width if chosen else 0,
    }
    if chosen is not None and chosen.start is not None:
        # The reader gives the blank rows above as well.
        yield from islice(chosen.iter_rows(), chosen.start[0], None)


def _folded(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in parts if each.isalnum())


def _tagged(value: object) -> tuple[str, str]:
    if isinstance(value, dt.timedelta):
        return "timedelta", str(value.total_seconds())
    if isinstance(value, dt.date | dt.time):
        return type(value).__name__, value.isoformat()
    return "", ""


if __name__ == "__main__":
    main()
