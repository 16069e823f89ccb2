"""What ``regen-map check --fix`` writes: sound rows in canonical form, the others beside them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePath

from regen_map.cli.report import Checked
from regen_map.export.check_report import quarantine_csv
from regen_map.export.rows import write_csv, write_geojson
from regen_map.intake.drafts import Draft
from regen_map.intake.repair import drawn, repaired
from regen_map.messages import translator
from regen_map.store import write_whole

_FORMATS = (".csv", ".geojson")
QUARANTINE = ".quarantine.csv"


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

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    words = translator(language)
    if _is_one_file(checked, out):
        if out.suffix.casefold() not in _FORMATS:
            return words.text("mend.format", out=out, formats=", ".join(_FORMATS))
        ((name, draft),) = checked.drafts.items()
        if out.suffix.casefold() == ".csv" and drawn(draft):
            return words.text("mend.shapes", out=out)
        targets = {name: out}
    else:
        targets = {name: out / file for name, file in _file_names(checked.drafts).items()}
    if len(set(targets.values())) < len(targets):
        return words.text("mend.same_name", out=out)
    # What could not be read goes along, so that checking the copy tells of it too.
    copies = {
        out / name: content
        for name, content in checked.contents.items()
        if name not in checked.drafts and out not in targets.values()
    }
    written = {*targets.values(), *map(_quarantine_of, targets.values()), *copies}
    read = {_whole(path) for path in checked.paths.values()}
    if any(_whole(path) in read for path in written):
        return words.text("mend.same", out=out)
    for path, content in copies.items():
        write_whole(path, content)
    for name, path in targets.items():
        _write_table(path, checked.drafts[name], language)
    return ""


def _is_one_file(checked: Checked, out: Path) -> bool:
    return (
        len(checked.paths) == 1
        and len(checked.drafts) == 1
        and bool(out.suffix)
        and (not out.is_dir())
    )


def _whole(path: Path) -> Path:
    # Links that go round in circles make resolving fail; such a path was never read.
    return path.resolve() if path.exists() else path.absolute()


def _file_names(drafts: dict[str, Draft]) -> dict[str, str]:
    """Name each file as its table; where two hold the same table, as the file that was read."""
    tables = Counter(draft.table.name for draft in drafts.values())
    return {
        name: (draft.table.name if tables[draft.table.name] == 1 else PurePath(name).stem)
        + (".geojson" if _is_shaped(draft) else ".csv")
        for name, draft in drafts.items()
    }


def _is_shaped(draft: Draft) -> bool:
    return draft.table.geometry or drawn(draft)


def _quarantine_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}{QUARANTINE}")


def _write_table(path: Path, draft: Draft, language: str) -> None:
    shaped = path.suffix.casefold() == ".geojson"
    table = repaired(draft, shaped=shaped)
    if table.shapes is not None:
        numeric = {each.name for each in draft.table.columns if each.cell.is_number}
        write_whole(path, write_geojson(table.headings, table.rows, table.shapes, numeric))
    else:
        rows = [["" if cell is None else str(cell) for cell in row] for row in table.rows]
        write_whole(path, write_csv(table.headings, rows))
    apart = _quarantine_of(path)
    if table.quarantine:
        write_whole(apart, quarantine_csv(draft.sheet.headings, table.quarantine, language))
    else:
        apart.unlink(missing_ok=True)
