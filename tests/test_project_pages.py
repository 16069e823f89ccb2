"""Pages of projects and their records for the desk: what they tell, where they lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias, cast
from urllib.parse import parse_qs, quote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from regen_map.catalogue import TABLES, Catalogue
from regen_map.facts import Wording
from regen_map.facts.record import Change
from regen_map.messages import LANGUAGES, translator
from regen_map.store import folder_store
from regen_map.web.pages import STYLE
from regen_map.web.pages.addresses import project_code_path, project_in_app, project_path
from regen_map.web.pages.projects import project_page, project_pages_of, project_piece
from tests import schema_org
from tests.pages import DATA, DAY, HOSTILE, MOST_BYTES, SITE, Html, check_shape, client_of, led_to
from tests.schema_org import Type, check_linked_data

Make: TypeAlias = Callable[..., Catalogue]

CODE = "B65I18000100001"
TYPES_OF_PROJECTS = {
    "Project": Type(("Organization",), {"location": ("Place",), "identifier": ("PropertyValue",)}),
    "PropertyValue": Type(("StructuredValue",), {"propertyID": ("Text",), "value": ("Text",)}),
}
"""What schema.org says of them, and of the two properties that a project has of its parents."""


@pytest.fixture(autouse=True)
def _types(monkeypatch: pytest.MonkeyPatch) -> None:
    known = cast("dict[str, Type]", schema_org.TYPES)
    for name, each in TYPES_OF_PROJECTS.items():
        monkeypatch.setitem(known, name, each)


@pytest.fixture(scope="module")
def carrara() -> Catalogue:
    return folder_store(DATA).load().catalogue


@pytest.fixture(scope="module")
def client(town: Catalogue) -> Iterator[TestClient]:
    with client_of(town) as started:
        yield started


def page(catalogue: Catalogue, project_id: str, language: str = "en") -> Html:
    found = project_pages_of(catalogue, DAY).page(language, project_id, SITE)
    assert found is not None
    html = Html(found.content.decode())
    check_shape(html)
    return html


def within(text: str) -> Html:
    """Read a piece below a heading of the second level, as the desk shows it."""
    heading = "<h1>Desk</h1><h2>Project</h2>"
    return Html(f"<!DOCTYPE html><html><title>x</title><body>{heading}{text}</body></html>")


def piece(catalogue: Catalogue, project_id: str, language: str = "en") -> Html:
    found = project_pages_of(catalogue, DAY).piece(language, project_id)
    assert found is not None
    return within(found.content.decode())


# ---------------------------------------------------------------- every shipped project


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_project_has_a_sound_and_small_page(
    carrara: Catalogue, language: str
) -> None:
    for project in carrara.projects:
        found = project_pages_of(carrara, DAY).page(language, project.id, SITE)
        assert found is not None
        assert len(found.compressed) + len(STYLE.body.compressed) < MOST_BYTES
        html = page(carrara, project.id, language)
        assert html.texts("h1") == [" ".join(getattr(project, f"name_{language}").split())]
        assert html.value("html", "lang") == language
        check_linked_data(html.linked_data)
        marked = html.values(".stages > li", "aria-current")
        assert marked == (["step"] if project.phase else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_record_is_a_sound_piece_with_links_from_the_root(
    carrara: Catalogue, language: str
) -> None:
    with client_of(carrara) as started:
        checked: set[str] = set()
        for project in carrara.projects:
            html = piece(carrara, project.id, language)
            levels = [int(each.name[1]) for each in html.document.query("h1, h2, h3, h4, h5")]
            assert set(levels[2:]) <= {3, 4}
            assert levels[2] == 3
            ids = html.values("[id]", "id")
            assert len(ids) == len(set(ids))
            assert all(each.startswith("record-") for each in ids)
            assert set(html.values("[aria-labelledby]", "aria-labelledby")) <= set(ids)
            assert html.document.query("script, style, svg, iframe, form") == []
            for link in set(html.links) - checked:
                if not link.startswith(("https://", "http://")):
                    assert started.get(f"/{link}").status_code == 200, link
                checked.add(link)


# ---------------------------------------------------------------- what a page tells


def test_way_through_the_phases_is_a_list_in_order_with_one_step_marked(
    make_catalogue: Make,
) -> None:
    rows = [{"id": "p", "phase": "works", "stalled": "yes"}]
    steps = [
        {"project_id": "p", "date": "2024-02", "phase": "design", "text_en": "Drawn"},
        {"project_id": "p", "date": "2024-02", "phase": "works", "text_en": "Begun"},
    ]
    html = page(make_catalogue(projects=rows, milestones=steps), "p")
    names = ["Planned", "In design", "Out to tender", "Works under way", "Being tested"]
    assert html.texts("ol.stages > li > strong") == [*names, "Completed"]
    (marked,) = html.document.query('ol.stages > li[aria-current="step"]')
    said = " ".join(marked.to_text().split())
    assert said.startswith("Works under way Current phase, reached: February 2024 · stalled")
    assert html.values("ol.stages time", "datetime") == ["2024-02", "2024-02"]
    untold, design, *_ = html.texts("ol.stages > li")
    assert "No news of this phase" in untold
    assert "Reached: February 2024" in design


def test_phase_without_a_date_says_so(make_catalogue: Make) -> None:
    html = page(make_catalogue(projects=[{"id": "p", "phase": "tender"}]), "p", "it")
    (marked,) = html.texts("ol.stages > [aria-current]")
    assert "Fase attuale, raggiunta: data non nota" in marked
    assert html.document.query("ol.stages time") == []


def test_unknown_and_dropped_are_told_as_what_they_are(make_catalogue: Make) -> None:
    rows = [{"id": "unknown"}, {"id": "dropped", "phase": "dropped"}]
    catalogue = make_catalogue(projects=rows)
    html = page(catalogue, "unknown")
    assert html.texts(".phase .tag") == ["phase not known"]
    assert html.values(".stages > li", "aria-current") == []
    html = page(catalogue, "dropped")
    assert html.texts(".stages > [aria-current] > strong") == ["Dropped"]
    assert "no delay is measured" in html.texts(".delay")[0]


def test_figures_are_marked_and_contradictions_flagged(make_catalogue: Make) -> None:
    line = {"project_id": "p", "programme_id": "pnrr", "nature": "allocated", "amount_eur": "5"}
    lines = [
        {**line, "counted": "yes", "as_of": "2024"},
        {**line, "counted": "no", "source": "https://news.example/other"},
    ]
    catalogue = make_catalogue(
        projects=[{"id": "p"}], programmes=[{"id": "pnrr", "level": "eu"}], funding=lines
    )
    html = page(catalogue, "p")
    assert html.texts(".lines .tag") == ["added", "not added"]
    assert "The sources also give other figures" in html.text
    assert html.facts["Allocated"].startswith("€5")
    assert "https://news.example/other" in html.values(".lines a", "href")
    assert "European Union" in html.facts["Programmes"]


def test_code_is_shown_to_copy_with_where_to_look_it_up(town: Catalogue) -> None:
    html = page(town, "selciato")
    assert html.texts(".cup") == [CODE]
    sites = {urlsplit(each).netloc for each in html.links}
    assert {"opencup.gov.it", "opencoesione.gov.it"} <= sites
    assert "code not known" in page(town, "luci").text


def test_place_leads_to_its_page_and_others_to_theirs(town: Catalogue) -> None:
    html = page(town, "selciato")
    assert html.values(".where a", "href") == ["../../en/places/piazza"]
    assert "../../en/projects/luci" in html.links
    assert len(html.document.query(".sketch svg")) == 1
    assert html.values(".nearby > li > a", "href")
    assert page(town, "rete").document.query(".sketch, .where, .nearby") == []


def test_many_neighbours_are_listed_when_one_asks(make_catalogue: Make) -> None:
    rows = [
        {"id": f"w{n}", "kind": "gallery", "lat": f"44.08{n:02}", "lon": "10.1"} for n in range(20)
    ]
    crowd = [{"id": f"c{n}", "kind": "gallery", "lat": "44.08", "lon": "10.1"} for n in range(70)]
    html = page(make_catalogue(workshops=rows, projects=[{"id": "p", "place_id": "w0"}]), "p")
    assert len(html.texts(".nearby > li")) == 12
    assert html.texts(".record summary") == ["7 more places"]
    assert len(html.texts(".record details > ul > li")) == 7
    html = page(make_catalogue(workshops=crowd, projects=[{"id": "p", "place_id": "c0"}]), "p")
    assert len(html.texts(".record details > ul > li")) == 60 - 12
    assert "9 more places, less near, are not listed here." in html.text


def test_changes_of_published_versions_are_told_where_there_are_any(town: Catalogue) -> None:
    project = town.project("selciato")
    assert project is not None
    wording = Wording(town, translator("en"), DAY)
    for text in ("Ada", *HOSTILE):
        changes = [Change("1 May 2026", "2026-05-01", text, "Phase", text, "")]
        whole = project_page(wording, project, SITE, changes).content.decode()
        alone = project_piece(wording, project, changes).content.decode()
        for html in (Html(whole), within(alone)):
            assert "What changed in published versions" in html.text
            assert html.values('time[datetime="2026-05-01"]', "datetime") == ["2026-05-01"]
            assert "→ nothing" in html.text
            assert html.document.query("main script, body > script, [onerror]") == []
    assert "What changed" not in piece(town, "selciato").text


# ---------------------------------------------------------------- what previews are told


def test_page_names_itself_its_translations_and_the_app(town: Catalogue) -> None:
    html = page(town, "selciato")
    assert html.value("link[rel=canonical]", "href") == f"{SITE}en/projects/selciato"
    links = "link[rel=alternate]"
    assert dict(zip(html.values(links, "hreflang"), html.values(links, "href"), strict=True)) == {
        "it": f"{SITE}it/progetti/selciato",
        "en": f"{SITE}en/projects/selciato",
        "x-default": f"{SITE}progetti/selciato",
    }
    assert html.value('meta[property="og:title"]', "content") == "New paving"
    assert html.value("meta[name=description]", "content")
    (led,) = [each for each in html.links if "project=" in each]
    assert urljoin(f"{SITE}en/projects/selciato", led).startswith(f"{SITE}projects?")
    assert parse_qs(urlsplit(led).query) == {"lang": ["en"], "project": ["selciato"]}
    assert "../../it/progetti/selciato" in html.links
    assert "../../en/projects" in html.links
    assert html.values("script[src]", "src") == []


def test_linked_data_tell_only_what_is_known(town: Catalogue) -> None:
    about = page(town, "selciato").linked_data
    check_linked_data(about)
    assert about["@type"] == "Project"
    assert about["identifier"]["value"] == CODE
    assert about["alternateName"] == ["Nuovo selciato"]
    with client_of(town) as started:
        place = Html(started.get("/en/places/piazza").text).linked_data
    assert about["location"]["@id"] == place["@id"]
    bare = page(town, "rete").linked_data
    assert not {"identifier", "location", "description", "sameAs"} & set(bare)


def test_code_of_unusual_form_is_no_identifier(make_catalogue: Make) -> None:
    catalogue = make_catalogue(projects=[{"id": "p", "cup": "B65I1800010000X"}])
    assert "identifier" not in page(catalogue, "p").linked_data


# ---------------------------------------------------------------- how it is sent


@pytest.mark.parametrize("path", ["/it/progetti/selciato", "/en/projects/selciato"])
def test_page_is_sent_compressed_and_only_once(client: TestClient, path: str) -> None:
    found = client.get(path, headers={"Accept-Language": "de"})
    assert found.status_code == 200
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert found.headers["content-language"] == path[1:3]
    assert found.headers["cache-control"] == "public, max-age=60"
    assert found.headers["content-encoding"] == "gzip"
    again = client.get(path, headers={"If-None-Match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(path).headers == found.headers
    assert client.post(path).status_code == 405


def test_page_is_rendered_once(town: Catalogue) -> None:
    pages = project_pages_of(replace(town), DAY)
    assert pages.page("it", "selciato", SITE) is pages.page("it", "selciato", SITE)
    assert pages.piece("it", "selciato") is pages.piece("it", "selciato")
    assert pages.page("it", "none-such", SITE) is None
    assert pages.piece("it", "none-such") is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("project", ["none-such", "selciato/more", "<script>", "piazza"])
def test_project_that_is_not_there_is_missed(
    client: TestClient, language: str, project: str
) -> None:
    found = client.get(f"/{project_path(language, '')}/{quote(project)}")
    assert found.status_code == 404
    assert found.headers["cache-control"] == "no-store"
    html = Html(found.text)
    check_shape(html)
    assert html.texts("h1") == [translator(language).text("place_page.missing")]
    led = urljoin(str(found.url), html.values(".action", "href")[0])
    assert led == SITE + project_path(language, "")
    assert client.get(led).status_code == 200


@pytest.mark.parametrize(
    ("path", "accepts", "target"),
    [
        ("/progetti/selciato", "en", "/en/projects/selciato"),
        ("/projects/selciato", "it", "/it/progetti/selciato"),
        ("/it/projects/selciato", "en", "/it/progetti/selciato"),
        ("/en/progetti/selciato?p.q=x", "it", "/en/projects/selciato?p.q=x"),
        ("/en/progetti", "it", "/en/projects"),
        ("/it/projects?p.phase=works", "en", "/it/progetti?p.phase=works"),
        ("/progetti", "en", "/en/projects"),
        ("/it/progetti/", "en", "/it/progetti"),
        ("/en/projects/selciato/", "it", "/en/projects/selciato"),
        ("/progetti/selciato/qr.svg", "it", "/it/progetti/selciato/qr.svg"),
    ],
)
@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_other_addresses_lead_to_the_page(
    town: Catalogue, path: str, accepts: str, target: str, base_path: str
) -> None:
    assert led_to(town, path, accepts, base_path) == target


def test_list_of_all_projects_has_a_sound_shape_with_its_charts(client: TestClient) -> None:
    html = Html(client.get("/en/projects").text)
    check_shape(html)
    figures = html.document.query("figure")
    assert len(figures) > 1
    assert all((each.attrs or {}).get("aria-label") for each in figures)


def test_page_of_the_app_and_its_server_keep_their_addresses(client: TestClient) -> None:
    assert '<div id="root">' in client.get("/projects?lang=en&project=selciato").text
    for asked in ("health", "host-config", "stream"):
        found = client.get(f"/projects/_stcore/{asked}")
        assert (found.status_code, found.text) == (404, "Not found")


def test_address_of_the_page_is_drawn_for_cameras(client: TestClient) -> None:
    path = project_code_path("it", "selciato")
    found = client.get(f"/{path}")
    assert found.headers["content-type"] == "image/svg+xml"
    assert "Nuovo selciato" in found.text
    html = Html(client.get("/it/progetti/selciato").text)
    assert set(html.values("img.qr", "src")) == {f"../../{path}"}
    assert client.get(f"/{project_code_path('it', 'none-such')}").status_code == 404


def test_record_alone_is_sent_in_the_language_asked_for(client: TestClient) -> None:
    for asked, language in (("en", "en"), ("it", "it"), ("xx", "it"), ("", "it")):
        found = client.get("/data/projects/selciato.html", params={"lang": asked})
        assert found.status_code == 200
        assert found.headers["content-language"] == language
        assert found.headers["cache-control"] == "public, max-age=60"
        assert translator(language).text("record.phases") in found.text
        assert "<html" not in found.text
    for missing in ("none-such", "%3Cscript%3E", "selciato/more"):
        found = client.get(f"/data/projects/{missing}.html")
        assert (found.status_code, found.headers["content-type"][:9]) == (404, "text/plai")
        assert "script" not in found.text


# ---------------------------------------------------------------- hostile texts

FREE = {
    "projects": ("name", "former_use", "new_use", "cup", "summary", "note", "website"),
    "funding": ("source", "note"),
    "milestones": ("text", "source"),
    "programmes": ("name", "website"),
    "workshops": ("name", "address", "image"),
    "public_spaces": ("name", "address"),
}
"""How the names of columns of free text begin, and of addresses that only reading checks."""


def hostile_copy(town: Catalogue, text: str) -> Catalogue:
    frames = dict(town.frames)
    for table, beginnings in FREE.items():
        names = [each for each in TABLES[table].names if each.startswith(beginnings)]
        frames[table] = frames[table].assign(**dict.fromkeys(names, text))
    projects = frames["projects"].copy()
    for name in ("owner", "promoter", "designer", "sources"):
        projects[name] = [(text,)] * len(projects)
    projects["source_dates"] = [(None,)] * len(projects)
    frames["projects"] = projects
    frames["streets"] = frames["streets"].assign(name=text)
    city = replace(town.city, names=dict.fromkeys(town.city.names, text), contact=text)
    return Catalogue(city, town.vocabularies, frames, f"hostile {text}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_cells_stay_texts_wherever_they_stand(
    town: Catalogue, text: str, language: str
) -> None:
    hostile = hostile_copy(town, text)
    for project in hostile.projects:
        html = page(hostile, project.id, language)
        check_linked_data(html.linked_data)
        told = piece(hostile, project.id, language)
        assert told.document.query("script, img, style") == []
        for each in (html, told):
            assert each.document.query("[onerror], [onmouseover]") == []
            assert not [one for one in each.links if one.lower().startswith("javascript:")]
        drawn = project_pages_of(hostile, DAY).code(language, project.id, SITE)
        assert drawn is not None
        root = ET.fromstring(drawn.content)  # noqa: S314 -- our own
        assert {each.tag.rpartition("}")[2] for each in root.iter()} == {"svg", "title", "path"}


@pytest.mark.parametrize("text", HOSTILE)
def test_linked_data_cannot_leave_their_script(town: Catalogue, text: str) -> None:
    found = project_pages_of(hostile_copy(town, text), DAY).page("en", "selciato", SITE)
    assert found is not None
    pattern = r'<script type="application/ld\+json">(.*?)</script>'
    (script,) = re.findall(pattern, found.content.decode(), re.DOTALL)
    assert not set("<>&'") & set(script)


@pytest.mark.parametrize("item", ['"; x="', "<script>", "è/../x?y#z", "'&\u202e"])
def test_address_of_any_id_stays_one_part(item: str) -> None:
    for language in LANGUAGES:
        assert project_path(language, item).count("/") == 2
        assert not set("<>\"'?#") & set(project_path(language, item))
    assert parse_qs(urlsplit(project_in_app("en", item)).query)["project"] == [item]


def test_every_phase_has_a_look_of_its_own_that_is_no_colour() -> None:
    style = STYLE.body.content.decode()
    for state in ("reached", "current", "untold", "given_up"):
        (rule,) = re.findall(rf"\.stages > \.stage-{state}::before {{([^}}]*)}}", style)
        assert re.search(r"border|transform", rule)


def test_name_of_any_length_is_a_short_heading_and_whole_in_the_data(
    make_catalogue: Make,
) -> None:
    name = " ".join(["Riqualificazione"] * 600)
    html = page(make_catalogue(projects=[{"id": "p", "name_it": name, "name_en": name}]), "p")
    (heading,) = html.texts("h1")
    assert heading.endswith("Riqualificazione…")
    assert len(heading) <= 160
    assert html.linked_data["name"] == name
