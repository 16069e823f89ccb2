"""Templates tell whoever fills them in what each cell takes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from python_calamine import load_workbook

from regen_map.catalogue import (
    TABLES,
    Catalogue,
    Cell,
    City,
    PartialDate,
    Table,
    Vocabularies,
    Workshop,
    records,
)
from regen_map.export.template import template_csv, template_xlsx
from regen_map.intake import read_table
from regen_map.messages import LANGUAGES, translator
from regen_map.store import FolderStore, shipped_folder

Make = Callable[..., Workshop]

TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
WORKSHOPS = TABLES["workshops"]


class Rule(NamedTuple):
    """A data validation of a sheet."""

    kind: str
    cells: str
    formulas: tuple[str, ...]
    message: str


def rules(content: bytes) -> list[Rule]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # A file of our own.
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    return [
        Rule(
            kind=each.get("type", ""),
            cells=each.get("sqref", ""),
            formulas=tuple(child.text or "" for child in each),
            message=each.get("error", ""),
        )
        for each in sheet.iterfind(".//{*}dataValidation")
    ]


def rule(content: bytes, table: Table, name: str) -> Rule:
    letter = column_letter(table.names.index(name))
    (found,) = [each for each in rules(content) if each.cells == f"{letter}2:{letter}1000"]
    return found


def column_letter(index: int) -> str:
    first, second = divmod(index, 26)
    return f"{chr(64 + first) if first else ''}{chr(65 + second)}"


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = load_workbook(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def offered(content: bytes, found: Rule) -> list[Any]:
    """Give what stands in the cells that a drop-down list points at."""
    match = re.fullmatch(r"'?(\w+)'?!\$B\$(\d+):\$B\$(\d+)", found.formulas[0])
    assert match, found
    sheet = sheets(content)[match[1]]
    return [row[1] for row in sheet[int(match[2]) - 1 : int(match[3])]]


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return FolderStore(shipped_folder()).load().catalogue


@TABLE
def test_csv_template_is_the_headings(table: Table) -> None:
    assert template_csv(table).decode() == ",".join(table.names) + "\n"


def test_csv_template_can_hold_examples(
    make_workshop: Make, city: City, vocabularies: Vocabularies
) -> None:
    example = make_workshop(sources=("https://a.example",), source_dates=(PartialDate("2025"),))
    content = template_csv(WORKSHOPS, [example])
    assert len(list(csv.reader(io.StringIO(content.decode())))) == 2
    reading = read_table("workshops.csv", content, city=city, vocabularies=vocabularies)
    assert reading.records == (example,)


@TABLE
@pytest.mark.parametrize("language", LANGUAGES)
def test_workbook_has_four_sheets(table: Table, language: str, shipped: Catalogue) -> None:
    example = list(records(shipped.table(table.name), table))[:2]
    content = template_xlsx(table, shipped.vocabularies, example, language)
    words = translator(language)
    found = sheets(content)
    named = [words.text(f"template.sheet.{each}") for each in ("example", "explanations", "terms")]
    assert list(found) == [table.name, *named]
    assert found[table.name] == [list(table.names)]
    assert [row[0] for row in found[named[1]][1 : len(table.names) + 1]] == list(table.names)


@TABLE
def test_empty_template_is_a_table_without_rows(table: Table, shipped: Catalogue) -> None:
    content = template_xlsx(table, shipped.vocabularies, [], "it", shipped.city.extent)
    reading = read_table(
        f"{table.name}.xlsx", content, city=shipped.city, vocabularies=shipped.vocabularies
    )
    assert reading.records == ()
    assert [issue for issue in reading.issues if issue.is_error] == []


def test_example_shows_real_rows(shipped: Catalogue) -> None:
    example = list(records(shipped.table("workshops"), WORKSHOPS))[:3]
    found = sheets(template_xlsx(WORKSHOPS, shipped.vocabularies, example, "it"))
    headings, *rows = found["Esempio"]
    assert tuple(headings) == WORKSHOPS.names
    assert [row[0] for row in rows] == [each.id for each in example]
    assert rows[0][WORKSHOPS.names.index("lat")] == example[0].lat


@TABLE
def test_every_vocabulary_has_a_list_of_its_terms(table: Table, shipped: Catalogue) -> None:
    content = template_xlsx(table, shipped.vocabularies, [], "it")
    lists = {each.cells for each in rules(content) if each.kind == "list"}
    wanted = [each for each in table.columns if each.cell in (Cell.TERM, Cell.YES_NO)]
    assert len(lists) == len(wanted)
    for column in wanted:
        terms = offered(content, rule(content, table, column.name))
        assert terms
        if column.cell is Cell.YES_NO:
            assert terms == ["yes", "no"]
        else:
            assert set(terms) <= set(shipped.vocabularies.names(column.vocabulary))


def test_kinds_are_those_of_the_family(shipped: Catalogue) -> None:
    content = template_xlsx(WORKSHOPS, shipped.vocabularies, [], "it")
    terms = offered(content, rule(content, WORKSHOPS, "kind"))
    assert terms == list(shipped.vocabularies.names("kind", "workshop"))
    assert "square" not in terms


def test_vocabulary_without_terms_has_no_list() -> None:
    content = template_xlsx(TABLES["itineraries"], Vocabularies(()), [], "it")
    assert [each.kind for each in rules(content)] == ["whole"]


@TABLE
def test_every_number_has_bounds(table: Table, city: City, vocabularies: Vocabularies) -> None:
    content = template_xlsx(table, vocabularies, [], "it", city.extent)
    kinds = {Cell.INTEGER: "whole"}
    kinds |= dict.fromkeys((Cell.NUMBER, Cell.MONEY, Cell.LATITUDE, Cell.LONGITUDE), "decimal")
    for column in table.columns:
        if column.cell in kinds:
            found = rule(content, table, column.name)
            assert found.kind == kinds[column.cell]
            low, high = map(float, found.formulas)
            assert low < high


def test_positions_lie_in_the_city(city: City, vocabularies: Vocabularies) -> None:
    content = template_xlsx(WORKSHOPS, vocabularies, [], "it", city.extent)
    minx, miny, maxx, maxy = city.extent
    assert tuple(map(float, rule(content, WORKSHOPS, "lat").formulas)) == (miny, maxy)
    assert tuple(map(float, rule(content, WORKSHOPS, "lon").formulas)) == (minx, maxx)
    anywhere = template_xlsx(TABLES["creative_cities"], vocabularies, [], "it", city.extent)
    bounds = rule(anywhere, TABLES["creative_cities"], "lat").formulas
    assert tuple(map(float, bounds)) == (-90, 90)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("it", "Un numero intero. Da 1 a 1.440."),
        ("en", "A whole number. From 1 to 1,440."),
    ],
)
def test_refusal_says_what_is_expected(
    language: str, said: str, vocabularies: Vocabularies
) -> None:
    table = TABLES["itineraries"]
    content = template_xlsx(table, vocabularies, [], language)
    assert rule(content, table, "minutes").message == said


@pytest.mark.parametrize("language", LANGUAGES)
@TABLE
def test_every_refusal_fits_into_excel(
    table: Table, language: str, city: City, vocabularies: Vocabularies
) -> None:
    for each in rules(template_xlsx(table, vocabularies, [], language, city.extent)):
        assert 0 < len(each.message) <= 255


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_cell_is_explained(language: str) -> None:
    words = translator(language)
    assert all(words.has(f"template.form.{cell}") for cell in Cell)


def test_explanations_tell_need_meaning_form_and_example(
    make_workshop: Make, vocabularies: Vocabularies
) -> None:
    example = [make_workshop(people=("Ada", "Ugo")), make_workshop(lat=44.0796, lon=10.1)]
    content = template_xlsx(WORKSHOPS, vocabularies, example, "it")
    heads, *rows = sheets(content)["Spiegazioni"]
    assert heads == ["Colonna", "Serve", "Significato", "Che cosa si scrive", "Per esempio"]
    found = {row[0]: row[1:] for row in rows}
    assert [found[name][0] for name in ("id", "phone")] == ["sì", ""]
    assert found["kind"][2].startswith("Uno dei termini dell’elenco «kind»")
    assert found["people"][3] == "Ada | Ugo"
    assert found["lat"][3] == 44.0796
    assert found["phone"][3] == ""


def test_long_example_is_cut(make_workshop: Make, vocabularies: Vocabularies) -> None:
    content = template_xlsx(WORKSHOPS, vocabularies, [make_workshop(note_it="a" * 500)], "it")
    found = {row[0]: row for row in sheets(content)["Spiegazioni"]}
    assert found["note_it"][4] == "a" * 160 + "…"


def test_terms_have_labels_in_every_language(shipped: Catalogue) -> None:
    rows = sheets(template_xlsx(TABLES["projects"], shipped.vocabularies, [], "it"))["Termini"]
    assert rows[0] == ["Vocabolario", "Termine", "Etichetta (it)", "Etichetta (en)"]
    assert ["phase", "works", "Lavori in corso", "Works under way"] in rows
    assert ["yes_no", "yes", "sì", "yes"] in rows
    assert all(all(row) for row in rows)


def test_heading_of_a_needed_column_is_marked_and_says_so(vocabularies: Vocabularies) -> None:
    content = template_xlsx(WORKSHOPS, vocabularies, [], "it")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        comments = archive.read("xl/comments1.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert comments.count("Va riempita in ogni riga.") == sum(
        column.required for column in WORKSHOPS.columns
    )
    marks = dict(re.findall(r'<c r="([A-Z]+)1" s="(\d+)"', sheet))
    needed, free = marks["A"], marks[column_letter(WORKSHOPS.names.index("phone"))]
    assert needed != free
    assert "<b/>" in styles
    assert 'state="frozen"' in sheet


def test_equal_templates_have_equal_bytes(shipped: Catalogue) -> None:
    first, second = (template_xlsx(WORKSHOPS, shipped.vocabularies, [], "it") for _ in range(2))
    assert first == second
