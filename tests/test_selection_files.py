"""A selection that is taken away comes back as it was, and says where it is from."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from python_calamine import load_workbook

from regen_map.catalogue import TABLES, Catalogue, PartialDate, Project
from regen_map.cli import main
from regen_map.export.selection import (
    FORMATS,
    Extract,
    extract_csv,
    extract_geojson,
    extract_gpkg,
    extract_xlsx,
    extract_zip,
)
from regen_map.intake import read_tables
from regen_map.messages import LANGUAGES, translator
from regen_map.query import money_of
from regen_map.store import FolderStore, shipped_folder

Make = Callable[..., Catalogue]

DAY = dt.date(2026, 11, 22)
SITE = "https://map.example/it/progetti"
FILTERS = (("Fase", "Lavori in corso"), ("Testo", '=HYPERLINK("https://evil.example")'))
READABLE = [each for each in FORMATS if each not in {"pdf", "zip"}]
HOSTILE = '=1+1 <img src=x onerror=alert(1)> ${7*7} `x` "; DROP TABLE projects; --'


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return FolderStore(shipped_folder()).load().catalogue


def taken(
    catalogue: Catalogue, projects: Sequence[Project] | None = None, language: str = "it"
) -> Extract:
    return Extract(
        catalogue=catalogue,
        projects=catalogue.projects if projects is None else tuple(projects),
        language=language,
        filters=FILTERS,
        day=DAY,
        site=SITE,
    )


def come_back(
    content: bytes, ending: str, catalogue: Catalogue, table: str = "projects"
) -> list[Any]:
    """Read a file without errors, and give its records."""
    name = f"{table}.{ending}"
    reading = read_tables(
        {name: (TABLES[table], content)},
        city=catalogue.city,
        vocabularies=catalogue.vocabularies,
    )[name]
    assert [each for each in reading.issues if each.is_error] == []
    return list(reading.records)


# ---------------------------------------------------------------- the shipped catalogue


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ending", READABLE)
def test_shipped_projects_come_back(ending: str, language: str, shipped: Catalogue) -> None:
    content = FORMATS[ending].write(taken(shipped, language=language))
    assert come_back(content, ending, shipped) == list(shipped.projects)


@pytest.mark.parametrize("ending", READABLE)
def test_a_part_holds_exactly_that_part(ending: str, shipped: Catalogue) -> None:
    part = shipped.projects[20:3:-4]
    content = FORMATS[ending].write(taken(shipped, part))
    assert come_back(content, ending, shipped) == list(part)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ending", READABLE)
def test_check_takes_the_file_under_its_own_name(
    ending: str,
    language: str,
    shipped: Catalogue,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    extract = taken(shipped, language=language)
    path = tmp_path / extract.file_name(ending)
    path.write_bytes(FORMATS[ending].write(extract))
    status = main(["check", str(path), "--data", str(shipped_folder()), "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert status == 0
    assert not [issue for issue in found if issue["severity"] == "error"]


@pytest.mark.parametrize("table", ["projects", "funding", "milestones", "programmes"])
def test_tables_of_the_archive_come_back(table: str, shipped: Catalogue) -> None:
    extract = taken(shipped)
    with zipfile.ZipFile(io.BytesIO(extract_zip(extract))) as archive:
        found = come_back(archive.read(f"{table}.csv"), "csv", shipped, table)
    assert found == list(getattr(extract, table))
    if table != "programmes":  # of which those that fund nothing are no part of a selection
        assert len(found) == len(shipped.table(table))


@pytest.mark.parametrize("table", ["funding", "milestones"])
@pytest.mark.parametrize("ending", ["xlsx", "gpkg"])
def test_further_tables_come_back_from_the_same_file(
    ending: str, table: str, shipped: Catalogue
) -> None:
    extract = taken(shipped)
    content = FORMATS[ending].write(extract)
    assert come_back(content, ending, shipped, table) == list(getattr(extract, table))


# ---------------------------------------------------------------- where it is from


def provenance(content: bytes) -> list[tuple[str, str]]:
    """Give the rows of that table of a GeoPackage."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)
        return database.execute("SELECT item, value FROM provenance").fetchall()


def told(content: bytes, ending: str) -> str:
    """Give all that a file says of itself."""
    if ending == "geojson":
        return json.dumps(json.loads(content)["about"], ensure_ascii=False)
    if ending == "gpkg":
        return "\n".join(": ".join(row) for row in provenance(content))
    if ending == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.read("README.md").decode()
    return "\n".join(": ".join(map(str, row)) for row in sheet(content, -1))


def sheet(content: bytes, index: int) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(content))
    return book.get_sheet_by_name(book.sheet_names[index]).to_python()


@pytest.mark.parametrize("ending", ["xlsx", "zip", "geojson", "gpkg"])
def test_file_says_what_was_asked_for_and_where_it_is_from(ending: str, town: Catalogue) -> None:
    said = told(FORMATS[ending].write(taken(town)), ending)
    for expected in ("Lavori in corso", town.version, "CC BY 4.0", "Comune di Prova"):
        assert expected in said.replace("\\", "")
    assert "2026" in said
    assert SITE in said.replace("\\", "")


def test_name_says_city_day_and_version(town: Catalogue) -> None:
    name = taken(town).file_name("csv")
    assert name == f"progetti-prova-2026-11-22-{town.version[:8]}.csv"
    assert taken(town, language="en").file_name("csv").startswith("projects-trial-2026-11-22-")


def test_name_stands_in_a_header_whatever_the_city_is_called(town: Catalogue) -> None:
    for city in ('Forlì "\r\nX: y', "大都市", "../../etc"):
        named = dataclasses.replace(
            town, city=dataclasses.replace(town.city, names={"it": city, "en": city})
        )
        assert re.fullmatch(r"[a-z0-9-]+\.csv", taken(named).file_name("csv"))


def test_csv_holds_projects_alone(town: Catalogue) -> None:
    lines = list(csv.reader(io.StringIO(extract_csv(taken(town)).decode())))
    assert tuple(lines[0]) == TABLES["projects"].names
    assert [line[0] for line in lines[1:]] == [project.id for project in town.projects]


def of_an_earlier_day(catalogue: Catalogue, language: str = "it", told: str = "") -> Extract:
    filters = (*FILTERS, ("Testo", told)) if told else FILTERS
    return dataclasses.replace(
        taken(catalogue, language=language),
        day=dt.date(2024, 1, 31),
        taken=DAY,
        filters=filters,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ending", ["csv", "excel.csv"])
def test_csv_of_an_earlier_day_says_so_above_its_headings_and_comes_back(
    ending: str,
    language: str,
    shipped: Catalogue,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    extract = of_an_earlier_day(shipped, language)
    content = FORMATS[ending].write(extract)
    title = content.decode("utf-8-sig").splitlines()[0].strip('"')
    day = translator(language).date("2024-01-31")
    assert title.startswith(translator(language).text("selection.known_on", date=day))
    assert "Lavori in corso" in title
    assert shipped.version in title
    assert come_back(content, ending, shipped) == list(shipped.projects)

    path = tmp_path / extract.file_name(ending)
    path.write_bytes(content)
    main(["check", str(path), "--data", str(shipped_folder()), "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    today = tmp_path / taken(shipped, language=language).file_name(ending)
    today.write_bytes(FORMATS[ending].write(taken(shipped, language=language)))
    main(["check", str(today), "--data", str(shipped_folder()), "--format", "json"])
    usual = json.loads(capsys.readouterr().out)
    added = Counter(each["rule"] for each in found) - Counter(each["rule"] for each in usual)
    assert added == {"title_lines": 1}
    assert {each["severity"] for each in found if each["rule"] == "title_lines"} == {"notice"}


@pytest.mark.parametrize("ending", ["csv", "excel.csv"])
@pytest.mark.parametrize(
    "text",
    [HOSTILE, "id;name_it;name_en;phase", "id,name_it,name_en\tphase", '"', "sep=;", "\ud800"],
)
def test_title_of_a_csv_hides_no_row_whatever_was_asked_for(
    text: str, ending: str, town: Catalogue
) -> None:
    content = FORMATS[ending].write(of_an_earlier_day(town, told=text))
    assert come_back(content, ending, town) == list(town.projects)
    assert not content.decode("utf-8-sig").startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("ending", ["csv", "excel.csv"])
def test_csv_of_today_begins_with_its_headings(ending: str, town: Catalogue) -> None:
    for extract in (taken(town), dataclasses.replace(taken(town), taken=DAY)):
        assert FORMATS[ending].write(extract).decode("utf-8-sig").startswith("id")


def test_every_format_has_a_name_in_every_language() -> None:
    for language in LANGUAGES:
        names = [translator(language).text(each.key) for each in FORMATS.values()]
        assert len(set(names)) == len(FORMATS)


@pytest.mark.parametrize("ending", [each for each in FORMATS if each != "gpkg"])
def test_equal_extracts_give_equal_bytes(ending: str, town: Catalogue) -> None:
    first, second = (FORMATS[ending].write(taken(town)) for _ in range(2))
    assert first == second


# ---------------------------------------------------------------- shapes


def test_geometry_is_that_of_the_place(town: Catalogue) -> None:
    features = json.loads(extract_geojson(taken(town)))["features"]
    found = {each["id"]: each for each in features}
    assert found["selciato"]["geometry"] == {"type": "Point", "coordinates": [10.1, 44.08]}
    assert found["selciato"]["position_accuracy_m"] == 5
    assert found["bagni"]["position_accuracy_m"] is None
    assert found["sala"]["geometry"] is None  # its place has no position
    assert found["rete"]["geometry"] is None  # it has no place
    assert "position_accuracy_m" not in found["rete"]
    assert [each["id"] for each in features] == [project.id for project in town.projects]


def test_about_counts_what_is_not_on_the_map(town: Catalogue) -> None:
    about = json.loads(extract_geojson(taken(town)))["about"]
    assert (about["n_projects"], about["n_unlocated"]) == (5, 2)
    assert about["filters"][0] == {"label": "Fase", "value": "Lavori in corso"}
    assert about["date"] == "2026-11-22"


def test_geopackage_opens_in_other_programs(town: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "selection.gpkg"
    path.write_bytes(extract_gpkg(taken(town)))
    layers = {name for name, _ in pyogrio.list_layers(path).tolist()}
    assert layers == {"projects", "funding", "milestones", "programmes", "provenance"}
    layer = pyogrio.read_dataframe(path, layer="projects").set_index("id")
    assert layer.crs == "EPSG:4326"
    assert layer.geometry["selciato"].coords[0] == (10.1, 44.08)
    assert layer.geometry["rete"] is None


@pytest.mark.parametrize("n_projects", [0, 5])
def test_layer_of_the_geopackage_says_where_it_is_from(
    n_projects: int, town: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "selection.gpkg"
    path.write_bytes(extract_gpkg(taken(town, town.projects[:n_projects])))
    said = pyogrio.read_info(path, layer="projects")["layer_metadata"]["DESCRIPTION"]
    assert "Lavori in corso" in said
    assert town.version in said


# ---------------------------------------------------------------- Excel


def parts(content: bytes) -> Mapping[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_workbook_has_its_sheets_in_the_words_of_its_language(town: Catalogue) -> None:
    italian, english = (
        load_workbook(io.BytesIO(extract_xlsx(taken(town, language=language)))).sheet_names
        for language in ("it", "en")
    )
    assert italian == ["Progetti", "Finanziamenti", "Tappe dei lavori", "Fonti", "Da dove viene"]
    assert english == ["Projects", "Funding", "Milestones", "Sources", "About"]


def test_workbook_has_days_as_days_and_parts_of_dates_as_text(make_catalogue: Make) -> None:
    dates = {"start": "2025-09-30", "first_declared_end": "2026-06", "declared_end": "2027"}
    old = {"id": "old", "start": "1850-05-01", "end": "1900-02-27"}
    catalogue = make_catalogue(projects=[{"id": "verdi", **dates}, old])
    headings, verdi, other = sheet(extract_xlsx(taken(catalogue)), 0)
    found = dict(zip(headings, verdi, strict=True))
    assert found["start"] == dt.date(2025, 9, 30)
    assert (found["first_declared_end"], found["declared_end"]) == ("2026-06", "2027")
    before = dict(zip(headings, other, strict=True))
    assert (before["start"], before["end"]) == ("1850-05-01", "1900-02-27")
    assert come_back(extract_xlsx(taken(catalogue)), "xlsx", catalogue)[0].start == PartialDate(
        "2025-09-30"
    )


def test_workbook_is_ready_to_be_sorted_and_filtered(town: Catalogue) -> None:
    first = parts(extract_xlsx(taken(town)))["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in first
    assert "<autoFilter" in first


def test_workbook_tells_each_source_of_each_project(shipped: Catalogue) -> None:
    rows = sheet(extract_xlsx(taken(shipped)), 3)[1:]
    found = {(row[0], row[2]) for row in rows}
    for project in shipped.projects:
        lines = money_of(shipped, project.id).lines
        for address in (*project.sources, *(line.source for line in lines)):
            assert (project.id, address) in found


def test_about_adds_up_natures_apart_and_counts_what_is_unknown(make_catalogue: Make) -> None:
    line = {"project_id": "a", "programme_id": "pnrr", "counted": "yes"}
    catalogue = make_catalogue(
        programmes=[{"id": "pnrr", "name_it": "PNRR", "level": "eu"}],
        projects=[{"id": "a"}, {"id": "b"}],
        funding=[
            line | {"nature": "allocated", "amount_eur": "1000.50"},
            line | {"nature": "allocated"},
            line | {"nature": "spent", "amount_eur": "300"},
            line | {"nature": "allocated", "amount_eur": "9000", "counted": "no"},
        ],
    )
    said = told(extract_xlsx(taken(catalogue)), "xlsx")
    money = translator("it").money
    assert f"{money(1000.5)} · 1 cifra · 1 importo non noto" in said
    assert f"{money(300)} · 1 cifra\n" in said
    assert money(1300.5) not in said
    assert money(9000) not in said
    assert "Con un importo noto: 1 su 2" in said
    assert "Con altre cifre nelle fonti: 1 su 2" in said


# ---------------------------------------------------------------- hostile, empty, unknown


@pytest.fixture
def hostile(make_catalogue: Make) -> Catalogue:
    texts = {"name_it": HOSTILE, "name_en": HOSTILE, "summary_it": f"@SUM(A1)\n{HOSTILE}"}
    return make_catalogue(
        programmes=[{"id": "pnrr", "name_it": HOSTILE, "level": "eu"}],
        projects=[{"id": "verdi", "promoter": HOSTILE.replace("|", ""), **texts}],
        funding=[
            {
                "project_id": "verdi",
                "programme_id": "pnrr",
                "nature": "spent",
                "counted": "yes",
                "note_it": HOSTILE,
            }
        ],
        milestones=[{"project_id": "verdi", "date": "2025", "text_it": HOSTILE, "text_en": "x"}],
    )


@pytest.mark.parametrize("ending", READABLE)
def test_hostile_text_comes_back_as_text(ending: str, hostile: Catalogue) -> None:
    content = FORMATS[ending].write(taken(hostile))
    assert come_back(content, ending, hostile) == list(hostile.projects)


def test_no_cell_of_any_sheet_is_a_formula_or_a_link(hostile: Catalogue) -> None:
    for name, content in parts(extract_xlsx(taken(hostile))).items():
        if name.startswith("xl/worksheets/"):
            assert "<f>" not in content
            assert "<hyperlink" not in content
    for index in range(5):
        cells = [str(cell) for row in sheet(extract_xlsx(taken(hostile)), index) for cell in row]
        assert not [each for each in cells if each.startswith(("=", "@", "+", "-"))]


def test_no_cell_of_a_csv_or_layer_is_a_formula(hostile: Catalogue) -> None:
    contents = [extract_csv(taken(hostile))]
    with zipfile.ZipFile(io.BytesIO(extract_zip(taken(hostile)))) as archive:
        contents += [archive.read(each) for each in archive.namelist() if each.endswith(".csv")]
    for content in contents:
        for row in csv.reader(io.StringIO(content.decode(), newline="")):
            assert not [cell for cell in row if cell.startswith(("=", "@"))]
    values = [value for _, value in provenance(extract_gpkg(taken(hostile)))]
    assert values[1] == f"'{FILTERS[1][1]}"


def test_filter_of_the_archive_is_no_markup(town: Catalogue) -> None:
    filters = [("Testo", "<b>x</b> [a](javascript:alert(1))\n# Title")]
    extract = dataclasses.replace(taken(town), filters=filters)
    said = told(extract_zip(extract), "zip")
    assert "<b>" not in said.replace("\\<", "")
    assert "](" not in said
    assert "\n# Title" not in said


@pytest.mark.parametrize("ending", FORMATS)
def test_filter_that_no_file_can_hold_spoils_none(ending: str, town: Catalogue) -> None:
    filters = [("\x00\ufffeTesto", "\ud800\x1b[31m\u202ea\uffff\r\nb")]
    extract = dataclasses.replace(taken(town), filters=filters)
    content = FORMATS[ending].write(extract)
    assert extract.provenance()[0] == ("Testo", "[31ma b")
    if ending in READABLE:
        assert come_back(content, ending, town) == list(town.projects)
    if ending in {"xlsx", "gpkg", "geojson"}:
        assert "[31ma b" in told(content, ending)


def test_address_that_is_none_of_the_web_is_not_told(town: Catalogue) -> None:
    extract = dataclasses.replace(taken(town), site="javascript:alert(1)")
    assert "javascript" not in told(extract_geojson(extract), "geojson")
    assert not [value for _, value in extract.provenance() if "javascript" in value]


@pytest.mark.parametrize("ending", FORMATS)
def test_empty_selection_is_a_file_without_projects(ending: str, town: Catalogue) -> None:
    content = FORMATS[ending].write(taken(town, []))
    assert content
    if ending in READABLE:
        assert come_back(content, ending, town) == []


@pytest.mark.parametrize("ending", READABLE)
def test_project_of_which_nothing_is_known_comes_back(ending: str, make_catalogue: Make) -> None:
    catalogue = make_catalogue(projects=[{"id": "verdi", "sources": ""}])
    (project,) = catalogue.projects
    assert (project.phase, project.sources, project.place_id) == (None, (), None)
    content = FORMATS[ending].write(taken(catalogue))
    assert come_back(content, ending, catalogue) == [project]


def test_selection_without_filters_says_so(town: Catalogue) -> None:
    extract = dataclasses.replace(taken(town), filters=())
    assert ("Filtri", "nessuno: tutti i progetti") in extract.provenance()
