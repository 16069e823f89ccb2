"""Headings as people spell them, and the row in which they stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from regen_map.catalogue import TABLES, City, Table, Vocabularies
from regen_map.intake import Rule, Severity, TableReading, read_table, table_of
from regen_map.intake.headings import known_headings, likely_column, match, spelled
from regen_map.intake.issues import FileError

WORKSHOPS = TABLES["workshops"]
SOUND = "rossi,Galleria Rossi,Rossi gallery,gallery,44.08,10.09"

Read = Callable[..., TableReading]


@pytest.fixture
def read(city: City, vocabularies: Vocabularies) -> Read:
    def read_text(text: str, name: str = "workshops.csv") -> TableReading:
        return read_table(name, text.encode(), city=city, vocabularies=vocabularies)

    return read_text


def rules(reading: TableReading) -> list[Rule]:
    return [issue.rule for issue in reading.issues if issue.rule is not Rule.NO_SOURCE]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_is_known_under_its_own_name(table: Table) -> None:
    known = known_headings(table)
    assert all(known[spelled(name)] == name for name in table.names)
    assert set(known.values()) == set(table.names)


@pytest.mark.parametrize(
    ("table", "heading", "column"),
    [
        ("workshops", "Latitudine", "lat"),
        ("workshops", "COORD_Y", "lat"),
        ("workshops", "y", "lat"),
        ("workshops", "Lng", "lon"),
        ("workshops", "Coordinata X", "lon"),
        ("workshops", "INDIRIZZO", "address"),
        ("workshops", "Stato", "status"),
        ("workshops", "Attività - note", ""),
        ("workshops", "Orari di apertura", "opening_hours"),
        ("workshops", "position_a", "position_accuracy_m"),
        ("projects", "stato", "phase"),
        ("projects", "OC_TITOLO_PROGETTO", "name_it"),
        ("projects", "OC_STATO_PROGETTO", "phase"),
        ("projects", "OC_DATA_FINE_PROGETTO_PREVISTA", "declared_end"),
        ("projects", "COD_LOCALE_PROGETTO", "id"),
        ("projects", "Codice CUP", "cup"),
        ("projects", "Proprietà", "owner"),
        ("funding", "Importo (euro)", "amount_eur"),
        ("funding", "finanziamento", "amount_eur"),
        ("funding", "OC_FINANZ_TOT_PUB_NETTO", "amount_eur"),
        ("milestones", "Data", "date"),
        ("streets", "Odonimo", "name"),
    ],
)
def test_words_of_offices_stand_for_columns(table: str, heading: str, column: str) -> None:
    assert known_headings(TABLES[table]).get(spelled(heading), "") == column


def test_other_words_are_told_once_for_the_file(read: Read) -> None:
    reading = read(f"Codice,Denominazione,Name,Tipologia,Latitudine,Longitudine\n{SOUND}\n")
    assert rules(reading) == [Rule.HEADINGS_READ]
    notice = reading.issues[0]
    assert notice.severity is Severity.NOTICE
    assert notice.found == "Codice, Denominazione, Name, Tipologia, Latitudine, Longitudine"
    assert notice.expected == "id, name_it, name_en, kind, lat, lon"
    assert reading.records[0].lat == 44.08


def test_unknown_heading_is_reported_with_the_nearest_free_column(read: Read) -> None:
    reading = read(f"id,name_it,name_en,kind,latitudne,lon\n{SOUND}\n")
    told = {issue.rule: issue for issue in reading.issues}
    assert told[Rule.HEADING_UNKNOWN].columns == ("latitudne",)
    assert told[Rule.HEADING_UNKNOWN].suggestion == "lat"


def test_column_of_one_coordinate_alone_is_told_once_and_the_rows_are_still_read(
    read: Read,
) -> None:
    reading = read(f"id,name_it,name_en,kind,latitudne,lon\n{SOUND}\n{SOUND}\n")
    told = {issue.rule: issue for issue in reading.issues}
    assert Rule.POSITION_HALF not in told
    assert told[Rule.HEADING_MISSING].suggestion == "latitudne → lat"
    assert told[Rule.HEADING_MISSING].whole_file
    assert told[Rule.REPEATED].line == 3


def test_heading_of_another_table_is_told_with_the_file_it_belongs_to() -> None:
    assert likely_column("Importo", TABLES["projects"], {}) == "funding.csv: amount_eur"
    assert likely_column("zzz", TABLES["projects"], {}) == ""


def test_name_spelled_exactly_wins_over_another_word(read: Read) -> None:
    reading = read(f"id,name_it,name_en,kind,lat,lon,latitudine\n{SOUND},0\n")
    assert rules(reading) == [Rule.HEADING_TWICE]
    assert reading.issues[0].severity is Severity.WARNING
    assert reading.records[0].lat == 44.08


def test_two_words_for_one_column_are_too_many() -> None:
    with pytest.raises(FileError, match=Rule.HEADING_TWICE) as caught:
        match(["id", "nome", "name", "kind", "lat", "lng", "longitudine"], WORKSHOPS)
    assert caught.value.columns == ("lng", "longitudine")


def test_titles_above_the_header_are_skipped_and_told(read: Read) -> None:
    text = f"Comune di Prova\n\nBotteghe al 2025;;\nid,name_it,name_en,kind,lat,lon\n{SOUND}\n"
    reading = read(text)
    assert rules(reading) == [Rule.TITLE_LINES]
    assert (reading.issues[0].line, reading.issues[0].expected) == (1, "4")
    assert reading.draft is not None
    assert reading.draft.entries[0].row.line == 5


def test_header_repeated_among_the_data_is_skipped_and_told(read: Read) -> None:
    header = "id,name_it,name_en,kind,lat,lon"
    other = SOUND.replace("rossi", "verdi")
    reading = read(f"{header}\n{SOUND}\n{header}\n{other}\nID,NAME_IT,Name_en,kind,lat,lon\n")
    assert rules(reading) == [Rule.HEADER_REPEATED]
    assert reading.issues[0].n_rows == 2
    assert len(reading.records) == 2


@pytest.mark.parametrize(
    "row", ["Totale,,,,,12", ",TOTALE:,,,,3", "Totale botteghe 2025,,,,,", "Subtotale,,,1,,"]
)
def test_row_of_totals_is_refused_by_name(row: str, read: Read) -> None:
    reading = read(f"id,name_it,name_en,kind,lat,lon\n{SOUND}\n{row}\n")
    assert rules(reading) == [Rule.TOTALS_ROW]
    assert (reading.issues[-1].line, len(reading.records)) == (3, 1)


def test_place_whose_name_starts_like_a_total_is_a_place(read: Read) -> None:
    row = "totale-design,Totale Design,Totale Design,gallery,44.08,10.09"
    assert rules(read(f"id,name_it,name_en,kind,lat,lon\n{row}\n")) == []


def test_blank_rows_and_columns_at_the_end_are_nothing(read: Read) -> None:
    text = f"id;name_it;name_en;kind;lat;lon;;;\n{SOUND.replace(',', ';')};;;\n;;;;;;;;\n\n"
    reading = read(text)
    assert (rules(reading), len(reading.records)) == ([], 1)


def test_hint_of_excel_tells_the_delimiter(read: Read) -> None:
    text = f"sep=|\nid|name_it|name_en|kind|lat|lon\n{SOUND.replace(',', '|')}\n"
    reading = read(text)
    assert (rules(reading), len(reading.records)) == ([], 1)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("workshops.csv", "workshops"),
        ("Workshops 2025 (1).xlsx", "workshops"),
        ("Botteghe e studi.ods", "workshops"),
        ("progetti-2026.csv", "projects"),
        ("spazi_pubblici.gpkg", "public_spaces"),
        ("tappe dei lavori.csv", "milestones"),
        ("tappe.csv", "stops"),
        ("città creative.csv", "creative_cities"),
        ("workshops--v12.csv", "workshops"),
        ("varie.csv", ""),
        ("viewer.csv", ""),
        ("view_workshops.gpkg", ""),
    ],
)
def test_name_of_a_file_tells_its_table(name: str, table: str) -> None:
    found = table_of(name)
    assert (found.name if found else "") == table
