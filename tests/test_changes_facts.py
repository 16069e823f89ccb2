"""What changed, in words: lines, counts, the tab of the desk, the page to print."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from regen_map import query
from regen_map.catalogue import TABLES, Catalogue, PartialDate, Phase
from regen_map.facts import Wording
from regen_map.facts.asked import asked_of
from regen_map.facts.changes import MOST_TEXT, ChangesFacts, Told, differing
from regen_map.messages import LANGUAGES, translator
from regen_map.past import Past
from regen_map.query import Change
from regen_map.web.desk.changes import Changes, changes_tab
from regen_map.web.pages.addresses import Section
from regen_map.web.pages.rendering import Address, html
from tests.large_town import shipped_town
from tests.pages import HOSTILE, Html
from tests.test_changes import Rows, line, project, space, step, town

TODAY = dt.date(2026, 11, 22)


def facts(before: Catalogue, after: Catalogue, language: str = "en", **most: int) -> ChangesFacts:
    words = translator(language)
    return ChangesFacts(
        Wording(before, words, TODAY),
        Wording(after, words, TODAY),
        query.changes_between(before, after),
        **most,
    )


def told(before: Rows, after: Rows, language: str = "en") -> list[Told]:
    """Tell the differences of the one subject that differs."""
    shared: Rows = {name: [] for name in (*before, *after)}
    found = facts(town(**{**shared, **before}), town(**{**shared, **after}), language)
    (subject,) = found.subjects
    return list(subject.lines)


def short(one: Told) -> str:
    sides = [each.text for each in (one.before, one.after) if each]
    return f"{one.what} | {one.label} | {' → '.join(sides)} | {one.note}".replace("\xa0", " ")


def of_project(before: dict[str, Any], after: dict[str, Any], language: str = "en") -> list[str]:
    old, new = project(**before), project(**after)
    return [short(each) for each in told({"projects": [old]}, {"projects": [new]}, language)]


# ---------------------------------------------------------------- lines


def test_phase_is_told_with_the_step_that_reached_it() -> None:
    steps = [
        step("2024", phase="design"),
        step("2025-06-02", phase="works", source="https://www.paper.example/a"),
        step("2025-09", phase="works", source="https://later.example/"),
    ]
    before: Rows = {"projects": [project(phase="design")], "milestones": steps}
    (one,) = told(before, {"projects": [project(phase="works")], "milestones": steps})
    assert short(one) == "Advanced | Phase | In design → Works under way | "
    assert (one.date, one.source) == ("2 June 2025", "https://www.paper.example/a")
    assert one.source_name == "paper.example"


@pytest.mark.parametrize(
    ("language", "what", "label", "sides"),
    [
        (
            "en",
            "Delayed by 13 to 14 months",
            "Latest promised end",
            "June 2025 → August 2026",
        ),
        (
            "it",
            "Rinviato di un tempo tra 13 e 14 mesi",
            "Ultima fine promessa",
            "giugno 2025 → agosto 2026",
        ),
    ],
)
def test_delay_is_told_as_exactly_as_its_dates(
    language: str, what: str, label: str, sides: str
) -> None:
    old, new = ({"declared_end": PartialDate(end)} for end in ("2025-06", "2026-08"))
    assert of_project(old, new, language) == [f"{what} | {label} | {sides} | "]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("2025-06-30", "2025-07-30", "Delayed by 1 month"),
        ("2025-06-01", "2025-06-20", "Delayed by less than a month"),
        ("2025-06", "2025-07", "Delayed by at most 1 month"),
        ("2026-06-30", "2025-06-30", "Brought forward by 12 months"),
        ("2026", "2025", "Brought forward by at most 23 months"),
    ],
)
def test_move_of_an_end_has_the_number_of_months_that_is_sure(
    before: str, after: str, what: str
) -> None:
    old, new = ({"declared_end": PartialDate(end)} for end in (before, after))
    (line_of_end,) = of_project(old, new)
    assert line_of_end.startswith(f"{what} | ")


def test_sum_tells_by_how_much_it_grew_and_the_line_where_it_is_from() -> None:
    new = line("300000", as_of=PartialDate("2026-02"), source="https://a.example/x")
    rows: Rows = {"projects": [project()], "funding": [line("1200000")]}
    found = told(rows, {**rows, "funding": [line("1200000"), new]})
    assert [short(each) for each in found] == [
        "More money | Allocated | €1,200,000 → €1,500,000 | +€300,000",
        "New amount | pnrr · Allocated | €300,000 | ",
    ]
    assert (found[1].date, found[1].source_name) == ("February 2026", "a.example")
    (less, *_) = told({**rows, "funding": [line("1200000"), new]}, rows)
    assert short(less).endswith("| -€300,000")


def test_amount_nobody_knows_is_no_zero() -> None:
    rows: Rows = {"projects": [project()], "funding": [line(None)]}
    found = told(rows, {**rows, "funding": [line("5")]})
    assert [short(each) for each in found] == [
        "Amount now known | Allocated | not known → €5 | ",
        "Now known | pnrr · Allocated · Amount | not known → €5 | ",
    ]


def test_step_is_told_with_date_phase_and_source() -> None:
    rows: Rows = {"projects": [project()], "milestones": []}
    (one,) = told(rows, {**rows, "milestones": [step("2025-06", phase="works")]})
    assert short(one) == "New step |  | Step | Works under way"
    assert (one.date, one.source_name) == ("June 2025", "source.example")


def test_cells_are_written_as_people_read_them() -> None:
    before = {"stalled": None, "area_m2": None, "place_id": None, "owner": ("Comune",)}
    after = {
        "stalled": False,
        "area_m2": 1250.5,
        "place_id": "palazzo-rosso",
        "owner": ("Comune", "Regione"),
    }
    palace = shipped_town().place("palazzo-rosso")
    assert palace is not None
    assert of_project(before, after) == [
        f"Now known | Place | not known → {palace.name_en} | ",
        "Now known | Stalled | not known → no | ",
        "Now known | Area | not known → 1,250.5 m² | ",
        "Mended | Owner | Comune → Comune · Regione | ",
    ]


def test_text_of_another_language_is_marked_so() -> None:
    old, new = ({"projects": [project(summary_it=each)]} for each in ("Uno", "Due"))
    (one,) = told(old, new)
    assert one.label == "Description (it)"
    assert (one.before, one.after) == (("Uno", "it"), ("Due", "it"))
    (own,) = told(old, new, "it")
    assert own.before == ("Uno", "")


def test_place_that_moved_says_by_how_much() -> None:
    (one,) = told({"public_spaces": [space(44.08, 10.1)]}, {"public_spaces": [space(44.081, 10.1)]})
    assert short(one) == "Moved by 110 m | Position | 44.08000, 10.10000 → 44.08100, 10.10000 | "
    (near,) = told(
        {"public_spaces": [space(44.08, 10.1)]}, {"public_spaces": [space(44.08002, 10.1)]}
    )
    assert near.what == "Moved by 2 m"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_of_every_table_can_be_told(language: str) -> None:
    ours = shipped_town()
    emptied = {}
    for name, table in TABLES.items():
        frame = ours.table(name)
        free = [
            each.name
            for each in table.columns
            if each.name not in {*table.key, "lat", "lon"} and not each.required
        ]
        lists = [
            each for each in free if frame[each].map(lambda cell: isinstance(cell, tuple)).any()
        ]
        cells: dict[str, Any] = {each: None for each in free if each not in lists}
        cells |= {each: [()] * len(frame) for each in lists}
        emptied[name] = frame.assign(**cells)
    bare = ours.with_tables(emptied)
    for pair in ((bare, ours), (ours, bare)):
        found = facts(*pair, language, most_subjects=10_000, most_lines=1_000)
        lines = [each for subject in found.subjects for each in subject.lines]
        assert len(lines) == len(found.differences)
        assert all(each.what and "{" not in each.what + each.label for each in lines)
        assert all((each.before is None) == (each.after is None) for each in lines if each.label)


@pytest.mark.parametrize("table", sorted({*TABLES} - {"addresses"}))
def test_a_row_that_comes_or_goes_can_be_told_in_every_table(table: str) -> None:
    ours = shipped_town()
    without = ours.with_tables({table: ours.table(table).iloc[1:]})
    for pair in ((ours, without), (without, ours)):
        lines = [each for subject in facts(*pair).subjects for each in subject.lines]
        assert lines
        assert all(each.what and "{" not in each.what + each.label for each in lines)


# ---------------------------------------------------------------- subjects and counts


def test_subject_has_its_name_and_the_key_of_its_entry() -> None:
    before = town(projects=[], public_spaces=[], funding=[], milestones=[])
    after = town(
        projects=[project(), project(id="rete", place_id="piazza")],
        public_spaces=[space(44.0, 10.0)],
        funding=[],
        milestones=[],
    )
    found = facts(before, after).subjects
    assert [(each.about, each.name.text, each.key) for each in found] == [
        ("Project", "Theatre", "project:verdi"),
        ("Project", "Theatre", "piazza"),
        ("Place", "P", "piazza"),
    ]
    gone = facts(after, before).subjects
    assert [(each.name.text, each.key) for each in gone] == [("Theatre", "")] * 2 + [("P", "")]


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", ["1 new project", "2 projects advanced", "1 project with more money"]),
        ("it", ["1 progetto nuovo", "2 progetti avanzati", "1 progetto con più denaro"]),
    ],
)
def test_projects_are_counted_once_and_new_ones_as_new_alone(
    language: str, counts: list[str]
) -> None:
    names = ("a", "b", "c")
    before = town(
        projects=[project(id=each, phase="design") for each in names],
        funding=[line("1", project_id="a", source="x")],
    )
    after = town(
        projects=[project(id=each, phase="works") for each in ("a", "b")]
        + [project(id="c", phase="design"), project(id="d")],
        funding=[
            line("1", project_id="a", source="x"),
            line("2", project_id="a", source="y"),
            line("2", project_id="d"),
        ],
    )
    assert facts(before, after, language).counts[:3] == counts


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_differs_is_counted(language: str) -> None:
    ours = shipped_town()
    for name, frame in ours.frames.items():
        if len(frame):
            fewer = ours.with_tables({name: frame.iloc[1:]})
            for pair in ((ours, fewer), (fewer, ours)):
                assert facts(*pair, language).counts, name
    for phase in Phase:
        before, after = town(projects=[project()]), town(projects=[project(phase=phase)])
        assert facts(before, after, language).counts


def test_what_does_not_fit_is_counted() -> None:
    before = town(projects=[], funding=[], milestones=[])
    rows = [project(id=each) for each in "abc"]
    steps = [step(f"202{each}", project_id="a") for each in range(4)]
    after = town(projects=rows, funding=[], milestones=steps)
    found = facts(before, after, most_subjects=2, most_lines=3)
    assert (len(found.subjects), found.n_more) == (2, 1)
    assert (len(found.subjects[0].lines), found.subjects[0].n_more) == (3, 2)


# ---------------------------------------------------------------- long and hostile texts


def test_short_texts_are_told_whole_and_long_ones_where_they_differ() -> None:
    assert differing("Uno due", "Uno tre") == ("Uno due", "Uno tre")
    start, end = "inizio " * 100, " fine" * 100
    before, after = differing(f"{start}vecchio{end}", f"{start}nuovo testo{end}")
    assert before.startswith("…")
    assert before.endswith("…")
    assert "vecchio" in before
    assert "nuovo testo" in after
    assert max(len(before), len(after)) < 120


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a" * 10_000, "a" * 9_000),
        ("a" * 10_000, "b"),
        ("", "b" * 10_000),
        ("ab" * 5000, "ba" * 5000),
    ],
)
def test_no_text_is_told_longer_than_it_may_be(before: str, after: str) -> None:
    for side in differing(before, after):
        assert len(side) <= MOST_TEXT + 2
    assert len(set(differing(before, after))) == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_a_text_in_the_tab_and_on_the_page(text: str) -> None:
    before = town(projects=[project(name_en="Old")], funding=[line("1")], milestones=[])
    after = town(
        projects=[project(name_en=text, summary_en=text, owner=(text,))],
        funding=[line("2", source=f"javascript:{text}", note_en=text)],
        milestones=[step(text_en=text, source=text)],
    )
    shown = Changes(
        since="2025-01-01",
        summary=text,
        doubts=[text],
        told=facts(before, after),
        presets=[],
        days=[],
        versions=[],
        in_app="lang=en",
        on_page="",
        path="en/changes",
    )
    tab, page = written(shown, after)
    for found in (Html(f"<!DOCTYPE html><html lang=en><title>x</title>{tab}</html>"), Html(page)):
        assert not found.document.query("script, img, iframe")
        assert not any("javascript:" in link for link in found.links)
        named = {name for each in found.document.query("*") for name in each.attrs or {}}
        assert not {name for name in named if name.startswith("on")}
    assert "hacked" not in text or "hacked" in page


def written(shown: Changes, catalogue: Catalogue, language: str = "en") -> tuple[str, str]:
    here = Address(Section.PLACES)
    tab = html("changes.html", language, catalogue, here, changes=shown)
    page = html(
        "changes_page.html",
        language,
        catalogue,
        here,
        changes=shown,
        site="https://town.example/",
        title=translator(language).text("changes.page_title"),
        filters=[],
        date="x",
    )
    return tab, page


# ---------------------------------------------------------------- the tab


def tab_of(language: str = "en", **params: str) -> Changes:
    asked = asked_of(
        Past(shipped_town),
        {name.replace("_", "."): text for name, text in params.items()},
        language,
        TODAY,
    )
    (shown,) = changes_tab(asked).values()
    assert isinstance(shown, Changes)
    return shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_tab_and_page_tell_the_same(language: str) -> None:
    shown = tab_of(language, p_since="2025-06-01")
    tab, page = written(shown, shipped_town(), language)
    assert shown.summary in page.replace("&#39;", "'")
    outside = Html(page)
    headings = [int(each.name[1]) for each in outside.document.query("h1, h2, h3, h4")]
    assert headings[:2] == [1, 2]
    assert set(headings[2:]) == {3}
    ids = outside.values("[id]", "id")
    assert len(ids) == len(set(ids))
    assert len(re.findall("<li", tab)) == len(outside.document.query("article li"))
    assert 'data-set="p.since=2026-10-22"' in tab
    assert "data-set" not in page


def test_changes_since_a_day_are_what_became_known_since() -> None:
    shown = tab_of(p_since="2025-06-01")
    assert shown.summary.startswith("Since 1 June 2025: 2 new projects, 5 projects advanced")
    assert shown.told is not None
    undated = {each.id for each in shipped_town().projects} - {
        each.id for each in query.known_on(shipped_town(), TODAY).catalogue.projects
    }
    assert undated
    assert undated.isdisjoint(each.subject for each in shown.told.differences)
    assert all(each.kind is not Change.REMOVED for each in shown.told.differences)
    assert any("5 projects carry no date" in each for each in shown.doubts)


def test_changes_until_a_day_end_there() -> None:
    shown = tab_of(p_since="2024-01-01", p_asof="2025-02-01")
    assert shown.summary.startswith("Since 1 January 2024 until 1 February 2025: ")
    assert shown.told is not None
    dates = [each.new.date for each in shown.told.differences if each.kind is Change.STEP]
    assert dates
    assert all(dt.date(2024, 1, 1) < each.first_day <= dt.date(2025, 2, 1) for each in dates)


def test_filters_leave_the_projects_they_select_now_or_then() -> None:
    shown = tab_of(p_since="2025-01-01", p_phase="works")
    assert shown.told is not None
    ours = shipped_town()
    then = query.known_on(ours, dt.date(2025, 1, 1)).catalogue
    selected = {
        each.id
        for town_then in (ours, then)
        for each in town_then.projects
        if each.phase == "works"
    }
    assert {each.subject for each in shown.told.differences} <= selected
    assert "Only the projects that the filters select, now or then." in shown.doubts


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"p_since": "v7"}, "not kept"),
        ({"p_since": "2026-11-22"}, "before the one shown"),
        ({"p_since": "2027-01-01"}, "before the one shown"),
        ({"p_since": "2025-01-01", "p_asof": "2024-01-01"}, "before the one shown"),
    ],
)
def test_what_cannot_be_compared_is_said(params: dict[str, str], said: str) -> None:
    shown = tab_of(**params)
    assert said in shown.summary
    assert (shown.told, bool(shown.presets), bool(shown.days)) == (None, True, True)


def test_without_a_day_it_is_a_year_and_junk_is_no_day() -> None:
    for since in ("", "<script>", "2026-02-30"):
        shown = tab_of(p_since=since)
        assert shown.since == "2025-11-22"
        assert [each.label for each in shown.presets if each.chosen] == ["one year"]


def test_quiet_town_says_that_nothing_changed() -> None:
    shown = tab_of(p_since="2026-11-01")
    assert shown.summary == "Since 1 November 2026: no dated change."
    assert shown.told is not None
    assert shown.told.subjects == []


def test_days_to_choose_are_those_before_the_one_shown_the_latest_first() -> None:
    shown = tab_of(p_asof="2025-03-01")
    days = [each.since for each in shown.days]
    assert days == sorted(days, reverse=True)
    assert days[0] < "2025-03-01"
    assert len(days) <= 100
    assert [each.since for each in shown.presets] == ["2025-02-01", "2024-09-01", "2024-03-01"]
