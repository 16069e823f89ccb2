"""Selections of projects by HTTP: files, charts, the tabs of the desk, the report."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qs, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from regen_map.catalogue import Catalogue
from regen_map.charts import CHARTS
from regen_map.export.selection import FORMATS
from regen_map.messages import LANGUAGES, translator
from regen_map.query import entries
from regen_map.query.desk_link import Tab
from regen_map.ui.projects import projects_panel
from regen_map.ui.town import Town
from regen_map.ui.view import from_params
from regen_map.web.desk import CHARTS_OF, FETCHED
from tests.large_town import shipped_town
from tests.pages import HOSTILE, NOW, SITE, Html, client_of

DAY = "2026-11-23"


@pytest.fixture(scope="module")
def client(town: Catalogue) -> Iterator[TestClient]:
    with client_of(town) as started:
        yield started


@pytest.fixture(scope="module")
def shipped() -> Iterator[TestClient]:
    with client_of(shipped_town()) as started:
        yield started


def report(client: TestClient, path: str) -> Html:
    found = client.get(path)
    assert found.status_code == 200
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    return Html(found.text)


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_sent_with_a_dated_name_and_never_kept(
    ending: str, language: str, client: TestClient
) -> None:
    found = client.get(f"/data/projects.{ending}?lang={language}&p.phase=works")
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    assert found.headers["content-type"] == FORMATS[ending].media_type
    named = found.headers["content-disposition"]
    assert re.fullmatch(rf'attachment; filename="[a-z-]+-{DAY}-[0-9a-f]+\.{ending}"', named)


def test_file_holds_exactly_the_selection(client: TestClient) -> None:
    text = client.get("/data/projects.csv?p.phase=works,completed").content.decode("utf-8-sig")
    assert [row["id"] for row in csv.DictReader(io.StringIO(text))] == ["selciato", "luci"]


def test_file_tells_what_was_asked_for_and_where(client: TestClient) -> None:
    about = client.get("/data/projects.geojson?lang=en&p.phase=works&p.late=1").json()["about"]
    assert about["filters"][0] == {"label": "Phase", "value": "Works under way"}
    assert about["page"] == f"{SITE}projects?lang=en&p.phase=works&p.late=1"
    assert about["date"] == DAY


@pytest.mark.parametrize(
    "path",
    [
        "/data/projects.exe",
        "/data/projects.",
        "/data/projects.csv/more",
        "/data/charts/none.svg",
        "/data/charts/phases.png",
        "/data/charts/none.csv",
        "/data/desk/list.html",
        "/data/desk/none.html",
    ],
)
def test_what_there_is_not_is_not_found(path: str, client: TestClient) -> None:
    assert client.get(path).status_code == 404


# ---------------------------------------------------------------- charts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_a_drawing_and_a_table(name: str, language: str, client: TestClient) -> None:
    drawn = client.get(f"/data/charts/{name}.svg?lang={language}&width=360")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert ET.fromstring(drawn.text).get("width") == "360"  # noqa: S314 -- our own
    table = client.get(f"/data/charts/{name}.csv?lang={language}")
    assert table.headers["content-disposition"] == f'attachment; filename="{name}-{DAY}.csv"'
    assert len(table.text.splitlines()) > 1


@pytest.mark.parametrize("width", ["", "-1", "0", "99999999999", "1e3", "²", "<script>"])
def test_nonsense_for_a_width_draws_all_the_same(width: str, client: TestClient) -> None:
    found = client.get("/data/charts/phases.svg", params={"width": width})
    assert 280 <= int(ET.fromstring(found.text).get("width", "")) <= 1600  # noqa: S314


def test_chart_shows_the_selection_only(client: TestClient) -> None:
    both = client.get("/data/charts/phases.csv?lang=en").text
    one = client.get("/data/charts/phases.csv?lang=en&p.phase=works").text
    assert "Completed" in both
    assert "Completed" not in one


def test_chart_that_is_known_already_is_not_sent_again(client: TestClient) -> None:
    found = client.get("/data/charts/phases.svg")
    tag = {"if-none-match": found.headers["etag"]}
    assert client.get("/data/charts/phases.svg", headers=tag).status_code == 304


# ---------------------------------------------------------------- tabs


def test_every_tab_but_the_list_is_fetched_and_every_chart_has_a_tab() -> None:
    assert set(FETCHED) == set(Tab) - {Tab.LIST}
    assert {name for names in CHARTS_OF.values() for name in names} == set(CHARTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tab", CHARTS_OF)
def test_tab_says_each_chart_in_words_and_numbers(
    tab: Tab, language: str, client: TestClient
) -> None:
    found = client.get(f"/data/desk/{tab}.html?lang={language}&p.phase=works")
    piece = Html(f"<!DOCTYPE html><html><title>x</title><body>{found.text}</body></html>")
    alternatives = piece.values("img", "alt")
    assert len(alternatives) == len(CHARTS_OF[tab])
    assert piece.texts("figcaption > p:first-child") == [" ".join(x.split()) for x in alternatives]
    assert len(piece.document.query("table")) == len(CHARTS_OF[tab])
    addresses = piece.values("img", "src") + piece.values("a[download]", "href")
    for address in addresses:
        assert parse_qs(urlsplit(address).query)["p.phase"] == ["works"]
        assert client.get(f"/{address}").status_code == 200


def test_money_tab_opens_each_programme_into_its_lines(shipped: TestClient) -> None:
    found = shipped.get("/data/desk/money.html?lang=en").text
    piece = Html(f"<!DOCTYPE html><html><title>x</title><body>{found}</body></html>")
    programmes = [each for each in piece.values("details", "id") if "programme" in each]
    assert len(programmes) > 5
    sources = piece.values('[id^="rm-programme"] a', "href")
    assert sources
    assert all(each.startswith(("https://", "http://")) for each in sources)


# ---------------------------------------------------------------- the report


@pytest.mark.parametrize("path", ["/it/progetti", "/en/projects"])
def test_report_tells_filters_date_version_totals_charts_and_projects(
    path: str, client: TestClient, town: Catalogue
) -> None:
    html = report(client, f"{path}?p.phase=works,completed")
    words = translator(path[1:3])
    assert html.texts("h1") == [words.text("projects.report_title")]
    assert words.date(DAY) in html.text
    assert town.version in html.text
    (phases,) = html.texts(".report header dd")
    assert phases.count(" / ") == 1
    assert len(html.document.query("figure.drawn > svg")) == len(CHARTS)
    assert len(html.document.query(".report ol > li")) == 2
    assert html.texts(".report ol > li h3")[0] in {"Nuovo selciato", "New paving"}
    assert html.value('meta[name="robots"]', "content") == "noindex"


def test_report_of_everything_says_so(client: TestClient) -> None:
    html = report(client, "/en/projects")
    assert html.facts["What it holds"] == "all projects"
    assert "Showing 5 projects of 5 · 2 without a position" in html.text


def test_report_of_nothing_says_so(client: TestClient) -> None:
    html = report(client, "/en/projects?p.q=xyzzy")
    assert html.texts(".report ol > li") == ["No project matches the filters."]
    assert html.document.query("svg.chart") == []


def test_report_leads_back_to_the_same_selection_and_to_the_other_language(
    client: TestClient,
) -> None:
    html = report(client, "/en/projects?p.phase=works")
    assert "../projects?lang=en&p.phase=works" in html.links
    assert "../it/progetti?p.phase=works" in html.links
    for link in html.links:
        address = urljoin(f"{SITE}en/projects", link)
        if address.startswith(SITE) and "/projects?" not in address:
            assert client.get(address, follow_redirects=True).status_code == 200, link


def test_ids_of_a_report_are_unique_and_headings_in_order(shipped: TestClient) -> None:
    html = report(shipped, "/it/progetti")
    ids = html.values("[id]", "id")
    assert len(ids) == len(set(ids))
    levels = [int(each.name[1]) for each in html.document.query("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


# ---------------------------------------------------------------- always


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts_wherever_they_are_told(text: str, town: Catalogue) -> None:
    frames = dict(town.frames)
    frames["projects"] = frames["projects"].assign(
        **dict.fromkeys(("name_it", "name_en", "new_use_it", "note_it"), text)
    )
    frames["funding"] = frames["funding"].assign(note_it=text, note_en=text, source=text)
    bad = Catalogue(town.city, town.vocabularies, frames, "hostile")
    with client_of(bad) as started:
        for path in ("/it/progetti", "/en/projects"):
            html = report(started, f"{path}?p.phase=works&p.q=")
            assert html.document.query("script, img[onerror]") == []
            assert not [each for each in html.links if each.lower().startswith("javascript:")]
        found = started.get("/data/desk/money.html?lang=it").text
        piece = Html(f"<!DOCTYPE html><html><title>x</title><body>{found}</body></html>")
        assert piece.document.query("script") == []
        assert not [each for each in piece.links if each.lower().startswith("javascript:")]
        assert started.get("/data/charts/timeline.svg").status_code == 200
        json.loads(started.get("/data/projects.geojson").text)


@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_every_link_of_the_desk_leads_somewhere(base_path: str, town: Catalogue) -> None:
    view = from_params({"p.phase": "works", "desk": "money"}, town, "en")
    now = dt.datetime.combine(NOW.date(), dt.time(9), dt.UTC)
    desk = projects_panel(Town(catalogue=town, view=view, words=translator(view.language), now=now))
    root = SITE + (f"{base_path}/" if base_path else "")
    piece = Html(f"<!DOCTYPE html><html><title>x</title><body>{desk.html}</body></html>")
    links = [*piece.links, *piece.values("[data-load]", "data-load")]
    ours = [each for each in links if each.startswith(("data/", "en/"))]
    assert len(ours) == len(FORMATS) + 2
    with client_of(town, base_path) as started:
        for link in ours:
            assert started.get(urljoin(root, link)).status_code == 200, link
    assert len(entries(town)) > 0


# ---------------------------------------------------------------- another day


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1000-01-01", "1867-12-31", "2019-05-01", "9999-12-31"]
)
@pytest.mark.parametrize("tab", FETCHED)
def test_every_tab_can_be_asked_for_as_of_any_day(tab: Tab, day: str, shipped: TestClient) -> None:
    found = shipped.get(f"/data/desk/{tab}.html?lang=en&p.asof={day}&p.since={day}")
    assert found.status_code == 200
    assert "{" not in found.text


def test_file_of_another_day_says_which_and_how_it_is_known(shipped: TestClient) -> None:
    about = shipped.get("/data/projects.geojson?lang=en&p.asof=2022-06-01").json()["about"]
    assert (about["date"], about["taken"]) == ("2022-06-01", DAY)
    told = {each["label"]: each["value"] for each in about["filters"]}
    assert told["As of"] == "1 June 2022"
    assert told["How this is known"].startswith("Put together from what carries a date")
    page = report(shipped, "/en/projects?p.asof=2022-06-01")
    assert "Put together from what carries a date" in page.text
    assert "23 November 2026" in page.text


def test_record_of_another_day_tells_no_later_step(shipped: TestClient) -> None:
    path = "/data/projects/palazzo-rosso.html?lang=en"
    now, then = (shipped.get(path + asked).text for asked in ("", "&p.asof=2023-01-01"))
    assert 'datetime="2026-' in now
    assert 'datetime="2026-' not in then
    assert shipped.get("/data/projects/palazzo-rosso.html?p.asof=1900-01-01").status_code == 404


def test_questions_are_those_of_today_on_any_day(shipped: TestClient) -> None:
    now, then = (
        shipped.get(f"/data/desk/to-do.csv?lang=en{asked}").content
        for asked in ("", "&p.asof=2015-01-01")
    )
    assert now == then
    assert (
        "Questions and counts are those of today"
        in shipped.get("/data/desk/quality.html?lang=en&p.asof=2015-01-01").text
    )
