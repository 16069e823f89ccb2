from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.query.search import words

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
