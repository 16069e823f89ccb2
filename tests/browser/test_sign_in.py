"""Coming in with an organisation's account: from the desk to its page, and back."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from regen_map.access import SECRETS_VARIABLE
from regen_map.store import HISTORY_VARIABLE, FolderHistory
from tests.browser.conftest import DATA, wait_until_healthy
from tests.browser.test_staff import bring
from tests.oidc_provider import COOKIE_SECRET, Provider, providing

PEOPLE = {
    "Pia": {"email": "pia@comune.example", "email_verified": True, "name": "Pia <b>Neri</b>"},
    "Eve": {"email": "eve@elsewhere.example", "email_verified": True, "name": "Eve Bianchi"},
}
LISTS = '[regen_map.oidc]\npublishers = ["pia@comune.example"]\n'
USER = "_streamlit_user"


class Town(NamedTuple):
    """A running server, and what it reads and writes."""

    home: str
    folder: Path
    log: Path
    provider: Provider


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Serve a copy of the shipped catalogue to the people of an organisation."""
    place = tmp_path_factory.mktemp("organisation")
    folder, log, secrets = place / "town", place / "log.txt", place / "secrets.toml"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns(".history"))
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = f"http://localhost:{port}"
    served = ["--port", str(port), "--data", str(folder), "--tiles", "none"]
    with providing(PEOPLE) as provider, log.open("wb") as written:
        secrets.write_text(provider.secrets(home) + LISTS)
        with subprocess.Popen(
            [sys.executable, "-m", "regen_map", "serve", *served],
            env=os.environ | {HISTORY_VARIABLE: "", SECRETS_VARIABLE: str(secrets)},
            stdout=written,
            stderr=written,
        ) as server:
            try:
                wait_until_healthy(home, server)
                yield Town(home, folder, log, provider)
            finally:
                server.terminate()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser that asks for Italian."""
    context = browser.new_context(locale="it-IT")
    context.set_default_timeout(20_000)
    yield context
    context.close()


def open_desk(page: Page, town: Town) -> None:
    page.goto(f"{town.home}/staff?lang=en")
    page.locator(".rm-state").wait_for()


def come_in(page: Page, town: Town, who: str) -> None:
    page.locator(".st-key-staff-in button").click()
    page.get_by_role("button", name=who).click()
    page.wait_for_url(f"{town.home}/staff?lang=en")
    page.locator(".rm-state").wait_for()


def user_cookie(secret: str, home: str, age_s: int = 0) -> Callable[[BrowserContext], None]:
    """Make the cookie by which Streamlit knows Pia, signed with some secret."""
    claims = {**PEOPLE["Pia"], "iat": int(time.time()) - age_s, "is_logged_in": True}
    told = json.dumps({**claims, "origin": home, "provider": "default"})
    value = create_signed_value(secret, USER, told).decode()
    return lambda context: context.add_cookies([{"name": USER, "value": value, "url": home}])


def test_a_publisher_comes_in_publishes_and_goes_out(visitor: BrowserContext, town: Town) -> None:
    page = visitor.new_page()
    open_desk(page, town)
    come_in(page, town, "Pia")
    state = page.locator(".rm-state")
    expect(state).to_contain_text("Pia bNeri/b <pia@comune.example>: may publish")
    bring(page, town.folder, "Studios of the organisation")
    page.locator("[class*=st-key-staff-message] textarea").fill("By the organisation's account")
    page.locator("[class*=st-key-staff-message] textarea").blur()
    page.locator("[class*=st-key-staff-publish] button").click()
    page.get_by_text("Published: this is version 2.").wait_for()
    newest = FolderHistory(town.folder / ".history").newest
    assert newest is not None
    assert (newest.number, newest.author) == (2, "Pia bNeri/b <pia@comune.example>")
    page.locator(".st-key-staff-out button").click()
    deadline = time.monotonic() + 20
    while not town.provider.signed_out and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    page.locator(".st-key-staff-in button").wait_for()
    open_desk(page, town)
    expect(state).to_contain_text("You have not signed in.")
    assert USER not in {each["name"] for each in visitor.cookies()}
    assert [each["client_id"] for each in town.provider.signed_out] == ["regen-map"]
    logged = town.log.read_text()
    assert not [each for each in (*town.provider.tokens, "pia@", "Neri") if each in logged]


def test_nobody_else_comes_in_and_is_told_why(visitor: BrowserContext, town: Town) -> None:
    page = visitor.new_page()
    state, notice = page.locator(".rm-state"), page.locator(".st-key-staff")
    user_cookie("what somebody else would sign it with", town.home)(visitor)
    open_desk(page, town)
    expect(state).to_contain_text("You have not signed in.")
    expect(page.locator(".st-key-staff-in button")).to_be_visible()
    expect(page.locator(".st-key-staff-out")).to_have_count(0)
    come_in(page, town, "Eve")
    expect(notice).to_contain_text("your address is not among those")
    expect(notice).to_contain_text("Ask whoever runs the server to add it")
    assert not [each for each in ("Eve B", "eve@", "elsewhere") if each in page.content()]
    user_cookie(COOKIE_SECRET, town.home, age_s=9 * 3600)(visitor)
    open_desk(page, town)
    expect(notice).to_contain_text("Your sign-in with your organisation’s account has ended")
    expect(page.locator(".st-key-staff-steps")).to_have_count(0)
    user_cookie(COOKIE_SECRET, town.home)(visitor)
    open_desk(page, town)
    expect(state).to_contain_text("may publish")
