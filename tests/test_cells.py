from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map.catalogue import Cell, Column, Vocabularies
from regen_map.intake.cells import LOCALISED, PARSERS, parser, slugify
from regen_map.intake.issues import CellError, Rule, Severity, Tolerated


def parse(
    cell: Cell, text: str, vocabularies: Vocabularies | None = None, **options: object
) -> object:
    column = Column(name="x", cell=cell, **options)  # type: ignore[arg-type]
    return parser(column, vocabularies or Vocabularies(()))(text)


def test_every_kind_of_cell_has_a_parser() -> None:
    assert {*PARSERS, *LOCALISED, Cell.TERM} == set(Cell)


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (Cell.SLUG, "via-verdi-3", "via-verdi-3"),
        (Cell.LINE, "two  words\non a line", "two words on a line"),
        (Cell.TEXT, "one\r\ntwo", "one\ntwo"),
        (Cell.LINES, "Anna |Bruno", ("Anna", "Bruno")),
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
        (Cell.TIME, "00:00", "00:00"),
        (Cell.TIME, "23:59", "23:59"),
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
        (Cell.DATE, "2025-02-30", Rule.DATE),
        (Cell.DATE, "٢٠٢٥", Rule.DATE),
        (Cell.DATES, "2025 | soon", Rule.DATE),
        (Cell.NUMBER, "nan", Rule.NUMBER),
        (Cell.NUMBER, "inf", Rule.NUMBER),
        (Cell.NUMBER, "1e3", Rule.NUMBER),
        (Cell.NUMBER, "circa 3", Rule.NUMBER),
        (Cell.INTEGER, "1.0", Rule.INTEGER),
        (Cell.INTEGER, "9" * 5000, Rule.INTEGER),
        (Cell.MONEY, "10.5555", Rule.MONEY),
        (Cell.MONEY, "circa 1 milione", Rule.MONEY),
        (Cell.DATE, "31/02/2025", Rule.DATE),
        (Cell.DATE, "forse nel 2025", Rule.DATE),
        (Cell.LATITUDE, "44°99'", Rule.NUMBER),
        (Cell.LATITUDE, "N 44 04 46 N", Rule.NUMBER),
        (Cell.MONEY, "NaN", Rule.MONEY),
        (Cell.YES_NO, "forse", Rule.YES_NO),
        (Cell.EMAIL, "a@b", Rule.EMAIL),
        (Cell.EMAIL, "a@b.example, c@d.example", Rule.EMAIL),
        (Cell.PHONE, "0585 / int. 3", Rule.PHONE),
        (Cell.CUP, "F87H2100123000", Rule.CUP),
        (Cell.HOURS, "lun-ven 9-13", Rule.OPENING_HOURS),
        (Cell.HOURS, "Montag 09:00", Rule.OPENING_HOURS),
        (Cell.TIME, "9:60", Rule.TIME),
        (Cell.TIME, "dalle 17 alle 22", Rule.TIME),
        (Cell.TIME, "13 pm", Rule.TIME),
        (Cell.TIME, "0.25", Rule.TIME),
        (Cell.TIME, "09:30:15", Rule.TIME),
        (Cell.TIME, "٠٩:٣٠", Rule.TIME),
        (Cell.TIME, "la sera", Rule.TIME),
        (Cell.TIME, "9" * 5000, Rule.TIME),
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
        (Cell.SLUG, "c\u0430ffe", "caffe"),
        (Cell.URL, "www.example.org/x", "https://www.example.org/x"),
        (Cell.MONEY, "2.8M", "2800000"),
        (Cell.MONEY, "2,8 mln", "2800000"),
        (Cell.MONEY, "€ 30 milioni", "30000000"),
        (Cell.DATE, "30-09-25", "2025-09-30"),
        (Cell.DATE, "12/31/2025", "2025-12-31"),
        (Cell.TIME, "9", "09:00"),
        (Cell.TIME, "24:00", "00:00"),
        (Cell.TIME, "0.25", "00:25"),
    ],
)
def test_refusal_says_what_was_meant(cell: Cell, text: str, suggestion: str) -> None:
    with pytest.raises(CellError) as caught:
        parse(cell, text)
    assert caught.value.suggestion == suggestion


def test_mistyped_term_suggests_the_term(vocabularies: Vocabularies) -> None:
    kind = Column(name="kind", cell=Cell.TERM, vocabulary="kind")
    with pytest.raises(CellError, match=Rule.TERM) as caught:
        parser(kind, vocabularies, "workshop")("galery")
    assert (caught.value.expected, caught.value.suggestion) == ("gallery", "gallery")


@pytest.mark.parametrize("text", ["Galleria", "GALLERY", "galleria ", "gállery"])
def test_label_of_a_term_in_any_language_stands_for_it(
    text: str, vocabularies: Vocabularies
) -> None:
    kind = Column(name="kind", cell=Cell.TERM, vocabulary="kind")
    with pytest.raises(Tolerated) as caught:
        parser(kind, vocabularies, "workshop")(text)
    assert (caught.value.value, caught.value.rules) == ("gallery", (Rule.TERM_WORD,))


def test_value_of_opencoesione_stands_for_the_only_term_it_can_mean(
    vocabularies: Vocabularies,
) -> None:
    phase = Column(name="phase", cell=Cell.TERM, vocabulary="phase")
    with pytest.raises(Tolerated) as caught:
        parser(phase, vocabularies)("Concluso")
    assert caught.value.value == "completed"


def test_value_of_opencoesione_that_may_mean_several_terms_is_asked_about(
    vocabularies: Vocabularies,
) -> None:
    phase = Column(name="phase", cell=Cell.TERM, vocabulary="phase")
    with pytest.raises(CellError, match=Rule.TERM_COARSE) as caught:
        parser(phase, vocabularies)("In corso")
    assert (caught.value.severity, caught.value.kept) == (Severity.WARNING, None)
    assert caught.value.expected == "testing, works"


COMMA, GROUPS, EURO = Rule.DECIMAL_COMMA, Rule.THOUSANDS, Rule.CURRENCY


@pytest.mark.parametrize(
    ("cell", "text", "canonical", "rules"),
    [
        (Cell.NUMBER, "12,5", "12.5", (COMMA,)),
        (Cell.NUMBER, "1,234", "1.234", (COMMA,)),
        (Cell.NUMBER, "1.234,5", "1234.5", (GROUPS, COMMA)),
        (Cell.NUMBER, "1\u00a0234,5", "1234.5", (GROUPS, COMMA)),
        (Cell.NUMBER, "1,234,567.5", "1234567.5", (GROUPS,)),
        (Cell.INTEGER, "1.440", "1440", (GROUPS,)),
        (Cell.INTEGER, "12,0", "12", (COMMA,)),
        (Cell.MONEY, "1.234.567,89", "1234567.89", (GROUPS, COMMA)),
        (Cell.MONEY, "1 234", "1234", (GROUPS,)),
        (Cell.MONEY, "€ 2.480.000", "2480000", (EURO, GROUPS)),
        (Cell.MONEY, "2.480", "2480", (GROUPS,)),
        (Cell.MONEY, "1.200,50 euro", "1200.50", (EURO, GROUPS, COMMA)),
        (Cell.MONEY, "24226,89", "24226.89", (COMMA,)),
        (Cell.LATITUDE, "44,0796", "44.0796", (COMMA,)),
        (Cell.LATITUDE, "44,079", "44.079", (COMMA,)),
        (Cell.LATITUDE, "4.881.300,5", "4881300.5", (GROUPS, COMMA)),
        (Cell.LONGITUDE, "587.900", "587900", (GROUPS,)),
        (Cell.LATITUDE, "44°04'46,6\"N", "44.0796111", (Rule.SEXAGESIMAL,)),
        (Cell.LATITUDE, "44° 4' 46.6''", "44.0796111", (Rule.SEXAGESIMAL,)),
        (Cell.LATITUDE, "44 04 46.6 S", "-44.0796111", (Rule.SEXAGESIMAL,)),
        (Cell.LONGITUDE, "E 10°05\u203253\u2033", "10.0980556", (Rule.SEXAGESIMAL,)),
        (Cell.LONGITUDE, "10,0979° O", "-10.0979", (Rule.SEXAGESIMAL,)),
        (Cell.DATE, "30/09/2025", "2025-09-30", (Rule.DATE_ITALIAN,)),
        (Cell.DATE, "3.9.2025", "2025-09-03", (Rule.DATE_ITALIAN,)),
        (Cell.DATE, "09/2025", "2025-09", (Rule.DATE_ITALIAN,)),
        (Cell.DATE, "1° settembre 2025", "2025-09-01", (Rule.DATE_ITALIAN,)),
        (Cell.DATE, "Sept 2025", "2025-09", (Rule.DATE_ITALIAN,)),
        (Cell.DATE, "45930", "2025-09-30", (Rule.DATE_SERIAL,)),
        (Cell.DATE, "2025/9/3", "2025-09-03", (Rule.DATE_YEAR_FIRST,)),
        (Cell.DATE, "20250930", "2025-09-30", (Rule.DATE_YEAR_FIRST,)),
        (Cell.DATE, "2025-09-30T00:00:00", "2025-09-30", (Rule.DATE_TIME,)),
        (Cell.DATE, "30/09/2025 08:15", "2025-09-30", (Rule.DATE_ITALIAN, Rule.DATE_TIME)),
        (Cell.TIME, "9.30", "09:30", (Rule.TIME_SPELLING,)),
        (Cell.TIME, "9,30", "09:30", (Rule.TIME_SPELLING,)),
        (Cell.TIME, "ore 9:30", "09:30", (Rule.TIME_SPELLING,)),
        (Cell.TIME, "09:30:00", "09:30", (Rule.TIME_SPELLING,)),
        (Cell.TIME, "alle ore 21", "21:00", (Rule.TIME_SPELLING,)),
        (Cell.TIME, "21h30", "21:30", (Rule.TIME_SPELLING,)),
        (Cell.TIME, "12:15 a.m.", "00:15", (Rule.TIME_SPELLING,)),
        (Cell.TIME, "9:30 pm", "21:30", (Rule.TIME_SPELLING,)),
        (Cell.TIME, "0,395833333333333", "09:30", (Rule.TIME_SPELLING,)),
        (Cell.TIME, "0.5", "12:00", (Rule.TIME_SPELLING,)),
        (Cell.TIME, "1899-12-31T09:30", "09:30", (Rule.TIME_SPELLING,)),
        (Cell.LINES, "Anna | Bruno |", "Anna | Bruno", (Rule.BLANK_PIECES,)),
        (Cell.URLS, "| https://a.it", "https://a.it", (Rule.BLANK_PIECES,)),
        (Cell.YES_NO, "Sì", "yes", (Rule.YES_NO_WORD,)),
        (Cell.YES_NO, "FALSO", "no", (Rule.YES_NO_WORD,)),
        (Cell.CUP, "f87h 21001230005", "F87H21001230005", (Rule.CUP_SPELLING,)),
        (Cell.WIKIDATA, "https://www.wikidata.org/wiki/Q42", "Q42", (Rule.WIKIDATA_LINK,)),
    ],
)
def test_other_notation_is_read_and_told(
    cell: Cell, text: str, canonical: str, rules: tuple[Rule, ...]
) -> None:
    with pytest.raises(Tolerated) as caught:
        parser(Column(name="x", cell=cell), Vocabularies(()), italian=True)(text)
    assert (caught.value.text, caught.value.rules) == (canonical, rules)
    assert caught.value.value == parse(cell, canonical)


def test_dates_of_a_list_are_read_one_by_one() -> None:
    with pytest.raises(Tolerated) as caught:
        parse(Cell.DATES, "2025 |  | 30/09/2025")
    assert caught.value.text == "2025 |  | 2025-09-30"
    assert caught.value.value == ("2025", None, "2025-09-30")


@pytest.mark.parametrize(
    ("cell", "text", "italian"),
    [
        (Cell.NUMBER, "1.234", True),
        (Cell.NUMBER, "1,234", False),
        (Cell.MONEY, "1,234", True),
        (Cell.MONEY, "1.234", False),
    ],
)
def test_number_with_two_meanings_is_asked_about(cell: Cell, text: str, italian: bool) -> None:  # noqa: FBT001
    column = Column(name="x", cell=cell)
    with pytest.raises(CellError, match=Rule.NUMBER_AMBIGUOUS) as caught:
        parser(column, Vocabularies(()), italian=italian)(text)
    assert caught.value.expected == "1.234 / 1234"


def test_number_read_with_tolerance_keeps_to_its_bounds() -> None:
    with pytest.raises(CellError, match=Rule.OUT_OF_RANGE):
        parse(Cell.NUMBER, "5,1", low=0, high=5)


_DIGITS = st.decimals(0, 10**12, places=2)


@given(_DIGITS)
def test_amount_means_the_same_in_every_notation(amount: Decimal) -> None:
    notations = [f"{amount:,}", f"{amount:,}".translate(str.maketrans(",.", ".,"))]
    notations += [f"{amount:,} €".replace(",", " ").replace(".", ",")]
    column = Column(name="x", cell=Cell.MONEY)
    for text in notations:
        read = parser(column, Vocabularies(()), italian=True)
        try:
            value = read(text)
        except Tolerated as tolerated:
            value = tolerated.value
        assert value == amount, text


@given(st.dates())
def test_day_means_the_same_in_every_notation(day: dt.date) -> None:
    year = f"{day.year:04}"
    for text in (f"{day:%d/%m/}{year}", f"{day.day}.{day.month}.{year}", f"{day:%d-%m-}{year}"):
        with pytest.raises(Tolerated) as caught:
            parse(Cell.DATE, text)
        assert caught.value.value == day.isoformat()


@given(st.sampled_from(sorted({*PARSERS, *LOCALISED})), st.text(min_size=1), st.booleans())
def test_any_text_is_a_value_or_a_fault(cell: Cell, text: str, italian: bool) -> None:  # noqa: FBT001
    read = parser(Column(name="x", cell=cell), Vocabularies(()), italian=italian)
    try:
        read(text.strip() or "x")
    except (CellError, Tolerated):
        return


def test_kind_of_another_family_is_refused(vocabularies: Vocabularies) -> None:
    kind = Column(name="kind", cell=Cell.TERM, vocabulary="kind")
    assert parser(kind, vocabularies, "attraction")("museum") == "museum"
    with pytest.raises(CellError, match=Rule.TERM):
        parser(kind, vocabularies, "workshop")("museum")


def test_id_made_of_any_name_is_an_id_or_empty() -> None:
    assert slugify("Città — già «Verdi» n. 3") == "citta-gia-verdi-n-3"
    assert slugify("雕刻") == ""
