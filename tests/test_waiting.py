"""A server that starts while it has no data to show: it says so, and comes up by itself."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.file_util import get_static_dir

from regen_map.cli import main
from regen_map.messages import LANGUAGES, translator
from regen_map.store import FolderStore, Store, Watcher, draft_of
from regen_map.web import Site
from tests import postgres as postgres_server
from tests import stores
from tests.postgres import Server, running_server
from tests.stores import NOW, Files, InDatabase, published

postgres = postgres_server.postgres
folder = stores.folder

PATIENCE_S = 60
NOBODY = "postgresql://map:very-secret@127.0.0.1:1/town"
"""On port 1 of this machine nobody listens."""


def until(true: Callable[[], object]) -> None:
    """Wait for something that another thread or process does."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


@contextmanager
def served(store: Store, base_path: str = "") -> Iterator[TestClient]:
    """Serve a store as the application does, but for Streamlit."""
    site = Site(
        catalogue=lambda: store.load().catalogue,
        streamlit_files=Path(get_static_dir()),
        base_path=base_path,
        image=store.image,
        kept=store,
        now=lambda: NOW,
        watching=partial(Watcher, store, every_s=0.05),
    )
    app = Starlette(routes=site.routes, middleware=site.middleware, lifespan=site.lifespan)
    with TestClient(app) as client:
        yield client


def test_a_server_comes_up_by_itself_when_its_database_is_back(
    files: Files, postgres: Server, caplog: pytest.LogCaptureFixture
) -> None:
    assert postgres.port
    with running_server() as server:
        place = InDatabase(server.database())
        published(place.store(), draft_of(place.store(), files()))
        server.stop()
        with caplog.at_level(logging.WARNING), served(place.store()) as client:
            health = client.get("/healthz")
            assert (health.status_code, health.json()) == (503, {"status": "waiting"})
            for path in ("/", "/it/luoghi", "/data/places/x.json", "/staff", "/_stcore/health"):
                answer = client.get(path, headers={"Accept-Language": "en"})
                assert answer.status_code == 503
                assert answer.headers["cache-control"] == "no-store"
                assert int(answer.headers["retry-after"]) > 0
            with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream"):
                pass
            server.start()
            until(lambda: client.get("/healthz").status_code == 200)
            assert "Galleria Rossi" in client.get("/it/luoghi/rossi").text
        told = [each for each in caplog.messages if "There is " in each]
        assert len(told) == 2
        assert "nothing to show yet" in told[0]
        assert "unreachable" in told[0]
        assert server.password not in caplog.text
        assert "Traceback" not in caplog.text


def test_a_folder_that_comes_later_is_shown_when_it_is_there(folder: Path) -> None:
    hidden = folder.rename(folder.with_name("elsewhere"))
    with served(FolderStore(folder)) as client:
        assert client.get("/healthz").status_code == 503
        hidden.rename(folder)
        until(lambda: client.get("/healthz").status_code == 200)
        assert client.get("/it/luoghi/w-3").status_code == 200


@pytest.mark.parametrize("base_path", ["", "/map"])
def test_visitors_are_told_in_their_language(tmp_path: Path, base_path: str) -> None:
    with served(FolderStore(tmp_path), base_path) as client:
        for language in LANGUAGES:
            words = translator(language)
            asked = {
                f"/{language}/luoghi": "",
                f"/?lang={language}": "",
                "/": language,
            }
            for path, accepted in asked.items():
                headers = {"Accept-Language": accepted or "fr"}
                answer = client.get(f"{base_path}{path}", headers=headers)
                assert words.text("waiting.title") in answer.text
                assert words.text("waiting.why") in answer.text
                assert f'<html lang="{language}">' in answer.text
                assert answer.headers["content-language"] == language
                assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert client.get(f"{base_path}/healthz").json() == {"status": "waiting"}


def test_nothing_that_is_asked_for_comes_back_in_the_page(tmp_path: Path) -> None:
    with served(FolderStore(tmp_path)) as client:
        hostile = "/<script>alert(1)</script>/?lang=<b>&x=`${1}`"
        assert "script>" not in client.get(hostile, headers={"Accept-Language": "<b>"}).text
        frame = "/component/streamlit_folium.st_folium/index.html"
        assert client.get(frame).status_code == 503


def test_the_command_starts_although_the_database_is_away(tmp_path: Path) -> None:
    environment = os.environ | {"REGEN_MAP_STORE": NOBODY}
    command = [sys.executable, "-m", "regen_map", "serve", "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        alarm = threading.Timer(PATIENCE_S, process.kill)
        alarm.start()
        assert process.stdout
        said = ""
        try:
            for line in process.stdout:
                said += line
                if found := re.search(r"http://\S+:(\d+)", line):
                    health = f"http://localhost:{found[1]}/healthz"
                    assert httpx2.get(health).status_code == 503
                    break
        finally:
            alarm.cancel()
            process.terminate()
        said += process.stdout.read()
    assert translator("en").text("waiting.start") in said
    assert "There is nothing to show yet" in said
    assert "very-secret" not in said
    assert "Traceback" not in said


def test_what_only_somebody_can_mend_ends_the_command(
    postgres: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGEN_MAP_STORE", postgres.database("template1"))
    assert main(["serve", "--port", "0"]) == 2
    assert "regen-map store migrate" in capsys.readouterr().err
