from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regen_map.catalogue import PartialDate
from regen_map.catalogue.text import cell_text, neutral, plain

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("Bottega", "Bottega"),
        (True, "yes"),
        (False, "no"),
        (12, "12"),
        (44.0755, "44.0755"),
        (200.0, "200"),
        (-0.5, "-0.5"),
        (1e-15, "0.000000000000001"),
        (1e15, "1000000000000000"),
        (Decimal("1500000.50"), "1500000.50"),
        (Decimal("1E+6"), "1000000"),
        (PartialDate("2025-09"), "2025-09"),
        ((), ""),
        (("Ada Neri",), "Ada Neri"),
        (("Ada Neri", "Ugo Bianchi"), "Ada Neri | Ugo Bianchi"),
        ((None,), ""),
        ((None, None), " | "),
        ((PartialDate("2025"), None), "2025 | "),
        ((None, PartialDate("2025")), " | 2025"),
    ],
)
def test_every_value_has_one_text(value: object, text: str) -> None:
    written = cell_text(value)
    assert written == text
    assert type(written) is str


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_text_of_a_number_gives_the_very_number_back(number: float) -> None:
    text = cell_text(number)
    assert float(text) == number
    assert "e" not in text.casefold()


@given(st.decimals(-(10**15), 10**15, places=2))
def test_text_of_an_amount_gives_the_very_amount_back(amount: Decimal) -> None:
    text = cell_text(amount)
    assert Decimal(text) == amount
    assert "E" not in text


_SIGNS = st.text(st.sampled_from("'=+-@\t\r09 .,()/a|"), max_size=8)


@given(st.text() | _SIGNS)
@example("'-12.5")
@example("''=1+1")
@example("'+39 0585 123456")
@example("'")
@example("+")
def test_plain_gives_back_what_neutral_took(text: str) -> None:
    assert plain(neutral(text)) == text


@given(st.text() | _SIGNS, st.text() | _SIGNS)
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert (neutral(one) == neutral(other)) == (one == other)


@given(_SIGNS)
def test_only_numbers_keep_the_sign_of_a_formula_in_front(text: str) -> None:
    written = neutral(text)
    if written.startswith(DANGEROUS):
        assert written[0] in "+-"
        assert set(written[1:]) <= set("0123456789 .,()")


@pytest.mark.parametrize("text", ["-12.5", "-12,5", "+39 0585 123456", "+39 (0585) 123.456", "-0"])
def test_numbers_and_telephones_are_left_alone(text: str) -> None:
    assert neutral(text) == text == plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "@SUM(A1)",
        "-2+3",
        "+39-0585",
        "+39/0585",
        "-1-2",
        "--1",
        "+-1",
        "+A1",
        "-12.5%",
        "-١٢",
        "+39 0585\n=1",
        "\t=1",
        "\r=1",
        "'=1",
        "-",
        "+cmd|' /C calc'!A0",
    ],
)
def test_whatever_could_be_computed_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert plain(f"'{text}") == text


@pytest.mark.parametrize("text", ["", "'", "'800", "l'=arte", "Via Verdi", "''", " =1"])
def test_other_text_is_left_alone(text: str) -> None:
    assert neutral(text) == text == plain(text)
