"""Signing in with an organisation's account: there and back, and what is told then."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import config
from streamlit.auth_util import encode_provider_token
from streamlit.runtime import context
from streamlit.runtime.secrets import secrets_singleton
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_auth_routes import create_auth_routes

from regen_map.access import SECRETS_VARIABLE
from regen_map.messages import LANGUAGES, translator
from regen_map.store import DATA_VARIABLE
from regen_map.web.organisation import LANGUAGE_COOKIE, Return
from tests.app import run
from tests.oidc_provider import Provider, providing

SCRIPT = Path(__file__).parent / "staff_app.py"
PIA: Mapping[str, object] = {
    "email": "pia@comune.example",
    "email_verified": True,
    "name": "Pia Neri",
}
HTTP, HTTPS = "http://map.example", "https://map.example"
USER = "_streamlit_user"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing({"pia": PIA, "broken": {**PIA, "aud": "another client"}}) as running:
        yield running


class Site:
    """Streamlit's own routes for signing in, with ours around them, as a browser sees them."""

    def __init__(self, provider: Provider, home: str, base_path: str) -> None:
        self.base_path = base_path
        routes = [
            *create_auth_routes(base_path),
            Route(f"{base_path}/staff", lambda _: PlainTextResponse("the desk")),
        ]
        app = Starlette(
            routes=routes,
            middleware=[
                Middleware(Return, base_path=base_path),
                Middleware(SessionMiddleware, secret_key="for this test"),  # noqa: S106
            ],
        )
        self.client = TestClient(
            app, base_url=home, follow_redirects=False, raise_server_exceptions=False
        )
        self.provider = provider

    def leave(self, *, door: str = "login", **headers: str) -> httpx.Response:
        query = f"?provider={encode_provider_token('default')}" if door == "login" else ""
        return self.client.get(f"{self.base_path}/auth/{door}{query}", headers=headers)

    def come_back(self, query: str = "", **headers: str) -> httpx.Response:
        return self.client.get(f"{self.base_path}/oauth2callback{query}", headers=headers)

    def sign_in(self, who: str, **headers: str) -> httpx.Response:
        """Go to the provider, press a button, and come back with its answer."""
        there = self.leave(**headers).headers["Location"]
        assert there.startswith(self.provider.address)
        assert httpx.get(there).status_code == 200
        (code,) = self.provider.waiting
        chosen = httpx.post(f"{self.provider.address}/choose?code={code}", data={"who": who})
        return self.come_back(f"?{urlsplit(chosen.headers['Location']).query}")

    @property
    def cookies(self) -> set[str]:
        return {each.name for each in self.client.cookies.jar}


MakeSite = Callable[..., Site]


@pytest.fixture
def make_site(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeSite]:
    path = tmp_path / "secrets.toml"
    before = {name: config.get_option(name) for name in ("secrets.files", "server.baseUrlPath")}

    def make(home: str = HTTP, base_path: str = "", metadata: str = provider.metadata) -> Site:
        path.write_text(provider.secrets(f"{home}{base_path}", metadata))
        config.set_option("secrets.files", [str(path)])
        config.set_option("server.baseUrlPath", base_path.strip("/"))
        secrets_singleton._reset()  # noqa: SLF001 - as its own tests do
        return Site(provider, home, base_path)

    monkeypatch.setattr(type(secrets_singleton), "_maybe_install_file_watchers", lambda _: None)
    yield make
    for name, value in before.items():
        config.set_option(name, value)
    secrets_singleton._reset()  # noqa: SLF001


# ---------------------------------------------------------------- there and back


@pytest.mark.parametrize("base_path", ["", "/map"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_signs_in_comes_back_to_the_staff_page_in_the_language_they_left(
    make_site: MakeSite, base_path: str, language: str
) -> None:
    site = make_site(base_path=base_path)
    left = {"Referer": f"{HTTP}{base_path}/staff?place=x&lang={language}", "Accept-Language": "fr"}
    response = site.sign_in("pia", **left)
    assert response.status_code == 302
    assert response.headers["Location"] == f"./staff?lang={language}"
    assert response.headers["Cache-Control"] == "no-store"
    assert USER in site.cookies
    page = site.client.get(f"{base_path}/oauth2callback/../staff?lang={language}")
    assert page.text == "the desk"
    asked = site.provider.asked[-1]
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert len(asked["nonce"]) > 8


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "http://map.example/staff",
        "http://map.example/staff?lang=//evil.example",
        "http://map.example/staff?lang=it%0d%0aSet-Cookie:%20x=y",
        "http://[broken?lang=it",
        "http://map.example/staff?" + "a=1&" * 1000,
    ],
)
def test_where_no_language_is_told_it_is_the_browsers(make_site: MakeSite, referer: str) -> None:
    site = make_site()
    site.leave(Referer=referer, **{"Accept-Language": "en"})
    assert site.client.cookies[LANGUAGE_COOKIE] == "en"
    site.client.cookies.set(LANGUAGE_COOKIE, "//evil.example")
    response = site.come_back(**{"Accept-Language": "en"})
    assert response.headers["Location"] == "./staff?lang=en"


def test_who_signs_out_comes_back_to_the_staff_page_too(make_site: MakeSite) -> None:
    site = make_site()
    site.sign_in("pia")
    response = site.leave(door="logout", Referer=f"{HTTP}/staff?lang=en")
    there = urlsplit(response.headers["Location"])
    assert f"{there.scheme}://{there.netloc}" == site.provider.address
    assert USER not in site.cookies
    assert site.come_back().headers["Location"] == "./staff?lang=en"


def test_on_https_the_cookies_of_who_signed_in_stay_there(make_site: MakeSite) -> None:
    response = make_site(HTTPS).sign_in("pia")
    sent = [each for each in response.headers.get_list("set-cookie") if each.startswith(USER)]
    assert len(sent) == 2
    assert all(each.endswith("; Secure") and "HttpOnly" in each for each in sent)
    plain = make_site(HTTP).sign_in("pia").headers.get_list("set-cookie")
    assert not any("secure" in each.casefold() for each in plain)


# ---------------------------------------------------------------- what may go wrong


def test_who_is_refused_by_the_organisation_is_told_that_it_failed(
    make_site: MakeSite,
) -> None:
    site = make_site()
    response = site.sign_in("refuse", Referer=f"{HTTP}/staff?lang=en")
    assert response.headers["Location"] == "./sign-in?lang=en&organisation=failed"
    assert USER not in site.cookies


def test_a_token_for_somebody_else_is_refused_and_not_logged(
    make_site: MakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    site = make_site()
    response = site.sign_in("broken", Referer=f"{HTTP}/staff?lang=it")
    assert response.headers["Location"] == "./sign-in?lang=it&organisation=failed"
    assert USER not in site.cookies
    for secret in (*site.provider.tokens, "pia@", "Neri", "another client"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "query", ["?code=x&state=y", "?error=access_denied", "?next=//evil.example", "?state="]
)
def test_an_answer_that_nobody_asked_for_brings_nobody(make_site: MakeSite, query: str) -> None:
    site = make_site()
    response = site.come_back(query, **{"Accept-Language": "it"})
    assert response.headers["Location"] == "./sign-in?lang=it&organisation=failed"
    assert USER not in site.cookies


@pytest.mark.parametrize("base_path", ["", "/map"])
def test_an_organisation_that_cannot_be_reached_is_a_sentence(
    make_site: MakeSite, base_path: str
) -> None:
    site = make_site(base_path=base_path, metadata="http://localhost:1/nothing")
    response = site.leave(Referer=f"{HTTP}{base_path}/staff?lang=en")
    assert response.status_code == 303
    assert response.headers["Location"] == "../sign-in?lang=en&organisation=failed"
    assert response.text == ""


def test_every_other_address_is_left_alone(make_site: MakeSite) -> None:
    response = make_site().client.get("/staff", headers={"Referer": f"{HTTP}/?lang=en"})
    assert response.text == "the desk"
    assert "Set-Cookie" not in response.headers
    assert make_site().client.get("/auth/other").status_code == 404
    for address in ("/auth/login", "/auth/logout", "/oauth2callback"):
        response = make_site().client.post(address, headers={"Referer": f"{HTTP}/?lang=en"})
        assert (response.status_code, "Set-Cookie" in response.headers) == (405, False)


# ---------------------------------------------------------------- what the staff page says

Desk = Callable[..., AppTest]


@pytest.fixture
def desk(app_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Open the staff page for whom Streamlit vouches."""
    path = tmp_path / "secrets.toml"
    path.write_text(
        '[auth]\ncookie_secret = "not for anybody"\n'
        '[regen_map.oidc]\npublishers = ["pia@comune.example"]\n'
    )
    monkeypatch.setenv(SECRETS_VARIABLE, str(path))
    monkeypatch.setenv(DATA_VARIABLE, str(app_folder))
    sent = SimpleNamespace(headers={}, cookies={})
    monkeypatch.setattr(context, "_get_client_context", lambda: sent)

    def start(language: str = "en", **claims: object) -> AppTest:
        app = AppTest.from_file(SCRIPT, default_timeout=60)
        app.query_params["lang"] = language
        app.user = {"is_logged_in": True, "iat": int(time.time()), **PIA, **claims}
        return run(app)

    return start


def told(app: AppTest) -> str:
    return "\n".join(each.proto.body for each in app.get("html"))


def buttons(app: AppTest) -> set[str]:
    return {each.key for each in app.button if each.key in ("staff-in", "staff-out")}


def may_work(app: AppTest) -> bool:
    return "staff-steps" in [each.key for each in app.segmented_control]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("claims", "key"),
    [
        ({"email": "eve@elsewhere.example", "name": "Eve Neri"}, "unlisted"),
        ({"email": None}, "unlisted"),
        ({"email_verified": False}, "unverified"),
        ({"email_verified": False, "email": "eve@elsewhere.example"}, "unverified"),
        ({"iat": 0}, "ended"),
    ],
)
def test_who_is_known_to_the_organisation_only_is_told_so_and_whom_to_ask(
    desk: Desk, language: str, claims: dict[str, object], key: str
) -> None:
    app = desk(language, **claims)
    assert translator(language).text(f"organisation.{key}") in told(app)
    assert buttons(app) == {"staff-in", "staff-out"}
    assert not may_work(app)
    for claim in ("eve@", "pia@", "Neri"):
        assert claim not in told(app)


def test_signing_out_in_one_tab_ends_the_sign_in_in_every_other(desk: Desk) -> None:
    moment = int(time.time())
    here, there = desk(iat=moment), desk(iat=moment)
    assert buttons(here) == buttons(there) == {"staff-out"}
    assert may_work(there)
    here.button(key="staff-out").click().run()
    run(there)
    assert translator("en").text("organisation.ended") in told(there)
    assert not may_work(there)
    assert buttons(desk(iat=moment, nonce="of another sign-in")) == {"staff-out"}
