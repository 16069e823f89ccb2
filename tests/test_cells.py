from __future__ import annotations

from decimal import Decimal

import pytest

from regen_map.catalogue import Cell, Column, Vocabularies
from regen_map.intake.cells import PARSERS, CellError, parser, slugify
from regen_map.intake.issues import Rule, Severity


def parse(
    cell: Cell, text: str, vocabularies: Vocabularies | None = None, **options: object
) -> object:
    column = Column(name="x", cell=cell, **options)  # type: ignore[arg-type]
    return parser(column, vocabularies or Vocabularies(()))(text)


def test_every_kind_of_cell_has_a_parser() -> None:
    assert set(PARSERS) | {Cell.TERM} == set(Cell)


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (Cell.SLUG, "via-verdi-3", "via-verdi-3"),
        (Cell.LINE, "two  words\non a line", "two words on a line"),
        (Cell.TEXT, "one\r\ntwo", "one\ntwo"),
        (Cell.LINES, "Anna | Bruno |", ("Anna", "Bruno")),
        (Cell.URL, "https://città.example/a?b=1#c", "https://città.example/a?b=1#c"),
        (Cell.URL, "http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080/"),
        (
            Cell.URLS,
            "https://a.example | http://b.example",
            ("https://a.example", "http://b.example"),
        ),
        (Cell.DATE, "2025-09", "2025-09"),
        (Cell.DATES, "2025 |  | 2024-02-29", ("2025", None, "2024-02-29")),
        (Cell.DATES, "2025 |", ("2025", None)),
        (Cell.NUMBER, "-12.50", -12.5),
        (Cell.INTEGER, "12", 12),
        (Cell.MONEY, "1500000.50", Decimal("1500000.50")),
        (Cell.YES_NO, "no", False),
        (Cell.EMAIL, "info@example.org", "info@example.org"),
        (Cell.PHONE, "+39 0585 641-111", "+39 0585 641-111"),
        (Cell.CUP, "F87H21001230005", "F87H21001230005"),
        (Cell.HOURS, 'Mo-Fr 09:00-13:00; PH off "chiuso d\'inverno"', None),
        (Cell.HOURS, "24/7", "24/7"),
        (Cell.WIKIDATA, "Q1234", "Q1234"),
    ],
)
def test_canonical_text_is_read(cell: Cell, text: str, value: object) -> None:
    assert parse(cell, text) == (text if value is None else value)


@pytest.mark.parametrize(
    ("cell", "text", "rule"),
    [
        (Cell.SLUG, "Via Verdi", Rule.SLUG),
        (Cell.SLUG, "a--b", Rule.SLUG),
        (Cell.SLUG, "a" * 101, Rule.SLUG),
        (Cell.URL, "javascript:alert(1)", Rule.URL),
        (Cell.URL, "data:text/html,x", Rule.URL),
        (Cell.URL, "https://", Rule.URL),
        (Cell.URL, "https:///path", Rule.URL),
        (Cell.URL, "https://good.example@evil.example/", Rule.URL),
        (Cell.URL, "https://a.example/two words", Rule.URL),
        (Cell.URL, "https://[bad", Rule.URL),
        (Cell.URL, "https://a.example:99999/", Rule.URL),
        (Cell.URLS, "https://a.example | ftp://b.example", Rule.URL),
        (Cell.DATE, "30/09/2025", Rule.DATE),
        (Cell.DATE, "2025-02-30", Rule.DATE),
        (Cell.DATE, "٢٠٢٥", Rule.DATE),
        (Cell.DATES, "2025 | soon", Rule.DATE),
        (Cell.NUMBER, "nan", Rule.NUMBER),
        (Cell.NUMBER, "inf", Rule.NUMBER),
        (Cell.NUMBER, "1e3", Rule.NUMBER),
        (Cell.NUMBER, "1,5", Rule.NUMBER),
        (Cell.NUMBER, "circa 3", Rule.NUMBER),
        (Cell.INTEGER, "1.0", Rule.INTEGER),
        (Cell.INTEGER, "9" * 5000, Rule.INTEGER),
        (Cell.MONEY, "10.555", Rule.MONEY),
        (Cell.MONEY, "NaN", Rule.MONEY),
        (Cell.LATITUDE, "90.1", Rule.OUT_OF_RANGE),
        (Cell.LONGITUDE, "-180.1", Rule.OUT_OF_RANGE),
        (Cell.YES_NO, "forse", Rule.YES_NO),
        (Cell.EMAIL, "a@b", Rule.EMAIL),
        (Cell.EMAIL, "a@b.example, c@d.example", Rule.EMAIL),
        (Cell.PHONE, "0585 / int. 3", Rule.PHONE),
        (Cell.CUP, "F87H2100123000", Rule.CUP),
        (Cell.CUP, "f87h21001230005", Rule.CUP),
        (Cell.HOURS, "lun-ven 9-13", Rule.OPENING_HOURS),
        (Cell.HOURS, "Montag 09:00", Rule.OPENING_HOURS),
        (Cell.WIKIDATA, "1234", Rule.WIKIDATA),
    ],
)
def test_other_text_is_refused(cell: Cell, text: str, rule: Rule) -> None:
    with pytest.raises(CellError, match=rule) as caught:
        parse(cell, text)
    assert caught.value.severity is Severity.ERROR


def test_code_of_unusual_form_is_kept_with_a_warning() -> None:
    with pytest.raises(CellError, match=Rule.CUP_UNUSUAL) as caught:
        parse(Cell.CUP, "F87H2100123000A")
    assert (caught.value.severity, caught.value.kept) == (Severity.WARNING, "F87H2100123000A")


def test_number_keeps_to_its_bounds() -> None:
    assert parse(Cell.NUMBER, "5", low=0, high=5) == 5.0
    with pytest.raises(CellError, match=Rule.OUT_OF_RANGE) as caught:
        parse(Cell.NUMBER, "5.1", low=0, high=5)
    assert caught.value.expected == "0 … 5"


@pytest.mark.parametrize(
    ("cell", "text", "suggestion"),
    [
        (Cell.SLUG, "Caffè dell'Angolo", "caffe-dell-angolo"),
        (Cell.URL, "www.example.org/x", "https://www.example.org/x"),
        (Cell.YES_NO, "Sì", "yes"),
        (Cell.CUP, "f87h 21001230005", "F87H21001230005"),
        (Cell.WIKIDATA, "https://www.wikidata.org/wiki/Q42", "Q42"),
    ],
)
def test_refusal_says_what_was_meant(cell: Cell, text: str, suggestion: str) -> None:
    with pytest.raises(CellError) as caught:
        parse(cell, text)
    assert caught.value.suggestion == suggestion


@pytest.mark.parametrize("text", ["galery", "Galleria", "GALLERY"])
def test_mistyped_term_or_label_suggests_the_term(text: str, vocabularies: Vocabularies) -> None:
    kind = Column(name="kind", cell=Cell.TERM, vocabulary="kind")
    with pytest.raises(CellError, match=Rule.TERM) as caught:
        parser(kind, vocabularies, "workshop")(text)
    assert (caught.value.expected, caught.value.suggestion) == ("gallery", "gallery")


def test_kind_of_another_family_is_refused(vocabularies: Vocabularies) -> None:
    kind = Column(name="kind", cell=Cell.TERM, vocabulary="kind")
    assert parser(kind, vocabularies, "attraction")("museum") == "museum"
    with pytest.raises(CellError, match=Rule.TERM):
        parser(kind, vocabularies, "workshop")("museum")


def test_id_made_of_any_name_is_an_id_or_empty() -> None:
    assert slugify("Città — già «Verdi» n. 3") == "citta-gia-verdi-n-3"
    assert slugify("雕刻") == ""
