"""What ``regen-map check --fix`` writes: sound rows in canonical form, the others beside them."""

from __future__ import annotations

from pathlib import Path

from regen_map.catalogue import Cell
from regen_map.cli.report import Checked
from regen_map.export.rows import write_csv, write_geojson
from regen_map.intake import Issue
from regen_map.intake.drafts import Draft
from regen_map.intake.repair import Repaired, repaired
from regen_map.messages import translator
from regen_map.messages.issues import describe
from regen_map.store import write_whole

_NUMBERS = (Cell.NUMBER, Cell.INTEGER, Cell.MONEY, Cell.LATITUDE, Cell.LONGITUDE)
_FORMATS = (".csv", ".geojson")


def write(checked: Checked, out: Path, language: str) -> str:
    """
    Write the files that were checked in canonical form.

    Parameters
    ----------
    checked
        Read with repairs.
    out
        A folder, made if need be; for a single file it may be a file.
    language
        Of the reasons in the quarantine.

    Returns
    -------
    str
        Why nothing was written; empty when all went well. No file that was
        read is ever written over.
    """
    words = translator(language)
    single = len(checked.drafts) == 1 and not checked.settings and not out.is_dir()
    if single and out.suffix:
        if out.suffix.casefold() not in _FORMATS:
            return words.text("mend.format", out=out, formats=", ".join(_FORMATS))
        ((name, draft),) = checked.drafts.items()
        targets = {name: (out, draft)}
    else:
        targets = {
            name: (out / _file_name(draft, repaired(draft)), draft)
            for name, draft in checked.drafts.items()
        }
    read = {path.resolve() for path in checked.paths.values()}
    others = {out / name: content for name, content in checked.settings.items()}
    if any(path.resolve() in read for path in (*(path for path, _ in targets.values()), *others)):
        return words.text("mend.same", out=out)
    for path, content in others.items():
        write_whole(path, content)
    for path, draft in targets.values():
        _write_table(path, draft, language)
    return ""


def _file_name(draft: Draft, table: Repaired) -> str:
    return f"{draft.table.name}{'.csv' if table.shapes is None else '.geojson'}"


def _write_table(path: Path, draft: Draft, language: str) -> None:
    table = repaired(draft)
    if path.suffix.casefold() == ".geojson":
        shapes = table.shapes or [entry.shape for entry in draft.sound]
        numeric = {each.name for each in draft.table.columns if each.cell in _NUMBERS}
        write_whole(path, write_geojson(table.headings, table.rows, shapes, numeric))
    else:
        write_whole(path, write_csv(table.headings, table.rows))
    quarantine = path.with_name(f"{path.stem}.quarantine.csv")
    if not table.quarantine:
        quarantine.unlink(missing_ok=True)
        return
    words = translator(language)
    width = max(len(entry.row.cells) for entry, _ in table.quarantine)
    headings = [*draft.sheet.headings, *[""] * (width - len(draft.sheet.headings))]
    rows = [
        [
            *entry.row.cells,
            *[""] * (width - len(entry.row.cells)),
            entry.place,
            _reasons(issues, language),
        ]
        for entry, issues in table.quarantine
    ]
    content = write_csv([*headings, words.text("mend.line"), words.text("mend.reason")], rows)
    write_whole(quarantine, content)


def _reasons(issues: object, language: str) -> str:
    assert isinstance(issues, list)  # noqa: S101
    return " ".join(describe(issue, language) for issue in issues if isinstance(issue, Issue))
