"""The command ``check``: reports, exit statuses, and the files it mends."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from regen_map.cli import main
from regen_map.messages import LANGUAGES
from regen_map.store import shipped_folder
from tests.conftest import CITY, VOCABULARIES, rows

KEYS = [
    *("file", "line", "column", "rule", "severity"),
    *("found", "expected", "suggestion"),
]

GOOD = {"as_of": "2026", "sources": "https://fonte.it/1"}

Check = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A city with one sound workshop."""
    home = tmp_path / "city"
    home.mkdir()
    (home / "city.toml").write_bytes(CITY)
    (home / "vocabularies.csv").write_bytes(VOCABULARIES)
    (home / "workshops.csv").write_bytes(rows("workshops", GOOD))
    return home


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Run the command; give its status, what it printed, and what it complained of."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main(["check", *map(str, arguments)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def italian(folder: Path, name: str = "workshops.csv") -> Path:
    """Write what an office would send: three good rows, of which two need tolerance, three bad."""
    path = folder / name
    path.write_bytes(
        "Elenco botteghe;;;;;;;\r\nid;Nome;Name;kind;Latitudine;lon;Referente;sources\r\nuno;Caffè «Uno»;One;gallery;44,08;10,09;A;https://a.example.it/1\r\ndue;=1+1;Two;Galleria;44.09;10.1;;https://a.example.it/2\r\ntre;Tre;Three;gallery;10,09;44,08;C;https://a.example.it/3\r\nquattro;Quattro;Four;galery;44.1;10.1;D;https://a.example.it/4\r\ncinque;Cinque;Five;gallery;41,9;12,5;E;https://a.example.it/5\r\nTotale;;;;;;5;\r\n".encode(
            "cp1252"
        )
    )
    return path


def test_shipped_folder_has_no_errors(check: Check) -> None:
    status, printed, _ = check(shipped_folder())
    assert status == 0
    assert "0 errori" in printed.splitlines()[-1]


def test_sound_folder_is_clean_in_every_language(check: Check, folder: Path) -> None:
    last = {
        language: check(folder, "--lang", language, "--strict")[1].splitlines()[-1]
        for language in LANGUAGES
    }
    assert last == {
        "it": "In tutto 0 errori, 0 avvisi e 0 note.",
        "en": "Altogether 0 errors, 0 warnings and 0 notices.",
    }


def test_people_get_one_line_for_each_fault_in_file_order_and_a_summary(
    check: Check, folder: Path
) -> None:
    status, printed, complaint = check(italian(folder))
    lines = printed.splitlines()
    assert (status, complaint) == (1, "")
    told = [re.search(r"riga (\d+)", line) for line in lines]
    numbers = [int(found.group(1)) for found in told if found]
    assert numbers == sorted(numbers)
    assert [number for number in numbers if number > 3] == [5, 6, 7, 8]
    assert "le virgole decimali sono state lette come punti in 3 righe" in printed
    assert "riga di totale?" in printed
    assert lines[-2] == (
        "workshops.csv: 6 righe lette, 2 tenute, 4 messe da parte, 2 lette con tolleranza."
    )
    assert lines[-1].startswith("In tutto 4 errori, ")


def test_programs_get_exactly_the_keys_they_were_promised(check: Check, folder: Path) -> None:
    status, printed, _ = check(italian(folder), "--format", "json")
    issues = json.loads(printed)
    assert status == 1
    assert all(list(issue) == KEYS for issue in issues)
    errors = [issue for issue in issues if issue["severity"] == "error"]
    assert [(each["line"], each["column"], each["rule"]) for each in errors] == [
        (5, "Latitudine, lon", "position_swapped"),
        (6, "kind", "term"),
        (7, "Latitudine, lon", "position_outside"),
        (8, "", "totals_row"),
    ]
    assert errors[1]["suggestion"] == "gallery"
    assert {each["severity"] for each in issues} == {"error", "warning", "notice"}


def test_annotations_name_path_and_line_and_keep_to_one_line(check: Check, folder: Path) -> None:
    path = italian(folder)
    _, printed, _ = check(path, "--format", "github")
    assert f"::error file={path},line=6::workshops.csv, riga 6, colonna «kind»: " in printed
    assert all(
        line.startswith(("::error ", "::warning ", "::notice ")) for line in printed.splitlines()
    )


def test_report_as_csv_runs_no_formula(check: Check, folder: Path) -> None:
    (folder / "workshops.csv").write_bytes(rows("workshops", {"kind": "=cmd|'/c calc'!A1"}))
    _, printed, _ = check(folder / "workshops.csv", "--format", "csv", "--lang", "en")
    header, first, *_ = csv.reader(io.StringIO(printed))
    # Programs that read by position count on it: what is new comes last.
    assert header == [*KEYS, "sentence", "feature"]
    assert first[5] == "'=cmd|'/c calc'!A1"
    assert "is not one of: gallery." in first[8]


@pytest.mark.parametrize(
    ("change", "status", "strict"),
    [({}, 0, 0), ({"sources": ""}, 0, 1), ({"kind": "x"}, 1, 1), ({"lat": "44,08"}, 0, 0)],
    ids=["sound", "warning", "error", "notice"],
)
def test_status_tells_errors_and_when_strict_warnings(
    change: dict[str, str], status: int, strict: int, check: Check, folder: Path
) -> None:
    (folder / "workshops.csv").write_bytes(rows("workshops", {**GOOD, **change}))
    assert check(folder)[0] == status
    assert check(folder, "--strict")[0] == strict


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"uno;due\n1;2\n", b"PK\x03\x04"], ids=repr
)
@pytest.mark.parametrize("name", ["workshops.csv", "workshops.xlsx", "workshops.geojson"])
def test_unreadable_file_ends_with_two_and_a_sentence(
    content: bytes, name: str, check: Check, folder: Path
) -> None:
    (folder / name).write_bytes(content)
    status, printed, complaint = check(folder / name)
    assert (status, complaint) == (2, "")
    assert printed.startswith(f"Errore: {name}")


def test_missing_file_is_a_sentence(check: Check, folder: Path) -> None:
    status, printed, _ = check(folder / "workshop.csv")
    assert status == 2
    assert printed.startswith("Errore: workshop.csv: il file non si può aprire.")


def test_file_of_any_name_needs_its_table_named(check: Check, folder: Path) -> None:
    path = folder / "elenco.csv"
    path.write_bytes(rows("workshops", GOOD))
    status, printed, _ = check(path)
    assert (status, "--table" in printed) == (2, True)
    assert check(path, "--table", "workshops")[0] == 0


def test_several_files_of_different_tables_are_checked_against_each_other(
    check: Check, folder: Path
) -> None:
    (folder / "projects.csv").write_bytes(rows("projects", GOOD))
    (folder / "programmes.csv").write_bytes(rows("programmes", {}))
    (folder / "funding.csv").write_bytes(rows("funding", {"project_id": "verdy"}))
    names = [folder / f"{name}.csv" for name in ("projects", "programmes", "funding")]
    status, printed, _ = check(*names)
    assert status == 1
    assert "Forse si intendeva «verdi»?" in printed


def test_file_is_checked_against_the_other_tables_of_its_city(check: Check, folder: Path) -> None:
    (folder / "projects.csv").write_bytes(rows("projects", GOOD))
    (folder / "programmes.csv").write_bytes(rows("programmes", {}))
    (folder / "funding.csv").write_bytes(rows("funding", {"project_id": "verdy"}))
    assert check(folder / "funding.csv")[0] == 1
    (folder / "projects.csv").unlink()
    status, printed, _ = check(folder / "funding.csv")
    assert status == 0
    assert "i codici non si sono potuti confrontare con projects" in printed


def test_several_files_of_one_table_are_checked_each_by_itself(check: Check, folder: Path) -> None:
    for name in ("workshops-1.csv", "workshops-2.csv"):
        (folder / name).write_bytes(rows("workshops", GOOD))
    status, printed, _ = check(folder / "workshops-1.csv", folder / "workshops-2.csv")
    assert status == 0
    assert printed.count("1 riga letta, 1 tenuta") == 2


def test_file_of_no_table_in_a_folder_is_told(check: Check, folder: Path) -> None:
    (folder / "Botteghe nuove.xlsx").write_bytes(b"")
    status, printed, _ = check(folder)
    assert status == 0
    assert "Nota: Botteghe nuove.xlsx: nessuna tabella ha questo nome" in printed


def test_limit_can_be_set(check: Check, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(folder / "workshops.csv", "--limit", "file_bytes=10")[0] == 2
    monkeypatch.setenv("REGEN_MAP_LIMITS", "columns=3")
    status, printed, _ = check(folder / "workshops.csv")
    assert (status, "più delle 3 ammesse" in printed) == (2, True)
    with pytest.raises(SystemExit):
        check(folder, "--limit", "speed=3")


def test_fault_of_the_program_is_a_sentence_and_with_debug_a_traceback(
    check: Check, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "no such luck"
        raise RuntimeError(message)

    monkeypatch.setattr("regen_map.cli.check.read_catalogue", fail)
    status, _, complaint = check(folder)
    assert status == 70
    assert "Traceback" not in complaint
    assert "RuntimeError: no such luck" in complaint
    assert "Traceback" in check(folder, "--debug")[2]


# ---------------------------------------------------------------- --fix


def test_mended_file_is_clean_and_keeps_order_and_unknown_columns(
    check: Check, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out" / "workshops.csv"
    check(italian(folder), "--fix", out)
    assert out.read_text("utf-8") == (
        "id,name_it,name_en,kind,lat,lon,Referente,sources\n"
        "uno,Caffè «Uno»,One,gallery,44.08,10.09,A,https://a.example.it/1\n"
        "due,'=1+1,Two,gallery,44.09,10.1,,https://a.example.it/2\n"
        "tre,Tre,Three,gallery,44.08,10.09,C,https://a.example.it/3\n"
    )
    status, printed, _ = check(out, "--data", folder, "--format", "json")
    assert status == 0
    rules = {issue["rule"] for issue in json.loads(printed)}
    assert rules <= {"heading_unknown", "places_alike", "no_evidence"}


def test_mending_twice_changes_nothing_more(check: Check, folder: Path, tmp_path: Path) -> None:
    once, twice = tmp_path / "one" / "workshops.csv", tmp_path / "two" / "workshops.csv"
    check(italian(folder), "--fix", once)
    check(once, "--fix", twice, "--data", folder)
    assert twice.read_bytes() == once.read_bytes()
    assert not twice.with_name("workshops.quarantine.csv").exists()


def test_quarantine_holds_the_unsound_rows_and_says_why(
    check: Check, folder: Path, tmp_path: Path
) -> None:
    check(italian(folder), "--fix", tmp_path / "out")
    kept = (tmp_path / "out" / "workshops.quarantine.csv").read_text("utf-8")
    header, *unsound = csv.reader(io.StringIO(kept))
    assert header[-2:] == ["riga nel file", "perché è messa da parte"]
    assert [row[0] for row in unsound] == ["quattro", "cinque", "Totale"]
    assert [row[-2] for row in unsound] == ["6", "7", "8"]
    assert "«galery» non è tra i valori ammessi" in unsound[0][-1]


def test_mended_folder_is_a_city_without_errors(check: Check, tmp_path: Path, folder: Path) -> None:
    italian(folder)
    (folder / "projects.csv").write_bytes(
        rows("projects", {"place_id": "quattro"}, {"id": "due-p"})
    )
    out = tmp_path / "out"
    assert check(folder, "--fix", out)[0] == 1
    assert {path.name for path in out.iterdir()} == {
        "city.toml",
        "vocabularies.csv",
        "workshops.csv",
        "workshops.quarantine.csv",
        "projects.csv",
        "projects.quarantine.csv",
    }
    assert check(out)[0] == 0
    assert (out / "projects.csv").read_text("utf-8").count("\n") == 2


def test_shipped_folder_mended_is_the_shipped_folder(check: Check, tmp_path: Path) -> None:
    check(shipped_folder(), "--fix", tmp_path / "out")
    status, before, _ = check(shipped_folder(), "--format", "json")
    assert check(tmp_path / "out", "--format", "json")[:2] == (status, before)
    again = tmp_path / "again"
    check(tmp_path / "out", "--fix", again)
    for path in (tmp_path / "out").iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("out", ["", "workshops.csv"])
def test_files_that_were_read_are_never_written_over(out: str, check: Check, folder: Path) -> None:
    path = italian(folder)
    before = path.read_bytes()
    status, _, complaint = check(path, "--fix", folder / out)
    assert (status, "restano come sono" in complaint) == (2, True)
    assert path.read_bytes() == before


def test_format_that_cannot_be_written_is_told(check: Check, folder: Path, tmp_path: Path) -> None:
    status, _, complaint = check(italian(folder), "--fix", tmp_path / "out.docx")
    assert (status, ".csv, .geojson" in complaint) == (2, True)


def test_mended_copy_of_a_copy_needs_no_city_beside_it(
    check: Check, folder: Path, tmp_path: Path
) -> None:
    shutil.copy(folder / "workshops.csv", tmp_path / "workshops.csv")
    status, _, _ = check(tmp_path / "workshops.csv", "--data", folder, "--fix", tmp_path / "out")
    assert status == 0
    assert (tmp_path / "out" / "workshops.csv").is_file()


def test_two_files_of_one_table_are_mended_side_by_side(
    check: Check, folder: Path, tmp_path: Path
) -> None:
    for name in ("workshops-1.csv", "workshops-2.csv"):
        (folder / name).write_bytes(rows("workshops", {**GOOD, "id": name[10]}))
    paths = [folder / "workshops-1.csv", folder / "workshops-2.csv"]
    assert check(*paths, "--fix", tmp_path / "out")[0] == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in paths}


def test_two_files_of_one_name_are_not_mended_into_one(
    check: Check, folder: Path, tmp_path: Path
) -> None:
    (folder / "old").mkdir()
    shutil.copy(folder / "workshops.csv", folder / "old" / "workshops.csv")
    paths = [folder / "workshops.csv", folder / "old" / "workshops.csv"]
    status, _, complaint = check(*paths, "--fix", tmp_path / "out")
    assert (status, "uno coprirebbe l'altro" in complaint) == (2, True)
    assert not (tmp_path / "out").exists()


def test_unreadable_table_is_not_held_against_the_rows_that_refer_to_it(
    check: Check, folder: Path, tmp_path: Path
) -> None:
    (folder / "projects.csv").write_bytes(rows("projects", {**GOOD, "place_id": "museo"}))
    (folder / "attractions.csv").write_bytes(b"colonna\nuno\n")
    status, printed, _ = check(folder, "--fix", tmp_path / "out")
    assert status == 1
    assert "projects.csv: i codici non si sono potuti confrontare con attractions" in printed
    assert "projects.csv: 1 riga letta, 1 tenuta" in printed
    assert (tmp_path / "out" / "attractions.csv").read_bytes() == b"colonna\nuno\n"
    assert check(tmp_path / "out")[0] == 1


def test_shapes_are_not_thrown_away(check: Check, tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"id": "a", "name_it": "A", "name_en": "A", "kind": "square", "n": 5},
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[10, 44.1], [10.1, 44.1], [10, 44.12], [10, 44.1]]],
        },
    }
    path = tmp_path / "public_spaces.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    status, _, complaint = check(path, "--fix", tmp_path / "x.csv")
    assert (status, "linee o aree" in complaint) == (2, True)
    check(path, "--fix", tmp_path / "x.geojson")
    written = json.loads((tmp_path / "x.geojson").read_text("utf-8"))["features"][0]
    assert written["geometry"]["type"] == "Polygon"
    assert written["properties"]["n"] == 5


def test_rows_that_cannot_be_split_are_in_the_quarantine(
    check: Check, folder: Path, tmp_path: Path
) -> None:
    content = 'id,name_it,name_en,kind,sources\nb1,"Uno,O,gallery,https://a.it\n'
    content += "b2,Due,Two,gallery,https://a.it\n"
    (folder / "workshops.csv").write_text(content, "utf-8")
    _, printed, _ = check(folder / "workshops.csv", "--fix", tmp_path / "out")
    assert "2 righe lette, 1 tenuta, 1 messa da parte" in printed
    kept = (tmp_path / "out" / "workshops.quarantine.csv").read_text("utf-8")
    assert 'b1,""Uno,O,gallery' in kept
    assert "le virgolette non tornano" in kept


def test_column_without_a_name_is_told_and_kept(check: Check, folder: Path, tmp_path: Path) -> None:
    content = "id,name_it,name_en,kind,,sources\nb1,U,O,gallery,segreto,https://a.it\n"
    (folder / "workshops.csv").write_text(content, "utf-8")
    _, printed, _ = check(folder / "workshops.csv", "--fix", tmp_path / "out")
    assert "la 5ª colonna contiene dati ma non ha un nome" in printed
    assert (tmp_path / "out" / "workshops.csv").read_text("utf-8") == content


def test_quarantine_that_was_read_is_not_written_over(
    check: Check, folder: Path, tmp_path: Path
) -> None:
    shutil.copy(folder / "workshops.csv", tmp_path / "w.quarantine.csv")
    status, _, complaint = check(
        tmp_path / "w.quarantine.csv",
        *("--table", "workshops", "--data", folder, "--fix", tmp_path / "w.csv"),
    )
    assert (status, "restano come sono" in complaint) == (2, True)
    assert (tmp_path / "w.quarantine.csv").exists()


def test_place_that_cannot_be_written_is_a_sentence(
    check: Check, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "afile").write_text("x", "utf-8")
    status, printed, complaint = check(folder, "--fix", tmp_path / "afile")
    assert (status, "non si può scrivere" in complaint) == (2, True)
    assert "In tutto 0 errori" in printed


def test_halves_of_characters_do_not_stop_the_report(check: Check, tmp_path: Path) -> None:
    path = tmp_path / "public_spaces.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null,'
        ' "properties": {"id": "a", "name_it": "U\\ud800x", "name_en": "U", "kind": "?",'
        ' "other": "\\udc00"}}]}',
        "utf-8",
    )
    for form in ("json", "csv", "text", "github"):
        assert check(path, "--format", form)[0] == 1
    assert check(path, "--fix", tmp_path / "out")[0] == 1


@pytest.mark.parametrize(("indent", "place"), [(None, "feature 2"), (0, "line 14, feature 2")])
def test_each_feature_is_told_by_its_number(
    indent: int | None, place: str, check: Check, folder: Path, tmp_path: Path
) -> None:
    properties = [{"id": each, "name_it": each, "name_en": each, "kind": "?"} for each in "ab"]
    features = [{"type": "Feature", "geometry": None, "properties": each} for each in properties]
    path = folder / "public_spaces.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, indent=indent), "utf-8"
    )
    told = check(path, "--lang", "en", "--fix", tmp_path / "out")[1].splitlines()
    assert any(f"public_spaces.geojson, {place}, column «kind»" in each for each in told)
    found = csv.DictReader(io.StringIO(check(path, "--format", "csv")[1]))
    assert [each["feature"] for each in found if each["rule"] == "term"] == ["1", "2"]
    kept = (tmp_path / "out" / "public_spaces.quarantine.csv").read_text("utf-8")
    header, *unsound = csv.reader(io.StringIO(kept))
    assert header[-2:] == ["feature in the file", "why it is set apart"]
    assert ("line in the file" in header) is (indent is not None)
    assert [row[-2] for row in unsound] == ["1", "2"]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_terminal_of_few_characters_gets_its_report(encoding: str, folder: Path) -> None:
    (folder / "workshops.csv").write_bytes(rows("workshops", {"opening_hours": "Mo 9⟨^⟩", **GOOD}))
    done = subprocess.run(
        [sys.executable, "-m", "regen_map", "check", str(folder)],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"riga 2" in done.stdout


@pytest.mark.parametrize("column", ["lat", "position_accuracy_m", "as_of", "phone", "email"])
def test_long_nonsense_costs_no_time(column: str, check: Check, folder: Path) -> None:
    nonsense = "1" + " " * 19_000 + "x"
    content = rows("workshops", *({**GOOD, "id": f"a{n}", column: nonsense} for n in range(50)))
    (folder / "workshops.csv").write_bytes(content)
    started = time.process_time()
    assert check(folder / "workshops.csv")[0] == 1
    # Quadratic patterns took ten seconds for each cell.
    assert time.process_time() - started < 20


def test_answers_that_mean_unknown_are_empty_cells(check: Check, folder: Path) -> None:
    change = {**GOOD, "founded": "n.d.", "wheelchair": "-", "phone": "n/d"}
    (folder / "workshops.csv").write_bytes(rows("workshops", change))
    status, printed, _ = check(folder)
    assert status == 0
    assert "è stata letta come cella vuota in 1 riga" in printed


def test_words_of_clerks_stand_for_terms(check: Check, folder: Path) -> None:
    change = {**GOOD, "visit": "Su prenotazione", "wheelchair": "Sì", "status": "Aperto"}
    (folder / "workshops.csv").write_bytes(rows("workshops", change))
    assert check(folder)[0] == 0
