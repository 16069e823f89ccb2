from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.query.word_index import WordIndex, words

Make = Callable[..., Catalogue]


def found(catalogue: Catalogue, text: str) -> list[str]:
    listed = query.entries(catalogue)
    return [listed[each].key for each in query.rank(catalogue, text)]


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("alberica", "piazza"),
        ("Bottega Rossi", "rossi"),
        ("marble museum", "museo"),
        ("Seaside", "lido"),
        ("carriona", "piazza"),
        ("mosaico", "rossi"),
        ("MOSAIC", "rossi"),
        ("former theatre", "cinema"),
        ("ugo bianchi", "rossi"),
        ("tacca", "museo"),
        ("Comune di Prova", "piazza"),
        ("new paving", "piazza"),
        ("nuovo selciato", "piazza"),
        ("B65I18000100001", "piazza"),
        ("b65i18000100001", "piazza"),
        ("town network", "project:rete"),
    ],
)
def test_words_in_either_language_find_what_they_are_about(
    text: str, best: str, town: Catalogue
) -> None:
    assert found(town, text)[0] == best


def test_programme_finds_the_places_that_it_pays_for(town: Catalogue) -> None:
    assert set(found(town, "piano ripresa")) == {"piazza", "project:rete"}
    assert set(found(town, "recovery")) == {"piazza", "project:rete"}


@pytest.mark.parametrize("text", ["caffe peru", "CAFFÈ PERÙ", "Caffé perú", "cafe\u0301 peru"])
def test_accents_and_case_do_not_matter(text: str, town: Catalogue) -> None:
    assert found(town, text) == ["caffe"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Città dell'ARTE, n. 3/B", ["citta", "dell", "arte", "n", "3", "b"]),
        ("perù PERÙ peru\u0300 façade Straße", ["peru", "peru", "peru", "facade", "strasse"]),
        ("", []),
    ],
)
def test_words_lose_accents_case_and_signs(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("albrica", "piazza"),
        ("rosi", "rossi"),
        ("musoe", "museo"),
        ("selcaito", "piazza"),
        ("wrokshop", "rossi"),
        ("carrionna", "piazza"),
    ],
)
def test_small_typing_errors_are_forgiven(text: str, best: str, town: Catalogue) -> None:
    assert found(town, text)[0] == best


def test_short_words_are_not_guessed(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=[{"id": "oro", "kind": "gallery"}])
    assert found(catalogue, "ora") == []
    assert found(catalogue, "oro") == ["oro"]


def test_beginning_of_a_word_is_enough(town: Catalogue) -> None:
    assert found(town, "albe") == ["piazza"]


def test_name_comes_before_summary(town: Catalogue) -> None:
    assert found(town, "piazza")[0] == "piazza"
    assert "museo" in found(town, "piazza")


def test_exact_word_comes_before_a_mistyped_one(make_catalogue: Make) -> None:
    names = [{"id": "a", "name_it": "Casata"}, {"id": "b", "name_it": "Casato"}]
    catalogue = make_catalogue(workshops=[each | {"kind": "gallery"} for each in names])
    assert found(catalogue, "casato") == ["b", "a"]
    assert found(catalogue, "casata") == ["a", "b"]


def test_equal_matches_keep_the_order_of_the_files(make_catalogue: Make) -> None:
    places = [{"id": each, "name_it": "Marmo", "kind": "gallery"} for each in ("c", "a", "b")]
    assert found(make_catalogue(workshops=places), "marmo") == ["c", "a", "b"]


def test_entries_with_all_words_leave_out_those_with_some(town: Catalogue) -> None:
    assert found(town, "piazza marmo") == ["museo"]


def test_most_words_are_enough_where_no_entry_has_all(town: Catalogue) -> None:
    assert found(town, "museo del marmo zzzzzz") == ["museo"]


def test_particles_are_skipped(town: Catalogue) -> None:
    assert found(town, "il museo della the") == found(town, "museo")


def test_particles_alone_are_looked_for(town: Catalogue) -> None:
    assert found(town, "del")[0] == "museo"


@pytest.mark.parametrize("text", ["xyzzy", "qqqqqqqqqq qqqqqqqqqq", "8"])
def test_words_that_stand_nowhere_find_nothing(text: str, town: Catalogue) -> None:
    assert found(town, text) == []


@pytest.mark.parametrize("text", ["", "  ", "«»!?", "東京"])
def test_text_without_words_finds_nothing(text: str, town: Catalogue) -> None:
    assert found(town, text) == []


def test_project_id_of_a_town_wide_project_is_found(town: Catalogue) -> None:
    assert found(town, "rete")[0] == "project:rete"


@given(text=st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered_with_distinct_entries(text: str, town: Catalogue) -> None:
    answer = query.rank(town, text)
    assert len(set(answer)) == len(answer)
    assert set(answer) <= set(range(len(query.entries(town))))


def test_search_is_cut_at_two_hundred_signs(town: Catalogue) -> None:
    assert found(town, "museo " + "x" * 300) == found(town, "museo " + "x" * 194)


def test_catalogue_without_rows_finds_nothing(make_catalogue: Make) -> None:
    assert found(make_catalogue(), "museo") == []


# ---------------------------------------------------------------- addresses


STREET = [
    {"id": "far", "address": "Via Lunga", "lat": "44.09", "lon": "10.1"},
    {"id": "unknown", "address": "via Lunga 9, 54033 Prova"},
    {"id": "near", "address": "Largo Corto / V. Lunga, 3", "lat": "44.0801", "lon": "10.1"},
    {"id": "elsewhere", "address": "Piazza Lunga 40", "lat": "44.08", "lon": "10.1"},
    {"id": "told", "name_it": "Forno di via Lunga", "lat": "44.08", "lon": "10.1"},
]
DOORS = [
    {"street": "Via Lunga", "number": "40", "lat": "44.08", "lon": "10.1"},
    {"street": "Via Lunga", "number": "400", "lat": "44.09", "lon": "10.1"},
]


@pytest.fixture(scope="module")
def street(make_catalogue: Make) -> Catalogue:
    return make_catalogue(
        workshops=[each | {"kind": "gallery"} for each in STREET], addresses=DOORS
    )


@pytest.mark.parametrize(
    "text", ["via Lunga 42", "v. lunga n. 42/b", "Via Lunga, 42 - 54033 Prova"]
)
def test_address_finds_what_is_on_its_street_nearest_first(text: str, street: Catalogue) -> None:
    assert found(street, text)[:3] == ["near", "far", "unknown"]


def test_nearest_depends_on_the_number(street: Catalogue) -> None:
    assert found(street, "via Lunga 401")[:3] == ["far", "near", "unknown"]


def test_entries_with_all_words_come_before_their_neighbours(street: Catalogue) -> None:
    assert found(street, "piazza lunga 40")[0] == "elsewhere"
    assert found(street, "via lunga 9") == ["unknown", "near", "far"]


def test_street_of_another_kind_is_another_street(street: Catalogue) -> None:
    assert found(street, "via lunga 40")[0] == "near"
    assert "near" not in found(street, "piazza lunga")


def test_street_that_the_gazetteer_does_not_know_is_searched_by_words(
    make_catalogue: Make,
) -> None:
    catalogue = make_catalogue(workshops=[each | {"kind": "gallery"} for each in STREET])
    assert found(catalogue, "via lunga 9") == ["unknown"]


APART = ["ab", "cd", "ef", "gh", "città"]
"""Words of which none is a beginning of another, or like it."""
TOLD = st.tuples(st.sampled_from([1.0, 1.5, 5.0]), st.lists(st.sampled_from(APART)).map(" ".join))


@given(things=st.lists(st.lists(TOLD, max_size=4), max_size=6), word=st.sampled_from(APART))
def test_a_word_finds_what_it_is_told_of_by_its_greatest_weight(
    things: list[list[tuple[float, str]]], word: str
) -> None:
    weights = [
        max((weight for weight, text in told if word in text.split()), default=0.0)
        for told in things
    ]
    expected = sorted((n for n, each in enumerate(weights) if each), key=lambda n: -weights[n])
    found = WordIndex(things).find(word)
    assert found.ranked.tolist() == expected
    assert found.has_all is bool(expected)


@given(text=st.text())
def test_words_are_those_of_the_text_without_its_marks(text: str) -> None:
    bare = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in bare if not unicodedata.combining(sign))
    assert words(text) == re.findall("[0-9a-z]+", plain)
