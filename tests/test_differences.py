"""What differs between two states: files, rows, places that move, what two changes share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import pytest

from regen_map.catalogue import Catalogue
from regen_map.facts.differences import Differences, RowCounts, changed_by_both
from regen_map.messages import LANGUAGES, translator

TODAY = dt.date(2026, 3, 12)
HERE = {"id": "rossi", "name_it": "Rossi", "name_en": "Rossi", "kind": "gallery"}
SOURCE = {"sources": "https://a.example/1"}

Make = Callable[..., Catalogue]
Row = Mapping[str, str]


def place(**cells: str) -> Row:
    return {**HERE, **SOURCE, **cells}


def state(make: Make, *workshops: Row) -> Catalogue:
    return make(workshops=workshops)


def between(before: Catalogue | None, after: Catalogue | None) -> Differences:
    return Differences(before, after, {"a.csv": "1", "b.csv": "2"}, {"a.csv": "1", "c.csv": "3"})


def test_files_are_told_by_what_became_of_them(make_catalogue: Make) -> None:
    found = between(None, state(make_catalogue, place()))
    assert (found.changed, found.gone) == (["c.csv"], ["b.csv"])
    assert list(found.files(translator("en"))) == [
        "New or changed files: c.csv.",
        "Files taken away: b.csv.",
    ]


def test_rows_are_not_told_where_one_side_shows_nothing(make_catalogue: Make) -> None:
    found = between(None, state(make_catalogue, place()))
    assert found.found == ()
    assert found.told(translator("it"), TODAY) is None
    assert found.summary(translator("it"), TODAY) == ""
    assert (found.by_table(), found.moved("it")) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_states_are_said_to_be_so(language: str, make_catalogue: Make) -> None:
    one, other = (state(make_catalogue, place()) for _ in range(2))
    words = translator(language)
    assert between(one, other).summary(words, TODAY) == words.text("publish.nothing")


def test_rows_are_counted_once_however_many_of_their_cells_differ(make_catalogue: Make) -> None:
    before = state(make_catalogue, place(), place(id="gone"), place(id="same"))
    after = state(
        make_catalogue,
        place(name_it="Altro", name_en="Other", email="a@b.example"),
        place(id="same"),
        place(id="new"),
        place(id="newer"),
    )
    assert between(before, after).by_table() == [RowCounts("workshops", 2, 1, 1)]


def test_places_that_move_come_with_their_distance_the_farthest_first(make_catalogue: Make) -> None:
    here, north = {"lat": "44.08", "lon": "10.09"}, {"lat": "44.081", "lon": "10.09"}
    far = {"lat": "44.09", "lon": "10.09"}
    before = state(
        make_catalogue,
        place(**here),
        place(id="b", name_it="Bianchi <b>", **here),
        place(id="c"),
        place(id="d", **here),
        place(id="e", **here),
    )
    after = state(
        make_catalogue,
        place(**north),
        place(id="b", name_it="Bianchi <b>", **far),
        place(id="c", **here),
        place(id="d"),
        place(id="e", **here),
    )
    moved = between(before, after).moved("it")
    assert [each.id for each in moved[:2]] == ["b", "rossi"]
    assert moved[0].name == "Bianchi <b>"
    # A thousandth of a degree of latitude.
    assert moved[1].metres == pytest.approx(111.1, abs=0.3)
    assert (moved[1].before, moved[1].after) == ((44.08, 10.09), (44.081, 10.09))
    on_and_off = {each.id: (each.before, each.after, each.metres) for each in moved[2:]}
    assert on_and_off == {
        "c": (None, (44.08, 10.09), None),
        "d": ((44.08, 10.09), None, None),
    }


def test_a_long_list_is_cut_and_its_rest_counted(make_catalogue: Make) -> None:
    many = [place(id=f"w-{n}") for n in range(7)]
    found = between(state(make_catalogue), state(make_catalogue, *many))
    told = found.told(translator("en"), TODAY, most_subjects=5)
    assert told is not None
    assert (len(told.subjects), told.n_more) == (5, 2)
    assert found.summary(translator("en"), TODAY) == "In all: 7 new places."


def test_what_two_changes_share_is_told_by_subject(make_catalogue: Make) -> None:
    rows: Sequence[Row] = [place(id=f"w-{n}") for n in range(4)]
    base = state(make_catalogue, *rows)
    mine = state(
        make_catalogue, {**rows[0], "name_it": "A"}, {**rows[1], "name_it": "B"}, *rows[2:]
    )
    theirs = state(
        make_catalogue, rows[0], {**rows[1], "name_it": "C", "name_en": "C"}, rows[2], *rows[3:]
    )
    shared = changed_by_both(base, mine, theirs)
    assert [(each.table, each.subject) for each in shared] == [("workshops", "w-1")]
    assert changed_by_both(base, base, theirs) == []


def test_programs_get_plain_values(make_catalogue: Make) -> None:
    before = state(make_catalogue, place(lat="44.08", lon="10.09"))
    after = state(make_catalogue, place(lat="44.081", lon="10.09"))
    parts = between(before, after).parts
    assert parts["files"] == {"changed": ["c.csv"], "gone": ["b.csv"]}
    differences = parts["differences"]
    assert isinstance(differences, list)
    (moved,) = differences
    assert (moved["subject"], moved["before"]) == ("rossi", [44.08, 10.09])
