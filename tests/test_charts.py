from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from justhtml import JustHTML

from regen_map.catalogue import Catalogue, PartialDate, Project
from regen_map.charts import CHARTS, Chart, chart_csv, delay_chart, timeline
from regen_map.charts.amounts import axis_text
from regen_map.charts.calendar import calendar_of
from regen_map.charts.delays import months_text
from regen_map.charts.looks import DARK, LIGHT, NATURES, PHASES
from regen_map.charts.scales import Box, Scale, apart, in_short, nice_ticks, year_ticks
from regen_map.charts.sheet import MOST_ROWS, Sheet, fitted, text_content, text_width, wrapped
from regen_map.facts import Wording
from regen_map.messages import LANGUAGES, translator
from regen_map.query.delays import Delay, Kind, delays
from regen_map.query.totals import totals_of
from regen_map.store import folder_store, shipped_folder
from tests.pages import HOSTILE

Make = Callable[..., Catalogue]

DAY = dt.date(2026, 11, 22)
WIDTHS = (320, 360, 720, 1200)
SVG = "{http://www.w3.org/2000/svg}"
RULE = re.compile(r"\.(\w+)\{fill:(#[0-9a-f]{6})\}")


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return folder_store(shipped_folder()).load().catalogue


def wording(catalogue: Catalogue, language: str = "it") -> Wording:
    return Wording(catalogue, translator(language), DAY)


def drawn(name: str, catalogue: Catalogue, language: str = "it", width: int = 720) -> Chart:
    return CHARTS[name](wording(catalogue, language), catalogue.projects, width)


def parsed(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg)  # noqa: S314 our own


def texts(chart: Chart) -> list[str]:
    return ["".join(each.itertext()) for each in parsed(chart).iter(f"{SVG}text")]


def bars(chart: Chart) -> list[ET.Element]:
    """Give the bars, without those of the legend and the ground."""
    found = [each for each in parsed(chart).iter(f"{SVG}rect") if "fill" in each.attrib]
    return [each for each in found if each.get("height") != "11" or each.get("width") != "16"]


def assert_sound(chart: Chart) -> None:
    """Check that a drawing is one, says what it must, runs nothing and fetches nothing."""
    root = parsed(chart)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert title.text == chart.title
    assert desc.text == text_content(chart.summary)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        *("svg", "title", "desc", "style", "defs", "pattern", "rect", "path", "circle", "text")
    }
    for each in root.iter():
        assert not [name for name in each.attrib if name.startswith("on") or "href" in name]
    without_own = chart.svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    addresses = re.findall(r"url\(([^)]*)\)", without_own)
    assert all(each.startswith("#chart-") for each in addresses)
    ids = [each.get("id") for each in root.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids))
    assert {each.removeprefix("#") for each in addresses} <= set(ids)
    assert all(len(row) == len(chart.headings) for row in chart.rows)


def assert_inside(chart: Chart) -> None:
    """Check that no text runs over the edge of the drawing."""
    root = parsed(chart)
    width = float(root.get("width", "0"))
    for each in root.iter(f"{SVG}text"):
        look = each.get("class", "").split()
        size = 16 if "title" in look else 12 if "small" in look else 13
        wide, x = text_width("".join(each.itertext()), size), float(each.get("x", "0"))
        start = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[each.get("text-anchor", "")]
        assert start >= -1, ET.tostring(each)
        assert start + wide <= width + 1, ET.tostring(each)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_drawing_is_a_document_that_stands_alone(
    name: str, language: str, width: int, shipped: Catalogue
) -> None:
    chart = drawn(name, shipped, language, width)
    assert chart.name == name
    assert_sound(chart)
    assert_inside(chart)
    assert parsed(chart).get("width") == str(width)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_drawings_stand_in_one_page_without_fault(language: str, shipped: Catalogue) -> None:
    drawings = [drawn(name, shipped, language, width).svg for name in CHARTS for width in WIDTHS]
    page = f"<!doctype html><html lang=it><title>x</title><body>{''.join(drawings)}</body></html>"
    root = JustHTML(page, strict=True, sanitize=False)
    assert len(root.query("svg")) == len(CHARTS) * len(WIDTHS)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_width_is_held_within_what_can_be_drawn(shipped: Catalogue) -> None:
    widths = [parsed(drawn("phases", shipped, "it", width)).get("width") for width in (-5, 10**9)]
    assert widths == ["280", "1600"]


def test_same_question_gives_the_same_drawing(shipped: Catalogue) -> None:
    assert all(drawn(name, shipped) == drawn(name, shipped) for name in CHARTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_projects_are_said_to_be_none(name: str, language: str, town: Catalogue) -> None:
    chart = CHARTS[name](wording(town, language), (), 360)
    assert_sound(chart)
    assert chart.rows == ()
    assert not bars(chart)
    assert chart.summary
    assert len(texts(chart)) >= 2


@pytest.mark.parametrize("width", [360, 720])
@pytest.mark.parametrize("name", CHARTS)
def test_project_of_which_nothing_is_known_is_drawn_as_unknown(
    name: str, width: int, make_catalogue: Make
) -> None:
    catalogue = make_catalogue(projects=[{"id": "a"}])
    chart = CHARTS[name](wording(catalogue), catalogue.projects, width)
    assert_sound(chart)
    assert_inside(chart)
    assert "0 €" not in chart.summary.replace("\xa0", " ")


# ---------------------------------------------------------------- the numbers


@pytest.mark.parametrize("language", LANGUAGES)
def test_phase_board_has_the_very_sums_of_each_phase(language: str, shipped: Catalogue) -> None:
    chart = drawn("phases", shipped, language)
    words, counted = translator(language), 0
    for row in chart.rows:
        named = dict(zip(chart.headings, row, strict=True))
        phase = next(
            (each for each in PHASES if wording(shipped, language).label("phase", each) == row[0]),
            None,
        )
        projects = [each for each in shipped.projects if each.phase == phase]
        totals = totals_of(shipped, projects)
        assert row[1] == str(len(projects))
        counted += len(projects)
        for nature in NATURES:
            label = wording(shipped, language).label("nature", nature)
            found = totals.by_nature.get(nature)
            if found is None:
                assert named.get(label, words.text("charts.no_figure")) == words.text(
                    "charts.no_figure"
                )
            elif not found.known:
                assert named[label] == words.text("details.not_known")
            else:
                assert named[label] == words.money(found.amount_eur)
    assert counted == len(shipped.projects)


def test_every_project_is_one_square_of_the_phase_board(shipped: Catalogue) -> None:
    squares = [each for each in bars(drawn("phases", shipped)) if each.get("height") == "14"]
    assert len(squares) == len(shipped.projects)


@pytest.mark.parametrize("name", ["phases", "quarters"])
def test_many_projects_are_one_bar(name: str, make_catalogue: Make) -> None:
    many = [{"id": f"p{n}", "phase": "works", "quarter": "centro"} for n in range(300)]
    catalogue = make_catalogue(projects=many)
    chart = drawn(name, catalogue)
    assert len(bars(chart)) == 1
    assert "300" in texts(chart)
    assert_inside(chart)


MONEY: Sequence[Mapping[str, str]] = [
    {"programme_id": "pnrr", "amount_eur": "1000000", "as_of": "2024", "nature": "allocated"},
    {"programme_id": "pnrr", "amount_eur": "500000", "as_of": "2024", "nature": "estimated"},
    {"programme_id": "bando", "amount_eur": "", "as_of": "2025", "nature": "allocated"},
]


@pytest.fixture
def funded(make_catalogue: Make) -> Catalogue:
    """One project: a known sum, an estimate, and an amount that nobody tells."""
    return make_catalogue(
        programmes=[{"id": "pnrr", "level": "eu"}, {"id": "bando", "level": "region"}],
        projects=[{"id": "a"}],
        funding=[{"project_id": "a", "counted": "yes", **line} for line in MONEY],
    )


def test_unknown_amount_has_no_bar_and_is_never_zero(funded: Catalogue) -> None:
    chart = drawn("programmes", funded)
    assert len(bars(chart)) == 2
    assert ("Bando", "Assegnati", "non si sa", "1") in chart.rows
    assert "Assegnati: 1 importo non noto" in texts(chart)
    assert not [each for row in chart.rows for each in row if each.startswith("0\xa0€")]


def test_natures_are_never_added_to_each_other(funded: Catalogue) -> None:
    for name in ("phases", "programmes", "years"):
        chart = drawn(name, funded)
        said = " ".join((chart.summary, *(cell for row in chart.rows for cell in row)))
        assert "1.500.000" not in said
        assert "1.000.000\xa0€" in said
        assert "500.000\xa0€" in said
        assert translator("it").text("charts.never_added") in chart.summary


def test_bars_are_as_long_as_their_sums(funded: Catalogue) -> None:
    million, half = (float(each.get("width", "")) for each in bars(drawn("programmes", funded)))
    assert million == pytest.approx(2 * half, rel=0.01)
    million, half = (float(each.get("height", "")) for each in bars(drawn("years", funded)))
    assert million == pytest.approx(2 * half, rel=0.01)


def test_year_of_an_unknown_amount_is_marked(funded: Catalogue) -> None:
    chart = drawn("years", funded)
    assert "?" in texts(chart)
    assert chart.rows[1] == ("2025", "non si sa", "nessuna cifra", "1")


def test_undated_figures_stand_apart_from_the_years(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        programmes=[{"id": "pnrr", "level": "eu"}],
        projects=[{"id": "a"}],
        funding=[
            {
                "project_id": "a",
                "programme_id": "pnrr",
                "nature": "spent",
                "counted": "yes",
                "amount_eur": "70000",
                "as_of": "",
            }
        ],
    )
    chart = drawn("years", catalogue, "en")
    assert chart.rows == (("undated", "€70,000", "0"),)
    assert chart.summary.startswith("No figure has a date.")
    assert_inside(chart)


def test_quarter_of_the_place_stands_in_for_that_of_the_project(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        attractions=[{"id": "museo", "kind": "museum", "quarter": "marina"}],
        projects=[{"id": "a", "place_id": "museo"}, {"id": "b", "quarter": "marina"}, {"id": "c"}],
    )
    chart = drawn("quarters", catalogue, "en")
    assert [row[:2] for row in chart.rows] == [("Seaside", "2"), ("Quarter not known", "1")]


# ---------------------------------------------------------------- time


def project(number: int = 0, **changes: Any) -> Project:
    dated: dict[str, Any] = {
        name: PartialDate(text) if name in {"start", "end", "as_of"} or "declared" in name else text
        for name, text in changes.items()
    }
    named: dict[str, Any] = {
        "id": f"p{number}",
        "name_it": f"Opera {number}",
        "name_en": f"Work {number}",
    }
    return Project(**{**named, **dated})


def gantt(town: Catalogue, *projects: Project, width: int = 720) -> Chart:
    return timeline(wording(town, "en"), projects, DAY, {}, width=width)


def test_undated_project_is_listed_and_counted_but_not_drawn(town: Catalogue) -> None:
    chart = gantt(town, project(1), project(2, start="2024-05-01", end="2025-05-01"))
    assert [row[0] for row in chart.rows] == ["Work 2", "Work 1"]
    assert chart.rows[1][2:6] == ("not known",) * 4
    assert "1 has no date at all" in chart.summary
    assert "Work 1" not in texts(chart)


def test_date_known_to_the_year_is_drawn_as_a_range(town: Catalogue) -> None:
    def widths(chart: Chart) -> list[float]:
        return [float(each.get("width", "")) for each in bars(chart)]

    exact = widths(gantt(town, project(start="2020-01-01", end="2024-12-31")))
    yearly = widths(gantt(town, project(start="2020", end="2024")))
    # The start, the end, and between them what is sure.
    assert exact[:2] == [1.5, 1.5]
    assert yearly[2] == pytest.approx(3 * yearly[0], rel=0.02)
    assert sum(yearly) == pytest.approx(exact[2], rel=0.02)


def test_works_under_way_are_drawn_to_the_latest_news_and_not_beyond(town: Catalogue) -> None:
    news = gantt(town, project(phase="works", start="2020-01-01", as_of="2022-01-01"))
    none = gantt(town, project(phase="works", start="2020-01-01"))
    assert len(bars(news)) == 2
    assert len(bars(none)) == 1
    to_come = gantt(town, project(phase="works", start="2026-01-01", as_of="2030"))
    now = gantt(town, project(phase="works", start="2026-01-01", as_of=DAY.isoformat()))
    assert [each.get("width") for each in bars(to_come)] == [
        each.get("width") for each in bars(now)
    ]


def test_old_date_is_told_at_the_edge(town: Catalogue) -> None:
    chart = gantt(town, project(1, start="1868", end="1870"), project(2, start="2020"))
    assert "1868–1870" in texts(chart)
    assert "from 1868 to 2020" in chart.summary
    assert_inside(chart)


def test_only_old_dates_are_drawn_in_their_own_time(town: Catalogue) -> None:
    chart = gantt(town, project(start="1868", end="1879"))
    assert "1868–1879" not in texts(chart)
    assert "1870" in texts(chart)
    assert "today" not in texts(chart)


@pytest.mark.parametrize("width", [360, 720])
def test_hundreds_of_projects_are_drawn_up_to_a_limit_that_is_told(
    width: int, town: Catalogue
) -> None:
    many = [project(n, start=f"{2000 + n % 25}-0{n % 9 + 1}") for n in range(300)]
    chart = gantt(town, *many, width=width)
    assert len(chart.rows) == 300
    assert sum(each.startswith("Work ") for each in texts(chart)) == MOST_ROWS
    assert "100 more rows are not drawn: they are in the table." in chart.summary
    assert chart.summary.endswith(texts(chart)[-1])
    assert_sound(chart)
    assert_inside(chart)
    assert float(parsed(chart).get("height", "")) > float(
        parsed(gantt(town, *many[:100], width=width)).get("height", "")
    )


@pytest.mark.parametrize("text", ["0001", "0001-01-01", "9999", "9999-12-31"])
@pytest.mark.parametrize("day", [dt.date.min, DAY, dt.date.max])
def test_ends_of_the_calendar_are_drawn(text: str, day: dt.date, town: Catalogue) -> None:
    odd = project(phase="works", start=text, end=text, first_declared_end=text, as_of=text)
    chart = timeline(wording(town), [odd, project(1, start="2020")], day, {})
    assert_sound(chart)
    assert_sound(delay_chart(wording(town), delays(town, [odd], day), day))


@given(years=st.lists(st.integers(1, 9999), min_size=1), day=st.dates())
def test_some_date_is_always_shown(years: list[int], day: dt.date) -> None:
    dates = [PartialDate(f"{year:04}") for year in years]
    axis = calendar_of(dates, day, 10, 110)
    assert any(axis.shows(date) for date in dates)
    assert all(10 <= axis.middle(date) <= 110 for date in dates)


def delay(kind: Kind, least: int | None, most: int | None) -> Delay:
    return Delay(project=project(), kind=kind, least_months=least, most_months=most)


@pytest.mark.parametrize(
    ("kind", "least", "most", "italian", "english"),
    [
        (Kind.FINISHED, 29, 29, "29 mesi dopo", "29 months late"),
        (Kind.FINISHED, 1, 1, "1 mese dopo", "1 month late"),
        (Kind.FINISHED, -2, -2, "2 mesi prima", "2 months early"),
        (Kind.FINISHED, 0, 0, "puntuale", "on time"),
        (Kind.DECLARED, 0, 0, "promessa non spostata", "promise not moved"),
        (Kind.OVERDUE, 18, 29, "18–29 mesi dopo", "18–29 months late"),
        (Kind.FINISHED, -5, -3, "3–5 mesi prima", "3–5 months early"),
        (Kind.FINISHED, -3, 8, "da 3 prima a 8 dopo (mesi)", "3 early to 8 late (months)"),
        (Kind.NONE, None, None, "non si sa", "not known"),
    ],
)
def test_delay_is_said_as_exactly_as_its_dates_allow(
    kind: Kind, least: int | None, most: int | None, italian: str, english: str
) -> None:
    assert months_text(translator("it"), delay(kind, least, most)) == italian
    assert months_text(translator("en"), delay(kind, least, most)) == english


def test_what_nobody_has_looked_after_is_not_said_to_be_late(town: Catalogue) -> None:
    projects = [
        project(1, phase="works", first_declared_end="2024-06-30", as_of="2023"),
        project(2, phase="works", first_declared_end="2025-06-30", as_of="2026"),
        project(3),
    ]
    chart = delay_chart(wording(town, "en"), delays(town, projects, DAY), DAY)
    assert chart.summary == (
        "The delay can be measured for 2 projects of 3. 1 is certainly late. "
        "The longest delay: Work 2, 16 months late. "
        "For 1 the latest promised end has passed, but nobody knows whether it came. "
        "1 cannot be measured: it is in the table only."
    )
    assert [row[0] for row in chart.rows] == ["Work 1", "Work 2", "Work 3"]
    assert "Work 3" not in texts(chart)
    assert "no news is more recent" in chart.rows[0][3]
    assert [row[4] for row in chart.rows] == ["28 months late?", "16 months late", "not known"]


# ---------------------------------------------------------------- hostile texts


@pytest.mark.parametrize("width", [360, 720])
def test_hostile_names_are_text(width: int, town: Catalogue) -> None:
    many = [
        Project(
            id=f"p{n}",
            name_it=text,
            name_en=text,
            start=PartialDate("2020"),
            first_declared_end=PartialDate("2022"),
            end=PartialDate("2024"),
        )
        for n, text in enumerate([*HOSTILE, "\x00\x0b\ud800\ufffe\x85", "=1+1", "א" * 10_000])
    ]
    for chart in (
        timeline(wording(town), many, DAY, {}, width=width),
        delay_chart(wording(town), delays(town, many, DAY), DAY, width=width),
    ):
        assert_sound(chart)
        assert_inside(chart)
        assert {row[0] for row in chart.rows} == {each.name_it for each in many}
        page = f"<!doctype html><html lang=it><title>x</title><body>{chart.svg}</body></html>"
        root = JustHTML(page, strict=True, sanitize=False)
        assert not root.query("script")
        assert not root.query("img")
        assert b"\n'=1+1," in chart_csv(chart)


def test_hostile_programme_is_text(make_catalogue: Make) -> None:
    for text in [each for each in HOSTILE if "\u202e" not in each]:
        catalogue = make_catalogue(
            programmes=[{"id": "pnrr", "name_it": text, "name_en": text, "level": "eu"}],
            projects=[{"id": "a"}],
            funding=[
                {
                    "project_id": "a",
                    "programme_id": "pnrr",
                    "nature": "spent",
                    "counted": "yes",
                    "amount_eur": "5",
                }
            ],
        )
        chart = drawn("programmes", catalogue, width=360)
        assert [row[0] for row in chart.rows] == [text]
        assert_sound(chart)
        assert_inside(chart)


@settings(max_examples=60)
@given(text=st.text(st.characters(codec=None), max_size=300), width=st.integers(20, 400))
def test_any_text_can_be_written(text: str, width: int) -> None:
    sheet = Sheet("x", 360, text or "x")
    sheet.text(1, 2, text)
    sheet.text(1, 2, fitted(text, width))
    sheet.note(text)
    sheet.legend([(PHASES["works"], text)])
    root = ET.fromstring(sheet.document("it", text))  # noqa: S314 our own
    written = root.findall(f"{SVG}text")
    assert text_content(text).replace("\r\n", "\n") in {each.text or "" for each in written}
    assert "\n" not in fitted(text, width)
    shortest = fitted(text, width)
    assert text_width(shortest) <= width or len(shortest) <= 1
    assert all(text_width(line) <= width or len(line) <= 1 for line in wrapped(text, width))


def test_short_text_stays_whole_and_long_text_ends_with_an_ellipsis() -> None:
    assert fitted("Palazzo Rosso", 200) == "Palazzo Rosso"
    assert fitted("Palazzo Rosso – nuova biblioteca civica", 160) == "Palazzo Rosso…"
    assert " ".join(wrapped("Quattro parole in fila", 90)) == "Quattro parole in fila"
    assert len(wrapped("Quattro parole in fila", 90)) > 1


# ---------------------------------------------------------------- scales


@given(st.floats(1e-3, 1e15), st.integers(1, 12))
def test_ticks_are_round_few_and_never_above(high: float, most: int) -> None:
    ticks = nice_ticks(high, most)
    assert ticks[0] == 0
    assert len(ticks) <= most + 1
    assert ticks[-1] <= high * (1 + 1e-6)
    if len(ticks) > 1:
        assert f"{ticks[1]:.0e}"[0] in "125"
        assert float(f"{ticks[1]:.0e}") == pytest.approx(ticks[1])


def test_what_is_counted_has_whole_ticks() -> None:
    assert nice_ticks(2, 5, 1) == [0, 1, 2]
    assert nice_ticks(0, 5) == [0]


@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(1, 12))
def test_marked_years_are_few_evenly_spaced_and_between(a: int, b: int, most: int) -> None:
    first, last = sorted((a, b))
    years = year_ticks(first, last, most)
    assert len(years) <= most
    assert all(first <= year <= last for year in years)
    assert len({later - year for year, later in pairwise(years)}) <= 1


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_scale_keeps_order_and_stays_inside(low: float, high: float, value: float) -> None:
    scale = Scale(low, high, 10, 110)
    assert 10 <= scale(value) <= 110
    assert scale(value) <= scale(value + 1)


BOXES = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    *(st.integers(0, 100), st.integers(0, 100), st.integers(1, 30), st.integers(1, 30)),
)


@given(st.lists(st.lists(BOXES, min_size=1, max_size=3), max_size=12), st.lists(BOXES, max_size=5))
def test_labels_never_meet(choices: list[list[Box]], taken: list[Box]) -> None:
    placed = apart(choices, taken)
    for one, other in combinations(placed.values(), 2):
        assert not one.meets(other)
    assert not [box for box in placed.values() if any(map(box.meets, taken))]
    assert all(placed[number] in choices[number] for number in placed)
    for number in set(range(len(choices))) - placed.keys():
        before = [*taken, *(box for each, box in placed.items() if each < number)]
        assert all(any(map(box.meets, before)) for box in choices[number])


@pytest.mark.parametrize(
    ("euro", "italian", "english"),
    [
        (0, "0 €", "€0"),
        (1500, "1.500 €", "€1,500"),
        (290_300, "290,3 mila €", "€290.3k"),
        (1_000_000, "1 Mln €", "€1m"),
        (12_280_000, "12,3 Mln €", "€12.3m"),
        (Decimal(2_500_000_000), "2,5 Mrd €", "€2.5bn"),
    ],
)
def test_large_sums_are_short(euro: float, italian: str, english: str, town: Catalogue) -> None:
    assert axis_text(wording(town), euro) == italian
    assert axis_text(wording(town, "en"), euro) == english
    assert in_short(float(euro))[0] <= 10_000


# ---------------------------------------------------------------- looks


def luminance(colour: str) -> float:
    """Compute the relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[each : each + 2], 16) / 255 for each in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_texts_and_bars_stand_out_from_the_ground(colours: Mapping[str, str]) -> None:
    assert all(contrast(colours[each], colours["ground"]) >= 4.5 for each in ("ink", "quiet"))
    assert all(
        contrast(colours[each], colours["ground"]) >= 3 for each in ("blue", "amber", "grey")
    )


@pytest.mark.parametrize("looks", [PHASES, NATURES])
def test_bars_are_told_apart_without_colour(looks: Mapping[str, Any]) -> None:
    assert len({look.texture for look in looks.values()}) == len(looks)


def test_paper_is_light_and_only_a_dark_screen_is_dark(shipped: Catalogue) -> None:
    svg = drawn("phases", shipped).svg
    sheet, _, dark = svg.partition("@media screen and (prefers-color-scheme:dark)")
    assert dict(RULE.findall(sheet)) == dict(LIGHT)
    assert dict(RULE.findall(dark)) == dict(DARK)


def words_of(chart: Chart) -> Iterator[str]:
    yield from (chart.title, chart.summary, *chart.headings)


@pytest.mark.parametrize("name", CHARTS)
def test_chart_speaks_its_language(name: str, shipped: Catalogue) -> None:
    italian, english = (drawn(name, shipped, language) for language in ("it", "en"))
    assert italian.title != english.title
    assert not any("{" in each for chart in (italian, english) for each in words_of(chart))
    assert parsed(english).get("lang") == "en"
