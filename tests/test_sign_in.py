"""The page by which the staff come in: one form, no script, no way to anywhere else."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2 as httpx
import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from regen_map.access import COOKIE, AccountsFile, Entrance, Identity, Passwords, hash_of
from regen_map.access.attempts import FREE, LOCK_OUT, MOST
from regen_map.catalogue import Catalogue
from regen_map.web.sign_in import sign_in_routes
from tests.pages import Html

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "marmo bianco di Ada"  # noqa: S105 - of this test
KEPT = hash_of(PASSWORD, CHEAP)
ACCOUNTS = f"""
[regen_map.accounts.ada]
role = "publisher"
password = "{KEPT}"
full_name = "Ada & <b>Neri</b>"
"""
ORGANISATION = '[auth]\n[regen_map.oidc]\neditors = ["eva@comune.example"]\n'
OWN = {"Sec-Fetch-Site": "same-origin"}
RIGHT = {"name": "ada", "password": PASSWORD}
WRONG = {"name": "ada", "password": "not that one"}


class Clock:
    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 12, 13, 5, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


class Door:
    """The routes, with what stands behind them."""

    def __init__(self, path: Path, catalogue: Catalogue, base_path: str = "") -> None:
        self.path = path
        self.clock = Clock()
        self.passwords = Passwords(CHEAP, at_once=1, waiting=0)
        self.entrance = Entrance(AccountsFile(path), self.passwords)
        app = Starlette(
            routes=sign_in_routes(base_path, lambda: catalogue, self.entrance, self.clock)
        )
        self.client = TestClient(app, follow_redirects=False, base_url="http://map.example")
        self.base_path = base_path

    def page(self, query: str = "", **headers: str) -> httpx.Response:
        return self.client.get(f"{self.base_path}/sign-in{query}", headers=headers)

    def post(
        self,
        fields: Mapping[str, str] = RIGHT,
        *,
        query: str = "",
        to: str = "sign-in",
        headers: Mapping[str, str] = OWN,
    ) -> httpx.Response:
        where = f"{self.base_path}/{to}{query}"
        return self.client.post(where, data=dict(fields), headers=dict(headers))

    @property
    def token(self) -> str:
        """What the browser keeps; empty for nothing."""
        return self.client.cookies.get(COOKIE) or ""

    def is_in(self, token: str = "") -> bool:
        return self.entrance.person(Identity(token or self.token), self.clock.now) is not None


MakeDoor = Callable[..., Door]


@pytest.fixture
def make_door(tmp_path: Path, make_catalogue: Callable[..., Catalogue]) -> MakeDoor:
    def make(text: str = ACCOUNTS, base_path: str = "") -> Door:
        path = tmp_path / "secrets.toml"
        path.write_text(text, "utf-8")
        return Door(path, make_catalogue(), base_path)

    return make


def problem(response: httpx.Response) -> str:
    (told,) = Html(response.text).texts("[role=alert]")
    return told


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize(
    ("query", "accepts", "language", "title"),
    [
        ("", "it", "it", "Accesso del personale"),
        ("?lang=en", "it", "en", "Staff sign-in"),
        ("", "en-GB,en", "en", "Staff sign-in"),
        ("?lang=<script>", "it", "it", "Accesso del personale"),
    ],
)
def test_page_is_a_form_in_the_language_that_is_asked_for(
    make_door: MakeDoor, query: str, accepts: str, language: str, title: str
) -> None:
    response = make_door().page(query, **{"Accept-Language": accepts})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Language"] == language
    page = Html(response.text)
    assert page.value("html", "lang") == language
    assert page.texts("h1") == [title]
    assert page.value("form", "method") == "post"
    assert page.value("form", "action") == f"sign-in?lang={language}"
    assert page.values("input", "autocomplete") == ["username", "current-password"]
    assert page.values("input", "id") == page.values("label", "for")
    assert page.value('input[name="password"]', "type") == "password"
    assert page.texts("[role=alert]") == []
    assert page.value('meta[name="robots"]', "content") == "noindex"
    assert "<script" not in response.text
    assert "onclick" not in response.text
    assert set(page.values("a[hreflang]", "href")) == {
        f"./sign-in?lang={other}" for other in ("it", "en") if other != language
    }


def test_page_says_how_to_open_the_desk_where_nobody_has_an_account(make_door: MakeDoor) -> None:
    door = make_door("")
    page = Html(door.page("?lang=en").text)
    assert page.values("form", "action") == []
    assert "regen-map user add NAME --role publisher" in page.texts("code")
    assert "./staff?lang=en" in page.values("a", "href")
    assert door.post().status_code == 403
    assert not door.token
    assert str(door.path) not in door.page().text


def test_page_leads_to_the_organisations_sign_in_where_that_is_the_only_one(
    make_door: MakeDoor,
) -> None:
    page = Html(make_door(ORGANISATION).page("?lang=en").text)
    assert page.values("form", "action") == []
    assert "./staff?lang=en" in page.values("a.action", "href")
    both = Html(make_door(ACCOUNTS + ORGANISATION).page("?lang=en").text)
    assert both.value("form", "action") == "sign-in?lang=en"
    assert "./staff?lang=en" in both.values("a.action", "href")


def test_page_says_that_an_organisations_sign_in_failed(make_door: MakeDoor) -> None:
    door = make_door(ORGANISATION)
    response = door.page("?lang=en&organisation=failed")
    assert problem(response).startswith("Signing in with your organisation’s account did not")
    assert "./staff?lang=en" in Html(response.text).values("a.action", "href")
    assert Html(door.page("?organisation=other").text).texts("[role=alert]") == []


def test_page_shows_who_is_in_and_the_way_out(make_door: MakeDoor) -> None:
    door = make_door()
    door.post()
    response = door.page("?lang=en")
    page = Html(response.text)
    assert page.texts("main bdi") == ["Ada & bNeri/b"]
    assert page.value("form", "action") == "sign-out?lang=en"
    assert page.texts("h1 + p") == ["Signed in: Ada & bNeri/b , publisher."]
    assert door.token not in response.text


# ---------------------------------------------------------------- in and out


@pytest.mark.parametrize("base_path", ["", "/map"])
def test_the_right_password_leads_to_the_staff_page_with_a_cookie(
    make_door: MakeDoor, base_path: str
) -> None:
    door = make_door(base_path=base_path)
    response = door.post(query="?lang=en")
    assert response.status_code == 303
    assert response.headers["Location"] == "./staff?lang=en"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.text == ""
    cookie = response.headers["Set-Cookie"]
    assert re.fullmatch(
        rf"{COOKIE}=[\w-]{{43}}; HttpOnly; Path={base_path or '/'}; SameSite=strict", cookie
    )
    assert door.is_in()


@pytest.mark.parametrize(
    "query",
    [
        "?lang=it&next=https://evil.example/",
        "?next=//evil.example&lang=it",
        "?lang=it%0d%0aLocation:%20https://evil.example",
        "?lang=//evil.example",
        "?lang=it&lang=en",
    ],
)
def test_nothing_leads_anywhere_else(make_door: MakeDoor, query: str) -> None:
    door = make_door()
    for to in ("sign-in", "sign-out"):
        response = door.post(query=query, to=to)
        assert response.headers["Location"] in ("./staff?lang=it", "./staff?lang=en")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Proto": "HTTPS, http"},
        {"Origin": "https://map.example"},
    ],
)
def test_the_cookie_stays_on_https_where_the_visitor_came_by_it(
    make_door: MakeDoor, headers: dict[str, str]
) -> None:
    response = make_door().post(headers=OWN | headers)
    assert response.headers["Set-Cookie"].endswith("; Secure")


def test_the_cookie_stays_on_https_that_the_server_speaks_itself(make_door: MakeDoor) -> None:
    door = make_door()
    door.client.base_url = httpx.URL("https://map.example")
    assert door.post().headers["Set-Cookie"].endswith("; Secure")


def test_signing_out_ends_the_session_and_takes_the_cookie_away(make_door: MakeDoor) -> None:
    door = make_door()
    door.post()
    token = door.token
    response = door.post({}, to="sign-out", query="?lang=en")
    assert response.status_code == 303
    assert response.headers["Location"] == "./staff?lang=en"
    assert not door.token
    assert not door.is_in(token)
    assert door.post({}, to="sign-out").status_code == 303


def test_signing_in_again_ends_the_session_before(make_door: MakeDoor) -> None:
    door = make_door()
    door.post()
    first = door.token
    door.post()
    assert door.token != first
    assert door.is_in()
    assert not door.is_in(first)


def test_only_a_form_that_is_posted_does_anything(make_door: MakeDoor) -> None:
    door = make_door()
    door.post()
    assert door.client.get("/sign-out", headers=OWN).status_code == 405
    assert door.is_in()
    door.client.cookies.clear()
    response = door.page(f"?name=ada&password={PASSWORD}")
    assert "Set-Cookie" not in response.headers
    assert PASSWORD not in response.text


# ---------------------------------------------------------------- refusals


def test_a_wrong_name_and_a_wrong_password_are_told_alike(make_door: MakeDoor) -> None:
    door = make_door()
    told = []
    for fields in (
        WRONG,
        {"name": "nobody", "password": PASSWORD},
        {"name": "<script>alert(1)</script>", "password": '"><b>'},
        {"name": ""},
    ):
        response = door.post(fields, query="?lang=en")
        assert response.status_code == 403
        assert "Set-Cookie" not in response.headers
        told.append(response.text)
    assert set(told) == {told[0]}
    assert problem(response) == "The name or the password is not right."
    assert Html(response.text).values("input", "aria-describedby") == ["problem", "problem"]


def test_who_fails_too_often_is_told_when_to_come_back(make_door: MakeDoor) -> None:
    door = make_door()
    for _ in range(FREE):
        assert door.post(WRONG).status_code == 403
    response = door.post(query="?lang=en")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "5"
    assert problem(response) == "Too many failed attempts. Try again in 5 seconds."
    for _ in range(FREE, MOST):
        door.clock.now += dt.timedelta(seconds=int(response.headers["Retry-After"]))
        assert door.post(WRONG).status_code == 403
        response = door.post(query="?lang=en")
    assert response.headers["Retry-After"] == "900"
    assert problem(response) == "Too many failed attempts. Try again in 15 minutes."
    assert not door.token
    door.clock.now += LOCK_OUT
    assert door.post().status_code == 303


def test_who_finds_no_place_is_told_to_come_back(make_door: MakeDoor) -> None:
    door = make_door()
    with door.passwords.turn():
        response = door.post(query="?lang=en")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert problem(response).startswith("Too many people")
    assert door.post().status_code == 303


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy.example"}, True),
        ({"Origin": "http://map.example"}, True),
        ({"Origin": "https://MAP.example"}, True),
        ({}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://map.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://map.example.evil.example"}, False),
        ({"Origin": "http://map.example:81"}, False),
        ({"Origin": "http://map.example@evil.example"}, False),
        ({"Origin": "http://[broken"}, False),
        ({"Referer": "http://map.example/sign-in"}, False),
    ],
)
def test_a_form_is_taken_from_a_page_of_this_site_only(
    make_door: MakeDoor, headers: dict[str, str], *, taken: bool
) -> None:
    door = make_door()
    response = door.post(headers=headers)
    assert response.status_code == (303 if taken else 403)
    assert bool(door.token) is taken
    door.post()
    response = door.post({}, to="sign-out", headers=headers)
    assert response.status_code == (303 if taken else 403)
    assert bool(door.token) is not taken


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"name=ada&password=" + b"a" * 9000, "application/x-www-form-urlencoded"),
        (b"a=1&" * 20, "application/x-www-form-urlencoded"),
        (b"name=\xff", "application/x-www-form-urlencoded"),
        (b'{"name": "ada"}', "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"", ""),
    ],
)
def test_what_is_no_form_of_ours_is_not_read(
    make_door: MakeDoor, content: bytes, kind: str
) -> None:
    door = make_door()
    response = door.client.post(
        "/sign-in?lang=en", content=content, headers=OWN | {"Content-Type": kind}
    )
    assert response.status_code == 400
    assert problem(response).startswith("The form cannot be read.")
    for _ in range(MOST):
        door.client.post("/sign-in", content=content, headers=OWN | {"Content-Type": kind})
    assert door.post().status_code == 303


def test_a_body_is_read_no_further_than_a_form_can_be(make_door: MakeDoor) -> None:
    door, parts, started = make_door(), 0, []

    async def receive() -> Message:
        nonlocal parts
        parts += 1
        return {"type": "http.request", "body": b"a" * 1000, "more_body": parts < 10_000}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message["status"])

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/sign-in",
        "query_string": b"",
        "headers": [
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"sec-fetch-site", b"same-origin"),
        ],
    }

    async def ask() -> None:
        await door.client.app(scope, receive, send)

    # In a thread: tests in a browser may have left a loop in this one.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, ask()).result()
    assert started == [400]
    assert parts < 20


def test_passwords_of_any_letters_arrive_as_they_are(make_door: MakeDoor) -> None:
    password = "così & perché = 100% + ü\u202e 漢字"  # noqa: S105 - of this test
    door = make_door(ACCOUNTS.replace(KEPT, hash_of(password, CHEAP)))
    assert door.post({"name": " Ada ", "password": password}).status_code == 303


def test_no_secret_is_in_a_page_an_address_or_a_log(
    make_door: MakeDoor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    door = make_door()
    answers = [door.page(), door.post(), door.page(), door.post(WRONG)]
    answers.append(door.post(headers={}))
    token = door.token
    answers.append(door.post({}, to="sign-out"))
    told = "".join(each.text + each.headers.get("Location", "") + str(each.url) for each in answers)
    for secret in (PASSWORD, WRONG["password"], KEPT, token):
        assert secret not in told + caplog.text
    assert f"{COOKIE}={token}" in answers[1].headers["Set-Cookie"]
