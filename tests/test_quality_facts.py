"""How good the data are, in words: questions to read out, lists, shares, the tab of the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.facts import Wording
from regen_map.facts.asked import asked_of
from regen_map.facts.last_news import LONGEST_VALUE
from regen_map.facts.quality import filled_tables, listings
from regen_map.facts.questions import calls_of, party_name, question_of
from regen_map.messages import LANGUAGES, translator
from regen_map.past import Past
from regen_map.query import Party, Role, Why
from regen_map.web.desk.quality import quality_tab, to_do_csv, to_do_workbook
from regen_map.web.pages.addresses import Section
from regen_map.web.pages.rendering import Address, html
from tests.large_town import shipped_town
from tests.pages import HOSTILE, Html

Make = Callable[..., Catalogue]
Row = Mapping[str, str]

DAY = dt.date(2026, 11, 22)
PISANI = {"id": "pisani", "name_it": "Palazzo Pisani", "name_en": "Palazzo Pisani"}


def wording(catalogue: Catalogue, language: str = "en") -> Wording:
    return Wording(catalogue, translator(language), DAY)


def said(catalogue: Catalogue, why: Why, language: str = "en") -> str:
    """Read out the one question that is asked for a reason."""
    (task,) = [each for each in query.to_do(catalogue, DAY) if each.why == why]
    told = question_of(wording(catalogue, language), task)
    return f"{told.text} {told.known}".strip()


def tab(catalogue: Catalogue, language: str = "en", **params: str) -> Html:
    asked = asked_of(Past(lambda: catalogue), params, language, DAY)
    here = Address(Section.PLACES)
    piece = html("quality.html", language, catalogue, here, **quality_tab(asked))
    return Html(f"<!DOCTYPE html><html><title>x</title><body>{piece}</body></html>")


# ---------------------------------------------------------------- questions


def test_phase_is_asked_with_the_last_that_is_known(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[{**PISANI, "as_of": "2025"}],
        milestones=[
            {"project_id": "pisani", "date": date, "phase": phase, "text_it": "x", "text_en": "x"}
            for date, phase in (("2020", "planning"), ("2023-03", "design"), ("2024", ""))
        ],
    )
    assert said(catalogue, Why.PHASE_UNKNOWN) == (
        "What is the phase of “Palazzo Pisani” today? Last known: in design, March 2023."
    )
    assert said(catalogue, Why.PHASE_UNKNOWN, "it") == (
        "In che fase è oggi «Palazzo Pisani»? Ultima notizia: in progettazione, marzo 2023."
    )


@pytest.mark.parametrize(
    ("project", "why", "text"),
    [
        ({}, Why.PHASE_UNKNOWN, "What is the phase of “Palazzo Pisani” today?"),
        (
            {"as_of": "2025"},
            Why.PHASE_UNKNOWN,
            "What is the phase of “Palazzo Pisani” today? Last news: 2025.",
        ),
        (
            {"phase": "works", "declared_end": "2025-12", "as_of": "2025-06"},
            Why.END_PASSED,
            (
                "“Palazzo Pisani” was to be finished by this date: December 2025. Is it finished,"
                " and since when? If not, what is its phase?"
                " Last known: works under way, June 2025."
            ),
        ),
        (
            {"phase": "works", "end": "2025"},
            Why.ENDED_IN_PROGRESS,
            (
                "Is “Palazzo Pisani” finished? Its end is recorded as past (2025), its phase is"
                " still “works under way”."
            ),
        ),
        (
            {"phase": "completed", "as_of": "2025"},
            Why.COMPLETED_UNDATED,
            "When was “Palazzo Pisani” finished? The year is enough. Last known: completed, 2025.",
        ),
        (
            {"quarter": "centro"},
            Why.PLACE_UNKNOWN,
            (
                "Where is “Palazzo Pisani” carried out, or does it concern the whole town?"
                " Last known: quarter: Centre."
            ),
        ),
    ],
)
def test_question_can_be_read_out(project: Row, why: Why, text: str, make_catalogue: Make) -> None:
    assert said(make_catalogue(projects=[{**PISANI, **project}]), why) == text


def test_newer_step_is_told_beside_the_row(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        projects=[{**PISANI, "phase": "design", "as_of": "2023"}],
        milestones=[
            {"project_id": "pisani", "date": "2024-05", "phase": "works"}
            | {"text_it": "x", "text_en": "x"}
        ],
    )
    assert said(catalogue, Why.PHASE_BEHIND) == (
        "What is the phase of “Palazzo Pisani” today? The catalogue says “in design”, a newer"
        " step (May 2024) says “works under way”."
    )


def test_figures_are_told_with_what_they_are(make_catalogue: Make) -> None:
    line = {"project_id": "pisani", "programme_id": "pnrr", "nature": "allocated"}
    catalogue = make_catalogue(
        projects=[PISANI],
        programmes=[{"id": "pnrr", "name_it": "PNRR", "name_en": "RRF", "level": "eu"}],
        funding=[
            {**line, "amount_eur": "900000", "counted": "no"},
            {**line, "amount_eur": "1000000.5", "counted": "yes", "as_of": "2025-01"},
            {**line, "counted": "yes", "nature": "private"},
        ],
    )
    figures = (
        "€1,000,000.50 (allocated, January 2025, added); €900,000 (allocated, undated, not added)"
    )
    assert said(catalogue, Why.FIGURES_DIFFER) == (
        f"Which figure is right for “Palazzo Pisani”? Figures known: {figures}."
    )
    assert said(catalogue, Why.AMOUNT_UNKNOWN) == (
        f"How much does “Palazzo Pisani” get from “RRF” (private)? Figures known: {figures}."
    )


def test_workshop_and_museum_are_asked_in_their_own_words(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        workshops=[{"id": "rossi", "name_it": "Rossi", "name_en": "Rossi", "kind": "gallery"}],
    )
    assert said(catalogue, Why.STATUS_UNKNOWN) == "Is “Rossi” still in business?"
    catalogue = make_catalogue(attractions=[{"id": "museo", "kind": "museum"}])
    assert said(catalogue, Why.STATUS_UNKNOWN, "it") == "«Museo» oggi è aperto o in uso?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    words = translator(language)
    for why in Why:
        assert words.text(f"quality.why.{why}")
        assert words.has(f"quality.ask.{why}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_question_is_a_question(language: str) -> None:
    town = shipped_town()
    for task in query.to_do(town, DAY):
        told = question_of(wording(town, language), task)
        assert "?" in told.text
        assert told.name
        assert told.known == "" or told.known.endswith(".")
        assert "{" not in told.text + told.known
        assert "  " not in told.text + told.known


@pytest.mark.parametrize(
    ("party", "it", "en"),
    [
        (Party(Role.PROMOTER, "Comune"), "Comune", "Comune"),
        (
            Party(Role.PROGRAMME, "pnrr"),
            "chi gestisce «Piano di ripresa»",
            "whoever runs “Recovery plan”",
        ),
        (Party(Role.PLACE, "rossi"), "Bottega Rossi", "Rossi workshop"),
        (Party(Role.SOURCE, "a.example"), "chi pubblica a.example", "whoever publishes a.example"),
    ],
)
def test_party_is_named(party: Party, it: str, en: str, town: Catalogue) -> None:
    assert party_name(wording(town, "it"), party) == it
    assert party_name(wording(town, "en"), party) == en


def test_calls_are_cut_and_say_so(town: Catalogue) -> None:
    tasks = query.to_do(town, DAY)
    calls, n_more = calls_of(wording(town), tasks, most=1, most_questions=2)
    (call,) = calls
    n_parties = len(query.by_party(tasks))
    assert n_more == n_parties - 1
    assert len(call.questions) == 2
    assert call.n_questions == f"{call.n_more + 2} questions"


def test_business_can_be_called(make_catalogue: Make) -> None:
    reached = {"phone": "+39 0585 1234", "email": "a@b.example", "website": "https://rossi.example"}
    catalogue = make_catalogue(workshops=[{"id": "rossi", "kind": "gallery", **reached}])
    (call,), _ = calls_of(wording(catalogue), query.to_do(catalogue, DAY), most=9, most_questions=9)
    assert [each.address for each in call.contacts] == [
        "tel:+3905851234",
        "mailto:a@b.example",
        "https://rossi.example",
    ]


# ---------------------------------------------------------------- lists and shares


def test_lists_name_their_rows_and_say_how_many(town: Catalogue) -> None:
    found = {each.id: each for each in listings(wording(town), None, most=1)}
    assert [each.name for each in found["unlocated_places"].rows] == ["Cinema"]
    assert (found["unlocated_places"].n, found["unlocated_places"].n_more) == (3, 2)
    assert found["unlocated_projects"].rows[0].about == "Cinema"
    assert found["stale"].rows == []
    assert found["stale"].note.startswith("Checked at least 24 months ago")
    assert {each.n for each in listings(wording(town), [], most=9)} == {0}


def test_project_without_a_place_is_said_to_have_none(town: Catalogue) -> None:
    found = {each.id: each for each in listings(wording(town, "it"), None, most=9)}
    about = {each.name: each.about for each in found["unlocated_projects"].rows}
    assert about["Rete"] == "nessun luogo indicato"


@pytest.mark.parametrize(
    ("n", "total", "text"),
    [
        (0, 3, "0 of 3 (0%)"),
        (1, 300, "1 of 300 (1%)"),
        (299, 300, "299 of 300 (99%)"),
        (300, 300, "300 of 300 (100%)"),
    ],
)
def test_share_is_never_rounded_to_all_nor_to_none(
    n: int, total: int, text: str, make_catalogue: Make
) -> None:
    catalogue = make_catalogue(
        projects=[{"id": f"p{each}", "promoter": "x" if each < n else ""} for each in range(total)]
    )
    (table,) = filled_tables(wording(catalogue), most=5)
    (column,) = [each for each in table.columns if each.column == "promoter"]
    assert column.text == text
    assert len(column.missing) + column.n_more == total - n


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_table_and_column_has_a_name(language: str) -> None:
    for table in filled_tables(wording(shipped_town(), language), most=0):
        assert table.whole.name
        assert all(each.name for each in table.columns)


# ---------------------------------------------------------------- the tab


@pytest.mark.parametrize("language", LANGUAGES)
def test_tab_tells_what_to_ask_whom_and_what_is_filled_in(language: str) -> None:
    town, words = shipped_town(), translator(language)
    page = tab(town, language)
    tasks = query.to_do(town, DAY)
    assert words.count("quality.n_questions", len(tasks)) in page.text
    assert words.text("quality.scope.all") in page.text
    assert words.text("quality.rule") in page.text
    assert "Comune di Carrara" in page.texts("#rm-call-1 summary")[0]
    tables = query.completeness_by_table(town)
    assert len(page.document.query("table")) == len(tables)
    assert len(page.document.query('tbody th[scope="row"]')) == sum(len(t.columns) for t in tables)
    ids = page.values("[id]", "id")
    assert len(ids) == len(set(ids))
    assert page.values("a[download]", "href") == [
        f"data/desk/to-do.{ending}?lang={language}" for ending in ("xlsx", "csv")
    ]
    assert page.values("[style]", "style") == []


def test_bar_says_no_more_than_the_text_beside_it() -> None:
    page = tab(shipped_town())
    bars = page.document.query("td progress")
    shares = [
        each for table in filled_tables(wording(shipped_town()), most=0) for each in table.columns
    ]
    assert [each.attrs for each in bars] == [
        {"value": str(each.n), "max": str(each.total), "aria-hidden": "true"} for each in shares
    ]


def test_numbers_open_into_their_rows() -> None:
    page = tab(shipped_town())
    names = page.texts("#rm-missing-projects-phase li bdi")
    assert len(names) == 3
    assert page.texts("#rm-missing-projects-phase summary") == ["3 rows"]


def test_tab_of_a_selection_asks_about_it_alone_and_fills_in_the_whole(town: Catalogue) -> None:
    page, whole = tab(town, **{"p.phase": "works"}), tab(town)
    assert translator("en").text("quality.scope.selected") in page.text
    assert "Network" not in " ".join(page.texts("ol"))
    assert "Network" in " ".join(whole.texts("ol"))
    assert page.texts("table") == whole.texts("table")
    assert all("p.phase=works" in each for each in page.values("a[download]", "href"))


def test_selection_of_nothing_asks_nothing(town: Catalogue) -> None:
    page = tab(town, **{"p.q": "xyzzy"})
    assert page.texts(".rm-nothing") == ["There is nothing to ask."]
    assert page.values("a[download]", "href") == []


@pytest.mark.parametrize("write", [to_do_csv, to_do_workbook])
def test_files_of_a_selection_hold_it_alone(write: Callable[..., bytes], town: Catalogue) -> None:
    asked: Any = [
        asked_of(Past(lambda: town), params, "en", DAY) for params in ({}, {"p.phase": "works"})
    ]
    whole, some = map(write, asked)
    assert len(some) < len(whole)


def test_hostile_texts_stay_texts(make_catalogue: Make) -> None:
    rows = [{"name_it": text, "name_en": text} for text in HOSTILE]
    catalogue = make_catalogue(
        projects=[
            {"id": f"p{n}", "promoter": row["name_it"].replace("|", ""), **row}
            for n, row in enumerate(rows)
        ],
        workshops=[
            {"id": f"w{n}", "kind": "gallery", "address": row["name_it"], **row}
            for n, row in enumerate(rows)
        ],
    )
    page = tab(catalogue)
    assert not page.document.query("script, img, style, textarea, svg")
    assert all(
        not name.startswith("on") for each in page.document.query("*") for name in each.attrs or {}
    )
    assert all(
        link.startswith(("./?", "data/desk/", "http", "tel:", "mailto:")) for link in page.links
    )
    told = " ".join(page.texts("body"))
    assert "<script>window.hacked = 1</script>" in told
    assert "${window.hacked = 1}{{ 7 * 7 }}" in told
    assert "\u202e" not in told
    assert "longword" * (LONGEST_VALUE // len("longword") + 1) not in told
