"""Pages of places: what they tell, where their links lead, how they are sent."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from justhtml import JustHTML, query
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.file_util import get_static_dir

from regen_map.catalogue import PLACE_TABLES, Catalogue, Family, Place, Workshop
from regen_map.messages import LANGUAGES, translator
from regen_map.query import neighbours
from regen_map.query.walks import walks_through
from regen_map.store import folder_store
from regen_map.web import Site
from regen_map.web.places import STYLE, pages_of
from regen_map.web.places.addresses import SEGMENTS, email_link, shortened, source_name, web_link
from regen_map.web.places.hours import hours_for_machines
from regen_map.web.places.linked_data import linked_data
from regen_map.web.places.sketch import HEIGHT, WIDTH, draw
from regen_map.webmap.symbols import STYLES

DATA = Path(__file__).parents[1] / "data"
DAY = dt.date(2026, 11, 23)
SITE = "https://town.example/"
MOST_BYTES = 50_000

Make: TypeAlias = Callable[..., Catalogue]

HOSTILE = [
    "<script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 1">',
    "' onmouseover='window.hacked = 1",
    "</script><script>window.hacked = 1</script>",
    "</title></style></textarea></svg>--></desc><script>window.hacked = 1</script>",
    "${window.hacked = 1}{{ 7 * 7 }}{% raw %}",
    "javascript:window.hacked=1",
    "\u202egnp.exe \u2066hidden\u2069",
    "]]><!--",
    "&lt;b&gt;&#0;",
    "longword" * 500,
]


class Html:
    """A page as a parser understands it that forgives nothing."""

    def __init__(self, text: str) -> None:
        self.document = JustHTML(text, strict=True, sanitize=False)

    def texts(self, selector: str) -> list[str]:
        return [" ".join(each.to_text().split()) for each in self.document.query(selector)]

    def values(self, selector: str, name: str) -> list[str]:
        return [
            value
            for each in self.document.query(selector)
            if (value := (each.attrs or {}).get(name)) is not None
        ]

    def value(self, selector: str, name: str) -> str:
        (found,) = self.values(selector, name)
        return found

    @property
    def text(self) -> str:
        return " ".join(self.texts("body"))

    @property
    def facts(self) -> dict[str, str]:
        """By label; only the first where there are several."""
        rows = [(query(each, "dt"), query(each, "dd")) for each in self.document.query("dl > div")]
        return {labels[0].to_text(): facts[0].to_text() for labels, facts in rows}

    @property
    def links(self) -> list[str]:
        return self.values("a", "href")

    @property
    def linked_data(self) -> dict[str, Any]:
        (script,) = self.document.query("script")
        assert script.attrs == {"type": "application/ld+json"}
        found: dict[str, Any] = json.loads(script.to_text())
        return found


def address_of(language: str, place_id: str = "") -> str:
    return f"/{language}/{SEGMENTS[language]}" + (f"/{place_id}" if place_id else "")


def text_of(catalogue: Catalogue, place_id: str, language: str = "en") -> str:
    found = pages_of(catalogue, DAY).place(language, place_id, SITE)
    assert found is not None
    return found.content.decode()


def page(catalogue: Catalogue, place_id: str, language: str = "en") -> Html:
    return Html(text_of(catalogue, place_id, language))


def client_of(catalogue: Catalogue, base_path: str = "") -> TestClient:
    site = Site(
        catalogue=lambda: catalogue,
        streamlit_files=Path(get_static_dir()),
        base_path=base_path,
    )
    app = Starlette(routes=site.routes, middleware=site.middleware)
    return TestClient(app, base_url=SITE, follow_redirects=False)


@pytest.fixture(scope="module")
def carrara() -> Catalogue:
    return folder_store(DATA).load().catalogue


@pytest.fixture
def client(town: Catalogue) -> Iterator[TestClient]:
    with client_of(town) as started:
        yield started


@pytest.fixture
def workshop(make_catalogue: Make) -> Callable[..., Html]:
    """Show a workshop of which only its kind and what is given are known."""

    def show(language: str = "en", **cells: str) -> Html:
        rows = [{"id": "a", "kind": "gallery", **cells}]
        return page(make_catalogue(workshops=rows), "a", language)

    return show


Show: TypeAlias = Callable[..., Html]


# ---------------------------------------------------------------- every shipped place


def addresses_in(catalogue: Catalogue) -> set[str]:
    """Give every address that the files themselves name."""
    found = {catalogue.city.licence_url}
    for frame in catalogue.frames.values():
        for column in {"website", "source", "sources"} & set(frame.columns):
            for cell in frame[column]:
                found.update(cell if isinstance(cell, tuple) else [cell])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_place_has_a_sound_page(carrara: Catalogue, language: str) -> None:
    known = addresses_in(carrara)
    pages = {address_of(each, one) for each in LANGUAGES for one in ("", *carrara.place_ids)}
    for place_id in carrara.place_ids:
        found = pages_of(carrara, DAY).place(language, place_id, SITE)
        assert found is not None
        assert len(found.compressed) + len(STYLE.body.compressed) < MOST_BYTES
        html = Html(found.content.decode())
        assert html.texts("h1") == [getattr(carrara.place(place_id), f"name_{language}")]
        assert html.value("html", "lang") == language
        check_shape(html)
        for link in html.links:
            if link.startswith(("http:", "https:")):
                assert link in known, link
                continue
            target = urlsplit(urljoin(SITE + address_of(language, place_id)[1:], link))
            outside = target.scheme in ("tel", "mailto", "geo")
            assert outside or not target.path.strip("/") or target.path in pages, link


def check_shape(html: Html) -> None:
    """Check what assistive technology relies on, and what the security policy asks."""
    for landmark in ("main", "body > header", "body > footer"):
        assert len(html.document.query(landmark)) == 1
    levels = [int(each.name[1]) for each in html.document.query("h1, h2, h3, h4, h5, h6")]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = html.values("[id]", "id")
    assert len(ids) == len(set(ids))
    named = {one for each in html.values("*", "aria-labelledby") for one in each.split()}
    assert named <= set(ids)
    assert html.links[0] == "#content"
    assert html.value("main", "id") == "content"
    for each in html.document.query("*"):
        attributes = each.attrs or {}
        assert not {name for name in attributes if name.startswith("on") or name == "style"}
        assert each.name not in {"style", "iframe", "form", "object", "embed", "base"}
    assert html.values("script", "src") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_of_all_places_names_each_by_family_and_by_quarter(
    carrara: Catalogue, language: str
) -> None:
    found = pages_of(carrara, DAY).index(language, SITE)
    assert len(found.compressed) + len(STYLE.body.compressed) < MOST_BYTES
    html = Html(found.content.decode())
    check_shape(html)
    links = [
        urlsplit(urljoin(f"{SITE}{language}/", each)).path.rpartition("/")[2]
        for each in html.values(".listing a", "href")
    ]
    assert sorted(links) == sorted([*carrara.place_ids, *carrara.place_ids])
    anchors = {f"#{each}" for each in html.values("h3", "id")}
    assert {f"#family-{family}" for family in Family} <= anchors
    assert "#quarter-unknown" in anchors
    assert anchors == set(html.values(".contents a", "href"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_linked_data_of_every_shipped_place_tell_only_what_is_known(
    carrara: Catalogue, language: str
) -> None:
    for place_id in carrara.place_ids:
        place = carrara.place(place_id)
        assert place
        about = page(carrara, place_id, language).linked_data
        assert about["@context"] == "https://schema.org"
        assert about["name"] == getattr(place, f"name_{language}")
        assert about["url"] == SITE.rstrip("/") + address_of(language, place_id)
        assert about["address"]["addressLocality"] == "Carrara"
        assert ("geo" in about) == (place.lat is not None)
        if place.name_it != place.name_en:
            assert {about["name"], *about["alternateName"]} == {place.name_it, place.name_en}


# ---------------------------------------------------------------- what a page tells


def test_what_is_not_known_is_said_where_a_visitor_looks(workshop: Show) -> None:
    facts = workshop().facts
    asked = ("Address", "Status", "Visits", "Opening hours", "Wheelchair", "Contact", "Craft")
    for each in (*asked, "People to meet"):
        assert facts[each] == "not known", each
    text = workshop().text
    assert "The story of this place is not known yet." in text
    assert "No regeneration project is known for this place." in text
    assert "The position is not known" in text
    assert "non si sa" in workshop("it").text


def test_place_without_a_position_has_no_sketch(workshop: Show) -> None:
    assert workshop().document.query(".sketch") == []
    assert len(workshop(lat="44.08", lon="10.1").document.query(".sketch")) == 1


def test_practical_facts_are_told(workshop: Show) -> None:
    html = workshop(
        address="Via Carriona 1",
        status="active",
        as_of="2025-09",
        opening_hours="Mo-Fr 09:00-13:00",
        wheelchair="limited",
        visit="by_appointment",
        people="Ada Neri | Ugo Bianchi",
        phone="+39 0585 123456",
        email="ada@rossi.example",
        website="https://rossi.example/it",
    )
    facts = html.facts
    assert facts["Address"] == "Via Carriona 1"
    assert facts["Status"] == "Active (as of September 2025)"
    assert facts["Visits"] == "By appointment. Visits by arrangement."
    assert facts["Wheelchair"] == "Partly accessible"
    assert facts["Opening hours"] == "Monday to Friday 9:00–13:00; Saturday and Sunday closed"
    assert facts["People to meet"] == "Ada Neri and Ugo Bianchi"
    assert {"tel:+390585123456", "mailto:ada@rossi.example", "https://rossi.example/it"} <= set(
        html.links
    )


def test_project_is_told_with_phase_uses_money_and_steps(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        workshops=[{"id": "a", "kind": "gallery"}],
        projects=[
            {
                "id": "p",
                "place_id": "a",
                "name_en": "New studios",
                "phase": "works",
                "stalled": "yes",
                "as_of": "2025-10",
                "former_use_en": "Barracks",
                "first_declared_end": "2025-12",
                "declared_end": "2027-03",
            }
        ],
        programmes=[{"id": "pnrr", "name_en": "Recovery plan", "level": "eu"}],
        funding=[
            {
                "project_id": "p",
                "programme_id": "pnrr",
                "amount_eur": "1500000",
                "nature": "allocated",
                "counted": "yes",
                "as_of": "2024-02",
                "source": "https://news.example/money",
            }
        ],
        milestones=[
            {"project_id": "p", "date": "2025-06", "text_en": "Site opened", "phase": "works"},
            {"project_id": "p", "date": "2024", "text_en": "Tender"},
        ],
    )
    html = page(catalogue, "a")
    assert "New studios" in html.texts("h3")
    assert "Works under way. The building site is open. The project has stalled." in html.text
    assert "As of October 2025." in html.text
    assert html.texts(".uses dd") == ["Barracks", "not known"]
    assert html.facts["First promised end"] == "December 2025"
    assert html.facts["Latest promised end"] == "March 2027"
    assert html.facts["Money"] == "Allocated: €1,500,000"
    assert "Recovery plan · Allocated · February 2024 · added" in html.text
    assert "https://news.example/money" in html.links
    assert html.values("time", "datetime") == ["2024", "2025-06"]


def test_end_of_a_project_is_said_to_be_unknown(town: Catalogue) -> None:
    assert page(town, "cinema").facts["End"] == "not known"


def test_events_walks_and_neighbours_are_told(make_catalogue: Make) -> None:
    near = {"kind": "gallery", "lat": "44.08", "lon": "10.1", "position_accuracy_m": "5"}
    catalogue = make_catalogue(
        workshops=[near | {"id": "a"}, near | {"id": "b", "lat": "44.081"}],
        events=[{"id": "e", "name_en": "Open day", "place_id": "a", "recurrence_en": "In June"}],
        itineraries=[{"id": "w", "name_en": "Marble walk", "theme": "marble"}],
        stops=[
            {"itinerary_id": "w", "order": "3", "place_id": "a", "text_en": "Look up"},
            {"itinerary_id": "w", "order": "1", "place_id": "b"},
        ],
        vocabularies=[
            {
                "vocabulary": vocabulary,
                "term": term,
                "parent": parent,
                "label_it": term,
                "label_en": term,
            }
            for vocabulary, term, parent in (
                ("kind", "gallery", "workshop"),
                ("theme", "marble", ""),
            )
        ],
    )
    html = page(catalogue, "a")
    assert "Open day" in html.text
    assert "In June" in html.text
    assert "Marble walk stop 2 of 2 Look up" in html.text
    assert html.values(".nearby a", "href") == ["../../en/places/b"]
    assert "110 m, about 2 minutes" in " ".join(html.texts(".nearby"))


def test_walks_call_at_their_places_in_order(carrara: Catalogue) -> None:
    calls = walks_through(carrara, "palazzo-rosso")
    assert [(each.itinerary.id, each.number) for each in calls] == [("spazi-rigenerati", 2)]
    assert walks_through(carrara, "none-such") == ()


def test_text_in_another_language_says_so(workshop: Show) -> None:
    html = workshop(summary_it="Una storia")
    (story,) = html.document.query(".story")
    assert (story.attrs or {})["lang"] == "it"
    assert "lang" not in (workshop(summary_en="A story").document.query(".story")[0].attrs or {})


def test_source_of_place_and_project_is_told_once_with_its_date(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        workshops=[{"id": "a", "kind": "gallery", "sources": "https://a.example/1"}],
        projects=[
            {
                "id": "p",
                "place_id": "a",
                "sources": "https://a.example/1",
                "source_dates": "2025-02",
            }
        ],
    )
    assert page(catalogue, "a").texts(".sources li") == ["a.example February 2025"]


def test_page_leads_into_the_map_and_to_the_other_language(town: Catalogue) -> None:
    html = page(town, "rossi")
    assert "../../?place=rossi&lang=en" in html.links
    assert "../../it/luoghi/rossi" in html.links
    assert html.value("link[rel=canonical]", "href") == f"{SITE}en/places/rossi"
    alternates = dict(
        zip(
            html.values("link[rel=alternate]", "hreflang"),
            html.values("link[rel=alternate]", "href"),
            strict=True,
        )
    )
    assert alternates == {
        "it": f"{SITE}it/luoghi/rossi",
        "en": f"{SITE}en/places/rossi",
        "x-default": f"{SITE}luoghi/rossi",
    }
    assert html.value('meta[property="og:url"]', "content") == f"{SITE}en/places/rossi"
    assert html.value('meta[property="og:title"]', "content") == "Rossi workshop"
    assert html.value("meta[name=description]", "content")


def with_city(catalogue: Catalogue, **changes: Any) -> Catalogue:
    return replace(catalogue, city=replace(catalogue.city, **changes))


def test_letter_about_a_mistake_is_begun_where_there_is_an_address(town: Catalogue) -> None:
    told = with_city(town, contact="maps@town.example")
    (letter,) = [each for each in page(told, "rossi").links if each.startswith("mailto:maps@")][1:]
    parts = parse_qs(urlsplit(letter).query)
    assert parts["subject"] == ["Report: Rossi workshop (rossi)"]
    assert f"Place: rossi\r\nVersion of the data: {town.version}\r\n" in parts["body"][0]
    assert f"{SITE}en/places/rossi" in parts["body"][0]
    assert not [each for each in page(town, "rossi").links if each.startswith("mailto:")]


# ---------------------------------------------------------------- linked data


def about_of(catalogue: Catalogue, place: Place, **changes: Any) -> dict[str, Any]:
    changed = replace(place, **changes)
    return dict(linked_data(changed, catalogue.city, language="en", address=f"{SITE}x"))


@pytest.fixture
def rossi(town: Catalogue) -> Workshop:
    found = town.place("rossi")
    assert isinstance(found, Workshop)
    return found


def test_kind_of_thing_follows_family_and_kind(town: Catalogue, rossi: Workshop) -> None:
    piazza, museum = town.place("piazza"), town.place("museo")
    assert piazza
    assert museum
    assert about_of(town, rossi)["@type"] == "LocalBusiness"
    assert about_of(town, rossi, kind="historic_shop")["@type"] == "Store"
    assert about_of(town, museum)["@type"] == "TouristAttraction"
    assert about_of(town, piazza)["@type"] == ["Place", "CivicStructure"]


def test_what_is_closed_is_no_business_and_never_open(town: Catalogue, rossi: Workshop) -> None:
    closed = about_of(town, rossi, status="closed", opening_hours="Mo-Fr 09:00-13:00")
    assert closed["@type"] == "Place"
    assert "openingHours" not in closed


def test_position_is_a_point_or_a_circle_or_nothing(town: Catalogue, rossi: Workshop) -> None:
    assert about_of(town, rossi, position_accuracy_m=10.0)["geo"]["@type"] == "GeoCoordinates"
    circle = about_of(town, rossi, position_accuracy_m=200.0)["geo"]
    assert circle["@type"] == "GeoCircle"
    assert circle["geoRadius"] == 200
    assert circle["geoMidpoint"]["latitude"] == rossi.lat
    assert "geo" not in about_of(town, rossi, lat=None, lon=None)


def test_place_is_the_same_as_in_wikidata_and_on_its_own_site(
    town: Catalogue, rossi: Workshop
) -> None:
    about = about_of(town, rossi, wikidata="Q1", website="https://rossi.example/")
    assert about["sameAs"] == ["https://www.wikidata.org/entity/Q1", "https://rossi.example/"]
    assert "sameAs" not in about_of(town, rossi)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, []),
        ("", []),
        ("Mo-Fr 08:30-16:00", ["Mo-Fr 08:30-16:00"]),
        ("We,Th 09:30-12:30,17:00-21:00", ["We,Th 09:30-12:30", "We,Th 17:00-21:00"]),
        ("Mo-Fr 09:00-13:00; Fr 10:00-12:00", []),
        ("Sa-Mo 09:00-13:00; Su 10:00-12:00", []),
        ("Mo-Fr 09:00-13:00; PH off", []),
        ("Jun-Sep: Mo-Fr 09:00-13:00", []),
        ("Mo-Fr 09:00-25:00", []),
        ("by appointment", []),
        ("24/7", []),
    ],
)
def test_hours_are_given_to_machines_only_where_nothing_is_lost(
    text: str | None, found: list[str]
) -> None:
    assert hours_for_machines(text) == found


# ---------------------------------------------------------------- the sketch


def test_sketch_of_every_shipped_place_stays_in_its_frame(carrara: Catalogue) -> None:
    for place_id in carrara.place_ids:
        place = carrara.place(place_id)
        assert place
        near = [carrara.place(each.key) for each in neighbours(carrara, place_id)]
        sketch = draw(carrara, place, [each for each in near if each])
        assert (sketch is None) == (place.lat is None)
        if sketch is None:
            continue
        assert all(0 <= each.box.x <= WIDTH and 0 <= each.box.y <= HEIGHT for each in sketch.marks)
        assert all(each.box.inside for each in sketch.streets)
        numbers = [number for each in sketch.marks for number in each.text.split(", ")]
        assert sorted(numbers, key=int) == [str(each + 1) for each in range(len(near))]
        assert 0 < sketch.scale <= WIDTH / 3
        boxes = [each.box for each in sketch.streets]
        assert not any(a.meets(b) for a in boxes for b in boxes if a is not b)


def test_sketch_has_north_up_and_a_true_scale(town: Catalogue, rossi: Workshop) -> None:
    here = replace(rossi, lat=44.08, lon=10.1, position_accuracy_m=5.0)
    north = replace(here, lat=44.08 + 100 / 111_111)
    sketch = draw(town, here, [north])
    assert sketch
    (mark,) = sketch.marks
    assert mark.box.y < HEIGHT / 2
    assert abs(mark.box.x - WIDTH / 2) < 2
    drawn = (HEIGHT / 2 - mark.box.y) / sketch.scale * sketch.scale_m
    assert drawn == pytest.approx(100, rel=0.02)


def test_sketch_shows_how_sure_the_position_is(town: Catalogue, rossi: Workshop) -> None:
    exact = draw(town, replace(rossi, position_accuracy_m=10.0), [])
    about = draw(town, replace(rossi, position_accuracy_m=150.0), [])
    unsaid = draw(town, replace(rossi, position_accuracy_m=None), [])
    assert exact
    assert about
    assert unsaid
    assert (exact.exact, exact.accuracy) == (True, 0.0)
    assert not about.exact
    assert about.accuracy / about.scale * about.scale_m == pytest.approx(150, rel=0.01)
    assert (unsaid.exact, unsaid.accuracy) == (False, 0.0)


def test_style_has_the_colours_of_the_map() -> None:
    style = STYLE.body.content.decode()
    for family in Family:
        name = f"--{family.replace('_', '-')}"
        colours = re.findall(rf"{name}: (#[0-9a-f]{{6}});", style)
        assert colours == [STYLES[family].colour, STYLES[family].colour_dark]


# ---------------------------------------------------------------- hostile texts


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text_wherever_it_stands(
    text: str, language: str, town: Catalogue
) -> None:
    hostile = hostile_town(town, text)
    sound = page(town, "rossi", language)
    attacked = page(hostile, "rossi", language)
    assert {each.name for each in attacked.document.query("*")} <= {
        each.name for each in sound.document.query("*")
    } | {"div", "h2", "h4", "p", "a", "span", "circle", "ul", "li", "strong", "bdi"}
    check_shape(attacked)
    assert attacked.linked_data["name"].strip()
    assert not [each for each in attacked.links if each.lower().startswith("javascript:")]
    html = Html(pages_of(hostile, DAY).index(language, SITE).content.decode())
    check_shape(html)
    ET.fromstring(pages_of(hostile, DAY).sitemap(SITE).content)  # noqa: S314 - our own


def hostile_town(town: Catalogue, text: str) -> Catalogue:
    """Put a text into every cell of free text, and into what the city says of itself."""
    frames = dict(town.frames)
    for table in PLACE_TABLES:
        frame = frames[table.name].copy()
        free = [
            each.name
            for each in fields(table.record)
            if each.name.startswith(("name", "summary", "note", "address", "contact", "period"))
        ]
        for column in free:
            frame[column] = text
        frames[table.name] = frame
    streets = frames["streets"].copy()
    streets["name"] = text
    frames["streets"] = streets
    city = replace(
        town.city,
        names=dict.fromkeys(town.city.names, text),
        publisher=text,
        contact=text,
        licence=text,
        licence_url=text,
    )
    return Catalogue(city, town.vocabularies, frames, "hostile")


@pytest.mark.parametrize("text", HOSTILE)
def test_linked_data_cannot_leave_their_script(text: str, town: Catalogue) -> None:
    html = text_of(hostile_town(town, text), "rossi")
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert not set("<>&'") & set(script)
    assert json.loads(script)["@context"] == "https://schema.org"


def test_marks_of_direction_do_not_reach_where_nothing_isolates_them(town: Catalogue) -> None:
    html = page(hostile_town(town, "\u202egnp.exe"), "rossi")
    title = html.texts("title")[0].partition(" – ")[0]
    assert title == "gnp.exe"
    assert html.value('meta[property="og:title"]', "content") == "gnp.exe"
    assert html.linked_data["name"] == "gnp.exe"
    assert all(each.name == "bdi" for each in html.document.query("h1 > *"))


def test_links_are_only_what_they_seem() -> None:
    assert web_link("javascript:alert(1)") == ""
    assert web_link("https://a.example") == "https://a.example"
    assert email_link("a@b.example?cc=c@d.example") == ""
    assert email_link("https://a.example") == ""
    assert email_link("a+b@c.example", "x & y", "1\n2").endswith(
        "?subject=x%20%26%20y&body=1%0D%0A2"
    )


def test_text_is_cut_between_words() -> None:
    assert shortened("one two three", 20) == "one two three"
    assert shortened("one two, three four", 14) == "one two…"
    assert shortened("longword" * 10, 10) == "longwordl…"


def test_source_is_named_by_host_and_title() -> None:
    assert source_name("https://www.a.example/x/piazza-da-rifare-d758c415") == (
        "a.example: piazza da rifare"
    )
    assert source_name("https://a.example/x") == "a.example"


# ---------------------------------------------------------------- how it is sent


@pytest.mark.parametrize("path", ["/it/luoghi/rossi", "/en/places/rossi", "/it/luoghi"])
def test_page_is_sent_compressed_in_the_language_of_its_path(client: TestClient, path: str) -> None:
    found = client.get(path, headers={"Accept-Language": "de"})
    assert found.status_code == 200
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert found.headers["content-language"] == path[1:3]
    assert found.headers["cache-control"] == "public, max-age=60"
    assert found.headers["content-encoding"] == "gzip"
    assert found.headers["vary"] == "Accept-Encoding"
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == found.content


@pytest.mark.parametrize("path", ["/it/luoghi/rossi", "/en/places", "/sitemap.xml"])
def test_page_that_a_browser_has_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_head_tells_the_same_without_the_page(client: TestClient) -> None:
    got, asked = client.get("/it/luoghi/rossi"), client.head("/it/luoghi/rossi")
    assert asked.status_code == 200
    assert asked.headers == got.headers
    assert client.post("/it/luoghi/rossi").status_code == 405


def test_change_of_the_data_changes_the_page(town: Catalogue) -> None:
    shown = [town]
    site = Site(catalogue=lambda: shown[0], streamlit_files=Path(get_static_dir()))
    with TestClient(Starlette(routes=site.routes)) as started:
        first = started.get("/en/places/rossi")
        shown[0] = replace(town, version="later")
        second = started.get("/en/places/rossi")
    assert first.headers["etag"] != second.headers["etag"]
    assert "later" in second.text


def test_page_is_rendered_once(town: Catalogue) -> None:
    pages = pages_of(replace(town), DAY)
    assert pages.place("it", "rossi", SITE) is pages.place("it", "rossi", SITE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["none-such", "rossi/more", "<script>", "a%2fb", "project:rete"])
def test_place_that_is_not_there_is_missed_in_the_language_of_the_path(
    client: TestClient, language: str, place: str
) -> None:
    found = client.get(f"/{language}/{SEGMENTS[language]}/{place}")
    assert found.status_code == 404
    assert found.headers["content-language"] == language
    assert found.headers["cache-control"] == "no-store"
    html = Html(found.text)
    check_shape(html)
    assert html.texts("h1") == [translator(language).text("place_page.missing")]
    assert html.value("meta[name=robots]", "content") == "noindex"
    index = urlsplit(urljoin(str(found.url), html.values(".action", "href")[0])).path
    assert index == address_of(language)


@pytest.mark.parametrize(
    ("path", "accepts", "target"),
    [
        ("/it/places/rossi", "en", "/it/luoghi/rossi"),
        ("/en/luoghi/rossi", "it", "/en/places/rossi"),
        ("/en/luoghi", "it", "/en/places"),
        ("/luoghi/rossi", "en", "/en/places/rossi"),
        ("/places/rossi", "it", "/it/luoghi/rossi"),
        ("/places", "it", "/it/luoghi"),
        ("/luoghi", "de", "/en/places"),
        ("/it/luoghi/", "en", "/it/luoghi"),
        ("/en/places/rossi/", "it", "/en/places/rossi"),
    ],
)
@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_other_addresses_lead_to_the_page(
    town: Catalogue, path: str, accepts: str, target: str, base_path: str
) -> None:
    prefix = f"/{base_path}" if base_path else ""
    with client_of(town, base_path) as started:
        found = started.get(prefix + path, headers={"Accept-Language": accepts})
    assert found.status_code in (301, 302)
    where = urljoin(str(found.url), found.headers["location"])
    assert where == f"{SITE.rstrip('/')}{prefix}{target}"


def test_no_address_leads_to_another_host(client: TestClient) -> None:
    for path in (
        "/luoghi//evil.example",
        "/en/luoghi//evil.example",
        "/places/https:%2f%2fe.example",
    ):
        assert client.get(path).headers["location"].startswith("./")


def test_sitemap_lists_every_page_with_its_translations(
    client: TestClient, town: Catalogue
) -> None:
    found = client.get("/sitemap.xml")
    assert found.headers["content-type"].startswith("application/xml")
    names = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "x": "http://www.w3.org/1999/xhtml",
    }
    entries = ET.fromstring(found.content).findall("s:url", names)  # noqa: S314 - our own
    listed = {each.findtext("s:loc", "", names) for each in entries}
    assert listed == {
        SITE.rstrip("/") + address_of(language, place_id)
        for language in LANGUAGES
        for place_id in ("", *town.place_ids)
    }
    for each in entries:
        links = each.findall("x:link", names)
        assert [link.get("hreflang") for link in links] == [*LANGUAGES, "x-default"]
        assert each.findtext("s:loc", "", names) in {link.get("href") for link in links}
    for address in sorted(listed):
        assert client.get(address).status_code == 200


def test_crawlers_are_welcome_and_told_of_the_sitemap(client: TestClient) -> None:
    found = client.get("/robots.txt")
    assert found.headers["content-type"].startswith("text/plain")
    assert found.text == f"User-agent: *\nDisallow:\n\nSitemap: {SITE}sitemap.xml\n"


def test_absolute_addresses_are_those_that_were_asked(town: Catalogue) -> None:
    with client_of(town, "town/map") as started:
        found = started.get("/town/map/en/places/rossi", headers={"Host": "other.example:8080"})
        html = Html(found.text)
        canonical = html.value("link[rel=canonical]", "href")
        assert canonical == "https://other.example:8080/town/map/en/places/rossi"
        style = urljoin(str(found.url), html.value("link[rel=stylesheet]", "href"))
        answer = started.get(urlsplit(style).path)
        assert answer.headers["content-type"].startswith("text/css")
        assert "immutable" in answer.headers["cache-control"]


def test_host_that_is_none_is_not_written_into_the_page(client: TestClient) -> None:
    found = client.get("/en/places/rossi", headers={"Host": '"><script>alert(1)</script>'})
    assert "<script>alert" not in found.text


def test_pages_of_an_earlier_catalogue_are_forgotten(town: Catalogue) -> None:
    module = sys.modules[pages_of.__module__]
    first = pages_of(replace(town), DAY)
    for _ in range(module.pages_of.cache_parameters()["maxsize"]):
        pages_of(replace(town), DAY)
    assert first is not pages_of(town, DAY)


def test_path_with_odd_signs_is_missed(client: TestClient) -> None:
    assert client.get("/en/places/" + "x" * 5000).status_code == 404
    assert unquote(client.get("/en/places/caff%C3%A8").url.path).endswith("caffè")
