"""Editing single rows: the row becomes what was meant, and no other byte is touched."""

from __future__ import annotations

import csv
import gc
import io
import json
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map.catalogue import TABLES
from regen_map.editing import (
    Files,
    Ref,
    RowGoneError,
    UnwritableError,
    accuracy_of_hand,
    added,
    as_cells,
    changed,
    checked,
    converts_to,
    metres_between,
    proposals,
    proposed_id,
    removed,
    slug,
)
from regen_map.gazetteer import Gazetteer, gazetteer_of
from regen_map.intake import Limits
from regen_map.intake.issues import Rule
from tests.conftest import CITY, VOCABULARIES, rows

DATA = Path(__file__).parents[1] / "data"
OFFICES = Path(__file__).parent / "files" / "offices"
WORKSHOPS = ("id", "name_it", "name_en", "kind", "lat", "lon", "phone", "sources")


def city_with(**tables: bytes) -> Files:
    """Read a city of these files; a name has its ending behind two underscores."""
    contents = {"city.toml": CITY, "vocabularies.csv": VOCABULARIES}
    for name, content in tables.items():
        contents[name.replace("__", ".") if "__" in name else f"{name}.csv"] = content
    return Files(contents)


def table(*lines: str, end: str = "\n", encoding: str = "utf-8") -> bytes:
    return "".join(line + end for line in lines).encode(encoding)


def ref(files: Files, name: str, at: int = 0) -> Ref:
    return files.row_at(name, at).ref


def written(files: Files, name: str, change: Mapping[str, str], at: int = 0) -> bytes:
    """Change a row of a table, and give its file."""
    edited = changed(files, ref(files, name, at), change)
    (content,) = edited.changed.values()
    assert content is not None
    return content


@pytest.fixture(scope="module")
def carrara() -> Files:
    """Read the shipped catalogue."""
    endings = (".csv", ".toml", ".geojson")
    return Files(
        {each.name: each.read_bytes() for each in DATA.iterdir() if each.suffix in endings}
    )


# ------------------------------------------------------------------------ CSV

HEAD = "id,name_it,name_en,kind,lat,lon,phone,sources"
ROSSI = "rossi,Rossi,Rossi,gallery,44.08,10.09,,https://a.example/1"
VERDI = 'verdi,"Verdi, figli",Verdi,gallery,,,,https://a.example/2'


def test_one_cell_is_written_and_nothing_else() -> None:
    files = city_with(workshops=table(HEAD, ROSSI, VERDI))
    assert written(files, "workshops", {"phone": "0585 123456"}) == table(
        HEAD, ROSSI.replace(",,", ",0585 123456,"), VERDI
    )


def test_a_row_is_the_text_of_its_cells() -> None:
    files = city_with(workshops=table(HEAD, ROSSI, VERDI))
    row = files.row_at("workshops", 1)
    assert row.cells["name_it"] == "Verdi, figli"
    assert row.cells["lat"] == row.cells["summary_it"] == ""
    assert (row.file, row.line, row.number) == ("workshops.csv", 3, None)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_line_ends_and_encoding_stay(end: str, encoding: str, delimiter: str) -> None:
    lines = [HEAD, ROSSI.replace("Rossi", "Perù"), "caffe,Caffè,Café,gallery,,,,", ""]
    text = end.join(line.replace(",", delimiter) for line in lines)
    files = city_with(workshops=text.encode(encoding))
    expected = text.replace(f"Caffè{delimiter}", f"Caffè Sport{delimiter}")
    assert written(files, "workshops", {"name_it": "Caffè Sport"}, 1) == expected.encode(encoding)


def test_quotes_of_a_row_stay_as_they_are() -> None:
    quoted = '"rossi","Rossi","Rossi","gallery","44.08","10.09","","https://a.example/1"'
    files = city_with(workshops=table(HEAD, quoted, VERDI))
    expected = quoted.replace('"",', '"1",')
    assert written(files, "workshops", {"phone": "1"}) == table(HEAD, expected, VERDI)


def test_a_cell_over_several_lines_is_one_cell() -> None:
    tall = 'rossi,"Rossi\r\ne figli","a ""b""",gallery,44.08,10.09,,https://a.example/1'
    files = city_with(workshops=table(HEAD, tall, VERDI))
    assert written(files, "workshops", {"lat": "44.09"}) == table(
        HEAD, tall.replace("44.08", "44.09"), VERDI
    )
    assert written(files, "workshops", {"name_it": "Verdi"}, 1) == table(
        HEAD, tall, VERDI.replace('"Verdi, figli"', "Verdi")
    )


def test_a_file_without_a_last_line_end_gets_none() -> None:
    content = table(HEAD, ROSSI, VERDI).removesuffix(b"\n")
    files = city_with(workshops=content)
    assert written(files, "workshops", {"phone": "1"}, 1) == content.replace(b",,,,", b",,,1,")
    new = added(files, "workshops", {"id": "bianchi", "name_it": "Bianchi"})
    assert new.changed["workshops.csv"] == content + b"\nbianchi,Bianchi,,,,,,"


def test_a_column_that_the_file_lacks_is_added_at_its_end() -> None:
    files = city_with(workshops=table(HEAD, ROSSI, VERDI))
    assert written(files, "workshops", {"address": "Via Roma, 1", "note_it": ""}, 1) == table(
        f"{HEAD},address", ROSSI, f'{VERDI},"Via Roma, 1"'
    )


def test_headings_in_other_words_keep_their_words() -> None:
    head = "codice;Nome;name_en;kind;Latitudine;Longitudine;Telefono;Fonti"
    line = "rossi;Rossi;Rossi;gallery;44,08;10,09;;https://a.example/1"
    files = city_with(workshops=table("Elenco botteghe;;;;;;;", head.replace("codice", "id"), line))
    assert files.row_at("workshops", 0).cells["lat"] == "44,08"
    expected = line.replace(";;", ";0585 1;")
    assert written(files, "workshops", {"phone": "0585 1"}) == table(
        "Elenco botteghe;;;;;;;", head.replace("codice", "id"), expected
    )


def test_an_unsound_row_is_mended_where_it_stands() -> None:
    files = city_with(workshops=table(HEAD, ROSSI.replace("rossi", "Rossi & C."), VERDI))
    (row,) = files.unsound()
    assert [each.rule for each in row.issues] == [Rule.SLUG]
    edited = changed(files, row.ref, {"id": "rossi"})
    assert list(edited.files.unsound()) == []
    assert edited.changed == {"workshops.csv": table(HEAD, ROSSI, VERDI)}


def test_rows_of_one_id_are_told_apart_by_their_place() -> None:
    files = city_with(workshops=table(HEAD, ROSSI, ROSSI.replace("44.08", "44.07")))
    row = files.row_at("workshops", 1)
    assert not row.is_sound
    assert changed(files, row.ref, {"id": "rossi-2"}).changed["workshops.csv"] == table(
        HEAD, ROSSI, ROSSI.replace("44.08", "44.07").replace("rossi", "rossi-2")
    )


def test_a_row_whose_quotes_do_not_match_is_written_anew() -> None:
    broken = 'verdi,"Verdi "figli"",Verdi,gallery,,,,'
    files = city_with(workshops=table(HEAD, broken, ROSSI))
    row = files.row_at("workshops", 0)
    assert row.raw == broken
    cells = {"id": "verdi", "name_it": 'Verdi "figli"', "name_en": "Verdi", "kind": "gallery"}
    assert written(files, "workshops", cells) == table(
        HEAD, 'verdi,"Verdi ""figli""",Verdi,gallery,,,,', ROSSI
    )


def test_cells_beyond_the_last_heading_are_told_and_go() -> None:
    files = city_with(workshops=table(HEAD, f"{VERDI.replace(',', ',', 1)},oltre", ROSSI))
    row = files.row_at("workshops", 0)
    assert row.others == {"+1": "oltre"}
    assert written(files, "workshops", {"name_en": "Greens"}) == table(
        HEAD, VERDI.replace(",Verdi,", ",Greens,"), ROSSI
    )


def test_a_row_is_taken_away() -> None:
    files = city_with(workshops=table(HEAD, ROSSI, VERDI))
    edited = removed(files, ref(files, "workshops"))
    assert edited.changed == {"workshops.csv": table(HEAD, VERDI)}
    assert edited.row is None


def test_text_in_a_character_that_windows_lacks_makes_the_file_unicode() -> None:
    files = city_with(workshops=table(HEAD, "perù,Perù,Perù,gallery,,,,", encoding="cp1252"))
    content = written(files, "workshops", {"name_en": "Łódź"})
    assert content.decode("utf-8-sig").splitlines()[1] == "perù,Perù,Łódź,gallery,,,,"


def test_windows_text_that_looks_like_unicode_is_read_as_it_was_written() -> None:
    files = city_with(workshops=table(HEAD, "peru,Perù,Peru,gallery,,,,", encoding="cp1252"))
    edited = changed(files, ref(files, "workshops"), {"name_en": "PerÃ¹"})
    row = edited.row
    assert row is not None
    assert (row.cells["name_it"], row.cells["name_en"]) == ("Perù", "PerÃ¹")


def test_what_would_be_read_otherwise_is_not_written() -> None:
    files = city_with(workshops=table(HEAD, ROSSI))
    with pytest.raises(UnwritableError):
        # A repeated header is no row.
        changed(files, ref(files, "workshops"), dict(zip(WORKSHOPS, WORKSHOPS, strict=True)))


def test_a_row_that_somebody_else_has_changed_is_found_by_its_key() -> None:
    before = city_with(workshops=table(HEAD, ROSSI, VERDI))
    wanted = ref(before, "workshops", 1)
    after = city_with(workshops=table(HEAD, VERDI.replace("Verdi,", "Verde,")))
    assert after.row(wanted).cells["name_en"] == "Verde"
    with pytest.raises(RowGoneError):
        city_with(workshops=table(HEAD, ROSSI)).row(wanted)


def test_a_table_without_a_file_gets_its_canonical_one() -> None:
    files = city_with(workshops=rows("workshops", {}))
    step = {"project_id": "verdi", "date": "2025", "text_it": "Aperto", "text_en": "Open"}
    edited = added(files, "milestones", step)
    content = edited.changed["milestones.csv"]
    assert content is not None
    assert content.decode().splitlines() == [
        ",".join(TABLES["milestones"].names),
        "verdi,2025,,Aperto,Open,",
    ]
    square = {"id": "piazza", "name_it": "Piazza", "kind": "square", "lat": "44.1", "lon": "10.1"}
    space = added(files, "public_spaces", square)
    (feature,) = json.loads(space.changed["public_spaces.geojson"] or b"")["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [10.1, 44.1]}


@settings(max_examples=50, deadline=None)
@given(
    text=st.text(st.characters(codec="utf-8"), max_size=40),
    column=st.sampled_from(("name_it", "summary_it", "website", "phone")),
    at=st.integers(0, 2),
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_any_text_survives_in_any_row(delimiter: str, text: str, column: str, at: int) -> None:
    others = [{}, {"id": "verdi", "name_it": 'a "b"\nc;d,e'}, {"id": "x", "lat": "bad"}]
    content = rows("workshops", *others, delimiter=delimiter)
    files = city_with(workshops=content)
    edited = changed(files, ref(files, "workshops", at), {column: text})
    row = edited.row
    assert row is not None
    assert row.cells[column] == text
    before = list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter))
    after = (edited.changed["workshops.csv"] or b"").decode()
    records = list(csv.reader(io.StringIO(after, newline=""), delimiter=delimiter))
    del before[at + 1], records[at + 1]
    assert records == before


# -------------------------------------------------------------------- GeoJSON


def spaces(*features: Mapping[str, object], **style: object) -> bytes:
    collection = {"type": "FeatureCollection", "features": list(features)}
    return json.dumps(collection, ensure_ascii=False, **style).encode()  # type: ignore[arg-type]


def square(name: str, **properties: object) -> dict[str, object]:
    told = {"id": name, "name_it": name, "name_en": name, "kind": "square", **properties}
    point = {"type": "Point", "coordinates": [10.1, 44.100]}
    return {"type": "Feature", "id": name, "geometry": point, "properties": told}


@pytest.mark.parametrize("style", [{}, {"indent": 1}, {"indent": "\t"}, {"separators": (",", ":")}])
def test_one_property_is_written_and_nothing_else(style: Mapping[str, object]) -> None:
    content = spaces(square("a"), square("b", note_it=None), square("c"), **style)
    files = city_with(public_spaces__geojson=content)
    expected = spaces(square("a"), square("b", note_it="è"), square("c"), **style)
    assert written(files, "public_spaces", {"note_it": "è"}, 1) == expected


@pytest.mark.parametrize("style", [{}, {"indent": 1}, {"indent": "\t"}, {"separators": (",", ":")}])
def test_a_point_is_moved_and_nothing_else(style: Mapping[str, object]) -> None:
    content = spaces(square("a"), square("b"), **style)
    files = city_with(public_spaces__geojson=content)
    moved = square("b") | {"geometry": {"type": "Point", "coordinates": [10.11, 44.12]}}
    assert written(files, "public_spaces", {"lat": "44.12", "lon": "10.11"}, 1) == spaces(
        square("a"), moved, **style
    )
    gone = square("b") | {"geometry": None}
    assert written(files, "public_spaces", {"lat": "", "lon": ""}, 1) == spaces(
        square("a"), gone, **style
    )


@pytest.mark.parametrize("style", [{}, {"indent": 2}])
def test_a_feature_is_added_and_taken_away(style: Mapping[str, object]) -> None:
    files = city_with(public_spaces__geojson=spaces(square("a"), square("b"), **style))
    assert removed(files, ref(files, "public_spaces")).changed == {
        "public_spaces.geojson": spaces(square("b"), **style)
    }
    assert removed(files, ref(files, "public_spaces", 1)).changed == {
        "public_spaces.geojson": spaces(square("a"), **style)
    }
    cells = {"id": "c", "name_it": "c", "name_en": "c", "kind": "square"}
    new = added(files, "public_spaces", {**cells, "lat": "44.1", "lon": "10.1"})
    content = new.changed["public_spaces.geojson"] or b""
    head = spaces(square("a"), square("b"), **style).rpartition(b"}")[0].rstrip(b"] \n")
    assert content.startswith(head)
    assert new.row is not None
    assert new.row.is_sound
    assert new.row.cells["lat"] == "44.1"


def test_the_area_of_a_place_stays_when_its_point_is_set() -> None:
    ring = [[10.1, 44.1], [10.11, 44.1], [10.11, 44.11], [10.1, 44.1]]
    area = square("a") | {"geometry": {"type": "Polygon", "coordinates": [ring]}}
    files = city_with(public_spaces__geojson=spaces(area))
    edited = changed(files, ref(files, "public_spaces"), {"lat": "44.102", "lon": "10.106"})
    (feature,) = json.loads(edited.changed["public_spaces.geojson"] or b"")["features"]
    assert feature["geometry"] == area["geometry"]
    assert edited.row is not None
    assert (edited.row.cells["lat"], edited.row.cells["lon"]) == ("44.102", "10.106")


def test_half_a_position_is_a_fault_and_no_point() -> None:
    files = city_with(public_spaces__geojson=spaces(square("a")))
    edited = changed(files, ref(files, "public_spaces"), {"lat": ""})
    assert [each.rule for each in checked(files, edited).new_errors] == [Rule.POSITION_HALF]


def test_features_line_by_line_stay_so() -> None:
    content = b"".join(json.dumps(square(each)).encode() + b"\n" for each in "abc")
    files = city_with(public_spaces__geojson=content)
    assert removed(files, ref(files, "public_spaces", 1)).changed["public_spaces.geojson"] == (
        b"".join(json.dumps(square(each)).encode() + b"\n" for each in "ac")
    )
    new = added(files, "public_spaces", {"id": "d", "name_it": "d", "kind": "square"})
    lines = (new.changed["public_spaces.geojson"] or b"").splitlines()
    assert [json.loads(each)["properties"]["id"] for each in lines] == [*"abcd"]


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=40), indent=st.sampled_from([None, 1]))
def test_any_text_survives_in_a_feature(text: str, indent: int | None) -> None:
    content = spaces(square("a"), square("b", summary_it="x"), square("c"), indent=indent)
    files = city_with(public_spaces__geojson=content)
    edited = changed(files, ref(files, "public_spaces", 1), {"summary_it": text})
    row = edited.row
    assert row is not None
    assert row.cells["summary_it"] == text
    after = edited.changed["public_spaces.geojson"] or b""
    for each in ("a", "c"):
        inner = json.dumps(square(each), ensure_ascii=False, indent=indent)
        assert inner.replace("\n", "\n  ").encode() in after


# ----------------------------------------------------------- other formats


@pytest.mark.parametrize(
    ("source", "name", "becomes"),
    [
        ("projects-foglio.ods", "projects.ods", "projects.csv"),
        ("workshops-foglio.xlsx", "workshops.xlsx", "workshops.csv"),
        ("public_spaces-strati.gpkg", "public_spaces.gpkg", "public_spaces.geojson"),
        ("attractions-shapefile.zip", "attractions.zip", "attractions.csv"),
    ],
)
def test_a_table_in_another_format_becomes_one_that_can_be_edited(
    carrara: Files, source: str, name: str, becomes: str
) -> None:
    content = (OFFICES / source).read_bytes()
    stem = name.partition(".")[0]
    gone = {each: None for each in carrara.contents if each.startswith(f"{stem}.")}
    files = carrara.with_files(gone).with_files({name: content})
    assert converts_to(files, stem) == becomes
    before = list(files.rows(stem))
    edited = changed(files, before[0].ref, {"name_it": "Altro nome"})
    assert set(edited.changed) == {name, becomes}
    after = list(edited.files.rows(stem))
    assert after[0].cells["name_it"] == "Altro nome"
    assert [each.is_sound for each in after[1:]] == [each.is_sound for each in before[1:]]
    old, new = files.catalogue, edited.files.catalogue
    assert old is not None
    assert new is not None
    assert (
        old.table(stem)
        .drop(columns=["name_it", "name_en"])
        .equals(new.table(stem).drop(columns=["name_it", "name_en"]))
    )


def test_features_in_metres_keep_their_metres_until_one_is_moved() -> None:
    point = {"type": "Point", "coordinates": [588000.0, 4884000.0]}
    metres = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    features = [square(each) | {"geometry": point} for each in "ab"]
    collection = {"type": "FeatureCollection", "crs": metres, "features": features}
    files = city_with(public_spaces__geojson=json.dumps(collection).encode())
    renamed = changed(files, ref(files, "public_spaces"), {"name_it": "A"})
    assert json.loads(renamed.changed["public_spaces.geojson"] or b"")["crs"] == metres
    moved = changed(files, ref(files, "public_spaces"), {"lat": "44.1", "lon": "10.1"})
    after = json.loads(moved.changed["public_spaces.geojson"] or b"")
    assert "crs" not in after
    assert after["features"][0]["geometry"]["coordinates"] == [10.1, 44.1]
    assert moved.files.row_at("public_spaces", 1).cells == files.row_at("public_spaces", 1).cells


# ------------------------------------------------------------ the shipped data


def test_every_row_of_carrara_can_be_edited_by_itself(carrara: Files) -> None:
    tables = [*carrara.reading.drafts]
    assert len(tables) == len(TABLES)
    for name in tables:
        draft = carrara.draft(name)
        if draft is None or not draft.entries:
            continue
        at = len(draft.entries) // 2
        column = (
            next(each.name for each in TABLES[name].columns if each.name[-3:] == "_it")
            if any(each.name.endswith("_it") for each in TABLES[name].columns)
            else TABLES[name].columns[0].name
        )
        old = carrara.row_at(name, at)
        edited = changed(carrara, old.ref, {column: "Altro | testo, «nuovo»"})
        file = old.file
        before, after = carrara.contents[file], edited.changed[file]
        assert after is not None
        start = next(
            n for n, pair in enumerate(zip(before, after, strict=False)) if len(set(pair)) > 1
        )
        assert before[:start] == after[:start]
        back = changed(edited.files, edited.files.row_at(name, at).ref, {column: old.cells[column]})
        assert json_or_rows(back.changed[file] or b"", file) == json_or_rows(before, file)


def json_or_rows(content: bytes, file: str) -> object:
    if file.endswith(".csv"):
        return list(csv.reader(io.StringIO(content.decode(), newline="")))
    return json.loads(content)


def test_unchanged_texts_change_no_byte(carrara: Files) -> None:
    for name in ("workshops", "public_spaces", "projects", "funding"):
        row = carrara.row_at(name, 3)
        edited = changed(carrara, row.ref, {"note_it": row.cells["note_it"]})
        assert edited.changed == {row.file: carrara.contents[row.file]}


# ----------------------------------------------------------------- checking


def project_files(files: Callable[..., dict[str, bytes]]) -> Files:
    return Files(
        files(
            programmes=rows("programmes", {}),
            projects=rows("projects", {}),
            funding=rows("funding", {}),
            milestones=rows("milestones", {}),
        )
    )


def test_a_fault_is_told_at_its_column(files: Callable[..., dict[str, bytes]]) -> None:
    before = project_files(files)
    edited = changed(before, ref(before, "projects"), {"declared_end": "domani", "phase": "x"})
    check = checked(before, edited, before.row_at("projects", 0))
    assert {name for name, found in check.by_column.items() if found} == {"declared_end", "phase"}
    assert [each.rule for each in check.new_errors] == [Rule.TERM, Rule.DATE]
    # What hangs on a row that is left out is left out too.
    assert {each.rule for each in check.others} == {Rule.REFERENCE_LEFT_OUT}


def test_rows_that_refer_to_one_that_goes_are_told(files: Callable[..., dict[str, bytes]]) -> None:
    before = project_files(files)
    check = checked(before, removed(before, ref(before, "projects")))
    assert [each.file for each in check.others] == ["funding.csv", "milestones.csv"]
    assert check.issues == ()


def test_what_is_understood_is_given_in_canonical_form(
    files: Callable[..., dict[str, bytes]],
) -> None:
    before = project_files(files)
    edited = changed(before, ref(before, "projects"), {"declared_end": "30/09/2026"})
    check = checked(before, edited)
    assert check.canonical == {"declared_end": "2026-09-30"}
    assert check.new_errors == ()


def test_an_id_that_another_table_of_places_has_is_a_fault(
    files: Callable[..., dict[str, bytes]],
) -> None:
    before = Files(files(attractions=rows("attractions", {})))
    edited = added(before, "attractions", {"id": "rossi", "name_it": "Rossi", "kind": "museum"})
    assert Rule.REPEATED in {each.rule for each in checked(before, edited).new_errors}


def test_an_id_is_proposed_that_no_place_has(files: Callable[..., dict[str, bytes]]) -> None:
    before = Files(files(attractions=rows("attractions", {})))
    assert proposed_id(before, "public_spaces", "Rossi") == "rossi-2"
    assert proposed_id(before, "programmes", "Rossi") == "rossi"
    assert proposed_id(before, "attractions", "北京") == ""


@given(st.text(max_size=200))
def test_a_slug_is_always_an_id(name: str) -> None:
    found = slug(name)
    assert len(found) <= 61
    assert found == "" or all(part.isascii() and part.isalnum() for part in found.split("-"))


# ---------------------------------------------------------------- positions


def gazetteer(*streets: Mapping[str, str]) -> Gazetteer:
    files = city_with(workshops=rows("workshops", {}), streets=rows_of_streets(*streets))
    assert files.catalogue is not None
    return gazetteer_of(files.catalogue)


def rows_of_streets(*streets: Mapping[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, TABLES["streets"].names, lineterminator="\n")
    writer.writeheader()
    for each in streets:
        sound = {"kind": "street", "lat": "44.08", "lon": "10.1", "source": "survey"}
        writer.writerow({**sound, **each})
    return text.getvalue().encode()


def test_positions_are_proposed_for_each_street_of_an_address_and_for_the_name() -> None:
    streets = gazetteer(
        {"name": "Via Carriona", "accuracy_m": "400"},
        {"name": "Via Roma", "lat": "44.081"},
        {"name": "Piazza Alberica", "kind": "square", "accuracy_m": "30"},
        {"name": "Viale Lungo", "accuracy_m": "5000"},
    )
    found = proposals(streets, "Via Carriona angolo via Roma, viale Lungo", ["Piazza Alberica"])
    assert [(each.name, each.accuracy_m) for each in found] == [
        ("Via Carriona", 400),
        ("Via Roma", None),
        ("Piazza Alberica", 30),
    ]
    assert proposals(streets, "", ["", " "]) == ()


def test_a_position_is_written_to_a_tenth_of_a_metre() -> None:
    assert as_cells(44.08, 10.12345678) == ("44.080000", "10.123457")
    for lat, lon in ((91.0, 10.0), (44.0, 181.0), (float("nan"), 10.0), (44.0, float("inf"))):
        with pytest.raises(ValueError, match="on the Earth"):
            as_cells(lat, lon)


def test_metres_are_those_of_the_ellipsoid() -> None:
    assert metres_between((44.0, 10.0), (44.001, 10.0)) == pytest.approx(111.1, abs=0.1)
    assert metres_between((44.0, 10.0), (44.0, 10.001)) == pytest.approx(80.2, abs=0.1)


def test_a_hand_is_more_exact_the_nearer_the_map_looks() -> None:
    exact = [accuracy_of_hand(44.08, zoom) for zoom in range(11, 21)]
    assert exact == sorted(exact, reverse=True)
    assert exact[-1] == 5
    assert all(each % 5 == 0 for each in exact)


def test_a_position_in_metres_is_understood_where_it_is_shown() -> None:
    line = "rossi,Rossi,Rossi,gallery,4881500,588000,,https://a.example/1"
    files = city_with(workshops=table(HEAD, line))
    row = files.row_at("workshops", 0)
    assert row.cells["lat"] == "4881500"
    assert row.position is not None
    assert row.position == pytest.approx((44.08, 10.1), abs=0.01)


def test_a_reading_lives_as_long_as_somebody_holds_its_files(town_files: dict[str, bytes]) -> None:
    held = Files(town_files)
    reading = held.reading
    assert Files(dict(town_files)).reading is reading
    assert Files(town_files, Limits(depth=50)).reading is not reading
    kept = weakref.ref(reading.catalogue)
    assert kept() is not None
    del held, reading
    gc.collect()
    assert kept() is None
