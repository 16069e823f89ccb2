"""What the server sends beside Streamlit's own answers, and around them."""

import datetime as dt
import gzip
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_gzip_middleware import SelectiveGZipMiddleware
from streamlit.web.server.starlette.starlette_static_routes import (
    create_streamlit_static_assets_routes,
)

from regen_map.catalogue import (
    TABLES,
    Catalogue,
    City,
    TileSource,
    Vocabularies,
    closed_terms,
    to_frame,
)
from regen_map.messages import LANGUAGES, translator
from regen_map.query import Criteria
from regen_map.web import Site
from regen_map.web.headers import tile_hosts
from regen_map.webmap import answer, payload
from regen_map.webmap.assets import ASSETS, asset_path, frame_link
from tests.pages import Html, check_shape

FRAME = "/component/streamlit_folium.st_folium/index.html"
STREAMLIT = Path(get_static_dir())
BUNDLE = next((STREAMLIT / "static" / "js").glob("index.*.js"))


def make_catalogue() -> Catalogue:
    city = City(
        names={"it": "Borgo <Alto>", "en": "Upper Borough"},
        locales=("it", "en"),
        extent=(10.0, 44.0, 10.2, 44.2),
        home=(10.09, 44.07, 10.11, 44.09),
        metric_crs="EPSG:7791",
        time_zone="Europe/Rome",
        holiday_country="IT",
        tiles=(make_tiles("https://{s}.tile.example.org/{z}/{x}/{y}.png"),),
    )
    frames = {name: to_frame([], table) for name, table in TABLES.items()}
    return Catalogue(city, Vocabularies(closed_terms()), frames, "v-1")


def make_tiles(url: str) -> TileSource:
    return TileSource(id="test", name="Test", url=url, attribution="©")


CATALOGUE = make_catalogue()
NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)


def make_client(base_path: str = "") -> TestClient:
    site = Site(
        catalogue=lambda: CATALOGUE,
        streamlit_files=STREAMLIT,
        base_path=base_path,
        now=lambda: NOW,
    )

    def frame(_request: object) -> PlainTextResponse:
        return PlainTextResponse("frame")

    prefix = f"/{base_path}" if base_path else ""
    app = Starlette(
        routes=[
            *site.routes,
            Route(f"{prefix}{FRAME}", frame),
            *create_streamlit_static_assets_routes(base_path),
        ],
        middleware=[*site.middleware, Middleware(SelectiveGZipMiddleware)],
        lifespan=site.lifespan,
    )
    return TestClient(app)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with make_client() as started:
        yield started


def places_path(language: str = "it") -> str:
    return f"/data/places/{payload(CATALOGUE, language).key}.json"


def selections_path(language: str = "it") -> str:
    return f"/data/selections/{payload(CATALOGUE, language).key}.json"


# ---------------------------------------------------------------- files of the map


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_every_file_of_the_map_is_sent_with_its_type_and_kept_for_ever(
    client: TestClient, name: str
) -> None:
    answer = client.get(asset_path(name))
    assert answer.status_code == 200
    assert answer.content == ASSETS[name].body.content
    assert answer.headers["content-type"].startswith(ASSETS[name].media_type)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["leaflet.js", "leaflet.css", "places_layer.js", "map.css"])
def test_the_map_has_what_it_is_made_of(name: str) -> None:
    assert ASSETS[name].body.content


def test_images_stand_where_the_style_of_leaflet_looks_for_them() -> None:
    style = ASSETS["leaflet.css"]
    folder = style.path.rsplit("/", 1)[0]
    named = re.findall(rb"url\(([^)#]+)\)", style.body.content)
    assert named
    for each in named:
        assert f"{folder}/{each.decode()}" in {asset.path for asset in ASSETS.values()}


def test_the_frame_reaches_a_file_from_where_it_stands(client: TestClient) -> None:
    address = client.base_url.join(FRAME).join(frame_link("leaflet.js"))
    assert address.path == f"/{asset_path('leaflet.js')}"
    assert client.get(address.path).status_code == 200


def test_a_file_is_sent_compressed_or_plain_as_the_browser_wants(client: TestClient) -> None:
    path = asset_path("leaflet.js")
    packed = client.get(path, headers={"Accept-Encoding": "br, gzip"})
    plain = client.get(path, headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert "Accept-Encoding" in packed.headers["vary"]


@pytest.mark.parametrize(
    "path", [f"/{asset_path('leaflet.js')}", "/about", "/it/luoghi", "/it/progetti"]
)
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("GZIP;Q=0.5", "gzip"),
        ("br, *;q=0.1", "gzip"),
        ("gzip;q=0", ""),
        ("gzip; q=0.0", ""),
        ("gzip;\tq=0", ""),
        ("gzip;q=0, *", ""),
        ("br", ""),
        ("", ""),
    ],
)
def test_every_answer_is_compressed_only_for_who_takes_that(
    client: TestClient, path: str, accepted: str, coding: str
) -> None:
    sent = client.get(path, headers={"Accept-Encoding": accepted})
    assert sent.status_code == 200
    assert sent.headers.get("content-encoding", "") == coding
    named = sent.headers["vary"].lower().split(", ")
    assert "accept-encoding" in named
    assert len(named) == len(set(named))


@pytest.mark.parametrize("path", [f"/{asset_path('map.css')}", places_path(), "/"])
def test_what_a_browser_has_already_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    second = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 304
    assert second.content == b""
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["cache-control"] == first.headers["cache-control"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


# ---------------------------------------------------------------- data and health


def test_places_are_sent_by_the_key_of_their_content(client: TestClient) -> None:
    answer = client.get(places_path("en"))
    assert answer.json()["language"] == "en"
    assert answer.headers["content-type"] == "application/json"
    assert "immutable" in answer.headers["cache-control"]


def test_places_are_found_that_another_process_named(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = places_path()
    monkeypatch.setattr(sys.modules[payload.__module__], "_kept", {})
    assert client.get(path).status_code == 200


def test_filters_are_answered_as_the_page_answers_them(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, town: Catalogue
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "CATALOGUE", town)
    for language in LANGUAGES:
        sent = client.get(
            selections_path(language), params={"q": "teatro", "family": "attraction,public_space"}
        )
        asked = Criteria(text="teatro", chosen={"family": ("public_space", "attraction")})
        assert sent.json() == answer(town, language, asked, NOW)
        assert (
            sent.json()["n"]
            == {
                "it": "Mostrati 2 luoghi su 9 · 1 non sulla mappa",
                "en": "Showing 2 of 9 places · 1 not on the map",
            }[language]
        )


def test_filters_of_an_answer_are_spelled_as_in_a_link(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, town: Catalogue
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "CATALOGUE", town)
    link = {"q": "piazza", "family": "public_space,attraction", "years": "2018-2020"}
    assert client.get(selections_path(), params=link).json()["f"] == link


@pytest.mark.parametrize(
    "query",
    [
        "",
        "family=none-such",
        "years=9-1",
        "colour=red",
        "q=%20",
        "lang=en&place=rossi",
        "%ff=%00&&=",
    ],
)
def test_junk_among_the_filters_is_ignored(
    client: TestClient, query: str, monkeypatch: pytest.MonkeyPatch, town: Catalogue
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "CATALOGUE", town)
    assert client.get(f"{selections_path()}?{query}").json() == answer(town, "it", Criteria(), NOW)


@pytest.fixture
def _street(make_catalogue: Callable[..., Catalogue], monkeypatch: pytest.MonkeyPatch) -> None:
    """Show a town in which something is open on Monday, and something else on Saturday."""
    hours = {"monday": "Mo 09:00-12:00", "saturday": "Sa 09:00-12:00"}
    rows = [{"id": day, "kind": "gallery", "opening_hours": hours[day]} for day in hours]
    monkeypatch.setattr(sys.modules[__name__], "CATALOGUE", make_catalogue(workshops=rows))


@pytest.mark.usefixtures("_street")
@pytest.mark.parametrize("params", [{"q": "x"}, {"open": "2026-11-28T10:00"}, {"open": "x"}])
def test_answer_to_filters_is_kept_for_a_minute(client: TestClient, params: dict[str, str]) -> None:
    sent = client.get(selections_path(), params=params)
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["cache-control"] == "public, max-age=60"


@pytest.mark.usefixtures("_street")
def test_what_is_open_now_is_asked_for_anew_each_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = client.get(selections_path(), params={"open": "now", "family": "workshop"})
    assert sent.headers["cache-control"] == "no-store"
    assert sent.json()["n"].startswith("Mostrato 1 luogo su 2")
    monkeypatch.setattr(sys.modules[__name__], "NOW", NOW + dt.timedelta(hours=1))
    again = client.get(selections_path(), params={"open": "now", "family": "workshop"})
    assert again.json()["n"].startswith("Mostrati 0 luoghi su 2")


def test_health_names_the_catalogue_and_is_never_kept(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert answer.json() == {"status": "ok", "catalogue": "v-1"}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets/0000000000000000/leaflet.js",
        "/assets/leaflet.js",
        "/assets/..%2f..%2fapp.py",
        "/data/places/unknown.json",
        "/data/places/",
        "/data/selections/unknown.json?q=x",
        "/data/selections/",
        "/data/city.toml",
        "/healthz/more",
        "/static/js/index.OLD.js",
        f"/{asset_path('map.css')}%0A",
        "/healthz%0A",
        "/it/luoghi%0A",
        "/it/itinerari%0A",
        "/it%0A",
        "/about%00",
        "/about%7F",
        "/about%C2%85",
        "/%0D%0A",
    ],
)
def test_what_is_not_there_is_never_answered_with_the_page(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"


def test_nothing_can_be_written(client: TestClient) -> None:
    assert client.post(asset_path("map.css")).status_code == 405


# ---------------------------------------------------------------- security headers


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/about",
        "/healthz",
        "/assets/none",
        places_path(),
        selections_path(),
        FRAME,
        "/favicon.png",
    ],
)
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=(self)" in headers["permissions-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_policy_of_the_page_allows_no_code_but_ours_and_no_other_host(client: TestClient) -> None:
    policy = policy_of(client, "/")
    checksum = r"'sha256-[A-Za-z0-9+/]{43}='"
    assert re.fullmatch(rf"'self' 'wasm-unsafe-eval' {checksum}", policy["script-src"])
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["default-src"] == policy["connect-src"] == policy["frame-src"] == "'self'"
    assert policy["object-src"] == "'none'"


def test_only_the_frame_may_evaluate_code_and_fetch_tiles(client: TestClient) -> None:
    policy = policy_of(client, FRAME)
    assert policy["script-src"] == "'self' 'unsafe-inline' 'unsafe-eval'"
    assert policy["img-src"] == "'self' data: blob: https://*.tile.example.org"
    assert {**policy, "script-src": "", "img-src": ""} == {
        **policy_of(client, "/"),
        "script-src": "",
        "img-src": "",
    }


def test_without_tiles_no_other_host_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGEN_MAP_TILES", "none")
    with make_client() as client:
        assert policy_of(client, FRAME)["img-src"] == "'self' data: blob:"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://tile.example.org/{z}/{x}/{y}.png", "https://tile.example.org"),
        ("https://{s}.tile.example.org/{z}/{x}/{y}.png", "https://*.tile.example.org"),
        ("http://localhost:8080/{z}/{x}/{y}.png", "http://localhost:8080"),
    ],
)
def test_a_tile_source_is_allowed_by_its_host(url: str, host: str) -> None:
    assert tile_hosts([make_tiles(url), make_tiles(url)]) == [host]


def test_tiles_of_our_own_need_no_permission() -> None:
    assert tile_hosts([make_tiles("/tiles/{z}/{x}/{y}.png")]) == []


def policy_of(client: TestClient, path: str) -> dict[str, str]:
    policy = client.get(path).headers["content-security-policy"]
    parts = (each.partition(" ") for each in policy.split("; "))
    return {name: values for name, _, values in parts}


# ---------------------------------------------------------------- Streamlit's page


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "it"),
        ("", "it-IT,it;q=0.9", "it"),
        ("", "en-GB,en;q=0.9,it;q=0.1", "en"),
        ("", "ja", "en"),
        ("?lang=it", "en", "it"),
        ("?place=a&lang=en", "it", "en"),
        ("?lang=<script>", "it", "it"),
    ],
)
def test_the_page_is_in_the_language_of_the_visitor(
    client: TestClient, query: str, accepted: str, language: str
) -> None:
    answer = client.get(f"/{query}", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"]
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/about", "/about?place=a", "/index.html"])
def test_every_way_in_leads_to_our_page(client: TestClient, path: str) -> None:
    page = client.get(path, headers={"Accept-Language": "it"}).text
    assert page.count("<title>") == 1
    assert "<title>Streamlit</title>" not in page
    assert page.count('<meta name="description"') == 1
    said = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert len(said) == 2
    assert not any("Streamlit" in each for each in said)


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/it/pippo", "en", "it"),
        ("/en/pippo", "it", "en"),
        ("/it/luogi/x", "en", "it"),
        ("/de/luoghi/laboratori-artistici-nicoli", "it", "it"),
        ("/de/luoghi/laboratori-artistici-nicoli", "de", "en"),
        ("/IT/luoghi", "it", "it"),
        ("/IT/luoghi?lang=en", "it", "en"),
        ("/about/us/", "it", "it"),
        ("/staff/x/y/z?lang=<script>", "en", "en"),
        ("/index.html/x", "en", "en"),
    ],
)
@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_address_of_several_parts_that_is_not_there_is_a_page_that_says_so(
    base_path: str, path: str, accepted: str, language: str
) -> None:
    prefix = f"/{base_path}" if base_path else ""
    with make_client(base_path) as client:
        found = client.get(prefix + path, headers={"Accept-Language": accepted})
        assert found.status_code == 404
        assert found.headers["cache-control"] == "no-store"
        assert found.headers["content-language"] == language
        html = Html(found.text)
        check_shape(html)
        assert html.value("html", "lang") == language
        assert html.texts("h1") == [translator(language).text("place_page.missing")]
        places = {"it": "it/luoghi", "en": "en/places"}[language]
        links = [urlsplit(urljoin(str(found.url), each)).path for each in html.links]
        assert {f"{prefix}/", f"{prefix}/{places}"} <= set(links)
        (style,) = html.values("link[rel=stylesheet]", "href")
        assert client.get(urljoin(str(found.url), style)).status_code == 200


@pytest.mark.parametrize(
    "path", ["", "/", "/about", "/staff", "/index.html", "/pippo", "/about?place=a/b&x=/y/z"]
)
@pytest.mark.parametrize("base_path", ["", "town/map"])
def test_pages_of_the_app_stay_where_they_are(base_path: str, path: str) -> None:
    prefix = f"/{base_path}" if base_path else ""
    with make_client(base_path) as client:
        found = client.get(prefix + path)
        assert found.status_code == 200
        assert '<main class="rm-opening">' in found.text


def test_a_name_in_the_page_stays_text(client: TestClient) -> None:
    page = client.get("/?lang=it").text
    assert "Borgo &lt;Alto&gt;" in page
    assert "<Alto>" not in page


@pytest.mark.parametrize(
    ("language", "heading", "loading", "links"),
    [
        (
            "it",
            "Borgo &lt;Alto&gt; si rigenera",
            "La mappa si sta caricando",
            {
                "./it/luoghi": "Tutti i luoghi",
                "./it/itinerari": "Itinerari",
                "./it/eventi": "Eventi",
                "./it/progetti": "Progetti",
            },
        ),
        (
            "en",
            "Upper Borough regenerates",
            "The map is loading",
            {
                "./en/places": "All places",
                "./en/walks": "Walks",
                "./en/events": "Events",
                "./en/projects": "Projects",
            },
        ),
    ],
)
def test_the_page_can_be_read_and_left_before_any_script_has_run(
    client: TestClient, language: str, heading: str, loading: str, links: dict[str, str]
) -> None:
    page = client.get(f"/?lang={language}").text
    body = page[page.index('<div id="root">') :]
    assert f"<h1>{heading}</h1>" in body
    assert loading in body
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', body)
    assert dict(found) == links
    assert "<script" not in body


def test_the_style_of_the_first_text_stands_in_the_head_behind_the_style_of_streamlit(
    client: TestClient,
) -> None:
    page = client.get("/").text
    head, _, body = page.partition("</head>")
    assert "<style" not in body
    ours = head.index(".rm-opening {")
    assert ours > head.index('rel="stylesheet"')
    assert "<noscript><style>.rm-loading{display:none}</style></noscript>" in head[ours:]


def test_the_first_text_stands_beside_the_place_of_the_app(client: TestClient) -> None:
    page = client.get("/").text
    assert page.count('<div id="root"></div>') == 1
    assert page.count('<main class="rm-opening">') == 1


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("lang=it&place=teatro", ["./it/luoghi/teatro", "./it/luoghi"]),
        ("lang=en&place=teatro", ["./en/places/teatro", "./en/places"]),
        ("lang=it&place=none-such", ["./it/luoghi", "./it/itinerari"]),
        ("lang=it&walk=none-such", ["./it/luoghi", "./it/itinerari"]),
        ("lang=it&walk=mine", ["./it/luoghi", "./it/itinerari"]),
        ("lang=it&place=%22%3E%3Cscript%3E", ["./it/luoghi", "./it/itinerari"]),
    ],
)
def test_the_first_link_is_the_page_that_the_address_asks_for(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    town: Catalogue,
    query: str,
    first: list[str],
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "CATALOGUE", town)
    page = client.get(f"/?{query}").text
    assert re.findall(r'<li><a href="([^"]+)"', page)[:2] == first


def test_the_first_text_has_the_colours_of_the_theme() -> None:
    root = Path(__file__).parents[1]
    theme = tomllib.loads((root / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    style = (root / "src/regen_map/web/assets/opening.css").read_text("utf-8")
    for ground in ("light", "dark"):
        for name in ("backgroundColor", "textColor", "linkColor"):
            assert theme[ground][name] in style


def test_the_style_is_asked_for_before_the_scripts(client: TestClient) -> None:
    page = client.get("/").text
    (style,) = re.findall(r'<link\s[^>]*rel="stylesheet"[^>]*>', page)
    assert page.index(style) < page.index("<script")
    assert client.get(re.findall(r'href="\.([^"]+)"', style)[0]).status_code == 200


def test_the_page_runs_the_scripts_of_streamlit_unchanged(client: TestClient) -> None:
    original = (STREAMLIT / "index.html").read_text("utf-8")
    page = client.get("/").text
    scripts = re.compile(r"<script.*?</script>", re.DOTALL)
    assert scripts.findall(page) == scripts.findall(original)


def test_the_page_announces_what_the_map_will_load_and_all_of_it_exists(
    client: TestClient,
) -> None:
    page = client.get("/?lang=en").text
    announced = re.findall(r'<link rel="prefetch" href="\.(/[^"]+)"', page)
    assert places_path("en") in announced
    assert f"/{asset_path('leaflet.js')}" in announced
    for path in announced:
        answer = client.get(path)
        assert answer.status_code == 200
        assert not answer.headers["content-type"].startswith("text/html")


def test_bundles_are_sent_compressed_and_kept_for_ever(client: TestClient) -> None:
    path = f"/static/js/{BUNDLE.name}"
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.content == BUNDLE.read_bytes()
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) <= len(gzip.compress(BUNDLE.read_bytes())) * 1.05
    assert "immutable" in answer.headers["cache-control"]
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("headers", [{"Accept-Encoding": "identity"}, {"Range": "bytes=0-9"}])
def test_bundles_are_left_to_streamlit_where_gzip_does_not_serve(
    client: TestClient, headers: dict[str, str]
) -> None:
    answer = client.get(f"/static/js/{BUNDLE.name}", headers=headers)
    assert answer.status_code in (200, 206)
    assert "content-encoding" not in answer.headers
    assert BUNDLE.read_bytes().startswith(answer.content)


def test_what_is_no_page_passes_untouched(client: TestClient) -> None:
    assert client.get("/favicon.png").content == (STREAMLIT / "favicon.png").read_bytes()


def test_all_of_it_moves_with_the_base_path() -> None:
    with make_client("town/map") as client:
        assert client.get(f"/town/map/{asset_path('map.css')}").status_code == 200
        assert client.get(f"/town/map{places_path()}").status_code == 200
        assert client.get(f"/town/map{selections_path()}?q=x").status_code == 200
        assert client.get("/town/map/healthz").json()["status"] == "ok"
        assert client.get("/town/map/about?lang=en").headers["content-language"] == "en"
        assert client.get("/town/map/static/js/old.js").status_code == 404
        assert "'unsafe-eval'" in policy_of(client, f"/town/map{FRAME}")["script-src"]
        assert client.get("/healthz").status_code == 404
