"""A real server and a real browser that can reach nothing but that server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, Request, sync_playwright

from regen_map.store import HISTORY_VARIABLE
from tests.browser.explore import Explore
from tests.browser.visits import Visit, visits

DATA = Path(__file__).parents[2] / "data"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # A page that asks another host gets no answer, and is found out below.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
)
# The first draws no window at all, which costs a third less of the processor.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)

Opened: TypeAlias = Callable[..., Explore]


def chromium() -> str | None:
    """Find Chromium on this machine."""
    return os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; its absence is a skip for a developer and a failure in CI."""
    found = chromium()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium on this machine: see the README.")
        pytest.skip("There is no Chromium on this machine.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield started
        started.close()


@contextmanager
def serving(data: Path, *options: str, **variables: str) -> Iterator[str]:
    """Serve a data folder on a free port, with these environment variables; give the address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "regen_map", "serve", "--port", str(port), "--data", str(data)]
    with subprocess.Popen(
        [*command, *options],
        env=os.environ | {HISTORY_VARIABLE: "off"} | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        address = f"http://localhost:{port}"
        try:
            wait_until_healthy(address, server)
            yield address
        finally:
            server.terminate()


def wait_until_healthy(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait for a server to answer; fail where it ends instead."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"The server ended with {server.returncode}.")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail("The server did not start within a minute.")


@pytest.fixture(scope="session")
def carrara() -> Iterator[str]:
    """Serve the shipped catalogue."""
    with serving(DATA, "--tiles", "none") as address:
        yield address


@pytest.fixture
def opened(browser: Browser, carrara: str) -> Iterator[Opened]:
    """Open the Explore page in a new context; no request may leave this machine."""
    contexts: list[BrowserContext] = []
    outside: list[str] = []
    tile_hosts: list[str] = []

    def asked(request: Request) -> None:
        here = ("http://localhost:", "data:", "blob:", *tile_hosts)
        if not request.url.startswith(here):
            outside.append(request.url)

    def open_page(  # noqa: PLR0913 -- what a visitor may have otherwise than others
        path: str = "/",
        *,
        server: str = carrara,
        width: int = 1280,
        height: int = 800,
        locale: str = "it-IT",
        scheme: str = "light",
        touch: bool = False,
        tiles: str = "",
    ) -> Explore:
        if tiles:
            tile_hosts.append(tiles)
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme=scheme,  # type: ignore[arg-type]  # one of Playwright's literals
            has_touch=touch,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.on("request", asked)
        explore = Explore(context.new_page())
        explore.go(server + path)
        return explore

    yield open_page
    for context in contexts:
        context.close()
    assert outside == [], "the page asked another host"


@pytest.fixture
def visit(browser: Browser, carrara: str) -> Iterator[Visit]:
    """Open a page outside the app in a new context; nothing may go wrong in it."""
    with visits(browser, carrara) as open_page:
        yield open_page
