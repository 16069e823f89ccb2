"""What differs in the settings of a city: key by key, term by term, or line by line."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map.catalogue import Catalogue, Term, TileSource, Vocabularies
from regen_map.facts.differences import Differences
from regen_map.facts.settings import WHOLE_MAP, city_settings, vocabulary_settings
from regen_map.messages import LANGUAGES, translator

CITY = b"""
name_it = "Prova"
extent = [10.0, 44.0]
[publisher]
name = "Comune"
[[tiles]]
id = "osm"
url = "https://a.example/{z}"
[[tiles]]
id = "foto aeree"
url = "https://b.example/{z}"
"""
TODAY = dt.date(2026, 3, 12)

Make = Callable[..., Catalogue]


def told(before: bytes, after: bytes) -> list[tuple[str, str | None, str | None]]:
    return [(each.name, each.before, each.after) for each in city_settings(before, after)]


@pytest.mark.parametrize(
    ("old", "new", "differing"),
    [
        (b'"Prova"', b'"Altra"', [("name_it", "Prova", "Altra")]),
        (b'"Prova"', b'" "', [("name_it", "Prova", '" "')]),
        (b"44.0]", b"44.5]", [("extent", "[10.0, 44.0]", "[10.0, 44.5]")]),
        (b'name = "Comune"\n', b"", [("publisher.name", "Comune", None)]),
        (b"[publisher]\n", b'[publisher]\n"a b" = nan\n', [('publisher."a b"', None, "NaN")]),
        (b"//b.", b"//c.", [('tiles."foto aeree".url', "https://b.example/{z}", "https://c.example/{z}")]),
        (b"name_it", b"# A note.\nname_it", []),
        (b'id = "osm"', b'id="osm"', []),
    ],
)  # fmt: skip
def test_settings_are_compared_key_by_key(
    old: bytes, new: bytes, differing: list[tuple[str, str | None, str | None]]
) -> None:
    assert told(CITY, CITY.replace(old, new)) == differing


def test_which_background_comes_first_is_a_setting() -> None:
    first, one, other = CITY.split(b"[[tiles]]")
    turned = b"[[tiles]]".join((first, other, one))
    assert told(CITY, turned) == [("tiles", "osm, foto aeree", "foto aeree, osm")]


@pytest.mark.parametrize("broken", [b'name_it = "Altra\nextent = [10.0, 44.0]\n', b"\xff"])
def test_what_is_no_toml_is_compared_line_by_line(broken: bytes) -> None:
    old = b'name_it = "Prova"\nextent = [10.0, 44.0]\n'
    found = told(old, broken)
    assert found[0] == ("", 'name_it = "Prova"', None)
    assert all(name == "" for name, _, _ in found)
    if b"extent" in broken:
        assert found[1:] == [("", None, 'name_it = "Altra')]


@pytest.mark.parametrize(
    "deep", [b"a = " + b"[" * 5000, b"a." * 5000 + b"b = 1", b"a = [{" + b"a." * 5000 + b"b = 1}]"]
)
def test_settings_of_any_depth_are_told(deep: bytes) -> None:
    assert city_settings(b"", deep)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_two_files_can_be_compared(before: bytes, after: bytes) -> None:
    assert city_settings(before, before) == []
    for each in city_settings(before, after):
        assert each.before != each.after


def term(name: str, **cells: str) -> Term:
    labels = {"it": cells.get("it", name.title()), "en": cells.get("en", "")}
    return Term(
        vocabulary="kind",
        term=name,
        parent="public_space",
        labels=labels,
        notes={},
        opencoesione=cells.get("opencoesione", ""),
    )


def test_vocabularies_are_compared_by_term_and_column() -> None:
    found = vocabulary_settings(
        [term("square"), term("gone"), term("same")],
        [term("same"), term("square", it="Largo", en="Place"), term("new", it="Nuovo")],
    )
    assert [(each.subject, each.name, each.before, each.after) for each in found] == [
        ("kind.public_space.square", "label_it", "Square", "Largo"),
        ("kind.public_space.square", "label_en", None, "Place"),
        ("kind.public_space.new", "", None, "Nuovo"),
        ("kind.public_space.gone", "", "Gone", None),
    ]


# ---------------------------------------------------------------- of two states


def with_terms(catalogue: Catalogue, *terms: Term) -> Catalogue:
    return dataclasses.replace(catalogue, vocabularies=Vocabularies(terms))


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_are_counted_and_told_in_both_languages(
    language: str, make_catalogue: Make
) -> None:
    words = translator(language)
    town = make_catalogue()
    found = Differences(
        with_terms(town, term("square")),
        with_terms(town, term("square", it="Largo", en="Place")),
        {"city.toml": CITY},
        {"city.toml": CITY.replace(b"Prova", b"Altra")},
    )
    counts = [words.count("settings.n.city", 1), words.count("settings.n.terms", 1)]
    assert found.summary(words, TODAY) == words.text("publish.counts", counts=words.listing(counts))
    city, named = found.told_settings(words)
    assert (city.id, named.name.text) == ("city.toml", {"it": "Largo", "en": "Place"}[language])
    (line,) = city.lines
    assert line.before is not None
    assert line.after is not None
    assert (line.label, line.before.text, line.after.text) == ("name_it", "Prova", "Altra")
    assert [line.label for line in named.lines] == ["label_it", "label_en"]
    assert found.parts["settings"] == [each._asdict() for each in found.settings]


def test_long_and_hidden_texts_are_cut_and_shown(make_catalogue: Make) -> None:
    long = CITY.replace(b"Prova", b"x" * 100_000 + "\u202e".encode())
    (subject,) = Differences(
        None, make_catalogue(), {"city.toml": CITY}, {"city.toml": long}
    ).told_settings(translator("en"))
    (line,) = subject.lines
    assert line.after is not None
    assert len(line.after.text) < 600
    (subject,) = Differences(
        None, None, {"city.toml": CITY}, {"city.toml": CITY.replace(b"Prova", "a\u202eb".encode())}
    ).told_settings(translator("en"))
    assert subject.lines[0].after is not None
    assert subject.lines[0].after.text == "a[U+202E]b"


def test_of_files_known_by_their_digest_alone_no_setting_is_told(make_catalogue: Make) -> None:
    town = make_catalogue()
    found = Differences(town, town, {"city.toml": "1"}, {"city.toml": "2"})
    assert found.settings == []
    assert (found.compares("city.toml"), found.compares("vocabularies.csv")) == (False, True)


OTHERS: Mapping[str, Any] = {
    "extent": (10.0, 44.0, 11.0, 45.0),
    "locales": ("it",),
    "metric_crs": "EPSG:25832",
    "time_zone": "Europe/London",
    "holiday_country": "FR",
    "tiles": (TileSource(id="a", name="A", url="/{z}/{x}/{y}", attribution="A"),),
    "publisher": "Another",
    "home": (10.0, 44.0, 10.1, 44.1),
    "names": {"it": "Altra"},
}


@pytest.mark.parametrize("name", OTHERS)
def test_settings_of_the_whole_map_are_known(name: str, make_catalogue: Make) -> None:
    town = make_catalogue()
    city = dataclasses.replace(town.city, **{name: OTHERS[name]})
    other = dataclasses.replace(town, city=city)
    expected = (name,) if name in WHOLE_MAP else ()
    assert Differences(town, other, {}, {}).map_wide == expected
    assert Differences(town, town, {}, {}).map_wide == ()
    for language in LANGUAGES:
        assert all(translator(language).has(f"settings.map_wide.{each}") for each in expected)


def test_another_credit_of_a_background_does_not_change_the_whole_map(make_catalogue: Make) -> None:
    town = make_catalogue()
    tile = TileSource(id="a", name="A", url="/{z}/{x}/{y}", attribution="A")
    one, other = (
        dataclasses.replace(town, city=dataclasses.replace(town.city, tiles=(each,)))
        for each in (tile, dataclasses.replace(tile, attribution="B"))
    )
    assert Differences(one, other, {}, {}).map_wide == ()
