"""Pages of walks and events: what they tell, where their links lead, how they are sent."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qs, quote, unquote, urldefrag, urljoin, urlsplit

import gpxpy
import pyogrio
import pytest
import segno
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from starlette.testclient import TestClient

from regen_map.catalogue import TABLES, Catalogue
from regen_map.messages import LANGUAGES, translator
from regen_map.query.events import events
from regen_map.query.visit_link import MINE, Period, Plan
from regen_map.store import folder_store
from regen_map.ui.events import events_panel
from regen_map.ui.pages import PAGES
from regen_map.ui.town import Town
from regen_map.ui.view import View
from regen_map.ui.walks import walks_panel
from regen_map.web.pages import STYLE, walk_page
from regen_map.web.pages.addresses import APP_PAGES, event_path, walk_path
from regen_map.web.pages.code import can_hold
from regen_map.web.sketches import draw_route
from tests.pages import DATA, HOSTILE, MOST_BYTES, NOW, SITE, Html, check_shape, client_of
from tests.schema_org import check_linked_data

Make: TypeAlias = Callable[..., Catalogue]

START = "start=2026-11-28T10:00"

PLACES = {
    "attractions": [
        {
            "id": "duomo",
            "name_it": "Duomo",
            "name_en": "Cathedral",
            "kind": "museum",
            "address": "Piazza del Duomo",
            "lat": "44.0800",
            "lon": "10.1000",
            "position_accuracy_m": "5",
            "status": "active",
            "opening_hours": "Mo-Su 09:00-18:00",
            "summary_it": "Tutto di marmo",
            "image": "duomo.jpg",
            "image_credit": "Ada Neri",
            "image_licence": "CC0 1.0",
        },
        {
            "id": "teatro",
            "name_it": "Teatro",
            "name_en": "Theatre",
            "kind": "theatre",
            "lat": "44.0850",
            "lon": "10.1050",
            "position_accuracy_m": "5",
            "status": "active",
            "opening_hours": "Sa 20:00-23:00",
        },
        {"id": "ignoto", "name_it": "Ignoto", "name_en": "Unknown", "kind": "museum"},
    ],
    "itineraries": [
        {
            "id": "marmo",
            "name_it": "Il marmo",
            "name_en": "Marble",
            "theme": "marble",
            "summary_it": "Dal duomo al teatro.",
            "summary_en": "From the cathedral to the theatre.",
        },
        {"id": "vuoto", "name_it": "Vuoto", "name_en": "Empty", "theme": "marble"},
    ],
    "stops": [
        {"itinerary_id": "marmo", "order": "1", "place_id": "duomo", "text_en": "Look up."},
        {"itinerary_id": "marmo", "order": "2", "place_id": "teatro"},
        {"itinerary_id": "marmo", "order": "3", "place_id": "ignoto"},
    ],
    "events": [
        {"id": "vecchia", "name_en": "Old", "start": "2018-08-23", "end": "2018-08-26"},
        {"id": "ignota", "name_en": "Undated"},
        {"id": "attesa", "name_en": "Expected", "start": "2026-06-01", "repeats": "yearly"},
        {
            "id": "prossima",
            "name_it": "Festa",
            "name_en": "Feast",
            "start": "2026-12-08",
            "end": "2026-12-09",
            "place_id": "duomo",
            "summary_en": "Music.",
            "website": "https://feast.example/",
        },
        {"id": "content", "name_en": "Running", "start": "2026-11-20", "end": "2026-11-30"},
    ],
    "vocabularies": [
        {"vocabulary": vocabulary, "term": term, "parent": parent, "label_it": it, "label_en": en}
        for vocabulary, term, parent, it, en in (
            ("quarter", "centro", "", "Centro", "Centre"),
            ("kind", "museum", "attraction", "Museo", "Museum"),
            ("kind", "theatre", "attraction", "Teatro", "Theatre"),
            ("theme", "marble", "", "Marmo", "Marble"),
        )
    ],
}

SECTIONS = ["/it/itinerari", "/en/walks", "/it/eventi", "/en/events"]
WALKS = [
    "/it/itinerari/marmo",
    "/en/walks/marmo",
    f"/en/walks/marmo?{START}",
    f"/it/itinerari/marmo?{START}&budget=30&doors=open",
    "/it/itinerari/vuoto",
    "/it/itinerari/mine",
    f"/it/itinerari/mine?stops=teatro,duomo&{START}",
    "/en/walks/mine?stops=ignoto",
]
MISSING = ["/it/itinerari/none-such", "/en/walks/marmo/more", "/it/eventi/none-such/"]


@pytest.fixture(scope="module")
def visited(make_catalogue: Make) -> Catalogue:
    return make_catalogue(**PLACES)


@pytest.fixture(scope="module")
def carrara() -> Catalogue:
    return folder_store(DATA).load().catalogue


@pytest.fixture(scope="module")
def client(visited: Catalogue) -> Iterator[TestClient]:
    with client_of(visited) as started:
        yield started


def read(client: TestClient, path: str, status: int = 200) -> Html:
    found = client.get(path)
    assert found.status_code == status, path
    html = Html(found.text)
    check_shape(html)
    return html


# ---------------------------------------------------------------- every page


@pytest.mark.parametrize("path", [*SECTIONS, *WALKS])
def test_page_is_sound_small_and_in_the_language_of_its_path(client: TestClient, path: str) -> None:
    language = path[1:3]
    html = read(client, path)
    assert html.value("html", "lang") == language
    found = client.get(path, headers={"Accept-Language": "de"})
    assert found.headers["content-language"] == language
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert found.headers["content-encoding"] == "gzip"
    for each in html.all_linked_data:
        check_linked_data(each)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_page_is_sound_and_small(carrara: Catalogue, language: str) -> None:
    walks = [walk_path(language, each) for each in ("", *carrara.table("itineraries")["id"])]
    many = ",".join(carrara.place_ids[:30])
    asked = [f"{walks[1]}?{START}&budget=60", f"{walk_path(language, MINE)}?stops={many}&{START}"]
    with client_of(carrara) as started:
        for path in (*walks, *asked, event_path(language)):
            html = read(started, f"/{path}")
            n_bytes = int(started.get(f"/{path}").headers["content-length"])
            assert n_bytes + len(STYLE.body.compressed) < MOST_BYTES
            for each in html.all_linked_data:
                check_linked_data(each)


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there_is_missed_in_the_language_of_the_path(
    client: TestClient, path: str
) -> None:
    language, section = path.split("/")[1:3]
    html = read(client, path, 404)
    words = translator(language)
    assert html.texts("h1") == [words.text("place_page.missing")]
    assert html.value("meta[name=robots]", "content") == "noindex"
    assert html.values("[aria-current]", "href") == []
    led = urljoin(SITE + path[1:], html.values(".action", "href")[0])
    assert urlsplit(led).path == f"/{language}/{section}"
    assert client.get(path).headers["cache-control"] == "no-store"


# ---------------------------------------------------------------- walks


def test_walk_tells_its_stops_in_order_with_the_way_between(client: TestClient) -> None:
    html = read(client, "/en/walks/marmo")
    assert html.texts("h1") == ["Marble"]
    assert html.texts(".stops h3") == ["Cathedral", "Theatre", "Unknown"]
    assert html.values(".stops > li", "value") == ["1", "2", "3"]
    links = [urljoin(f"{SITE}en/walks/marmo", each) for each in html.values(".stops a", "href")]
    assert links == [f"{SITE}en/places/{each}" for each in ("duomo", "teatro", "ignoto")]
    first, second, third = html.texts(".stops > li")
    assert "Museum · Piazza del Duomo Look up." in first
    assert re.search(r"[\d,]+ (m|km), about \d+ min$", first)
    assert second.endswith(translator("en").text("walk.leg_unknown"))
    assert third == "Unknown Museum"
    assert translator("en").count("walk.unlocated", 1) in html.text


def test_time_of_day_is_told_only_where_the_start_is_named(client: TestClient) -> None:
    for path in ("/it/itinerari/marmo", "/it/itinerari/mine?stops=duomo,teatro&pause=20"):
        html = read(client, path)
        assert html.document.query("time, .times") == []
        assert not re.search(r"\d:\d\d", html.text)
    html = read(client, f"/it/itinerari/marmo?{START}")
    assert html.texts(".times li")[0] == "Partenza sabato 28 novembre 2026, ore 10:00"
    assert html.values("time", "datetime")[0] == "2026-11-28T10:00+01:00"
    assert html.texts(".arrival")[0] == "10:00 · Aperto a quell’ora"
    assert [each.partition(" · ")[2] for each in html.texts(".arrival")] == [
        "Aperto a quell’ora",
        "Chiuso a quell’ora",
        "Orari non conosciuti",
    ]


def test_stops_that_are_left_out_are_named_with_the_reason(client: TestClient) -> None:
    html = read(client, f"/en/walks/marmo?{START}&doors=open")
    assert html.texts(".stops h3") == ["Cathedral"]
    words = translator("en")
    assert [each.replace(" :", ":") for each in html.texts("#left-out + ul li")] == [
        f"Theatre: {words.text('walk.reason.closed')}",
        f"Unknown: {words.text('walk.reason.hours_unknown')}",
    ]
    night = read(client, "/en/walks/marmo?start=2026-11-28T03:00&doors=open")
    assert words.text("walks.none_left") in night.text
    assert len(night.texts("#left-out + ul li")) == 3


def test_walk_without_a_start_begins_now_where_doors_matter(client: TestClient) -> None:
    found = client.get("/en/walks/marmo?doors=open")
    assert found.headers["cache-control"] == "no-store"
    assert "10:30" in Html(found.text).texts(".times li")[0]
    for path in ("/en/walks/marmo", f"/en/walks/marmo?{START}&doors=open", "/en/walks/mine"):
        assert client.get(path).headers["cache-control"] == "public, max-age=60"


def test_own_walk_without_stops_says_so_and_leads_to_the_map(client: TestClient) -> None:
    html = read(client, "/it/itinerari/mine?stops=none-such,<script>")
    assert translator("it").text("walks_page.empty") in html.text
    assert html.document.query(".sketch, .times, .stops") == []
    (led,) = html.values(".actions a", "href")
    assert parse_qs(urlsplit(led).query) == {"lang": ["it"], "walk": ["mine"]}


def test_walk_leads_into_the_app_as_it_is(client: TestClient) -> None:
    html = read(client, f"/en/walks/marmo?{START}&budget=60&stops=teatro&utm=x")
    _, led = html.values(".route .action", "href")
    assert urlsplit(led).path == "../../walks"
    assert parse_qs(urlsplit(led).query) == {
        "lang": ["en"],
        "walk": ["marmo"],
        "start": ["2026-11-28T10:00"],
        "budget": ["60"],
    }


def test_page_of_the_app_keeps_its_address(client: TestClient) -> None:
    assert set(PAGES[1:]) == APP_PAGES
    for name in APP_PAGES:
        found = client.get(f"/{name}?lang=en&walk=mine")
        assert found.status_code == 200
        assert '<div id="root">' in found.text


# ---------------------------------------------------------------- what previews are told


def meta(html: Html) -> dict[str, str]:
    names = html.values("meta[property]", "property"), html.values("meta[property]", "content")
    return dict(zip(*names, strict=True))


def alternates(html: Html) -> dict[str, str]:
    links = "link[rel=alternate]"
    return dict(zip(html.values(links, "hreflang"), html.values(links, "href"), strict=True))


@pytest.mark.parametrize("query", ["", f"?{START}"])
def test_walk_is_listed_once_however_it_is_timed(client: TestClient, query: str) -> None:
    html = read(client, f"/en/walks/marmo{query}")
    assert html.value("link[rel=canonical]", "href") == f"{SITE}en/walks/marmo"
    assert alternates(html) == {
        "it": f"{SITE}it/itinerari/marmo",
        "en": f"{SITE}en/walks/marmo",
        "x-default": f"{SITE}itinerari/marmo",
    }
    assert html.values("meta[name=robots]", "content") == []
    told = meta(html)
    assert unquoted(told["og:url"]) == f"{SITE}en/walks/marmo{query}"
    assert told["og:title"] == "Marble"
    assert told["og:description"] == "From the cathedral to the theatre."
    assert html.value("meta[name=description]", "content") == told["og:description"]
    assert told["og:image"] == f"{SITE}images/960/duomo.jpg"
    assert told["og:locale"] == "en_GB"
    assert told["og:locale:alternate"] == "it_IT"
    assert len(html.all_linked_data) == (0 if query else 1)


def unquoted(address: str) -> str:
    return address.replace("%3A", ":").replace("%2C", ",")


def test_own_walk_is_not_listed_but_may_be_passed_on(client: TestClient) -> None:
    html = read(client, f"/en/walks/mine?stops=duomo,teatro&{START}")
    assert html.value("meta[name=robots]", "content") == "noindex"
    assert html.document.query("link[rel=canonical], link[rel=alternate], script") == []
    told = meta(html)
    assert unquoted(told["og:url"]) == f"{SITE}en/walks/mine?stops=duomo,teatro&{START}"
    assert told["og:description"].endswith("Cathedral and Theatre")
    (other,) = html.values("a[hreflang]", "href")
    assert unquoted(other) == f"../../it/itinerari/mine?stops=duomo,teatro&{START}"


@pytest.mark.parametrize("path", SECTIONS)
def test_lists_name_themselves_and_their_translations(client: TestClient, path: str) -> None:
    html = read(client, path)
    assert html.value("link[rel=canonical]", "href") == SITE.rstrip("/") + path
    assert set(alternates(html)) == {*LANGUAGES, "x-default"}
    assert html.values("[aria-current]", "href") == [f"..{path}"]
    (title,) = html.texts("h1")
    assert meta(html)["og:title"] == title
    assert html.texts("title")[0].startswith(title)


def test_linked_data_of_a_walk_are_its_stops_in_order(client: TestClient) -> None:
    about = read(client, "/en/walks/marmo").linked_data
    assert about["@type"] == "TouristTrip"
    assert about["url"] == f"{SITE}en/walks/marmo"
    listed = about["itinerary"]
    assert listed["numberOfItems"] == 3
    assert [each["position"] for each in listed["itemListElement"]] == [1, 2, 3]
    stop = listed["itemListElement"][0]["item"]
    assert stop["url"] == f"{SITE}en/places/duomo"
    assert stop["@id"] == read(client, "/en/places/duomo").linked_data["@id"]


def test_linked_data_of_events_have_documented_days_only(client: TestClient) -> None:
    told = read(client, "/en/events").all_linked_data
    assert [(each["name"], each["startDate"], each["endDate"]) for each in told] == [
        ("Running", "2026-11-20", "2026-11-30"),
        ("Feast", "2026-12-08", "2026-12-09"),
    ]
    feast = told[1]
    assert feast["location"]["name"] == "Cathedral"
    assert feast["location"]["address"]["streetAddress"] == "Piazza del Duomo"
    assert feast["sameAs"] == "https://feast.example/"
    assert feast["description"] == "Music."


def test_linked_data_of_events_carry_the_doubts_of_the_page(make_catalogue: Make) -> None:
    patron = {"id": "patrono", "start": "2024-06-16", "end": "2024-06-16", "repeats": "same_day"}
    texts = {"name_en": "Patron", "summary_en": "A mass.", "note_en": "The church varies."}
    with client_of(make_catalogue(events=[patron | texts])) as started:
        told = read(started, "/en/events").linked_data
    assert told["startDate"] == "2027-06-16"
    assert told["description"].split("\n") == [
        "A mass.",
        "The church varies.",
        "Held every year on this day; the programme for 2027 has not been announced",
    ]


def test_shipped_calendars_and_linked_data_carry_the_notes_of_their_events(
    carrara: Catalogue,
) -> None:
    with client_of(carrara) as started:
        told = read(started, "/it/eventi").all_linked_data
        written = calendar(started, "/it/eventi.ics").events
    notes = {each.name_it: each.note_it for each in events(carrara).values()}
    assert len(told) == len(written) == 3
    described = [(each["name"], each["description"]) for each in told]
    described += [(each.summary or "", each.description or "") for each in written]
    for name, description in described:
        assert (notes[name] or "") in description
        assert "non è annunciato" in description


# ---------------------------------------------------------------- events


def test_events_stand_in_the_order_in_which_they_matter(client: TestClient) -> None:
    html = read(client, "/en/events")
    groups = ["running", "upcoming", "expected", "undated", "past"]
    assert html.texts("h2") == [translator("en").text(f"event.group.{each}") for each in groups]
    assert html.texts("h3") == ["Running", "Feast", "Expected", "Undated", "Old"]
    assert html.texts(".upcoming .when") == ["From 8 to 9 December 2026"]


def test_event_of_any_name_has_an_anchor_of_its_own(client: TestClient) -> None:
    found = client.get("/en/events/content")
    assert found.status_code == 302
    led = urljoin(str(found.url), found.headers["location"])
    assert led == f"{SITE}en/events#event-content"
    assert read(client, "/en/events").texts("#event-content h3") == ["Running"]


def test_day_decides_what_is_to_come(visited: Catalogue) -> None:
    later = dt.datetime(2026, 12, 20, tzinfo=dt.UTC)
    with client_of(visited, now=later) as started:
        html = read(started, "/en/events")
    assert html.texts("h3") == ["Expected", "Undated", "Feast", "Running", "Old"]
    assert html.all_linked_data == []


def test_city_without_walks_and_events_says_so(make_catalogue: Make) -> None:
    with client_of(make_catalogue()) as started:
        for language in LANGUAGES:
            words = translator(language)
            html = read(started, f"/{walk_path(language)}")
            assert words.text("walks.none") in html.text
            assert words.text("events_page.none") in read(started, f"/{event_path(language)}").text


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("query", ["", f"?{START}&doors=not_closed"])
def test_track_is_read_by_two_other_programs(client: TestClient, query: str) -> None:
    found = client.get(f"/en/walks/marmo.gpx{query}")
    assert found.headers["content-type"] == "application/gpx+xml"
    assert found.headers["content-disposition"] == 'attachment; filename="marmo.gpx"'
    names = ["Cathedral"] if query else ["Cathedral", "Theatre"]
    track = gpxpy.parse(found.text)
    assert [each.name for each in track.routes[0].points] == names
    assert track.link is not None
    assert unquoted(track.link) == f"{SITE}en/walks/marmo{query}"
    layer = pyogrio.read_dataframe(io.BytesIO(found.content), layer="route_points")
    assert layer["name"].tolist() == names
    assert layer.geometry.x.round(4).tolist() == [10.1, 10.105][: len(names)]


def test_track_of_an_own_walk_has_its_stops(client: TestClient) -> None:
    found = client.get("/it/itinerari/mine.gpx?stops=teatro,duomo")
    points = gpxpy.parse(found.text).routes[0].points
    assert [each.name for each in points] == ["Teatro", "Duomo"]


def calendar(client: TestClient, path: str) -> Calendar:
    found = client.get(path)
    assert found.status_code == 200
    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    return IcsCalendarStream.calendar_from_ics(found.text)


def test_calendars_are_read_by_another_program(client: TestClient) -> None:
    assert [each.summary for each in calendar(client, "/en/events.ics").events] == [
        "Running",
        "Feast",
    ]
    (feast,) = calendar(client, "/it/eventi/prossima.ics").events
    assert (feast.summary, feast.dtstart) == ("Festa", dt.date(2026, 12, 8))
    assert feast.uid == "prossima@town.example"
    found = client.get("/it/eventi/prossima.ics")
    assert found.headers["content-disposition"] == 'attachment; filename="prossima.ics"'
    named = client.get("/it/eventi.ics").headers["content-disposition"]
    assert named == 'attachment; filename="it-eventi.ics"'


@pytest.mark.parametrize(
    "path",
    [
        "/it/itinerari/none-such.gpx",
        "/en/walks/marmo/more.gpx",
        "/it/eventi/none-such.ics",
        "/en/walks/none-such/qr.svg",
        "/en/events/prossima/qr.svg",
        "/it/itinerari/mine/qr.svg/",
        "/it/itinerari/marmo.gpx/",
        "/walks/marmo/more.gpx",
        "/en/itinerari/none-such/qr.svg",
        "/events/none-such.ics",
    ],
)
def test_file_that_is_not_there_is_missed(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/it/itinerari/marmo", f"/it/itinerari/mine?stops=duomo&{START}"])
@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_printed_page_ends_with_its_address_for_cameras(
    visited: Catalogue, path: str, base_path: str
) -> None:
    prefix = f"/{base_path}" if base_path else ""
    with client_of(visited, base_path) as started:
        html = read(started, prefix + path)
        (image,) = html.values(".printed img", "src")
        drawn = started.get(urljoin(SITE[:-1] + prefix + path, image))
    (address,) = html.texts(".printed figcaption")
    assert unquoted(address) == SITE[:-1] + prefix + path
    code = segno.make(address, error="m", micro=False, boost_error=False)
    size = code.symbol_size(border=4)[0]
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert f'viewBox="0 0 {size} {size}"' in drawn.text


def test_address_too_long_for_a_code_is_only_written(visited: Catalogue) -> None:
    site = f"https://{'a' * 2400}.example/"
    page = walk_page(visited, "it", site, Plan(walk="marmo"), NOW)
    html = Html(page.content.decode())
    assert html.document.query(".printed img") == []
    assert html.texts(".printed figcaption") == [f"{site}it/itinerari/marmo"]
    assert can_hold("a" * 2331)
    assert not can_hold("a" * 2332)


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("path", "accepts", "target"),
    [
        (f"/it/walks/marmo?{START}", "en", f"/it/itinerari/marmo?{START}"),
        (f"/en/itinerari/marmo.gpx?{START}", "it", f"/en/walks/marmo.gpx?{START}"),
        ("/en/itinerari", "it", "/en/walks"),
        (f"/itinerari/marmo?{START}", "en", f"/en/walks/marmo?{START}"),
        ("/walks/marmo", "it", "/it/itinerari/marmo"),
        ("/itinerari", "de", "/en/walks"),
        ("/it/itinerari/", "en", "/it/itinerari"),
        (f"/en/walks/marmo/?{START}", "it", f"/en/walks/marmo?{START}"),
        (f"/en/itinerari/marmo/?{START}", "it", f"/en/walks/marmo?{START}"),
        ("/en/eventi.ics", "it", "/en/events.ics"),
        ("/eventi.ics", "en", "/en/events.ics"),
        ("/events/prossima.ics", "it", "/it/eventi/prossima.ics"),
        ("/it/events/prossima", "en", "/it/eventi/prossima"),
        ("/it/eventi/", "en", "/it/eventi"),
        ("/it/eventi/prossima/", "en", "/it/eventi#event-prossima"),
        ("/walks/mine/qr.svg", "it", "/it/itinerari/mine/qr.svg"),
        ("/en/itinerari/marmo/qr.svg/", "it", "/en/walks/marmo/qr.svg"),
    ],
)
@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_other_addresses_lead_to_the_page_with_what_was_asked(
    visited: Catalogue, path: str, accepts: str, target: str, base_path: str
) -> None:
    prefix = f"/{base_path}" if base_path else ""
    with client_of(visited, base_path) as started:
        found = started.get(prefix + path, headers={"Accept-Language": accepts})
    assert found.status_code in (301, 302)
    where = urljoin(str(found.url), found.headers["location"])
    assert where == f"{SITE.rstrip('/')}{prefix}{target}"


@pytest.mark.parametrize("page", ["walks", "events"])
@pytest.mark.parametrize("asked", ["health", "host-config", "stream", "upload_file/a/b", ""])
@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_app_that_looks_for_its_server_below_a_page_is_told_no_at_once(
    visited: Catalogue, page: str, asked: str, base_path: str
) -> None:
    prefix = f"/{base_path}" if base_path else ""
    with client_of(visited, base_path) as started:
        found = started.get(f"{prefix}/{page}/_stcore/{asked}")
    assert (found.status_code, found.text) == (404, "Not found")


@pytest.mark.parametrize(
    ("path", "accepts", "language"),
    [
        ("/walks/none-such", "it", "it"),
        ("/events/none-such/", "en", "en"),
        ("/en/itinerari/none-such", "it", "en"),
        ("/it/events/prossima/more", "en", "it"),
    ],
)
@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_address_of_nothing_is_missed_where_it_was_asked(
    visited: Catalogue, path: str, accepts: str, language: str, base_path: str
) -> None:
    prefix = f"/{base_path}" if base_path else ""
    with client_of(visited, base_path) as started:
        found = started.get(prefix + path, headers={"Accept-Language": accepts})
        assert found.status_code == 404
        html = Html(found.text)
        check_shape(html)
        assert html.value("html", "lang") == language
        led = urljoin(str(found.url), html.values(".action", "href")[0])
        assert led.startswith(f"{SITE.rstrip('/')}{prefix}/{language}/")
        assert started.get(led).status_code == 200


@pytest.mark.parametrize("path", [*SECTIONS, "/it/itinerari/marmo", f"/en/walks/marmo?{START}"])
def test_page_that_a_browser_has_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(path)
    assert head.headers == first.headers
    assert head.content == b""
    assert client.post(path).status_code == 405


class Links(HTMLParser):
    """Every address that a page leads to or shows, and every id that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.links |= {found[each] for each in ("href", "src") if each in found}
        self.ids |= {found["id"]} if "id" in found else set()
        assert tag


@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_every_link_of_every_page_leads_somewhere(visited: Catalogue, base_path: str) -> None:
    site = SITE + (f"{base_path}/" if base_path else "")
    waiting = [site + path[1:] for path in (*SECTIONS, *WALKS, "/it/luoghi", "/en/places")]
    answers: dict[str, str] = {}
    with client_of(visited, base_path) as started:
        while waiting:
            page = waiting.pop()
            if page in answers:
                continue
            found = started.get(page)
            while found.is_redirect:
                found = started.get(urljoin(str(found.url), found.headers["location"]))
            assert found.status_code == 200, page
            answers[page] = found.text if "text/html" in found.headers["content-type"] else ""
            if not answers[page] or '<div id="root">' in answers[page]:
                continue
            for link in Links(answers[page]).links:
                address, anchor = urldefrag(urljoin(str(found.url), link))
                # Photographs need the files of a city, and have tests of their own.
                if address.startswith(f"{site}images/") or not address.startswith(SITE):
                    continue
                assert address.startswith(site), (page, link)
                waiting.append(address)
                if anchor:
                    assert anchor in Links(answers.get(address) or started.get(address).text).ids
    told = {urlsplit(each).path for each in answers}
    assert len([each for each in told if each.endswith(".gpx")]) == 4
    assert len([each for each in told if each.endswith(".ics")]) == 6


def test_panels_of_the_app_lead_to_pages_and_files_that_are_there(
    client: TestClient, visited: Catalogue
) -> None:
    start = dt.datetime(2026, 11, 28, 10)  # noqa: DTZ001 -- the city's time
    plans = [
        Plan(walk="marmo"),
        Plan(walk="marmo", start=start, budget_min=60),
        Plan(walk=MINE, mine=("teatro", "duomo"), start=start),
    ]
    checked: set[str] = set()
    for language in LANGUAGES:
        views = [View(language=language, plan=plan) for plan in (Plan(), *plans)]
        towns = [
            Town(catalogue=visited, view=view, words=translator(language), now=NOW)
            for view in views
        ]
        period = View(language=language, period=Period())
        events = Town(catalogue=visited, view=period, words=translator(language), now=NOW)
        panels = [*map(walks_panel, towns), events_panel(events)]
        links = {link for panel in panels for link in Links(panel.html).links}
        for link in links:
            if link.startswith(f"{language}/"):
                assert client.get(f"/{link}").status_code == 200, link
                checked.add(link)
    assert len([each for each in checked if ".gpx" in each]) == 2 * len(plans)
    assert len([each for each in checked if each.endswith(".ics")]) == 2 * 3


# ---------------------------------------------------------------- the sketch


def test_route_is_drawn_within_its_frame_with_names_beside_it(carrara: Catalogue) -> None:
    for walk in carrara.table("itineraries")["id"]:
        stops = carrara.table("stops")
        ids = stops[stops["itinerary_id"] == walk]["place_id"]
        places = [place for each in ids if (place := carrara.place(each))]
        sketch = draw_route(carrara, list(enumerate(places, 1)))
        assert sketch is not None
        points = [tuple(map(float, each.split(","))) for each in sketch.line.split()]
        assert len(points) == sketch.n_points == sum(each.lat is not None for each in places)
        assert all(0 <= x <= sketch.width and 0 <= y <= sketch.height for x, y in points)
        numbers = [number for each in sketch.marks for number in each.text.split(", ")]
        assert len(numbers) == len(points)
        for label in sketch.streets:
            box = label.box
            assert not any(box.meets(each.box) for each in sketch.marks)
            assert not any(
                abs(box.x - x) * 2 < box.width and abs(box.y - y) * 2 < box.height
                for x, y in points
            )


def test_sketch_is_told_in_words_without_brackets_in_brackets(carrara: Catalogue) -> None:
    n_doubts = 0
    with client_of(carrara) as started:
        for walk in carrara.table("itineraries")["id"]:
            (told,) = read(started, f"/{walk_path('it', walk)}").texts("svg desc")
            assert not re.search(r"\([^)]*\(", told), told
            n_doubts += told.count("(")
    assert n_doubts > 0


def test_walk_without_positions_has_no_sketch(client: TestClient) -> None:
    html = read(client, "/en/walks/mine?stops=ignoto")
    assert html.document.query(".sketch") == []
    assert html.texts(".stops h3") == ["Unknown"]


# ---------------------------------------------------------------- hostile texts

FREE = ("name", "summary", "note", "text", "recurrence", "address", "image")


def hostile_copy(catalogue: Catalogue, text: str, ids: str = "") -> Catalogue:
    """Put a text into every free cell of places, walks and events, and perhaps ids."""
    frames = dict(catalogue.frames)
    for name in ("attractions", "itineraries", "stops", "events"):
        frame = frames[name].copy()
        for column in (each.name for each in fields(TABLES[name].record)):
            if column.startswith(FREE) and column in frame:
                frame[column] = text
        if ids:
            for column in {"id", "itinerary_id"} & set(frame) if name != "attractions" else ():
                frame[column] = [f"{each}{ids}" for each in frame[column]]
        frames[name] = frame
    names = dict.fromkeys(catalogue.city.names, text)
    city = replace(catalogue.city, names=names, publisher=text, contact=text, licence_url=text)
    return Catalogue(city, catalogue.vocabularies, frames, "hostile")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_wherever_it_stands(visited: Catalogue, text: str) -> None:
    with client_of(hostile_copy(visited, text)) as started:
        for path in (*SECTIONS, *WALKS):
            html = read(started, path)
            assert not [each for each in html.links if each.lower().startswith("javascript:")]
            assert {each.name for each in html.document.query("main img")} == set()
            for each in html.all_linked_data:
                check_linked_data(each)
        assert len(gpxpy.parse(started.get("/it/itinerari/marmo.gpx").text).waypoints) == 2
        assert len(calendar(started, "/it/eventi.ics").events) == 2
        drawn = started.get("/en/walks/marmo/qr.svg")
        assert drawn.text.count("<") == drawn.text.count(">") == 7


@pytest.mark.parametrize(
    "ids", ['"; x="', "\r\nX-Evil: 1", "<script>alert(1)</script>", "è/../x?y#z", "'&\u202e"]
)
def test_hostile_id_harms_no_page_and_no_header(visited: Catalogue, ids: str) -> None:
    walk, event = quote(f"marmo{ids}", safe=""), quote(f"prossima{ids}", safe="")
    one_line, one_part = "\n" not in ids, "/" not in ids
    with client_of(hostile_copy(visited, "x", ids)) as started:
        for path in ("/it/itinerari", "/it/eventi"):
            read(started, path)
        assert started.get(f"/it/itinerari/{walk}").status_code == (200 if one_line else 404)
        for path in (f"/it/itinerari/{walk}.gpx", f"/it/eventi/{event}.ics"):
            found = started.get(path)
            assert "x-evil" not in found.headers
            if found.status_code == 200:
                disposition = found.headers["content-disposition"]
                assert re.fullmatch(r'attachment; filename="[\w.-]+\.(gpx|ics)"', disposition)
            else:
                assert not (one_line and one_part)
        if one_line:
            found = started.get(f"/it/eventi/{event}")
            led = urlsplit(urljoin(str(found.url), found.headers["location"]))
            assert (led.netloc, led.path) == ("town.example", "/it/eventi")
            assert unquote(led.fragment) == f"event-prossima{ids}"


def test_marks_of_direction_do_not_reach_where_nothing_isolates_them(visited: Catalogue) -> None:
    with client_of(hostile_copy(visited, "\u202egnp.exe")) as started:
        html = read(started, "/en/walks/marmo")
    assert html.texts("title")[0] == "gnp.exe – gnp.exe regenerates"
    told = [*meta(html).values(), *html.texts("title"), *html.texts("svg desc")]
    assert not [each for each in told if "\u202e" in each]
    assert html.linked_data["name"] == "gnp.exe"


def test_junk_in_the_query_is_ignored(client: TestClient) -> None:
    junk = "start=never&budget=-1&pause=9e9&doors=%00&stops=" + "x," * 2000 + "&walk=vuoto&%ff=&&="
    found = client.get(f"/en/walks/marmo?{junk}")
    assert found.text == client.get("/en/walks/marmo").text
    assert Path(found.url.path).name == "marmo"
