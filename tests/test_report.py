"""A report on paper: what it says, what it does not, and that nothing in it can break it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import zlib
from collections.abc import Callable, Iterator, Sequence

import pytest
from fpdf.fonts import CORE_FONTS_CHARWIDTHS
from hypothesis import given
from hypothesis import strategies as st

from regen_map.catalogue import Catalogue, Project
from regen_map.export.extract import Extract
from regen_map.export.report import extract_pdf
from regen_map.export.report_map import Located, Mark, central, draw_map, ranges
from regen_map.export.report_page import in_western_letters
from regen_map.messages import LANGUAGES, translator
from regen_map.query.totals import has_position, totals_of
from regen_map.store import FolderStore, shipped_folder

Make = Callable[..., Catalogue]

DAY = dt.date(2026, 11, 22)
SIZE = (174.0, 140.0)

_STREAM = re.compile(rb"<<[^<>]*/Length \d+[^<>]*>>\nstream\n(.*?)\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"\(((?:[^()\\]|\\.)*)\) ?(?:Tj|\])", re.DOTALL)
_SET = re.compile(
    rb"/(F\d+) ([\d.]+) Tf"
    rb"|BT ([\d.]+) [\d.]+ Td (?:[\d.]+ [\d.]+ [\d.]+ rg )?\(((?:[^()\\]|\\.)*)\) Tj",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return FolderStore(shipped_folder()).load().catalogue


def taken(
    catalogue: Catalogue, projects: Sequence[Project] | None = None, language: str = "it"
) -> Extract:
    return Extract(
        catalogue=catalogue,
        projects=catalogue.projects if projects is None else tuple(projects),
        language=language,
        filters=[("Fase", "Lavori in corso")],
        day=DAY,
        site="https://map.example/it/progetti",
    )


# ---------------------------------------------------------------- reading what was written


def streams(content: bytes) -> Iterator[bytes]:
    """Give what is drawn on each page."""
    for packed in _STREAM.findall(content):
        try:
            drawn = zlib.decompress(packed)
        except zlib.error:
            continue
        if b"BDC" in drawn:
            yield drawn


def shown(drawn: bytes) -> str:
    """Give the texts of a page, with a blank between lines."""
    found = (re.sub(rb"\\(.)", rb"\1", each) for each in _SHOWN.findall(drawn))
    return " ".join(each.decode("cp1252") for each in found)


def text_of(content: bytes) -> str:
    """Give all texts; where a line ends is not told."""
    return re.sub(r"\s+", " ", " ".join(map(shown, streams(content))))


def outline(content: bytes) -> list[str]:
    """Give the titles of the outline."""
    titles = re.findall(rb"/Title \((.*?)(?<!\\)\)", content, re.DOTALL)
    return [_string(each) for each in titles]


def links(content: bytes) -> set[str]:
    """Give the addresses that the report leads to."""
    return set(map(_string, re.findall(rb"/URI \((.*?)(?<!\\)\)", content, re.DOTALL)))


def _string(escaped: bytes) -> str:
    found = re.sub(rb"\\(.)", rb"\1", escaped, flags=re.DOTALL)
    return found.decode("utf-16" if found.startswith(b"\xfe\xff") else "latin-1")


@pytest.fixture(scope="module")
def shipped_report(shipped: Catalogue) -> bytes:
    return extract_pdf(taken(shipped))


# ---------------------------------------------------------------- what it says


def test_report_names_every_project_under_its_number(
    shipped: Catalogue, shipped_report: bytes
) -> None:
    said = text_of(shipped_report)
    for number, project in enumerate(shipped.projects, start=1):
        assert f"{number}. {in_western_letters(project.name_it)}" in said


def test_report_says_what_was_asked_for_and_where_it_is_from(
    shipped: Catalogue, shipped_report: bytes
) -> None:
    said = text_of(shipped_report)
    for expected in ("Lavori in corso", "22 novembre 2026", shipped.version, "CC BY 4.0"):
        assert expected in said


def test_report_tells_the_totals_of_the_catalogue(
    shipped: Catalogue, shipped_report: bytes
) -> None:
    said, words = text_of(shipped_report), translator("it")
    totals = totals_of(shipped, shipped.projects)
    assert f"{totals.n_known} su {totals.n_projects}" in said
    for found in totals.by_nature.values():
        if found.known:
            assert words.money(found.amount_eur).replace("\xa0", " ") in said.replace("\xa0", " ")
    assert f"Di {len(totals.contradicted)} progetti le fonti danno anche altre cifre" in said


def test_report_lists_every_source_once(shipped: Catalogue, shipped_report: bytes) -> None:
    extract = taken(shipped)
    addresses = {line.source for line in extract.funding}
    addresses |= {step.source for step in extract.milestones}
    addresses |= {address for project in shipped.projects for address in project.sources}
    assert links(shipped_report) == {*addresses, taken(shipped).site}
    said = text_of(shipped_report)
    for number in range(1, len(addresses) + 1):
        assert f"[{number}]" in said


def test_pages_are_numbered(shipped_report: bytes) -> None:
    pages = [shown(each) for each in streams(shipped_report)]
    assert len(pages) > 10
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in page.replace(" ", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_has_title_language_outline_and_tags(language: str, town: Catalogue) -> None:
    content = extract_pdf(taken(town, language=language))
    assert f"/Lang ({language})".encode() in content
    assert b"/DisplayDocTitle true" in content
    assert b"/MarkInfo" in content
    titles = outline(content)
    words = translator(language)
    assert words.text("report.totals") in titles
    assert "1. " + (town.projects[0].name_it if language == "it" else "New paving") in titles
    assert words.text("selection.title", city=town.city.name(language)) in titles
    for tag in (b"/H1", b"/H2", b"/H3", b"/P", b"/Figure"):
        assert b"/S " + tag in content


def test_every_mark_is_closed_on_its_page(shipped_report: bytes) -> None:
    for drawn in streams(shipped_report):
        opened = re.findall(rb"/MCID (\d+)>> BDC", drawn)
        assert list(map(int, opened)) == list(range(len(opened)))
        assert len(opened) + drawn.count(b"/Artifact BMC") == drawn.count(b"EMC")


def test_nothing_runs_over_the_foot_of_a_page(shipped_report: bytes) -> None:
    for drawn in streams(shipped_report):
        heights = [float(each) for each in re.findall(rb"BT [\d.]+ (-?[\d.]+) Td", drawn)]
        assert min(heights) > 20


def test_nothing_runs_over_the_right_margin(shipped_report: bytes) -> None:
    fonts = dict(re.findall(rb"/(F\d+) (\d+) 0 R", shipped_report))
    bold = {
        font
        for font, number in fonts.items()
        if b"/BaseFont /Helvetica-Bold" in shipped_report.split(b"\n%s 0 obj" % number)[1][:200]
    }
    assert len(fonts) == 2
    assert len(bold) == 1
    n_texts = 0
    for drawn in streams(shipped_report):
        widths, size = CORE_FONTS_CHARWIDTHS["helvetica"], 0.0
        for font, points, x, text in _SET.findall(drawn):
            if font:
                name = "helveticaB" if font in bold else "helvetica"
                widths, size = CORE_FONTS_CHARWIDTHS[name], float(points)
                continue
            letters = re.sub(rb"\\(.)", rb"\1", text).decode("latin-1")
            end = float(x) + sum(widths[each] for each in letters) * size / 1000
            n_texts += 1
            assert end < (210 - 17.9) * 72 / 25.4
    assert n_texts > 1000


def test_figures_that_contradict_each_other_are_told_and_not_added(make_catalogue: Make) -> None:
    line = {"project_id": "a", "programme_id": "pnrr", "nature": "allocated"}
    catalogue = make_catalogue(
        programmes=[{"id": "pnrr", "level": "eu"}],
        projects=[{"id": "a"}],
        funding=[
            line | {"counted": "yes", "amount_eur": "1000"},
            line | {"counted": "no", "amount_eur": "4500", "as_of": "2024-05"},
        ],
    )
    said = text_of(extract_pdf(taken(catalogue))).replace("\xa0", " ")
    assert "4.500 €" in said
    assert "non sommata" in said
    assert "maggio 2024" in said
    assert "5.500 €" not in said
    assert "Di 1 progetto le fonti danno anche altre cifre, elencate ma non sommate: 1." in said


def test_project_of_which_nothing_is_known_is_told_to_be_so(make_catalogue: Make) -> None:
    catalogue = make_catalogue(projects=[{"id": "verdi", "sources": ""}])
    said = text_of(extract_pdf(taken(catalogue)))
    for expected in (
        "Fase non nota",
        "La fase del progetto non è nota.",
        "Dove non si sa",
        "Importo non noto",
        "Nessuna fonte indicata.",
        "0 su 1",
        "1 progetto non è sulla mappa, perché la sua posizione non è nota: 1.",
    ):
        assert expected in said
    assert "€" not in said


def test_empty_selection_says_that_nothing_was_found(town: Catalogue) -> None:
    said = text_of(extract_pdf(taken(town, [])))
    assert "Nessun progetto corrisponde ai filtri." in said
    assert "0 progetti" in said
    assert said.endswith("1 / 1")


def test_equal_extracts_give_equal_reports(town: Catalogue) -> None:
    assert extract_pdf(taken(town)) == extract_pdf(taken(town))


# ---------------------------------------------------------------- hostile texts

HOSTILE = [
    "大理石 и мрамор 🎉",
    "{nb} \x1f\x1f\x1f\x1f \\) Tj ET (",
    "**bold** __under__ [a](javascript:alert(1)) <b>b</b> ${7*7} `x`",
    "\u202eevil\u202c \u200b\u2066x\u2069",
    "parola" * 500,
    "a\n\nb\r\nc\u2028d",
    "Čapek ﬁne \u2212 → €",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_written_as_text(text: str, town: Catalogue) -> None:
    project = dataclasses.replace(
        town.projects[0],
        name_it=text,
        summary_it=text,
        promoter=(text,),
        note_it=text,
        sources=("javascript:alert(1)", f"https://a.example/{text}"),
        source_dates=(None, None),
    )
    extract = dataclasses.replace(taken(town, [project]), filters=[(text, text)], site=text)
    content = extract_pdf(extract)
    said = text_of(content).replace(" ", "")
    wanted = re.sub(r"\s+", "", in_western_letters(text))
    assert said.count(wanted) >= 3
    assert not [address for address in links(content) if not address.startswith("https://")]
    assert f"1/{len(list(streams(content)))}" in said


def test_report_says_where_its_type_lacks_letters(town: Catalogue) -> None:
    told = "ha solo le lettere occidentali"
    assert told not in text_of(extract_pdf(taken(town)))
    project = dataclasses.replace(town.projects[0], name_it="大理石")
    said = text_of(extract_pdf(taken(town, [project])))
    assert told in said
    assert "1. [U+5927][U+7406][U+77F3]" in said


@given(st.text(max_size=60))
def test_any_text_becomes_western_letters(text: str) -> None:
    western = in_western_letters(text)
    western.encode("cp1252")
    assert in_western_letters(western) == western
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", western)


# ---------------------------------------------------------------- map


def located(catalogue: Catalogue) -> list[Located]:
    return [
        Located(number, place)
        for number, project in enumerate(catalogue.projects, start=1)
        if has_position(catalogue, project)
        and (place := catalogue.place(project.place_id or "")) is not None
    ]


def width_of(text: str) -> float:
    return 1.4 * len(text)


def boxes(marks: Sequence[Mark]) -> list[tuple[float, float, float, float]]:
    found = (mark.label.box for mark in marks if mark.label)
    return [
        (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        for x, y, width, height in found
    ]


def test_map_shows_every_located_project_once(shipped: Catalogue) -> None:
    drawn = draw_map(shipped, located(shipped), SIZE, width_of)
    numbers = [number for mark in drawn.marks for number in mark.numbers]
    assert sorted(numbers) == [each.number for each in located(shipped)]


def test_numbers_and_names_on_the_map_cover_nothing(shipped: Catalogue) -> None:
    drawn = draw_map(shipped, located(shipped), SIZE, width_of)
    all_boxes = boxes(drawn.marks)
    all_boxes += [
        (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        for _, (x, y, width, height) in drawn.streets
    ]
    for index, (left, top, right, bottom) in enumerate(all_boxes):
        assert left >= 0
        assert top >= 0
        assert right <= SIZE[0]
        assert bottom <= SIZE[1]
        for other in all_boxes[index + 1 :]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart


def test_north_is_up_and_east_is_right(town: Catalogue) -> None:
    drawn = draw_map(town, located(town), SIZE, width_of)
    piazza, lido = (next(each for each in drawn.marks if n in each.numbers) for n in (1, 4))
    assert lido.x < piazza.x
    assert lido.y > piazza.y


def test_only_a_position_near_enough_is_solid(town: Catalogue) -> None:
    drawn = draw_map(town, located(town), SIZE, width_of)
    exact = {number: mark.exact for mark in drawn.marks for number in mark.numbers}
    assert exact == {1: True, 2: True, 4: False}  # nobody knows how exact the last is


def test_many_projects_at_one_point_are_told_beside_the_map(town: Catalogue) -> None:
    (first, *_) = located(town)
    crowd = [Located(number, first.place) for number in range(1, 31)]
    drawn = draw_map(town, crowd, SIZE, width_of)
    assert drawn.unlabelled == list(range(1, 31))


def test_what_another_map_tells_bears_no_number(shipped: Catalogue) -> None:
    every = located(shipped)
    centre = central(every, shipped.city.home)
    assert 0 < len(centre) < len(every)
    drawn = draw_map(shipped, every, SIZE, width_of, told=centre)
    numbered = {number for mark in drawn.marks for number in mark.numbers}
    assert numbered == {each.number for each in every} - {each.number for each in centre}
    assert drawn.unlabelled == []


@given(st.sets(st.integers(1, 60)))
def test_ranges_tell_the_same_numbers(numbers: set[int]) -> None:
    found: set[int] = set()
    for part in filter(None, ranges([*numbers]).split(", ")):
        first, _, last = part.partition("–")
        found |= set(range(int(first), int(last or first) + 1))
    assert found == numbers
