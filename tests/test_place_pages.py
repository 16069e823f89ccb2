"""Pages of places: what they tell, where their links lead, how they are sent."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
import segno
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.file_util import get_static_dir

from regen_map.catalogue import PLACE_TABLES, Catalogue, Family, Place, Workshop
from regen_map.messages import LANGUAGES, translator
from regen_map.query import neighbours
from regen_map.query.walks import walks_through
from regen_map.store import folder_store
from regen_map.web import Site
from regen_map.web.pages import STYLE, pages_of
from regen_map.web.pages.addresses import SEGMENTS, Section, section_path
from regen_map.web.pages.language_names import name_of, region_of
from regen_map.web.pages.linked_data import place_data
from regen_map.web.sketches import PlaceSketch, draw_place
from regen_map.web.sketches.canvas import Box
from regen_map.webmap.symbols import STYLES
from tests.pages import (
    DATA,
    DAY,
    HOSTILE,
    MOST_BYTES,
    NOW,
    SITE,
    Html,
    check_shape,
    client_of,
    led_to,
)
from tests.schema_org import check_linked_data

OPENSTREETMAP = "https://www.openstreetmap.org/?mlat="

Make: TypeAlias = Callable[..., Catalogue]

FREE = ("name", "summary", "note", "address", "contact", "period", "image")
"""How the names of columns of free text begin."""


def address_of(language: str, place_id: str = "") -> str:
    return f"/{language}/{SEGMENTS[Section.PLACES][language]}" + (
        f"/{place_id}" if place_id else ""
    )


def all_addresses(catalogue: Catalogue) -> Iterator[str]:
    """Give the address of every page that is listed, in every language."""
    ids = {
        Section.PLACES: ("", *catalogue.place_ids),
        Section.WALKS: ("", *catalogue.table("itineraries")["id"]),
        Section.EVENTS: ("",),
        Section.PROJECTS: catalogue.table("projects")["id"],
    }
    for section, items in ids.items():
        for language in LANGUAGES:
            for item in items:
                yield f"/{section_path(section, language, item)}"


def text_of(catalogue: Catalogue, place_id: str, language: str = "en") -> str:
    found = pages_of(catalogue, DAY).place(language, place_id, SITE)
    assert found is not None
    return found.content.decode()


def page(catalogue: Catalogue, place_id: str, language: str = "en") -> Html:
    return Html(text_of(catalogue, place_id, language))


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
    reports = {f"/{section_path(Section.PROJECTS, each)}" for each in LANGUAGES}
    pages = reports | set(all_addresses(carrara))
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
                here = link == SITE.rstrip("/") + address_of(language, place_id)
                assert here or link in known or link.startswith(OPENSTREETMAP), link
                continue
            target = urlsplit(urljoin(SITE + address_of(language, place_id)[1:], link))
            outside = target.scheme in ("tel", "mailto", "geo")
            assert outside or not target.path.strip("/") or target.path in pages, link


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_of_all_places_names_each_by_family_and_by_quarter(
    carrara: Catalogue, language: str
) -> None:
    found = pages_of(carrara, DAY).places(language, SITE)
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
        check_linked_data(about)
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
    assert {"tel:+390585123456", "https://rossi.example/it"} <= set(html.links)
    (letter,) = [each for each in html.links if each.startswith("mailto:ada@rossi.example?")]
    assert parse_qs(urlsplit(letter).query)["subject"] == ["Visit: A"]


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
    (phase,) = html.texts(".phase")
    assert phase.startswith("Works under way Stalled building site at A: works have begun")
    assert phase.endswith("As of October 2025.")
    assert html.texts(".uses dt") == ["Before", "Intended"]
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
    assert html.values("#walks + ul a", "href") == ["../../en/walks/w"]
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


def test_language_is_named_in_itself_without_a_message() -> None:
    assert [name_of(each) for each in ("it", "en", "de", "fr")] == [
        "Italiano",
        "English",
        "Deutsch",
        "Français",
    ]
    assert [region_of(each) for each in ("it", "en", "de")] == ["it_IT", "en_GB", "de_DE"]


def with_city(catalogue: Catalogue, **changes: Any) -> Catalogue:
    return replace(catalogue, city=replace(catalogue.city, **changes))


def test_letter_about_a_mistake_is_begun_where_there_is_an_address(town: Catalogue) -> None:
    told = with_city(town, contact="maps@town.example")
    html = page(told, "rossi")
    (letter,) = [each for each in html.links if each.startswith("mailto:maps@town.example?")]
    parts = parse_qs(urlsplit(letter).query)
    assert parts["subject"] == ["Report: Rossi workshop (rossi)"]
    assert f"Place: rossi\r\nVersion of the data: {town.version}\r\n" in parts["body"][0]
    assert f"{SITE}en/places/rossi" in parts["body"][0]
    assert "There is no address to write to" not in html.text


def test_letter_about_a_mistake_has_no_recipient_where_nobody_is_named(town: Catalogue) -> None:
    for contact in ("", "https://town.example/contact", "a@b.example?cc=c@d.example"):
        html = page(with_city(town, contact=contact), "rossi")
        (letter,) = [each for each in html.links if each.startswith("mailto:")]
        assert letter.startswith("mailto:?subject=Report%3A%20Rossi")
        assert "There is no address to write to" in html.text


WORKS = {"id": "p", "place_id": "a", "phase": "works", "as_of": "2026-10"}


def test_works_that_go_on_are_warned_of_at_the_top(make_catalogue: Make) -> None:
    at = {"id": "a", "kind": "gallery", "address": "Via Verdi 1"}
    html = page(make_catalogue(workshops=[at], projects=[WORKS]), "a", "it")
    said = "Cantiere aperto: possibili rumori e passaggi stretti in via Verdi."
    assert html.texts("header.opening [role=note]") == [said]
    done = WORKS | {"phase": "completed"}
    html = page(make_catalogue(workshops=[at], projects=[done]), "a", "it")
    assert html.texts("[role=note]") == []


def test_then_and_now_are_told_before_the_lists(make_catalogue: Make) -> None:
    rows = [
        WORKS | {"former_use_en": "Barracks", "new_use_it": "Studi"},
        WORKS | {"id": "q", "name_en": "Lights"},
        {"id": "r", "place_id": "a", "phase": "completed", "new_use_en": "Square"},
    ]
    html = page(make_catalogue(workshops=[{"id": "a", "kind": "gallery"}], projects=rows), "a")
    assert html.texts("header.opening .uses dt") == ["Before", "Intended", "Before", "After"]
    assert html.texts("header.opening .uses dd") == ["Barracks", "Studi", "not known", "Square"]
    assert html.values(".uses dd", "lang") == ["it"]
    assert html.texts(".then-and-now h3") == ["P", "R"]


def test_picture_is_shown_with_author_and_licence(workshop: Show) -> None:
    cells = {"image": "a b.jpg", "image_credit": "Ada Neri", "image_licence": "CC0 1.0"}
    html = workshop(name_en="Studio", **cells)
    assert html.value(".picture img", "src") == "../../images/480/a%20b.jpg"
    assert html.value(".picture img", "srcset") == (
        "../../images/480/a%20b.jpg 480w, ../../images/960/a%20b.jpg 960w"
    )
    assert html.value(".picture img", "alt") == "View of Studio"
    assert html.value(".picture img", "loading") == "lazy"
    assert html.texts(".picture figcaption") == ["Ada Neri · CC0 1.0"]
    assert html.value('meta[property="og:image"]', "content") == f"{SITE}images/960/a%20b.jpg"
    assert html.value("meta[name='twitter:card']", "content") == "summary_large_image"
    assert html.linked_data["image"] == f"{SITE}images/960/a%20b.jpg"
    check_linked_data(html.linked_data)
    bare = workshop(**(cells | {"image_licence": ""}))
    assert bare.document.query(".picture, meta[property='og:image']") == []
    assert "image" not in bare.linked_data
    assert bare.value("meta[name='twitter:card']", "content") == "summary"


def test_address_of_the_page_can_be_passed_on(workshop: Show) -> None:
    html = workshop()
    assert html.texts(".share .address") == [f"{SITE}en/places/a"]
    assert html.values("img", "src") == ["../../en/places/a/qr.svg"] * 2
    assert set(html.values("img", "loading")) == {"lazy"}
    assert html.texts(".printed figcaption") == [f"{SITE}en/places/a"]


# ---------------------------------------------------------------- the QR code


def modules(drawn: bytes) -> set[tuple[int, int]]:
    """Give the dark modules of a QR code in SVG, by column and row within the quiet zone."""
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    ground, dark = root.findall("{http://www.w3.org/2000/svg}path")
    size = int(root.attrib["viewBox"].split()[2])
    assert ground.attrib == {"fill": "#fff", "d": f"M0 0h{size}v{size}h-{size}z"}
    found: set[tuple[int, int]] = set()
    x, y = 0.0, 0.0
    for sign, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", dark.attrib["d"]):
        if sign == "h":
            found |= {(int(x) + each, int(y)) for each in range(int(first))}
            x += float(first)
        elif sign == "m":
            x, y = x + float(first), y + float(second or 0)
        else:
            x, y = float(first), float(second)
    assert all(4 <= each < size - 4 for module in found for each in module)
    return {(column - 4, row - 4) for column, row in found}


@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_code_holds_the_absolute_address_of_the_page(town: Catalogue, base_path: str) -> None:
    prefix = f"/{base_path}" if base_path else ""
    with client_of(town, base_path) as started:
        found = started.get(f"{prefix}/it/luoghi/rossi/qr.svg")
    assert found.status_code == 200
    assert found.headers["content-type"] == "image/svg+xml"
    assert found.headers["cache-control"] == "public, max-age=60"
    assert "etag" in found.headers
    address = f"{SITE.rstrip('/')}{prefix}/it/luoghi/rossi"
    code = segno.make(address, error="m", micro=False, boost_error=False)
    dark = {(x, y) for y, row in enumerate(code.matrix) for x, bit in enumerate(row) if bit}
    assert modules(found.content) == dark
    assert "<title>Codice QR con l’indirizzo di questa pagina: Bottega Rossi</title>" in found.text


@pytest.mark.parametrize("place", ["none-such", "%3Cscript%3E", "rossi/more", "project:rete"])
def test_code_of_a_place_that_is_not_there_is_missed(client: TestClient, place: str) -> None:
    assert client.get(f"/en/places/{place}/qr.svg").status_code == 404


def test_code_names_a_hostile_place_as_text(town: Catalogue) -> None:
    for text in HOSTILE:
        found = pages_of(hostile_town(town, text), DAY).code("en", "rossi", SITE)
        assert found is not None
        assert modules(found.content)
        root = ET.fromstring(found.content)  # noqa: S314 - our own
        assert {each.tag.rpartition("}")[2] for each in root.iter()} == {"svg", "title", "path"}


def test_address_that_no_code_can_hold_has_none(town: Catalogue) -> None:
    assert pages_of(town, DAY).code("en", "rossi", f"https://{'a' * 3000}.example/") is None


# ---------------------------------------------------------------- linked data


def about_of(catalogue: Catalogue, place: Place, **changes: Any) -> dict[str, Any]:
    changed = replace(place, **changes)
    return dict(place_data(changed, catalogue.city, language="en", address=f"{SITE}x"))


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


@pytest.mark.parametrize("kind", ["museum", "square"])
def test_opening_hours_and_letters_are_said_only_of_what_has_them(
    town: Catalogue, rossi: Workshop, kind: str
) -> None:
    hours, email = {"opening_hours": "Mo-Fr 09:00-13:00"}, {"email": "a@b.example"}
    place = town.place("museo" if kind == "museum" else "piazza")
    assert place
    for about in (about_of(town, place, **hours, **email), about_of(town, rossi, **hours, **email)):
        check_linked_data(about)
        assert about["openingHours"] == ["Mo-Fr 09:00-13:00"]
    assert "email" not in about_of(town, place, **email)
    assert about_of(town, rossi, **email)["email"] == "a@b.example"
    assert "email" not in about_of(town, rossi, **email, status="closed")


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


# ---------------------------------------------------------------- the sketch


def inside(box: Box, sketch: PlaceSketch) -> bool:
    across = box.left >= 0 and box.left + box.width <= sketch.width
    return across and box.top >= 0 and box.top + box.height <= sketch.height


def test_sketch_of_every_shipped_place_stays_in_its_frame(carrara: Catalogue) -> None:
    for place_id in carrara.place_ids:
        place = carrara.place(place_id)
        assert place
        near = [carrara.place(each.key) for each in neighbours(carrara, place_id)]
        sketch = draw_place(carrara, place, [each for each in near if each])
        assert (sketch is None) == (place.lat is None)
        if sketch is None:
            continue
        assert all(inside(each.box, sketch) for each in [*sketch.streets, *sketch.marks])
        numbers = [number for each in sketch.marks for number in each.text.split(", ")]
        assert sorted(numbers, key=int) == [str(each + 1) for each in range(len(near))]
        assert 0 < sketch.scale <= sketch.width / 3
        boxes = [each.box for each in sketch.streets]
        assert not any(a.meets(b) for a in boxes for b in boxes if a is not b)


def test_sketch_has_north_up_and_a_true_scale(town: Catalogue, rossi: Workshop) -> None:
    here = replace(rossi, lat=44.08, lon=10.1, position_accuracy_m=5.0)
    north = replace(here, lat=44.08 + 100 / 111_111)
    sketch = draw_place(town, here, [north])
    assert sketch
    (mark,) = sketch.marks
    assert mark.box.y < sketch.height / 2
    assert abs(mark.box.x - sketch.width / 2) < 2
    drawn = (sketch.height / 2 - mark.box.y) / sketch.scale * sketch.scale_m
    assert drawn == pytest.approx(100, rel=0.02)


def test_sketch_shows_how_sure_the_position_is(town: Catalogue, rossi: Workshop) -> None:
    exact = draw_place(town, replace(rossi, position_accuracy_m=10.0), [])
    about = draw_place(town, replace(rossi, position_accuracy_m=150.0), [])
    unsaid = draw_place(town, replace(rossi, position_accuracy_m=None), [])
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
    } | {"div", "h2", "h4", "p", "a", "span", "circle", "ul", "li", "strong", "bdi", "figure"}
    check_shape(attacked)
    assert attacked.linked_data["name"].strip()
    assert not [each for each in attacked.links if each.lower().startswith("javascript:")]
    html = Html(pages_of(hostile, DAY).places(language, SITE).content.decode())
    check_shape(html)
    ET.fromstring(pages_of(hostile, DAY).sitemap(SITE).content)  # noqa: S314 - our own


def hostile_town(town: Catalogue, text: str) -> Catalogue:
    """Put a text into every cell of free text, and into what the city says of itself."""
    frames = dict(town.frames)
    for table in PLACE_TABLES:
        frame = frames[table.name].copy()
        free = [each.name for each in fields(table.record) if each.name.startswith(FREE)]
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
    site = Site(catalogue=lambda: shown[0], streamlit_files=Path(get_static_dir()), now=lambda: NOW)
    with TestClient(Starlette(routes=site.routes)) as started:
        first = started.get("/en/places/rossi")
        shown[0] = replace(town, version="later")
        second = started.get("/en/places/rossi")
    assert first.headers["etag"] != second.headers["etag"]
    assert "later" in second.text


def test_page_is_rendered_once(town: Catalogue) -> None:
    pages = pages_of(replace(town), DAY)
    assert pages.place("it", "rossi", SITE) is pages.place("it", "rossi", SITE)


def places_again(town: Catalogue) -> list[bool]:
    """Ask for all places in all languages, and tell of which the same page comes once more."""
    pages = pages_of(replace(town), DAY)
    asked = [(language, each) for language in LANGUAGES for each in town.place_ids]
    first = [pages.place(*each, SITE) for each in asked]
    return [pages.place(*each, SITE) is page for each, page in zip(asked, first, strict=True)]


def test_as_many_pages_are_kept_as_there_are_but_not_without_end(
    town: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules[pages_of.__module__]
    monkeypatch.setattr(module, "_KEPT", 1)
    assert all(places_again(town))
    monkeypatch.setattr(module, "_MOST_KEPT", 3)
    assert not any(places_again(town))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["none-such", "rossi/more", "<script>", "a%2fb", "project:rete"])
def test_place_that_is_not_there_is_missed_in_the_language_of_the_path(
    client: TestClient, language: str, place: str
) -> None:
    found = client.get(f"/{language}/{SEGMENTS[Section.PLACES][language]}/{place}")
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
        ("/luoghi/rossi/qr.svg", "en", "/en/places/rossi/qr.svg"),
        ("/it", "en", "/it/luoghi"),
        ("/en/", "it", "/en/places"),
        ("/en?x=1", "it", "/en/places?x=1"),
    ],
)
@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_other_addresses_lead_to_the_page(
    town: Catalogue, path: str, accepts: str, target: str, base_path: str
) -> None:
    assert led_to(town, path, accepts, base_path) == target


def test_no_address_leads_to_another_host(client: TestClient) -> None:
    for path in (
        "/luoghi//evil.example",
        "/en/luoghi//evil.example",
        "/places/https:%2f%2fe.example",
    ):
        found = client.get(path)
        assert found.status_code == 404
        assert "location" not in found.headers
    assert client.get("/luoghi//").headers["location"].startswith("./")


@pytest.mark.parametrize("path", ["/it/luoghi/rossi/qr.svg/", "/it/luoghi/none-such/"])
def test_slash_at_the_end_is_taken_away_only_where_there_is_a_page(
    client: TestClient, path: str
) -> None:
    assert client.get(path).status_code == 404


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
    assert listed == {SITE.rstrip("/") + each for each in all_addresses(town)}
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


@pytest.mark.parametrize(
    "path", ["/it/luoghi/rossi", "/it/luoghi", "/it/itinerari", "/sitemap.xml"]
)
@pytest.mark.parametrize("sign", ["%0A", "%0D%0A", "%00", "%C2%85"])
def test_control_character_in_an_address_is_not_overlooked(
    client: TestClient, path: str, sign: str
) -> None:
    found = client.get(path + sign)
    assert (client.get(path).status_code, found.status_code) == (200, 404)
    assert found.headers["x-content-type-options"] == "nosniff"


def test_path_with_odd_signs_is_missed(client: TestClient) -> None:
    assert client.get("/en/places/" + "x" * 5000).status_code == 404
    assert unquote(client.get("/en/places/caff%C3%A8").url.path).endswith("caffè")
