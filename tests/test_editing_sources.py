"""The sources of a row with their dates: two cells taken apart, and put together again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map.editing import MOST_SOURCES, Cells, Source, sources_of, with_sources

A, B = "https://a.example/1", "https://b.example/2"

cells = st.text(st.sampled_from("ab| \n\u202e"), max_size=12)
pieces = st.text(st.sampled_from("ab \n"), max_size=4)
sources = st.lists(st.builds(Source, pieces, pieces), max_size=5)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Cells("", ""), []),
        (Cells(A, ""), [(A, "")]),
        (Cells(f"{A} | {B}", "| 2024-05"), [(A, ""), (B, "2024-05")]),
        (Cells(f"{A}|{B}", "2020 |  | 2022"), [(A, "2020"), (B, ""), ("", "2022")]),
    ],
)
def test_each_source_has_the_date_of_its_place(
    told: Cells, expected: list[tuple[str, str]]
) -> None:
    assert list(sources_of(told)) == expected


@given(st.builds(Cells, cells, cells))
def test_sources_that_nobody_changes_stay_as_they_are_written(before: Cells) -> None:
    found = sources_of(before)
    assert with_sources(before, found) == before
    assert with_sources(before, [*found, Source("", ""), Source(" ", "")]) == before


@given(st.builds(Cells, cells, cells), sources)
def test_sources_that_are_put_together_are_those_that_come_apart(
    before: Cells, typed: list[Source]
) -> None:
    after = with_sources(before, typed)
    told = [each for each in ((one.strip(), other.strip()) for one, other in typed) if any(each)]
    if after != before:
        assert [each for each in sources_of(after) if any(each)] == told


def test_a_cell_of_which_nothing_changes_stays_byte_for_byte() -> None:
    before = Cells(f"{A}|{B}", "|2024")
    assert with_sources(before, [Source(A, "2023"), Source(B, "2024")]) == (
        f"{A}|{B}",
        "2023 | 2024",
    )
    assert with_sources(before, [Source(B, ""), Source(A, "2024")]) == (f"{B} | {A}", "|2024")


def test_a_source_goes_with_its_date() -> None:
    before = Cells(f"{A} | {B}", "2023 | 2024")
    assert with_sources(before, [Source("", ""), Source(B, "2024")]) == (B, "2024")
    assert with_sources(before, [Source("", ""), Source("", "")]) == ("", "")
    # A date alone is no source: that is told as a fault, and nothing is lost meanwhile.
    assert with_sources(before, [Source("", "2023"), Source(B, "2024")]) == (
        f" | {B}",
        "2023 | 2024",
    )


def test_dates_that_nobody_knows_are_no_dates() -> None:
    assert with_sources(Cells(A, ""), [Source(A, ""), Source(B, "")]) == (f"{A} | {B}", "")


def test_of_very_many_sources_the_last_one_holds_the_rest() -> None:
    many = " | ".join(f"https://a.example/{n}" for n in range(500))
    before = Cells(many, "")
    found = sources_of(before)
    assert len(found) == MOST_SOURCES
    assert found[-1].address.endswith("https://a.example/499")
    changed = [Source(B, ""), *found[1:]]
    assert with_sources(before, changed).sources == many.replace("https://a.example/0 ", f"{B} ")
