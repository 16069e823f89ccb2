from __future__ import annotations

import importlib.resources
import re
import string
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from regen_map.intake import Issue, Rule, Severity
from regen_map.intake.issues import TOLD_ONCE
from regen_map.messages import LANGUAGES, best_language, translator
from regen_map.messages.issues import describe, visible

_PACKAGE = Path(str(importlib.resources.files("regen_map")))
_LOCALES = _PACKAGE / "messages" / "locale"
_CLOSED_TERMS = _PACKAGE / "catalogue" / "vocabularies.csv"
_FILES = sorted({path.name for path in _LOCALES.glob("*/*.po")})


def catalog(language: str, name: str) -> Catalog:
    with (_LOCALES / language / name).open("rb") as content:
        return read_po(content, locale=language)


def texts(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def messages(language: str) -> Iterator[tuple[str, Message]]:
    for name in _FILES:
        for message in catalog(language, name):
            if message.id:
                key = message.id[0] if isinstance(message.id, tuple) else str(message.id)
                yield key, message


@pytest.mark.parametrize("name", _FILES)
def test_every_language_has_the_same_keys(name: str) -> None:
    keys = {
        language: {str(message.id) for message in catalog(language, name)} for language in LANGUAGES
    }
    assert all(found == keys["it"] for found in keys.values())


def test_every_language_has_the_same_placeholders() -> None:
    italian = {key: set().union(*map(placeholders, texts(each))) for key, each in messages("it")}
    for language in LANGUAGES:
        for key, message in messages(language):
            found = set().union(*map(placeholders, texts(message)))
            assert found == italian[key], (language, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_doubtful(language: str) -> None:
    for key, message in messages(language):
        assert all(text.strip() for text in texts(message)), key
        assert not message.fuzzy, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_with_a_number_have_every_plural_form(language: str) -> None:
    for name in _FILES:
        found = catalog(language, name)
        for message in found:
            if message.pluralizable:
                assert len(texts(message)) == found.num_plurals
                assert message.id[1] == f"{message.id[0]}.many"


def test_key_stands_in_one_file_alone() -> None:
    keys = [key for key, _ in messages("it")]
    assert len(keys) == len(set(keys))


def source(*suffixes: str) -> str:
    return "\n".join(
        path.read_text("utf-8") for path in sorted(_PACKAGE.rglob("*")) if path.suffix in suffixes
    )


@pytest.mark.parametrize("name", sorted({*_FILES} - {"issues.po", "schema.po"}))
def test_every_message_is_used(name: str) -> None:
    code = source(".py", ".html").replace("'", '"')
    words = set(re.findall(r"\w+", code + _CLOSED_TERMS.read_text("utf-8")))
    for message in catalog("it", name):
        key = str(message.id[0] if isinstance(message.id, tuple) else message.id)
        family, last = key.partition(".")[0], key.rpartition(".")[2]
        # In full, or as in f"details.{name}", with the last part named somewhere else.
        composed = re.search(rf'f"{family}\.[\w.{{}}]*\}}"', code)
        assert not key or f'"{key}"' in code or (composed and last in words), key


def test_every_message_that_is_asked_for_exists() -> None:
    asked = re.findall(r"""(?:text|count)\(\s*["'](\w+\.[\w.]+)["']""", source(".py", ".html"))
    assert len(asked) > 50
    for language in LANGUAGES:
        known = {key for key, _ in messages(language)}
        assert set(asked) <= known


def test_every_word_of_the_map_is_used_in_the_browser() -> None:
    scripts = source(".js")
    for message in catalog("it", "map.po"):
        name = str(message.id).removeprefix("map.")
        assert name.startswith("ring_") or re.search(rf"\b{name}\b", scripts), name


def test_number_chooses_the_plural_form() -> None:
    words = translator("en")
    assert words.count("issue.columns", 1, columns="«a»") == "column «a»"
    assert words.count("issue.columns", 2, columns="«a» and «b»") == "columns «a» and «b»"


def test_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        translator("it").text("no.such.key")
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        translator("it").count("no.such.key", 2)


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="got 'xx'"):
        translator("xx")


def test_values_are_put_in_as_they_are() -> None:
    said = translator("it").text("issue.url", found="{0} %s <b>")
    assert "«{0} %s <b>»" in said


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "it"),
        ("it-IT,it;q=0.9,en;q=0.8", "it"),
        ("en-GB,en;q=0.9,it;q=0.1", "en"),
        ("it;q=0.1,en;q=0.9", "en"),
        ("de,fr;q=0.5", "en"),
        ("de,it;q=0.5", "it"),
        ("*", "it"),
        ("it;q=0,en", "en"),
        (";;;,q=,=", "en"),
        ("it;q=much", "it"),
        ("en;q=0.5,it; q=0.9", "it"),
        ("en;q=0.5,it;Q=0.9", "it"),
        ("en;q=0.5,it ;q=0.9", "it"),
        ("en;q=0.5, it;\tq=0.9", "it"),
        ("en; q=0.9", "en"),
        ("IT-it , EN;q=0.9", "it"),
        ("it;q=0", "en"),
        ("it;q=0.000", "en"),
        ("en;q=0", "it"),
        ("it;q=0,en;q=0", "it"),
        ("it;q=0,*", "en"),
        ("*;q=0.5,en;q=0.1", "it"),
        ("*,en", "en"),
        ("en,*;q=0.5", "en"),
        ("de,*;q=0.5", "en"),
        ("de,en;q=0", "it"),
        ("en-US;q=0.2,it;q=0.5,en-GB", "en"),
        ("en;q=nan,it;q=0.1", "it"),
        ("en;q=9,it;q=0.1", "it"),
    ],
)
def test_browser_gets_its_best_language(header: str, language: str) -> None:
    assert best_language(header) == language


@pytest.mark.parametrize(
    ("language", "number", "money", "month", "day", "distance"),
    [
        ("it", "1.234,5", "1.500.000 €", "settembre 2025", "30 settembre 2025", "1,2 km"),
        ("en", "1,234.5", "€1,500,000", "September 2025", "30 September 2025", "1.2 km"),
    ],
)
def test_forms_are_local(  # noqa: PLR0913, PLR0917
    language: str, number: str, money: str, month: str, day: str, distance: str
) -> None:
    words = translator(language)
    assert words.number(1234.5, 1) == number
    assert words.money(Decimal(1_500_000)).replace("\xa0", " ") == money
    assert words.date("2025") == "2025"
    assert words.date("2025-09") == month
    assert words.date("2025-09-30") == day
    assert words.distance(1234) == distance
    assert words.distance(123) == "120 m"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_words_in_every_language(rule: Rule, language: str) -> None:
    issue = Issue(
        file="workshops.csv",
        rule=rule,
        line=1234,
        columns=("lat", "lon"),
        found="qui",
        expected="là",
        suggestion="lì",
        n_rows=3 if rule in TOLD_ONCE else None,
    )
    said = describe(issue, language)
    assert said.startswith("workshops.csv, ")
    assert "1234" in said
    assert "{" not in said
    assert said.endswith((".", "?"))
    assert translator(language).has(f"issue.{rule}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_severity_has_a_name(language: str) -> None:
    assert all(translator(language).has(f"issue.severity.{each}") for each in Severity)


def test_sentence_says_where_what_and_how_to_mend_it() -> None:
    issue = Issue(
        file="luoghi.csv",
        rule=Rule.TERM,
        line=4,
        columns=("kind",),
        found="galery",
        expected="gallery, other",
        suggestion="gallery",
    )
    assert describe(issue, "it") == (
        "luoghi.csv, riga 4, colonna «kind»: «galery» non è tra i valori ammessi: "
        "gallery, other. Forse si intendeva «gallery»?"
    )
    assert describe(issue, "en") == (
        "luoghi.csv, line 4, column «kind»: «galery» is not one of: gallery, other. "
        "Did you mean «gallery»?"
    )


def test_feature_is_named_by_its_number() -> None:
    issue = Issue(file="x.geojson", rule=Rule.GEOMETRY, row=3, columns=("geometry",), found="Point")
    assert describe(issue, "en").startswith("x.geojson, feature 3, column «geometry»: ")


def test_long_or_hidden_text_is_shortened_and_shown() -> None:
    assert visible("a" * 61, 60) == "a" * 59 + "…"
    assert visible("a\u202eb\x00c\td\r\ne\ud800", 60) == "a[U+202E]b[U+0000]c⇥d⏎e[U+D800]"
