from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import gzip
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue, Family, Phase
from regen_map.intake import read_catalogue
from regen_map.query import Criteria
from regen_map.webmap import answer, payload, payload_of_key, visible_bits
from regen_map.webmap.symbols import DASHES, STYLES, telling_project

Make = Callable[..., Catalogue]

MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
"""Eleven o'clock in Rome."""

HOSTILE = [
    "</script><script>alert(1)</script>",
    "${alert(1)}`",
    "{{ 7 * 7 }}",
    '"; alert(1); //',
    "\\u003cimg src=x onerror=alert(1)>",
    "tab\there \u2028 line",
]


def document(catalogue: Catalogue, language: str = "it") -> dict[str, Any]:
    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is not JSON")

    content = payload(catalogue, language).content
    read: dict[str, Any] = json.loads(content, parse_constant=refuse)
    return read


def square(lon: float, lat: float, side: float) -> list[list[float]]:
    corners = [(lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side)]
    return [[round(x, 6), round(y, 6)] for x, y in (*corners, corners[0])]


def spaces(**geometries: object) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"id": name, "name_it": name, "name_en": name, "kind": "square"},
            "geometry": geometry,
        }
        for name, geometry in geometries.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


# ---------------------------------------------------------------- columns


def test_columns_are_parallel_to_the_entries(town: Catalogue) -> None:
    columns = document(town)["places"]
    assert columns["key"] == [entry.key for entry in query.entries(town)]
    assert {len(column) for column in columns.values()} == {len(columns["key"])}


def test_row_holds_what_the_files_say(town: Catalogue) -> None:
    found = document(town)
    row = {name: column[0] for name, column in found["places"].items()}
    assert (row["name"], row["lat"], row["lon"], row["accuracy"]) == (
        "Piazza Alberica",
        44.08,
        10.1,
        5,
    )
    assert found["families"][row["family"]]["label"] == "Spazi pubblici"
    assert found["kinds"][row["kind"]] == "Piazza"
    assert found["quarters"][row["quarter"]] == "Centro"
    assert (row["phase"], row["stalled"], row["closed"]) == (list(Phase).index(Phase.WORKS), 1, 0)


def test_unknown_is_null_or_minus_one_never_a_guess(town: Catalogue) -> None:
    columns = document(town)["places"]
    at = columns["key"].index("caffe")
    row = {name: column[at] for name, column in columns.items()}
    assert (row["lat"], row["lon"], row["accuracy"]) == (None, None, None)
    assert (row["quarter"], row["phase"]) == (-1, -1)


def test_project_without_a_place_has_no_kind_and_is_not_on_the_map(town: Catalogue) -> None:
    found = document(town)
    assert found["places"]["kind"][-1] == -1
    assert not found["families"][found["places"]["family"][-1]]["on_map"]
    assert [each["on_map"] for each in found["families"]].count(True) == len(Family)


def test_kinds_of_one_name_in_two_families_keep_their_labels(town: Catalogue) -> None:
    found = document(town)
    kinds = dict(zip(found["places"]["key"], found["places"]["kind"], strict=True))
    assert found["kinds"][kinds["cinema"]] == "Ex teatro"
    assert found["kinds"][kinds["teatro"]] == "Teatro"


def test_numbers_point_into_their_lists(town: Catalogue) -> None:
    found = document(town)
    for column, listed in (("family", "families"), ("kind", "kinds"), ("quarter", "quarters")):
        numbers = found["places"][column]
        assert set(numbers) <= {-1, *range(len(found[listed]))}


def test_closed_places_are_marked(town: Catalogue) -> None:
    columns = document(town)["places"]
    closed = {key for key, mark in zip(columns["key"], columns["closed"], strict=True) if mark}
    assert closed == {"nicoli", "teatro"}


def test_facets_are_those_of_the_selection_with_a_label_each(town: Catalogue) -> None:
    facets = {each["name"]: each for each in document(town, "en")["facets"]}
    assert {name: tuple(each["options"]) for name, each in facets.items()} == query.options(town)
    assert facets["programme"]["labels"] == ["Recovery plan", "Bando"]
    assert facets["phase"]["labels"][-1] == "Stage not known"
    assert facets["located"]["labels"] == ["On the map", "Not on the map"]


def test_years_are_those_of_the_projects(town: Catalogue, make_catalogue: Make) -> None:
    assert document(town)["years"] == [2016, 2026]
    assert document(make_catalogue())["years"] is None


def test_streets_come_without_house_numbers(town: Catalogue) -> None:
    assert document(town)["streets"] == [["Via Carriona", "street", 44.0801, 10.1001]]


def test_catalogue_without_rows_is_still_a_document(make_catalogue: Make) -> None:
    found = document(make_catalogue())
    assert set(map(len, found["places"].values())) == {0}
    assert (found["areas"], found["streets"]) == ({}, [])


# ---------------------------------------------------------------- areas


def test_polygon_becomes_its_rings_in_lon_lat(make_catalogue: Make) -> None:
    outer, hole = square(10.05, 44.05, 0.01), square(10.053, 44.053, 0.002)
    content = spaces(a={"type": "Polygon", "coordinates": [outer, hole]})
    found = document(make_catalogue(public_spaces=content))
    ((rings,),) = found["areas"].values()
    assert list(found["areas"]) == ["0"]
    assert set(map(tuple, rings[0])) == set(map(tuple, outer))
    assert len(rings) == 2
    assert rings[0][0] == rings[0][-1]


def test_parts_of_a_multipolygon_stay_apart(make_catalogue: Make) -> None:
    parts = [[square(10.05, 44.05, 0.01)], [square(10.08, 44.08, 0.01)]]
    content = spaces(
        a={"type": "Point", "coordinates": [10.1, 44.1]},
        b={"type": "MultiPolygon", "coordinates": parts},
        c=None,
    )
    found = document(make_catalogue(public_spaces=content))
    assert list(found["areas"]) == ["1"]
    assert [len(part) for part in found["areas"]["1"]] == [1, 1]
    assert found["places"]["lat"][2] is None


def test_area_is_drawn_around_its_point(make_catalogue: Make) -> None:
    content = spaces(a={"type": "Polygon", "coordinates": [square(10.05, 44.05, 0.01)]})
    columns = document(make_catalogue(public_spaces=content))["places"]
    assert (columns["lat"], columns["lon"]) == ([44.055], [10.055])


# ---------------------------------------------------------------- bytes


def test_equal_catalogues_give_equal_bytes(town_files: dict[str, bytes], town: Catalogue) -> None:
    again = read_catalogue(town_files).catalogue
    assert again is not None
    assert again is not town
    assert payload(again, "it") == payload(town, "it")


def test_languages_differ_only_in_words(town: Catalogue) -> None:
    italian, english = document(town), document(town, "en")
    assert payload(town, "it").key != payload(town, "en").key
    assert (italian["language"], english["language"]) == ("it", "en")
    assert italian["places"]["name"][0] == "Piazza Alberica"
    assert english["places"]["name"][0] == "Alberica square"
    for found in (italian, english):
        for name in ("language", "strings", "kinds", "quarters"):
            assert found.pop(name)
        found["places"].pop("name")
        for listed in ("families", "phases", "rings", "facets"):
            for each in found[listed]:
                assert each.pop("label")
        for each in found["facets"]:
            assert len(each.pop("labels")) == len(each["options"])
    assert italian == english


@pytest.mark.parametrize("language", ["it", "en"])
def test_no_word_of_the_map_is_missing(language: str, town: Catalogue) -> None:
    found = document(town, language)
    assert all(found["strings"].values())
    assert not [text for name, text in found["strings"].items() if name == text]


def test_key_changes_with_the_content(make_catalogue: Make) -> None:
    made = [
        payload(make_catalogue(workshops=[{"id": "a", "name_it": name, "kind": "gallery"}]), "it")
        for name in ("Uno", "Due", "Uno")
    ]
    assert made[0].key == made[2].key != made[1].key
    assert made[0] == made[2]


def test_compressed_form_is_the_same_content(town: Catalogue) -> None:
    made = payload(dataclasses.replace(town), "en")
    assert gzip.decompress(made.compressed) == made.content
    assert made.compressed[4:8] == bytes(4), "a time stamp would make equal content differ"
    assert payload_of_key(made.key) is made


def test_unknown_key_gives_nothing() -> None:
    assert payload_of_key("0" * 20) is None


def test_long_unused_payloads_are_forgotten(make_catalogue: Make) -> None:
    catalogue = make_catalogue()
    versions = [dataclasses.replace(catalogue, version=f"v{each}") for each in range(12)]
    made = [payload(each, "it").key for each in versions]
    assert payload_of_key(made[0]) is None
    assert payload_of_key(made[-1]) is not None


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_data(text: str, make_catalogue: Make) -> None:
    places = [{"id": "a", "name_it": text, "name_en": text, "kind": "gallery"}]
    streets = [{"name": text, "kind": "square", "lat": "44.08", "lon": "10.1"}]
    found = document(make_catalogue(workshops=places, streets=streets))
    kept = " ".join(text.split())
    assert found["places"]["name"] == [kept]
    assert found["streets"][0][0] == kept


# ---------------------------------------------------------------- bits


@given(mask=st.lists(st.booleans()))
def test_bits_decode_to_the_mask(mask: list[bool]) -> None:
    text = visible_bits(np.array(mask, dtype=bool))
    if all(mask):
        assert text == ""
        return
    packed = np.frombuffer(base64.b64decode(text), dtype=np.uint8)
    decoded = [bool(packed[each >> 3] >> (each & 7) & 1) for each in range(len(mask))]
    assert decoded == mask


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize("language", ["it", "en"])
def test_counts_of_an_answer_stand_beside_the_facets_of_the_places(
    language: str, town: Catalogue
) -> None:
    counts = answer(town, language, Criteria(text="piazza"), MONDAY)["c"]
    facets = document(town, language)["facets"]
    assert list(map(len, counts)) == [len(facet["options"]) for facet in facets]
    assert [facet["name"] for facet in facets] == list(query.FACETS)


def test_answer_says_in_words_what_is_shown(town: Catalogue, make_catalogue: Make) -> None:
    assert (
        answer(town, "it", Criteria(), MONDAY)["n"] == "Mostrati 9 luoghi su 9 · 4 non sulla mappa"
    )
    assert answer(town, "en", Criteria(text="museo"), MONDAY)["n"] == "Showing 1 of 9 places"
    assert answer(make_catalogue(), "en", Criteria(), MONDAY)["n"] == "Showing 0 of 0 places"


@pytest.mark.parametrize(
    ("n_silent", "italian", "english"),
    [
        (0, "Mostrato 1 luogo su 2", "Showing 1 of 2 places"),
        (
            1,
            "Mostrato 1 luogo su 3 · di un altro non si conoscono gli orari",
            "Showing 1 of 3 places · opening hours of 1 other not known",
        ),
        (
            1200,
            "Mostrato 1 luogo su 1.202 · di altri 1.200 non si conoscono gli orari",
            "Showing 1 of 1,202 places · opening hours of 1,200 others not known",
        ),
    ],
)
def test_answer_says_of_how_many_nobody_knows_whether_they_are_open(
    n_silent: int, italian: str, english: str, make_catalogue: Make
) -> None:
    position = {"kind": "gallery", "lat": "44.08", "lon": "10.09"}
    rows = [
        {"id": "open", "opening_hours": "24/7", **position},
        {"id": "closed", "opening_hours": "Su 10:00-12:00", **position},
        *({"id": f"silent-{each}", **position} for each in range(n_silent)),
    ]
    catalogue = make_catalogue(workshops=rows)
    asked = Criteria(chosen={"open": ("now",)})
    assert answer(catalogue, "it", asked, MONDAY)["n"] == italian
    assert answer(catalogue, "en", asked, MONDAY)["n"] == english
    assert "orari" not in answer(catalogue, "it", Criteria(), MONDAY)["n"]


def test_answer_counts_what_is_open_at_its_moment(make_catalogue: Make) -> None:
    row = {"id": "a", "kind": "gallery", "opening_hours": "Mo 09:00-11:30"}
    catalogue = make_catalogue(workshops=[row])
    (at,) = [
        at
        for at, facet in enumerate(document(catalogue)["facets"])
        if facet["labels"] == ["Aperto ora"]
    ]
    counted = [
        answer(catalogue, "it", Criteria(), MONDAY + dt.timedelta(minutes=later))["c"][at]
        for later in (0, 29, 30)
    ]
    assert counted == [[1], [1], [0]]


def test_answer_tells_hours_of_its_moment_or_of_the_one_asked_for(make_catalogue: Make) -> None:
    rows = [
        {"id": "monday", "kind": "gallery", "opening_hours": "Mo 09:00-13:00"},
        {"id": "saturday", "kind": "gallery", "opening_hours": "Sa 09:00-12:00"},
        {"id": "always", "kind": "gallery", "opening_hours": "24/7"},
        {"id": "silent", "kind": "gallery"},
    ]
    catalogue = make_catalogue(workshops=rows)
    at = {entry.key: index for index, entry in enumerate(query.entries(catalogue))}
    now = answer(catalogue, "it", Criteria(), MONDAY)["h"]
    assert now == {
        "Aperto fino alle 13": [at["monday"]],
        "Apre sabato alle 9": [at["saturday"]],
        "Aperto ora": [at["always"]],
    }
    saturday = Criteria(open_at=dt.datetime(2026, 11, 28, 10, 0))  # noqa: DTZ001 - the city's
    assert answer(catalogue, "it", saturday, MONDAY)["h"] == {
        "Aperto fino alle 12": [at["saturday"]],
        "Apre lunedì alle 9": [at["monday"]],
    }


def test_answer_says_that_nobody_knows_in_the_place_of_a_nought(make_catalogue: Make) -> None:
    closed = {"id": "closed", "kind": "gallery", "opening_hours": "Su 10:00-12:00"}
    silent = [{"id": f"silent-{each}", "kind": "gallery"} for each in range(2)]
    always = {"id": "open", "kind": "gallery", "opening_hours": "24/7"}

    def unsure(language: str, *rows: dict[str, str]) -> object:
        return answer(make_catalogue(workshops=list(rows)), language, Criteria(), MONDAY)["x"]

    assert unsure("it", closed, *silent) == "Aperto ora: di 2 luoghi non si sa"
    assert unsure("en", closed, silent[0]) == "Open now: not known of one place"
    assert unsure("it", closed) == ""
    assert unsure("it", always, closed, *silent) == ""
    assert unsure("it", *silent) == ""


def test_answer_ranks_what_a_search_finds_and_only_that(town: Catalogue) -> None:
    found = answer(town, "it", Criteria(text="teatro"), MONDAY)
    order = np.frombuffer(base64.b64decode(found["o"]), dtype="<u4")
    keys = [entry.key for entry in query.entries(town)]
    assert [keys[each] for each in order] == ["teatro", "cinema"]
    assert answer(town, "it", Criteria(chosen={"kind": ("museum",)}), MONDAY)["o"] == ""


def test_answer_is_small_whatever_is_asked(make_catalogue: Make) -> None:
    rows = [{"id": f"w{each}", "name_it": "Marmo", "kind": "gallery"} for each in range(5000)]
    catalogue = make_catalogue(workshops=rows)
    for asked in (Criteria(), Criteria(text="marmo"), Criteria(text="xyzzy")):
        assert len(json.dumps(answer(catalogue, "it", asked, MONDAY))) < 2500


# ---------------------------------------------------------------- symbols


def test_every_family_and_phase_has_a_look_of_its_own() -> None:
    assert set(STYLES) == {*Family, query.TOWN_WIDE}
    assert set(DASHES) == set(Phase)
    on_map = [STYLES[family] for family in Family]
    for part in ("shape", "colour", "colour_dark"):
        assert len({getattr(style, part) for style in on_map}) == len(on_map)


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(colour: str, ground: str) -> float:
    dark, light = sorted((luminance(colour), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("family", sorted(STYLES))
def test_symbols_can_be_told_from_the_ground(family: str) -> None:
    assert contrast(STYLES[family].colour, "#ffffff") >= 3
    assert contrast(STYLES[family].colour_dark, "#15181c") >= 3


def test_ring_shows_works_before_plans_and_plans_before_what_is_over(
    make_project: Callable[..., Any],
) -> None:
    projects = [make_project(id=phase, phase=phase) for phase in ("completed", "planning", "works")]
    for expected in ("works", "planning", "completed"):
        telling = telling_project(projects)
        assert telling is not None
        assert telling.phase == expected
        projects.remove(telling)
    assert telling_project([make_project(phase=None)]) is None
