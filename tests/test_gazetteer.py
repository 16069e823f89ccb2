from __future__ import annotations

import dataclasses
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map.catalogue import TABLES, Catalogue, City, HouseNumber
from regen_map.gazetteer import (
    Address,
    Gazetteer,
    Located,
    Precision,
    RegisterError,
    RegisterFault,
    RegisterReading,
    gazetteer_of,
    parse_address,
    read_register,
    write_addresses,
)
from regen_map.gazetteer.address import door, parse_door
from regen_map.gazetteer.gazetteer import DOOR_ACCURACY_M, METRES_PER_NUMBER
from regen_map.intake import Rule, Severity, read_catalogue
from regen_map.intake.city import read_city
from regen_map.store import folder_store, shipped_folder
from tests.conftest import CITY

Files = Callable[..., dict[str, bytes]]

REGISTERS = Path(__file__).parent / "files" / "register"

# ---------------------------------------------------------------- parsing


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("Via Carriona 10", "via carriona", "10"),
        ("v. Carriona, 10/b", "via carriona", "10/B"),
        ("VIA CARRIONA N. 10", "via carriona", "10"),
        ("via Carriona n° 10 bis", "via carriona", "10/BIS"),
        ("via Carriona nº10", "via carriona", "10"),
        ("via Carriona num. civico 10", "via carriona", "10"),
        ("Via Carriona 10/B, 54033 Carrara", "via carriona", "10/B"),
        ("Via Carriona 10b", "via carriona", "10/B"),
        ("Via Carriona 10 B", "via carriona", "10/B"),
        ("Via Carriona 10 a Carrara", "via carriona", "10"),
        ("Via Carriona - 10", "via carriona", "10"),
        ("Via Carriona 8/10", "via carriona", "8/10"),
        ("Via Carriona 8-10", "via carriona", "8"),
        ("Via Carriona 10/A2", "via carriona", "10/A2"),
        ("Via Carriona 010", "via carriona", "10"),
        ("Via Carriona 0", "via carriona", ""),
        ("Via Carriona", "via carriona", ""),
        ("Via Carriona snc", "via carriona", ""),
        ("Via Carriona, s.n.c., 54033", "via carriona", ""),
        ("Via Carriona S/N", "via carriona", ""),
        ("Via Carriona (tratto Groppoli) 3", "via carriona", "3"),
        ("Via Carriona 57 / Piazzale Santuario 4", "via carriona", "57"),
        ("Palazzo Del Medico (primo piano), Piazza Alberica, Carrara", "piazza alberica", ""),
        ("Carriona 10, località Torano", "carriona", "10"),
        ("Via Carriona 10 int. 3", "via carriona", "10"),
        ("Viale Zaccagna km 3", "viale zaccagna", ""),
        ("Carriona 10", "carriona", "10"),
        ("Via XX Settembre 3", "via 20 settembre", "3"),
        ("via venti settembre 3", "via 20 settembre", "3"),
        ("via 20 settembre 3", "via 20 settembre", "3"),
        ("Via I Maggio 4", "via 1 maggio", "4"),
        ("via primo maggio 4", "via 1 maggio", "4"),
        ("via 1° Maggio 4", "via 1 maggio", "4"),
        ("Piazza XXVII Aprile, 54033 Carrara", "piazza 27 aprile", ""),
        ("via 7 Luglio 5", "via 7 luglio", "5"),
        ("Via 4 Novembre 1918 n. 7", "via 4 novembre 1918", "7"),
        ("via Giovanni XXIII, 5", "via giovanni xxiii", "5"),
        ("Via dei 7 Nani 3", "via dei 7 nani", "3"),
        ("Via 7 Nani 3", "via 7 nani", "3"),
        ("p.za Alberica", "piazza alberica", ""),
        ("P.ZZA ALBERICA", "piazza alberica", ""),
        ("pza alberica", "piazza alberica", ""),
        ("P. Alberica 3", "piazza alberica", "3"),
        ("v.le Zaccagna 6", "viale zaccagna", "6"),
        ("c.so Rosselli", "corso rosselli", ""),
        ("l.go Mazzucchelli", "largo mazzucchelli", ""),
        ("vic. dell'Arancio", "vicolo dell arancio", ""),
        ("v.lo dell’Arancio", "vicolo dell arancio", ""),
        ("loc. Fossacava 3/A", "localita fossacava", "3/A"),
        ("Località Fossacàva 3/a", "localita fossacava", "3/A"),
        ("str. prov. Nazzano", "strada provinciale nazzano", ""),
        ("via S. Maria", "via san maria", ""),
        ("via Santa Maria", "via san maria", ""),
        ("via Sant'Anna", "via san anna", ""),
        ("via S.Anna", "via san anna", ""),
        ("Piazza", "piazza", ""),
    ],
)
def test_address_is_read_as_people_write_it(text: str, street: str, number: str) -> None:
    found = parse_address(text)
    assert found is not None
    assert f"{found.kind} {' '.join(found.name)}".strip() == street
    assert (door(found.number, found.exponent) if found.number else "") == number


@pytest.mark.parametrize("text", ["", " ", "54033", "10", "«»!?", "東京", "n. 10", ",,,", "10/b"])
def test_text_without_a_street_is_no_address(text: str) -> None:
    assert parse_address(text) is None


@pytest.mark.parametrize(
    "text", ["V.LE XX SETTEMBRE 3/BIS", "Viale  Venti Settembre, 3 bis", "v.le 20 settembre n°3bis"]
)
def test_spellings_of_one_address_are_equal(text: str) -> None:
    assert parse_address(text) == Address(
        kind="viale", name=("20", "settembre"), number=3, exponent="BIS"
    )


_PIECES = """
via v. v.le p.zza n. n° 10 7 luglio XX settembre / b - , bis snc (x) 54033 Carriona s. sant' 1900
num km S/N 0 3A II /bis é . ( )
"""
_PIECE = st.sampled_from(_PIECES.split())
_ADDRESSES = (
    st.text()
    | st.lists(_PIECE, max_size=8).map(" ".join)
    | st.lists(_PIECE, max_size=8).map("".join)
)


@given(_ADDRESSES)
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_and_its_one_form_reads_the_same(text: str) -> None:
    found = parse_address(text)
    if found is not None:
        assert found.name
        assert parse_address(found.text) == found


@given(st.integers(1, 9999), st.sampled_from(["", "A", "BIS", "2", "B3"]))
def test_house_number_survives_being_written(number: int, exponent: str) -> None:
    assert parse_door(door(number, exponent)) == (number, exponent)


@pytest.mark.parametrize("text", ["", "SNC", "-", "A", "0", "12345"])
def test_other_text_is_no_house_number(text: str) -> None:
    assert parse_door(text) is None


# ---------------------------------------------------------------- looking up


def streets(*rows: tuple[str, str, float, float, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["name", "kind", "lat", "lon", "accuracy_m"])


def addresses(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["street", "number", "lat", "lon"])


STREETS = streets(
    ("Via Carriona", "street", 44.08, 10.1, 200),
    ("Via Roma", "street", 44.077, 10.098, 90),
    ("Piazza Garibaldi", "square", 44.0786, 10.0967, 25),
    ("Via Garibaldi", "street", 44.07, 10.09, 50),
    ("Via Santa Maria", "street", 44.0792, 10.0993, 65),
    ("Via dell'Arancio", "street", 44.0792, 10.0998, 55),
    ("Via Giuseppe Mazzini", "street", 44.0756, 10.0976, 60),
    ("Via Don Minzoni", "street", 44.0751, 10.097, 90),
    ("Via Ada Rossi", "street", 44.06, 10.06, 90),
    ("Via Ugo Rossi", "street", 44.061, 10.061, 90),
    ("Viale XX Settembre", "street", 44.07, 10.08, 900),
    ("Via Monte", "street", 44.05, 10.05, 50),
    ("Via del Monte", "street", 44.051, 10.051, 50),
    ("Grazzano", "quarter", 44.0809, 10.0968, 70),
    ("Via Grazzano", "street", 44.0804, 10.0968, 80),
    ("Via Lunga (a monte)", "street", 44.09, 10.1, 40),
    ("Via Lunga (a valle)", "street", 44.08, 10.1, None),
    ("Via Corta (a monte)", "street", 44.091, 10.11, 40),
    ("Via Corta (a valle)", "street", 44.09, 10.11, 40),
    ("Via Muta", "street", 44.06, 10.07, None),
    ("Strada 3", "street", 44.06, 10.07, 10),
    ("Via Roma 1", "address", 44.0785, 10.0996, 25),
    ("Via Ignota 4", "address", 44.065, 10.065, 30),
)
DOORS = addresses(
    ("Via Carriona", "2", 44.0790, 10.1),
    ("Via Carriona", "4", 44.0791, 10.1),
    ("Via Carriona", "10", 44.0800, 10.1),
    ("Via Carriona", "10/B", 44.0801, 10.1),
    ("Via Carriona", "20", 44.0809, 10.1),
    ("Via Carriona", "7", 44.0795, 10.1001),
    ("Via Nuova", "1", 44.06, 10.08),
    ("Via Nuova", "3", 44.061, 10.08),
    ("Via Doppia (Marina)", "5", 44.05, 10.05),
    ("Via Doppia (Monte)", "5", 44.1, 10.12),
    ("Via Doppia (Monte)", "9", 44.101, 10.12),
)


@pytest.fixture(scope="module")
def town_gazetteer() -> Gazetteer:
    return Gazetteer(STREETS, DOORS)


def named(found: Located | None) -> str | None:
    return found.name if found else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Via Carriona 10", "Via Carriona 10"),
        ("v. carriona n. 10/b, 54033", "Via Carriona 10/B"),
        ("Carriona 10", "Via Carriona 10"),
        ("via roma 1", "Via Roma 1"),
        ("via Ignota 4", "Via Ignota 4"),
        ("via Doppia 5 (Monte)", "Via Doppia (Monte) 5"),
        ("via Doppia 5, Marina", "Via Doppia (Marina) 5"),
        ("via Doppia 9", "Via Doppia (Monte) 9"),
    ],
)
def test_door_is_found(text: str, name: str, town_gazetteer: Gazetteer) -> None:
    found = town_gazetteer.locate(text)
    assert (named(found), found and found.precision) == (name, Precision.DOOR)


def test_position_of_a_door_is_that_of_its_table(town_gazetteer: Gazetteer) -> None:
    assert town_gazetteer.locate("via carriona 10/b") == Located(
        lat=44.0801,
        lon=10.1,
        accuracy_m=DOOR_ACCURACY_M,
        precision=Precision.DOOR,
        name="Via Carriona 10/B",
    )
    own = town_gazetteer.locate("via Roma 1")
    assert own is not None
    assert own.accuracy_m == 25


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Via Carriona 10/C", "Via Carriona 10"),
        ("Via Carriona 12", "Via Carriona 10"),
        ("Via Carriona 18", "Via Carriona 20"),
        ("Via Carriona 5", "Via Carriona 7"),
        ("Via Carriona 22", "Via Carriona 20"),
        ("Via Carriona 23", "Via Carriona 20"),
    ],
)
def test_nearest_number_of_the_same_side_stands_for_an_unknown_one(
    text: str, name: str, town_gazetteer: Gazetteer
) -> None:
    found = town_gazetteer.locate(text)
    assert (named(found), found and found.precision) == (name, Precision.NEAREST_NUMBER)


@pytest.mark.parametrize(
    ("text", "widening"),
    [
        ("Via Carriona 10/C", METRES_PER_NUMBER),
        ("Via Carriona 8", 100),  # from 4 to 10
        ("Via Carriona 18", 100),  # from 10 to 20
        ("Via Carriona 26", 6 * METRES_PER_NUMBER),
    ],
)
def test_accuracy_spans_the_known_numbers_around_an_unknown_one(
    text: str, widening: float, town_gazetteer: Gazetteer
) -> None:
    found = town_gazetteer.locate(text)
    assert found is not None
    assert found.accuracy_m == pytest.approx(DOOR_ACCURACY_M + widening, abs=12)


def test_far_number_gives_the_street_where_that_is_known_better(town_gazetteer: Gazetteer) -> None:
    found = town_gazetteer.locate("Via Carriona 90")
    assert found is not None
    assert (found.precision, found.accuracy_m) == (Precision.STREET, 200)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("via Carriona", "Via Carriona"),
        ("via roma 90", "Via Roma"),
        ("via cariona", "Via Carriona"),
        ("via carrionna 90", "Via Carriona"),
        ("piazza Garibaldi", "Piazza Garibaldi"),
        ("Via Garibaldi 3", "Via Garibaldi"),
        ("via s. maria", "Via Santa Maria"),
        ("via Arancio", "Via dell'Arancio"),
        ("Via Mazzini 15", "Via Giuseppe Mazzini"),
        ("via G. Mazzini", "Via Giuseppe Mazzini"),
        ("via Minzoni", "Via Don Minzoni"),
        ("via U. Rossi", "Via Ugo Rossi"),
        ("v.le venti settembre", "Viale XX Settembre"),
        ("via monte", "Via Monte"),
        ("via del monte", "Via del Monte"),
        ("Grazzano", "Grazzano"),
        ("Grazzano 3", "Via Grazzano"),
        ("via Lunga, a monte", "Via Lunga (a monte)"),
        ("via Corta", "Via Corta"),
    ],
)
def test_street_is_found(text: str, name: str, town_gazetteer: Gazetteer) -> None:
    found = town_gazetteer.locate(text)
    assert (named(found), found and found.precision) == (name, Precision.STREET)


@pytest.mark.parametrize(
    "text",
    [
        "via Rosa",  # not Roma
        "via Rossa",
        "corso Garibaldi",
        "Garibaldi",
        "via Rossi",
        "via Pia Rossi",
        "via P. Mazzini",
        "via di Monte",
        "via Maria",
        "via Carriole",
        "via Doppia 5",
        "Strada 3",
        "Parigi",
        "",
    ],
)
def test_unknown_or_doubtful_street_is_not_guessed(text: str, town_gazetteer: Gazetteer) -> None:
    assert town_gazetteer.locate(text) is None


def test_doubtful_number_gives_what_covers_all_streets_of_the_name(
    town_gazetteer: Gazetteer,
) -> None:
    found = town_gazetteer.locate("Via Doppia 7")
    assert found is not None
    assert (found.name, found.precision) == ("Via Doppia", Precision.STREET)
    assert found.accuracy_m is not None
    assert found.accuracy_m > 3000


def test_street_of_the_address_table_alone_lies_between_its_doors(
    town_gazetteer: Gazetteer,
) -> None:
    found = town_gazetteer.locate("Via Nuova")
    assert found is not None
    assert found.name == "Via Nuova"
    assert (found.lat, found.lon) == pytest.approx((44.0605, 10.08))
    assert found.accuracy_m == pytest.approx(55.5 + DOOR_ACCURACY_M, abs=1)


def test_stretches_of_a_street_are_covered_together(town_gazetteer: Gazetteer) -> None:
    found = town_gazetteer.locate("Via Corta")
    assert found is not None
    assert found.lat == pytest.approx(44.0905)
    assert found.accuracy_m == pytest.approx(55.5 + 40, abs=1)


@pytest.mark.parametrize("text", ["Via Muta", "Via Lunga"])
def test_accuracy_that_nobody_states_is_missing(text: str, town_gazetteer: Gazetteer) -> None:
    found = town_gazetteer.locate(text)
    assert found is not None
    assert found.accuracy_m is None


def test_address_table_prevails_over_the_streets() -> None:
    both = Gazetteer(STREETS, addresses(("VIA ROMA", "1", 44.0, 10.0)))
    assert both.locate("via roma 1") == Located(
        lat=44.0,
        lon=10.0,
        accuracy_m=DOOR_ACCURACY_M,
        precision=Precision.DOOR,
        name="Via Roma 1",
    )


def test_empty_gazetteer_knows_nothing() -> None:
    empty = Gazetteer(streets(), addresses())
    assert empty.locate("Via Carriona 10") is None
    assert empty.street("Via Carriona 10") is None


def test_every_address_of_a_street_names_the_same_street(town_gazetteer: Gazetteer) -> None:
    texts = ["via lunga", "Via Lunga (a valle)", "VIA LUNGA 99"]
    assert {town_gazetteer.street(text) for text in texts} == {"Via Lunga"}


@given(text=_ADDRESSES)
@settings(max_examples=200, deadline=None)
def test_any_text_is_looked_up(text: str, town_gazetteer: Gazetteer) -> None:
    found = town_gazetteer.locate(text)
    assert found is None or found.name


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return folder_store(shipped_folder()).load().catalogue


def test_shipped_streets_are_all_found_by_their_own_names(shipped: Catalogue) -> None:
    known = gazetteer_of(shipped)
    rows = shipped.table("streets")
    for name, kind, lat in zip(rows["name"], rows["kind"], rows["lat"], strict=True):
        found = known.locate(name)
        assert found is not None, name
        assert (found.name, found.lat) == (name, lat)
        assert (found.precision is Precision.DOOR) == (kind == "address")


def test_gazetteer_of_a_catalogue_is_made_once(town: Catalogue) -> None:
    assert gazetteer_of(town) is gazetteer_of(town)
    found = gazetteer_of(town).locate("via carriona 1")
    assert found is not None
    assert found.precision is Precision.DOOR


# ---------------------------------------------------------------- the register


@pytest.fixture
def coded_city(city: City) -> City:
    return dataclasses.replace(city, cadastral_code="Z999", istat_code="099999")


def read(name: str, city: City) -> RegisterReading:
    with (REGISTERS / name).open("rb") as file:
        return read_register(file, city)


def read_text(text: str, city: City) -> RegisterReading:
    return read_register(io.BytesIO(text.encode()), city)


def told(reading: RegisterReading) -> list[tuple[str, str]]:
    return [(each.street, each.number) for each in reading.addresses]


@pytest.mark.parametrize("name", ["region.csv", "region.zip"])
def test_register_is_cut_down_to_the_city(name: str, coded_city: City) -> None:
    reading = read(name, coded_city)
    assert told(reading) == [
        ("Piazza dell'Esempio", "1"),
        ("Via Doppia (Marina)", "5"),
        ("Via Doppia (Monte)", "5"),
        ("Via di Prova", "2"),
        ("Via di Prova", "10"),
        ("Via di Prova", "10/B"),
        ("Via di Prova", "10/BIS"),
        ("Via di Prova", "14"),
        ("Viale XX Esempio", "3/A"),
    ]
    counts = {key: n for key, n in dataclasses.asdict(reading).items() if key.startswith("n_")}
    assert counts == {
        "n_read": 17,
        "n_kept": 9,
        "n_other_municipalities": 2,
        "n_without_number": 2,
        "n_without_position": 2,
        "n_outside_extent": 1,
        "n_repeated": 1,
    }
    assert counts.pop("n_read") == sum(counts.values())


def test_first_of_repeated_rows_stands_and_the_method_is_kept(coded_city: City) -> None:
    by_number = {each.number: each for each in read("region.csv", coded_city).addresses}
    assert by_number["10"] == HouseNumber(
        street="Via di Prova", number="10", lat=44.08, lon=10.1, method="4"
    )
    assert by_number["14"].method is None


@pytest.mark.parametrize(("cadastral", "istat"), [("Z999", ""), ("", "099999"), ("Z999", "000001")])
def test_either_code_is_enough(cadastral: str, istat: str, city: City) -> None:
    coded = dataclasses.replace(city, cadastral_code=cadastral, istat_code=istat)
    reading = read("region.csv", coded)
    assert (reading.n_kept, reading.n_other_municipalities) == (9, 2)


def test_istat_code_without_its_zeros_is_recognised(coded_city: City) -> None:
    text = "CODICE_ISTAT;ODONIMO;CIVICO;X;Y\n99999;VIA DI PROVA;1;10,1;44,1\n"
    assert read_text(text, coded_city).n_kept == 1


def test_code_elsewhere_in_a_row_does_not_count(coded_city: City) -> None:
    text = "CODICE_COMUNE;ODONIMO;CIVICO;X;Y\nZ998;VIA Z999;1;10,1;44,1\n"
    assert read_text(text, coded_city).n_other_municipalities == 1


def test_extent_decides_where_there_are_no_codes(city: City) -> None:
    reading = read("region.csv", city)
    assert (reading.n_other_municipalities, reading.n_outside_extent) == (0, 1)
    assert ("Via Altrove", "1") in told(reading)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("windows-1252.csv", [("Via della Libertà", "3/BIS")]),
        ("commas.csv", [('Piazza "Esempio"', "2"), ("Via di Prova", "10/B")]),
        ("tabs.txt", [("via di Prova", "10")]),
    ],
)
def test_headings_delimiters_and_encodings_are_recognised(
    name: str, expected: list[tuple[str, str]], city: City
) -> None:
    assert told(read(name, city)) == expected


def test_missing_columns_are_named_with_those_found(city: City) -> None:
    with pytest.raises(RegisterError) as raised:
        read("no-position.csv", city)
    assert raised.value.fault is RegisterFault.COLUMNS
    assert raised.value.found == ("CODICE_COMUNE", "ODONIMO", "CIVICO", "METODO")
    assert raised.value.expected == ("COORD_X_COMUNE", "COORD_Y_COMUNE")


@pytest.mark.parametrize("name", ["damaged.zip", "no-text.zip"])
def test_archive_without_a_whole_text_is_refused(name: str, city: City) -> None:
    with pytest.raises(RegisterError) as raised:
        read(name, city)
    assert raised.value.fault is RegisterFault.UNREADABLE


@pytest.mark.parametrize("content", [b"\x00\x01\x02\n", b"x" * 200_000])
def test_bytes_that_are_no_text_are_refused(content: bytes, city: City) -> None:
    with pytest.raises(RegisterError) as raised:
        read_register(io.BytesIO(content), city)
    assert raised.value.fault is RegisterFault.UNREADABLE


def test_archive_damaged_in_the_middle_is_refused(coded_city: City) -> None:
    content = bytearray((REGISTERS / "region.zip").read_bytes())
    middle = content.index(b"INDIR_PROVA.csv") + 60
    content[middle : middle + 40] = bytes(40)
    with pytest.raises(RegisterError) as raised:
        read_register(io.BytesIO(content), coded_city)
    assert raised.value.fault is RegisterFault.UNREADABLE


def test_empty_file_lacks_every_column(city: City) -> None:
    with pytest.raises(RegisterError) as raised:
        read_register(io.BytesIO(b"\n \n"), city)
    assert raised.value.found == ()
    assert len(raised.value.expected) == 4


def test_open_quote_spoils_one_row_only(city: City) -> None:
    text = 'ODONIMO;CIVICO;X;Y\n"VIA ROTTA;1;10,1;44,1\nVIA SANA;1;10,1;44,1\nVIA;;\n'
    reading = read_text(text, city)
    assert told(reading) == [("Via Sana", "1")]
    assert reading.n_without_number == 2


@pytest.mark.parametrize("degrees", ["nan", "inf", "1e999", "10.1.2", "dieci", "10,1,2"])
def test_coordinate_that_is_no_number_is_missing(degrees: str, city: City) -> None:
    text = f"ODONIMO;CIVICO;X;Y\nVIA DI PROVA;1;{degrees};44,1\n"
    assert read_text(text, city).n_without_position == 1


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    city, _ = read_city(CITY)
    assert city is not None
    for start in (b"", b"ODONIMO;CIVICO;X;Y\n", b"PK\x03\x04"):
        try:
            reading = read_register(io.BytesIO(start + content), city)
        except RegisterError:
            continue
        assert reading.n_read >= reading.n_kept == len(reading.addresses)


def test_register_is_read_row_by_row(tmp_path: Path, coded_city: City) -> None:
    path = tmp_path / "region.zip"
    other = "Z998;VIA ALTROVE;1;10,1;44,1\n" * 1000
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("region.csv", "w") as text,
    ):
        text.write(b"CODICE_COMUNE;ODONIMO;CIVICO;X;Y\n")
        for _ in range(200):
            text.write(other.encode())
        text.write(b"Z999;VIA DI PROVA;1;10,1;44,1\n")
    tracemalloc.start()
    with path.open("rb") as file:
        reading = read_register(file, coded_city)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (reading.n_other_municipalities, reading.n_kept) == (200_000, 1)
    assert peak < 2**20 < 200 * len(other)


def test_written_addresses_are_the_table_that_is_read(coded_city: City, files: Files) -> None:
    rows = read("region.csv", coded_city).addresses
    content = write_addresses(rows)
    assert content.startswith(b"street,number,lat,lon,method\nPiazza dell'Esempio,1,44.081000,")
    assert b"\r" not in content
    reading = read_catalogue(files(addresses=content))
    assert reading.issues == ()
    assert reading.catalogue is not None
    table = reading.catalogue.table("addresses")
    assert list(zip(table["street"], table["number"], strict=True)) == [
        (row.street, row.number) for row in rows
    ]
    found = gazetteer_of(reading.catalogue).locate("v. di Prova, 10/b")
    assert found is not None
    assert (found.name, found.precision) == ("Via di Prova 10/B", Precision.DOOR)
    again = read_register(io.BytesIO(content), coded_city)
    assert again.addresses == rows


def test_street_is_written_so_that_no_spreadsheet_runs_it() -> None:
    row = HouseNumber(street="=HYPERLINK(1)", number="1", lat=44.1, lon=10.1)
    assert b"\n'=HYPERLINK(1),1,44.100000,10.100000,\n" in write_addresses([row])


def test_no_addresses_are_a_file_of_headings() -> None:
    assert write_addresses([]) == (",".join(TABLES["addresses"].names) + "\n").encode()


# ---------------------------------------------------------------- codes of the city


def test_city_knows_its_codes() -> None:
    city, issues = read_city(CITY.replace(b"locales", b'cadastral_code = "B832"\nlocales', 1))
    assert issues == []
    assert city is not None
    assert (city.cadastral_code, city.istat_code) == ("B832", "")


@pytest.mark.parametrize("setting", [b"istat_code = 45003", b'cadastral_code = "Carrara"'])
def test_unsound_code_is_left_out_with_a_warning(setting: bytes) -> None:
    city, issues = read_city(CITY.replace(b"locales", setting + b"\nlocales", 1))
    assert city is not None
    assert (city.cadastral_code, city.istat_code) == ("", "")
    assert [(each.rule, each.severity) for each in issues] == [
        (Rule.CITY_SETTING, Severity.WARNING)
    ]


def test_shipped_city_knows_its_codes(shipped: Catalogue) -> None:
    assert (shipped.city.cadastral_code, shipped.city.istat_code) == ("B832", "045003")
